"""A file of a data logger from the emulated board to a server of Python's, over its W5500."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from emulated import PATIENCE_S, Emulated, image
from test_meter import ask, start, wire, write

IMAGE = "W5500_EMU-kw320"
CLOCK, MODULE_RESET = 0x1040, 0x101A
LOGGER, CHANNEL, URL = 0xDA00, 0xDA30, 0xDD40
POST_RESULT = 0xDA80
HTTP, FIVE_SECONDS, MINUTE = 1, 1, 5


def words(text: str, registers: int) -> list[int]:
    data = text.encode().ljust(2 * registers, b"\0")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def test_a_file_is_posted_and_again_after_a_failure() -> None:
    got: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
    codes = iter((500, 200))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response_only(next(codes, 200))
            self.end_headers()
            got.put((dict(self.headers), body))

        def log_message(self, *_: Any) -> None:
            """In silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        with Emulated(image(IMAGE), "--net", "502=0") as board:
            wire(board)
            start(board)
            board("run", ns=4e9)  # the W5500 takes its time to start
            write(board, CLOCK, 2026, 3, 4, 10, 4, 40)
            write(board, URL, *words(f"http://192.168.1.77:{server.server_port}/in", 40))
            write(board, CHANNEL, HTTP)
            write(board, LOGGER + 2, 1)
            write(board, LOGGER + 11, FIVE_SECONDS, MINUTE)
            write(board, LOGGER, 1, 1)
            write(board, MODULE_RESET, 1)
            board("pace", speed=0)
            head, body = got.get(timeout=PATIENCE_S)
            again = got.get(timeout=PATIENCE_S)
            assert again[0]["Idempotency-Key"] == head["Idempotency-Key"] and again[1] == body
            lines = body.decode().split("\r\n")
            assert lines[0] == "Time,V1,V2,V3,VAVG" and lines[-1] == ""
            times = [line.split(",")[0] for line in lines[1:-1]]
            assert times[-1] == "2026-03-04 10:04:55" and len(times) in (2, 3)
            for line in lines[1:-1]:
                assert float(line.split(",")[1]) == pytest.approx(230.0, rel=2e-3)
            board("pace", paused=True)
            board("run", ns=1e9)
            result, _, sent, failed = ask(board, 1, 3, POST_RESULT >> 8, POST_RESULT & 255, 0, 4)[2::2]
            assert (result, sent, failed) == (200, 1, 1)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
