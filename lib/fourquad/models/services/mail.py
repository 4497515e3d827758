"""Mail (KW320 manual 5.1.8.4, AcuRev 2020 manual 11.2.3): settings, texts, registers and rows of a model with
a network module. The manuals print no registers; they are ours. `mailed`: the model's tables of what a mail
may have (logged.py): the n-th is bit n of the setting; alarms and events are the sixth and the seventh.
"""

from fourquad import points as p
from fourquad.models.rows import HOST, register, secret, service, setting, text, text_register
from fourquad.points import columns as c
from fourquad.points import mail as m

FIRST_TEXT = 0xDC00
SAID = 0xDCE0
_SERVER, _FROM, _SUBJECT, _USER, _PASSWORD, _TO = 40, 40, 30, 40, 32, 40

# Kinds of values, after those of the loggers: the orders of a harmonic, records, maxima and minima.
ORDERS, RECORDS, EXTREMES = 4, 5, 6
PARTS = ("events.mailbox",)


def numbers(seal, mailed):
    """Settings that are numbers, each with a register."""
    return (
        setting(m.MAIL, seal=seal),
        setting(m.MAIL_PORT, 587, 1, 65535, seal=seal),
        setting(m.MAIL_AUTH, seal=seal),
        setting(m.MAIL_TLS, seal=seal),
        setting(m.MAIL_TRIGGERS, high=3, seal=seal),
        setting(m.MAIL_TIMED, seal=seal),
        setting(m.MAIL_INTERVAL, 60, 5, 1440, seal=seal),
        setting(m.MAIL_CONTENTS, 3, 0, (1 << len(mailed)) - 1, seal=seal),
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
        secret(m.MAIL_PASSWORD, longest=_PASSWORD, seal=seal),
    ) + tuple(
        [
            text(m.MAIL_TO + i, longest=_TO, characters=((0x21, 0x3B), (0x3D, 0x3D), (0x3F, 0x7E)), seal=seal)
            for i in range(m.RECIPIENTS)
        ]
    )


def registers(seal, at, mailed):
    """Rows of SETTING_REGISTERS; `at(offset)`: the register of a number."""
    rows = []
    for row in numbers(seal, mailed):
        size = 2 if row[c.HIGH] > 0xFFFF else 1
        rows.append(register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET], size))
    address = FIRST_TEXT
    for row in texts(seal):
        count = row[c.LONGEST] // 2
        rows.append(text_register(address, row))
        address += count
    return tuple(rows)


def writable(seal, at):
    """Rows of WRITABLE."""
    size = sum([row[c.LONGEST] // 2 for row in texts(seal)])
    return ((at(m.MAIL), at(m.MAIL_START) + 1), (FIRST_TEXT, FIRST_TEXT + size - 1))


REGIONS = ((SAID, m.SAYS, "word", m.MAIL_SAYS),)


def services(mailed):
    """Rows of SERVICES."""
    return (service("mail", "client", "mail.client", switch=m.MAIL, tables=mailed),)
