"""The S4100 against its manual's tables: objects, ranges, errors, system types, demand, alerts."""

from meter.tables import meter
from models import s4100_manual as manual

from fourquad import models
from fourquad import points as p
from fourquad.points import modules as m
from fourquad.points import system as s
from fourquad.points import values as v
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet.tags import Reader, Writer
from fourquad.protocols.station import Station

AI, AV, BI = 0, 2, 3

# Analog values: number, default, values that are taken, values that are out of range; from the manual.
VALUES = (
    (1, 0, (30078, 16498), (0, 1, 30079, 21210)),
    (2, 40, (10, 11, 12, 31, 40), (0, 13, 41, 40.5)),
    (3, 100, (5, 32000, 100), (4, 32001, -5)),
    (4, 1, (3, 1), (0, 2, 4)),
    (5, 1, (0.01, 320, 1), (0, 0.004, 320.1)),
    (6, 600, (82, 660, 600), (81, 661, 32001)),
    (7, 1, (0, 1), (2, -1, 0.5)),
    (8, 10, (1, 99), (0, 100)),
    (9, 25, (1, 99), (0, 100)),
    (10, 1, (1, 6), (0, 7, 1.5)),
    (11, 90000, (0, 1000, 3276700), (900, 1050, 3276800, 1000.5)),
)
# Units as the manual prints them, and as BACnet numbers them (clause 21): energies it wants as kWh.
UNITS = {"kWh": 19, "kVARh": 19, "kVAh": 19, "kW": 48, "kVAR": 12, "kVA": 9, "Volts": 5, "Amps": 3, "Hz": 27}
UNITS.update({"Percent": 98, "hundredths of a second": 158, "n/a": 95, "Value": 95, "1/Volts": 95, "": 95})


class Bench:
    """A meter that has just got its power, with no samples: readings are put in by hand."""

    def __init__(self):
        self.model = models.load("s4100")
        self.meter = meter(self.model)
        self.points = self.meter.points
        self.machine = Station(self.model.PORTS[0], (self.points, None)).machine
        self.objects = self.machine.application.objects
        self.buffer = bytearray(500)
        self.writer = Writer()
        self.reader = Reader()

    def value(self, kind, instance):
        assert self.objects.find(kind, instance)
        return self.objects.value()

    def write(self, instance, value):
        """Write a REAL to an analog value; 0 or an error."""
        self.writer.begin(self.buffer, 0, 500)
        self.writer.real(value)
        self.reader.begin(self.buffer, 0, self.writer.at)
        assert self.objects.find(AV, instance)
        return self.objects.write(c.PRESENT_VALUE, -1, self.reader)

    def readings(self, **values):
        """Readings of both sides (the ratios are 1)."""
        for name in values:
            at = getattr(p, name)
            for side in (self.meter.readings.secondary, self.meter.readings.primary):
                side[at] = values[name]

    def look(self):
        """A second is over for the alerts: two slices, and the first once more, which shows both."""
        for part in self.meter.alerts.after_reading:
            part()
        return self.meter.alerts.bits

    def second(self, ms, joules):
        """A second of the system's energies on the primary side: import, export, Q1-Q4, apparent."""
        part = self.meter.intervals
        quadrants = self.meter.chain.quadrants
        for i in range(7):
            quadrants.joules[i] = joules[i] // 100  # of the secondary side: 100 A to 1 V
        quadrants.span = 0
        part.window(ms, ms)
        part.after_booking[0]()


def nan(value):
    return value != value


def test_objects():
    bench = Bench()
    assert [len(rows) for _, rows in bench.model.OBJECTS.OBJECTS] == [83, 11, 15, 3]
    for kind, table in ((AI, manual.AI), (AV, manual.AV), (BI, manual.BI)):
        lines = table.strip().split("\n")
        assert len(lines) == len(dict(bench.model.OBJECTS.OBJECTS)[kind])
        for i in range(len(lines)):
            name, about, unit = (lines[i] + "||").split("|")[:3]
            assert bench.objects.find(kind, i + 1)
            row = bench.objects.row
            assert row[col.NAME] == name.encode(), name
            # two of them have a small b for the phase
            assert row[col.ABOUT].lower() == about.encode().lower(), name
            assert row[col.UNITS] == (15 if name.startswith("PF_") else UNITS[unit]), name
            assert bench.objects.find_name(name.encode()) and bench.objects.instance == i + 1
    names = [row[0] for _, rows in bench.model.OBJECTS.OBJECTS for row in rows]
    assert len(set(names)) == len(names) == 112
    for instance in (28, 77, 79, 80):
        assert nan(bench.value(AI, instance))
    assert bench.value(AI, 30) == 0 and bench.value(AI, 82) == 11 and bench.value(AI, 81) == 1
    # 103.92 kW with all default settings
    assert abs(bench.value(AI, 76) - 103.92) < 0.01


