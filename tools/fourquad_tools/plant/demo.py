"""The load of a simulator that was given none: a small works with sunshine on its roof, so it exports at
times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from fourquad_tools.plant.generator import Sines
from fourquad_tools.plant.load import PHASE_ANGLES, Event, Load, Phase, State

STEP = 0.5  # seconds between two changes
SCALE = 0.11  # stays within the rated 1 A of a meter with its default transformers
CYCLE = 180.0  # seconds of a demo day
VOLT_HARMONICS = {5: (0.018, 20.0), 7: (0.009, 200.0)}
AMP_HARMONICS = {3: (0.09, 170.0), 5: (0.06, 10.0), 7: (0.03, 190.0), 11: (0.01, 0.0)}

# The RMS with harmonics is 230.0 V, so that any master that knows nothing else has a number to check.
VOLTS = 230.0 / math.hypot(1.0, *(ratio for ratio, _ in VOLT_HARMONICS.values()))


def demo(connected: float = 0.0) -> Sines:
    """The default load, without an end."""
    phases = [_phase(i, 0.0) for i in range(3)]
    start = State(50.0, (Phase(**phases[0]), Phase(**phases[1]), Phase(**phases[2])))
    return Sines(Load(start), connected, _events())


def _events() -> Iterator[Event]:
    n = 0
    while True:
        n += 1
        at = n * STEP
        frequency = 50.0 + 0.012 * math.sin(at / 7.0) + 0.005 * math.sin(at / 1.9)
        yield Event(at, tuple(_phase(i, at) for i in range(3)), frequency)


def _phase(i: int, at: float) -> dict:
    wave = math.sin(2 * math.pi * at / 23.0 + 2.1 * i) + 0.35 * math.sin(2 * math.pi * at / 5.3 + i)
    # Sunshine grows and fades in the second half of the cycle and turns the active power round.
    sun = max(0.0, math.sin(2 * math.pi * (at / CYCLE - 0.5)))
    use = 5.0 + 0.9 * i + 1.2 * wave
    active = use - (11.5 - i) * min(1.0, 1.4 * sun)
    reactive = 1.8 + 0.5 * math.sin(2 * math.pi * at / 41.0 - i)
    return {
        "volts": VOLTS + 0.025 * math.sin(2 * math.pi * at / 9.0 + 2.0 * i),
        "amps": SCALE * math.hypot(active, reactive),
        "lag": math.degrees(math.atan2(reactive, active)),
        "volt_angle": PHASE_ANGLES[i],
        "volt_harmonics": VOLT_HARMONICS,
        "amp_harmonics": AMP_HARMONICS,
    }
