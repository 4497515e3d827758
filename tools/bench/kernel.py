"""Runs on the board, and on MicroPython and CPython on a PC: what each kernel takes for one cycle's sums.

Prints a line each: name of the kernel, channels, pairs, microseconds.
"""

import sys
import time
from array import array

from fourquad.metering.plan import FRAMES, Plan

KERNELS = ("kernel_native", "kernel_thumb", "kernel_vector")
PLANS = ((3, ((0, 1),)), (4, ((0, 2), (1, 3))), (6, ((0, 3), (1, 4), (2, 5))))
CYCLES = 8 if sys.platform == "rp2" else 2000

if hasattr(time, "ticks_us"):
    clock_us = time.ticks_us
else:

    def clock_us():
        return time.perf_counter_ns() // 1000


def took_us(kernel, ring, cycles):
    """Microseconds for one cycle."""
    kernel.run(ring, 0, 1)
    start = clock_us()
    for _ in range(cycles):
        kernel.run(ring, 0, 1)
    return (clock_us() - start) / cycles


for name in KERNELS:
    try:
        module = getattr(__import__("fourquad.metering." + name).metering, name)
    except (ImportError, SyntaxError, NameError):
        continue
    for channels, pairs in PLANS:
        ring = array("H", [(37 * i + i // 7) & 4095 for i in range(FRAMES * channels)])
        print(name, channels, len(pairs), took_us(module.Kernel(Plan(channels, pairs), 12), ring, CYCLES))
