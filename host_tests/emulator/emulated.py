"""A client of tools/emulator/serve.mjs: one emulated board, its control channel and its lines."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
SERVER = ROOT / "tools" / "emulator" / "serve.mjs"
PROMPT = ">>> "
BOOT_NS = 5e9
# Seconds of this computer, for what happens at once: a loaded machine is no failure.
PATIENCE_S = 300.0
# Code that opens the raw part of the storage.
JOURNAL = "import rp2\njournal = rp2.Flash(start=512 * 1024, len=512 * 1024)\n"


def patient() -> dict[str, str]:
    """The environment of a command that talks to a board through mpremote, see patient/sitecustomize.py."""
    paths = [str(Path(__file__).with_name("patient")), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


class EmulatorError(Exception):
    """What the server answered instead of doing it."""


def image(name: str = "PICO_EMU-bare") -> Path:
    """The firmware of that name. Not built: the test is skipped, or fails when `make` says that it is."""
    path = BUILD / name / "firmware.bin"
    cores = (BUILD / "emulator" / "core" / "index.js", BUILD / "emulator" / "fastcore" / "core.wasm")
    needed = (path, BUILD / "bootrom.bin", *cores)
    missing = [str(p.relative_to(ROOT)) for p in needed if not p.exists()]
    if missing:
        problem = f"not built: {', '.join(missing)}; `make test-emulator` builds them"
        if os.environ.get("FOURQUAD_BUILT"):
            pytest.fail(problem)
        pytest.skip(problem)
    return path


class Emulated:
    """A board in a process of its own; paused, its time stands still between commands."""

    def __init__(self, firmware: Path, *options: str, paused: bool = True) -> None:
        command = ["node", str(SERVER), "--firmware", str(firmware), "--uart0", "0", "--uart1", "0"]
        command += ["--control", "0", *(["--paused"] if paused else []), *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise EmulatorError(f"the server ended with {self._process.wait()}")
        self.ports: dict[str, int] = json.loads(line)
        self._socket = socket.create_connection(("127.0.0.1", self.ports["control"]))
        self._stream = self._socket.makefile("rw", encoding="utf-8")

    def __enter__(self) -> Emulated:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def __call__(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        """Send one command; its answer, or EmulatorError."""
        self._stream.write(json.dumps({"cmd": cmd, **arguments}) + "\n")
        self._stream.flush()
        line = self._stream.readline()
        if not line:
            raise EmulatorError("the server has gone")
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise EmulatorError(answer["error"])
        return answer

    def boot(self) -> str:
        """Run until the prompt; what the console said."""
        answer = self("run", ns=BOOT_NS, until="uart0", text=PROMPT)
        if not answer["found"]:
            raise EmulatorError(f"no prompt: {answer['text']!r}")
        return str(answer["text"])

    def run(self, code: str, timeout_ms: float = 10000) -> str:
        """Run code on the board; what it printed. An exception on the board is one here."""
        answer = self("exec", code=code, timeout_ms=timeout_ms)
        if answer["err"]:
            raise EmulatorError(answer["err"])
        return str(answer["out"]).strip()

    def uart(self, n: int) -> socket.socket:
        """A connection to a serial line."""
        return socket.create_connection(("127.0.0.1", self.ports[f"uart{n}"]), timeout=PATIENCE_S)

    def kill(self) -> None:
        """End the server as SIGKILL does."""
        self._socket.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
