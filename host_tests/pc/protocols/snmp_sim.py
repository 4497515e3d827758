"""A simulated kw320 with its SNMP agent, foreign managers of it, and every object as Modbus has it."""

from __future__ import annotations

import re
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foreign import programs
from pymodbus.client import ModbusTcpClient
from simulated import LOAD, PATIENCE_S, Simulated

from fourquad import points as p
from fourquad.points import network as n

MODULE_RESET = {"kw320": 0x101A, "acurev2020": 0x08B6}
OWN = ".1.3.6.1.4.1.32473.1.1"
TEXTS = {  # the first register of each, and how many there are
    "community": (0xDB20, 10),
    "user": (0xDB2A, 10),
    "auth_password": (0xDB34, 16),
    "priv_password": (0xDB44, 16),
    "name": (0xDB54, 16),
    "location": (0xDB64, 14),
    "contact": (0xDB72, 14),
}


def register(offset: int) -> int:
    """Where a setting of the network is."""
    return 0xD700 + offset - p.GROUP_NETWORK


class SnmpSim(Simulated):
    """`modbus`: a client of its own; the agent is on."""

    def __init__(
        self, folder: Path, *options: str, model: str = "kw320", load: Any = LOAD, **settings: int
    ) -> None:
        super().__init__(folder, *options, model=model, load=load, nets=("modbus", "snmp"))
        self._reset = MODULE_RESET[model]
        self.modbus = ModbusTcpClient("127.0.0.1", port=self.net["modbus"], timeout=PATIENCE_S)
        assert self.modbus.connect()
        self.set(snmp=1, **settings)
        self.reset_module()

    def set(self, **settings: int) -> None:
        """Settings by their names in points/network.py."""
        for name, value in settings.items():
            name = name if name == "snmp" else f"snmp_{name}"
            self.write(register(getattr(n, name.upper())), value)

    def set_text(self, name: str, text: str) -> None:
        address, count = TEXTS[name]
        self.write(address, *struct.unpack(f">{count}H", text.encode().ljust(2 * count, b"\0")))

    def wait_for_keys(self, how: tuple[str, ...]) -> None:
        """Until the passwords have become keys, so that this user is answered."""
        end = time.monotonic() + PATIENCE_S
        while self.manager("snmpget", ".1.3.6.1.2.1.1.5.0", how=how, check=False).returncode:
            assert time.monotonic() < end

    def target(self, number: int, address: str, port: int) -> None:
        """Where notifications go."""
        self.write(0xDB00 + 8 * number, *struct.unpack(">8H", address.encode().ljust(16, b"\0")))
        self.write(register(n.SNMP_TARGET_PORT) + number, port)

    def write(self, address: int, *values: int) -> None:
        answer = self.modbus.write_registers(address, list(values), device_id=1)
        assert not answer.isError(), answer

    def words(self, address: int, count: int) -> list[int]:
        out: list[int] = []
        while len(out) < count:
            some = min(100, count - len(out))
            answer = self.modbus.read_holding_registers(address + len(out), count=some, device_id=1)
            assert not answer.isError(), answer
            out += answer.registers
        return out

    def reset_module(self) -> None:
        """Settings take effect."""
        self.write(self._reset, 1)
        line = self.modbus.socket
        line.settimeout(PATIENCE_S)
        assert line.recv(1) == b""  # who is connected is disconnected
        self.modbus.close()
        assert self.modbus.connect()

    def manager(self, program: str, *names: str, how: tuple[str, ...] = (), check: bool = True) -> Any:
        """What a program of net-snmp says."""
        programs(program)
        how = how or ("-v2c", "-cpublic")
        # a port that is being opened may lose what comes
        options = ["-t1", "-r10", *(each for each in names if each[0] == "-")]
        wanted = [each for each in names if each[0] != "-"]
        command = [program, *how, "-m", "", "-One", *options, f"127.0.0.1:{self.net['snmp']}", *wanted]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        assert not check or done.returncode == 0, (command, done.stdout, done.stderr)
        return done

    def walk(self, program: str, name: str, *options: str, how: tuple[str, ...] = ()) -> dict[str, str]:
        """Names and values below `name`, each with its type."""
        said = self.manager(program, name, *options, how=how).stdout
        found = re.findall(r"^(\.[0-9.]+) = (.*)$", said, re.MULTILINE)
        return {at: value for at, value in found if not value.startswith("No more")}


def value(text: str) -> int:
    """The number that a manager shows."""
    return int(re.sub(r"^(INTEGER|Gauge32|Counter32|Timeticks): ", "", text).split()[0].strip("()"))


def singles(words: list[int]) -> list[float]:
    return list(struct.unpack(f">{len(words) // 2}f", struct.pack(f">{len(words)}H", *words)))


def doubles(words: list[int]) -> list[int]:
    return list(struct.unpack(f">{len(words) // 2}i", struct.pack(f">{len(words)}H", *words)))


def signed(words: list[int]) -> list[int]:
    return [word - (word >> 15 << 16) for word in words]


