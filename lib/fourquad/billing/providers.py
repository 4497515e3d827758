"""The providers of billing's points: demands, maximum records, tables, and all that is in one place only."""

from fourquad import points as p
from fourquad.billing.billing import MARKS, Revenue
from fourquad.billing.demand import BLOCK, ROLLING
from fourquad.billing.pulses import keeps_up
from fourquad.billing.timeline import MINUTE, MS
from fourquad.calendar.clock import END, split
from fourquad.points import billing as b

# Settings that billing depends on.
SETTINGS = (
    (p.DEMAND_MODE, p.DEMAND_WINDOW, p.DEMAND_SUB_INTERVAL, p.POWER_INTERVAL)
    + (p.SELF_READ_DAY, p.SELF_READ_HOUR, p.ENERGY_DECIMALS, p.PULSE_P, p.PULSE_Q, p.PULSE_WIDTH)
    + (p.PULSE_SOURCE, p.LED_P, p.LED_Q, p.NOMINAL_VOLTAGE, p.RATED_CURRENT, p.MAXIMUM_CURRENT)
    + (p.SV_OVER_VOLTAGE, p.SV_UNDER_VOLTAGE, p.SV_LOST_VOLTAGE, p.SV_OVER_CURRENT, p.SV_LOW_CURRENT)
    + (p.SV_DELAY,)
)
_HIGHEST = 32767
_PROGRAM_S = 240  # of programming mode after the last key (A1000 2.1.1)
_INTERVALS = (p.DEMAND_MODE, p.DEMAND_WINDOW, p.DEMAND_SUB_INTERVAL, p.POWER_INTERVAL)
_CALENDAR = tuple(range(7))
_MARKED = (b.PROGRAMMINGS, b.PROGRAMMER)
_NO_MARKS = (b.PROGRAM_MODE, b.INTERVAL_SECONDS)  # ids between those of the marks
_BEFORE = MARKS + b.PROGRAM_MODE - b.PROGRAMMINGS  # free there: the programming before the last


