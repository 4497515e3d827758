"""Four logs of what happened to a meter, by its registers as a master reads them."""

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.protocols.modbus.map import RegisterMap

# Registers of the logs, and of a record after its time; docs/acurev1312/registers.md.
ALARMS, DEMANDS, PROGRAM, COVER = 0xD800, 0xD8C0, 0xD980, 0xDA40
WHAT, POINT, HIGH, LOW = range(7, 11)
RECORDS, WORDS = 16, 11


class Bench:
    """A meter at 2026-03-04 05:06:07.250."""

    def __init__(self):
        self.meter = meter(models.load("acurev1312"))
        self.map = RegisterMap(self.meter.model, self.meter.points)
        self.now = 1000
        # what follows from the defaults of a board
        self.meter.settings.write(p.DEMAND_WINDOW, 10)
        self.meter.settings.write(p.DEMAND_WINDOW, 15)
        assert self.records(PROGRAM) == []
        self.write(0x0300, 2026, 3, 4, 5, 6, 7)
        self.meter.clock.tick(self.now)
        self.log = self.meter.book.logs
        for log in self.log:
            log.clear()
        self.wait(250)

    def wait(self, ms):
        self.now += ms
        self.meter.clock.tick(self.now)
        self.meter.book.window(self.now, self.now)

    def write(self, address, *words):
        data = b"".join([bytes((word >> 8, word & 255)) for word in words])
        return self.map.write(address, len(words), data, 0)

    def read(self, address, count):
        out = bytearray(2 * count)
        assert self.map.read(address, count, out, 0) == 0
        return [out[2 * i] << 8 | out[2 * i + 1] for i in range(count)]

    def records(self, address):
        """The records of a log, the oldest first."""
        (newest,) = self.read(address, 1)
        every = [self.read(address + 1 + WORDS * i, WORDS) for i in range(RECORDS)]
        return [one for one in every[newest:] + every[:newest] if any(one)]

    def second(self, **readings):
        """A second with these readings."""
        for name in readings:
            self.meter.readings.secondary[getattr(p, name)] = readings[name]
        self.wait(1000)
        self.meter.book._look()


TIME = [2026, 3, 4, 5, 6, 7, 250]


def test_changes_of_settings_presets_and_clears():
    bench = Bench()
    assert bench.records(PROGRAM) == []
    assert bench.write(0x0205, 20) == 0
    assert bench.records(PROGRAM) == [TIME + [4, p.SETTING + p.DEMAND_WINDOW, 0, 20]]
    # the same value once more is no change; what is refused is none
    assert bench.write(0x0205, 20) == 0 and bench.write(0x0205, 31) == 3
    assert bench.write(0x204E, 0, 5) == 4 and bench.write(0xD701, 1) == 4
    assert len(bench.records(PROGRAM)) == 1
    # another one that changes with it
    bench.write(0x0212, 1)
    bench.write(0x0213, 3)
    bench.write(0x0212, 5)
    assert [one[WHAT:] for one in bench.records(PROGRAM)[1:]] == [
        [4, p.SETTING + p.CT2, 0, 1],
        [4, p.SETTING + p.CT1, 0, 3],
        [4, p.SETTING + p.CT2, 0, 5],
        [4, p.SETTING + p.CT1, 0, 5],
    ]
    bench.write(0xD705, 1)
    assert len(bench.records(PROGRAM)) == 5
    assert bench.write(0x020A, 7) == 4 and bench.write(0x020A, 0) == 0
    assert bench.write(0x020B, 1234) == 0
    # at the panel, too
    assert bench.meter.points.write(p.ACCESS + a.ENTRY, 7) == p.FORBIDDEN
    assert bench.meter.points.write(p.ACCESS + a.ENTRY, 1234) == p.OK
    assert bench.write(0x204E, 1, 5) == 0 and bench.write(0x0902, 0, 9) == 0
    assert bench.write(0xD701, 1) == 0 and bench.write(0xD701, 0) == 0
    assert [one[WHAT:] for one in bench.records(PROGRAM)[5:]] == [
        [10, 0, 0, 0],
        [9, p.ACCESS + a.PERMISSION, 0, 0],
        [11, p.SETTING + p.PASSWORD, 0, 0],
        [10, 0, 0, 0],
        [5, b.tariff_energy(b.ACTIVE_IMPORT), 1, 5],
        [5, p.CONSUMPTION + 1, 0, 9],
        [6, p.COMMAND + p.CLEAR_TARIFF_ENERGY, 0, 1],
    ]
    # no password stands in any record
    assert 1234 not in [word for one in bench.records(PROGRAM) for word in one]
    # the clock: one record with the new time
    bench.write(0x0300, 2027, 1, 2, 3, 4, 5)
    assert bench.records(PROGRAM)[-1][:9] == [2027, 1, 2, 3, 4, 5, 0, 7, p.STATE + p.YEAR]
    before = bench.records(PROGRAM)
    # another table to look at is no change
    assert bench.write(0xD601, 6) == 0 and bench.records(PROGRAM) == before
    tables = bench.read(0xD600, 40)
    assert bench.write(0xD600, *tables) == 0
    assert bench.records(PROGRAM)[-1][WHAT] == 8
    # a panel's way
    bench.meter.points.write(p.SETTING + p.PULSE_WIDTH, 50)
    assert bench.records(PROGRAM)[-1][WHAT:] == [4, p.SETTING + p.PULSE_WIDTH, 0, 50]


