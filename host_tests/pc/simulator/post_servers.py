"""Servers of HTTP and of FTP that posts of a meter go to, and what they have got."""

from __future__ import annotations

import csv
import itertools
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer


class Files:
    """What a server has got, by what names it; a repeat must be the same."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.repeats = 0
        self.requests = 0

    def take(self, key: str, body: bytes) -> None:
        self.repeats += key in self.files
        assert self.files.setdefault(key, body) == body

    def rows(self, names: list[str]) -> list[list[str]]:
        """The records of all of them, which have columns of these names."""
        out = []
        for body in self.files.values():
            head, *records = csv.reader(body.decode().splitlines())
            assert head == ["Time", *names]
            assert all(len(record) == len(head) for record in records)
            out += records
        return sorted(out)


@contextmanager
def serving(files: Files, port: int, fails: bool = True, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server of HTTP that fails half of the time, each way in turn; of HTTPS with `tls`."""
    ways = itertools.cycle(["", "500", "", "cut", "", "lost", "", "deaf", "", "503 late"] if fails else [""])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            files.requests += 1
            way = next(ways)
            assert self.headers["Content-Type"] == "text/csv"
            assert self.headers["Authorization"] == "Bearer t0ken"
            if way == "deaf":
                return  # it hangs up without having read anything
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if way == "cut":
                return
            if way.isdigit() or "late" in way:
                self.send_response_only(int(way[:3]))
                self.end_headers()
                return
            files.take(self.headers["Idempotency-Key"], body)
            if way == "lost":
                return
            self.send_response_only(200)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, *_: object) -> None:
            """In silence."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_ftp(folder: Path, lost: int = 0) -> Iterator[tuple[int, Callable[[], Files]]]:
    """pyftpdlib's server: its port, and what gives the files that are there. A user "meter" with "pass word"
    may write to /in; of the first `lost` files that get their name nobody is told.
    """
    (folder / "in").mkdir(parents=True)
    authorizer = DummyAuthorizer()
    authorizer.add_user("meter", "pass word", str(folder), perm="elradfmw")
    losses = iter(range(lost))

    class Handler(FTPHandler):  # type: ignore[misc]
        def ftp_RNTO(self, path: str) -> Any:
            if next(losses, None) is None:
                return super().ftp_RNTO(path)
            Path(self._rnfr).rename(path)
            self.close()
            return None

    Handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.05, "handle_exit": False})
    thread.start()

    def files() -> Files:
        found = Files()
        for path in (folder / "in").iterdir():
            assert path.suffix == ".csv", path
            found.take(path.name, path.read_bytes())
        return found

    try:
        yield server.address[1], files
    finally:
        server.close_all()
        thread.join()


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as probe:
        return probe.server_port
