"""Reading: groups, variations, qualifiers, and what is wrong with requests."""

from struct import pack

from protocols.dnp3_fakes import Station, text
from protocols.dnp3_lists import FULL

from fourquad import points as p
from fourquad.points import modules as m
from fourquad.protocols.dnp3 import application as a

F0 = "01 00 00 00 00"
F1 = "01 00 00 00 3F"
F2 = "01 00 00 80 3F"
F3 = "01 00 00 C0 3F"


def test_qualifiers():
    s = Station(FULL)
    assert s.read("1E 05 00 01 02") == "1E 05 00 01 02 " + F1 + " " + F2
    assert s.read("1E 05 01 01 00 02 00") == "1E 05 00 01 02 " + F1 + " " + F2
    assert s.read("64 01 06") == "64 01 00 00 02 " + F0 + " " + F1 + " " + F2
    assert s.read("1E 05 07 02") == "1E 05 00 00 01 " + F0 + " " + F1
    assert s.read("1E 05 08 01 00") == "1E 05 00 00 00 " + F0
    assert s.read("1E 05 17 02 03 01") == "1E 05 17 02 03 " + F3 + " 01 " + F1
    assert s.read("1E 05 28 02 00 03 00 01 00") == "1E 05 28 02 00 03 00 " + F3 + " 01 00 " + F1
    assert s.read("1E 05 00 00 00 64 01 00 01 01") == "1E 05 00 00 00 " + F0 + " 64 01 00 01 01 " + F1


def test_qualifiers_that_are_not_there():
    s = Station(FULL)
    for q in range(256):
        if q not in (0, 1, 6, 7, 8, 0x17, 0x28):
            assert s.error(a.READ, f"1E 05 {q:02X} 00 00 00 00 00 00 00 00") == a.PARAMETER, q


def test_objects_that_are_not_there():
    s = Station(FULL)
    for group in range(256):
        if group not in (1, 2, 10, 20, 21, 22, 30, 32, 34, 40, 50, 60, 80, 100):
            assert s.error(a.READ, f"{group:02X} 00 06") == a.UNKNOWN_OBJECT, group
    for objects in ("1E 07 06", "14 03 06", "01 03 06", "20 09 06", "64 02 06", "3C 05 06", "3C 00 06"):
        assert s.error(a.READ, objects) == a.UNKNOWN_OBJECT, objects
    # the rest is answered
    control, function, bits, answer = s.request(a.READ, "6E 00 06 64 01 00 00 00")
    assert bits & 0x0700 == a.UNKNOWN_OBJECT and answer == "64 01 00 00 00 " + F0


def test_points_that_are_not_there():
    s = Station(FULL)
    control, function, bits, answer = s.request(a.READ, "64 01 00 02 09")
    assert bits & 0x0700 == a.PARAMETER and answer == "64 01 00 02 02 " + F2
    for objects in ("64 01 00 03 04", "1E 05 01 00 10 00 20", "64 01 17 01 03", "64 01 28 01 00 00 01"):
        assert s.error(a.READ, objects) == a.PARAMETER, objects


def test_broken_headers():
    s = Station(FULL)
    for objects in ("1E", "1E 05", "1E 05 00", "1E 05 00 01", "1E 05 01 00 00 01", "1E 05 07", "1E 05 08 01"):
        assert s.error(a.READ, objects) == a.PARAMETER, objects
    for objects in ("1E 05 00 02 01", "1E 05 17 02 00", "1E 05 28 01 00 01", "1E 05 28 FF FF 01 00"):
        assert s.error(a.READ, objects) == a.PARAMETER, objects
    # one that is good before it is not answered either
    assert s.error(a.READ, "64 01 06 1E 05 00 02 01") == a.PARAMETER


def test_too_many_headers():
    s = Station(FULL)
    control, function, bits, answer = s.request(a.READ, " ".join(["64 01 00 00 00"] * 65))
    assert bits & a.PARAMETER
    assert len(answer.split()) >= 64 * 5


