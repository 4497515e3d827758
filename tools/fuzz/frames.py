"""Frames and their checks, made and looked at without the code under test."""

from __future__ import annotations

MODBUS_POLYNOMIAL = 0xA001
DNP3_POLYNOMIAL = 0xA6BC
MSTP_HEADER = 0x81  # x^8 + x^7 + 1, turned round
MSTP_DATA = 0x8408


class Broken(AssertionError):
    """An answer that the protocol does not know, or a change that nobody was allowed to make."""


def need(holds: object, what: str, *data: bytes) -> None:
    """Broken, with the octets, unless it holds."""
    if not holds:
        raise Broken(" | ".join([what, *(part.hex(" ") for part in data)]))


def _table(polynomial: int) -> list[int]:
    entries = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        entries.append(value)
    return entries


_MODBUS = _table(MODBUS_POLYNOMIAL)
_DNP3 = _table(DNP3_POLYNOMIAL)


def modbus_crc(data: bytes) -> bytes:
    crc = 0xFFFF
    for octet in data:
        crc = crc >> 8 ^ _MODBUS[(crc ^ octet) & 0xFF]
    return crc.to_bytes(2, "little")


def dnp3_crc(data: bytes) -> bytes:
    crc = 0
    for octet in data:
        crc = crc >> 8 ^ _DNP3[(crc ^ octet) & 0xFF]
    return (crc ^ 0xFFFF).to_bytes(2, "little")


def dnp3_frame(control: int, data: bytes, destination: int = 1, source: int = 3) -> bytes:
    """A link frame of up to 250 octets of user data."""
    head = bytes((5, 0x64, 5 + len(data), control)) + destination.to_bytes(2, "little")
    head += source.to_bytes(2, "little")
    blocks = [data[i : i + 16] for i in range(0, len(data), 16)]
    return b"".join(block + dnp3_crc(block) for block in (head, *blocks))


def dnp3_fragment(fragment: bytes, sequence: int) -> bytes:
    """A fragment in unconfirmed user data frames."""
    parts = [fragment[i : i + 249] for i in range(0, len(fragment), 249)] or [b""]
    out = b""
    for i, part in enumerate(parts):
        head = sequence + i & 63 | (0x40 if i == 0 else 0) | (0x80 if i == len(parts) - 1 else 0)
        out += dnp3_frame(0xC4, bytes((head,)) + part)
    return out


def dnp3_frames(octets: bytes) -> list[tuple[int, bytes]]:
    """(control, user data) of every frame; Broken unless all of them are good."""
    frames = []
    at = 0
    while at < len(octets):
        head = octets[at : at + 10]
        need(len(head) == 10 and head[:2] == b"\x05\x64" and head[2] >= 5, "no link header", octets)
        need(dnp3_crc(head[:8]) == head[8:], "header CRC", octets)
        left, data = head[2] - 5, b""
        at += 10
        while left:
            count = min(16, left)
            block, check = octets[at : at + count], octets[at + count : at + count + 2]
            need(len(check) == 2 and dnp3_crc(block) == check, "block CRC", octets)
            data += block
            left -= count
            at += count + 2
        frames.append((head[3], data))
    return frames


def iec_framed(body: bytes) -> bytes:
    """SOH, a command, ETX and the block check: the exclusive or of all after SOH."""
    inner = body + b"\x03"
    check = 0
    for octet in inner:
        check ^= octet
    return b"\x01" + inner + bytes((check,))


def _crc(octets: bytes, crc: int, polynomial: int) -> int:
    """Bit by bit, the lowest first."""
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (polynomial if crc & 1 else 0)
    return crc


def mstp_frame(kind: int, destination: int, source: int, data: bytes = b"") -> bytes:
    """A frame of MS/TP (ASHRAE 135, 9.3 and annex G)."""
    head = bytes((kind, destination, source)) + len(data).to_bytes(2, "big")
    out = b"\x55\xff" + head + bytes((_crc(head, 0xFF, MSTP_HEADER) ^ 0xFF,))
    if data:
        out += data + (_crc(data, 0xFFFF, MSTP_DATA) ^ 0xFFFF).to_bytes(2, "little")
    return out


def mstp_data(frame: bytes) -> bytes:
    """The data of one whole frame."""
    need(len(frame) >= 8, "frame", frame)
    need(frame == mstp_frame(frame[2], frame[3], frame[4], frame[8:-2]), "frame", frame)
    return frame[8:-2]
