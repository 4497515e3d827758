"""The examples of docs/utility.md, run on a simulated meter and put where the page wants them.

A place is `<!-- run: COMMAND -->` with the block of code after it. `meter` in a command is the simulated
meter; `<!-- advance: SECONDS -->` lets its time go on, `<!-- load: JSON -->` connects another load.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import shlex
import shutil
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from fourquad import models
from fourquad_tools import cli
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.ports.tcp import TcpPort
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

MODEL = "kw320q"
START = 1_767_268_800.0  # 2026-01-01 12:00 UTC
LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 0.5, "lag": 30.0},
        {"volts": 231.0, "amps": 0.4, "lag": -20.0},
        {"volts": 229.0, "amps": 0.3, "lag": 10.0},
    ],
    "adc": "ideal",
}
HERE = "meter"
_MARK = re.compile(r"<!-- (run|advance|load): (.*?) -->\n(?:```\n.*?\n```\n)?", re.DOTALL)


class _Meter:
    """A simulator in a thread; its time goes on only when it is told to."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.where = self._wait(self._open())

    async def _open(self) -> str:
        self._simulator = Simulator(models.load(MODEL), *plant_from_json(LOAD), Storage(None), START)
        self._port = TcpPort("modbus", 0, self._simulator.services["modbus"].connect)
        await self._port.open()
        self._simulator.warm_up()
        return self._port.where

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def advance(self, seconds: float) -> None:
        self._wait(self._simulator.advance(seconds))

    def connect(self, load: dict[str, Any]) -> None:
        async def connect() -> None:
            self._simulator.connect(*plant_from_json({**LOAD, **load}, self._simulator.now))

        self._wait(connect())

    def close(self) -> None:
        async def close() -> None:
            await self._port.close()
            self._simulator.close()

        self._wait(close())
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextlib.contextmanager
def _somewhere() -> Iterator[None]:
    """A folder for the files that the examples make."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def page(text: str, pictures: Path | None = None) -> str:
    """The page with its examples made anew, and their pictures in a folder."""
    meter = _Meter()
    try:
        with _somewhere():
            made = _MARK.sub(lambda mark: _made(meter, mark), text)
            for picture in Path().glob("*.png"):
                if pictures:
                    shutil.copy(picture, pictures)
            return made
    finally:
        meter.close()


def _made(meter: _Meter, mark: re.Match[str]) -> str:
    what, words = mark[1], mark[2]
    head = f"<!-- {what}: {words} -->\n"
    if what == "advance":
        meter.advance(float(words))
        return head
    if what == "load":
        meter.connect(json.loads(words))
        return head
    shown = _run(meter, words).replace(meter.where, HERE).rstrip()
    return f"{head}```\n$ {words}\n{shown}\n```\n"


def _run(meter: _Meter, command: str) -> str:
    """What a command prints: `fourquad ...`, or `head -n N FILE`."""
    program, *words = shlex.split(command)
    if program == "head":
        return "\n".join(Path(words[2]).read_text().splitlines()[: int(words[1])])
    words = [meter.where if word == HERE else word for word in words]
    if words[0] not in ("registers",) and "--model" not in words:
        words += ["--model", MODEL]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        cli.main(words)
    return out.getvalue()


def write(docs: Path) -> None:
    """Make the examples of the page anew."""
    path = docs / "utility.md"
    pictures = docs.absolute() / "utility"
    pictures.mkdir(exist_ok=True)
    path.write_text(page(path.read_text(), pictures))