def test_every_analog_value():
    bench = Bench()
    for instance, default, good, bad in VALUES:
        assert bench.value(AV, instance) == default
        for value in good:
            assert bench.write(instance, value) == 0, (instance, value)
            if instance > 1:
                assert abs(bench.value(AV, instance) - value) < 1e-5 * value + 1e-9
        before = bench.value(AV, instance)
        for value in bad + (float("nan"), float("inf"), -float("inf"), 1e30):
            assert bench.write(instance, value) == c.VALUE_OUT_OF_RANGE, (instance, value)
            assert bench.value(AV, instance) == before
        bench = Bench()


def test_system_voltage_follows_the_ratio():
    bench = Bench()
    assert bench.write(5, 10) == 0
    assert bench.objects.find(AV, 6) and bench.objects.reliability() == 10
    assert bench.write(6, 600) == c.VALUE_OUT_OF_RANGE and bench.write(6, 6601) == c.VALUE_OUT_OF_RANGE
    assert bench.write(6, 820) == 0 and bench.write(6, 6600) == 0
    assert bench.objects.find(AV, 6) and bench.objects.reliability() == 0
    # below 0.125 there is no legal one
    assert bench.write(5, 0.12) == 0
    assert bench.write(6, 82) == c.VALUE_OUT_OF_RANGE


def test_system_types():
    # what there is: AI15, AI16, AI55-57 kW, AI67-69 lines, AI70-72 to neutral, AI73-75 currents; power
    table = (
        (40, v.WIRING_3LN, 1, 1, 3, 3, 3, 3, 103.923),
        (31, v.WIRING_3LL, 1, 0, 0, 3, 0, 3, 103.923),
        (12, v.WIRING_1LL, 1, 1, 2, 1, 2, 2, 60),
        (11, v.WIRING_1LN, 1, 0, 1, 1, 0, 1, 60),
        (10, v.WIRING_1LN, 0, 1, 1, 0, 1, 1, 60),
    )
    bench = Bench()
    bench.readings(V1=120.0, V12=208.0, V_AVG=121.0, VL_AVG=209.0)
    for code, wiring, line, star, powers, lines, stars, amps, power in table:
        assert bench.write(2, code) == 0
        assert bench.meter.settings.get(p.WIRING_U) == wiring
        assert nan(bench.value(AI, 15)) != bool(line) and nan(bench.value(AI, 16)) != bool(star)
        for first, count in ((55, powers), (58, powers), (61, powers), (64, powers), (67, lines)):
            assert [nan(bench.value(AI, first + i)) for i in range(3)] == [i >= count for i in range(3)]
        for first, count in ((70, stars), (73, amps)):
            assert [nan(bench.value(AI, first + i)) for i in range(3)] == [i >= count for i in range(3)]
        assert abs(bench.value(AI, 76) - power) < 0.001
        assert not nan(bench.value(AI, 11)) and nan(bench.value(AI, 18))
    bench.write(2, 11)
    assert bench.value(AI, 67) == 120
    bench.readings(FREQUENCY=60.0)
    assert bench.value(AI, 18) == 60


def test_the_name_and_the_clock_of_the_device():
    bench = Bench()
    # counts as a change of the database
    writer = bench.writer
    for text, revision in ((b"North wing", 1), (b"North wing", 1), (b"South wing", 2)):
        writer.begin(bench.buffer, 0, 500)
        writer.text(text)
        bench.reader.begin(bench.buffer, 0, writer.at)
        assert bench.objects.find(8, c.TOP_INSTANCE)
        assert bench.objects.write(c.OBJECT_NAME, -1, bench.reader) == 0
        assert bench.points.read(p.SETTING + s.DATABASE_REVISION) == revision
    assert bench.look() & 1 << 14
    bench.objects.set_time(2026, 11, 29, 9, 30, 15, 25)
    clock = bench.meter.clock
    assert [clock.read(i) for i in range(1, 7)] == [2026, 11, 29, 9, 30, 15] and clock.ms == 250
    assert not bench.look() & 1 << 14
    image = bytes(bench.meter.dump())
    other = Bench()
    assert other.meter.restore(image)
    assert other.meter.clock.now == 0 and other.look() & 1 << 14
    assert other.value(AI, 81) == 2


