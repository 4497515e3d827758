"""The web server of the simulated meter before foreign clients: curl, and Python's own over TLS."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import foreign
import pytest
from simulated import PATIENCE_S, Simulated

foreign.programs("curl")
KIND = "Content-Type: application/json"
PT1, HOST_NAME, ACCESS, ALLOWED = 3075, 3866, 3865, 3872


class Curl:
    """A client with its cookies."""

    def __init__(self, base: str, folder: Path, *options: str) -> None:
        self.base = base
        self.jar = str(folder / "jar")
        self.options = options
        self.csrf = ""

    def __call__(self, path: str, *options: str) -> str:
        command = ["curl", "-sS", "--max-time", str(PATIENCE_S), "-b", self.jar, "-c", self.jar]
        done = subprocess.run(
            [*command, *self.options, *options, self.base + path], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, path: str, *options: str) -> Any:
        return json.loads(self(path, *options))

    def post(self, path: str, body: Any) -> Any:
        lines = ["-H", KIND, "-H", f"X-CSRF-Token: {self.csrf}", "-d", json.dumps(body)]
        return self.json(path, *lines)

    def log_in(self, level: str = "admin", password: str = "admin") -> Any:
        said = self.post("/api/login", {"level": level, "password": password})
        self.csrf = said.get("csrf") or ""
        return said


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    folder = tmp_path_factory.mktemp("http")
    nets = ("http", "https") if shutil.which("openssl") else ("http",)
    simulated = Simulated(folder, "--state", str(folder / "state"), nets=nets)
    yield simulated
    simulated.close()


@pytest.fixture
def curl(meter: Simulated, tmp_path: Path) -> Curl:
    return Curl(f"http://127.0.0.1:{meter.net['http']}", tmp_path)


def test_log_in_values_settings_and_out(curl: Curl) -> None:
    assert curl.json("/api/session")["level"] is None
    assert curl.json("/api/values/basic") == {"error": "login"}
    assert curl.log_in()["defaults"] == ["user", "admin"]
    values = curl.json("/api/values/basic")["values"]
    # the load of the tests
    assert values["v1"] == pytest.approx(230.0, rel=1e-3)
    assert values["i1"] == pytest.approx(0.25, rel=1e-3)
    assert values["p1"] == pytest.approx(0.230 * 0.25 * 0.8660254, rel=2e-3, abs=5e-4)
    assert curl.post("/api/write", {PT1: 4001, 3137: 0}) == {"error": "range", "id": 3137}
    assert curl.post("/api/write", {PT1: 4001, HOST_NAME: "kitchen"}) == {"ok": True}
    rows = curl.json("/api/settings/meter")["settings"]
    assert next(row["value"] for row in rows if row["id"] == PT1) == 4001
    assert curl.post("/api/write", {PT1: 4000}) == {"ok": True}
    assert curl.post("/api/write", {ACCESS: 1}) == {"error": "lockout", "id": ACCESS}
    assert curl.post("/api/logout", {}) == {"ok": True}
    assert curl.json("/api/values/basic") == {"error": "login"}


def test_a_file_is_not_sent_twice(curl: Curl, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    tag = str(tmp_path / "tag")
    assert "<html" in curl("/", "--compressed", "--etag-save", tag)
    code = ("-o", str(first), "-w", "%{http_code} %{size_download}")
    assert curl("/", *code) == f"200 {first.stat().st_size}"
    assert (
        curl("/", "--etag-compare", tag, "-o", str(second), "-w", "%{http_code} %{size_download}") == "304 0"
    )
    assert curl("/", "-I", "-w", "%{http_code}").endswith("200")


def test_what_is_refused(curl: Curl) -> None:
    code = ("-o", "/dev/null", "-w", "%{http_code}")
    assert curl("/none", *code) == "404"
    assert curl("/api/write", "-X", "DELETE", *code) == "405"
    assert curl("/api/write", "-X", "BREW", *code) == "501"
    assert curl("/" + "a" * 300, *code) == "414"
    assert curl("/", "-H", "X: " + "a" * 5000, *code) == "431"
    assert curl("/api/login", "-H", KIND, "-d", "x" * 3000, *code) == "413"
    assert curl("/api/login", "-H", "Transfer-Encoding: chunked", "-d", "{}", *code) == "501"
    assert curl("/api/login", "-d", "{}", *code) == "415"
    assert curl("/", "--http1.0", *code) == "200"
    assert curl("/", "-H", "Host: a b", *code) == "400"


def test_tls(meter: Simulated, tmp_path: Path) -> None:
    foreign.programs("openssl")
    certificate = str(next(tmp_path.parent.glob("http*")) / "state" / "tls.pem")
    curl = Curl(f"https://localhost:{meter.net['https']}", tmp_path, "--cacert", certificate)
    said = curl("/api/login", "-H", KIND, "-d", '{"level":"user","password":"view"}', "-i")
    assert "; Secure" in said
    # several requests over one connection, and a body of several records
    context = ssl.create_default_context(cafile=certificate)
    client = http.client.HTTPSConnection("localhost", meter.net["https"], timeout=PATIENCE_S, context=context)
    for _ in range(3):
        client.request("GET", "/app.js")
        answer = client.getresponse()
        assert answer.status == 200 and len(answer.read()) == int(answer.headers["Content-Length"])
    client.close()
    assert curl.json("/api/session")["level"] == "user"
    with socket.create_connection(("127.0.0.1", meter.net["https"]), PATIENCE_S) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            assert not plain.recv(100).startswith(b"HTTP")


def test_more_clients_than_places_at_once(curl: Curl) -> None:
    """Each comes with a connection of its own, and all are served."""
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: curl.json("/api/session")["model"], range(36)))
    assert found == ["kw320"] * 36


@pytest.mark.thorough
def test_a_client_of_an_octet_a_second(meter: Simulated, curl: Curl) -> None:
    """One sends so slowly, another takes so slowly what it gets: others are served meanwhile, and who never
    ends its request is told so.
    """
    where = ("127.0.0.1", meter.net["http"])
    with socket.create_connection(where, PATIENCE_S) as slow, socket.create_connection(where) as reader:
        reader.sendall(b"GET /app.js HTTP/1.1\r\nHost: a\r\n\r\n")
        slow.settimeout(1)
        said = b""
        for octet in b"GET /app.js HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100:
            slow.sendall(bytes((octet,)))
            assert reader.recv(1)
            assert curl.json("/api/session")["model"] == "kw320"
            with contextlib.suppress(TimeoutError):
                said = slow.recv(100)
                break
        assert said.startswith(b"HTTP/1.1 408 ")


@pytest.mark.thorough
def test_a_thousand_connections_that_say_nothing(meter: Simulated, curl: Curl) -> None:
    """They go before, or give way."""
    where = ("127.0.0.1", meter.net["http"])
    for _ in range(10):
        crowd = [socket.create_connection(where, PATIENCE_S) for _ in range(100)]
        for each in crowd[::3]:
            each.sendall(b"GET / HT")
        for each in crowd:
            each.close()
        assert curl.json("/api/session")["model"] == "kw320"
    stays = [socket.create_connection(where, PATIENCE_S) for _ in range(40)]
    assert curl.json("/api/session")["model"] == "kw320"
    for each in stays:
        each.close()
