"""AcuRev 1312: keys, pages and settings of its display (manual 3.2, tables 3.2 and 3.3); the generated page
is docs/acurev1312/display.md. Descriptions that the manual does not print are ours.
"""

from fourquad import points as p
from fourquad.models.acurev1312.settings import BAUDS
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.points import values as v
from fourquad.points import wiring

PANEL = "cycle"  # which kind of panel: display/panels.py
KEYS = ("SCROLL", "SET")
CHORDS = ()
SCROLL = 0
SET = 1
HELD = 2
# A key that does something else when it is held: key, ms, event.
HOLDS = ((SCROLL, 1500, HELD),)

_R = p.PRESENTED
_S = p.SETTING
LOAD = p.SECONDARY + p.LOAD_PERCENT
QUADRANT = p.SECONDARY + p.QUADRANT
POWER = p.SECONDARY + p.P_SUM
PASSWORD = _S + p.PASSWORD
PASSWORD_TEXT = "PASS"
ENTRY = p.ACCESS + a.ENTRY  # what takes the password
CHOSEN = _S + p.DISPLAY_LIST

_VOLTS = ("real", 1, 2)
_AMPS = ("real", 1, 3)
_KILO = ("real", 0.001, 3)
_ENERGY = ("energy",)
_HOURS = ("count", 2)
# What the wiring check found first, by the kinds of metering/wiring_check.py and their phases.
_FINDING = (
    "finding",
    "Normal",
    (
        "U{0} LOSS",
        "I{0} LOSS",
        "U{0} U{1}",
        "U{0} ANG",
        "ORDER",
        "SWAP{0}{1}",
        "I{0} REV",
        "I REV",
        "SWAP{0}{1}",
        "SHIFT",
        "I{0} PH{1}",
        "I{0} ANG",
    ),
)
_PARITY = ("words", ("Even", "Odd", "None2", "None1"))


def _phases(text, unit, point, form):
    return tuple([(text + " " + "ABC"[i], unit, point + i, form) for i in range(3)])


_IMPORT = b.tariff_energy(b.ACTIVE_IMPORT)
_GROUP = b.tariff_energy(b.ACTIVE_IMPORT, 0, 1) - _IMPORT

# All values (table 3.2): description, unit, point, form (display/values.py).
PAGES = (
    (
        ("U Wiring", "", p.WIRING + wiring.VOLTAGE, _FINDING),
        ("I Wiring", "", p.WIRING + wiring.CURRENT, _FINDING),
        ("Addr", "", _S + p.ADDRESS_1, ("count", 0)),
        ("Baud", "", _S + p.BAUD_1, ("count", 0)),
        ("Parity", "", _S + p.PARITY_1, _PARITY),
        ("Hard Ver", "", 0, ("text", "1.00")),
        ("Soft Ver", "", 0, ("text", "1.00")),
        ("Released", "", 0, ("text", "26.11.29")),
        ("Model", "", 0, ("text", "1312")),
        ("EP", "kWh", _IMPORT, _ENERGY),
        ("EP A", "kWh", _IMPORT + _GROUP, _ENERGY),
        ("EP B", "kWh", _IMPORT + 2 * _GROUP, _ENERGY),
        ("EP C", "kWh", _IMPORT + 3 * _GROUP, _ENERGY),
    )
    + _phases("U", "V", _R + p.V1, _VOLTS)
    + _phases("I", "A", _R + p.I1, _AMPS)
    + (("I Sum", "A", _R + p.I_SUM, _AMPS), ("P", "kW", _R + p.P_SUM, _KILO))
    + _phases("P", "kW", _R + p.P1, _KILO)
    + (
        ("F", "Hz", _R + p.FREQUENCY, ("real", 1, 2)),
        ("Temp", "C", p.STATE + p.TEMPERATURE, ("real", 1, 1)),
        ("Run Time", "h", p.STATE + p.RUN_TIME, _HOURS),
        ("Load Time", "h", p.STATE + p.LOAD_TIME, _HOURS),
    )
)
_ENERGY_PAGE = 9
_TEMPERATURE_PAGE = 25
# What the list of important values may have (4.3.4); bit 0 of CHOSEN is the first.
LISTED = (
    PAGES[_ENERGY_PAGE:_TEMPERATURE_PAGE]
    + (("I N", "A", _R + p.I_N, _AMPS),)
    + PAGES[_TEMPERATURE_PAGE : _TEMPERATURE_PAGE + 1]
)

# Settings (table 3.3): description, unit, point, form (display/cycle/menu.py).
SETTINGS = (
    ("Addr", "", _S + p.ADDRESS_1, (3, 0)),
    ("Baud", "", _S + p.BAUD_1, ("choice", tuple([(n, str(n)) for n in BAUDS]))),
    (
        "Parity",
        "",
        _S + p.PARITY_1,
        (
            "choice",
            (
                (v.PARITY_EVEN, "Even"),
                (v.PARITY_ODD, "Odd"),
                (v.PARITY_NONE_2, "None2"),
                (v.PARITY_NONE_1, "None1"),
            ),
        ),
    ),
    ("PULSE", "", _S + p.PULSE_SOURCE, ("choice", ((v.PULSE_ACTIVE, "P"), (v.PULSE_REACTIVE, "q")))),
    (
        "Q Calc",
        "",
        _S + p.REACTIVE_MODE,
        ("choice", ((v.TRUE_REACTIVE, "0"), (v.GENERALIZED_REACTIVE, "1"))),
    ),
    ("PASS", "", PASSWORD, (4, 0)),
    ("Side", "", _S + p.BASIC_MODE, ("choice", ((v.PRESENT_PRIMARY, "1"), (v.PRESENT_SECONDARY, "2")))),
    (
        "Lt",
        "",
        _S + p.WIRING_U,
        (
            "choice",
            (
                (v.WIRING_3LN, "3LN"),
                (v.WIRING_1LN, "1LN"),
                (v.WIRING_1LL, "1LL"),
                (v.WIRING_2LL, "2LL"),
            ),
        ),
    ),
    (
        "CT2",
        "",
        _S + p.CT2,
        ("choice", ((5, "5A"), (1, "1A"), (80, "80mA"), (100, "100mA"), (200, "200mA"))),
    ),
    ("CT1", "A", _S + p.CT1, (5, 0)),
    ("PT2", "V", _S + p.PT2, (4, 1)),
    ("PT1", "V", _S + p.PT1, (7, 1)),
    ("Pn", "", _S + p.PULSE_P, (5, 0)),
    ("PH", "ms", _S + p.PULSE_WIDTH, (3, 0)),
    ("Dec", "", _S + p.ENERGY_DECIMALS, (1, 0)),
    ("Add", "", CHOSEN, ("list", True)),
    ("Remove", "", CHOSEN, ("list", False)),
    ("Wiring", "", _S + p.WIRING_CHECK, ("choice", ((1, "On"), (0, "Off")))),
)
