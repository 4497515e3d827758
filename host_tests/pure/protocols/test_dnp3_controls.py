"""Select, operate, direct operate, with and without acknowledgement."""

from struct import pack

from protocols.dnp3_fakes import Station, text, with_points
from protocols.dnp3_lists import FULL
from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.protocols.dnp3 import application as a

CLEAR = "0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00"
STATUS = len(CLEAR) - 2


def crob(index, code=3, count=1, on=0, off=1, prefix="17 01"):
    return f"0C 01 {prefix} {index:02X} {code:02X} {count:02X} " + text(pack("<II", on, off)) + " 00"


def status(answer):
    """Of an answer to a control: the status octet, which is the last."""
    control, function, bits, objects = answer
    assert function == a.RESPONSE and not bits & 0x0700
    return int(objects[-2:], 16)


def test_both_counts_act():
    for count in (0, 1):
        s = Station()
        assert status(s.request(a.DIRECT_OPERATE, crob(1, count=count))) == 0
        assert s.meter.done == [p.CLEAR_ENERGY]
        assert status(s.request(a.DIRECT_OPERATE, crob(2, count=count))) == 0
        assert s.meter.done == [p.CLEAR_ENERGY, p.CLEAR_DEMAND]


def test_anything_else_is_not_supported():
    s = Station()
    for code in range(256):
        if code != 3:
            assert status(s.request(a.DIRECT_OPERATE, crob(1, code))) == 4
    for bad in (crob(1, count=2), crob(1, count=255), crob(1, on=1), crob(1, off=0), crob(1, off=2), crob(3)):
        assert status(s.request(a.DIRECT_OPERATE, bad)) == 4
        assert status(s.request(a.SELECT, bad)) == 4
    assert s.meter.done == []


def test_sealed_is_not_authorized():
    s = Station()
    s.meter.settings.sealed = True
    s.meter.settings.default(p.SEAL_OPTIONS, 31)
    for index in range(3):
        assert status(s.request(a.DIRECT_OPERATE, crob(index))) == 9
        assert status(s.request(a.SELECT, crob(index))) == 9
        assert s.request(a.DIRECT_OPERATE_NO_ACK, crob(index)) is None
    assert s.meter.done == []


def test_select_before_operate():
    s = Station()
    control, function, bits, objects = s.request(a.SELECT, CLEAR)
    assert objects == CLEAR and s.meter.done == []
    assert status(s.request(a.OPERATE, CLEAR)) == 0
    assert s.meter.done == [p.CLEAR_ENERGY]
    # once
    assert status(s.request(a.OPERATE, CLEAR)) == 2
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_operate_without_its_select():
    s = Station()
    assert status(s.request(a.OPERATE, CLEAR)) == 2
    s.request(a.SELECT, CLEAR)
    assert status(s.request(a.OPERATE, crob(2))) == 2
    s.request(a.SELECT, CLEAR)
    s.sequence += 1
    assert status(s.request(a.OPERATE, CLEAR)) == 2
    for function in (a.READ, a.DELAY_MEASUREMENT, a.DIRECT_OPERATE, a.SELECT):
        s.request(a.SELECT, CLEAR)
        s.request(function, "64 01 06" if function == a.READ else crob(9))
        s.sequence -= 1
        assert status(s.request(a.OPERATE, CLEAR)) in (2, 4), function
    assert s.meter.done == []


def test_a_select_runs_out():
    s = Station()
    s.poll()
    s.request(a.SELECT, CLEAR)
    s.poll(10000)
    assert status(s.request(a.OPERATE, CLEAR)) == 0
    s.request(a.SELECT, CLEAR)
    s.poll(10001)
    assert status(s.request(a.OPERATE, CLEAR)) == 1
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_a_select_that_fails_does_not_arm():
    s = Station()
    assert status(s.request(a.SELECT, crob(1, on=5))) == 4
    assert status(s.request(a.OPERATE, crob(1, on=5))) == 2


