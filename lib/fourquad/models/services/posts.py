"""The module's data loggers and their posts (KW320 manual 5.1.8.6, 5.1.8.7): settings, texts, registers and
rows of a model with a network module. The manual prints no registers; they are ours.
"""

from fourquad import points as p
from fourquad.models.rows import register, service, setting, text
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import posts as q

FIRST = 0xDA00  # the register of the first number
SAID = 0xDA80  # of what the part says
FIRST_TEXT = 0xDD40

# Kinds of values (events/module_log.py).
_FLOAT, _ENERGY, _HUNDREDTHS, _WHOLE = range(4)
_R = p.PRIMARY
_E = p.ENERGY
_THD = p.HARMONIC + p.THD_V1


def _numbered(name, first, count):
    return " ".join([name + str(first + i) for i in range(count)])


# What may be recorded: five tables of (names of columns, point of the first, kind); the n-th row is bit n of
# the table's setting.
PARAMETERS = (
    (
        ("V1 V2 V3 VAVG", _R + p.V1, _FLOAT),
        ("V12 V23 V31 VLAVG", _R + p.V12, _FLOAT),
        ("I1 I2 I3 IAVG", _R + p.I1, _FLOAT),
        ("IN", _R + p.I_N, _FLOAT),
        ("P1 P2 P3 P", _R + p.P1, _FLOAT),
        ("Q1 Q2 Q3 Q", _R + p.Q1, _FLOAT),
        ("S1 S2 S3 S", _R + p.S1, _FLOAT),
        ("PF1 PF2 PF3 PF", _R + p.PF1, _FLOAT),
        ("F", _R + p.FREQUENCY, _FLOAT),
        ("LOAD", _R + p.LOAD_CHARACTER, _FLOAT),
    ),
    (
        ("EP_IMP", _E + p.EP_IMP, _ENERGY),
        ("EP_EXP", _E + p.EP_EXP, _ENERGY),
        ("EQ_IMP", _E + p.EQ_IMP, _ENERGY),
        ("EQ_EXP", _E + p.EQ_EXP, _ENERGY),
        ("EP_TOTAL", _E + p.EP_TOTAL, _ENERGY),
        ("EP_NET", _E + p.EP_NET, _ENERGY),
        ("EQ_TOTAL", _E + p.EQ_TOTAL, _ENERGY),
        ("EQ_NET", _E + p.EQ_NET, _ENERGY),
        ("ES", _E + p.ES, _ENERGY),
        ("EP1_IMP EP1_EXP EP2_IMP EP2_EXP EP3_IMP EP3_EXP", _E + p.EP1_IMP, _ENERGY),
        ("EQ1_IMP EQ1_EXP EQ2_IMP EQ2_EXP EQ3_IMP EQ3_EXP", _E + p.EQ1_IMP, _ENERGY),
        ("ES1 ES2 ES3", _E + p.ES1, _ENERGY),
    ),
    (
        ("P_DMD", _R + p.P_DEMAND, _FLOAT),
        ("Q_DMD", _R + p.Q_DEMAND, _FLOAT),
        ("S_DMD", _R + p.S_DEMAND, _FLOAT),
        ("I1_DMD I2_DMD I3_DMD", _R + p.I1_DEMAND, _FLOAT),
    ),
    (
        ("THD_V1 THD_V2 THD_V3 THD_V", _THD, _HUNDREDTHS),
        ("THD_I1 THD_I2 THD_I3 THD_I", _THD + 4, _HUNDREDTHS),
        ("V_UNBALANCE I_UNBALANCE", _R + p.V_UNBALANCE, _FLOAT),
    ),
    (
        (_numbered("DI", 1, 14), p.MODULE + m.DI1, _WHOLE),
        (_numbered("DI", 15, 14), p.MODULE + m.DI1 + 14, _WHOLE),
        (_numbered("COUNT", 1, 14), p.MODULE + m.COUNT1, _WHOLE),
        (_numbered("COUNT", 15, 14), p.MODULE + m.COUNT1 + 14, _WHOLE),
        (_numbered("RO", 1, m.RELAYS), p.MODULE + m.RELAY1, _WHOLE),
        (_numbered("AI", 1, m.ANALOG), p.MODULE + m.AI1, _WHOLE),
        (_numbered("AO", 1, m.ANALOG), p.MODULE + m.AO1, _FLOAT),
    ),
)
PARTS = ("events.loggers",)
STORAGE = (("module1", 1648, 4), ("module2", 1648, 4), ("module3", 1648, 4), ("posts", 4, 4))

# Codes of events/spans.py: 1 s, 1 min, 15 min, 1 h, 1 day, 1 month; files that are fetched.
_S, _MIN, _QUARTER, _HOUR, _DAY, _MONTH = 0, 5, 8, 10, 14, 16
_LOCAL = (_HOUR, _DAY, 15, _MONTH)

_FILE = ((0x2D, 0x2E), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))  # - . 0-9 A-Z _ a-z
_URL = ((0x21, 0x7E),)
_URL_MOST, _USER_MOST, _SECRET_MOST, _NAME_MOST, _PREFIX_MOST = 80, 40, 48, 32, 16


