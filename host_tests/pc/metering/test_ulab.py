"""The vector kernel and its spectrum on the real ulab, against the native ones on the same machine. Runs when
FOURQUAD_ULAB names a MicroPython for this computer (32 bits, native emitter) with ulab built into it.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ULAB = os.environ.get("FOURQUAD_ULAB", "")
SCRIPT = """
import gc, json
from array import array
import harmonic_waves
from fourquad.metering import kernel_native, kernel_vector
from fourquad.metering.kernels.plan import Plan
from harmonic_waves import Rig
from slow_sums import FRAMES, halfwords, waves
from test_harmonics import WAVES
from test_kernels import PARTS

PAIRS = ((0, 1), (0, 2), (1, 3), (3, 2))
out = {}
frames = waves(5 * FRAMES, PARTS, noise=20)
for name, module in (("native", kernel_native), ("vector", kernel_vector)):
    plan = Plan(4, PAIRS)
    k = module.Kernel(plan, 12)
    k.forms([((i, 1.0),) for i in range(plan.size)], plan.size)
    buffer = halfwords(frames)
    k.run(buffer, 0, 2)
    k.run(buffer, 2 * FRAMES, 3)
    n = k.close_fast()
    k.close_second()
    fast = [x * k.fast_scale for x in k.fast]
    second = [x * k.second_scale for x in k.second]
    gc.collect()
    before = gc.mem_alloc()
    gc.disable()
    k.run(buffer, 0, 1)
    garbage = gc.mem_alloc() - before
    gc.enable()
    out[name] = [n, k.alive, k.advance, fast, second, garbage]
    made = harmonic_waves.kernel.make
    harmonic_waves.kernel.make = lambda plan, bits: module.Kernel(plan, bits)
    rig = Rig(WAVES)
    harmonic_waves.kernel.make = made
    out[name] += [list(rig.run()), rig.harmonics.parts]
print(json.dumps(out))
"""


@pytest.mark.skipif(not ULAB, reason="FOURQUAD_ULAB names no MicroPython with ulab")
def test_native_and_vector_agree() -> None:
    path = ":".join(str(ROOT / folder) for folder in ("lib", "host_tests/pure", "host_tests/pure/metering"))
    done = subprocess.run(
        [ULAB, "-X", "heapsize=8M", "-c", SCRIPT],
        env={**os.environ, "MICROPYPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    out = json.loads(done.stdout)
    native, vector = out["native"], out["vector"]
    assert native[:2] == vector[:2]
    assert native[2] == pytest.approx(vector[2], abs=1e-5)
    for window in (3, 4):
        # sums in single precision, of products up to 2**31; the native ones rounded to a unit of the window
        scale = max(abs(x) for x in native[window])
        for a, b in zip(native[window], vector[window], strict=True):
            assert a == pytest.approx(b, abs=64 + 2e-6 * scale)
    assert native[5] == 0
    for a, b in zip(native[6], vector[6], strict=True):
        assert a == pytest.approx(b, abs=3)
    assert native[7] == pytest.approx(vector[7], abs=1e-4)
