"""Read requests: which objects are asked for, and putting them into one response after another."""

from array import array

from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import objects as o
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.fragment import PREFIXED_8, PREFIXED_16, RANGED
from fourquad.protocols.dnp3.gather import FLOATS, INTEGERS, SHORTS, clear, gather
from fourquad.protocols.dnp3.history import History

MAX_SELECTIONS = 64  # of one request
ALL = 1 << 20

# A selection: group (0: class 0), variation, first and last index, style.
_COLUMNS = 5
_NOTHING = array("H", [0] * _COLUMNS)
_LAST = 65535
_EVENT_GROUPS = (o.BINARY_EVENT, o.COUNTER_EVENT, o.ANALOG_EVENT)
_STATIC_GROUPS = (o.BINARY, o.OUTPUT, o.COUNTER, o.ANALOG, o.ANALOG_OUTPUT, o.FLOAT)


class Reader:
    """`indications()` gives the internal indications, for those who read object 80."""

    def __init__(self, database, events, frozen, indications):
        self.history = History(database, events)
        self._database = database
        self._frozen = frozen
        self._indications = indications
        self._selected = array("H", _NOTHING)  # as long as the longest request wanted it
        self._count = 0
        self._next = 0  # the selection that is being written
        self._run = 0  # and where in it: the run and the point in the run
        self._point = 0
        self._left = 0  # of a slice
        self.error = 0

    def drop(self):
        """Forget what was asked for."""
        self.history.unselect()
        self._count = self._next = self._run = self._point = 0

    def done(self):
        """Whether everything asked for has been written."""
        return self._next >= self._count and not self.history.chosen

    # The request.

    def parse(self, h):
        """Take the headers of a request; `error` is among the internal indications of the response."""
        self.drop()
        self.error = 0
        while h.next():
            if h.prefix and not h.fits(0):
                break
            end = h.at + h.count * h.prefix
            self._header(h)
            h.at = end
        if h.error:
            self.drop()
            self.error |= h.error

    def _header(self, h):
        group, variation = h.group, h.variation
        if group == o.CLASS and 1 <= variation <= 4:
            self._class(h)
        elif group in _EVENT_GROUPS:
            if variation and not o.form(group, variation):
                self.error |= a.UNKNOWN_OBJECT
            elif h.ranged() or h.prefix:
                self.error |= a.PARAMETER
            else:
                self.history.select(0, group, variation, h.count)
        elif group in (o.TIME, o.INDICATIONS) and variation == 1:
            self._add(group, 1, 0, 0, RANGED)
        elif (not variation or o.form(group, variation)) and self._known(group):
            self._static(h)
        else:
            self.error |= a.UNKNOWN_OBJECT

    def _class(self, h):
        if h.ranged() or h.prefix or h.variation == 1 and h.qualifier != a.ALL:
            self.error |= a.PARAMETER
        elif h.variation == 1:
            self._add(0, 0, 0, _LAST, RANGED)
        else:
            self.history.select(h.variation - 1, 0, 0, h.count)

    def _known(self, group):
        """Whether the list has points that this group shows."""
        return any(_shows(group, run) for run in self._database.runs)

    def _static(self, h):
        group, variation = h.group, h.variation
        if h.prefix:
            style = PREFIXED_8 if h.prefix == 1 else PREFIXED_16
            for _ in range(h.count):
                index = h.index()
                if self._number(group, index, index):
                    self._add(group, variation, index, index, style)
                else:
                    self.error |= a.PARAMETER
        elif h.ranged():
            n = self._number(group, h.start, h.stop)
            if n != h.stop - h.start + 1:
                self.error |= a.PARAMETER
            if n:
                self._add(group, variation, h.start, h.stop, RANGED)
        elif h.qualifier == a.ALL:
            self._add(group, variation, 0, _LAST, RANGED)
        elif h.count:
            self._add(group, variation, 0, self._stop(group, h.count), RANGED)

    def _number(self, group, start, stop):
        """How many points there are with these indexes."""
        n = 0
        for run in self._database.runs:
            if _shows(group, run):
                first = start if start > run.first else run.first
                last = run.first + run.count - 1
                if stop < last:
                    last = stop
                if last >= first:
                    n += last - first + 1
        return n

    def _stop(self, group, count):
        """The index of the `count`-th point."""
        for run in self._database.runs:
            if _shows(group, run):
                if count <= run.count:
                    return run.first + count - 1
                count -= run.count
        return _LAST

    def _add(self, group, variation, start, stop, style):
        if self._count == MAX_SELECTIONS:
            self.error |= a.PARAMETER
            return
        at = self._count * _COLUMNS
        s = self._selected
        if at == len(s):
            s.extend(_NOTHING)
        s[at] = group
        s[at + 1] = variation
        s[at + 2] = start
        s[at + 3] = stop
        s[at + 4] = style
        self._count += 1

    # The response.

    def events(self, out):
        """Put events that fit into the fragment `out`; whether there were any."""
        return self.history.write(out)

    def write(self, out, most=ALL):
        """Put what fits into it after them, at most `most` points and runs of points; whether that is all."""
        self._left = most
        while self._next < self._count and not self.history.chosen:
            whole = self._selection(out)
            if not whole:
                return whole is not None
            self._next += 1
            self._run = self._point = 0
        return True

    def _selection(self, out):
        """Write on at the present selection; whether it is complete, False: `out` is full, None: there is
        more to do.
        """
        at = self._next * _COLUMNS
        s = self._selected
        group, variation, start, stop, style = s[at], s[at + 1], s[at + 2], s[at + 3], s[at + 4]
        if group == o.TIME:
            return self._time(out)
        if group == o.INDICATIONS:
            return self._bits(out)
        runs = self._database.runs
        while self._run < len(runs):
            if self._left <= 0:
                return None
            self._left -= 1
            run = runs[self._run]
            if group == 0 or _shows(group, run):
                first = start - run.first if start > run.first else 0
                last = stop - run.first
                if last >= run.count:
                    last = run.count - 1
                if self._point < first:
                    self._point = first
                if self._point <= last:
                    whole = self._points(out, run, last, group or run.group, variation, style)
                    if not whole:
                        return whole
            self._run += 1
            self._point = 0
        return True

    def _points(self, out, run, last, group, variation, style):
        """Points of a run up to the place `last`; as `_selection`."""
        asked = variation != 0
        if not asked:
            variation = 3 if group == o.DEADBAND else 1 if group == o.FROZEN else run.row[profile.VARIATION]
            if not self._database.there(run):
                variation = o.flagged(group, variation)
        how = o.form(group, variation)
        if style != RANGED and how & o.PACKED:
            variation = o.flagged(group, variation)
            how = o.form(group, variation)
        if style == RANGED and self._direct(run, group, how):
            return self._many(out, run, last, group, variation, how)
        while self._point <= last:
            if self._left <= 0:
                return None
            self._left -= 1
            if not self._one(out, run, self._point, group, variation, how, style, asked):
                return False
            self._point += 1
        return True

    def _direct(self, run, group, how):
        """Whether the octets of these points lie ready in an array, or are all 0."""
        if group != run.group:
            return False
        if not self._database.there(run):
            return not how & o.PACKED
        if run.values is None:
            return False
        if run.real:
            return bool(how & o.SINGLE)
        return how == o.INT16 or how & (o.MODULAR | o.INT32) == o.MODULAR | o.INT32

    def _many(self, out, run, last, group, variation, how):
        size = o.size(how)
        at = self._point
        n = out.run(group, variation, run.first + at, last - at + 1, size)
        target = out.at - n * size
        if self._database.there(run):
            kind = FLOATS if run.real else SHORTS if how == o.INT16 else INTEGERS
            gather(out.buffer, target, self._database.array(run), run.at + at, n, how & o.FLAG, kind)
        else:
            clear(out.buffer, target, out.at)
        self._point += n
        return self._point > last

    def _one(self, out, run, i, group, variation, how, style, asked):
        d = self._database
        seconds = ms = 0
        if group == o.DEADBAND:
            value, flags = d.dead_band[run.base + i], 0
        elif group == o.FROZEN:
            frozen = self._frozen
            frozen.read(run, i)
            value, flags = frozen.value, frozen.flags
            seconds, ms = frozen.seconds, frozen.ms
        else:
            d.sample(run, i)
            value, flags = d.value, d.flags
            if not asked and flags & ~o.STATE != o.ONLINE:
                variation = o.flagged(group, variation)
                how = o.form(group, variation)
        index = run.first + i
        at = out.room(group, variation, style, index, o.size(how))
        if at < 0:
            return False
        if how & o.PACKED:
            out.bit(at, value)
        else:
            o.put(out.buffer, at, how, value, flags, seconds, ms)
        return True

    def _time(self, out):
        at = out.raw(10)
        if at < 0:
            return False
        self._database.stamp()
        b = out.buffer
        b[at] = o.TIME
        b[at + 1] = 1
        b[at + 2] = a.COUNT_8
        b[at + 3] = 1
        o.put_time(b, at + 4, self._database.seconds, self._database.ms)
        return True

    def _bits(self, out):
        at = out.raw(7)
        if at < 0:
            return False
        b = out.buffer
        b[at] = o.INDICATIONS
        b[at + 1] = 1
        b[at + 2] = a.RANGE_8
        b[at + 3] = 0
        b[at + 4] = 15
        o.put_int(b, at + 5, self._indications(), 2)
        return True


def _shows(group, run):
    """Whether objects of this static group show the points of a run."""
    if group == o.DEADBAND:
        return run.group == o.ANALOG
    if group == o.FROZEN:
        return run.freezes()
    return run.group == group and group in _STATIC_GROUPS
