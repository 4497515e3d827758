"""Every address from 0FFDH to 8E43H with pymodbus, alone and in blocks of 125: a value where the manual has a
register, exception 02 elsewhere. `make test` leaves out most of the addresses that have none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from masters import LOAD
from pymodbus.client import AsyncModbusTcpClient

from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

FIRST, LAST = 0x0FFD, 0x8E43
BLOCK = 125  # registers of a read (Modbus application protocol V1.1b3, 6.3)
PATIENCE_S = 60.0

# What chapter 6.3 of the manual documents, in its order: first address, last address.
SPANS = {
    "system parameters, status, clock": (0x0FFD, 0x1045),
    "alarms": (0x1046, 0x109D),
    "I/O modules": (0x109E, 0x10F3),
    "data logs": (0x1100, 0x133F),
    "100 ms": (0x3000, 0x303B),
    "readings, energies, harmonics": (0x4000, 0x412B),
    "extremes to angles": (0x4136, 0x42A8),
    "alarm records": (0x42A9, 0x4348),
    "pulse counters to events": (0x4349, 0x4439),
    "harmonics from 32, demands of currents": (0x4500, 0x461B),
    "energies of phases and of months": (0x4620, 0x478D),
    "mesh module": (0x4F02, 0x4F14),
    "windows of the data logs": (0x6000, 0x607E),
    "state of data log 1": (0x6100, 0x610B),
    "state of data log 2": (0x6200, 0x620B),
    "state of data log 3": (0x6300, 0x630B),
}
QUALITY = {
    "power quality and waveforms": (0x8000, 0x800F),
    "power quality events": (0x8CFD, 0x8D4F),
    "a waveform": (0x8E00, 0x8E43),
}
# Of these a word is what it is only as long as the meter does not measure; here time stands still.
WINDOWS = (range(0x6000, 0x607F), range(0x8D00, 0x8D50), range(0x8E00, 0x8E44))


def documented(name: str) -> set[int]:
    spans = {**SPANS, **QUALITY} if name == "kw320q" else SPANS
    return {address for first, last in spans.values() for address in range(first, last + 1)}


@contextlib.asynccontextmanager
async def client(name: str) -> AsyncIterator[AsyncModbusTcpClient]:
    """A master of a meter for which time stands still."""
    simulator = Simulator(model(name), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        simulator.warm_up()
        (port,) = await Opener({"": simulator}, Wanted([], [], [("modbus", 0, None)]), stack).open()
        master = AsyncModbusTcpClient("127.0.0.1", port=port.port, timeout=PATIENCE_S)
        assert await master.connect()
        stack.callback(master.close)
        yield master


async def read(master: AsyncModbusTcpClient, address: int, count: int) -> list[int] | int:
    """The registers, or the exception code."""
    answer = await master.read_holding_registers(address, count=count, device_id=1)
    return answer.exception_code if answer.isError() else answer.registers


async def alone(master: AsyncModbusTcpClient, addresses: range | list[int]) -> dict[int, int]:
    """The words of those addresses that have one."""
    words = {}
    for address in addresses:
        word = await read(master, address, 1)
        if isinstance(word, list):
            words[address] = word[0]
        else:
            assert word == 2, f"{address:04X}H: exception {word}"
    return words


async def blocks(master: AsyncModbusTcpClient, there: set[int]) -> int:
    """Read all in blocks of 125, and see that those with a gap are refused whole; how many were not."""
    whole = 0
    for first in range(FIRST, LAST + 1, BLOCK):
        count = min(BLOCK, LAST + 1 - first)
        words = await read(master, first, count)
        if all(address in there for address in range(first, first + count)):
            assert isinstance(words, list) and len(words) == count, f"{first:04X}H"
            whole += 1
        else:
            assert words == 2, f"{first:04X}H"
    return whole


@pytest.mark.parametrize(
    ("name", "far"),
    [
        ("kw320", 2),
        pytest.param("kw320", LAST, marks=pytest.mark.thorough),
        pytest.param("kw320q", 2, marks=pytest.mark.thorough),
    ],
)
def test_every_address_alone_and_in_blocks(name: str, far: int) -> None:
    async def run() -> None:
        there = documented(name)
        near = [a for a in range(FIRST, LAST + 1) if far == LAST or there & set(range(a - far, a + far + 1))]
        async with client(name) as master:
            words = await alone(master, near)
            assert set(words) == there
            # as much as a read may have, from every beginning on: the same words
            for first in sorted(a for a in there if a - 1 not in there):
                while first in there:
                    end = first
                    while end in there and end < first + BLOCK:
                        end += 1
                    block = await read(master, first, end - first)
                    assert isinstance(block, list), f"{first:04X}H"
                    for address, word in enumerate(block, first):
                        assert word == words[address] or any(address in w for w in WINDOWS), f"{address:04X}H"
                    first = end
            await blocks(master, there)

    asyncio.run(run())
