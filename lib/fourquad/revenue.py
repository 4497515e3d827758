"""Billing of a meter: its engines, and the time line on which energies are booked.

Energies come once a second, as joules that were gathered until now. What was before the turn of a minute is
split off in proportion to time and booked first; then the minute's work is done (demand, load profile,
tariff, self-read); then the rest is booked. So each joule is in one interval and one tariff, and in all sums
once.

Time here is UTC; intervals are counted in standard time (zone.py), tariffs and self-reads in local time.

A model's table of billing is a module: GROUPS (0: no energies by tariff, 1: of the system, 4: of the phases
too), COUNT_WH and MODULI (by ENERGY_DECIMALS) of those energies, CHANNELS and RATES of the demands, PULSES
(rows of sources, whether an LED, setting of the constant), and whether there are PERIODS, PROFILE and
SUPERVISION; PROTECTED: presets, tables and clears need programming mode.
"""

from array import array

from fourquad import points as p
from fourquad import points_billing as b
from fourquad import ticks
from fourquad.registers import demand as demands
from fourquad.registers import image
from fourquad.registers.billing import Billing
from fourquad.registers.demand import Demand
from fourquad.registers.pulses import ACTIVE, REACTIVE, Pulses
from fourquad.registers.quadrants import Quadrants
from fourquad.registers.tariff_energy import TariffEnergy
from fourquad.zone import Zone

CORRECTION = 10  # s: a clock that is set by no more is corrected, and open intervals go on
_LONGEST = 120  # minutes that are made up for one by one
_FLOATS = (
    (p.P_DEMAND, b.ACTIVE_NET),
    (p.Q_DEMAND, b.REACTIVE_NET),
    (p.S_DEMAND, b.APPARENT),
    (p.I1_DEMAND, b.CURRENT_1),
    (p.I2_DEMAND, b.CURRENT_2),
    (p.I3_DEMAND, b.CURRENT_3),
)
# Places of `marks`, kept beside the engines; from MARKS on the points of BILLING from PROGRAMMINGS on.
MINUTE, MS, LAYOUT, MARKS = 0, 1, 2, 3
_FIRST = b.PROGRAMMINGS