def test_alerts():
    bench = Bench()
    bench.meter.clock.set(1)
    good = {"V1": 346.0, "V2": 346.0, "V3": 346.0, "V12": 600.0, "V23": 600.0, "V31": 600.0}
    good.update({"FREQUENCY": 60.0, "I1": 50.0, "I2": 50.0, "I3": 50.0, "PF1": 1.0, "PF2": -0.9, "PF3": 0.6})
    bench.readings(**good)
    assert bench.look() == 0
    # 347 V + 20 %, 100 A + 20 %
    bench.readings(V1=417.0, I2=120.5, FREQUENCY=65.1)
    bits = bench.look()
    assert bits & 0x7F == 1 << 0 | 1 << 4 | 1 << 6
    assert bench.objects.find(AI, 70) and bench.objects.reliability() == 7
    assert bench.objects.find(AI, 71) and bench.objects.reliability() == 0
    assert bench.objects.find(AI, 74) and bench.objects.reliability() == 7
    assert bench.objects.find(AI, 2) and bench.objects.reliability() == 0
    bench.readings(**good)
    # a system of 600 V: lost below 90 % of 346.4 V
    bench.readings(V3=311.0)
    assert bench.look() == 1 << 10
    assert bench.value(AI, 83) == 1 << 10
    bench.readings(V3=312.0)
    assert bench.look() == 0
    # imbalance alone: thresholds of 60 and 25 %
    assert bench.write(8, 60) == 0
    bench.readings(V2=259.0)
    assert bench.look() == 1 << 9
    bench.readings(V2=260.0)
    assert bench.look() == 0
    bench.readings(V2=346.0, PF1=0.49, PF2=0.49, I2=0.9)
    assert bench.look() == 1 << 11
    # without a neutral a low line flags both its phases
    assert bench.write(2, 31) == 0 and bench.write(8, 10) == 0
    bench.readings(V12=539.0, PF1=1.0)
    assert bench.look() == 3 << 8


def test_demand_by_sub_intervals():
    bench = Bench()
    assert bench.write(11, 1000) == 0 and bench.write(10, 2) == 0
    # 10 s of 1000 W import, then 10 s of 3000 W: joules each second
    now = 1000
    bench.second(now, (0, 0, 0, 0, 0, 0, 0))
    for _ in range(10):
        now += 1000
        bench.second(now, (1000, 0, 500, 0, 0, 0, 1200))
    assert abs(bench.value(AI, 19) - 0.5) < 1e-6 and abs(bench.value(AI, 20) - 0.25) < 1e-6
    for _ in range(10):
        now += 1000
        bench.second(now, (3000, 0, 500, 0, 0, 0, 3600))
    assert abs(bench.value(AI, 19) - 2.0) < 1e-6 and abs(bench.value(AI, 21) - 2.4) < 1e-6
    assert abs(bench.value(AI, 22) - 2.0) < 1e-6 and bench.value(AI, 25) == 0
    # export with capacitive import: Q is positive, P and S go to the other side
    for _ in range(20):
        now += 1000
        bench.second(now, (0, 4000, 0, 700, 0, 0, 4100))
    assert abs(bench.value(AI, 19) + 4.0) < 1e-6 and abs(bench.value(AI, 25) - 4.0) < 1e-6
    assert abs(bench.value(AI, 23) - 0.7) < 1e-6 and abs(bench.value(AI, 27) - 4.1) < 1e-6
    assert abs(bench.value(AI, 22) - 2.0) < 1e-6
    # the maxima become the present demand
    assert bench.write(1, 21212) == 0 and bench.write(1, 21212) == c.VALUE_OUT_OF_RANGE
    now += 1000
    bench.second(now, (0, 4000, 0, 700, 0, 0, 4100))
    assert bench.value(AI, 22) == 0 and abs(bench.value(AI, 25) - 4.0) < 1e-6
    image = bytes(bench.meter.dump())
    other = Bench()
    assert other.meter.restore(image)
    assert abs(other.value(AI, 25) - 4.0) < 1e-6 and other.value(AI, 19) == 0
    # a whole second that lies across an end is shared out
    assert bench.write(10, 1) == 0
    for _ in range(9):
        now += 1000
        bench.second(now, (1000, 0, 0, 0, 0, 0, 1000))
    now += 2000
    bench.second(now, (2000, 0, 0, 0, 0, 0, 2000))
    assert abs(bench.value(AI, 19) - 1.0) < 1e-6


