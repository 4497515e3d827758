"""Files of a data logger on the emulated board, posted while its serial line is read: to a server of HTTP
that fails half of the time, and to one of FTP that somebody else wrote (pyftpdlib).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from emulated import Emulated
from networked import board_on_network, write_text
from post_servers import Files, serving, serving_ftp
from test_meter import ask, write

CLOCK, MODULE_RESET = 0x1040, 0x101A
LOGGER, CHANNEL, URL, USER, SECRET = 0xDA00, 0xDA30, 0xDD40, 0xDDB8, 0xDDF4
ENABLE, TO, REAL, DETAILS, INTERVAL, LENGTH = 0, 1, 2, 7, 11, 12
METHOD, AUTHORIZE = 0, 3
SECOND, MINUTE, INSTANT = 0, 5, 1
HTTP, FTP = 1, 2
RESULT, SENT, FAILED = 0xDA80, 0xDA82, 0xDA83
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


def until(board: Emulated, come: Callable[[], bool]) -> None:
    """Something has happened, as the meter says."""
    for _ in range(2 * MOST_S):
        board("run", ns=5e8)
        if come():
            return
    pytest.fail(f"the meter says {read(board, RESULT, 4)}")


def set_up(board: Emulated, method: int, url: str, secret: str) -> None:
    """Logger 1 records each second, channel 1 posts each minute; the logger begins."""
    write_text(board, URL, 40, url)
    write_text(board, SECRET, 24, secret)
    for register, value in (
        (CHANNEL + METHOD, method),
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


def post(board: Emulated, count: int) -> list[tuple[datetime, datetime]]:
    """So many files go out; the spans in which there is a record of each second."""
    spans = []
    _, begin = leap(board)
    for number in range(count):
        board("run", ns=5e9)
        until(board, lambda number=number: read(board, SENT, 1)[0] > number)  # type: ignore[misc]
        was, becomes = leap(board)
        spans.append((begin, was))
        begin = becomes
    board("run", ns=5e9)
    until(board, lambda: read(board, SENT, 1)[0] > count)
    return spans


def check(files: Files, spans: list[tuple[datetime, datetime]]) -> None:
    """Each record is there once."""
    rows = files.rows(["V1", "V2", "V3", "VAVG"])
    times = [datetime.strptime(row[0], "%Y-%m-%d %H:%M:%S") for row in rows]
    assert times == sorted(set(times)), "none is there twice"
    for begin, end in spans:
        # nor is any missing between two changes of the clock, but what the second of a change would have made
        wanted = {begin + timedelta(seconds=i) for i in range(1, int((end - begin).total_seconds()))}
        assert len(wanted) >= 3 and wanted <= set(times), (wanted, times)
    assert all(float(row[1]) == pytest.approx(230.0, rel=2e-3) for row in rows)


def meters(board: Emulated) -> None:
    volts = struct.unpack(">f", ask(board, 1, 3, 0x40, 2, 0, 2)[1:])[0]
    assert volts == pytest.approx(230.0, rel=2e-3)


def test_a_server_that_fails_half_of_the_time(board: Emulated) -> None:
    files = Files()
    with serving(files, 0) as port:
        set_up(board, HTTP, f"http://10.0.2.2:{port}/in?meter=1", "t0ken")
        spans = post(board, FILES)
    assert files.repeats >= 1 and files.requests >= len(files.files) + 3
    check(files, spans)
    meters(board)


def test_pyftpdlib_does_not_tell_of_a_file_that_it_has(board: Emulated, tmp_path: Path) -> None:
    with serving_ftp(tmp_path, lost=1) as (port, files):
        write_text(board, USER, 20, "meter")
        set_up(board, FTP, f"ftp://10.0.2.2:{port}/in", "pass word")
        spans = post(board, 1)
        check(files(), spans)
        assert read(board, FAILED, 1)[0] >= 1
    meters(board)
