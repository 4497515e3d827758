"""A configuration is taken from the emulated board with a W5500, and brought back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from emulated import PATIENCE_S, Emulated
from networked import board_on_network
from test_meter import write

from fourquad import points as p
from fourquad.points import network as n

HTTP = 0xD740
MODULE_RESET = 0x101A
PIECE = 500  # octets, as the page sends them
CT1, MODBUS_PORT, TITLE = (str(p.SETTING + each) for each in (p.CT1, n.MODBUS_PORT, n.HTTP_TITLE))


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

    def about(self) -> Any:
        return self._ask("GET", "/api/values/about")["values"]


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("80") as emulated:
        write(emulated, HTTP, 1)
        write(emulated, MODULE_RESET, 1)
        emulated("run", ns=1e9)
        emulated("pace", speed=0)
        yield emulated


@pytest.mark.thorough
def test_a_configuration_is_taken_away_and_brought_back(board: Emulated) -> None:
    web = Web(board.ports["net"]["80"])
    gaps = web.about()["gaps"]
    web.write({CT1: 400, MODBUS_PORT: 2002, TITLE: "kitchen"})
    kept = web.backup("correct horse")
    said = json.loads(kept)
    assert said["format"] == 3 and said["model"] == "kw320" and said["settings"][TITLE] == "kitchen"
    web.write({CT1: 500, MODBUS_PORT: 2003, TITLE: "hall"})
    answer = web.send(kept, "correct horse")
    assert answer["changes"] == 3 and answer["sealed"] > 5
    assert web.about()["title"] == "hall"
    assert web.apply() == {"ok": True, "changes": 3}
    about = web.about()
    assert about["title"] == "kitchen" and about["gaps"] == gaps
    assert json.loads(web.backup("correct horse"))["settings"] == said["settings"]