def test_demand_that_somebody_ends():
    bench = Bench()
    assert bench.write(1, 21211) == c.VALUE_OUT_OF_RANGE
    assert bench.write(11, 0) == 0
    now = 1000
    bench.second(now, (0, 0, 0, 0, 0, 0, 0))
    for _ in range(40):
        now += 1000
        bench.second(now, (500, 0, 0, 0, 0, 0, 500))
    assert bench.value(AI, 19) == 0
    assert bench.write(1, 21211) == 0
    now += 1000
    bench.second(now, (500, 0, 0, 0, 0, 0, 500))
    assert abs(bench.value(AI, 19) - 0.5) < 1e-3
    assert bench.write(1, 21211) == c.VALUE_OUT_OF_RANGE
    for _ in range(10):
        now += 1000
        bench.second(now, (500, 0, 0, 0, 0, 0, 500))
    assert bench.write(1, 21211) == 0


def test_apparent_energy_by_direction():
    bench = Bench()
    part = bench.meter.directions
    joules = bench.meter.chain.quadrants.joules
    joules[6] = 3600 * 50  # 50 VAh
    joules[7 + 6] = 3600 * 30
    bench.readings(P_SUM=100.0, P1=-100.0)
    # the ratio of the currents is 100 A
    part.after_booking[0]()
    assert [bench.value(AI, n) for n in (8, 9, 10)] == [5.0, 5.0, 0.0]
    assert [bench.value(AI, n) for n in (49, 52)] == [0.0, 3.0]
    bench.readings(P_SUM=-100.0)
    part.after_booking[0]()
    part.after_booking[0]()
    assert [bench.value(AI, n) for n in (8, 9, 10)] == [-5.0, 5.0, 10.0]
    assert bench.write(1, 30078) == 0
    assert [bench.value(AI, n) for n in (8, 9, 10, 49, 52, 78)] == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]


def test_pulses_of_the_input():
    bench = Bench()
    io = bench.meter.io
    for n in range(3):
        io.set_input(0, 1, 50 * n)
        io.set_input(0, 0, 50 * n + 20)
    assert bench.value(AI, 29) == 3 and bench.value(AI, 30) == 0
    image = bytes(bench.meter.dump())
    other = Bench()
    assert other.meter.restore(image)
    assert other.value(AI, 29) == 3
    # what is closed when power comes is no pulse
    other.meter.io.begin(1)
    assert other.value(AI, 29) == 3
    assert other.write(1, 16498) == 0 and other.value(AI, 29) == 0 and other.value(AI, 78) == 0
    # beyond 2**24 single precision has not every number, the counter has; 4294967040 is the highest
    other.meter.io._inputs.counts[0] = (1 << 24) - 1
    for _ in range(5):
        other.meter.io.set_input(0, 0)
        other.meter.io.set_input(0, 1)
    assert other.value(AI, 29) == (1 << 24) + 4
    other.meter.io._inputs.counts[0] = 4294967039
    for highest in (4294967040, 0):
        other.meter.io.set_input(0, 0)
        other.meter.io.set_input(0, 1)
        assert other.value(AI, 29) == highest


def test_the_contact_opens_with_a_lost_phase_and_without_power():
    bench = Bench()
    bench.meter.clock.set(1)
    io = bench.meter.io
    # nobody knows yet
    assert io.relays == 0
    bench.readings(V1=346.0, V2=346.0, V3=346.0, V12=600.0, V23=600.0, V31=600.0, FREQUENCY=60.0)
    assert bench.look() == 0 and io.relays == 1
    # a master cannot switch it
    assert bench.points.write(p.MODULE + m.RELAY1, 0) == p.FORBIDDEN and io.relays == 1
    # other alerts leave it alone
    bench.readings(FREQUENCY=70.0)
    assert bench.look() == 1 << 6 and io.relays == 1
    bench.readings(V2=100.0)
    bench.look()
    assert io.relays == 0
    bench.readings(V2=346.0)
    bench.look()
    assert io.relays == 1
