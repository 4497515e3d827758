"""Frequency, and the frame period that makes a mains cycle 128 frames.

The reference's phase advance from cycle to cycle says how far a cycle of the mains is from 128 frames.
Between the middle of the last cycle of one window and the middle of the last of the next, n cycles of 128
frames and n * (1 + advance) of the mains pass; the time between is known in ticks of the sampling clock, so
the frequency is absolute and exact whatever the period was. A cycle in the rest of the window is then never
more than a small part of a frame off: as small as sweep.py wants it.

A frequency needs a fundamental that is above its floor and not lost in what else is there: the 50 Hz type on
100 Hz has none, and reads 0.
"""

from fourquad.metering.kernels.plan import FRAMES

_NOMINAL = (50.0, 60.0, 400.0)


class Synchroniser:
    """Follows the mains with the frame period (ticks of the sampling clock, `clock_hz`).

    `voltages` and `currents` are channel numbers in order of preference.
    """

    def __init__(self, clock_hz, voltages, currents):
        self._rate = clock_hz / FRAMES
        self._clock = clock_hz
        self._order = tuple(voltages) + tuple(currents)
        self.reference = self._order[0] if self._order else 0
        self.frequency = 0.0  # Hz; 0 without a signal
        self._broken = True
        self.set_nominal(0)

    def set_nominal(self, choice):
        """Start anew at 50 Hz (0), 60 Hz (1) or 400 Hz (2)."""
        self.nominal = _NOMINAL[choice]
        # 45-65 Hz for either mains, 300-500 Hz for the 400 Hz type, and a margin
        self._low, self._high = (280.0, 520.0) if choice == 2 else (40.0, 70.0)
        self.period = self._before = self._true = int(self._clock / (FRAMES * self.nominal) + 0.5)
        self._trend = self.period // 100  # beyond 1 % from window to window it was a step
        self.frequency = 0.0

    def broken(self):
        """The next window does not follow on the last one: `advance` is then of its own cycles only."""
        self._broken = True

    def update(self, advance, cycles, elapsed, last, alive, move=0.0):
        """A window was closed; the next one is to move by `move` frames against the mains.

        `advance`: mean phase advance of a cycle in turns; `elapsed`: sum over its cycles of the frame period;
        `last`: the frame period of its last cycle; `alive`: bit mask of the channels with a fundamental.
        """
        if not alive >> self.reference & 1:
            self._choose(alive)
            self._broken = True
            if not alive >> self.reference & 1:
                self.frequency = 0.0
            return
        broken, self._broken = self._broken, False
        if broken:
            self._before = last
        # twice the time and twice the cycles, because integers are no floats to make
        time = 2 * elapsed + self._before - last
        self._before = last
        double = 2 * cycles
        # ticks of 1/128 of a true cycle
        period = time / (double + double * advance)
        f = self._rate / period
        if self._low <= f <= self._high:
            self.frequency = f
            # a ramp goes on: from the middle of this window to that of the next is one window
            trend = period - self._true
            self._true = period
            if not broken and -self._trend < trend < self._trend:
                period += trend
            self.period = int(round(period))
            if move:
                self.period += int(period * move) // (FRAMES * cycles)
        else:
            self.frequency = 0.0
            self.period = int(self._rate / self.nominal + 0.5)

    def _choose(self, alive):
        for c in self._order:
            if alive >> c & 1:
                self.reference = c
                return
