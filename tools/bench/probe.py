"""Runs on the board: the meter as main.py composes it, measured for a while. The bench puts the settings of
the run before this text: SECONDS, BAUD, ERASE (erase a sector every second), SAVE (ms from one change of a
setting, which goes to its file, to the next; 0: none), WATCH (1: book the times, and let nothing be allocated
for a cycle, 2: what is allocated, 3: as 1, with allocation; all cost some).
"""

# ruff: noqa: F821  the names above come with the bench's own first lines

import gc
import json
import sys
import time
from array import array

import _rp2
import micropython
from chip.flash import RawFlash

import __main__ as main  # which has the ring of the converter already
from fourquad import points as p
from fourquad import ticks
from fourquad.device.keeper import Erase
from fourquad.metering.readings import Readings
from fourquad.registers.integrator import Integrator

clock_us = time.ticks_us
spent = {}
longest = {}
cycles = 0
visits = 0
allocated = 0
left = 0


def book(name, start):
    """What began at `start` is over."""
    took = ticks.diff(clock_us(), start)
    spent[name] += took
    if took > longest[name]:
        longest[name] = took


def timed(name, function, arguments=0):
    """`function`, its time booked under `name`. Not with *args: that would allocate, and take longer than
    most.
    """
    spent[name] = spent.get(name, 0)
    longest[name] = longest.get(name, 0)

    def none():
        start = clock_us()
        answer = function()
        book(name, start)
        return answer

    def one(a):
        start = clock_us()
        answer = function(a)
        book(name, start)
        return answer

    def two(a, b):
        start = clock_us()
        answer = function(a, b)
        book(name, start)
        return answer

    def three(a, b, c):
        start = clock_us()
        answer = function(a, b, c)
        book(name, start)
        return answer

    return (none, one, two, three)[arguments]


# What the meter's slices call.
METHODS = {
    "energy": ("begin", "phase", "system"),
    "readings": ("volts", "amps", "powers", "character", "angles", "to_primary"),
}
ARGUMENTS = {"begin": 3, "phase": 2}  # all others have self only


def watch_slices():
    """Book what the meter's slices call, before a meter makes them."""
    for kind, name in ((Integrator, "energy"), (Readings, "readings")):
        for method in METHODS[name]:
            setattr(kind, method, timed(name, getattr(kind, method), ARGUMENTS.get(method, 1)))


# When energy was booked (ms) and how much then was (centijoules), at most 60 times from the third second on.
booked = array("i", [0] * 120)
bookings = 0
every = SECONDS // 60 + 1
book_system = Integrator.system


def system(self):
    """Integrator.system, noted."""
    global bookings
    book_system(self)
    bookings += 1
    at, rest = divmod(bookings - 3, every)
    if 0 <= at < 60 and not rest:
        energy = self._energy
        increments = energy.values[0] * energy.per_count + energy._residues[0]
        booked[2 * at] = time.ticks_ms()
        booked[2 * at + 1] = increments * 36_000_000 // energy.per_count


Integrator.system = system
if WATCH & 1:
    watch_slices()
gc.collect()
before = gc.mem_free()
app = main.build()
meter, loop = app.meter, app.loop
gc.collect()
result = {"heap_before": before, "heap_idle": gc.mem_free()}


_LOGS = 64  # sectors, the last ones


class Sectors:
    """A store that wants a sector of the log area erased once a second."""

    def __init__(self):
        self.flash = RawFlash(_rp2.Flash().ioctl(4, 0) - _LOGS, _LOGS)
        self._done = time.ticks_ms()
        self.count = 0

    @property
    def due(self):
        return self.overdue(time.ticks_ms(), 1000)

    def overdue(self, now, ms=2000):
        return ticks.diff(now, self._done) >= ms

    def service(self):
        # from when it was due, so that there are as many as there are seconds
        self._done = ticks.add(self._done, 1000)
        self.count += 1
        self.flash.erase(self.count % _LOGS)


class ChangeSettings:
    """A job: a setting has changed, and its file is written."""

    def __init__(self):
        self.count = 0

    def work(self, now):
        self.count += 1
        meter.points.write(p.SETTING + p.BACKLIGHT, 1 + self.count % 5)
        return SAVE


changer = ChangeSettings()
if SAVE:
    loop.jobs.append(changer)
    loop._due.append(0)
sectors = Sectors()
if ERASE:
    loop.pauses.insert(0, Erase(sectors, sectors.flash.erasing))
for port in loop.ports:
    if BAUD and hasattr(port, "_uart"):
        port.follow = lambda: None
        port._uart.configure(BAUD, 3)
if BAUD and hasattr(loop.ports[0], "_machine"):
    # the node's own times follow the setting
    meter.points.write(p.SETTING + p.BAUD_1, BAUD)


class Stop:
    """Ends the run. It stands before the watchdog."""

    def __init__(self):
        self._end = ticks.add(time.ticks_ms(), SECONDS * 1000)

    def feed(self):
        app.watchdog.feed()
        if ticks.diff(time.ticks_ms(), self._end) >= 0:
            loop.running = False
            # without that of the end, which is no slice
            result["saves"] = [store.saves for store in loop.keeper._stores if hasattr(store, "saves")]


