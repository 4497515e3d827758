"""A simulated AcuRev 2020 over Modbus TCP, and what its circuits must read, by complex numbers alone."""

from __future__ import annotations

import asyncio
import cmath
import contextlib
import math
import struct
from collections.abc import AsyncIterator, Sequence
from typing import Any

from pymodbus.client import AsyncModbusTcpClient

from fourquad_tools.openings import Opener, Wanted
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_268_800.0  # 2026-01-01 12:00
PATIENCE_S = 60.0
# The manual's table in 10.2.1: the phase of each input, and which inputs make up each three-phase user.
PHASE = {n: "AABBCC"[(n - 1) % 9 // 3 * 2] for n in range(1, 19)}
USERS_3LN = {1: (1, 4, 7), 2: (2, 5, 8), 3: (3, 6, 9), 4: (10, 13, 16), 5: (11, 14, 17), 6: (12, 15, 18)}
USERS_2LN = {1: (1, 4), 2: (2, 5), 3: (3, 6), 4: (10, 13), 5: (11, 14), 6: (12, 15)}


class Tcp:
    """pymodbus, connected."""

    def __init__(self, client: AsyncModbusTcpClient) -> None:
        self.client = client

    async def read(self, address: int, count: int) -> list[int]:
        out: list[int] = []
        while len(out) < count:
            part = min(120, count - len(out))
            answer = await self.client.read_holding_registers(address + len(out), count=part)
            assert not answer.isError(), (hex(address + len(out)), part, answer)
            out += answer.registers
        return out

    async def floats(self, address: int, count: int) -> list[float]:
        words = await self.read(address, 2 * count)
        return list(struct.unpack(f">{count}f", struct.pack(f">{2 * count}H", *words)))

    async def dwords(self, address: int, count: int) -> list[int]:
        words = await self.read(address, 2 * count)
        return list(struct.unpack(f">{count}I", struct.pack(f">{2 * count}H", *words)))

    async def write(self, address: int, values: Sequence[int]) -> int:
        """0, or the exception."""
        answer = await self.client.write_registers(address, list(values))
        return answer.exception_code if answer.isError() else 0


@contextlib.asynccontextmanager
async def meter(load: dict[str, Any], name: str = "acurev2020") -> AsyncIterator[tuple[Simulator, Tcp]]:
    """Virtual time stands still but for `step` and `advance`."""
    plant, adc = plant_from_json(load)
    simulator = Simulator(model(name), plant, adc, Storage(None), START)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(simulator.close)
        ports = await Opener({"": simulator}, Wanted([], [], [("modbus", 0, None)]), stack).open()
        simulator.warm_up()
        port = next(port.port for port in ports if port.name == "modbus")
        client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=PATIENCE_S, retries=0)
        assert await client.connect()
        stack.callback(client.close)
        yield simulator, Tcp(client)


def run(simulator: Simulator, seconds: float) -> None:
    """So many seconds of samples."""
    end = simulator.now + seconds
    while simulator.now < end:
        simulator.step()


def truth(load: dict[str, Any]) -> dict[int, tuple[float, float, float, float]]:
    """I, P, Q, S of each input in kW, kvar, kVA: sums over the orders of V_h times the conjugate of I_h."""
    out = {}
    for n, circuit in enumerate(load["circuits"], 1):
        phase = load["phases"]["ABC".index(PHASE[n])]
        volts = _orders(phase["volts"], phase.get("volt_harmonics", {}), 0.0)
        amps = _orders(circuit["amps"], circuit.get("amp_harmonics", {}), -circuit.get("lag", 0.0))
        power = sum(v * amps[h].conjugate() for h, v in volts.items() if h in amps)
        rms_v = math.sqrt(sum(abs(v) ** 2 for v in volts.values()))
        rms_i = math.sqrt(sum(abs(i) ** 2 for i in amps.values()))
        power = complex(power)
        out[n] = (rms_i, power.real / 1e3, power.imag / 1e3, rms_v * rms_i / 1e3)
    return out


def _orders(rms: float, harmonics: dict[str, Any], angle: float) -> dict[int, complex]:
    """Phasors of all orders; a harmonic's angle is at its own order, from its own fundamental."""
    out = {1: cmath.rect(rms, math.radians(angle))}
    for order, (ratio, degrees) in harmonics.items():
        out[int(order)] = cmath.rect(rms * ratio, math.radians(int(order) * angle + degrees))
    return out


def near(found: float, wanted: float, scale: float) -> bool:
    """Within 0.05 % of the apparent power or the current that it is part of."""
    return abs(found - wanted) <= 5e-4 * abs(scale) + 1e-9


def drive(test: Any) -> None:
    """Run a coroutine."""
    asyncio.run(test)
