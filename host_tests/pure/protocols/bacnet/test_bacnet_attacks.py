"""Requests and frames of the kinds that published faults of other BACnet stacks are about: lengths and counts
that lie, brackets without end, tags that go on after the end, answers that end where the room does.
"""

from protocols.bacnet.bacnet_fakes import Plant, hexed
from protocols.bacnet.mstp_line import Station

from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.mstp import frames as f
from fourquad.protocols.bacnet.tags import Writer

AV1 = "0C 00 80 00 01 19 55 "
REAL = "3E 44 43 34 00 00 3F "

# What it is like, service, parameters. Each is refused by its form.
SPOILT = (
    # CVE-2026-26264: what is left for the priority was reckoned from a length that is not there
    ("priority cut off", 15, AV1 + REAL + "49"),
    ("priority without octets", 15, AV1 + REAL + "48"),
    # the same in WritePropertyMultiple (bacnet-stack 1304, 1307)
    ("priority of 255 octets", 15, AV1 + REAL + "4D FF 08"),
    ("priority of 65535 octets", 15, AV1 + REAL + "4D FE FF FF 08"),
    ("priority of 2**32 - 1 octets", 15, AV1 + REAL + "4D FF FF FF FF FF 08"),
    # CVE-2026-41503, CVE-2026-38570: a tag number that follows after the end
    ("extended tag number cut off", 14, "0C 00 00 00 01 1E F9"),
    ("extended context tag cut off", 12, "0C 00 00 00 01 19 55 F9"),
    ("extended application tag cut off", 15, AV1 + "3E F4"),
    # CVE-2026-41502: an object identifier that reads one octet on
    ("five octets of an object", 14, "0C 00 00 00 01"),
    ("four octets of an object", 14, "0C 00 00 00"),
    ("an object of five octets", 14, "0D 05 00 00 00 01 00 1E 09 55 1F"),
    # bacnet-stack 453, 546: the end of a value that is never closed
    ("value never closed", 15, AV1 + "3E 44 43 34 00 00"),
    ("brackets never closed", 15, AV1 + "3E 0E 1E 2E 3E 4E 5E 6E 7E 8E 9E AE BE CE DE EE"),
    ("brackets closed once too often", 15, AV1 + "3E 0E 0F 0F 3F"),
    ("closing before opening", 15, AV1 + "3F 3E"),
    ("length after the end", 15, AV1 + "3E 45"),
    ("length of two octets after the end", 15, AV1 + "3E 45 FE 01"),
    ("length of 65535", 15, AV1 + "3E 45 FE FF FF 00 3F"),
    ("length of 2**32 - 1", 15, AV1 + "3E 45 FF FF FF FF FF 00 3F"),
    ("length of 2**31", 15, AV1 + "3E 75 FF 80 00 00 00 00 3F"),
    # counts and indexes that wrap
    ("index of five octets", 12, "0C 02 00 00 03 19 4C 2D 05 00 00 00 00 01"),
    ("property of five octets", 12, "0C 00 00 00 01 1D 05 00 00 00 00 55"),
    ("password of 255 octets that are not there", 17, "19 00 2D FF 00"),
    ("password of 21 characters", 17, "19 00 2D 16 00 " + "41 " * 21),
    ("password without a character set", 17, "19 00 28"),
    ("state of no number", 20, "08"),
    ("nothing at all", 12, ""),
    ("no list", 14, ""),
)
NESTED = (200, 400, 470)


def spoilt(plant, service, parameters):
    return plant.ask(f"00 05 01 {service:02X} " + parameters)


def unchanged(plant):
    fresh = Plant()
    return plant.settings.values == fresh.settings.values and plant.settings.names == fresh.settings.names


def test_requests_that_are_refused_by_their_form():
    plant = Plant()
    for name, service, parameters in SPOILT:
        answer = spoilt(plant, service, parameters).split()
        assert answer[:2] == ["60", "01"] and len(answer) == 3, (name, answer)
        assert int(answer[2], 16) in (c.INVALID_TAG, c.MISSING, c.OUT_OF_RANGE, c.TOO_MANY), (name, answer)
    assert unchanged(plant)


