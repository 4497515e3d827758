"""BACnet/IP on the emulated board with a W5500: who is there, every object once, a change that is told."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from emulated import PATIENCE_S, Emulated
from networked import board_on_network
from test_meter import write

BACNET, MODULE_RESET = 0xD7D0, 0x101A
UDP = "47808/udp"
INPUTS = 71


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network(UDP) as emulated:
        write(emulated, BACNET, 1)
        write(emulated, MODULE_RESET, 1)
        emulated("run", ns=1e9)
        yield emulated


class Client:
    """By the byte; the board's time follows the sockets."""

    def __init__(self, board: Emulated) -> None:
        board("pace", speed=0)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", board.ports["net"][UDP]))

    def hear(self) -> bytes:
        """The NPDU of what comes next."""
        octets = self.socket.recv(1500)
        assert octets[0] == 0x81 and octets[1] == 0x0A and len(octets) == int.from_bytes(octets[2:4], "big")
        return octets[4:]

    def ask(self, npdu: str) -> bytes:
        body = bytes.fromhex(npdu)
        self.socket.send(struct.pack(">BBH", 0x81, 0x0A, 4 + len(body)) + body)
        return self.hear()


def test_who_is_there_every_object_and_a_change(board: Emulated) -> None:
    client = Client(board)
    assert client.ask("01 00 10 08")[2:4] == b"\x10\x00"
    whole = client.ask("01 04 02 05 01 0C 0C 02 3F FF FF 19 4C")
    assert whole[2] == 0x30 and len(whole) >= 14 + 5 * (1 + INPUTS)
    for n in range(1, INPUTS + 1):
        answer = client.ask(f"01 04 02 05 {n:02X} 0E 0C 00 00 00 {n:02X} 1E 09 08 1F")
        assert answer[2:4] == bytes((0x30, n)) and len(answer) > 80, n
    answer = client.ask("01 04 02 05 01 0C 0C 00 00 00 02 19 55")
    assert struct.unpack(">f", answer[14:18])[0] == pytest.approx(230.0, rel=2e-3)
    assert client.ask("01 04 02 05 02 05 09 12 1C 00 00 00 02 29 00 39 3C")[2:] == b"\x20\x02\x05"
    told = client.hear()
    assert told[2:4] == b"\x10\x02" and told[4:6] == b"\x09\x12"
    client.socket.close()
