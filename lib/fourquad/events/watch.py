"""What the channels of alarms watch: where their values lie, whether they meet their limits, and the words
that records show.

A value is a reading or what a terminal of an I/O module says (points.MODULE). What is not measured yet, or is
of a module that is not there, meets no limit.
"""

from array import array

from fourquad import points as p
from fourquad.events import limits
from fourquad.points import alarms as a
from fourquad.points import columns as c
from fourquad.points import values as v

_N = a.COUNT
_REVERSED = (1801, 3000)  # 0.1 degrees by which the second phase lags: 240 if reversed, 120 if not
_DEMANDS = p.SECONDARY + p.P_DEMAND


class Watch:
    """`table`: rows of what can be watched, by codes; `chain`, `billing` and `io` are the meter's, `billing`
    and `io` may be None. `points` are set before the first `prepare`. Masks have a bit for each channel.
    """

    points = None

    def __init__(self, table, chain, billing, io):
        self._table = table
        self._chain = chain
        self._readings = chain.readings
        self._billing = billing
        self._io = io
        self.asked = 0  # of terminals
        self._unseen = 0  # inputs that have not been on yet
        self._signed = 0
        self._codes = bytearray(_N)
        self._sources = limits.sources(_N)
        self._limits = array("i", limits.NEVER * _N)
        self._copies = array("i", [limits.ABSENT] * _N)  # of what has no array of its own
        self._arrays = [self._copies] * _N
        self._places = bytearray(_N)
        self._factors = [0] * _N

    def ratios(self):
        """Another object after each change of the side of the readings, or of the transformers: then every
        channel is to be prepared anew.
        """
        return self._readings.fast_ratios

    def prepare(self, i, code, comparison, n):
        """Channel `i` watches this from now on; `n` is its set point."""
        bit = 1 << i
        self.asked &= ~bit
        self._unseen &= ~bit
        self._codes[i] = code
        row = self._table[code]
        watch = row[c.WATCH]
        self._signed = self._signed | bit if watch == v.WATCH_SIGNED else self._signed & ~bit
        if watch == v.WATCH_SIGNED and n > 32767:
            n -= 65536
        self._factors[i] = factor = self._factor(row)
        values, place = self._place(row[c.WATCHED])
        if values is None:
            values, place = self._copies, i
            self._copies[i] = limits.ABSENT
            limit = self._of_terminal(bit, row, comparison, n)
        elif watch == v.WATCH_ORDER:
            limit = limits.between(_REVERSED[0], _REVERSED[1], factor)
        elif isinstance(values[0], float):
            limit = limits.of_floats(comparison, n, factor)
        else:
            limit = limits.of_integers(comparison, n)
        self._arrays[i] = values
        self._places[i] = place
        limits.bind(self._sources, i, values, place)
        for k in range(limits.ROW):
            self._limits[limits.ROW * i + k] = limit[k]

    def _place(self, pid):
        """Where a value lies: (array, place); (None, 0) if it must be asked for, or is not there."""
        try:
            values = getattr(self.points.provider(pid), "values", None)
            place = pid - self.points.base(pid)
        except KeyError:
            return None, 0
        return (values, place) if values and place < len(values) else (None, 0)

    def _factor(self, row):
        """What a value is to be multiplied by."""
        fast = p.FAST <= row[c.WATCHED] < p.FAST + p.FAST_READINGS
        return row[c.FACTOR] / (self._readings.fast_ratios[row[c.SIDE]] if fast else 1)

    def _of_terminal(self, bit, row, comparison, n):
        """The limit of a terminal."""
        if not self._io or not p.MODULE <= row[c.WATCHED] < p.MODULE + 64:
            return limits.NEVER
        self.asked |= bit
        if row[c.WATCH] != v.WATCH_INPUT:
            return limits.of_integers(comparison, n)
        if not v.INPUT_ON <= n <= v.INPUT_GOES_OFF:
            return limits.NEVER
        if n == v.INPUT_GOES_OFF:
            self._unseen |= bit
        return limits.of_integers(v.EQUAL, 1 if n == v.INPUT_ON else 0)

    def ready(self, i):
        """Whether a channel's value has been measured."""
        pid = self._table[self._codes[i]][c.WATCHED]
        if _DEMANDS <= pid < p.SECONDARY + p.READINGS:
            return self._billing is not None and self._billing.demand.windows > 0
        if pid < p.SECONDARY + p.READINGS:
            return self._chain.valid
        return self._chain.harmonics.windows > 0 if p.HARMONIC <= pid < p.EXTREME else True

    def beyond(self, channels):
        """Which of these channels meet their limits."""
        asked = self.asked & channels
        if asked:
            for i in range(_N):
                if asked >> i & 1:
                    self._ask(i)
        return limits.beyond(channels, self._sources, self._limits)

    def _ask(self, i):
        """Get the value of a terminal."""
        row = self._table[self._codes[i]]
        index = row[c.WATCHED] - p.MODULE
        value = limits.ABSENT
        if self._io.online(index, 1) and (row[c.WATCH] != v.WATCH_INPUT or self._io.states >> index & 1):
            value = self._io.read(index)
            if self._unseen >> i & 1:
                if value:
                    self._unseen &= ~(1 << i)
                else:
                    value = limits.ABSENT
        self._copies[i] = value

    def word(self, i):
        """What a channel watches, as the word of a record."""
        x = self._arrays[i][self._places[i]]
        if x == limits.ABSENT:
            return 0
        if isinstance(x, float):
            x *= self._factors[i]
            # what is beyond a word, and a NaN, is not to be rounded
            if -40000 < x < 70000:
                x = int(x + 0.5) if x >= 0 else -int(0.5 - x)
            else:
                x = 65535 if x > 0 else -32768 if x < 0 else 0
        low, high = (-32768, 32767) if self._signed >> i & 1 else (0, 65535)
        return (low if x < low else high if x > high else x) & 0xFFFF
