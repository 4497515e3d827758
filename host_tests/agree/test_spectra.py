"""Harmonics of the native kernel (MicroPython, 32 bits) and of the vector one (here), from the same waves:
every word the same to rounding.
"""

from __future__ import annotations

import json

import pytest
import unix
from harmonic_waves import Rig

from fourquad import points as p

# Words are in 0.01 % and rounded; the native phasors have 15 bits.
ROUNDING = 2
CASES = {
    "star": "(WAVES, 'VVII', (1, 2, 1, 2), (4, 0))",
    "delta": "(WAVES, 'VVII', (1, 3, 1, 3), (2, 2))",
    "three phases": "(volts + amps, 'VVVIII', (1, 2, 3, 1, 2, 3), (0, 0))",
    "noise": "(NOISE, 'VVII', (1, 2, 1, 2), (4, 0))",
}
SCRIPT = """
import math
from harmonic_waves import Rig
from test_harmonics import WAVES, balanced
volts = balanced(12.0, 7.0)
amps = [{1: (wave[1][0] / 50, wave[1][1] + 30.0), 7: (0.3, 20.0)} for wave in volts]
NOISE = [{h: (x / (h + 1), 37.0 * h * h) for h in range(1, 64)} for x in (200.0, 150.0, 4.0, 3.0)]
rig = Rig(*CASE)
"""
PRINT = "import json; print(json.dumps([list(rig.run()), [int(1e6 * x) for x in rig.harmonics.parts]]))"


@pytest.mark.parametrize("case", CASES)
def test_the_same_to_rounding(case: str) -> None:
    script = SCRIPT.replace("CASE", CASES[case])
    printed = unix.run(script + PRINT, folders=("host_tests/pure", "host_tests/pure/metering"))
    native, native_parts = json.loads(printed)
    space: dict = {}
    exec(script, space)
    rig: Rig = space["rig"]
    vector = list(rig.run())
    assert any(vector)
    for i in range(p.HARMONICS):
        # a ratio may be above 1: relative there
        assert native[i] == pytest.approx(vector[i], abs=ROUNDING, rel=2e-4), i
    for k in range(3):
        assert native_parts[k] == pytest.approx(1e6 * rig.harmonics.parts[k], abs=60)
