"""Alarms on the panel: their setting pages, 1046H-109DH, on a real meter."""

from test_with_meter import CHOOSE, E, H, P, Panel, V

from fourquad import points as p

SETTING = 3072
# Registers by page: 8 for all channels, then five of each (manual 6.3.4).
FIRST_REGISTER = 0x1046
PAGES = 8 + 5 * 16
FREQUENCY, V1, P_SUM = 0, 1, 17  # codes


def panel():
    one = Panel()
    one.meter.io.connect([])
    return one


def open_page(one, number):
    """To page A`number`."""
    one.keys(CHOOSE)
    while one.screen.modes[one.screen.mode] != "Setting":
        one.keys(P)
    one.keys(V)
    one.now += 3000
    one.menu.tick(one.now)
    one.keys(V)
    one.keys(P)
    assert one.screen.digits[one.screen.flash_row] == "ALM"
    one.keys(V)
    return one.keys(*[P] * (number - 1))


def stored(one, number):
    """What the register of a page holds: the pages are in the order of the registers."""
    offsets = list(range(512, 520)) + list(range(520, 600))
    return one.meter.points.read(SETTING + offsets[number - 1])


def store(one, number, value):
    offsets = list(range(512, 520)) + list(range(520, 600))
    assert one.meter.points.write(SETTING + offsets[number - 1], value) == p.OK


def test_every_page_has_its_register():
    one = panel()
    s = open_page(one, 1)
    words = []
    for number in range(1, PAGES + 1):
        assert s.item == f"A{number:02d}" and s.line and s.line != "----"
        words.append((s.digits[0], s.digits[1]))
        one.keys(P)
    assert s.item == "A01"
    assert words[:8] == [("ALM", "ON"), ("ALM", "LITE"), ("CHAN", "ON"), ("CHAN", "AND")] + [
        (f"DO{n}", "CHAN") for n in (1, 2, 3, 4)
    ]
    of_channel = ["CODE", "COMP", "SET", "TIME", "RO"]
    assert words[8:] == [(f"AL{n}", word) for n in range(1, 17) for word in of_channel]
    # back from the first
    assert one.keys(E).item == f"A{PAGES}"


def test_channels_are_bits_in_hexadecimal_digits():
    one = panel()
    s = open_page(one, 3)
    assert s.line == "0000"
    # 8001: channels 16 and 1
    one.keys(V, *[P] * 8, H, H, H, P)
    assert s.line == "8001" and one.keys(V).digits[3] == "OK"
    assert stored(one, 3) == 0x8001
    one.keys(V, H, E)
    assert s.line == "8F01"
    one.keys(V)
    assert stored(one, 3) == 0x8F01 and s.line == "8F01"
    # pairs are eight
    s = open_page(one, 4)
    one.keys(V, E, H, E, V)
    assert stored(one, 4) == 0xFF


def test_a_channel_is_set_up():
    one = panel()
    s = open_page(one, 9)
    one.keys(V, P, H, *[P] * 7, V)
    assert s.line == "17" and stored(one, 9) == P_SUM
    one.keys(P, V, P, P, V)
    assert s.line == "BELOW" and stored(one, 10) == 3
    # -01500 W
    one.keys(P, V, P, H, H, P, H, *[P] * 5, V)
    assert (s.digits[3], s.line) == ("OK", "-1500") and stored(one, 11) == 65536 - 1500
    one.keys(P, V, H, P, V)
    assert s.line == "1.00" and s.line_unit == "s" and stored(one, 12) == 100
    one.keys(P, V, *[P] * 8, V)
    assert s.line == "8" and stored(one, 13) == 8
    one.keys(V, P, V)
    assert s.digits[3] == "ERR" and stored(one, 13) == 8


def test_the_set_point_of_a_frequency_has_no_sign():
    one = panel()
    store(one, 11, 41000)
    store(one, 9, FREQUENCY)
    assert open_page(one, 11).line == "41000"
    store(one, 9, V1)
    one.menu.draw(one.screen)
    assert one.screen.line == str(41000 - 65536)
    # the ends of 16 bits, shown and entered again as they are
    for value, text in ((0x8000, "-32768"), (0x7FFF, "32767"), (0xFFFF, "-1"), (0, "0")):
        store(one, 11, value)
        one.menu.draw(one.screen)
        assert one.screen.line == text
        one.keys(V, V)
        assert one.screen.digits[3] == "OK" and stored(one, 11) == value


def test_a_code_that_is_none_is_refused():
    one = panel()
    s = open_page(one, 9)
    one.keys(V, *[P] * 8, V)
    assert s.digits[3] == "ERR" and stored(one, 9) == 0
    one.keys(E, V)
    assert s.digits[3] == "OK" and stored(one, 9) == 70
