"""Builders for the rows of a model's tables; a board has the rows only."""

from fourquad.points import SETTING
from fourquad.points import columns as c
from fourquad.points import values as v


def by_offset(*rows, more=()):
    """A table of settings, `more` of them, too, in the order in which they are looked for."""
    return tuple(sorted(rows + more, key=lambda row: row[c.OFFSET]))


def setting(offset, default=0, low=None, high=None, choices=None, seal=0):
    """A row of SETTINGS, in the order of points/columns.py: allowed are the values from `low` to `high` (0
    and 1 where nothing is said), or of them those of the tuple `choices` alone.
    """
    if low is None:
        low = min(choices) if choices else 0
    if high is None:
        high = max(choices) if choices else 1
    return (offset, seal, default, low, high, choices)


# Characters of texts: printable ASCII, and what the name of a host may have (RFC 1123).
PRINTABLE = ((0x20, 0x7E),)
HOST = ((0x2D, 0x2E), (0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A))


def text(offset, default=b"", shortest=0, longest=32, characters=PRINTABLE, seal=0):
    """A row of TEXTS: a setting that is a text of `shortest` to `longest` (at most 255) bytes."""
    return (offset, seal, default, shortest, longest, characters, False)


def secret(offset, shortest=0, longest=32, characters=PRINTABLE, seal=0):
    """The same of a password or a key: it is written, and told to nobody."""
    return (offset, seal, b"", shortest, longest, characters, True)


def command(offset, seal=0):
    """A row of COMMANDS."""
    return (offset, seal)


# What a fast reading of the primary side is larger by: places in Readings.fast_ratios.
SAME, VOLTS, AMPS, WATTS = range(4)


def watched(point, factor=1, side=SAME, watch=v.WATCH_VALUE):
    """A row of WATCHED, of what an alarm may watch: the point, what makes its value the whole number that set
    points and records have, its side (above), and what its condition is.
    """
    return (point, factor, side, watch)


def register(address, point, registers=1, kind=None):
    """A row of REGIONS or SETTING_REGISTERS: what `kind` says (fourquad.protocols.modbus.kinds), where
    nothing is said a whole number of 16 or of 32 bits.
    """
    return (address, registers, kind or (None, "word", "dword")[registers], point)


def text_register(address, row, registers=None):
    """The row of SETTING_REGISTERS of a text, of which this is the row of TEXTS; half as many registers as it
    has characters where nothing is said.
    """
    kind = "secret" if row[c.SECRET] else "text"
    return register(address, SETTING + row[c.OFFSET], registers or row[c.LONGEST] // 2, kind)


def order(address, point, act=1, idle=(0,)):
    """A row of COMMAND_REGISTERS: the value `act` acts, those of `idle` do nothing. The register reads the
    first of `idle`.
    """
    return (address, 1, "command", point, act, idle)


def service(
    name, kind, machine, port=None, switch=None, most=1, idle_s=0, tables=None, whitelist=None, fast=False
):
    """A row of SERVICES, in the order of points/columns.py. `switch`: the setting that is 1 while it is on,
    or what each of several settings must be; of a tuple of settings one is enough.
    """
    if switch is None:
        switch = ()
    elif isinstance(switch, int):
        switch = ((switch, (1,)),)
    return (name, kind, machine, switch, port, most, idle_s, tables, whitelist, fast)


def listening(port, usual, low, high, off=False, udp=False):
    """A row of LISTENING: the setting of a port that is `usual` or from `low` to `high`; with `off` also 0.
    No two services of a meter have one port of TCP, nor of UDP.
    """
    return (port, usual, low, high, off, udp)


_NONE = (0, 0, None)


def module(name, bit, inputs=_NONE, relays=_NONE, outputs=_NONE, analog_inputs=_NONE, analog_outputs=_NONE):
    """A row of MODULES: an I/O module, and what it has of each kind as (number of the first from 1 on, how
    many, offset of the first setting or None).
    """
    kinds = (inputs, relays, outputs, analog_inputs, analog_outputs)
    return (name, bit) + tuple([(max(0, first - 1), count, setting) for first, count, setting in kinds])


# Units of BACnet objects (ASHRAE 135, BACnetEngineeringUnits).
UNIT_A = 3
UNIT_V = 5
UNIT_VA = 8
UNIT_KVA = 9
UNIT_VAR = 11
UNIT_KVAR = 12
UNIT_PF = 15
UNIT_KWH = 19
UNIT_HZ = 27
UNIT_W = 47
UNIT_KW = 48
UNIT_NONE = 95
UNIT_PERCENT = 98
UNIT_HUNDREDTHS_S = 158
UNIT_KVAH = 240
UNIT_KVARH = 243


def analog(name, about, point=None, units=UNIT_NONE, scale=None, fault=None):
    """A row of BACnet objects with a number, in the order of protocols/bacnet/columns.py: the value is the
    point's over `scale`; without a point it is NaN.
    """
    return (name, point, scale, units, fault, about)


def binary(name, about, point, bit, fault=None):
    """A row of BACnet objects with two states: a bit of a point."""
    return (name, point, bit, UNIT_NONE, fault, about)


def trend(name, about, point, number):
    """A row of BACnet objects with records: the first point of its own, and which log it is, from 0 on."""
    return (name, point, number, UNIT_NONE, None, about)


def value(key, kind, point, scale=1, count=0, step=None):
    """A row of a page of values, which names it by `key`: protocols/http/values.py has the kinds. `step`:
    points from one of what a page is asked for to the next, such as circuits.
    """
    row = (key, kind, point, scale, count)
    return row if step is None else row + (step,)
