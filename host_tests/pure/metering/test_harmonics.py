"""Harmonics of 12-bit codes against closed forms, on the kernel of the machine that runs this."""

import math
import sys

from harmonic_waves import Rig, budeanu, hd, rms

from fourquad import points as p

WAVE_V = {1: (230.0, 0.0), 3: (9.2, 40.0), 5: (11.5, 200.0), 8: (2.3, 10.0), 49: (4.6, 300.0), 63: (2.3, 0.0)}
WAVE_V2 = {1: (220.0, 120.0), 2: (4.4, 90.0), 7: (11.0, 33.0)}
WAVE_I = {1: (5.0, 30.0), 3: (1.5, 100.0), 5: (1.0, 150.0), 7: (0.5, 10.0), 8: (0.2, 70.0), 33: (0.1, 0.0)}
WAVE_I2 = {1: (3.0, 160.0), 2: (0.6, 200.0), 7: (0.3, 123.0)}
WAVES = (WAVE_V, WAVE_V2, WAVE_I, WAVE_I2)
CLOSE = 3  # 0.03 % of the fundamental; the limit is 0.05 %


def near(got, expected, limit=CLOSE):
    assert abs(got - expected) <= limit, (got, expected)


def check(values, waves, at, stride, thd, last=63):
    for k, wave in enumerate(waves):
        start = at + stride * k
        for h in range(2, 64):
            near(values[start + h - 2], 10000 * wave[h][0] / wave[1][0] if h in wave and h <= last else 0)
        near(values[thd + k], hd(wave, range(2, last + 1)))
        near(values[start + p.ORDERS], hd(wave, range(3, last + 1, 2)))
        near(values[start + p.ORDERS + 1], hd(wave, range(2, last + 1, 2)))


def test_every_order_and_the_sums():
    values = Rig(WAVES).run()
    check(values, WAVES[:2], p.HARMONIC_V1, p.VOLTAGE_HARMONICS, p.THD_V1)
    check(values, WAVES[2:], p.HARMONIC_I1, p.CURRENT_HARMONICS, p.THD_I1)
    near(values[p.THD_V1 + 3], (values[p.THD_V1] + values[p.THD_V1 + 1]) / 2, 1)
    near(values[p.THD_I1 + 3], (values[p.THD_I1] + values[p.THD_I1 + 1]) / 2, 1)
    # what the wiring has not
    assert not any(values[p.HARMONIC_V1 + 2 * p.VOLTAGE_HARMONICS : p.HARMONIC_I1])
    assert not any(values[p.HARMONIC_I1 + 2 * p.CURRENT_HARMONICS :])


def test_behind_a_sinc_filter():
    for skew in (False, True):
        values = Rig(WAVES, bits=16, skew=skew, sinc=3).run()
        check(values, WAVES[:2], p.HARMONIC_V1, p.VOLTAGE_HARMONICS, p.THD_V1)
        check(values, WAVES[2:], p.HARMONIC_I1, p.CURRENT_HARMONICS, p.THD_I1)


def test_k_factor_and_crest_factor():
    values = Rig(WAVES).run()
    for k, wave in ((0, WAVE_I), (1, WAVE_I2)):
        factor = sum([(h * x) ** 2 for h, (x, _) in wave.items()]) / rms(wave) ** 2
        near(values[p.HARMONIC_I1 + p.CURRENT_HARMONICS * k + p.ORDERS + 2], 10 * factor, 1)
    # a pure sine's, between whose samples the peak may lie
    values = Rig(({1: (230.0, 0.0)}, {1: (230.0, 1.40625)}, {}, {})).run()
    for k in range(2):
        near(values[p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k + p.ORDERS + 2], 1414, 3)


def test_thff_against_the_table():
    # 800 Hz has weight 1, 1000 Hz 1.0 dB, and induction is in proportion to frequency (O.41)
    for h, decibels in ((16, 0.0), (20, 1.0), (60, -5.6), (2, -41.0)):
        rig = Rig(({1: (230.0, 0.0), h: (23.0, 0.0)}, {}, {}, {}))
        expected = 10000 * 10.0 ** (decibels / 20) * h * 50 / 800 * 0.1
        expected = math.sqrt(expected**2 + (10000 * 10.0 ** (-63.0 / 20) / 16) ** 2) / math.sqrt(1.01)
        near(rig.run()[p.HARMONIC_V1 + p.ORDERS + 3], expected, 5)


def test_reactive_power_of_the_harmonics():
    rig = Rig(WAVES)
    rig.run()
    for k in range(2):
        v, i = WAVES[k], WAVES[2 + k]
        expected = budeanu(v, i) / rms(v) / rms(i)
        near(rig.harmonics.parts[k], expected, 1e-4)
    assert rig.harmonics.parts[2] == 0.0


