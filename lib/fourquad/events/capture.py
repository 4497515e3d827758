"""Waveforms around a trigger: ten cycles before it, ten after it, of six quantities with 64 points each.

The point is the end of the cycle in which it was triggered. Only the ten cycles before it are kept in
memory: from the point on, with each cycle that comes the oldest one goes to flash, so that after twenty all
of it is there. Meanwhile, while the next place is being erased, and when there is room for no more, triggers
are not answered (KW320 manual 4.6).
"""

from array import array
from struct import pack_into

CYCLES = 20
CYCLE_BYTES = 768  # six quantities of 64 points of 16 bits
POINT_BYTES = 128  # of one quantity in a cycle
SIZE = CYCLES * CYCLE_BYTES
HEAD = 32  # bytes of time and reason: 16 words

# Places of a reason after the seven words of the time; its bits are phases, or two for each input.
MANUAL = 7
INPUTS = 8  # of the first module; two more
SAG = 11
SWELL = 12
OVER_CURRENT = 13
_WORDS = 16

# What is under way.
_NOTHING = 0
_TRIGGERED = 1  # in the last cycle that is kept
_TAKING = 2
_TAKEN = 3  # all is in flash but time and reason
_STAMPED = 4  # they are known


class Capture:
    """`halves` is metering.halves.Halves. `groups` (records.groups.Groups) is set by who has the flash, and
    `fails()`, called when that takes nothing any more.
    """

    groups = None
    SIZE = SIZE
    HEAD = HEAD

    def __init__(self, halves):
        self._halves = halves
        self._waves = memoryview(halves.waves)
        self._state = _NOTHING
        self._left = 0
        self.at = 0  # the point, in the time of the half cycles
        self.words = array("H", [0] * _WORDS)  # of the head: time, reason
        self._head = bytearray(HEAD)

    def fails(self):
        """Nobody is told."""

    def busy(self):
        """Whether it must see each cycle."""
        return self._state == _TRIGGERED or self._state == _TAKING

    def trigger(self, reason, bits):
        """Capture now, for this reason; nothing happens where that cannot be."""
        groups, halves = self.groups, self._halves
        if self._state or not groups or not groups.ready or halves.filled < halves.kept:
            return
        for i in range(_WORDS):
            self.words[i] = 0
        self.words[reason] = bits
        self._state = _TRIGGERED
        halves.busy = True

    def cycle(self):
        """A cycle is about to be kept in the place of the oldest one."""
        if self._state == _TRIGGERED:
            self.at = self._halves.time()
            self._state = _TAKING
            self._left = CYCLES
            self.groups.begin()
        if self._state == _TAKING:
            self._take()

    def _take(self):
        halves = self._halves
        if halves.filled < halves.kept:
            # samples were lost
            self.give_up()
            return
        try:
            if not self.groups.write(self._waves, CYCLE_BYTES * halves.next, CYCLE_BYTES):
                self._state = _NOTHING
                return
        except OSError:
            self._state = _NOTHING
            self.fails()
            return
        self._left -= 1
        if not self._left:
            self._state = _TAKEN

    def give_up(self):
        """What is being taken is none."""
        if self._state:
            self._state = _NOTHING
            self.groups.abandon()

    def taken(self):
        """Whether all is in flash but the head: `words` want the time of `at`."""
        return self._state == _TAKEN

    def stamped(self):
        """`words` have it."""
        self._state = _STAMPED

    def commit(self):
        """Put the head to what has been taken; whether there was anything."""
        if self._state != _STAMPED:
            return False
        self._state = _NOTHING
        for i in range(_WORDS):
            pack_into("<H", self._head, 2 * i, self.words[i])
        try:
            self.groups.finish(self._head)
        except OSError:
            self.fails()
        return True

    def clear(self):
        """There are no waveforms any more."""
        self._state = _NOTHING
        if self.groups:
            try:
                self.groups.clear()
            except OSError:
                self.fails()
