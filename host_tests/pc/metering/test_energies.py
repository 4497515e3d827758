"""Energies against closed forms: exact power times exact time, in every wiring and mode."""

import closed_form as cf
import numpy as np
import pytest
from closed_form import Bench, polar
from test_accuracy import distorted, split_phase, unbalanced

from fourquad import points as p


def counts(meter):
    """Energies in counts, residues included, by register of the sources that have one."""
    meter.close()
    e = meter.energy
    out = {}
    groups = (
        (p.EP_IMP, p.EQ_IMP, p.ES),
        *((p.EP1_IMP + 2 * k, p.EQ1_IMP + 2 * k, p.ES1 + k) for k in range(3)),
    )
    for g, (active, reactive, apparent) in enumerate(groups):
        for s, register in enumerate((active, active + 1, reactive, reactive + 1, apparent)):
            out[register] = e.values[register] + e._residues[5 * g + s] / e.per_count
    return out


def expected(truth, delta, hours, watt_hours):
    out = dict.fromkeys(range(p.ENERGIES), 0.0)
    ones = [(truth[p.P_SUM], truth[p.Q_SUM], truth[p.S_SUM], p.EP_IMP, p.EQ_IMP, p.ES)]
    if not delta:
        ones += [
            (
                truth[p.P1 + k],
                truth[p.Q1 + k],
                truth[p.S1 + k],
                p.EP1_IMP + 2 * k,
                p.EQ1_IMP + 2 * k,
                p.ES1 + k,
            )
            for k in range(3)
        ]
    for active, reactive, apparent, at, at_q, at_s in ones:
        out[at + (active < 0)] = abs(active) * hours / watt_hours
        out[at_q + (reactive < 0)] = abs(reactive) * hours / watt_hours
        out[at_s] = apparent * hours / watt_hours
    return out


def check(bench, truth, delta, watt_hours, relative=2e-4):
    hours = bench.t / 3600
    want = expected(truth, delta, hours, watt_hours)
    apparent = want[p.ES]
    for register, got in counts(bench.meter).items():
        if delta and register > p.ES:
            continue
        assert got == pytest.approx(want[register], abs=relative * apparent), register


@pytest.mark.parametrize("wiring_i", [cf.CT3, cf.CT1, cf.CT2])
@pytest.mark.parametrize("wiring_u", [cf.LN3, cf.LN1, cf.LL2, cf.LL3, cf.LL1])
def test_every_wiring(wiring_u, wiring_i):
    plant = split_phase() if wiring_u == cf.LL1 else unbalanced()
    bench = Bench(plant, wiring_u, wiring_i, 1 / 6, settings=((p.ENERGY_SIDE, 1),)).run(6.0)
    truth = cf.truth(plant, wiring_u, wiring_i)
    check(bench, truth, wiring_u in (cf.LL2, cf.LL3), 1)


@pytest.mark.parametrize("lag", [20, 110, 200, 290])
def test_quadrants_on_the_primary_side(lag):
    plant = cf.three_phase(lag=lag)
    ratios = ((p.PT1, 100000), (p.PT2, 1000), (p.CT1, 400))
    bench = Bench(plant, settings=ratios).run(6.0)
    truth = cf.truth(plant, cf.LN3, cf.CT3)
    check(bench, {i: x * 8000 for i, x in truth.items()}, False, 100)


def test_fundamental_energies():
    plant = distorted()
    bench = Bench(plant, settings=((p.ENERGY_WAVE, 0), (p.ENERGY_SIDE, 1))).run(6.0)
    pure = cf.Plant([{1: v[1]} for v in plant.volts], [{1: i[1]} for i in plant.amps])
    check(bench, cf.truth(pure, cf.LN3, cf.CT3), False, 1)


def test_full_wave_energies_and_generalized_reactive_ones():
    plant = distorted()
    bench = Bench(plant, settings=((p.REACTIVE_MODE, 1), (p.ENERGY_SIDE, 1))).run(6.0)
    truth = cf.truth(plant, cf.LN3, cf.CT3)
    for k in range(3):
        truth[p.Q1 + k] = (truth[p.S1 + k] ** 2 - truth[p.P1 + k] ** 2) ** 0.5
    truth[p.Q_SUM] = sum(truth[p.Q1 + k] for k in range(3))
    check(bench, truth, False, 1, relative=5e-4)


def test_true_reactive_energies_have_the_harmonics_terms():
    plant = distorted()
    bench = Bench(plant, settings=((p.ENERGY_SIDE, 1),)).run(1.0)  # the first window of harmonics
    before = counts(bench.meter)
    start = bench.t
    bench.run(5.0)
    truth = cf.truth(plant, cf.LN3, cf.CT3)
    pure = sum((v[1] * i[1].conjugate()).imag for v, i in zip(plant.volts, plant.amps, strict=True))
    assert abs(truth[p.Q_SUM] - pure) > 2e-3 * truth[p.S_SUM]
    after = counts(bench.meter)
    hours = (bench.t - start) / 3600
    for at, reading in ((p.EQ_IMP, p.Q_SUM), (p.EQ1_IMP, p.Q1), (p.EQ1_IMP + 2, p.Q2), (p.ES, p.S_SUM)):
        got = (after[at] - before[at]) / hours
        assert got == pytest.approx(truth[reading], abs=2e-4 * truth[p.S_SUM])


