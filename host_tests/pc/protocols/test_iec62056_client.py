"""IEC 62056-21 with an independent master (PyPI iec62056-21, as it is) on a pseudo-terminal and on TCP."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from iec62056_21 import messages
from iec62056_21.client import Iec6205621Client
from protocols.iec62056_fakes import NOON, Fake

from fourquad.models import a1000
from fourquad.models.a1000 import obis
from fourquad.protocols.iec62056 import characters as ch
from fourquad.protocols.iec62056.slave import COUNTERS, IDLE
from fourquad_tools.ports.pseudo_terminal import PtyPort
from fourquad_tools.ports.tcp import TcpPort
from fourquad_tools.sim.clients import Client
from fourquad_tools.sim.lines import SerialLine, poll_lines

DAY = 96


class FakeStation:
    """What SerialLine needs of a station, with the fakes' slave."""

    framed = False

    def __init__(self, fake: Fake) -> None:
        self.machine = fake.slave
        self.machines = [self.machine]
        self.counters = [COUNTERS]
        self.run = self.machine.run
        self.poll = self.machine.poll

    def follow(self) -> bool:
        return False


class Bench:
    """A meter of the real engines on a pty and a TCP port, served by a loop in a thread of its own."""

    def __init__(self) -> None:
        self.fake = Fake(ch.FOLLOW)
        self.fake.record(3 * DAY, first=NOON + 900)
        self.line = SerialLine(a1000.PORTS[1])
        self.pty = ""
        self.tcp = 0
        self._ready: Future[None] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> Bench:
        self._thread.start()
        self._ready.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        self.line.station = FakeStation(self.fake)  # type: ignore[assignment]
        self.line._points = self.fake.points
        pty = PtyPort("optical", None, lambda send: Client(self.line, send))
        tcp = await TcpPort("optical", 0, lambda send: Client(self.line, send)).open()
        self.pty, self.tcp = pty.device, tcp.port
        self._ready.set_result(None)
        await poll_lines([self.line], self._stop)
        await pty.close()
        await tcp.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as made:
        yield made


def serial_master(bench: Bench) -> Iec6205621Client:
    return Iec6205621Client.with_serial_transport(bench.pty)


def tcp_master(bench: Bench) -> Iec6205621Client:
    return Iec6205621Client.with_tcp_transport(("127.0.0.1", bench.tcp), device_address="1")


Make = Callable[[Bench], Iec6205621Client]


def command(client: Iec6205621Client, kind: str, number: int, code: str | None, value: str) -> None:
    """Send a command; the client's own send_password() is broken."""
    data = messages.DataSet(address=code or "", value=value)
    client.transport.send(messages.CommandMessage(kind, number, data).to_bytes())


def acknowledged(client: Iec6205621Client) -> bool:
    return bytes(client.transport.recv(1)) == b"\x06"


def read(client: Iec6205621Client, kind: int, code: str, value: str) -> list[Any]:
    command(client, "R", kind, code, value)
    # the client ends each block with a line of its own
    lines = [line.data_sets for line in client.read_response().data_block.data_lines if line.data_sets]
    return [[part for s in line for part in (s.address, s.value) if part is not None] for line in lines]


@pytest.mark.parametrize("master", [serial_master, tcp_master])
def test_readout(bench: Bench, master: Make) -> None:
    client = master(bench)
    client.connect()
    answer = client.standard_readout()
    assert (client.manufacturer_id, client.switchover_baudrate) == ("FQD", 9600)
    lines = answer.data_block.data_lines
    assert [line.data_sets[0].address for line in lines if line.data_sets] == [
        f"1-1:{code}" for code in obis.READOUT
    ]
    units = {
        line.data_sets[0].address.split(".")[1]: line.data_sets[0].unit for line in lines if line.data_sets
    }
    assert units.keys() == {"8", "2", "4", "6"} and units["4"] == "kW"
    client.disconnect()


def test_programming(bench: Bench) -> None:
    fake = bench.fake
    client = serial_master(bench)
    client.connect()
    assert client.access_programming_mode().command == "P"
    assert client.read_single_value("1-1:0.9.4").value == "260208120000"
    command(client, "P", 1, None, "00000000")
    assert acknowledged(client)
    client.write_single_value("1-1:0.9.4", "260304101112")
    assert client.read_single_value("1-1:0.9.4").value == "260304101112"
    command(client, "W", 1, "1-1:13.0.1", "0000,F1;0630,F2")
    assert client.read_response().data[0].value == "ER06 PRG"
    fake.program()
    client.write_single_value("1-1:13.0.1", "0000,F1;0630,F2;2200,F1")
    assert fake.table(0) == b"\0\0\1\6\36\2\26\0\1"
    assert client.read_single_value("1-1:13.0.1").value == "0000,F1;0630,F2;2200,F1"
    client.write_single_value("1-1:96.80.0", "1")
    assert len(fake.done) == 1
    client.send_break()
    client.rest(0.3)
    assert fake.slave.state == IDLE and fake.slave.baud == 300
    assert fake.local_time() == 825_934_272


@pytest.mark.parametrize("kind", [5, 6])
def test_load_profile_of_a_day(bench: Bench, kind: int) -> None:
    client = serial_master(bench)
    client.connect()
    client.access_programming_mode()
    lines = read(client, kind, "P.01", "02602090015;02602100000")
    assert lines[0][:6] == ["P.01", "0260209001500", "00", "15", "6", "1-1:1.29.0"]
    assert len(lines) == 1 + DAY
    assert all(len(line) == 6 for line in lines[1:])
    assert lines[1][0] == "0.0480"
    assert read(client, kind, "P.01", "3501010000;") == [["P.01", "ERROR"]]
    client.send_break()


def test_wrong_password(bench: Bench) -> None:
    client = serial_master(bench)
    client.connect()
    client.access_programming_mode()
    for _ in range(2):
        command(client, "P", 1, None, "11111111")
        assert client.read_response().data[0].value == "ER05 PASSWORD"
    command(client, "P", 1, None, "11111111")
    assert client.transport.read() == b"\x01B0\x03q"
    assert bench.fake.slave.state == IDLE


@pytest.mark.parametrize("instant", [False, True])
def test_characters_take_their_time(bench: Bench, instant: bool) -> None:
    """At 300 baud a character of ten bits takes 33 ms, the sign-on as well as the identification."""
    bench.line.instant = instant
    with socket.create_connection(("127.0.0.1", bench.tcp), timeout=10) as line:
        began = time.monotonic()
        line.sendall(b"/?!\r\n")
        answer = line.recv(1)
        first = time.monotonic() - began
        while not answer.endswith(b"\n"):
            answer += line.recv(100)
        last = time.monotonic() - began
    assert bytes(c & 0x7F for c in answer) == b"/FQD5A1000V01\r\n"
    wire = 0.0 if instant else 10 / 300
    # the slave waits 200 ms at least; this computer may delay whatever it likes
    assert first >= 0.2 + 6 * wire
    assert last - first >= 14 * wire - 0.1
