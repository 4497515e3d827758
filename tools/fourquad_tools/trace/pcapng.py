"""A trace for Wireshark and tshark: a pcapng file of the link type WIRESHARK_UPPER_PDU.

Each packet names its dissector, so that the octets are decoded as they went over the line, without an option:
Modbus RTU as `mbrtu`, Modbus TCP as `mbtcp`, DNP3 as `dnp3.tcp`,
MS/TP as `mstp`; IEC 62056-21, which Wireshark has not, as
lines of text. A port is an interface (`frame.interface_name`); the client's number is its TCP port less
FIRST_CLIENT.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from fourquad_tools.trace import frames
from fourquad_tools.trace.frames import Frame

LINK_TYPE = 252
FIRST_CLIENT = 50000

# Tags of an exported PDU (wireshark epan/exported_pdu.h).
_DISSECTOR, _IP_FROM, _IP_TO, _PORT_KIND, _PORT_FROM, _PORT_TO = 12, 20, 21, 24, 25, 26
_PROTOCOL = 33
_TCP = 2
_HOST = bytes((127, 0, 0, 1))

# Dissector, and the port on which it expects a server.
_DISSECTORS = {
    frames.MODBUS: ("mbrtu", 502),
    frames.MODBUS_TCP: ("mbtcp", 502),
    frames.DNP3: ("dnp3.tcp", 20000),
    frames.BACNET: ("mstp", 47808),
    frames.IEC: ("data-text-lines", 8000),
}
# pcapng: blocks and options.
_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_COMMENT, _INTERFACE_NAME = 1, 2


class PcapngSink:
    """Packets into an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._interfaces: dict[str, int] = {}
        self._comments: dict[str, list[str]] = {}
        self._block(_SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))

    def frame(self, frame: Frame) -> None:
        """One packet; what was noted of its port before it is its comment."""
        interface = self._interface(frame.port)
        data = _packet(frame)
        micros = round(frame.time * 1e6)
        head = struct.pack("<IIIII", interface, micros >> 32, micros & 0xFFFFFFFF, len(data), len(data))
        comments = self._comments.pop(frame.port, [])
        options = b"".join(_option(_COMMENT, words.encode()) for words in comments)
        self._block(_PACKET, head + _padded(data) + (options + _option(0, b"") if options else b""))

    def note(self, time: float, port: str, words: str) -> None:
        """Kept for the next packet of the port."""
        self._comments.setdefault(port, []).append(words)

    def close(self) -> None:
        """No more packets."""
        self._file.close()

    def _interface(self, port: str) -> int:
        if port not in self._interfaces:
            self._interfaces[port] = len(self._interfaces)
            name = _option(_INTERFACE_NAME, port.encode()) + _option(0, b"")
            self._block(_INTERFACE, struct.pack("<HHI", LINK_TYPE, 0, 0) + name)
        return self._interfaces[port]

    def _block(self, kind: int, body: bytes) -> None:
        length = struct.pack("<I", 12 + len(body))
        self._file.write(struct.pack("<I", kind) + length + body + length)
        # who looks at a trace while it is made sees the last packet
        self._file.flush()


def _packet(frame: Frame) -> bytes:
    dissector, server = _DISSECTORS[frame.protocol]
    client = FIRST_CLIENT + frame.client
    ends = (client, server) if frame.inward else (server, client)
    tags = _tag(_DISSECTOR, dissector.encode()) + _tag(_IP_FROM, _HOST) + _tag(_IP_TO, _HOST)
    tags += _tag(_PORT_KIND, _TCP.to_bytes(4, "big"))
    tags += b"".join(
        _tag(kind, port.to_bytes(4, "big")) for kind, port in zip((_PORT_FROM, _PORT_TO), ends, strict=True)
    )
    data = frame.data
    if frame.protocol == frames.IEC:
        tags += _tag(_PROTOCOL, b"IEC 62056-21")
        # characters without their parity
        data = bytes(octet & 0x7F for octet in data)
    return tags + bytes(4) + data


def _tag(kind: int, value: bytes) -> bytes:
    value = _padded(value)
    return struct.pack(">HH", kind, len(value)) + value


def _option(kind: int, value: bytes) -> bytes:
    return struct.pack("<HH", kind, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
