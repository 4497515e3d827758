"""Services of BACnet: the standard's own examples (annex F), and what a master does wrong."""

from protocols.bacnet.bacnet_fakes import MAX_MASTER, Plant, Tables, hexed

from fourquad import points as p
from fourquad.protocols.bacnet import codes as c

READ_V5 = "00 00 01 0C 0C 00 00 00 05 19 55"


def error(why, invoke="01", service="0F"):
    return f"50 {invoke} {service} 91 {why >> 8:02X} 91 {why & 255:02X}"


def test_the_examples_of_annex_f():
    plant = Plant()
    # F.3.5: present value of analog input 5, which is 72.3
    assert plant.ask(READ_V5) == "30 01 0C 0C 00 00 00 05 19 55 3E 44 42 90 99 9A 3F"
    # F.3.7: present value and reliability of an analog input (there of number 16)
    assert plant.ask("00 04 F1 0E 0C 00 00 00 05 1E 09 55 09 67 1F") == (
        "30 F1 0E 0C 00 00 00 05 1E 29 55 4E 44 42 90 99 9A 4F 29 67 4E 91 00 4F 1F"
    )
    # F.3.9: 180.0 to analog value 1
    assert plant.ask("00 04 59 0F 0C 00 80 00 01 19 55 3E 44 43 34 00 00 3F") == "20 59 0F"
    assert plant.settings.values[4] == 18000
    # F.4.8: who has "OATemp"? nobody here, and our own name
    assert plant.ask("10 07 3D 07 00 4F 41 54 65 6D 70") == ""
    assert plant.ask("10 07 3D 06 00 " + hexed(b"Volts")) == (
        "10 01 C4 02 00 00 03 C4 00 00 00 00 75 06 00 ".replace("00 00 00 00 75", "00 00 00 01 75")
        + hexed(b"Volts")
    )
    # F.4.9: who is number 3? a device with 1024 octets there, 480 here
    assert plant.ask("10 08 09 03 19 03") == "10 00 C4 02 00 00 03 22 01 E0 91 03 21 63"
    assert plant.application.broadcast
    # F.4.1: five minutes of silence, with a password; F.4.4: a warm start
    assert plant.ask("00 04 05 11 09 05 19 01 2D 08 00 23 65 67 62 64 66 21") == "20 05 11"
    assert plant.ask("00 01 02 14 09 01 1D 09 00 41 62 43 64 45 66 47 68") == "20 02 14"
    assert plant.application.restart == 1


class Temperatures:
    """Objects of other examples: analog inputs 3, 33 and 35 of device 8."""

    DEVICE = Tables.DEVICE
    OBJECTS = (
        (
            c.ANALOG_INPUT,
            (
                ((b"", None, None, 62, None, b""),) * 2
                + ((b"OATemp", p.PRESENTED + p.V3, None, 62, None, b""),)
                + ((b"", None, None, 62, None, b""),) * 29
                + ((b"AI33", p.PRESENTED + p.V1, None, 62, None, b""),)
                + ((b"", None, None, 62, None, b""),)
                + ((b"AI35", p.PRESENTED + p.V2, None, 62, None, b""),)
            ),
        ),
    )


def test_more_examples_of_annex_f():
    plant = Plant(Temperatures)
    plant.settings.values[0] = 8
    plant.readings[p.V1], plant.readings[p.V2] = 42.3, 435.7
    # F.3.7, the second: analog inputs 33, 50 and 35, of which one is not there
    assert plant.ask(
        "00 04 02 0E 0C 00 00 00 21 1E 09 55 1F 0C 00 00 00 32 1E 09 55 1F 0C 00 00 00 23 1E 09 55 1F"
    ) == (
        "30 02 0E 0C 00 00 00 21 1E 29 55 4E 44 42 29 33 33 4F 1F "
        "0C 00 00 00 32 1E 29 55 5E 91 01 91 1F 5F 1F "
        "0C 00 00 00 23 1E 29 55 4E 44 43 D9 D9 9A 4F 1F"
    )
    # F.4.8: who has "OATemp", and who has analog input 3? device 8
    i_have = "10 01 C4 02 00 00 08 C4 00 00 00 03 75 07 00 4F 41 54 65 6D 70"
    assert plant.ask("10 07 3D 07 00 4F 41 54 65 6D 70") == i_have
    assert plant.ask("10 07 2C 00 00 00 03") == i_have