def numbers(seal):
    """Settings that are numbers, each with a register."""
    rows = []
    for n in range(q.LOGGERS):
        at = q.LOGGER_STEP * n
        masks = [
            setting(q.LOGGER_REAL + at + i, high=(1 << len(PARAMETERS[i])) - 1, seal=seal) for i in range(5)
        ]
        rows += [
            setting(q.LOGGER_ENABLE + at, seal=seal),
            setting(q.LOGGER_CHANNEL + at, high=q.CHANNELS, seal=seal),
        ]
        rows += masks
        rows += [
            setting(q.LOGGER_DETAILS + at, q.INSTANT, 1, 15, seal=seal),
            setting(q.LOGGER_FORM + at, seal=seal),
            setting(q.LOGGER_STAMP + at, high=2, seal=seal),
            setting(q.LOGGER_NAMES + at, 1, seal=seal),
            setting(q.LOGGER_INTERVAL + at, _QUARTER, _S, _MONTH, seal=seal),
            setting(q.LOGGER_POST + at, _HOUR, _MIN, _MONTH, seal=seal),
            setting(q.LOGGER_LOCAL + at, _DAY, choices=_LOCAL, seal=seal),
        ]
    for channel in range(q.CHANNELS):
        at = q.POST_STEP * channel
        rows += [
            setting(q.POST_METHOD + at, high=2, seal=seal),
            setting(q.POST_PORT + at, high=65535, seal=seal),
            setting(q.POST_FIXED + at, seal=seal),
            setting(q.POST_AUTHORIZE + at, seal=seal),
            setting(q.POST_TEST + at, seal=seal),
            setting(q.POST_CLEAR + at, seal=seal),
        ]
    return tuple(rows)


def kept(seal):
    """What the part keeps for itself."""
    offsets = [each + q.LOGGER_STEP * n for n in range(q.LOGGERS) for each in (q.LOGGER_TAG, q.LOGGER_KIND)]
    return tuple([setting(offset, high=0x3FFFFFFF, seal=seal) for offset in offsets])


def texts(seal):
    """Texts, in the order of their registers, which take half as many as the longest has characters."""
    rows = []
    for offset, most, characters in (
        (q.POST_URL, _URL_MOST, _URL),
        (q.POST_USER, _USER_MOST, None),
        (q.POST_SECRET, _SECRET_MOST, None),
        (q.POST_NAME, _NAME_MOST, _FILE),
    ):
        for channel in range(q.CHANNELS):
            at = offset + q.POST_TEXTS * channel
            rows.append(_text(at, b"", most, characters, seal))
    for which in range(q.LOGGER_PREFIXES):
        for n in range(q.LOGGERS):
            default = b"logger%d" % (n + 1)
            at = q.LOGGER_PREFIX + q.LOGGER_PREFIXES * n + which
            rows.append(_text(at, default, _PREFIX_MOST, _FILE, seal))
    return tuple(rows)


def _text(offset, default, most, characters, seal):
    if characters is None:
        return text(offset, default, longest=most, seal=seal)
    return text(offset, default, longest=most, characters=characters, seal=seal)


def at(offset):
    """The register of a number."""
    return FIRST + offset - q.GROUP_POSTS


def registers(seal):
    """Rows of SETTING_REGISTERS."""
    rows = [register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET]) for row in numbers(seal)]
    address = FIRST_TEXT
    for row in texts(seal):
        count = row[c.LONGEST] // 2
        rows.append(register(address, p.SETTING + row[c.OFFSET], count, "text"))
        address += count
    return tuple(rows)


def writable(seal):
    """Rows of WRITABLE."""
    loggers = [
        (q.LOGGER_ENABLE + q.LOGGER_STEP * n, q.LOGGER_LOCAL + q.LOGGER_STEP * n) for n in range(q.LOGGERS)
    ]
    channels = [(q.POST_METHOD + q.POST_STEP * n, q.POST_CLEAR + q.POST_STEP * n) for n in range(q.CHANNELS)]
    size = sum([row[c.LONGEST] // 2 for row in texts(seal)])
    rows = [(at(first), at(last)) for first, last in loggers + channels]
    return tuple(rows + [(FIRST_TEXT, FIRST_TEXT + size - 1)])


_SAYS = q.POST_SAYS * q.CHANNELS + q.LOGGER_SAYS * q.LOGGERS
REGIONS = ((SAID, _SAYS, "word", q.POSTED),)


def services():
    """Rows of SERVICES; the table of a channel is its number."""
    methods = tuple([q.POST_METHOD + q.POST_STEP * n for n in range(q.CHANNELS)])
    return tuple(
        [
            service(
                "post" + str(n + 1),
                "client",
                "posts.channel",
                switch=((methods[n], (q.HTTP, q.FTP)),),
                tables=n,
            )
            for n in range(q.CHANNELS)
        ]
    ) + (service("ftpdata", "client", "posts.data", switch=((methods, (q.FTP,)),)),)
