"""Energies by quadrant, phase and tariff: exact, whatever the unit and the ratio."""

from fourquad import points as p
from fourquad.billing.quadrants import Quadrants
from fourquad.billing.tariff_energy import TariffEnergy
from fourquad.points import billing as b


def test_quadrants_by_the_signs():
    for active, reactive, energy, quadrant in (
        (5, 3, b.ACTIVE_IMPORT, b.REACTIVE_Q1),
        (-5, 3, b.ACTIVE_EXPORT, b.REACTIVE_Q2),
        (-5, -3, b.ACTIVE_EXPORT, b.REACTIVE_Q3),
        (5, -3, b.ACTIVE_IMPORT, b.REACTIVE_Q4),
    ):
        q = Quadrants(4)
        q.set_unit(3600)
        q.add(2, active, reactive, 7)
        expected = [0] * 28
        expected[14 + energy] = 5
        expected[14 + quadrant] = 3
        expected[14 + b.APPARENT] = 7
        assert q.joules == expected


def test_increments_without_a_common_measure_add_up():
    q = Quadrants(1)
    q.set_unit(1234567891)
    total = 0
    for n in range(5000):
        increment = 98765432 + n * 7919
        total += increment
        q.add(0, increment, 0, 0)
    assert q.joules[0] == total * 3600 // 1234567891


def test_phases_that_a_model_has_not_are_left_out():
    q = Quadrants(1)
    q.set_unit(3600)
    q.add(1, 5, 5, 5)
    assert q.joules == [0] * 7
    energies = TariffEnergy(1, 10, 10000000)
    try:
        energies.read(80)
    except KeyError:
        assert energies.check(80, 0) == p.UNKNOWN
        return
    raise AssertionError


def test_phases_by_tariff():
    energies = TariffEnergy(4, 10, 10000000)
    joules = [0] * 28
    totals = {}
    for n in range(4000):
        tariff = 1 + n // 7 % 4
        for i in range(28):
            joules[i] = (n * 31 + i * 1009) % 5000
            totals[i] = totals.get(i, 0) + joules[i]
        energies.add(tariff, joules)
    for group in range(4):
        for q in range(7):
            index = b.tariff_energy(q, 0, group) - p.TARIFF_ENERGY
            assert energies.read(index) == totals[7 * group + q] // 36000
            assert energies.read(index) == sum([energies.read(index + rate) for rate in range(1, 5)])
    first = b.tariff_energy(b.REACTIVE_NET, 2, 1) - p.TARIFF_ENERGY
    parts = [energies.read(b.tariff_energy(q, 2, 1) - p.TARIFF_ENERGY) for q in range(2, 6)]
    assert energies.read(first) == parts[0] + parts[1] - parts[2] - parts[3]
    image = bytearray(energies.size + 5)
    assert energies.dump(image, 5) == len(image)
    other = TariffEnergy(4, 10, 10000000)
    other.restore(image, 5)
    for index in range(320):
        if index % 80 < 65:
            assert other.read(index) == energies.read(index)


def test_primary_side_is_exact():
    # 10 kV / 100 V, 200 A / 5 A: 4000 times as much; counts of 1 kWh
    energies = TariffEnergy(1, 1000, 1000000000)
    energies.set_ratio(100000 * 200, 1000 * 5)
    for _ in range(10000):
        energies.add(1, [997, 0, 0, 0, 0, 0, 0])
    assert energies.read(0) == 997 * 10000 * 4000 // 3600000
    assert energies.joules(0) == 997 * 10000
