"""A KW320 of the real settings, commands, clock, energies and I/O; only what is measured is made up."""

from array import array

from fourquad import models
from fourquad import points as p
from fourquad.calendar.clock import Clock, seconds
from fourquad.meter.settings import Commands, Settings
from fourquad.meter.state import State
from fourquad.modules.io import IO
from fourquad.points import columns as c
from fourquad.protocols.crc import crc16
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.rtu import Slave
from fourquad.registers.energy import Energy
from fourquad.registers.runtime import RunTime


class Maxima:
    """Maximum demands: each point is its index."""

    def read(self, index):
        return index

    def check(self, index, value):
        return p.READ_ONLY

    write = check


class FakeMeter:
    """Points of a KW320 with IO11; readings are 1.5 * id on the primary, 0.5 * id on the secondary side.

    `done`: offsets of the commands that were executed, in order; they do nothing else. `modbus`: whether it
    has registers, which take most of the time to make one.
    """

    def __init__(self, name="kw320", modbus=True):
        self.model = models.load(name)
        self.points = p.Points()
        self.settings = Settings(
            self.model.SETTINGS, self._present, self.model.LIMITS, self.model.SEALS, self.model.GUARDS
        )
        self.done = []
        actions = {row[c.OFFSET]: self._action(row[c.OFFSET]) for row in self.model.COMMANDS}
        self.commands = Commands(self.model.COMMANDS, self.settings, actions)
        self.energy = Energy(lambda: self.settings.guarded(p.ENERGY))
        for i in range(p.ENERGIES):
            self.energy.values[i] = i * 1000000 + 70000
        self.io = IO(self.model.MODULES, self.settings, self.model.MODULES_AT_ONCE)
        kept = bytearray(self.io.size)
        kept[:4] = b"\xfe\xff\xff\xff"  # the first counter
        self.io.restore(kept, 0)
        self.runtime = RunTime()
        self.runtime.preset(123456789)
        self.clock = Clock(lambda: not self.settings.guarded(p.STATE))
        self.clock.set(seconds(2026, 1, 1, 12, 30, 15))
        self.state = State(self.clock, self.settings, self.runtime, self.io)
        self.secondary = array("f", [0.5 * i for i in range(p.READINGS)])
        self.primary = array("f", [1.5 * i for i in range(p.READINGS)])
        self.fast = array("f", [-0.25 * i for i in range(p.FAST_READINGS)])
        self.presented = p.Presented(self.secondary)
        self.points.provide(p.PRESENTED, self.presented)
        self.points.provide(p.SECONDARY, p.ReadOnly(self.secondary))
        self.points.provide(p.PRIMARY, p.ReadOnly(self.primary))
        self.points.provide(p.FAST, p.ReadOnly(self.fast))
        self.points.provide(p.ENERGY, self.energy)
        self.settings.provide(self.points)
        self.points.provide(p.COMMAND, self.commands)
        self.points.provide(p.STATE, self.state)
        self.io.provide(self.points, {})
        self.points.provide(p.MAXIMUM, Maxima(), 2)
        self.harmonics = array("i", [3 * i for i in range(p.HARMONICS)])
        self.extremes = array("i", [-2 * i for i in range(2 * p.EXTREMES * p.EXTREME_FIELDS)])
        self.points.provide(p.HARMONIC, p.ReadOnly(self.harmonics), 7)
        self.points.provide(p.EXTREME, p.ReadOnly(self.extremes), 6)
        if modbus:
            self.registers = RegisterMap(self.model, self.points)
            self.slave = Slave(self.registers, p.SETTING + p.ADDRESS_1)
            self.slave_b = Slave(self.registers, p.SETTING + p.ADDRESS_2)

    def _present(self, offset):
        side = self.settings.get(p.BASIC_MODE) == 1
        if offset in self.io.follows:
            self.io.configure()
        self.presented.values = self.primary if side else self.secondary

    def snapshot(self):
        """All that a write may change."""
        io = self.io
        clock = [self.state.read(i) for i in range(p.SECOND + 1)]
        values = (
            [list(group.values) for group in self.settings.groups],
            list(self.energy.values),
            clock,
            self.runtime.value,
        )
        return values + (io.relays, list(io.counts), len(self.done))

    def _action(self, offset):
        return lambda: self.done.append(offset)

    def ask(self, *body):
        """The answer, as bytes without CRC, of the first slave to a request given as bytes without CRC."""
        frame = with_crc(bytes(body))
        n = self.slave.run(frame, len(frame), 0)
        answer = bytes(self.slave.answer[:n])
        assert not n or crc16(answer, n) == 0
        return answer[:-2]

    def read(self, address, count):
        """The words at `address`, or minus the exception code."""
        return words(self.ask(1, 3, address >> 8, address & 255, count >> 8, count & 255))

    def write(self, address, *values):
        """FC16: 0 or the exception code."""
        body = [1, 16, address >> 8, address & 255, 0, len(values), 2 * len(values)]
        for value in values:
            body += (value >> 8 & 255, value & 255)
        answer = self.ask(*body)
        if answer[1] & 0x80:
            assert len(answer) == 3
            return answer[2]
        assert answer == bytes(body[:6])
        return 0


def setting_registers(model):
    """Address, number of registers and row of SETTINGS of each setting that has a register."""
    rows = {p.SETTING + row[c.OFFSET]: row for row in model.SETTINGS}
    return [(address, count, rows[pid]) for address, count, _, pid in model.SETTING_REGISTERS]


def with_crc(body):
    crc = crc16(body, len(body))
    return body + bytes((crc & 255, crc >> 8))


def words(answer):
    if answer[1] & 0x80:
        return -answer[2]
    assert len(answer) == 3 + answer[2]
    return [answer[i] << 8 | answer[i + 1] for i in range(3, len(answer), 2)]
