"""The seal of a KW320 by chapter 4.7, over every port and with all options: each register that can be written
answers 04 exactly while it is sealed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import pytest
from masters import LOAD
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerType

from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

PATIENCE_S = 60.0
OPTIONS = 0x101E
CLOCK = 0x103F
PORTS = ("modbus", "rs485", "rs485b")


def spans(*bounds: tuple[int, int]) -> set[int]:
    return {address for first, last in bounds for address in range(first, last + 1)}


# Table 4-2, "seal standard content"; the months and the clears of the tariffs' demands are decided so
# (docs/kw320/decisions.md).
ALWAYS = spans((0x1003, 0x100B), (0x100D, 0x100F), (0x1012, 0x1019), (0x101D, 0x101E))
ALWAYS |= spans((0x4048, 0x4059), (0x4620, 0x478D), (0x10A5, 0x10A8), (0x10B7, 0x10BA), (0x103A, 0x103E))
BY_BIT = (
    spans((0x0FFE, 0x0FFF), (0x1001, 0x1002)),
    spans((0x102F, 0x1031)),
    spans((0x1011, 0x1011), (0x1034, 0x1035)),
    {0x101C, 0x109E, 0x109F, 0x10A3, 0x10A4, 0x10AA, 0x10AB, 0x10B0, 0x10B1, 0x10B5, 0x10B6, 0x10BC, 0x10BD},
    set(),  # the clock: below
)
# Values of two registers, and commands with the value that acts.
DOUBLES = {0x1005, 0x1034, *range(0x4048, 0x4059, 2), *range(0x4620, 0x478D, 2)}
ACTS = {
    0x100F: 1,
    0x1010: 10,
    0x101C: 1,
    0x1011: 1,
    0x1016: 1,
    0x1021: 10,
    **dict.fromkeys(range(0x103A, 0x103F), 10),
}
WRITABLE = spans((0x0FFD, 0x101D), (0x1021, 0x1021), (0x102F, 0x1031), (0x1034, 0x1035), (0x1038, 0x103E))
WRITABLE |= spans((0x1046, 0x109D), (0x4048, 0x4059), (0x4620, 0x478D))
MODULES = {
    "io11": spans((0x109E, 0x10A2)),
    "io21": spans((0x10A3, 0x10A9), (0x10C2, 0x10C3), (0x10D0, 0x10E1)),
    "io31": spans((0x10AA, 0x10AF)),
    "io12": spans((0x10B0, 0x10B4)),
    "io22": spans((0x10B5, 0x10BB), (0x10C4, 0x10C5), (0x10E2, 0x10F3)),
    "io32": spans((0x10BC, 0x10C1)),
}


class Rig:
    """A meter for which time stands still, and a master on each of its ports."""

    def __init__(self, simulator: Simulator, masters: dict[str, AsyncModbusTcpClient]) -> None:
        self.simulator = simulator
        self.masters = masters

    async def read(self, address: int, count: int) -> list[int]:
        answer = await self.masters["modbus"].read_holding_registers(address, count=count, device_id=1)
        assert not answer.isError(), f"{address:04X}H: {answer}"
        words: list[int] = answer.registers
        return words

    async def write(self, address: int, words: list[int], port: str = "modbus") -> int:
        """0 or the exception code."""
        answer = await self.masters[port].write_registers(address, words, device_id=1)
        code: int = answer.exception_code if answer.isError() else 0
        return code

    async def sealed(self, addresses: Iterable[int], port: str) -> set[int]:
        """Those that answer 04 to what they hold, or to what acts."""
        found = set()
        for address in sorted(addresses):
            if address - 1 in DOUBLES:
                continue
            count = 2 if address in DOUBLES else 1
            words = [ACTS[address]] if address in ACTS else await self.read(address, count)
            code = await self.write(address, words, port)
            assert code in (0, 4), f"{address:04X}H on {port}: exception {code}"
            if code:
                found |= {address, address + count - 1}
        return found


@contextlib.asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    simulator = Simulator(model("kw320"), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        simulator.warm_up()
        wanted = Wanted([], [("rs485", 0), ("rs485b", 0)], [("modbus", 0, None)])
        masters = {}
        for port in await Opener({"": simulator}, wanted, stack).open():
            framer = FramerType.SOCKET if port.name == "modbus" else FramerType.RTU
            master = AsyncModbusTcpClient(
                "127.0.0.1", port=port.port, framer=framer, timeout=PATIENCE_S, retries=0
            )
            assert await master.connect()
            stack.callback(master.close)
            masters[port.name] = master
        yield Rig(simulator, masters)


@pytest.mark.parametrize("options", [0, 1, 2, 4, 8, 16, 31])
def test_sealed_is_what_the_manual_lists(options: int) -> None:
    listed = ALWAYS.union(*(them for bit, them in enumerate(BY_BIT) if options >> bit & 1))

    async def run() -> None:
        async with rig() as meter:
            for modules in (("io11", "io21", "io31"), ("io12", "io22", "io32")):
                meter.simulator.set_seal(False)
                meter.simulator.device.meter.io.connect(modules)
                assert await meter.write(OPTIONS, [options]) == 0
                there = (WRITABLE | {OPTIONS}).union(*(MODULES[name] for name in modules))
                if modules[0] == "io12":
                    there -= WRITABLE  # that was done with the others
                assert await meter.sealed(there, "modbus") == set()
                meter.simulator.set_seal(True)
                assert await meter.sealed(there, "modbus") == listed & there
                # on a serial line a sample of them, always another one
                for i, port in enumerate(PORTS[1:]):
                    some = {address for n, address in enumerate(sorted(there)) if n % 5 == (i + options) % 5}
                    some -= DOUBLES | {address + 1 for address in DOUBLES}
                    assert await meter.sealed(some, port) == listed & some

    asyncio.run(run())


def test_a_request_that_touches_one_sealed_register_is_refused_whole() -> None:
    async def run() -> None:
        async with rig() as meter:
            meter.simulator.set_seal(True)
            before = await meter.read(0x0FFD, 33)
            # the password is open, the wiring is not
            for port in PORTS:
                assert await meter.write(0x1000, [1234, 1, 19200, 1], port) == 4
            assert await meter.read(0x0FFD, 33) == before
            # what acts, after what is sealed
            assert await meter.write(0x100D, [15, 0, 0, 10]) == 4
            assert await meter.read(0x101F, 1) == [10]

    asyncio.run(run())


def test_a_sealed_clock_is_corrected_by_five_minutes_and_no_small_step_outruns_that() -> None:
    async def run() -> None:
        async with rig() as meter:
            assert await meter.write(OPTIONS, [16]) == 0
            meter.simulator.set_seal(True)
            await meter.simulator.advance(2)
            _, year, month, day, hour, _, _ = await meter.read(CLOCK, 7)
            assert (year, month, day, hour) == (2026, 1, 1, 0)
            # it is 0:00; minutes are set on every port in turn, which share what is allowed
            codes = [await meter.write(CLOCK + 5, [n], PORTS[n % 3]) for n in range(1, 9)]
            assert codes[:4] == [0, 0, 0, 0] and set(codes[5:]) == {4}
            assert await meter.write(CLOCK + 1, [2027]) == 4 and await meter.write(CLOCK + 4, [5]) == 4
            minute = (await meter.read(CLOCK, 7))[5]
            assert minute in (4, 5)
            # back is a correction too
            assert await meter.write(CLOCK + 5, [minute - 2]) == 4
            # a day later there are five minutes again
            await meter.simulator.advance(86_400, 3600)
            (minute,) = await meter.read(CLOCK + 5, 1)
            assert await meter.write(CLOCK + 5, [minute + 2]) == 0
            meter.simulator.set_seal(False)
            assert await meter.write(CLOCK + 1, [2027]) == 0

    asyncio.run(run())


def test_the_seal_cannot_be_opened_by_a_master() -> None:
    async def run() -> None:
        async with rig() as meter:
            meter.simulator.set_seal(True)
            for port in PORTS:
                assert await meter.write(0x101F, [0], port) == 2
                assert await meter.write(OPTIONS, [0], port) == 4
            assert await meter.read(0x101F, 1) == [10]

    asyncio.run(run())
