"""`fourquad sim` in a process of its own, at a port of each kind, for the utility's tests."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
START_S = 60.0
LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 0.25, "lag": 30.0},
        {"volts": 231.0, "amps": 0.2, "lag": -20.0},
        {"volts": 229.0, "amps": 0.1, "lag": 150.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}
CLOCK = "2026-01-01T00:00:00"


class Sim:
    """A simulated meter; `where` gives the options that reach it in each way."""

    def __init__(
        self,
        folder: Path,
        model: str = "kw320",
        load: Any = LOAD,
        options: tuple[str, ...] = (),
        ports: tuple[str, ...] = ("rs485", "rs485b"),
        nets: tuple[str, ...] = ("modbus",),
    ) -> None:
        self.control = folder / "control"
        pty = folder / "rs485"
        file = folder / "load.json"
        file.write_text(json.dumps(load))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", model, "--headless", *options]
        command += ["--load", str(file), "--control", str(self.control), "--start", CLOCK]
        command += ["--port", f"{ports[0]}={pty}"]
        command += [word for name in ports[1:] for word in ("--tcp", f"{name}=0")]
        command += [word for name in nets for word in ("--net", f"{name}=0")]
        paths = {"PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}", "PATH": "/usr/bin:/bin"}
        self.process = subprocess.Popen(command, env=paths, stderr=subprocess.PIPE, text=True)
        said = self._started(len(ports) + len(nets))
        self.where = {"port": ("--port", str(pty))}
        for name in ports[1:]:
            self.where["tcp"] = ("--tcp", said[name])
        if nets:
            self.where["net"] = ("--net", said["modbus"])
        self.ask(cmd="advance", seconds=3)

    def _started(self, count: int) -> dict[str, str]:
        """Where each port is; the command tells when all else is there."""
        assert self.process.stderr is not None
        patience = threading.Timer(START_S, self.process.kill)
        patience.start()
        said: dict[str, str] = {}
        lines = []
        while len(said) < count:
            line = self.process.stderr.readline()
            if not line:
                raise RuntimeError(f"no simulator: {''.join(lines)}")
            lines.append(line)
            found = re.fullmatch(r"(\w+) on (\S+)", line.strip())
            if found:
                said[found[1]] = found[2]
        patience.cancel()
        return said

    def ask(self, **command: Any) -> dict[str, Any]:
        """One command on the control socket."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(str(self.control))
            line.sendall(json.dumps(command).encode() + b"\n")
            answer: dict[str, Any] = json.loads(line.makefile().readline())
        assert answer["ok"], answer
        return answer

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