def test_the_time_of_annex_f():
    plant = Plant()
    # F.4.7 is of 1992, before the calendar begins; the same in 2026
    assert plant.ask("10 06 A4 5C 0B 11 02 B4 16 2D 1E 46") == ""
    assert plant.clock.now == 0
    assert plant.ask("10 06 A4 7E 0B 11 02 B4 16 2D 1E 46") == ""
    fields = [plant.clock.read(i) for i in range(7)]
    assert fields == [2, 2026, 11, 17, 22, 45, 30] and plant.clock.ms == 700
    before = plant.clock.now
    for wrong in ("7E FF 11 02", "7E 0D 11 02", "7E 02 1E 02", "FF 0B 11 02"):
        assert plant.ask("10 06 A4 " + wrong + " B4 16 2D 1E 46") == ""
    for wrong in ("18 2D 1E 46", "16 FF 1E 46"):
        assert plant.ask("10 06 A4 7E 0B 11 02 B4 " + wrong) == ""
    assert plant.clock.now == before


def test_values():
    plant = Plant()

    def present(kind, instance):
        head = f"00 05 01 0C 0C {kind >> 2:02X} {(kind & 3) << 6:02X} 00 {instance:02X} 19 55"
        answer = plant.ask(head).split()
        assert answer[:3] == ["30", "01", "0C"]
        return " ".join(answer[11:-1])

    assert present(0, 1) == "44 43 66 80 00"  # 230.5
    assert present(0, 2) == "44 46 40 E6 66"  # 12345.6
    assert present(0, 3) in ("44 7F C0 00 00", "44 FF C0 00 00")  # none
    assert present(0, 4) in ("44 7F C0 00 00", "44 FF C0 00 00")
    assert present(2, 1) == "44 3F 80 00 00"  # 1.0
    assert present(3, 1) == "91 01" and present(3, 2) == "91 01"
    plant.state[2] = 1
    assert present(3, 2) == "91 00"
    # a fault is in the flags, too
    plant.state[1] = 7
    status = "00 05 01 0C 0C 00 00 00 04 19 6F"
    assert plant.ask(status).endswith("3E 82 04 40 3F")
    assert plant.ask("00 05 01 0C 0C 00 00 00 04 19 67").endswith("3E 91 07 3F")
    assert plant.ask("00 05 01 0C 0C 00 00 00 01 19 6F").endswith("3E 82 04 00 3F")


def test_what_cannot_be_read():
    plant = Plant()
    wrong = (
        ("0C 00 00 00 06 19 55", c.UNKNOWN_OBJECT),
        ("0C 00 00 00 00 19 55", c.UNKNOWN_OBJECT),
        ("0C 02 00 00 04 19 4D", c.UNKNOWN_OBJECT),
        ("0C 05 00 00 01 19 85", c.UNKNOWN_OBJECT),
        ("0C 00 00 00 01 19 57", c.UNKNOWN_PROPERTY),
        ("0C 00 00 00 01 1A 02 00", c.UNKNOWN_PROPERTY),
        ("0C 00 00 00 01 19 55 29 01", c.NOT_AN_ARRAY),
        ("0C 02 00 00 03 19 4C 29 0B", c.INVALID_ARRAY_INDEX),
    )
    for request, why in wrong:
        assert plant.ask("00 05 01 0C " + request) == error(why, "01", "0C"), request
    rejects = (
        ("", c.MISSING),
        ("0C 00 00 00 01", c.MISSING),
        ("0C 00 00 00", c.INVALID_TAG),
        ("1C 00 00 00 01 19 55", c.INVALID_TAG),
        ("0C 00 00 00 01 19 55 00", c.TOO_MANY),
        ("0C 00 00 00 01 19 55 FF FF FF FF", c.TOO_MANY),
        ("0B 00 00 01 19 55", c.INVALID_TAG),
    )
    for request, why in rejects:
        assert plant.ask("00 05 01 0C " + request) == f"60 01 {why:02X}", request


def test_the_object_list():
    plant = Plant()
    # ten objects, the device's first
    assert plant.ask("00 05 01 0C 0C 02 00 00 03 19 4C 29 00").endswith("29 00 3E 21 0A 3F")
    listed = []
    for i in range(1, 11):
        answer = plant.ask(f"00 05 01 0C 0C 02 00 00 03 19 4C 29 {i:02X}").split()
        listed.append(" ".join(answer[13:-1]))
    assert listed[0] == "C4 02 00 00 03" and listed[1] == "C4 00 00 00 01" and listed[9] == "C4 00 C0 00 02"
    whole = plant.ask("00 05 01 0C 0C 02 3F FF FF 19 4C")
    assert whole == "30 01 0C 0C 02 00 00 03 19 4C 3E " + " ".join(listed) + " 3F"
    # to somebody who takes 50 octets only it would need segments
    assert plant.ask("00 00 01 0C 0C 02 3F FF FF 19 4C") == "71 01 04"
    assert plant.ask("00 00 01 0E 0C 02 3F FF FF 1E 09 08 1F") == "71 01 04"


