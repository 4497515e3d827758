"""What the WEB module adds to an AcuRev 2020 (manual chapters 6, 7, 9, 11). Registers of it are
ours: models/services.
"""

from fourquad import points as p
from fourquad.models.acurev2020.logged import MAILED as _MAILED  # it is in SERVICES already
from fourquad.models.acurev2020.logged import PARAMETERS
from fourquad.models.rows import by_offset
from fourquad.models.services import audit, bacnet, ethernet, http, mail, posts, snmp
from fourquad.points import network as n

NETWORK_SEAL = 0  # none: the meter has no seal

PARTS = ("meter.network", "meter.audit") + posts.PARTS + mail.PARTS
STORAGE = audit.STORAGE + posts.STORAGE
SECRETS = audit.SECRETS
FIXED = ()
CHOICES = ((p.MODULE_RESET, (0, 1, 2)),)

_ETHERNET = ethernet.numbers(NETWORK_SEAL, (n.ACCESS_MODBUS, n.ACCESS_HTTP))
_NAME = ethernet.name(NETWORK_SEAL)
_ALLOWED = ethernet.allowed(NETWORK_SEAL)
_NTP = ethernet.time_numbers(NETWORK_SEAL, 6000)
_SERVERS = ethernet.time_servers(NETWORK_SEAL)
_SNMP_NUMBERS, _SNMP_TEXTS = snmp.kept(NETWORK_SEAL)
_SNMP_NUMBERS += snmp.numbers(NETWORK_SEAL)
_SNMP_TEXTS += snmp.texts(NETWORK_SEAL)
_WEB = http.numbers(NETWORK_SEAL)
_TITLE = http.texts(NETWORK_SEAL)

_BACNET = bacnet.numbers(NETWORK_SEAL)
_BACNET_TEXTS = bacnet.texts(NETWORK_SEAL, b"Fourquad acurev2020")

_POSTS = (
    posts.numbers(NETWORK_SEAL, PARAMETERS) + posts.kept(NETWORK_SEAL) + mail.numbers(NETWORK_SEAL, _MAILED)
)

SETTINGS = by_offset(*_ETHERNET, *_NTP, *_WEB, *_SNMP_NUMBERS, *_BACNET, *_POSTS)
TEXTS = by_offset(
    *_NAME,
    *_ALLOWED,
    *_SERVERS,
    *_TITLE,
    *http.kept(NETWORK_SEAL),
    *_SNMP_TEXTS,
    *_BACNET_TEXTS,
    *bacnet.kept(NETWORK_SEAL),
    *posts.texts(NETWORK_SEAL),
    *mail.texts(NETWORK_SEAL),
)
COMMANDS = http.commands(NETWORK_SEAL)
COMMAND_REGISTERS = http.COMMAND_REGISTERS
SETTING_REGISTERS = (
    ethernet.registers(*_ETHERNET, *_NTP, *_WEB)
    + ethernet.text_registers(0xD800, 8, *_ALLOWED)
    + ethernet.text_registers(0xD8A0, 16, *_NAME)
    + ethernet.text_registers(0xD8C0, 20, *_SERVERS)
    + ethernet.text_registers(http.TITLE, 8, *_TITLE)
    + snmp.registers(NETWORK_SEAL, ethernet.at)
    + bacnet.registers(NETWORK_SEAL, ethernet.at)
    + posts.registers(NETWORK_SEAL, PARAMETERS)
    + mail.registers(NETWORK_SEAL, ethernet.at, _MAILED)
)
WRITABLE = (
    (
        (ethernet.at(n.DHCP), ethernet.at(n.ACCESS_MODBUS)),
        (ethernet.at(n.ACCESS_HTTP), ethernet.at(n.ACCESS_HTTP)),
        (ethernet.at(n.NTP), ethernet.at(n.NTP_NOW)),
        (0xD800, 0xD8AF),
        (0xD8C0, 0xD8FB),
        (ethernet.at(n.HTTP), ethernet.at(n.HTTP_IDLE)),
        (http.TITLE, http.TITLE + 7),
        (http.RESET, http.RESET),
    )
    + snmp.writable(ethernet.at)
    + bacnet.writable(ethernet.at)
    + posts.writable(NETWORK_SEAL)
    + mail.writable(NETWORK_SEAL, ethernet.at)
)

LISTENING = ethernet.LISTENING + http.LISTENING + snmp.LISTENING + bacnet.LISTENING
_PAGES = "fourquad.models.acurev2020.web"
SERVICES = (
    ethernet.modbus(p.ADDRESS_1, most=8)
    + http.services(_PAGES)
    + ethernet.TIME
    + snmp.services("fourquad.models.acurev2020.snmp")
    + bacnet.services("fourquad.models.acurev2020.bacnet")
    + posts.services()
    + mail.services(_MAILED)
)
SECURE = http.secure(_PAGES)
# What each service counts: eight registers; and how often each has failed.
REGIONS = (
    ((0xDF00, 8 * len(SERVICES), "word", n.COUNTED), (0xDFE0, len(SERVICES), "word", n.FAULTS))
    + audit.regions(0xE800)
    + posts.REGIONS
    + mail.REGIONS
)
