"""Readings from the sums of a window, in slices of at most about 1 ms on an RP2040.

Definitions (IEEE 1459-2010 where not said otherwise; "manual" is the KW320's):
- Frequency: of the fundamental of the reference voltage, or of a current where no voltage is there (sync.py);
  of the second the mean of its windows.
- V, I: RMS of the whole wave without DC. Line voltages: of the difference of two phases, sample by sample.
  Averages: arithmetic, of the phases that the wiring has. Neutral current: measured where there is a channel
  for it, else RMS of the sum of the phases' currents; 0 in delta wirings and with one transformer.
- P: mean of v i, import positive; of the system the sum.
- Q, REACTIVE_MODE 0 (true, Budeanu): sum over all orders of V_h I_h sin, inductive import positive (IEC
  62053-23). The fundamental's term is of this window; those of the harmonics over S are of the last window of
  harmonics.py, some 2 s old. Mode 1 (generalized, Fryze): sqrt(S^2 - P^2) with the sign of the
  fundamental's. Of the system the sum.
- S of a phase: V I; of the system: the arithmetic sum.
- With ENERGY_WAVE 0 energies and PF are of the fundamental (manual 4.1); P, Q and S stay of the whole wave.
- PF = P / S. Its sign by IEC is that of P; by IEEE, as meters use it, it tells the nature of the load
  whatever the direction of power (manual 5.1.7.6.1.1): inductive negative, capacitive and resistive positive.
  Without current PF reads 1, as the minimum table of the manual's figure 4-3 shows for a meter without load.
- Quadrant, of the system (IEC 62053-23 annex C), by the signs of P and Q alone: 1 import, Q positive,
  2 export, Q positive, 3 export, Q negative, 4 import, Q negative.
- Load character (manual 6.3.7), of the system, what the load is seen from its own direction of power: L in
  quadrants 1 and 3, C in 2 and 4, R where Q is below 0.5 % of S.
- Load percentage (manual 3.1): average current over the rated secondary current (CT2).
- Unbalance: negative over positive sequence of the fundamental (Fortescue; IEC 61000-4-30, 5.7.1), at most
  100 %, which a reversed phase order reads; 0 where both are below 1 % of the phases' RMS (one phase on all
  inputs).
- Angles (manual 4.3, 6.3.7): by which the fundamental lags that of V1, in delta wirings that of V12; 0-360
  degrees.
- Delta wirings have no phase values: they read 0 (manual 3.2). Powers are then those of the virtual star.
- A channel below its floor is dead and reads 0: see channels.py.
"""

from math import atan2, sqrt

from fourquad import points as p
from fourquad.metering.kernels.plan import FRAMES

# Rows of forms; with ENERGY_WAVE 0 three times three rows of the fundamental follow.
STAR = 0
LINE = 3
AMP = 6
NEUTRAL = 9
P = 10
Q = 13
FAST = 16

# Rows of the second only, after the fast ones.
SEQUENCE = 0
P1 = 4
REF = 7  # real and imaginary part of the reference voltage against the star voltages
ANGLE = 13  # ... against V2 and V3 (V23, V31 in delta)
CHAIN = 17  # ... of I1 against I2 and I3

WHOLE = (P, Q, STAR, AMP)  # first of three rows of P, Q, V^2 and I^2 of the whole wave

_DEGREES = 57.29578
_SHARE = 1 << 20
RESISTIVE = 0.005  # part of S below which Q does not make a load inductive or capacitive
L, C, R = 76.0, 67.0, 82.0
_SEQUENCES = 3750  # an eighth of the squares of three phases over this: sequences below are noise, 1 %


