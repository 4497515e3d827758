"""Gain, phase, offset and second point: found from known values, put on the channels, seen in readings and
energies.
"""

import math

from bench_12bit import AMPS, VOLTS, Bench, near

from fourquad import points as p
from fourquad.metering import calibration as cal
from fourquad.metering.channels import Channel

LN1 = ((p.WIRING_U, 1), (p.WIRING_I, 1))
ONE = {"kinds": "VI", "phases": (1, 1), "settings": LN1}


def front_end(volts, amps, degrees):
    """A front end whose divider gives 2 % too little and whose transformer 1 % too much and leads by 1.2
    degrees.
    """
    return Bench(((volts * 0.98, 0.0), (amps * 1.01, degrees - 1.2)), **ONE)


def lag(b):
    return math.atan2(b.read(p.Q1), b.read(p.P1)) * 57.29578


def fitted():
    """The record found at 230 V, 5 A, at PF 1 and then at PF 0.5."""
    b = front_end(230.0, 5.0, 0.0).run(2300)
    record = b.meter.calibration.record
    record = cal.changed(record, 0, cal.GAIN, cal.gain(0, b.read(p.V1), 230.0))
    record = cal.changed(record, 1, cal.GAIN, cal.gain(0, b.read(p.I1), 5.0))
    b = front_end(230.0, 5.0, 60.0).run(2300)
    return cal.changed(record, 1, cal.PHASE, cal.phase(0, lag(b), 60.0))


def test_two_steps_make_a_wrong_front_end_right():
    record = fitted()
    near(cal.field(record, 0, cal.GAIN), 1e6 / 0.98 - 1e6, 0, 60)
    near(cal.field(record, 1, cal.GAIN), 1e6 / 1.01 - 1e6, 0, 60)
    near(cal.field(record, 1, cal.PHASE), 12000, 0, 120)
    for true in (0.0, 60.0, -36.87, 75.0, 200.0):
        b = front_end(230.0, 5.0, true)
        b.meter.calibrate(record)
        b.work()
        b.run(2300)
        near(b.read(p.V1), 230.0, 2e-4)
        near(b.read(p.I1), 5.0, 2e-4)
        near(b.read(p.P1), 1150 * math.cos(true / 57.29578), 0, 0.4)
        near(b.read(p.Q1), 1150 * math.sin(true / 57.29578), 0, 0.4)
        near(b.read(p.FAST + p.P1), 1150 * math.cos(true / 57.29578), 0, 0.6)


def test_energy_follows():
    b = front_end(230.0, 5.0, 60.0)
    b.meter.calibrate(fitted())
    b.work()
    b.meter.points.write(p.SETTING + p.ENERGY_SIDE, 1)
    b.work()
    start = b.meter.energy.values[p.EP_IMP]
    b.run(20000)
    near(b.meter.energy.values[p.EP_IMP] - start, 575 * 20 / 3600, 0, 1.01)


def low_point():
    record = cal.changed(fitted(), 1, cal.LOW_GAIN, -8000)
    record = cal.changed(record, 1, cal.LOW_PHASE, 3000)
    record = cal.changed(record, 1, cal.LOW_LEVEL, 100000)
    return cal.changed(record, 1, cal.LEVEL, 5000000)


def test_second_point_acts_where_there_is_little_current():
    # at the low point in full, at the high one not at all, half way between them (by logarithm) by half
    for amps, part in ((5.0, 0.0), (6.5, 0.0), (0.1, 1.0), (0.05, 1.0), (math.sqrt(0.5), 0.5)):
        readings = []
        for record in (fitted(), low_point()):
            b = front_end(230.0, amps, 60.0)
            b.meter.calibrate(record)
            b.work()
            b.run(2300)
            # a second of energy as exact rows have it
            k, book = b.meter.chain._kernel, b.meter.chain.integrator._power
            unit = k.exact_scale / (1 << k.places)
            readings.append((b.read(p.I1), lag(b), book[3] * unit, b.read(p.FAST + p.I1)))
        plain, low = readings
        near(low[0] / plain[0], 1 - 0.008 * part, 2e-5)
        near(low[3] / plain[3], 1 - 0.008 * part, 2e-4)
        near(low[1] - plain[1], 0.3 * part, 0, 0.003)
        expected = math.cos((60 + 0.3 * part) / 57.29578) / math.cos(60 / 57.29578) * (1 - 0.008 * part)
        near(low[2] / plain[2], expected, 3e-4)


def test_noise_is_taken_off():
    record = cal.blank(2)
    record = cal.changed(record, 1, cal.OFFSET, 30000)  # 30 mA of 50
    b = Bench(((230.0, 0.0), (0.05, 0.0)), **ONE)
    b.meter.calibrate(record)
    b.work()
    b.run(2300)
    near(b.read(p.I1), 0.04, 0.02)
    b.meter.show_noise(True)
    b.work()
    b.run(2300)
    near(b.read(p.I1), 0.04, 0.02)


def test_floors_can_be_felt_through():
    # half a code of RMS, below what starts a meter of 5 A
    b = Bench(((230.0, 0.0), (0.0025, 0.0)), **ONE).run(2300)
    assert b.read(p.I1) == 0.0
    b.meter.show_noise(True)
    b.work()
    b.run(2300)
    assert 0.001 < b.read(p.I1) < 0.005


