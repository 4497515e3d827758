"""The driver of a serial port on the emulated RP2040: what is lost while code stands still is counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from emulated import PROMPT, Emulated, image

KEY = 6  # held down at the start, it keeps the meter from starting
RING = 512  # bytes that the driver holds
PORT = """
import board, time
from chip.uart import Port
got = bytearray(1000)
port = Port(*board.PORTS[0], bytearray(8))
port.configure(115200, 3)
def look(ms):
    time.sleep_ms(ms)
    n = port.frame(got)
    print(n, got[n - 1] if n else 0, port.lost(), port.quiet(0))
"""


@pytest.fixture(scope="module")
def board() -> Iterator[Emulated]:
    with Emulated(image("PICO_EMU")) as emulated:
        emulated("gpio", pin=KEY, value=0)
        assert emulated("run", ns=5e9, until="uart0", text=PROMPT)["found"]
        emulated.run(PORT)
        yield emulated


def look(board: Emulated, octets: int, ms: int = 200) -> list[str]:
    """Let so many octets come, the last of which is 99, while nobody looks; what the driver then tells."""
    data = bytes(i & 63 for i in range(octets - 1)) + b"\x63" if octets else b""
    board("uart", n=1, send=data.hex())
    return board.run(f"look({ms})").split()


@pytest.mark.chosen
def test_what_the_ring_cannot_hold_is_counted(board: Emulated) -> None:
    assert look(board, 0) == ["0", "0", "0", "True"]
    assert look(board, 20) == ["20", "99", "0", "True"]
    # one less than there is room for
    assert look(board, RING - 1) == [str(RING - 1), "99", "0", "True"]
    # a quiet line is no loss, however long
    assert look(board, 0, 2000) == ["0", "0", "0", "True"]
    for count, octets in ((1, RING + 1), (2, 700), (3, 3 * RING)):
        length, last, lost, quiet = look(board, octets, 400)
        # the newest are there, and nothing is lost of what comes next
        assert (last, lost, quiet) == ("99", str(count), "True")
        assert RING - 32 <= int(length) < RING
        assert look(board, 20) == ["20", "99", str(count), "True"]


@pytest.mark.chosen
def test_who_waits_for_the_end_of_an_answer_hears_of_it(board: Emulated) -> None:
    """Others may ask for it, too: the port would not take over another speed until the next byte came."""
    asked = "port.send(8); print(port.quiet(0)); time.sleep_ms(20); print(port.sending(), port.quiet(0))"
    assert board.run(asked).split() == ["True", "0", "False"]
    assert look(board, 0) == ["0", "0", str(int(board.run("print(port.lost())"))), "True"]


def test_the_fifo_of_the_uart(board: Emulated) -> None:
    before = int(board.run("print(port.lost())"))
    board.run("from chip import dma; dma.stop(port._channels[:1])")
    # 32 are in it
    look(board, 40)
    board.run("port._wire()")
    assert look(board, 20)[2] == str(before + 1)