def test_opposite_directions_in_the_phases():
    plant = cf.three_phase(lag=0.0)
    plant.amps[1] = {1: polar(12.0, 300.0)}
    bench = Bench(plant, settings=((p.ENERGY_SIDE, 1),)).run(6.0)
    check(bench, cf.truth(plant, cf.LN3, cf.CT3), False, 1)
    e = counts(bench.meter)
    # the system is counted by the sign of its sum
    assert e[p.EP_IMP] == 0.0 and e[p.EP1_IMP + 3] > 0 and e[p.EP1_IMP] > 0


def test_off_nominal_frequency_and_changing_periods():
    plant = cf.three_phase(frequency=46.3)
    bench = Bench(plant, settings=((p.ENERGY_SIDE, 1),)).run(12.0)
    # the first windows of a meter that is not locked yet are off by some tenths of a per cent
    check(bench, cf.truth(plant, cf.LN3, cf.CT3), False, 1, relative=1e-3)


class Noisy(Bench):
    """A 12-bit converter with a noise of 0.6 LSB RMS on every input."""

    random = np.random.default_rng(7)

    def codes(self, cycles):
        out = super().codes(cycles)
        return np.clip(np.rint(out + self.random.normal(0.0, 0.6, out.shape)), 0, 4095).astype(np.int64)


def test_no_load_does_not_creep():
    # IEC 62053-22, 8.3.2: 115 % of the voltage, no current; no energy at all
    plant = cf.three_phase(volts=264.5, amps=0.0)
    meter = Noisy(plant, bits=12, settings=((p.ENERGY_SIDE, 1),)).run(20.0, batch=5).meter
    meter.close()
    assert list(meter.energy.values) == [0] * p.ENERGIES
    assert not any(meter.energy._residues)
    assert meter.points.read(p.STATE + p.LOAD_TIME) == 0


def test_starting_current_registers_and_counts_as_load():
    # 0.15 % of full scale; a meter must start at 0.1 % of its rated current (IEC 62053-22, table 9)
    bench = Bench(cf.three_phase(amps=0.0015 * cf.AMP_PEAK / 2**0.5, lag=0.0), settings=((p.ENERGY_SIDE, 1),))
    meter = bench.run(75.0, batch=5).meter
    assert meter.points.read(p.STATE + p.LOAD_TIME) == 2
    assert counts(meter)[p.EP_IMP] > 0


def test_a_calibration_does_not_interrupt_the_harmonics_terms():
    plant = distorted()
    bench = Bench(plant).run(2.0)
    parts = list(bench.meter.chain.harmonics.parts)
    assert max(abs(x) for x in parts) > 1e-3
    bench.meter.calibrate(bench.meter.calibration.record)
    bench.run(0.3)
    assert bench.meter.chain.harmonics.parts == parts
    assert bench.read(p.Q_SUM, p.FAST) == pytest.approx(cf.truth(plant, cf.LN3, cf.CT3)[p.Q_SUM], rel=2e-4)
    bench.meter.points.write(p.SETTING + p.POLARITY_1, 1)
    bench.run(0.3)
    assert bench.meter.chain.harmonics.parts == [0.0] * 3


def test_demands_are_full_wave_and_as_fine_as_the_powers():
    """Finding kw320 7: 1017H leaves demands of the whole wave. 9: a step is not 400 W on the primary side."""
    plant = distorted()
    settings = ((p.ENERGY_WAVE, 0), (p.DEMAND_MODE, 0), (p.DEMAND_WINDOW, 1))
    ratios = ((p.PT1, 100000), (p.PT2, 1000), (p.CT1, 200))
    bench = Bench(plant, settings=settings + ratios)
    bench.meter.clock.set(0)
    truth = cf.truth(plant, cf.LN3, cf.CT3)
    bench.run(121.5, batch=5)
    for demand, power, fundamental in ((p.P_DEMAND, p.P_SUM, "real"), (p.Q_DEMAND, p.Q_SUM, "imag")):
        got = bench.read(demand, p.PRIMARY)
        pure = sum(
            getattr(v[1] * i[1].conjugate(), fundamental)
            for v, i in zip(plant.volts, plant.amps, strict=True)
        )
        assert abs(pure / truth[power] - 1) > 1e-3
        assert got == pytest.approx(4000 * truth[power], rel=3e-4)
        # the mean of whole joules over a minute: 1/60 W on the secondary side
        assert got / 4000 * 60 == pytest.approx(round(got / 4000 * 60), abs=0.04)
    assert bench.read(p.S_DEMAND, p.PRIMARY) == pytest.approx(4000 * truth[p.S_SUM], rel=3e-4)
