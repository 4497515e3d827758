"""The pulse input and the alarm contact of the image as an S4100 on the emulated RP2040, and which device
it is.
"""

from __future__ import annotations

from binascii import crc32

import pytest
from emulated import Emulated, image
from test_pulses import connect

BANNER = "Ctrl-C ends it"
INPUT, CONTACT = 17, 14
SHORTEST_MS = 20
# On the board: the loop, as a split phase of 230 V.
START = """
import board, machine, time
board.MODEL = "s4100"
import app
from fourquad import points as p
from fourquad.points import modules as m
from fourquad.points import system as s
meter = app.App()
points = meter.meter.points
for name, value in ((s.SYSTEM_TYPE, 12), (s.SYSTEM_VOLTAGE, 2300)):
    assert points.write(p.SETTING + name, value) == p.OK
meter.sampler.start(meter.meter.frame_period)
def run(ms):
    now = begin = time.ticks_ms()
    while time.ticks_diff(now, begin) < ms:
        meter.loop.visit(now)
        now = time.ticks_ms()
run(100)
"""
COUNT = "print(points.read(p.MODULE + m.COUNT1))"
LOSSES = "print(points.read(s.ALERTS + s.BITMAP) >> 8 & 7)"


def closed(board: Emulated, low: bool, ms: int) -> None:
    """The contact at the input is closed or open for so long."""
    board("gpio", pin=INPUT, value=0 if low else None)
    board.run(f"run({ms})", timeout_ms=4 * ms + 1000)


@pytest.mark.chosen
def test_pulses_count_and_the_contact_follows_a_lost_phase() -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        connect(board, {"volts": 115.0, "amps": 2.0})
        board.run(START, timeout_ms=20000)
        # nobody knows the voltages yet
        assert board("gpio", pin=CONTACT)["level"] == 0
        board.run("run(3000)", timeout_ms=12000)
        assert board.run(LOSSES) == "0" and board("gpio", pin=CONTACT)["level"] == 1
        for pulses in range(1, 6):
            closed(board, True, SHORTEST_MS)
            closed(board, False, 60)
            assert board.run(COUNT) == str(pulses)
        # as many as come while code stands still in the longest erase, and bounces between them
        for _ in range(10):
            for ms in (3, SHORTEST_MS):
                board("gpio", pin=INPUT, value=0)
                board("run", ns=1e6 * ms)
                board("gpio", pin=INPUT, value=None)
                board("run", ns=1e6 * (SHORTEST_MS - 3))
        closed(board, False, 60)
        # there is room for eight; the next closure tells of the others
        assert board.run(COUNT) == "13"
        closed(board, True, SHORTEST_MS)
        closed(board, False, 60)
        assert board.run(COUNT) == "16"
        connect(board, {"volts": 60.0, "amps": 2.0})
        board.run("run(3000)", timeout_ms=12000)
        assert board.run(LOSSES) == "3" and board("gpio", pin=CONTACT)["level"] == 0
        serial = board.run(
            "from binascii import hexlify\nprint(hexlify(machine.unique_id()).upper().decode())"
        )
        number = int(board.run("print(points.read(p.SETTING + s.DEVICE_NUMBER))"))
    assert number == 1000000 + crc32(serial.encode()) % (1 << 21)
