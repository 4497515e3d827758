"""Billing periods: when they end (self-read, reset), what is kept of each, and reading that.

A period's record holds its end (UTC), cause, and the energies and demands as they were then. A record is
committed first, by its number, and the demands are reset after that: at power-up a record that is newer
than the saved count of resets says that the reset is still to be done, and it is done.

A self-read falls to a day (1-28) and hour of local time in every month. What counts is that the month's
moment is passed, not that a certain minute is seen: after a power cut or a clock that was set over it, it is
made up for, once. A clock set back by less than a day does not repeat it.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.billing.tariff_energy import derived
from fourquad.calendar.clock import split
from fourquad.points import billing as b
from fourquad.registers import image

_HEAD = 8
_DAY = 86400


class PeriodKeeper:
    """`energy` is an energy.Energy, `tariffs` a tariff_energy.TariffEnergy, `demand` a demand.Demand.

    `store` (records.periods.Periods or alike) is given later, as `store`. `ended()` is called after a
    reset. `stamps`: whether the last reset by each cause is stamped.
    """

    def __init__(self, zone, energy, tariffs, demand, ended=None, stamps=True):
        self._zone = zone
        self._energy = energy
        self._tariffs = tariffs
        self._demand = demand
        self._ended = ended
        self.store = None
        self.failed = False
        self.gained = None
        self.day = 0
        self.hour = 0
        self.counts = array("I", [0] * (2 + b.RESET_CAUSES))  # all, months, one for each cause
        # UTC and cause of the last reset; of the last one by each cause, where there is room for that
        self.last = array("I", [0] * (2 + (b.RESET_CAUSES if stamps else 0)))
        self._date = [0] * 7
        self._four = bytearray(4)
        self._at_tariffs = _HEAD + 4 * p.ENERGIES
        self._at_demand = self._at_tariffs + tariffs.size
        self._places = len(demand.maxima)
        self.record_size = self._at_demand + 12 * self._places
        self._record = bytearray(self.record_size)
        self.size = 4 * (len(self.counts) + len(self.last))

    def month(self, utc):
        """How many moments of self-reading there were until a second of UTC, since year 0."""
        date = self._date
        split(self._zone.local(utc), date)
        return 12 * date[1] + date[2] + (1 if (date[3], date[4]) >= (self.day, self.hour) else 0)

    def schedule(self, day, hour):
        """Self-read on another day (0: never) and hour from now on."""
        self.day = day
        self.hour = hour

    def begin(self, utc):
        """What was to be read until a second of UTC is read; 0: nobody knows the time."""
        self.counts[1] = self.month(utc) if utc else 0

    def due(self, utc):
        """Whether a self-read is due."""
        if not self.day or self.month(utc) <= self.counts[1]:
            return False
        # the first time that the clock is known
        if not self.counts[1]:
            self.counts[1] = self.month(utc)
            return False
        return True

    def moment(self, utc):
        """The last moment of self-reading at or before a second of UTC, in UTC."""
        local = self._zone.local(utc)
        date = self._date
        split(local, date)
        first = local - local % _DAY - (date[3] - 1) * _DAY
        moment = first + (self.day - 1) * _DAY + self.hour * 3600
        if moment > local:
            split(first - _DAY, date)
            moment = first - date[3] * _DAY + (self.day - 1) * _DAY + self.hour * 3600
        return max(0, self._zone.utc(moment))

    def clock_set(self, old, new):
        """The clock was set from one second of UTC to another."""
        if self.counts[1] and (old - new > _DAY):
            self.counts[1] = self.month(new)

    def reset(self, cause, utc):
        """End the period: whether its record is committed and the demands are reset."""
        counts = self.counts
        record = self._record
        pack_into("<II", record, 0, utc, cause)
        at = image.put(record, _HEAD, self._energy.values, 4 * p.ENERGIES)
        self._tariffs.dump(record, at)
        demand, n = self._demand, 4 * self._places
        at = image.put(record, self._at_demand, demand.maxima, n)
        at = image.put(record, at, demand.stamps, n)
        image.put(record, at, demand.cumulative, n)
        if self.store:
            try:
                self.store.append(counts[0] + 1, record)
            except OSError:
                self.failed = True
                return False
        self._apply(cause, utc)
        return True

    def _apply(self, cause, utc):
        counts = self.counts
        counts[0] += 1
        if cause in (b.CAUSE_AUTOMATIC, b.CAUSE_CLOCK_SET):
            counts[1] = self.month(utc)
        self.last[0] = utc
        self.last[1] = cause
        if cause < b.RESET_CAUSES:
            counts[2 + cause] += 1
            if len(self.last) > 2:
                self.last[2 + cause] = utc
        self._demand.reset()
        if self._ended:
            self._ended()

    def redo(self, newest):
        """At power-up, `newest` the number of the newest record: do the reset that a power cut prevented.
        Energies and demands of the record take the place of the older saved ones. The second of UTC at which
        the period ended, or 0 if there was nothing to do; `gained` then has the joules by which the record
        is ahead.
        """
        if newest <= self.counts[0] or not self.store:
            return 0
        self.store.confirm()
        record, demand = self._record, self._demand
        self.store.read(1, 0, record)
        before = [self._tariffs.joules(i) for i in range(b.BASES)]
        image.take(record, _HEAD, self._energy.values, "i")
        self._tariffs.restore(record, self._at_tariffs)
        self.gained = [self._tariffs.joules(i) - before[i] for i in range(b.BASES)]
        at = self._at_demand
        for values, code in ((demand.maxima, "i"), (demand.stamps, "I"), (demand.cumulative, "i")):
            at = image.take(record, at, values, code)
        utc, cause = unpack_from("<II", record, 0)
        self.counts[0] = newest - 1
        self._apply(cause, utc)
        return utc

    def forget(self):
        """Clear the stored periods; the counters stay."""
        if self.store:
            self.store.clear()

    @property
    def stored(self):
        """How many previous periods there are."""
        return min(p.PERIODS, self.store.count) if self.store else 0

    # Points of previous periods: ids from points.HISTORY on.

    def _word(self, n, at, form="<i"):
        self.store.read(n, at, self._four)
        return unpack_from(form, self._four, 0)[0]

    def read(self, pid):
        n, pid = divmod(pid, p.HISTORY)
        if not 1 <= n <= self.stored:
            raise KeyError(n)
        if p.ENERGY <= pid < p.ENERGY + p.ENERGIES:
            return self._word(n, _HEAD + 4 * (pid - p.ENERGY))
        if p.TARIFF_ENERGY <= pid < p.DEMAND:
            group, place = divmod(pid - p.TARIFF_ENERGY, 80)
            if group >= self._tariffs.groups:
                raise KeyError(pid)
            first = self._at_tariffs + 4 * (28 * group - 1)

            def base(quantity, tariff):
                return self._word(n, first + 4 * (4 * quantity + tariff))

            return derived(base, place // b.RATES, place % b.RATES, self._tariffs.modulus)
        if p.DEMAND <= pid < p.MAXIMUM:
            return self._demand_of(n, pid - p.DEMAND)
        if pid == p.BILLING + b.LAST_RESET:
            return self._zone.local(self._word(n, 0, "<I"))
        if pid == p.BILLING + b.LAST_RESET_CAUSE:
            return self._word(n, 4)
        raise KeyError(pid)

    def _demand_of(self, n, index):
        kind, place = divmod(index, 80)
        i = self._demand.place(place // b.RATES, place % b.RATES)
        kinds = (b.DEMAND_MAXIMUM, b.DEMAND_MAXIMUM_TIME, b.DEMAND_CUMULATIVE)
        if kind not in kinds:
            raise KeyError(kind)
        at = self._at_demand + 4 * (self._places * kinds.index(kind) + i)
        if kind == b.DEMAND_MAXIMUM_TIME:
            utc = self._word(n, at, "<I")
            return self._zone.local(utc) if utc else 0
        value = self._word(n, at)
        if kind == b.DEMAND_CUMULATIVE:
            # the record was made before the maximum of its own period was added
            value += self._word(n, self._at_demand + 4 * i)
        return value

    def check(self, pid, value):
        return p.READ_ONLY

    write = check

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        at = image.put(buffer, at, self.counts, 4 * len(self.counts))
        return image.put(buffer, at, self.last, 4 * len(self.last))

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        at = image.take(buffer, at, self.counts, "I")
        return image.take(buffer, at, self.last, "I")
