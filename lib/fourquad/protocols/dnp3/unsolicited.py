"""Unsolicited responses (IEEE 1815, 5.1.1.1): when one is due, how often it is repeated."""

from fourquad import ticks
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import profile

_HEAD = 4


class Unsolicited:
    """`out`: the fragment that they are put into; it is kept for repetitions."""

    def __init__(self, options, events, history, out):
        self.out = out
        self._options = options
        self._events = events
        self._history = history
        self.sequence = 0
        self.master = 0  # who gets them, and confirms
        self.restart()

    def restart(self):
        """The first is empty and tells of the restart; nothing is reported until it has been confirmed."""
        self.waiting = False  # for a confirmation
        self.lost = False  # what is waited for was not sent whole
        self._announced = False
        self._length = 0
        self._since = 0
        self._retries = 0
        self._quiet = False  # no master took the last series

    def begin(self, now, enabled, indications):
        """Make one if it is due; its length, or 0. `enabled`: classes, bits 0-2."""
        if not self._options[profile.UNSOLICITED]:
            return 0
        if self._quiet:
            if ticks.diff(now, self._since) < self._options[profile.OFFLINE_MS]:
                return 0
            self._quiet = False
        if self._announced and not self._due(now, enabled):
            return 0
        out = self.out
        out.begin(_HEAD)
        if self._announced:
            self._history.select_classes(enabled)
            self._history.write(out)
            self._history.unselect()
        bits = indications()
        b = out.buffer
        b[0] = a.FIR | a.FIN | a.CON | a.UNS | self.sequence
        b[1] = a.UNSOLICITED
        b[2] = bits & 0xFF
        b[3] = bits >> 8
        self._events.told = self._announced and self._events.overflow
        self._length = out.at
        self._retries = self._options[profile.RETRIES]
        self.waiting = True
        return self.resend(now)

    def _due(self, now, enabled):
        e = self._events
        for klass in (1, 2, 3):
            n = e.unwritten[klass]
            if n and enabled >> (klass - 1) & 1:
                count = self._options[profile.COUNTS][klass - 1]
                if count and n >= count:
                    return True
                if ticks.diff(now, e.since[klass]) >= self._options[profile.HOLDS][klass - 1]:
                    return True
        return False

    def expired(self, now):
        return ticks.diff(now, self._since) >= self._options[profile.CONFIRM_MS]

    def again(self, now):
        """The same once more, its length; 0 when it has been repeated often enough."""
        if self._retries == 0 or not self._options[profile.UNSOLICITED]:
            self.fail(now)
            return 0
        if self._retries > 0:
            self._retries -= 1
        return self.resend(now)

    def resend(self, now):
        """The same once more, its length; this counts as no repetition."""
        self.lost = False
        self._since = now
        return self._length

    def fail(self, now):
        """No confirmation: the events wait for another response."""
        self.waiting = False
        self._quiet = True
        self._since = now
        self._events.release()
        self.sequence = (self.sequence + 1) & a.SEQUENCE

    def revive(self):
        """A master that knows unsolicited responses is there: a new series may begin."""
        self._quiet = False

    def confirmed(self, now):
        """The master has it."""
        self.waiting = False
        self._events.confirmed()
        self._announced = True
        self.sequence = (self.sequence + 1) & a.SEQUENCE
