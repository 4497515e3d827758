"""CRC-16/MODBUS of each octet, in two halves: bytes, which an image has in flash (tools/build/
inline_points.py), where an array of words would take 512 bytes of heap.
"""


def _crc(octet):
    for _ in range(8):
        octet = octet >> 1 ^ 0xA001 if octet & 1 else octet >> 1
    return octet


LOW = bytes([_crc(i) & 0xFF for i in range(256)])
HIGH = bytes([_crc(i) >> 8 for i in range(256)])