class Readings:
    """Arrays `secondary`, `primary` (points.READINGS floats) and `fast` (points.FAST_READINGS floats)."""

    def __init__(self, secondary, primary, fast):
        self.secondary = secondary
        self.primary = primary
        self.fast = fast
        self._v = [0.0] * 3
        self._i = [0.0] * 3
        # of the second's windows and of the fast ones: cycles that they are for (None: to be made anew), V^2,
        # A^2 and W of a row, weight of S
        self._factors = ([None] * 5, [None] * 5)
        self.parts = (0.0, 0.0, 0.0)  # harmonics' part of Q over S of each phase
        self.shares = [0] * 3  # the same of the last second's energy, 2**-20
        self._apparent = [0] * 3  # S of the windows since the second began, times their cycles, 2**-10 VA
        self._gathered = 0  # these cycles

    def configure(self, network, rows):
        """Take over a wiring, and the rows that the kernel has of it."""
        self.network = network
        self._full = rows.full_wave
        self._phases = network.phases
        self._lines = network.line_count
        self._shown = network.shown
        self._copied = network.copied
        self.units = rows.units
        self.fast_rows = rows.fast
        for made in self._factors:
            made[0] = None
        self.shares[:] = [0, 0, 0]
        self._fast = False
        self._gather()
        self._trim()

    def modes(self, generalized, ieee):
        """REACTIVE_MODE 1; sign of the power factor by IEEE."""
        self._generalized = generalized
        self._ieee = ieee

    def energy_rows(self):
        """Numbers of the first of three rows of P, Q, V^2 and I^2, where energies come from."""
        if self._full:
            return WHOLE
        return FAST + 6, Q, FAST, FAST + 3

    def current_rows(self, j):
        """(channel, rows of I^2, rows of P, row of Q) of the phase's current; channel -1: a sum."""
        form = self.network.amps[0 if self._copied else j]
        squares, actives = (AMP + j,), (P + j, self.fast_rows + P1 + j)
        if not self._full:
            squares, actives = squares + (FAST + 3 + j,), actives + (FAST + 6 + j,)
        return form[0][0] if len(form) == 1 else -1, squares, actives, Q + j

    def ratios(self, volts, amps, fast_primary, rated):
        """Primary over secondary; side of the fast readings; rated secondary current in A."""
        self.voltage_ratio = volts
        self.current_ratio = amps
        self._fast_primary = fast_primary
        # fast readings over secondary ones: of no unit, volts, amperes, watts; another object for each change
        self.fast_ratios = (1.0, volts, amps, volts * amps) if fast_primary else (1.0, 1.0, 1.0, 1.0)
        self._rated = 100.0 / rated
        for made in self._factors:
            made[0] = None

    def begin(self, view, scale, cycles, frequency, fast):
        """Take the rows of a window; the slices then fill `fast` or `secondary` from them."""
        self._view = view
        self._out = self.fast if fast else self.secondary
        self._fast = fast
        self._cycles = cycles
        self._out[p.FREQUENCY] = frequency
        made = self._factors[fast]
        if made[0] != cycles:
            w = scale / (FRAMES * cycles)
            primary = fast and self._fast_primary
            rv = self.voltage_ratio if primary else 1.0
            ri = self.current_ratio if primary else 1.0
            units = self.units
            made[:] = (
                cycles,
                units.volt * w * rv * rv,
                units.amp * w * ri * ri,
                units.power * w * rv * ri,
                cycles * 1024 / (rv * ri),
            )
        _, self._kv, self._ki, self._kp, self._weight = made

    def volts(self):
        o, k, v, out = self._view, self._kv, self._v, self._out
        phases, lines = self._phases, self._lines
        for j in range(3):
            x = o[STAR + j]
            v[j] = sqrt(x * k) if x > 0 else 0.0
        if self._shown:
            x = v[0]
            out[p.V1] = x
            for j in range(1, phases):
                out[p.V1 + j] = v[j]
                x += v[j]
            out[p.V_AVG] = x / phases if phases > 1 else x
        total = 0
        for j in range(lines):
            x = o[LINE + j]
            x = sqrt(x * k) if x > 0 else 0.0
            out[p.V12 + j] = x
            total = total + x if j else x
        out[p.VL_AVG] = total / lines if lines > 1 else total

    def amps(self):
        o, k, i, out = self._view, self._ki, self._i, self._out
        phases = self._phases
        total = 0
        for j in range(phases):
            x = o[AMP + j]
            i[j] = x = sqrt(x * k) if x > 0 else 0.0
            out[p.I1 + j] = x
            total = total + x if j else x
        out[p.I_AVG] = total / phases if phases > 1 else total
        x = o[NEUTRAL]
        out[p.I_N] = sqrt(x * k) if x > 0 else 0.0

    def powers(self):
        """P, Q, S and PF of the phases and of the system."""
        o, k, out = self._view, self._kp, self._out
        full, shown, generalized = self._full, self._shown, self._generalized
        phases, parts = self._phases, self.parts
        total = total_q = total_s = one_p = one_q = one_s = 0.0
        for j in range(phases):
            active = o[P + j] * k
            q = o[Q + j] * k
            s = self._v[0 if self._copied else j] * self._i[j]
            if not full:
                # of the fundamental, for PF
                b, r = o[FAST + 6 + j] * k, q
                x, y = o[FAST + j] * self._kv, o[FAST + 3 + j] * self._ki
                x = sqrt(x) * sqrt(y) if x > 0 and y > 0 else 0.0
                one_p, one_q, one_s = one_p + b, one_q + r, one_s + x
                factor = self._factor(b, r, x)
            if self._fast:
                self._apparent[j] += int(s * self._weight)
            else:
                self.shares[j] = 0
            if generalized:
                x = s * s - active * active
                x = sqrt(x) if x > 0 else 0.0
                q = x if q >= 0 else -x
            elif parts[j]:
                q += self._harmonic(j, parts[j], s)
            if shown:
                out[p.P1 + j] = active
                out[p.Q1 + j] = q
                out[p.S1 + j] = s
                if phases > 1:
                    out[p.PF1 + j] = self._factor(active, q, s) if full else factor
            if j == 0:
                # 0.0 + x would be one more float to make
                total = active
                total_q = q
                total_s = s
            else:
                total += active
                total_q += q
                total_s += s
        out[p.P_SUM] = total
        out[p.Q_SUM] = total_q
        out[p.S_SUM] = total_s
        x = self._factor(total, total_q, total_s) if full else self._factor(one_p, one_q, one_s)
        out[p.PF_SUM] = x
        if phases == 1:
            out[p.PF1] = x
        self._gather()

    def _harmonic(self, j, part, s):
        """The harmonics' part of Q of phase `j`: `part` of S. That of a second is of the mean S of its
        windows: where a load was on for half of it, its RMS over all of it is too much by a root.
        """
        n = self._gathered * 1024
        if not self._fast and n:
            whole = s * n
            if self._apparent[j] < whole:
                part *= self._apparent[j] / whole
            self.shares[j] = int(part * _SHARE)
        return part * s

    def _gather(self):
        """Count the cycles of a window, or begin a second."""
        if self._fast:
            self._gathered += self._cycles
            return
        self._gathered = 0
        for j in range(3):
            self._apparent[j] = 0

    def _factor(self, active, q, s):
        if s == 0:
            return 1.0
        f = active / s
        if not -1 <= f <= 1:
            f = 1.0 if f > 0 else -1.0
        if self._ieee:
            f = abs(f)
            if abs(q) > RESISTIVE * s and (active > 0) == (q > 0):
                return -f
        return f

    def character(self):
        """Unbalance, load character, quadrant, load percent (second only)."""
        o, out = self._view, self.secondary
        at = self.fast_rows + SEQUENCE
        for j in range(2):
            positive, negative = o[at + 2 * j], o[at + 2 * j + 1]
            first = AMP if j else STAR
            # integers where rows are: a float takes heap, and a sum of three squares would be a long one
            least = (o[first] // 8 + o[first + 1] // 8 + o[first + 2] // 8) // _SEQUENCES
            x = 0.0
            if negative > 0 and (negative > least or positive > least):
                x = sqrt(negative / positive) if negative < positive else 1.0
            out[p.V_UNBALANCE + j] = x
        active, q, s = out[p.P_SUM], out[p.Q_SUM], out[p.S_SUM]
        letter = R
        if abs(q) > RESISTIVE * s:
            letter = L if (q > 0.0) == (active >= 0.0) else C
        out[p.LOAD_CHARACTER] = letter
        if q >= 0.0:
            out[p.QUADRANT] = 1.0 if active >= 0.0 else 2.0
        else:
            out[p.QUADRANT] = 4.0 if active >= 0.0 else 3.0
        out[p.LOAD_PERCENT] = out[p.I_AVG] * self._rated
        out[p.I_SUM] = out[p.I_AVG] * self._phases

    def angles(self):
        """Angles by which voltages and currents lag the reference voltage; 0 where either is dead (second
        only).

        The angle of a current is that of its star voltage plus its own against that; without that voltage,
        the angle of I1 plus its own against I1.
        """
        net, out, base = self.network, self.secondary, self.fast_rows
        reference = out[p.V12] if net.delta else out[p.V1]
        for j in range(2):
            out[p.ANGLE_V2 + j] = self._turn(base + ANGLE + 2 * j, 0.0) if reference else 0.0
        o = self._view
        first = 0.0
        for j in range(3):
            angle = 0.0
            if reference and o[AMP + j] > 0:
                if o[STAR + j] > 0:
                    angle = self._turn(base + REF + 2 * j, 0.0)
                    angle = positive(angle + atan2(o[Q + j], o[base + P1 + j]) * _DEGREES)
                elif j and o[AMP] > 0:
                    angle = self._turn(base + CHAIN + 2 * (j - 1), first)
            if not j:
                first = angle
            out[p.ANGLE_I1 + j] = angle

    def _turn(self, at, start):
        o = self._view
        re, im = o[at], o[at + 1]
        if not (re or im):
            return 0.0
        x = atan2(im, re) * _DEGREES
        return positive(start + x if start else x)

    def to_primary(self):
        """Fill `primary` from `secondary`."""
        a, b = self.secondary, self.primary
        b[:] = a
        if self.voltage_ratio == 1.0 and self.current_ratio == 1.0:
            return
        r = self.voltage_ratio
        for j in range(p.V1, p.VL_AVG + 1):
            b[j] = a[j] * r
        r = self.current_ratio
        for j in range(p.I1, p.I_N + 1):
            b[j] = a[j] * r
        for j in range(p.I1_DEMAND, p.I_SUM + 1):
            b[j] = a[j] * r
        r = self.voltage_ratio * self.current_ratio
        for j in range(p.P1, p.S_SUM + 1):
            b[j] = a[j] * r
        for j in range(p.P_DEMAND, p.S_DEMAND + 1):
            b[j] = a[j] * r

    def _trim(self):
        """What the wiring has not reads 0."""
        net = self.network
        for out in (self.secondary, self.primary, self.fast):
            for j in range(3):
                if not (self._shown and j < self._phases):
                    for first in (p.V1, p.P1, p.Q1, p.S1, p.PF1):
                        out[first + j] = 0.0
                if j >= self._phases:
                    out[p.I1 + j] = 0.0
                if j >= self._lines:
                    out[p.V12 + j] = 0.0
            if not self._shown:
                out[p.V_AVG] = 0.0
            if not net.neutral:
                out[p.I_N] = 0.0


def positive(angle):
    """An angle in degrees from 0 to 360."""
    while angle < 0.0:
        angle += 360.0
    while angle >= 360.0:
        angle -= 360.0
    return angle
