"""Pulse outputs of the image as an A1000 on the emulated RP2040: edges on the pins against the energy."""

from __future__ import annotations

import ast

import pytest
from emulated import Emulated, image

BANNER = "Ctrl-C ends it"
PULSES = (19, 20, 21, 22, 24, 25)
CONSTANT, LED = 3400, 13600  # 3409 and 13636 are the most for three times 220 V and 10 A
CODES_PER_VOLT, CODES_PER_AMP = 3.3 / 999.3 / (3.3 / 4096), 200 / 2000 / (3.3 / 4096)
IMPORT = {"volts": 230.0, "amps": 9.5, "lag": 30.0}
EXPORT = {"volts": 230.0, "amps": 9.5, "lag": 210.0}
NOTHING = {"volts": 230.0, "amps": 0.0}
# On the board, of a meter that is there: the loop, and an erase of a sector that nobody needs every 0.3 s.
RUN = """
spare = rp2.Flash(start=254 * 4096, len=4096)
meter.sampler.start(meter.meter.frame_period)
def run(ms):
    now = begin = erased = time.ticks_ms()
    while time.ticks_diff(now, begin) < ms:
        meter.loop.visit(now)
        now = time.ticks_ms()
        if time.ticks_diff(now, erased) >= 300:
            erased = now
            spare.ioctl(6, 0)
run(100)
"""
START = f"""
import board, rp2, time
board.MODEL = "a1000"
import app
from fourquad import points as p
meter = app.App()
for name, value in ((p.PULSE_P, {CONSTANT}), (p.PULSE_Q, {CONSTANT}), (p.LED_P, {LED}), (p.LED_Q, {LED})):
    assert meter.meter.points.check(p.SETTING + name, value) == p.OK
    meter.meter.settings.write(name, value)
{RUN}"""
TOLD = """
pulses = meter.pulses._pulses
joules = [meter.meter.billing.tariffs.joules(i) for i in range(6)]
print([joules, list(pulses.counts), [pulses.waiting[i] + meter.pulses.ahead(i) for i in range(6)]])
"""


def connect(board: Emulated, phase: dict[str, float]) -> None:
    scales = (CODES_PER_VOLT, CODES_PER_VOLT, CODES_PER_AMP, CODES_PER_AMP)
    channels = [
        {"input": i, "quantity": "amps" if i > 1 else "volts", "phase": i % 2, "scale": scale, "offset": 2048}
        for i, scale in enumerate(scales)
    ]
    board("adc", channels=channels, load={"phases": [phase, {**phase, "volt_angle": 180.0}]})


def watched(board: Emulated) -> list[list[tuple[int, int]]]:
    """What each output did since the last look: (level, ns)."""
    return [board("gpio", pin=pin, watch=True)["times"] for pin in PULSES]


@pytest.mark.chosen
def test_edges_are_the_energy() -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        connect(board, IMPORT)
        board.run(START, timeout_ms=20000)
        watched(board)
        for phase, ms in ((IMPORT, 9000), (EXPORT, 4000), (NOTHING, 4000)):
            connect(board, phase)
            board.run(f"run({ms})", timeout_ms=2 * ms)
        joules, counts, waiting = ast.literal_eval(board.run(TOLD))
        seen = watched(board)
    active, export, q1, q3 = joules[0], joules[1], joules[2], joules[4]
    print(f"{joules} J, {counts} impulses, {[len(edges) for edges in seen]} edges")
    assert waiting == [0] * 6
    assert active > 9000 * 3.7 and export > 4000 * 3 and q1 > 9000 * 2 and q3 > 4000 * 1.7
    for i, energy in enumerate((active, export, q1, q3)):
        edges = seen[i]
        assert len(edges) == 2 * counts[i] == 2 * (energy * CONSTANT // 3600000)
        lengths = [round((y[1] - x[1]) / 1e6) for x, y in zip(edges, edges[1:], strict=False)]
        assert set(lengths[0::2]) == {80}, "closed for 80 ms while code stands still"
        assert min(lengths[1::2]) >= 80
    for edges, energy in ((seen[4], active + export), (seen[5], q1 + q3)):
        assert len(edges) == 2 * energy * LED // 3600000
