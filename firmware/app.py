"""The meter on a board: brings the drivers of the board and of its chip to a Device, and runs it."""

import gc
import time

import board
import machine
from chip import adc, dma, rtc
from chip.flash import RawFlash
from chip.uart import Port
from chip.watchdog import Watchdog, bit

import model as choice
from drivers.io import Terminals
from drivers.keys import Contacts
from drivers.lcd import Lcd
from drivers.powerfail import Warning
from fourquad.device import layout
from fourquad.device.device import Device
from fourquad.device.loop import Collector, Loop
from fourquad.points import billing as b


def quiet():
    """Bring to rest whatever could still write into the heap, of this program or of one before it."""
    dma.all_quiet()
    adc.quiet()


class App:
    """The drivers of `board` (fourquad.device.device says what they are), and the meter on them."""

    links = ("uart",) * len(board.PORTS)
    defaults = board.DEFAULTS
    first = layout.JOURNAL_FIRST
    rtc = rtc
    temperature = seal = None
    pulses = None  # the driver of the pulse outputs, where there are any

    def __init__(self, sampler=None):
        """`sampler`: what `board.sampler()` made while the heap was in one piece."""
        quiet()
        gc.collect()
        self.tidy = gc.collect
        self.channels = board.channels()
        self.front = self.sampler = sampler or board.sampler()
        model = choice.tables()
        self.files = choice.files()
        self.flash = RawFlash(self.first, layout.STORAGE_SECTORS - self.first)
        self.warning = Warning(board.POWER_FAIL)
        self.contacts = Contacts(board.KEYS)
        # a model has inputs and relays or pulse outputs, which may share pins
        has_pulses = getattr(getattr(model, "BILLING", None), "PULSES", ())
        pins = getattr(board, "PULSES", ()) if has_pulses else ()
        free = [[pin for pin in some if pin not in pins] for some in (board.INPUTS, board.RELAYS)]
        self.terminals = Terminals(*free)
        if hasattr(board, "TEMPERATURE"):
            from drivers.lm75 import Lm75

            self.temperature = Lm75(*board.TEMPERATURE)
        if hasattr(board, "SEAL"):
            self.seal = Contacts((board.SEAL,))
        self.device = device = Device(model, self)
        self.meter = meter = device.meter
        if pins:
            from chip.pulses import PulseOutputs

            self.pulses = PulseOutputs(meter.pulses, pins)
            meter.pulses = None
            device.jobs.append(self.pulses)
        if bit():
            meter.fault(b.PROGRAM_FAULT)
        self.watchdog = Watchdog()
        device.pauses.append(Collector())
        self.loop = Loop(
            self.sampler,
            meter,
            device.ports,
            device.jobs,
            device.pauses,
            device.keeper,
            self.watchdog,
            time.ticks_ms,
            machine.idle,
        )
        gc.collect()

    def uart(self, n, answer):
        """The driver of the UART `n`, which sends from `answer`."""
        return Port(*board.PORTS[n], answer)

    def lcd(self):
        """The driver of the display."""
        return Lcd(*board.LCD)

    def run(self):
        """Measure until Ctrl-C, which leaves everything at rest."""
        try:
            self.sampler.start(self.meter.frame_period)
            self.watchdog.start()
            self.loop.run()
        finally:
            self.stop()

    def stop(self):
        """Bring the hardware to rest; what was measured is saved."""
        self.watchdog.stop()
        self.sampler.stop()
        for port in self.device.ports:
            port.stop()
        self.warning.stop()
        self.device.keeper.power_fails(time.ticks_ms())
        if self.pulses:
            self.pulses.stop()
