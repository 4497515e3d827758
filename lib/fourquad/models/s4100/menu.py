"""S4100: keys and pages of its display (manual: menu abbreviations, user interface for data configuration,
alert and reset information, UI for setup); the generated page is docs/s4100/display.md. The manual's diagrams
are lost: the order of pages, where no text gives it, is ours (docs/s4100/decisions.md).
"""

from fourquad import points as p
from fourquad.models.s4100.settings import BAUDS, SYSTEM_TYPES, VERSION
from fourquad.points import billing as b
from fourquad.points import system as s
from fourquad.points import values as v

PANEL = "tree"  # which kind of panel: display/panels.py
KEYS = ("UP", "DOWN", "LEFT", "RIGHT")
CHORDS = ()
UP, DOWN, LEFT, RIGHT = 0, 1, 2, 3

_S = p.SETTING
VOCABULARY = _S + s.DISPLAY_UNITS
SYSTEM = _S + s.SYSTEM_TYPE
SYSTEMS = tuple([code for code, _, _, _, _, _, _, _, _ in SYSTEM_TYPES])
_ALL = (1 << len(SYSTEMS)) - 1
# What lights the wrench: all alerts of the inputs, but not that the clock is not set.
WRENCH = (s.ALERTS + s.BITMAP, 0x3FFF)
PASSWORD_TEXT = "PASWD"
IDLE = 120000  # ms without a key until RESET and SETUP are left


def _systems(phases=0, lines=0, neutral=False, powers=False):
    """Bits of the system types with at least so many phases and line voltages, and with the rest if asked."""
    bits = 0
    for i, (_, _, _, phase, star, line, power, _, _) in enumerate(SYSTEM_TYPES):
        if phase >= phases and line >= lines and star >= neutral and power >= powers:
            bits |= 1 << i
    return bits


def _page(words, point, form, unit="", note="", systems=_ALL):
    """A page (display/tree/menu.py); `words`: those of IEC and of IEEE with a stroke between them, or one."""
    iec, _, ieee = words.partition("/")
    return (iec, ieee or iec, note, unit, point, form, systems)


def _energy(words, unit, note, point):
    return _page(words, point, ("scaled energy",), unit, note)


def _reading(words, unit, reading, note="", systems=_ALL, form=("scaled",)):
    return _page(words, s.SHOWN + reading, form, unit, note, systems)


_FACTOR = ("real", 1, 3)
_POWERS = (("P/W", "W"), ("Q/VAR", "VAR"), ("S/VA", "VA"))


def _demands(mark, note, first):
    """Of active, reactive and apparent power; `mark`: what follows their words in both vocabularies."""
    iec, ieee = mark
    return tuple(
        [
            _page(f"{words.replace('/', iec + '/')}{ieee}", s.DEMANDS + first + i, ("scaled",), unit, note)
            for i, (words, unit) in enumerate(_POWERS)
        ]
    )


def _phases(words, unit, reading, systems, form=("scaled",)):
    """Of each phase that the system has; `systems`: types with phase A, B, C."""
    return tuple(
        [_reading(words, unit, reading + i, "ABC"[i], systems[i], form) for i in range(3) if systems[i]]
    )


def _below(word, ring, password=None, systems=_ALL):
    return _page(word, 0, ("ring", ring, password), systems=systems)


def _fields(word, ring):
    return _page(word, 0, ("fields", ring))


def _number(word, offset, places, decimals=0, step=1, unit="", systems=_ALL):
    return _page(word, _S + offset, ("number", places, decimals, step), unit, systems=systems)


def _choice(word, offset, rows, unit=""):
    return _page(word, _S + offset, ("choice", rows), unit)


def _alert(word, bit, words=("A", "B", "C")):
    return _page(word, s.ALERTS + s.BITMAP, ("flags", bit, words))


def _numbered(first):
    """The ring `first` and all that are below its pages, which name them by their places then."""
    rings, out = [first], []
    while len(out) < len(rings):
        pages = []
        for iec, ieee, note, unit, point, form, systems in rings[len(out)]:
            if form[0] in ("ring", "fields"):
                below = form[1]
                if below not in rings:
                    rings.append(below)
                form = (form[0], rings.index(below)) + form[2:]
            pages.append((iec, ieee, note, unit, point, form, systems))
        out.append(tuple(pages))
    return tuple(out)


_VA = s.ALERTS + s.APPARENT
_THREE = _systems(phases=3)
_TWO = _systems(phases=2) & ~_THREE
_ONE = _ALL & ~_systems(phases=2)
_BY_PHASE = tuple([_systems(phases=n, powers=True) for n in (1, 2, 3)])
_CURRENTS = tuple([_systems(phases=n) for n in (1, 2, 3)])
_STARS = tuple([_systems(phases=n, neutral=True) for n in (1, 2, 3)])
_LINES = tuple([_systems(lines=n) for n in (1, 2, 3)])

