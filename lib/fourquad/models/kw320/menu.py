"""KW320: keys, modes and pages of the panel (manual 3.1-3.7; docs/kw320/menu.md). The manual's figures are
lost: where its notes do not give the order of pages, the order here is ours.
"""

from fourquad import points as p
from fourquad.models.kw320.module_menu_rows import DIGITAL as _DIGITAL
from fourquad.models.kw320.setting_menu_rows import GROUPS
from fourquad.points import alarms as a
from fourquad.points import billing as b

KEYS = ("H", "P", "E", "V/A")
H, P, E, V = 0, 1, 2, 3
CHOOSE = 4  # H and V/A together
CHORDS = ((H, V, CHOOSE),)
# What the four keys do wherever something is chosen or edited (3.2, 3.6).
NEXT_DIGIT, UP, DOWN, ENTER = H, P, E, V

WIRING = p.SETTING + p.WIRING_U
# Bits of the voltage wirings 3LN, 1LN, 2LL, 3LL, 1LL.
WIRINGS = ("3LN", "1LN", "2LL", "3LL", "1LL")
# Bits after these: the modules by their bits in MODULES.
MODULE_NAMES = ("IO11", "IO12", "IO21", "IO22", "IO31", "IO32")
_3LN = 1
_1LN = 2
_LL = 4 | 8  # 2LL and 3LL: no phase voltage, no neutral, no power by phase
_1LL = 16
_ALL = 31
DELTA = _LL
_A = _3LN | _1LN | _1LL  # phase A
_B = _3LN | _1LL
_C = _3LN

_R = p.PRIMARY


def _phases(base, kind, total, total_label, total_wirings):
    return (
        (0, _R + base, kind, "1", _A),
        (1, _R + base + 1, kind, "2", _B),
        (2, _R + base + 2, kind, "3", _C),
        (3, _R + total, kind, total_label, total_wirings),
    )


# A page: (name, item icons, flags, rows). A row: (place 0-3, point, kind of number, label, wirings with it);
# of a label with "/" the second half is for the wirings of DELTA. The kind "word" shows the label itself.
# A page without a row in the present wiring is left out. Pages of one key are a ring.
_VOLTAGE_CURRENT = (
    ("Phase voltages", "U", "", _phases(p.V1, "V", p.V_AVG, "avg", _B)),
    ("Phase currents and neutral", "I", "", _phases(p.I1, "A", p.I_N, "N", _B)),
    (
        "Line voltages",
        "U",
        "",
        (
            (0, _R + p.V12, "V", "1-2", _B | _LL),
            (1, _R + p.V23, "V", "2-3", _C | _LL),
            (2, _R + p.V31, "V", "3-1", _C | _LL),
            (3, _R + p.VL_AVG, "V", "avg", _C | _LL),
        ),
    ),
    (
        "Currents and average",
        "I",
        "",
        (
            (0, _R + p.I1, "A", "1", _B | _LL),
            (1, _R + p.I2, "A", "2", _B | _LL),
            (2, _R + p.I3, "A", "3", _C | _LL),
            (3, _R + p.I_AVG, "A", "avg", _B | _LL),
        ),
    ),
)

_POWER = (
    ("Active power", "P", "", _phases(p.P1, "W", p.P_SUM, "sum", _B)),
    ("Reactive power", "Q", "", _phases(p.Q1, "var", p.Q_SUM, "sum", _B)),
    ("Apparent power", "S", "", _phases(p.S1, "VA", p.S_SUM, "sum", _B)),
    ("Power factor", "PF", "", _phases(p.PF1, "PF", p.PF_SUM, "sum", _B)),
    (
        "System power",
        "PQS",
        "",
        (
            (0, _R + p.P_SUM, "W", "sum", _B | _LL),
            (1, _R + p.Q_SUM, "var", "sum", _B | _LL),
            (2, _R + p.S_SUM, "VA", "sum", _B | _LL),
        ),
    ),
    (
        "System power factor and frequency",
        "PFF",
        "",
        (
            (0, _R + p.PF_SUM, "PF", "sum", _B | _LL),
            (1, _R + p.FREQUENCY, "Hz", "F", _ALL),
        ),
    ),
)

_ANGLES = (
    (
        "Angles of the voltages",
        "\u2220U",
        "",
        (
            (1, _R + p.ANGLE_V2, "deg", "2", _B),
            (2, _R + p.ANGLE_V3, "deg", "3", _C),
            (1, _R + p.ANGLE_V2, "deg", "2-3", _LL),
            (2, _R + p.ANGLE_V3, "deg", "3-1", _LL),
        ),
    ),
    (
        "Angles of the currents",
        "\u2220I",
        "",
        (
            (0, _R + p.ANGLE_I1, "deg", "1", _ALL),
            (1, _R + p.ANGLE_I2, "deg", "2", _B | _LL),
            (2, _R + p.ANGLE_I3, "deg", "3", _C | _LL),
        ),
    ),
    (
        "Unbalance",
        "UI",
        "Unbalance",
        (
            (0, _R + p.V_UNBALANCE, "%", "U", _3LN | _LL),
            (1, _R + p.I_UNBALANCE, "%", "I", _3LN | _LL),
        ),
    ),
)


