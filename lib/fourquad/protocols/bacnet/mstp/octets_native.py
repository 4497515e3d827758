"""`octets.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
import micropython


@micropython.viper
def header_crc(buffer: ptr8, at: int) -> int:
    """The CRC-8 of the five octets of a header at buffer[at:]."""
    crc = 0xFF
    end = at + 5
    while at < end:
        crc ^= int(buffer[at])
        crc ^= crc << 1 ^ crc << 2 ^ crc << 3 ^ crc << 4 ^ crc << 5 ^ crc << 6 ^ crc << 7
        crc = crc & 0xFE ^ crc >> 8 & 1
        at += 1
    return crc ^ 0xFF


@micropython.viper
def data_crc(buffer: ptr8, length: int, start: int) -> int:
    """The CRC-16 of `length` octets of `buffer` from `start` on."""
    crc = 0xFFFF
    end = start + length
    while start < end:
        # all eight steps at once: of x^16 + x^12 + x^5 + 1 reflected, by shifts of the octet
        low = (crc ^ int(buffer[start])) & 0xFF
        low = (low ^ low << 4) & 0xFF
        crc = crc >> 8 ^ low << 8 ^ low << 3 ^ low >> 4
        start += 1
    return crc ^ 0xFFFF


@micropython.viper
def collect(header: ptr8, count: int, buffer: ptr8, at: int, end: int) -> int:
    """Take octets of a preamble and a header, up to the eighth: place after them << 4 | count."""
    while at < end and count < 8:
        octet = int(buffer[at])
        at += 1
        if count >= 2:
            header[count] = octet
            count += 1
        elif count == 1 and octet == 0xFF:
            count = 2
        else:
            count = 1 if octet == 0x55 else 0
    return at << 4 | count