def test_analog_variations():
    s = Station(FULL)
    s.meter.secondary[0] = 49.987654
    s.meter.secondary[1] = -1.5
    s.meter.secondary[2] = 70000.0
    s.meter.secondary[3] = 3e9
    full = text(pack("<f", 49.987654))
    assert s.read("1E 05 00 00 00") == "1E 05 00 00 00 01 " + full
    # rounded, the over-range flag where the value does not fit
    assert s.read("1E 01 00 00 03") == (
        "1E 01 00 00 03 01 32 00 00 00 01 FE FF FF FF 01 70 11 01 00 21 FF FF FF 7F"
    )
    assert s.read("1E 02 00 00 03") == "1E 02 00 00 03 01 32 00 01 FE FF 21 FF 7F 21 FF 7F"
    assert s.read("1E 03 00 00 01") == "1E 03 00 00 01 32 00 00 00 FE FF FF FF"
    assert s.read("1E 04 00 00 02") == "1E 04 00 00 02 32 00 FE FF FF 7F"
    double = text(pack("<d", s.meter.secondary[1]))
    assert s.read("1E 06 00 01 01") == "1E 06 00 01 01 01 " + double
    # scaled: 2.0 * 100 - 10
    assert s.read("1E 02 00 04 04") == "1E 02 00 04 04 01 BE 00"
    # without a variation: the point's own
    assert (
        s.read("1E 00 00 03 04") == "1E 05 00 03 03 01 " + text(pack("<f", 3e9)) + " 1E 02 00 04 04 01 BE 00"
    )


def test_what_is_no_number_is_not_online():
    s = Station(FULL)
    for value in (float("nan"), float("inf"), -float("inf")):
        s.meter.secondary[0] = value
        s.meter.secondary[4] = value
        assert s.read("64 01 00 00 00") == "64 01 00 00 00 00 00 00 00 00"
        assert s.read("1E 05 17 01 00") == "1E 05 17 01 00 00 00 00 00 00"
        assert s.read("1E 02 00 04 04") == "1E 02 00 04 04 00 00 00"


def test_what_is_not_measured_is_not_online():
    s = Station(FULL)
    assert s.read("1E 04 01 2C 01 2C 01") == "1E 04 01 2C 01 2C 01 00 00"
    # without a variation the one with flags tells
    assert s.read("1E 00 01 2C 01 2D 01") == "1E 02 01 2C 01 2D 01 00 00 00 00 00 00"
    assert s.read("01 00 00 05 07") == "01 01 00 05 05 00 01 02 00 06 07 00 00"


def test_the_presented_side():
    s = Station(FULL)
    assert s.read("64 01 00 02 02") == "64 01 00 02 02 " + F2
    assert s.meter.settings.write(p.BASIC_MODE, 1) == p.OK
    assert s.read("64 01 00 02 02") == "64 01 00 02 02 01 " + text(pack("<f", 3.0))
    assert s.read("64 01 17 01 02") == "64 01 17 01 02 01 " + text(pack("<f", 3.0))


def test_binaries():
    s = Station(FULL)
    for i in (0, 2, 5):
        s.meter.io.set_input(i, 1)
    assert s.read("01 01 00 00 05") == "01 01 00 00 05 25"
    assert s.read("01 02 00 00 02") == "01 02 00 00 02 81 01 81"
    assert s.read("01 01 00 02 09") == "01 01 00 02 09 09"
    assert s.read("01 01 17 02 02 00") == "01 02 17 02 02 81 00 81"
    s.meter.io.write(m.RELAY1 + 0, 1)
    assert s.read("0A 00 06") == "0A 02 00 00 01 81 01"
    assert s.read("0A 01 06") == "0A 01 00 00 01 01"


