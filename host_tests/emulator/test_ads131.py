"""A three-phase meter on the model of the ADS131M08: the real image, a real master, and what may go wrong on
the way.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from emulated import PATIENCE_S, Emulated, image
from pymodbus.client import ModbusTcpClient
from pymodbus.framer import FramerType
from test_meter import BANNER, FLOATS, PT1, ask, write

SELECT = "with open('board.py', 'w') as f: f.write('from board_ads131 import *')"
CT1 = 0x1008
FREQUENCY, V1, V12, I1, NEUTRAL, P1, Q1, PF_SUM = 0, 1, 5, 9, 13, 14, 18, 29
ENERGIES = 0x4620  # of the phases, 0.1 kWh
PHASES = [
    {"volts": 230.0, "amps": 5.0, "lag": 60.0},
    {"volts": 227.0, "amps": 2.5, "lag": -30.0},
    {"volts": 234.0, "amps": 0.05, "lag": 0.0},
]
ANGLES = (0.0, -120.0, -240.0)
LOAD = {"frequency": 50.0, "phases": PHASES}
WATTS = [p["volts"] * p["amps"] * math.cos(math.radians(p["lag"])) for p in PHASES]
VARS = [p["volts"] * p["amps"] * math.sin(math.radians(p["lag"])) for p in PHASES]


def scales() -> tuple[float, float]:
    """Volts at the converter for a volt and for an ampere, of the circuit in docs/hardware.md."""
    return 1 / 991, 150 / 2000


def wire(board: Emulated, load: dict[str, Any]) -> None:
    volts, amps = scales()
    channels: list[dict[str, Any]] = [{"input": 6, "quantity": "neutral", "scale": amps}]
    for k in range(3):
        channels.append({"input": k, "quantity": "volts", "phase": k, "scale": volts})
        channels.append({"input": 3 + k, "quantity": "amps", "phase": k, "scale": amps})
    board("adc", channels=[{"converter": "ads131", **channel} for channel in channels], load=load)


def readings(board: Emulated) -> list[float]:
    data = ask(board, 1, 3, FLOATS >> 8, FLOATS & 255, 0, 64)[1:]
    return list(struct.unpack(">32f", data))


def energies(board: Emulated) -> list[int]:
    """Active import of the phases, then their reactive import and export."""
    data = ask(board, 1, 3, ENERGIES >> 8, ENERGIES & 255, 0, 24)[1:]
    values = struct.unpack(">12i", data)
    return [values[i] for i in (0, 2, 4, 6, 7, 8, 9)]


@pytest.fixture(scope="module")
def board(tmp_path_factory: Any) -> Iterator[Emulated]:
    flash = tmp_path_factory.mktemp("ads131") / "flash.bin"
    with Emulated(image("PICO_EMU"), "--ads131", "--flash", str(flash)) as emulated:
        wire(emulated, LOAD)
        assert emulated("run", ns=5e9, until="uart0", text=BANNER)["found"]
        emulated.run(SELECT)
        emulated("reset")
        assert emulated("run", ns=5e9, until="uart0", text=BANNER)["found"]
        emulated("run", ns=2.5e9)
        yield emulated


@pytest.mark.chosen
def test_the_converter_is_set_up(board: Emulated) -> None:
    # words of 16 bits, reset flag cleared; channels 0-6, no crystal, oversampling of 256, high resolution
    assert board("ads131")["registers"][2:6] == [0x0010, 0x7F86, 0, 0]
    stats = board("stats", clear=True)
    board("run", ns=1e9)
    stats = board("stats")["ads131"]
    # 128 samples a cycle, each of them read once
    assert 6399 <= stats["conversions"] <= 6401
    assert abs(stats["frames"] - stats["conversions"]) <= 1
    assert stats["missed"] == 0


@pytest.mark.chosen
def test_pymodbus_reads_three_phases_and_neutral(board: Emulated) -> None:
    board("pace", paused=False, speed=0)
    client = ModbusTcpClient(
        "127.0.0.1", port=board.ports["uart1"], framer=FramerType.RTU, timeout=PATIENCE_S, retries=0
    )
    assert client.connect()
    answer = client.read_holding_registers(FLOATS, count=64, device_id=1)
    client.close()
    board("pace", paused=True)
    assert not answer.isError()
    values = struct.unpack(">32f", b"".join(struct.pack(">H", register) for register in answer.registers))
    assert values[FREQUENCY] == pytest.approx(50.0, abs=0.002)
    for k in range(3):
        assert values[V1 + k] == pytest.approx(PHASES[k]["volts"], rel=0.0002)
        # 50 mA is 1 % of 5 A: 64 codes of 32768 at its peak
        assert values[I1 + k] == pytest.approx(PHASES[k]["amps"], rel=0.0002 if k < 2 else 0.001)
        assert values[P1 + k] == pytest.approx(WATTS[k], rel=0.0002 if k < 2 else 0.001)
        assert values[Q1 + k] == pytest.approx(VARS[k], rel=0.0005, abs=0.02)
        a, b = k, (k + 1) % 3
        angle = math.radians(ANGLES[a] - ANGLES[b])
        line = math.sqrt(
            PHASES[a]["volts"] ** 2
            + PHASES[b]["volts"] ** 2
            - 2 * PHASES[a]["volts"] * PHASES[b]["volts"] * math.cos(angle)
        )
        assert values[V12 + k] == pytest.approx(line, rel=0.0002)
    neutral = sum(
        p["amps"] * complex(math.cos(math.radians(a - p["lag"])), math.sin(math.radians(a - p["lag"])))
        for p, a in zip(PHASES, ANGLES, strict=True)
    )
    assert values[NEUTRAL] == pytest.approx(abs(neutral), rel=0.0005)
    assert values[P1 + 3] == pytest.approx(sum(WATTS), rel=0.0002)


@pytest.mark.chosen
def test_energies_of_the_phases(board: Emulated) -> None:
    # ratios of 100 and 10,000, so that energy counts fast
    write(board, PT1, 400_000 >> 16, 400_000 & 0xFFFF)
    write(board, CT1, 50_000)
    board("run", ns=2.5e9)
    first = energies(board)
    board("run", ns=5e9)
    counted = [after - before for after, before in zip(energies(board), first, strict=True)]
    seconds = counted[0] / (WATTS[0] * 1_000_000 / 360_000)
    # booked once a second
    assert 3.9 < seconds < 6.1
    expected = [*WATTS, VARS[0], 0, 0, -VARS[1]]
    for i, power in enumerate(expected):
        assert counted[i] == pytest.approx(seconds * power * 1_000_000 / 360_000, rel=0.0005, abs=2), i


def test_what_a_fault_does_to_readings(board: Emulated) -> None:
    board("stats", clear=True)
    for fault in ({"flip": 4}, {"skip": 1}, {"glitch": 1}):
        board("ads131", **fault)
        board("run", ns=1.2e9)
        values = readings(board)
        for k in range(3):
            assert values[V1 + k] == pytest.approx(PHASES[k]["volts"], rel=0.001)
            assert values[P1 + k] == pytest.approx(WATTS[k], rel=0.002)
    stats = board("ads131")
    assert (stats["flipped"], stats["skipped"], stats["glitches"]) == (4, 1, 1)


def test_a_converter_that_has_forgotten_all_is_set_up_again(board: Emulated) -> None:
    board("ads131", reset=True)
    assert board("ads131")["registers"][2] == 0x0510
    board("run", ns=3e9)
    assert board("ads131")["registers"][2:4] == [0x0010, 0x7F86]
    assert readings(board)[V1] == pytest.approx(PHASES[0]["volts"], rel=0.0002)
    assert board("stats")["resets"] == 0  # of the processor, since they were cleared


def test_harmonics_are_read_without_the_filter_of_the_converter(board: Emulated) -> None:
    lines = {"5": [0.1, 20.0], "21": [0.06, 0.0], "41": [0.03, 90.0]}
    phases = [{**phase, "volt_harmonics": lines, "amp_harmonics": lines} for phase in PHASES]
    wire(board, {"frequency": 50.0, "phases": phases})
    # two windows, so that one of them is of this load alone
    board("run", ns=5e9)
    # 2nd to 31st of V1 and of I1, 32nd to 63rd of V1, in 0.01 %
    for address, order, ratio in (
        (0x4062, 5, 0.1),
        (0x4062, 21, 0.06),
        (0x40C8, 21, 0.06),
        (0x4500, 41, 0.03),
    ):
        first = 32 if address == 0x4500 else 2
        at = address + order - first
        (value,) = struct.unpack(">H", ask(board, 1, 3, at >> 8, at & 255, 0, 1)[1:])
        assert value == pytest.approx(10000 * ratio, abs=5), (order, value)


AGREE = """
from array import array
from fourquad.metering.frontends import ads131, ads131_native, ads131_thumb
from fourquad.metering.kernels import native16 as kernel16_native, thumb16 as kernel16_thumb
from fourquad.metering.kernels.plan import Plan
import gc, micropython, time
gc.collect()

