"""Events: changes, dead bands, classes, order, confirmation, overflow."""

from struct import pack

from protocols.dnp3_fakes import Station, text
from protocols.dnp3_lists import FULL

from fourquad.protocols.dnp3 import application as a

TIME = text((1767225600000).to_bytes(6, "little"))


def at(ms):
    return text((1767225600000 + ms).to_bytes(6, "little"))


def station(tables=FULL):
    s = Station(tables)
    s.settle(2000)
    s.request(a.WRITE, "50 01 00 07 07 00")
    s.request(a.WRITE, "32 01 07 01 " + TIME)
    return s


def switch(s, i, on):
    s.meter.io.set_input(i, on)
    s.settle(60)


def events(s, objects="3C 02 06 3C 03 06 3C 04 06"):
    """Objects of an answer to a class poll, confirmed."""
    control, function, bits, answer = s.request(a.READ, objects)
    assert not bits & 0x0700
    if control & a.CON:
        assert s.confirm() == b""
    return answer


def test_quiet():
    s = station()
    assert events(s) == ""
    assert s.request(a.READ, "3C 02 06")[0] == 0xC0


def test_binary_inputs():
    s = station()
    s.clock.ms = 5
    switch(s, 2, 1)
    s.clock.ms = 9
    switch(s, 2, 0)
    bits = s.request(a.READ, "64 01 00 00 00")[2]
    assert bits & 0x000E == a.CLASS_1
    assert events(s) == "02 02 17 02 02 81 " + at(5) + " 02 01 " + at(9)
    assert events(s) == ""
    assert not s.request(a.READ, "64 01 00 00 00")[2] & 0x000E


def test_variations():
    s = station()
    for ms, on in ((100, 1), (65635, 0), (65636, 1)):
        s.clock.now = 820540800 + ms // 1000
        s.clock.ms = ms % 1000
        switch(s, 1, on)
    assert s.request(a.READ, "02 01 06")[3] == "02 01 17 03 01 81 01 01 01 81"
    assert s.request(a.READ, "02 02 07 01")[3] == "02 02 17 01 01 81 " + at(100)
    # relative times, a new common time where the last one is too long ago
    assert s.request(a.READ, "02 03 06")[3] == (
        "33 01 07 01 "
        + at(100)
        + " 02 03 17 02 01 81 00 00 01 01 FF FF 33 01 07 01 "
        + at(65636)
        + " 02 03 17 01 01 81 00 00"
    )
    assert s.request(a.READ, "02 00 08 01 00")[3] == "02 02 17 01 01 81 " + at(100)
    assert s.request(a.READ, "02 04 06")[2] & a.UNKNOWN_OBJECT
    assert s.request(a.READ, "02 00 00 00 01")[2] & a.PARAMETER


def test_relative_times_of_a_clock_that_was_not_set():
    s = Station(FULL)
    s.settle(1000)
    switch(s, 1, 1)
    assert s.request(a.READ, "02 03 06")[3].startswith("33 02 07 01")


def test_analog_dead_band():
    s = station()
    v = s.meter.secondary  # points 0-3 have class 2 and dead band 0.5; they are 0.0, 0.5, 1.0, 1.5
    v[1] = 1.0
    s.settle()
    assert events(s) == ""  # not exceeded
    v[1] = 1.25
    s.settle()
    assert events(s) == "20 07 17 01 01 01 " + text(pack("<f", 1.25)) + " " + TIME
    v[1] = 0.8  # from what was reported last
    s.settle()
    assert events(s) == ""
    v[1] = 0.5
    s.settle()
    v[1] = float("nan")
    s.settle()
    assert events(s, "20 05 06") == "20 05 17 02 01 01 00 00 00 3F 01 00 00 00 00 00"
    for variation, value in (
        ("01", "01 0A 00 00 00"),
        ("02", "01 0A 00"),
        ("03", "01 0A 00 00 00 " + TIME),
        ("04", "01 0A 00 " + TIME),
        ("05", "01 00 00 20 41"),
        ("06", "01 00 00 00 00 00 00 24 40"),
        ("07", "01 00 00 20 41 " + TIME),
        ("08", "01 00 00 00 00 00 00 24 40 " + TIME),
    ):
        v[0] = 0.0
        s.settle()
        events(s)
        v[0] = 10.0
        s.settle()
        assert events(s, "20 " + variation + " 06") == "20 " + variation + " 17 01 00 " + value


def test_counters():
    s = station()
    s.meter.io.counts[3] = 0x12345
    s.settle()
    assert s.request(a.READ, "16 00 06")[3] == "16 01 17 01 03 01 45 23 01 00"
    for variation, value in (
        ("01", "01 45 23 01 00"),
        ("02", "01 45 23"),
        ("05", "01 45 23 01 00 " + TIME),
        ("06", "01 45 23 " + TIME),
    ):
        answer = s.request(a.READ, "16 " + variation + " 06")[3]
        assert answer == "16 " + variation + " 17 01 03 " + value


def test_a_counter_rolls_over():
    s = station()
    s.meter.io.counts[3] = 0x7FFFFFFF
    s.settle()
    events(s)
    s.meter.io.counts[3] = 0x80000000
    s.settle()
    assert events(s) == "16 01 17 01 03 01 00 00 00 80"


def test_order_is_kept():
    s = station()
    switch(s, 0, 1)
    s.meter.secondary[3] = 99.0
    s.settle()
    switch(s, 4, 1)
    switch(s, 0, 0)
    assert events(s) == (
        "02 02 17 01 00 81 "
        + TIME
        + " 20 07 17 01 03 01 00 00 C6 42 "
        + TIME
        + " 02 02 17 02 04 81 "
        + TIME
        + " 00 01 "
        + TIME
    )


