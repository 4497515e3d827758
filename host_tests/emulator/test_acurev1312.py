"""The image as an AcuRev 1312 on the emulated RP2040: a master over its UART, a key, and what is left of the
heap.
"""

from __future__ import annotations

import ast
import signal
import struct
from pathlib import Path

import pytest
from emulated import PATIENCE_S, Emulated, image
from pymodbus.client import ModbusSerialClient
from test_emulate import Process
from test_load import measure
from test_pulses import RUN, connect

BANNER = "Ctrl-C ends it"
HEAP = 110_000
# The model is chosen and the meter started anew, as `fourquad model` does it.
CHOOSE = "import model; model.choose('acurev1312')"


def floats(client: ModbusSerialClient, address: int, count: int) -> tuple[float, ...]:
    answer = client.read_holding_registers(address, count=2 * count, device_id=1)
    assert not answer.isError(), answer
    return struct.unpack(f">{count}f", struct.pack(f">{2 * count}H", *answer.registers))


def test_it_measures_answers_and_shows(tmp_path: Path) -> None:
    image("PICO_EMU")
    run = Process(tmp_path, model="acurev1312")
    try:
        assert run.ask(cmd="advance", seconds=3)["ok"]
        client = ModbusSerialClient(str(run.path), baudrate=19200, timeout=PATIENCE_S, retries=0)
        assert client.connect()
        assert floats(client, 0x200A, 2) == pytest.approx((230.0, 115.0), rel=2e-3)
        assert floats(client, 0x2002, 1) == pytest.approx((5.0,), rel=5e-3)
        for address, count in ((0x0100, 2), (0x0200, 27), (0x0900, 74), (0x1000, 125), (0x2000, 125)):
            answer = client.read_holding_registers(address, count=count, device_id=1)
            assert not answer.isError() and len(answer.registers) == count, f"{address:04X}H"
        refused = client.write_registers(0x0900, [0, 20], device_id=1)
        assert refused.isError() and refused.exception_code == 4
        for log in (0xD800, 0xD8C0, 0xD980, 0xDA40):
            assert client.read_holding_registers(log, count=1, device_id=1).registers == [0]
        assert not client.write_registers(0x0205, [20], device_id=1).isError()
        record = client.read_holding_registers(0xD980, count=12, device_id=1).registers
        assert record[0] == 1 and record[8] == 4 and record[11] == 20
        client.close()
        before = run.ask(cmd="screen")["rows"]
        assert run.ask(cmd="key", key="SCROLL", ms=2000)["ok"]
        assert run.ask(cmd="screen")["rows"] != before
        assert run.end() == 0
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)


def test_what_is_left_of_the_heap(tmp_path: Path) -> None:
    flash = tmp_path / "flash.bin"
    with Emulated(image("PICO_EMU"), "--flash", str(flash)) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board.run(CHOOSE)
    result = measure(seconds=4, script="heap.py", baud=19200, flash=flash, address=0x2000)["board"]
    print(f"{result['heap_free']} bytes of the heap are free")
    assert result["heap_free"] >= HEAP


# Three phases with the currents of two swapped, put into the readings; then a whole check, step by step.
CHECK = """
import board, gc, time
board.MODEL = "acurev1312"
import app
from fourquad import points as p
meter = app.App().meter
meter.chain.valid = True

class Network:
    phases = 3
    delta = copied = False
    amps = ((3,), (4,), (5,))

meter.readings.network = Network()
readings = meter.readings.secondary
for k in range(3):
    readings[p.V1 + k] = 230
    readings[p.I1 + k] = 5
    readings[p.ANGLE_I1 + k] = (20, 260, 140)[k]
readings[p.ANGLE_V2], readings[p.ANGLE_V3] = 120, 240
meter.wiring.configure()
took = []
now = 1000
while True:
    gc.collect()
    used = gc.mem_alloc()
    t = time.ticks_us()
    meter.wiring.tick(now)
    took.append((time.ticks_diff(time.ticks_us(), t), gc.mem_alloc() - used))
    if meter.wiring._steps is None:
        break
print(len(took), max([t for t, _ in took]), sum([m for _, m in took]), meter.points.read(p.WIRING))
"""


