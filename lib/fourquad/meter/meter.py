"""The meter: takes samples and the time, owns everything from the sums to the points."""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad import ticks
from fourquad.billing import providers
from fourquad.calendar.clock import Clock
from fourquad.meter.arrangement import Arrangement
from fourquad.meter.io import DUMP_SIZE as IO_SIZE
from fourquad.meter.io import IO
from fourquad.meter.settings import MEASUREMENT, Commands, Settings
from fourquad.meter.state import State
from fourquad.metering.calibration import Calibration
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.readings import Readings
from fourquad.metering.sweep import Sweep
from fourquad.metering.sync import Synchroniser
from fourquad.points import values as v
from fourquad.registers import image
from fourquad.registers.energy import DUMP_SIZE as ENERGY_SIZE
from fourquad.registers.energy import Energy
from fourquad.registers.extremes import Extremes
from fourquad.registers.runtime import DUMP_SIZE as RUNTIME_SIZE
from fourquad.registers.runtime import RunTime

_ENERGY = 4  # after the image's mark
DUMP_SIZE = _ENERGY + ENERGY_SIZE + RUNTIME_SIZE + IO_SIZE + 12
_LOCKED = 0.002  # phase advance of a cycle, turns, of frames that follow the mains
_PATIENCE = 5  # windows until readings are given regardless
_TICK_MS = 5  # resolution of the relays' pulses


