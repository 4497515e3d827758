"""Write, restart, delay, record time, freeze, assign class; functions that are not there."""

from protocols.dnp3_fakes import Station, fragments, text
from protocols.dnp3_lists import FULL

from fourquad import points as p
from fourquad.protocols.dnp3 import application as a

# 2026-07-30 12:34:56.789 UTC
MOMENT = 1785414896789


def time48(ms):
    return text(bytes([ms >> 8 * i & 255 for i in range(6)]))


def indications(s):
    return s.request(a.READ, "")[2]


def test_functions_that_are_not_there():
    s = Station()
    for function in range(129):
        if function in (0, 1, 2, 3, 4, 5, 6, 13, 14, 22, 23, 24) or function == 128:
            continue
        assert s.error(function) == a.NO_FUNCTION, function
    for function in range(128, 256):
        assert s.request(function) is None, function


def test_fragments_that_are_no_requests():
    s = Station()
    for control in range(0, 0x100, 0x10):
        answer = s.app(bytes((control, a.DELAY_MEASUREMENT)))
        assert bool(answer) == (control & 0xD0 == 0xC0), control
    assert s.app(b"\xc0") == b""


def test_restart_indication():
    s = Station()
    assert indications(s) & a.RESTART
    for objects in (
        "50 01 00 06 06 00",
        "50 01 00 07 07 01",
        "50 01 00 07 08 00",
        "50 01 00 07 07",
        "50 01 06",
    ):
        assert s.error(a.WRITE, objects) == a.PARAMETER, objects
        assert indications(s) & a.RESTART
    assert s.error(a.WRITE, "50 01 00 07 07 00") == 0
    assert not indications(s) & a.RESTART
    s = Station()
    assert s.error(a.WRITE, "50 01 01 07 00 07 00 00") == 0
    assert not indications(s) & a.RESTART