class Watched:
    """A job or pause whose time is booked."""

    def __init__(self, inner, method, name, arguments=1):
        self.inner = inner
        self.hides_in_ms = getattr(inner, "hides_in_ms", 0)
        for other in ("due", "overdue", "quiet", "awaited", "slow", "stop", "follow"):
            if hasattr(inner, other):
                setattr(self, other, getattr(inner, other))
        setattr(self, method, timed(name, getattr(inner, method), arguments))


def slices(name, function):
    """As `timed`, for slices of work: a call that finds none is not booked."""
    spent[name] = longest[name] = 0

    def one(a):
        start = clock_us()
        answer = function(a)
        if answer:
            book(name, start)
        return answer

    return one


def watch():
    """Book everything that the loop does."""
    run = meter.run
    measure = loop.measure
    spent["measure"] = longest["measure"] = spent["look"] = 0

    def counted(buffer, frame, n, period):
        global cycles
        start = clock_us()
        run(buffer, frame, n, period)
        took = ticks.diff(clock_us(), start)
        cycles += n
        spent["measure"] += took
        if took > longest["measure"]:
            longest["measure"] = took

    def locked():
        start = clock_us()
        if WATCH == 1:
            micropython.heap_lock()
        try:
            answer = measure()
        finally:
            if WATCH == 1:
                micropython.heap_unlock()
        spent["look"] += ticks.diff(clock_us(), start)
        return answer

    visit = loop.visit

    def visited(now):
        global visits
        visits += 1
        return visit(now)

    meter.run = counted
    loop.measure = locked
    loop.visit = visited
    loop.idle = timed("idle", loop.idle)
    loop.sampler.prepare = timed("prepare", loop.sampler.prepare, 1)
    # what is called while a window of harmonics is under way only: a timer takes time, too
    spectrum = meter.chain.harmonics._spectrum
    spectrum.add = timed("windows of harmonics", spectrum.add, 3)
    meter.chain.harmonics.work = slices("harmonics", meter.chain.harmonics.work)
    meter.work = slices("work", meter.work)
    meter.chain._close_windows = timed("windows", meter.chain._close_windows)
    meter.chain.on_idle = timed("clock", meter.chain.on_idle, 1)
    loop.ports = [Watched(port, "poll", "ports") for port in loop.ports]
    loop.jobs = [Watched(job, "work", type(job).__name__) for job in loop.jobs]
    loop.pauses = [Watched(pause, "do", type(pause).__name__) for pause in loop.pauses]


def watch_heap():
    """Count what is allocated from collection to collection."""
    collector = loop.pauses[-1]
    collect = collector.do

    def collected(now):
        global allocated, left
        used = gc.mem_alloc()
        allocated += used - left
        collect(now)
        left = gc.mem_alloc()
        free = gc.mem_free()
        if free < result.get("heap_least", 1 << 29):
            result["heap_least"] = free

    collector.do = collected


def save_soon():
    """Let each of the journals have a save after three seconds, as if the last one was that long ago."""
    for store in loop.keeper._stores:
        if hasattr(store, "set_interval"):
            store.tick(time.ticks_ms())  # which may choose the interval
            store._saved_ms = ticks.add(time.ticks_ms(), 3000 - store._interval_ms)
            if hasattr(store, "_extremes"):
                store._extremes.changed = True  # whether there is a new one is chance


if WATCH & 1:
    micropython.alloc_emergency_exception_buf(256)  # of what allocates under the lock
    watch()
    save_soon()
elif WATCH == 2:
    watch_heap()
loop.watchdog = Stop()
gc.collect()
left = gc.mem_alloc()
print("GO")
start = time.ticks_ms()
app.run()
elapsed = ticks.diff(time.ticks_ms(), start)
allocated += gc.mem_alloc() - left
gc.collect()
result["heap_after"] = gc.mem_free()
result["elapsed_ms"] = elapsed
result["overruns"] = app.sampler.overruns
result["gaps"] = meter.state.gaps
result["booked"] = [x for x in booked if x]
result["corrupt"] = getattr(app.sampler, "corrupt", 0)
result["erases"] = sectors.count
result["changes"] = changer.count
if WATCH == 2:
    result["allocated_per_s"] = allocated * 1000 // elapsed
if WATCH & 1:
    result["cycles"] = cycles
    result["visits"] = visits
    # what it takes to see that no cycle waits is not part of the measurement itself
    spent["look"] -= spent["measure"] + spent["prepare"]
    # all that the meter does, and what of it is for the harmonics
    spent["meter"] = spent["prepare"] + spent["measure"] + spent["work"]
    spent["harmonics"] += spent["windows of harmonics"]
    result["us_per_cycle"] = spent["measure"] // cycles
    result["share"] = {name: us / elapsed / 10 for name, us in spent.items()}
    result["longest_us"] = longest


def block(first, count):
    """Points in a row; nothing of a meter that has none of them."""
    try:
        return [meter.points.read(first + i) for i in range(count)]
    except KeyError:
        return []


result["readings"] = block(0, 30)
result["energy"] = block(192, 9)
result["circuits"] = block(8192, 6 * 18)  # A, W, var, VA, PF, load of each input
print("RESULT ", end="")
json.dump(result, sys.stdout)  # in pieces: the heap may have no room for all of it
print()
