"""Files of a data logger on the emulated board, posted to a server of HTTP that fails half of the time beside
its serial line.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from emulated import Emulated
from networked import board_on_network, write_text
from post_servers import Files, serving
from test_meter import ask, write

CLOCK, MODULE_RESET = 0x1040, 0x101A
LOGGER, CHANNEL, URL, SECRET = 0xDA00, 0xDA30, 0xDD40, 0xDDF4
ENABLE, TO, REAL, DETAILS, INTERVAL, LENGTH = 0, 1, 2, 7, 11, 12
METHOD, AUTHORIZE = 0, 3
SECOND, MINUTE, HTTP, INSTANT = 0, 5, 1, 1
WAITING = 0xDA81
FILES = 4  # with three failures between them, of three kinds
MOST_S = 60  # of emulated time for a file that is late

pytestmark = pytest.mark.thorough


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("502") as emulated:
        yield emulated


def read(board: Emulated, address: int, count: int) -> tuple[int, ...]:
    answer = ask(board, 1, 3, address >> 8, address & 255, 0, count)
    return struct.unpack(f">{count}H", answer[1:])


def clock(board: Emulated) -> datetime:
    return datetime(*read(board, CLOCK, 6))


def leap(board: Emulated) -> tuple[datetime, datetime]:
    """The clock is set to the last seconds of its minute; what it was, and what it became."""
    was = clock(board)
    becomes = was.replace(second=57) + timedelta(minutes=was.second > 50)
    write(board, CLOCK, *becomes.timetuple()[:6])
    return was, becomes


def until(board: Emulated, files: Files, count: int) -> None:
    """So many files have come, and the meter knows that."""
    for _ in range(2 * MOST_S):
        board("run", ns=5e8)
        if len(files.files) >= count and read(board, WAITING, 3)[1] >= count:
            return
    pytest.fail(f"{len(files.files)} files, the meter says {read(board, WAITING - 1, 4)}")


def test_a_server_that_fails_half_of_the_time(board: Emulated) -> None:
    files = Files()
    spans: list[tuple[datetime, datetime]] = []  # in which there is a record of each second
    with serving(files, 0) as port:
        write_text(board, URL, 40, f"http://10.0.2.2:{port}/in?meter=1")
        write_text(board, SECRET, 24, "t0ken")
        for register, value in (
            (CHANNEL + METHOD, HTTP),
            (CHANNEL + AUTHORIZE, 1),
            (LOGGER + REAL, 1),
            (LOGGER + DETAILS, INSTANT),
            (LOGGER + INTERVAL, SECOND),
            (LOGGER + LENGTH, MINUTE),
            (LOGGER + TO, 1),
            (LOGGER + ENABLE, 1),
            (MODULE_RESET, 1),
        ):
            write(board, register, value)
        board("run", ns=4e9)
        _, begin = leap(board)
        for number in range(FILES):
            board("run", ns=5e9)
            until(board, files, number + 1)
            was, becomes = leap(board)
            spans.append((begin, was))
            begin = becomes
        board("run", ns=5e9)
        until(board, files, FILES + 1)
    assert files.repeats >= 1 and files.requests >= len(files.files) + 3
    rows = files.rows(["V1", "V2", "V3", "VAVG"])
    times = [datetime.strptime(row[0], "%Y-%m-%d %H:%M:%S") for row in rows]
    assert times == sorted(set(times)), "none is there twice"
    for begin, end in spans:
        # nor is any missing between two changes of the clock, but what the second of a change would have made
        wanted = {begin + timedelta(seconds=i) for i in range(1, int((end - begin).total_seconds()))}
        assert len(wanted) >= 3 and wanted <= set(times), (wanted, times)
    assert all(float(row[1]) == pytest.approx(230.0, rel=2e-3) for row in rows)
    volts = struct.unpack(">f", ask(board, 1, 3, 0x40, 2, 0, 2)[1:])[0]
    assert volts == pytest.approx(230.0, rel=2e-3)
