"""The README's `make sim` as a stranger has it: a copy of the tracked files, no caches, one command."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 300.0  # for packages to be fetched and a port to be named
PORT = re.compile(rb"rs485 on (/dev/\S+)")


def tracked(folder: Path) -> Path:
    """A copy of the files that git tracks, as they are now."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in names.decode().rstrip("\0").split("\0"):
        source = ROOT / name
        if source.exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


class Terminal:
    """A command in a terminal of its own, 120 by 40."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._end, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("4H", 40, 120, 0, 0))
        environment = {
            name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
        }
        environment["TERM"] = "xterm-256color"
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=far, stdout=far, stderr=far, env=environment
        )
        os.close(far)
        self.said = b""

    def wait_for(self, pattern: re.Pattern[bytes]) -> bytes:
        """Read until it is there; its first group."""
        end = time.monotonic() + PATIENCE_S
        while (found := pattern.search(self.said)) is None:
            ready, _, _ = select.select([self._end], [], [], max(0.0, end - time.monotonic()))
            assert ready, self.said.decode(errors="replace")[-2000:]
            self.said += os.read(self._end, 65536)
        return found[1]

    def leave(self) -> int:
        """Press q; the status. What the panel draws meanwhile is read, because it would wait else."""
        os.write(self._end, b"q")
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self._end], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self._end, 65536)
                except OSError:
                    break  # the far end is closed
        return self.process.wait(PATIENCE_S)


@pytest.mark.thorough
def test_make_sim_in_a_clone_is_polled_by_a_foreign_master(tmp_path: Path) -> None:
    terminal = Terminal(tracked(tmp_path), "make", "sim")
    try:
        port = terminal.wait_for(PORT).decode()
        client = ModbusSerialClient(port, baudrate=19200, parity="N", timeout=10, retries=3)
        assert client.connect()
        try:
            answer = client.read_holding_registers(0x4002, count=6, device_id=1)
            assert not answer.isError(), answer
            volts = client.convert_from_registers(answer.registers, client.DATATYPE.FLOAT32)
        finally:
            client.close()
        # the demo's voltages wander by 0.025 V around 230.0
        assert volts == pytest.approx([230.0] * 3, abs=0.05)
        assert terminal.leave() == 0
    finally:
        terminal.process.kill()
