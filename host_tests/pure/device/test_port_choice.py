"""Ports of a device that change what they speak, and how fast."""

from device_fakes import Plant
from test_device import ask, write_registers

from fourquad import points as p

PORT = 0x1000  # protocol, address, baud rate of the first port
BAUD = 0x1002
LINK_STATUS = bytes((0x05, 0x64, 5, 0xC9, 1, 0, 3, 0))  # from master 3 to outstation 1
STATUS = bytes((0x05, 0x64, 5, 0x0B, 3, 0, 1, 0))


def dnp3(header):
    """A header with its CRC, bit by bit as IEEE 1815 gives it: polynomial 3D65H, reflected and inverted."""
    crc = 0
    for octet in header:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA6BC if crc & 1 else crc >> 1
    crc ^= 0xFFFF
    return header + bytes((crc & 255, crc >> 8))


def even(byte):
    """Seven bits with their parity, as ISO 646 goes over a line (IEC 62056-21, 5.1)."""
    ones = sum([byte >> i & 1 for i in range(7)])
    return byte | (ones & 1) << 7


def test_a_new_speed_comes_after_the_answer_that_confirmed_it():
    plant = Plant()
    plant.run(1100)
    line = plant.lines[0]
    before = line.baud
    assert before != 38400
    line.busy = True
    ask(plant, write_registers(BAUD, 38400))
    plant.run(300)
    assert line.baud == before
    line.busy = False
    plant.run(110)
    assert line.baud == 38400


def test_a_port_speaks_another_protocol_after_the_answer_that_chose_it_and_back():
    plant = Plant()
    plant.run(1100)
    line = plant.lines[0]
    plant.write(p.SETTING + p.ADDRESS_1, 1)
    plant.write(p.SETTING + p.PROTOCOL_1, 1)
    plant.run(200)
    line.sent, line.coming = b"", dnp3(LINK_STATUS)
    plant.run(50)
    assert line.sent == dnp3(STATUS)
    plant.write(p.SETTING + p.PROTOCOL_1, 0)
    plant.run(200)
    # one register of the address
    assert ask(plant, bytes((1, 3, 0x10, 1, 0, 1)))[1:] == bytes((0, 1))


def test_a_protocol_that_takes_bytes_as_they_come():
    plant = Plant("a1000")
    plant.run(1100)
    line = plant.lines[0]
    assert line.baud == 300
    plant.write(p.SETTING + p.IEC_BARE_1, 1)
    for byte in b"/?!\r\n":
        line.coming = bytes((even(byte),))
        plant.run(34)
    plant.run(2000)
    # the identification: a slash, three letters of the maker, the speed that it offers
    sent = bytes([byte & 127 for byte in line.all])
    assert [even(byte) for byte in sent] == list(line.all)
    assert sent[:1] == b"/" and b"\r\n" in sent and sent[1:4].isalpha()


def test_nothing_is_answered_before_there_are_readings():
    plant = Plant()
    line = plant.lines[0]
    line.coming = b"\x01\x03\x10\x00\x00\x01\x80\xca"
    plant.run(100)
    assert not plant.device.meter.valid and not line.sent
    plant.run(1000)
    assert line.sent