def test_order_15_is_the_last_at_400_hertz():
    values = Rig(WAVES, nominal=2).run(12)
    check(values, WAVES[:2], p.HARMONIC_V1, p.VOLTAGE_HARMONICS, p.THD_V1, last=15)


def test_dead_channels_read_nothing():
    rig = Rig(WAVES)
    rig.run()
    parts = list(rig.harmonics.parts)
    values = rig.run(alive=0b0110)
    assert values[p.THD_V1] == values[p.HARMONIC_V1 + 3] == values[p.HARMONIC_V1 + p.ORDERS + 2] == 0
    assert values[p.THD_V1 + 1] and values[p.THD_I1]
    # a window without current says nothing of its harmonics: the next one with some may be off half the time
    assert values[p.THD_I1 + 1] == 0 and rig.harmonics.parts == parts


def test_a_gap_begins_the_window_anew():
    rig = Rig(WAVES)
    h = rig.harmonics
    h.begin()
    h.run(rig.buffer, 0, 1)
    h.gap()
    for _ in range(9):
        h.run(rig.buffer, 0, 1)
    assert not h.work(127)
    h.run(rig.buffer, 0, 1)
    assert h.work(127)


DELTA = {1: (200.0, 0.0), 5: (10.0, 25.0)}, {1: (210.0, 60.0), 7: (6.3, 90.0)}


def test_line_voltages_of_the_open_delta():
    # terminals see V12 and V32; V31 is what they leave
    v12, v32 = DELTA
    waves = (v12, v32, {1: (5.0, 0.0)}, {1: (5.0, 120.0)})
    values = Rig(waves, "VVII", (1, 3, 1, 3), (2, 2)).run()
    third = {}
    for h in (1, 5, 7):
        re = im = 0.0
        for sign, wave in ((-1, v12), (1, v32)):
            if h in wave:
                x, lag = wave[h]
                re += sign * x * math.cos(math.radians(lag))
                im += sign * x * math.sin(math.radians(lag))
        third[h] = (math.sqrt(re * re + im * im), 0.0)
    check(values, (v12, third, v32), p.HARMONIC_V1, p.VOLTAGE_HARMONICS, p.THD_V1)
    near(values[p.THD_V1 + 3], sum(values[p.THD_V1 : p.THD_V1 + 3]) / 3, 1)


def balanced(negative=0.0, zero=0.0):
    """Three voltages and currents with known symmetrical components (V; mA is 20 times it)."""
    waves = []
    for k in range(3):
        re = im = 0.0
        for size, angle, start in ((230.0, 120.0, 0.0), (negative, 240.0, 50.0), (zero, 0.0, 200.0)):
            x = math.radians(angle * k + start)
            re += size * math.cos(x)
            im += size * math.sin(x)
        waves.append({1: (math.sqrt(re * re + im * im), math.degrees(math.atan2(im, re)))})
    return waves


def test_symmetrical_components():
    volts = balanced(12.0, 7.0)
    amps = [{1: (wave[1][0] / 50, wave[1][1] + 30.0)} for wave in volts]
    values = Rig(volts + amps, "VVVIII", (1, 2, 3, 1, 2, 3), (0, 0)).run()
    reference = math.radians(volts[0][1][1])
    for at, scale, lag in ((p.SEQUENCE_U, 10.0, 0.0), (p.SEQUENCE_I, 20.0, 30.0)):
        for k, (size, start) in enumerate(((230.0, 0.0), (12.0, 50.0), (7.0, 200.0))):
            x = math.radians(start + lag) - reference
            near(values[at + 2 * k], scale * size * math.cos(x))
            near(values[at + 2 * k + 1], -scale * size * math.sin(x))


def test_symmetrical_components_of_the_reversed_order():
    waves = [{1: (230.0, -120.0 * k)} for k in range(3)] + [{1: (5.0, 0.0)}] * 3
    values = Rig(waves, "VVVIII", (1, 2, 3, 1, 2, 3), (0, 0)).run()
    near(values[p.SEQUENCE_U], 0)
    near(values[p.SEQUENCE_U + 2], 2300)
    near(values[p.SEQUENCE_I + 4], 5000, 5)


def test_small_signals_keep_their_ratios():
    # one percent of full scale: 20 codes, whose rounding is what limits
    values = Rig(({1: (2.83, 0.0), 5: (0.85, 77.0)}, {}, {}, {})).run()
    near(values[p.HARMONIC_V1 + 3], 3003, 250)


def test_nothing_is_allocated_while_samples_are_taken():
    if sys.implementation.name != "micropython":
        return
    import micropython

    rig = Rig(WAVES)
    rig.harmonics.begin()
    micropython.heap_lock()
    rig.harmonics.run(rig.buffer, 0, 1)
    micropython.heap_unlock()
