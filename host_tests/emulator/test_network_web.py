"""The web server on the emulated board with a W5500: curl is the foreign client."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import foreign
import pytest
from emulated import PATIENCE_S, Emulated, image
from test_meter import start, wire, write

IMAGE = "W5500_EMU-kw320"
HTTP = 0xD740
MODULE_RESET = 0x101A

foreign.programs("curl")


@pytest.fixture
def board() -> Iterator[Emulated]:
    with Emulated(image(IMAGE), "--net", "80=0") as emulated:
        wire(emulated)
        start(emulated)
        emulated("run", ns=4e9)  # the W5500 takes its time to start, and so do the rings of the loggers
        write(emulated, HTTP, 1)
        write(emulated, MODULE_RESET, 1)
        emulated("run", ns=1e9)
        emulated("pace", speed=0)
        yield emulated


def curl(board: Emulated, path: str, *options: str) -> str:
    """What curl gets."""
    url = f"http://127.0.0.1:{board.ports['net']['80']}{path}"
    command = ["curl", "-sS", "--max-time", str(PATIENCE_S), *options, url]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_log_in_values_and_settings(board: Emulated, tmp_path: Any) -> None:
    jar = str(tmp_path / "jar")
    kind = "Content-Type: application/json"
    assert json.loads(curl(board, "/api/session"))["level"] is None
    assert json.loads(curl(board, "/api/values/basic")) == {"error": "login"}
    secret = json.dumps({"level": "admin", "password": "admin"})
    said = json.loads(curl(board, "/api/login", "-c", jar, "-H", kind, "-d", secret))
    assert said["level"] == "admin" and said["defaults"] == ["user", "admin"]
    basic = json.loads(curl(board, "/api/values/basic", "-b", jar))["values"]
    assert basic["v1"] == pytest.approx(230.0, rel=2e-3)
    assert len(json.loads(curl(board, "/api/values/harmonics", "-b", jar))["values"]["i3"]) == 62
    admin = ("-b", jar, "-H", kind, "-H", f"X-CSRF-Token: {said['csrf']}")
    refused = json.loads(curl(board, "/api/write", *admin, "-d", '{"3075":4001,"3137":0}'))
    assert refused == {"error": "range", "id": 3137}
    assert json.loads(curl(board, "/api/write", *admin, "-d", '{"3075":4001}')) == {"ok": True}
    settings = json.loads(curl(board, "/api/settings/meter", "-b", jar))["settings"]
    assert next(row["value"] for row in settings if row["id"] == 3075) == 4001
    new = json.dumps({"level": "admin", "current": "admin", "password": "secret 1"})
    assert json.loads(curl(board, "/api/password", *admin, "-d", new)) == {"ok": True}
    assert json.loads(curl(board, "/api/login", "-H", kind, "-d", secret)) == {"error": "password"}
    secret = json.dumps({"level": "admin", "password": "secret 1"})
    assert json.loads(curl(board, "/api/login", "-H", kind, "-d", secret))["defaults"] == ["user"]


def test_how_soon_an_answer_begins(board: Emulated, tmp_path: Any) -> None:
    """Of what the pages ask for every few seconds, while the meter measures. What stands still for longer, a
    collection or an erase, has no answer of a serial line here that would hide it.
    """
    jar = str(tmp_path / "jar")
    secret = ("-H", "Content-Type: application/json", "-d", '{"level":"user","password":"view"}')
    assert json.loads(curl(board, "/api/login", "-c", jar, *secret))["level"] == "user"
    board("net", clear=True)
    for page in ("dashboard", "basic", "energy", "thd"):
        # one connection, as a browser's
        base = f"http://127.0.0.1:{board.ports['net']['80']}/api/values/{page}"
        command = ["curl", "-sS", "--max-time", str(PATIENCE_S), "-b", jar, *[base] * 10]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0 and done.stdout.count('"up_s"') == 10
    board("pace", paused=True)
    took = sorted(board("net")["latencies_us"])
    assert len(took) >= 40
    # a head is taken in by two slices, judged, and answered by two more; others have their turn between them
    assert took[len(took) // 2] < 15_000
    assert took[-1] < 100_000
