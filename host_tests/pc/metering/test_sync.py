"""Synchronisation: lock within 0.5 s from 45 to 65 Hz, ramps, harmonics, a missing reference (issue 3)."""

import closed_form as cf
import pytest
from closed_form import Bench, polar

from fourquad import points as p


@pytest.mark.parametrize("frequency", [45.0, 47.5, 49.99, 50.0, 50.2, 52.0, 55.0, 59.9, 60.0, 62.3, 65.0])
@pytest.mark.parametrize("nominal", [0, 1])
def test_lock_and_frequency(frequency, nominal):
    plant = cf.three_phase(frequency=frequency)
    bench = Bench(plant, settings=((p.NOMINAL_FREQUENCY, nominal),))
    bench.run(0.5)
    # locked: a cycle of the mains is 128 frames to within a thousandth of a cycle
    cycle = 128 * bench.meter.frame_period / cf.CLOCK_HZ
    assert cycle * frequency == pytest.approx(1.0, abs=1e-3)
    bench.run(2.2)
    assert bench.read(p.FREQUENCY) == pytest.approx(frequency, abs=0.001)
    assert bench.read(p.FREQUENCY, p.FAST) == pytest.approx(frequency, abs=0.001)
    expected = cf.truth(plant, cf.LN3, cf.CT3)
    for i in (p.V1, p.I2, p.P3, p.Q_SUM):
        assert bench.read(i) == pytest.approx(expected[i], rel=2e-4)


@pytest.mark.parametrize("frequency", [300.0, 390.0, 400.0, 430.0, 500.0])
def test_400_hz(frequency):
    plant = cf.three_phase(frequency=frequency)
    bench = Bench(plant, settings=((p.NOMINAL_FREQUENCY, 2),)).run(0.5)
    assert 128 * bench.meter.frame_period / cf.CLOCK_HZ * frequency == pytest.approx(1.0, abs=1e-3)
    bench.run(2.2)
    assert bench.read(p.FREQUENCY) == pytest.approx(frequency, abs=0.01)
    assert bench.read(p.V1) == pytest.approx(230.0, rel=2e-4)


@pytest.mark.parametrize("ramp", [-1.0, 1.0])
def test_ramp_of_one_hertz_a_second(ramp):
    plant = cf.three_phase(frequency=50.0 - 2.0 * ramp)
    bench = Bench(plant).run(1.0)
    plant.ramp = ramp
    plant.frequency -= ramp * bench.t
    plant.turns = lambda t: plant.frequency * t + 0.5 * ramp * t * t
    errors, volts = [], []

    def each(bench):
        # the window's middle is half a window and a cycle ago
        errors.append(abs(bench.read(p.FREQUENCY, p.FAST) - (plant.frequency + ramp * (bench.t - 0.07))))
        volts.append(abs(bench.read(p.V1, p.FAST) / 230.0 - 1.0))

    bench.run(4.0, each=each)
    # a reading stands for up to a window
    assert max(errors[50:]) < 0.1
    assert max(volts[50:]) < 2e-4


@pytest.mark.parametrize(
    ("frequency", "nominal"), [(45.0, 0), (48.0, 0), (65.0, 0), (300.0, 2), (400.0, 2), (500.0, 2)]
)
def test_ten_percent_harmonics(frequency, nominal):
    plant = cf.three_phase(frequency=frequency)
    for v in plant.volts:
        v.update({h: polar(23.0, 40.0 * h) for h in (2, 3, 5, 7, 11)})
    bench = Bench(plant, settings=((p.NOMINAL_FREQUENCY, nominal),)).run(0.5, batch=1 + nominal)
    cycle = 128 * bench.meter.frame_period / cf.CLOCK_HZ
    assert cycle * frequency == pytest.approx(1.0, abs=1e-3)
    bench.run(2.2, batch=1 + nominal)
    assert bench.read(p.FREQUENCY) == pytest.approx(frequency, rel=2e-5)


