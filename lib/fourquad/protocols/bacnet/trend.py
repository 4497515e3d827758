"""Trend log objects (ASHRAE 135-2004, 12.25) and ReadRange (15.8) of their records. Provider of their points:
events/trend.py.
"""

from struct import unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.calendar.octets import moment
from fourquad.points import system as s
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import properties as pr
from fourquad.protocols.bacnet.application import ABORTED

_DATE = 10
_TIME = 11
_BOOLEAN = 1
_UNSIGNED = 2
_STATUS = 0
_STATUS_BITS = 2
_RECORD = 9  # bytes of a record in flash
_MARGIN = 24  # octets of an answer besides its records
_EACH = 20  # octets of a record
_ALL = 1 << 28

# Flags of an answer.
_FIRST = 1
_LAST = 2
_MORE = 4


def _setting(o, offset, step=s.LOG_STEP):
    return p.SETTING + offset + step * o.row[col.SCALE]


def put_enable(o, w):
    w.boolean(o.points.read(_setting(o, s.LOG_ENABLE)) != 0)


def put_stops(o, w):
    w.boolean(o.points.read(_setting(o, s.LOG_STOPS)) != 0)


def put_start(o, w):
    _put_time(o, w, s.LOG_START)


def put_stop(o, w):
    _put_time(o, w, s.LOG_STOP)


def _put_time(o, w, offset):
    """A date and a time as they were written."""
    octets = o.text(_setting(o, offset, s.LOG_TEXTS))
    w.octet(_DATE << 4 | 4)
    w.octets(octets, 0, 4)
    w.octet(_TIME << 4 | 4)
    w.octets(octets, 4, 4)


def put_source(o, w):
    """The present value of an analog input."""
    w.object_id(c.ANALOG_INPUT, o.points.read(_setting(o, s.LOG_SOURCE)), 0)
    w.enumerated(c.PRESENT_VALUE, 1)


def put_interval(o, w):
    w.unsigned(o.points.read(p.SETTING + s.SUB_INTERVAL))


def put_size(o, w):
    w.unsigned(o.points.read(o.row[col.POINT] + s.LOG_SIZE))


def put_count(o, w):
    w.unsigned(o.points.read(o.row[col.POINT] + s.LOG_COUNT))


def put_total(o, w):
    w.unsigned(o.points.read(o.row[col.POINT] + s.LOG_TOTAL))


# What may be written.


def _boolean(r):
    """A truth, or -1 for another type."""
    if not r.tag() or r.context or r.number != _BOOLEAN:
        return -1
    return 1 if r.boolean() else 0


def take_enable(o, r):
    value = _boolean(r)
    if value < 0:
        return c.INVALID_DATA_TYPE
    if value and _log(o).full():
        return c.LOG_BUFFER_FULL
    return pr.store(o, r, _setting(o, s.LOG_ENABLE), value)


def take_stops(o, r):
    value = _boolean(r)
    return c.INVALID_DATA_TYPE if value < 0 else pr.store(o, r, _setting(o, s.LOG_STOPS), value)


def take_start(o, r):
    return _take_time(o, r, s.LOG_START)


def take_stop(o, r):
    return _take_time(o, r, s.LOG_STOP)


def _take_time(o, r, offset):
    octets = b""
    for kind in (_DATE, _TIME):
        if not pr.is_application(r, kind):
            return c.INVALID_DATA_TYPE
        at = r.four(kind)
        octets += bytes(r.buffer[at : at + 4])
    if not pr.complete(r):
        return c.INVALID_DATA_TYPE
    _, month, day, _, hour, minute, second, hundredths = octets
    for value, highest in ((month, 12), (day, 31), (hour, 23), (minute, 59), (second, 59), (hundredths, 99)):
        if value > highest and value != 255:
            return c.VALUE_OUT_OF_RANGE
    if not month or not day:
        return c.VALUE_OUT_OF_RANGE
    pid = _setting(o, offset, s.LOG_TEXTS)
    texts = o.points.provider(pid).texts
    return pr.ANSWERS[texts.write(pid - o.points.base(pid), octets)]


def take_source(o, r):
    """A reference to the present value of an analog input of this device."""
    if not r.is_context(0):
        return c.INVALID_DATA_TYPE
    kind = r.object_id(0)
    instance = r.instance
    if not r.is_context(1):
        return c.INVALID_DATA_TYPE
    prop = r.enumerated(1)
    wrong = kind != c.ANALOG_INPUT or prop != c.PRESENT_VALUE
    if r.is_context(2):
        r.unsigned(2)
        wrong = True
    if r.is_context(3):
        wrong = r.object_id(3) != c.DEVICE or r.instance != o.device_instance() or wrong
    if wrong or r.bad >= 0:
        return c.VALUE_OUT_OF_RANGE
    return pr.store(o, r, _setting(o, s.LOG_SOURCE), instance)


def take_interval(o, r):
    if not pr.is_application(r, _UNSIGNED):
        return c.INVALID_DATA_TYPE
    return pr.store(o, r, p.SETTING + s.SUB_INTERVAL, r.unsigned())


def take_count(o, r):
    """0 clears."""
    if not pr.is_application(r, _UNSIGNED):
        return c.INVALID_DATA_TYPE
    return pr.store(o, r, o.row[col.POINT] + s.LOG_COUNT, r.unsigned())