def refused(call, *arguments):
    try:
        call(*arguments)
    except ValueError as error:
        return str(error)
    return ""


def test_nonsense_is_refused():
    assert "applied" in refused(cal.gain, 0, 0.0, 230.0)
    assert "applied" in refused(cal.gain, 0, 230.0, 0.0)
    assert "parts" in refused(cal.gain, 0, 230.0, 120.0)
    assert "wiring" in refused(cal.phase, 0, 180.0, 0.0)
    # what is small already is not more wrong for it
    assert cal.gain(5000, 230.0, 230.0) == 5000
    assert not refused(cal.phase, 79000, 0.0, 0.09)
    assert refused(cal.phase, 79000, 359.9, 0.1)
    channels = [Channel("V", 1, VOLTS), Channel("I", 1, AMPS)]
    c = cal.Calibration(channels)
    good = cal.blank(2)
    for wrong in (
        good[:-1],
        (2,) + good[1:],
        (1, 3) + good[2:],
        cal.changed(good, 0, cal.GAIN, 150001),
        cal.changed(good, 1, cal.PHASE, -80001),
        cal.changed(good, 1, cal.OFFSET, -1),
        cal.changed(good, 1, cal.LOW_GAIN, 100),
        cal.changed(low_point(), 1, cal.LOW_LEVEL, 3000000),
        cal.changed(low_point(), 1, cal.LOW_GAIN, 60000),
        cal.changed(good, 0, cal.LOW_LEVEL, 5),
        cal.changed(good, 1, cal.TEMPERATURE, 1001),
    ):
        assert refused(c.apply, wrong), wrong
        assert c.record == good and c.source == "none" and channels[0].gain == VOLTS


def test_temperature_has_its_slot():
    channels = [Channel("V", 1, VOLTS), Channel("I", 1, AMPS)]
    c = cal.Calibration(channels)
    c.apply(cal.changed(cal.blank(2), 1, cal.TEMPERATURE, 100), "own", 43)
    near(channels[1].gain, AMPS * 1.002, 1e-6)
    assert channels[0].gain == VOLTS
    # the nominal values are kept: nothing adds up
    c.apply(cal.blank(2))
    assert channels[1].gain == AMPS and channels[1].delay == 0.0


def test_readings_follow_the_temperature():
    b = front_end(230.0, 5.0, 0.0)
    record = cal.changed(fitted(), 1, cal.TEMPERATURE, -200)
    b.meter.calibrate(record)
    b.run(2300)
    near(b.read(p.I1), 5.0, 2e-3)
    b.meter.calibrate(record, "own", 63)
    b.run(2300)
    near(b.read(p.I1), 5.0 * (1 - 8e-3), 2e-3)
    near(b.read(p.V1), 230.0, 2e-3)


def three(settings, record):
    """Energy rows (P, Q, S of phases 1 and 3), I1 and P3, at 0.1 A, where the low point is."""
    wave = [(230.0, 120.0 * k) for k in range(3)] + [(0.1, 120.0 * k + 60.0) for k in range(3)]
    b = Bench(wave, settings=settings, skew=False, kinds="VVVIII", phases=(1, 2, 3, 1, 2, 3))
    b.meter.calibrate(record)
    b.work()
    b.run(2300)
    k, book = b.meter.chain._kernel, b.meter.chain.integrator._power
    unit = k.exact_scale / (1 << k.places)
    return [[book[3 * g + j] * unit for j in range(3)] for g in (1, 3)], b.read(p.I1), b.read(p.P1 + 2)


def low_three():
    record = cal.changed(cal.blank(6), 3, cal.LOW_GAIN, -8000)
    record = cal.changed(record, 3, cal.LOW_PHASE, 3000)
    record = cal.changed(record, 3, cal.LOW_LEVEL, 100000)
    return cal.changed(record, 3, cal.LEVEL, 5000000)


def test_second_point_of_one_transformer_is_that_of_all_phases():
    # (current wiring 1: the first transformer stands for three)
    for settings, copied in (((p.WIRING_I, 1),), 1), ((), 0):
        plain, low = three(settings, cal.blank(6)), three(settings, low_three())
        active = math.cos(60.3 / 57.29578) / math.cos(60 / 57.29578) * 0.992
        reactive = math.sin(60.3 / 57.29578) / math.sin(60 / 57.29578) * 0.992
        near(low[1] / plain[1], 0.992, 1e-4)
        for g in range(1 + copied):
            for j, factor in ((0, active), (1, reactive), (2, 0.992)):
                near(low[0][g][j] / plain[0][g][j], factor, 3e-4)
        near(low[2] / plain[2], active if copied else 1.0, 3e-4)


def test_second_point_acts_on_energies_of_the_fundamental():
    wave_0 = ((p.ENERGY_WAVE, 0),)
    plain, low = three(wave_0, cal.blank(6)), three(wave_0, low_three())
    active = math.cos(60.3 / 57.29578) / math.cos(60 / 57.29578) * 0.992
    for j, factor in ((0, active), (2, 0.992)):
        near(low[0][0][j] / plain[0][0][j], factor, 3e-4)
    near(low[0][1][0] / plain[0][1][0], 1.0, 3e-4)
