"""The module's data loggers and posts: names and meanings, for people. No board loads it."""

from fourquad.points import posts as q

_SPANS = (
    "0 1 s, 1 5 s, 2 10 s, 3 15 s, 4 30 s, 5 1 min, 6 5 min, 7 10 min, 8 15 min, 9 30 min, 10 1 h, 11 2 h, "
    "12 6 h, 13 12 h, 14 1 day, 15 7 days, 16 1 month"
)


def _columns(table):
    names = [names.replace(" ", ", ") for names, *_ in table]
    return "; ".join([f"bit {i} {name}" for i, name in enumerate(names)])


def _logger(parameters):
    return (
        (q.LOGGER_ENABLE, "on", "1: it records"),
        (q.LOGGER_CHANNEL, "post channel", "by which its files are posted; 0 none"),
        (q.LOGGER_REAL, "real-time readings", _columns(parameters[0])),
        (q.LOGGER_ENERGY, "energies", _columns(parameters[1]) + "; at intervals of 15 s or more"),
        (q.LOGGER_DEMAND, "demands", _columns(parameters[2]) + "; at intervals of 1 min or more"),
        (q.LOGGER_QUALITY, "power quality", _columns(parameters[3]) + "; at intervals of 1 min or more"),
        (q.LOGGER_IO, "inputs and outputs", _columns(parameters[4])),
        (
            q.LOGGER_DETAILS,
            "details",
            "bits, of readings and demands: 0 instantaneous, 1 minimum, 2 maximum, 3 average",
        ),
        (q.LOGGER_FORM, "format of posts", "0 CSV, 1 JSON"),
        (
            q.LOGGER_STAMP,
            "timestamp",
            "0 local time, 1 seconds since 1970 (UTC), 2 ISO 8601; JSON has seconds",
        ),
        (q.LOGGER_NAMES, "names of files", "0 the time in seconds since 1970, 1 prefix, time and interval"),
        (q.LOGGER_INTERVAL, "interval", _SPANS),
        (q.LOGGER_POST, "length of posted files", "as the interval, from 5 on, and not less than that"),
        (q.LOGGER_LOCAL, "length of local files", "10, 14, 15 or 16, as the interval"),
    )


_CHANNEL = (
    (q.POST_METHOD, "method", "0 off, 1 HTTP, 2 FTP"),
    (q.POST_PORT, "port", "0 that of the URL, or the usual one"),
    (q.POST_FIXED, "fixed name", "1: every file has the name below"),
    (q.POST_AUTHORIZE, "authorization", "1: HTTP sends the token"),
    (q.POST_TEST, "test", "1: a test file is posted; then it is 0 again"),
    (q.POST_CLEAR, "clear", "1: what waits is not posted; then it is 0 again"),
)
_TEXTS = (
    (q.POST_URL, "URL", "http:// or ftp:// or https:// (not on an RP2040), host, path"),
    (q.POST_USER, "user", "HTTP: the meter ID; FTP: the user"),
    (q.POST_SECRET, "secret", "HTTP: the token; FTP: the password"),
    (q.POST_NAME, "file name", "where the name is fixed"),
)
_PREFIXES = ("prefix of posted files", "prefix of local files")


def settings(parameters):
    """(offset into points.SETTING, name, unit and its scale, meaning) of each."""
    return tuple(
        [
            (offset + q.LOGGER_STEP * i, f"Logger {i + 1}: {name}", "", about)
            for i in range(q.LOGGERS)
            for offset, name, about in _logger(parameters)
        ]
        + [
            (offset + step * i, f"Post {i + 1}: {name}", "", about)
            for rows, step in ((_CHANNEL, q.POST_STEP), (_TEXTS, q.POST_TEXTS))
            for i in range(q.CHANNELS)
            for offset, name, about in rows
        ]
        + [
            (
                q.LOGGER_START + 2 * i,
                f"Logger {i + 1}: start",
                "s",
                "of local time since 2000, from which it records; 0 at once",
            )
            for i in range(q.LOGGERS)
        ]
        + [
            (q.LOGGER_PREFIX + q.LOGGER_PREFIXES * i + which, f"Logger {i + 1}: {name}", "", "")
            for i in range(q.LOGGERS)
            for which, name in enumerate(_PREFIXES)
        ]
    )


_SAYS = (
    (
        "result",
        "of the last attempt: code of the server; 1 no address, 2 no connection, 3 no answer, 4 connection"
        " broken, 5 not understood, 6 URL unusable, 7 records overwritten, 8 no TLS or none that is trusted",
    ),
    ("waiting", "records that are to be posted, 65535 if more"),
    ("sent", "files that have arrived, modulo 65536"),
    ("failed", "attempts that have failed, modulo 65536"),
)
_STATES = "0 off, 1 recording, 2 flash is being prepared, 3 nothing or too much is chosen, 4 flash broken"
# (point, name, meaning)
OTHERS = tuple(
    [
        (q.POSTED + q.POST_SAYS * i + k, f"Post {i + 1}: {name}", about)
        for i in range(q.CHANNELS)
        for k, (name, about) in enumerate(_SAYS)
    ]
    + [
        (q.POSTED + q.POST_SAYS * q.CHANNELS + q.LOGGER_SAYS * i + k, f"Logger {i + 1}: {name}", about)
        for i in range(q.LOGGERS)
        for k, (name, about) in enumerate((("state", _STATES), ("records", "65535 if more")))
    ]
)
