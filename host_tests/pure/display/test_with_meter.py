"""The menu on the real meter: every page reads; settings are changed, refused and sealed."""

import fourquad.models.kw320 as model
from fourquad import points as p
from fourquad.display.rows.menu import Menu
from fourquad.display.rows.screen import Screen
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.models.kw320 import menu as table

H, P, E, V, CHOOSE = 0, 1, 2, 3, 4


class Panel:
    def __init__(self):
        channels = [Channel("V", i, 0.25) for i in (1, 2, 3)] + [Channel("I", i, 0.01) for i in (1, 2, 3)]
        self.meter = Meter(model, channels, 8000000, 12)
        self.menu = Menu(table, self.meter.points)
        self.screen = Screen()
        self.now = 0

    def keys(self, *events):
        for event in events:
            self.now += 100
            self.menu.tick(self.now)
            self.menu.key(event, self.now)
        self.menu.draw(self.screen)
        return self.screen

    def open_setting(self, number):
        self.keys(CHOOSE)
        while self.screen.modes[self.screen.mode] != "Setting":
            self.keys(P)
        self.keys(V)
        self.now += 3000
        self.menu.tick(self.now)
        self.keys(V, V)
        return self.keys(*[P] * (number - 1))


def test_every_page_of_a_meter_without_samples():
    panel = Panel()
    for wiring in range(5):
        assert panel.meter.points.write(p.SETTING + p.WIRING_U, wiring) == p.OK
        for key in (V, P, H):
            for _ in range(7):
                s = panel.keys(key)
                shown = [s.digits[i] for i in range(4) if s.labels[i]]
                assert shown and all(text != "----" for text in shown), (wiring, s.item, shown)
        for _ in range(12):
            s = panel.keys(E)
            assert "-" not in s.line.replace("-", "", 2), s.line


def test_every_setting_page_has_a_value():
    panel = Panel()
    s = panel.open_setting(1)
    for number in range(1, 36):
        assert s.item == f"S{number:02d}" and s.line and s.line != "----", s.item
        panel.keys(P)


def test_a_choice_and_a_number_reach_the_meter():
    panel = Panel()
    s = panel.open_setting(6)
    panel.keys(V, P, V)
    assert s.digits[3] == "OK" and s.line == "1LN"
    assert panel.meter.points.read(p.SETTING + p.WIRING_U) == 1
    s = panel.open_setting(10)
    panel.keys(V, H, H, P, V)
    assert s.line == "101" and panel.meter.points.read(p.SETTING + p.CT1) == 101
    panel.keys(V, P, P, P, P, P, P, V)
    assert s.digits[3] == "ERR" and panel.meter.points.read(p.SETTING + p.CT1) == 101


def test_energy_is_cleared():
    panel = Panel()
    assert panel.meter.points.write(p.ENERGY + p.EP_IMP, 777) == p.OK
    assert panel.keys().line == "77.7"
    s = panel.open_setting(24)
    panel.keys(V, P, V)
    assert s.digits[3] == "OK" and panel.meter.points.read(p.ENERGY + p.EP_IMP) == 0


def sealed_pages(panel, pages):
    """Those of the next pages that say SEAL when they are to be changed."""
    s = panel.screen
    seen = []
    for _ in range(pages):
        panel.keys(V)
        if s.digits[3] == "SEAL":
            seen.append(int(s.item[1:]))
        elif s.flash_row >= 0:
            panel.keys(V)
        panel.keys(P)
    return seen


# 4.7: the standard content, and what each of the seal options adds.
NORM = [6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27, 35]
BY_BIT = ([1, 2, 4, 5], [31, 32, 33], [19], [30], [])


def test_a_closed_seal_is_shown():
    for options in (0, 1, 2, 4, 8, 16, 31):
        panel = Panel()
        assert panel.meter.points.write(p.SETTING + p.SEAL_OPTIONS, options) == p.OK
        panel.meter.settings.sealed = True
        panel.open_setting(1)
        expected = NORM + sum([BY_BIT[bit] for bit in range(5) if options >> bit & 1], [])
        assert sealed_pages(panel, 35) == sorted(expected), options


def test_pages_of_modules_are_sealed_by_bit_3_and_outputs_always():
    # IO21: its inputs M06, M07, its digital outputs M08-M11; IO31: its inputs M33, M34
    for options, sealed in ((0, [8, 9, 10, 11]), (7, [8, 9, 10, 11]), (8, [6, 7, 8, 9, 10, 11, 33, 34])):
        panel = Panel()
        panel.meter.io.connect(["io21", "io31"])
        assert panel.meter.points.write(p.SETTING + p.SEAL_OPTIONS, options) == p.OK
        panel.meter.settings.sealed = True
        panel.open_setting(1)
        panel.keys(H, P, V)
        assert panel.screen.item == "M06"
        assert sealed_pages(panel, 27 + 6) == sealed
