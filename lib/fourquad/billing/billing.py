"""Billing of a meter: its engines, on a time line (billing/timeline.py) whose minutes do demand, load
profile, tariff and self-read.

Time here is UTC; intervals are counted in standard time (zone.py), tariffs and self-reads in local time.

A model's table of billing is a module: GROUPS (0: no energies by tariff, 1: of the system, 4: of the phases
too), COUNT_WH and MODULI (by ENERGY_DECIMALS) of those energies, CHANNELS and RATES of the demands, PULSES
(rows of sources, whether an LED, setting of the constant), and whether there are PERIODS, PROFILE and
SUPERVISION; RATED: how many of the CHANNELS, the first ones, have demands by tariff, if not all; PROTECTED:
presets, tables and clears need programming mode.
"""

from array import array

from fourquad import points as p
from fourquad.billing import demand as demands
from fourquad.billing.demand import Demand
from fourquad.billing.periods import PeriodKeeper
from fourquad.billing.pulses import ACTIVE, REACTIVE, Pulses
from fourquad.billing.quadrants import Quadrants
from fourquad.billing.tariff_energy import TariffEnergy
from fourquad.billing.timeline import MINUTE, MS, Timeline
from fourquad.calendar.zone import Zone
from fourquad.points import billing as b
from fourquad.registers import image
from fourquad.registers.ratios import energy_ratio

_FAR = 31 * 86400  # s: to set a clock further forward needs programming mode
_FLOATS = (
    (p.P_DEMAND, b.ACTIVE_NET),
    (p.Q_DEMAND, b.REACTIVE_NET),
    (p.S_DEMAND, b.APPARENT),
    (p.I1_DEMAND, b.CURRENT_1),
    (p.I2_DEMAND, b.CURRENT_2),
    (p.I3_DEMAND, b.CURRENT_3),
)
# Place of `marks` after the time line's, apart from the engines: the points of BILLING from PROGRAMMINGS on.
MARKS = 2
_FIRST = b.PROGRAMMINGS


FOLLOWS = (
    (p.DEMAND_MODE, p.DEMAND_WINDOW, p.DEMAND_SUB_INTERVAL, p.POWER_INTERVAL)
    + (p.SELF_READ_DAY, p.SELF_READ_HOUR, p.ENERGY_DECIMALS, p.PULSE_P, p.PULSE_Q, p.PULSE_WIDTH)
    + (p.PULSE_SOURCE, p.LED_P, p.LED_Q, p.NOMINAL_VOLTAGE, p.RATED_CURRENT, p.MAXIMUM_CURRENT)
    + (p.SV_OVER_VOLTAGE, p.SV_UNDER_VOLTAGE, p.SV_LOST_VOLTAGE, p.SV_OVER_CURRENT, p.SV_LOW_CURRENT)
    + (p.SV_DELAY, p.PT1, p.PT2, p.CT1, p.CT2)
)


