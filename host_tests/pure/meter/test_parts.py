"""A meter has the parts that its model names; what others have costs it nothing."""

import sys

from meter.tables import Copy, meter, rows_without

from fourquad import models
from fourquad import points as p
from fourquad.events.log import EventLog
from fourquad.part import Part
from fourquad.points import columns as c
from fourquad.protocols.modbus.map import RegisterMap

EXTREMES = "registers.extremes"


def without(model, *parts):
    """The model without some of its parts."""
    return Copy(model, PARTS=tuple([name for name in model.PARTS if name not in parts]))


def has(meter, pid):
    try:
        meter.points.read(pid)
    except KeyError:
        return False
    return True


def second_slices(meter):
    """How many slices of work a second takes."""
    return len(meter.chain._second_slices)


def test_a_part_that_a_model_does_not_name_is_not_even_imported():
    module = "fourquad." + EXTREMES
    before = sys.modules.pop(module, None)
    a1000 = meter(models.load("a1000"))
    imported = module in sys.modules
    if before:
        sys.modules[module] = before
    assert not imported
    assert a1000.extremes is None and not has(a1000, p.EXTREME)
    kw320 = meter(models.load("kw320"))
    assert kw320.extremes and has(kw320, p.EXTREME)


def test_a_part_less_takes_its_slices_commands_and_bytes_with_it():
    kw320 = models.load("kw320")
    whole, less = meter(kw320), meter(without(kw320, EXTREMES, "registers.runtime"))
    assert second_slices(whole) - second_slices(less) == 5  # 25 extremes, 5 a slice
    # 12 bytes, and lengths are multiples of 8
    assert whole.dump_size - less.dump_size in (8, 16) and whole.dump_size % 8 == less.dump_size % 8 == 0
    assert p.CLEAR_MAX_MIN in whole.commands and p.CLEAR_MAX_MIN not in less.commands
    assert p.CLEAR_RUN_TIME in whole.commands and p.CLEAR_RUN_TIME not in less.commands
    assert has(whole, p.STATE + p.RUN_TIME) and not has(less, p.STATE + p.RUN_TIME)
    assert less.points.check(p.STATE + p.RUN_TIME, 5) == p.READ_ONLY
    # a command without a part is taken, without effect
    assert less.points.write(p.COMMAND + p.CLEAR_MAX_MIN, 1) == p.OK


def test_a_meter_of_no_parts_measures():
    one = meter(Copy(models.load("kw320"), PARTS=()))
    assert has(one, p.SECONDARY + p.V1) and has(one, p.STATE + p.MODULES)
    assert not any(has(one, pid) for pid in (p.ENERGY, p.MODULE, p.HARMONIC, p.DEMAND, p.EXTREME))
    one.gap(100)
    one.fault(4)
    one.close()
    assert one.points.read(p.STATE + p.GAPS) == 1 and not one.urgent()
    assert one.dump_size == 16 and one.restore(bytes(one.dump()))


class Counter(Part):
    """An engine of somebody else's."""

    name = "counter"
    follows = (p.CT1, p.PASSWORD)
    size = 4
    layout = ("a count",)
    wake = 500
    event_bit = 1

    def __init__(self):
        self.log = EventLog(3, 2)
        self.woken = []
        self.after_window = (self.look,)
        self.told = 0
        self.losses = 0
        self.windows = []
        self.window = lambda now, ticked: self.windows.append(now)
        self.after_booking = (self.note,)
        self.commands = None

    def note(self):
        """What is done each second."""

    def look(self):
        """What is done after each window."""

    def tick(self, now):
        self.woken.append(now)
        self.wake = now + 100

    def provide(self, points, commands):
        points.provide(p.EXTREME, p.ReadOnly([7]))
        commands[p.CLEAR_ALARMS] = self.clear

    def clear(self):
        self.told = -1

    def configure(self):
        self.told += 1

    def lost(self):
        self.losses += 1

    def dump(self, buffer, at):
        buffer[at] = 77
        return at + 4

    def restore(self, buffer, at):
        self.restored = buffer[at]
        return at + 4


class Module:
    """The module that PARTS names."""

    @staticmethod
    def make(meter):
        return Counter()


def with_counter():
    sys.modules["fourquad.counter"] = Module
    kw320 = models.load("kw320")
    parts = without(kw320, EXTREMES).PARTS + ("counter",)
    one = meter(Copy(kw320, PARTS=parts))
    del sys.modules["fourquad.counter"]
    return one


