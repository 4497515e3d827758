"""Maximum and minimum of 25 quantities with the time when they occurred (KW320 manual 4.2, 6.3.7).

Values are those of a second, on the secondary side, as integers in the formats of the registers; the time is
the clock's as it was then. A demand counts from the end of its first window on, THD from the first window of
harmonics; before that, and after a clear, a record has no date: year 0. What is no number is no extreme, and
a THD at its ceiling (harmonics.py) only says that there is next to no fundamental.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import billing as b

DUMP_SIZE = 8 + 8 * 2 * p.EXTREMES
_FIRST = 8  # byte of the dump, after the mark
_START = 2  # seconds until the frames follow the mains
_PART = 5  # quantities a slice
_DEMAND = 14
_UNBALANCE = 17
_FREQUENCY = 13
_CEILING = 65535  # of THD
_CALENDAR = 1999  # year 0 of the dump's bytes

# Reading and its scale: V 0.1, A 0.001, W, var, VA, PF 0.001, Hz 0.01, unbalance 0.1 %; then THD in 0.01 %.
_ROWS = (
    (p.V1, 10),
    (p.V2, 10),
    (p.V3, 10),
    (p.V12, 10),
    (p.V23, 10),
    (p.V31, 10),
    (p.I1, 1000),
    (p.I2, 1000),
    (p.I3, 1000),
    (p.P_SUM, 1),
    (p.Q_SUM, 1),
    (p.S_SUM, 1),
    (p.PF_SUM, 1000),
    (p.FREQUENCY, 100),
    (p.P_DEMAND, 1),
    (p.Q_DEMAND, 1),
    (p.S_DEMAND, 1),
    (p.V_UNBALANCE, 1000),
    (p.I_UNBALANCE, 1000),
    (p.THD_V1, 0),
    (p.THD_V1 + 1, 0),
    (p.THD_V1 + 2, 0),
    (p.THD_I1, 0),
    (p.THD_I1 + 1, 0),
    (p.THD_I1 + 2, 0),
)
_MINIMA = p.EXTREME_FIELDS * p.EXTREMES


class Extremes(Part):
    """Provider for points.EXTREME; kept in a journal of its own (device/extremes_store.py).

    `readings` is metering.readings.Readings; `harmonics` and `billing.demand` (`billing` may be None) count
    `windows`. `changed` and `cleared` are set here and reset by the code that saves.
    """

    name = "extremes"
    store = "extremes_store"

    def __init__(self, clock, readings, harmonics, billing):
        self.values = array("i", [0] * (2 * _MINIMA))
        self._clock = clock
        self._source = readings
        self._readings = readings.secondary
        self._harmonics = harmonics
        self._billing = billing
        self.buffer = bytearray(DUMP_SIZE)  # of `record`
        self.mark = 0  # that stands before them in flash
        self._wait = _START
        self._at = 0
        self.changed = False
        self.cleared = False
        self.after_reading = (self._look,) * (p.EXTREMES // _PART)
        self._clear_demands = None

    def provide(self, points, commands):
        points.provide(p.EXTREME, self, 7)
        commands[p.CLEAR_MAX_MIN] = self.clear
        self._clear_demands = commands.get(p.CLEAR_DEMAND)
        if self._clear_demands:
            commands[p.CLEAR_DEMAND] = self._forget_demands

    def check(self, index, value):
        return p.READ_ONLY

    write = check

    def _forget_demands(self):
        """Demands are cleared with their extremes."""
        self._clear_demands()
        self.clear_demands()

    def read(self, index):
        if index < p.EXTREMES_SHOWN:
            return self.values[index]
        index -= p.EXTREMES_SHOWN
        i = index % p.EXTREMES
        if index < 2 * p.EXTREMES:
            at = p.EXTREME_FIELDS * index
            if not self.values[at + 1]:
                raise KeyError(index)
            scale = _ROWS[i][1]
            return self.values[at] / scale * self._ratio(i) if scale else self.values[at]
        if index >= 2 * p.EXTREMES + 3 or not self._billing:
            raise KeyError(index)
        value = self._billing.demand.read(b.DEMAND_MAXIMUM, b.CURRENT_1 + i, 0)
        return value / 1000 * self._source.current_ratio

    def _ratio(self, i):
        """Primary over secondary."""
        if i < 6:
            return self._source.voltage_ratio
        if i < 9:
            return self._source.current_ratio
        if i < 12 or _DEMAND <= i < _UNBALANCE:
            return self._source.voltage_ratio * self._source.current_ratio
        return 1

    def _look(self):
        at = self._at
        if not self._wait:
            for i in range(at, at + _PART):
                place, scale = _ROWS[i]
                if i >= p.EXTREME_THD:
                    x = self._harmonics.values[place]
                    if self._harmonics.windows and x < _CEILING:
                        self._take(i, min(x, 32767))
                elif not _DEMAND <= i < _UNBALANCE or self._billing and self._billing.demand.windows:
                    x = self._readings[place]
                    if scale != 1:
                        x *= scale
                    # a float less to make: what lies between both is no extreme, however it is rounded
                    if x == x and not self._between(i, x):
                        self._take(i, _integer(x, 65535 if i == _FREQUENCY else 32767))
        at += _PART
        if at == p.EXTREMES:
            at = 0
            if self._wait:
                self._wait -= 1
        self._at = at

    def _between(self, i, x):
        values = self.values
        at = p.EXTREME_FIELDS * i
        return values[at + _MINIMA] <= x <= values[at] and values[at + 1] and values[at + _MINIMA + 1]

    def _take(self, i, value):
        values = self.values
        at = p.EXTREME_FIELDS * i
        if value > values[at] or not values[at + 1]:
            self._put(at, value)
        at += _MINIMA
        if value < values[at] or not values[at + 1]:
            self._put(at, value)

    def _put(self, at, value):
        values = self.values
        values[at] = value
        for k in range(1, p.EXTREME_FIELDS):
            values[at + k] = self._clock.read(k)
        self.changed = True

    def clear(self):
        """Begin anew with the values of the next second."""
        for i in range(2 * _MINIMA):
            self.values[i] = 0
        self.changed = self.cleared = True

    def clear_demands(self):
        """Forget the extremes of demands, until there are windows again."""
        for first in (0, _MINIMA):
            for i in range(first + p.EXTREME_FIELDS * _DEMAND, first + p.EXTREME_FIELDS * _UNBALANCE):
                self.values[i] = 0
        self.changed = self.cleared = True

    def record(self):
        """What the journal keeps: DUMP_SIZE bytes, in one buffer that is filled anew each time."""
        out, values = self.buffer, self.values
        pack_into("<II", out, 0, self.mark, 0)
        at = _FIRST
        for i in range(0, 2 * _MINIMA, p.EXTREME_FIELDS):
            year = values[i + 1]
            # value, year, month, day, hour, minute, second: in one call, each of them takes 15 us
            pack_into(
                "<H6B",
                out,
                at,
                values[i] & 0xFFFF,
                year - _CALENDAR if year else 0,
                values[i + 2],
                values[i + 3],
                values[i + 4],
                values[i + 5],
                values[i + 6],
            )
            at += 8
        return out

    def load(self, payload):
        """Take back what `record` gave. False: it is another model's, and nothing of it is taken."""
        if len(payload) != DUMP_SIZE or unpack_from("<I", payload)[0] != self.mark:
            return False
        values = self.values
        at = _FIRST
        for i in range(0, 2 * _MINIMA, p.EXTREME_FIELDS):
            unsigned = i % _MINIMA == p.EXTREME_FIELDS * _FREQUENCY
            values[i] = unpack_from("<H" if unsigned else "<h", payload, at)[0]
            year = payload[at + 2]
            values[i + 1] = year + _CALENDAR if year else 0
            for k in range(2, p.EXTREME_FIELDS):
                values[i + k] = payload[at + 1 + k]
            at += 8
        return True


def make(meter):
    """The part of a meter."""
    return Extremes(meter.clock, meter.readings, meter.chain.harmonics, meter.billing)


def _integer(x, top):
    x = int(x + 0.5 if x >= 0 else x - 0.5) if -40000 < x < 70000 else top if x > 0 else -32768
    return min(top, max(-32768, x))
