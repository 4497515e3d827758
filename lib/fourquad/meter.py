"""The meter: takes samples and the time, owns everything from the sums to the points."""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad import revenue_points as billing
from fourquad import ticks
from fourquad.clock import Clock
from fourquad.io import DUMP_SIZE as IO_SIZE
from fourquad.io import IO
from fourquad.metering import kernel as kernels
from fourquad.metering.calibration import REFERENCE_C, Calibration
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.level import Levels
from fourquad.metering.plan import FRAMES, Plan
from fourquad.metering.readings import Readings
from fourquad.metering.sync import Synchroniser
from fourquad.metering.wiring import Network
from fourquad.registers.energy import DUMP_SIZE as ENERGY_SIZE
from fourquad.registers.energy import Energy
from fourquad.registers.extremes import Extremes
from fourquad.registers.integrator import Integrator, per_count
from fourquad.registers.runtime import DUMP_SIZE as RUNTIME_SIZE
from fourquad.registers.runtime import RunTime
from fourquad.settings import MEASUREMENT, Commands, Settings
from fourquad.state import State

DUMP_SIZE = ENERGY_SIZE + RUNTIME_SIZE + IO_SIZE + 12
_CURRENT_FLOOR = 1000  # a channel is dead below full scale / this (IEC 62053-22: starting current 0.1 %)
_VOLTAGE_FLOOR = 500
_ROOT_2 = 1.4142136
_TICK_MS = 5  # resolution of the relays' pulses
_NORM = 1  # seal mark of the energies
_CLOCK_SEAL = 2 << 4
_PRIMARY_WH = 100
_SECONDARY_WH = 1