@pytest.mark.parametrize(
    ("start", "nominal", "ramp"), [(64.0, 0, -1.0), (45.5, 1, 1.0), (310.0, 2, -1.0), (400.0, 2, 1.0)]
)
def test_ramps_with_harmonics_and_without_a_reference(start, nominal, ramp):
    """1 Hz/s, 10 % of the 3rd, 5th and 7th harmonic, V1 lost on the way, then V2: the lock holds."""
    plant = cf.three_phase(frequency=start)
    for v in plant.volts:
        v.update({h: polar(23.0, 25.0 * h) for h in (3, 5, 7)})
    plant.ramp = ramp
    plant.turns = lambda t: start * t + 0.5 * ramp * t * t
    bench = Bench(plant, settings=((p.NOMINAL_FREQUENCY, nominal),)).run(1.0, batch=1 + nominal)
    wrong = []

    def each(bench):
        true = start + ramp * bench.t
        wrong.append(abs(128 * bench.meter.frame_period / cf.CLOCK_HZ * true - 1.0))

    full = cf.rms(plant.volts[2])
    for lost in (None, 0, 1):
        if lost is not None:
            plant.volts[lost] = {}
            bench.connect(cf.LN3)
        bench.run(1.2, batch=1 + nominal, each=each)
        # half a window behind: 0.1 Hz at most
        assert bench.read(p.FREQUENCY, p.FAST) == pytest.approx(start + ramp * bench.t, abs=0.2)
        assert bench.read(p.V3, p.FAST) == pytest.approx(full, rel=1e-3)
    # a frame period is half a per cent off where the reference is lost, and else a tenth at most
    assert max(wrong) < 0.005
    assert sorted(wrong)[len(wrong) // 2] < 0.001


@pytest.mark.parametrize("dead", [(0,), (0, 1), (0, 1, 2)])
def test_missing_reference(dead):
    plant = cf.three_phase(frequency=49.0)
    for k in dead:
        plant.volts[k] = {}
    bench = Bench(plant).run(3.0)
    assert bench.read(p.FREQUENCY) == pytest.approx(49.0, abs=0.001)


def test_reference_that_is_lost_in_the_middle():
    plant = cf.three_phase(frequency=50.7)
    bench = Bench(plant).run(1.5)
    plant.volts[0] = {}
    bench.connect(cf.LN3)
    bench.run(0.4)
    assert bench.read(p.FREQUENCY, p.FAST) == pytest.approx(50.7, abs=0.001)
    assert bench.read(p.V2, p.FAST) == pytest.approx(230.0, rel=2e-4)


def test_mains_that_come_back_have_no_frequency_in_between():
    plant = cf.three_phase(frequency=50.0)
    volts, amps = list(plant.volts), list(plant.amps)
    bench = Bench(plant).run(2.0)
    seen = set()

    def each(bench):
        seen.add(round(bench.read(p.FREQUENCY), 2))

    for waves in (([{}] * 3, [{}] * 3), (volts, amps)):
        plant.volts[:], plant.amps[:] = waves
        bench.connect(cf.LN3)
        bench.run(2.45, each=each)
    assert seen == {0.0, 50.0}


def test_without_a_signal():
    bench = Bench(cf.Plant([{}, {}, {}], [{}, {}, {}])).run(2.3)
    assert bench.meter.frame_period * 128 * 50 == cf.CLOCK_HZ
    for i in range(p.READINGS):
        expected = {
            p.PF1: 1.0,
            p.PF2: 1.0,
            p.PF3: 1.0,
            p.PF_SUM: 1.0,
            p.LOAD_CHARACTER: 82.0,
            p.QUADRANT: 1.0,
        }
        assert bench.read(i) == expected.get(i, 0.0)


def test_the_meter_waits_for_the_mains():
    plant = cf.Plant([{}, {}, {}], [{}, {}, {}], 61.0)
    bench = Bench(plant).run(1.0)
    plant.volts[:] = cf.three_phase().volts
    bench.connect(cf.LN3)
    bench.run(0.5)
    assert bench.read(p.FREQUENCY, p.FAST) == pytest.approx(61.0, abs=0.01)


@pytest.mark.parametrize("frequency", [45.0, 47.0, 47.2, 50.0, 55.0, 60.0, 65.0, 400.0])
def test_two_refresh_rates(frequency):
    """The fast readings every 100 ms, the others every second."""
    nominal = 2 if frequency > 100 else 0
    bench = Bench(cf.three_phase(frequency=frequency), settings=((p.NOMINAL_FREQUENCY, nominal),)).run(1.5)
    meter, times = bench.meter, {False: [], True: []}
    begin = meter.readings.begin

    def note(view, scale, cycles, hertz, fast):
        times[fast].append(bench.t)
        begin(view, scale, cycles, hertz, fast)

    meter.readings.begin = note
    bench.run(4.5, batch=4 if nominal else 1)
    for fast, least, most in ((True, 0.08, 0.11), (False, 0.9, 1.08)):
        steps = [b - a for a, b in zip(times[fast], times[fast][1:], strict=False)]
        assert len(steps) > 2 and least <= min(steps) and max(steps) <= most
