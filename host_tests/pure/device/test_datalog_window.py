"""The window of the data logs: several masters at once, new records, erased sectors, ends, damage."""

from datalog_bench import VOLTS, Bench, value
from log_master import crc16, number, records, words
from records.ring_records import refuses

from fourquad import points as p

WIDE = tuple(range(0x4000, 0x4000 + 117))  # 246 bytes a record, 16 in a sector


def _bench(minutes, log=0, registers=VOLTS, sectors=8):
    bench = Bench(sectors=sectors)
    assert bench.set_up(log, registers) == 0
    bench.settle()
    bench.run(minutes)
    return bench


def _data(registers, minute):
    return b"".join([words(value(a, minute)) for a in registers])


def test_any_number_of_records_from_any_offset():
    bench = _bench(40)
    master, first = bench.masters[0], bench.minute - 39
    for offset in range(45):
        for count in range(1, 11):
            state, data = master.window(0, count, offset)
            there = min(count, 40 - offset)
            if there <= 0:
                assert state == 0xFF and data == b"\0" * 246
                continue
            assert state == 0x0B
            for i, (shown, _, registers) in enumerate(records(data, 24, there)):
                assert shown == offset + i + 1
                assert registers == _data(VOLTS, first + offset + i)
    for offset in (0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        assert master.window(0, 1, offset) == (0xFF, b"\0" * 246)
        assert master.read(0x6002, 2) == words(offset >> 16, offset & 0xFFFF)


def test_how_many_fit():
    bench = _bench(1)
    master = bench.masters[0]
    for log, registers, most in ((0, 6, 10), (1, 117, 1), (2, 1, 17), (0, 8, 8), (1, 55, 2)):
        assert bench.set_up(log, WIDE[:registers]) == 0
        for count, why in ((0, 3), (1, 0), (most, 0), (most + 1, 3), (255, 3)):
            assert master.write(0x6000, log << 8, count << 8 | 0x0B) == why, (registers, count)
    # one that fitted into a record of another log is cut to what there is room for
    bench.settle()
    bench.run(20)
    assert master.window(2, 17, 0)[0] == 0x0B
    assert master.write(0x6000, 0x0100) == 0
    assert master.read(0x6000, 2) == words(0x0100, 0x110B)
    assert len(records(master.read(0x6004, 123), 12 + 110, 2)) == 2


def test_a_window_is_read_in_pieces_and_with_its_header():
    bench = _bench(10)
    master = bench.masters[0]
    _, data = master.window(0, 10, 0)
    assert master.read(0x6000, 125)[8:] == data[:242]
    assert master.read(0x6001, 123) == words(0x0A0B, 0, 0) + data[:240]
    assert b"".join([master.read(0x6004 + i, 1) for i in range(123)]) == data
    assert master.read(0x6003, 124) == words(0) + data
    assert master.read(0x6004, 124) == b"\2" and master.read(0x5FFF, 2) == b"\2"
    # reading moves nothing
    assert master.read(0x6000, 4) == words(0, 0x0A0B, 0, 0)


def test_masters_do_not_disturb_each_other():
    bench = Bench(sectors=8)
    for log, count in ((0, 6), (1, 2), (2, 40)):
        assert bench.set_up(log, WIDE[:count]) == 0
    bench.settle()
    bench.run(60)
    first = bench.minute - 59
    sizes = (24, 16, 92)
    wanted = ((0, 3, 7), (1, 15, 0), (2, 2, 50), (0, 10, 30))
    asking = [(bench.masters[i], wanted[i]) for i in range(4)]
    for master, (log, count, offset) in asking:
        assert master.write(0x6000, log << 8, count << 8, 0, offset) == 0
    for _ in range(3):
        for master, (log, count, offset) in asking:
            assert master.read(0x6000, 4) == words(log << 8, count << 8 | 0x0B, 0, offset)
            found = records(master.read(0x6004, 123), sizes[log], count)
            width = (6, 2, 40)[log]
            for i in range(count):
                assert found[i][2] == _data(WIDE[:width], first + offset + i)
        bench.run(1)


def test_the_master_that_asked_least_is_forgotten():
    bench = _bench(10)
    old = bench.masters[0]
    assert old.window(0, 1, 5)[0] == 0x0B
    for master in bench.masters[1:5]:
        assert master.window(0, 1, 2)[0] == 0x0B
    # it goes on with what the last one asked for, and sees that in the header
    assert old.read(0x6000, 4) == words(0, 0x010B, 0, 2)
    assert old.read(0x6004, 123) == bench.masters[4].read(0x6004, 123)
    assert old.window(0, 1, 5)[0] == 0x0B


def test_a_master_that_connects_anew_goes_on():
    bench = _bench(10)
    assert bench.masters[0].write(0x6000, 0, 0x0300, 0, 4) == 0
    assert bench.masters[1].state() == 0x0B
    assert [n for n, _, _ in records(bench.masters[2].read(0x6004, 123), 24, 3)] == [5, 6, 7]
    assert bench.masters[3].write(0x6003, 7) == 0
    assert [n for n, _, _ in records(bench.masters[3].read(0x6004, 123), 24, 3)] == [8, 9, 10]
    # and those before it stay where they were
    assert [n for n, _, _ in records(bench.masters[2].read(0x6004, 123), 24, 3)] == [5, 6, 7]


def test_a_change_of_settings_is_told_to_who_made_it_and_others_read_on():
    bench = _bench(10)
    assert bench.set_up(1) == 0
    bench.settle()
    tool, first, second = bench.masters[:3]
    bench.run(3)
    assert first.window(0, 3, 2)[0] == 0x0B and second.window(1, 2, 0)[0] == 0x0B
    assert tool.write(0x11C1, 2) == 0
    assert tool.state() == 0xAA and first.state() == 0x0B and second.state() == 0xAA
    assert [n for n, _, _ in records(first.read(0x6004, 123), 24, 3)] == [3, 4, 5]
    assert second.read(0x6004, 123) == b"\0" * 246
    bench.settle()
    assert tool.state() == 0xBB and first.state() == 0x0B and second.state() == 0xFF
    bench.run(6)
    # nothing of the new log in a window of the old one
    assert second.state() == 0xFF and second.read(0x6004, 123) == b"\0" * 246
    assert second.window(1, 1, 0)[0] == 0x0B and tool.state() == 0xBB


def test_new_records_shift_nothing_and_can_be_read():
    bench = _bench(5)
    master, first = bench.masters[0], bench.minute - 4
    for offset in range(30):
        state, data = master.window(0, 1, offset)
        assert state == 0x0B
        shown, _, registers = records(data, 24, 1)[0]
        assert shown == offset + 1 and registers == _data(VOLTS, first + offset)
        bench.run(1)


def test_an_erased_sector_shifts_nothing_until_the_master_is_told():
    bench = _bench(0, registers=WIDE)
    master, other = bench.masters[:2]
    most = master.status(0)[0]
    assert most == 6 * 16
    bench.run(most)
    first = bench.minute - most + 1
    assert master.status(0)[1] == most
    assert master.window(0, 1, 40)[1][10:-2] == _data(WIDE, first + 40)
    bench.run(1)
    # the oldest sector's 16 are gone
    assert other.status(0)[1] == most - 15
    # for who does not know that, offset 40 is what it was
    assert master.window(0, 1, 40)[1][10:-2] == _data(WIDE, first + 40)
    assert number(master.window(0, 1, 40)[1][:4]) == 41
    # new ones come after the others
    assert master.window(0, 1, most)[1][10:-2] == _data(WIDE, first + most)
    assert other.window(0, 1, 0)[1][10:-2] == _data(WIDE, first + 16)
    bench.run(60)
    # what is gone is not ready, with nothing in the window; what is left can be read
    assert master.window(0, 1, 3) == (0xFF, b"\0" * 246)
    assert master.window(0, 1, 90)[1][10:-2] == _data(WIDE, first + 90)
    # who reads how many there are subtracts what they fell by, as the manual says
    used = master.status(0)[1]
    gone = most + 61 - used
    assert gone % 16 == 0
    assert master.window(0, 1, 90 - gone)[1][10:-2] == _data(WIDE, first + 90)
    # offset 0 is the oldest record again whenever it is asked for
    bench.run(80)
    state, data = other.window(0, 1, 0)
    assert state == 0x0B and data[10:-2] == _data(WIDE, bench.minute - other.status(0)[1] + 1)


def test_a_reader_that_counts_on_gets_each_record_once_while_sectors_go():
    bench = _bench(0, registers=WIDE)
    master = bench.masters[0]
    bench.run(master.status(0)[0])
    first = bench.minute - master.status(0)[1] + 1
    for offset in range(200):
        state, data = master.window(0, 1, offset)
        assert state == 0x0B and data[10:-2] == _data(WIDE, first + offset)
        bench.run(1)


def test_a_window_survives_the_reset_of_another_log_only():
    bench = _bench(5)
    master = bench.masters[0]
    assert bench.set_up(1) == 0
    bench.settle()
    assert master.window(0, 5, 0)[0] == 0x0B
    assert bench.set_up(1, interval=2) == 0
    assert master.window(0, 5, 0)[0] == 0x0B
    assert bench.set_up(0, interval=2) == 0
    assert master.state() == 0xAA
    assert master.write(0x6000, 0, 0x0500, 0, 0) == 0
    assert master.state() == 0xAA and master.read(0x6004, 123) == b"\0" * 246
    bench.settle()
    assert master.state() == 0xFF
    bench.run(2)
    # the window is as it was when it was asked for
    assert master.state() == 0xFF and master.window(0, 5, 0)[0] == 0x0B
    assert len(records(master.read(0x6004, 123), 24, 1)) == 1


def test_a_record_that_flash_has_lost_is_seen():
    bench = _bench(20)
    master = bench.masters[0]
    _, whole = master.window(0, 10, 0)
    flash = bench.flash
    # a bit of the registers of the fifth record
    at = flash.image.find(whole[4 * 24 + 10 : 4 * 24 + 22])
    flash.image[at] ^= flash.image[at] & -flash.image[at]
    state, data = master.window(0, 10, 0)
    assert state == 0x0B
    for i in range(10):
        one = data[24 * i : 24 * i + 24]
        good = crc16(one[:-2]) == one[-2] | one[-1] << 8
        assert good == (i != 4) and number(one[:4]) == i + 1
        assert good or one[4:-2] == b"\0" * 18
        assert not good or one == whole[24 * i : 24 * i + 24]
    assert master.status(0)[1] == 20


def test_registers_are_points_too():
    bench = _bench(3)
    points = bench.points
    assert bench.masters[0].window(0, 3, 0)[0] == 0x0B
    for address, base, count in ((0x6000, p.LOG, 127), (0x6100, p.LOG + 128, 12), (0x6300, p.LOG + 160, 12)):
        data = bench.masters[0].read(address, min(count, 125))
        read = [points.read(base + i) for i in range(count)]
        assert words(*read[:125]) == data
        assert points.write(base, 0) == p.READ_ONLY
        assert refuses(KeyError, points.read, base + count)
    base = p.SETTING + p.GROUP_LOGS
    assert [points.read(base + i) for i in range(576)] == [
        number(bench.masters[0].read(0x1100 + i, 1)) for i in range(576)
    ]
    assert points.check(base + 1, 0) == p.OK and points.check(base + 576, 0) == p.UNKNOWN
    assert refuses(KeyError, points.read, base + 576)
    assert points.check(base, 0x060A) == p.OK and points.check(base + 1, 1441) == p.RANGE
    assert points.write(base + 1, -1) == points.write(base + 1, 0x10000) == p.RANGE
    assert points.write(base + 1, 7) == p.OK and bench.masters[0].read(0x1101, 1) == words(7)
