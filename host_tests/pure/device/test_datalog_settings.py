"""Settings of the data logs: what is refused, what erases a log, what is told of a wrong list."""

from datalog_bench import VOLTS, Bench
from log_master import words
from protocols.random16 import Random, mutated

from fourquad.events.log_settings import LogSettings, allowed
from fourquad.points import datalogs as g

LOGS = (0x1100, 0x11C0, 0x1280)


def _recording(count=3):
    """Three logs with some records each."""
    bench = Bench()
    for log in range(3):
        assert bench.set_up(log, VOLTS[: 2 * log + 2], sectors=10 + log) == 0
    bench.settle()
    bench.run(count)
    assert _used(bench) == [count] * 3
    return bench


def _used(bench):
    return [bench.masters[0].status(log)[1] for log in range(3)]


def test_ranges():
    bench = Bench()
    master = bench.masters[0]
    # place, values that are taken, values that are not
    cases = (
        (0, (0x0000, 0x7500, 0x0064, 0x7564), (0x7600, 0x0065, 0xFFFF, 0x8000)),
        (1, (0, 1, 1440), (1441, 0xFFFF)),
        (2, (0, 0x4002, 0x1234, 0xFFFF), ()),
        (118, (0, 0x4002, 0x1234, 0xFFFF), ()),
        (119, (0, 0x0202, 0xFFFF), ()),
        (177, (0, 0x0100), ()),
        (178, (0, 1, 2), (3, 0x0100)),
        (179, (0, 0x1A0C, 0x6301), (0x1A0D, 0x6401)),  # year and month
        (180, (0, 0x1F17), (0x2000, 0x0118)),  # day and hour
        (181, (0, 0x3B3B), (0x3C00, 0x003C)),  # minute and second
        (182, (0x1A0C,), (0x1A0D,)),
        (183, (0x1F17,), (0x0118,)),
        (184, (0x3B3B,), (0x003C,)),
        (185, (0,), (1,)),
        (191, (0,), (1, 0xFFFF)),
    )
    for base in LOGS:
        for place, good, bad in cases:
            for word in good:
                assert master.write(base + place, word) == 0, (place, word)
                assert master.read(base + place, 1) == words(word)
            for word in bad:
                assert master.write(base + place, word) == 3, (place, word)
                assert master.read(base + place, 1) == words(good[-1])
            assert master.write(base + place, 0) == 0


def test_a_write_is_taken_whole_or_not_at_all_and_stays_within_a_log():
    bench = Bench()
    master = bench.masters[0]
    assert master.write(0x1100, 0x060A, 1, 0x4002, 0x4003) == 0
    assert master.write(0x1100, 0x0514, 1441) == 3
    assert master.write(0x11B0, 0, 0, 3) == 3
    assert master.read(0x1100, 4) == words(0x060A, 1, 0x4002, 0x4003)
    for address in (0x11BF, 0x127F):
        assert master.write(address, 0, 0) == 2
        assert master.write(address, 0) == 0
    assert master.write(0x133F, 0, 0) == 2 and master.write(0x10FF, 0) == 2
    # a read may go over all three
    assert len(master.read(0x1180, 125)) == 250 and master.read(0x12C4, 125) == b"\2"
    assert master.write(0x6100, 0) == 2


def test_all_logs_together_have_a_hundred_sectors():
    bench = Bench()
    master = bench.masters[0]
    assert master.write(0x1100, 0x063C) == 0
    assert master.write(0x11C0, 0x0629) == 3 and master.read(0x11C0, 1) == words(0)
    assert master.write(0x11C0, 0x0628) == 0
    assert master.write(0x1280, 0x0601) == 3
    assert master.write(0x1100, 0x063B) == 0 and master.write(0x1280, 0x0601) == 0
    assert master.write(0x1100, 0x063C) == 3
    # of points it is the same
    points = bench.points
    assert points.write(3072 + 1024, 0x063C) == 1 and points.read(3072 + 1024) == 0x063B


def test_writing_what_is_there_erases_nothing():
    bench = _recording()
    master = bench.masters[0]
    writes = bench.files.writes
    for first in range(0x1100, 0x1340, 64):
        data = master.read(first, 64)
        values = [data[i] << 8 | data[i + 1] for i in range(0, 128, 2)]
        assert master.write(first, *values) == 0
        bench.settle()
    assert _used(bench) == [3] * 3
    bench.boot()
    assert _used(bench) == [3] * 3 and bench.files.writes == writes


def test_a_change_erases_its_own_log_only():
    # of any of the settings
    for place, word in ((1, 2), (2, 0x4000), (80, 1), (119, 0x0101), (150, 1), (178, 1), (181, 0x0100)):
        bench = _recording()
        master = bench.masters[0]
        assert master.write(0x11C0 + place, word) == 0
        assert _used(bench) == [3, 0, 3] and master.status(1)[0] == 0
        assert master.state() == 0xAA
        bench.settle()
        assert _used(bench) == [3, 0, 3]
        # back to what it was: what was erased stays so
        bench.set_up(1, VOLTS[:4], sectors=11)
        master.write(0x11C0 + 181, 0)
        master.write(0x11C0 + 80, 0)
        bench.settle()
        assert _used(bench) == [3, 0, 3] and master.state() == 0xBB
        bench.run(2)
        assert _used(bench) == [5, 2, 5]