def test_all_required_and_optional():
    plant = Plant()
    lists = {}
    for which in (c.ALL, c.REQUIRED, c.OPTIONAL):
        answer = plant.run(b"\x00\x05\x01\x0e\x0c\x00\x00\x00\x01\x1e\x09" + bytes((which,)) + b"\x1f")
        assert answer[:9] == b"\x30\x01\x0e\x0c\x00\x00\x00\x01\x1e" and answer[-1] == 0x1F
        # the numbers of the properties stand between tag 2 and the value's bracket
        found = [
            answer[i + 1] for i in range(9, len(answer) - 2) if answer[i] == 0x29 and answer[i + 2] == 0x4E
        ]
        lists[which] = sorted(found)
    assert lists[c.REQUIRED] == [36, 75, 77, 79, 81, 85, 111, 117]
    assert lists[c.OPTIONAL] == [28, 103]
    assert lists[c.ALL] == sorted(lists[c.REQUIRED] + lists[c.OPTIONAL])
    # of an object that is not there the list itself is the error
    assert plant.ask("00 05 01 0E 0C 00 00 00 09 1E 09 08 1F") == (
        "30 01 0E 0C 00 00 00 09 1E 29 08 5E 91 01 91 1F 5F 1F"
    )
    # two objects, one property of which is none
    assert plant.ask("00 05 01 0E 0C 00 00 00 01 1E 09 57 1F 0C 00 C0 00 01 1E 09 55 1F") == (
        "30 01 0E 0C 00 00 00 01 1E 29 57 5E 91 02 91 20 5F 1F 0C 00 C0 00 01 1E 29 55 4E 91 01 4F 1F"
    )
    for request, why in (
        ("", c.MISSING),
        ("0C 00 00 00 01", c.MISSING),
        ("0C 00 00 00 01 1E 1F", c.MISSING),
        ("0C 00 00 00 01 1E 09 55", c.MISSING),
        ("0C 00 00 00 01 1E 19 55 1F", c.INVALID_TAG),
    ):
        assert plant.ask("00 05 01 0E " + request) == f"60 01 {why:02X}", request


