"""Wirings as tables: which linear combination of the inputs every voltage and current is (manual
2.3.3-2.3.5).

The inputs are u1 u2 u3 (terminals V1-V3 against VN) and i1 i2 i3. Rows are integers over a common
denominator.

- 3LN: star voltages against the neutral.
- 1LN: phase 1 alone.
- 2LL: two transformers in open delta, V2 tied to VN: u1 is V12, u3 is V32. Power is taken with the star
  voltages of the centroid, which add up to none; with currents that add up to none it is u1 i1 + u3 i3
  (Blondel).
- 3LL: VN floats at the centroid of the lines, so the inputs see star voltages.
- 1LL: three-wire single phase, V1 and V2 against the neutral and in opposition.
"""

from fourquad.metering.channels import find

# By WIRING_U: (denominator, star voltages, line voltages V12 V23 V31, phases, phase values shown)
_ALL = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
_LINES = ((1, -1, 0), (0, 1, -1), (-1, 0, 1))
_NONE = (0, 0, 0)
VOLTAGES = (
    (1, _ALL, _LINES, 3, True),
    (1, (_ALL[0], _NONE, _NONE), (_NONE, _NONE, _NONE), 1, True),
    (3, ((2, 0, -1), (-1, 0, -1), (-1, 0, 2)), ((3, 0, 0), (0, 0, -3), (-3, 0, 3)), 3, False),
    (1, _ALL, _LINES, 3, False),
    (1, (_ALL[0], _ALL[1], _NONE), (_LINES[0], _NONE, _NONE), 2, True),
)

# Currents by number of phases (1, 2, 3) and WIRING_I (3CT, 1CT, 2CT); the last figure tells that all phases
# are copies of the first, in size and in power (a balanced load on one transformer).
_TWO = (_ALL[0], _ALL[1], _NONE)
_ONE = (_ALL[0], _NONE, _NONE)
CURRENTS = (
    ((_ONE, False), (_ONE, False), (_ONE, False)),
    ((_TWO, False), (_ONE, True), (_TWO, False)),
    ((_ALL, False), (_ONE, True), ((_ALL[0], (-1, 0, -1), _ALL[2]), False)),
)


class Network:
    """A wiring on the channels of a front end.

    `stars`, `lines`, `amps` are three forms each, `neutral` is one: tuples of (channel, coefficient) where
    the coefficient includes gain and polarity; an empty form reads 0. Units are secondary volts and amperes.
    """

    def __init__(self, channels, wiring_u, wiring_i, negative=(0, 0, 0)):
        over, stars, lines, self.phases, self.shown = VOLTAGES[wiring_u]
        currents, self.copied = CURRENTS[self.phases - 1][wiring_i]
        self.channels = channels
        self.delta = not self.shown
        self.line_count = 3 if self.phases == 3 else self.phases - 1
        self.stars = tuple([_form(channels, "V", row, over, None) for row in stars])
        self.lines = tuple([_form(channels, "V", row, over, None) for row in lines])
        self.amps = tuple([_form(channels, "I", row, 1, negative) for row in currents])
        at = find(channels, "I", 0)
        if at >= 0:
            self.neutral = ((at, channels[at].gain),)
        elif self.delta or self.copied or self.phases < 2:
            self.neutral = ()
        else:
            self.neutral = _add(self.amps)
        self.pairs = self._pairs()

    def _pairs(self):
        """The pairs of channels that the forms need, the later-sampled channel second."""
        pairs = []
        for k in range(3):
            cross(self.channels, self.stars[k], self.amps[k], pairs)
        for forms in (self.stars + self.lines, self.amps):
            for a in forms:
                for b in forms:
                    cross(self.channels, a, b, pairs)
        return tuple(pairs)


def _form(channels, kind, row, over, negative):
    """The form of one table row; empty where it needs an input that the front end has not."""
    out = []
    for i in range(3):
        if row[i]:
            at = find(channels, kind, i + 1)
            if at < 0:
                return ()
            sign = -1 if negative and negative[i] else 1
            out.append((at, sign * row[i] * channels[at].gain / over))
    return tuple(out)


def _add(forms):
    """The sum of forms, without what cancels."""
    out = {}
    for form in forms:
        for at, factor in form:
            out[at] = out.get(at, 0.0) + factor
    return tuple([(at, factor) for at, factor in sorted(out.items()) if factor])


def cross(channels, a, b, pairs):
    for i, _ in a:
        for j, _ in b:
            if i != j and (i, j) not in pairs and (j, i) not in pairs:
                late = channels[i].delay > channels[j].delay
                pairs.append((j, i) if late else (i, j))
