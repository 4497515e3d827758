"""Many circuits on the voltages of one supply: forms and readings of up to 18 currents, each with the voltage
of its phase. Definitions are those of readings.py; what is of several inputs is the sum of theirs: a group of
points/circuits.py.

- A current of a phase, and that of a user channel, is the sum of the RMS of its inputs: currents of different
  transformers have no common neutral to be measured in.
- Everything is of the primary side: each input has a transformer of its own.
- Unbalance of a user channel of three phases, and of all inputs together: negative over positive sequence of
  the fundamentals, at most 1.
- Angles: by which the fundamental lags that of voltage A; 0 where either is dead.
- An input that the wiring leaves, and one that the front end has not, reads 0, and a power factor of 1.
"""

from array import array
from math import atan2, cos, sin, sqrt

from fourquad import points as p
from fourquad.metering import readings as r
from fourquad.metering.forms import Products, scaled
from fourquad.metering.rows import MARGIN, Rows
from fourquad.metering.wiring import Network, cross
from fourquad.points import circuits as c

# Rows of an input: I^2, P, Q, and P and I^2 of the fundamental.
AMP, ACTIVE, REACTIVE, ACTIVE_1, AMP_1 = range(5)
INPUT_ROWS = 5
SLICE = 3  # inputs that are worked out at a time
_SHARE = 1 << 20
_DEGREES = 57.29578
_THIRD = 2.0943951  # of a turn


class CircuitNetwork(Network):
    """The voltages of a wiring, and `inputs`: (form of the current, phase 0-2, place among the rows) of each
    of 18, or None where the front end has not so many. A channel is the next input of its phase's column.
    """

    def _pairs(self):
        channels = self.channels
        # currents are the inputs' alone
        self.amps = ((), (), ())
        self.neutral = ()
        pairs = list(super()._pairs())
        inputs, place = [None] * c.INPUTS, 0
        for i in range(len(channels)):
            free = [n for n in range(c.INPUTS) if c.phase_of(n) + 1 == channels[i].phase and not inputs[n]]
            if channels[i].kind == "I" and free:
                form = ((i, channels[i].gain),)
                cross(channels, self.stars[channels[i].phase - 1], form, pairs)
                inputs[free[0]] = (form, channels[i].phase - 1, place)
                place += 1
        self.inputs = tuple(inputs)
        self.order = tuple(sorted([each for each in inputs if each], key=_place))
        return tuple(pairs)


def _place(each):
    _, _, place = each
    return place


class CircuitRows(Rows):
    """The rows of the voltages, and, of the second only, INPUT_ROWS for each input from `first` on."""

    def __init__(self, network, plan, full_wave):
        super().__init__(network, plan, full_wave)
        widest = max([0.0] + [abs(factor) for form, _, _ in network.order for _, factor in form]) or 1.0
        volts = sqrt(self.units.volt / MARGIN)
        self.units.amp = MARGIN * widest * widest
        self.units.power = MARGIN * volts * widest
        self.first = 0

    def each(self):
        """Every row in its order, one at a time."""
        self.first = 0
        for row in Rows.each(self):
            self.first += 1
            yield row
        make, units = Products(self._plan, self._network.channels), self.units
        for form, phase, _ in self._network.order:
            star = self._network.stars[phase]
            yield scaled(make.full(form, form), units.amp)
            yield scaled(make.full(star, form), units.power)
            yield scaled(make.imag(star, form), units.power)
            yield scaled(make.real(star, form), units.power)
            yield scaled(make.real(form, form), units.amp)


