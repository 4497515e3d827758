"""Requests without data in the response: write, freeze, assign class, unsolicited on and off."""

from array import array
from struct import unpack_from

from fourquad import points as p
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import objects as o

_RESTART_BIT = 7
_TO_2000 = 946684800  # seconds from 1970
_LATEST = 36525 * 86400  # the meter's calendar ends with 2099


class Frozen:
    """The counters of an outstation as a master froze them; 0 and not online before that."""

    def __init__(self, database):
        self._database = database
        self._kept = {}  # by the base of a run: values, seconds, ms, flags
        self.value = self.flags = self.seconds = self.ms = 0  # of the last `read`

    def freeze(self, run, i, count):
        """Keep the counters of a run as they are now."""
        d = self._database
        kept = self._kept.get(run.base)
        if kept is None:
            kept = self._kept[run.base] = [array("i", [0] * run.count), 0, 0, 0]
        d.stamp()
        values = kept[0]
        for k in range(i, i + count):
            d.sample(run, k)
            values[k] = d.value if d.value < 0x80000000 else d.value - 0x100000000
        kept[1] = d.seconds
        kept[2] = d.ms
        kept[3] = o.ONLINE if d.there(run) else 0

    def read(self, run, i):
        """A counter of a run: `value`, `flags`, and when it was frozen."""
        kept = self._kept.get(run.base)
        if kept is None:
            self.value = self.flags = self.seconds = self.ms = 0
        else:
            values, self.seconds, self.ms, self.flags = kept
            self.value = values[i]