def test_steps_of_the_wiring_check() -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        steps, longest, used, result = (int(word) for word in board.run(CHECK, timeout_ms=60000).split())
    print(f"{steps} steps, the longest {longest} us, {used} bytes in all")
    assert result == 1 << 8 | 6 << 12
    assert steps == 52 and longest <= 4000


PIN = 19  # of the board's first pulse output
# The most that 3 x 240 V x 5 A allow with contacts of 20 ms: 25 a second.
CONSTANT, WIDTH = 25000, 20
LOAD = {"volts": 230.0, "amps": 5.0, "lag": 30.0}
AWAY = {"volts": 230.0, "amps": 5.0, "lag": 210.0}
STILL = {"volts": 230.0, "amps": 0.0}
START = f"""
import board, rp2, time
board.MODEL = "acurev1312"
import app
from fourquad import points as p
meter = app.App()
for name, value in ((p.PULSE_WIDTH, {WIDTH}), (p.PULSE_P, {CONSTANT}), (p.WIRING_CHECK, 0)):
    assert meter.meter.points.write(p.SETTING + name, value) == p.OK
{RUN}"""
TOLD = """
pulses = meter.pulses._pulses
joules = [meter.meter.billing.tariffs.joules(i) for i in range(6)]
print([joules, list(pulses.counts), pulses.waiting[0] + meter.pulses.ahead(0)])
"""


@pytest.mark.chosen
def test_impulses_on_the_pin_are_the_energy() -> None:
    """Consumed active energy, then reactive energy of all quadrants, on the one output."""
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        connect(board, LOAD)
        board.run(START, timeout_ms=20000)
        board("gpio", pin=PIN, watch=True)
        told, seen = [], []
        for phase, ms in ((LOAD, 6000), (AWAY, 3000), (STILL, 3000)):
            connect(board, phase)
            board.run(f"run({ms})", timeout_ms=2 * ms)
        told.append(ast.literal_eval(board.run(TOLD)))
        seen.append(board("gpio", pin=PIN, watch=True)["times"])
        board.run("assert meter.meter.points.write(p.SETTING + p.PULSE_SOURCE, 1) == p.OK")
        for phase, ms in ((LOAD, 4000), (AWAY, 2000), (STILL, 3000)):
            connect(board, phase)
            board.run(f"run({ms})", timeout_ms=2 * ms)
        told.append(ast.literal_eval(board.run(TOLD)))
        seen.append(board("gpio", pin=PIN, watch=True)["times"])
    (active, export, q1, _, q3, _), _, waiting = told[0]
    later, counts, rest = told[1]
    print(f"{told[0][0]} J, then {later} J, {counts} impulses, {[len(edges) for edges in seen]} edges")
    assert waiting == rest == 0
    # 2 kW and 1.15 kvar of two phases
    assert active > 6000 * 1.9 and export > 3000 * 1.5
    reactive = sum(later[2:6]) - q1 - q3
    assert reactive > 5000 * 1.1
    pulses = active * CONSTANT // 3600000
    assert len(seen[0]) == 2 * pulses
    # what was not yet an impulse of the one kind goes on with the other
    assert 0 <= len(seen[1]) - 2 * (reactive * CONSTANT // 3600000) <= 2
    assert sum(counts) == pulses + len(seen[1]) // 2
    for edges in seen:
        lengths = [(y[1] - x[1]) / 1e6 for x, y in zip(edges, edges[1:], strict=False)]
        assert {round(length) for length in lengths[0::2]} == {WIDTH}, "as long while code stands still"
        assert min(lengths[1::2]) >= WIDTH - 0.5
