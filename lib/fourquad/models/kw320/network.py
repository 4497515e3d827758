"""What the network module adds to a KW320 (manual chapter 5). The manual prints no registers for it;
these are ours: a number at D700H + its place in the group, texts from D800H on.
"""

from fourquad import points as p
from fourquad.models.kw320.logged import MAILED as _MAILED  # it is in SERVICES already
from fourquad.models.kw320.logged import PARAMETERS
from fourquad.models.kw320.settings import PORT_2
from fourquad.models.rows import by_offset, listening, service, setting, text
from fourquad.models.services import audit, bacnet, ethernet, http, mail, mqtt, posts, snmp
from fourquad.points import network as n

# Bit 1 of 101EH seals the Ethernet module's settings, as those of the second port, which it sits at (table
# 4-2).
NETWORK_SEAL = PORT_2

PARTS = ("meter.network", "meter.audit") + mqtt.PARTS + posts.PARTS + mail.PARTS
STORAGE = audit.STORAGE + mqtt.STORAGE + posts.STORAGE
MQTT = mqtt.MQTT
SECRETS = audit.SECRETS

# "When Ethernet module will connect normally, user can't change the protocol, baud and parity" (6.3.2).
FIXED = (p.SECOND_PROTOCOL, p.BAUD_2, p.PARITY_2)
DEFAULTS = ((p.SECOND_PROTOCOL, 3),)
CHOICES = ((p.MODULE_RESET, (0, 1, 2)),)


at = ethernet.at
numbers = ethernet.registers
texts = ethernet.text_registers

_ETHERNET = ethernet.numbers(NETWORK_SEAL, (n.ACCESS_MODBUS, n.ACCESS_DNP3, n.ACCESS_HTTP))
_NAME = ethernet.name(NETWORK_SEAL)
_ALLOWED = ethernet.allowed(NETWORK_SEAL)

# DNP3 (5.1.8.12) as far as it is not the outstation's own (D000H). The other two modes call the master, or
# are called by it.
_DNP3 = (
    setting(n.DNP3_MODE, high=2, seal=NETWORK_SEAL),
    setting(n.DNP3_PORT, default=20000, low=20000, high=22000, seal=NETWORK_SEAL),
    setting(n.DNP3_UDP_PORT, default=20000, high=22000, seal=NETWORK_SEAL),
    setting(n.DNP3_ANSWER_PORT, high=65535, seal=NETWORK_SEAL),
)
_CALL = (setting(n.DNP3_CALL_PORT, default=20000, low=1, high=65535, seal=NETWORK_SEAL),)
_NTP = ethernet.time_numbers(NETWORK_SEAL)
_SERVERS = ethernet.time_servers(NETWORK_SEAL)
_FROM = (text(n.DNP3_FROM, b"*.*.*.*", 7, 15, ethernet.PATTERN, NETWORK_SEAL),)

_WEB = http.numbers(NETWORK_SEAL)
_TITLE = http.texts(NETWORK_SEAL)
_POSTS = (
    posts.numbers(NETWORK_SEAL, PARAMETERS) + posts.kept(NETWORK_SEAL) + mail.numbers(NETWORK_SEAL, _MAILED)
)

_SNMP_NUMBERS, _SNMP_TEXTS = snmp.kept(NETWORK_SEAL)
_SNMP_NUMBERS += snmp.numbers(NETWORK_SEAL)
_SNMP_TEXTS += snmp.texts(NETWORK_SEAL)


_BACNET = bacnet.numbers(NETWORK_SEAL)
_BACNET_TEXTS = bacnet.texts(NETWORK_SEAL, b"Fourquad kw320")

