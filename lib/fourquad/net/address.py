"""The place of a device on the network, of its settings."""

from fourquad import points as p
from fourquad.points import network as n


def host_name(points):
    """What the device calls itself to DHCP and on the local network: a label of DNS."""
    index = p.SETTING + n.HOST_NAME
    return points.provider(index).texts.read(index - points.base(index)).decode()


def fixed(points):
    """(address, mask, gateway, DNS server) as text, or None where DHCP gives them."""
    if points.read(p.SETTING + n.DHCP):
        return None
    return tuple([dotted(points, first) for first in (n.IP, n.MASK, n.GATEWAY, n.DNS_1)])


def dotted(points, first):
    """The address whose four numbers are settings from `first` on."""
    return ".".join([str(points.read(p.SETTING + first + i)) for i in range(4)])


def is_address(name):
    """Whether a text is an IPv4 address."""
    parts = name.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) < 4 and int(part) < 256 for part in parts)
