"""Frames of the ADS131M08: their CRC against published values, commands, registers; on MicroPython the
machine code that checks and repairs them in the ring.
"""

import sys
from array import array

from slow_sums import Noise

from fourquad.metering.frontends import ads131 as chip

# A frame as it came from an ADS131M04 (24-bit words), its inputs dead:
# e2e.ti.com, data converters forum, thread 1011774
PUBLISHED = bytes.fromhex("810000" + "000000" * 4 + "b42d00")


def test_crc():
    # the check value of CRC-16/IBM-3740 (0x1021 from 0xFFFF), of the catalogue of parametrised CRCs
    assert chip.crc(b"123456789") == 0x29B1
    assert chip.crc(PUBLISHED[:-3]) == 0xB42D


def test_commands_and_registers():
    # table 8-11: RREG 101a aaaa annn nnnn, WREG 011a aaaa annn nnnn, for one register n is 0
    assert chip.read(chip.CLOCK) == 0b1010_0001_1000_0000
    assert chip.write(chip.MODE) == 0b0110_0001_0000_0000
    settings = dict(chip.settings((0, 1, 2, 3, 4, 5, 6, 7)))
    # words of 16 bits (9, 8), no reset flag (10), time-out (4); channels 0-6, no crystal, 256, high
    # resolution
    assert settings[chip.MODE] == 1 << 4
    assert settings[chip.CLOCK] == 0x7F << 8 | 1 << 7 | 1 << 2 | 2
    assert settings[chip.GAIN1] == 0x3210
    assert settings[chip.GAIN2] == 0x7654


def test_words():
    for bits in (16, 24, 32):
        frame = chip.pack((0x6100, 0x0010), bits)
        assert len(frame) == 10 * bits // 8
        assert chip.unpack(frame, bits) == [0x6100, 0x0010] + [0] * 8
    frame = chip.pack((0x007F, 1, 2, 3, 4, 5, 6, 7, 0), 16)
    value = chip.crc(frame[:-2])
    frame[-2], frame[-1] = value >> 8, value & 255
    assert chip.intact(frame)
    for bit in range(8 * len(frame)):
        frame[bit >> 3] ^= 1 << (bit & 7)
        assert not chip.intact(frame), bit
        frame[bit >> 3] ^= 1 << (bit & 7)


def test_status():
    assert chip.healthy(0x007F)
    assert chip.healthy(0x00FF)
    for wrong in (0x003F, 0x0000, 0x047F, 0x017F, 0x407F, 0x807F, 0x107F, 0x0500):
        assert not chip.healthy(wrong), hex(wrong)


def test_tables_take_a_word_at_a_time():
    tables = chip.tables()
    source = Noise(3)
    data = bytes([source.below(256) for _ in range(40)])
    value = 0xFFFF
    for i in range(0, len(data), 2):
        value ^= data[i] << 8 | data[i + 1]
        value = tables[value >> 8] ^ tables[256 + (value & 255)]
    assert value == chip.crc(data)


def ring(frames, status=0x007F):
    """Frames as the state machine leaves them, with good CRCs; and the codes that they are."""
    words, codes = [], []
    for frame in frames:
        data = bytearray()
        for word in (status,) + tuple(frame) + (0,):
            data.append(word >> 8)
            data.append(word & 255)
        words.extend(frame)
        words.append(chip.crc(data))
        codes.append([word ^ 0x8000 for word in frame])
    return array("H", words), codes


def rows(buffer):
    return [list(buffer[8 * i : 8 * i + 7]) for i in range(len(buffer) // 8)]


def checked(buffer, first, count, status=b"\x00\x7f"):
    from fourquad.metering.frontends import ads131_native
    from fourquad.metering.kernels import sums_native

    found = array("i", [chip.crc(status)] + [-1] * ads131_native.ROOM)
    address = sums_native.address(buffer) + 16 * first
    return ads131_native.check(address, chip.tables(), count, found), list(found[1:])


def lines(count):
    """Frames of straight lines, one of them through the middle of the codes."""
    return [[(300 * n * (c + 1) - 5000) & 0xFFFF for c in range(7)] for n in range(count)]


def test_native_check_and_repair():
    if sys.implementation.name != "micropython":
        return
    from fourquad.metering.frontends.ads131_native import repair

    frames = lines(12)
    buffer, codes = ring(frames)
    assert checked(buffer, 0, 12)[0] == 0
    assert rows(buffer) == codes
    # every single bit that turns is seen, and nothing else is changed by it
    source = Noise(5)
    for _ in range(60):
        buffer, codes = ring(frames)
        bad = 2 + source.below(10)
        buffer[8 * bad + source.below(8)] ^= 1 << source.below(16)
        n, numbers = checked(buffer, 0, 12)
        assert n == 1 and numbers[0] == bad
        repair(buffer, bad, 12, 1)
        assert rows(buffer) == codes, bad
    # another status is another frame
    buffer, _ = ring(frames, 0x0000)
    n, numbers = checked(buffer, 0, 12)
    assert n == 12 and numbers == [0, 1, 2, 3, 4, 5, 6, 7]


def test_native_repair_goes_round_the_ring_and_stays_in_range():
    if sys.implementation.name != "micropython":
        return
    from fourquad.metering.frontends.ads131_native import repair

    buffer = array("H", [0] * 32)
    for c in range(7):
        buffer[16 + c], buffer[24 + c] = 30000, 30000 + 1000 * c
    repair(buffer, 0, 4, 1)
    assert rows(buffer)[0] == [30000 + 2000 * c for c in range(7)]
    buffer[8], buffer[0], buffer[9], buffer[1] = 65535, 60000, 5, 1000
    repair(buffer, 2, 4, 1)
    assert rows(buffer)[2][:2] == [65535, 0]


def test_native_repair_of_several_converters_takes_each_of_its_own():
    if sys.implementation.name != "micropython":
        return
    from fourquad.metering.frontends.ads131_native import repair

    # three frames of two converters in a row: numbers 0, 2, 4 and 1, 3, 5
    buffer = array("H", [0] * 48)
    for c in range(7):
        buffer[c], buffer[16 + c] = 1000, 1100 + c
        buffer[8 + c], buffer[24 + c] = 40000, 39000 - c
    repair(buffer, 4, 6, 2)
    repair(buffer, 5, 6, 2)
    assert rows(buffer)[4:] == [[1200 + 2 * c for c in range(7)], [38000 - 2 * c for c in range(7)]]
