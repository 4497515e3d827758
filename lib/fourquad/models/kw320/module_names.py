"""KW320: names and meanings of the settings and points of I/O modules, for people. No board loads it."""

from fourquad import points as p
from fourquad.models.kw320.modules import MODULES
from fourquad.points import columns as c
from fourquad.points import modules as m

_RANGES = "0 0-20 mA, 1 4-20 mA, 2 0-5 V, 3 1-5 V"
_ENERGY = "0 none, 1 active import, 2 active export, 3 reactive import, 4 reactive export"
_POINTS = ("start", "point 2", "point 3", "end")
FOLLOWED = (
    "0 frequency, 1-3 V1-V3, 4 average, 5-7 V12, V23, V31, 8 average, 9-11 I1-I3, 12 average, 13 neutral, "
    "14-16 P by phase, 17 P, 18-20 Q by phase, 21 Q, 22-24 S by phase, 25 S, 26-28 PF by phase, 29 PF"
)
VALUES = "0.01 Hz, 0.1 V, mA, W, var, VA, 0.001; 16 bits with a sign, for frequencies without one"


def _module(row):
    """Rows of the settings of a module."""
    name = row[c.NAME].upper()

    def those(kind, word):
        first, count, _ = row[kind]
        return f"{word}{first + 1}-{word}{first + count}"

    at = row[c.INPUTS][c.SETTINGS_AT]
    out = [
        (at, f"{name}: type of {those(c.INPUTS, 'DI')}", "", "bit n: the input n + 1 of them counts pulses"),
        (at + 1, f"{name}: pulse constant", "", "pulses of one count"),
    ]
    at = row[c.RELAYS][c.SETTINGS_AT]
    if at is not None:
        first = row[c.RELAYS][c.FIRST] + 1
        relays = f"of relays {first}, {first + 1}"
        out += [
            (at, f"{name}: working mode {relays}", "", "0 control, 1 alarm"),
            (at + 1, f"{name}: output mode {relays}", "", "0 latch, 1 pulse; under alarms always latch"),
            (at + 2, f"{name}: relay pulse width", "ms", ""),
        ]
    at = row[c.OUTPUTS][c.SETTINGS_AT]
    if at is not None:
        first = row[c.OUTPUTS][c.FIRST] + 1
        out += [
            (at, f"{name}: working mode of {those(c.OUTPUTS, 'DO')}", "", "0 pulses, 1 alarm"),
            (at + 1, f"{name}: DO pulse width", "ms", ""),
            (at + 2, f"{name}: output of DO{first}", "", _ENERGY),
            (at + 3, f"{name}: output of DO{first + 1}", "", _ENERGY),
        ]
    for kind, word in ((c.ANALOG_OUTPUTS, "AO"), (c.ANALOG_INPUTS, "AI")):
        at = row[kind][c.SETTINGS_AT]
        if at is not None:
            out.append((at, f"{name}: type of {those(kind, word)}", "", _RANGES))
    return out


def _curve(n):
    """Rows of the settings of the curve of AO `n`."""
    at = m.AO1_GRADIENTS + m.CURVE * (n - 1)
    rows = [(at, f"AO{n}: gradients of its curve", "", "")]
    rows += [(at + 1 + i, f"AO{n}: followed value, {name}", "", VALUES) for i, name in enumerate(_POINTS)]
    limits = "from 819 while the type is 4-20 mA or 1-5 V; 4096 is 20 mA or 5 V"
    return rows + [(at + 5 + i, f"AO{n}: output, {name}", "", limits) for i, name in enumerate(_POINTS)]


# As in names.py: (offset into points.SETTING, name, unit, meaning)
SETTINGS = (
    tuple([line for row in MODULES for line in _module(row)])
    + tuple([(m.AO1_PARAMETER + i, f"AO{i + 1} follows", "", FOLLOWED) for i in range(m.ANALOG)])
    + tuple([line for n in range(1, 1 + m.ANALOG) for line in _curve(n)])
)

# (point, name, unit or meaning)
OTHERS = (
    (p.SETTING + p.SOE_MODULE, "Module that the event sequence watches", "as 101BH"),
    (
        p.MODULE + m.CLEAR_COUNTS,
        "Clear pulse counters",
        "1 IO11, 2 IO21, 3 IO31, 4 IO12, 5 IO22, 6 IO32, exception 04 if that is not connected; reads 0",
    ),
) + tuple(
    [(p.MODULE + m.COUNT1 + i, f"Pulses of DI{i + 1}", "counts") for i in range(m.INPUTS)]
    + [(p.MODULE + m.AI1 + i, f"AI{i + 1}", "0-4095; 4096 would be 20 mA or 5 V") for i in range(m.ANALOG)]
    + [(p.MODULE + m.AO1 + i, f"AO{i + 1}: what is put out", "mA or V") for i in range(m.ANALOG)]
)

_EVENT = "year, month, day, hour, minute, second, ms, inputs of the module (bit 0 is its first)"

# As in names.py: (first point, registers a line, (name, meaning) of each line)
RECORDS = ((p.SEQUENCE, 8, tuple([(f"Event group {n}", _EVENT) for n in range(1, 21)])),)
SECTIONS = (
    (
        "Sequence of events",
        0x4399,
        0x4439,
        "Manual 6.3.7. 1033H is the newest group, the one after it the oldest; bit 1 of 102EH: a new one.",
    ),
)
