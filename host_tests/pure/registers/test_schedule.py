"""Tariffs of a KW320 over Modbus: the block of its time-of-use tables, demands by tariff and their clears."""

from device.device_fakes import Plant
from meter.tables import Copy, meter

from fourquad import models
from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.points import billing as b

BLOCK = 0xD600
CLEARS = (0x103A, 0x103B, 0x103C, 0x103D)
# from 8:00 tariff 2, from 20:00 tariff 1
DAY = b"\x08\x00\x02\x14\x00\x01"


def words(data):
    data += b"\0" * (len(data) % 2)
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def write(plant, address, *values):
    """What a master gets: 0 or an exception code."""
    data = b"".join([bytes((value >> 8, value & 0xFF)) for value in values])
    return plant.device.registers.write(address, len(values), data, 0)


def read(plant, address, count):
    target = bytearray(2 * count)
    assert plant.device.registers.read(address, count, target, 0) == 0
    return words(target)


def table(plant, number):
    """A table as a master reads it."""
    assert write(plant, BLOCK + 1, number) == 0
    block = read(plant, BLOCK, 40)
    assert block[1] == number
    data = b"".join([bytes((word >> 8, word & 0xFF)) for word in block[3:]])
    assert data[block[2] :] == bytes(len(data) - block[2])
    return data[: block[2]]


def test_a_table_is_written_with_its_number_and_read_back():
    plant = Plant()
    assert table(plant, 0) == b"\0\0\1" and table(plant, 16) == b"\0"
    assert write(plant, BLOCK, 1, 3, len(DAY), *words(DAY)) == 0
    assert plant.setting(p.TOU_ON) == 1
    assert read(plant, BLOCK, 3) == [1, 3, len(DAY)]
    assert table(plant, 3) == DAY and table(plant, 2) == b"\0\0\1"
    # a year of 24 holidays is the longest there is
    year = bytes((26,)) + b"".join([bytes((1, day, 4)) for day in range(1, 25)])
    assert len(year) == 73 and write(plant, BLOCK + 1, 7, 73, *words(year)) == 0
    assert table(plant, 7) == year
    # each part of it can be read alone
    assert read(plant, BLOCK + 3, 2) == words(year)[:2] and read(plant, BLOCK + 39, 1) == [year[72] << 8]


def test_what_cannot_be_is_refused_whole():
    plant = Plant()
    assert write(plant, BLOCK, 2) == 3 and write(plant, BLOCK + 1, 17) == 3
    # the high byte counts
    assert write(plant, BLOCK, 0x0101) == 3 and write(plant, BLOCK + 1, 0x0103) == 3
    assert write(plant, BLOCK + 2, 0x0100 + len(DAY), *words(DAY)) == 3
    # more bytes than come; a part of a table; beyond the block
    assert write(plant, BLOCK + 2, 7, *words(DAY)) == 3
    assert write(plant, BLOCK + 3, 0x0102) == 2
    assert write(plant, BLOCK + 2, *[0] * 39) == 2
    assert write(plant, BLOCK + 39, 0, 0) == 2
    # a profile that does not ascend, with a number and a switch before it: nothing of it is taken
    assert write(plant, BLOCK, 1, 1, 6, *words(b"\x14\x00\x02\x08\x00\x01")) == 3
    assert plant.setting(p.TOU_ON) == 0 and read(plant, BLOCK + 1, 1) == [0]
    assert table(plant, 1) == b"\0\0\1"


def test_its_registers_are_no_points():
    plant = Plant()
    try:
        plant.points.read(p.SCHEDULE)
        raise AssertionError
    except KeyError:
        pass
    assert plant.points.check(p.SCHEDULE, 1) == p.UNKNOWN


def test_a_meter_without_tariffs_has_none():
    kw320 = models.load("kw320")
    one = meter(Copy(kw320, BILLING=Copy(kw320.BILLING, ("RATED",), RATES=1)))
    assert one.billing and not one.tables and one.points.check(p.SCHEDULE, 1) == p.UNKNOWN
    parts = [name for name in kw320.PARTS if name != "billing.billing"]
    assert not meter(Copy(kw320, PARTS=tuple(parts))).billing


