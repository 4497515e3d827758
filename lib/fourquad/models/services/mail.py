"""Mail (KW320 manual 5.1.8.4): settings, texts, registers and rows of a model with a network module. The
manual prints no registers; they are ours.
"""

from fourquad import points as p
from fourquad.models.rows import HOST, register, service, setting, text
from fourquad.models.services.posts import PARAMETERS
from fourquad.points import alarms as a
from fourquad.points import columns as c
from fourquad.points import mail as m
from fourquad.points import modules

FIRST_TEXT = 0xDC00
SAID = 0xDCE0
_SERVER, _FROM, _SUBJECT, _USER, _PASSWORD, _TO = 40, 40, 30, 40, 32, 40

# Kinds of values: those of PARAMETERS (events/module_log.py), then the orders of a harmonic, and records.
_HUNDREDTHS, _WHOLE, _ORDERS, _RECORDS = 2, 3, 4, 5
_H = p.HARMONIC
_VOLTAGES = [_H + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * i for i in range(3)]
_CURRENTS = [_H + p.HARMONIC_I1 + p.CURRENT_HARMONICS * i for i in range(3)]
_PARTS = ("RE", "IM")
_TIME = "YEAR,MONTH,DAY,HOUR,MINUTE,SECOND"
_SEQUENCES = " ".join([f"{q}{k}_{part}" for q in "UI" for k in (1, 2, 0) for part in _PARTS])

# What a mail may have: (file, heading, rows); a row is (names of values, point of the first, kind), of
# records (how many, point of the first, _RECORDS, words of each). The n-th is bit n of the setting.
MAILED = (
    ("metering", "NAME,VALUE", PARAMETERS[0]),
    ("energy", "NAME,VALUE", PARAMETERS[1]),
    (
        "harmonics",
        "NAME,PERCENT",
        PARAMETERS[3][:2]
        + tuple([(f"V{i + 1}", first, _ORDERS) for i, first in enumerate(_VOLTAGES)])
        + tuple([(f"I{i + 1}", first, _ORDERS) for i, first in enumerate(_CURRENTS)]),
    ),
    (
        "sequence",
        "NAME,VALUE",
        (
            (_SEQUENCES, _H + p.SEQUENCE_U, _WHOLE),
            ("ANGLE_V2 ANGLE_V3 ANGLE_I1 ANGLE_I2 ANGLE_I3", p.SECONDARY + p.ANGLE_V2, 0),
        ),
    ),
    ("extremes", "VALUE," + _TIME, ((2 * p.EXTREMES, p.EXTREME, _RECORDS, p.EXTREME_FIELDS),)),
    ("alarms", "STATUS,CODE,VALUE," + _TIME + ",MS", ((a.RECORDS, p.ALARM, _RECORDS, a.WORDS),)),
    ("events", _TIME + ",MS,INPUTS", ((modules.EVENTS, p.SEQUENCE, _RECORDS, 8),)),
)
PARTS = ("events.mailbox",)


def numbers(seal):
    """Settings that are numbers, each with a register."""
    return (
        setting(m.MAIL, seal=seal),
        setting(m.MAIL_PORT, 587, 1, 65535, seal=seal),
        setting(m.MAIL_AUTH, seal=seal),
        setting(m.MAIL_TLS, seal=seal),
        setting(m.MAIL_TRIGGERS, high=3, seal=seal),
        setting(m.MAIL_TIMED, seal=seal),
        setting(m.MAIL_INTERVAL, 60, 5, 1440, seal=seal),
        setting(m.MAIL_CONTENTS, 3, 0, (1 << len(MAILED)) - 1, seal=seal),
        setting(m.MAIL_TEST, high=m.RECIPIENTS, seal=seal),
        setting(m.MAIL_START, high=0x3FFFFFFF, seal=seal),
    )


def texts(seal):
    """Texts, in the order of their registers, which take half as many as the longest has characters."""
    return (
        text(m.MAIL_SERVER, longest=_SERVER, characters=HOST, seal=seal),
        text(m.MAIL_FROM, longest=_FROM, seal=seal),
        text(m.MAIL_SUBJECT, b"Meter data", longest=_SUBJECT, seal=seal),
        text(m.MAIL_USER, longest=_USER, seal=seal),
        text(m.MAIL_PASSWORD, longest=_PASSWORD, seal=seal),
    ) + tuple(
        [
            text(m.MAIL_TO + i, longest=_TO, characters=((0x21, 0x3B), (0x3D, 0x3D), (0x3F, 0x7E)), seal=seal)
            for i in range(m.RECIPIENTS)
        ]
    )


def registers(seal, at):
    """Rows of SETTING_REGISTERS; `at(offset)`: the register of a number."""
    rows = []
    for row in numbers(seal):
        size = 2 if row[c.HIGH] > 0xFFFF else 1
        rows.append(register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET], size))
    address = FIRST_TEXT
    for row in texts(seal):
        count = row[c.LONGEST] // 2
        rows.append(register(address, p.SETTING + row[c.OFFSET], count, "text"))
        address += count
    return tuple(rows)


def writable(seal, at):
    """Rows of WRITABLE."""
    size = sum([row[c.LONGEST] // 2 for row in texts(seal)])
    return ((at(m.MAIL), at(m.MAIL_START) + 1), (FIRST_TEXT, FIRST_TEXT + size - 1))


REGIONS = ((SAID, m.SAYS, "word", m.MAIL_SAYS),)
SERVICES = (service("mail", "client", "mail.client", switch=m.MAIL, tables=MAILED),)