def test_states_after_a_change():
    bench = Bench()
    master = bench.masters[0]
    assert master.state() == 0xFF
    bench.set_up()
    assert master.state() == 0xAA
    bench.save()
    (store,) = bench.stores
    assert store.tick(0) and not store.tick(0)
    # the first sector is still to be erased
    assert master.state() == 0xAA and store.due
    bench.serve()
    assert master.state() == 0xBB
    # until somebody asks for records
    assert master.write(0x6000, 0, 0x0A00, 0, 0) == 0 and master.state() == 0xFF
    bench.run(1)
    assert master.write(0x6000, 0, 0x0A00, 0, 0) == 0 and master.state() == 0x0B
    # nor does another master hear of the change from then on
    assert bench.masters[1].state() == 0x0B


def test_a_wrong_list_is_told_and_the_log_is_idle():
    wrong = (
        ((0x3FFF, 0x4000), (1, 1)),
        ((0x412C,), (1,)),
        ((0x4002, 0x1000), (1, 1)),
        ((0x4002, 0xFFFF), (1, 1)),
        ((0x4002, 0x4003), (1,)),
        ((0x4002, 0x4003), (3,)),
        ((0x4002, 0x4003, 0x4004), (2, 2)),
        ((0x4002, 0x4004), (2,)),
        ((0x4003, 0x4002), (2,)),
    )
    for registers, sizes in wrong:
        bench = Bench()
        master = bench.masters[0]
        assert bench.set_up(1, registers, sizes=sizes) == 0
        bench.settle()
        assert master.state() == 0xC2, (registers, sizes)
        bench.run(2)
        assert master.status(1)[:2] == (0, 0)
        assert bench.set_up(2, registers, sizes=sizes) == 0
        bench.settle()
        assert master.state() == 0xC6
        # a log that is in order is not kept from being read
        assert bench.set_up(0) == 0
        bench.settle()
        bench.run(1)
        assert master.state() == 0xC6
        assert master.window(0, 1, 0)[0] == 0x0B and master.window(1, 1, 0)[0] == 0xC6
        assert bench.set_up(1) == 0 and bench.set_up(2) == 0
        bench.settle()
        assert master.state() == 0xBB
        bench.run(1)
        assert _used(bench) == [2, 1, 1]


def test_lists_that_are_right():
    right = (
        ((0x4000, 0x412B), (1, 1)),
        ((0x412A, 0x412B, 0x4294, 0x42A8, 0x4349, 0x4398), (2, 1, 1, 1, 1)),
        ((0x4500, 0x461B, 0x4620, 0x463D), (1, 1, 1, 1)),
        ((0x4003, 0x4002), (1, 1)),  # halves of a value, which is what registers they are
        ((0x4002, 0x4003, 0x4002, 0x4003), (2, 2)),
        ((0x4048,) * 117, (1,) * 117),
        (tuple(range(0x4000, 0x4000 + 117)), (2,) * 58 + (1,)),
    )
    for registers, sizes in right:
        bench = Bench()
        assert bench.set_up(0, registers, sizes=sizes) == 0
        bench.settle()
        assert bench.masters[0].state() == 0xBB, registers
        bench.run(1)
        assert bench.masters[0].status(0)[1:3] == (1, 12 + 2 * len(registers))


def test_a_log_is_off_without_registers_sectors_or_interval():
    for head, interval in ((0x060A, 0), (0x000A, 1), (0x0600, 1)):
        bench = Bench()
        master = bench.masters[0]
        assert bench.set_up(0) == 0 and master.write(0x1100, head, interval) == 0
        bench.settle()
        bench.run(2)
        size = 12 + 2 * (head >> 8)
        assert master.status(0) == (0, 0, size, b"\0" * 6, b"\0" * 6)
        assert master.window(0, 10, 0) == (0xFF, b"\0" * 246)
    # and its list is nobody's concern
    assert bench.set_up(1, (1, 2, 3), interval=0) == 0
    bench.settle()
    assert master.window(1, 1, 0)[0] == 0xFF


def _settings():
    return LogSettings(0, ((0x4000, 0x412B),), None, None)


def test_whatever_a_file_holds_is_taken_or_left():
    rng = Random(12)
    settings = _settings()
    for i in range(g.WORDS):
        settings.words[i] = (0x060A, 1, 0x4002, 0x4003)[i] if i < 4 else 0x0101 if 119 <= i < 185 else 0
    settings.words[178] = 1
    settings.tag = 0xFFFFFFFF
    whole = bytes(settings.dump())
    again = _settings()
    again.load(whole)
    assert again.words == settings.words and again.tag == settings.tag
    for _ in range(3000):
        damaged = _settings()
        data = mutated(rng, whole, 9)
        damaged.load(data)
        assert all(allowed(i, damaged.words[i]) for i in range(g.WORDS))
        assert 0 <= damaged.tag <= 0xFFFFFFFF
        assert damaged.enabled in (True, False)
        if damaged.enabled:
            damaged.runs()
            damaged.due(13675740)
    for size in range(5):
        _settings().load(b"\xff" * size)
    _settings().load(b"\1" * 1000)


def test_capacity_is_the_manuals_where_there_is_room():
    # sectors of 64 KB are as many records as fit into each
    bench = Bench(sectors=160)
    for sectors, registers in ((1, 6), (3, 67), (7, 117), (5, 1)):
        assert bench.set_up(0, tuple(range(0x4000, 0x4000 + registers)), sectors=sectors) == 0
        bench.settle()
        assert bench.masters[0].status(0)[0] == sectors * (65536 // (12 + 2 * registers))
    # else what there is: two units of a ring are never full
    bench = Bench(sectors=8)
    assert bench.set_up(0, sectors=100) == 0
    bench.settle()
    assert bench.masters[0].status(0)[0] == 6 * ((4096 - 32) // 24)