class Billing(Timeline):
    """`table`: a model's table of billing; `clock` the meter's, `energy` its energy.Energy, `readings` those
    of the secondary side.
    """

    name = "billing"
    store = "billing_store"
    follows = FOLLOWS

    def __init__(self, table, settings, clock, energy, readings, primary=None, model=None):
        self.table = table
        self._model = model
        self.settings = settings
        self.clock = clock
        self.zone = clock.zone = Zone()
        clock.on_set = self.clock_set
        clock.guard = self.may_set
        self.quadrants = Quadrants(max(1, table.GROUPS))
        super().__init__()
        rated = getattr(table, "RATED", len(table.CHANNELS))
        self.demand = Demand(table.CHANNELS, table.RATES, rated)
        modulus = table.MODULI[-1]
        self.tariffs = TariffEnergy(table.GROUPS, table.COUNT_WH, modulus, self.allowed, self._preset)
        self.tariff = _engine(table.RATES > 1, "billing.tariff", "Tariff", self.zone)
        self.profile = _engine(table.PROFILE, "billing.load_profile", "LoadProfile", self.zone)
        self.supervision = _engine(table.SUPERVISION, "events.supervision", "Supervision", self.zone)
        self.periods = PeriodKeeper(
            self.zone, energy, self.tariffs, self.demand, self._reset_done, table.PERIODS
        )
        self.pulses = Pulses(tuple([(sources, is_led) for sources, is_led, _ in table.PULSES]))
        self.feeds = [self.pulses] if table.PULSES else []  # who gets the joules of each second
        self.errors = 0  # ERR 2, as others find them
        self.lossy = 0  # minutes for which a loss of samples is still shown
        self.marks = array("I", [0] * (MARKS + b.PROGRAMMER + 1 - _FIRST))
        self.program_until = 0
        self.save_soon = False  # what was done must not be undone by a power cut: save now
        self._floats = tuple([(at, quantity) for at, quantity in _FLOATS if quantity in table.CHANNELS])
        self.on_minute = None  # on_minute(minute of UTC) of a part that needs to know when one begins
        self._pulsed = [0] * b.BASES
        self.readings = readings
        self._primary = primary or readings
        self.tables = None  # the provider of the time-of-use tables, where there are any
        self.window = self.mark
        self.after_booking = (self.second, self.rest)
        self.after_reading = (self.supervise,)
        self._cause = b.CAUSE_AUTOMATIC  # of the self-read that waits
        self._booked = 0  # the tariff into which energies go
        self._window = None
        self._windows = 0
        self._engines = [e for e in (self.demand, self.profile, self.supervision, self.pulses) if e]
        self.size = 4 * len(self.marks) + self.periods.size + self.tariffs.size
        for engine in self._engines:
            self.size += engine.size
        self.layout = (table.GROUPS, table.COUNT_WH, table.CHANNELS, table.RATES)  # of what is kept
        if rated < len(table.CHANNELS):
            self.layout += (rated,)
        self.configure()

    def allowed(self):
        """Whether registers may be preset and cleared."""
        return self.open() and not self.settings.guarded(p.TARIFF_ENERGY)

    def open(self):
        """Whether tables may be changed: in programming mode, where a model has one."""
        return not self.table.PROTECTED or self.clock.now < self.program_until

    def may_set(self, utc):
        """Whether the clock may be set to a second of UTC: where a model has a programming mode, far forward
        in it only, unless nobody has told the time.
        """
        return utc - self.clock.now <= _FAR or not self.clock.valid or self.open()

    def __getattr__(self, name):
        """`error_word`: ERR 2 (A1000 appendix B): bit 1 the clock, bit 2 the memory, and `errors`."""
        if name != "error_word":
            raise AttributeError(name)
        failed = self.periods.failed or (self.profile and self.profile.failed)
        word = self.errors | (0 if self.clock.valid else 2) | (b.MEMORY_FAULT if failed else 0)
        return word | b.FRONT_END_FAULT if self.lossy else word

    def provide(self, points, commands):
        # it knows billing, so it cannot be known from here before
        from fourquad.billing.providers import provide

        self.tables = provide(self, points, commands)

    def configure(self):
        """Take over the settings; a demand that changes starts anew."""
        get = self.settings.get
        mode, window = get(p.DEMAND_MODE), get(p.DEMAND_WINDOW) or 15
        sub = get(p.POWER_INTERVAL if mode == demands.BLOCK else p.DEMAND_SUB_INTERVAL) or window
        sub = min(sub, window)
        while window % sub:
            sub -= 1
        if (mode, window, sub) != self._window:
            self._window = (mode, window, sub)
            self.demand.configure(mode, window, sub)
            if self._running:
                self.demand.start(self.marks[MINUTE] + self.zone.offset)
        decimals = get(p.ENERGY_DECIMALS)
        self.tariffs.set_modulus(self.table.MODULI[min(decimals, len(self.table.MODULI) - 1)])
        if getattr(self.table, "PRIMARY", False):
            self.tariffs.set_ratio(*energy_ratio(self.settings, self._model))
        if (get(p.SELF_READ_DAY), get(p.SELF_READ_HOUR)) != (self.periods.day, self.periods.hour):
            self.periods.schedule(get(p.SELF_READ_DAY), get(p.SELF_READ_HOUR))
            if self._running:
                self.periods.begin(self.clock.now if self.clock.valid else 0)
        pulses = self.table.PULSES
        choice = getattr(self.table, "PULSE_SOURCES", (ACTIVE, REACTIVE))
        for i in range(len(pulses)):
            sources = pulses[i][0] or choice[get(p.PULSE_SOURCE)]
            self.pulses.configure(i, get(pulses[i][2]), get(p.PULSE_WIDTH) or 80, sources)
        if self.supervision:
            self.supervision.follow(get)

    def connect(self, periods, ring):
        """Where previous periods and the load profile are kept (records.periods, records.profile),
        mounted.
        """
        self.periods.store = periods
        if self.profile:
            self.profile.ring = ring

    # The time line.

    def _lead(self, joules, amps, ms):
        self.demand.lead(joules, amps, ms)

    def _booked_all(self, now):
        if self.feeds:
            for pulses in self.feeds:
                pulses.feed(self._pulsed, now)
            for i in range(b.BASES):
                self._pulsed[i] = 0
        if self.demand.windows != self._windows:
            self._windows = self.demand.windows
            for reading, quantity in self._floats:
                self.readings[reading] = self.demand.fine[self.demand.place(quantity, 0)] / 1000

    def clear_demand(self):
        """All demands 0 at once (KW320 4.1: demand memory); there is none until a window ends."""
        self.demand.clear()
        self.demand.windows = self._windows = 0
        for reading, _ in self._floats:
            self.readings[reading] = self._primary[reading] = 0.0
        self.save_soon = True

    def lost(self):
        self.lossy = 2

    def fault(self, bit):
        self.errors |= bit

    def supervise(self):
        """Supervision of the second that was booked."""
        if self.supervision:
            marks = self.marks
            self.supervision.look(self.readings, 60 * marks[MINUTE] + marks[MS] // 1000)

    def _add(self, joules, amps, ms):
        if self.table.GROUPS:
            self.tariffs.add(self._booked or 1, joules)
        self.demand.add(joules, amps, ms)
        if self.profile:
            self.profile.add(joules)
        if self.supervision and self.supervision.any:
            self.supervision.add(joules)
        if self.feeds:
            for i in range(b.BASES):
                self._pulsed[i] += joules[i]

    def _boundary(self):
        minute = self.marks[MINUTE]
        self.lossy = max(0, self.lossy - 1)
        offset = self.zone.offset
        self.demand.minute(minute + offset, 60 * minute)
        if self.profile:
            self.profile.minute(minute, offset, 0 if self.clock.valid else b.PROFILE_CLOCK_INVALID)
        self.follow(minute)
        self._self_read(60 * minute, b.CAUSE_AUTOMATIC)

    def follow(self, minute):
        """It is this minute of UTC: all that was before it is booked."""
        tariff = self.tariff_at(minute)
        if tariff != self._booked:
            self._booked = tariff
            self.demand.tariff(tariff)
        if self.on_minute:
            self.on_minute(minute)

    def tariff_at(self, minute):
        """The tariff at a minute of UTC: the first while nobody knows the time, or if there is no time of
        use.
        """
        if not self.tariff:
            return 1
        tariff = self.tariff.at(minute)
        return tariff if self.clock.valid and self.settings.get(p.TOU_ON) else 1

    def _self_read(self, utc, cause):
        if self.table.PERIODS and self.clock.valid and self.periods.due(utc):
            self._cause = cause
            if self._later:
                self._reading = True
            else:
                self._read(utc)

    def _read(self, utc):
        self.periods.reset(self._cause, self.periods.moment(utc))

    def _reset_done(self):
        self.save_soon = True
        if self.profile:
            self.profile.note(b.PROFILE_RESET)

    def _began(self, minute, ms):
        """Close what ended meanwhile, go on with what did not."""
        marks = self.marks
        saved, was = marks[MINUTE], marks[MINUTE] * 60 + marks[MS] // 1000
        down = (minute - saved) * 60000 + ms - marks[MS]
        marks[MINUTE] = minute
        marks[MS] = ms
        offset = self.zone.offset
        standard = minute + offset
        if self.periods.store:
            self._redo()
        if not saved:
            # the first period begins with the first minute: what ends with that one has not begun
            self.demand.start(standard)
            if self.profile:
                self.profile.start(minute, offset, self._partial(minute, ms))
            self.follow(minute)
            return
        if self.supervision:
            self.supervision.power_was_down(was, max(1, was + (down + 500) // 1000))
        if self.profile:
            self.profile.resume(minute, offset, self._partial(minute, ms))
        if self.demand.ends(standard):
            self.demand.interrupt(standard, max(0, 60 * (self.demand.end - offset)))
        elif self.demand.begins(standard):
            self.demand.interrupt(standard, was)
        self.follow(minute)
        self._self_read(60 * minute + ms // 1000, b.CAUSE_AUTOMATIC)

    def _partial(self, minute, ms):
        """Status of a load profile interval that begins there: whole if that is its own first second."""
        border = (minute + self.zone.offset) % self.profile.minutes == 0
        return 0 if border and ms < 1000 else b.PROFILE_PARTIAL

    def _redo(self):
        """Finish a reset whose record was committed and whose power was cut before the next save."""
        utc = self.periods.redo(self.periods.store.newest)
        if utc:
            gained = self.periods.gained
            if self.profile:
                self.profile.add(gained)
            if self.demand.ends(utc // 60 + self.zone.offset):
                self.demand.start(utc // 60 + self.zone.offset)
            else:
                self.demand.add(gained, (0, 0, 0), 0)

    def clock_set(self, old, old_ms, new, new_ms):
        """The clock was set, from a second of UTC and ms to others; it shows in the next booking."""
        marks = self.marks
        marks[MARKS + b.CLOCK_SETS - _FIRST] += 1
        marks[MARKS + b.LAST_CLOCK_SET - _FIRST] = new
        if self.program_until:
            self.program_until += new - old
        if self._running:
            self.save_soon = True
            self.move(old, old_ms, new, new_ms)

    def zone_set(self):
        """Local time has changed."""
        if self._running:
            clock = self.clock
            self.move(clock.now, clock.ms, clock.now, clock.ms, True)

    def _corrected(self):
        self.demand.correct()
        if self.profile:
            self.profile.note(b.PROFILE_CLOCK_SET)

    def _jumped(self, old, new, by_hand):
        minute = new // 60
        marks = self.marks
        marks[MINUTE] = minute
        marks[MS] = new % 60 * 1000
        self.demand.interrupt(minute + self.zone.offset, old)
        if self.profile:
            partial = self._partial(minute, marks[MS])
            self.profile.interrupt(minute, self.zone.offset, b.PROFILE_CLOCK_SET, partial)
        self.follow(minute)
        if old != new:
            self.periods.clock_set(old, new)
            self._self_read(new, b.CAUSE_CLOCK_SET if by_hand else b.CAUSE_AUTOMATIC)

    # What is done on demand.

    def reset(self, cause):
        """Billing reset by somebody."""
        if self._running:
            self.periods.reset(cause, self.clock.now)

    def _preset(self, pid, value):
        self.note(b.PRESETS, b.LAST_PRESET)
        self.marks[MARKS + b.LAST_PRESET_POINT - _FIRST] = pid
        self.marks[MARKS + b.LAST_PRESET_VALUE - _FIRST] = value

    def note(self, counter, stamp):
        """Count something, and stamp it: offsets of points.BILLING."""
        self.marks[MARKS + counter - _FIRST] += 1
        self.marks[MARKS + stamp - _FIRST] = self.clock.now
        self.save_soon = True

    # What survives.

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        self.save_soon = False
        at = image.put(buffer, at, self.marks, 4 * len(self.marks))
        at = self.periods.dump(buffer, at)
        at = self.tariffs.dump(buffer, at)
        for engine in self._engines:
            at = engine.dump(buffer, at)
        return at

    def restore(self, buffer, at):
        """Take back what `dump` wrote, with the same table of billing. The place after it."""
        at = image.take(buffer, at, self.marks, "I")
        at = self.periods.restore(buffer, at)
        at = self.tariffs.restore(buffer, at)
        for engine in self._engines:
            at = engine.restore(buffer, at)
        return at


def make(meter):
    """The billing of a meter whose model has a table for it, or None."""
    table = getattr(meter.model, "BILLING", None)
    if not table:
        return None
    readings = meter.readings
    sides = (readings.secondary, readings.primary)
    return Billing(table, meter.settings, meter.clock, meter.energy, *sides, model=meter.model)


def _engine(wanted, module, kind, zone):
    """An engine of the package, imported only where a model wants it: each takes some 700 bytes."""
    return getattr(__import__("fourquad." + module, None, None, (kind,)), kind)(zone) if wanted else None
