"""Runs on the board (exec.mjs): what the A1000's billing costs, in microseconds and bytes of heap; flash for
real.
"""

import gc
import time
from array import array

from chip.flash import RawFlash, Slices

from fourquad import models
from fourquad import points as p
from fourquad.billing.billing import Billing
from fourquad.billing.providers import provide
from fourquad.billing.pulses import Pulses
from fourquad.calendar.clock import Clock, seconds
from fourquad.device import layout
from fourquad.meter.settings import Settings
from fourquad.points import billing as points_billing
from fourquad.records.journal import Journal
from fourquad.records.periods import Periods
from fourquad.records.profile import ProfileRing
from fourquad.registers.energy import Energy

gc.collect()
before = gc.mem_free()
model = models.load("a1000")
settings = Settings(model.SETTINGS)
clock = Clock()
readings = array("f", [0.0] * p.READINGS)
for k in range(3):
    readings[p.V1 + k] = 230.0
    readings[p.I1 + k] = 5.0
    readings[p.P1 + k] = 1150.0
readings[p.P_SUM] = 3450.0
readings[p.ANGLE_V2] = 120.0
billing = Billing(model.BILLING, settings, clock, Energy(), readings)
points = p.Points()
tables = provide(billing, points, {})
flash = RawFlash()
places = layout.lay(model.STORAGE, flash.sectors)
ring = ProfileRing(flash, *places["profile"])
periods = Periods(flash, *places["periods"], billing.periods.record_size)
gc.collect()
print("heap", before - gc.mem_free())


def serve():
    """What is to be erased ahead, to its end: a meter's loop has minutes for that."""
    while ring.due:
        ring.service()
    while periods.due:
        periods.service()
    finish()


def finish():
    slices = Slices()
    while flash.erasing():
        slices.work(0)


def timed(name, function, count=1):
    gc.collect()
    free = gc.mem_free()
    most = total = 0
    for i in range(count):
        start = time.ticks_us()
        function(i)
        took = time.ticks_diff(time.ticks_us(), start)
        total += took
        most = max(most, took)
    print(name, "mean", total // count, "most", most, "heap", (free - gc.mem_free()) // count)


timed("mount of the load profile", lambda i: ring.mount())
timed("mount of the periods", lambda i: periods.mount())
serve()
billing.connect(periods, ring)
# a change of tariff every quarter of an hour, ten sections, a season each month
points.write(p.BILLING + points_billing.PROGRAM_MODE, 1)
sections = bytearray()
for n in range(10):
    sections.extend(bytes((n // 4, n % 4 * 15, 1 + n % 4)))
billing.tariff.set(points_billing.PROFILE_1, bytes(sections))
at = seconds(2026, 1, 31, 23, 59, 0)
clock.set(at)
billing.quadrants.set_unit(123456789012)
billing.book(at, 0, 0)
billing.periods.begin(at)  # a meter that has run before: a new one has no period to end
second = 0


def energy(i):
    billing.quadrants.add(0, 118234567890123, 5123456789, 120000000000000)


def book(seconds):
    global second
    second += seconds
    clock.now = at + second
    billing.book(at + second, 20, second * 1000 % (1 << 29))


timed("increments of a second", energy, 20)
book(1)
timed("a second", lambda i: book(1), 20)
timed("supervision of a second", lambda i: billing.supervise(), 20)
timed("pulse outputs with nothing to do", lambda i: billing.pulses.tick(second * 1000 % (1 << 29)), 50)
book(59 - second % 60)


def to(hour, minute):
    global second
    second = seconds(2026, 2, 1, hour, minute, 0) - at - 1
    clock.now = at + second
    billing.marks[0] = (at + second) // 60
    billing.marks[1] = 59000


energy(0)


def midnight(i):
    global second
    second += 1
    clock.now = at + second
    billing._end, billing._end_ms, billing._end_ticks = at + second, 20, 0
    billing.second()


timed("midnight: record, tariff", midnight)
timed("midnight: self-read", lambda i: billing.rest())
print("resets", billing.periods.counts[0])
serve()
for minute in (1, 14, 15, 30):
    to(0, minute)
    energy(0)
    timed(f"minute {minute}", lambda i: book(1))
serve()
image = bytearray(-(-billing.size // 8) * 8 + 224)
timed("image", lambda i: billing.dump(image, 224), 5)
journal = Journal(flash, places["journal"][0], 8, len(image))
journal.mount()
journal.service()
finish()
timed("image saved", lambda i: journal.append(image))


def all_pulses(i):
    """Ten seconds of 3.4 kW, as the meter asks every 5 ms; the time is of all that."""
    outputs = billing.pulses
    for n in range(2000):
        now = 5 * n
        if n % 200 == 0:
            outputs.feed(watts, now)
        if not (now - outputs.wake) & 0x20000000:
            outputs.tick(now)


billing.pulses = Pulses(tuple([row[:2] for row in model.BILLING.PULSES]))
for i in range(6):
    billing.pulses.configure(i, 1600)
watts = [3450, 0, 300, 0, 0, 0, 3460]
timed("pulse outputs of ten seconds, 3.4 kW", all_pulses)
print("impulses", billing.pulses.counts)
timed("readout of a demand", lambda i: points.read(points_billing.demand(0, 0, 0)), 10)
timed(
    "readout of a previous period", lambda i: points.read(points_billing.tariff_energy(0, 1) + p.HISTORY), 10
)