def test_the_seal_closes_tables_and_switch_but_not_the_look_at_them():
    plant = Plant()
    plant.device.meter.settings.sealed = True
    assert write(plant, BLOCK, 1) == 4
    assert write(plant, BLOCK + 1, 0, len(DAY), *words(DAY)) == 4
    assert write(plant, BLOCK + 1, 4) == 0 and table(plant, 4) == b"\1\1\0"
    for clear in CLEARS + (0x103E,):
        assert write(plant, clear, 0x0A) == 4


def test_tables_are_kept():
    plant = Plant()
    assert write(plant, BLOCK, 1, 0, len(DAY), *words(DAY)) == 0
    plant.run(3000)
    plant.cut()
    assert table(plant, 0) == DAY and plant.setting(p.TOU_ON) == 1


def demand(plant, quantity, tariff):
    return plant.points.read(b.demand(b.DEMAND_MAXIMUM, quantity, tariff))


def full_day(plant):
    """All four tariffs, six hours each, a window of the fixed mode after the other: P of 1 kW and so on."""
    device = plant.device.meter
    plant.write(p.SETTING + p.DEMAND_MODE, 0)
    profile = b"".join([bytes((6 * i, 0, i + 1)) for i in range(4)])
    assert write(plant, BLOCK, 1, 0, len(profile), *words(profile)) == 0
    device.clock.set(seconds(2026, 3, 1, 0, 0, 0))
    billing = device.billing
    utc = device.clock.now
    for minute in range(24 * 60 + 1):
        device.clock.now = utc + 60 * minute
        # of the minute that has ended
        power = 1000 * (1 + (minute - 1) // 360) if minute else 0
        billing.quadrants.joules[b.ACTIVE_IMPORT] += 60 * power
        billing.quadrants.joules[b.APPARENT] += 60 * power
        billing.quadrants.span = 60000
        billing.book(device.clock.now, 0, 0)


def test_demands_by_tariff_and_their_clears():
    plant = Plant()
    full_day(plant)
    # 0.1 W; the currents have the total alone
    assert [demand(plant, b.ACTIVE_NET, t) for t in range(5)] == [40000, 10000, 20000, 30000, 40000]
    assert [demand(plant, b.APPARENT, t) for t in range(5)] == [40000, 10000, 20000, 30000, 40000]
    try:
        demand(plant, b.CURRENT_1, 1)
        raise AssertionError
    except KeyError:
        pass
    for i in range(4):
        assert write(plant, CLEARS[i], 0x0A) == 0
        left = [0 if t <= i else 10000 * (t + 1) for t in range(4)]
        assert [demand(plant, b.ACTIVE_NET, t) for t in range(1, 5)] == left
    assert demand(plant, b.ACTIVE_NET, 0) == 40000


def test_all_tariffs_at_once_and_values_that_do_nothing():
    plant = Plant()
    full_day(plant)
    assert write(plant, 0x103A, 0, 0, 0, 0, 0) == 0 and write(plant, 0x103E, 1) == 3
    assert demand(plant, b.ACTIVE_NET, 1) == 10000
    assert write(plant, 0x103E, 0x0A) == 0
    assert [demand(plant, b.ACTIVE_NET, t) for t in range(5)] == [40000, 0, 0, 0, 0]


def test_the_tariff_in_force_shows_on_the_panel():
    plant = Plant()
    menu, screen = plant.device.panel.menu, plant.device.panel.screen
    menu.draw(screen)
    assert screen.tariff == 0
    assert write(plant, BLOCK, 1, 0, len(DAY), *words(DAY)) == 0
    clock = plant.device.meter.clock
    for hour, tariff in ((7, 1), (8, 2), (19, 2), (20, 1)):
        clock.set(seconds(2026, 3, 1, hour, 0, 0))
        menu.draw(screen)
        assert screen.tariff == tariff
    assert write(plant, BLOCK, 0) == 0
    menu.draw(screen)
    assert screen.tariff == 0
