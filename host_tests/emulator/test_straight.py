"""A meter behind a converter with erratum RP2040-E11: straightened codes, bursts of conversions, maintenance
on the console.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

import pytest
from emulated import Emulated, image
from test_meter import board_module, crc

from fourquad.metering import calibration as cal
from fourquad_tools.cli import main

NOISE = 0.97 / 4096


@pytest.fixture
def bench() -> Iterator[Emulated]:
    with Emulated(image("PICO_EMU")) as board:
        board("run", ns=1e9)
        yield board


def connect(board: Emulated, amps: float, **more: Any) -> None:
    module = board_module()
    inputs = (("volts", 0, module.VOLTS_PER_CODE), ("volts", 1, module.VOLTS_PER_CODE))
    inputs += (("amps", 0, module.AMPS_PER_CODE), ("amps", 1, module.AMPS_PER_CODE))
    channels = [
        {"input": i, "quantity": quantity, "phase": phase, "scale": 1 / scale, "offset": 2048}
        for i, (quantity, phase, scale) in enumerate(inputs)
    ]
    phase = {"volts": 230.0, "amps": amps, "lag": 60.0}
    load = {"noise": NOISE, "phases": [phase, {**phase, "volt_angle": 180.0}], **more}
    board("adc", channels=channels, load=load, e11=True)


def start(board: Emulated, **options: bool) -> None:
    """A session of maintenance, with the heap of a fresh start: a soft reset of the raw REPL runs no main."""
    for text in ("\x03", "\x03", "\x01", "\x04"):
        board("uart", n=0, text=text)
        board("run", ns=0.5e9)
    text = "import board\n" + "".join(f"board.{name} = {value}\n" for name, value in options.items())
    board.run(text + "import maintenance\nm = maintenance.Session()", 60000)


def look(board: Emulated) -> dict[str, Any]:
    seen: dict[str, Any] = ast.literal_eval(board.run("print(m.look(1300))", 60000))
    return seen


def ratio(board: Emulated) -> float:
    """How much more 0.25 A reads than 5 A would have it."""
    readings = []
    for amps in (5.0, 0.25):
        connect(board, amps)
        look(board)
        seen = [look(board) for _ in range(2)]
        readings.append(sum(s["watts"][0] for s in seen) / 2 / amps)
    return readings[1] / readings[0] - 1


def test_crooked_codes_break_the_class(bench: Emulated) -> None:
    connect(bench, 5.0)
    start(bench, STRAIGHT=False)
    assert ratio(bench) > 0.009


@pytest.mark.parametrize("bursts", [False, True])
def test_straight_codes_hold_it(bench: Emulated, bursts: bool) -> None:
    connect(bench, 5.0)
    start(bench, STRAIGHT=True, BURSTS=bursts)
    assert abs(ratio(bench)) < 0.003
    out = bench.run("s = m._app.sampler\nprint(s.overruns, m._app.meter.state.gaps, len(s.buffer), s.inputs)")
    # a ring of cycles of 128 frames of four channels, in halfwords
    cycles = 16 if bursts else 14
    assert out.split() == ["0", "0", str(cycles * 128 * 4 * 2), "4"]
    # what it costs
    code = """
import time
app = m._app
t = []
for i in range(20):
    while app.sampler.available() < 1: pass
    a = time.ticks_us()
    app.sampler.prepare(1)
    b = time.ticks_us()
    app.meter.run(app.sampler.buffer, app.sampler.frame, 1, app.sampler.period)
    c = time.ticks_us()
    app.sampler.take(1)
    t.append((time.ticks_diff(b, a), time.ticks_diff(c, b)))
t.sort()
print(t[10])
"""
    prepared, summed = ast.literal_eval(bench.run(code, 60000))
    print("prepare", prepared, "us, sums", summed, "us a cycle of 20 ms")
    assert prepared < 200  # 1 % of the time


def test_assembler_does_what_python_does(bench: Emulated) -> None:
    for text in ("\x03", "\x01", "\x04"):
        bench("uart", n=0, text=text)
        bench("run", ns=0.5e9)
    code = """
import uctypes
from array import array
from fourquad.metering.frontends import codes, codes_thumb
for shift in range(4):
    table = codes.straight_table(shift)
    step = 7 << shift
    totals = array('H', [min(step * i, 4095 << shift) for i in range(600)])
    wanted = [codes.straighten(x, table, shift) for x in totals]
    codes_thumb.straighten(uctypes.addressof(totals) + 2, 598, table, shift)
    print(list(totals)[1:-1] == wanted[1:-1], totals[0] == 0, totals[599] == min(step * 599, 4095 << shift))
"""
    assert bench.run(code, 60000).split() == ["True"] * 12


def test_bursts_have_less_noise_and_follow_the_mains(bench: Emulated) -> None:
    connect(bench, 0.02, frequency=52.3)
    start(bench, STRAIGHT=True, BURSTS=True)
    bench.run("m.show_noise(True)", 60000)
    look(bench)
    seen = look(bench)
    assert seen["frequency"] == pytest.approx(52.3, abs=0.002)
    per_code = board_module().AMPS_PER_CODE
    noise = math.sqrt(max(seen["amps"][0] ** 2 - 0.02**2, 0.0)) / per_code
    # 0.97 codes over the root of 8, and what whole codes add
    assert 0.2 < noise < 0.6


def test_a_calibration_is_kept_on_the_board(bench: Emulated) -> None:
    connect(bench, 5.0)
    start(bench, STRAIGHT=True)
    before = look(bench)
    assert before["source"] == "none" and before["channels"] == [["V", 1], ["V", 2], ["I", 1], ["I", 2]]
    record = cal.changed(tuple(before["record"]), 0, cal.GAIN, 10000)
    record = cal.changed(record, 2, cal.PHASE, -5000)
    bench.run(f"m.store({record})", 60000)
    after = look(bench)
    assert after["volts"][0] / before["volts"][0] == pytest.approx(1.01, abs=5e-4)
    assert after["amp_angles"][0] - before["amp_angles"][0] == pytest.approx(-0.5, abs=0.03)
    bench("uart", n=0, text="m.end()\r")
    bench("reset")
    bench("run", ns=1e9)
    start(bench, STRAIGHT=True)
    seen = look(bench)
    assert tuple(seen["record"]) == record and seen["source"] == "own"


def test_the_wiring_check_reaches_a_board_by_its_console(capsys: pytest.CaptureFixture[str]) -> None:
    with Emulated(image("PICO_EMU"), "--speed", "0", paused=False) as board:
        connect(board, 5.0)
        board("run", ns=2e9)
        port = f"socket://127.0.0.1:{board.ports['uart0']}"
        assert main(["check-wiring", "--port", port, "--lag", "60"]) == 0
        text = capsys.readouterr().out
        assert "50.000 Hz" in text and "nothing is wrong" in text
        # the board has started anew by itself: its meter answers
        frame = bytes((1, 3, 0x40, 0, 0, 2))
        request = (frame + crc(frame)).hex()
        assert any(board("transact", n=1, send=request, timeout_ms=200)["reply"] for _ in range(50))
