"""A stretch of half cycles in which any of three phases is out of range, until all of them are back."""

from fourquad import ticks

_EDGES = 4  # squares that tell how long: two half cycles before, one before, the first, the last
_LONG = 10000000  # half cycles: a day, of the six after which ticks turn over
_TOUCHED = 0.1  # of a half cycle that is wholly in it


class Excursion:
    """Of the three quantities from `first` on of metering.halves.Halves; `sign` is 1 where what is too high
    is looked for, -1 where it is what is too low.
    """

    def __init__(self, first, sign):
        self._first = first
        self._sign = sign
        self._edges = [0] * (3 * _EDGES)
        self._worst = 0  # the square that was farthest out
        self._phase = 0  # of which it was
        self.count = 0  # half cycles so far; 0 while all phases are normal
        self.began = 0  # when its first half cycle began, in the time of the half cycles
        self.number = 0  # of those that are over

    def half(self, phases, halves):
        """The last half cycle had these `phases` (bits) out of range. How many half cycles it has lasted; 0
        as it ends.
        """
        squares, edges = halves.squares, self._edges
        now = halves.at(0) + self._first
        if not phases:
            if self.count:
                self._last = now
                self.number = self.number + 1 & 0xFFFF
            self._lasted, self.count = self.count, 0
            return 0
        begins = not self.count
        if begins:
            self.began = ticks.add(halves.time(), -int(halves.half_ms() + 0.5))
            self._worst = -1
            before, earlier = halves.at(1) + self._first, halves.at(2) + self._first
        self.count += 1
        k = 0
        while k < 3:
            square = squares[now + k]
            at = k * _EDGES
            if begins:
                edges[at] = squares[earlier + k]
                edges[at + 1] = squares[before + k]
                edges[at + 2] = square
            edges[at + 3] = square
            if phases >> k & 1 and (self._worst < 0 or (square - self._worst) * self._sign > 0):
                self._worst = square
                self._phase = k
            k += 1
        return self.count

    def worst(self, halves):
        """What was farthest out in the last one, V or A."""
        return halves.rms(self._first + self._phase, self._worst)

    def lasted(self, halves):
        """How many ms the last one lasted; to be asked as it ends, with the first half cycle after it."""
        if self._lasted > _LONG:
            return self._lasted * halves.half_ms()
        ms = ticks.diff(halves.time(), self.began) - halves.half_ms()
        return ms * self._halves_of(halves) / self._lasted

    def _halves_of(self, halves):
        """How many half cycles the last one lasted, with a fraction.

        Half cycles at the edges count by how far out their squares are. Where it touches no more than two,
        none may be wholly in it, and it may have been as much shorter as it was deeper: the middle of what is
        possible.
        """
        at = self._phase * _EDGES
        normal = self._edges[at]
        span = normal - self._worst
        if not span:
            return 1.0 * self._lasted
        share = least = 0.0
        touched = 0
        for edge in range(1, _EDGES + 1):
            # the last place is the first half cycle after it
            square = self._edges[at + edge] if edge < _EDGES else halves.squares[self._last + self._phase]
            # one half cycle alone is both the first and the last
            if edge != _EDGES - 1 or self._lasted > 1:
                part = min(1.0, max(0.0, (normal - square) / span))
                share += part
                if self._sign < 0:
                    least += max(0.0, (normal - square) / normal)
                touched += part > _TOUCHED
        if self._lasted <= 2 and touched <= 2:
            return (share + least) / 2
        return max(0, self._lasted - 2) + share