def test_what_cannot_be_written():
    plant = Plant()
    before = list(plant.settings.values) + list(plant.settings.names)
    wrong = (
        ("0C 00 00 00 01 19 55 3E 44 43 34 00 00 3F", c.WRITE_ACCESS_DENIED),
        ("0C 00 80 00 01 19 4D 3E 75 02 00 41 3F", c.WRITE_ACCESS_DENIED),
        ("0C 00 80 00 09 19 55 3E 44 43 34 00 00 3F", c.UNKNOWN_OBJECT),
        ("0C 00 80 00 01 19 57 3E 44 43 34 00 00 3F", c.UNKNOWN_PROPERTY),
        ("0C 00 80 00 01 19 55 29 01 3E 44 43 34 00 00 3F", c.NOT_AN_ARRAY),
        ("0C 00 80 00 01 19 55 3E 21 05 3F", c.INVALID_DATA_TYPE),
        ("0C 00 80 00 01 19 55 3E 00 3F", c.INVALID_DATA_TYPE),
        ("0C 00 80 00 01 19 55 3E 44 3C 23 D7 0A 3F", c.VALUE_OUT_OF_RANGE),  # 0.01
        ("0C 00 80 00 01 19 55 3E 44 43 A0 20 00 3F", c.VALUE_OUT_OF_RANGE),  # 320.25
        ("0C 00 80 00 01 19 55 3E 44 7F C0 00 00 3F", c.VALUE_OUT_OF_RANGE),  # NaN
        ("0C 00 80 00 01 19 55 3E 44 7F 80 00 00 3F", c.VALUE_OUT_OF_RANGE),  # infinite
        ("0C 00 80 00 01 19 55 3E 44 7F 7F FF FF 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 00 80 00 02 19 55 3E 44 3F C0 00 00 3F", c.VALUE_OUT_OF_RANGE),  # 1.5 is no code
        ("0C 02 00 00 03 19 40 3E 21 00 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 02 00 00 03 19 40 3E 21 80 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 02 00 00 03 19 4B 3E C4 02 3F FF FF 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 02 00 00 03 19 4B 3E C4 00 00 00 03 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 02 00 00 03 19 4D 3E 75 06 00 " + hexed(b"Volts") + " 3F", c.DUPLICATE_NAME),
        ("0C 02 00 00 03 19 4D 3E 75 03 04 00 41 3F", c.CHARACTER_SET),
        ("0C 02 00 00 03 19 3A 3E 75 42 00 " + hexed(b"x" * 65) + " 3F", c.NO_SPACE),
        # as long as it may be, with a character that it may not have; and of none
        ("0C 02 00 00 03 19 4D 3E 75 41 00 " + hexed(b"x" * 63 + b"\n") + " 3F", c.VALUE_OUT_OF_RANGE),
        ("0C 02 00 00 03 19 4D 3E 71 00 3F", c.VALUE_OUT_OF_RANGE),
    )
    for request, why in wrong:
        assert plant.ask("00 05 01 0F " + request) == error(why), request
    rejects = (
        ("0C 00 80 00 01 19 55 3E 44 43 34 00 00", c.MISSING),
        ("0C 00 80 00 01 19 55 44 43 34 00 00 3F", c.INVALID_TAG),
        ("0C 00 80 00 01 19 55 3E 44 43 34 00 00 3F 49 11", c.OUT_OF_RANGE),
        ("0C 00 80 00 01 19 55 3E 44 43 34 00 00 3F 00", c.TOO_MANY),
        # values that are too short, too long, or two
        ("0C 00 80 00 01 19 55 3E 43 43 34 00 3F", c.INVALID_TAG),
        ("0C 00 80 00 01 19 55 3E 45 05 43 34 00 00 00 3F", c.INVALID_TAG),
        ("0C 00 80 00 01 19 55 3E 44 43 34 00 00 44 43 34 00 00 3F", c.TOO_MANY),
        ("0C 02 00 00 03 19 40 3E 25 00 3F", c.INVALID_TAG),
        ("0C 02 00 00 03 19 40 3E 25 05 00 00 00 00 05 3F", c.INVALID_TAG),
        ("0C 02 00 00 03 19 40 3E 21 05 21 06 3F", c.TOO_MANY),
        ("0C 02 00 00 03 19 4B 3E C3 02 00 00 3F", c.INVALID_TAG),
        ("0C 02 00 00 03 19 4B 3E C4 02 00 00 09 21 01 3F", c.TOO_MANY),
        ("0C 02 00 00 03 19 3A 3E 70 3F", c.INVALID_TAG),
        ("0C 02 00 00 03 19 4D 3E 70 3F", c.INVALID_TAG),
        ("0C 02 00 00 03 19 4D 3E 72 00 41 72 00 42 3F", c.TOO_MANY),
    )
    for request, why in rejects:
        assert plant.ask("00 05 01 0F " + request) == f"60 01 {why:02X}", request
    assert list(plant.settings.values) + list(plant.settings.names) == before


def test_names_and_numbers_of_the_device():
    plant = Plant()
    new = "0C 02 00 00 03 19 4D 3E 75 06 00 " + hexed(b"Mains") + " 3F"
    assert plant.ask("00 05 01 0F " + new) == "20 01 0F"
    assert plant.settings.names[0] == b"Mains"
    # the same name once more
    assert plant.ask("00 05 01 0F " + new) == "20 01 0F"
    assert plant.ask("00 05 01 0F 0C 02 00 00 03 19 4B 3E C4 02 00 00 09 3F") == "20 01 0F"
    assert plant.settings.values[0] == 9
    assert plant.ask("10 08 09 03 19 03") == ""
    assert plant.ask("10 08 09 09 19 09").startswith("10 00 C4 02 00 00 09")
    # priorities are understood, as a master may send one
    assert plant.ask("00 05 01 0F 0C 02 00 00 09 19 40 3E 21 20 3F 49 08") == "20 01 0F"
    assert plant.points.read(MAX_MASTER) == 32


def test_services_that_there_are_not():
    plant = Plant()
    assert plant.ask("00 05 07 05 09 12 1C 00 00 00 0A 29 01 39 00") == "60 07 09"
    assert plant.ask("00 05 07 10 0C 00 00 00 01") == "60 07 09"
    # a request in segments
    assert plant.ask("0C 05 07 00 04 0C 0C 00 00 00 01 19 55") == "71 07 04"
    # what only a requester says, and what is too short
    for silent in (
        "20 01 0F",
        "30 01 0C",
        "50 01 0C 91 01 91 1F",
        "60 01 09",
        "70 01 00",
        "10",
        "00 05 01",
        "F0",
    ):
        assert plant.ask(silent) == "", silent


