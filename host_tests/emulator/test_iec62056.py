"""IEC 62056-21 on the emulated RP2040: the image as an A1000, the same bytes as MicroPython on a PC."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from emulated import BUILD, ROOT, Emulated, image

from fourquad.models.a1000 import obis
from fourquad.protocols.iec62056 import characters
from fourquad.protocols.iec62056.characters import WITH_PARITY, block_check

BANNER = "not started"
KEY = 6
PURE = ROOT / "host_tests" / "pure"
FAKES = PURE / "protocols" / "iec62056_fakes.py"
P0 = b"\x01P0\x02()\x03`"

# The second port, an optical head, is on the UART that the other boards' console (USB) leaves free: here its
# interrupt is given back first, as if nobody had ever had it.
OPTICAL = """
import board
import __main__ as main
from machine import mem32
board.MODEL = "a1000"
board.PORTS = (board.PORTS[0], (0, 0, 1, None))
def start():
    mem32[0x40034038] = 0
    vectors = mem32[0xE000ED08]
    mem32[vectors + 4 * (16 + 20)] = mem32[vectors + 4 * (16 + 31)]
    main.build().run()
"""

# What the board runs at the prompt: a port over the fakes' points.
PORT = """
import time, board
from chip.uart import Port
from fourquad.device.ports import StreamPort
fake = Fake(ch.FOLLOW)
port = StreamPort(Port(*board.PORTS[0], fake.slave.answer), fake.slave)
def go():
    while True:
        port.poll(time.ticks_ms())
"""
UNIX = """
from protocols.iec62056_fakes import *
fake = Fake(ch.FOLLOW)
even = lambda data: bytes([ch.WITH_PARITY[c] for c in data])
print((fake.ask(even(b"/?!\\r\\n"), 400) + fake.ask(even(b"\\x06050\\r\\n"), 2000)).hex())
"""


def numbered(text: str) -> str:
    """Code with the integers of `characters` as numbers, because an image has none of them by name."""

    def number(match: re.Match[str]) -> str:
        value = getattr(characters, match[1])
        return str(value) if isinstance(value, int) else match[0]

    return re.sub(r"\bch\.([A-Z][A-Z0-9_]*)\b", number, text)


def even(data: bytes) -> bytes:
    """With parity bits, as a 7E1 line carries it."""
    return bytes(WITH_PARITY[c] for c in data)


def seven(data: bytes) -> bytes:
    """Without the parity bits, which must be right."""
    assert even(bytes(c & 0x7F for c in data)) == data
    return bytes(c & 0x7F for c in data)


class Line:
    """A master on the board's RS-485 (UART 1), or on another one."""

    def __init__(self, board: Emulated, number: int = 1) -> None:
        self.board = board
        self.number = number
        self.latency_ms = 0.0
        self.gap_ms = 0.0

    def ask(self, data: bytes, timeout_ms: float = 3000, silence_ms: float = 60) -> bytes:
        """Send, and wait for the answer."""
        answer = self.board(
            "transact",
            n=self.number,
            send=even(data).hex(),
            timeout_ms=timeout_ms,
            silence_us=silence_ms * 1000,
        )
        self.latency_ms = (answer["latency_us"] or 0) / 1000
        self.gap_ms = (answer["max_gap_us"] or 0) / 1000
        return seven(bytes.fromhex(answer["reply"]))

    def command(self, text: bytes) -> bytes:
        """A command with header and block check."""
        body = b"\x01" + text + b"\x03"
        return self.ask(body + bytes([block_check(body, 1, len(body))]))


def text_of(answer: bytes) -> bytes:
    """What is in STX ... ETX, the block check verified."""
    assert answer[0] == 2 and block_check(answer, 1, len(answer) - 1) == answer[-1]
    return answer[1:-2]


