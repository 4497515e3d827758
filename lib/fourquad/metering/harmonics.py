"""Harmonics, their sums, Budeanu's reactive power and the symmetrical components, from windows of 10 cycles
(50 Hz) or 12 (60 Hz, 400 Hz) of all channels together.

- The window's synchronous cycles are added up into one of 128 samples, which is transformed: what comes out
  is every tenth (twelfth) line of the window's Fourier transform, the harmonics themselves without the groups
  and subgroups of IEC 61000-4-7:2002, 3.2. The 128 samples resolve the orders up to 63.
- Order h in 0.01 % of the fundamental (F19). THD = sqrt(sum of squares of 2 to 63) over the fundamental (IEC
  61000-4-7, 3.2.1); total odd (from 3) and even HD likewise. At 400 Hz the orders end at 15.
- Crest factor: peak over RMS, of voltages. K factor: sum of h^2 I_h^2 over sum of I_h^2 (IEEE C57.110, UL
  1561), of currents. THFF: psophometric.py, of voltages.
- Reactive power of Budeanu: sum over all h of V_h I_h sin; of it, the part of h >= 2 over S is kept for each
  phase, so that it follows the load from one window to the next. A window with less than a quarter of
  the current of the last second leaves it: a load that cycles has its own part whenever it is on.
- Ratios to a fundamental end at 655.35 %; without one that gives a frequency (sync.py) there are no orders,
  and all values are 0. So are those of a quantity that is below its floor in the window.
- Symmetrical components of the fundamental (Fortescue), real and imaginary part against V1 (V12): star
  voltages (line voltages in delta wirings) in 0.1 V, currents in mA, secondary side.
- Delta wirings: line voltages V12, V31, V23, in the order of the manual's table 6.3.7.
"""

from math import sqrt

from fourquad import points as p
from fourquad.metering.psophometric import weight

_HERTZ = (50, 60, 400)
_CYCLES = (10, 12, 12)
_ORDERS = (64, 64, 16)
DISTORTED = 100  # THD of a current that may have jumps, 0.01 %
_SINE = 0.8660254  # of 120 degrees