_X = p.EXTREME + p.EXTREMES_SHOWN
_HD = p.HARMONIC
_HU = _HD + p.HARMONIC_V1 + p.ORDERS
_HI = _HD + p.HARMONIC_I1 + p.ORDERS
_US = p.VOLTAGE_HARMONICS
_IS = p.CURRENT_HARMONICS


def _three(first, kind, stride=1):
    """Rows of three currents."""
    return (
        (0, first, kind, "1", _ALL),
        (1, first + stride, kind, "2", _B | _LL),
        (2, first + 2 * stride, kind, "3", _C | _LL),
    )


def _voltages(first, kind, stride=1):
    """Rows of the voltages that harmonics have: phases, or V12, V31, V23 in 2LL and 3LL."""
    return (
        (0, first, kind, "1/1-2", _ALL),
        (1, first + stride, kind, "2/3-1", _B | _LL),
        (2, first + 2 * stride, kind, "3/2-3", _C | _LL),
    )


def _sums(first):
    return (
        (0, first, "W", "sum", _ALL),
        (1, first + 1, "var", "sum", _ALL),
        (2, first + 2, "VA", "sum", _ALL),
    )


def _named(word):
    """A word in the fourth row."""
    return ((3, None, "word", word, _ALL),)


# Maxima; the minima are 25 points after them. The demands of the currents have no minima.
_EXTREMES = (
    (
        "Phase voltages",
        "U",
        "",
        ((0, _X, "V", "1", _A), (1, _X + 1, "V", "2", _B), (2, _X + 2, "V", "3", _C)),
    ),
    (
        "Line voltages",
        "U",
        "",
        (
            (0, _X + 3, "V", "1-2", _B | _LL),
            (1, _X + 4, "V", "2-3", _C | _LL),
            (2, _X + 5, "V", "3-1", _C | _LL),
        ),
    ),
    ("Currents", "I", "", _three(_X + 6, "A")),
    ("System power", "PQS", "", _sums(_X + 9)),
    (
        "System power factor and frequency",
        "PFF",
        "",
        ((0, _X + 12, "PF", "sum", _ALL), (1, _X + 13, "Hz", "F", _ALL)),
    ),
    ("Demands of the system", "DMD", "", _sums(_X + 14)),
    (
        "Unbalance",
        "UI",
        "Unbalance",
        ((0, _X + 17, "%", "U", _3LN | _LL), (1, _X + 18, "%", "I", _3LN | _LL)),
    ),
    ("THD of the voltages", "U", "THD", _voltages(_X + 19, "HD")),
    ("THD of the currents", "I", "THD", _three(_X + 22, "HD")),
    ("Demands of the currents", "DMD", "", _three(_X + 2 * p.EXTREMES, "A")),
)

_QUALITY = (
    (
        "THD of the voltages",
        "U",
        "THD",
        _voltages(_HD + p.THD_V1, "HD") + ((3, _HD + p.THD_V1 + 3, "HD", "avg", _B | _LL),),
    ),
    ("Odd harmonics of the voltages", "U", "", _voltages(_HU, "HD", _US) + _named("ODD")),
    ("Even harmonics of the voltages", "U", "", _voltages(_HU + 1, "HD", _US) + _named("EVEN")),
    ("THFF of the voltages", "U", "", _voltages(_HU + 3, "HD", _US) + _named("THFF")),
    ("Crest factors of the voltages", "U", "", _voltages(_HU + 2, "CF", _US) + _named("CF")),
    (
        "THD of the currents",
        "I",
        "THD",
        _three(_HD + p.THD_I1, "HD") + ((3, _HD + p.THD_I1 + 3, "HD", "avg", _B | _LL),),
    ),
    ("Odd harmonics of the currents", "I", "", _three(_HI, "HD", _IS) + _named("ODD")),
    ("Even harmonics of the currents", "I", "", _three(_HI + 1, "HD", _IS) + _named("EVEN")),
    ("K factors of the currents", "I", "", _three(_HI + 2, "KF", _IS) + _named("KF")),
)
# 62 pages each, the order of the harmonic after the icon
_RATIO_U = (("Harmonics of the voltages", "U", "", _voltages(_HU - p.ORDERS, "HD", _US), p.ORDERS, 2),)
_RATIO_I = (("Harmonics of the currents", "I", "", _three(_HI - p.ORDERS, "HD", _IS), p.ORDERS, 2),)

