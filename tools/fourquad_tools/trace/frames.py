"""Frames in octets as they come over a port, by protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fourquad.protocols.crc import checksum

MODBUS, MODBUS_TCP, DNP3, IEC = "modbus", "modbus-tcp", "dnp3", "iec62056"
BACNET = "bacnet"  # over MS/TP
LONGEST = 4096  # octets that are held until they are whole
_RTU_LEAST, _RTU_MOST = 4, 256
_MBAP = 6  # octets of the header, which are not counted in its length
_DNP3_HEAD, _DNP3_BLOCK = 10, 16
_DNP3_COUNTED = 5  # octets of the header that its length counts
_MSTP_HEAD, _MSTP_CRC = 8, 2
_STX, _ETX, _EOT, _SOH, _NAK = 2, 3, 4, 1, 21


@dataclass(frozen=True)
class Frame:
    """Octets that went over a port at `time` (UTC, seconds). `client`: 1, 2 ... of those who connected.

    `inward`: to the meter. `whole`: they are a frame of the protocol; otherwise what was left over.
    """

    time: float
    port: str
    client: int
    inward: bool
    protocol: str
    data: bytes
    whole: bool


def first(protocol: str, data: bytes) -> int:
    """How many octets at the beginning are a frame; 0: none is whole yet. Of a protocol that is not known
    here, what comes at once is one.
    """
    return _FIRST.get(protocol, len)(data)


def _modbus(data: bytes) -> int:
    if _RTU_LEAST <= len(data) <= _RTU_MOST and not checksum(data, len(data), 0):
        return len(data)
    for end in range(_RTU_LEAST, min(len(data), _RTU_MOST) + 1):
        if not checksum(data[:end], end, 0):
            return end
    return 0


def _modbus_tcp(data: bytes) -> int:
    if len(data) < _MBAP:
        return 0
    end = _MBAP + int.from_bytes(data[4:6], "big")
    return end if end <= len(data) else 0


def _dnp3(data: bytes) -> int:
    if len(data) < _DNP3_HEAD or data[:2] != b"\x05\x64" or data[2] < _DNP3_COUNTED:
        return 0
    user = data[2] - _DNP3_COUNTED
    end = _DNP3_HEAD + user + 2 * -(-user // _DNP3_BLOCK)
    return end if end <= len(data) else 0


def _mstp(data: bytes) -> int:
    if len(data) < _MSTP_HEAD or data[:2] != b"\x55\xff":
        return 0
    size = int.from_bytes(data[5:7], "big")
    end = _MSTP_HEAD + (size + _MSTP_CRC if size else 0)
    return end if end <= len(data) else 0


def _iec62056(data: bytes) -> int:
    if data[0] & 0x7F == _NAK:
        return 1
    if data[0] & 0x7F in (_STX, _SOH):
        for at, octet in enumerate(data):
            if octet & 0x7F in (_ETX, _EOT):
                return at + 2 if at + 2 <= len(data) else 0
        return 0
    for at, octet in enumerate(data):
        if octet & 0x7F == 0x0A:
            return at + 1
    return 0


_FIRST: dict[str, Callable[[bytes], int]] = {
    MODBUS: _modbus,
    MODBUS_TCP: _modbus_tcp,
    DNP3: _dnp3,
    IEC: _iec62056,
    BACNET: _mstp,
}
