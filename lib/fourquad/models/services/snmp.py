"""SNMP (KW320 manual 5.1.8.11): settings, texts, registers and rows of a model with a network module. The
manual prints no registers, and no fields of v3; they are ours.
"""

from fourquad.models.rows import PRINTABLE, listening, register, secret, service, setting, text, text_register
from fourquad.points import SETTING
from fourquad.points import columns as c
from fourquad.points import network as n

# The enterprise number of examples (RFC 5612): it is nobody's.
EXAMPLE_ENTERPRISE = 32473

_ADDRESS = ((0x2E, 0x2E), (0x30, 0x39))  # . 0-9
_ANY = ((0, 0xFF),)
_KEYS = 52  # of a password, by SHA-1 and by SHA-256
FIRST_TEXT = 0xDB00


def numbers(seal):
    """Settings that are numbers, each with a register."""
    ports = [setting(n.SNMP_TARGET_PORT + i, 162, 1, 65535, seal=seal) for i in range(n.SNMP_TARGETS)]
    return (
        setting(n.SNMP, seal=seal),
        setting(n.SNMP_VERSION, seal=seal),
        setting(n.SNMP_PORT, 161, 161, 16199, seal=seal),
        setting(n.SNMP_TRAPS, high=2, seal=seal),
        setting(n.SNMP_BUFFER, 30, 1, 30, seal=seal),
        setting(n.SNMP_HOLD, 0, 0, 30, seal=seal),
        setting(n.SNMP_AUTH, high=2, seal=seal),
        setting(n.SNMP_PRIV, seal=seal),
        setting(n.SNMP_ENTERPRISE, EXAMPLE_ENTERPRISE, 1, 0xFFFFFF, seal=seal),
    ) + tuple(ports)


def kept(seal):
    """What the agent keeps for itself, as numbers and as texts."""
    return (setting(n.SNMP_BOOTS, high=0x3FFFFFFF, seal=seal),), (
        secret(n.SNMP_AUTH_KEY, longest=_KEYS, characters=_ANY, seal=seal),
        secret(n.SNMP_PRIV_KEY, longest=_KEYS, characters=_ANY, seal=seal),
        text(n.SNMP_ENGINE, longest=8, characters=_ANY, seal=seal),
    )


def texts(seal):
    """Those with registers, which take half as many as the longest text has characters."""
    targets = [
        text(n.SNMP_TARGET + i, longest=16, characters=_ADDRESS, seal=seal) for i in range(n.SNMP_TARGETS)
    ]
    return tuple(targets) + (
        text(n.SNMP_COMMUNITY, b"public", 1, 20, PRINTABLE, seal),
        text(n.SNMP_USER, b"fourquad", 1, 20, PRINTABLE, seal),
        secret(n.SNMP_AUTH_PASSWORD, shortest=8, longest=32, seal=seal),
        secret(n.SNMP_PRIV_PASSWORD, shortest=8, longest=32, seal=seal),
        text(n.SNMP_NAME, longest=32, seal=seal),
        text(n.SNMP_LOCATION, longest=28, seal=seal),
        text(n.SNMP_CONTACT, longest=28, seal=seal),
    )


def registers(seal, at):
    """Rows of SETTING_REGISTERS; `at(offset)`: the register of a number."""
    rows = []
    for row in numbers(seal):
        size = 2 if row[c.HIGH] > 0xFFFF else 1
        rows.append(register(at(row[c.OFFSET]), SETTING + row[c.OFFSET], size))
    address = FIRST_TEXT
    for row in texts(seal):
        count = row[c.LONGEST] // 2
        rows.append(text_register(address, row))
        address += count
    return tuple(rows)


def writable(at):
    """Rows of WRITABLE."""
    return (
        (at(n.SNMP), at(n.SNMP_ENTERPRISE) + 1),
        (at(n.SNMP_TARGET_PORT), at(n.SNMP_TARGET_PORT + n.SNMP_TARGETS - 1)),
        (FIRST_TEXT, FIRST_TEXT + 127),
    )


LISTENING = (listening(n.SNMP_PORT, 161, 16100, 16199, udp=True),)


def services(tables):
    """Rows of SERVICES; `tables`: the name of the module with the model's objects."""
    return (service("snmp", "datagram", "snmp.agent", port=n.SNMP_PORT, switch=n.SNMP, tables=tables),)