class Meter(Arrangement):
    """`channels` is a list of metering.channels.Channel in the order of a frame; `clock_hz` the sampling
    clock whose ticks frame periods count (clock_hz / 128 * 8 < 2**30, so at most 17 GHz); `bits` of a code;
    `vector` forces a kernel; `words` are the samples from frame to frame, where frames hold more than the
    channels.

    The front end calls `run` with whole cycles of 128 frames, `work` between other things, and reads
    `frame_period` (ticks from frame to frame) after each of them that returned True.
    """

    def __init__(self, model, channels, clock_hz, bits, vector=None, words=0):
        self.model = model
        self.channels = channels
        self.calibration = Calibration(channels)
        self.sensitive = False  # without floors, for calibration
        self.clock_hz = clock_hz
        self._bits = bits
        self._vector = vector
        self._words = words
        extra = [getattr(model, name, ()) for name in ("LIMITS", "SEALS", "GUARDS", "TEXTS")]
        self.settings = Settings(model.SETTINGS, self._on_change, *extra)
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
        self.harmonics = Harmonics(array("i", [0] * p.HARMONICS), self.readings.secondary)
        self.readings.parts = self.harmonics.parts
        self.presented = p.Presented(self.readings.secondary)
        self.commands = {
            p.CLEAR_ENERGY: self.energy.clear,
            p.CLEAR_RUN_TIME: self.runtime.clear,
            p.CLEAR_PULSES: self.io.clear_counts,
        }
        self.billing = providers.make(model, self)
        self.extremes = Extremes(self.clock, self.readings, self.harmonics, self.billing)
        self.commands[p.CLEAR_MAX_MIN] = self.extremes.clear
        self.points = self._points()
        self.tables = providers.provide(self.billing, self.points, self.commands)
        self.commands[p.CLEAR_DEMAND] = self._clear_demand
        self.io.synchronise = self.commands.get(p.SYNCHRONISE_DEMAND)
        self.pulses = providers.pulses(self.billing)  # None where hardware puts them out
        self.maintenance = None  # over a port of the meter, where there is one
        self.page = 0  # word that the display keeps over a power cut
        self.sync = Synchroniser(
            clock_hz,
            [i for i in range(len(channels)) if channels[i].kind == "V"],
            [i for i in range(len(channels)) if channels[i].kind == "I" and channels[i].phase],
        )
        self.sweep = Sweep()
        self._rate = clock_hz // FRAMES  # of `elapsed`, which counts frame periods of cycles: ticks / 128
        self._fast_due = self._rate * 17 // 200
        self._second_due = self._rate * 95 // 100
        self.dump_size = -(-(DUMP_SIZE + self.billing.size) // 8) * 8 if self.billing else DUMP_SIZE
        self._dump = bytearray(self.dump_size)
        sizes = (ENERGY_SIZE, RUNTIME_SIZE, IO_SIZE)
        self._mark = self.mark("registers", sizes, self.billing and (self.billing.size, self.billing.layout))
        self._settled = False  # the offsets are known
        self._locked = False  # the frames have followed the mains since start
        self.valid = False  # and there are readings of them, all
        self._tries = 0
        self._elapsed = self._elapsed_second = 0
        self._last_period = 0
        self._slices = ()
        self._next = 0
        self._ticked = 0
        self.configure()

    def _clear_demand(self):
        if self.billing:
            self.billing.clear_demand()
            for reading in range(p.P_DEMAND, p.I3_DEMAND + 1):
                self.readings.primary[reading] = 0.0
            self.extremes.clear_demands()

    def _points(self):
        r = self.readings
        points = p.Points()
        points.provide(p.SECONDARY, p.ReadOnly(r.secondary))
        points.provide(p.PRIMARY, p.ReadOnly(r.primary))
        points.provide(p.PRESENTED, self.presented)
        points.provide(p.FAST, p.ReadOnly(r.fast))
        points.provide(p.ENERGY, self.energy)
        self.settings.provide(points)
        points.provide(p.COMMAND, Commands(self.model.COMMANDS, self.settings, self.commands))
        points.provide(p.STATE, self.state)
        points.provide(p.IO, self.io)
        points.provide(p.HARMONIC, p.ReadOnly(self.harmonics.values), 7)
        points.provide(p.EXTREME, self.extremes, 7)
        return points

    def _sealed(self):
        return self.settings.guarded(p.ENERGY)

    def _clock_open(self):
        return not self.settings.guarded(p.STATE)

    def _on_change(self, offset):
        if offset in MEASUREMENT:
            self._stale = True
        if offset == p.BASIC_MODE:
            self._present()
        if offset == p.ENERGY_SIDE:
            self.energy.clear()
        if self.billing and offset in providers.SETTINGS:
            self.billing.configure()

    def _present(self):
        """Show the readings of the side that is set."""
        r = self.readings
        self.presented.values = (
            r.primary if self.settings.get(p.BASIC_MODE) == v.PRESENT_PRIMARY else r.secondary
        )

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
        if self.billing:
            self.billing.lossy = 2
        self._kernel.resync()
        self.sync.broken()
        self.harmonics.gap()
        self.integrator.bridge(ms * self._rate // 1000)

    def work(self, now):
        """Do one slice of what is due at `now` (ms ticks); whether there was any."""
        if self._next < len(self._slices):
            self._slices[self._next]()
            self._next += 1
            if not self.valid:
                self.valid = self._slices is self._second_slices and self._next == len(self._slices)
            return True
        if self._arranging:
            for _ in self._arranging:
                return True
            self._arranging = None
            return True
        if self._stale:
            self._arranging = self._arrange()
            return True
        if self._elapsed >= self._fast_due:
            if self.billing:
                self.billing.mark(now, self._ticked)
            self._close_windows()
            return True
        self._time(now)
        return self.harmonics.work(self._kernel.alive if self.sync.frequency else 0)

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
            if self.maintenance:
                self.maintenance.tick()
        return False

    def _close_windows(self):
        kernel, sync = self._kernel, self.sync
        elapsed, self._elapsed = self._elapsed, 0
        n = kernel.close_fast()
        move = self.sweep.step(self.harmonics)
        sync.update(kernel.advance, n, elapsed, self._last_period, kernel.steady, move)
        self.frame_period = sync.period
        if sync.reference != self._reference:
            self._reference = sync.reference
            kernel.follow(self._reference)
        self._elapsed_second += elapsed
        if not self._locked and not self._ready():
            # the time of this window is booked with the first second
            kernel.close_second()
            return
        if sync.frequency:
            self._frequencies += sync.frequency
            self._windows += 1
        if self._levels:
            self._levels.correct(kernel, kernel.fast, self._amp_unit(kernel.fast_scale, n), True)
        self.readings.begin(kernel.fast, kernel.fast_scale, n, sync.frequency, True)
        self._slices = self._fast_slices
        self._next = 0
        if self._soon or self._elapsed_second >= self._second_due:
            self._soon = False
            self._second_cycles = kernel.close_second()
            if self._levels:
                unit = self._amp_unit(kernel.second_scale, self._second_cycles)
                self._levels.correct(kernel, kernel.second, unit, False)
            self._begin_booking(self._second_cycles, self._elapsed_second)
            self._elapsed_second = 0
            self._mean_frequency = self._frequencies / self._windows if sync.frequency else 0.0
            self._frequencies = 0.0
            self._windows = 0
            self._slices = self._second_slices
            self._track()

    def _begin_booking(self, cycles, elapsed):
        self.integrator.begin(cycles, elapsed)
        if self.billing:
            self.billing.span = elapsed * 1000 // self._rate

    def _ready(self):
        """Whether the window just closed can be read: the first one only finds the offsets, and in another
        the frames must have followed the mains, unless there are none or they cannot be followed.
        """
        kernel = self._kernel
        if not self._settled:
            for c in range(len(self.channels)):
                kernel.offsets[c] += int(round(kernel.means[c] * kernel.mean_scale))
            self._settled = True
            kernel.resync()
            self.sync.broken()
            return False
        self._tries += 1
        self._locked = (
            -_LOCKED < kernel.advance < _LOCKED or self._tries == _PATIENCE or not self.sync.frequency
        )
        return self._locked

    def _amp_unit(self, scale, cycles):
        """A^2 of a row of I^2."""
        return self.readings.units.amp * scale / (FRAMES * cycles)

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

    def saturated(self):
        """The front end has met its end: ERR 2 says so for a minute or two, as of samples that are lost."""
        if self.billing:
            self.billing.lossy = 2

    def fault(self, bit):
        """Something has failed: points_billing.MEMORY_FAULT ..."""
        if self.billing:
            self.billing.errors |= bit

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
        if n and self._locked:
            self._begin_booking(n, elapsed)
            for part in self.integrator.slices:
                yield
                part()
            if self.billing:
                yield
                self.billing.mark(self._ticked, self._ticked)
                self.billing.second()
                yield
                self.billing.rest()

    def urgent(self):
        """Whether something has been done since the last dump that no power cut may undo."""
        return self.billing is not None and self.billing.save_soon

    def mark(self, *layout):
        """The number that stands before what this model keeps in `layout` (see registers.image.mark)."""
        return image.mark(self.model.NAME, layout)

    def dump(self):
        """What must survive a power cut: `dump_size` bytes, in one buffer that is filled anew each time."""
        out = self._dump
        pack_into("<I", out, 0, self._mark)
        self.energy.dump(out, _ENERGY)
        at = _ENERGY + ENERGY_SIZE
        self.runtime.dump(out, at)
        at += RUNTIME_SIZE
        self.io.dump(out, at)
        # of the third word bit 0 is the side of the energies, from bit 8 on what a sealed clock has used up
        word = self.clock.spent << 8 | (1 if self._secondary else 0)
        pack_into("<III", out, at + IO_SIZE, self.clock.now, self.page, word)
        if self.billing:
            self.billing.dump(out, DUMP_SIZE)
        return out

    def restore(self, payload):
        """Take back what `dump` gave; after the settings. False: another model or another layout made it, and
        nothing of it is taken. Energies of the other side than the setting's are dropped: the power went
        between the change and the next dump.
        """
        if len(payload) != self.dump_size or unpack_from("<I", payload)[0] != self._mark:
            return False
        self.energy.load(payload, _ENERGY)
        at = _ENERGY + ENERGY_SIZE
        self.runtime.load(payload, at)
        at += RUNTIME_SIZE
        self.io.load(payload, at)
        now, self.page, word = unpack_from("<III", payload, at + IO_SIZE)
        self.clock.restore_spent(word >> 8)
        if bool(word & 1) != self._secondary:
            self.energy.clear()
        self.clock.set(now)
        self.clock.valid = False  # until a battery or somebody tells the time
        if self.billing:
            self.billing.restore(payload, DUMP_SIZE)
        return True
