"""A1000: what its display can show (manual 2.1.2, display codes), and the list that it shows by default
(ours).

A row of ITEMS: (code, marks, places, step, kind, point, unit, title). `marks` are the annunciators next to
the value: > and < arrows, I to IV quadrants, S the sum sign, and words. `places` are variants of the row:
digits are tariffs (0 the total) and become a mark, letters phases and become the last character of the code;
the point of the n-th phase is n * step further, that of a tariff its number of steps. Kinds:
display/lists/items.py.

Every variant has a number, counted from 1 in this order: the display list refers to it.
"""

from fourquad import points as p
from fourquad.points import billing as b

_S = p.SETTING
_R = p.SECONDARY
_B = p.BILLING
_RATES = "12340"


def _energies():
    rows = []
    for marks, quantity, unit, title in (
        (">", b.ACTIVE_IMPORT, "kWh", "active import energy"),
        ("<", b.ACTIVE_EXPORT, "kWh", "active export energy"),
        (">", b.REACTIVE_IMPORT, "kvarh", "reactive import energy"),
        ("<", b.REACTIVE_EXPORT, "kvarh", "reactive export energy"),
        ("I", b.REACTIVE_Q1, "kvarh", "reactive energy, quadrant 1"),
        ("II", b.REACTIVE_Q2, "kvarh", "reactive energy, quadrant 2"),
        ("III", b.REACTIVE_Q3, "kvarh", "reactive energy, quadrant 3"),
        ("IV", b.REACTIVE_Q4, "kvarh", "reactive energy, quadrant 4"),
        (">", b.APPARENT, "kVAh", "apparent energy"),
    ):
        rows.append(("", marks + " Energy", _RATES, 1, "energy", b.tariff_energy(quantity), unit, title))
    return tuple(rows)


def _demands():
    rows = []
    for marks, quantity, unit, title in (
        (">", b.ACTIVE_IMPORT, "kW", "active import demand"),
        ("<", b.ACTIVE_EXPORT, "kW", "active export demand"),
        (">", b.REACTIVE_IMPORT, "kvar", "reactive import demand"),
        ("<", b.REACTIVE_EXPORT, "kvar", "reactive export demand"),
        ("I", b.REACTIVE_Q1, "kvar", "reactive demand, quadrant 1"),
        ("II", b.REACTIVE_Q2, "kvar", "reactive demand, quadrant 2"),
        ("III", b.REACTIVE_Q3, "kvar", "reactive demand, quadrant 3"),
        ("IV", b.REACTIVE_Q4, "kvar", "reactive demand, quadrant 4"),
        (">", b.APPARENT, "kVA", "apparent demand"),
    ):
        value = b.demand(b.DEMAND_MAXIMUM, quantity)
        time = b.demand(b.DEMAND_MAXIMUM_TIME, quantity)
        rows.append(("", marks + " Demand", _RATES, 1, "demand", value, unit, "maximum " + title))
        rows.append(("", marks + " Demand Time", _RATES, 1, "moment", time, "", "time of it: " + title))
    return tuple(rows)


def _event(code, places, step, kind, event, field, title):
    return (
        code,
        "",
        places,
        step,
        kind,
        b.supervised(event, field),
        "kWh" if kind == "energy" else "",
        title,
    )


def _phase_events(code, event, title):
    """Codes x0 to x4: number and time, import, export, start, stop."""
    return (
        _event(code + "0", "ABC", 8, "number", event, b.EVENT_COUNT, title + ": number and time"),
        _event(code + "1", "ABC", 8, "energy", event, b.EVENT_IMPORT, title + ": energy imported"),
        _event(code + "2", "ABC", 8, "energy", event, b.EVENT_EXPORT, title + ": energy exported"),
        _event(code + "3", "ABC", 8, "moment", event, b.EVENT_START, title + ": start"),
        _event(code + "4", "ABC", 8, "moment", event, b.EVENT_STOP, title + ": stop"),
    )


_NUMBERS = tuple(
    [
        (
            "01" + str(n + 1) + " " + half,
            "",
            "",
            0,
            "six",
            _S + p.DEVICE_NUMBERS + 2 * n + i,
            "",
            title + text,
        )
        for n, title in enumerate(("meter number", "user number", "device number", "bureau number"))
        for i, half, text in ((0, "L", ", low six digits"), (1, "H", ", high six digits"))
    ]
)

