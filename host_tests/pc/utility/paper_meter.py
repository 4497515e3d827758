"""A meter that has only what chapter 6.3.8 of the KW320's manual says of logs, written from its text alone:
the second opinion that the utility is tried on, next to the simulator. Registers without a rule are a dict.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Callable, Sequence

from fourquad_tools.utility.errors import Refused

Record = tuple[tuple[int, int, int, int, int, int], bytes]  # year - 2000 ... second; data


def crc(data: bytes) -> int:
    """CRC-16/MODBUS, bit by bit (Modbus over serial line V1.02, 6.2.2)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


class PaperLog:
    """One data log. `sector` is its size in bytes, which the tests make small."""

    def __init__(
        self, addresses: Sequence[int], lengths: Sequence[int], sectors: int, sector: int = 65536
    ) -> None:
        self.addresses, self.lengths = addresses, lengths
        self.sectors = sectors
        self.size = 12 + 2 * len(addresses)
        self.per_sector = sector // self.size
        self.records: list[Record] = []
        self.ever: list[Record] = []

    def settings(self) -> list[int]:
        """192 registers: 6.3.8, with the byte order of its example."""
        words = [0] * 192
        words[0] = len(self.addresses) << 8 | self.sectors
        words[1] = 1
        words[2 : 2 + len(self.addresses)] = self.addresses
        pairs = bytes(self.lengths).ljust(118, b"\0")
        words[0x77 : 0x77 + 59] = struct.unpack(">59H", pairs)
        return words

    def add(self, record: Record) -> None:
        """The oldest sector is erased when all are full."""
        if len(self.records) == self.sectors * self.per_sector:
            del self.records[: self.per_sector]
        self.records.append(record)
        self.ever.append(record)

    def bytes_at(self, n: int) -> bytes:
        stamp, data = self.records[n]
        body = struct.pack(">I", n + 1) + bytes(stamp) + data
        return body + struct.pack("<H", crc(body))

    def status(self) -> list[int]:
        used = len(self.records)
        times = [0] * 6
        if used:
            times = list(struct.unpack(">6H", bytes(self.records[0][0]) + bytes(self.records[-1][0])))
        most = self.sectors * self.per_sector
        return [most >> 16, most & 0xFFFF, used >> 16, used & 0xFFFF, self.size, 0, *times]


class PaperMeter:
    """Registers behind `read` and `write`, as the utility's link has them; each request calls `before`."""

    unit = 1

    def __init__(self, logs: Sequence[PaperLog] = ()) -> None:
        self.logs = list(logs)
        self.words: dict[int, int] = {0x1019: 0}
        self.log = self.count = self.offset = 0
        self.window = bytes(246)
        self.status = 0x0B
        self.slow = 0  # looks for which a window is not ready
        self._wait = 0
        self.requests = 0
        self.before: Callable[[PaperMeter], None] = lambda meter: None

    def write(self, address: int, words: Sequence[int]) -> None:
        self._asked()
        for i, word in enumerate(words):
            self._put(address + i, word)
        if 0x6000 <= address <= 0x6003:
            self._make_window()

    def _put(self, address: int, word: int) -> None:
        if address == 0x6000:
            self.log = word >> 8 or word & 0xFF
            if self.log > 2:
                raise Refused(3, "6000H")
        elif address == 0x6001:
            self.count = word >> 8
        elif address == 0x6002:
            self.offset = word << 16 | self.offset & 0xFFFF
        elif address == 0x6003:
            self.offset = self.offset & 0xFFFF0000 | word
        elif address in self.words:
            self.words[address] = word
        else:
            raise Refused(2, f"{address:04X}H")

    def _make_window(self) -> None:
        log = self.logs[self.log]
        if not 0 < self.count <= 246 // log.size:
            raise Refused(3, "6001H")
        self._wait = self.slow
        end = min(self.offset + self.count, len(log.records))
        data = b"".join(log.bytes_at(n) for n in range(self.offset, end))
        # the field capture: after the records the bytes of the window before are left standing
        self.window = data + self.window[len(data) : 246] if end > self.offset else bytes(246)

    def read(self, address: int, count: int) -> list[int]:
        self._asked()
        assert 0 < count <= 125
        words = [self._get(a) for a in range(address, address + count)]
        if address <= 0x6001 < address + count:
            self._wait -= self._wait > 0
        return words

    def _get(self, a: int) -> int:
        for n, log in enumerate(self.logs):
            if 0x1100 + 192 * n <= a < 0x1100 + 192 * (n + 1):
                return log.settings()[a - 0x1100 - 192 * n]
            if 0x6100 + 256 * n <= a < 0x610C + 256 * n:
                return log.status()[a - 0x6100 - 256 * n]
        if 0x6000 <= a <= 0x6003:
            status = 0xFF if self._wait else self.status
            return (self.log << 8, self.count << 8 | status, self.offset >> 16, self.offset & 0xFFFF)[
                a - 0x6000
            ]
        if 0x6004 <= a <= 0x607E:
            data = bytes(246) if self._wait else self.window
            return int.from_bytes(data[2 * (a - 0x6004) :][:2], "big")
        if a not in self.words:
            raise Refused(2, f"{a:04X}H")
        return self.words[a]

    def _asked(self) -> None:
        self.requests += 1
        self.before(self)

    def close(self) -> None:
        """Nothing to leave."""


class _Handler(socketserver.StreamRequestHandler):
    """Modbus TCP (messaging guide V1.0b), functions 3 and 16."""

    def handle(self) -> None:
        meter = self.server.meter  # type: ignore[attr-defined]
        while head := self.rfile.read(7):
            transaction, _, length, unit = struct.unpack(">HHHB", head)
            body = self.rfile.read(length - 1)
            function, address, count = struct.unpack(">BHH", body[:5])
            try:
                if function == 3:
                    words = meter.read(address, count)
                    answer = struct.pack(">BB", 3, 2 * count) + struct.pack(f">{count}H", *words)
                else:
                    meter.write(address, struct.unpack(f">{count}H", body[6:]))
                    answer = body[:5]
            except Refused as refusal:
                answer = bytes((function | 0x80, refusal.code))
            except ConnectionAbortedError:
                return
            self.wfile.write(struct.pack(">HHHB", transaction, 0, len(answer) + 1, unit) + answer)


class Server:
    """The paper meter on a port of this computer."""

    def __init__(self, meter: PaperMeter) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.meter = meter  # type: ignore[attr-defined]
        self.where = ("--net", f"127.0.0.1:{self._server.server_address[1]}")
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