class Requests:
    """Each method takes the headers of a request and gives the bits of the second indications octet that it
    deserves. What they change of the outstation's state is in the attributes.
    """

    def __init__(self, database, points, frozen):
        self._database = database
        self._frozen = frozen
        self._points = points
        self._indexes = [p.EPOCH, p.MILLISECOND]
        self._values = [0, 0]
        self.restart = True  # the restart indication
        self.time_set = False  # a master has set the time; its reader sets it back
        self.recorded = None  # ms before now at which "record current time" came, kept by the owner
        self.enabled = 0  # classes with unsolicited responses, bits 0-2

    def write(self, h):
        error = 0
        while h.next():
            if h.group == o.TIME and h.variation in (1, 3):
                error |= self._time(h)
            elif h.group == o.INDICATIONS and h.variation == 1:
                error |= self._bits(h)
            elif h.group == o.DEADBAND and 1 <= h.variation <= 3 and self._database.has_group(o.ANALOG):
                error |= self._dead_bands(h)
            else:
                # how long its objects are is not known, so nothing after it can be understood
                return error | a.UNKNOWN_OBJECT
            if error & a.PARAMETER:
                return error
        return error | h.error

    def _time(self, h):
        if h.ranged() or h.prefix or h.count != 1 or not h.fits(6):
            return a.PARAMETER
        ms = o.get_int(h.buffer, h.at, 6, False)
        h.at += 6
        if h.variation == 3:
            if self.recorded is None:
                return a.PARAMETER
            ms += self.recorded
            self.recorded = None
        seconds = ms // 1000 - _TO_2000
        if not 0 <= seconds < _LATEST:
            return a.PARAMETER
        self._values[0] = seconds
        self._values[1] = ms % 1000
        state = self._points.provider(p.STATE)
        if state.check_set(self._indexes, self._values, 0, 2):
            return a.PARAMETER
        state.write_set(self._indexes, self._values, 0, 2)
        self.time_set = True
        return 0

    def _bits(self, h):
        """Only the restart bit can be written, and only to 0."""
        if not h.ranged() or h.start != _RESTART_BIT or h.stop != _RESTART_BIT or h.end == h.at:
            return a.PARAMETER
        value = h.buffer[h.at]
        h.at += 1
        if value & 1:
            return a.PARAMETER
        self.restart = False
        return 0

    def _dead_bands(self, h):
        size = 2 if h.variation == 1 else 4
        if not h.objects() or not h.fits(size):
            return a.PARAMETER
        error = 0
        for i in range(h.objects()):
            index = h.index() if h.prefix else h.start + i
            if h.variation == 3:
                value = unpack_from("<f", h.buffer, h.at)[0]
            else:
                value = o.get_int(h.buffer, h.at, size, False)
            h.at += size
            run = _find(self._database, o.ANALOG, index)
            good = run is not None and 0 <= value <= 3.4028235e38
            if not good or not self._database.set_dead_band(run, index - run.first, value):
                error = a.PARAMETER
        return error

    def freeze(self, h):
        """Freeze counters."""
        error = 0
        found = False
        while h.next():
            if h.group != o.COUNTER or h.variation:
                return error | a.UNKNOWN_OBJECT
            if h.qualifier != a.ALL and not h.ranged():
                return error | a.PARAMETER
            found = True
            start, stop = (0, 65535) if h.qualifier == a.ALL else (h.start, h.stop)
            n = 0
            for run in self._database.runs:
                if run.group == o.COUNTER and run.freezes():
                    first = max(start - run.first, 0)
                    last = min(stop - run.first, run.count - 1)
                    if last >= first:
                        self._frozen.freeze(run, first, last - first + 1)
                        n += last - first + 1
            if h.ranged() and n != stop - start + 1:
                error |= a.PARAMETER
        return error | h.error | (0 if found else a.PARAMETER)

    def can_freeze(self):
        """Whether the list has counters that can be frozen."""
        return any(run.freezes() for run in self._database.runs)

    def unsolicited(self, h, on):
        """Enable or disable unsolicited responses of the classes that are named."""
        error = 0
        mask = 0
        while h.next():
            if h.group != o.CLASS or not 2 <= h.variation <= 4:
                return a.UNKNOWN_OBJECT
            if h.qualifier != a.ALL:
                return a.PARAMETER
            mask |= 1 << (h.variation - 2)
        if h.error or not mask:
            return error | a.PARAMETER
        if on:
            self.enabled |= mask
        else:
            self.enabled &= ~mask
        return 0

    def assign(self, h):
        """Give points a class: a header of group 60, then the points that get it, and so on."""
        klass = -1
        error = 0
        while h.next():
            if h.prefix and not h.fits(0):
                break
            end = h.at + h.count * h.prefix
            if h.group == o.CLASS and 1 <= h.variation <= 4 and h.qualifier == a.ALL:
                klass = h.variation - 1
            elif klass < 0 or h.group not in (o.BINARY, o.COUNTER, o.ANALOG) or h.variation:
                error |= a.UNKNOWN_OBJECT if klass >= 0 else a.PARAMETER
            elif not self._database.has_group(h.group):
                error |= a.UNKNOWN_OBJECT
            elif h.qualifier == a.ALL:
                if not self._assign(h.group, 0, 65535, klass):
                    error |= a.PARAMETER
            elif h.ranged():
                if self._assign(h.group, h.start, h.stop, klass) != h.stop - h.start + 1:
                    error |= a.PARAMETER
            elif h.prefix:
                for _ in range(h.count):
                    index = h.index()
                    if not self._assign(h.group, index, index, klass):
                        error |= a.PARAMETER
            else:
                error |= a.PARAMETER
            h.at = end
        return error | h.error | (a.PARAMETER if klass < 0 else 0)

    def _assign(self, group, start, stop, klass):
        n = 0
        for run in self._database.runs:
            if run.group == group:
                first = max(start - run.first, 0)
                last = min(stop - run.first, run.count - 1)
                if last >= first and self._database.assign(run, first, last - first + 1, klass):
                    n += last - first + 1
        return n


def put_delay(out, ms):
    """Time delay, fine: how long the request has waited, or the outstation will be away."""
    at = out.raw(6)
    b = out.buffer
    b[at] = o.DELAY
    b[at + 1] = 2
    b[at + 2] = a.COUNT_8
    b[at + 3] = 1
    o.put_int(b, at + 4, min(ms, 65535), 2)


def _find(database, group, index):
    """The run that shows a point; None if there is none."""
    for run in database.runs:
        if run.group == group and run.first <= index < run.first + run.count:
            return run
    return None
