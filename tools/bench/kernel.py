"""Runs on the board, and on MicroPython and CPython on a PC: what each kernel takes for one cycle's sums, and
its spectrum for the harmonics of a window.

Prints lines: "sums", name of the kernel, channels, pairs, microseconds and bytes of garbage a cycle; and
"harmonics", name, channels, microseconds a cycle of the window, milliseconds and bytes to work it out, the
longest slice in us.
"""

import gc
import sys
import time
from array import array

from fourquad import points as p
from fourquad.metering.channels import Channel
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.kernels.plan import FRAMES, Plan
from fourquad.metering.wiring import Network

KERNELS = ("native", "thumb", "vector")
PLANS = ((3, ((0, 1),)), (4, ((0, 2), (1, 3))), (6, ((0, 3), (1, 4), (2, 5))))
WIRINGS = (("VVII", (1, 2, 1, 2), 4), ("VVVIII", (1, 2, 3, 1, 2, 3), 0))
BOARD = sys.platform == "rp2"
CYCLES = 8 if BOARD else 2000
WINDOW = 10

if hasattr(time, "ticks_us"):
    clock_us = time.ticks_us
else:

    def clock_us():
        return time.perf_counter_ns() // 1000


allocated = getattr(gc, "mem_alloc", None)


def codes(channels):
    """A cycle of something."""
    return array("H", [(37 * i + i // 7) & 4095 for i in range(FRAMES * channels)])


def sums(name, module):
    """What a cycle takes."""
    for channels, pairs in PLANS:
        kernel, ring = module.Kernel(Plan(channels, pairs), 12), codes(channels)
        kernel.run(ring, 0, 1)
        gc.collect()
        gc.disable()
        garbage = "-"
        if allocated:
            before = allocated()
            kernel.run(ring, 0, 1)
            garbage = allocated() - before
        gc.enable()
        start = clock_us()
        for _ in range(CYCLES):
            kernel.run(ring, 0, 1)
        print("sums", name, channels, len(pairs), (clock_us() - start) / CYCLES, garbage)


def harmonics(name, module):
    """What a window takes."""
    for kinds, phases, wiring in WIRINGS:
        n = len(kinds)
        channels = [Channel(kinds[c], phases[c], 0.2, c / n) for c in range(n)]
        network = Network(channels, wiring, 0)
        kernel = module.Kernel(Plan(n, network.pairs), 12)
        made = Harmonics(array("i", [0] * p.HARMONICS))
        spectrum = kernel.spectrum()
        for _ in made.prepare(spectrum, channels, 0):
            pass
        made.configure(network, spectrum, 0, True)
        ring = codes(n)
        made.begin()
        start = clock_us()
        for _ in range(WINDOW):
            made.run(ring, 0, 1)
        cycle = (clock_us() - start) / WINDOW
        gc.collect()
        gc.disable()
        before = allocated() if allocated else 0
        total = longest = 0
        while True:
            start = clock_us()
            if not made.work(127):
                break
            took = clock_us() - start
            total += took
            longest = max(longest, took)
        garbage = allocated() - before if allocated else "-"
        gc.enable()
        print("harmonics", name, n, cycle, total / 1000, garbage, longest)


for kind in KERNELS:
    try:
        code = __import__("fourquad.metering.kernels." + kind, None, None, ("Kernel",))
    except (ImportError, SyntaxError, NameError):
        continue
    sums(kind, code)
    harmonics(kind, code)
