"""Runs on the board (exec.mjs): what 16 armed alarm channels of a KW320 cost, in microseconds and bytes."""

import gc
import time

import __main__ as main
from fourquad.points import alarms as a

_COUNT = 50
_NOW = 1000

app = main.build()
meter = app.meter
alarms = meter.alarms
for i in range(a.COUNT):
    at = a.FIRST + a.FIELDS * i
    meter.settings.write(at + a.CODE, i)
    meter.settings.write(at + a.SET_POINT, 4500)
meter.settings.write(a.CHANNELS, 0xFFFF)
meter.settings.write(a.ON, 1)
meter.clock.tick(_NOW)
fast = meter.readings.fast


def nothing():
    pass


def timed(name, function, count=1, beside=0):
    """Run it so often; mean and longest time less `beside`, what measuring takes, and bytes that are left."""
    gc.collect()
    most = total = 0
    used = gc.mem_alloc()
    for _ in range(count):
        start = time.ticks_us()
        function()
        took = time.ticks_diff(time.ticks_us(), start) - beside
        total += took
        most = max(most, took)
    print(name, "mean", total // count, "most", most, "bytes", gc.mem_alloc() - used)
    return total // count


def window():
    alarms.window(_NOW, _NOW)
    alarms._look()


def idle():
    for part in meter._waking:
        if not (_NOW - part.wake) & 0x20000000:
            part.tick(_NOW)


def tick():
    alarms.tick(_NOW)


alarms.window(_NOW, _NOW)
timed("ticks that take settings over", tick, a.COUNT)
meter.chain._state = 3  # of which all readings are there
timed("first window", window)
measuring = timed("nothing", nothing, _COUNT)
timed("windows", window, _COUNT, measuring)
timed("idle", idle, _COUNT, measuring)
print("armed", alarms._armed)
for k in range(len(fast)):
    fast[k] = 5000.0
alarms.window(_NOW, _NOW)
timed("a window in which all begin", alarms._look)
timed("ticks after it", tick, 3)
print("records", alarms.log.key, "standing", alarms.standing)
