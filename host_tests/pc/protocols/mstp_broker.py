"""A line of MS/TP that joins pseudo-terminals in real time: what one station says, the others hear an octet
after the other, each when its time on the line is over.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import select
import threading
import time
import tty
from collections import deque
from pathlib import Path

HEADER = 8
TOKEN = 0
NOISE = bytes(6)  # more than Nmin_octets
IDLE_S = 0.05


class _Station:
    """One end of the line. `path`: the terminal that a program has made, or None for one that it is to open,
    whose name is `name`.
    """

    def __init__(self, path: Path | None) -> None:
        if path is None:
            self.fd, other = os.openpty()
            tty.setraw(other)
            self.name = os.ttyname(other)
            self._kept = other
        else:
            self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(self.fd)
            self.name = str(path)
        os.set_blocking(self.fd, False)
        self.said = bytearray()  # what is no whole frame yet


class Broker(threading.Thread):
    """The line. `log`: (when, octets) of the last frames, s; `lose`: the next token is lost for all."""

    def __init__(self, baud: int) -> None:
        super().__init__(daemon=True)
        self.log: deque[tuple[float, bytes]] = deque(maxlen=400)
        self.lose = False
        self._octet = 10 / baud
        self._stations: list[_Station] = []
        self._flights: deque[tuple[float, int, _Station | None]] = deque()
        self._lock = threading.Lock()
        self._running = True

    def join_line(self, path: Path | None = None) -> str:
        """Another station; the name of its terminal."""
        station = _Station(path)
        with self._lock:
            self._stations.append(station)
        return station.name

    def noise(self, rng: random.Random, octets: int) -> None:
        """Octets that nobody says."""
        with self._lock:
            self._fly(bytes(rng.choice((0x55, 0xFF, 0, rng.randrange(256))) for _ in range(octets)), None)

    def tokens(self, since: float) -> list[tuple[int, int]]:
        """(from, to) of each token that was sent since then."""
        with self._lock:
            frames = [said for when, said in self.log if when >= since]
        return [(said[4], said[3]) for said in frames if said[2] == TOKEN]

    def stop(self) -> None:
        self._running = False
        self.join()
        for station in self._stations:
            os.close(station.fd)

    def run(self) -> None:
        """The thread."""
        while self._running:
            with self._lock:
                stations = list(self._stations)
                wait = self._flights[0][0] - time.monotonic() if self._flights else IDLE_S
            ready, _, _ = select.select([s.fd for s in stations], [], [], max(0.0, min(wait, IDLE_S)))
            with self._lock:
                for station in stations:
                    if station.fd in ready:
                        self._hear(station)
                self._deliver()

    def _hear(self, station: _Station) -> None:
        try:
            data = os.read(station.fd, 4096)
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EAGAIN):
                raise
            data = b"" if error.errno == errno.EIO else None
        if data == b"":
            # its program is gone
            self._stations.remove(station)
            os.close(station.fd)
        elif data:
            station.said += data
            while frame := _frame(station.said):
                self.log.append((time.monotonic(), frame))
                lost = self.lose and frame[2] == TOKEN
                self._fly(frame[:-1] + bytes((frame[-1] ^ 0xFF,)) if lost else frame, station)
                if lost:
                    self.lose = False
                    self._fly(NOISE, None)

    def _fly(self, octets: bytes, station: _Station | None) -> None:
        at = max(time.monotonic(), self._flights[-1][0] if self._flights else 0.0)
        for octet in octets:
            at += self._octet
            self._flights.append((at, octet, station))

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._flights and self._flights[0][0] <= now:
            _, octet, said = self._flights.popleft()
            run = bytearray((octet,))
            while self._flights and self._flights[0][0] <= now and self._flights[0][2] is said:
                run.append(self._flights.popleft()[1])
            for station in self._stations:
                if station is not said:
                    with contextlib.suppress(OSError):
                        os.write(station.fd, run)


def _frame(said: bytearray) -> bytes:
    """The first whole frame, which is taken away; or nothing."""
    begin = said.find(b"\x55\xff")
    if begin < 0:
        return b""
    del said[:begin]
    if len(said) < HEADER:
        return b""
    length = said[5] << 8 | said[6]
    total = HEADER + (length + 2 if length else 0)
    if len(said) < total:
        return b""
    frame = bytes(said[:total])
    del said[:total]
    return frame
