"""The vector kernel: names that ulab has, exact on wide codes, fast enough for the simulator."""

import re
from pathlib import Path

import numpy as np
import pytest
from slow_sums import FRAMES, sums

import fourquad.metering
from fourquad.metering.kernels import make as kernel
from fourquad.metering.kernels import spectrum_vector
from fourquad.metering.kernels import vector as kernel_vector
from fourquad.metering.kernels.plan import Plan
from fourquad.metering.kernels.table import condition

# Of ulab 6.x's numpy: array creation, operations and reductions that this project may use.
ULAB = {
    *(
        "arange",
        "argmax",
        "argmin",
        "array",
        "bool",
        "clip",
        "concatenate",
        "convolve",
        "diff",
        "dot",
        "empty",
    ),
    *("equal", "eye", "float", "frombuffer", "full", "int16", "int8", "interp", "linspace", "max", "maximum"),
    *("mean", "median", "min", "minimum", "not_equal", "ones", "polyfit", "polyval", "roll", "sort", "std"),
    *(
        "sum",
        "trapz",
        "uint16",
        "uint8",
        "vectorize",
        "where",
        "zeros",
        "sin",
        "cos",
        "sqrt",
        "arctan2",
        "trace",
    ),
    *("fft", "imag", "real"),
}

NUMPY_ONLY = {"int64"}  # behind EXACT


def used(path):
    return set(re.findall(r"\bnp\.(\w+)", Path(path).read_text()))


@pytest.mark.parametrize("module", [kernel_vector, spectrum_vector])
def test_only_names_that_ulab_has(module):
    names = used(module.__file__)
    assert names - NUMPY_ONLY <= ULAB
    assert names - NUMPY_ONLY - {"float"} == set(module.ULAB_NAMES)


def test_nothing_else_in_the_core_uses_arrays():
    folder = Path(fourquad.metering.__file__).parents[1]
    others = [path for path in folder.rglob("*.py") if "import numpy" in path.read_text()]
    # waveforms are for numpy alone: no board has the vector kernel yet
    assert {path.name for path in others} == {"vector.py", "spectrum_vector.py", "halves_vector.py"}


@pytest.mark.parametrize("layout", ["array", "flat"])
def test_exact_on_24_bit_codes(layout):
    random = np.random.default_rng(4)
    full = 1 << 23
    codes = random.integers(-full, full, (3 * FRAMES, 7))
    # waves over the noise, so that fundamentals are large too
    codes[:, 0] = (0.9 * full * np.sin(2 * np.pi * np.arange(3 * FRAMES) / FRAMES)).astype(int)
    pairs = ((0, 1), (0, 3), (6, 2))
    plan = Plan(7, pairs)
    k = kernel.make(plan, 24)
    k.forms([((i, 1.0),) for i in range(plan.size)], plan.size)
    k.run(codes if layout == "array" else codes.astype(np.int32).reshape(-1), 0, 2)
    k.run(codes, 2 * FRAMES, 1)
    k.close_fast()
    k.close_second()
    frames = [tuple(map(int, row)) for row in codes]
    expected = sums(frames, frames[0], (0,) * 7, pairs)
    condition(plan, expected, 3, [0] * 7)
    assert [k.exact(i) for i in range(plan.size)] == [x << k.places for x in expected]


def test_a_kernel_can_be_forced():
    plan = Plan(2, ((0, 1),))
    assert isinstance(kernel.make(plan, 12, True), kernel_vector.Kernel)
    assert isinstance(kernel.make(plan, 24), kernel_vector.Kernel)


def test_phasors_of_all_cycles_at_once_are_those_one_by_one():
    """Up to the largest codes for which they are made at once, and above."""
    random = np.random.default_rng(7)
    for bits in (12, 16, 21, 24, 28):
        full = 1 << (bits - 1)
        codes = random.integers(-full, full, (25 * FRAMES, 6))
        codes[:, 0] = (
            (full - 1) * np.sign(np.sin(2 * np.pi * (np.arange(25 * FRAMES) + 0.5) / FRAMES))
        ).astype(int)
        plan = Plan(6, ((0, 3), (1, 4), (2, 5)))
        many, single = (kernel.make(plan, 24) for _ in range(2))
        for k in (many, single):
            k.forms([((i, 1.0),) for i in range(plan.size)], plan.size)
        many.run(codes, 0, 25)
        for cycle in range(25):
            # too few frames for a batch: one cycle is made as a board makes it
            single._phasors(np.dot(single._table, codes[cycle * FRAMES : (cycle + 1) * FRAMES]))
        at = [plan.m(c) for c in range(6)] + [plan.f(k) + i for k in range(3) for i in (0, 1)]
        assert [many._sums[i] for i in at] == [single._sums[i] for i in at], bits
        assert many._swing == single._swing, bits
