"""The ADS131M08: eight delta-sigma converters of 24 bits that sample at once. Commands, registers, frames and
their CRC, after its datasheet (TI SBAS950B; sections in brackets).

A frame is a word of response, eight of data and a CRC, most significant bit first (8.5.1.7). Words are of 24
bits after a reset, of 16 as the meter runs it: commands and registers have 16 bits anyway, and of data the 8
lower bits are dropped. docs/hardware.md says why 16 suffice.
"""

from array import array

CHANNELS = 8
USED = 7  # three voltages, three currents, the neutral current; the eighth is switched off and reads 0
WORDS = 8  # of a frame in the ring: the channels used and the CRC
FULL_SCALE = 1.2  # V either way, at a gain of 1
OVERSAMPLING = 256
DIVIDER = 2 * OVERSAMPLING  # clocks of CLKIN to a frame (8.4.2.1: the modulators run at half of it)
RESET_CLOCKS = 2048  # of SYNC/RESET held low: a reset, not a synchronization (8.4.1.2)

# Commands (table 8-11). Their answers come with the next frame.
NULL = 0x0000  # answered by STATUS
RESET_DONE = 0xFF28  # the first response after a reset (8.5.1.10.2)
_READ = 0xA000
_WRITE = 0x6000

# Registers (8.6).
ID = 0x00
STATUS = 0x01
MODE = 0x02
CLOCK = 0x03
GAIN1 = 0x04
GAIN2 = 0x05

# STATUS: below these bits WLENGTH (9, 8) and a bit for each channel whose data are new
LOCK = 1 << 15
RESYNC = 1 << 14
INPUT_ERROR = 1 << 12
RESET = 1 << 10
_WLENGTH = 3 << 8

_MODE_16_BITS = 1 << 4  # words of 16 bits, CCITT, reset flag cleared; SPI time-out as after a reset
_XTAL_OFF = 1 << 7
_OSR_256 = 1 << 2
_HIGH_RESOLUTION = 2


def read(register):
    """Command that reads a register: its value is the next response."""
    return _READ | register << 7


def write(register):
    """Command that writes a register with the word after it."""
    return _WRITE | register << 7


def settings(gains=(0,) * CHANNELS):
    """(register, value) of all that differs from a reset; `gains` are powers of 2, 0 to 7, a channel."""
    packed = [0, 0]
    for c in range(CHANNELS):
        packed[c >> 2] |= gains[c] << 4 * (c & 3)
    clock = ((1 << USED) - 1) << 8 | _XTAL_OFF | _OSR_256 | _HIGH_RESOLUTION
    return ((MODE, _MODE_16_BITS), (CLOCK, clock), (GAIN1, packed[0]), (GAIN2, packed[1]))


def pack(words, bits, count=CHANNELS + 2):
    """The bytes of a frame of `count` words of `bits` bits that begins with the 16-bit `words`."""
    size = bits >> 3
    out = bytearray(count * size)
    for i in range(len(words)):
        out[i * size] = words[i] >> 8
        out[i * size + 1] = words[i] & 255
    return out


def unpack(frame, bits):
    """The upper 16 bits of each word."""
    size = bits >> 3
    return [frame[i] << 8 | frame[i + 1] for i in range(0, len(frame), size)]


def crc(data, value=0xFFFF):
    """CRC-16-CCITT (0x1021) of bytes, as 8.5.1.3 has it; `value` of those before them."""
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def intact(frame):
    """Whether the CRC of a frame of 16-bit words is right."""
    return crc(frame[:-2]) == frame[-2] << 8 | frame[-1]


def tables():
    """CRCs of a byte that one byte follows, then of a byte that none follows: a word needs one of each."""
    out = array("H", [0] * 512)
    for byte in range(256):
        out[byte] = crc((byte, 0), 0)
        out[256 + byte] = crc((byte,), 0)
    return out


def healthy(status):
    """Whether a STATUS is one of a converter that runs as it was set: new data of all channels used."""
    used = (1 << USED) - 1
    return not status & (LOCK | RESYNC | INPUT_ERROR | RESET | _WLENGTH) and status & used == used
