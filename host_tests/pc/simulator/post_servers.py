"""Servers of HTTP that posts of a meter go to, and what they have got."""

from __future__ import annotations

import csv
import itertools
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as probe:
        return probe.server_port
