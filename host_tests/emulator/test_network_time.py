"""The clock of the meter on the emulated board follows a time server that somebody else wrote (chrony), whose
name a name server knows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from chrony_bench import chrony
from emulated import Emulated
from networked import board_on_network, write_text
from test_meter import ask, write

HERE = "127.0.0.1"  # what every address of the board's network is on this computer
MODULE_RESET, NTP, NTP_NOW, CLOCK, SERVERS, FLOATS = 0x101A, 0xD750, 0xD752, 0x1040, 0xD8C0, 0x4000
SERVER_WORDS = 20
STEP_S = 0.1  # of emulated time between two looks
LOOKS = 300
# What is between the server's time and ours: a look, its own two requests, and the way that is reckoned with.
SLACK = timedelta(seconds=0.5)

pytestmark = pytest.mark.thorough


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("502") as emulated:
        yield emulated


def server(board: Emulated, number: int, host: str) -> None:
    """One of the three that are asked in turn."""
    write_text(board, SERVERS + SERVER_WORDS * number, SERVER_WORDS, host)


def clock(board: Emulated) -> datetime:
    words = struct.unpack(">6H", ask(board, 1, 3, CLOCK >> 8, CLOCK & 255, 0, 6)[1:])
    return datetime(*words, tzinfo=timezone.utc)


def now() -> datetime:
    """What the server tells, give or take the way."""
    return datetime.now(timezone.utc)


def set_wrong(board: Emulated) -> None:
    write(board, CLOCK, 2026, 1, 2, 3, 4, 5)
    assert clock(board).year == 2026 and clock(board).day == 2


def follows(board: Emulated, within: int = LOOKS) -> None:
    """Look until the clock is set, and then it is right. It tells whole seconds."""
    before = now()
    for _ in range(within):
        board("run", ns=STEP_S * 1e9)
        told = clock(board)
        after = now()
        if abs(told - after) < timedelta(hours=1):
            assert before.replace(microsecond=0) <= told <= after + SLACK
            return
        before = after - SLACK
    pytest.fail(f"the clock is at {clock(board)}")


def test_by_name_then_asked_at_once_then_by_address(board: Emulated, tmp_path: Path) -> None:
    set_wrong(board)
    with chrony(tmp_path, HERE):
        server(board, 0, "time.example")
        write(board, NTP, 1)
        write(board, MODULE_RESET, 1)
        follows(board)
        # somebody sets it wrong: the next question is an hour away, but for one that is asked for
        set_wrong(board)
        board("run", ns=3e9)
        assert clock(board).day == 2
        write(board, NTP_NOW, 1)
        follows(board)
        assert ask(board, 1, 3, NTP_NOW >> 8, NTP_NOW & 255, 0, 1)[1:] == b"\0\0"
    # nobody answers: the clock goes on from where it is
    set_wrong(board)
    write(board, NTP_NOW, 1)
    board("run", ns=5e9)
    assert (clock(board).month, clock(board).day) == (1, 2)
    # a server that is asked by its address, once it is there
    server(board, 0, "10.0.2.2")
    with chrony(tmp_path, HERE):
        write(board, NTP_NOW, 1)
        follows(board)
    volts = struct.unpack(">f", ask(board, 1, 3, FLOATS >> 8, 2, 0, 2)[1:])[0]
    assert volts == pytest.approx(230.0, rel=2e-3), "it has measured meanwhile"
