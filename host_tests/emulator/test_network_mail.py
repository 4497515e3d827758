"""Mail after alarms from the emulated board to a server that somebody else wrote (aiosmtpd), whose first
answer is lost: no alarm is, and a repeat can be told.
"""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from emulated import Emulated
from mail_server import Box, serving
from networked import board_on_network, write_text
from test_meter import ask, write

MODULE_RESET = 0x101A
MAIL, SERVER, FROM, USER, PASSWORD, TO = 0xD7E0, 0xDC00, 0xDC14, 0xDC37, 0xDC4B, 0xDC5B
RESULT, SENT = 0xDCE0, 0xDCE2
ALARMS, CHANNELS, ALARM, ALARM_WORDS = 0x1046, 0x1048, 0x104E, 5
VOLTS, HERTZ, GREATER = 1, 0, 1  # codes of what is watched
SOON_S, MINUTE_S = 20, 75

pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore:Requiring AUTH")]


class Lossy(Box):
    """Takes the first mail, and hangs up instead of saying so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        if len(self.mails) == 1:
            server.transport.abort()
        return said


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("502") as emulated:
        yield emulated


def read(board: Emulated, address: int) -> int:
    return int.from_bytes(ask(board, 1, 3, address >> 8, address & 255, 0, 1)[1:], "big")


def until(board: Emulated, box: Box, count: int, seconds: int) -> None:
    for _ in range(2 * seconds):
        if len(box.mails) >= count:
            return
        board("run", ns=5e8)
    pytest.fail(f"{len(box.mails)} mails, the meter says {read(board, RESULT)}")


def alarm(board: Emulated, number: int, code: int, above: int) -> None:
    """An alarm that there is reason for, at once."""
    write(board, ALARM + ALARM_WORDS * number, code, GREATER, above, 0, 0)
    write(board, CHANNELS, (2 << number) - 1)


def codes(mail: EmailMessage) -> set[int]:
    """What the alarms in a mail are about."""
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    return {int(row["CODE"]) for row in csv.DictReader(files["alarms.csv"].splitlines())}


def test_an_answer_that_is_lost_and_an_alarm_meanwhile(board: Emulated) -> None:
    box = Lossy()
    with serving(box, auth_require_tls=False) as port:
        for address, words, what in (
            (SERVER, 20, "mail.example"),
            (FROM, 20, "Technical Support"),
            (USER, 20, "me@example.com"),
            (PASSWORD, 16, "pass word"),
            (TO, 20, "you@example.com"),
        ):
            write_text(board, address, words, what)
        write(board, MAIL, 1, port, 1, 0, 3)
        write(board, MODULE_RESET, 1)
        board("run", ns=3e9)
        write(board, ALARMS, 1)
        alarm(board, 0, VOLTS, 2000)
        until(board, box, 1, SOON_S)
        assert codes(box.mails[0]) == {VOLTS} and read(board, SENT) == 0
        alarm(board, 1, HERTZ, 4000)
        until(board, box, 2, MINUTE_S)
        board("run", ns=2e9)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"], "the repeat takes the place of the first"
    assert codes(second) == {VOLTS, HERTZ} and read(board, SENT) == 1
    assert [each.rcpt_tos for each in box.envelopes] == [["you@example.com"]] * 2
    volts = struct.unpack(">f", ask(board, 1, 3, 0x40, 2, 0, 2)[1:])[0]
    assert volts == pytest.approx(230.0, rel=2e-3)
