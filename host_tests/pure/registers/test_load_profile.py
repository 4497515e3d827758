"""Load profile: what is restored, reading from a time on, changes of the zone, power back on a border."""

from billing_fakes import Plant

from fourquad import points as p
from fourquad.billing.load_profile import LoadProfile
from fourquad.calendar.clock import seconds
from fourquad.calendar.zone import Zone, pack_zone
from fourquad.points import billing as b

TEN = seconds(2026, 5, 4, 10, 0, 0)


def zone(plant, offset):
    assert plant.points.write(p.TABLE + b.ZONE, pack_zone(offset)) == p.OK
    plant.billing.book(plant.utc, 0, 0)


def test_restore_reads_what_dump_wrote_and_where_it_ends():
    one, other = LoadProfile(Zone()), LoadProfile(Zone())
    one.start(1234567, 0, b.PROFILE_PARTIAL)
    one.add([100 * i + 7 for i in range(6)])
    one.note(b.PROFILE_RESET)
    image = bytearray(5 + one.size + 3)
    assert one.dump(image, 5) == 5 + one.size
    assert other.restore(image, 5) == 5 + one.size
    again = bytearray(len(image))
    assert other.dump(again, 5) == 5 + one.size
    assert again == image
    assert image[:5] == bytes(5) and image[5 + one.size :] == bytes(3)


def test_every_engine_restores_to_the_place_where_its_dump_ended():
    plant = Plant(TEN)
    plant.run(1000, 60, active_import=1000)
    billing = plant.billing
    parts = [billing.periods, billing.tariffs, billing.demand, billing.profile, billing.supervision]
    for part in parts + [billing.pulses, billing]:
        image = bytearray(part.size + 20)
        assert part.dump(image, 11) == 11 + part.size
        assert part.restore(image, 11) == 11 + part.size


def test_find_the_first_record_at_or_after_a_time():
    for offset in (0, 60, -300):
        plant = Plant(TEN)
        zone(plant, offset)
        plant.run(6 * 900, 60, active_import=1000)
        profile = plant.billing.profile
        first = TEN + 900
        for number in range(6):
            for early in (0, 1, 899):
                assert profile.find(first + 900 * number - early) == number, (offset, number, early)
            assert profile.load(number) and profile.moment == first + 900 * number
            assert profile.stamp == first + 900 * number + 60 * offset
        assert not profile.load(profile.find(first + 5 * 900 + 1))


def test_a_new_zone_leaves_the_open_interval_where_it_is():
    for offset in (-300, 60, 345, -840, 840):
        plant = Plant(TEN)
        plant.run(7 * 60, 60, active_import=1000)
        zone(plant, offset)
        plant.run(30 * 60, 60, active_import=1000)
        minutes = [row[0] - TEN // 60 for row in plant.profile()]
        assert minutes == [15, 30]
        assert [row[2] for row in plant.profile()] == [900000, 900000]
    # intervals of another grid: the open one ends where it would have, the next one is short
    plant = Plant(TEN)
    plant.run(7 * 60, 60, active_import=1000)
    zone(plant, 50)
    plant.run(40 * 60, 60, active_import=1000)
    rows = [(row[0] - TEN // 60, bool(row[1] & b.PROFILE_PARTIAL)) for row in plant.profile()]
    assert rows == [(15, False), (25, True), (40, False)]


def test_power_back_on_a_border_begins_a_whole_interval():
    for late in (0, 300):
        plant = Plant(TEN)
        plant.run(7 * 60, 60, active_import=1000)
        plant.cut(8 * 60 + 900 + late)
        plant.run(900 - late, 60, active_import=1000)
        status = plant.profile()[-1][1]
        assert status == b.PROFILE_POWER_CUT | (b.PROFILE_PARTIAL if late else 0)