# Factors of the readings from 4000H on.
READINGS = [100] + [10] * 8 + [1000] * 5 + [10] * 12 + [1000] * 6 + [1]


def expected(sim: SnmpSim) -> Iterator[tuple[str, float]]:
    """Every object that a register has, and its value by Modbus."""
    for i, value in enumerate(singles(sim.words(0x4000, 66))):
        yield f"1.{i + 1}.0", value * READINGS[i]
    for i, word in enumerate(sim.words(0x42A0, 5)):
        yield f"1.{i + 34}.0", word
    for i, value in enumerate(singles(sim.words(0x4042, 6))):
        yield f"2.{i + 1}.0", value * 10
    for i, value in enumerate(singles(sim.words(0x4600, 6))):
        yield f"2.{i + 4}.0", value * 1000
    for i, value in enumerate(doubles(sim.words(0x4048, 18) + sim.words(0x4620, 30))):
        yield f"3.{i + 1}.0", value
    for name, address, count in (
        ("3.25", 0x1019, 1),
        ("4.{}", 0x405A, 8),
        ("8.1", 0x1036, 1),
        ("9.1", 0x102E, 1),
        ("9.2", 0x1032, 1),
        ("10.1", 0x1033, 1),
        ("11.4", 0x101F, 1),
        ("12.7", 0x101D, 1),
    ):
        for i, word in enumerate(sim.words(address, count)):
            yield name.format(i + 1) + ".0", word
    for k, (low, sums, high) in enumerate(
        (
            (0x4062, 0x4080, 0x4500),
            (0x4084, 0x40A2, 0x4520),
            (0x40A6, 0x40C4, 0x4540),
            (0x40C8, 0x40E6, 0x4560),
            (0x40E9, 0x4107, 0x4580),
            (0x410A, 0x4128, 0x45A0),
        )
    ):
        for i, word in enumerate(sim.words(low, 30) + sim.words(high, 32)):
            yield f"5.3.1.3.{k + 1}.{i + 2}", word
        for i, word in enumerate(sim.words(sums, 4 if k < 3 else 3)):
            yield f"5.{1 if k < 3 else 2}.1.{i + 2}.{k % 3 + 1}", word
    for i, word in enumerate(signed(sim.words(0x4294, 12))):
        yield f"6.{i + 1}.0", word
    for i, word in enumerate(signed(sim.words(0x4136, 350))):
        kind, row = divmod(i // 7, 25)
        yield f"7.{kind + 1}.1.{i % 7 + 2}.{row + 1}", word
    for i, word in enumerate(sim.words(0x42A9, 160)):
        yield f"9.4.1.{i % 10 + 2}.{i // 10 + 1}", word
    for i, word in enumerate(sim.words(0x4399, 160)):
        yield f"10.2.1.{i % 8 + 2}.{i // 8 + 1}", word
    yield "11.2.0", doubles(sim.words(0x1034, 2))[0]
    wiring_u, wiring_i, *pt1, pt2, ct1, ct2 = sim.words(0x1003, 7)
    for i, word in enumerate((wiring_u, wiring_i, doubles(pt1)[0], pt2, ct1, ct2)):
        yield f"12.{i + 1}.0", word
    yield from _terminals(sim)


def _terminals(sim: SnmpSim) -> Iterator[tuple[str, float]]:
    """Those of the modules that are connected."""
    there = sim.words(0x1036, 1)[0]
    # bit, first input, inputs, first relay, relays, AO, AI
    for bit, di, inputs, relay, relays, do, ao, ai in (
        (0, 1, 6, 1, 2, 0, 0, 0),
        (1, 15, 6, 5, 2, 0, 0, 0),
        (2, 7, 4, 0, 0, 1, 1, 0),
        (3, 21, 4, 0, 0, 3, 3, 0),
        (4, 11, 4, 3, 2, 0, 0, 1),
        (5, 25, 4, 7, 2, 0, 0, 3),
    ):
        if not there >> bit & 1:
            continue
        bits = sim.modbus.read_discrete_inputs(di - 1, count=inputs, device_id=1).bits
        counts = doubles(sim.words(0x4349 + 2 * (di - 1), 2 * inputs))
        for i in range(inputs):
            yield f"8.2.1.2.{di + i}", bits[i]
            yield f"8.2.1.3.{di + i}", counts[i]
        if relays:
            bits = sim.modbus.read_coils(relay - 1, count=relays, device_id=1).bits
            for i in range(relays):
                yield f"8.3.1.2.{relay + i}", bits[i]
        for i in range(2 if do else 0):
            yield f"8.4.1.2.{do + i}", 0
            yield f"8.6.1.2.{ao + i}", 1000 * singles(sim.words(0x4389 + 2 * (ao - 1 + i), 2))[0]
        for i in range(2 if ai else 0):
            yield f"8.5.1.2.{ai + i}", sim.words(0x4385 + ai - 1 + i, 1)[0]
