"""Pulse outputs: none lost, none doubled, at the load that the constant just allows."""

from fourquad import ticks
from fourquad.billing import pulses as pu
from fourquad.points import billing as b

A1000 = (
    (pu.ACTIVE_IMPORT, False),
    (pu.ACTIVE_EXPORT, False),
    (pu.REACTIVE_IMPORT, False),
    (pu.REACTIVE_EXPORT, False),
    (pu.ACTIVE, True),
    (pu.REACTIVE, True),
)


class Watcher:
    """Counts edges, and measures how long an output is on and off at least."""

    def __init__(self, outputs, step_ms=5):
        self.outputs = outputs
        self.step = step_ms
        self.now = ticks.PERIOD - 3000
        n = len(outputs.states)
        self.rises = [0] * n
        self.on = [0] * n
        self.shortest = [10**6] * n
        self._since = [self.now - 1000] * n
        self._before = bytes(n)

    def second(self, joules, jitter=(0,)):
        self.outputs.feed(joules, self.now)
        for k in range(1000 // self.step):
            late = jitter[k % len(jitter)]
            self.outputs.tick(ticks.add(self.now, late))
            states = self.outputs.states
            for i in range(len(states)):
                self.on[i] += self.step * states[i]
                if states[i] != self._before[i]:
                    lasted = ticks.diff(self.now, self._since[i]) + late
                    self.shortest[i] = min(self.shortest[i], lasted)
                    self._since[i] = ticks.add(self.now, late)
                    self.rises[i] += states[i]
            self._before = bytes(states)
            self.now = ticks.add(self.now, self.step)


def second(**joules):
    out = [0] * 7
    for name in joules:
        out[getattr(b, name.upper())] = joules[name]
    return out


def test_constant_that_cannot_keep_up_is_refused():
    # 22,500 impulses an hour with 80 ms: 1000 a kWh at 22.5 kW
    assert pu.keeps_up(1000, 80, 22500)
    assert not pu.keeps_up(1000, 80, 22501)
    assert not pu.keeps_up(5000, 100, 3 * 230 * 6)
    assert pu.keeps_up(5000, 80, 3 * 230 * 6)


def test_highest_load_of_the_constant_for_a_while():
    outputs = pu.Pulses(A1000)
    outputs.configure(0, 1000, 80)
    outputs.configure(4, 1000)
    watcher = Watcher(outputs)
    for _ in range(400):
        watcher.second(second(active_import=22500))
    for _ in range(3):
        watcher.second(second())
    # 400 s of 22.5 kW are 2.5 kWh
    assert watcher.rises[0] == outputs.counts[0] == 2500
    assert watcher.rises[4] == 2500
    assert watcher.shortest[0] >= 75
    assert watcher.rises[1:4] == [0, 0, 0]


def test_delays_of_the_loop_lose_nothing():
    outputs = pu.Pulses(A1000)
    outputs.configure(0, 1000, 80)
    watcher = Watcher(outputs)
    for _ in range(100):
        watcher.second(second(active_import=22000), (0, 3, 1, 4, 2, 0, 1))
    for _ in range(3):
        watcher.second(second())
    assert watcher.rises[0] == 22000 * 100 * 1000 // 3600000


def test_low_loads_and_all_outputs():
    outputs = pu.Pulses(A1000)
    for i in range(4):
        outputs.configure(i, 5000, 80)
    outputs.configure(4, 5000)
    outputs.configure(5, 5000)
    watcher = Watcher(outputs, 10)
    total = [0] * 4
    for t in range(1200):
        import_, export = (700 + t, 0) if t % 300 < 200 else (0, 900)
        q1, q3 = (300, 0) if t % 7 else (0, 500)
        total = [total[0] + import_, total[1] + export, total[2] + q1, total[3] + q3]
        watcher.second(second(active_import=import_, active_export=export, reactive_q1=q1, reactive_q3=q3))
    for _ in range(3):
        watcher.second(second())
    expected = [x * 5000 // 3600000 for x in total]
    assert watcher.rises[:4] == expected
    assert abs(watcher.rises[4] - (total[0] + total[1]) * 5000 / 3600000) <= 1


def test_led_is_lit_half_of_the_time():
    outputs = pu.Pulses(((pu.ACTIVE, True),))
    outputs.configure(0, 6400)
    watcher = Watcher(outputs)
    for _ in range(900):
        watcher.second(second(active_import=1234))
    assert abs(watcher.on[0] - 450000) < 5000


def test_what_waits_survives_a_power_cut():
    outputs = pu.Pulses(A1000)
    outputs.configure(0, 1000, 80)
    outputs.feed(second(active_import=20000), 0)
    outputs.tick(0)
    image = bytearray(outputs.size)
    outputs.dump(image, 0)
    other = pu.Pulses(A1000)
    other.configure(0, 1000, 80)
    other.restore(image, 0)
    watcher = Watcher(other)
    for _ in range(9):
        watcher.second(second(active_import=20000))
    watcher.second(second())
    assert outputs.counts[0] + watcher.rises[0] == 20000 * 10 * 1000 // 3600000


def test_another_source_and_width():
    outputs = pu.Pulses(((pu.ACTIVE, False),))
    outputs.configure(0, 5000, 20, pu.REACTIVE)
    watcher = Watcher(outputs)
    for _ in range(36):
        watcher.second(second(active_import=9999, reactive_q2=1000))
    watcher.second(second())
    assert watcher.rises[0] == 50
