"""Ethernet, Modbus TCP and the time from a server: settings, texts and rows of a model with a network module.
The manuals print no registers; these are ours: a number at D700H + its place in the group, texts from D800H
on.
"""

from fourquad import points as p
from fourquad.models.rows import HOST, listening, register, service, setting, text, text_register
from fourquad.points import columns as c
from fourquad.points import network as n

_LABEL = ((0x2D, 0x2D), (0x30, 0x39), (0x61, 0x7A))  # - 0-9 a-z
PATTERN = ((0x2A, 0x2A), (0x2E, 0x2E), (0x30, 0x39))  # * . 0-9


def at(offset):
    """The register of a setting of the network that is a number."""
    return 0xD700 + offset - p.GROUP_NETWORK


def registers(*rows):
    """The registers of settings, whose rows these are."""
    return tuple([register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET]) for row in rows])


def text_registers(first, count, *rows):
    """The registers of texts, each of so many registers, from `first` on."""
    return tuple([text_register(first + count * i, row, count) for i, row in enumerate(rows)])


def _address(first, octets, seal):
    return tuple([setting(first + i, default=octet, high=255, seal=seal) for i, octet in enumerate(octets)])


def numbers(seal, access):
    """Of Ethernet and Modbus TCP; `access`: what may be for known addresses only."""
    return (
        (setting(n.DHCP, seal=seal),)
        + _address(n.IP, (192, 168, 1, 254), seal)
        + _address(n.MASK, (255, 255, 255, 0), seal)
        + _address(n.GATEWAY, (192, 168, 1, 1), seal)
        + _address(n.DNS_1, (8, 8, 8, 8), seal)
        + _address(n.DNS_2, (8, 8, 4, 4), seal)
        + (setting(n.MODBUS_PORT, 502, 502, 5999, seal=seal), setting(n.FAST_READ, seal=seal))
        + tuple([setting(offset, seal=seal) for offset in access])
    )


def name(seal):
    """The host's name."""
    return (text(n.HOST_NAME, b"fourquad", shortest=1, characters=_LABEL, seal=seal),)


def allowed(seal):
    """Addresses that are let in."""
    return tuple(
        [text(n.ALLOWED + i, longest=15, characters=PATTERN, seal=seal) for i in range(n.ALLOWED_COUNT)]
    )


def time_numbers(seal, longest=1440):
    """Of the time from a server; `longest`: minutes from one question to the next."""
    return (
        setting(n.NTP, seal=seal),
        setting(n.NTP_INTERVAL, default=60, low=1, high=longest, seal=seal),
        setting(n.NTP_NOW, seal=seal),
    )


def time_servers(seal):
    """Their names."""
    return tuple(
        [text(n.NTP_SERVER + i, longest=40, characters=HOST, seal=seal) for i in range(n.NTP_SERVERS)]
    )


LISTENING = (listening(n.MODBUS_PORT, 502, 2000, 5999),)
TIME = (service("sntp", "datagram", "sntp", switch=n.NTP),)


def modbus(address, most=4):
    """The row of SERVICES of Modbus TCP; `address`: the setting of its unit id."""
    return (
        service(
            "modbus",
            "stream",
            "modbus.tcp",
            port=n.MODBUS_PORT,
            most=most,
            idle_s=300,
            tables=address,
            whitelist=n.ACCESS_MODBUS,
            fast=True,
        ),
    )
