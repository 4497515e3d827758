"""The one loop: cycles of samples first, then the serial ports, then one slice of whatever else is due.

Long things that stand still for 10 ms and more (an erase, a collection, a settings file) wait for the start
of an answer that is long enough to hide them; after a second they are done regardless.

The ports are silent until there are readings that can be trusted, some 0.3 s after the start, or for a second
at most: a master sees a meter that boots, not one that reads 0 V.
"""

import gc

from fourquad import ticks

_CYCLES_A_VISIT = 4  # so that nothing waits long behind a backlog
_COLLECT_EVERY_MS = 1000
_COLLECT_MS = 30  # that a collection may take
_PATIENCE_MS = 1000


class Collector:
    """Collects garbage when there is time, so that it does not happen when there is none."""

    hides_in_ms = _COLLECT_MS

    def __init__(self):
        self._done = None

    def due(self, now):
        """A second has passed."""
        if self._done is None:
            self._done = now
        return ticks.diff(now, self._done) >= _COLLECT_EVERY_MS

    def overdue(self, now):
        """Another second has passed."""
        return ticks.diff(now, self._done) >= _COLLECT_EVERY_MS + _PATIENCE_MS

    def do(self, now):
        """Collect."""
        gc.collect()
        self._done = now


class Loop:
    """`sampler`: chip.adc.Sampler or alike; `ports`: with `poll(now)`; `jobs`: with `work(now)`, a slice of
    at most 3 ms; `pauses`: with `hides_in_ms`, `due(now)`, `overdue(now)`, `do(now)`; `watchdog`: with
    `feed()`; `clock()`: the time.

    Times are `fourquad.ticks` in ms.
    """

    def __init__(self, sampler, meter, ports, jobs, pauses, watchdog, clock):
        self.sampler = sampler
        self.meter = meter
        self.ports = ports
        self.jobs = jobs
        self.pauses = pauses
        self.watchdog = watchdog
        self.clock = clock
        self.running = False
        self._turn = 0
        self._silent = True
        self._since = None

    def run(self):
        """Until `running` is set to False, or an exception."""
        self.running = True
        while self.running:
            self.visit(self.clock())

    def visit(self, now):
        """Once round."""
        self.watchdog.feed()
        self.measure()
        answer_ms = 0
        hold = False
        for port in () if self._silent and self._wait(now) else self.ports:
            ms = port.poll(now)
            if ms > answer_ms:
                answer_ms = ms
            elif ms < 0:
                hold = True
        if not hold and not self._pause(now, answer_ms):
            self._work(now)

    def _wait(self, now):
        """Whether it is too early to answer."""
        if self._since is None:
            self._since = now
        self._silent = not self.meter.valid and ticks.diff(now, self._since) < _PATIENCE_MS
        return self._silent

    def measure(self):
        """Give the meter what waits in the ring."""
        sampler = self.sampler
        n = sampler.available()
        if n > 0:
            period = sampler.period
            if self._before:
                # the cycle within which it changed
                period = period + self._before >> 1
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
        elif n < 0:
            self.meter.gap(sampler.recover())

    def _pause(self, now, answer_ms):
        for pause in self.pauses:
            if pause.due(now) and (answer_ms >= pause.hides_in_ms or pause.overdue(now)):
                pause.do(now)
                return True
        return False

    def _work(self, now):
        meter = self.meter
        if meter.work(now):
            if meter.frame_period != self._asked:
                # what waits was sampled with the period until now
                self.measure()
                self._asked = meter.frame_period
                self._before = self.sampler.period
                self.sampler.retune(self._asked)
            return
        # One job a visit, in turn: none can keep the others waiting.
        jobs = self.jobs
        self._turn += 1
        if self._turn >= len(jobs):
            self._turn = 0
        jobs[self._turn].work(now)

    _asked = 0
    _before = 0  # the last frame period, until the cycle that has some of it was read