def test_classes_one_by_one():
    s = station()
    s.meter.io.counts[0] = 5
    switch(s, 0, 1)
    s.meter.secondary[3] = 99.0
    s.settle()
    assert s.request(a.READ, "3C 03 06")[3].startswith("20 07")
    # the others are still to come, the one under way is not told
    assert events(s, "3C 02 06").startswith("02 02")
    assert events(s, "3C 04 07 01").startswith("16 01")
    assert events(s).startswith("20 07")
    assert events(s) == ""


def test_without_a_confirmation_they_come_again():
    s = station()
    switch(s, 0, 1)
    first = s.request(a.READ, "3C 02 06")
    assert first[0] == 0xE0 and not first[2] & a.CLASS_1
    s.settle(4900)
    s.poll(100)
    # too late
    assert s.confirm() == b""
    assert s.request(a.READ, "64 01 00 00 00")[2] & a.CLASS_1
    assert s.request(a.READ, "3C 02 06")[3] == first[3]
    # another request instead of a confirmation
    assert s.request(a.READ, "3C 02 06")[3] == first[3]
    assert s.confirm((s.sequence + 1) & 15) == b""
    assert s.confirm(unsolicited=True) == b""
    assert s.request(a.READ, "3C 02 06")[3] == first[3]
    s.confirm()
    assert events(s) == ""


def test_overflow():
    s = station()
    for i in range(25):
        assert bool(s.out.session.indications() & a.OVERFLOW) == (i > 20)
        s.clock.ms = i
        switch(s, 0, 1 - i % 2)
    control, function, bits, answer = s.request(a.READ, "3C 02 06")
    assert bits & a.OVERFLOW
    assert answer == "02 02 17 14 " + " ".join(
        ["00 " + ("81" if i % 2 == 0 else "01") + " " + at(i) for i in range(5, 25)]
    )
    # told in a response that did not arrive: told again
    control, function, bits, answer = s.request(a.READ, "3C 02 06")
    assert bits & a.OVERFLOW
    s.confirm()
    assert not s.request(a.READ, "3C 02 06")[2] & a.OVERFLOW


def test_an_overflow_while_a_response_is_under_way_is_told():
    s = station()
    for i in range(20):
        switch(s, 0, 1 - i % 2)
    assert not s.request(a.READ, "3C 02 06")[2] & a.OVERFLOW
    switch(s, 0, 1)
    s.confirm()
    control, function, bits, answer = s.request(a.READ, "3C 02 06")
    assert bits & a.OVERFLOW and answer.startswith("02 02 17 01 00")
    s.confirm()
    assert not s.request(a.READ, "3C 02 06")[2] & a.OVERFLOW


def test_a_thousand_events_in_a_second():
    """Every event is delivered once, or the overflow bit has said that some were not."""
    s = station()
    toggled = lost = 0
    got = []
    for ms in range(1000):
        s.now += 1
        s.clock.now, s.clock.ms = 820540800 + ms // 1000, ms % 1000
        for i in range(6):
            if ms % 6 == i:
                s.meter.io.set_input(i, not s.meter.io.inputs >> (i) & 1)
                toggled += 1
        s.out.session.database.runs[0].looked = None
        s.out.poll(s.now)
        if ms % 50 == 49:
            control, function, bits, answer = s.request(a.READ, "3C 02 06")
            words = answer.split()
            assert words[:3] == ["02", "02", "17"] and len(words) == 4 + 8 * int(words[3], 16)
            batch = [tuple(words[n : n + 8]) for n in range(4, len(words), 8)]
            if ms % 100 == 99:
                s.confirm()
                got += batch
            lost += 1 if bits & a.OVERFLOW else 0
    assert toggled == 1000
    assert len(got) == len(set(got))  # none twice
    stamps = [[int(word, 16) for word in reversed(event[2:])] for event in got]
    assert stamps == sorted(stamps)
    assert lost and len(got) == 200
    assert s.out.session.events.lost == toggled - 200


def test_without_overflow_nothing_is_lost():
    s = station()
    got = 0
    for ms in range(1000):
        s.now += 1
        s.clock.now, s.clock.ms = 820540800 + ms // 1000, ms % 1000
        s.meter.io.set_input(ms % 6, not s.meter.io.inputs >> (ms % 6) & 1)
        s.out.session.database.runs[0].looked = None
        s.out.poll(s.now)
        if ms % 10 == 9:
            control, function, bits, answer = s.request(a.READ, "3C 02 06")
            assert not bits & a.OVERFLOW
            got += int(answer.split()[3], 16)
            s.confirm()
    assert got == 1000


def test_class_and_static_in_one_answer():
    s = station()
    switch(s, 0, 1)
    answer = s.request(a.READ, "3C 02 06 3C 03 06 3C 04 06 3C 01 06")
    assert answer[0] == 0xE0
    assert answer[3].startswith("02 02 17 01 00 81 " + TIME + " 01 01 00 00 05 01")


def test_assigned_classes():
    s = Station()  # the list of the manual
    s.settle()
    s.meter.energy.values[0] += 5
    s.settle()
    assert events(s) == ""
    assert s.error(a.ASSIGN_CLASS, "3C 02 06 14 00 00 00 08") == 0
    s.settle()
    assert events(s) == ""
    s.meter.energy.values[0] += 5
    s.settle()
    assert events(s) == "16 01 17 01 00 01 7A 11 01 00"
