"""The providers of billing's points: demands, maximum records, tables, and all that is in one place only."""

from fourquad import points as p
from fourquad.billing.billing import MARKS
from fourquad.billing.demand import BLOCK, ROLLING
from fourquad.billing.pulses import keeps_up
from fourquad.billing.timeline import MINUTE, MS
from fourquad.calendar.clock import END, split
from fourquad.points import billing as b

_HIGHEST = 32767
_PROGRAM_S = 240  # of programming mode after the last key (A1000 2.1.1)
_INTERVALS = (p.DEMAND_MODE, p.DEMAND_WINDOW, p.DEMAND_SUB_INTERVAL, p.POWER_INTERVAL)
_CALENDAR = tuple(range(7))
_MARKED = (b.PROGRAMMINGS, b.PROGRAMMER)
_NO_MARKS = (b.PROGRAM_MODE, b.INTERVAL_SECONDS)  # ids between those of the marks
_BEFORE = MARKS + b.PROGRAM_MODE - b.PROGRAMMINGS  # free there: the programming before the last


class Derived:
    """A provider whose points nobody writes; KeyError in `read` where there is none."""

    def __init__(self, billing):
        self._billing = billing

    def check(self, index, value):
        try:
            self.read(index)
        except KeyError:
            return p.UNKNOWN
        return p.READ_ONLY

    write = check


