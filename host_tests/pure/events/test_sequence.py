"""The sequence of events: what makes a record, what is in it, and power cuts at every flash operation."""

from modules.test_table import modules
from records.cut_flash import SHAPES, Cut, CutFlash

from fourquad import points as p
from fourquad import ticks
from fourquad.calendar.clock import Clock, seconds
from fourquad.device import event_store
from fourquad.events.sequence import Sequence
from fourquad.meter.state import State
from fourquad.points import modules as m

NOON = seconds(2026, 5, 6, 12, 0, 0)
SECTORS = 4


class Meter:
    """What a store wants of one."""

    faults = 0

    def mark(self, *layout):
        return 77

    def fault(self, bit):
        self.faults += 1


class Bench:
    """Modules whose sequence of events is kept in `flash`."""

    def __init__(self, *names, module=1, flash=None):
        self.io, self.settings = modules(*names)
        self.clock = Clock()
        self.clock.set(NOON)
        self.clock.tick(0)
        self.part = Sequence(self.settings, self.clock, self.io)
        self.state = State(self.clock, self.settings, None, self.io)
        self.state.logs[self.part.event_bit] = self.part.log
        self.settings.write(p.SOE_MODULE, module)
        self.meter = Meter()
        self.store = None
        if flash is not None:
            (self.store,) = event_store.connect(self.meter, self.part, flash, {"sequence": (0, SECTORS)})

    def tick(self, now):
        self.io.tick(now)
        self.clock.tick(now)

    def group(self, n):
        """A group as masters read it, from 1 on."""
        return list(self.part.log.values[8 * n - 8 : 8 * n])

    @property
    def newest(self):
        return self.state.read(p.SOE_NUMBER)


def test_a_change_is_a_record_with_its_time_to_the_millisecond():
    bench = Bench("io21", "io31", module=2)
    bench.tick(12340)
    bench.io.set_input(7, 1, 12342)
    assert bench.newest == 1
    assert bench.group(1) == [2026, 5, 6, 12, 0, 12, 342, 0b0010]
    assert bench.state.read(p.SYSTEM_STATUS) == 2
    # before the tick that was looked at last, and in another second
    bench.io.set_input(9, 1, 12339)
    bench.io.set_input(7, 0, 13001)
    assert bench.group(2) == [2026, 5, 6, 12, 0, 12, 339, 0b1010]
    assert bench.group(3) == [2026, 5, 6, 12, 0, 13, 1, 0b1000]
    # inputs of another module, and what does not change, are none
    bench.io.set_input(10, 1, 13002)
    bench.io.set_input(7, 0, 13003)
    assert bench.newest == 3
    # what changes at one instant is one
    bench.io.set_inputs(0b0101 << 6, 13004)
    assert bench.newest == 4 and bench.group(4)[6:] == [4, 0b0101]


def test_the_year_turns_between_the_tick_and_the_event():
    bench = Bench()
    bench.clock.set(seconds(2026, 12, 31, 23, 59, 59), 990)
    bench.tick(5)
    bench.io.set_input(0, 1, 12)
    assert bench.group(1) == [2027, 1, 1, 0, 0, 0, 2, 1]
    assert bench.state.read(p.YEAR) == 2026


def test_inputs_that_count_pulses_make_none_but_show_their_state():
    bench = Bench("io12", module=4)
    bench.settings.write(m.IO12_DI_TYPE, 0b000001)
    bench.io.set_input(14, 1, 5)
    assert bench.newest == 0
    bench.io.set_input(19, 1, 6)
    assert bench.newest == 1 and bench.group(1)[7] == 0b100001


def test_none_while_no_module_is_chosen_or_it_is_not_there():
    for module in (0, 2, 3, 4, 5, 6):
        bench = Bench("io11", module=module)
        bench.io.set_input(0, 1, 5)
        assert bench.newest == 0 and bench.state.read(p.SYSTEM_STATUS) == 0
    bench = Bench("io11", "io32", module=6)
    bench.io.set_input(27, 1, 5)
    assert bench.newest == 1
    bench.io.connect(["io11"])
    bench.io.set_input(27, 0, 6)
    bench.io.connect(["io11", "io32"])
    assert bench.newest == 1
    # the records stay when another module is chosen
    bench.settings.write(p.SOE_MODULE, 1)
    assert bench.newest == 1 and bench.group(1)[7] == 8
    bench.io.set_input(0, 1, 7)
    assert bench.newest == 2 and bench.group(2)[7] == 1


def test_the_21st_overwrites_the_first():
    bench = Bench()
    for n in range(45):
        bench.io.set_input(0, n % 2 == 0, n)
    assert bench.newest == 5
    assert [bench.group(n)[6] for n in (1, 5, 6, 20)] == [40, 44, 25, 39]
    # 102EH is the master's to clear, the number is not
    assert bench.state.write(p.SYSTEM_STATUS, 1) == p.OK
    assert bench.state.read(p.SYSTEM_STATUS) == 0 and bench.newest == 5


def life(flash, made, count):
    """Some hours of a meter: `count` events, noted in `made` with whether they are kept for certain."""
    bench = Bench(flash=flash)
    now = 0
    for n in range(count):
        now = ticks.add(now, 100)
        bench.tick(now)
        bench.io.set_input(0, n % 2 == 0, ticks.add(now, n % 7))
        made.append([bench.group(bench.newest), False])
        if n % 5 == 4:
            # power fails, with a warning
            bench.store.snapshot()
            for record in made:
                record[1] = True
            bench.io.begin(0)
            bench = Bench(flash=flash)
            bench.io.begin(1 if n % 2 == 0 else 0)
            bench.tick(now)
        elif n % 2:
            now = ticks.add(now, 10000)
            while bench.store.tick(now):
                pass
            for record in made:
                record[1] = True
            if bench.store.due:
                bench.store.service()


def after(flash, made):
    """After a cut there are the records that were kept, perhaps more, in their order, and they are whole."""
    bench = Bench(flash=flash)
    found = [bench.group((bench.newest - 1 - i) % 20 + 1) for i in range(20)] if bench.newest else []
    found = [group for group in found if group[0]]
    kept = sum(record[1] for record in made)
    least, records = kept, [record[0] for record in made]
    newest_first = records[::-1]
    for skipped in range(len(records) - least + 1):
        part = newest_first[skipped : skipped + len(found)]
        if part == found and len(found) == min(20, len(records) - skipped):
            return
    raise AssertionError((found[:2], newest_first[:3], least))


def test_cuts_at_every_operation():
    flash = CutFlash(SECTORS)
    flash.rearm(-1, 0)
    life(flash, [], 47)
    operations = len(flash.done)
    assert operations > 60
    for fuse in range(operations):
        flash = CutFlash(SECTORS)
        flash.rearm(fuse, fuse % SHAPES)
        made = []
        try:
            life(flash, made, 47)
            raise AssertionError("no cut")
        except Cut:
            pass
        flash.rearm(-1, 0)
        after(flash, made)
