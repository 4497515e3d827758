"""The simulator with its DNP3 ports on TCP and on pseudo-terminals."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from foreign import not_tried
from protocols.modbus_fakes import with_crc
from simulated import LOAD, PATIENCE_S, Simulated

from fourquad import points as p
from fourquad.points.names import POINTS

TCP = ("rs485", "rs485b", "network")
QUIET_S = 0.2


def needed(module: str, supported: bool) -> Any:
    """A master, to be installed where there is one for this Python; else the tests are skipped, loudly."""
    try:
        return __import__(module)
    except ImportError:
        problem = f"{module} is not installed: the outstation was NOT tried with this master"
        if supported:
            not_tried(problem)
        pytest.skip(problem, allow_module_level=True)


def whole(octets: bytes) -> bool:
    """Whether these are whole frames of DNP3: ten octets, then user data in blocks of 16 with a CRC each."""
    at = 0
    while at + 3 <= len(octets):
        users = octets[at + 2] - 5
        at += 10 + users + 2 * -(-users // 16)
    return at == len(octets)


class Sim(Simulated):
    """`fourquad sim`; `tcp` has the numbers of its TCP ports, `pty` the paths of its pseudo-terminals."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ptys=("rs485", "network"), tcps=TCP)

    def points(self) -> dict[str, float]:
        """Every point's value by its name."""
        return {name: row["value"] for name, row in self.ask({"cmd": "points"})["points"].items()}

    def wait_for(self, name: str, value: float, seconds: float = PATIENCE_S) -> None:
        """Until a point has this value."""
        end = time.monotonic() + seconds
        while self.points()[name] != value:
            assert time.monotonic() < end, f"{name} is {self.points()[name]}, not {value}"

    def exchange(self, port: str, octets: bytes, wait: float = PATIENCE_S) -> bytes:
        """Octets to a TCP port, and what comes back if it begins within `wait` seconds: a frame of Modbus, or
        frames of DNP3 until it is quiet.
        """
        with socket.create_connection(("127.0.0.1", self.tcp[port])) as line:
            line.sendall(octets)
            line.settimeout(wait)
            answer = b""
            try:
                while part := line.recv(4096):
                    answer += part
                    if answer[:2] == b"\x05\x64":
                        line.settimeout(QUIET_S if whole(answer) else PATIENCE_S)
                    elif with_crc(answer[:-2]) == answer:
                        break
            except TimeoutError:
                pass
            return answer

    def write_register(self, address: int, value: int, port: str = "rs485", unit: int = 1) -> int:
        """Modbus FC06; 0 or the exception code."""
        body = bytes((unit, 6, address >> 8, address & 255, value >> 8, value & 255))
        answer = self.exchange(port, with_crc(body))
        assert answer[:1] == bytes((unit,)), answer
        return answer[2] if answer[1] & 0x80 else 0

    def write_registers(self, address: int, *values: int, port: str = "rs485b") -> None:
        """Modbus FC16 of unit 1, which must be taken."""
        body = struct.pack(f">BBHHB{len(values)}H", 1, 16, address, len(values), 2 * len(values), *values)
        assert self.exchange(port, with_crc(body))[:6] == body[:6]

    def configure(self, *settings: tuple[int, int]) -> None:
        """Registers of the network's DNP3 settings and their values, which hold on return: a meter follows
        them within 100 ms, and a master that is quick asks before that.
        """
        for address, value in settings:
            self.write_registers(address, 0, value)
        self.ask({"cmd": "advance", "seconds": 1})


@contextlib.contextmanager
def everything(sim: Sim) -> Iterator[None]:
    """The meter has something of all that the lists name: demands, energies, harmonics, pulses."""
    phases = [
        {
            **phase,
            "amps": 16 * phase["amps"],
            "volt_harmonics": {"5": [0.04, 10.0]},
            "amp_harmonics": {"3": [0.2, 0.0]},
        }
        for phase in LOAD["phases"]
    ]
    sim.ask({"cmd": "load", "load": {**LOAD, "phases": phases}})
    if sim.points()["io.di3_count"]:
        sim.ask({"cmd": "advance", "seconds": 5})
    else:
        assert sim.write_register(0x109E, 0b000100, "rs485b") == 0
        for value in (1, 0, 1, 0):
            sim.ask({"cmd": "input", "n": 3, "value": value})
        # the demand window is 15 minutes
        sim.ask({"cmd": "advance", "seconds": 960})
    yield
    sim.ask({"cmd": "load", "load": LOAD})
    sim.ask({"cmd": "advance", "seconds": 3})


def holds(found: float, name: str, before: dict[str, float], after: dict[str, float], count: float) -> None:
    """What was found is the point, as it was before or after it was asked for; `count`: of one unit sent."""
    nearest = min((before[name], after[name]), key=lambda value: abs(value - found * count))
    assert found * count == pytest.approx(nearest, rel=1e-4, abs=max(0.02, count / 2)), name


# The readings of group 100, in its order.
DEMANDS = [f"secondary.{name}_demand" for name in ("p", "q", "s", "i1", "i2", "i3")]
THD = [f"harmonic.{name}.thd" for name in ("v1", "v2", "v3", "v", "i1", "i2", "i3", "i")]
# Indexes of analog inputs and outputs of I/O modules, which are not online without their module.
ANALOGS = (*range(300, 304), *range(310, 314))
NAMES = [name.removeprefix("secondary.") for pid, name, _, _ in POINTS if pid < 33]
ENERGIES = [name.removeprefix("energy.") for pid, name, _, _ in POINTS if p.ENERGY <= pid < p.ENERGY + 9]