def test_guessing_does_not_fill_the_log():
    bench = Bench()
    bench.write(0x0205, 20)
    for guess in range(1, 40):
        assert bench.write(0x020A, guess) == 4
    assert [one[WHAT] for one in bench.records(PROGRAM)] == [4, 10, 10, 10]


def test_the_newest_sixteen_are_there():
    bench = Bench()
    for n in range(20):
        bench.write(0x0205, 1 + n)
        bench.wait(100)
    assert bench.read(PROGRAM, 1) == [4]
    assert [one[LOW] for one in bench.records(PROGRAM)] == list(range(5, 21))
    assert bench.read(PROGRAM + 1 + RECORDS * WORDS, 15) == [0] * 15
    assert bench.write(PROGRAM, 0) == 2
    bench.write(0x020A, 0)
    bench.write(0xD705, 1)
    # the clear is the first record of the new log
    assert [one[WHAT:] for one in bench.records(PROGRAM)] == [[6, p.COMMAND + p.CLEAR_EVENT_LOG + 2, 0, 1]]


def test_readings_out_of_range():
    bench = Bench()
    # 120 % of 240 V and of 5 A; on the secondary side
    bench.second(V1=288.0, V2=230.0, I3=5.0)
    assert bench.records(ALARMS) == []
    bench.second(V1=288.1)
    bench.second(V1=300.5, I3=6.1)
    bench.second(V1=283.3)
    assert [one[WHAT:] for one in bench.records(ALARMS)] == [[1, p.V1, 0, 2881], [1, p.I3, 0, 6100]]
    bench.second(V1=283.1, I3=6.0)
    bench.second(I3=0.0)
    assert [one[WHAT:] for one in bench.records(ALARMS)[2:]] == [[2, p.V1, 0, 3005], [2, p.I3, 0, 6100]]
    assert bench.records(ALARMS)[0][:7] == [2026, 3, 4, 5, 6, 9, 250]


def test_openings_of_the_cover():
    bench = Bench()
    book = bench.meter.book
    book.cover(False, bench.now)
    assert bench.records(COVER) == []
    book.cover(True, bench.now + 30)
    book.cover(True, bench.now + 130)
    book.cover(False, bench.now + 999)
    assert [one[5:8] for one in bench.records(COVER)] == [[7, 280, 12], [8, 249, 13]]


def windows(bench, powers):
    """A window of demand of each of these: W."""
    demand = bench.meter.billing.demand
    place = demand.place(b.ACTIVE_NET, 0)
    for n in range(len(powers)):
        stamp = 820_000_000 + 60 * n
        if powers[n] * 10 > demand.maxima[place]:
            demand.maxima[place] = powers[n] * 10
            demand.stamps[place] = stamp
        demand.windows += 1
        bench.meter.book._demands()
    return place


def test_maximum_demands_are_told_once_they_rise_no_more():
    bench = Bench()
    windows(bench, (100, 200, 300))
    assert bench.records(DEMANDS) == []
    windows(bench, (250,))
    (one,) = bench.records(DEMANDS)
    # 820,000,120 s after 2000-01-01 are 2025-12-25 17:48:40
    assert one == [2025, 12, 25, 17, 48, 40, 0, 3, p.MAXIMUM + 8 * b.ACTIVE_NET, 0, 3000]
    windows(bench, (250, 300, 299))
    assert len(bench.records(DEMANDS)) == 1
    # a power cut between the maximum and its record
    windows(bench, (310,))
    image = bytes(bench.meter.dump())
    again = Bench()
    assert again.meter.restore(image)
    windows(again, (100, 100, 100))
    assert [one[LOW] for one in again.records(DEMANDS)] == [3100]
