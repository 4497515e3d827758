"""BACnet/IP (KW320 manual 5.1.8.10): settings, texts, registers and rows of a model with a network module.
The manual prints no registers; they are ours.
"""

from fourquad.models.rows import listening, register, service, setting, text, text_register
from fourquad.points import SETTING
from fourquad.points import columns as c
from fourquad.points import network as n

FIRST_TEXT = 0xDB80
_LONGEST = 40  # characters
_TEXT = _LONGEST // 2  # registers
_INCREMENTS = 112  # bytes: 16 of 7
_NOBODYS = 0xFFFF  # an identifier of a vendor; an integrator's own goes in its place
_TOP = 4194302  # the highest instance of a device


def numbers(seal):
    """Settings that are numbers, each with a register."""
    bbmd = [setting(n.BACNET_BBMD + i, high=255, seal=seal) for i in range(4)]
    return (
        setting(n.BACNET, seal=seal),
        setting(n.BACNET_PORT, 47808, 47000, 49000, seal=seal),
        setting(n.BACNET_INSTANCE, 1, 0, _TOP, seal=seal),
        setting(n.BACNET_VENDOR, _NOBODYS, 0, 0xFFFF, seal=seal),
        setting(n.BACNET_FOREIGN, seal=seal),
        setting(n.BACNET_BBMD_PORT, 47808, 1, 0xFFFF, seal=seal),
        setting(n.BACNET_TTL, 60, 5, 1440, seal=seal),
    ) + tuple(bbmd)


def texts(seal, name):
    """Texts; `name`: what a device is called at first."""
    return (
        text(n.BACNET_NAME, name, 1, _LONGEST, seal=seal),
        text(n.BACNET_LOCATION, longest=_LONGEST, seal=seal),
        text(n.BACNET_DESCRIPTION, longest=_LONGEST, seal=seal),
    )


def kept(seal):
    """What the service keeps for itself (protocols/bacnet/cov.py)."""
    return (text(n.BACNET_INCREMENTS, longest=_INCREMENTS, characters=((0, 0xFF),), seal=seal),)


def registers(seal, at):
    """Rows of SETTING_REGISTERS; `at(offset)`: the register of a number."""
    rows = []
    for row in numbers(seal):
        size = 2 if row[c.HIGH] > 0xFFFF else 1
        rows.append(register(at(row[c.OFFSET]), SETTING + row[c.OFFSET], size))
    for i, row in enumerate(texts(seal, b"")):
        rows.append(text_register(FIRST_TEXT + _TEXT * i, row, _TEXT))
    return tuple(rows)


def writable(at):
    """Rows of WRITABLE."""
    return ((at(n.BACNET), at(n.BACNET_TTL)), (FIRST_TEXT, FIRST_TEXT + 3 * _TEXT - 1))


LISTENING = (listening(n.BACNET_PORT, 47808, 47000, 49000, udp=True),)


def services(tables):
    """Rows of SERVICES; `tables`: the name of the module with the model's objects."""
    return (
        service(
            "bacnet", "datagram", "bacnet.ip.service", port=n.BACNET_PORT, switch=n.BACNET, tables=tables
        ),
    )


def device(versions):
    """The row of the device object (protocols/bacnet/columns.py); `versions`: firmware, software."""
    return (
        SETTING + n.BACNET_INSTANCE,
        SETTING + n.BACNET_NAME,
        SETTING + n.BACNET_LOCATION,
        (SETTING + n.BACNET_VENDOR, b"Fourquad"),
        b"Energy meter",
        versions,
        None,
        None,
        25,
        None,
        SETTING + n.BACNET_DESCRIPTION,
    )
