"""The A1000 as the simulator runs it, and an independent master (PyPI iec62056-21) on its ports."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from iec62056_21 import messages
from iec62056_21.client import Iec6205621Client

from fourquad import models
from fourquad import points as p
from fourquad.models.a1000 import obis
from fourquad.points import billing as b
from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.lines import poll_lines
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_770_552_000  # 2026-02-08 12:00:00 UTC, a Sunday
NOON = START - 946_684_800
DAY = 96
LOAD = {"phases": [{"volts": 230.0, "amps": 5.0, "lag": 30.0}] * 3}
FORMS = {
    "8": r"\d{5}\.\d\d",
    "2": r"\d{4}\.\d{4}",
    "4": r"\d\d\.\d{4}",
    "6": r"\d\d\.\d{4}",
}


class Bench:
    """The simulator with its ports and its clock, in a thread of its own."""

    def __init__(self) -> None:
        plant, adc = plant_from_json(LOAD, 0.0)
        self.simulator = Simulator(models.load("a1000"), plant, adc, Storage(None), START)
        self.simulator.warm_up()
        assert self.simulator.device is not None
        self.meter: Any = self.simulator.device.meter
        self.ports: dict[str, str] = {}
        self._ready: Future[None] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> Bench:
        self._thread.start()
        self._ready.result(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self.simulator.stopping.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            asked = Wanted([], [("rs485", 0), ("optical", 0)], [])
            ports = await Opener({"": self.simulator}, asked, stack).open()
            self.ports = {port.name: port.where for port in ports}
            self._ready.set_result(None)
            lines = self.simulator.lines.values()
            await asyncio.gather(poll_lines(lines, self.simulator.stopping), self.simulator.pace())

    def press(self, key: str, ms: float) -> None:
        """Hold a key until the meter has seen it released."""
        simulator = self.simulator
        assert simulator.device is not None
        done = simulator.device.press(key, ms, simulator.now)
        asyncio.run_coroutine_threadsafe(simulator.advance(ms / 1000 + 1.0), self._loop).result(60)
        assert done()

    def master(self, port: str, address: str = "") -> Iec6205621Client:
        host, _, number = self.ports[port].partition(":")
        client = Iec6205621Client.with_tcp_transport((host, int(number)), device_address=address)
        client.connect()
        return client


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as made:
        yield made


def command(client: Iec6205621Client, kind: str, number: int, code: str, value: str) -> None:
    data = messages.DataSet(address=code, value=value)
    client.transport.send(messages.CommandMessage(kind, number, data).to_bytes())


def password(client: Iec6205621Client, text: str = "00000000") -> None:
    command(client, "P", 1, "", text)
    assert bytes(client.transport.recv(1)) == b"\x06"


def error(client: Iec6205621Client) -> str:
    value: str = client.read_response().data[0].value
    return value


@pytest.mark.parametrize(("port", "address"), [("optical", ""), ("rs485", "000000000001")])
def test_readout(bench: Bench, port: str, address: str) -> None:
    client = bench.master(port, address)
    answer = client.standard_readout()
    seen = []
    for line in answer.data_block.data_lines:
        if line.data_sets:
            first = line.data_sets[0]
            seen.append(first.address)
            kind = first.address.split(".")[1]
            assert re.fullmatch(FORMS[kind], first.value), (first.address, first.value)
            assert first.unit in (("kWh", "kvarh") if kind == "8" else ("kW",))
            if kind == "6":
                assert re.fullmatch(r"\d{10}", line.data_sets[1].value)
    assert seen == [f"1-1:{code}" for code in obis.READOUT]
    client.disconnect()


def test_programming(bench: Bench) -> None:
    client = bench.master("optical")
    client.access_programming_mode()
    assert client.read_single_value("1-1:32.7.0").value == "230.0"
    command(client, "W", 1, "1-1:0.9.4", "260301101112")
    assert error(client) == "ER05 PASSWORD"
    password(client)
    client.write_single_value("1-1:0.9.4", "260301101112")
    assert client.read_single_value("1-1:0.9.4").value.startswith("26030110111")
    command(client, "W", 1, "1-1:13.0.1", "0000,F1;0630,F2")
    assert error(client) == "ER06 PRG"
    bench.press("RESET", 8200)
    assert bench.meter.points.read(p.BILLING + b.PROGRAM_MODE) == 1
    client.write_single_value("1-1:13.0.1", "0000,F1;0630,F2;2200,F3")
    assert client.read_single_value("1-1:13.0.1").value == "0000,F1;0630,F2;2200,F3"
    assert client.read_single_value("96.14.0").value == "2"
    command(client, "W", 1, "1-1:13.0.1", "0630,F2;0000,F1")
    assert error(client) == "ER07 sections do not ascend"
    client.write_single_value("1-1:1.8.2", "12345.67")
    assert client.read_single_value("1-1:1.8.2").value == "12345.67"
    # a sub-interval that does not go together with the demand window, and pulses that could not keep up
    client.write_single_value("0.8.0", "10")
    command(client, "W", 1, "0.8.3", "3")
    assert error(client) in ("ER07 RANGE", "ER09 FORBIDDEN")
    command(client, "W", 1, "0.3.0", "22500")
    assert error(client) in ("ER07 RANGE", "ER09 FORBIDDEN")
    assert client.read_single_value("0.8.3").value == "5"
    bench.press("RESET", 200)
    command(client, "W", 1, "1-1:1.8.2", "0")
    assert error(client) == "ER06 PRG"
    before = int(client.read_single_value("0.1.0").value)
    client.write_single_value("96.80.0", "1")
    assert int(client.read_single_value("0.1.0").value) == before + 1
    assert client.read_single_value("1-1:1.8.2*101").value == "12345.67"
    client.send_break()
    client.disconnect()


@pytest.mark.parametrize("kind", [5, 6])
def test_load_profile_of_a_day(bench: Bench, kind: int) -> None:
    ring = bench.meter.billing.profile.ring
    if ring.count < DAY:
        for n in range(1, 2 * DAY):
            ring.append(NOON // 60 - 5 * DAY * 15 + 15 * n, 0, [100 * n + i for i in range(6)])
    client = bench.master("optical")
    client.access_programming_mode()
    command(client, "R", kind, "P.01", "2602031215;2602041200")
    lines = [line.data_sets for line in client.read_response().data_block.data_lines if line.data_sets]
    head = [part for s in lines[0] for part in (s.address, s.value) if part is not None]
    assert head[:5] == ["P.01", "0260203121500", "00", "15", "6"]
    assert len(lines) == 1 + DAY
    assert [s.value for s in lines[1]] == [f"0.0{100 + i}" for i in range(6)]
    assert [s.value for s in lines[-1]] == [f"0.9{600 + i}" for i in range(6)]
    client.send_break()
    client.disconnect()


def test_display_follows_the_port(bench: Bench) -> None:
    client = bench.master("optical")
    client.access_programming_mode()
    shown = bench.simulator.screen().as_dict()
    assert shown["rx"] and shown["tx"] and shown["lock"]
    client.send_break()
    client.disconnect()


@pytest.mark.thorough
def test_time_that_is_advanced_passes_for_the_protocol_too(bench: Bench) -> None:
    def advance(seconds: float) -> None:
        work = bench.simulator.advance(seconds, leap=10.0)
        asyncio.run_coroutine_threadsafe(work, bench._loop).result(60)

    def tried(text: str) -> bytes:
        """What the meter says to a password in a new session."""
        client = bench.master("rs485", "000000000001")
        client.access_programming_mode()
        command(client, "P", 1, "", text)
        answer = bytes(client.transport.recv(1))
        if answer == b"\x02":
            answer += bytes(b"".join(client.transport.recv(1) for _ in range(5)))
        client.send_break()
        client.disconnect()
        return answer

    for _ in range(2):
        assert tried("11111111") == b"\x02(ER05"
    assert tried("11111111") == b"\x01"  # the break of the third
    advance(200)
    assert tried("00000000") == b"\x02(ER08"
    advance(101)
    assert tried("00000000") == b"\x06"
