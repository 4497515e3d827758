"""The simulator with its DNP3 ports on TCP and on pseudo-terminals."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from protocols.modbus_fakes import with_crc

from fourquad import points as p
from fourquad.points.names import POINTS

TCP = ("rs485", "rs485b", "network")
ROOT = Path(__file__).resolve().parents[3]
LOAD: dict[str, Any] = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 0.25, "lag": 30.0},
        {"volts": 231.0, "amps": 0.2, "lag": -20.0},
        {"volts": 229.0, "amps": 0.1, "lag": 150.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}


def needed(module: str, supported: bool) -> Any:
    """A master, to be installed where there is one for this Python; else the tests are skipped, loudly."""
    try:
        return __import__(module)
    except ImportError:
        problem = f"{module} is not installed: the outstation was NOT tried with this master"
        if os.environ.get("CI") and supported:
            pytest.fail(problem)
        pytest.skip(problem, allow_module_level=True)


class Sim:
    """`fourquad sim` in a process of its own; `tcp` and `pty` tell where the ports are."""

    def __init__(self, folder: Path) -> None:
        self.control = folder / "control"
        self.pty = {"rs485": folder / "rs485", "network": folder / "network"}
        load = folder / "load.json"
        load.write_text(json.dumps(LOAD))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "kw320", "--headless"]
        command += ["--load", str(load), "--control", str(self.control), "--start", "2026-01-01T00:00:00"]
        for name, path in self.pty.items():
            command += ["--port", f"{name}={path}"]
        for name in TCP:
            command += ["--tcp", f"{name}=0"]
        paths = {"PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}", "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(
            command, env=paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        # the TCP ports, in the order in which they were asked for
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline() for _ in TCP]
        if not all(lines):
            raise RuntimeError(f"no simulator: {self.process.communicate()[1]}")
        self.tcp = {name: int(line.rpartition(":")[2]) for name, line in zip(TCP, lines, strict=True)}
        self.ask({"cmd": "advance", "seconds": 3})

    def ask(self, command: dict[str, Any]) -> dict[str, Any]:
        """One command on the control socket."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(str(self.control))
            line.sendall(json.dumps(command).encode() + b"\n")
            answer = json.loads(line.makefile().readline())
        assert answer["ok"], answer
        return answer

    def points(self) -> dict[str, float]:
        """Every point's value by its name."""
        return {name: row["value"] for name, row in self.ask({"cmd": "points"})["points"].items()}

    def wait_for(self, name: str, value: float, seconds: float = 30.0) -> None:
        """Until a point has this value."""
        end = time.monotonic() + seconds
        while self.points()[name] != value:
            assert time.monotonic() < end, f"{name} is {self.points()[name]}, not {value}"

    def exchange(self, port: str, octets: bytes, wait: float = 1.0) -> bytes:
        """Octets to a TCP port, and what comes back until it is quiet."""
        with socket.create_connection(("127.0.0.1", self.tcp[port])) as line:
            line.sendall(octets)
            line.settimeout(wait)
            answer = b""
            try:
                while part := line.recv(4096):
                    answer += part
                    line.settimeout(0.2)
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

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()


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
