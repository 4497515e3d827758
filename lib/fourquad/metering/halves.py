"""RMS values of every half cycle against limits, and the samples of waveforms: what power quality watches.

Half cycles are 64 of the 128 frames of a cycle; frames follow the mains, so they are half cycles of it from
45 to 65 Hz. Waveforms have every other frame: 64 points a cycle at instants that were really sampled, without
the droop that a mean of two frames has; orders above the 31st fold back, as in any meter with 64 points.
"""

from fourquad import ticks
from fourquad.metering.kernels.plan import FRAMES

QUANTITIES = 6  # three voltages (between lines in an open delta or without a neutral), three currents
POINTS = 64
CYCLE = POINTS * QUANTITIES  # halfwords of a cycle: 64 points of each quantity
KEPT = 10  # cycles
_COUNTS = 0x3FFFFFFF
_SETTLE = 50  # cycles from one step of the offsets to the next
_MEAN = 16  # steps over which offsets are averaged
_ANY = 1 << 24
_HALF = 0x1FF  # bits of a half cycle
_HISTORY = 4  # half cycles whose squares are kept

# Bits of what is out of range.
LOW = 1  # of the first voltage; 2, 4 of the others
HIGH = 8
OVER = 64  # of the first current; 128, 256


class Halves:
    """Kept by a Chain while somebody watches. He sets `on_half(mask)`, called after a half cycle that has
    limits crossed (or after every one while `busy`), and `on_cycle()`, called before the oldest cycle of
    `waves` makes room for the next one.
    """

    busy = False
    _armed = False
    _unsettled = _settled = 0
    _fine = ()  # offsets in units of 1 / _MEAN
    _kernel = None

    def __init__(self, clock_hz):
        """`clock_hz`: the sampling clock, whose ticks periods count; a half cycle is less than 2**30."""
        self._per_us = clock_hz // 1000000
        self._half_us = 0
        self._rest_us = 0
        self._ms = 0
        self._done = 0  # half cycles of what `run` was given last
        self.squares = ()  # of the last four half cycles: numbers that rise with the square of a quantity
        self.waves = bytearray(2 * CYCLE * KEPT)  # cycle by cycle, the points of each quantity together
        self.kept = KEPT
        self.next = 0  # the place among KEPT that the next cycle takes: that of the oldest one
        self.filled = 0  # cycles that follow on each other, KEPT at most
        self._count = 0  # of half cycles, ever
        self._limits = (None,) * 3
        self._scales = (0.0, 0.0)

    def on_half(self, mask):
        """A half cycle is over."""

    def on_cycle(self):
        """A cycle is about to be kept."""

    def configure(self, network, kernel):
        """Watch the channels of `kernel` as `network` connects them."""
        old, self._kernel = self._kernel, kernel.halves()
        # of the last four half cycles: numbers that rise with the square of a quantity
        self.squares = self._kernel.squares
        self._offsets = kernel.offsets
        self._network = network
        for c in range(len(self._offsets)):
            self._kernel.offsets[c] = old.offsets[c] if old else self._offsets[c]
        self.filled = 0
        self._fine = [_MEAN * offset for offset in self._kernel.offsets]
        self._set()

    def arm(self, on):
        """Watch from now on, or no more: the frames follow the mains."""
        self._armed = on
        self._settled = 0
        if on:
            self._settle()

    def _settle(self):
        """Follow the mean of the offsets, by small steps: a second with a sag has a mean that is none."""
        own, fine = self._kernel.offsets, self._fine
        self._settled = n = min(self._settled + 1, _MEAN)
        step = self._kernel.step if n == _MEAN else _ANY
        for c in range(len(own)):
            by = self._offsets[c] - own[c]
            fine[c] += min(step, max(-step, by)) * _MEAN // n
            own[c] = (fine[c] + _MEAN // 2) // _MEAN

    def limits(self, low, high, over):
        """What is out of range: voltages below `low` or above `high` (V), currents above `over` (A), RMS;
        None: nothing.
        """
        self._limits = (low, high, over)
        self._set()

    def scales(self, volts, amps):
        """Counts of a waveform for a volt and an ampere."""
        if self._scales != (volts, amps):
            self._scales = (volts, amps)
            self.filled = 0
            self._set()

    def _set(self):
        kernel = self._kernel
        if kernel is None:
            return
        net = self._network
        forms = (net.lines if net.delta else net.stars) + net.amps
        for k in range(QUANTITIES):
            form = net.amps[0] if net.copied and 3 <= k < 3 + net.phases else forms[k]
            kernel.form(k, form, self._scales[k // 3])
        for i in range(9):
            kernel.limit(i, self._limits[i // 3])

    def gap(self):
        """The next cycle does not follow on the last one."""
        self.filled = 0

    def at(self, ago):
        """Where those of the half cycle `ago` (0-3) before the last one begin in `squares`."""
        return QUANTITIES * (self._count - ago & _HISTORY - 1)

    def rms(self, k, square):
        """What a value of `squares` of quantity `k` is in V or A."""
        return self._kernel.rms(k, square)

    def time(self):
        """When the last half cycle was over: ms of samples, which wrap as ticks do (fourquad.ticks)."""
        return ticks.add(self._ms, (self._rest_us + self._done * self._half_us) // 1000)

    def half_ms(self):
        """How long it was."""
        return self._half_us / 1000

    def run(self, buffer, frame, cycles, period):
        """Cycles of samples and the ticks from frame to frame, as the chain gets them."""
        kernel = self._kernel
        rest = self._rest_us + self._done * self._half_us
        self._ms = ticks.add(self._ms, rest // 1000)
        self._rest_us = rest % 1000
        self._done = 0
        self._half_us = period * (FRAMES // 2) // self._per_us
        if not self._armed:
            self._done = 2 * cycles
            self.filled = 0
            return
        self._unsettled += cycles
        if self._unsettled >= _SETTLE:
            self._unsettled = 0
            self._settle()
        kernel.take(buffer, frame, cycles)
        i = 0
        while i < cycles:
            if self.busy:
                self.on_cycle()
            masks = kernel.cycle(i, self._count + 1 & _HISTORY - 1, self.waves, CYCLE * self.next)
            self.next = self.next + 1 if self.next + 1 < KEPT else 0
            if self.filled < KEPT:
                self.filled += 1
            if masks or self.busy:
                self._done = 2 * i + 1
                self._count = self._count + 1 & _COUNTS
                self.on_half(masks & _HALF)
                self._done = 2 * i + 2
                self._count = self._count + 1 & _COUNTS
                self.on_half(masks >> 9)
            else:
                self._count = self._count + 2 & _COUNTS
            i += 1
        self._done = 2 * cycles