def test_an_engine_is_added_by_its_name_in_the_tables():
    one = with_counter()
    assert one.points.read(p.EXTREME) == 7
    told = one.counter.told
    # told of what it follows, and of nothing else
    for offset, value, times in ((p.CT1, 300, 1), (p.PT1, 5000, 0), (p.PASSWORD, 12, 1), (p.PASSWORD, 12, 0)):
        assert one.points.write(p.SETTING + offset, value) == p.OK
        told += times
        assert one.counter.told == told, offset
    assert one.points.write(p.COMMAND + p.CLEAR_ALARMS, 1) == p.OK
    assert one.counter.told == -1
    one.gap(10)
    assert one.counter.losses == 1
    assert one.counter.note in one.chain._second_slices
    one.chain.on_window(1234)
    assert one.counter.windows == [1234]
    assert one.counter.look in one.chain._fast_slices


def test_a_part_is_woken_when_its_time_has_come():
    one = with_counter()
    for now in range(400, 800, 10):
        one.chain.on_idle(now)
    assert one.counter.woken == [500, 600, 700]


def test_a_log_of_a_part_has_its_bit_and_its_number_in_the_status():
    one = with_counter()
    status, number = p.STATE + p.SYSTEM_STATUS, p.STATE + p.SOE_NUMBER
    points = one.points
    assert (points.read(status), points.read(number), points.read(p.STATE + p.ALARM_NUMBER)) == (0, 0, 0)
    for _ in range(2):
        one.counter.log.add()
    assert (points.read(status), points.read(number), points.read(p.STATE + p.ALARM_NUMBER)) == (2, 2, 0)
    # a bit that is written as 1 stays, the number takes what it has, and 0, without effect
    assert points.write(status, 3) == p.OK and points.read(status) == 2
    assert points.write(status, 4) == p.RANGE and points.write(number, 1) == p.RANGE
    assert points.write(number, 2) == p.OK and points.write(number, 0) == p.OK and points.read(number) == 2
    assert points.write(status, 1) == p.OK and points.read(status) == 0


def test_the_image_of_a_part_is_its_own_and_nobody_elses():
    one, plain = with_counter(), meter(without(models.load("kw320"), EXTREMES))
    payload = bytes(one.dump())
    other = with_counter()
    assert other.restore(payload) and other.counter.restored == 77
    assert not plain.restore(payload)
    assert not one.restore(bytes(plain.dump()))


RATIOS = (p.PT1, p.PT2, p.CT1, p.CT2)


def bare():
    """A KW320 without ratios, side of the readings and commands."""
    kw320 = models.load("kw320")
    rows = rows_without(kw320.SETTINGS, RATIOS + (p.BASIC_MODE,))
    return Copy(kw320, ("CT2_COUNTS", "COMMANDS", "LIMITS", "SEALS", "GUARDS"), SETTINGS=rows)


def test_a_model_without_ratios_and_commands_starts_and_reads_ratios_of_one():
    one = meter(bare())
    assert one.readings.voltage_ratio == one.readings.current_ratio == 1
    assert one.points.check(p.COMMAND + p.CLEAR_ENERGY, 1) == p.UNKNOWN
    one.settings.sealed = True
    assert one.points.check(p.ENERGY, 1) == p.OK
    one.settings.sealed = False
    # a count of 0.1 kWh or 1 Wh, with nothing between primary and secondary
    unit = one.energy.per_count
    assert one.points.write(p.SETTING + p.ENERGY_SIDE, 1) == p.OK
    one.chain.configure()
    assert abs(unit - 100 * one.energy.per_count) <= 100


def test_a_model_without_a_side_of_the_readings_serves_the_secondary_ones():
    model = bare()
    gone = [p.SETTING + offset for offset in RATIOS + (p.BASIC_MODE,)]
    rows = [
        (a, n, "hole", 0) if point in gone else (a, n, k, point) for a, n, k, point in model.SETTING_REGISTERS
    ]
    rows += [(row[c.ADDRESS], 1, "hole", 0) for row in model.COMMAND_REGISTERS]
    one = meter(Copy(model, SETTING_REGISTERS=tuple(rows), COMMAND_REGISTERS=()))
    one.readings.secondary[p.V1] = 230.5
    one.readings.primary[p.V1] = 1.0
    answer = bytearray(4)
    at = [a for a, _, kind, point in model.REGIONS if kind == "float" and point == p.PRESENTED]
    assert at and RegisterMap(one.model, one.points).read(at[0] + 2 * p.V1, 2, answer, 0) == 0
    # 230.5 as IEEE 754
    assert answer == bytes((0x43, 0x66, 0x80, 0))
