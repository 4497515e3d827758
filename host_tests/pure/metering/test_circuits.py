"""Thirteen channels of 12-bit codes: ten of the eighteen inputs against closed form."""

import math

from bench_12bit import Bench, near

from fourquad import models
from fourquad import points as p
from fourquad.points import circuits as c

VOLTS = (230.0, 229.0, 231.0)
# Amperes and lag of each current, in the order of the channels.
LOADS = tuple([(1.0 + 0.4 * n, (-150 + 37 * n) % 360) for n in range(10)])
PHASES = (1, 2, 3) * 3 + (1,)
# The next free input of the phase: columns of three, of the first and of the second nine.
INPUTS = (1, 4, 7, 2, 5, 8, 3, 6, 9, 10)
CTS = tuple([(c.CT_1 + n, 5 * (n + 1)) for n in range(c.INPUTS)])


def bench(wiring=c.USERS_3LN, ms=2300):
    waves = [(VOLTS[k], 120.0 * k) for k in range(3)]
    waves += [(LOADS[k][0], 120.0 * (PHASES[k] - 1) + LOADS[k][1]) for k in range(10)]
    settings = CTS + ((c.CIRCUIT_WIRING, wiring),)
    model = models.load("acurev2020")
    b = Bench(waves, settings=settings, kinds="VVV" + 10 * "I", phases=(1, 2, 3) + PHASES, model=model)
    return b.run(ms)


def group(b, number, field):
    return b.read(c.READINGS + c.FIELDS * number + field)


def power(k):
    """I, P, Q, S on the primary side of the current of channel `k`."""
    amps, lag = LOADS[k]
    volts, ratio, angle = VOLTS[PHASES[k] - 1], INPUTS[k], math.radians(lag)
    s = volts * amps * ratio
    return amps * ratio, s * math.cos(angle), s * math.sin(angle), s


def test_ten_inputs_in_three_phases():
    b = bench()
    sums = [0.0] * 4
    for k in range(10):
        i, active, reactive, s = power(k)
        n = INPUTS[k] - 1
        near(group(b, n, c.AMPS), i, 0.005)
        near(group(b, n, c.P), active, 0, 0.01 * s)
        near(group(b, n, c.Q), reactive, 0, 0.01 * s)
        near(group(b, n, c.S), s, 0.007)
        near(group(b, n, c.PF), active / s, 0, 0.01)
        lag = b.read(c.READINGS + c.ANGLE + n) - 120.0 * (PHASES[k] - 1) - LOADS[k][1]
        near((lag + 180) % 360, 180.0, 0, 0.5)
        for j, x in enumerate((i, active, reactive, s)):
            sums[j] += x
    for j, field in enumerate((c.AMPS, c.P, c.Q, c.S)):
        near(group(b, c.TOTAL, field), sums[j], 0, 0.01 * max(sums[0], sums[3] if j else 0))
    near(b.read(p.PRIMARY + p.P_SUM), sums[1], 0, 0.01 * sums[3])
    near(b.read(p.SECONDARY + p.V12), math.sqrt(230 * 230 + 229 * 229 + 230 * 229), 0.003)
    # inputs without a channel
    for n in range(10, 18):
        assert not any(group(b, n, field) for field in range(c.FIELDS))
    # the first user channel is inputs 1, 4, 7
    near(group(b, c.FIRST_USER, c.P), sum([power(k)[1] for k in range(3)]), 0, 0.01 * sums[3])


def test_the_wiring_changes_what_is_summed_and_loses_no_energy():
    b = bench(c.EACH_1LN, 5000)
    assert group(b, c.FIRST_USER, c.S) == 0.0
    assert b.meter.points.write(p.SETTING + c.CIRCUIT_WIRING, c.USERS_2LN) == p.OK
    b.run(1500)
    assert group(b, 6, c.AMPS) == 0.0 and group(b, 3, c.AMPS) > 0.0
    near(group(b, c.FIRST_USER, c.S), power(0)[3] + power(1)[3], 0.01)
    assert b.meter.points.write(p.SETTING + c.CIRCUIT_WIRING, c.EACH_1LN) == p.OK
    b.run(1500)
    near(group(b, 6, c.AMPS), power(2)[0], 0.005)


def test_energies_are_power_times_time_and_add_up():
    b = bench(ms=1500)
    # a quarter of an hour of samples that are lost: bridged by the last known power
    b.meter.gap(15 * 60000)
    b.run(2500)
    read = b.meter.points.read
    whole = 0
    for k in range(10):
        _, active, _, _ = power(k)
        n = INPUTS[k] - 1
        counts = abs(active) * (15 * 60 + 3) / 360000
        at = c.ENERGY + (0 if active > 0 else c.GROUPS) + n
        near(read(at), counts, 0.02, 1.0)
        whole += read(c.ENERGY + n)
    assert read(c.ENERGY + c.TOTAL) == whole > 0
    saved = bytes(b.meter.dump())
    other = bench(ms=0)
    assert other.meter.restore(saved) and other.meter.points.read(c.ENERGY + c.TOTAL) == whole


def test_harmonics_and_what_makes_no_power():
    waves = [(VOLTS[k], 120.0 * k) for k in range(3)] + [(4.0, 30.0), (3.0, 0.0, 3)]
    model = models.load("acurev2020")
    b = Bench(waves, settings=CTS, kinds="VVVII", phases=(1, 2, 3, 1, 2), model=model).run(3500)
    # of a sine: what codes of 12 bits leave
    assert b.read(c.SPECTRUM + c.THD) < 100 and b.read(c.SPECTRUM + c.K) in (10, 11)
    # a third alone has no power with a fundamental
    near(group(b, 3, c.AMPS), 3.0 * 4, 0.01)
    near(group(b, 3, c.P), 0.0, 0, 0.01 * 229 * 12)
