"""The measuring chain: from samples to readings and energies, and on to what is done each second.

A change of settings is taken over a slice at a time (at most 4.5 ms on an RP2040, 50 ms in all): what is
needed for the new settings is made while the chain measures on with the old ones; then their last window is
booked, and the new ones begin. Readings keep their last values until the first window of the new settings,
some 0.1 s later; what a new wiring has not reads 0 from the change on.
"""

from array import array

from fourquad import points as p
from fourquad.metering import offsets
from fourquad.metering.calibration import Calibration
from fourquad.metering.channels import floors_of
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.kernels import make as kernels
from fourquad.metering.kernels.plan import FRAMES, Plan
from fourquad.metering.level import Levels
from fourquad.metering.readings import WHOLE, Readings
from fourquad.metering.rows import Rows
from fourquad.metering.sweep import Sweep
from fourquad.metering.sync import Synchroniser
from fourquad.metering.wiring import Network
from fourquad.points import values as v
from fourquad.registers.integrator import Integrator, per_count
from fourquad.registers.ratios import transformers

_PRIMARY_WH = 100
_SECONDARY_WH = 1
_LOCKED = 0.002  # phase advance of a cycle, turns, of frames that follow the mains
_PATIENCE = 5  # windows until readings are given regardless

# What the chain waits for, in this order.
_STARTING = 0  # a window that tells the offsets
_FOLLOWING = 1  # frames that follow the mains, or five windows in vain
_MEASURING = 2  # the first second
_VALID = 3  # nothing: all readings are there

# Settings that the chain depends on.
_WIRING = (p.WIRING_U, p.WIRING_I, p.POLARITY_1, p.POLARITY_2, p.POLARITY_3)
_SIDES = (p.PT1, p.PT2, p.CT1, p.CT2, p.ENERGY_SIDE, p.BASIC_MODE)
_MODES = (p.NOMINAL_FREQUENCY, p.VAR_PF_CONVENTION, p.ENERGY_WAVE, p.REACTIVE_MODE)
FOLLOWS = _WIRING + _SIDES + _MODES


