"""What is to be mailed (KW320 manual 5.1.8.4): at once after new alarms and events, gathered while a mail is
under way; at an interval; tests. It does not outlive a power cut. The provider of points.mail.MAIL_SAYS.
"""

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import mail as m

# What a mail is for.
TRIGGERED, TIMED, TEST = range(3)
_EVENTS = (5, 6)  # places in MAILED of what triggers: alarms, sequence of events
_MINUTE = 60


class Mailbox(Part):
    """`said`: SAYS numbers, of which the client counts the most. `number` of the newest mail."""

    name = "mailbox"

    def __init__(self, meter):
        self._get = meter.settings.get
        self._put = meter.settings.write
        self._clock = meter.clock
        self._meter = meter
        self._keys = None  # of the newest records that were mailed
        self._turn = None  # start, minutes, number of the interval
        self._due = 0  # triggers
        self._timed = False
        self._test = 0
        self.number = 0
        self.said = [0] * m.SAYS
        self.after_reading = (self._look,)

    def provide(self, points, commands):
        points.provide(m.MAIL_SAYS, self)

    def _look(self):
        """A second has gone by."""
        logs = self._meter.state.logs
        keys = [log.key if log else 0 for log in logs[: len(_EVENTS)]]
        before, self._keys = self._keys, keys
        start, interval = self._get(m.MAIL_START), self._get(m.MAIL_INTERVAL)
        earlier, self._turn = self._turn, (start, interval, self._number(start, interval))
        if not self._get(m.MAIL):
            self._due = self._test = 0
            self._timed = False
            return
        test = self._get(m.MAIL_TEST)
        if test:
            self._put(m.MAIL_TEST, 0)
            self.begin(test)
        for i in range(len(keys)):
            if before is not None and keys[i] not in (before[i], 0) and self._get(m.MAIL_TRIGGERS) >> i & 1:
                self._due |= 1 << i
        if earlier is not None and self._get(m.MAIL_TIMED):
            was, of, before = earlier
            _, _, turn = self._turn
            if (was, of) == (start, interval) and turn != before and turn >= 0:
                self._timed = True

    def _number(self, start, interval):
        clock = self._clock
        local = clock.zone.local(clock.shown) if clock.zone else clock.shown
        return (local - start) // (_MINUTE * interval)

    def begin(self, test):
        """Send a test to the n-th recipient."""
        self._test = test

    def again(self, job):
        """It has not been sent."""
        why, contents, _ = job
        if why == TIMED:
            self._timed = True
        for i in range(len(_EVENTS)):
            if why == TRIGGERED and contents >> _EVENTS[i] & 1:
                self._due |= 1 << i

    def next(self, rested):
        """(what for, contents, recipients) of a mail that is to be sent now, by bits; None if there is none.
        It is not sent again unless `again` says so. Until somebody has `rested` there are only tests.
        """
        everybody = (1 << m.RECIPIENTS) - 1
        if self._test:
            job = (TEST, 0, 1 << self._test - 1)
            self._test = 0
        elif not rested:
            return None
        elif self._due:
            contents = 0
            for i in range(len(_EVENTS)):
                if self._due >> i & 1:
                    contents |= 1 << _EVENTS[i]
            job = (TRIGGERED, contents, everybody)
            self._due = 0
        elif self._timed:
            job = (TIMED, self._get(m.MAIL_CONTENTS), everybody)
            self._timed = False
        else:
            return None
        self.number += 1
        return job

    # Points.

    def read(self, index):
        if index >= m.SAYS:
            raise KeyError(index)
        if index == m.SAYS_WAITING and (self._due or self._timed or self._test):
            return 1
        return self.said[index]

    def check(self, index, value):
        return p.READ_ONLY

    write = check


def make(meter):
    """The part."""
    return Mailbox(meter)