# Whether there is a current demand of phases B and C is as with the currents themselves (3.4).
_DEMANDS = (
    ("Demands of the system", "DMD", "", _sums(_R + p.P_DEMAND)),
    ("Demands of the currents", "DMD", "", _three(_R + p.I1_DEMAND, "A")),
)

# A mode: (name, rings), or (name, None) for the settings. A ring: (how it is reached, pages, what is added to
# their points, their flag).
MODES = (
    ("Meter", (("key V/A", _VOLTAGE_CURRENT, 0, ""), ("key P", _POWER, 0, ""), ("key H", _ANGLES, 0, ""))),
    ("Max/Min", (("maxima", _EXTREMES, 0, "MAX"), ("minima (V/A)", _EXTREMES, p.EXTREMES, "MIN"))),
    ("Demand", (("demands", _DEMANDS, 0, ""),)),
    (
        "Harmonic",
        (
            ("power quality (H)", _QUALITY, 0, ""),
            ("ratios of the voltages (V/A)", _RATIO_U, 0, ""),
            ("ratios of the currents (V/A again)", _RATIO_I, 0, ""),
        ),
    ),
    ("Setting", None),
    ("Digital I/O", (("modules", _DIGITAL, 0, ""),)),
)
# Bits of MODULES of which a mode needs one.
MODE_MODULES = (0, 0, 0, 0, 0, 63)
SETTING_MODE = 4
# For every ring of a mode: what H, P, E and V/A do (display/rows/menu.py).
_LINE = -1
_NEXT = -2
_BACK = -3
_NONE = -4
_SAME = 16
MODE_KEYS = (
    ((2, 1, _LINE, 0),) * 3,
    ((_NONE, _NEXT, _BACK, _SAME + 1), (_NONE, _NEXT, _BACK, _SAME + 0)),
    ((_NONE, _NEXT, _BACK, _NONE),),
    ((0, _NONE, _NONE, 1), (0, _NEXT, _BACK, _SAME + 2), (0, _NEXT, _BACK, _SAME + 1)),
    (),
    ((_NONE, _NEXT, _BACK, _NONE),),
)

# The fifth line: (name, kind, first point, unit, flag); kinds: "energy", "date", "time", "hours".
ENERGY_SIDE = p.SETTING + p.ENERGY_SIDE
LINES = (
    ("Active energy, import", "energy", p.ENERGY + p.EP_IMP, "kWh", "Imp"),
    ("Active energy, export", "energy", p.ENERGY + p.EP_EXP, "kWh", "Exp"),
    ("Active energy, total", "energy", p.ENERGY + p.EP_TOTAL, "kWh", "Total"),
    ("Active energy, net", "energy", p.ENERGY + p.EP_NET, "kWh", "Net"),
    ("Reactive energy, import", "energy", p.ENERGY + p.EQ_IMP, "kvarh", "Imp"),
    ("Reactive energy, export", "energy", p.ENERGY + p.EQ_EXP, "kvarh", "Exp"),
    ("Reactive energy, total", "energy", p.ENERGY + p.EQ_TOTAL, "kvarh", "Total"),
    ("Reactive energy, net", "energy", p.ENERGY + p.EQ_NET, "kvarh", "Net"),
    ("Apparent energy", "energy", p.ENERGY + p.ES, "kVAh", ""),
    ("Date", "date", p.STATE + p.YEAR, "", ""),
    ("Time", "time", p.STATE + p.HOUR, "", ""),
    ("Running time", "hours", p.STATE + p.RUN_TIME, "h", ""),
)

# The icons next to the rows.
LOAD = _R + p.LOAD_PERCENT
QUADRANT = _R + p.QUADRANT
LOAD_TYPE = _R + p.LOAD_CHARACTER
MODULES = p.STATE + p.MODULES
# Modules of a kind: what is shown of one of them (of two with x2 after it), and their bits in MODULES.
MODULE_ICONS = (("M1", 3), ("M2", 12), ("M3", 48))
# The network module's icon by the second protocol; the owner of the meter knows whether there is one.
NETWORK_PROTOCOL = p.SETTING + p.SECOND_PROTOCOL
NETWORK_ICONS = ("ETH", "BACNET", "MESH", "ETH")
TARIFF = p.BILLING + b.TARIFF
TARIFF_ON = p.SETTING + p.TOU_ON
SEAL_STATE = p.STATE + p.SEAL_STATE
SEALED = 10
BACKLIGHT, FLASHES = p.SETTING + p.BACKLIGHT, p.ALARM + a.FLASHES
PASSWORD = p.SETTING + p.PASSWORD
ADDRESS = p.SETTING + p.ADDRESS_1

# Times of the panel in ms; the first is the manual's (3.6 A), the others are ours.
ADDRESS_TIME = 3000
SETTING_TIME = 180000
CHOOSING_TIME = 30000

__all__ = ("GROUPS",)