_LOG = (
    (c.OBJECT_IDENTIFIER, True, "put_identifier", None),
    (c.OBJECT_NAME, True, "put_name", None),
    (c.OBJECT_TYPE, True, "put_type", None),
    (c.DESCRIPTION, False, "put_about", None),
    (c.LOG_ENABLE, True, "put_enable", "take_enable"),
    (c.START_TIME, False, "put_start", "take_start"),
    (c.STOP_TIME, False, "put_stop", "take_stop"),
    (c.LOG_DEVICE_OBJECT_PROPERTY, False, "put_source", "take_source"),
    (c.LOG_INTERVAL, False, "put_interval", "take_interval"),
    (c.STOP_WHEN_FULL, True, "put_stops", "take_stops"),
    (c.BUFFER_SIZE, True, "put_size", None),
    (c.LOG_BUFFER, None, None, None),
    (c.RECORD_COUNT, True, "put_count", "take_count"),
    (c.TOTAL_RECORD_COUNT, True, "put_total", None),
    (c.EVENT_STATE, True, "put_zero", None),
)
TABLES = ((c.TREND_LOG, _LOG),)


# ReadRange.


def _log(o):
    """The log of the object that is chosen."""
    pid = o.row[col.POINT]
    return o.points.provider(pid).log(pid - o.points.base(pid))


def read_range(application, r, w):
    """15.8: records by position, by sequence number or by time; as many as an answer takes, of those that are
    wanted the ones next to the reference.
    """
    o = application.objects
    kind = r.object_id(0)
    instance = r.instance
    prop = r.enumerated(1)
    indexed = r.is_context(2)
    if indexed:
        r.unsigned(2)
    by, reference, count = _range(r)
    if r.bad < 0 and r.more():
        r.fails(c.TOO_MANY)
    if r.bad < 0 and not count:
        r.fails(c.OUT_OF_RANGE)
    if r.bad >= 0:
        return 0
    if not o.find(kind, instance):
        return c.UNKNOWN_OBJECT
    if kind != c.TREND_LOG or prop != c.LOG_BUFFER:
        known = prop in [each for each, _ in o.properties()]
        return c.NOT_A_LIST if known else c.UNKNOWN_PROPERTY
    if indexed:
        return c.NOT_AN_ARRAY
    log = _log(o)
    first, end = _wanted(log, by, reference, count)
    w.object_id(kind, instance, 0)
    w.enumerated(prop, 1)
    return _answer(w, log, first, end, count < 0, by)


def _range(r):
    """The choice (its tag, 0 without one), its reference (seconds of a time), and its count."""
    for by in (3, 6, 7):
        if r.is_opening(by):
            r.open(by)
            reference = r.unsigned() if by != 7 else _time(r)
            count = r.signed()
            r.close(by)
            return by, reference, count
    return 0, 0, _ALL


def _time(r):
    """Seconds since 2000 of a date and a time, none of which may be anything."""
    octets = b""
    for kind in (_DATE, _TIME):
        at = r.four(kind)
        if at < 0:
            return 0
        octets += bytes(r.buffer[at : at + 4])
    at = moment(octets)
    return r.fails(c.OUT_OF_RANGE) if at is None else at


def _wanted(log, by, reference, count):
    """The records that are wanted: number of the first, and of the one after the last."""
    oldest, total = log.oldest(), log.total()
    if by == 0:
        return oldest, total
    if by == 7:
        if count > 0:
            at = max(oldest, log.ring.find(reference + 1)) if total > oldest else total
            return at, min(total, at + count)
        end = min(total, log.ring.find(reference)) if total > oldest else total
        return max(oldest, end + count), max(oldest, end)
    at = reference - 1 if by == 6 else oldest + reference - 1
    if by == 3 and not oldest <= at < total:
        return total, total
    first, end = (at, at + count) if count > 0 else (at + count + 1, at + 1)
    return max(oldest, min(first, total)), max(oldest, min(end, total))


def _answer(w, log, first, end, backwards, by):
    """Flags, count and records of a range."""
    room = (w.end - w.at - _MARGIN) // _EACH
    if room < 1:
        return ABORTED
    flags = 0
    if end - first > room:
        flags |= _MORE
        if backwards:
            first = end - room
        else:
            end = first + room
    n = max(0, end - first)
    if n and first == log.oldest():
        flags |= _FIRST
    if n and end == log.total():
        flags |= _LAST
    w.bits(flags, 3, 3)
    w.unsigned(n, 4)
    w.opening(5)
    record = bytearray(_RECORD)
    date = [0] * 7
    for number in range(first, end):
        _put_record(w, log, number, record, date)
    w.closing(5)
    if n and by in (6, 7):
        w.unsigned(first + 1, 6)
    return 0


def _put_record(w, log, number, record, date):
    """A BACnetLogRecord; one that cannot be read is a failure."""
    good = log.ring.read(number, record)
    when, kind = unpack_from("<IB", record)
    split(when, date)
    w.opening(0)
    w.date(date[1], date[2], date[3], date[0] or 7)
    w.time(date[4], date[5], date[6], 0)
    w.closing(0)
    w.opening(1)
    if not good:
        w.opening(8)
        w.enumerated(0)
        w.enumerated(0)
        w.closing(8)
    elif kind == _STATUS:
        w.bits(unpack_from("<I", record, 5)[0], _STATUS_BITS, _STATUS)
    else:
        w.real(unpack_from("<f", record, 5)[0], kind)
    w.closing(1)


SERVICES = ((c.READ_RANGE, read_range),)
