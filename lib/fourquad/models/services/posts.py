"""The module's data loggers and their posts (KW320 manual 5.1.8.6, 5.1.8.7; AcuRev 2020 manual 11.2.5,
11.2.6): settings, texts, registers and rows of a model with a network module. The manuals print no registers;
they are ours. `parameters`: the model's PARAMETERS, five tables of what may be recorded (logged.py).
"""

from fourquad import points as p
from fourquad.models.rows import register, secret, service, setting, text, text_register, value
from fourquad.points import columns as c
from fourquad.points import posts as q

FIRST = 0xDA00  # the register of the first number
SAID = 0xDA80  # of what the part says
FIRST_TEXT = 0xDD40

# Kinds of values (events/module_log.py).
FLOAT, ENERGY, HUNDREDTHS, WHOLE = range(4)
PARTS = ("events.loggers",)
STORAGE = (("module1", 1648, 4), ("module2", 1648, 4), ("module3", 1648, 4), ("posts", 4, 4))

# Codes of events/spans.py: 1 s, 1 min, 15 min, 1 h, 1 day, 1 month; files that are fetched.
_S, _MIN, _QUARTER, _HOUR, _DAY, _MONTH = 0, 5, 8, 10, 14, 16
_LOCAL = (_HOUR, _DAY, 15, _MONTH)

_FILE = ((0x2D, 0x2E), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))  # - . 0-9 A-Z _ a-z
_URL = ((0x21, 0x7E),)
_LATEST = 0x3FFFFFFF  # seconds since 2000, and numbers of records
_URL_MOST, _USER_MOST, _SECRET_MOST, _NAME_MOST, _PREFIX_MOST = 80, 40, 48, 32, 16


def numbers(seal, parameters):
    """Settings that are numbers, each with a register."""
    rows = []
    for n in range(q.LOGGERS):
        at = q.LOGGER_STEP * n
        masks = [
            setting(q.LOGGER_REAL + at + i, high=(1 << len(parameters[i])) - 1, seal=seal) for i in range(5)
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
    rows += [setting(q.LOGGER_START + 2 * n, high=_LATEST, seal=seal) for n in range(q.LOGGERS)]
    return tuple(rows)


def kept(seal):
    """What the part keeps for itself."""
    offsets = [each + q.LOGGER_STEP * n for n in range(q.LOGGERS) for each in (q.LOGGER_TAG, q.LOGGER_KIND)]
    offsets += [q.LOGGER_DELETED + n for n in range(q.LOGGERS)]
    return tuple([setting(offset, high=_LATEST, seal=seal) for offset in offsets])


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
            if offset == q.POST_SECRET:
                rows.append(secret(at, longest=most, seal=seal))
            else:
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


def registers(seal, parameters):
    """Rows of SETTING_REGISTERS."""
    rows = []
    for row in numbers(seal, parameters):
        size = 2 if row[c.HIGH] > 0xFFFF else 1
        rows.append(register(at(row[c.OFFSET]), p.SETTING + row[c.OFFSET], size))
    address = FIRST_TEXT
    for row in texts(seal):
        count = row[c.LONGEST] // 2
        rows.append(text_register(address, row))
        address += count
    return tuple(rows)


def writable(seal):
    """Rows of WRITABLE."""
    loggers = [
        (q.LOGGER_ENABLE + q.LOGGER_STEP * n, q.LOGGER_LOCAL + q.LOGGER_STEP * n) for n in range(q.LOGGERS)
    ]
    channels = [(q.POST_METHOD + q.POST_STEP * n, q.POST_CLEAR + q.POST_STEP * n) for n in range(q.CHANNELS)]
    size = sum([row[c.LONGEST] // 2 for row in texts(seal)])
    starts = [(q.LOGGER_START, q.LOGGER_START + 2 * q.LOGGERS - 1)]
    rows = [(at(first), at(last)) for first, last in loggers + channels + starts]
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


# For web pages: which texts are secrets, which numbers nobody's, what may be written, the forms.
SECRETS = tuple([q.POST_SECRET + q.POST_TEXTS * i for i in range(q.CHANNELS)])
HIDDEN = tuple([each + q.LOGGER_STEP * i for i in range(q.LOGGERS) for each in (q.LOGGER_TAG, q.LOGGER_KIND)])
_LAST = q.LOGGER_START + 2 * q.LOGGERS - 1
POINTS = ((p.SETTING + q.GROUP_POSTS, p.SETTING + _LAST),)
FORMS = (
    (
        "loggers",
        (
            (q.GROUP_POSTS, q.POST_METHOD - 1),
            (q.LOGGER_START, _LAST),
            (q.LOGGER_PREFIX, q.LOGGER_PREFIX + 5),
        ),
    ),
    ("posts", ((q.POST_METHOD, q.LOGGER_PREFIX - 1),)),
)


def _told(name, first, step, count):
    return tuple([value(f"{name}{i + 1}", "number", first + step * i) for i in range(count)])


def _page():
    """What the part says, as a page of values."""
    rows, loggers = (), q.POSTED + q.POST_SAYS * q.CHANNELS
    for name, field in (
        ("result", q.POST_RESULT),
        ("waiting", q.POST_WAITING),
        ("sent", q.POST_SENT),
        ("failed", q.POST_FAILED),
    ):
        rows += _told(name, q.POSTED + field, q.POST_SAYS, q.CHANNELS)
    for name, field in (("state", q.LOGGER_STATE), ("records", q.LOGGER_COUNT)):
        rows += _told(name, loggers + field, q.LOGGER_SAYS, q.LOGGERS)
    return ("posts", rows)


PAGE = _page()
