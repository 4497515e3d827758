"""What of a meter follows from its settings: kernel, rows, readings, harmonics, units.

A change is taken over a slice at a time (at most 4.5 ms on an RP2040, 50 ms in all): what is needed for
the new settings is made while the meter measures on with the old ones; then their last window is booked, and
the new ones begin. Readings keep their last values until the first window of the new settings, some 0.1 s
later; what a new wiring has not reads 0 from the change on.
"""

from fourquad import points as p
from fourquad.metering.kernels import make as kernels
from fourquad.metering.kernels.plan import FRAMES, Plan
from fourquad.metering.level import Levels
from fourquad.metering.readings import WHOLE
from fourquad.metering.rows import Rows
from fourquad.metering.wiring import Network
from fourquad.points import values as v
from fourquad.registers.integrator import Integrator, per_count

# A channel is dead below these (RMS), where its own floor is not higher: what the noise of a code or two
# leaves in the fundamental of a window, and 0.07 % of the rated current, so that a meter starts at the 0.1 %
# of IEC 62053-22 (classes 0.2S and 0.5S); of voltages 0.14 % of full scale.
_CODES = 0.35
_CURRENT = 0.0007
_VOLTAGE = 0.0014
_PRIMARY_WH = 100
_SECONDARY_WH = 1


class Arrangement:
    """The part of meter.Meter that makes and changes its parts."""

    _kernel = None
    _wired = None
    _known = None  # the wiring that the harmonics' part of Q is of
    _nominal = None
    _secondary = False
    _arranging = None
    _booking = None
    _swapping = False

    def configure(self):
        """Take over the settings that the measurement depends on, all at once."""
        for _ in self._arrange():
            pass

    def calibrate(self, record, source="own", celsius=None):
        """Take over a calibration record between two windows, at `celsius` degrees or the ones before.
        ValueError: it cannot be right.
        """
        self.calibration.apply(record, source, celsius)
        self._wired = None
        self._stale = True

    def feel(self, sensitive):
        """Show what channels read below their floors, too: what noise makes of them."""
        self.sensitive = sensitive
        self._wired = None
        self._stale = True

    def _arrange(self):
        """The slices of taking over the settings."""
        get = self.settings.get
        self._stale = False
        nominal = get(p.NOMINAL_FREQUENCY)
        # the 400 Hz type has full-wave energies only (manual 4.1)
        full_wave = (
            nominal == v.HZ_400 or get(p.ENERGY_WAVE) == v.FULL_WAVE or not self.settings.has(p.ENERGY_WAVE)
        )
        key = (
            get(p.WIRING_U),
            get(p.WIRING_I),
            get(p.POLARITY_1),
            get(p.POLARITY_2),
            get(p.POLARITY_3),
            1 if full_wave else 0,
            nominal,
        )
        made = None
        if key != self._wired:
            self._wired = key
            net = Network(self.channels, key[0], key[1], key[2:5])
            yield
            plan = Plan(len(self.channels), net.pairs, self._words)
            kernel = self._kernel
            if kernel is None or kernel.plan.pairs != plan.pairs:
                kernel = kernels.make(plan, self._bits, self._vector)
            yield
            rows = Rows(net, kernel.plan, full_wave)
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
            self._locked = self.valid = False
            self._tries = 0
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
        yield
        r = self.readings
        r.configure(net, rows)
        if nominal != self._nominal:
            self.harmonics.clear()
            yield
        # a new calibration, as with each change of temperature, leaves the part as it is
        keep, self._known = self._wired == self._known, self._wired
        self.harmonics.configure(net, spectrum, nominal, keep)
        self.sweep.begin()
        yield
        jobs = [r.current_rows(j) for j in range(net.phases)]
        jobs = [(channels[row[0]].low,) + row[1:] for row in jobs if row[0] >= 0 and channels[row[0]].low]
        self._levels = Levels(jobs) if jobs else None
        quadrants = self.billing.quadrants if self.billing else None
        self.integrator = Integrator(kernel, self.energy, quadrants)
        self.integrator.shares = r.shares
        fast = (r.volts, r.amps, r.powers)
        self._fast_slices = fast
        second = fast + (self._begin_second,) + fast + self.integrator.slices
        bill = (self.billing.second, self.billing.rest, self.billing.look) if quadrants else ()
        second += (r.character, r.angles) + bill + (r.to_primary,)
        self._second_slices = second + self.extremes.slices

    def _scale(self):
        """Ratios of the transformers, the unit of the energies, the least values that are measured."""
        get = self.settings.get
        pt1, pt2, ct1, ct2 = transformers(self.settings, self.model)
        r = self.readings
        r.ratios(pt1 / pt2, ct1 / ct2, get(p.BASIC_MODE) == v.PRESENT_PRIMARY, ct2)
        self._present()
        secondary = get(p.ENERGY_SIDE) == v.ENERGY_SECONDARY
        if secondary != self._secondary:
            # again, for what was booked since the setting was written
            self._secondary = secondary
            self.energy.clear()
        over, under = (1, 1) if secondary else (pt1 * ct1, pt2 * ct2)
        unit_wh = _SECONDARY_WH if secondary else _PRIMARY_WH
        unit = per_count(r.units.power, self._kernel.places, self.clock_hz, unit_wh, over, under)
        self.energy.set_unit(unit)
        if self.billing:
            self.billing.scale(per_count(r.units.power, self._kernel.places, self.clock_hz, 1, 1, 1))
        channels = self.channels
        floors = self.harmonics.least = [0.0] * len(channels)
        for i in range(len(channels)):
            c = channels[i]
            if c.kind == "V":
                least = _VOLTAGE * (1 << (self._bits - 1))
            else:
                least = max(_CODES, _CURRENT * ct2 / c.gain)
            least = max(least, c.floor / c.gain)
            if not self.sensitive:
                floors[i] = least
            self._kernel.floors[i] = int(FRAMES * floors[i] * floors[i])


def transformers(settings, model):
    """PT1, PT2, CT1, CT2 as they count in the formulas: 1 where the model has no such setting, and where CT2
    is none of its CT2_COUNTS.
    """
    found = [settings.get(offset) if settings.has(offset) else 1 for offset in (p.PT1, p.PT2, p.CT1, p.CT2)]
    if found[3] not in getattr(model, "CT2_COUNTS", ()):
        found[3] = 1
    return found