SETTINGS = by_offset(
    *_BACNET, *_POSTS, *_ETHERNET, *_NTP, *_DNP3, *_CALL, *_WEB, *_SNMP_NUMBERS, *mqtt.numbers(NETWORK_SEAL)
)
TEXTS = by_offset(
    *_BACNET_TEXTS,
    *bacnet.kept(NETWORK_SEAL),
    *posts.texts(NETWORK_SEAL),
    *mail.texts(NETWORK_SEAL),
    *_NAME,
    *_ALLOWED,
    *_SERVERS,
    *_FROM,
    *_TITLE,
    *http.kept(NETWORK_SEAL),
    *_SNMP_TEXTS,
    *mqtt.texts(NETWORK_SEAL),
)
COMMANDS = http.commands(NETWORK_SEAL)
COMMAND_REGISTERS = http.COMMAND_REGISTERS
SETTING_REGISTERS = (
    posts.registers(NETWORK_SEAL, PARAMETERS)
    + mail.registers(NETWORK_SEAL, at, _MAILED)
    + numbers(*_ETHERNET, *_NTP, *_DNP3, *_CALL, *_WEB)
    + texts(0xD800, 8, *_ALLOWED)
    + texts(0xD8A0, 16, *_NAME)
    + texts(0xD8B0, 8, *_FROM)
    + texts(0xD8C0, 20, *_SERVERS)
    + texts(http.TITLE, 8, *_TITLE)
    + snmp.registers(NETWORK_SEAL, at)
    + bacnet.registers(NETWORK_SEAL, at)
    + mqtt.SETTING_REGISTERS
)
WRITABLE = (
    (
        (at(n.DHCP), at(n.ACCESS_HTTP)),
        (at(n.NTP), at(n.NTP_NOW)),
        (at(n.DNP3_MODE), at(n.DNP3_ANSWER_PORT)),
        (at(n.DNP3_CALL_PORT), at(n.DNP3_CALL_PORT)),
        (at(n.HTTP), at(n.HTTP_IDLE)),
        (0xD800, 0xD8B7),
        (0xD8C0, 0xD8FB),
        (http.TITLE, http.TITLE + 7),
        (http.RESET, http.RESET),
    )
    + snmp.writable(at)
    + bacnet.writable(at)
    + posts.writable(NETWORK_SEAL)
    + mail.writable(NETWORK_SEAL, at)
    + mqtt.WRITABLE
)

LISTENING = (
    ethernet.LISTENING
    + (
        listening(n.DNP3_PORT, 20000, 20000, 22000),
        listening(n.DNP3_UDP_PORT, 20000, 20000, 22000, off=True, udp=True),
    )
    + http.LISTENING
    + snmp.LISTENING
    + bacnet.LISTENING
)
# The outstation's switch and address are the first of its settings.
_DNP3_ON = p.DNP3 - p.SETTING
# The profile is named, because the value would stand in an image once for each service.
_OUTSTATION = ("fourquad.models.kw320.dnp3", _DNP3_ON + 1)
_PAGES = "fourquad.models.kw320.web"
SERVICES = (
    ethernet.modbus(p.ADDRESS_2)
    + (
        service(
            "dnp3",
            "stream",
            "dnp3.network",
            port=n.DNP3_PORT,
            switch=((_DNP3_ON, (1,)), (n.DNP3_MODE, (0, 1))),
            most=2,
            idle_s=3600,
            tables=_OUTSTATION,
            whitelist=n.ACCESS_DNP3,
        ),
        service(
            "dnp3udp",
            "datagram",
            "dnp3.network",
            port=n.DNP3_UDP_PORT,
            switch=((_DNP3_ON, (1,)), (n.DNP3_MODE, (0, 2))),
            most=2,
            tables=_OUTSTATION,
            whitelist=n.ACCESS_DNP3,
        ),
        ethernet.TIME[0],
        service(
            "dnp3call",
            "client",
            "dnp3.network",
            switch=((_DNP3_ON, (1,)), (n.DNP3_MODE, (1,))),
            most=2,
            tables=_OUTSTATION,
        ),
    )
    + http.services(_PAGES)
    + snmp.services("fourquad.models.kw320.snmp")
    + bacnet.services("fourquad.models.kw320.bacnet")
    + mqtt.SERVICES
    + posts.services()
    + mail.services(_MAILED)
)
SECURE = http.secure(_PAGES)
# What each service counts: eight registers; and how often each has failed.
REGIONS = (
    ((0xDF00, 8 * len(SERVICES), "word", n.COUNTED), (0xDFE0, len(SERVICES), "word", n.FAULTS))
    + audit.regions(0xE000)
    + mqtt.REGIONS
    + posts.REGIONS
    + mail.REGIONS
)
