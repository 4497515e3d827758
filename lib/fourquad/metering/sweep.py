"""Where the frames stand between one period of the mains and the next.

Frames that follow the mains exactly see a jump of a wave (a phase-fired load) between the same two of them
for ever, and never its mean: up to 9 % of the power is missing or too much. So where a current is distorted,
they move on by a whole frame within five windows, and back within the next five, half a second each at 50 Hz:
every instant of the period is sampled alike. The frame period is then 0.03 % off, which leaves up to 0.03 %
of S in P and Q of a single window of 0.1 s, next to nothing in those of a second, and nothing in energies.

Harmonics need frames that stand still. Their window begins where a sweep has ended, and its place moves on by
the golden section of a frame from one to the next, so that these places are spread evenly, too. How many
windows lie between is drawn by a generator of its own, 12 to 22 (some 2 s), so that no load cycles in step
with them; whether the frames move or not.
"""

_SWEEP = 5  # windows of one direction
# Frames by which a window moves, made once because a float takes heap.
_THERE = 1.0 / _SWEEP
_BACK = -1.0 / _SWEEP
_SHIFT = 2  # windows that move on to the next place
_ON = 0.381966 / _SHIFT  # the golden section of a frame
_FIRST = 5  # windows until the first one of harmonics: until the frames follow the mains
_ROUNDS = 8  # for which the frames go on to move after a current was distorted: loads cycle
_BITS = 0x3FFF


class Sweep:
    """Says for each window by how many frames it is to move."""

    def __init__(self):
        self._random = 1
        self._back = False
        self.begin()

    def begin(self):
        """Start anew: the frames do not follow the mains yet."""
        self._at = _SHIFT
        self._end = _SHIFT + _FIRST
        self._moving = 0  # rounds left
        self._taken = False

    def step(self, harmonics):
        """Frames by which the window that begins is to move; 0 while `harmonics` takes its own, which it
        begins where that is due.
        """
        if harmonics.taking():
            return 0.0
        at = self._at
        if at == self._end:
            if not self._taken and harmonics.begin():
                self._taken = True
                return 0.0
            self._draw()
            at = 0
        self._at = at + 1
        if at >= _SHIFT and (at - _SHIFT) % _SWEEP == 0:
            self._back = not self._back
        if harmonics.distorted:
            self._moving = _ROUNDS
        elif not self._moving:
            return 0.0
        if at < _SHIFT:
            return _ON
        return _BACK if self._back else _THERE

    def _draw(self):
        """The next round: to another place, then two to four sweeps."""
        x = self._random = (self._random * 1021 + 17) & _BITS
        self._end = _SHIFT + _SWEEP * (2 + x % 769 // 257)
        self._taken = False
        if self._moving:
            self._moving -= 1
