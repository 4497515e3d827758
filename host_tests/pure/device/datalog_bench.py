"""Data logs alone: their part, stores, files and register map; registers are known for every minute."""

from log_master import number, words
from records.files_fake import Files

from fourquad import points as p
from fourquad.calendar.clock import Clock, seconds
from fourquad.device import datalog_store
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.events.datalog import DataLogs
from fourquad.meter.settings import Settings
from fourquad.models import kw320
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.pdu import Functions
from fourquad.records.flash import RamFlash
from fourquad.records.settings import SettingsStore
from fourquad.registers import image

START = seconds(2026, 3, 4, 10, 0, 30)
VOLTS = (0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007)


class Tables:
    """Those of a model that has logs and nothing else."""

    NAME = "logs"
    REGIONS = tuple(row for row in kw320.REGIONS if row[2] == "block")
    WRITABLE = tuple(row for row in kw320.WRITABLE if 0x1100 <= row[0] <= 0x133F or row[0] == 0x6000)


def value(register, minute):
    """What a register reads at a minute."""
    return register * 40503 + minute * 1117 & 0xFFFF


class Meter:
    """What a part and its stores see of a meter."""

    model = Tables

    def __init__(self):
        self.settings = Settings(())
        self.clock = Clock()
        self.faults = 0

    def mark(self, *layout):
        return image.mark(Tables.NAME, layout)

    def fault(self, bit):
        self.faults |= bit


class Bench:
    """From power cut to power cut; `sectors` are those of each log."""

    def __init__(self, flash=None, sectors=8):
        self.sectors = sectors
        self.flash = flash or RamFlash(3 * sectors)
        self.files = Files()
        self.now = 0
        self.utc = START
        self.boot()

    def boot(self):
        """Power comes."""
        self.meter = meter = Meter()
        meter.clock.set(self.utc)
        meter.clock.tick(self.now)
        self.logs = logs = DataLogs(meter, kw320.LISTED)
        self.points = points = p.Points()
        logs.provide(points, {})
        self._store = SettingsStore(self.files)
        load_settings(meter, self._store)
        places = {f"log{n + 1}": (n * self.sectors, self.sectors) for n in range(3)}
        self.stores = datalog_store.connect(meter, logs, self.flash, places)
        self.map = RegisterMap(Tables, points)
        logs.fetch = self.registers
        self.masters = [Master(self.map) for _ in range(6)]
        self._look()

    @property
    def minute(self):
        """Of the clock, since 2000."""
        return self.meter.clock.now // 60

    def registers(self, address, count, target, at):
        """As RegisterMap.read."""
        for i in range(count):
            word = value(address + i, self.minute)
            target[at + 2 * i] = word >> 8
            target[at + 2 * i + 1] = word & 0xFF
        return 0

    def save(self):
        """The settings that have changed, into their files."""
        while self.meter.settings.changed:
            save_settings(self.meter, self._store)

    def serve(self):
        """All that stores have to do."""
        (store,) = self.stores
        while store.tick(self.now):
            pass
        while store.due and not store.failed:
            store.service()

    def settle(self):
        """What follows on a change of settings within some seconds."""
        self.save()
        self.serve()

    def _look(self):
        for part in self.logs.after_reading:
            part()

    def run(self, minutes, serve=True):
        """So many minutes."""
        for _ in range(minutes):
            self.now += 60000
            self.utc += 60
            self.meter.clock.tick(self.now)
            self._look()
            if serve:
                self.serve()

    def set_clock(self, utc):
        """Somebody sets the clock, and a second goes by."""
        self.utc = utc
        self.meter.clock.set(utc)
        self.run_seconds(1)

    def run_seconds(self, count):
        """So many seconds."""
        for _ in range(count):
            self.now += 1000
            self.utc += 1
            self.meter.clock.tick(self.now)
            self._look()
            self.serve()

    def set_up(self, log=0, registers=VOLTS, sectors=10, interval=1, mode=0, sizes=None):
        """Settings of a log, as a configuration tool writes them; the exception code of the first refusal."""
        master = self.masters[0]
        base = 0x1100 + 192 * log
        sizes = sizes or (2,) * (len(registers) // 2) + (1,) * (len(registers) % 2)
        sizes = tuple(sizes) + (0,) * (118 - len(sizes))
        packed = [sizes[i] << 8 | sizes[i + 1] for i in range(0, 118, 2)]
        entries = list(registers) + [0] * (117 - len(registers))
        return (
            master.write(base + 2, *entries)
            or master.write(base + 119, *packed)
            or master.write(base + 178, mode)
            or master.write(base, len(registers) << 8 | sectors, interval)
        )


class Master:
    """Asks a register map."""

    def __init__(self, registers):
        self._functions = Functions(registers)
        self._answer = bytearray(260)

    def ask(self, pdu):
        """The answer to a request."""
        n = self._functions.run(pdu, 0, len(pdu), self._answer, 0)
        return bytes(self._answer[:n])

    def read(self, address, count):
        """Registers as bytes; an exception is one byte."""
        answer = self.ask(b"\3" + words(address, count))
        return answer[1:] if answer[0] & 0x80 else answer[2:]

    def write(self, address, *values):
        """0, or the exception code."""
        count = len(values)
        answer = self.ask(b"\x10" + words(address, count) + bytes((2 * count,)) + words(*values))
        return answer[1] if answer[0] & 0x80 else 0

    def status(self, log):
        """Of log 0-2: most records, used records, size, first time, last time."""
        data = self.read(0x6100 + 0x100 * log, 12)
        return number(data[:4]), number(data[4:8]), number(data[8:10]), data[12:18], data[18:24]

    def state(self):
        """The status of the window."""
        return self.read(0x6001, 1)[1]

    def window(self, log, count, offset):
        """What comes of asking for records: the status, and the window."""
        assert self.write(0x6000, log << 8, count << 8, offset >> 16, offset & 0xFFFF) == 0
        return self.state(), self.read(0x6004, 123)
