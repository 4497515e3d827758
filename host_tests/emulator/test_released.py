"""Images for a board and one model, as `make release` makes them, run whole. Their only prompt is on USB,
which is not emulated: they are known by serial line, display and pins.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from emulated import Emulated, image
from test_ads131 import ask, write

MODEL = "acurev1312"
SCROLL, SET, POWER_FAIL = 6, 7, 15
CT1 = 0x0213
READINGS, I_SUM, V_MEAN, F, P, Q = 0x2000, 0, 4, 12, 13, 21
ENERGY, NEUTRAL = 0x204E, 0xD720
RATIO = 10000  # of CT1 50000 A over 5 A
JOULES_A_COUNT = 36000 / RATIO  # of 0.01 kWh of the primary side, on the secondary side
JOULES_AN_IMPULSE = 3600000 / 5000
CODES_A_VOLT = 4096 / 3.3
# The circuits of docs/hardware.md: volts at the converter for a volt and for an ampere, and the pin of KZ.
CIRCUITS = {
    "PICO_ADS131": (2 * 105 / (4 * 30100), 2 * 75 / 2000, 26),
    "PICO": (402 / (4 * 30100), 402 / 2 / 2000, 18),
}
PHASES = [
    {"volts": 230.0, "amps": 5.0, "lag": 30.0},
    {"volts": 229.0, "amps": 4.0, "lag": -20.0},
    {"volts": 231.0, "amps": 3.0, "lag": 60.0},
]
WATTS = [x["volts"] * x["amps"] * math.cos(math.radians(x["lag"])) for x in PHASES]
VARS = [x["volts"] * x["amps"] * math.sin(math.radians(x["lag"])) for x in PHASES]


def connect(board: Emulated, name: str, phases: list[dict[str, float]]) -> None:
    volts, amps, _ = CIRCUITS[name]
    if name == "PICO":
        # one phase; the neutral's transformer is on the wire of another one
        found: list[dict[str, Any]] = [
            {"input": 0, "quantity": "volts", "phase": 0, "scale": volts * CODES_A_VOLT, "offset": 2048},
            {"input": 1, "quantity": "amps", "phase": 0, "scale": amps * CODES_A_VOLT, "offset": 2048},
            {"input": 2, "quantity": "amps", "phase": 1, "scale": amps * CODES_A_VOLT, "offset": 2048},
        ]
        board("adc", channels=found, load={"phases": phases}, e11=True)
        return
    found = [{"input": 6, "quantity": "neutral", "scale": amps}]
    for k in range(3):
        found.append({"input": k, "quantity": "volts", "phase": k, "scale": volts})
        found.append({"input": 3 + k, "quantity": "amps", "phase": k, "scale": amps})
    board("adc", channels=[{"converter": "ads131", **channel} for channel in found], load={"phases": phases})


def floats(board: Emulated, address: int, count: int) -> tuple[float, ...]:
    data = ask(board, 1, 3, address >> 8, address & 255, 0, 2 * count)[1:]
    return struct.unpack(f">{count}f", data)


def counts(board: Emulated) -> int:
    """Consumed active energy, 0.01 kWh."""
    data = ask(board, 1, 3, ENERGY >> 8, ENERGY & 255, 0, 2)[1:]
    (value,) = struct.unpack(">I", data)
    return int(value)


def press(board: Emulated, pin: int, ms: int = 100) -> str:
    """Hold a key; what the display shows then."""
    board("gpio", pin=pin, value=0)
    board("run", ns=ms * 1e6)
    board("gpio", pin=pin, value=None)
    board("run", ns=7e8)
    shown = board("lcd")
    assert shown["lit"]
    return str(shown["hex"])


@pytest.fixture(scope="module", params=sorted(CIRCUITS))
def meter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    name = request.param
    flash = tmp_path_factory.mktemp(name) / "flash.bin"
    options = ["--ads131"] if name == "PICO_ADS131" else []
    with Emulated(image(f"{name}-{MODEL}"), *options, "--flash", str(flash)) as board:
        # the fifth input is the chip's thermometer: 0.706 V at 27 degrees (datasheet 4.9.5)
        board("adc", set={"4": round(0.706 * CODES_A_VOLT)})
        connect(board, name, PHASES)
        board("run", ns=4e9)
        yield board, name, flash


def test_it_measures_and_answers(meter: tuple[Emulated, str, Path]) -> None:
    board, name, _ = meter
    phases = 1 if name == "PICO" else 3
    # not calibrated: of 4096 codes four are ten times as wide, which is a gain of 1 % (docs/accuracy.md)
    part = 1e-2 if name == "PICO" else 2e-4
    values = floats(board, READINGS, 30)
    volts, amps = ([x[key] for x in PHASES[:phases]] for key in ("volts", "amps"))
    assert values[V_MEAN + 1 : V_MEAN + 1 + phases] == pytest.approx(volts, rel=part)
    assert values[I_SUM + 1 : I_SUM + 1 + phases] == pytest.approx(amps, rel=part)
    assert values[I_SUM] == pytest.approx(sum(amps), rel=part)
    assert values[F] == pytest.approx(50.0, abs=0.01)
    kilo = sum(v * i for v, i in zip(volts, amps, strict=True)) / 1000
    assert values[P] == pytest.approx(sum(WATTS[:phases]) / 1000, abs=part * kilo)
    assert values[Q] == pytest.approx(sum(VARS[:phases]) / 1000, abs=2 * part * kilo)
    assert values[P + 1 : P + 1 + phases] == pytest.approx(
        [w / 1000 for w in WATTS[:phases]], abs=part * kilo
    )
    neutral, celsius = floats(board, NEUTRAL, 2)
    if name == "PICO":
        # one channel of the chip's converter is the neutral's, none is the thermometer's
        assert neutral == pytest.approx(PHASES[1]["amps"], rel=part) and math.isnan(celsius)
    else:
        turns = (0.0, -120.0, -240.0)
        angles = [math.radians(turn - x["lag"]) for turn, x in zip(turns, PHASES, strict=True)]
        x = sum(phase["amps"] * math.cos(at) for phase, at in zip(PHASES, angles, strict=True))
        y = sum(phase["amps"] * math.sin(at) for phase, at in zip(PHASES, angles, strict=True))
        assert neutral == pytest.approx(math.hypot(x, y), rel=1e-3)
        assert celsius == pytest.approx(27.0, abs=0.3)
    assert board("stats")["adc"]["overflows"] == 0


def test_keys_turn_pages(meter: tuple[Emulated, str, Path]) -> None:
    board, _, _ = meter
    press(board, SCROLL, 2000)
    # from the second of all values to the first one again
    assert len({press(board, SCROLL) for _ in range(28)}) == 28
    before = press(board, SCROLL, 2000)
    assert press(board, SET) != before
    assert press(board, SCROLL, 2000)


def test_impulses_are_the_energy_register(meter: tuple[Emulated, str, Path]) -> None:
    board, name, _ = meter
    *_, pin = CIRCUITS[name]
    connect(board, name, [{**phase, "amps": 0.0} for phase in PHASES])
    board("run", ns=4e9)
    write(board, CT1, 50000)
    board("run", ns=2e9)
    start = counts(board)
    board("gpio", pin=pin, watch=True)
    connect(board, name, PHASES)
    board("run", ns=12e9)
    connect(board, name, [{**phase, "amps": 0.0} for phase in PHASES])
    board("run", ns=4e9)
    edges = board("gpio", pin=pin, watch=True)["times"]
    joules = (counts(board) - start) * JOULES_A_COUNT
    print(f"{name}: {joules} J, {len(edges)} edges")
    assert joules > 11 * (sum(WATTS) if name != "PICO" else WATTS[0])
    # before the first count and the first impulse there may be a part of one
    assert joules / JOULES_AN_IMPULSE - 1.1 < len(edges) / 2 < joules / JOULES_AN_IMPULSE + 1.1
    lengths = [(y[1] - x[1]) / 1e6 for x, y in zip(edges, edges[1:], strict=False)]
    assert {round(length) for length in lengths[0::2]} == {100}
    assert min(lengths[1::2]) >= 99.5


def test_energy_outlives_a_cut(meter: tuple[Emulated, str, Path]) -> None:
    board, name, _ = meter
    before = counts(board)
    assert before > 0
    # the supply warns, then it is gone
    board("gpio", pin=POWER_FAIL, value=0)
    board("run", ns=2e7)
    board("power", on=False)
    board("run", ns=1e9)
    board("gpio", pin=POWER_FAIL, value=None)
    board("power", on=True)
    connect(board, name, PHASES)
    board("run", ns=3e9)
    after = counts(board)
    watts = sum(WATTS) if name != "PICO" else WATTS[0]
    assert before <= after <= before + 3.2 * watts / JOULES_A_COUNT
    assert struct.unpack(">H", ask(board, 1, 3, CT1 >> 8, CT1 & 255, 0, 1)[1:]) == (50000,)
