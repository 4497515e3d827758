"""`--net modbus=PORT`: Modbus TCP over real sockets, against pymodbus and by the byte. Virtual time stands
still in these tests, so that two masters can compare what they read.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from masters import LOAD
from memory import flat
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerType

from fourquad import points as p
from fourquad.models import kw320
from fourquad.net.desk import Desk
from fourquad.points import columns as c
from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.options import OptionError, model, net_ports
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.ports import PortError
from fourquad_tools.ports.net import Net, NetPort
from fourquad_tools.ports.tcp import LOOPBACK
from fourquad_tools.sim.service_rows import MOST
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_225_600.0  # 2026-01-01
PATIENCE_S = 60.0  # of what must come at all
READ = (3, 0x10, 0x0C, 0, 1)  # the backlight: 1 minute
ANSWER = (3, 2, 0, 1)


class Rig:
    """A simulated kw320 with Modbus TCP and, over TCP, its first serial port."""

    def __init__(self, simulator: Simulator, ports: list[Any]) -> None:
        self.simulator = simulator
        self.ports = {port.name: port.port for port in ports}

    @property
    def stats(self) -> dict[str, int]:
        counts: dict[str, int] = self.simulator.stats()["ports"]["modbus"]
        return counts

    async def raw(self) -> Raw:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports["modbus"])
        return Raw(reader, writer)


class Raw:
    """A client by the byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def expect(self, data: bytes) -> None:
        got = await asyncio.wait_for(self._reader.readexactly(len(data)), PATIENCE_S)
        assert got == data

    async def expect_end(self) -> None:
        """The meter closes the connection, and has nothing more to say before."""
        assert await asyncio.wait_for(self._reader.read(), PATIENCE_S) == b""

    async def drain(self) -> None:
        await self._writer.drain()

    def abort(self) -> None:
        self._writer.transport.abort()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def frame(transaction: int, unit: int, *body: int) -> bytes:
    """Messaging guide V1.0b, 3.1.3."""
    return struct.pack(">HHHB", transaction, 0, len(body) + 1, unit) + bytes(body)


@contextlib.asynccontextmanager
async def meter() -> AsyncIterator[Rig]:
    plant, adc = plant_from_json(LOAD)
    simulator = Simulator(model("kw320"), plant, adc, Storage(None), START)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        asked = Wanted([], [("rs485", 0)], [("modbus", 0, None)])
        ports = await Opener({"": simulator}, asked, stack).open()
        simulator.warm_up()
        yield Rig(simulator, ports)


