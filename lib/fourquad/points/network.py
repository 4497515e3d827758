"""Point ids of the network, most of them offsets into points.SETTING, in points.GROUP_NETWORK. Each service
has places of its own: HTTP from 832 on, SNTP from 848, MQTT from 864, posts from 896, SNMP from 928, DNP3
from 960, BACnet/IP from 976.
"""

ALLOWED_COUNT = 20
COUNTED = 4864  # three blocks of ids: what each service counts (meter/network.py)
FAULTS = 5018  # among them: how often each has failed; a model has at most 19 services
ASSIGNED = 5040  # after them: address, mask and gateway in force, four numbers each
NTP_SERVERS = 3

# Ethernet. An address is four settings, the first byte first.
DHCP = 768  # 0 manual, 1 automatic
IP = 769
MASK = 773
GATEWAY = 777
DNS_1 = 781
DNS_2 = 785
# Modbus TCP, and who may connect to what.
MODBUS_PORT = 789
FAST_READ = 790  # 1: what is not for reading at once is switched off
ACCESS_MODBUS = 791  # 1: only from the addresses of ALLOWED; the same of the others
ACCESS_DNP3 = 792
ACCESS_HTTP = 793
HOST_NAME = 794  # a text
ALLOWED = 800  # texts: IPv4 addresses, of which a number may be *
# Time from a server.
NTP = 848  # 1: the clock follows one
NTP_INTERVAL = 849  # minutes from answer to question
NTP_NOW = 850  # 1: ask at once
NTP_SERVER = 851  # texts: hosts, asked in turn
DNP3_MODE = 960  # 0 TCP and UDP, 1 the meter calls its master too (dual endpoint), 2 UDP only
DNP3_PORT = 961
DNP3_UDP_PORT = 962  # 0: no UDP
DNP3_ANSWER_PORT = 963  # of UDP: where answers go; 0: to the port that asked
DNP3_FROM = 964  # a text: the address of masters, of which a number may be *
DNP3_CALL_PORT = 965  # of the master that is called
# The web pages.
HTTP = 832  # 1: they are there without TLS
HTTP_PORT = 833
HTTPS = 834  # 1: they are there with TLS, where a device has that
HTTPS_PORT = 835
HTTP_IDLE = 836  # minutes after which a session is over that nobody uses
HTTP_USER = 837  # texts: what is kept of the password of a user; empty: the manual's
HTTP_ADMIN = 838  # and of an administrator's
HTTP_TITLE = 839  # a text: what the pages call the meter
RESET_WEB_PASSWORDS = 28  # offset into points.COMMAND: to those of the manual
# SNMP; texts have places of their own among the numbers.
SNMP = 928  # 1: the agent is there
SNMP_VERSION = 929  # 0 v1 and v2c, 1 v3
SNMP_PORT = 930
SNMP_TRAPS = 931  # 0 none, 1 traps, 2 informs
SNMP_BUFFER = 932  # notifications that wait at most
SNMP_HOLD = 933  # seconds for which one waits at least
SNMP_AUTH = 934  # of the user of v3: 0 none, 1 HMAC-SHA-96, 2 HMAC-SHA-256
SNMP_PRIV = 935  # 0 none, 1 AES-128
SNMP_ENTERPRISE = 936  # private enterprise number of the meter's own objects
SNMP_BOOTS = 937  # how often the engine began; no register
SNMP_TARGET_PORT = 938  # of four
SNMP_TARGET = 942  # texts: addresses of four
SNMP_TARGETS = 4
SNMP_COMMUNITY = 946  # texts from here on
SNMP_USER = 947
SNMP_AUTH_PASSWORD = 948
SNMP_PRIV_PASSWORD = 949
SNMP_NAME = 950  # sysName; empty: the host name
SNMP_LOCATION = 951
SNMP_CONTACT = 952
SNMP_AUTH_KEY = 953  # of what were passwords; no register
SNMP_PRIV_KEY = 954
SNMP_ENGINE = 955  # what the engine calls itself; no register
# MQTT; texts have places of their own among the numbers. A mask has the bit of each row of its group of the
# model's MQTT.
MQTT = 864  # 1: messages are published
MQTT_PORT = 865
MQTT_KEEP_ALIVE = 866  # seconds, 0 none
MQTT_CLEAN = 867  # 1: what could not be sent while the broker was away is forgotten
MQTT_QOS = 868
MQTT_RETAINED = 869
MQTT_INTERVAL = 870  # seconds from message to message
MQTT_WILL_QOS = 871
MQTT_WILL_RETAINED = 872
MQTT_TLS = 873  # 1: only over TLS, where a device has that
MQTT_REAL = 874  # masks: two registers each
MQTT_ENERGY = 876
MQTT_DEMAND = 878
MQTT_BROKER = 880  # texts from here on
MQTT_CLIENT = 881  # empty: by the serial number
MQTT_USER = 882
MQTT_PASSWORD = 883
MQTT_TOPIC = 884
MQTT_WILL_TOPIC = 885  # empty: no will
MQTT_WILL = 886
MQTT_SAYS = 6016  # a block of ids: what the messages are up to (events/outbox.py)
BACNET = 976  # BACnet/IP
BACNET_PORT = 977
BACNET_INSTANCE = 978  # of the device; its register takes two places
BACNET_VENDOR = 980
BACNET_FOREIGN = 981  # 1: registered with a BBMD
BACNET_BBMD = 982  # an address
BACNET_BBMD_PORT = 986
BACNET_TTL = 987  # minutes that a registration lasts
BACNET_NAME = 988  # texts
BACNET_LOCATION = 989
BACNET_DESCRIPTION = 990
BACNET_INCREMENTS = 991  # those of COV that somebody has written; no register
