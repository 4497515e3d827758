"""The process that emulates the board (tools/emulator/serve.mjs), and its control channel."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

START_S = 120.0


def build_by(path: Path) -> str:
    """What makes a file below build/."""
    board, _, model = path.parent.name.partition("-")
    return f"make firmware BOARD={board} MODEL={model}" if model else "make emulator"


class EmulatorError(Exception):
    """The emulator cannot be started, or refused a command."""


class Emulator:
    """One board in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._process = process
        self.console: int = ready["uart0"]
        self.rs485: int = ready["uart1"]
        self.net: dict[str, int] = ready.get("net", {})  # this computer's ports by the board's
        self._control: int = ready["control"]
        self._lock = asyncio.Lock()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @classmethod
    async def start(cls, root: Path, firmware: Path, *options: str) -> Emulator:
        """Start the process; the board has no power yet. Needs node, and what `make emulator` builds."""
        node = shutil.which("node")
        if node is None:
            raise EmulatorError("node is not installed; it runs the emulated RP2040")
        needed = (firmware, root / "build" / "bootrom.bin", root / "build" / "emulator" / "core" / "index.js")
        for path in needed:
            if not path.exists():
                how = build_by(path)
                raise EmulatorError(f"{path} is not there; `{how}` builds it")
        command = [node, str(root / "tools" / "emulator" / "serve.mjs"), "--firmware", str(firmware)]
        command += ["--uart1", "0", "--control", "0", "--off", "--attached", *options]
        # A session of its own: Ctrl-C comes to us, and we end it in order.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_S)
        except asyncio.TimeoutError:
            process.kill()
            raise EmulatorError("the emulator did not start") from None
        if not line:
            raise EmulatorError(f"the emulator ended with status {await process.wait()}")
        emulator = cls(process, json.loads(line))
        await emulator._connect()
        return emulator

    async def _connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._control, limit=1 << 22)

    async def __call__(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        """One command; its answer, or EmulatorError."""
        async with self._lock:
            if self._reader is None or self._writer is None:
                raise EmulatorError("the emulator has ended")
            self._writer.write(json.dumps({"cmd": cmd, **arguments}).encode() + b"\n")
            try:
                line = await self._reader.readline()
            except ConnectionError:
                line = b""
        if not line:
            raise EmulatorError("the emulator has ended")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise EmulatorError(answer["error"])
        return answer

    async def run(self, seconds: float) -> None:
        """Emulated time goes on by so much, as fast as it can."""
        await self("run", ns=seconds * 1e9)

    async def ended(self) -> None:
        """Wait until the process is gone."""
        await self._process.wait()

    async def close(self) -> None:
        """End the process."""
        if self._writer is not None:
            self._writer.close()
        if self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
