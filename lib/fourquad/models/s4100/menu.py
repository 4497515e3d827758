"""S4100: pages and settings of its display, on a panel of two keys: the four-button one of the manual is to
come. Descriptions are the manual's IEEE abbreviations.
"""

from fourquad import points as p
from fourquad.models.s4100.settings import BAUDS
from fourquad.points import billing as b
from fourquad.points import system as s

PANEL = "cycle"  # which kind of panel: display/panels.py
KEYS = ("NEXT", "ENTER")
CHORDS = ()
SCROLL = 0
SET = 1
HELD = 2
# A key that does something else when it is held: key, ms, event.
HOLDS = ((SCROLL, 1500, HELD),)

_S = p.SETTING
LOAD = p.SECONDARY + p.LOAD_PERCENT
QUADRANT = p.SECONDARY + p.QUADRANT
POWER = p.SECONDARY + p.P_SUM
PASSWORD = _S + p.PASSWORD
PASSWORD_TEXT = "PASWD"
CHOSEN = _S + p.DISPLAY_LIST

_VOLTS = ("real", 1, 2)
_AMPS = ("real", 1, 3)
_KILO = ("real", 0.001, 3)
_ENERGY = ("energy",)


def _phases(text, unit, reading, form):
    return tuple([(text + " " + "ABC"[i], unit, s.SHOWN + reading + i, form) for i in range(3)])


# All values: description, unit, point, form (display/cycle/values.py).
PAGES = (
    (
        ("KWh in", "kWh", b.tariff_energy(b.ACTIVE_IMPORT), _ENERGY),
        ("KWh out", "kWh", b.tariff_energy(b.ACTIVE_EXPORT), _ENERGY),
        ("W", "kW", s.SHOWN + p.P_SUM, _KILO),
        ("VAR", "kvar", s.SHOWN + p.Q_SUM, _KILO),
        ("VA", "kVA", s.SHOWN + p.S_SUM, _KILO),
        ("D W", "kW", s.DEMANDS + s.PRESENT, _KILO),
        ("M W in", "kW", s.DEMANDS + s.MAXIMUM_IMPORT, _KILO),
        ("M W out", "kW", s.DEMANDS + s.MAXIMUM_EXPORT, _KILO),
        ("PF", "", s.SHOWN + p.PF_SUM, ("real", 1, 3)),
        ("HZ", "Hz", s.SHOWN + p.FREQUENCY, ("real", 1, 2)),
    )
    + _phases("VLN", "V", p.V1, _VOLTS)
    + (
        ("VAB", "V", s.SHOWN + p.V12, _VOLTS),
        ("VBC", "V", s.SHOWN + p.V23, _VOLTS),
        ("VAC", "V", s.SHOWN + p.V31, _VOLTS),
    )
    + _phases("A", "A", p.I1, _AMPS)
    + _phases("W", "kW", p.P1, _KILO)
    + _phases("PF", "", p.PF1, ("real", 1, 3))
    + (("ALERT", "", s.ALERTS + s.BITMAP, ("count", 0)),)
)
# Which of them the list of important values may have; bit 0 of CHOSEN is the first.
LISTED = PAGES[:16]

# Settings: description, unit, point, form (display/cycle/menu.py).
SETTINGS = (
    ("MAC", "", _S + p.ADDRESS_1, (3, 0)),
    ("KBAUD", "", _S + p.BAUD_1, ("choice", tuple([(n, str(n)) for n in BAUDS]))),
    ("ID", "", _S + s.DEVICE_NUMBER, (7, 0)),
    ("CT V", "V", _S + p.CT2, ("choice", ((1, "1.0"), (3, ".33")))),
    ("CT SZ", "A", _S + p.CT1, (5, 0)),
    (
        "SYSTM",
        "",
        _S + s.SYSTEM_TYPE,
        ("choice", ((40, "3L-1n"), (31, "3L"), (12, "2L-1n"), (11, "2L"), (10, "1L-1n"))),
    ),
    ("RATIO", "", _S + p.PT1, (5, 2)),
    ("V LL", "V", _S + s.SYSTEM_VOLTAGE, (6, 1)),
    ("PLOSS", "%", _S + s.LOSS_THRESHOLD, (2, 0)),
    ("IMBAL", "%", _S + s.IMBALANCE_THRESHOLD, (2, 0)),
    ("INTRV", "", _S + s.SUB_INTERVALS, (1, 0)),
    ("SEC", "s", _S + s.SUB_INTERVAL, (7, 2)),
    ("PASWD", "", PASSWORD, (4, 0)),
    ("Add", "", CHOSEN, ("list", True)),
    ("Remove", "", CHOSEN, ("list", False)),
)
