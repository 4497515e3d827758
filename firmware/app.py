"""The meter on a board: composed from board, model and drivers."""

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
from fourquad import points as p
from fourquad.device import extremes_store as extremes
from fourquad.device import layout
from fourquad.device.billing_store import connect, load_tables
from fourquad.device.calibration_store import CalibrationStore
from fourquad.device.keeper import Erase, Keeper, SaveSettings, Snapshot
from fourquad.device.loop import Collector, Loop
from fourquad.device.panel import Panel
from fourquad.device.ports import ChoicePort, ModbusPort, StreamPort
from fourquad.device.register_store import RegisterStore
from fourquad.device.settings_store import load_settings
from fourquad.device.terminals import Module
from fourquad.meter import meter as meters
from fourquad.metering.calibration import size
from fourquad.points import billing as b
from fourquad.protocols.station import Station
from fourquad.records.journal import Journal
from fourquad.records.settings import SettingsStore


def quiet():
    """Bring to rest whatever could still write into the heap, of this program or of one before it."""
    dma.all_quiet()
    adc.quiet()


class App:
    """A meter on `board`, ready to run."""

    pulses = None  # the driver of the pulse outputs, where there are any

    def __init__(self, sampler=None):
        """`sampler`: what `board.sampler()` made while the heap was in one piece."""
        quiet()
        gc.collect()
        channels = board.channels()
        self.sampler = sampler = sampler or board.sampler()
        model = choice.tables()
        self.meter = meter = meters.Meter(
            model, channels, sampler.clock_hz, sampler.bits, words=sampler.words
        )
        # what building a part leaves is taken away before the next, or the large buffers find no place
        gc.collect()
        files = self._settings(model)
        gc.collect()
        self.store = self._registers()
        gc.collect()
        self.ports = self._ports(model)
        self.warning = Warning(board.POWER_FAIL)
        self.contacts = Contacts(board.KEYS)
        self.panel = Panel(_menu(model), meter, self.contacts, Lcd(*board.LCD), self.ports)
        self.keeper = Keeper(meter, self.store, self.ports, rtc)
        self.keeper.set_clock()
        self.watchdog = Watchdog()
        if bit():
            meter.fault(b.PROGRAM_FAULT)
        jobs = [self.keeper, self.panel] + self._terminals()
        if hasattr(board, "TEMPERATURE"):
            from drivers.lm75 import Lm75
            from fourquad.device.temperature import Warmth

            jobs.append(Warmth(meter, Lm75(*board.TEMPERATURE)))
        if hasattr(board, "SEAL"):
            from fourquad.device.seal import Seal

            jobs.append(Seal(meter.settings, Contacts((board.SEAL,))))
        self.loop = Loop(
            self.sampler,
            meter,
            self.ports,
            jobs,
            [Erase(store) for store in [self.store] + self.logs] + [SaveSettings(meter, files), Collector()],
            Snapshot(meter, self.store, self.warning),
            self.watchdog,
            time.ticks_ms,
            machine.idle,
        )
        gc.collect()

    def _settings(self, model):
        files = SettingsStore(choice.files())
        self.calibrations = CalibrationStore(files, size(len(self.meter.channels)))
        record, source = self.calibrations.load()
        if record is not None:
            self.meter.calibrate(record, source)
        settings = self.meter.settings
        for offset, value in board.DEFAULTS:
            settings.default(offset, value)
        load_settings(self.meter, files)
        self.meter.configure()
        load_tables(self.meter, files)
        return files

    def _registers(self):
        meter = self.meter
        first = layout.JOURNAL_FIRST
        flash = RawFlash(first, layout.STORAGE_SECTORS - first)
        self.logs = connect(meter, flash, first)
        journal = Journal(flash, 0, layout.JOURNAL_SECTORS, meter.dump_size)
        store = RegisterStore(journal, meter.dump)
        payload = store.restore()
        if payload is not None and len(payload) == meter.dump_size:
            meter.restore(payload)
        store.also = extremes.connect(meter, flash, first)
        if store.also:
            self.logs.append(store.also)
        return store

    def _maintain(self, registers):
        """Serve the meter's maintenance from now on: imported when somebody asks for it, because it takes
        heap.
        """
        from fourquad.device.maintenance import Maintenance

        Maintenance(self.meter, self.calibrations).serve(registers)

    def _ports(self, model):
        points = self.meter.points
        rows = model.PORTS[: len(board.PORTS)]
        registers = None
        if any(kind == "modbus" for row in rows for kind, _ in row[5]):
            from fourquad.protocols.modbus.map import RegisterMap

            registers = RegisterMap(model, points)
            registers.served_by(self._maintain)
        ports = []
        for i in range(len(rows)):
            row = rows[i]
            station = Station(row, (points, registers), False)
            ports.append(self._port(Port(*board.PORTS[i], station.machine.answer), station, row))
        return ports

    def _port(self, uart, station, row):
        points = self.meter.points

        def face(machine):
            # bytes of a line in the way in which the machine wants them
            if not machine.framed:
                return StreamPort(uart, machine)
            address, baud, parity = [p.SETTING + offset for offset in row[2:5]]
            return ModbusPort(uart, machine, points, address, baud, parity)

        return ChoicePort(uart, station, face) if len(row[5]) > 1 else face(station.machine)

    def _terminals(self):
        """Jobs for inputs, relays and pulse outputs, which may share pins: a model has one or the other."""
        meter = self.meter
        pins = getattr(board, "PULSES", ()) if meter.pulses else ()
        free = [[pin for pin in some if pin not in pins] for some in (board.INPUTS, board.RELAYS)]
        jobs: list = [Module(meter.io, Terminals(*free))]
        if pins:
            from chip.pulses import PulseOutputs

            self.pulses = PulseOutputs(meter.pulses, pins)
            meter.pulses = None
            jobs.append(self.pulses)
        return jobs

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
        for port in self.ports:
            port.stop()
        self.warning.stop()
        self.meter.close()
        self.store.snapshot()
        if self.pulses:
            self.pulses.stop()


def _menu(model):
    return __import__(model.__name__ + ".menu", None, None, ("menu",))
