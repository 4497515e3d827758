"""Trend logs of an s4100 and ReadRange of their records, as APDUs; the flash is in memory."""

from struct import pack

from models.test_s4100 import Bench
from records.cut_flash import SHAPES, Cut, CutFlash

from fourquad.calendar.clock import seconds
from fourquad.device.trend_store import connect
from fourquad.points import system as s
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.tags import Reader

SECTORS = 27
PLACES = {"trend1": (0, 8), "trend2": (8, SECTORS), "trend3": (8 + SECTORS, 8)}
START = seconds(2026, 11, 29, 9, 0, 0)
ANY = b"\xff" * 4


class Logs(Bench):
    """A meter whose logs are kept in flash, with sub-intervals of ten seconds."""

    def __init__(self, flash=None, settings=(), places=PLACES):
        super().__init__()
        if flash is None:
            flash = CutFlash(16 + SECTORS)
            flash.rearm(-1, 0)
        self.flash = flash
        for offset, value in settings:
            self.meter.settings.default(offset, value)
        self.meter.configure()
        self.stores = connect(self.meter, self.meter.trends, self.flash, places)
        self.meter.clock.set(START)
        self.now = 1000
        self.target = bytearray(600)

    def service(self):
        for store in self.stores:
            while store.due:
                store.service()

    def intervals(self, count, value=0.0):
        """So many sub-intervals pass; the log has AI11, whose value rises by 1 kW from `value` on."""
        for n in range(count):
            self.readings(P_SUM=1000.0 * (value + n))
            self.meter.clock.now += 10
            self.meter.intervals.ended()
            self.service()

    def ask(self, apdu):
        end = self.machine.application.run(bytearray(apdu), 0, len(apdu), self.target, 0)
        return bytes(self.target[:end])

    def put(self, prop, value, instance=2):
        """Write a property of a trend log, whose value is in octets; 0 or an error."""
        head = b"\x00\x05\x01\x0f\x0c" + pack(">I", 20 << 22 | instance) + bytes((0x19, prop, 0x3E))
        answer = self.ask(head + value + b"\x3f")
        if answer == b"\x20\x01\x0f":
            return 0
        assert answer[:3] == b"\x50\x01\x0f", answer
        return answer[4] << 8 | answer[6]

    def get(self, prop, instance=2):
        """The octets of a property."""
        head = b"\x00\x05\x01\x0c\x0c" + pack(">I", 20 << 22 | instance) + bytes((0x19, prop))
        answer = self.ask(head)
        assert answer[0] == 0x30, answer
        return answer[11:-1]

    def number(self, prop, instance=2):
        octets = self.get(prop, instance)
        assert octets[0] & 0xF8 == 0x20
        return int.from_bytes(octets[1:], "big")

    def range(self, by=0, reference=b"", count=0, instance=2):
        """Flags, first sequence number (None without one), records (seconds, kind, value)."""
        apdu = b"\x00\x05\x01\x1a\x0c" + pack(">I", 20 << 22 | instance) + b"\x19\x83"
        if by:
            signed = pack(">h", count)
            apdu += bytes((by << 4 | 0x0E,)) + reference + b"\x32" + signed + bytes((by << 4 | 0x0F,))
        answer = self.ask(apdu)
        if answer[0] != 0x30:
            return answer
        assert len(answer) <= 480
        return records(answer)


def records(answer):
    """Take an answer apart."""
    r = Reader()
    r.begin(answer, 3, len(answer))
    assert r.object_id(0) == 20 and r.enumerated(1) == c.LOG_BUFFER
    assert r.is_context(3)
    flags = answer[r.at + 2] >> 5
    r.skip()
    n = r.unsigned(4)
    r.open(5)
    found = []
    while not r.is_closing(5):
        r.open(0)
        d, t = r.four(10), r.four(11)
        r.close(0)
        moment = seconds(1900 + answer[d], answer[d + 1], answer[d + 2], *answer[t : t + 3])
        r.open(1)
        r.tag()
        kind = r.number
        if kind == 0:
            value = answer[r.at + 2] >> 6
            r.skip()
        else:
            value = r.real(kind)
        r.close(1)
        found.append((moment, kind, value))
    r.close(5)
    first = r.unsigned(6) if r.more() else None
    assert r.bad < 0 and not r.more() and len(found) == n
    return flags, first, found