def test_counters():
    s = Station(FULL)
    s.meter.io.counts[0] = 0xFFFE
    s.meter.io.counts[1] = 0x12345678
    assert s.read("14 00 00 00 01") == "14 01 00 00 01 01 FE FF 00 00 01 78 56 34 12"
    assert s.read("14 02 00 00 01") == "14 02 00 00 01 01 FE FF 01 78 56"
    assert s.read("14 05 00 01 01") == "14 05 00 01 01 78 56 34 12"
    assert s.read("14 06 00 00 01") == "14 06 00 00 01 FE FF 78 56"


def test_negative_energies_are_twos_complement():
    s = Station()
    s.meter.energy.values[p.EP_NET] = -2
    s.meter.energy.values[p.EQ_NET] = -999999999
    assert s.read("14 05 00 05 05") == "14 05 00 05 05 FE FF FF FF"
    assert s.read("14 05 00 07 07") == "14 05 00 07 07 01 36 65 C4"
    assert s.read("14 01 17 01 05") == "14 01 17 01 05 01 FE FF FF FF"


def test_indexes_across_255():
    s = Station(FULL)
    s.meter.energy.values[0] = 1
    s.meter.energy.values[1] = 2
    s.meter.energy.values[2] = 3
    ones = "01 00 00 00 02 00 00 00 03 00 00 00"
    assert s.read("14 05 01 FE 00 00 01") == "14 05 01 FE 00 00 01 " + ones
    assert s.read("14 06 01 FE 00 00 01") == "14 06 00 FE FF 01 00 02 00 14 06 01 00 01 00 01 03 00"


def test_dead_bands_time_and_indications():
    s = Station(FULL)
    assert s.read("22 00 00 00 00") == "22 03 00 00 00 00 00 00 3F"
    s.out.session.database.dead_band[22] = 1000.0
    s.clock.now, s.clock.ms = 820540800, 7
    # 2026-01-01 00:00:00.007 is 1767225600007 ms after 1970
    assert s.read("32 01 06") == "32 01 07 01 07 A8 DA 76 9B 01"
    assert s.read("50 01 06") == "50 01 00 00 0F 90 00"


def test_class_0():
    s = Station(FULL)
    answer = s.read("3C 01 06").split()
    assert answer[:6] == ["01", "01", "00", "00", "05", "00"]
    assert answer[-20:] == ("64 01 00 00 02 " + F0 + " " + F1 + " " + F2).split()
    assert s.error(a.READ, "3C 01 00 00 00") == a.PARAMETER
    assert s.error(a.READ, "3C 02 00 00 00") == a.PARAMETER


def test_the_list_of_the_manual():
    s = Station()
    answer = s.read("3C 01 06").split()
    n = 0
    sizes = {("64", "01"): 5, ("14", "05"): 4, ("14", "01"): 5, ("1E", "04"): 2}
    points = {}
    while n < len(answer):
        group, variation, q, first, last = answer[n : n + 5]
        count = int(last, 16) - int(first, 16) + 1
        points[group] = points.get(group, 0) + count
        n += 5 + count * sizes[(group, variation)]
    assert points == {"64": 39, "14": 37, "1E": 8}


def test_a_long_answer_comes_in_several_fragments():
    s = Station()
    s.request(a.READ, "64 01 06 " * 12)
    first = s.sequence
    control, function, bits, answer = s.request(a.READ, "64 01 06 " * 20)
    assert control == 0xA0 and len(answer.split()) <= 2044
    total = answer.split()
    sequence = s.sequence
    # a wrong confirmation changes nothing
    assert s.confirm((sequence + 1) & 15) == b""
    assert first != sequence
    for _ in range(3):
        fragment = s.confirm(sequence)
        sequence = (sequence + 1) & 15
        assert fragment[0] & 0x8F == sequence and fragment[1] == a.RESPONSE
        total += text(fragment[4:]).split()
        if fragment[0] & a.FIN:
            assert not fragment[0] & a.CON
            break
        assert fragment[0] & a.CON
    else:
        raise AssertionError("no end")
    assert total.count("64") >= 20 and len(total) >= 20 * 39 * 5
    assert s.confirm(sequence) == b""
