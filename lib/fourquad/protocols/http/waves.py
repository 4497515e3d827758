"""What a power quality meter has kept: events and captured waveforms. Numbers are as registers show them
(KW320 manual 4.6, 6.3.8), samples are in hex, because a browser has the time to read them.
"""

from binascii import hexlify
from struct import unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.protocols.http.reply import Reply, error

_HEAD = 32  # octets of time and reason of a group: 16 words
_QUANTITIES = 6  # V1 V2 V3 I1 I2 I3
_CYCLES = 20  # ten before the trigger, ten after it
_POINT_BYTES = 128  # of a quantity in a cycle: 64 points
_EVENT = "<IHHBBBx"  # events/quality_window.py
_MOST = 200  # events that are told, the newest ones


def _window(api):
    """Who has the events and waveforms; None where nobody has."""
    try:
        found = api.points.provider(p.QUALITY)
    except KeyError:
        return None
    return found if found.groups and found.ring else None


def events(api, connection, rest):
    """GET /api/log/quality."""
    window = _window(api)
    return Reply(200, _events(window)) if window else error(404)


def _events(window):
    """Time, phases (bits 0-2 sag, 3-5 swell), rated voltage, threshold, half cycles; the newest first."""
    yield '{"log":"quality","records":['
    record = bytearray(window.EVENT_SIZE)
    date = [0] * 7
    comma = ""
    newest = window.newest
    for number in range(newest, max(0, newest - _MOST), -1):
        if not window.ring.read(window.ring.newest - newest + number, record):
            continue
        seconds, ms, rated, phases, threshold, halves = unpack_from(_EVENT, record)
        split(seconds, date)
        words = tuple(date[1:]) + (ms, phases, rated, threshold, halves)
        yield f'{comma}{{"number":{number},"words":[{_list(words)}]}}'
        comma = ","
    yield "]}"


def _list(words):
    return ",".join([str(word) for word in words])


def waves(api, connection, rest):
    """GET /api/waves: time and reason of each group, the newest first."""
    window = _window(api)
    return Reply(200, _heads(window.groups)) if window else error(404)


def _heads(groups):
    yield f'{{"room":{groups.room},"waves":['
    comma = ""
    for group in range(groups.count, 0, -1):
        text = _head(groups, group)
        if text:
            yield comma + text + "}"
            comma = ","
    yield "]}"


def _head(groups, group):
    """The object of a group, open; "" where it cannot be read."""
    head = bytearray(_HEAD)
    if not _whole(groups.head, group, head):
        return ""
    words = unpack_from("<16H", head)
    return f'{{"number":{group},"words":[{_list(words)}]'


def _whole(read, *what):
    """Whether it could be read; it may have been cleared since the answer began."""
    try:
        return read(*what)
    except KeyError:
        return False


def wave(api, connection, name):
    """GET /api/wave/N: 1,280 points of 16 bits of each quantity, low octet first."""
    window = _window(api)
    number = int(name) if name.encode().isdigit() and len(name) < 4 else 0
    if not window or not 1 <= number <= window.groups.count:
        return error(404)
    return Reply(200, _samples(window.groups, number))


def _samples(groups, group):
    yield (_head(groups, group) or f'{{"number":{group}') + ',"samples":["'
    points = bytearray(_POINT_BYTES)
    for quantity in range(_QUANTITIES):
        if quantity:
            yield '","'
        for cycle in range(_CYCLES):
            # what is torn, or was cleared meanwhile, is 0
            if not _whole(groups.read, group, (_QUANTITIES * cycle + quantity) * _POINT_BYTES, points):
                for i in range(_POINT_BYTES):
                    points[i] = 0
            yield hexlify(points).decode()
    yield '"]}'