class Derived:
    """A provider whose points nobody writes; KeyError in `read` where there is none."""

    def __init__(self, revenue):
        self._revenue = revenue

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
        revenue = self._revenue
        kind, place = divmod(index, 80)
        value = revenue.demand.read(kind, place // b.RATES, place % b.RATES)
        if kind == b.DEMAND_MAXIMUM_TIME and value:
            return revenue.zone.local(value)
        return value


class Maxima(Derived):
    """points.MAXIMUM."""

    def __init__(self, revenue):
        super().__init__(revenue)
        self._date = [0] * 7

    def read(self, index):
        revenue, field = self._revenue, index & 7
        kind = b.DEMAND_MAXIMUM if field == b.MAXIMUM_VALUE else b.DEMAND_MAXIMUM_TIME
        value = revenue.demand.read(kind, index >> 3, 0)
        if field == b.MAXIMUM_VALUE:
            # held at the end of a register's range
            return min(value, _HIGHEST)
        if field == 7:
            raise KeyError(index)
        if not value:
            return 0
        split(revenue.zone.local(value), self._date)
        return self._date[field]


class Tables(Derived):
    """points.TABLE: values are bytes. After a refusal `reason` says why."""

    def __init__(self, revenue):
        super().__init__(revenue)
        self.reason = None
        self.changed = False
        self.words = revenue.tariff.words

    def read(self, index):
        if index >= b.TABLES:
            raise KeyError(index)
        return self._revenue.tariff.tables[index]

    def check(self, index, value):
        if index >= b.TABLES:
            return p.UNKNOWN
        if not self._revenue.allowed():
            self.reason = "not in programming mode"
            return p.FORBIDDEN
        self.reason = self._revenue.tariff.refuse(index, value)
        return p.RANGE if self.reason else p.OK

    def write(self, index, value):
        revenue = self._revenue
        offset = revenue.zone.offset
        revenue.tariff.set(index, value)
        self.changed = True
        revenue.note(b.TABLE_CHANGES, b.LAST_TABLE_CHANGE)
        if revenue.zone.offset != offset:
            revenue.zone_set()
        revenue.follow(revenue.clock.now // 60)
        return p.OK

    # For a file.

    def dump(self):
        """All tables as integers."""
        return self._revenue.tariff.dump()

    def load(self, words):
        """Take back what `dump` gave; None: there is nothing."""
        if words is not None and len(words) == self.words:
            self._revenue.tariff.load(words)


class BillingPoints(Derived):
    """points.BILLING."""

    def __init__(self, revenue):
        super().__init__(revenue)
        self._date = [0] * 7
        self.utc = revenue.zone.utc  # of local seconds

    def read(self, index):
        revenue = self._revenue
        billing, tariff = revenue.billing, revenue.tariff
        if _MARKED[0] <= index <= _MARKED[1] and index not in _NO_MARKS:
            value = revenue.marks[MARKS + index - b.PROGRAMMINGS]
            stamp = index in (b.LAST_PROGRAMMED, b.LAST_CLOCK_SET, b.LAST_PRESET, b.LAST_TABLE_CHANGE)
            return revenue.zone.local(value) if stamp and value else value
        if index == b.PROGRAM_MODE:
            return 1 if revenue.clock.now < revenue.program_until else 0
        if index <= b.DAY_KIND:
            now = revenue.tariff_at(revenue.clock.now // 60)
            return now if not tariff or not index else (0, tariff.season, tariff.plan, tariff.kind)[index]
        if index == b.DST_ACTIVE:
            return 1 if revenue.zone.shift(revenue.clock.now // 60) else 0
        if index == b.CLOCK_VALID:
            return 1 if revenue.clock.valid else 0
        if index == b.LOCAL_TIME:
            return revenue.zone.local(revenue.clock.shown)
        if index == b.ERROR_1:
            return revenue.supervision.warnings if revenue.supervision else 0
        if index == b.ERROR_2:
            return revenue.error_word
        if index == b.RESETS:
            return billing.counts[0]
        if index == b.LAST_RESET:
            return revenue.zone.local(billing.last[0]) if billing.last[0] else 0
        if index == b.LAST_RESET_CAUSE:
            return billing.last[1]
        if index < b.PERIODS_STORED:
            return billing.counts[2 + index - b.RESETS_AUTOMATIC]
        if index == b.PERIODS_STORED:
            return billing.stored
        if index == b.INTERVAL_SECONDS:
            return revenue.demand.seconds
        if index == b.ENERGY_COUNT:
            return revenue.tariffs.count_wh
        if index == b.ENERGY_MODULUS:
            return revenue.tariffs.modulus
        at = 2 + index - b.RESET_STAMPS
        if index < b.BILLINGS and at < len(billing.last):
            return revenue.zone.local(billing.last[at]) if billing.last[at] else 0
        raise KeyError(index)

    def check(self, index, value):
        if index == b.PROGRAM_MODE:
            return p.OK if value in (0, 1) else p.RANGE
        if index == b.LOCAL_TIME:
            if not 0 <= value < END:
                return p.RANGE
            split(value, self._date)
            return self._revenue.clock.check_set(_CALENDAR, self._date, 1, 6)
        if index == b.PROGRAMMER:
            if not self._revenue.allowed():
                return p.FORBIDDEN
            return p.OK if 0 <= value < 100000000 else p.RANGE
        return super().check(index, value)

    def write(self, index, value):
        revenue = self._revenue
        if index == b.LOCAL_TIME:
            split(value, self._date)
            return revenue.clock.write_set(_CALENDAR, self._date, 1, 6)
        if index == b.PROGRAMMER:
            revenue.marks[MARKS + b.PROGRAMMER - b.PROGRAMMINGS] = value
            return p.OK
        now = revenue.clock.now
        if value and now >= revenue.program_until:
            revenue.marks[_BEFORE] = revenue.marks[MARKS + b.LAST_PROGRAMMED - b.PROGRAMMINGS]
            revenue.note(b.PROGRAMMINGS, b.LAST_PROGRAMMED)
        revenue.program_until = now + _PROGRAM_S if value else 0
        return p.OK


class History:
    """Points of previous periods: those of the billing, and as the first two the last programmings."""

    def __init__(self, revenue):
        self._revenue = revenue
        self.check = revenue.billing.check
        self.write = revenue.billing.write

    def read(self, pid):
        n, pid_now = divmod(pid, p.HISTORY)
        if pid_now != p.BILLING + b.LAST_PROGRAMMED:
            return self._revenue.billing.read(pid)
        revenue = self._revenue
        if not 1 <= n <= 2:
            raise KeyError(pid)
        stamp = revenue.marks[_BEFORE if n == 2 else MARKS + b.LAST_PROGRAMMED - b.PROGRAMMINGS]
        if not stamp:
            raise KeyError(pid)
        return revenue.zone.local(stamp)


def make(model, meter):
    """The billing of a model, or None if it has no table for it."""
    table = getattr(model, "BILLING", None)
    if not table:
        return None
    return Revenue(table, meter.settings, meter.clock, meter.energy, meter.readings.secondary)


def pulses(revenue):
    """The pulse outputs, or None if there are none."""
    return revenue.pulses if revenue and revenue.table.PULSES else None


def refused(revenue, offset, value):
    """Whether a value of a setting cannot be had beside the others: a pulse constant that could not keep up
    with the highest power, a sub-interval that the demand window does not allow.
    """
    table, settings = revenue.table, revenue.settings

    def get(other):
        return value if other == offset else settings.get(other)

    if offset in _INTERVALS and hasattr(table, "PAIRS"):
        mode = get(p.DEMAND_MODE)
        sub = {BLOCK: p.POWER_INTERVAL, ROLLING: p.DEMAND_SUB_INTERVAL}.get(mode)
        return sub is not None and get(sub) not in dict(table.PAIRS).get(get(p.DEMAND_WINDOW), ())
    watts = 3 * get(p.NOMINAL_VOLTAGE) * get(p.MAXIMUM_CURRENT) // 10000
    for row in table.PULSES:
        if offset in (row[2], p.PULSE_WIDTH, p.NOMINAL_VOLTAGE, p.MAXIMUM_CURRENT):
            width = 0 if row[1] else get(p.PULSE_WIDTH) or 80
            if not keeps_up(get(row[2]), width, watts):
                return True
    return False


def _clear_energies(revenue):
    """The energies by tariff 0, if that is allowed now."""
    if revenue.allowed():
        revenue.tariffs.clear()


def _synchronise(revenue):
    """The external end of a demand window."""
    minute, ms = revenue.marks[MINUTE], revenue.marks[MS]
    revenue.demand.synchronise(minute + revenue.zone.offset, 60 * minute + ms // 1000)


def provide(revenue, points, commands):
    """Let all of billing answer for its points, and put its actions into `commands` (by offset into
    points.COMMAND); the provider of the tables, or None. `revenue` may be None.
    """
    if not revenue:
        return None
    table = revenue.table
    revenue.settings.veto = lambda offset, value: refused(revenue, offset, value)
    points.provide(p.DEMAND, Demands(revenue), 10)
    points.provide(p.MAXIMUM, Maxima(revenue), 2)
    points.provide(p.BILLING, BillingPoints(revenue))
    commands[p.CLEAR_DEMAND] = revenue.clear_demand
    commands[p.SYNCHRONISE_DEMAND] = lambda: _synchronise(revenue)
    if table.GROUPS:
        points.provide(p.TARIFF_ENERGY, revenue.tariffs, 5)
        commands[p.CLEAR_TARIFF_ENERGY] = lambda: _clear_energies(revenue)
    if table.SUPERVISION:
        points.provide(p.SUPERVISION, revenue.supervision, 4)
        commands[p.CLEAR_SUPERVISION] = revenue.supervision.clear
    if table.PROFILE:
        points.provide(p.PROFILE, revenue.profile)
        commands[p.CLEAR_PROFILE] = revenue.profile.clear
    if table.PERIODS:
        points.provide_history(History(revenue))
        commands[p.RESET_BY_BUTTON] = lambda: revenue.reset(b.CAUSE_BUTTON)
        commands[p.RESET_BY_OPTICAL] = lambda: revenue.reset(b.CAUSE_OPTICAL)
        commands[p.RESET_BY_SERIAL] = lambda: revenue.reset(b.CAUSE_SERIAL)
        commands[p.CLEAR_PERIODS] = revenue.billing.forget
    if not revenue.tariff:
        return None
    tables = Tables(revenue)
    points.provide(p.TABLE, tables)
    return tables