def codes(n):
    x = 1
    out = array('H', bytes(2 * n))
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7fffffff
        out[i] = x >> 8 & 65535
    return out

buffer = codes(3 * 128 * 8)
plans = ((7, ((0, 3), (1, 4), (2, 5), (0, 1), (6, 2))), (8, ()), (1, ()), (5, ((4, 0), (2, 3))))
for channels, pairs in plans:
    results = []
    for module in (kernel16_native, kernel16_thumb):
        k = module.Kernel(Plan(channels, pairs, 8), 16)
        k.forms([((i, 1.0),) for i in range(k.plan.size)], k.plan.size)
        k.offsets[0] = 32700
        k.run(buffer, 0, 1)
        k.run(buffer, 128, 2)
        k.run(buffer, 0, 3)
        k.close_fast()
        k.close_second()
        results.append([k.exact(i) for i in range(k.plan.size)] + [x for x in k.means])
        t = time.ticks_us()
        k.run(buffer, 0, 1)
        took = time.ticks_diff(time.ticks_us(), t)
    print(results[0] == results[1], any(results[0]), took)
tables = ads131.tables()
raw = codes(40 * 8)
results = []
for module in (ads131_native, ads131_thumb):
    copy = raw[:]
    found = array('i', [0x9277] + [0] * 8)
    address = kernel16_native.native.address(copy)
    # one good frame among those of noise
    value = 0x9277
    for i in range(5 * 8, 5 * 8 + 7):
        value ^= copy[i]
        value = tables[value >> 8] ^ tables[256 + (value & 255)]
    copy[5 * 8 + 7] = tables[value >> 8] ^ tables[256 + (value & 255)]
    results.append((module.check(address, tables, 40, found), list(found), list(copy)))
print(results[0] == results[1], results[0][0], results[0][1][1:])
"""


def test_assembler_and_viper_agree_to_the_bit(board: Emulated) -> None:
    # the meter stops first
    *kernels, frames = board.run(AGREE, 60000).splitlines()
    assert [line.split()[:2] for line in kernels] == [["True", "True"]] * 4
    # seven channels and five pairs of the nine that three phases need
    assert int(kernels[0].split()[2]) < 900
    assert frames == "True 39 [0, 1, 2, 3, 4, 6, 7, 8]"
