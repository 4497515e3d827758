"""The backlight while an alarm stands (KW320 manual 4.4)."""

from panel_fake import Fake, P

from fourquad import points as p
from fourquad.points import alarms as a


class Alarms:
    flashes = 1

    def read(self, index):
        if index != a.FLASHES:
            raise KeyError(index)
        return self.flashes


def lights(fake, ms):
    """The backlight every 100 ms."""
    return [fake.wait(100).backlight for _ in range(ms // 100)]


def flashing():
    fake = Fake()
    fake.alarms = Alarms()
    fake.points.provide(p.ALARM, fake.alarms, 3)
    return fake


def test_half_a_second_dark_half_a_second_bright():
    fake = flashing()
    seen = lights(fake, 10000)
    changes = sum([seen[i] != seen[i - 1] for i in range(1, len(seen))])
    assert 18 <= changes <= 20
    assert 45 <= sum(seen) <= 55
    fake.alarms.flashes = 0
    assert lights(fake, 2000) == [True] * 20


def test_a_key_acts_while_it_flashes_dark():
    fake = flashing()
    while fake.wait(100).backlight:
        pass
    assert fake.keys(P).item == "P"


def test_it_flashes_after_the_backlight_went_off_and_is_off_again_then():
    fake = flashing()
    fake.alarms.flashes = 0
    assert not fake.wait(61000).backlight
    fake.alarms.flashes = 1
    assert 4 <= sum(lights(fake, 1000)) <= 6
    fake.alarms.flashes = 0
    assert lights(fake, 1000) == [False] * 10
