"""Logs of a meter, and what its services have counted."""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.net import desk as d
from fourquad.points import alarms as a
from fourquad.points import modules as m
from fourquad.points import network as n
from fourquad.points.audit import WORDS
from fourquad.protocols.http.api import csv
from fourquad.protocols.http.reply import Reply, error
from fourquad.protocols.http.values import date_text

# Name, first point, records, words of each, the point that says which is the newest, heading of a file.
_LOGS = (
    (
        "alarms",
        p.ALARM,
        a.RECORDS,
        a.WORDS,
        p.STATE + p.ALARM_NUMBER,
        "Number,Status,Code,Value,Year,Month,Day,Hour,Minute,Second,Millisecond\r\n",
    ),
    (
        "soe",
        p.SEQUENCE,
        m.EVENTS,
        8,
        p.STATE + p.SOE_NUMBER,
        "Number,Year,Month,Day,Hour,Minute,Second,Millisecond,Inputs\r\n",
    ),
)
_NAME = 0
_FIRST = 1
_WORDS_OF = 3
_NEWEST = 4
_WORDS = d.COUNTERS + ("now", "port")
_MOST = 246  # bytes of a record of a data log
_AT_ONCE = 12  # numbers in one text
_AUDITED = 50
_AUDIT = (
    "Number,Year,Month,Day,Hour,Minute,Second,Millisecond,What,Who,Host high,Host low,Point,"
    "Old 1,Old 2,Old 3,Old 4,Old 5,Old 6,Old 7,Old 8,New 1,New 2,New 3,New 4,New 5,New 6,New 7,New 8\r\n"
)


def log(api, connection, name):
    """GET /api/log/NAME, and NAME.csv."""
    as_csv = name[-4:] == ".csv"
    if as_csv:
        name = name[:-4]
    for row in _LOGS:
        if row[_NAME] == name and _has(api.points, row):
            if row[_FIRST] == p.ALARM:
                # a model may have more of them, in a place of their own
                row = row[:_FIRST] + getattr(api.tables, "ALARMS", row[_FIRST:_WORDS_OF]) + row[_WORDS_OF:]
            records = _records(api.points, row)
            return csv(_csv(row[-1], records), name + ".csv") if as_csv else Reply(200, _json(name, records))
    return error(404)


def audit(api, connection, rest):
    """GET /api/audit: the newest records of the audit log; their words: points/audit.py."""
    kept = api.audit_log
    return Reply(200, _json("audit", _audited(kept, _AUDITED))) if kept else error(404)


def audit_csv(api, connection, rest):
    """GET /api/audit.csv: all of them."""
    kept = api.audit_log
    return csv(_csv(_AUDIT, _audited(kept, 1 << 30)), "audit.csv") if kept else error(404)


def _audited(kept, most):
    """Number and words of each record of the audit log, the newest first; the words until the next one."""
    words = array("H", [0] * WORDS)
    number = kept.newest()
    while most and number >= kept.oldest():
        if kept.read(number, words):
            yield number, words
        number -= 1
        most -= 1


def _has(points, row):
    try:
        points.read(row[_NEWEST])
        points.provider(row[_FIRST])
    except KeyError:
        return False
    return True


def _records(points, row):
    """Number and words of each record, the newest first."""
    _, first, count, words, newest, _ = row
    last = points.read(newest)
    for i in range(count if last else 0):
        at = (last - 1 - i) % count
        values = [points.read(first + words * at + k) for k in range(words)]
        if any(values):
            yield at + 1, values


def _json(name, records):
    yield f'{{"log":"{name}","records":['
    comma = ""
    for number, words in records:
        yield f'{comma}{{"number":{number},"words":['
        yield from _list(words)
        yield "]}"
        comma = ","
    yield "]}"


def _csv(heading, records):
    yield heading
    for number, words in records:
        yield f"{number},"
        yield from _list(words)
        yield "\r\n"


def _list(words):
    """The numbers of a record, which took its time to be read."""
    yield ""
    for at in range(0, len(words), _AT_ONCE):
        yield ("," if at else "") + ",".join([str(word) for word in words[at : at + _AT_ONCE]])


def datalog(api, connection, name):
    """GET /api/datalog/N.csv: the registers of each record, as they are."""
    if name[-4:] == ".csv":
        name = name[:-4]
    try:
        logs = api.points.provider(p.LOG).logs
    except (KeyError, AttributeError):  # another model has something else there
        return error(404)
    if name not in ("1", "2", "3"):
        return error(404)
    return csv(_records_of(logs[int(name) - 1]), f"log{name}.csv")


def _records_of(log):
    runs = (log.ring and log.settings.runs()) or ()
    yield "Time"
    for i in range(0, len(runs), 2):
        for address in range(runs[i], runs[i] + runs[i + 1]):
            yield f",{address:04X}H"
    yield "\r\n"
    if not log.ring:
        return
    ring = log.ring
    record = bytearray(_MOST)
    number = log.oldest
    date = [0] * 7
    # settings that change meanwhile end it
    while log.ring is ring and number <= ring.newest:
        number = max(number, log.oldest)
        stored = memoryview(record)[: log.stored]
        if ring.read(number, stored):
            split(60 * int.from_bytes(bytes(stored[:4]), "little"), date)
            yield date_text(date[1:])
            yield ","
            yield from _list([stored[i] << 8 | stored[i + 1] for i in range(4, len(stored), 2)])
            yield "\r\n"
        number += 1


def diagnostics(api, connection, rest):
    """GET /api/diagnostics."""
    return Reply(200, _counted(api))


def _counted(api):
    points = api.points
    yield f'{{"up_s":{api.up_s},"services":['
    try:
        names = points.provider(n.COUNTED).names
    except KeyError:
        names = ()
    for i in range(len(names)):
        yield f'{"," if i else ""}{{"name":"{names[i]}"'
        for k, word in enumerate(_WORDS):
            yield f',"{word}":{points.read(n.COUNTED + d.TOLD * i + k)}'
        yield f',"failed":{points.read(n.FAULTS + i)}}}'
    yield "]}"
