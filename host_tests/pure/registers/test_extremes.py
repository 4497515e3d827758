"""Maxima and minima with their times."""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import Clock
from fourquad.registers.extremes import DUMP_SIZE, Extremes

MIN = p.EXTREME_FIELDS * p.EXTREMES
NOON = 800107200  # 2025-05-09 12:00:00


class Windows:
    """Harmonics, and billing with its demand."""

    def __init__(self):
        self.windows = 0
        self.values = array("i", [0] * p.HARMONICS)
        self.demand = self

    def read(self, kind, quantity, rate):
        return 1500 + quantity


class Rig:
    voltage_ratio = 10.0
    current_ratio = 20.0

    def __init__(self):
        self.clock = Clock()
        self.clock.set(NOON)
        self.readings = array("f", [0.0] * p.READINGS)
        self.harmonics = Windows()
        self.billing = Windows()
        self.secondary = self.readings
        self.extremes = Extremes(self.clock, self, self.harmonics, self.billing)

    def second(self, **readings):
        for name, value in readings.items():
            self.readings[getattr(p, name)] = value
        for part in self.extremes.after_reading:
            part()
        self.clock.set(self.clock.now + 1)
        return self

    def record(self, i, minimum=False):
        at = p.EXTREME_FIELDS * i + (MIN if minimum else 0)
        return tuple(self.extremes.values[at : at + p.EXTREME_FIELDS])


def settled():
    rig = Rig()
    return rig.second().second()


def stamp(second):
    return (2025, 5, 9, 12, 0, second)


def test_nothing_counts_before_the_frames_follow_the_mains():
    rig = settled()
    assert not any(rig.extremes.values) and not rig.extremes.changed


def test_values_and_times_of_the_registers_order():
    rig = settled()
    names = ("V1", "V2", "V3", "V12", "V23", "V31", "I1", "I2", "I3", "P_SUM", "Q_SUM", "S_SUM", "PF_SUM")
    scales = (10,) * 6 + (1000,) * 3 + (1,) * 3 + (1000,)
    values = (230.04, 231.0, 229.5, 400.0, 399.96, 401.0, 5.0004, 4.9, 0.0) + (3000.4, -700.6, 3100.0, -0.95)
    for i in range(13):
        rig.readings[getattr(p, names[i])] = values[i]
    rig.second(FREQUENCY=50.02, V_UNBALANCE=0.0123, I_UNBALANCE=0.5)
    for i in range(13):
        expected = int(values[i] * scales[i] + (0.5 if values[i] >= 0 else -0.5))
        assert rig.record(i) == rig.record(i, True) == (expected,) + stamp(2)
    assert rig.record(13) == (5002,) + stamp(2)
    assert rig.record(17) == (12,) + stamp(2)
    assert rig.record(18) == (500,) + stamp(2)
    rig.second(V1=235.0, P_SUM=100.0, FREQUENCY=49.9)
    assert rig.record(0) == (2350,) + stamp(3)
    assert rig.record(0, True) == (2300,) + stamp(2)
    assert rig.record(9, True) == (100,) + stamp(3)
    assert rig.record(13, True) == (4990,) + stamp(3)
    # an equal value keeps the first time
    rig.second()
    assert rig.record(0) == (2350,) + stamp(3)


def test_demand_and_distortion_wait_for_their_first_window():
    rig = settled()
    rig.second(P_DEMAND=5.0)
    assert rig.record(14) == (0,) * 7 and rig.record(19) == (0,) * 7
    rig.billing.windows = rig.harmonics.windows = 1
    rig.harmonics.values[p.THD_V1] = 250
    rig.harmonics.values[p.THD_I1 + 1] = 65535
    rig.harmonics.values[p.THD_I1 + 2] = 65534
    rig.second(P_DEMAND=-1500.0)
    assert rig.record(14) == (-1500,) + stamp(3)
    assert rig.record(19) == (250,) + stamp(3)
    assert rig.record(24) == (32767,) + stamp(3)
    # at its ceiling: there is no fundamental to speak of
    assert rig.record(23) == (0,) * 7


def test_a_model_without_demands():
    rig = Rig()
    rig.extremes._billing = None
    rig.second().second().second(V1=1.0)
    assert rig.record(14) == (0,) * 7 and rig.record(0)[0] == 10


def test_clear_begins_with_the_next_second():
    rig = settled().second(V1=230.0)
    rig.extremes.changed = False
    rig.extremes.clear()
    assert not any(rig.extremes.values) and rig.extremes.changed and rig.extremes.cleared
    rig.second(V1=220.0)
    assert rig.record(0) == rig.record(0, True) == (2200,) + stamp(3)


def test_beyond_the_range_of_a_register():
    rig = settled().second(P_SUM=1e9, Q_SUM=-1e9, FREQUENCY=499.99)
    assert rig.record(9)[0] == 32767 and rig.record(10)[0] == -32768
    assert rig.record(13)[0] == 49999


def test_what_is_no_number_is_no_extreme():
    rig = settled().second(V1=float("nan"))
    assert rig.record(0) == rig.record(0, True) == (0,) * 7
    rig.second(V1=230.0).second(V1=float("nan"))
    assert rig.record(0) == rig.record(0, True) == (2300,) + stamp(3)


def test_dump_and_load():
    rig = settled().second(V1=230.0, FREQUENCY=400.0, Q_SUM=-5.0)
    rig.second(V1=231.0, FREQUENCY=401.0)
    payload = bytes(rig.extremes.record())
    assert len(payload) == DUMP_SIZE == 408
    other = Rig()
    assert other.extremes.load(payload)
    assert other.extremes.values == rig.extremes.values
    assert not other.extremes.changed
    # and none of it is lost to lower values afterwards
    other.second().second().second(V1=100.0)
    assert other.record(0) == (2310,) + stamp(3)


def test_points():
    rig = settled()
    extremes = rig.extremes
    assert extremes.check(0, 1) == extremes.write(0, 1) == p.READ_ONLY
    assert extremes.read(5) == 0


def test_values_for_the_panel_are_on_the_primary_side():
    rig = settled().second(V1=230.0, I1=1.0, P_SUM=100.0, PF_SUM=0.5, FREQUENCY=50.0)
    rig.second(V1=220.0)
    read = rig.extremes.read
    assert read(p.EXTREMES_SHOWN) == 2300.0 and read(p.EXTREMES_SHOWN + 25) == 2200.0
    for i, expected in ((6, 20.0), (9, 20000.0), (12, 0.5), (13, 50.0)):
        assert abs(read(p.EXTREMES_SHOWN + i) - expected) < 1e-3
    # demands of the currents, from billing: mA there
    assert abs(read(p.EXTREMES_SHOWN + 51) - 1.514 * 20) < 1e-3
    for nothing in (14, 19, 25 + 19, 53, 60):
        try:
            read(p.EXTREMES_SHOWN + nothing)
        except KeyError:
            continue
        raise AssertionError(nothing)
