"""Keys: from bouncing contacts to events, with chords of two keys pressed together.

A key's event comes when it is released, or when it has been held for HOLD ms; until then a second key may
make it a chord. A key that does something else when it is held longer gives its event when it is released
before that, and the other one when the time is over. Key codes are 0, 1, 2 ... in the order of the model's
KEYS; the codes of chords and long holds follow them.
"""

from fourquad import ticks

DEBOUNCE = 20  # ms that a contact must rest before it counts
HOLD = 400  # ms within which the second key of a chord must follow
NONE = -1

_QUEUE = 8


class Keys:
    """`chords`: tuple of (first, second, event), in either order of pressing; `holds`: of (key, ms, event).
    Up to 16 keys.
    """

    def __init__(self, count, chords, holds=()):
        self._chords = chords
        self._holds = holds
        self._raw = 0
        self._stable = 0
        self._changed = [0] * count
        self._pending = NONE
        self._since = 0
        self._queue = bytearray(_QUEUE)
        self._first = 0
        self._waiting = 0

    def press(self, code, now):
        """The contact of key `code` closed at `now` (ms), perhaps bouncing."""
        if not self._raw >> code & 1:
            self._raw |= 1 << code
            self._changed[code] = now

    def release(self, code, now):
        """The contact of key `code` opened at `now` (ms), perhaps bouncing."""
        if self._raw >> code & 1:
            self._raw &= ~(1 << code)
            self._changed[code] = now

    def sample(self, contacts, now):
        """All contacts at once: bit n is set while key n is closed."""
        if contacts == self._raw:
            return
        for code in range(len(self._changed)):
            if contacts >> code & 1:
                self.press(code, now)
            else:
                self.release(code, now)

    def tick(self, now):
        """Call every 10 ms or so; the next event (a code), or NONE. Call again while it gives events."""
        moving = self._raw ^ self._stable
        if not moving and self._pending == NONE and not self._waiting:
            return NONE
        code = 0
        while moving:
            if moving & 1 and ticks.diff(now, self._changed[code]) >= DEBOUNCE:
                self._stable ^= 1 << code
                if self._stable >> code & 1:
                    self._down(code)
                elif code == self._pending:
                    self._emit(code)
            moving >>= 1
            code += 1
        if self._pending != NONE:
            self._held(ticks.diff(now, self._since))
        if not self._waiting:
            return NONE
        event = self._queue[self._first]
        self._first = (self._first + 1) % _QUEUE
        self._waiting -= 1
        return event

    def _held(self, ms):
        """The pending key has been down for `ms`."""
        for key, time, event in self._holds:
            if key == self._pending:
                if ms >= time:
                    self._emit(event)
                return
        if ms >= HOLD:
            self._emit(self._pending)

    def _down(self, code):
        first = self._pending
        for hold in self._holds:
            if hold[0] == first:
                # what is being held decides alone
                return
        self._pending = code
        self._since = self._changed[code]
        if first == NONE:
            return
        for chord in self._chords:
            if (chord[0] == first and chord[1] == code) or (chord[0] == code and chord[1] == first):
                self._emit(chord[2])
                return
        self._put(first)

    def _emit(self, event):
        self._pending = NONE
        self._put(event)

    def _put(self, event):
        # A full queue drops the newest: the meter has been too busy to answer eight key presses.
        if self._waiting < _QUEUE:
            self._queue[(self._first + self._waiting) % _QUEUE] = event
            self._waiting += 1
