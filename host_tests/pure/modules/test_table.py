"""Which modules there are, what they have, and how many may be connected (manual 5.1, 6.3.5, 6.3.7)."""

from fourquad import points as p
from fourquad.meter.settings import Settings
from fourquad.models import a1000, kw320
from fourquad.modules.io import IO
from fourquad.points import columns as c
from fourquad.points import modules as m

# name: bit of 1036H, number for 101BH and 101CH, DI, relays, DO, AO, AI (first and last number, or None)
MANUAL = {
    "io11": (0, 1, (1, 6), (1, 2), None, None, None),
    "io12": (1, 4, (15, 20), (5, 6), None, None, None),
    "io21": (2, 2, (7, 10), None, (1, 2), (1, 2), None),
    "io22": (3, 5, (21, 24), None, (3, 4), (3, 4), None),
    "io31": (4, 3, (11, 14), (3, 4), None, None, (1, 2)),
    "io32": (5, 6, (25, 28), (7, 8), None, None, (3, 4)),
}
KINDS = (c.INPUTS, c.RELAYS, c.OUTPUTS, c.ANALOG_OUTPUTS, c.ANALOG_INPUTS)


def modules(*names):
    settings = Settings(kw320.SETTINGS)
    io = IO(kw320.MODULES, settings, kw320.MODULES_AT_ONCE, [0.0] * p.READINGS, kw320.AO_PARAMETERS)
    settings.on_change = lambda offset: io.configure()
    if names:
        io.connect(names)
    return io, settings


def test_the_table_is_the_manuals():
    assert len(kw320.MODULES) == len(MANUAL)
    for number, row in enumerate(kw320.MODULES, 1):
        bit, code, *kinds = MANUAL[row[c.NAME]]
        assert (row[c.BIT], number) == (bit, code)
        for k in range(len(KINDS)):
            first, count, setting = row[KINDS[k]]
            last = kinds[k]
            assert (first + 1, first + count) == last if last else (count, setting) == (0, None)


def test_the_first_module_is_there_unless_somebody_says_another():
    assert modules()[0].modules == 1
    for name, (bit, *_) in MANUAL.items():
        assert modules(name)[0].modules == 1 << bit
    io = modules("io11")[0]
    io.connect([])
    assert io.modules == 0


def test_three_modules_at_once_and_each_once():
    io = modules("io11", "io12", "io32")[0]
    assert io.modules == 0b100011
    for names in (["io11", "io12", "io21", "io31"], ["io11", "io11"], ["io33"], ["IO11"], [None], [1], [[]]):
        try:
            io.connect(names)
        except ValueError:
            continue
        raise AssertionError(names)
    # what was refused has changed nothing
    assert io.modules == 0b100011


def test_what_is_not_connected_reads_0_and_takes_nothing():
    for name, (_, _, *kinds) in MANUAL.items():
        io, _ = modules(name)
        io.set_inputs((1 << 28) - 1)
        for first, last, there in (
            (m.DI1, 28, kinds[0]),
            (m.RELAY1, 8, kinds[1]),
            (m.DO1, 4, kinds[2]),
            (m.AO1, 4, kinds[3]),
            (m.AI1, 4, kinds[4]),
        ):
            for n in range(1, last + 1):
                index = first + n - 1
                mine = there is not None and there[0] <= n <= there[1]
                assert io.online(index, 1) == mine, (name, index)
                if first == m.DI1:
                    assert io.read(index) == mine
                elif first == m.RELAY1:
                    assert io.check(index, 1) == (p.OK if mine else p.FORBIDDEN)
                else:
                    # AO1 of 4-20 mA starts at 4 mA
                    low = 819 * 20 / 4096 if mine and first == m.AO1 else 0
                    assert abs(io.read(index) - low) < 1e-6
                    assert io.check(index, 1) == p.READ_ONLY
        assert io.check(m.CLEAR_COUNTS + 1, 0) == p.UNKNOWN


def test_counts_are_kept_while_their_module_is_away():
    io, settings = modules("io31")
    settings.write(m.IO31_DI_TYPE, 0b1000)
    settings.write(m.IO31_DI_CONSTANT, 2)
    for _ in range(5):
        io.set_input(13, 1)
        io.set_input(13, 0)
    assert io.counts[13] == 2
    io.connect(["io11"])
    io.set_input(13, 1)
    assert io.counts[13] == 0 and io.inputs == 0
    assert io.check(m.CLEAR_COUNTS, 3) == p.FORBIDDEN
    image = bytearray(io.size)
    io.dump(image, 0)
    other, _ = modules("io11")
    other.restore(image, 0)
    for each in (io, other):
        each.connect(["io31"])
        assert each.counts[13] == 2
    # the fifth pulse waits for the sixth
    io.set_input(13, 1)
    assert io.counts[13] == 3
    assert io.check(m.CLEAR_COUNTS, 3) == p.OK
    io.write(m.CLEAR_COUNTS, 3)
    assert io.counts[13] == 0


def test_a_change_of_the_type_keeps_the_count_and_counts_no_edge():
    io, settings = modules()
    settings.write(m.IO11_DI_TYPE, 1)
    io.set_input(0, 1)
    assert io.counts[0] == 1
    settings.write(m.IO11_DI_TYPE, 0)
    io.set_input(0, 0)
    io.set_input(0, 1)
    assert io.counts[0] == 1
    settings.write(m.IO11_DI_TYPE, 1)
    assert io.counts[0] == 1
    # a constant below what has gathered: the next pulse is a count
    settings.write(m.IO11_DI_CONSTANT, 100)
    for _ in range(50):
        io.set_input(0, 0)
        io.set_input(0, 1)
    settings.write(m.IO11_DI_CONSTANT, 10)
    io.set_input(0, 0)
    io.set_input(0, 1)
    assert io.counts[0] == 2


def test_who_watches_hears_of_connected_inputs_once_for_all_that_change_together():
    io, settings = modules("io11", "io21")
    heard = []
    io.watch(lambda changed, now: heard.append((changed, now)))
    io.tick(1000)
    io.set_inputs(0b11_1111_1111, 1003)
    io.set_input(27, 1, 1004)  # not connected
    io.set_input(0, 1, 1005)  # as before
    io.set_input(0, 0)
    assert heard == [(0b11_1111_1111, 1003), (1, 1000)]
    io.begin(0)
    assert io.inputs == 0 and len(heard) == 2
    assert io.states == 0b11_1111_1111
    settings.write(m.IO21_DI_TYPE, 0b0101)
    assert io.states == 0b10_1011_1111


def test_a_meter_with_fewer_terminals_has_no_points_of_others():
    settings = Settings(a1000.SETTINGS)
    io = IO(a1000.MODULES, settings)
    points = p.Points()
    io.provide(points, {})
    for index, last in ((m.DI1, 28), (m.RELAY1, 8), (m.DO1, 4), (m.AI1, 4), (m.AO1, 4), (m.COUNT1, 28)):
        for i in range(last):
            there = index in (m.DI1, m.COUNT1) and i < 6
            try:
                assert points.read(p.MODULE + index + i) == 0 and there
            except KeyError:
                assert not there
    io.set_inputs(-1 & 0xFFFFFF)
    assert io.inputs == 0x3F and io.outputs == 0 and io.pulses is None