def on_a_meter(test: Callable[[Rig], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """The coroutine as a test of its own meter."""

    async def run() -> None:
        async with meter() as rig:
            await test(rig)

    def wrapped() -> None:
        asyncio.run(run())

    wrapped.__name__ = test.__name__
    return wrapped


@contextlib.asynccontextmanager
async def pymodbus(port: int, framer: FramerType = FramerType.SOCKET) -> AsyncIterator[AsyncModbusTcpClient]:
    client = AsyncModbusTcpClient("127.0.0.1", port=port, framer=framer, timeout=PATIENCE_S, retries=0)
    assert await client.connect()
    try:
        yield client
    finally:
        client.close()


async def read(client: AsyncModbusTcpClient, address: int, count: int) -> list[int] | int:
    """The registers, or the exception code."""
    answer = await client.read_holding_registers(address, count=count, device_id=1)
    return answer.exception_code if answer.isError() else answer.registers


def spans() -> list[tuple[int, int]]:
    """First address and number of every stretch of registers that the model's tables name; a read stays
    within one.
    """
    rows = kw320.REGIONS + kw320.SETTING_REGISTERS + kw320.COMMAND_REGISTERS
    taken = {a for row in rows for a in range(row[c.ADDRESS], row[c.ADDRESS] + row[c.REGISTERS])}
    firsts = sorted(a for a in taken if a - 1 not in taken)
    return [(a, next(n for n in range(1, 0x10000) if a + n not in taken)) for a in firsts]


@on_a_meter
async def test_every_address_is_as_on_the_serial_port(rig: Rig) -> None:
    for offset in (0, 1):  # of the side that is presented
        assert rig.simulator.device.points.write(p.SETTING + p.BASIC_MODE, offset) == p.OK
        async with (
            pymodbus(rig.ports["modbus"]) as net,
            pymodbus(rig.ports["rs485"], FramerType.RTU) as line,
        ):
            total = 0
            for first, count in spans():
                for at in range(first, first + count, 125):
                    n = min(125, first + count - at)
                    words = await read(net, at, n)
                    assert words == await read(line, at, n), f"{at:04X}"
                    total += len(words) if isinstance(words, list) else 0
                for outside in (first - 1, first + count):
                    assert await read(net, outside, 1) == await read(line, outside, 1) == 2
            assert total > 1400
            for function in ("read_coils", "read_discrete_inputs"):
                bits = [await getattr(one, function)(0, count=8, device_id=1) for one in (net, line)]
                assert bits[0].bits == bits[1].bits


@on_a_meter
async def test_a_write_over_one_is_read_over_the_other(rig: Rig) -> None:
    async with pymodbus(rig.ports["modbus"]) as net, pymodbus(rig.ports["rs485"], FramerType.RTU) as line:
        assert not (await net.write_register(0x100C, 17, device_id=1)).isError()
        assert await read(line, 0x100C, 1) == [17]
        assert not (await net.write_registers(0x1005, [1, 0x86A0], device_id=1)).isError()
        assert await read(line, 0x1005, 2) == [1, 0x86A0]
        assert (await net.write_register(0x1003, 5, device_id=1)).exception_code == 3
        assert not (await net.write_coil(0, True, device_id=1)).isError()
        assert (await line.read_coils(0, count=1, device_id=1)).bits[0]


@on_a_meter
async def test_four_clients_at_once(rig: Rig) -> None:
    async def poll(which: int) -> None:
        async with pymodbus(rig.ports["modbus"]) as client:
            for _ in range(50):
                answers = await asyncio.gather(*(read(client, 0x1001, n) for n in range(1, 5)))
                assert [len(words) for words in answers if isinstance(words, list)] == [1, 2, 3, 4]
                assert await read(client, 0x4000 + 2 * which, 2) == expected[which]

    async with pymodbus(rig.ports["modbus"]) as client:
        expected = [await read(client, 0x4000 + 2 * which, 2) for which in range(4)]
    await asyncio.gather(*(poll(which) for which in range(4)))
    assert rig.stats["requests"] == rig.stats["answers"] == 4 + 4 * 50 * 5
    assert rig.stats["exceptions"] == rig.stats["bad_frames"] == 0


@on_a_meter
async def test_half_a_frame_keeps_nobody_waiting(rig: Rig) -> None:
    request = frame(7, 1, *READ)
    for cut in (1, 5, 6, 7, 11):
        slow, quick = await rig.raw(), await rig.raw()
        slow.send(request[:cut])
        for i in range(20):
            quick.send(frame(i, 1, *READ))
            await quick.expect(frame(i, 1, *ANSWER))
        slow.send(request[cut:])
        await slow.expect(frame(7, 1, *ANSWER))
        await slow.close()
        await quick.close()


@on_a_meter
async def test_pipelined_requests(rig: Rig) -> None:
    client = await rig.raw()
    requests = b"".join(frame(i, (1, 0, 255)[i % 3], *READ) for i in range(1000))
    client.send(requests)
    await client.expect(b"".join(frame(i, (1, 0, 255)[i % 3], *ANSWER) for i in range(1000)))
    await client.close()


@on_a_meter
async def test_who_does_not_read_is_not_read_from(rig: Rig) -> None:
    # answers of 250 octets to requests of 12: they would fill the memory if all were made
    rude, other = await rig.raw(), await rig.raw()
    for _ in range(50):
        rude.send(b"".join(frame(i, 1, 3, 0x40, 0, 0, 125) for i in range(1000)))
        other.send(frame(1, 1, *READ))
        await other.expect(frame(1, 1, *ANSWER))
    assert rig.stats["answers"] < 25_000
    rude.abort()
    await other.close()


@pytest.mark.parametrize(
    "data",
    [
        b"\0\1\1\0\0\6\1\3\x10\x0c\0\1",  # protocol id 256
        b"\0\1\0\1\0\6\1\3\x10\x0c\0\1",
        b"\0\1\0\0\0\0",  # nothing follows
        b"\0\1\0\0\0\1\1",  # a unit id and no request
        b"\0\1\0\0\0\xff\1\3",  # longer than a request can be
        b"\0\1\0\0\xff\xff\1\3",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\x03\x40\x00\x00\x02\xd1\xcb",  # RTU
    ],
)
def test_what_is_no_modbus_tcp_is_closed(data: bytes) -> None:
    async def run(rig: Rig) -> None:
        client, other = await rig.raw(), await rig.raw()
        client.send(frame(3, 1, *READ) + data)
        await client.expect(frame(3, 1, *ANSWER))
        await client.expect_end()
        other.send(frame(4, 1, *READ))
        await other.expect(frame(4, 1, *ANSWER))
        assert rig.stats["bad_frames"] == 1 and rig.stats["requests"] == 2
        await client.close()
        await other.close()

    on_a_meter(run)()


@on_a_meter
async def test_another_unit_is_behind_no_gateway(rig: Rig) -> None:
    client = await rig.raw()
    client.send(frame(1, 9, *READ) + frame(2, 1, *READ))
    await client.expect(frame(1, 9, 0x83, 11) + frame(2, 1, *ANSWER))
    assert rig.stats["other_units"] == 1
    await client.close()


@on_a_meter
async def test_without_power_nobody_answers(rig: Rig) -> None:
    client = await rig.raw()
    client.send(frame(1, 1, *READ)[:9])
    client.send(frame(1, 1, *READ)[9:])
    await client.expect(frame(1, 1, *ANSWER))
    client.send(frame(2, 1, *READ)[:9])
    while rig.stats["bytes_in"] < 21:
        await asyncio.sleep(0)
    rig.simulator.power_off()
    client.send(frame(3, 1, *READ))
    while rig.stats["bytes_in"] < 33:
        await asyncio.sleep(0)
    rig.simulator.power_on()
    while rig.simulator.services["modbus"].parts is None:
        rig.simulator.step()
    # what was begun before the cut is forgotten
    client.send(frame(4, 1, *READ))
    await client.expect(frame(4, 1, *ANSWER))
    assert rig.stats["requests"] == 2
    await client.close()


async def all_gone(rig: Rig) -> None:
    """Wait until the server has no client left, and no task of its own: a newcomer is let in at once then."""
    while rig.stats["clients"] or len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)


async def come_and_go(rig: Rig, count: int) -> None:
    for i in range(count):
        client = await rig.raw()
        # some have asked, some have begun to, some are reset while they wait
        client.send(frame(i & 0xFFFF, 1, *READ)[: (0, 5, 12)[i % 3]])
        if i % 3 == 2:
            await client.expect(frame(i & 0xFFFF, 1, *ANSWER))
        await client.close()
    await all_gone(rig)


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.thorough)])
def test_connections_that_come_and_go_leave_nothing(count: int) -> None:
    async def run(rig: Rig) -> None:
        # machines are used again: there are as many as there were connections at once
        clients = [await rig.raw() for _ in range(MOST)]
        for client in clients:
            client.send(frame(0, 1, *READ))
            await client.expect(frame(0, 1, *ANSWER))
        for client in clients:
            await client.close()
        await all_gone(rig)
        await come_and_go(rig, 200)
        # a connection that is not forgotten keeps its machine, of 520 bytes and more
        with flat(20 * count):
            await come_and_go(rig, count)
        assert rig.stats["accepted"] == count + 200 + MOST

    on_a_meter(run)()


