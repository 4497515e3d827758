"""What a KW320 with its network module has besides (manual chapter 5). The manual prints no registers for it;
these are ours: a number at D700H + its place in the group, texts from D800H on.
"""

from fourquad import points as p
from fourquad.models.kw320.settings import PORT_2
from fourquad.models.rows import by_offset, listening, register, service, setting, text
from fourquad.points import columns as c
from fourquad.points import network as n

# Bit 1 of 101EH seals the Ethernet module's settings, as those of the second port, which it sits at (table
# 4-2).
NETWORK_SEAL = PORT_2

PARTS = ("meter.network",)

# "When Ethernet module will connect normally, user can't change the protocol, baud and parity" (6.3.2).
FIXED = (p.SECOND_PROTOCOL, p.BAUD_2, p.PARITY_2)
DEFAULTS = ((p.SECOND_PROTOCOL, 3),)
CHOICES = ((p.MODULE_RESET, (0, 1, 2)),)


def at(offset):
    """The register of a setting of the network that is a number."""
    return 0xD700 + offset - p.GROUP_NETWORK


def numbers(*rows):
    """The registers of settings, whose rows these are."""
    return tuple([register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET]) for row in rows])


def texts(first, registers, *rows):
    """The registers of texts, each of so many registers, from `first` on."""
    return tuple(
        [
            register(first + registers * i, p.SETTING + row[c.OFFSET], registers, "text")
            for i, row in enumerate(rows)
        ]
    )


def _address(first, *octets):
    return tuple(
        [setting(first + i, default=octet, high=255, seal=NETWORK_SEAL) for i, octet in enumerate(octets)]
    )


_ETHERNET = (
    (setting(n.DHCP, seal=NETWORK_SEAL),)
    + _address(n.IP, 192, 168, 1, 254)
    + _address(n.MASK, 255, 255, 255, 0)
    + _address(n.GATEWAY, 192, 168, 1, 1)
    + _address(n.DNS_1, 8, 8, 8, 8)
    + _address(n.DNS_2, 8, 8, 4, 4)
    + (
        setting(n.MODBUS_PORT, default=502, low=502, high=5999, seal=NETWORK_SEAL),
        setting(n.FAST_READ, seal=NETWORK_SEAL),
        setting(n.ACCESS_MODBUS, seal=NETWORK_SEAL),
        setting(n.ACCESS_DNP3, seal=NETWORK_SEAL),
        setting(n.ACCESS_HTTP, seal=NETWORK_SEAL),
    )
)
_LABEL = ((0x2D, 0x2D), (0x30, 0x39), (0x61, 0x7A))  # - 0-9 a-z
_PATTERN = ((0x2A, 0x2A), (0x2E, 0x2E), (0x30, 0x39))  # * . 0-9
_NAME = (text(n.HOST_NAME, b"fourquad", shortest=1, characters=_LABEL, seal=NETWORK_SEAL),)
_ALLOWED = tuple(
    [text(n.ALLOWED + i, longest=15, characters=_PATTERN, seal=NETWORK_SEAL) for i in range(n.ALLOWED_COUNT)]
)

SETTINGS = by_offset(*_ETHERNET)
TEXTS = by_offset(*_NAME, *_ALLOWED)
SETTING_REGISTERS = numbers(*_ETHERNET) + texts(0xD800, 8, *_ALLOWED) + texts(0xD8A0, 16, *_NAME)
WRITABLE = ((at(n.DHCP), at(n.ACCESS_HTTP)), (0xD800, 0xD8AF))

LISTENING = (listening(n.MODBUS_PORT, 502, 2000, 5999),)
SERVICES = (
    service(
        "modbus",
        "stream",
        "modbus.tcp",
        port=n.MODBUS_PORT,
        most=4,
        idle_s=300,
        tables=p.ADDRESS_2,
        whitelist=n.ACCESS_MODBUS,
        fast=True,
    ),
)