@pytest.fixture
def board() -> Iterator[Emulated]:
    """A board whose first key was held down when it started: the prompt, and all channels of the DMA free."""
    with Emulated(image("PICO_EMU")) as emulated:
        emulated("gpio", pin=KEY, value=0)
        assert emulated("run", ns=5e9, until="uart0", text=BANNER)["found"]
        emulated("gpio", pin=KEY, value=None)
        yield emulated


@pytest.mark.chosen
def test_the_image_as_an_a1000(board: Emulated) -> None:
    board.run(OPTICAL)
    board("uart", n=0, text="start()\r")
    board("run", ns=4e9)
    line = Line(board)
    assert line.ask(b"/?000001!\r\n", silence_ms=200) == b"/FQD5A1000V01\r\n"
    assert 200 <= line.latency_ms <= 1500
    readout = line.ask(b"\x06050\r\n", timeout_ms=12000, silence_ms=300)
    assert text_of(readout).count(b"\r\n") == len(obis.READOUT) + 1
    assert 200 <= line.latency_ms <= 1500
    print(f"measuring: after {line.latency_ms:.0f} ms, longest gap {line.gap_ms:.1f} ms")
    assert line.gap_ms < 150
    assert line.ask(b"/?1!\r\n", silence_ms=200) == b"/FQD5A1000V01\r\n"
    assert line.ask(b"\x06051\r\n") == P0
    assert text_of(line.command(b"R1\x020.9.4()")).startswith(b"0.9.4(")
    assert 200 <= line.latency_ms <= 1500
    assert line.command(b"P1\x02(00000000)") == b"\x06"
    assert line.command(b"W1\x020.9.4(260208120000)") == b"\x06"
    assert text_of(line.command(b"R1\x020.9.4()")).startswith(b"0.9.4(2602081200")
    assert text_of(line.command(b"W1\x0213.0.1(0000,F1)")) == b"(ER06 PRG)"
    # meanwhile the optical port, without an address, at its own speed
    head = Line(board, 0)
    assert board("stats")["uart"][0]["baud"] == pytest.approx(300, rel=0.001)
    assert head.ask(b"/?!\r\n", silence_ms=200) == b"/FQD5A1000V01\r\n"
    assert 200 <= head.latency_ms <= 1500
    assert head.ask(b"\x06051\r\n") == P0
    assert board("stats")["uart"][0]["baud"] == pytest.approx(9600, rel=0.001)
    assert head.command(b"P1\x02(00000000)") == b"\x06"
    assert head.command(b"W1\x0296.80.0(1)") == b"\x06"
    assert text_of(head.command(b"R1\x0296.3.2()")) == b"96.3.2(0001)"
    assert text_of(line.command(b"R1\x0296.3.3()")) == b"96.3.3(0000)"
    assert head.command(b"B0") == b""
    assert line.command(b"B0") == b""
    for port in (head, line):
        assert port.ask(b"/?1!\r\n", silence_ms=200) == b"/FQD5A1000V01\r\n"


def test_same_bytes_as_on_a_pc(board: Emulated) -> None:
    micropython = BUILD / "micropython-unix"
    if not micropython.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("not built: build/micropython-unix")
    environment = {**os.environ, "MICROPYPATH": f"{ROOT / 'lib'}:{PURE}"}
    made = subprocess.run(
        [micropython, "-X", "heapsize=2M", "-c", UNIX], env=environment, capture_output=True, check=True
    )
    expected = bytes.fromhex(made.stdout.decode())
    board.run(numbered(FAKES.read_text() + PORT), timeout_ms=20000)
    board("uart", n=0, text="go()\r")
    board("run", ns=1e8)
    line = Line(board)
    answer = line.ask(b"/?!\r\n", silence_ms=200)
    readout = line.ask(b"\x06050\r\n", timeout_ms=12000, silence_ms=100)
    assert even(answer + readout) == expected
    assert text_of(readout).count(b"\r\n") == len(obis.READOUT) + 1
    assert line.gap_ms < 60, "the pieces follow each other"
    print(f"{len(readout)} bytes, after {line.latency_ms:.0f} ms, longest gap {line.gap_ms:.1f} ms")
