"""The one loop: cycles of samples first, then the serial ports, then one slice of whatever else is due. What
does nothing costs next to nothing: each part is called when it is due, and the loop sleeps when nothing is.

Long things that stand still for 10 ms and more (a collection, a settings file, an erase that is not done in
slices) wait for the start of an answer that is long enough to hide them; after a second they are done
regardless. A port whose turn on its line may come at any moment puts them off, and makes a moment for them
(protocols/station.py). While a waveform goes to flash each cycle of samples takes 7 ms: it waits until a
request that is coming in has its answer.

The ports are silent until there are readings that can be trusted, some 0.3 s after the start, or for a second
at most: a master sees a meter that boots, not one that reads 0 V.
"""

import gc

from fourquad import ticks

_CYCLES_A_VISIT = 4  # so that nothing waits long behind a backlog
_COLLECT_EVERY_MS = 1000
_COLLECT_MS = 30  # that a collection may take
_MUCH = 32 * 1024  # bytes; a meter without a network takes half as many in a second
_PATIENCE_MS = 1000
_TURN_MS = 1000  # that what is overdue waits for ports that take turns
_LOOK_MS = 4  # from one look for a cycle of samples to the next
_TICK_MS = 5  # from one call of an idle meter to the next
_PAUSE_MS = 50  # from one look for overdue pauses to the next
_FEED_MS = 100
_LATER = 0x20000000  # bit of `now` minus a time that is set until that has come, as ticks.diff would say


class Collector:
    """Collects garbage when there is time, so that it does not happen when there is none. `allocated()`: the
    bytes that were taken since the last time, `left()`: those that were free then; None where nobody knows
    (tools/build/collector.py).
    """

    hides_in_ms = _COLLECT_MS

    def __init__(self, allocated=None, left=None):
        self._allocated = allocated
        self._left = left
        self._most = _MUCH
        self._done = None

    def due(self, now):
        """A second has passed, or much was allocated."""
        if self._done is None:
            self._done = now
        if self._allocated and self._allocated() >= self._most >> 1:
            return True
        return ticks.diff(now, self._done) >= _COLLECT_EVERY_MS

    def overdue(self, now):
        """Another second has passed, or twice as much was allocated."""
        return self.full() or ticks.diff(now, self._done) >= _COLLECT_EVERY_MS + _PATIENCE_MS

    def full(self):
        """Whether twice as much was allocated."""
        return self._allocated is not None and self._allocated() >= self._most

    def do(self, now):
        """Collect."""
        gc.collect()
        if self._left:
            # where little is free, the last of it lies in pieces that are too small for a buffer
            self._most = min(_MUCH, self._left() >> 1)
        self._done = now


