"""The control socket: one JSON object a line each way, over a Unix socket or loopback TCP.

A command is a row of COMMANDS: its fields with their checks. The target's coroutine `do_<cmd>` does it; its
arguments say which of the fields this target takes, and which of them may be left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import socket
import stat
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fourquad_tools.strict import finite, parse_json, whole

MAX_LINE = 1 << 20
TCP = "tcp:"
LOOPBACK = "127.0.0.1"
Handler = Callable[..., Awaitable[dict[str, Any]]]


class ControlError(Exception):
    """A command that cannot be done; the message goes into the answer."""


class Field:
    """What a field of a command must be."""

    def __init__(self, kinds: tuple[type, ...], wanted: str) -> None:
        self.kinds = kinds
        self.wanted = wanted

    def check(self, name: str, value: Any) -> None:
        """ControlError unless `value` fits."""
        # bool is an int in Python, but 1 is not true in a command.
        if not isinstance(value, self.kinds) or (isinstance(value, bool) and bool not in self.kinds):
            raise ControlError(f"{name}: must be {self.wanted}")


NUMBER = Field((int, float), "a number")
WHOLE = Field((int,), "a whole number")
TEXT = Field((str,), "text")
FLAG = Field((bool,), "true or false")
OBJECT = Field((dict,), "an object")
LIST = Field((list,), "a list")

COMMANDS: dict[str, dict[str, Field]] = {
    "key": {"key": TEXT, "ms": NUMBER},
    "screen": {"png": TEXT},
    "load": {"load": OBJECT, "file": TEXT},
    "advance": {"seconds": NUMBER, "leap": NUMBER},
    "power": {"on": FLAG, "warning": FLAG},
    "points": {},
    "truth": {},
    "inspect": {"sensitive": FLAG},
    "calibration": {"record": LIST, "store": FLAG, "factory": FLAG},
    "stats": {},
    "units": {},
    "seal": {"on": FLAG},
    "cover": {"open": FLAG},
    "temperature": {"celsius": NUMBER},
    "input": {"n": WHOLE, "value": WHOLE},
    "fault": {
        "kind": TEXT,
        "port": TEXT,
        "next": WHOLE,
        "one_of": WHOLE,
        "seed": WHOLE,
        "seconds": NUMBER,
        "delay": NUMBER,
        "code": WHOLE,
        "rate": NUMBER,
    },
    "faults": {"clear": FLAG},
    "analog": {"input": WHOLE, "value": NUMBER},
    "module": {"connected": LIST},
    "set": {"name": TEXT, "value": NUMBER},
}


async def answer(target: object, line: bytes) -> dict[str, Any]:
    """Do one command line; always an answer with `ok`, which JSON can say."""
    try:
        try:
            command = parse_json(line)
        except ValueError as error:
            raise ControlError(f"not JSON: {error}") from None
        return finite({"ok": True, **await _do(target, command)})
    except ControlError as error:
        return {"ok": False, "error": str(error)}
    except Exception as error:
        # A defect of ours must not leave the client without its answer, nor end the connection unheard.
        return {"ok": False, "error": f"a defect of this program: {_place(error)}: {repr(error)[:200]}"}


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


async def _do(target: object, command: Any) -> dict[str, Any]:
    if not isinstance(command, dict):
        raise ControlError("a command is an object")
    name = command.get("cmd")
    if hasattr(target, "of_unit"):
        target = target.of_unit(name, command.pop("unit", None))
    fields = COMMANDS.get(name) if isinstance(name, str) else None
    handler: Handler | None = getattr(target, f"do_{name}", None) if fields is not None else None
    if fields is None or handler is None:
        raise ControlError(
            f"cmd: {_short(name)} is none of {', '.join(c for c in COMMANDS if hasattr(target, 'do_' + c))}"
        )
    arguments = {key: value for key, value in command.items() if key != "cmd"}
    parameters = inspect.signature(handler).parameters
    takes_all = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    for key, value in arguments.items():
        if key not in fields or not (takes_all or key in parameters):
            raise ControlError(f"{name}: unknown field {_short(key)}")
        fields[key].check(key, value)
    for key, parameter in parameters.items():
        needed = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        if needed and key not in arguments:
            raise ControlError(f"{name}: {key!r} is missing")
    return await handler(**arguments)


def _short(value: Any) -> str:
    return repr(value)[:60]


class ControlServer:
    """Listens on a Unix socket, or on loopback TCP where `where` is tcp:PORT; commands of one connection are
    done in turn.
    """

    def __init__(self, where: str, target: object) -> None:
        self._where = where
        self.path = Path(where)
        self.port: int | None = None  # of TCP
        self._target = target
        self._server: asyncio.AbstractServer | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def open(self) -> ControlServer:
        """Listen; a socket that a dead process left behind is replaced."""
        if self._where.startswith(TCP):
            return await self._open_tcp()
        if not hasattr(asyncio, "start_unix_server"):
            raise ControlError(
                f"--control {self._where}: no Unix sockets on this platform (there is tcp:PORT)"
            )
        self._clear_stale()
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(self.path), limit=MAX_LINE)
        except OSError as error:
            raise ControlError(f"--control {self.path}: {error.strerror or error}") from None
        return self

    async def _open_tcp(self) -> ControlServer:
        number = whole(self._where.removeprefix(TCP), 0, 65535)
        if number is None:
            raise ControlError(f"--control {self._where[:60]}: must be tcp:PORT with a port from 0 to 65535")
        try:
            self._server = await asyncio.start_server(self._serve, LOOPBACK, number, limit=MAX_LINE)
        except OSError as error:
            raise ControlError(f"--control {self._where}: {error.strerror or error}") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    @property
    def told(self) -> str | None:
        """What a person must be told to find it: where it listens on TCP."""
        return None if self.port is None else f"control on {LOOPBACK}:{self.port}"

    def _clear_stale(self) -> None:
        try:
            mode = os.lstat(self.path).st_mode
        except OSError:
            return
        if not stat.S_ISSOCK(mode):
            raise ControlError(f"--control {self.path}: exists and is no socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.path))
            except ConnectionRefusedError:
                self.path.unlink()
            except OSError as error:
                raise ControlError(f"--control {self.path}: {error.strerror or error}") from None
            else:
                raise ControlError(f"--control {self.path}: another simulator listens on it")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        try:
            while True:
                try:
                    line = await reader.readline()
                except ValueError:
                    reply = {"ok": False, "error": f"a line is longer than {MAX_LINE} bytes"}
                    writer.write(json.dumps(reply).encode() + b"\n")
                    break
                if not line:
                    break
                if not line.strip():
                    continue
                if self.port is not None and not line.lstrip().startswith(b"{"):
                    # a web page can let its browser post to any port of this computer: end before its body
                    reply = {"ok": False, "error": "a command is an object"}
                    writer.write(json.dumps(reply).encode() + b"\n")
                    break
                reply = await answer(self._target, line)
                writer.write(json.dumps(reply).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass  # The client has left without waiting for its answer.
        finally:
            self._clients.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def close(self) -> None:
        """Stop listening and remove the socket."""
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._clients):
            writer.close()
        if self.port is None:
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
