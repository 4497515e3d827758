"""Events into responses: choosing them for a request or an unsolicited response, writing them in their
order.
"""

from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import objects as o
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.database import event_group
from fourquad.protocols.dnp3.events import SELECTED, WAITING
from fourquad.protocols.dnp3.fragment import PREFIXED_8, PREFIXED_16

_MAX_RELATIVE = 65535  # ms


class History:
    """The events of a database on their way to a master. `chosen`: how many wait to be written."""

    def __init__(self, database, events):
        self._database = database
        self._events = events
        self.chosen = 0
        self.synchronised = False  # whether the time is known to be right
        self._seconds = self._ms = 0  # common time of relative ones

    def select(self, klass, group, variation, limit):
        """Choose waiting events of a class or (0) of an event group, the oldest first; `limit` 0: all."""
        e = self._events
        n = 0
        for i in range(e.count):
            at = e.slot(i)
            if e.state[at] != WAITING:
                continue
            if klass:
                if e.klass[at] != klass:
                    continue
            elif event_group(self._database.run_of(e.point[at]).group) != group:
                continue
            e.select(i, variation)
            self.chosen += 1
            n += 1
            if n == limit:
                return

    def select_classes(self, mask):
        """Choose all waiting events of the classes whose bits (1 for class 1, 2, 4) are set."""
        e = self._events
        for i in range(e.count):
            at = e.slot(i)
            if e.state[at] == WAITING and mask >> (e.klass[at] - 1) & 1:
                e.select(i, 0)
                self.chosen += 1

    def unselect(self):
        """What was chosen and not written waits again."""
        if self.chosen:
            self._events.unselect()
            self.chosen = 0

    def write(self, out):
        """Put chosen events into the fragment `out` until it is full; whether there were any."""
        if not self.chosen:
            return False
        e = self._events
        reported = False
        self._seconds = -1
        for i in range(e.count):
            at = e.slot(i)
            if e.state[at] != SELECTED:
                continue
            if not self._one(out, at):
                out.close()
                return reported
            e.written(at)
            reported = True
            self.chosen -= 1
        # also where a chosen one was lost to an overflow before it was written
        self.chosen = 0
        out.close()
        return reported

    def _one(self, out, at):
        e = self._events
        run = self._database.run_of(e.point[at])
        group = event_group(run.group)
        variation = e.variation[at] or run.row[profile.EVENT_VARIATION]
        how = o.form(group, variation)
        ms = e.ms[at]
        if how & o.RELATIVE:
            ms = self._relative(out, e.seconds[at], ms, o.size(how))
            if ms < 0:
                return False
        index = run.first + e.point[at] - run.base
        style = PREFIXED_8 if run.first + run.count <= 256 else PREFIXED_16
        place = out.room(group, variation, style, index, o.size(how))
        if place < 0:
            return False
        value = e.floats[at] if run.real else e.integers[at]
        o.put(out.buffer, place, how, value, e.flags[at], e.seconds[at], ms)
        return True

    def _relative(self, out, seconds, ms, size):
        """ms since the common time, which is written first where the last one is none or too long ago; -1:
        full.
        """
        if self._seconds >= 0 and 0 <= seconds - self._seconds <= _MAX_RELATIVE // 1000 + 1:
            since = (seconds - self._seconds) * 1000 + ms - self._ms
            if 0 <= since <= _MAX_RELATIVE:
                return since
        # the time and at least one event with it, or neither
        at = out.raw(10 + 6 + size)
        if at < 0:
            return -1
        out.at = at + 10
        b = out.buffer
        b[at] = o.COMMON_TIME
        b[at + 1] = 1 if self.synchronised else 2
        b[at + 2] = a.COUNT_8
        b[at + 3] = 1
        o.put_time(b, at + 4, seconds, ms)
        self._seconds = seconds
        self._ms = ms
        return 0
