"""Page recovery after a power cut (3.7), and the backlight (3.1, 100CH)."""

from panel_fake import CHOOSE, E, Fake, H, P, V

from fourquad import points as p
from fourquad import ticks


def reborn(fake):
    other = Fake()
    other.settings.values = fake.settings.values
    other.menu.recover(fake.menu.page_word)
    return other


def same(a, b):
    a.draw()
    b.draw()
    assert a.screen.as_dict() == b.screen.as_dict()


def test_every_page_comes_back():
    for key, turns in ((V, 4), (P, 6), (H, 3)):
        fake = Fake()
        for _ in range(turns):
            fake.keys(key)
            assert 0 <= fake.menu.page_word < 65536
            same(fake, reborn(fake))
            for _ in range(12):
                fake.keys(E)
                same(fake, reborn(fake))


def test_the_first_word_is_the_voltage_page():
    assert Fake().menu.page_word == 0
    fake = Fake()
    fake.menu.recover(0)
    assert fake.draw().item == "U"


def test_setting_mode_comes_back_as_the_voltage_page():
    fake = Fake()
    fake.keys(P, P)
    fake.open_setting(5)
    assert fake.menu.page_word == 0
    assert reborn(fake).draw().item == "U"
    fake.keys(CHOOSE)
    assert fake.menu.page_word == 0
    assert fake.keys(P, V).item == "Q"
    assert reborn(fake).draw().item == "Q"


def test_no_word_is_bad_enough():
    fake = Fake()
    for word in range(0, 65536, 7):
        fake.menu.recover(word)
        fake.draw()
        assert fake.rows()


def test_a_page_that_the_new_wiring_lacks():
    fake = Fake()
    fake.keys(P)
    fake.settings.values[p.WIRING_U] = 2
    assert reborn(fake).draw().item == "PQS"


def test_backlight_goes_off_and_the_first_key_only_lights_it():
    fake = Fake()
    fake.settings.values[p.BACKLIGHT] = 2
    fake.keys(P)
    assert fake.wait(119900).backlight
    assert not fake.wait(200).backlight
    s = fake.keys(P)
    assert s.backlight and s.item == "P"
    assert fake.keys(P).item == "Q"


def test_the_chord_too_only_lights_it():
    fake = Fake()
    assert not fake.wait(61000).backlight
    assert not fake.keys(CHOOSE).choosing
    assert fake.keys(CHOOSE).choosing


def test_zero_minutes_is_always_on():
    fake = Fake()
    fake.settings.values[p.BACKLIGHT] = 0
    assert fake.wait(7200000 // 20).backlight


def test_set_to_zero_while_it_is_off():
    fake = Fake()
    assert not fake.wait(61000).backlight
    fake.settings.values[p.BACKLIGHT] = 0
    assert fake.wait(100).backlight


def test_days_without_a_key_do_not_confuse_it():
    # 2**29 ms is 6.2 days: a difference of ticks longer than that has the wrong sign.
    fake = Fake()
    fake.settings.values[p.BACKLIGHT] = 0
    for _ in range(400):
        fake.now = ticks.add(fake.now, 3600000)
        fake.menu.tick(fake.now)
    fake.settings.values[p.BACKLIGHT] = 1
    assert fake.draw().backlight
    assert not fake.wait(61000).backlight
    for _ in range(400):
        fake.now = ticks.add(fake.now, 3600000)
        fake.menu.tick(fake.now)
        assert not fake.menu.backlight
