"""The line itself: an answer that comes late is not taken for that of the next request."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

import pytest
from paper_meter import crc

from fourquad_tools.utility.errors import NoAnswer
from fourquad_tools.utility.modbus_link import serial_link, tcp_link


class Late:
    """A meter whose registers hold their addresses; its first answer waits for `release`."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._first = True
        self._released = threading.Event()
        self._sent = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._server.accept()
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        while len(request := line.recv(8)) == 8:
            first, self._first = self._first, False
            if first:
                self._released.wait()
            body = bytes((1, 3, 2)) + request[2:4]
            with contextlib.suppress(OSError):
                line.sendall(body + struct.pack("<H", crc(body)))
            self._sent.set()

    def release(self) -> None:
        """Send the first answer; it is on its way when this returns."""
        self._released.set()
        assert self._sent.wait(60)


@pytest.mark.parametrize("way", ["tcp", "serial"])
def test_a_late_answer_finds_nobody(way):
    meter = Late()
    if way == "tcp":
        link = tcp_link("127.0.0.1", meter.port, False, 1, 0.2, 1)
    else:
        link = serial_link(f"socket://127.0.0.1:{meter.port}", 1, 19200, "none", 0.2, 1)
    with pytest.raises(NoAnswer):
        link.read(10, 1)
    meter.release()
    assert [link.read(address, 1) for address in (20, 30, 40)] == [[20], [30], [40]]
    link.close()
