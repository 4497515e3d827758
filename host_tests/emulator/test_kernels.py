"""The two kinds of machine code on the chip: the same to the bit, within the time, nothing allocated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from emulated import ROOT, Emulated

MODULES = (
    "__init__",
    "points/__init__",
    "metering/channels",
    "metering/wiring",
    "metering/psophometric",
    "metering/harmonics",
    "metering/__init__",
    "metering/kernels/__init__",
    "metering/kernels/plan",
    "metering/kernels/table",
    "metering/kernels/phasors_native",
    "metering/kernels/spectrum_native",
    "metering/kernels/sums_native",
    "metering/kernels/native",
    "metering/kernels/thumb",
    "metering/kernels/make",
)

FOLDERS = ("fourquad", "fourquad/points", "fourquad/metering", "fourquad/metering/kernels")

TRY = """
import gc, micropython, time
from array import array
from fourquad.metering.kernels import make as kernel, native as kernel_native, thumb as kernel_thumb
from fourquad.metering.kernels.plan import Plan

def codes(n):
    x = 1
    out = array('H', bytes(2 * n))
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7fffffff
        out[i] = x >> 8 & 4095
    return out

def made(module, channels, pairs):
    k = module.Kernel(Plan(channels, pairs), 12)
    k.forms([((i, 1.0),) for i in range(k.plan.size)], k.plan.size)
    return k

def totals(k):
    k.close_fast()
    k.close_second()
    return [k.exact(i) for i in range(k.plan.size)], [k.fast[i] for i in range(k.plan.size)]

def timed(k, buffer):
    t = t1 = 0
    k.run(buffer, 0, 1)
    gc.collect()
    micropython.heap_lock()
    t = time.ticks_us()
    k.run(buffer, 128, 1)
    t1 = time.ticks_us()
    micropython.heap_unlock()
    return time.ticks_diff(t1, t)
"""
FOUR = "4, ((0, 1), (0, 2), (1, 3), (2, 3))"
SEVEN = "7, ((0, 1), (0, 2), (1, 2), (0, 3), (1, 4), (2, 5), (3, 4), (3, 5), (4, 5))"


@pytest.fixture(scope="module")
def loaded(board: Emulated) -> Iterator[Emulated]:
    """The board with the kernels in its file system."""
    board.run(f"import os\nfor d in {FOLDERS}: os.mkdir(d)")
    for name in MODULES:
        text = (ROOT / "lib" / "fourquad" / f"{name}.py").read_text()
        for at in range(0, len(text), 4000):
            mode = "a" if at else "w"
            part = text[at : at + 4000]
            board.run(f"with open('fourquad/{name}.py', '{mode}') as f: f.write({part!r})\n", 60000)
    board.run(TRY, 60000)
    yield board


@pytest.mark.parametrize("plan", [FOUR, SEVEN, "3, ()", "1, ()", "5, ((4, 0), (2, 3))"])
def test_assembler_and_viper_agree_to_the_bit(loaded: Emulated, plan: str) -> None:
    code = f"""
ks = [made(m, {plan}) for m in (kernel_native, kernel_thumb)]
buffer = codes(3 * 128 * ks[0].plan.channels)
for k in ks:
    k.run(buffer, 0, 2)
    k.run(buffer, 256, 1)
    k.run(buffer, 0, 3)
print(totals(ks[0]) == totals(ks[1]), any(ks[0].fast))
"""
    assert loaded.run(code, 60000) == "True True"


def test_the_chip_takes_the_assembler(loaded: Emulated) -> None:
    assert loaded.run("print(type(kernel.make(Plan(1, ()), 12)) is kernel_thumb.Kernel)") == "True"


@pytest.mark.parametrize(
    ("module", "plan", "limit"),
    [("kernel_native", FOUR, 800), ("kernel_thumb", FOUR, 350), ("kernel_thumb", SEVEN, 600)],
)
def test_time_of_a_cycle(loaded: Emulated, module: str, plan: str, limit: int) -> None:
    code = f"k = made({module}, {plan})\nprint(timed(k, codes(256 * k.plan.channels)))"
    assert int(loaded.run(code, 60000)) < limit


WINDOW = """
from fourquad import points as p
from fourquad.metering.channels import Channel
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.wiring import Network

def window(kinds, phases, wiring):
    n = len(kinds)
    channels = [Channel(kinds[c], phases[c], 0.2, c / n) for c in range(n)]
    network = Network(channels, wiring, 0)
    h = Harmonics(array('i', [0] * p.HARMONICS))
    spectrum = kernel.make(Plan(n, network.pairs), 12).spectrum()
    for _ in h.prepare(spectrum, channels, 0):
        pass
    h.configure(network, spectrum, 0, True)
    buffer = codes(128 * n)
    h.begin()
    gc.collect()
    micropython.heap_lock()
    t = time.ticks_us()
    for _ in range(10):
        h.run(buffer, 0, 1)
    added = time.ticks_diff(time.ticks_us(), t)
    micropython.heap_unlock()
    gc.disable()
    before = gc.mem_alloc()
    total = longest = 0
    while True:
        t = time.ticks_us()
        if not h.work(127):
            break
        t = time.ticks_diff(time.ticks_us(), t)
        total += t
        longest = max(longest, t)
    garbage = gc.mem_alloc() - before
    gc.enable()
    return added + total, longest, garbage
"""


@pytest.mark.parametrize(
    ("channels", "total_us", "garbage"),
    [("'VVII', (1, 2, 1, 2), 4", 45_000, 5_000), ("'VVVIII', (1, 2, 3, 1, 2, 3), 3", 70_000, 10_000)],
)
def test_harmonics_of_a_window(loaded: Emulated, channels: str, total_us: int, garbage: int) -> None:
    # every 2 s: 2 to 3 % of the time, in slices of 3 ms, 5 KB of garbage a second at most
    loaded.run(WINDOW, 60000)
    took, longest, allocated = eval(loaded.run(f"print(window({channels}))", 60000))
    assert took < total_us and longest <= 3_000 and allocated < garbage