class Revenue:
    """`table`: a model's table of billing; `clock` the meter's, `energy` its energy.Energy, `readings` those
    of the secondary side.
    """

    def __init__(self, table, settings, clock, energy, readings):
        self.table = table
        self.settings = settings
        self.clock = clock
        self.zone = clock.zone = Zone()
        clock.on_set = self.clock_set
        self.quadrants = Quadrants(max(1, table.GROUPS))
        self.demand = Demand(table.CHANNELS, table.RATES)
        modulus = table.MODULI[-1]
        self.tariffs = TariffEnergy(table.GROUPS, table.COUNT_WH, modulus, self.allowed, self._preset)
        self.tariff = _engine(table.RATES > 1, "registers.tariff", "Tariff", self.zone)
        self.profile = _engine(table.PROFILE, "registers.load_profile", "LoadProfile", self.zone)
        self.supervision = _engine(table.SUPERVISION, "events.supervision", "Supervision", self.zone)
        self.billing = Billing(self.zone, energy, self.tariffs, self.demand, self._reset_done, table.PERIODS)
        self.pulses = Pulses(tuple([row[:2] for row in table.PULSES]))
        self.errors = 0  # ERR 2, as others find them
        self.lossy = 0  # minutes for which a loss of samples is still shown
        self.marks = array("I", [0] * (MARKS + b.PROGRAMMER + 1 - _FIRST))
        self.program_until = 0
        self.save_soon = False  # what was done must not be undone by a power cut: save now
        self._floats = [row for row in _FLOATS if row[1] in table.CHANNELS]
        self._amps = [0] * 3
        self._amp_rests = [0] * 3
        self._parts = [0] * len(self.quadrants.joules)
        self._pulsed = [0] * b.BASES
        self._running = self._later = self._reading = False
        self.readings = readings
        self._end = self._end_ms = self._end_ticks = 0
        self._booked = 0  # the tariff into which energies go
        self._window = None
        self._windows = 0
        self._engines = [e for e in (self.demand, self.profile, self.supervision, self.pulses) if e]
        self.size = 4 * len(self.marks) + self.billing.size + self.tariffs.size
        for engine in self._engines:
            self.size += engine.size
        self.marks[LAYOUT] = self.size
        self.configure()

    def allowed(self):
        """Whether registers and tables may be changed."""
        return not self.table.PROTECTED or self.clock.now < self.program_until

    @property
    def error_word(self):
        """ERR 2 (A1000 appendix B): bit 1 the clock, bit 2 the memory, and `errors`."""
        failed = self.billing.failed or (self.profile and self.profile.failed)
        word = self.errors | (0 if self.clock.valid else 2) | (b.MEMORY_FAULT if failed else 0)
        return word | b.FRONT_END_FAULT if self.lossy else word

    def scale(self, per_wh):
        """Increments are of this many to a Wh (quadrants.py)."""
        self.quadrants.set_unit(per_wh)
        self.configure()

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
        if (get(p.SELF_READ_DAY), get(p.SELF_READ_HOUR)) != (self.billing.day, self.billing.hour):
            utc = self.clock.now if self._running else 0
            self.billing.schedule(get(p.SELF_READ_DAY), get(p.SELF_READ_HOUR), utc)
        pulses = self.table.PULSES
        for i in range(len(pulses)):
            sources = pulses[i][0] or (REACTIVE if get(p.PULSE_SOURCE) else ACTIVE)
            self.pulses.configure(i, get(pulses[i][2]), get(p.PULSE_WIDTH) or 80, sources)
        if self.supervision:
            self.supervision.follow(get)

    def connect(self, periods, ring):
        """Where previous periods and the load profile are kept (records.periods, records.profile),
        mounted.
        """
        self.billing.store = periods
        if self.profile:
            self.profile.ring = ring

    # The time line.

    def mark(self, now, ticked):
        """A second of samples ends at `now` (ms ticks); the clock was told the time at `ticked`."""
        self._end = self.clock.now
        self._end_ms = self.clock.ms + ticks.diff(now, ticked)
        self._end_ticks = now

    def second(self):
        """Book what was gathered until the mark, but for what is behind a self-read; `rest` does that."""
        self._later = True
        self.book(self._end, self._end_ms, self._end_ticks)
        self._later = False

    def rest(self):
        """A self-read is a slice of its own: do it, and book what is behind it."""
        if self._reading:
            self._reading = False
            self._self_read(60 * self.marks[MINUTE])
            self.book(self._end, self._end_ms, self._end_ticks)

    def book(self, utc, ms, now):
        """Book what was gathered until `utc` (seconds) and `ms`; `now` in ms ticks."""
        readings = self.readings
        minute = utc // 60
        ms += utc % 60 * 1000
        minute += ms // 60000
        ms %= 60000
        marks = self.marks
        if not self._running:
            self._resume(minute, ms)
        length = (minute - marks[MINUTE]) * 60000 + ms - marks[MS]
        if length > _LONGEST * 60000:
            self.clock_set(60 * marks[MINUTE], utc)
            length = 0
        joules = self.quadrants.joules
        self._gather(readings, max(length, 0))
        while marks[MINUTE] < minute and length > 0 and not self._reading:
            part = 60000 - marks[MS]
            if part:
                self._split(joules, part, length)
                length -= part
            marks[MINUTE] += 1
            marks[MS] = 0
            self._boundary()
        if self._reading:
            return
        self._add(joules, self._amps, max(length, 0))
        for i in range(len(joules)):
            joules[i] = 0
        marks[MS] = ms
        if self.table.PULSES:
            self.pulses.feed(self._pulsed, now)
            for i in range(b.BASES):
                self._pulsed[i] = 0
        if self.demand.windows != self._windows:
            self._windows = self.demand.windows
            for reading, quantity in self._floats:
                readings[reading] = self.demand.fine[self.demand.place(quantity, 0)] / 1000

    def look(self):
        """Supervision of the second that was booked."""
        if self.supervision:
            marks = self.marks
            self.supervision.look(self.readings, 60 * marks[MINUTE] + marks[MS] // 1000)

    def _gather(self, readings, ms):
        """Currents as mA s: they are no energies, so the RMS of the second stands for it."""
        for k in range(3):
            total = self._amp_rests[k] + int(readings[p.I1 + k] * 1000.0 + 0.5) * ms
            self._amps[k] = total // 1000
            self._amp_rests[k] = total % 1000

    def _split(self, joules, part, length):
        """Book the share of `part` ms of `length`, and leave the rest."""
        parts, amps = self._parts, [0] * 3
        for i in range(len(joules)):
            parts[i] = joules[i] * part // length
            joules[i] -= parts[i]
        for k in range(3):
            amps[k] = self._amps[k] * part // length
            self._amps[k] -= amps[k]
        self._add(parts, amps, part)

    def _add(self, joules, amps, ms):
        if self.table.GROUPS:
            self.tariffs.add(self._booked or 1, joules)
        self.demand.add(joules, amps, ms)
        if self.profile:
            self.profile.add(joules)
        if self.supervision and self.supervision.any:
            self.supervision.add(joules)
        if self.table.PULSES:
            for i in range(b.BASES):
                self._pulsed[i] += joules[i]

    def _boundary(self):
        """A minute of UTC has begun on the time line."""
        minute = self.marks[MINUTE]
        self.lossy = max(0, self.lossy - 1)
        standard = minute + self.zone.offset
        self.demand.minute(standard, 60 * minute)
        if self.profile:
            self.profile.minute(standard, minute, 0 if self.clock.valid else b.PROFILE_CLOCK_INVALID)
        self.follow(minute)
        self._self_read(60 * minute)

    def follow(self, minute):
        tariff = self.tariff_at(minute)
        if tariff != self._booked:
            self._booked = tariff
            self.demand.tariff(tariff)

    def tariff_at(self, minute):
        """The tariff at a minute of UTC: the first while nobody knows the time, or if there is no time of
        use.
        """
        if not self.tariff:
            return 1
        tariff = self.tariff.at(minute)
        return tariff if self.clock.valid and self.settings.get(p.TOU_ON) else 1

    def _self_read(self, utc):
        if self.table.PERIODS and self.clock.valid and self.billing.due(utc):
            if self._later:
                self._reading = True
                return
            self.billing.reset(b.CAUSE_AUTOMATIC, self.billing.moment(utc))

    def _reset_done(self):
        self.save_soon = True
        if self.profile:
            self.profile.note(b.PROFILE_RESET)

    def _resume(self, minute, ms):
        """The first time that is known after power-up: close what ended meanwhile, go on with what did
        not.
        """
        self._running = True
        marks = self.marks
        saved, was = marks[MINUTE], marks[MINUTE] * 60 + marks[MS] // 1000
        now = minute * 60 + ms // 1000
        marks[MINUTE] = minute
        marks[MS] = ms
        standard = minute + self.zone.offset
        if self.billing.store:
            self._redo()
        if not saved:
            self.demand.start(standard)
            if self.profile:
                self.profile.start(standard, b.PROFILE_PARTIAL)
        else:
            if self.supervision:
                self.supervision.power_was_down(was, now)
            if self.profile:
                self.profile.resume(standard, self.zone.offset)
            if self.demand.ends(standard):
                self.demand.interrupt(standard, 60 * (self.demand.end - self.zone.offset))
            elif self.demand.begins(standard):
                self.demand.interrupt(standard, was)
        self.follow(minute)
        self._self_read(now)

    def _redo(self):
        """Finish a reset whose record was committed and whose power was cut before the next save."""
        utc = self.billing.redo(self.billing.store.newest)
        if utc:
            gained = self.billing.gained
            if self.profile:
                self.profile.add(gained)
            if self.demand.ends(utc // 60 + self.zone.offset):
                self.demand.start(utc // 60 + self.zone.offset)
            else:
                self.demand.add(gained, (0, 0, 0), 0)

    def clock_set(self, old, new):
        """The clock was set, from one second of UTC to another."""
        marks = self.marks
        marks[MARKS + b.CLOCK_SETS - _FIRST] += 1
        marks[MARKS + b.LAST_CLOCK_SET - _FIRST] = new
        if self.program_until:
            self.program_until += new - old
        if not self._running:
            return
        self.save_soon = True
        if self.profile:
            self.profile.note(b.PROFILE_CLOCK_SET)
        if abs(new - old) <= CORRECTION:
            at = 60000 * marks[MINUTE] + marks[MS] + 1000 * (new - old)
            self.demand.correct()
            minute = at // 60000
            while marks[MINUTE] < minute:
                marks[MINUTE] += 1
                self._boundary()
            marks[MINUTE] = minute
            marks[MS] = at % 60000
            return
        self.realign(old, new)
        self.billing.clock_set(old, new)
        self._self_read(new)

    def realign(self, old, new):
        """Open intervals end at a second of UTC, and others begin at another one; or local time has
        changed.
        """
        minute = new // 60
        standard = minute + self.zone.offset
        self.marks[MINUTE] = minute
        self.marks[MS] = new % 60 * 1000
        self.demand.interrupt(standard, old)
        if self.profile:
            self.profile.interrupt(standard, self.zone.offset, b.PROFILE_CLOCK_SET)
        self.follow(minute)

    # What is done on demand.

    def reset(self, cause):
        """Billing reset by somebody."""
        if self._running:
            self.billing.reset(cause, 60 * self.marks[MINUTE] + self.marks[MS] // 1000)

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
        """`size` bytes to buffer[at:]; the place behind them."""
        self.save_soon = False
        at = image.put(buffer, at, self.marks, 4 * len(self.marks))
        at = self.billing.dump(buffer, at)
        at = self.tariffs.dump(buffer, at)
        for engine in self._engines:
            at = engine.dump(buffer, at)
        return at

    def restore(self, buffer, at):
        """Take back what `dump` wrote; nothing of another layout. The place behind it."""
        layout = self.marks[LAYOUT]
        end = at + self.size
        at = image.take(buffer, at, self.marks, "I")
        if self.marks[LAYOUT] != layout:
            for i in range(len(self.marks)):
                self.marks[i] = 0
            self.marks[LAYOUT] = layout
            return end
        at = self.billing.restore(buffer, at)
        at = self.tariffs.restore(buffer, at)
        for engine in self._engines:
            at = engine.restore(buffer, at)
        return at


def _engine(wanted, module, kind, zone):
    """An engine of the package, imported only where a model wants it: each takes some 700 bytes."""
    return getattr(__import__("fourquad." + module, None, None, (kind,)), kind)(zone) if wanted else None
