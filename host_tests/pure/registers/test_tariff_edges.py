"""Registers of every phase, tables at their limits, and the tariff while there is none."""

from registers.billing_fakes import Plant

from fourquad import points as p
from fourquad.billing.tariff import Tariff
from fourquad.calendar import zone
from fourquad.points import billing as b
from fourquad.registers.energy import Energy

NOON = 823867200  # 2026-02-08 12:00:00 as seconds since 2000
# register of each group and source: the system, then phase 1 to 3; P import, P export, Q import, Q export, S
SYSTEM = (p.EP_IMP, p.EP_EXP, p.EQ_IMP, p.EQ_EXP, p.ES)
WH = 3600  # joules


def test_every_phase_counts_in_registers_of_its_own():
    for group in range(4):
        for source in range(5):
            energy = Energy()
            before = list(energy.values)
            energy.add(group, source & ~1, -7 if source & 1 else 7)
            changed = [i for i in range(len(before)) if energy.values[i] != before[i]]
            if group:
                k = group - 1
                active, reactive = p.EP1_IMP + 2 * k, p.EQ1_IMP + 2 * k
                expected = (active, active + 1, reactive, reactive + 1, p.ES1 + k)[source]
                assert changed == [expected], (group, source, changed)
            else:
                assert SYSTEM[source] in changed
            assert energy.values[changed[0]] == 7


def test_seasons_ascend_by_month_and_day():
    tariff = Tariff(zone.Zone())

    def why(*dates):
        return tariff.refuse(b.SEASONS, bytes([x for month, day in dates for x in (month, day, 0)]))

    assert why((1, 1), (3, 5), (3, 10), (4, 1)) is None
    assert why((3, 10), (3, 5)) == "seasons: dates do not ascend"
    assert why((3, 10), (3, 10)) == "seasons: dates do not ascend"
    assert why((4, 1), (3, 31)) == "seasons: dates do not ascend"


def test_before_any_time_the_first_tariff_is_in_force():
    tariff = Tariff(zone.Zone())
    assert (tariff.tariff, tariff.season, tariff.plan, tariff.kind) == (1, 1, 0, 0)


def test_without_time_of_use_all_is_the_first_tariff():
    for on, rate in ((1, 3), (0, 1)):
        plant = Plant(NOON, TOU_ON=on)
        plant.tables.write(0, bytes((0, 0, 3)))
        plant.run(3600, active_import=1000)
        assert plant.energy_of(rate=rate) == plant.energy_of() == 100
        others = [plant.energy_of(rate=r) for r in range(1, 5) if r != rate]
        assert others == [0, 0, 0]


def test_rules_of_daylight_saving_matter_where_there_is_any():
    rule, bad = (3, 5, 0, 120), (13, 5, 0, 120)
    autumn = (10, 5, 0, 180)
    assert zone.refuse(zone.pack_zone(60)) is None
    assert zone.refuse(zone.pack_zone(60, 0, bad, bad)) is None
    assert zone.refuse(zone.pack_zone(60, 60, rule, autumn)) is None
    for begin, end in ((bad, autumn), (rule, bad)):
        assert zone.refuse(zone.pack_zone(60, 60, begin, end)) == "zone: bad rule of daylight saving"
    assert zone.refuse(zone.pack_zone(60, 60, rule, rule)) is not None
