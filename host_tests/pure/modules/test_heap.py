"""What I/O modules do every few milliseconds takes nothing from the heap."""

import sys

from events.test_sequence import Bench

from fourquad.points import modules as m


def test_nothing_is_allocated():
    if sys.implementation.name != "micropython":
        return
    import micropython

    bench = Bench("io11", "io12", "io31")
    bench.settings.write(m.IO11_RELAY_OUTPUT, 1)
    bench.settings.write(m.IO12_DI_TYPE, 63)
    io, clock = bench.io, bench.clock

    def rounds(first, last):
        for now in range(first, last):
            if now % 50 == 0:
                io.write(m.RELAY1, 1)
            io.set_inputs(0x3FFF if now & 8 else 0x3C000, now)
            io.alarm_output(m.RELAY1 + 2, now & 16)
            io.tick(now)
            clock.tick(now)

    rounds(0, 200)
    micropython.heap_lock()
    try:
        rounds(200, 900)
    finally:
        micropython.heap_unlock()
    assert io.counts[14] > 20 and bench.newest > 0