def test_services_that_others_fell_over():
    plant = Plant()
    # AtomicReadFile of as many records as there can be (bacnet-stack 1338), WritePropertyMultiple, lists
    for service, parameters in (
        (6, "C4 02 80 00 01 1E 31 00 23 7F FF FF 1F"),
        (16, "0C 00 80 00 01 1E 09 55 2E 44 00 00 00 00 2F 3D FF 1F"),
        (8, "0C 03 C0 00 01 19 66 3E " + "0E " * 100),
        (27, "00"),
        (255, ""),
    ):
        assert spoilt(plant, service, parameters) == "60 01 09", service


def test_brackets_in_brackets():
    plant = Plant()
    for depth in NESTED:
        for service in (12, 14, 15, 17, 20):
            for tag in (0x0E, 0x1E, 0x3E, 0xFE):
                octets = ((tag,), (tag, 0x2A))[tag == 0xFE]
                opened = bytes(octets) * (depth // len(octets))
                head = b"\x00\x05\x01" + bytes((service,))
                prefix = bytes([int(x, 16) for x in AV1.split()]) if service == 15 else b""
                for body in (opened, prefix + b"\x3e" + opened, prefix + b"\x3e" + opened + b"\x3f" * depth):
                    answer = plant.run((head + body)[:480])
                    assert answer[:1] in (b"\x50", b"\x60"), (depth, service, tag, hexed(answer))
    assert unchanged(plant)


def test_unconfirmed_requests_that_lie():
    plant = Plant()
    for text in (
        "10 08 0D FF 00 1D FF 00",
        "10 08 09",
        "10 08 0D 05 00 00 00 00 00 1D 05 FF FF FF FF FF",
        "10 08 19 03 09 03",
        "10 08 09 03",
        "10 07",
        "10 07 3D FF 00",
        "10 07 3D FE FF FF 00 41",
        "10 07 38",
        "10 07 2C 00 00 00",
        "10 07 0C 00 00 00 01 1C 00 00 00 01 3D 06 00 56 6F 6C 74 73",
        "10 06",
        "10 06 A4 7E 0B 11 02",
        "10 06 A4 7E 0B 11 02 B4 16 2D 1E",
        "10 06 A5 FF 7E 0B 11 02 B4 16 2D 1E 46",
        "10 06 A4 7E 0B 11 02 B4 16 2D 1E 46 00",
        "10 00 C4 02 00 00 03 22 01 E0 91 03",
        "10 01 C4",
        "10 FF FF FF",
    ):
        assert plant.ask(text) == "", text
    assert plant.clock.now == 0 and unchanged(plant)


def test_headers_of_the_network_that_lie():
    plant = Plant()
    target = plant.target
    assert plant.network.next(target, 8) > 0  # the announcement after the start
    whole = b"\x01\x2c\xff\xff\x00\x00\x05\x07\x01\x02\x03\x04\x05\x06\x07\xfe\x10\x08"
    # bacnet-stack 452: what is left wraps where a header ends within itself
    for n in range(len(whole)):
        assert plant.network.take(9, whole, 0, n, False, target, 8) == 0
        assert plant.network.next(target, 8) == 0, n
    for text in (
        "01 80",
        "01 80 10 08",
        "01 08 00 05 01 07",
        "01 20 FF FF 00 FF",
        "01 FF 10 08 10 08 10 08",
        "01 80 FF",
        "01 A0 00 05 01",
        "01 08 00 05 FF 07 10 08",
        "01 08 00 05 08 01 02 03 04 05 06 07 08 10 08",
        "01 20 FF FF FF FF 10 08",
        "01 28 FF FF FF 00 05 FF FF 10 08",
        "01 20 FF FF 00",
        "00 00 10 08",
    ):
        octets = bytes([int(x, 16) for x in text.split()])
        assert plant.network.take(9, octets, 0, len(octets), False, target, 8) == 0
        assert plant.network.next(target, 8) == 0, text


def test_an_answer_ends_where_the_room_does():
    # bacnet-stack 1398: the last bracket had no room. An answer is whole, or there is none
    plant = Plant()
    lengths = set()
    for kind, instances in ((0, 5), (2, 2), (3, 2), (8, 1)):
        for i in range(instances):
            instance = 3 if kind == 8 else i + 1
            head = bytes((0x0C, kind >> 2, (kind & 3) << 6, 0, instance))
            for prop in range(160):
                for service, body in (
                    (12, head + b"\x19" + bytes((prop,))),
                    (14, head + b"\x1e\x09" + bytes((prop,)) + b"\x1f"),
                ):
                    request = bytes((0, 5, 1, service)) + body
                    answer = plant.run(request)
                    short = plant.run(b"\x00\x00" + request[2:])  # who takes 50 octets
                    assert short == (answer if len(answer) <= 50 else b"\x71\x01\x04"), (kind, prop)
                    lengths.add(len(answer))
    assert 49 in lengths or 50 in lengths or 51 in lengths
    # sizes that a requester may state (20.1.2.5): 50, 128, 206; more than 480 is not made here
    for code, size in ((0, 50), (1, 128), (2, 206), (3, 480), (4, 480), (5, 480), (15, 480)):
        for count in (1, 2, 3, 7):
            for length in range(65):
                plant.settings.names[1] = b"x" * length
                body = b"\x0c\x02\x00\x00\x03\x1e" + b"\x09\x3a" * count + b"\x1f"
                answer = plant.run(bytes((0, code, 1, 14)) + body)
                # the identifier, brackets, and each text after its number
                text = length + 1 + (1 if length < 4 else 2)
                whole = 3 + 5 + 2 + count * (2 + 2 + text)
                assert len(answer) == (whole if whole <= size else 3), (code, count, length)
    # a writer stops at every place
    w = Writer()
    for end in range(40):
        buffer = bytearray(b"\xee" * 48)
        w.begin(buffer, 4, 4 + end)
        w.opening(3)
        w.object_id(8, 4194303, 0)
        w.text(b"twelve chars")
        w.unsigned(4294967295)
        w.real(1.5)
        w.bits(5, 12)
        w.closing(3)
        # 1 + 5 + 15 + 5 + 5 + 4 + 1 octets
        assert w.full == (end < 36) and buffer[4 + end :] == b"\xee" * (44 - end), end


def test_many_questions_are_one_announcement():
    plant = Plant()
    for _ in range(1000):
        plant.network.take(9, b"\x01\x00\x10\x08", 0, 4, True, plant.target, 8)
    assert plant.network.next(plant.target, 8) > 0
    # and the one that is said after the start
    assert plant.network.next(plant.target, 8) > 0 and plant.network.next(plant.target, 8) == 0


def test_frames_whose_length_lies():
    # CVE-2025-40556 is of a frame of MS/TP that silenced a thermostat until its power was cut
    for to in (5, 255, 9):
        for kind in range(256):
            for length in (1, 501, 502, 1024, 65535):
                station = Station(5, 10)
                node = station.node
                node.poll(0)
                octets = bytearray(8)
                f.put(octets, kind, to, 2)
                octets[5], octets[6] = length >> 8, length & 0xFF
                octets[7] = f.header_crc(octets, 2)
                # the frame stops in the midst of its data; after 30 ms of silence the next one counts
                node.run(octets + b"\x55\xff" * 20, 48, 0)
                assert node.poll(1) == 0
                assert node.poll(40) == 0
                f.put(octets, f.POLL_FOR_MASTER, 5, 2)
                node.run(octets, 8, 0)
                assert node.poll(41) == 0 and node.poll(43) == 8, (to, kind, length)
                assert node.answer[2] == f.REPLY_TO_POLL
