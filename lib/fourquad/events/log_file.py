"""Records of a module's data logger as a file, made piece by piece while it is sent: CSV as the manual shows
it (5.1.8.6: Time,V1,V1_MIN,V1_MAX,V1_AVG,...), or JSON, which is ours:

{"meter":"...","logger":1,"id":"...","columns":["V1",...],"records":[[seconds since 1970,V1,...],...]}

What a record does not have is empty, or null. Energies are kWh, kvarh and kVAh.
"""

from struct import unpack_from

from fourquad.calendar.clock import FIELDS, split
from fourquad.events import module_log as m
from fourquad.events import spans
from fourquad.pieces import Pieces
from fourquad.points import posts as q

_UNIX = 946684800  # 2000-01-01
_SUFFIXES = ("", "_MIN", "_MAX", "_AVG")
_NONE = -0x80000000


class LogFile(Pieces):
    """The records `first` to `end` - 1 of `log`, as `form` (q.CSV, q.JSON) with times as `stamp` says.

    `gone`: a record was overwritten meanwhile, the file is none. `meter`, `name`: bytes for JSON's head.
    """

    def __init__(self, log, zone, first, end, form=q.CSV, stamp=q.LOCAL_TIME, meter=b"", name=b""):
        self._log = log
        self._ring = log.ring
        self._rows = log.rows
        self._zone = zone
        self.first = first
        self.end = end
        self._json = form == q.JSON
        self._stamp = q.UNIX_TIME if self._json else stamp
        self._meter = meter
        self._name = name
        self._data = bytearray(log.stored)
        self.begin()

    def _all(self):
        """The items of the file."""
        if self._json:
            yield b'{"meter":"' + _quoted(self._meter)
            yield b'","logger":%d,"id":"' % (self._log.number + 1) + _quoted(self._name)
            yield b'","columns":['
        else:
            yield b"Time"
        comma = b"" if self._json else b","
        for names, _, _, suffix in self._columns():
            name = (names + suffix).encode()
            yield comma + (b'"' + name + b'"' if self._json else name)
            comma = b","
        yield b'],"records":[' if self._json else b"\r\n"
        head = b"["
        for number in range(self.first, self.end):
            try:
                whole = self._ring.read(number, self._data)
            except KeyError:
                # overwritten
                self.gone = True
            if self.gone or self._log.ring is not self._ring:
                # or the logger has begun anew
                self.gone = True
                return
            if not whole:
                yield b""
                continue
            moment, flags = unpack_from("<IB", self._data)
            yield (head if self._json else b"") + self._time(moment)
            at = m.HEAD
            for _, kind, _, _ in self._columns():
                yield b"," + self._value(kind, at, flags)
                at += 4
            yield b"]" if self._json else b"\r\n"
            head = b",["
        if self._json:
            yield b"]}"

    def _columns(self):
        """(name, kind, detail, suffix) of each value of a record."""
        for (names, _, kind), detailed, _, _ in self._rows:
            details = self._log.details if detailed else q.INSTANT
            for name in names.split():
                for i in range(4):
                    if details >> i & 1:
                        yield name, kind, i, _SUFFIXES[i]

    def _time(self, moment):
        return time_text(self._zone, moment, self._stamp)

    def _value(self, kind, at, flags):
        if kind == m.FLOAT:
            value = unpack_from("<f", self._data, at)[0]
            return b"%.3f" % value if value == value else self._nothing()
        value = unpack_from("<i", self._data, at)[0]
        if value == _NONE:
            return self._nothing()
        if kind == m.ENERGY:
            return _decimals(value, 1000, b"%s%d.%03d") if flags & 1 else _decimals(value, 10, b"%s%d.%d")
        if kind == m.HUNDREDTHS:
            return _decimals(value, 100, b"%s%d.%02d")
        return b"%d" % value

    def _nothing(self):
        return b"null" if self._json else b""


def _decimals(value, scale, form):
    sign = b"-" if value < 0 else b""
    return form % (sign, abs(value) // scale, abs(value) % scale)


def _quoted(text):
    """Printable ASCII within quotes of JSON."""
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def time_text(zone, moment, stamp):
    """A second of UTC since 2000 as q.LOCAL_TIME ... says."""
    if stamp == q.UNIX_TIME:
        return b"%d" % (moment + _UNIX)
    fields = [0] * FIELDS
    local = zone.local(moment) if zone else moment
    split(local, fields)
    if stamp == q.LOCAL_TIME:
        return b"%04d-%02d-%02d %02d:%02d:%02d" % tuple(fields[1:])
    return b"%04d-%02d-%02dT%02d:%02d:%02d" % tuple(fields[1:]) + _offset(local - moment, b":")


def _offset(seconds, between):
    """The zone's offset as +01:00 or +0100."""
    minutes = abs(seconds) // 60
    return b"%s%02d%s%02d" % (b"-" if seconds < 0 else b"+", minutes // 60, between, minutes % 60)


def file_name(log, zone, moment, serial, prefix, code):
    """The name of a file (5.1.8.6: log file name format) whose first record is of this second: its time alone
    after the serial number, or prefix, local time and interval. What says the format comes after it.
    """
    if not log.get(q.LOGGER_NAMES):
        return b"%s-%d" % (serial, moment + _UNIX)
    fields = [0] * FIELDS
    local = zone.local(moment) if zone else moment
    split(local, fields)
    time = b"%04d-%02d-%02dT%02d-%02d-%02d" % tuple(fields[1:]) + _offset(local - moment, b"")
    return b"-".join((serial, prefix, time, spans.name_of(code).encode()))