def test_communication_is_disabled_for_a_time():
    plant = Plant()
    application = plant.application
    application.tick(1000)
    assert plant.ask("00 04 05 11 09 05 19 01") == "20 05 11"
    assert plant.ask(READ_V5) == "" and plant.ask("10 08") == ""
    application.tick(1000 + 5 * 60000 - 1)
    assert plant.ask(READ_V5) == ""
    application.tick(1000 + 5 * 60000)
    assert plant.ask(READ_V5) != ""
    # without an end, until it is enabled
    assert plant.ask("00 04 05 11 19 01") == "20 05 11"
    application.tick(1000 + 500 * 60000)
    assert plant.ask(READ_V5) == ""
    assert plant.ask("00 04 05 11 19 00") == "20 05 11"
    assert plant.ask(READ_V5) != ""
    # who may not begin still answers
    assert plant.ask("00 04 05 11 19 02") == "20 05 11"
    assert plant.ask(READ_V5) != "" and plant.ask("10 08").startswith("10 00")
    assert application.initiate(plant.target, 7) == 7
    assert plant.ask("00 04 05 11 19 00") == "20 05 11"
    assert application.initiate(plant.target, 7) > 7
    for wrong, why in (("19 03", c.UNDEFINED), ("0B 01 00 00 19 01", c.OUT_OF_RANGE), ("09 05", c.MISSING)):
        assert plant.ask("00 04 05 11 " + wrong) == f"60 05 {why:02X}", wrong
    assert plant.ask("00 04 05 14 09 02") == error(c.NOT_SUPPORTED, "05", "14")


def test_routed_requests():
    plant = Plant()

    def network(text):
        octets = bytes([int(octet, 16) for octet in text.split()])
        n = plant.network.take(9, octets, 0, len(octets), False, plant.target, 8)
        return hexed(plant.target[8 : 8 + n])

    ack = plant.ask(READ_V5)
    assert network("01 04 " + READ_V5) == "01 00 " + ack
    # from network 5, address 07: the answer goes back there
    assert network("01 0C 00 05 01 07 " + READ_V5) == "01 20 00 05 01 07 FF " + ack
    # to all networks: who is asked to confirm is one node
    assert network("01 2C FF FF 00 00 05 01 07 FE " + READ_V5) == ""
    assert network("01 2C FF FF 00 00 05 01 07 FE 10 08") == ""
    assert plant.network.next(plant.target, 8)
    # nor by a broadcast on the line; what would be written is not
    write = "00 04 59 0F 0C 00 80 00 01 19 55 3E 44 43 34 00 00 3F"
    for header in ("01 04 ", "01 2C FF FF 00 00 05 01 07 FE "):
        octets = bytes([int(octet, 16) for octet in (header + write).split()])
        assert plant.network.take(9, octets, 0, len(octets), True, plant.target, 8) == 0
    assert plant.settings.values[4] == 100
    # for others, of another version, of the network layer, cut short
    for silent in (
        "01 24 00 06 01 07 FE " + READ_V5,
        "02 04 " + READ_V5,
        "01 80 00",
        "01 0C 00 05",
        "01 0C 00 05 00 " + READ_V5,
        "01 0C 00 05 30 07 " + READ_V5,
        "01",
        "01 24 FF FF 00",
        "",
    ):
        assert network(silent) == "", silent
    # who is there is said to everybody when the node may speak: in the network of who asked
    i_am = plant.ask("10 08")
    assert network("01 00 10 08") == ""
    n = plant.network.next(plant.target, 8)
    assert hexed(plant.target[8 : 8 + n]) == "01 00 " + i_am
    assert network("01 08 00 05 01 07 10 08") == ""
    n = plant.network.next(plant.target, 8)
    assert hexed(plant.target[8 : 8 + n]) == "01 20 00 05 00 FF " + i_am
    assert plant.network.destination == 255
    # and once after the start
    n = plant.network.next(plant.target, 8)
    assert hexed(plant.target[8 : 8 + n]) == "01 00 " + i_am
    assert plant.network.next(plant.target, 8) == 0


def test_an_answer_always_fits():
    plant = Plant()
    plant.readings[p.V1] = 1e38
    # all properties of all objects in one request are more than 480 octets
    refs = b"".join([b"\x0c\x00\x00\x00" + bytes((i,)) + b"\x1e\x09\x08\x1f" for i in (1, 2, 3, 4, 5)])
    assert plant.run(b"\x00\x05\x01\x0e" + refs) == b"\x71\x01\x04"
    one = plant.run(b"\x00\x05\x01\x0e" + refs[:9])
    assert one[0] == 0x30 and len(one) < 480
