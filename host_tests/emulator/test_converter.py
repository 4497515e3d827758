"""The emulated converter and DMA: rate, order, waveforms of a load, chains and pacing timers."""

from __future__ import annotations

import math
import statistics

import pytest
from emulated import Emulated

ADC = "ADC = 0x4004c000\n"

SAMPLE = (
    ADC
    + """
import array, rp2, time
from machine import ADC as Input, mem32
for pin in (26, 27, 28, 29):
    Input(pin)
def sample(count, divider, channels):
    samples = array.array('H', bytes(2 * count))
    dma = rp2.DMA()
    mem32[ADC] = 1
    mem32[ADC + 0x08] = 1 << 24 | 1 << 3 | 1
    while not mem32[ADC + 0x08] & 1 << 8:
        mem32[ADC + 0x0c]
    mem32[ADC + 0x10] = divider
    control = dma.pack_ctrl(size=1, inc_read=False, treq_sel=36)
    dma.config(read=ADC + 0x0c, write=samples, count=count, ctrl=control, trigger=True)
    start = time.ticks_us()
    mem32[ADC] = channels << 16 | 1 << 3 | 1
    while dma.active():
        pass
    took = time.ticks_diff(time.ticks_us(), start)
    mem32[ADC] = 1
    dma.close()
    return samples, took
"""
)


def test_round_robin_takes_the_inputs_in_turn(board: Emulated) -> None:
    board("adc", set={"0": 100, "1": 200, "2": 300, "3": 400})
    assert board.run(SAMPLE + "print(list(sample(9, 1599 << 8, 15)[0]))") == str(
        [100, 200, 300, 400] * 2 + [100]
    )
    assert board.run(SAMPLE + "print(list(sample(5, 1599 << 8, 10)[0])[1:])") == str([200, 400, 200, 400])


def test_sampling_rate_follows_the_fractional_divider(board: Emulated) -> None:
    for divider in (1874 << 8, 1874 << 8 | 128, 0):
        expected = 1000 * max(96, 1 + divider / 256) / 48
        took = int(board.run(SAMPLE + f"print(sample(1000, {divider}, 15)[1])"))
        assert took == pytest.approx(expected, rel=0.002, abs=50)


@pytest.mark.chosen
def test_load_reaches_the_converter(board: Emulated) -> None:
    channels = [
        {"input": 0, "quantity": "volts", "phase": 0, "scale": 4.0},
        {"input": 1, "quantity": "volts", "phase": 1, "scale": 4.0},
        {"input": 2, "quantity": "amps", "phase": 0, "scale": 200.0},
        {"input": 3, "quantity": "neutral", "scale": 200.0},
    ]
    phases = [
        {"volts": 230.0, "amps": 5.0, "lag": 60.0, "amp_harmonics": {"3": [0.2, 0.0]}},
        {"volts": 115.0},
    ]
    board("adc", channels=channels, load={"frequency": 50.0, "phases": phases})
    # 128 samples a cycle and channel, two cycles
    divider = round(48e6 / (50 * 128 * 4) * 256) - 256
    codes = [
        int(code)
        for code in board.run(SAMPLE + f"print(' '.join(map(str, sample(1024, {divider}, 15)[0])))").split()
    ]
    rms = [statistics.pstdev(codes[n::4]) for n in range(4)]
    assert rms[0] == pytest.approx(230.0 * 4, rel=0.002)
    assert rms[1] == pytest.approx(115.0 * 4, rel=0.002)
    assert rms[2] == pytest.approx(5.0 * math.hypot(1, 0.2) * 200, rel=0.002)
    assert rms[3] == pytest.approx(rms[2], rel=0.002)
    power = statistics.fmean((v - 2048) * (i - 2048) for v, i in zip(codes[0::4], codes[2::4], strict=True))
    # the current is converted two sample times later
    late = math.radians(60.0 - 360 * 2 / (128 * 4))
    assert power == pytest.approx(230 * 4 * 5 * 200 * math.cos(late), rel=0.005)
    truth = board("truth")["truth"]
    assert truth["phases"][0]["active"] == pytest.approx(575.0)
    assert truth["phases"][0]["reactive"] == pytest.approx(1150.0 * math.sin(math.pi / 3))
    assert truth["neutral_amps"] == pytest.approx(5.0 * math.hypot(1, 0.2))


def test_timeline_changes_the_load(board: Emulated) -> None:
    load = {
        "phases": [{"volts": 100.0, "amps": 1.0}],
        "timeline": [{"at": 3600, "phases": [{"volts": 200.0}]}],
    }
    board("power", on=False)
    board("adc", channels=[{"input": 0, "quantity": "volts", "phase": 0, "scale": 4.0}], load=load)
    board("run", ns=2 * 3600e9)
    truth = board("truth")["truth"]
    board("power", on=True)
    board.boot()
    assert truth["phases"][0]["volts"] == pytest.approx(200.0)
    assert truth["import_wh"] == pytest.approx(300.0)


def test_dma_chain_runs_without_end(board: Emulated) -> None:
    out = board.run(
        SAMPLE
        + """
lap = array.array('H', bytes(2 * 64))
target = array.array('I', [0])
import uctypes
target[0] = uctypes.addressof(lap)
data, again = rp2.DMA(), rp2.DMA()
mem32[ADC] = 1
mem32[ADC + 0x08] = 1 << 24 | 1 << 3 | 1
mem32[ADC + 0x10] = 1599 << 8
again.config(read=target, write=data.registers[11:12], count=1,
             ctrl=again.pack_ctrl(inc_read=False, inc_write=False), trigger=False)
data.config(read=ADC + 0x0c, write=lap, count=64,
            ctrl=data.pack_ctrl(size=1, inc_read=False, treq_sel=36, chain_to=again.channel), trigger=True)
mem32[ADC] = 15 << 16 | 1 << 3 | 1
places = set()
for i in range(200):
    places.add((data.write - target[0]) // 2)
    time.sleep_us(137)
mem32[ADC] = 1
overflow = mem32[ADC + 0x08] >> 11 & 1
data.active(0)
data.close()
again.close()
print(len(places) > 30, max(places) <= 64, overflow)
"""
    )
    assert out == "True True 0"


@pytest.mark.parametrize("timer", range(4))
def test_dma_pacing_timers(board: Emulated, timer: int) -> None:
    out = board.run(
        f"""
import rp2, time
from machine import mem32
mem32[0x50000420 + 4 * {timer}] = 1 << 16 | 12500
source, copy = bytes(range(100)), bytearray(100)
dma = rp2.DMA()
control = dma.pack_ctrl(size=0, treq_sel=59 + {timer})
start = time.ticks_us()
dma.config(read=source, write=copy, count=100, ctrl=control, trigger=True)
while dma.active():
    pass
print(time.ticks_diff(time.ticks_us(), start), copy == source)
dma.close()
"""
    )
    took, same = out.split()
    assert same == "True"
    assert int(took) == pytest.approx(10000, rel=0.02)
