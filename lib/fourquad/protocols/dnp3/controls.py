"""Controls (IEEE 1815, 4.4.2-4.4.4): select, operate, direct operate of group 12 variation 1 and group 41.

The response repeats the objects of the request, with a status each.
"""

from struct import unpack_from

from fourquad import points as p
from fourquad import ticks
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import objects as o
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.database import has

MAX_CONTROLS = 16  # objects of one request that are looked at

# Status of a control (IEEE 1815, table 4-5 and annex A, group 12).
SUCCESS = 0
TIMEOUT = 1
NO_SELECT = 2
FORMAT_ERROR = 3
NOT_SUPPORTED = 4
TOO_MANY = 8
NOT_AUTHORIZED = 9
OUT_OF_RANGE = 12

# What an answer of points.check means to a master.
_STATUS = (SUCCESS, OUT_OF_RANGE, NOT_SUPPORTED, NOT_AUTHORIZED, NOT_SUPPORTED)
_CROB_SIZE = 11
_TOP = 1000000000  # of an analog output
_SIZES = (0, 5, 3, 5, 9)  # of group 41 by variation


class Controls:
    """`rows`: the CONTROLS of a profile; `outputs`: the database, for its points of group 40."""

    def __init__(self, rows, database, points, select_ms):
        self._rows = rows
        self._database = database
        self._points = points
        self._select_ms = select_ms
        self._armed = False
        self._sequence = self._source = 0
        self._objects = b""
        self._since = 0
        self._pid = self._value = 0
        self.error = 0

    def disarm(self):
        """A select is void: another request came between it and its operate, or a restart."""
        self._armed = False

    def request(self, h, out, function, sequence, source, now):
        """Do what a request asks for, its objects with their states to the fragment `out`; `error` is set."""
        self.error = 0
        begin, end = h.at, h.end
        status = SUCCESS
        if function == a.OPERATE:
            status = self._selected(h.buffer, begin, end, sequence, source, now)
        self._armed = False
        if not self._well_formed(h):
            return
        at = out.raw(end - begin)
        if at < 0:
            self.error = a.PARAMETER
            return
        out.buffer[at : at + end - begin] = memoryview(h.buffer)[begin:end]
        h.begin(h.buffer, begin, end)
        shift = at - begin
        done = 0
        good = True
        while h.next():
            size = _size(h.group, h.variation)
            for _ in range(h.count):
                index = h.index()
                done += 1
                why = status or (TOO_MANY if done > MAX_CONTROLS else self._check_one(h, index))
                if not why and function != a.SELECT:
                    why = _STATUS[self._points.write(self._pid, self._value)]
                good = good and not why
                h.at += size
                out.buffer[h.at - 1 + shift] = why
        if function == a.SELECT and good:
            self._arm(h.buffer, begin, end, sequence, source, now)

    def _well_formed(self, h):
        """Whether all headers are controls with all their objects; nothing is done otherwise."""
        any_ = False
        while h.next():
            size = _size(h.group, h.variation)
            if not size:
                self.error = a.UNKNOWN_OBJECT
                return False
            if not h.prefix or not h.count or not h.fits(size):
                self.error = a.PARAMETER
                return False
            h.at += h.count * (size + h.prefix)
            any_ = True
        if h.error or not any_:
            self.error = a.PARAMETER
        return not self.error

    def _check_one(self, h, index):
        """Whether the object at h.at can be done; point and value are then in `_pid`, `_value`."""
        if h.group == o.CROB:
            return self._crob(h.buffer, h.at, index)
        for run in self._database.runs:
            if run.group == o.ANALOG_OUTPUT and run.present and run.first <= index < run.first + run.count:
                value = _analog(h.buffer, h.at, h.variation)
                if value != value or not -_TOP < value < _TOP:
                    return OUT_OF_RANGE
                if run.scaled:
                    value = (value - run.row[profile.OFFSET]) / run.row[profile.SCALE]
                if isinstance(value, float):
                    # an integer stays one: single precision has seven digits
                    value = int(value + 0.5 if value >= 0 else value - 0.5)
                self._pid = run.pid + index - run.first
                self._value = value
                return _STATUS[self._points.check(self._pid, self._value)]
        return NOT_SUPPORTED

    def _row(self, index):
        for row in self._rows:
            number, _, _ = row
            if number == index:
                return row
        return None

    def _crob(self, b, at, index):
        row = self._row(index)
        if row is None:
            return NOT_SUPPORTED
        _, pid, acts = row
        # a count of 0 acts too: the manual prescribes it, masters send 1
        if b[at + 1] > 1 or not has(self._points, pid):
            return NOT_SUPPORTED
        on = o.get_int(b, at + 2, 4, False)
        off = o.get_int(b, at + 6, 4, False)
        for code, on_ms, off_ms, value in acts:
            if b[at] == code and (on_ms is None or on == on_ms) and (off_ms is None or off == off_ms):
                self._pid = pid
                self._value = value
                why = self._points.check(pid, value)
                # a choice that the meter does not have is no matter of the master's number
                return NOT_SUPPORTED if why == p.RANGE else _STATUS[why]
        return NOT_SUPPORTED

    def _arm(self, b, begin, end, sequence, source, now):
        self._armed = True
        self._sequence = (sequence + 1) & a.SEQUENCE
        self._source = source
        self._objects = bytes(memoryview(b)[begin:end])
        self._since = now

    def _selected(self, b, begin, end, sequence, source, now):
        """SUCCESS if exactly these objects were selected by the request before, and not too long ago."""
        if not self._armed or source != self._source or sequence != self._sequence:
            return NO_SELECT
        if self._objects != memoryview(b)[begin:end]:
            return NO_SELECT
        if ticks.diff(now, self._since) > self._select_ms:
            return TIMEOUT
        return SUCCESS


def _size(group, variation):
    """Octets of a control object; 0 if it is none."""
    if group == o.CROB and variation == 1:
        return _CROB_SIZE
    return _SIZES[variation] if group == o.ANALOG_COMMAND and variation < len(_SIZES) else 0


def _analog(b, at, variation):
    if variation == 1:
        return o.get_int(b, at, 4, True)
    if variation == 2:
        return o.get_int(b, at, 2, True)
    return unpack_from("<f" if variation == 3 else "<d", b, at)[0]