def test_of_another_master():
    s = Station()
    s.request(a.SELECT, CLEAR)
    s.out.session.controls._source = 99
    assert status(s.request(a.OPERATE, CLEAR)) == 2


def test_no_acknowledgement():
    s = Station()
    assert s.request(a.DIRECT_OPERATE_NO_ACK, CLEAR) is None
    assert s.meter.done == [p.CLEAR_ENERGY]
    assert s.request(a.DIRECT_OPERATE_NO_ACK, crob(1, code=4)) is None
    assert s.request(a.DIRECT_OPERATE_NO_ACK, "0C 01 17") is None
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_relays():
    s = Station(FULL)
    for code, state in ((3, 1), (4, 0), (1, 1), (4, 0)):
        assert status(s.request(a.DIRECT_OPERATE, crob(0, code, 1, 0, 0))) == 0
        assert s.meter.io.relays >> 0 & 1 == state
    assert status(s.request(a.DIRECT_OPERATE, crob(0, 0x41, 1, 100, 0))) == 0
    assert status(s.request(a.DIRECT_OPERATE, crob(0, 0x41, 1, 99, 0))) == 4
    assert status(s.request(a.DIRECT_OPERATE, crob(2, 3))) == 9  # of a module that is not there
    assert status(s.request(a.DIRECT_OPERATE, crob(6, 3))) == 4  # of no point at all


def test_several_objects():
    s = Station(FULL)
    two = "0C 01 17 02 00 03 01 " + "00 " * 8 + "00 01 03 01 " + "00 " * 8 + "00"
    control, function, bits, objects = s.request(a.DIRECT_OPERATE, two)
    assert objects == two
    assert s.meter.io.relays >> 0 & 1 == s.meter.io.relays >> 1 & 1 == 1
    # one bad header and nothing is done
    for bad in ("0C 02 06", "1E 01 06", "0C 01 17 01 00", "0C 01 00 00 00", "0C 01 06", "0C"):
        s = Station(FULL)
        s.error(a.DIRECT_OPERATE, two + " " + bad)
        assert s.meter.io.relays >> 0 & 1 == 0
    assert s.error(a.DIRECT_OPERATE, "") == a.PARAMETER
    assert s.error(a.DIRECT_OPERATE, "0C 01 17 00") == a.PARAMETER
    assert s.error(a.DIRECT_OPERATE, "0C 02 17 01 00") == a.UNKNOWN_OBJECT


def test_too_many_objects():
    s = Station(FULL)
    one = "00 03 01 00 00 00 00 00 00 00 00 00"
    control, function, bits, objects = s.request(a.DIRECT_OPERATE, "0C 01 17 14 " + " ".join([one] * 20))
    states = [int(objects.split()[4 + 12 * i + 11], 16) for i in range(20)]
    assert states == [0] * 16 + [8] * 4
    # so many that the answer would not fit
    s = Station(FULL)
    body = "0C 01 17 AA " + " ".join([one] * 170)
    assert len(body.split()) == 2044
    assert s.request(a.DIRECT_OPERATE, body)[3][-2:] == "08"
    assert s.error(a.DIRECT_OPERATE, body + " 0C") == a.PARAMETER