@on_a_meter
async def test_bytes_of_chance_end_in_an_answer_or_in_the_end(rig: Rig) -> None:
    rng = random.Random(502)
    for _ in range(100):
        client = await rig.raw()
        client.send(rng.randbytes(rng.randrange(8, 300)))
        await client.close()
    client = await rig.raw()
    client.send(frame(1, 1, *READ))
    await client.expect(frame(1, 1, *ANSWER))
    await client.close()


def test_options() -> None:
    usual = {"modbus": 5020, "web": 8080}
    assert net_ports([], usual) == [] and net_ports([], {}) == []
    assert net_ports(["modbus=0"], usual) == [("modbus", 0, None)]
    assert net_ports(["all"], usual) == [("modbus", 5020, None), ("web", 8080, None)]
    assert net_ports(["modbus=0.0.0.0:502"], usual) == [("modbus", 502, "0.0.0.0")]
    assert net_ports(["modbus=[::1]:502"], usual) == [("modbus", 502, "::1")]
    for pairs, words in (
        (["modbus"], "must be NAME=PORT"),
        (["modbus=x"], "no port from 0 to 65535"),
        (["modbus=65536"], "no port from 0 to 65535"),
        (["modbus=127.0.0.1:x"], "no port from 0 to 65535"),
        (["modbus=localhost:1"], "no IP address"),
        (["dnp3=1"], r"no service 'dnp3' \(its services: modbus, web\)"),
        (["modbus=1", "modbus=2"], "twice"),
        (["all", "web=2"], "twice"),
    ):
        with pytest.raises(OptionError, match=words):
            net_ports(pairs, usual)
    with pytest.raises(OptionError, match="no network services"):
        net_ports(["modbus=1"], {})


def test_a_port_in_use_is_told_by_its_option() -> None:
    async def run() -> None:
        async with meter() as rig:
            with pytest.raises(PortError, match="--net modbus: port .* in use"):
                Net().open(NetPort(Desk("modbus", "stream", None), rig.ports["modbus"], LOOPBACK))

    asyncio.run(run())


def test_the_command_tells_where_it_is() -> None:
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--headless", "--net", "modbus=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        name, _, where = process.stderr.readline().partition(" on ")
        hint = process.stderr.readline()
        process.terminate()
    port = where.strip().rpartition(":")[2]
    assert name == "modbus" and int(port) > 0 and hint.startswith(f"  mbpoll -m tcp -p {port} -a 1 ")


@pytest.mark.parametrize(("words", "why"), [(["--model", "a1000"], "no network services")])
def test_a_meter_without_modbus_says_so(words: list[str], why: str) -> None:
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--headless", "--net", "modbus=0", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 2 and why in done.stderr