def octets(text):
    return bytes([int(text[i : i + 2], 16) for text in text.split() for i in range(0, len(text), 2)])


def unsigned(value):
    return b"\x24" + pack(">I", value)


def when(year, month, day, hour, minute, second):
    return bytes((0xA4, year - 1900, month, day, 255, 0xB4, hour, minute, second, 0))


TRUE, FALSE = b"\x11", b"\x10"
FIRST, LAST, MORE = 4, 2, 1  # as the octet has them


def test_what_a_log_says():
    logs = Logs()
    assert logs.objects.count() == 113
    assert logs.get(c.LOG_ENABLE) == FALSE and logs.get(c.STOP_WHEN_FULL) == FALSE
    assert logs.get(c.START_TIME) == b"\xa4" + ANY + b"\xb4" + ANY == logs.get(c.STOP_TIME)
    assert logs.number(c.LOG_INTERVAL) == 90000
    assert [logs.number(c.BUFFER_SIZE, n) for n in (1, 2, 3)] == [6 * 239, 5760, 6 * 239]
    assert logs.number(c.RECORD_COUNT) == logs.number(c.TOTAL_RECORD_COUNT) == 0
    # AI2, AI11, AI19
    for instance, source in ((1, 2), (2, 11), (3, 19)):
        assert (
            logs.get(c.LOG_DEVICE_OBJECT_PROPERTY, instance)
            == b"\x0c\x00\x00\x00" + bytes((source,)) + b"\x19\x55"
        )
    assert logs.ask(b"\x00\x05\x01\x0c\x0c\x05\x00\x00\x02\x19\x83") == b"\x50\x01\x0c\x91\x02\x91\x1b"
    assert logs.range() == (0, None, [])


def test_writes():
    logs = Logs()
    assert logs.put(c.LOG_ENABLE, b"\x21\x01") == c.INVALID_DATA_TYPE
    assert logs.put(c.LOG_INTERVAL, unsigned(1050)) == c.VALUE_OUT_OF_RANGE
    assert logs.put(c.LOG_INTERVAL, unsigned(6000)) == 0
    assert logs.value(2, 11) == 6000 and logs.number(c.LOG_INTERVAL, 3) == 6000
    assert logs.put(c.RECORD_COUNT, unsigned(1)) == c.VALUE_OUT_OF_RANGE
    assert logs.put(c.BUFFER_SIZE, unsigned(1)) == c.WRITE_ACCESS_DENIED
    for instance in (1, 27, 29, 31, 75):
        source = b"\x0c" + pack(">I", instance) + b"\x19\x55"
        assert logs.put(c.LOG_DEVICE_OBJECT_PROPERTY, source) == 0
        assert logs.get(c.LOG_DEVICE_OBJECT_PROPERTY) == source
    good = b"\x0c" + pack(">I", 5) + b"\x19\x55"
    for wrong in (
        b"\x0c" + pack(">I", 28) + b"\x19\x55",
        b"\x0c" + pack(">I", 76) + b"\x19\x55",
        b"\x0c" + pack(">I", 2 << 22 | 5) + b"\x19\x55",
        b"\x0c" + pack(">I", 5) + b"\x19\x67",
        good + b"\x29\x01",
        good + b"\x3c" + pack(">I", 8 << 22 | 5),
    ):
        assert logs.put(c.LOG_DEVICE_OBJECT_PROPERTY, wrong) == c.VALUE_OUT_OF_RANGE
    assert logs.put(c.LOG_DEVICE_OBJECT_PROPERTY, good + b"\x3c" + pack(">I", 8 << 22 | 1000000)) == 0
    assert logs.put(c.START_TIME, when(2026, 11, 29, 9, 0, 35)) == 0
    assert logs.get(c.START_TIME) == when(2026, 11, 29, 9, 0, 35)
    assert logs.put(c.START_TIME, when(2026, 13, 29, 9, 0, 35)) == c.VALUE_OUT_OF_RANGE
    assert logs.put(c.START_TIME, b"\x91\x01") == c.INVALID_DATA_TYPE
    # values that are too short, too long, or more than one
    logs.intervals(3)
    total = logs.number(c.TOTAL_RECORD_COUNT)
    for prop, value, why in (
        (c.RECORD_COUNT, b"\x25\x00", c.INVALID_TAG),
        (c.RECORD_COUNT, unsigned(0) + unsigned(0), c.TOO_MANY),
        (c.LOG_INTERVAL, b"\x25\x05\x00\x00\x00\x17\x70", c.INVALID_TAG),
        (c.LOG_ENABLE, TRUE + TRUE, c.TOO_MANY),
        (c.START_TIME, when(2026, 11, 29, 9, 0, 36) + TRUE, c.TOO_MANY),
        (c.START_TIME, when(2026, 11, 29, 9, 0, 36)[:5] + b"\xb3\x09\x00\x24", c.INVALID_TAG),
        (c.LOG_DEVICE_OBJECT_PROPERTY, good + TRUE, c.TOO_MANY),
    ):
        request = b"\x00\x05\x01\x0f\x0c\x05\x00\x00\x02" + bytes((0x19, prop, 0x3E)) + value + b"\x3f"
        assert logs.ask(request) == bytes((c.REJECT, 1, why)), (prop, value)
    assert logs.number(c.TOTAL_RECORD_COUNT) == total and logs.number(c.LOG_INTERVAL) == 6000
    assert logs.get(c.LOG_ENABLE) == FALSE and logs.get(c.START_TIME) == when(2026, 11, 29, 9, 0, 35)


