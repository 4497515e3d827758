"""KW320: what the module's data loggers record, and what mails have. No board loads it: it is in what
network.py says.
"""

from fourquad import points as p
from fourquad.models.services import mail, posts
from fourquad.points import alarms as a
from fourquad.points import modules as m

_R = p.PRIMARY
_E = p.ENERGY
_THD = p.HARMONIC + p.THD_V1


def _numbered(name, first, count):
    return " ".join([name + str(first + i) for i in range(count)])


# What may be recorded: five tables of (names of columns, point of the first, kind), and, where points are not
# next to each other, from one to the next; the n-th row is bit n of the table's setting.
PARAMETERS = (
    (
        ("V1 V2 V3 VAVG", _R + p.V1, posts.FLOAT),
        ("V12 V23 V31 VLAVG", _R + p.V12, posts.FLOAT),
        ("I1 I2 I3 IAVG", _R + p.I1, posts.FLOAT),
        ("IN", _R + p.I_N, posts.FLOAT),
        ("P1 P2 P3 P", _R + p.P1, posts.FLOAT),
        ("Q1 Q2 Q3 Q", _R + p.Q1, posts.FLOAT),
        ("S1 S2 S3 S", _R + p.S1, posts.FLOAT),
        ("PF1 PF2 PF3 PF", _R + p.PF1, posts.FLOAT),
        ("F", _R + p.FREQUENCY, posts.FLOAT),
        ("LOAD", _R + p.LOAD_CHARACTER, posts.FLOAT),
    ),
    (
        ("EP_IMP", _E + p.EP_IMP, posts.ENERGY),
        ("EP_EXP", _E + p.EP_EXP, posts.ENERGY),
        ("EQ_IMP", _E + p.EQ_IMP, posts.ENERGY),
        ("EQ_EXP", _E + p.EQ_EXP, posts.ENERGY),
        ("EP_TOTAL", _E + p.EP_TOTAL, posts.ENERGY),
        ("EP_NET", _E + p.EP_NET, posts.ENERGY),
        ("EQ_TOTAL", _E + p.EQ_TOTAL, posts.ENERGY),
        ("EQ_NET", _E + p.EQ_NET, posts.ENERGY),
        ("ES", _E + p.ES, posts.ENERGY),
        ("EP1_IMP EP1_EXP EP2_IMP EP2_EXP EP3_IMP EP3_EXP", _E + p.EP1_IMP, posts.ENERGY),
        ("EQ1_IMP EQ1_EXP EQ2_IMP EQ2_EXP EQ3_IMP EQ3_EXP", _E + p.EQ1_IMP, posts.ENERGY),
        ("ES1 ES2 ES3", _E + p.ES1, posts.ENERGY),
    ),
    (
        ("P_DMD", _R + p.P_DEMAND, posts.FLOAT),
        ("Q_DMD", _R + p.Q_DEMAND, posts.FLOAT),
        ("S_DMD", _R + p.S_DEMAND, posts.FLOAT),
        ("I1_DMD I2_DMD I3_DMD", _R + p.I1_DEMAND, posts.FLOAT),
    ),
    (
        ("THD_V1 THD_V2 THD_V3 THD_V", _THD, posts.HUNDREDTHS),
        ("THD_I1 THD_I2 THD_I3 THD_I", _THD + 4, posts.HUNDREDTHS),
        ("V_UNBALANCE I_UNBALANCE", _R + p.V_UNBALANCE, posts.FLOAT),
    ),
    (
        (_numbered("DI", 1, 14), p.MODULE + m.DI1, posts.WHOLE),
        (_numbered("DI", 15, 14), p.MODULE + m.DI1 + 14, posts.WHOLE),
        (_numbered("COUNT", 1, 14), p.MODULE + m.COUNT1, posts.WHOLE),
        (_numbered("COUNT", 15, 14), p.MODULE + m.COUNT1 + 14, posts.WHOLE),
        (_numbered("RO", 1, m.RELAYS), p.MODULE + m.RELAY1, posts.WHOLE),
        (_numbered("AI", 1, m.ANALOG), p.MODULE + m.AI1, posts.WHOLE),
        (_numbered("AO", 1, m.ANALOG), p.MODULE + m.AO1, posts.FLOAT),
    ),
)
_H = p.HARMONIC
_VOLTAGES = [_H + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * i for i in range(3)]
_CURRENTS = [_H + p.HARMONIC_I1 + p.CURRENT_HARMONICS * i for i in range(3)]
_PARTS = ("RE", "IM")
_TIME = "YEAR,MONTH,DAY,HOUR,MINUTE,SECOND"
_SEQUENCES = " ".join([f"{q}{k}_{part}" for q in "UI" for k in (1, 2, 0) for part in _PARTS])
# In the order of registers/extremes.py.
_EXTREMES = (
    "V1 V2 V3 V12 V23 V31 I1 I2 I3 P Q S PF F P_DMD Q_DMD S_DMD V_UNBALANCE I_UNBALANCE "
    "THD_V1 THD_V2 THD_V3 THD_I1 THD_I2 THD_I3"
)

# What a mail may have: (file, heading, rows); a row is (names of values, point of the first, kind), of
# records (how many, point of the first, mail.RECORDS, words of each). The n-th is bit n of the setting.
MAILED = (
    ("metering", "NAME,VALUE", PARAMETERS[0]),
    ("energy", "NAME,VALUE", PARAMETERS[1]),
    (
        "harmonics",
        "NAME,PERCENT",
        PARAMETERS[3][:2]
        + tuple([(f"V{i + 1}", first, mail.ORDERS) for i, first in enumerate(_VOLTAGES)])
        + tuple([(f"I{i + 1}", first, mail.ORDERS) for i, first in enumerate(_CURRENTS)]),
    ),
    (
        "sequence",
        "NAME,VALUE",
        (
            (_SEQUENCES, _H + p.SEQUENCE_U, posts.WHOLE),
            ("ANGLE_V2 ANGLE_V3 ANGLE_I1 ANGLE_I2 ANGLE_I3", p.SECONDARY + p.ANGLE_V2, 0),
        ),
    ),
    ("extremes", "NAME,VALUE," + _TIME, ((_EXTREMES, p.EXTREME, mail.EXTREMES),)),
    ("alarms", "STATUS,CODE,VALUE," + _TIME + ",MS", ((a.RECORDS, p.ALARM, mail.RECORDS, a.WORDS),)),
    ("events", _TIME + ",MS,INPUTS", ((m.EVENTS, p.SEQUENCE, mail.RECORDS, 8),)),
)
