"""Local files of the module's data loggers (manual 5.1.7.3): a list, and each as CSV, made as it is sent."""

import json

from fourquad.points import posts as q
from fourquad.protocols.http.api import csv
from fourquad.protocols.http.reply import Reply, error

MOST = 50  # files of a list
_PIECE = 512  # bytes: more than the longest item


def files(api, connection, name):
    """GET /api/files/N, N from 1 on, with ?from=RECORD where an earlier list says that there are more."""
    loggers, n = _logger(api, name)
    if loggers is None:
        return error(404)
    first = loggers.logs[n].oldest_local if loggers.logs[n].ring else 0
    key, _, number = connection.request.query.partition("=")
    if key == "from" and number.isdigit() and len(number) < 10:
        first = max(first, int(number))
    return Reply(200, _list(loggers, n, first))


def _list(loggers, n, first):
    yield f'{{"logger":{n + 1},"files":['
    comma = ""
    for _ in range(MOST):
        end = loggers.local_end(n, first)
        if not end:
            first = 0
            break
        yield ""
        _, name = loggers.local_file(n, first, end)
        newest = end > loggers.logs[n].ring.newest
        told = {"first": first, "end": end, "name": name.decode(), "open": newest}
        yield comma + json.dumps(told)
        comma = ","
        first = end
    more = first and loggers.local_end(n, first)
    yield f'],"next":{first if more else "null"}}}'


def file(api, connection, name):
    """GET /api/file/N/FIRST-END.csv: records FIRST to END - 1."""
    number, _, rest = name.partition("/")
    loggers, n = _logger(api, number)
    first, _, end = rest[:-4].partition("-")
    good = rest[-4:] == ".csv" and first.isdigit() and end.isdigit() and len(rest) < 26
    if loggers is None or not good or not loggers.logs[n].ring:
        return error(404)
    log, first, end = loggers.logs[n], int(first), int(end)
    if not log.oldest_local <= first < end <= log.ring.newest + 1:
        return error(404)
    made, title = loggers.local_file(n, first, end)
    return csv(_text(made), title.decode().replace('"', "_"))


def _text(made):
    buffer = bytearray(_PIECE)
    while not made.done and not made.gone:
        size = made.piece(buffer)
        if size:
            yield bytes(memoryview(buffer)[:size]).decode()
        yield ""
    if made.gone:
        yield "Overwritten meanwhile\r\n"


def _logger(api, name):
    """The part, and the place of a logger among them; None where there is none of this name."""
    try:
        loggers = api.points.provider(q.POSTED)
    except KeyError:
        return None, 0
    if len(name) != 1 or not name.isdigit() or not 1 <= int(name) <= q.LOGGERS:
        return None, 0
    return loggers, int(name) - 1