class Loop:
    """`sampler`: chip.adc.Sampler or alike; `ports`: with `poll(now)`, `quiet(now)`, which says that it would
    find nothing to do, `awaited()`, which puts off what is overdue, and `slow`: whether one event takes so
    long that an answer on a line would be late (device/ports.py: SOON); `jobs`: with `work(now)`, a slice of
    at most 3 ms that answers in how many ms the next one is due, 0 for at once; `pauses`: with `hides_in_ms`,
    `due(now)`, `overdue(now)`, `do(now)`; `keeper`: with `warning.failing` and `power_fails(now)`;
    `watchdog`: with `feed()`; `idle()`: sleeps for a millisecond or less; `clock()`: the time.

    Times are `fourquad.ticks` in ms.
    """

    def __init__(self, sampler, meter, ports, jobs, pauses, keeper, watchdog, clock, idle):
        self.sampler = sampler
        self.meter = meter
        self.ports = ports
        self.jobs = jobs
        self.pauses = pauses
        self.keeper = keeper
        self.watchdog = watchdog
        self.clock = clock
        self.idle = idle
        self.running = False
        self._silent = True
        self._since = None
        self._asked = 0
        self._measuring = False
        self._before = 0  # the last frame period, until the cycle that has some of it was read
        self._halves = getattr(meter.chain, "halves", None)
        self._full = getattr(pauses[-1], "full", None) if pauses else None  # of the collector, the last one
        # when each of these is due next
        self._look = self._meter = self._jobs = self._pauses = self._feed = 0
        self._turn = 0
        self._put_off = None  # since when what is overdue has been
        self._due = [0] * len(jobs)

    def run(self):
        """Until `running` is set to False, or an exception."""
        self.begin(self.clock())
        self.running = True
        while self.running:
            if not self.visit(self.clock()):
                self.idle()

    def begin(self, now):
        """Everything is due now."""
        self._look = self._meter = self._jobs = self._pauses = self._feed = now
        for i in range(len(self.jobs)):
            self._due[i] = now

    def visit(self, now):
        """Once round: samples, ports, and one slice of what else is due. False where all can wait for a
        millisecond.
        """
        if not (now - self._feed) & _LATER:
            self.watchdog.feed()
            self._feed = ticks.add(now, _FEED_MS)
        late = False
        if not (now - self._look) & _LATER:
            if self._halves and self._halves.busy:
                # a cycle that goes to a waveform takes 6 ms: requests are looked for first
                late = True
            else:
                self._samples(now)
        if self.keeper.warning.failing:
            self.keeper.power_fails(now)
        answer_ms = 0
        hold = soon = False
        for port in () if self._silent and self._wait(now) else self.ports:
            if soon and port.slow or port.quiet(now):
                continue
            ms = port.poll(now)
            if port.slow and self._full and self._full():
                # it leaves up to 0.7 KB of garbage a millisecond: the next event would have no room
                self._pauses = now
            if ms > answer_ms:
                answer_ms = ms
            elif ms < 0:
                hold = True
                soon = soon or ms < -1
        if hold:
            if late and not 0 <= self.sampler.available() <= _CYCLES_A_VISIT:
                self._samples(now)
            return True
        if (answer_ms or not (now - self._pauses) & _LATER) and self._pause(now, answer_ms):
            return True
        if late and self._samples(now):
            return True
        if not (now - self._meter) & _LATER:
            if self._work(now):
                return True
            self._meter = ticks.add(now, _TICK_MS)
        return not (now - self._jobs) & _LATER and self._job(now)

    def _wait(self, now):
        """Whether it is too early to answer."""
        if self._since is None:
            self._since = now
        self._silent = not self.meter.valid and ticks.diff(now, self._since) < _PATIENCE_MS
        return self._silent

    def _samples(self, now):
        """Measure; whether there was anything. When that is due next."""
        if self.measure():
            self._look = self._meter = now
            return True
        self._look = ticks.add(now, _LOOK_MS)
        return False

    def meanwhile(self):
        """Let the samples go on while something waits for the flash."""
        if not self._measuring:
            self.measure()

    def measure(self):
        """Give the meter what waits in the ring; whether there was anything."""
        sampler = self.sampler
        n = sampler.available()
        if not n:
            return False
        self._measuring = True
        if n > 0:
            period = sampler.period
            if self._before:
                # the cycle within which it changed
                period = period + self._before >> 1
                n = 1
            elif n > 1 and self._halves and self._halves.busy:
                n = 1
            elif n > _CYCLES_A_VISIT:
                n = _CYCLES_A_VISIT
            n = sampler.prepare(n)
            if n:
                self._before = 0
                self.meter.run(sampler.buffer, sampler.frame, n, period)
                sampler.take(n)
            else:
                self.meter.gap(sampler.drop())
        else:
            self.meter.gap(sampler.recover())
        self._measuring = False
        return True

    def _pause(self, now, answer_ms):
        """Do what an answer of so many ms hides, or what is overdue."""
        for pause in self.pauses:
            if pause.due(now) and (
                answer_ms >= pause.hides_in_ms or (pause.overdue(now) and not self._awaited(now))
            ):
                self._put_off = None
                pause.do(now)
                return True
        self._pauses = ticks.add(now, _PAUSE_MS)
        return False

    def _awaited(self, now):
        """Whether a port puts off what is overdue, which it may for a while."""
        for port in self.ports:
            if port.awaited():
                if self._put_off is None:
                    self._put_off = now
                return ticks.diff(now, self._put_off) < _TURN_MS
        return False

    def _work(self, now):
        """A slice of the meter; whether there was one."""
        meter = self.meter
        if not meter.work(now):
            return False
        if meter.chain.frame_period != self._asked:
            # what waits was sampled with the period until now
            self.measure()
            self._asked = meter.chain.frame_period
            self._before = self.sampler.period
            self.sampler.retune(self._asked)
        return True

    def _job(self, now):
        """A slice of the next job that is due, in turn: none can keep the others waiting."""
        due = self._due
        i = self._turn
        wait = _PATIENCE_MS
        for _ in range(len(due)):
            i += 1
            if i >= len(due):
                i = 0
            left = ticks.diff(due[i], now)
            if left <= 0:
                self._turn = i
                due[i] = ticks.add(now, self.jobs[i].work(now))
                return True
            if left < wait:
                wait = left
        self._jobs = ticks.add(now, wait)
        return False