def test_records_and_ranges():
    logs = Logs()
    assert logs.put(c.LOG_ENABLE, TRUE) == 0
    logs.intervals(50)
    assert logs.put(c.LOG_ENABLE, FALSE) == 0
    logs.intervals(3)
    assert logs.number(c.RECORD_COUNT) == logs.number(c.TOTAL_RECORD_COUNT) == 52
    expected = [(START, 0, 0)] + [(START + 10 * n + 10, 2, float(n)) for n in range(50)]
    expected += [(START + 500, 0, 2)]  # log-disabled
    # as many as fit, then on by sequence number
    flags, _, found = logs.range()
    assert flags == FIRST | MORE and found == expected[: len(found)] and len(found) >= 20
    got = []
    while len(got) < 52:
        flags, first, found = logs.range(6, unsigned(len(got) + 1), 100)
        assert first == len(got) + 1 and found
        got += found
    assert got == expected and flags == LAST
    # positions, forwards and backwards
    assert logs.range(3, unsigned(2), 3) == (0, None, expected[1:4])
    assert logs.range(3, unsigned(52), -2) == (LAST, None, expected[50:])
    assert logs.range(3, unsigned(1), 1) == (FIRST, None, expected[:1])
    assert logs.range(3, unsigned(53), 1) == logs.range(3, unsigned(0), 1) == (0, None, [])
    assert logs.range(6, unsigned(52), -2) == (LAST, 51, expected[50:])
    flags, first, found = logs.range(6, unsigned(52), -40)
    assert flags == LAST | MORE and found == expected[-len(found) :] and first == 53 - len(found)
    # later than, and before a time
    assert logs.range(7, when(2026, 11, 29, 9, 0, 20), 2) == (0, 4, expected[3:5])
    assert logs.range(7, when(2026, 11, 29, 9, 0, 20), -1) == (0, 2, expected[1:2])
    assert logs.range(7, when(2027, 1, 1, 0, 0, 0), 1) == (0, None, [])
    assert logs.range(3, unsigned(1), 0) == b"\x60\x01\x06"
    # what has no records
    assert logs.ask(b"\x00\x05\x01\x1a\x0c\x05\x00\x00\x02\x19\x8d") == b"\x50\x01\x1a\x91\x05\x91\x16"
    assert logs.ask(b"\x00\x05\x01\x1a\x0c\x05\x00\x00\x04\x19\x83") == b"\x50\x01\x1a\x91\x01\x91\x1f"
    # a clear is told, and numbers go on
    assert logs.put(c.RECORD_COUNT, unsigned(0)) == 0
    assert logs.range(6, unsigned(53), 5) == (FIRST | LAST, 53, [(START + 530, 0, 3)])
    assert logs.number(c.RECORD_COUNT) == 1 and logs.number(c.TOTAL_RECORD_COUNT) == 53