class Harmonics:
    """Fills `values` (points.HARMONICS integers). `parts` holds for each phase the harmonics' part of Q over
    S.
    """

    def __init__(self, values, flow=None):
        """`flow`: readings of the last second, secondary side."""
        self._flow = flow
        self.values = values
        self.parts = [0.0] * 3
        self.windows = 0  # that were worked out
        self.distorted = False  # whether a current was in the last one
        self._re = [0.0] * 6
        self._im = [0.0] * 6
        self._rms = [0.0] * 6
        self._crests = [0.0] * 3
        self.least = ()  # RMS codes of each channel below which a window has nothing
        self.left = 0
        self._stages = (
            self._centre,
            self._peak,
            self._transform,
            self._quantity,
            self._reactive,
            self._finish,
        )

    def prepare(self, spectrum, channels, nominal):
        """The slices of making `spectrum` fit the delays and filters of `channels`, and the setting
        NOMINAL_FREQUENCY.
        """
        for _ in spectrum.follow(channels):
            yield
        if spectrum.made_for != nominal:
            weights = []
            for h in range(_ORDERS[nominal]):
                weights.append(weight(h * _HERTZ[nominal]))
                yield
            spectrum.configure(len(weights), weights)
            spectrum.made_for = nominal

    def configure(self, network, spectrum, nominal, keep=False):
        """Take over a wiring, and phasors for its channels (spectrum_native.py) that are prepared for the
        setting NOMINAL_FREQUENCY. The values stay until the next window, 0.5 s later; with `keep` their part
        of reactive power stays, too.
        """
        self._spectrum = spectrum
        self._channels = len(network.channels)
        lines = network.lines
        self._volts = (lines[0], lines[2], lines[1]) if network.delta else network.stars
        self._amps = network.amps
        self._stars = network.stars
        self._phases = network.phases
        self._copied = network.copied
        self._delta = network.delta
        self._cycles = _CYCLES[nominal]
        self._counts = (1, 3, self._channels * spectrum.SLICES, 6, 3, 3)
        if not keep:
            for k in range(3):
                self.parts[k] = 0.0
        self.left = 0
        self._stage = len(self._stages)
        self._at = 0
        if len(self.least) != self._channels:
            self.least = [0.0] * self._channels

    def clear(self):
        """All values 0: their orders are others now."""
        for i in range(len(self.values)):
            self.values[i] = 0

    def begin(self):
        """Take a window from the next cycle on; False while the last one is still being worked out."""
        if self.left or self._stage != len(self._stages):
            return False
        self._spectrum.begin()
        self.left = self._cycles
        return True

    def taking(self):
        """Whether a window is under way: the frames must stand still."""
        return self.left > 0

    def run(self, buffer, frame, cycles):
        """Cycles of samples, as the kernel gets them; nothing to do while none are `left`."""
        left = self.left
        if left:
            n = cycles if cycles < left else left
            self._spectrum.add(buffer, frame, n)
            self.left = left - n
            if left == n:
                self._stage = self._at = 0

    def gap(self):
        """The next cycle does not follow on the last one: a window under way begins anew."""
        if self.left:
            self._spectrum.begin()
            self.left = self._cycles

    def work(self, alive):
        """One slice (2.8 ms at most on an RP2040) of working a window out; whether there was any. `alive`:
        bit mask of the channels with a signal.
        """
        stage = self._stage
        if stage == len(self._stages):
            return False
        self._alive = alive
        self._stages[stage](self._at)
        self._at += 1
        if self._at == self._counts[stage]:
            self._at = 0
            self._stage = stage + 1
            if stage + 1 == len(self._stages):
                self.windows += 1
        return True

    def _lives(self, form):
        for c, _ in form:
            if not self._alive >> c & 1:
                return False
        return bool(form)

    def _quiet(self, form, rms):
        """Whether a quantity is below its floor."""
        return any(rms < abs(factor) * self.least[c] for c, factor in form)

    def _centre(self, _):
        for c in range(self._channels):
            self._spectrum.centre(c)

    def _peak(self, k):
        form = self._volts[k]
        self._crests[k] = self._spectrum.peak(form) if self._lives(form) else 0.0

    def _transform(self, i):
        slices = self._spectrum.SLICES
        self._spectrum.transform(i // slices, i % slices)

    def _quantity(self, i):
        """Voltage i, or current i - 3."""
        s, values = self._spectrum, self.values
        current = i >= 3
        k = i - 3 if current else i
        if current:
            form = self._amps[0] if self._copied and k < self._phases else self._amps[k]
            at, thd = p.HARMONIC_I1 + p.CURRENT_HARMONICS * k, p.THD_I1 + k
        else:
            form = self._volts[k]
            at, thd = p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k, p.THD_V1 + k
        place = (0, 2, 1)[i] if self._delta and not current else i
        rms = 0.0
        if self._lives(form):
            s.mix(form, 0)
            rms = s.measure(0)
            if self._quiet(form, rms):
                rms = 0.0
        self._rms[i] = rms
        if not rms:
            self._re[place] = self._im[place] = 0.0
            for j in range(at, at + (p.CURRENT_HARMONICS if current else p.VOLTAGE_HARMONICS)):
                values[j] = 0
            values[thd] = 0
            return
        self._re[place], self._im[place] = s.fundamental(0)
        s.ratios(values, at)
        one = s.first
        at += p.ORDERS
        if not one:
            for j in range(at, at + (3 if current else 4)):
                values[j] = 0
            values[thd] = 0
            return
        odd, even = s.odd(), s.even()
        harmonics = odd + even
        values[thd] = word(10000 * sqrt(harmonics / one))
        values[at] = word(10000 * sqrt(odd / one))
        values[at + 1] = word(10000 * sqrt(even / one))
        if current:
            values[at + 2] = word(10 * s.by_orders() / (one + harmonics))
        else:
            values[at + 2] = word(1000 * self._crests[k] / rms)
            values[at + 3] = word(10000 * sqrt(s.weighted() / (one + harmonics)))

    def _flows(self, k):
        rms = self._rms[3 + k]
        return rms and (self._flow is None or 4 * rms > self._flow[p.I1 + k])

    def _reactive(self, k):
        """The harmonics' part of Q of a phase; what it was where the window has next to no current."""
        s = self._spectrum
        part = self.parts[k]
        if self._copied and 0 < k < self._phases:
            part = self.parts[0]
        elif k < self._phases and self._flows(k) and self._lives(self._stars[k]):
            s.mix(self._stars[k], 0)
            volts = s.measure(0) if self._delta else self._rms[k]
            s.mix(self._amps[k], 1)
            apparent = volts * self._rms[3 + k]
            if apparent:
                part = s.cross() / apparent
        self.parts[k] = part

    def _finish(self, i):
        """Averages; symmetrical components of the voltages, of the currents."""
        if i == 0:
            n = 3 if self._delta else self._phases
            for first in (p.THD_V1, p.THD_I1):
                total = 0
                for k in range(n):
                    total += self.values[first + k]
                self.values[first + 3] = (total + n // 2) // n
            # `first` is now of the currents
            self.distorted = max(self.values[first : first + 3]) > DISTORTED
        elif i == 1:
            self._components(0, p.SEQUENCE_U, 10.0)
        else:
            self._components(3, p.SEQUENCE_I, 1000.0)

    def _components(self, first, at, scale):
        """Positive, negative and zero sequence."""
        re, im, values = self._re, self._im, self.values
        x, y = re[0], im[0]
        reference = sqrt(x * x + y * y)
        if self._phases < 3 or not reference:
            for i in range(6):
                values[at + i] = 0
            return
        x *= scale / reference
        y *= scale / reference
        if self._copied and first:
            # a balanced load by definition
            a, b = re[first], im[first]
            rows = ((a, b), (0.0, 0.0), (0.0, 0.0))
        else:
            rows = (_third(re, im, first, _SINE), _third(re, im, first, -_SINE), _third(re, im, first, 0.0))
        for a, b in rows:
            values[at] = _signed(a * x + b * y)
            values[at + 1] = _signed(b * x - a * y)
            at += 2


def _third(re, im, first, sine):
    """A third of three phasors, the second turned ahead by 120 degrees (`sine` > 0), back (< 0), or not."""
    turn = -0.5 if sine else 1.0
    x, y, u, v = re[first + 1], im[first + 1], re[first + 2], im[first + 2]
    a = re[first] + turn * (x + u) - sine * (y - v)
    b = im[first] + turn * (y + v) + sine * (x - u)
    return a / 3, b / 3


def word(x):
    return int(x + 0.5) if x < 65535 else 65535


def _signed(x):
    return max(-32768, min(32767, int(x + 0.5 if x >= 0 else x - 0.5)))
