"""The emulated serial lines: bytes take their time, frames on TCP stay whole, the console serves mpremote."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from emulated import JOURNAL, Emulated, image, patient

pytestmark = pytest.mark.chosen

ECHO = """
import machine, time
line = machine.UART(1, {baud}, tx=machine.Pin(4), rx=machine.Pin(5), timeout=0, rxbuf=512)
def echo(timer):
    global seen, since
    count = line.any()
    if count and count == seen and time.ticks_diff(time.ticks_us(), since) > {wait}:
        line.write(line.read())
        count = 0
    if count != seen:
        seen, since = count, time.ticks_us()
seen = since = 0
timer = machine.Timer(period=1, mode=machine.Timer.PERIODIC, callback=echo)
"""


def test_transaction_is_measured(board: Emulated) -> None:
    board.run(ECHO.format(baud=19200, wait=4000))
    answer = board("transact", n=1, send="0103000000c5cd", timeout_ms=500)
    assert answer["reply"] == "0103000000c5cd"
    assert answer["bytes"] == 7
    assert 4000 < answer["latency_us"] < 10000
    assert answer["max_gap_us"] < 10
    silent = board("transact", n=1, send="", timeout_ms=50)
    assert silent["reply"] == "" and silent["latency_us"] is None
    # 31 ms there, as many back: the time-out is in the middle of the answer
    long = bytes(range(60)).hex()
    assert board("transact", n=1, send=long, timeout_ms=50)["reply"] == long
    board.run("timer.deinit()")


def test_bytes_take_their_time(board: Emulated) -> None:
    board.run(
        "import machine\n"
        "line = machine.UART(1, 9600, tx=machine.Pin(4), rx=machine.Pin(5))\n"
        "line.write(bytes(24))"
    )
    board("run", ns=50e6)
    stats = board("stats")["uart"][1]
    assert stats["baud"] == pytest.approx(9600, rel=0.001)
    read = board("uart", n=1, read=True)
    assert read["hex"].endswith("00" * 24)


def test_fifo_overruns_when_nobody_reads(board: Emulated) -> None:
    before = board("stats")["uart"][1]["overruns"]
    board.run(
        "import machine\nline = machine.UART(1, 38400, tx=machine.Pin(4), rx=machine.Pin(5), rxbuf=256)"
    )
    board("uart", n=1, send="55" * 1000)
    board.run(JOURNAL + "journal.ioctl(6, 0)")
    assert board("stats")["uart"][1]["overruns"] > before


def test_tcp_frames_are_whole_however_they_arrive() -> None:
    """A request in pieces is held together in real time, so that it has no gap in emulated time."""
    with Emulated(image(), "--hold", "2000", paused=False) as running:
        running("pace", speed=0)
        running.run(ECHO.format(baud=19200, wait=4000))
        with running.uart(1) as line:
            for piece in (b"\x01\x03\x00", b"\x00\x00\x02", b"\xc4\x0b"):
                line.sendall(piece)
                time.sleep(0.02)
            reply = b""
            while len(reply) < 8:
                reply += line.recv(64)
            assert reply == bytes.fromhex("010300000002c40b")
        assert running("stats")["uart"][1]["max_gap_us"] < 10


def test_real_time_pace() -> None:
    """A second of emulated time takes a second; of a computer that is too slow, longer."""
    with Emulated(image(), paused=False) as running:
        wall, start = time.monotonic(), running("stats")["ns"]
        while (passed := running("stats")["ns"] - start) < 1e9:
            pass
        assert passed / 1e9 <= (time.monotonic() - wall) * 1.02


def test_mpremote_reaches_the_console() -> None:
    with Emulated(image(), paused=False) as running:
        running("pace", speed=0)
        console = f"socket://127.0.0.1:{running.ports['uart0']}"
        command = [sys.executable, "-m", "mpremote", "connect", console, "exec", "print(6 * 7)"]
        result = subprocess.run(command, capture_output=True, text=True, env=patient())
        assert result.stdout.strip() == "42", result.stderr