def test_the_range_of_annex_f():
    # F.3.8 asks log 1 for four records after 19:52:34 on 23 March 1998: here the first four, of 2026
    logs = Logs()
    assert logs.put(c.LOG_DEVICE_OBJECT_PROPERTY, b"\x0c\x00\x00\x00\x0b\x19\x55", 1) == 0
    assert logs.put(c.LOG_ENABLE, TRUE, 1) == 0
    logs.intervals(2, 18.0)
    request = "0002011A 0C05000001 1983 7E A462031701 B413342200 3104 7F"
    expected = (
        "30011A 0C05000001 1983 3A05C0 4904 5E"
        "0E A47E0B1D07 B409000000 0F 1E 0A06C0 1F"  # purged, while it was disabled
        "0E A47E0B1D07 B409000000 0F 1E 0A0600 1F"  # enabled
        "0E A47E0B1D07 B409000A00 0F 1E 2C41900000 1F"  # 18.0
        "0E A47E0B1D07 B409001400 0F 1E 2C41980000 1F"  # 19.0
        "5F 6901"
    )
    assert logs.ask(octets(request)) == octets(expected)
    # before that there was nothing, and all of it was before 2150
    assert logs.range(7, when(1998, 3, 23, 19, 52, 34), -4, 1) == (0, None, [])
    assert logs.range(7, when(2150, 3, 23, 19, 52, 34), 4, 1) == (0, None, [])
    assert len(logs.range(7, when(2150, 3, 23, 19, 52, 34), -4, 1)[2]) == 4
    assert logs.put(c.STOP_TIME, when(1998, 3, 23, 19, 52, 34), 1) == 0
    logs.intervals(2)
    assert logs.number(c.RECORD_COUNT, 1) == 4


def test_errors_of_read_range():
    logs = Logs()
    head = "0002011A 0C05000002 "
    for rest, answer in (
        ("1983 2901 3E 2101 3101 3F", "50011A 9102 9132"),  # property-is-not-an-array
        ("198D", "50011A 9105 9116"),  # property-is-not-a-list
        ("1955", "50011A 9102 9120"),  # unknown-property
        ("1983 3E 2101 3100 3F", "600106"),  # none are wanted
        ("1983 3E 2101 3101", "600105"),
        ("1983 3E 3101 3F", "600103"),
        ("1983 3E 2101 2101 3F", "600103"),
        ("1983 4E 2101 3101 4F", "600107"),
        ("1983 7E A4FFFFFFFF B4FFFFFFFF 3101 7F", "600106"),
        ("1983 7E A47E0D1D07 B409000000 3101 7F", "600106"),
        ("1983 3E 25FF", "600104"),
        ("1983 3E 2101 3101 3F 3E 2101 3101 3F", "600107"),
        ("", "600105"),
    ):
        assert logs.ask(octets(head + rest)) == octets(answer), rest
    assert logs.ask(octets("0002011A 0C05000004 1983")) == octets("50011A 9101 911F")
    # counts and references at the ends of their ranges
    for rest in (
        "3E 24FFFFFFFF 347FFFFFFF 3F",
        "3E 24FFFFFFFF 3480000000 3F",
        "6E 24FFFFFFFF 347FFFFFFF 6F",
        "6E 2100 3480000000 6F",
    ):
        answer = logs.ask(octets(head + "1983" + rest))
        assert answer[:3] == b"\x30\x01\x1a" and records(answer) == (0, None, [])


