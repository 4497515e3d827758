"""Maximum demands and forecasts of an AcuRev 1312 by its registers, against loads of whole minutes."""

from struct import unpack

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.points import values as v
from fourquad.protocols.modbus.map import RegisterMap

MAXIMA, FORECASTS, DATES = 0xD730, 0xD73C, 0xD748
# 2026-03-04 05:00, in minutes of UTC since 2000
START = 9559 * 1440 + 300


class Bench:
    """A meter with blocks of 5 minutes."""

    def __init__(self):
        self.meter = meter(models.load("acurev1312"))
        write = self.meter.points.write
        assert write(p.SETTING + p.DEMAND_MODE, v.DEMAND_FIXED) == p.OK
        assert write(p.SETTING + p.DEMAND_WINDOW, 5) == p.OK
        self.demand = self.meter.billing.demand
        self.map = RegisterMap(self.meter.model, self.meter.points)
        self.minute = START
        self.demand.start(self.minute)

    def minutes(self, n, watts, var, amps):
        """So many minutes with this load."""
        for _ in range(n):
            joules = [60 * watts, 0, 60 * var, 0, 0, 0, 60 * (watts + var)]
            self.demand.add(joules, [60000 * amps] * 3, 60000)
            self.minute += 1
            self.demand.minute(self.minute, 60 * self.minute)

    def floats(self, address):
        out = bytearray(24)
        assert self.map.read(address, 12, out, 0) == 0
        return [round(x, 3) for x in unpack(">6f", out)]

    def date(self, i):
        out = bytearray(12)
        assert self.map.read(DATES + 6 * i, 6, out, 0) == 0
        return list(unpack(">6H", out))


def test_maxima_have_their_times():
    bench = Bench()
    assert bench.floats(MAXIMA) == [0] * 6 and bench.date(0) == [0] * 6
    bench.minutes(5, 1000, 200, 4)
    bench.minutes(5, 3000, 100, 2)
    bench.minutes(5, 2000, 400, 3)
    assert bench.floats(MAXIMA)[:2] == [3.0, 0.4] and bench.floats(MAXIMA)[3:] == [4.0] * 3
    assert bench.date(0) == [2026, 3, 4, 5, 10, 0]
    assert bench.date(1) == [2026, 3, 4, 5, 15, 0]
    assert bench.date(5) == [2026, 3, 4, 5, 5, 0]


def test_a_forecast_goes_on_at_the_last_minutes_power():
    bench = Bench()
    bench.minutes(2, 1000, 0, 1)
    bench.minutes(1, 2000, 0, 5)
    # 2 minutes of 1 kW and 3 of 2 kW; of 1 A and 5 A
    assert bench.floats(FORECASTS)[0] == 1.6 and bench.floats(FORECASTS)[3] == 3.4
    bench.minutes(2, 2000, 0, 5)
    assert bench.floats(MAXIMA)[0] == 1.6 and bench.floats(MAXIMA)[3] == 3.4


def test_of_the_side_that_is_presented():
    bench = Bench()
    write = bench.meter.points.write
    bench.minutes(5, 1000, 0, 4)
    assert write(p.SETTING + p.CT1, 50) == p.OK and write(p.SETTING + p.PT1, 8000) == p.OK
    bench.meter.chain.configure()
    assert bench.floats(MAXIMA)[0] == 20.0 and bench.floats(MAXIMA)[3] == 40.0
    assert write(p.SETTING + p.BASIC_MODE, v.PRESENT_SECONDARY) == p.OK
    assert bench.floats(MAXIMA)[0] == 1.0 and bench.floats(MAXIMA)[3] == 4.0
    assert bench.meter.points.write(p.PEAKS, 0) == p.READ_ONLY


def test_a_clear_by_the_permission():
    bench = Bench()
    bench.minutes(5, 1000, 0, 4)
    assert bench.map.write(0xD700, 1, b"\0\1", 0) == 4
    assert bench.map.write(0x020A, 1, b"\0\0", 0) == 0 and bench.map.write(0xD700, 1, b"\0\1", 0) == 0
    assert bench.floats(MAXIMA) == [0] * 6 and bench.date(0) == [0] * 6
