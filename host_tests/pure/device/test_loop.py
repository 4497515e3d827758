"""The board's loop: who is asked when, and that it sleeps where nothing is due."""

from fourquad import ticks
from fourquad.device.loop import Collector, Loop
from fourquad.device.ports import HOLD, SOON

# ms from one call to the next of what is idle
EVERY = (("keys", 10), ("keeper", 20), ("meter", 5), ("available", 4), ("due", 50), ("feed", 100))


class Plant:
    """Everything that a loop calls: each call is noted with its time, and nothing takes any time."""

    slow = False

    def __init__(self):
        self.calls = []
        self.now = 0
        # of the sampler, the meter and the port
        self.waiting = 0
        self.slices = 0
        self.answers = []
        self.waits = False
        # of the warning line
        self.warning = self
        self.failing = False
        self.valid = True
        self.chain = self
        self.frame_period = self.period = 1000
        self.buffer = b""
        self.frame = 0

    def note(self, name):
        self.calls.append((name, self.now))

    def times(self, name):
        return [now for called, now in self.calls if called == name]

    # as a sampler
    def available(self):
        self.note("available")
        return self.waiting

    def prepare(self, cycles):
        return cycles

    def take(self, cycles):
        self.waiting -= cycles

    def retune(self, period):
        self.period = period

    # as a meter
    def run(self, buffer, frame, cycles, period):
        self.note("run")
        self.slices += cycles

    def work(self, now):
        self.note("meter")
        if not self.slices:
            return False
        self.slices -= 1
        return True

    # as a port
    def quiet(self, now):
        return not self.answers

    def poll(self, now):
        self.note("poll")
        return self.answers.pop(0)

    def awaited(self):
        self.note("awaited")
        return self.waits

    # as the keeper, and as the watchdog
    def power_fails(self, now):
        self.note("snapshot")
        self.failing = False

    def feed(self):
        self.note("feed")


class Job:
    """Due every `every` ms; `slices` are still to be done."""

    def __init__(self, plant, name, every):
        self.plant, self.name, self.every, self.slices = plant, name, every, 0

    def work(self, now):
        self.plant.note(self.name)
        self.slices = max(0, self.slices - 1)
        return 0 if self.slices else self.every


class Pause:
    """Due after 1 s, overdue after 2."""

    hides_in_ms = 50

    def __init__(self, plant):
        self.plant, self.done = plant, plant.now

    def due(self, now):
        self.plant.note("due")
        return ticks.diff(now, self.done) >= 1000

    def overdue(self, now):
        return ticks.diff(now, self.done) >= 2000

    def do(self, now):
        self.done = now
        self.plant.note("pause")


class Bench:
    """A loop over a plant, from `start` ms on; each visit that is not told to come back takes 1 ms."""

    def __init__(self, start=0):
        self.plant = plant = Plant()
        plant.now = start
        self.jobs = [Job(plant, "keys", 10), Job(plant, "keeper", 20), Job(plant, "warmth", 10000)]
        self.loop = Loop(plant, plant, [plant], self.jobs, [Pause(plant)], plant, plant, None, None)
        self.loop.begin(start)

    def run(self, ms):
        """All visits of that time; an endless row of them at one instant is an error."""
        for _ in range(ms):
            for _ in range(100):
                if not self.loop.visit(self.plant.now):
                    break
            else:
                raise AssertionError("the loop never sleeps")
            self.plant.now = ticks.add(self.plant.now, 1)


def asked(start):
    """When everybody is asked within a second from `start` on, counted from there."""
    bench = Bench(start)
    bench.run(1000)
    names = {name for name, _ in bench.plant.calls}
    return {name: [ticks.diff(now, start) for now in bench.plant.times(name)] for name in names}