def test_time():
    s = Station()
    assert indications(s) & a.NEED_TIME
    assert s.error(a.WRITE, "32 01 07 01 " + time48(MOMENT)) == 0
    assert (s.clock.now, s.clock.ms) == (MOMENT // 1000 - 946684800, 789)
    assert not indications(s) & a.NEED_TIME
    assert s.read("32 01 06") == "32 01 07 01 " + time48(MOMENT)
    assert s.error(a.WRITE, "32 01 08 01 00 " + time48(946684800000)) == 0
    assert (s.clock.now, s.clock.ms) == (0, 0)


def test_times_that_cannot_be():
    s = Station()
    for ms in (0, 946684799999, 4102444800000, (1 << 48) - 1):
        assert s.error(a.WRITE, "32 01 07 01 " + time48(ms)) == a.PARAMETER
    for objects in (
        "32 01 07 01 00 00",
        "32 01 07 02 " + " ".join([time48(MOMENT)] * 2),
        "32 01 06",
        "32 01 17 01 00 00",
    ):
        assert s.error(a.WRITE, objects) == a.PARAMETER
    assert s.error(a.WRITE, "32 02 07 01 " + time48(MOMENT)) == a.UNKNOWN_OBJECT
    # the seal forbids it
    s.meter.settings.sealed = True
    s.meter.settings.default(p.SEAL_OPTIONS, 16)
    assert s.error(a.WRITE, "32 01 07 01 " + time48(MOMENT)) == a.PARAMETER
    assert indications(s) & a.NEED_TIME and s.clock.now == 820540800


def test_time_is_asked_for_again():
    s = Station(FULL)  # after 60 s
    s.poll()
    s.request(a.WRITE, "32 01 07 01 " + time48(MOMENT))
    for _ in range(59):
        s.poll(1000)
    assert not indications(s) & a.NEED_TIME
    s.poll(1500)
    assert indications(s) & a.NEED_TIME
    s = Station()  # never
    s.poll()
    s.request(a.WRITE, "32 01 07 01 " + time48(MOMENT))
    for _ in range(10000):
        s.poll(100000)
    assert not indications(s) & a.NEED_TIME


def test_recorded_time():
    s = Station()
    assert s.error(a.WRITE, "32 03 07 01 " + time48(MOMENT)) == a.PARAMETER
    s.poll(1000)
    assert s.error(a.RECORD_TIME) == 0
    s.poll(300)
    assert s.error(a.WRITE, "32 03 07 01 " + time48(MOMENT)) == 0
    assert (s.clock.now, s.clock.ms) == (MOMENT // 1000 - 946684800 + 1, 89)
    assert s.error(a.WRITE, "32 03 07 01 " + time48(MOMENT)) == a.PARAMETER


def test_delay():
    s = Station()
    octets = s.frames_of(bytes((0xC5, a.DELAY_MEASUREMENT)))
    (answer,) = fragments(s.send(octets, 12900))
    assert text(answer[4:]) == "34 02 07 01 0C 00"


def test_restarts():
    for function in (a.COLD_RESTART, a.WARM_RESTART):
        s = Station(FULL)
        s.poll()
        s.request(a.WRITE, "50 01 00 07 07 00")
        s.request(a.WRITE, "32 01 07 01 " + time48(MOMENT))
        assert not indications(s) & (a.RESTART | a.NEED_TIME)
        assert s.request(function)[3] == "34 02 07 01 00 00"
        s.poll()
        assert indications(s) & a.RESTART and indications(s) & a.NEED_TIME
        assert s.meter.energy.values[0] == 70000 and s.clock.now == MOMENT // 1000 - 946684800


def test_other_writes():
    s = Station(FULL)
    for objects in ("1E 05 00 00 00 01 00 00 00 00", "0A 01 00 00 00 01", "3C 01 06", "6E 01 00 00 00 00"):
        assert s.error(a.WRITE, objects) == a.UNKNOWN_OBJECT
    assert s.error(a.WRITE, "") == 0
    assert s.error(a.WRITE, "50 01") == a.PARAMETER


def test_dead_bands():
    s = Station(FULL)
    assert s.error(a.WRITE, "22 03 00 00 01 00 00 80 3F 00 00 00 40") == 0
    assert s.error(a.WRITE, "22 01 17 01 02 2C 01") == 0
    assert s.error(a.WRITE, "22 02 28 01 00 03 00 A0 86 01 00") == 0
    assert s.read("22 02 00 00 03") == "22 02 00 00 03 01 00 00 00 02 00 00 00 2C 01 00 00 A0 86 01 00"
    assert s.read("22 01 00 03 03") == "22 01 00 03 03 FF 7F"
    for objects in ("22 03 00 00 00 00 00 80 BF", "22 03 00 00 00 00 00 C0 7F", "22 01 17 01 09 01 00"):
        assert s.error(a.WRITE, objects) == a.PARAMETER
    for objects in ("22 01 00 00 05 01 00", "22 01 06", "22 01 00 01 00"):
        assert s.error(a.WRITE, objects) == a.PARAMETER


def test_freeze():
    s = Station(FULL)
    counts = s.meter.io.counts
    counts[0] = 7
    s.clock.ms = 250
    assert s.error(a.FREEZE, "14 00 00 00 05") == 0
    counts[0] = 9
    assert s.read("15 09 00 00 00") == "15 09 00 00 00 07 00 00 00"
    assert s.read("15 01 00 00 00") == "15 01 00 00 00 01 07 00 00 00"
    assert s.read("15 0A 00 00 00") == "15 0A 00 00 00 07 00"
    assert s.read("15 00 00 00 00") == "15 01 00 00 00 01 07 00 00 00"
    assert s.read("15 05 00 00 00") == "15 05 00 00 00 01 07 00 00 00 " + time48(1767225600250)
    assert s.read("14 06 00 00 00") == "14 06 00 00 00 09 00"
    assert s.request(a.FREEZE_NO_ACK, "14 00 06") is None
    assert s.read("15 09 00 00 00") == "15 09 00 00 00 09 00 00 00"


def test_what_cannot_be_frozen():
    s = Station(FULL)
    assert s.error(a.FREEZE, "14 00 00 00 06") == a.PARAMETER
    assert s.error(a.FREEZE, "14 00 01 FE 00 FF 00") == a.PARAMETER
    assert s.error(a.FREEZE, "1E 00 06") == a.UNKNOWN_OBJECT
    assert s.error(a.FREEZE, "14 00 07 01") == a.PARAMETER
    assert s.error(a.FREEZE, "") == a.PARAMETER
    assert s.error(a.FREEZE_CLEAR, "14 00 06") == a.NO_FUNCTION
    assert s.request(a.FREEZE_CLEAR_NO_ACK, "14 00 06") is not None  # told, because it is not done
    # the list of the manual freezes nothing
    s = Station()
    assert s.error(a.FREEZE, "14 00 06") == a.NO_FUNCTION
    assert s.error(a.READ, "15 00 06") == a.UNKNOWN_OBJECT


def test_assign_class():
    s = Station(FULL)
    klass = s.out.session.database.klass

    def of(run, i=0):
        return klass[s.out.session.database.runs[run].base + i]

    assert s.error(a.ASSIGN_CLASS, "3C 04 06 1E 00 06") == 0
    assert of(5) == 3 and of(6) == 3
    assert s.error(a.ASSIGN_CLASS, "3C 02 06 1E 00 00 01 02 14 00 06 3C 01 06 1E 00 17 01 03") == 0
    assert [of(5, i) for i in range(4)] == [3, 1, 1, 0] and of(3) == 1
    assert s.error(a.ASSIGN_CLASS, "3C 03 06 1E 00 28 01 00 02 00") == 0
    assert of(5, 2) == 2
    for objects in (
        "1E 00 06",
        "3C 02 06 1E 00 00 00 07",
        "3C 02 06 1E 00 17 01 0A",
        "",
        "3C 02 06 1E 00 07 01",
    ):
        assert s.error(a.ASSIGN_CLASS, objects) == a.PARAMETER, objects
    for objects in ("3C 02 06 64 00 06", "3C 02 06 1E 05 06", "3C 02 06 0C 01 06"):
        assert s.error(a.ASSIGN_CLASS, objects) == a.UNKNOWN_OBJECT, objects


def test_broadcasts():
    for address, confirmed in ((65533, False), (65534, True), (65535, False)):
        s = Station(FULL)
        assert (
            s.request(a.DIRECT_OPERATE_NO_ACK, "0C 01 17 01 05 03 01 00 00 00 00 01 00 00 00 00", address)
            is None
        )
        assert s.meter.done == [p.CLEAR_ENERGY]
        control, function, bits, objects = s.request(a.READ, "64 01 00 00 00")
        assert bits & a.BROADCAST
        assert bool(control & a.CON) == confirmed
        if confirmed:
            assert s.request(a.READ, "64 01 00 00 00")[2] & a.BROADCAST
            s.confirm()
        assert not indications(s) & a.BROADCAST
        assert s.request(a.WRITE, "32 01 07 01 " + time48(MOMENT), address) is None
        assert s.clock.ms == 789
        # what needs an answer is not done
        for function in (a.DIRECT_OPERATE, a.SELECT, a.COLD_RESTART, a.READ):
            assert s.request(function, "0C 01 17 01 05 03 01 00 00 00 00 01 00 00 00 00", address) is None
        assert s.meter.done == [p.CLEAR_ENERGY]
