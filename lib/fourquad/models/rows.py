"""Builders for the rows of a model's tables; a board has the rows only."""

from fourquad.points import columns as c


def by_offset(*rows):
    """A table of settings in the order in which they are looked for."""
    return tuple(sorted(rows, key=lambda row: row[c.OFFSET]))


def setting(offset, default=0, low=None, high=None, choices=None, seal=0):
    """A row of SETTINGS, in the order of points/columns.py: allowed are the values from `low` to `high` (0
    and 1 where nothing is said), or of them those of the tuple `choices` alone.
    """
    if low is None:
        low = min(choices) if choices else 0
    if high is None:
        high = max(choices) if choices else 1
    return (offset, seal, default, low, high, choices)


def command(offset, seal=0):
    """A row of COMMANDS."""
    return (offset, seal)


def register(address, point, registers=1, kind=None):
    """A row of REGIONS or SETTING_REGISTERS: what `kind` says (fourquad.protocols.modbus.kinds), where
    nothing is said a whole number of 16 or of 32 bits.
    """
    return (address, registers, kind or (None, "word", "dword")[registers], point)


def order(address, point, act=1, idle=(0,), elsewhere=()):
    """A row of COMMAND_REGISTERS: the value `act` acts, those of `idle` do nothing, those of `elsewhere`
    would act on a module that is not there. The register reads the first of `idle`.
    """
    return (address, 1, "command", point, act, idle, elsewhere)