class CircuitReadings(r.Readings):
    """Those of the voltages and of the system as Readings has them, and `circuits`: points.circuits
    .ALL_READINGS floats.
    """

    def __init__(self, secondary, primary, fast):
        super().__init__(secondary, primary, fast)
        self.circuits = array("f", [0.0] * c.ALL_READINGS)
        self.over = [1] * c.INPUTS  # primary over secondary current of each input: these, over `under`
        self.under = 1
        self.input_parts = [0.0] * c.INPUTS  # harmonics' part of Q over S of each
        self.input_shares = [0] * c.INPUTS  # the same, 2**-20
        self._wiring = 0
        slices = [lambda first=n: self.inputs(first) for n in range(0, c.INPUTS, SLICE)]
        slices.append(lambda: self.sums(c.FIRST_USER, c.FIRST_PHASE))
        slices.append(lambda: self.sums(c.FIRST_PHASE, c.GROUPS))
        self.slices = tuple(slices)  # of a second, after those of the voltages

    def configure(self, network, rows):
        super().configure(network, rows)
        self._first = rows.first
        self._blank()

    def group(self, wiring, over, under):
        """Take over a value of CIRCUIT_WIRING, and the ratios of the transformers of the inputs."""
        self._wiring = wiring
        self.over[:] = over
        self.under = under
        self._blank()

    def _blank(self):
        """What is not measured reads 0."""
        for i in range(len(self.circuits)):
            self.circuits[i] = 0.0

    def measured(self, n):
        """Whether input `n` has a channel, and is connected."""
        return self.network.inputs[n] is not None and c.used(self._wiring, n)

    def _input(self, n):
        """Phase and first row of an input that has a channel."""
        _, phase, place = self.network.inputs[n]
        return phase, self._first + INPUT_ROWS * place

    def rows_of(self, n):
        """(channel, rows of I^2, rows of P, row of Q) of an input."""
        (((channel, _),), _, _) = self.network.inputs[n]
        _, at = self._input(n)
        return channel, (at + AMP, at + AMP_1), (at + ACTIVE, at + ACTIVE_1), at + REACTIVE

    def exact_rows(self, n):
        """Rows of P, Q, V^2 and I^2 of an input."""
        phase, at = self._input(n)
        return at + ACTIVE, at + REACTIVE, r.STAR + phase, at + AMP

    # The sums of the system are made of the inputs': nothing is left here for windows.

    def amps(self):
        pass

    def powers(self):
        pass

    def inputs(self, first):
        """Readings of SLICE inputs from `first` on (second only)."""
        o = self._view
        for n in range(first, min(first + SLICE, c.INPUTS)):
            if not self.measured(n):
                continue
            phase, at = self._input(n)
            x = o[at + AMP]
            i = sqrt(x * self._ki) if x > 0 else 0.0
            s = self._v[phase] * i
            part = self.input_parts[n]
            self.input_shares[n] = int(part * _SHARE)
            q = o[at + REACTIVE] * self._kp + part * s
            ratio = self.over[n] / self.under
            self._put(c.FIELDS * n, i * ratio, o[at + ACTIVE] * self._kp * ratio, q * ratio, s * ratio)

    def _put(self, at, i, active, q, s):
        out = self.circuits
        out[at + c.AMPS] = i
        out[at + c.P] = active
        out[at + c.Q] = q
        out[at + c.S] = s
        out[at + c.PF] = self._factor(active, q, s)
        out[at + c.NATURE] = _nature(active, q, s)

    def sums(self, first, end):
        """Readings of the groups from `first` to `end`: sums of their inputs (second only)."""
        out = self.circuits
        for group in range(first, end):
            i = active = q = s = 0.0
            those = c.members(self._wiring, group)
            for n in those:
                at = c.FIELDS * n
                i += out[at + c.AMPS]
                active += out[at + c.P]
                q += out[at + c.Q]
                s += out[at + c.S]
            if those:
                self._put(c.FIELDS * group, i, active, q, s)

    def character(self):
        """The system and its phases; unbalance, load character, quadrant (second only)."""
        values, out = self.circuits, self.secondary
        for k in range(3):
            at = c.FIELDS * (c.FIRST_PHASE + k)
            for first, field in ((p.I1, c.AMPS), (p.P1, c.P), (p.Q1, c.Q), (p.S1, c.S), (p.PF1, c.PF)):
                out[first + k] = values[at + field]
        at = c.FIELDS * c.TOTAL
        out[p.I_AVG] = values[at + c.AMPS] / 3
        for place, field in ((p.P_SUM, c.P), (p.Q_SUM, c.Q), (p.S_SUM, c.S), (p.PF_SUM, c.PF)):
            out[place] = values[at + field]
        super().character()

    def angles(self):
        """Angles of voltages and currents against voltage A; unbalance of the user channels (second
        only).
        """
        super().angles()
        o, out = self._view, self.circuits
        stars = (0.0, self.secondary[p.ANGLE_V2], self.secondary[p.ANGLE_V3])
        for n in range(c.INPUTS):
            angle = 0.0
            if self.measured(n) and self.secondary[p.V1]:
                phase, at = self._input(n)
                if o[at + AMP] > 0 and o[r.STAR + phase] > 0:
                    angle = r.positive(stars[phase] + atan2(o[at + REACTIVE], o[at + ACTIVE_1]) * _DEGREES)
            out[c.ANGLE + n] = angle
        for user in range(c.USERS):
            those = c.members(self._wiring, c.FIRST_USER + user)
            out[c.UNBALANCE + user] = self._unbalance(those) if len(those) == 3 else 0.0
        self.secondary[p.I_UNBALANCE] = self._unbalance(range(c.INPUTS))

    def _unbalance(self, those):
        """Negative over positive sequence of the currents of inputs, each in its phase."""
        o, out = self._view, self.circuits
        parts = [0.0] * 4  # of positive and negative sequence, real and imaginary
        for n in those:
            if not self.measured(n):
                continue
            phase, at = self._input(n)
            if o[at + AMP_1] > 0:
                size = sqrt(o[at + AMP_1] * self._ki) * self.over[n]
                angle = -out[c.ANGLE + n] / _DEGREES
                for j, turn in ((0, angle + phase * _THIRD), (2, angle - phase * _THIRD)):
                    parts[j] += size * cos(turn)
                    parts[j + 1] += size * sin(turn)
        positive = parts[0] * parts[0] + parts[1] * parts[1]
        negative = parts[2] * parts[2] + parts[3] * parts[3]
        if negative <= 0.0:
            return 0.0
        return sqrt(negative / positive) if negative < positive else 1.0


def _nature(active, q, s):
    """L, C or R of a load, ASCII."""
    if abs(q) > r.RESISTIVE * s:
        return r.L if (q > 0.0) == (active >= 0.0) else r.C
    return r.R
