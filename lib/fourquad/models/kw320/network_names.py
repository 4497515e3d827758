"""KW320's network module: names of what it has, for people. No board loads it."""

from fourquad.models.kw320.network import SERVICES
from fourquad.models.services import (
    audit_names,
    bacnet_names,
    http_names,
    mail_names,
    mqtt_names,
    posts_names,
    snmp_names,
)
from fourquad.points import columns as c
from fourquad.points import network as n

TITLE = "KW320: network module"

_WHO = "1 only from the addresses below, 0 from anywhere"
_MASK = "a number may be *"


def _octets(first, name):
    return tuple([(first + i, f"{name}, {i + 1}. number", "", "") for i in range(4)])


# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    ((n.DHCP, "DHCP", "", "0 manual, 1 automatic"),)
    + _octets(n.IP, "IP address")
    + _octets(n.MASK, "Subnet mask")
    + _octets(n.GATEWAY, "Gateway")
    + _octets(n.DNS_1, "Primary DNS server")
    + _octets(n.DNS_2, "Secondary DNS server")
    + (
        (n.MODBUS_PORT, "Port of Modbus TCP", "", "502, or from 2000 on"),
        (n.FAST_READ, "Fast read mode", "", "1: only Modbus and the web pages are there"),
        (n.ACCESS_MODBUS, "Who may use Modbus TCP", "", _WHO),
        (n.ACCESS_DNP3, "Who may use DNP3", "", _WHO),
        (n.ACCESS_HTTP, "Who may use the web pages", "", _WHO),
        (n.NTP, "Time from a server", "", "1: the clock follows a time server (SNTP)"),
        (n.NTP_INTERVAL, "Time: interval", "min", "from an answer to the next question"),
        (n.NTP_NOW, "Time: ask now", "", "1: a server is asked at once; then it is 0 again"),
        (n.DNP3_MODE, "DNP3: mode", "", "0 TCP and UDP, 1 TCP dual endpoint, 2 UDP only"),
        (n.DNP3_PORT, "DNP3: TCP port", "", ""),
        (n.DNP3_UDP_PORT, "DNP3: UDP port", "", "0 no UDP, or from 20000 on"),
        (n.DNP3_ANSWER_PORT, "DNP3: UDP port of answers", "", "0 that which asked"),
        (n.HOST_NAME, "Host name", "", "letters, digits and -"),
        (n.DNP3_FROM, "DNP3: address of masters", "", _MASK),
        (n.DNP3_CALL_PORT, "DNP3: dual endpoint port", "", "of the master at the address of masters"),
    )
    + tuple([(n.ALLOWED + i, f"Address {i + 1} that is let in", "", _MASK) for i in range(n.ALLOWED_COUNT)])
    + tuple([(n.NTP_SERVER + i, f"Time: server {i + 1}", "", "") for i in range(n.NTP_SERVERS)])
    + http_names.SETTINGS
    + snmp_names.SETTINGS
    + bacnet_names.SETTINGS
    + mqtt_names.SETTINGS
    + posts_names.SETTINGS
    + mail_names.SETTINGS
)

COMMANDS = http_names.COMMANDS

_COUNTS = (
    "accepted",
    "refused",
    "replaced",
    "closed for silence",
    "bytes in",
    "bytes out",
    "connections now",
    "port",
)

_COUNTED = [f"{row[c.NAME]}: {word}" for row in SERVICES for word in _COUNTS]
# (point, name, meaning)
OTHERS = (
    tuple([(n.COUNTED + i, name, "") for i, name in enumerate(_COUNTED)])
    + mqtt_names.OTHERS
    + posts_names.OTHERS
    + mail_names.OTHERS
)

SECTIONS = (
    (
        "Settings",
        0xD700,
        0xD7FF,
        "Manual chapter 5, which has no registers for them: these are ours. What is written takes effect "
        "when the module is reset: 101AH = 1, or 2 with the defaults. No two services have one port. Bit 1 "
        "of 101EH seals all of them. While the module is there 102FH, 1030H and 1038H refuse another value "
        "(04).",
    ),
    (
        "Data loggers and posts",
        0xDA00,
        0xDA7F,
        "Manual 5.1.8.6 and 5.1.8.7 ([posts](../posts.md)). What is written takes effect when the module is "
        "reset, but for test and clear.",
    ),
    ("Data loggers and posts: state", 0xDA80, 0xDAFF, ""),
    ("Texts", 0xD800, 0xDEFF, "Two characters a register, zeros after the last; written as a whole."),
    (
        "Counters",
        0xDF00,
        0xDFFF,
        "Of each service since the start, modulo 65536: connections that were accepted, refused (for want of "
        "a place, or their address), replaced by a new one, and closed because nothing came.",
    ),
) + audit_names.SECTIONS
BLOCKS = audit_names.BLOCKS