class Demands(Derived):
    """points.DEMAND."""

    def read(self, index):
        billing = self._billing
        kind, place = divmod(index, 80)
        value = billing.demand.read(kind, place // b.RATES, place % b.RATES)
        if kind == b.DEMAND_MAXIMUM_TIME and value:
            return billing.zone.local(value)
        return value


class Maxima(Derived):
    """points.MAXIMUM."""

    def __init__(self, billing):
        super().__init__(billing)
        self._date = [0] * 7

    def read(self, index):
        billing, field = self._billing, index & 7
        kind = b.DEMAND_MAXIMUM if field == b.MAXIMUM_VALUE else b.DEMAND_MAXIMUM_TIME
        value = billing.demand.read(kind, index >> 3, 0)
        if field == b.MAXIMUM_VALUE:
            # held at the end of a register's range
            return min(value, _HIGHEST)
        if field == 7:
            raise KeyError(index)
        if not value:
            return 0
        split(billing.zone.local(value), self._date)
        return self._date[field]


class Tables(Derived):
    """points.TABLE: values are bytes. After a refusal `reason` says why. For a configuration it is a group of
    settings, with itself as texts (meter/texts.py).
    """

    first = b.GROUP_TABLES
    rows = ()

    def __init__(self, billing, points):
        super().__init__(billing)
        self._points = points
        self.texts = self
        self.reason = None
        self.changed = False
        self.words = billing.tariff.words

    def read(self, index):
        if index >= b.TABLES:
            raise KeyError(index)
        return self._billing.tariff.tables[index]

    @property
    def values(self):
        """All of them."""
        return self._billing.tariff.tables

    def check(self, index, value):
        billing = self._billing
        if index >= b.TABLES:
            return p.UNKNOWN
        if not billing.open():
            self.reason = "not in programming mode"
            return p.FORBIDDEN
        if billing.settings.guarded(p.SCHEDULE):
            self.reason = "sealed"
            return p.FORBIDDEN
        self.reason = billing.tariff.refuse(index, value, self._coming())
        return p.RANGE if self.reason else p.OK

    def _coming(self):
        """All of them, once the request that is being checked or stored is stored."""
        tables = self.values
        request = self._points.request
        if not request:
            return tables
        planned = [request.planned(p.SETTING + self.first + i) for i in range(b.TABLES)]
        return [tables[i] if planned[i] is None else planned[i] for i in range(b.TABLES)]

    def write(self, index, value):
        billing = self._billing
        offset = billing.zone.offset
        billing.tariff.set(index, value, self._coming())
        self.changed = True
        billing.note(b.TABLE_CHANGES, b.LAST_TABLE_CHANGE)
        if billing.zone.offset != offset:
            billing.zone_set()
        billing.follow(billing.clock.now // 60)
        return p.OK

    # For a file.

    def restore(self, index, value):
        """Take back a table that its file does not have yet."""
        self.changed |= not self._billing.tariff.set(index, value, ())

    def dump(self):
        """All tables as integers."""
        return self._billing.tariff.dump()

    def load(self, words):
        """Take back what `dump` gave; None: there is nothing."""
        if words is not None and len(words) == self.words:
            self._billing.tariff.load(words)


class BillingPoints(Derived):
    """points.BILLING."""

    def __init__(self, billing):
        super().__init__(billing)
        self._date = [0] * 7
        self.utc = billing.zone.utc  # of local seconds

    def read(self, index):
        billing = self._billing
        periods, tariff = billing.periods, billing.tariff
        if _MARKED[0] <= index <= _MARKED[1] and index not in _NO_MARKS:
            value = billing.marks[MARKS + index - b.PROGRAMMINGS]
            stamp = index in (b.LAST_PROGRAMMED, b.LAST_CLOCK_SET, b.LAST_PRESET, b.LAST_TABLE_CHANGE)
            return billing.zone.local(value) if stamp and value else value
        if index == b.PROGRAM_MODE:
            return 1 if billing.clock.now < billing.program_until else 0
        if index <= b.DAY_KIND:
            now = billing.tariff_at(billing.clock.now // 60)
            return now if not tariff or not index else (0, tariff.season, tariff.plan, tariff.kind)[index]
        if index == b.DST_ACTIVE:
            return 1 if billing.zone.shift(billing.clock.now // 60) else 0
        if index == b.CLOCK_VALID:
            return 1 if billing.clock.valid else 0
        if index == b.LOCAL_TIME:
            return billing.zone.local(billing.clock.shown)
        if index == b.ERROR_1:
            return billing.supervision.warnings if billing.supervision else 0
        if index == b.ERROR_2:
            return billing.error_word
        if index == b.RESETS:
            return periods.counts[0]
        if index == b.LAST_RESET:
            return billing.zone.local(periods.last[0]) if periods.last[0] else 0
        if index == b.LAST_RESET_CAUSE:
            return periods.last[1]
        if index < b.PERIODS_STORED:
            return periods.counts[2 + index - b.RESETS_AUTOMATIC]
        if index == b.PERIODS_STORED:
            return periods.stored
        if index == b.INTERVAL_SECONDS:
            return billing.demand.seconds
        if index == b.ENERGY_COUNT:
            return billing.tariffs.count_wh
        if index == b.ENERGY_MODULUS:
            return billing.tariffs.modulus
        at = 2 + index - b.RESET_STAMPS
        if index < b.BILLINGS and at < len(periods.last):
            return billing.zone.local(periods.last[at]) if periods.last[at] else 0
        raise KeyError(index)

    def check(self, index, value):
        if index == b.PROGRAM_MODE:
            return p.OK if value in (0, 1) else p.RANGE
        if index == b.LOCAL_TIME:
            if not 0 <= value < END:
                return p.RANGE
            split(value, self._date)
            return self._billing.clock.check_set(_CALENDAR, self._date, 1, 6)
        if index == b.PROGRAMMER:
            if not self._billing.allowed():
                return p.FORBIDDEN
            return p.OK if 0 <= value < 100000000 else p.RANGE
        return super().check(index, value)

    def write(self, index, value):
        billing = self._billing
        if index == b.LOCAL_TIME:
            split(value, self._date)
            return billing.clock.write_set(_CALENDAR, self._date, 1, 6)
        if index == b.PROGRAMMER:
            billing.marks[MARKS + b.PROGRAMMER - b.PROGRAMMINGS] = value
            return p.OK
        now = billing.clock.now
        if value and now >= billing.program_until:
            billing.marks[_BEFORE] = billing.marks[MARKS + b.LAST_PROGRAMMED - b.PROGRAMMINGS]
            billing.note(b.PROGRAMMINGS, b.LAST_PROGRAMMED)
        billing.program_until = now + _PROGRAM_S if value else 0
        return p.OK


class History:
    """Points of previous periods: those of the billing, and as the first two the last programmings."""

    def __init__(self, billing):
        self._billing = billing
        self.check = billing.periods.check
        self.write = billing.periods.write

    def read(self, pid):
        n, pid_now = divmod(pid, p.HISTORY)
        if pid_now != p.BILLING + b.LAST_PROGRAMMED:
            return self._billing.periods.read(pid)
        billing = self._billing
        if not 1 <= n <= 2:
            raise KeyError(pid)
        stamp = billing.marks[_BEFORE if n == 2 else MARKS + b.LAST_PROGRAMMED - b.PROGRAMMINGS]
        if not stamp:
            raise KeyError(pid)
        return billing.zone.local(stamp)


def refused(billing, offset, value):
    """Whether a value of a setting cannot be had together with the others: a pulse constant that could not
    keep up with the highest power, a sub-interval that the demand window does not allow.
    """
    table, settings = billing.table, billing.settings

    def get(other):
        return value if other == offset else settings.coming(other)

    if offset in _INTERVALS and hasattr(table, "PAIRS"):
        mode = get(p.DEMAND_MODE)
        sub = {BLOCK: p.POWER_INTERVAL, ROLLING: p.DEMAND_SUB_INTERVAL}.get(mode)
        return (
            sub is not None
            and settings.has(sub)
            and get(sub) not in dict(table.PAIRS).get(get(p.DEMAND_WINDOW), ())
        )
    watts = 3 * get(p.NOMINAL_VOLTAGE) * get(p.MAXIMUM_CURRENT) // 10000
    for _, is_led, constant in table.PULSES:
        if offset in (constant, p.PULSE_WIDTH, p.NOMINAL_VOLTAGE, p.MAXIMUM_CURRENT):
            width = 0 if is_led else get(p.PULSE_WIDTH) or 80
            if not keeps_up(get(constant), width, watts):
                return True
    return False


def _clear_energies(billing):
    """The energies by tariff 0, if that is allowed now."""
    if billing.allowed():
        billing.tariffs.clear()


def _clear_tariffs(billing, tariffs):
    """The maximum demands of some tariffs (1-4) start anew."""
    for tariff in tariffs:
        billing.demand.forget(tariff)
    billing.save_soon = True


def _synchronise(billing):
    """The external end of a demand window."""
    minute, ms = billing.marks[MINUTE], billing.marks[MS]
    billing.demand.synchronise(minute + billing.zone.offset, 60 * minute + ms // 1000)


def provide(billing, points, commands):
    """Let all of billing answer for its points, and put its actions into `commands` (by offset into
    points.COMMAND); the provider of the tables, or None.
    """
    table = billing.table
    billing.settings.veto = lambda offset, value: refused(billing, offset, value)
    points.provide(p.DEMAND, Demands(billing), 10)
    points.provide(p.MAXIMUM, Maxima(billing), 2)
    points.provide(p.BILLING, BillingPoints(billing))
    commands[p.CLEAR_DEMAND] = billing.clear_demand
    if table.RATES > 1:
        for t in (1, 2, 3, 4):
            commands[p.CLEAR_SHARP_DEMAND + t - 1] = lambda tariff=t: _clear_tariffs(billing, (tariff,))
        commands[p.CLEAR_TARIFF_DEMAND] = lambda: _clear_tariffs(billing, (1, 2, 3, 4))
    commands[p.SYNCHRONISE_DEMAND] = lambda: _synchronise(billing)
    if table.GROUPS:
        points.provide(p.TARIFF_ENERGY, billing.tariffs, 5)
        commands[p.CLEAR_TARIFF_ENERGY] = lambda: _clear_energies(billing)
    if table.SUPERVISION:
        points.provide(p.SUPERVISION, billing.supervision, 4)
        commands[p.CLEAR_SUPERVISION] = billing.supervision.clear
    if table.PROFILE:
        points.provide(p.PROFILE, billing.profile)
        commands[p.CLEAR_PROFILE] = billing.profile.clear
    if table.PERIODS:
        points.provide_history(History(billing))
        commands[p.RESET_BY_BUTTON] = lambda: billing.reset(b.CAUSE_BUTTON)
        commands[p.RESET_BY_OPTICAL] = lambda: billing.reset(b.CAUSE_OPTICAL)
        commands[p.RESET_BY_SERIAL] = lambda: billing.reset(b.CAUSE_SERIAL)
        commands[p.CLEAR_PERIODS] = billing.periods.forget
    if not billing.tariff:
        return None
    tables = Tables(billing, points)
    points.provide(p.TABLE, tables)
    points.provide(p.SETTING + b.GROUP_TABLES, tables)
    return tables