def test_window_clock_and_interval():
    logs = Logs()
    assert logs.put(c.LOG_ENABLE, TRUE) == 0
    assert logs.put(c.START_TIME, when(2026, 11, 29, 9, 0, 30)) == 0
    assert logs.put(c.STOP_TIME, when(2026, 11, 29, 9, 1, 0)) == 0
    logs.intervals(10)
    _, _, found = logs.range()
    assert [t - START for t, kind, _ in found if kind == 2] == [30, 40, 50]
    logs.objects.set_time(2026, 11, 29, 9, 1, 30, 0)
    _, _, found = logs.range()
    assert found[-1] == (START + 90, 9, -10.0)
    # another interval, or source, begins anew
    assert logs.write(11, 2000) == 0
    _, _, found = logs.range()
    assert [(kind, value) for _, kind, value in found] == [(0, 1)]
    assert logs.put(c.STOP_TIME, b"\xa4" + ANY + b"\xb4" + ANY) == 0
    logs.intervals(2)
    assert logs.number(c.RECORD_COUNT) == 3
    assert logs.put(c.LOG_DEVICE_OBJECT_PROPERTY, b"\x0c\x00\x00\x00\x46\x19\x55") == 0
    assert logs.number(c.RECORD_COUNT) == 1
    # what the system type has not is NaN
    assert logs.write(2, 31) == 0
    logs.intervals(1)
    _, _, found = logs.range()
    assert found[-1][1] == 2 and found[-1][2] != found[-1][2]


def test_a_full_log_goes_round_or_stops():
    logs = Logs()
    size = logs.number(c.BUFFER_SIZE, 1)
    assert logs.put(c.LOG_ENABLE, TRUE, 1) == 0
    logs.intervals(size + 99)
    assert logs.number(c.RECORD_COUNT, 1) == size and logs.number(c.TOTAL_RECORD_COUNT, 1) == size + 100
    assert logs.range(6, unsigned(1), 100, 1) == (0, None, [])
    flags, first, found = logs.range(6, unsigned(101), 1, 1)
    assert flags == FIRST and first == 101 and found[0][0] == START + 1000
    assert logs.put(c.STOP_WHEN_FULL, TRUE, 1) == 0
    assert logs.put(c.RECORD_COUNT, unsigned(0), 1) == 0
    logs.intervals(size + 5)
    assert logs.get(c.LOG_ENABLE, 1) == FALSE and logs.number(c.RECORD_COUNT, 1) == size
    _, _, found = logs.range(3, unsigned(size), -1, 1)
    assert found[0][1:] == (0, 2)
    assert logs.put(c.LOG_ENABLE, TRUE, 1) == c.LOG_BUFFER_FULL
    # power comes back
    after = Logs(logs.flash, ((s.LOG_ENABLE, 0), (s.LOG_STOPS, 1)))
    assert after.number(c.RECORD_COUNT, 1) == size
    assert after.range(3, unsigned(size), -1, 1)[2] == found


class Life(Logs):
    """A log that records, is cleared, and records; `kept`: times that were acknowledged since the clear."""

    def __init__(self, flash, kept=None):
        super().__init__(flash, ((s.LOG_ENABLE, 1),), {"trend1": (0, 6), "trend2": (6, 6), "trend3": (12, 6)})
        self.kept = [] if kept is None else kept

    def live(self):
        for n in range(45):
            self.intervals(1)
            self.kept.append(START + 10 * n + 10)
            if n == 35:
                self.kept[:] = []
                self.put(c.RECORD_COUNT, unsigned(0), 1)


def test_power_cuts_at_every_operation_of_the_flash():
    flash = CutFlash(18, 64, 512)
    flash.rearm(-1, 0)
    Life(flash).live()
    operations = len(flash.done)
    assert operations > 60
    for fuse in range(operations):
        flash = CutFlash(18, 64, 512)
        flash.rearm(fuse, fuse % SHAPES)
        kept = []
        try:
            Life(flash, kept).live()
        except Cut:
            flash.rearm(-1, 0)
        after = Life(flash)
        oldest = after.number(c.TOTAL_RECORD_COUNT, 1) - after.number(c.RECORD_COUNT, 1)
        found = []
        while True:
            _, _, some = after.range(6, unsigned(oldest + len(found) + 1), 100, 1)
            if not some:
                break
            found += some
        times = [t for t, kind, _ in found if kind == 2]
        assert times == sorted(times)
        # all that was acknowledged is there, and at most what was being written besides
        assert times[len(times) - len(kept) :] == kept or times[len(times) - len(kept) - 1 : -1] == kept, fuse
        total = after.number(c.TOTAL_RECORD_COUNT, 1)
        after.intervals(2)
        assert after.number(c.TOTAL_RECORD_COUNT, 1) == total + 2
