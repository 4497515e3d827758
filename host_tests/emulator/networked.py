"""A meter with a W5500 on the emulated board, and its web pages, for tests of its services."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

from emulated import PATIENCE_S, ROOT, Emulated, image
from test_meter import start, wire, write

IMAGE = "W5500_EMU-kw320"
HTTP = 0xD740
BENCH = ROOT / "tools" / "bench"
FIRST_KEY = 6
PIECE = 500  # octets of a file, as the page sends them
EMPTY_FLASH_NS = 8e9  # until a meter with a network answers whose flash was empty


@contextmanager
def board_on_network(*ports: str, name: str = IMAGE) -> Iterator[Emulated]:
    """One that is started and answers; `ports`: of the network, as `--net` takes them; `name`: its image."""
    with Emulated(image(name), "--net", ",".join(f"{port}=0" for port in ports)) as board:
        wire(board)
        start(board)
        board("run", ns=EMPTY_FLASH_NS)
        yield board


def script(name: str) -> str:
    """A script of the bench, without its docstring and comments, with the pieces that it names (load.mjs)."""
    text = re.sub(r'\A"""[^"]*?"""\n', "", (BENCH / name).read_text())
    text = re.sub(r"(?m)^# put (\w+) here$", lambda found: script(found[1] + ".py"), text)
    return re.sub(r"(?m)^ *#.*\n", "", text)


def prompt(board: Emulated) -> None:
    """The prompt, by the first key held down."""
    board("gpio", pin=FIRST_KEY, value=0)
    assert board("run", ns=5e9, until="uart0", text=">>> ")["found"]
    board("gpio", pin=FIRST_KEY, value=1)


@contextmanager
def scripted(name: str, *ports: str, net: str = "") -> Iterator[Emulated]:
    """A board that runs a script of the bench, which said GO; `net`: services that are on, see heap.py."""
    with Emulated(image(IMAGE), "--net", ",".join(f"{port}=0" for port in ports)) as board:
        wire(board)
        prompt(board)
        text = f"NET = {net!r}\n" + script(name)
        board.run(f"with open('bench.py', 'w') as f: f.write({text!r})")
        # what was typed would lie in the heap
        board("reset")
        prompt(board)
        board("uart", n=0, text="import bench\r")
        answer = board("run", ns=20e9, until="uart0", text="GO")
        assert answer["found"], answer["text"]
        yield board


def write_text(board: Emulated, address: int, words: int, what: str) -> None:
    """A text into registers, padded with zeros."""
    write(board, address, *struct.unpack(f">{words}H", what.encode().ljust(2 * words, b"\0")))


def with_pages(board: Emulated, reset: int) -> None:
    """Switch its web pages on, and let its time follow the sockets; `reset`: the register that resets its
    module.
    """
    write(board, HTTP, 1)
    write(board, reset, 1)
    board("run", ns=1e9)
    board("pace", speed=0)


class Web:
    """An administrator's connection."""

    def __init__(self, port: int) -> None:
        self._at = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._head: dict[str, str] = {}
        asked = self._ask("POST", "/api/login", {"level": "admin", "password": "admin"})
        self._head["X-CSRF-Token"] = asked["csrf"]

    def _said(self, method: str, path: str, body: Any = None) -> str:
        head = {"Content-Type": "application/json", **self._head}
        self._at.request(method, path, None if body is None else json.dumps(body), head)
        answer = self._at.getresponse()
        text = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self._head["Cookie"] = cookie.split(";")[0]
        assert answer.status == 200, text
        return text

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return json.loads(self._said(method, path, body))

    def get(self, path: str) -> str:
        return self._said("GET", path)

    def change(self, old: str, new: str) -> None:
        """Another password for the administrator, who then logs in with it."""
        self._ask("POST", "/api/password", {"level": "admin", "current": old, "password": new})
        self._ask("POST", "/api/login", {"level": "admin", "password": new})

    def backup(self, phrase: str) -> str:
        return self._said("POST", "/api/config", {"passphrase": phrase})

    def write(self, values: dict[str, Any]) -> None:
        self._ask("POST", "/api/write", values)

    def send(self, text: str, phrase: str) -> Any:
        """Import a file; the answer to its last piece."""
        said: Any = {"at": 0}
        for at in range(0, len(text), PIECE):
            more = {"passphrase": phrase} if not at else {}
            end = {"end": True} if at + PIECE >= len(text) else {}
            said = self._ask("POST", "/api/import", {"at": at, "text": text[at : at + PIECE], **more, **end})
        return said

    def apply(self) -> Any:
        return self._ask("POST", "/api/import", {"apply": True})

    def values(self, page: str) -> Any:
        return self._ask("GET", "/api/values/" + page)["values"]

    def about(self) -> Any:
        return self.values("about")