ITEMS = (
    _energies()
    + _demands()
    + (
        (
            "",
            "> S Demand",
            _RATES,
            1,
            "cumulative",
            b.demand(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT),
            "kW",
            "active import cumulative demand",
        ),
        (
            "",
            "< S Demand",
            _RATES,
            1,
            "cumulative",
            b.demand(b.DEMAND_CUMULATIVE, b.ACTIVE_EXPORT),
            "kW",
            "active export cumulative demand",
        ),
    )
    + _NUMBERS
    + (
        ("020", "", "", 0, "week", _B + b.LOCAL_TIME, "", "day of the week, 0 Sunday"),
        ("", "Date", "", 0, "date", _B + b.LOCAL_TIME, "", "date"),
        ("", "Time", "", 0, "time", _B + b.LOCAL_TIME, "", "time"),
        ("", "", "", 0, "count", _S + p.PULSE_P, "imp/kWh", "active pulse constant"),
        ("", "", "", 0, "count", _S + p.PULSE_Q, "imp/kvarh", "reactive pulse constant"),
        ("030", "Date", "", 0, "date", _B + b.LAST_RESET, "", "date of a reset"),
        ("030", "Time", "", 0, "time", _B + b.LAST_RESET, "", "time of a reset"),
        ("031", "", "", 0, "count", _B + b.RESETS, "", "number of resets"),
        ("032", "Date", "", 0, "date", _B + b.LAST_PROGRAMMED, "", "date of the last programming"),
        ("032", "Time", "", 0, "time", _B + b.LAST_PROGRAMMED, "", "time of the last programming"),
        ("033", "", "", 0, "count", _B + b.PROGRAMMINGS, "", "number of programmings"),
        ("034", "", "", 0, "count", _B + b.PROGRAMMER, "", "number of the programmer"),
        _event("035", "", 0, "three", b.OVER_CURRENT, b.EVENT_COUNT, "over-current: number of all phases"),
        _event("036", "", 0, "count", b.ENERGY_REVERSAL, b.EVENT_COUNT, "reverse run: number"),
        _event("037", "", 0, "count", b.POWER_DOWN, b.EVENT_COUNT, "power down: number"),
        _event("038", "", 0, "duration", b.POWER_DOWN, b.EVENT_SECONDS, "power down: time"),
        ("04", "", "ABC0", 1, "kilo", _R + p.P1, "kW", "active power"),
        ("04", "", "ABC0", 1, "kilo", _R + p.Q1, "kvar", "reactive power"),
        ("04", "", "ABC0", 1, "kilo", _R + p.S1, "kVA", "apparent power"),
        (
            "051",
            "",
            "",
            0,
            "both",
            b.demand(b.DEMAND_SUB, b.ACTIVE_IMPORT),
            "kW",
            "average active power of the rolling interval",
        ),
        (
            "052",
            "",
            "",
            0,
            "both",
            b.demand(b.DEMAND_LAST, b.ACTIVE_IMPORT),
            "kW",
            "average active power of the demand interval",
        ),
        (
            "051",
            "",
            "",
            0,
            "both",
            b.demand(b.DEMAND_SUB, b.REACTIVE_IMPORT),
            "kvar",
            "average reactive power of the rolling interval",
        ),
        (
            "052",
            "",
            "",
            0,
            "both",
            b.demand(b.DEMAND_LAST, b.REACTIVE_IMPORT),
            "kvar",
            "average reactive power of the demand interval",
        ),
        ("060", "", "", 0, "hertz", _R + p.FREQUENCY, "Hz", "frequency of phase A"),
        ("071", "", "", 0, "factor", b.demand(b.DEMAND_SUB, 0), "", "power factor of the rolling interval"),
        ("072", "", "", 0, "factor", b.demand(b.DEMAND_LAST, 0), "", "power factor of the demand interval"),
    )
    + _phase_events("1", b.VOLTAGE_LOSS, "phase voltage loss")
    + (_event("190", "", 0, "number", b.ALL_VOLTAGE_LOSS, b.EVENT_COUNT, "voltage loss of all phases"),)
    + _phase_events("2", b.PHASE_FAILURE, "phase failure")
    + (
        _event("201", "", 0, "number", b.ONE_PHASE_FAILURE, b.EVENT_COUNT, "failure of one phase"),
        _event("202", "", 0, "number", b.TWO_PHASE_FAILURE, b.EVENT_COUNT, "failure of two phases"),
        _event("30", "ABC", 8, "moment", b.OVER_CURRENT, b.EVENT_START, "over-current: start"),
        _event("31", "ABC", 8, "moment", b.OVER_CURRENT, b.EVENT_STOP, "over-current: stop"),
        _event("320", "", 0, "moment", b.ENERGY_REVERSAL, b.EVENT_START, "reverse run: start"),
        _event("330", "", 0, "moment", b.ENERGY_REVERSAL, b.EVENT_STOP, "reverse run: stop"),
        _event("340", "", 0, "moment", b.POWER_DOWN, b.EVENT_START, "power down: start"),
        _event("350", "", 0, "moment", b.POWER_DOWN, b.EVENT_STOP, "power down: stop"),
        ("900 1", "", "", 0, "sections", p.TABLE + b.PROFILE_1, "", "daily profile 1, section by section"),
        ("900 2", "", "", 0, "sections", p.TABLE + b.PROFILE_1 + 1, "", "daily profile 2"),
        ("900 3", "", "", 0, "sections", p.TABLE + b.PROFILE_1 + 2, "", "daily profile 3"),
        ("900 4", "", "", 0, "sections", p.TABLE + b.PROFILE_1 + 3, "", "daily profile 4"),
        ("901", "", "", 0, "seasons", p.TABLE + b.SEASONS, "", "seasons"),
        ("030", "Energy Demand", "", 0, "reading", _S + p.SELF_READ_DAY, "", "self-read: day and hour"),
        ("", "Demand Time", "", 0, "count", _S + p.DEMAND_WINDOW, "min", "demand interval"),
        ("", "", "", 0, "warnings", _B + b.ERROR_1, "", "err 1, warnings; only while there are any"),
        ("", "", "", 0, "warnings", _B + b.ERROR_2, "", "err 2, errors; only while there are any"),
    )
)


