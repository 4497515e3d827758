"""The worked example of 6.3.8 of the KW320's manual, step by step as its text goes, over a serial line."""

from device_fakes import Plant
from log_master import Master, number, records, words


def test_the_worked_example():
    plant = Plant()
    plant.run(2500)
    master = Master(plant)
    # a) 1. VAN, VBN, VCN are 4002H to 4007H, descriptors 0202H and 0200H; 2. 060AH: 6 registers, 10 sectors;
    # 3. 1 minute; 4. no timer (the mode is 11B2H, what is printed as 11B9H is reserved)
    for i in range(6):
        assert master.write(0x1102 + i, 0x4002 + i) == 0
    assert master.write(0x1177, 0x0202) == 0
    assert master.write(0x1178, 0x0200) == 0
    assert master.write(0x1100, 0x060A) == 0
    assert master.write(0x1101, 0x0001) == 0
    assert master.write(0x11B9, 0) == 0 and master.write(0x11B2, 0) == 0
    states = []
    while master.state() != 0xBB:
        states.append(master.state())
        plant.run(100)
    assert set(states) == {0xAA} and 1 < len(states) < 40
    volts = master.read(0x4002, 6)
    plant.minutes(13)
    # b) 1. 246 \ 24 = 10 records a window
    _, used, size, first, last = master.status(0)
    assert size == 12 + 2 * 6 == 24 and used == 13
    per_window = 246 // size
    assert per_window == 10
    found = []
    offset = 0
    while offset < used:
        # 2. 0A0BH to 6001H, the offset to 6002H
        assert master.write(0x6001, 0x0A0B) == 0
        assert master.write(0x6002, *((0,) if not offset else (offset >> 16, offset))) == 0
        # 3. status of the window
        assert master.read(0x6001, 1) == b"\x0a\x0b"
        # 4. the window, and the next offset
        there = min(per_window, used - offset)
        found += records(master.read(0x6004, 123), size, there)
        offset += per_window
    assert [n for n, _, _ in found] == list(range(1, 14))
    assert [when for _, when, _ in found] == [(26, 1, 1, 0, minute, 0) for minute in range(1, 14)]
    assert bytes(found[0][1]) == first and bytes(found[-1][1]) == last
    assert all(data == volts for _, _, data in found)
    # 230 V as IEEE 754 singles, the high word first: within the 12 bits of the converter
    assert 0x4365C000 < number(volts[:4]) < 0x43664000


def test_the_header_is_read_back_and_the_low_byte_of_6001h_is_not_written():
    plant = Plant()
    plant.run(2500)
    master = Master(plant)
    assert master.read(0x6000, 4) == words(0, 0x00FF, 0, 0)
    assert master.write(0x6000, 0x0100, 0x0533, 0x0001, 0x8002) == 0
    assert master.read(0x6000, 4) == words(0x0100, 0x05FF, 0x0001, 0x8002)
    assert master.write(0x6003, 0x1234) == 0
    assert master.read(0x6000, 4) == words(0x0100, 0x05FF, 0x0001, 0x1234)
    assert master.write(0x6004, 0) == 2 and master.write(0x6003, 0, 0) == 2
    # the log's number is in the low byte where the high one is 0
    for word, why in ((0x0000, 0), (0x0002, 0), (0x0003, 3), (0x0200, 0), (0x0300, 3), (0x0107, 0)):
        assert master.write(0x6000, word) == why
    assert master.read(0x6000, 1) == words(0x0107)


def test_what_was_acknowledged_outlives_a_cut_that_was_announced():
    plant = Plant()
    plant.run(2500)
    master = Master(plant)
    assert master.write(0x1102, 0x4048, 0x4049) == 0 and master.write(0x1177, 0x0200) == 0
    assert master.write(0x1100, 0x020A, 1) == 0
    plant.run(4000)
    plant.minutes(3)
    assert master.status(0)[1] == 3
    # without a word, records stay
    plant.cut()
    plant.run(1500)
    assert master.status(0)[1] == 3
    # a change that was acknowledged is there, with a log that is empty
    assert master.write(0x1101, 2) == 0
    plant.warn()
    plant.cut()
    plant.run(1500)
    assert master.read(0x1101, 1) == words(2) and master.status(0)[1] == 0
    plant.run(4000)
    plant.minutes(4)
    assert master.status(0)[1] == 2
    # a change of which the cut came before its file leaves the records
    assert master.write(0x1101, 3) == 0
    plant.cut()
    plant.run(1500)
    assert master.read(0x1101, 1) == words(2) and master.status(0)[1] == 2