def test_analog_outputs():
    s = Station(FULL)
    assert s.read("28 02 00 00 00") == "28 02 00 00 00 01 01 00"
    for objects, value in (
        ("29 02 17 01 00 05 00 00", 5),
        ("29 01 28 01 00 00 00 78 00 00 00 00", 120),
        ("29 03 17 01 00 " + text(pack("<f", 6.6)) + " 00", 7),
        ("29 04 17 01 00 " + text(pack("<d", 9.4)) + " 00", 9),
    ):
        assert status(s.request(a.DIRECT_OPERATE, objects)) == 0, objects
        assert s.meter.settings.get(p.BACKLIGHT) == value
    for objects in ("29 02 17 01 00 79 00 00", "29 02 17 01 00 FF FF 00", "29 03 17 01 00 00 00 C0 7F 00"):
        assert status(s.request(a.DIRECT_OPERATE, objects)) == 12, objects
    assert status(s.request(a.DIRECT_OPERATE, "29 04 17 01 00 " + text(pack("<d", 1e30)) + " 00")) == 12
    assert status(s.request(a.DIRECT_OPERATE, "29 02 17 01 09 01 00 00")) == 4
    # value on the wire = setting * 0.5 + 1
    assert s.read("28 01 00 01 01") == "28 01 00 01 01 01 09 00 00 00"
    assert status(s.request(a.SELECT, "29 02 17 01 01 06 00 00")) == 0
    assert status(s.request(a.OPERATE, "29 02 17 01 01 06 00 00")) == 0
    assert s.meter.settings.get(p.DEMAND_WINDOW) == 10


class Taker:
    """An output that takes any value."""

    def __init__(self):
        self.taken = []

    def read(self, index):
        if index:
            raise KeyError(index)
        return 0

    def check(self, index, value):
        return p.OK

    def write(self, index, value):
        self.taken.append(value)
        return p.OK


def test_a_value_that_is_no_number_of_ten_digits_never_reaches_a_point():
    meter = FakeMeter()
    taker = Taker()
    meter.points.provide(p.SUPERVISION, taker)
    s = Station(with_points(FULL, ((40, 0, 1, p.SUPERVISION, 1, 0, 2, 0, 0, 0, 0),)), meter)
    for value in (1e9, -1e9, 2e9, 1e38, -1e38, float("inf"), float("-inf"), float("nan")):
        for variation, form in ((3, "<f"), (4, "<d")):
            objects = f"29 {variation:02X} 17 01 00 " + text(pack(form, value)) + " 00"
            for function in (a.DIRECT_OPERATE, a.SELECT):
                assert status(s.request(function, objects)) == 12, value
    for value in (1000000000, -1000000000, 0x7FFFFFFF, -0x80000000):
        objects = "29 01 17 01 00 " + text(pack("<i", value)) + " 00"
        assert status(s.request(a.DIRECT_OPERATE, objects)) == 12, value
    assert taker.taken == []
    for value in (999999999, -999999999, 123456789, 0, -1):
        objects = "29 01 17 01 00 " + text(pack("<i", value)) + " 00"
        assert status(s.request(a.DIRECT_OPERATE, objects)) == 0, value
    assert taker.taken == [999999999, -999999999, 123456789, 0, -1]


def test_each_field_of_a_control_alone_refuses_it():
    # by IEEE 1815 a control is its code, count, on-time and off-time; the manual gives each one value
    s = Station()
    good = {"code": 3, "count": 1, "on": 0, "off": 1}
    for field, others in (
        ("code", (0, 1, 2, 4, 0x41, 0x81, 0x83)),
        ("count", (2, 3, 255)),
        ("on", (1, 2, 0x100, 0x10000, 0x1000000)),
        ("off", (0, 2, 0x101, 0x10001, 0x1000001)),
    ):
        for other in others:
            fields = dict(good)
            fields[field] = other
            assert status(s.request(a.DIRECT_OPERATE, crob(1, **fields))) == 4, fields
    assert s.meter.done == []
    assert status(s.request(a.DIRECT_OPERATE, crob(1, **good))) == 0
    # the qualifier says how long count and indexes are
    long_index = "0C 01 28 01 00 01 00 03 01 00 00 00 00 01 00 00 00 00"
    assert status(s.request(a.DIRECT_OPERATE, long_index)) == 0
    assert s.error(a.DIRECT_OPERATE, long_index.replace("28", "17", 1)) == a.PARAMETER
    assert s.meter.done == [p.CLEAR_ENERGY] * 2
