"""Alarms over readings and terminals that a test sets; windows of 100 ms and ticks of 5 ms, as in a meter."""

from array import array

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad import ticks
from fourquad.calendar.clock import Clock, seconds
from fourquad.events.alarms import Alarms
from fourquad.events.watch import Watch
from fourquad.meter.settings import Settings
from fourquad.points import alarms as a
from fourquad.points import values as v

DI1, AI1 = p.MODULE, p.MODULE + 40
RELAY1, DO1 = 28, 36


class Terminals:
    """Inputs, analog inputs; `on`: the outputs that alarms have switched on."""

    def __init__(self):
        self.inputs = 0
        self.states = 0xFFFFFFF  # that are no counters
        self.analog = [0] * 4
        self.there = True
        self.on = set()
        self.watcher = None

    def watch(self, watcher):
        self.watcher = watcher

    def online(self, first, count):
        return self.there

    def read(self, index):
        return self.analog[index - 40] if index >= 40 else self.inputs >> index & 1

    def alarm_output(self, index, on):
        if on:
            self.on.add(index)
        else:
            self.on.remove(index)


class Chain:
    """Readings, all of them there unless a test says otherwise."""

    def __init__(self):
        self.secondary = array("f", [0.0] * p.READINGS)
        self.fast = array("f", [0.0] * p.FAST_READINGS)
        self.fast_ratios = (1.0, 1.0, 1.0, 1.0)
        self.readings = self.harmonics = self
        self.values = array("i", [0] * p.HARMONICS)
        self.windows = 1
        self.valid = True


class Bench:
    """`now` in ms ticks; time goes on with `run`."""

    def __init__(self, start=1000, billing=None):
        self.now = start
        self.chain = Chain()
        self.io = Terminals()
        self.clock = Clock()
        self.clock.set(seconds(2026, 4, 28, 10, 20, 49))
        self.clock.tick(start)
        self.settings = Settings(kw320.SETTINGS, self._change)
        group = [group for group in self.settings.groups if group.first == p.GROUP_ALARMS][0]
        watch = Watch(kw320.WATCHED, self.chain, billing, self.io)
        self.alarms = Alarms(group.values, self.clock, watch, self.io)
        points = p.Points()
        points.provide(p.SECONDARY, p.ReadOnly(self.chain.secondary))
        points.provide(p.FAST, p.ReadOnly(self.chain.fast))
        points.provide(p.HARMONIC, p.ReadOnly(self.chain.values), 7)
        points.provide(p.MODULE, self.io)
        self.commands = {}
        self.alarms.provide(points, self.commands)
        self.window = 0  # ms until it ends
        self.read = self.alarms.read

    def _change(self, offset):
        if offset in self.alarms.follows:
            self.alarms.configure()

    def set(self, offset, value):
        assert self.settings.check(offset, value) == p.OK
        self.settings.write(offset, value)

    def channel(self, n, code, comparison, set_point, delay=0, relay=0):
        """Channel `n` (1-16), on."""
        at = a.FIRST + a.FIELDS * (n - 1)
        for k, value in enumerate((code, comparison, set_point & 0xFFFF, delay, relay)):
            self.set(at + k, value)
        self.set(a.CHANNELS, self.settings.get(a.CHANNELS) | 1 << n - 1)
        self.set(a.ON, 1)

    def run(self, ms):
        """So much time, in steps of 5 ms."""
        for _ in range(ms // 5):
            self.now = ticks.add(self.now, 5)
            self.clock.tick(self.now)
            self.window -= 5
            if self.window <= 0:
                self.window = 100
                self.alarms.window(self.now, self.now)
                for part in self.alarms.after_window:
                    part()
            if not (self.now - self.alarms.wake) & 0x20000000:
                self.alarms.tick(self.now)

    def input(self, n, on):
        """DI `n` (1-28) changes now."""
        bit = 1 << n - 1
        self.io.inputs = self.io.inputs | bit if on else self.io.inputs & ~bit
        self.io.watcher(bit, self.now)

    @property
    def standing(self):
        return self.read(a.STANDING)

    def record(self, n):
        """Words of record `n` (1-16)."""
        return [self.read(a.WORDS * (n - 1) + k) for k in range(a.WORDS)]

    def records(self):
        """Status and value of all since the last clear, as far as they are there, the oldest first."""
        number, log = self.alarms.log.number, self.alarms.log
        many = min(log.key, a.RECORDS)
        numbers = [(number - 1 - k) % a.RECORDS + 1 for k in range(many)]
        return [(self.record(n)[0], self.record(n)[2]) for n in reversed(numbers)]


ABOVE, SAME, BELOW = v.GREATER, v.EQUAL, v.LESS


def settled(**options):
    """A bench whose windows have begun."""
    bench = Bench(**options)
    bench.run(300)
    return bench