_PHASES = (
    _phases("P/W", "W", p.P1, _BY_PHASE)
    + _phases("Q/VAR", "VAR", p.Q1, _BY_PHASE)
    + _phases("S/VA", "VA", p.S1, _BY_PHASE)
    + _phases("PF", "", p.PF1, _BY_PHASE, _FACTOR)
    + _phases("A", "A", p.I1, _CURRENTS)
    + (
        _reading("UAB/VAB", "V", p.V12, systems=_LINES[0]),
        _reading("UBC/VBC", "V", p.V23, systems=_LINES[1]),
        _reading("UAC/VAC", "V", p.V31, systems=_LINES[2]),
    )
    + _phases("V/VLN", "V", p.V1, _STARS)
)
_ALERTS = (
    _alert("PLOSS", 8),
    _alert("LOWPF", 11),
    _alert("FERR", 6, ("A",)),
    _alert("I OVR", 3),
    _alert("V OVR", 0),
    _alert("RTC", 14, ("RESET",)),
)
_TEXT = VERSION.decode()
_VERSION = ("text", _TEXT[:1] + "." + _TEXT[1:])
_INFO = (
    _page("MODEL", 0, ("text", "S4100")),
    _page("OS", 0, _VERSION),
    _page("RS", 0, _VERSION),
    _page("SN", _S + s.SERIAL, ("ascii",)),
)
_ORDER = s.DEMANDS + s.ORDER
_RESETS = (
    _page("ENERG", _ORDER, ("order", 30078)),
    _page("DEMND", _ORDER, ("order", 21212)),
)
_BAC = (
    _number("MAC", p.ADDRESS_1, 3),
    _choice("KBAUD", p.BAUD_1, tuple([(n, f"{n // 1000}.{n % 1000 // 100}K") for n in BAUDS])),
    _number("ID1", s.DEVICE_NUMBER, 4, step=1000),
    _number("ID2", s.DEVICE_NUMBER, 3),
)
_CT = (
    _choice("CT V", p.CT2, ((1, "1.0"), (3, ".33")), "V"),
    _number("CT SZ", p.CT1, 5, unit="A"),
)
_SYS = (
    _choice("SYSTM", s.SYSTEM_TYPE, ((40, "3L-1n"), (31, "3L"), (12, "2L-1n"), (11, "2L"), (10, "1L-1n"))),
)
_PT = (_number("RATIO", p.PT1, 5, 2),)
_ALONE = _ALL & ~_LINES[0]  # the nominal voltage is to neutral
_VOLTS = (
    _number("V LL", s.SYSTEM_VOLTAGE, 6, 1, unit="V", systems=_LINES[0]),
    _number("V LN", s.SYSTEM_VOLTAGE, 6, 1, unit="V", systems=_ALONE),
)
_POWER = (_page("MX KW", s.ALERTS + s.MAXIMUM_POWER, ("real", 0.001, 2), "kW"),)
# As a fraction: hundredths.
_LOSS = (_number("VOLTS", s.LOSS_THRESHOLD, 3, 2), _number("IMBAL", s.IMBALANCE_THRESHOLD, 3, 2))
_DEMAND = (_number("INTRV", s.SUB_INTERVALS, 1), _number("SEC", s.SUB_INTERVAL, 5, step=100, unit="s"))
_UNITS = (_choice("UNITS", s.DISPLAY_UNITS, ((v.IEEE, "IEEE"), (v.IEC, "IEC"))),)
_PASSWORDS = (_number("SETUP", p.PASSWORD, 5), _number("RESET", s.RESET_PASSWORD, 5))

_SETUP = (
    _fields("S BAC", _BAC),
    _fields("S CT", _CT),
    _fields("S SYS", _SYS),
    _fields("S PT", _PT),
    _fields("S V", _VOLTS),
    _fields("S PWR", _POWER),
    _fields("S PLOS", _LOSS),
    _fields("S DEM", _DEMAND),
    _fields("S UNIT", _UNITS),
    _fields("S PASS", _PASSWORDS),
)
_MAIN = (
    (
        _energy("*Ph/*Wh", "Wh", "IMP", b.tariff_energy(b.ACTIVE_IMPORT)),
        _energy("*Ph/*Wh", "Wh", "EXP", b.tariff_energy(b.ACTIVE_EXPORT)),
        _energy("*Ph/*Wh", "Wh", "NET", b.tariff_energy(b.ACTIVE_NET)),
        _energy("*Qh/*VARh", "VARh", "Q1", b.tariff_energy(b.REACTIVE_Q1)),
        _energy("*Qh/*VARh", "VARh", "Q2", b.tariff_energy(b.REACTIVE_Q2)),
        _energy("*Qh/*VARh", "VARh", "Q3", b.tariff_energy(b.REACTIVE_Q3)),
        _energy("*Qh/*VARh", "VARh", "Q4", b.tariff_energy(b.REACTIVE_Q4)),
        _energy("*Sh/*VAh", "VAh", "IMP", _VA + s.APPARENT_IMPORT),
        _energy("*Sh/*VAh", "VAh", "EXP", _VA + s.APPARENT_EXPORT),
        _energy("*Sh/*VAh", "VAh", "NET", _VA + s.APPARENT_NET),
        _reading("P/W", "W", p.P_SUM),
        _reading("Q/VAR", "VAR", p.Q_SUM),
        _reading("S/VA", "VA", p.S_SUM),
    )
    + _demands((" D", " D"), "", s.PRESENT)
    + _demands((" MAX", " M"), "IMP", s.MAXIMUM_IMPORT)
    + _demands((" MAX", " M"), "EXP", s.MAXIMUM_EXPORT)
    + (
        _reading("A", "A", p.I_AVG),
        _reading("U/VLL", "V", p.VL_AVG),
        _reading("V/VLN", "V", p.V_AVG),
        _reading("PF", "", p.PF_SUM, form=_FACTOR),
        _reading("HZ", "Hz", p.FREQUENCY, form=("real", 1, 2)),
        _below("3PHASE", _PHASES, systems=_THREE),
        _below("2PHASE", _PHASES, systems=_TWO),
        _below("1PHASE", _PHASES, systems=_ONE),
        _below("ALERT", _ALERTS),
        _below("INFO", _INFO),
        _below("RESET", _RESETS, _S + s.RESET_PASSWORD),
        _below("SETUP", _SETUP, _S + p.PASSWORD),
    )
)
RINGS = _numbered(_MAIN)
