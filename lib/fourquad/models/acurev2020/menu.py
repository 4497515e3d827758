"""AcuRev 2020: keys and pages of its display (manual, chapter 6: menu NET); the
pages before it are ours."""

from fourquad import points as p
from fourquad.points import circuits as c
from fourquad.points import network as n

PANEL = "tree"  # which kind of panel: display/panels.py
KEYS = ("UP", "DOWN", "LEFT", "RIGHT")
CHORDS = ()
UP, DOWN, LEFT, RIGHT = 0, 1, 2, 3

_R = p.PRESENTED
_S = p.SETTING
VOCABULARY = _S + p.NOMINAL_FREQUENCY
SYSTEM = _S + c.CIRCUIT_WIRING
SYSTEMS = (c.EACH_1LN, c.USERS_2LN, c.USERS_3LN)
_ALL = 7
WRENCH = (p.STATE + p.SYSTEM_STATUS, 3)
PASSWORD_TEXT = "PASWD"
IDLE = 120000  # ms without a key until what is locked is left


def _page(word, point, form, unit="", note="", systems=_ALL):
    return (word, word, note, unit, point, form, systems)


def _phases(word, unit, reading, form=("scaled",)):
    return tuple([_page(word, _R + reading + i, form, unit, "ABC"[i]) for i in range(3)])


def _inputs(word, unit, field):
    return tuple(
        [
            _page(f"{word}{n + 1}", c.READINGS + c.FIELDS * n + field, ("scaled",), unit)
            for n in range(c.INPUTS)
        ]
    )


_FACTOR = ("real", 1, 3)
_VOLTS = _phases("U", "V", p.V1) + _phases("ULL", "V", p.V12)
_AMPS = _phases("I", "A", p.I1) + _inputs("I", "A", c.AMPS)
_POWER = (
    _phases("P", "W", p.P1)
    + _phases("Q", "VAR", p.Q1)
    + _phases("S", "VA", p.S1)
    + _phases("PF", "", p.PF1, _FACTOR)
    + _inputs("P", "W", c.P)
)


_COUNT = ("count", 1)  # of 0.1 kWh
_ENERGIES = (
    _page("EP", c.ENERGY + c.GROUPS * c.P_IMPORT + c.TOTAL, _COUNT, "kWh"),
    _page("EQ", c.ENERGY + c.GROUPS * c.Q_IMPORT + c.TOTAL, _COUNT, "kVARh"),
    _page("ES", c.ENERGY + c.GROUPS * c.APPARENT + c.TOTAL, _COUNT, "kVAh"),
) + tuple([_page(f"EP{n + 1}", c.ENERGY + n, _COUNT, "kWh") for n in range(c.INPUTS)])


def _demands(word, kind):
    """Of P, Q and S of the system: the last one (0), what is predicted (1), the maximum (2)."""
    at = c.DEMAND + 4 * c.GROUPS * kind + 4 * c.TOTAL
    units = ("W", "VAR", "VA")
    return tuple([_page(f"{'PQS'[i]} {word}", at + i, ("scaled",), units[i]) for i in range(3)])


_DEMANDS = _demands("DMD", 0) + _demands("PRED", 1) + _demands("MAX", 2)


def _fields(word, ring, *instead):
    return _page(word, _S + p.PASSWORD, ("fields", ring) + instead)


def _octets(first):
    return tuple([_page(f"BYTE{i + 1}", _S + first + i, ("number", 3, 0, 1)) for i in range(4)])


def _assigned(first):
    """Bytes of an address that DHCP has given: they are read only."""
    return tuple([_page(f"BYTE{i + 1}", n.ASSIGNED + first + i, ("count", 0)) for i in range(4)])


# The menu NET (chapter 6): what is set there waits for a reset of the module, P09, or for power to come back.
_NET = (
    _fields("P01", 5),
    _fields("P02", 6, _S + n.DHCP, 15),
    _fields("P03", 7, _S + n.DHCP, 16),
    _fields("P04", 8, _S + n.DHCP, 17),
    _fields("P05", 9),
    _fields("P06", 10),
    _fields("P07", 11),
    _fields("P08", 12),
    _page("P09", _S + p.MODULE_RESET, ("order", 1)),
    _page("P10", _S + p.PASSWORD, ("order", 0)),
)
RINGS = (
    (
        _page("P", _R + p.P_SUM, ("scaled",), "W"),
        _page("Q", _R + p.Q_SUM, ("scaled",), "VAR"),
        _page("S", _R + p.S_SUM, ("scaled",), "VA"),
        _page("PF", _R + p.PF_SUM, _FACTOR),
        _page("HZ", _R + p.FREQUENCY, ("real", 1, 2), "Hz"),
        _page("VOLTS", 0, ("ring", 1, None)),
        _page("AMPS", 0, ("ring", 2, None)),
        _page("POWER", 0, ("ring", 3, None)),
        _page("ENERG", 0, ("ring", 13, None)),
        _page("DEMND", 0, ("ring", 14, None)),
        _page("NET", _S + n.DHCP, ("ring", 4, _S + p.PASSWORD)),
    ),
    _VOLTS,
    _AMPS,
    _POWER,
    _NET,
    (_page("DHCP", _S + n.DHCP, ("choice", ((0, "MANU"), (1, "AUTO")))),),
    _octets(n.IP),
    _octets(n.MASK),
    _octets(n.GATEWAY),
    _octets(n.DNS_1),
    _octets(n.DNS_2),
    (_page("PORT", _S + n.MODBUS_PORT, ("number", 4, 0, 1)),),
    (_page("HTTP", _S + n.HTTP_PORT, ("number", 4, 0, 1)),),
    _ENERGIES,
    _DEMANDS,
    _assigned(0),
    _assigned(4),
    _assigned(8),
)