def test_everybody_is_asked_when_due_and_not_before():
    for start in (0, ticks.PERIOD // 2 - 300, ticks.PERIOD - 300):
        since = asked(start)
        for name, every in EVERY:
            assert since.pop(name) == list(range(0, 1000, every)), name
        assert since == {"warmth": [0]}


def test_what_has_more_slices_goes_on_at_once_and_none_keeps_the_others_waiting():
    bench = Bench()
    bench.run(10)
    bench.plant.calls.clear()
    bench.jobs[0].slices = 4
    bench.run(10)
    assert bench.plant.times("keys") == [10] * 4
    # each of two that are due has its turn after a slice of the other
    for job in bench.jobs[:2]:
        job.slices = 3
    bench.plant.calls.clear()
    bench.run(1)
    assert [name for name, _ in bench.plant.calls if name[0] == "k"] == ["keeper", "keys"] * 3


def test_samples_are_taken_and_worked_on_at_once():
    bench = Bench()
    bench.run(10)
    bench.plant.calls.clear()
    bench.plant.waiting = 6  # at most four cycles a visit
    bench.run(10)
    assert bench.plant.times("run") == [12, 12]
    assert bench.plant.times("meter").count(12) >= 6
    assert bench.plant.waiting == bench.plant.slices == 0


def test_samples_go_on_while_something_waits_for_the_flash_but_never_within_themselves():
    bench = Bench()
    bench.run(10)
    plant, loop = bench.plant, bench.loop
    plant.calls.clear()
    plant.waiting = 2
    loop.meanwhile()
    assert plant.waiting == 0 and [name for name, _ in plant.calls] == ["available", "run"]
    # a waveform that goes to flash while a cycle is measured
    plant.waiting = 1
    inner = plant.run

    def run(*arguments):
        loop.meanwhile()
        inner(*arguments)

    plant.run = run
    plant.calls.clear()
    loop.meanwhile()
    assert plant.waiting == 0 and plant.times("run") == [10]


def test_nothing_but_samples_while_a_request_comes_in():
    bench = Bench()
    bench.run(10)
    bench.plant.calls.clear()
    bench.plant.answers = [-1, -1, 0]
    assert bench.loop.visit(10) and bench.loop.visit(10)
    assert {name for name, _ in bench.plant.calls} == {"poll"}
    assert bench.loop.visit(10)
    assert "keys" in dict(bench.plant.calls)


def test_pauses_hide_in_answers_or_are_overdue():
    bench = Bench()
    bench.run(1000)
    bench.plant.answers = [49]
    bench.run(100)
    assert not bench.plant.times("pause")
    bench.plant.answers = [50]
    bench.run(1)
    assert bench.plant.times("pause") == [1100]
    bench.run(2100)
    assert bench.plant.times("pause") == [1100, 3100]


def test_ports_that_take_turns_put_off_what_is_overdue_for_a_second():
    bench = Bench()
    bench.plant.waits = True
    # a moment that is too short, and one that is long enough
    bench.run(2500)
    bench.plant.answers = [49]
    bench.run(100)
    assert not bench.plant.times("pause")
    bench.plant.answers = [50]
    bench.run(1)
    assert bench.plant.times("pause") == [2600]
    # none comes: overdue after two seconds, done after one more, to a look
    bench.run(2900)
    assert len(bench.plant.times("pause")) == 1
    bench.run(200)
    assert bench.plant.times("pause")[1:] == [5600]
    # nobody takes turns any more
    bench.plant.waits = False
    bench.run(2100)
    assert bench.plant.times("pause")[2:] == [7600]


def test_a_failing_supply_is_acted_on_in_the_next_visit():
    bench = Bench()
    bench.run(7)
    bench.plant.failing = True
    bench.plant.answers = [-1]  # even while a request comes in
    bench.loop.visit(7)
    assert bench.plant.times("snapshot") == [7]


class Halves:
    """What watches half cycles, `busy` while a waveform is taken."""

    busy = True


def test_a_waveform_takes_a_cycle_a_visit_and_waits_for_a_request():
    plant = Plant()
    plant.halves = Halves()
    loop = Loop(plant, plant, [plant], [], [], plant, plant, None, None)
    loop.begin(0)
    # the first slices of the meter ask for another frame period
    plant.slices, plant.waiting, plant.answers = 2, 2, [0] * 8
    for now in range(8):
        loop.visit(now)
    assert plant.waiting == 0
    plant.waiting = 3
    left = []
    plant.answers = [0, HOLD, HOLD, 0, 0]
    for _ in range(5):
        loop.visit(20)
        left.append(plant.waiting)
    assert left == [2, 2, 2, 1, 0]
    # but not for ever: there are more than it may let pile up
    plant.waiting = 9
    plant.answers = [HOLD] * 8
    for _ in range(8):
        loop.visit(40)
    assert plant.waiting == 4


def test_without_a_waveform_samples_wait_for_nobody():
    plant = Plant()
    plant.halves = Halves()
    plant.halves.busy = False
    loop = Loop(plant, plant, [plant], [], [], plant, plant, None, None)
    loop.begin(0)
    plant.answers = [HOLD, HOLD]
    for _ in range(2):
        plant.waiting = 3
        loop.visit(0)
        assert plant.waiting == 0


class Slow(Plant):
    """A port on which one event takes milliseconds."""

    slow = True


def test_a_slow_port_waits_for_an_answer_that_is_due_soon():
    plant, line = Plant(), Plant()
    network = Slow()
    loop = Loop(plant, plant, [line, network], [], [], plant, plant, None, None)
    loop.begin(0)
    network.answers = [0] * 9
    line.answers = [HOLD, SOON, SOON, 66, 0]
    left = []
    for _ in range(5):
        loop.visit(0)
        left.append(len(network.answers))
    assert left == [8, 8, 8, 7, 6]


def test_much_garbage_of_the_network_does_not_wait_for_the_next_look():
    for port, looks in ((Plant(), [0, 50, 100]), (Slow(), [0, 7, 57])):
        plant = Plant()
        pause = Pause(plant)
        pause.full = lambda plant=plant: plant.now == 7
        loop = Loop(plant, plant, [port], [], [pause], plant, plant, None, None)
        loop.begin(0)
        for now in range(101):
            plant.now = now
            port.answers = [0]
            loop.visit(now)
        assert plant.times("due") == looks


def test_garbage_is_collected_sooner_when_there_is_much():
    taken = 0
    collector = Collector(lambda: taken)
    assert not collector.due(0) and not collector.due(999)
    taken = 16 * 1024 - 16
    assert not collector.due(500)
    taken = 16 * 1024
    assert collector.due(500) and not collector.overdue(500)
    taken = 32 * 1024
    assert collector.overdue(500)
    taken = 0
    collector.do(500)
    assert not collector.due(1499) and collector.due(1500)
    assert not collector.overdue(2499) and collector.overdue(2500)
    room = 36 * 1024
    tight = Collector(lambda: taken, lambda: room)
    assert not tight.due(0)
    tight.do(0)
    taken = 9 * 1024
    assert tight.due(1) and not tight.full()
    taken = 18 * 1024
    assert tight.full()
    plain = Collector()
    assert not plain.due(0) and plain.due(1000) and plain.overdue(2000)
