"""Data logs of the simulator, with pymodbus over Modbus TCP and a serial port: what they hold is what the
masters read when it was recorded.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerType

from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import StateError, Storage

START = 1_767_225_600.0  # 2026-01-01
LOAD = {
    "phases": [{"volts": 230.0, "amps": 5.0}, {"volts": 231.0, "amps": 6.0}, {"volts": 229.0, "amps": 7.0}],
    # another voltage in each of the first minutes
    "timeline": [{"at": 60.0 * n + 30, "phases": [{"volts": 200.0 + 5 * n}, {}, {}]} for n in range(8)],
}
PATIENCE_S = 60.0
# V1 V2 V3, the energy, a maximum demand's neighbour that is reserved, an angle
REGISTERS = (*range(0x4002, 0x4008), 0x4048, 0x4049, 0x412B, 0x42A0)
SIZES = (2, 2, 2, 2, 1, 1)
SIZE = 12 + 2 * len(REGISTERS)


@contextlib.asynccontextmanager
async def meter() -> AsyncIterator[tuple[Simulator, Any, Any]]:
    plant, adc = plant_from_json(LOAD)
    simulator = Simulator(model("kw320"), plant, adc, Storage(None, 24), START)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        ports = await Opener({"": simulator}, Wanted([], [("rs485", 0)], [("modbus", 0, None)]), stack).open()
        simulator.warm_up()
        where = {port.name: port.port for port in ports}
        masters = []
        for name, framer in (("modbus", FramerType.SOCKET), ("rs485", FramerType.RTU)):
            master = AsyncModbusTcpClient(
                "127.0.0.1", port=where[name], framer=framer, timeout=PATIENCE_S, retries=0
            )
            assert await master.connect()
            stack.callback(master.close)
            masters.append(master)
        yield simulator, *masters


async def read(master: Any, address: int, count: int) -> list[int]:
    answer = await master.read_holding_registers(address, count=count, device_id=1)
    assert not answer.isError(), answer
    registers: list[int] = answer.registers
    return registers


async def write(master: Any, address: int, *values: int) -> None:
    answer = await master.write_registers(address, list(values), device_id=1)
    assert not answer.isError(), answer


async def window(master: Any, offset: int, count: int) -> bytes:
    await write(master, 0x6000, 0, count << 8, offset >> 16, offset & 0xFFFF)
    assert await read(master, 0x6001, 1) == [count << 8 | 0x0B]
    data = struct.pack(">123H", *await read(master, 0x6004, 123))
    assert not any(data[count * SIZE :])
    return data[: count * SIZE]


async def records_are_what_the_meter_read() -> None:
    async with meter() as (simulator, net, line):
        packed = [SIZES[i] << 8 | SIZES[i + 1] for i in range(0, len(SIZES), 2)]
        await write(net, 0x1102, *REGISTERS)
        await write(line, 0x1177, *packed)
        await write(net, 0x1100, len(REGISTERS) << 8 | 100, 1)
        assert (await read(line, 0x6001, 1))[0] == 0xAA
        # an erase a second at most, of the sixteen sectors of 4 KB that make one of 64 KB
        await simulator.advance(25)
        assert (await read(line, 0x6001, 1))[0] == 0xBB
        # 100 sectors of 64 KB, as the manual counts them
        most = await read(net, 0x6100, 2)
        assert most[0] << 16 | most[1] == 100 * (65536 // SIZE)
        seen = []
        for _ in range(8):
            # to 20 s after the next minute: the load changes at the half
            await simulator.advance(60 - (simulator.now + 2) % 60 + 20)
            words = [await read(line, register, 1) for register in REGISTERS]
            seen.append([word for (word,) in words])
        for master, other in ((net, line), (line, net)):
            status = await read(master, 0x6100, 12)
            assert status[2:5] == [0, 8, SIZE]
            assert status[6:9] == [0x1A01, 0x0100, 0x0100] and status[9:12] == [0x1A01, 0x0100, 0x0800]
            data = await window(master, 0, 7)
            # another master in between
            assert await window(other, 7, 1) != b""
            assert struct.pack(">123H", *await read(master, 0x6004, 123)).startswith(data)
            data += await window(master, 7, 1)
            for n in range(8):
                number, *when = struct.unpack(">I6B", data[n * SIZE : n * SIZE + 10])
                words = struct.unpack(f">{len(REGISTERS)}H", data[n * SIZE + 10 : (n + 1) * SIZE - 2])
                assert (number, when) == (n + 1, [26, 1, 1, 0, n + 1, 0])
                volts = struct.unpack(">f", struct.pack(">HH", *words[:2]))[0]
                assert abs(volts - (200.0 + 5 * n)) < 0.2
                # what changes within twenty seconds is the energy
                assert list(words[:6]) + list(words[8:]) == seen[n][:6] + seen[n][8:]
                assert 0 <= seen[n][7] - words[7] <= 1 and words[6] == seen[n][6]


def test_records_are_what_the_meter_read() -> None:
    asyncio.run(records_are_what_the_meter_read())


async def quick_time_records_each_minute() -> None:
    async with meter() as (simulator, net, _):
        await write(net, 0x1102, 0x4002, 0x4003)
        await write(net, 0x1177, 0x0200)
        await write(net, 0x1100, 0x0264, 15)
        await simulator.advance(25)
        await simulator.advance(86400, 3600)
        status = await read(net, 0x6100, 12)
        assert status[2:5] == [0, 96, 16]
        assert status[6:9] == [0x1A01, 0x0100, 0x0F00] and status[9:12] == [0x1A01, 0x0200, 0x0000]
        # and a cut of the power leaves them
        simulator.power_off(warning=False)
        await simulator.advance(3600)
        simulator.power_on()
        await simulator.advance(5)
        assert (await read(net, 0x6100, 4))[3] == 96


def test_quick_time_records_each_minute() -> None:
    asyncio.run(quick_time_records_each_minute())


def test_a_folder_keeps_the_size_of_its_flash(tmp_path: Path) -> None:
    made = Storage(str(tmp_path), 2)
    assert made.flash.sectors == 512
    made.flash.program(0, b"\0")
    made.close()
    again = Storage(str(tmp_path))
    assert again.flash.sectors == 512
    again.close()
    with pytest.raises(StateError, match="2097152 bytes instead of 4194304"):
        Storage(str(tmp_path), 4)
    assert Storage(None).flash.sectors == 352
