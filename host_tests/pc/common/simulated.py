"""`fourquad sim` in a process of its own, and the load that most tests connect."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 120.0
CLOCK = "2026-01-01T00:00:00"
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


class Simulated:
    """A meter that has measured for three seconds when this returns. The names of ports in `ptys` are on
    pseudo-terminals, at the paths of `pty`; those in `tcps` and `nets` at the TCP ports `tcp` and `net`.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        model: str = "kw320",
        load: dict[str, Any] = LOAD,
        ptys: Sequence[str] = (),
        tcps: Sequence[str] = (),
        nets: Sequence[str] = (),
    ) -> None:
        self.control = folder / "control"
        self.pty = {name: folder / name for name in ptys}
        file = folder / "load.json"
        file.write_text(json.dumps(load))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", model, "--headless", *options]
        command += ["--load", str(file), "--control", str(self.control), "--start", CLOCK]
        command += [word for name, path in self.pty.items() for word in ("--port", f"{name}={path}")]
        command += [word for name in tcps for word in ("--tcp", f"{name}=0")]
        command += [word for name in nets for word in ("--net", f"{name}=0")]
        path = os.pathsep.join((str(ROOT / "lib"), str(ROOT / "tools")))
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        told = self._told(len(ptys) + len(tcps) + len(nets))
        numbers = {name: int(where.rpartition(":")[2]) for name, where in told if ":" in where}
        self.tcp = {name: numbers[name] for name in tcps}
        self.net = {name: numbers[name] for name in nets}
        self.ask(cmd="advance", seconds=3)

    def _told(self, count: int) -> list[tuple[str, str]]:
        """Name and place of each port, which it tells when all else is there."""
        assert self.process.stderr is not None
        patience = threading.Timer(PATIENCE_S, self.process.kill)
        patience.start()
        told: list[tuple[str, str]] = []
        lines = []
        while len(told) < count:
            line = self.process.stderr.readline()
            if not line:
                raise RuntimeError(f"no simulator: {''.join(lines)}")
            lines.append(line)
            found = re.match(r"(\w+) on ([^\s,]+)", line)
            if found:
                told.append((found[1], found[2]))
        patience.cancel()
        return told

    def ask(self, command: dict[str, Any] | None = None, **words: Any) -> dict[str, Any]:
        """One command on the control socket, as an object or as words."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(str(self.control))
            line.sendall(json.dumps({**(command or {}), **words}).encode() + b"\n")
            answer: dict[str, Any] = json.loads(line.makefile().readline())
        assert answer["ok"], answer
        return answer

    def close(self) -> None:
        """End the process, as Ctrl-C does; at once if it does not mind."""
        self.process.terminate()
        try:
            _, said = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, said = self.process.communicate()
        assert "failed, the meter goes on" not in said, said