class Chain:
    """`channels` is a list of metering.channels.Channel in the order of a frame; `clock_hz` the sampling
    clock whose ticks frame periods count (clock_hz / 128 * 8 < 2**30, so at most 17 GHz); `bits` of a code;
    `vector` forces a kernel; `words` are the samples from frame to frame, where frames hold more than the
    channels. `model` gives CT2_COUNTS, `settings` the rest.

    Its owner sets `energy` (registers.energy.Energy), `quadrants` (billing.quadrants.Quadrants), the
    slices `after_window` of each window, `after_booking` and `after_reading` of each second,
    `on_window(now)`, and `halves` (metering.halves.Halves) where somebody watches, before `configure`.
    """

    energy = quadrants = halves = None
    after_window = after_booking = after_reading = ()
    _kernel = None
    _wired = None
    _phased = None  # the wiring that the harmonics' part of Q is of
    _nominal = None
    _change = None  # settings that are being taken over: what is left to do
    _booking = None  # of this, the last second of the old ones
    _swapping = False  # old rows are gone, new ones not yet complete
    _stray = 0  # of the window under way, the time whose cycles went with the old kernel

    def __init__(self, model, settings, channels, clock_hz, bits, vector=None, words=0):
        self.model = model
        self.settings = settings
        self.channels = channels
        self.calibration = Calibration(channels)
        self.noise_shown = False  # without floors, for calibration
        self.clock_hz = clock_hz
        self._bits = bits
        self._vector = vector
        self._words = words
        self.readings = self.kinds()[2](
            array("f", [0.0] * p.READINGS),
            array("f", [0.0] * p.READINGS),
            array("f", [0.0] * p.FAST_READINGS),
        )
        self.harmonics = self.kinds()[3](array("i", [0] * p.HARMONICS), self.readings.secondary)
        self.readings.parts = self.harmonics.parts
        self.sync = Synchroniser(
            clock_hz,
            [i for i in range(len(channels)) if channels[i].kind == "V"],
            [i for i in range(len(channels)) if channels[i].kind == "I" and channels[i].phase],
        )
        self.sweep = Sweep()
        self._rate = clock_hz // FRAMES  # of `elapsed`, which counts frame periods of cycles: ticks / 128
        self._fast_due = self._rate * 17 // 200
        self._second_due = self._rate * 95 // 100
        self._state = _STARTING
        self.valid = False  # whether all readings are of frames that follow the mains (no property: meter.py)
        self._tries = 0
        self._elapsed = self._elapsed_second = 0
        self._last_period = 0
        self._slices = ()
        self._next = 0

    def kinds(self):
        """Classes of the network, its rows, the readings, the harmonics, the integrator."""
        return Network, Rows, Readings, Harmonics, Integrator

    def on_window(self, now):
        """A window ends at `now` (ms ticks; None: where time was last looked at), a second perhaps."""

    def on_idle(self, now):
        """There was nothing to do; called before the harmonics get their turn."""

    def run(self, buffer, frame, cycles, period=0):
        """Take `cycles` cycles of 128 frames of `buffer` from number `frame` on. `period`: ticks from frame
        to frame that they really had, where the front end knows better than `frame_period`.
        """
        if not period:
            period = self.frame_period
        self._elapsed += cycles * period
        self._last_period = period
        self._kernel.run(buffer, frame, cycles)
        harmonics = self.harmonics
        if harmonics.left:  # a call takes 20 us
            harmonics.run(buffer, frame, cycles)
        if self.halves:
            self.halves.run(buffer, frame, cycles, period)

    def bridge(self, ms):
        """`ms` of samples are lost: bridged in the energies by the last known power."""
        self._kernel.resync()
        self.sync.broken()
        self.harmonics.gap()
        if self.halves:
            self.halves.gap()
        self.integrator.bridge(ms * self._rate // 1000)

    def work(self, now):
        """Do one slice of what is due at `now` (ms ticks); whether there was any."""
        if self._next < len(self._slices):
            self._slices[self._next]()
            self._next += 1
            # all readings are there after the slices of a second
            if self._state == _MEASURING and self._next == len(self._second_slices):
                self._state = _VALID
                self.valid = True
                if self.halves:
                    self.halves.arm(True)
            return True
        if self._change:
            for _ in self._change:
                return True
            self._change = None
            return True
        if self._stale:
            self._change = self._take_over()
            return True
        if self._elapsed >= self._fast_due:
            self.on_window(now)
            self._close_windows()
            return True
        self.on_idle(now)
        return self.harmonics.work(self._kernel.alive if self.sync.frequency else 0)

    def configure(self):
        """Take over the settings that the measurement depends on, all at once."""
        for _ in self._take_over():
            pass

    def change(self):
        """Settings have changed: take them over soon."""
        self._stale = True

    def calibrate(self, record, source="own", celsius=None):
        """Take over a calibration record between two windows, at `celsius` degrees or the ones before.
        ValueError: it cannot be right.
        """
        self.calibration.apply(record, source, celsius)
        self._wired = None
        self._stale = True

    def show_noise(self, on):
        """Read channels below their floors too (calibration)."""
        self.noise_shown = on
        self._wired = None
        self._stale = True

    def _take_over(self):
        """The slices of taking over the settings."""
        get = self.settings.get
        self._stale = False
        nominal = get(p.NOMINAL_FREQUENCY)
        # the 400 Hz type has full-wave energies only (manual 4.1)
        full_wave = (
            nominal == v.HZ_400 or get(p.ENERGY_WAVE) == v.FULL_WAVE or not self.settings.has(p.ENERGY_WAVE)
        )
        key = tuple([get(offset) for offset in _WIRING]) + (full_wave, nominal)
        made = None
        if key != self._wired:
            self._wired = key
            net = self.kinds()[0](self.channels, key[0], key[1], key[2:5])
            yield
            plan = Plan(len(self.channels), net.pairs, self._words)
            kernel = self._kernel
            if kernel is None or kernel.plan.pairs != plan.pairs:
                kernel = kernels.make(plan, self._bits, self._vector)
            yield
            rows = self.kinds()[1](net, kernel.plan, full_wave)
            for row in rows.each():
                kernel.add_form(row)
                yield
            spectrum = kernel.spectrum(self._kernel)
            yield
            for _ in self.harmonics.prepare(spectrum, self.channels, nominal):
                yield
            made = (net, kernel, rows, spectrum)
        if self._kernel:
            self._booking = self._closing()
            for _ in self._booking:
                yield
            self._booking = None
        if made:
            self._swapping = True
            for _ in self._swap(made, nominal):
                yield
            self._swapping = False
        r, net = self.readings, self._net
        generalized = get(p.REACTIVE_MODE) == v.GENERALIZED_REACTIVE
        r.modes(generalized, get(p.VAR_PF_CONVENTION) == v.IEEE)
        self.integrator.configure(r.energy_rows(), net.phases, net.copied, generalized, WHOLE)
        yield
        self._scale()
        if nominal != self._nominal:
            self._nominal = nominal
            self.sync.set_nominal(nominal)
            self._state = min(self._state, _FOLLOWING)
            self.valid = False
            self._tries = 0
            if self.halves:
                self.halves.arm(False)
        self.frame_period = self.sync.period
        self._frequencies = 0.0
        self._windows = 0
        self._soon = True

    def _swap(self, made, nominal):
        """The slices of putting new parts in the places of the old ones."""
        net, kernel, rows, spectrum = made
        channels = self.channels
        old = self._kernel
        for i in range(len(channels)):
            noise = channels[i].noise / channels[i].gain
            kernel.noise[i] = int(FRAMES * noise * noise + 0.5)
            if old:
                kernel.offsets[i] = old.offsets[i]
        self._reference = self.sync.reference
        kernel.follow(self._reference)
        self.sync.broken()
        kernel.use_forms(rows.fast)
        self._net = net
        self._kernel = kernel
        self._stray = self._elapsed if kernel is not old else 0
        yield
        if self.halves:
            self.halves.configure(net, kernel)
        r = self.readings
        r.configure(net, rows)
        if nominal != self._nominal:
            self.harmonics.clear()
            yield
        # a new calibration, as with each change of temperature, leaves the part as it is
        keep, self._phased = self._wired == self._phased, self._wired
        self.harmonics.configure(net, spectrum, nominal, keep)
        self.sweep.begin()
        yield
        jobs = []
        for j in range(net.phases):
            channel, squares, actives, reactive = r.current_rows(j)
            if channel >= 0 and channels[channel].low:
                jobs.append((channels[channel].low, squares, actives, reactive))
        self._levels = Levels(jobs) if jobs else None
        self.integrator = self.kinds()[-1](kernel, self.energy, self.quadrants)
        self.integrator.shares = r.shares
        values = (r.volts, r.amps, r.powers)
        self._fast_slices = fast = values + self.after_window
        second = fast + (self._begin_second,) + values + self.integrator.slices
        second += (r.character, r.angles) + self.after_booking + (r.to_primary,)
        self._second_slices = second + self.after_reading

    def _scale(self):
        """Ratios of the transformers, the unit of the energies, the least values that are measured."""
        get = self.settings.get
        pt1, pt2, ct1, ct2 = transformers(self.settings, self.model)
        r = self.readings
        r.ratios(pt1 / pt2, ct1 / ct2, get(p.BASIC_MODE) == v.PRESENT_PRIMARY, ct2)
        power, places = r.units.power, self._kernel.places
        if self.energy:
            secondary = get(p.ENERGY_SIDE) == v.ENERGY_SECONDARY
            side = (_SECONDARY_WH, 1, 1) if secondary else (_PRIMARY_WH, pt1 * ct1, pt2 * ct2)
            self.energy.scale(per_count(power, places, self.clock_hz, *side), secondary)
        if self.quadrants:
            self.quadrants.set_unit(per_count(power, places, self.clock_hz, 1, 1, 1))
        floors = floors_of(self.channels, self._bits, ct2)
        self.harmonics.least = [0.0] * len(floors) if self.noise_shown else floors
        for i in range(len(floors)):
            floor = self.harmonics.least[i]
            self._kernel.floors[i] = int(FRAMES * floor * floor)

    def _close_windows(self):
        kernel, sync, amp = self._kernel, self.sync, self.readings.units.amp
        elapsed, self._elapsed = self._elapsed, 0
        n = kernel.close_fast()
        move = self.sweep.step(self.harmonics)
        sync.update(kernel.advance, n, elapsed - self._stray, self._last_period, kernel.steady, move)
        self._stray = 0
        self.frame_period = sync.period
        if sync.reference != self._reference:
            self._reference = sync.reference
            kernel.follow(self._reference)
        self._elapsed_second += elapsed
        if self._state < _MEASURING and not self._ready():
            # the time of this window is booked with the first second
            kernel.close_second()
            return
        if sync.frequency:
            self._frequencies += sync.frequency
            self._windows += 1
        if self._levels:
            self._levels.correct(kernel, kernel.fast, kernel.fast_scale * amp / (FRAMES * n), True)
        self.readings.begin(kernel.fast, kernel.fast_scale, n, sync.frequency, True)
        self._slices = self._fast_slices
        self._next = 0
        if self._soon or self._elapsed_second >= self._second_due:
            self._soon = False
            self._second_cycles = kernel.close_second()
            if self._levels:
                unit = kernel.second_scale * amp / (FRAMES * self._second_cycles)
                self._levels.correct(kernel, kernel.second, unit, False)
            self._begin_booking(self._second_cycles, self._elapsed_second)
            self._elapsed_second = 0
            self._mean_frequency = self._frequencies / self._windows if sync.frequency else 0.0
            self._frequencies = 0.0
            self._windows = 0
            self._slices = self._second_slices
            offsets.follow(kernel)

    def _begin_booking(self, cycles, elapsed):
        self.integrator.begin(cycles, elapsed)
        if self.quadrants:
            self.quadrants.span = elapsed * 1000 // self._rate

    def _ready(self):
        """Whether the window just closed can be read: the first one only finds the offsets, and in another
        the frames must have followed the mains, unless there are none or they cannot be followed.
        """
        kernel = self._kernel
        if self._state == _STARTING:
            offsets.take(kernel)
            self._state = _FOLLOWING
            kernel.resync()
            self.sync.broken()
            return False
        self._tries += 1
        if -_LOCKED < kernel.advance < _LOCKED or self._tries == _PATIENCE or not self.sync.frequency:
            self._state = _MEASURING
        return self._state == _MEASURING

    def _begin_second(self):
        kernel = self._kernel
        self.readings.begin(
            kernel.second, kernel.second_scale, self._second_cycles, self._mean_frequency, False
        )

    def close(self):
        """Finish what is under way and book the energy of the unfinished second (power fails)."""
        if self._booking:
            for _ in self._booking:
                pass
        # between old rows and new ones there is nothing yet that could be booked
        if not self._swapping:
            for _ in self._closing():
                pass

    def _closing(self):
        """The slices of `close`."""
        while self._next < len(self._slices):
            self._slices[self._next]()
            self._next += 1
            yield
        self._kernel.close_fast()
        n = self._kernel.close_second()
        elapsed = self._elapsed_second + self._elapsed
        self._elapsed = self._elapsed_second = 0
        if n and self._state >= _MEASURING:
            self._begin_booking(n, elapsed)
            for part in self.integrator.slices:
                yield
                part()
            self.on_window(None)
            for part in self.after_booking:
                yield
                part()
