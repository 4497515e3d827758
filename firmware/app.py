"""The meter on a board: a Device with the board's drivers in the one loop."""

import gc
import sys
import time

import machine
from chip import adc, dma, flash
from chip.watchdog import Watchdog, bit

import brought
import fourquad.device.device
from fourquad.device.loop import Collector, Loop
from fourquad.points import billing as b

# These two are imported here, while main.py keeps room for the large buffers, and forgotten when they have
# composed the meter.
del brought, fourquad

# Modules that only compose, and such as have nothing that was not taken out of them: what they leave in the
# heap is given back (4 KB).
_COMPOSING = (
    "model",
    "brought",
    "board",
    "drivers.io",
    "fourquad.models",
    "fourquad.billing.average",
    "fourquad.billing.periods",
    "fourquad.billing.thermal",
    "fourquad.device.billing_store",
    "fourquad.device.device",
    "fourquad.device.layout",
    "fourquad.device.store",
    "fourquad.display.panels",
    "fourquad.meter.harmonics",
    "fourquad.meter.meter",
    "fourquad.metering.channels",
    "fourquad.metering.forms",
    "fourquad.metering.frontends.codes_thumb",
    "fourquad.metering.kernels.phasors_native",
    "fourquad.metering.offsets",
    "fourquad.metering.wiring",
    "fourquad.modules.absent",
    "fourquad.points.billing",
    "fourquad.protocols.crc",
    "fourquad.protocols.crc_octets",
    "fourquad.protocols.modbus.compile",
    "fourquad.protocols.modbus.pack_native",
    "fourquad.records.crc32",
    "fourquad.registers.isqrt",
)
# Packages without anything of their own, which keep a name of each of their modules: 2 KB. An import that
# comes later makes them anew.
_PACKAGES = (
    "fourquad.billing",
    "fourquad.calendar",
    "fourquad.device",
    "fourquad.events",
    "fourquad.meter",
    "fourquad.metering.frontends",
    "fourquad.metering.kernels",
    "fourquad.metering",
    "fourquad.modules",
    "fourquad.protocols.modbus",
    "fourquad.protocols",
    "fourquad.records",
    "fourquad.registers",
    "fourquad",
)


def quiet():
    """Bring to rest whatever could still write into the heap, of this program or of one before it."""
    dma.all_quiet()
    adc.quiet()


class App:
    """The meter on a board, ready to run."""

    pulses = None  # the driver of the pulse outputs, where there are any
    slices = None  # of erases, where they are done so

    def __init__(self, sampler=None):
        """`sampler`: what `board.sampler()` made while the heap was in one piece."""
        import board

        import model as choice
        from brought import Drivers
        from fourquad.device.device import Device

        quiet()
        gc.collect()
        self.sampler = sampler = sampler or board.sampler()
        model = choice.tables()
        # a model has inputs and relays or pulse outputs, which may share pins
        outputs = getattr(getattr(model, "BILLING", None), "PULSES", ())
        pins = getattr(board, "PULSES", ())[: len(outputs)]
        device = Device(model, Drivers(sampler, pins))
        for said in device.short:
            print("fourquad:", said)
        self.meter = meter = device.meter
        self.calibrations = device.calibrations
        if pins:
            from chip.pulses import PulseOutputs

            self.pulses = PulseOutputs(meter.pulses, pins)
            meter.pulses = None
            device.jobs.append(self.pulses)
        counted = getattr(model, "PULSE_INPUTS", 0)
        if counted:
            from chip import closures

            device.jobs.extend(closures.jobs(meter.io, board.INPUTS[:counted]))
        if bit():
            meter.fault(b.PROGRAM_FAULT)
        slices = getattr(flash, "Slices", None)  # an STM32 has none
        if slices and device.erasing:
            self.slices = slices()
            device.jobs.append(self.slices)
        self.watchdog = Watchdog()
        device.pauses.append(Collector(getattr(gc, "allocated", None), getattr(gc, "left", None)))
        self.loop = Loop(
            sampler,
            meter,
            device.ports,
            device.jobs,
            device.pauses,
            device.keeper,
            self.watchdog,
            time.ticks_ms,
            machine.idle,
        )
        tables = [model.__name__ + "." + name for name in ("settings", "registers", "alarms")]
        del device, choice, model, board
        for names in (_COMPOSING, tables, _PACKAGES):
            for name in names:
                _forget(name)
        gc.collect()

    def run(self):
        """Measure until Ctrl-C, which leaves everything at rest."""
        try:
            self.sampler.start(self.meter.frame_period)
            self.watchdog.start()
            if self.slices:
                self.slices.meanwhile(self.loop.meanwhile)
            self.loop.run()
        finally:
            self.stop()

    def stop(self):
        """Bring the hardware to rest; what was measured is saved."""
        self.watchdog.stop()
        if self.slices:
            self.slices.meanwhile(None)
        self.sampler.stop()
        for port in self.loop.ports:
            port.stop()
        keeper = self.loop.keeper
        keeper.warning.stop()
        keeper.power_fails(time.ticks_ms())
        if self.pulses:
            self.pulses.stop()


def _forget(name):
    if sys.modules.pop(name, None):
        package, _, last = name.rpartition(".")
        if package:
            delattr(sys.modules[package], last)