class Meter:
    """`channels` is a list of metering.channels.Channel in the order of a frame; `clock_hz` the sampling
    clock whose ticks frame periods count (clock_hz / 128 * 8 < 2**30, so at most 17 GHz); `bits` of a code;
    `vector` forces a kernel.

    The front end calls `run` with whole cycles of 128 frames, `work` between other things, and reads
    `frame_period` (ticks from frame to frame) after each of them that returned True.
    """

    def __init__(self, model, channels, clock_hz, bits, vector=None):
        self.model = model
        self.channels = channels
        self.calibration = Calibration(channels)
        self.sensitive = False  # without floors, for calibration
        self.clock_hz = clock_hz
        self._bits = bits
        self._vector = vector
        self.settings = Settings(model.SETTINGS, self._on_change, getattr(model, "LIMITS", ()))
        self.clock = Clock(self._clock_open)
        self.io = IO(self.settings)
        self.runtime = RunTime()
        self.state = State(self.clock, self.settings, self.runtime, self.io)
        self.energy = Energy(self._sealed)
        self.readings = Readings(
            array("f", [0.0] * p.READINGS),
            array("f", [0.0] * p.READINGS),
            array("f", [0.0] * p.FAST_READINGS),
        )
        self.harmonics = Harmonics(array("i", [0] * p.HARMONICS))
        self.readings.parts = self.harmonics.parts
        self.commands = {
            p.CLEAR_ENERGY: self.energy.clear,
            p.CLEAR_RUN_TIME: self.runtime.clear,
            p.CLEAR_PULSES: self.io.clear_counts,
        }
        self.revenue = billing.make(model, self)
        self.extremes = Extremes(self.clock, self.readings, self.harmonics, self.revenue)
        self.commands[p.CLEAR_MAX_MIN] = self.extremes.clear
        self.points = self._points()
        self.tables = billing.provide(self.revenue, self.points, self.commands)
        self.pulses = billing.pulses(self.revenue)  # None where hardware puts them out
        self.page = 0  # word that the display keeps over a power cut
        self.sync = Synchroniser(
            clock_hz,
            [i for i in range(len(channels)) if channels[i].kind == "V"],
            [i for i in range(len(channels)) if channels[i].kind == "I" and channels[i].phase],
        )
        self._rate = clock_hz // FRAMES  # of `elapsed`, which counts frame periods of cycles: ticks / 128
        self._kernel = None
        self._wired = None
        self._fast_due = self._rate * 9 // 100
        self._second_due = self._rate * 95 // 100
        self.dump_size = -(-(DUMP_SIZE + self.revenue.size) // 8) * 8 if self.revenue else DUMP_SIZE
        self._dump = bytearray(self.dump_size)
        self._nominal = None
        self._secondary = False
        self._settled = False
        self._ticked = 0
        self.configure()

    def _points(self):
        r = self.readings
        points = p.Points()
        points.provide(p.SECONDARY, p.ReadOnly(r.secondary))
        points.provide(p.PRIMARY, p.ReadOnly(r.primary))
        points.provide(p.FAST, p.ReadOnly(r.fast))
        points.provide(p.ENERGY, self.energy)
        points.provide(p.SETTING, self.settings, 2)
        points.provide(p.COMMAND, Commands(self.model.COMMANDS, self.settings, self.commands))
        points.provide(p.STATE, self.state)
        points.provide(p.IO, self.io)
        points.provide(p.HARMONIC, p.ReadOnly(self.harmonics.values), 7)
        points.provide(p.EXTREME, self.extremes, 7)
        return points

    def _sealed(self):
        return self.settings.closed(_NORM)

    def _clock_open(self):
        return not self.settings.closed(_CLOCK_SEAL)

    def _on_change(self, offset):
        if offset in MEASUREMENT:
            self._stale = True
        if offset == p.ENERGY_SIDE:
            self.energy.clear()
        if self.revenue and offset in billing.SETTINGS:
            self.revenue.configure()

    def configure(self):
        """Take over the settings that the measurement depends on; nothing of a window must be left."""
        get = self.settings.get
        # the 400 Hz type has full-wave energies only (manual 4.1)
        full_wave = get(p.ENERGY_WAVE) or get(p.NOMINAL_FREQUENCY) == 2
        full_wave = full_wave or not self.settings.has(p.ENERGY_WAVE)
        key = (
            get(p.WIRING_U),
            get(p.WIRING_I),
            get(p.POLARITY_1),
            get(p.POLARITY_2),
            get(p.POLARITY_3),
            1 if full_wave else 0,
            get(p.NOMINAL_FREQUENCY),
        )
        if key != self._wired:
            self._wired = key
            self._wire(key)
        r, net = self.readings, self._net
        generalized = get(p.REACTIVE_MODE) == 1
        r.modes(generalized, get(p.VAR_PF_CONVENTION) == 1)
        self.integrator.configure(r.energy_rows(), net.phases, net.copied, generalized)
        self._scale()
        if get(p.NOMINAL_FREQUENCY) != self._nominal:
            self._nominal = get(p.NOMINAL_FREQUENCY)
            self.sync.set_nominal(self._nominal)
        self.frame_period = self._last_period = self.sync.period
        self._elapsed = self._elapsed_second = 0
        self._frequencies = 0.0
        self._windows = 0
        self._stale = False
        self._slices = ()
        self._next = 0

    def _wire(self, key):
        """Make kernel and rows for a wiring."""
        channels = self.channels
        self._net = net = Network(channels, key[0], key[1], key[2:5])
        plan = Plan(len(channels), net.pairs)
        old = self._kernel
        if old and old.plan.pairs == plan.pairs:
            kernel, plan = old, old.plan  # a second one would need twice the memory for a moment
        else:
            kernel = kernels.make(plan, self._bits, self._vector)
        self._kernel = kernel
        full_scale = 1 << (self._bits - 1)
        for i in range(len(channels)):
            c = channels[i]
            peak = full_scale / (_VOLTAGE_FLOOR if c.kind == "V" else _CURRENT_FLOOR)
            peak = max(peak, c.floor / c.gain * _ROOT_2)
            kernel.floors[i] = 0 if self.sensitive else int(FRAMES / 2 * peak * peak)
            noise = c.noise / c.gain
            kernel.noise[i] = int(FRAMES * noise * noise + 0.5)
            if old:
                kernel.offsets[i] = old.offsets[i]
        self._reference = self.sync.reference
        kernel.follow(self._reference)
        r = self.readings
        r.configure(net, plan, key[5] == 1)
        kernel.forms(r.rows, r.fast_rows)
        r.clear()
        self.harmonics.configure(net, kernel.spectrum([c.delay for c in channels]), key[6], key[5] == 1)
        jobs = [r.current_rows(j) for j in range(net.phases)]
        jobs = [(channels[row[0]].low,) + row[1:] for row in jobs if row[0] >= 0 and channels[row[0]].low]
        self._levels = Levels(jobs) if jobs else None
        quadrants = self.revenue.quadrants if self.revenue else None
        self.integrator = Integrator(kernel, self.energy, quadrants)
        self.integrator.shares = self.harmonics.shares
        fast = (r.volts, r.amps, r.powers)
        self._fast_slices = fast
        self._second_slices = fast + self.integrator.slices + (self._begin_second,) + fast
        bill = (self.revenue.second, self.revenue.rest, self.revenue.look) if quadrants else ()
        self._second_slices += (r.character, r.angles) + bill + (r.to_primary,)
        self._second_slices += self.extremes.slices

    def _scale(self):
        """Ratios of the transformers and the unit of the energies."""
        get = self.settings.get
        ct2 = get(p.CT2)
        ct2 = ct2 if ct2 in self.model.CT2_COUNTS else 1
        r = self.readings
        r.ratios(get(p.PT1) / get(p.PT2), get(p.CT1) / ct2, get(p.BASIC_MODE) == 1, ct2)
        secondary = get(p.ENERGY_SIDE) == 1
        if secondary != self._secondary:
            # again, for what was booked since the setting was written
            self._secondary = secondary
            self.energy.clear()
        over, under = (1, 1) if secondary else (get(p.PT1) * get(p.CT1), get(p.PT2) * ct2)
        unit_wh = _SECONDARY_WH if secondary else _PRIMARY_WH
        unit = per_count(r.units.power, self._kernel.places, self.clock_hz, unit_wh, over, under)
        self.energy.set_unit(unit)
        if self.revenue:
            self.revenue.scale(per_count(r.units.power, self._kernel.places, self.clock_hz, 1, 1, 1))

    def calibrate(self, record, source="own", celsius=REFERENCE_C):
        """Take over a calibration record between two windows. ValueError: it cannot be right."""
        self.calibration.apply(record, source, celsius)
        self._wired = None
        self._stale = True

    def feel(self, sensitive):
        """Show what channels read below their floors, too: what noise makes of them."""
        self.sensitive = sensitive
        self._wired = None
        self._stale = True

    def run(self, buffer, frame, cycles, period=0):
        """Take `cycles` cycles of 128 frames of `buffer` from number `frame` on. `period`: ticks from frame
        to frame that they really had, where the front end knows better than `frame_period`.
        """
        if not period:
            period = self.frame_period
        self._elapsed += cycles * period
        self._last_period = period
        self._kernel.run(buffer, frame, cycles)
        self.harmonics.run(buffer, frame, cycles)

    def gap(self, ms):
        """`ms` of samples are lost: counted, and bridged in the energies by the last known power."""
        self.state.gaps += 1
        self._kernel.resync()
        self.harmonics.gap()
        self.integrator.bridge(ms * self._rate // 1000)

    def work(self, now):
        """Do one slice of what is due at `now` (ms ticks); whether there was any."""
        if self._next < len(self._slices):
            self._slices[self._next]()
            self._next += 1
            return True
        if self._stale:
            self.close()
            self.configure()
            return True
        if self._elapsed >= self._fast_due:
            if self.revenue:
                self.revenue.mark(now, self._ticked)
            self._close_windows()
            return True
        self._time(now)
        return self.harmonics.work(self._kernel.alive)

    def _time(self, now):
        if ticks.diff(now, self._ticked) < _TICK_MS:
            return False
        self._ticked = now
        self.io.tick(now)
        pulses = self.pulses
        # as ticks.diff(now, wake) >= 0, without a call: this is every 5 ms
        if pulses and not (now - pulses.wake) & 0x20000000:
            pulses.tick(now)
        before = self.clock.now
        self.clock.tick(now)
        passed = self.clock.now - before
        if passed:
            self.runtime.add(1000 * passed, self.readings.secondary[p.I_AVG] > 0)
        return False

    def _close_windows(self):
        kernel, sync = self._kernel, self.sync
        elapsed, self._elapsed = self._elapsed, 0
        n = kernel.close_fast()
        sync.update(kernel.advance, n, elapsed, self._last_period, kernel.alive)
        self.frame_period = sync.period
        if sync.reference != self._reference:
            self._reference = sync.reference
            kernel.follow(self._reference)
        self._elapsed_second += elapsed
        if not self._settled:
            # the first window only finds the offsets; its time is booked with the first second
            self._settle()
            return
        self._frequencies += sync.frequency
        self._windows += 1
        if self._levels:
            self._levels.correct(kernel, kernel.fast, self._amp_unit(kernel.fast_scale, n), True)
        self.readings.begin(kernel.fast, kernel.fast_scale, n, sync.frequency, True)
        self._slices = self._fast_slices
        self._next = 0
        if self._elapsed_second >= self._second_due:
            self._second_cycles = kernel.close_second()
            if self._levels:
                unit = self._amp_unit(kernel.second_scale, self._second_cycles)
                self._levels.correct(kernel, kernel.second, unit, False)
            self.integrator.begin(self._second_cycles, self._elapsed_second)
            self._elapsed_second = 0
            self._mean_frequency = self._frequencies / self._windows if sync.frequency else 0.0
            self._frequencies = 0.0
            self._windows = 0
            self._slices = self._second_slices
            self._track()

    def _amp_unit(self, scale, cycles):
        """A^2 of a row of I^2."""
        return self.readings.units.amp * scale / (FRAMES * cycles)

    def _settle(self):
        kernel = self._kernel
        for c in range(len(self.channels)):
            kernel.offsets[c] += int(round(kernel.means[c] * kernel.mean_scale))
        kernel.clear()
        self._settled = True

    def _track(self):
        """Follow the offsets; what is left of the mean is taken out of each window's sums exactly."""
        kernel = self._kernel
        for c in range(len(self.channels)):
            mean = kernel.means[c] * kernel.mean_scale
            if mean > 0.75 or mean < -0.75:
                kernel.offsets[c] += int(round(mean))

    def _begin_second(self):
        kernel = self._kernel
        self.readings.begin(
            kernel.second, kernel.second_scale, self._second_cycles, self._mean_frequency, False
        )

    def close(self):
        """Finish what is under way and book the energy of the unfinished second (power fails, settings
        change).
        """
        while self._next < len(self._slices):
            self._slices[self._next]()
            self._next += 1
        self._kernel.close_fast()
        n = self._kernel.close_second()
        if n:
            self.integrator.begin(n, self._elapsed_second + self._elapsed)
            for g in (1, 2, 3):
                self.integrator.phase(g)
            self.integrator.system()
            if self.revenue:
                self.revenue.mark(self._ticked, self._ticked)
                self.revenue.second()
                self.revenue.rest()
        self._elapsed = self._elapsed_second = 0

    def urgent(self):
        """Whether something has been done since the last dump that no power cut may undo."""
        return self.revenue is not None and self.revenue.save_soon

    def dump(self):
        """What must survive a power cut: `dump_size` bytes, in one buffer that is filled anew each time."""
        out = self._dump
        self.energy.dump(out, 0)
        at = ENERGY_SIZE
        self.runtime.dump(out, at)
        at += RUNTIME_SIZE
        self.io.dump(out, at)
        pack_into("<III", out, at + IO_SIZE, self.clock.now, self.page, 1 if self._secondary else 0)
        if self.revenue:
            self.revenue.dump(out, DUMP_SIZE)
        return out

    def restore(self, payload):
        """Take back what `dump` gave; after the settings. Energies of the other side than the setting's are
        dropped: the power went between the change and the next dump.
        """
        self.energy.load(payload, 0)
        at = ENERGY_SIZE
        self.runtime.load(payload, at)
        at += RUNTIME_SIZE
        self.io.load(payload, at)
        now, self.page, secondary = unpack_from("<III", payload, at + IO_SIZE)
        if secondary != self._secondary:
            self.energy.clear()
        self.clock.set(now)
        self.clock.valid = False  # until a battery or somebody tells the time
        if self.revenue:
            self.revenue.restore(payload, DUMP_SIZE)
