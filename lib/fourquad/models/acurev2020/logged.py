"""AcuRev 2020: what the WEB module's data loggers record, and what mails have (manual 11.2.3, 11.2.5). No
board loads it: it is in what network.py says.
"""

from fourquad import points as p
from fourquad.models.acurev2020.settings import ALARM_RECORDS
from fourquad.models.services import mail, posts
from fourquad.points import alarms as a
from fourquad.points import circuits as c
from fourquad.points import modules as m

_R = p.PRIMARY
_THD = p.HARMONIC + p.THD_V1
_INPUTS = tuple([str(n + 1) for n in range(c.INPUTS)])
_USERS = tuple([f"U{n + 1}" for n in range(c.USERS)])
_PHASES = ("A", "B", "C")
_FIELDS = ("I", "P", "Q", "S", "PF", "LOAD")
_DEMANDS = ("P_DMD", "Q_DMD", "S_DMD", "I_DMD")
_SOURCES = ("EP_IMP", "EP_EXP", "EQ_IMP", "EQ_EXP", "ES")


def _names(name, whose):
    return " ".join([f"{name}_{who}" for who in whose])


def _all(names, whose):
    return " ".join([f"{name}_{who}" for who in whose for name in names])


def _reading(whose, first, field):
    """A quantity of groups that follow on each other."""
    at = c.READINGS + c.FIELDS * first + field
    return (_names(_FIELDS[field], whose), at, posts.FLOAT, c.FIELDS)


def _energy(source):
    """Of the inputs, the user channels, the phases and the system."""
    name, at = _SOURCES[source], c.ENERGY + c.GROUPS * source
    return (
        (_names(name, _INPUTS), at, posts.ENERGY),
        (_names(name, _USERS), at + c.FIRST_USER, posts.ENERGY),
        (_names(name, _PHASES) + " " + name, at + c.FIRST_PHASE, posts.ENERGY),
    )


def _demand(whose, first, quantity, kind=0, word=""):
    at = c.DEMAND + 4 * c.GROUPS * kind + 4 * first + quantity
    return (_names(_DEMANDS[quantity] + word, whose), at, posts.FLOAT, 4)


def _demands(kind=0, word=""):
    """Of the system, the phases, the inputs, the user channels; `kind`: 0 the last one, 2 the maximum."""
    at = c.DEMAND + 4 * c.GROUPS * kind
    names = [name + word for name in _DEMANDS]
    return (
        (
            (" ".join(names), at + 4 * c.TOTAL, posts.FLOAT),
            (_all(names, _PHASES), at + 4 * c.FIRST_PHASE, posts.FLOAT),
        )
        + tuple([_demand(_INPUTS, 0, quantity, kind, word) for quantity in range(4)])
        + tuple([_demand(_USERS, c.FIRST_USER, quantity, kind, word) for quantity in range(3)])
    )


def _spectrum(name, place):
    return (_names(name, _INPUTS), c.SPECTRUM + place, posts.HUNDREDTHS, c.WORDS)


_REAL = (
    ("V1 V2 V3 VAVG", _R + p.V1, posts.FLOAT),
    ("V12 V23 V31 VLAVG", _R + p.V12, posts.FLOAT),
    ("F", _R + p.FREQUENCY, posts.FLOAT),
    (" ".join(_FIELDS), c.READINGS + c.FIELDS * c.TOTAL, posts.FLOAT),
    (_all(_FIELDS, _PHASES), c.READINGS + c.FIELDS * c.FIRST_PHASE, posts.FLOAT),
)
_REAL += tuple([_reading(_INPUTS, 0, field) for field in range(c.NATURE)])
_REAL += tuple([_reading(_USERS, c.FIRST_USER, field) for field in range(c.NATURE)])
_ENERGY = ()
for _source in range(len(_SOURCES)):
    _ENERGY += _energy(_source)
_OF_V = ("THD_V1 THD_V2 THD_V3 THD_V", _THD, posts.HUNDREDTHS)

# What may be recorded: as those of the kw320.
PARAMETERS = (
    _REAL,
    _ENERGY,
    _demands(),
    (
        _OF_V,
        ("V_UNBALANCE I_UNBALANCE", _R + p.V_UNBALANCE, posts.FLOAT),
        _spectrum("THD", c.THD),
        _spectrum("ODD", c.ODD),
        _spectrum("EVEN", c.EVEN),
    ),
    (
        (" ".join([f"DI{n + 1}" for n in range(8)]), p.MODULE + m.DI1, posts.WHOLE),
        (" ".join([f"COUNT{n + 1}" for n in range(8)]), p.MODULE + m.COUNT1, posts.WHOLE),
        (" ".join([f"RO{n + 1}" for n in range(8)]), p.MODULE + m.RELAY1, posts.WHOLE),
    ),
)

_TIME = "YEAR,MONTH,DAY,HOUR,MINUTE,SECOND"
_SEQUENCE = " ".join([f"U{k}_{part}" for k in (1, 2, 0) for part in ("RE", "IM")])
_VOLTAGES = [p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k for k in range(3)]

# What a mail may have: as those of the kw320; of maxima there are those of the demands.
MAILED = (
    ("metering", "NAME,VALUE", _REAL),
    ("energy", "NAME,VALUE", _ENERGY),
    (
        "harmonics",
        "NAME,PERCENT",
        (_OF_V, _spectrum("THD", c.THD))
        + tuple([(f"V{k + 1}", first, mail.ORDERS) for k, first in enumerate(_VOLTAGES)])
        + tuple(
            [
                (f"I_{n + 1}", c.SPECTRUM + c.WORDS * n + c.THD + 1, mail.ORDERS, c.ORDERS)
                for n in range(c.INPUTS)
            ]
        ),
    ),
    (
        "sequence",
        "NAME,VALUE",
        (
            (_SEQUENCE, p.HARMONIC + p.SEQUENCE_U, posts.WHOLE),
            ("ANGLE_V2 ANGLE_V3", p.SECONDARY + p.ANGLE_V2, posts.FLOAT),
            (_names("ANGLE_I", _INPUTS), c.READINGS + c.ANGLE, posts.FLOAT),
        ),
    ),
    ("maxima", "NAME,VALUE", _demands(2, "_MAX")),
    (
        "alarms",
        "STATUS,CODE,VALUE," + _TIME + ",MS",
        ((ALARM_RECORDS, c.ALARM_RECORDS, mail.RECORDS, a.WORDS),),
    ),
    ("events", _TIME + ",MS,INPUTS", ((m.EVENTS, p.SEQUENCE, mail.RECORDS, 8),)),
)
