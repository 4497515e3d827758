"""A small fake meter behind points, for the tests of Modbus."""

from array import array

from fourquad import models
from fourquad import points as p
from fourquad.protocols.crc import crc16
from fourquad.protocols.modbus.registers import RegisterMap
from fourquad.protocols.modbus.slave import Slave

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Settings:
    """Keeps its values in the order of the rows, as fourquad.settings does."""

    def __init__(self, rows, state):
        self.rows = [None] * 64
        self.places = [None] * 64
        self.values = array("i", [row[3] for row in rows])
        self.state = state
        for i, row in enumerate(rows):
            self.rows[row[0]] = row
            self.places[row[0]] = i

    def get(self, offset):
        return self.values[self.places[offset]]

    def put(self, offset, value):
        self.values[self.places[offset]] = value

    read = get

    def check(self, index, value):
        row = self.rows[index]
        if row is None:
            return p.UNKNOWN
        if row[6] is not None and value not in row[6]:
            return p.RANGE
        if not row[4] <= value <= row[5]:
            return p.RANGE
        return p.FORBIDDEN if self.sealed(row[7]) else p.OK

    def sealed(self, seal):
        if self.state.values[p.SEAL_STATE] != 10:
            return False
        return seal == 1 or bool(seal >> 1 & self.values[p.SEAL_OPTIONS])

    def closed(self, seal):
        return self.sealed(seal)

    def write(self, index, value):
        self.put(index, value)
        return p.OK


class Commands:
    def __init__(self, rows, settings):
        self.seals = [None] * 64
        self.settings = settings
        self.done = []
        for row in rows:
            self.seals[row[0]] = row[4]

    def read(self, index):
        return 0

    def check(self, index, value):
        if self.seals[index] is None:
            return p.UNKNOWN
        if value not in (0, 1):
            return p.RANGE
        return p.FORBIDDEN if self.settings.sealed(self.seals[index]) else p.OK

    def write(self, index, value):
        if value:
            self.done.append(index)
        return p.OK


class State:
    """Clock, run time and status; the fields of the clock change together. Keeps no array on offer."""

    def __init__(self):
        self.data = [0] * 64
        self.data[:10] = (4, 2026, 1, 1, 12, 30, 15, 123456789, 0, 0)
        self.data[p.MODULES] = 1

    class _Values:
        def __init__(self, data):
            self.data = data

        def __getitem__(self, i):
            return self.data[i]

    @property
    def values(self):
        return self._Values(self.data)

    def read(self, index):
        return self.data[index]

    def check(self, index, value):
        return p.READ_ONLY

    def write(self, index, value):
        return p.READ_ONLY

    def check_set(self, indexes, values, first, count):
        if count == 1 and indexes[first] == p.RUN_TIME:
            return p.OK if 0 <= values[first] <= 999999999 else p.RANGE
        fields = self.data[: p.SECOND + 1]
        for i in range(first, first + count):
            if indexes[i] > p.SECOND:
                return p.READ_ONLY
            fields[indexes[i]] = values[i]
        weekday, year, month, day, hour, minute, second = fields
        if not (weekday <= 6 and 2000 <= year <= 2099 and 1 <= month <= 12):
            return p.RANGE
        leap = 1 if month == 2 and year % 4 == 0 else 0
        if not (1 <= day <= _DAYS[month - 1] + leap and hour <= 23 and minute <= 59 and second <= 59):
            return p.RANGE
        return p.OK

    def write_set(self, indexes, values, first, count):
        for i in range(first, first + count):
            self.data[indexes[i]] = values[i]
        return p.OK


class Energy:
    def __init__(self):
        self.values = array("i", [i * 1000000 + 70000 for i in range(p.ENERGIES)])
        self.sealed = False

    def read(self, index):
        return self.values[index]

    def check(self, index, value):
        low = -999999999 if index in (p.EP_NET, p.EQ_NET) else 0
        if not low <= value <= 999999999:
            return p.RANGE
        return p.FORBIDDEN if self.sealed else p.OK

    def write(self, index, value):
        self.values[index] = value
        return p.OK


class Pins:
    def __init__(self):
        self.data = [0] * 64
        self.data[p.DI1_COUNT] = 0xFFFFFFFE

    def read(self, index):
        return self.data[index]

    def check(self, index, value):
        if not p.RELAY1 <= index < p.RELAY1 + 8:
            return p.READ_ONLY
        return p.OK if index < p.RELAY1 + 2 else p.FORBIDDEN

    def write(self, index, value):
        self.data[index] = value
        return p.OK


class Maxima:
    """Maximum demands: each point is its index."""

    def read(self, index):
        return index

    def check(self, index, value):
        return p.READ_ONLY

    write = check


class FakeMeter:
    """Points of a KW320 with IO11; readings are 1.5 * id on the primary, 0.5 * id on the secondary side."""

    def __init__(self):
        self.model = models.load("kw320")
        self.points = p.Points()
        self.state = State()
        self.settings = Settings(models.settings(self.model), self.state)
        self.commands = Commands(self.model.COMMANDS, self.settings)
        self.energy = Energy()
        self.pins = Pins()
        self.secondary = array("f", [0.5 * i for i in range(p.READINGS)])
        self.primary = array("f", [1.5 * i for i in range(p.READINGS)])
        self.fast = array("f", [-0.25 * i for i in range(p.FAST_READINGS)])
        self.points.provide(p.SECONDARY, p.ReadOnly(self.secondary))
        self.points.provide(p.PRIMARY, p.ReadOnly(self.primary))
        self.points.provide(p.FAST, p.ReadOnly(self.fast))
        self.points.provide(p.ENERGY, self.energy)
        self.points.provide(p.SETTING, self.settings, 2)
        self.points.provide(p.COMMAND, self.commands)
        self.points.provide(p.STATE, self.state)
        self.points.provide(p.IO, self.pins)
        self.points.provide(p.MAXIMUM, Maxima(), 2)
        self.harmonics = array("i", [3 * i for i in range(p.HARMONICS)])
        self.extremes = array("i", [-2 * i for i in range(2 * p.EXTREMES * p.EXTREME_FIELDS)])
        self.points.provide(p.HARMONIC, p.ReadOnly(self.harmonics), 7)
        self.points.provide(p.EXTREME, p.ReadOnly(self.extremes), 6)
        self.registers = RegisterMap(self.model, self.points)
        self.slave = Slave(self.registers, p.SETTING + p.ADDRESS_1)
        self.slave_b = Slave(self.registers, p.SETTING + p.ADDRESS_2)

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


def with_crc(body):
    crc = crc16(body, len(body))
    return body + bytes((crc & 255, crc >> 8))


def words(answer):
    if answer[1] & 0x80:
        return -answer[2]
    assert len(answer) == 3 + answer[2]
    return [answer[i] << 8 | answer[i + 1] for i in range(3, len(answer), 2)]
