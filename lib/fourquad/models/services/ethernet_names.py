"""Ethernet, Modbus TCP and the time from a server: names of settings, for people. No board loads it."""

from fourquad.points import columns as c
from fourquad.points import network as n


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
        (n.HOST_NAME, "Host name", "", "letters, digits and -"),
        (n.NTP, "Time from a server", "", "1: the clock follows a time server (SNTP)"),
        (n.NTP_INTERVAL, "Time: interval", "min", "from an answer to the next question"),
        (n.NTP_NOW, "Time: ask now", "", "1: a server is asked at once; then it is 0 again"),
    )
    + tuple(
        [
            (n.ALLOWED + i, f"Address {i + 1} that is let in", "", "a number may be *")
            for i in range(n.ALLOWED_COUNT)
        ]
    )
    + tuple([(n.NTP_SERVER + i, f"Time: server {i + 1}", "", "") for i in range(n.NTP_SERVERS)])
)

_COUNTS = ("accepted", "refused", "replaced", "closed for silence", "bytes in", "bytes out")
_COUNTS += ("connections now", "port")


def counted(services):
    """(point, name, meaning) of what each of SERVICES counts."""
    names = [f"{row[c.NAME]}: {word}" for row in services for word in _COUNTS]
    faults = [f"{row[c.NAME]}: failures" for row in services]
    return tuple(
        [(n.COUNTED + i, name, "") for i, name in enumerate(names)]
        + [(n.FAULTS + i, name, "") for i, name in enumerate(faults)]
    )