def number(title, place=0):
    """The number of an item by its title."""
    n = 1
    for _, _, places, _, _, _, _, name in ITEMS:
        if name == title:
            return n + place
        n += len(places) or 1
    raise ValueError(title)


TIMING = 1
SEQUENTIAL = 2
INQUIRY = 4
_ALL = 7


def _entry(title, place, modes, seconds, first=0, last=0):
    """As display/lists/carousel.py packs it."""
    return number(title, place) | modes << 9 | seconds << 12 | first << 19 | last << 24


DEFAULT_LIST = (
    _entry("date", 0, _ALL, 4),
    _entry("time", 0, _ALL, 4),
    _entry("active import energy", 4, _ALL, 8),
    _entry("active import energy", 0, _ALL, 6),
    _entry("active import energy", 1, _ALL, 6),
    _entry("active import energy", 2, _ALL, 6),
    _entry("active import energy", 3, _ALL, 6),
    _entry("active export energy", 4, _ALL, 8),
    _entry("reactive energy, quadrant 1", 4, _ALL, 6),
    _entry("reactive energy, quadrant 2", 4, _ALL, 6),
    _entry("reactive energy, quadrant 3", 4, _ALL, 6),
    _entry("reactive energy, quadrant 4", 4, _ALL, 6),
    _entry("maximum active import demand", 4, _ALL, 6),
    _entry("time of it: active import demand", 4, _ALL, 6),
    _entry("maximum active export demand", 4, SEQUENTIAL | INQUIRY, 6),
    _entry("active power", 3, _ALL, 6),
    _entry("reactive power", 3, _ALL, 6),
    _entry("meter number, low six digits", 0, SEQUENTIAL | INQUIRY, 6),
    _entry("meter number, high six digits", 0, SEQUENTIAL | INQUIRY, 6),
    _entry("number of resets", 0, SEQUENTIAL | INQUIRY, 6),
    _entry("active import energy", 4, INQUIRY, 6, 1, 3),
    _entry("maximum active import demand", 4, INQUIRY, 6, 1, 3),
    _entry("power down: number", 0, INQUIRY, 6),
    _entry("phase voltage loss: number and time", 0, INQUIRY, 6),
    _entry("phase voltage loss: number and time", 1, INQUIRY, 6),
    _entry("phase voltage loss: number and time", 2, INQUIRY, 6),
    _entry("daily profile 1, section by section", 0, INQUIRY, 6),
    _entry("seasons", 0, INQUIRY, 6),
    _entry("err 1, warnings; only while there are any", 0, _ALL, 4),
    _entry("err 2, errors; only while there are any", 0, _ALL, 4),
)
