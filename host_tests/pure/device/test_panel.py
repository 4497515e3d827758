"""The panel of a device: keys to its menu, the menu to a display, in slices."""

from device_fakes import Contacts, Lcd, Plant
from test_device import ask

from fourquad import points as p
from fourquad.device.panel import Panel
from fourquad.models.kw320 import menu as table
from fourquad.points import billing as b
from fourquad.points import modules as m
from fourquad.points import values as v

P = 2  # contact of the second key


class Shown(Plant):
    """A plant with a display."""

    def power_on(self):
        self.display = Lcd()
        super().power_on()


def press(plant, contact, ms=100):
    plant.contacts.closed = contact
    plant.run(ms)
    plant.contacts.closed = 0
    plant.run(ms)


def test_the_display_is_drawn_twice_a_second_and_after_a_key():
    plant = Shown()
    plant.run(2100)
    lcd = plant.display
    assert lcd.lit and 4 <= lcd.changes <= 6
    plant.run(100)
    before, page = lcd.changes, plant.device.panel.menu.page_word
    press(plant, P, 60)
    assert plant.device.panel.menu.page_word != page
    assert lcd.changes == before + 1


def test_a_slice_draws_a_part_and_a_look_at_the_keys_comes_between():
    plant = Plant()
    lcd, contacts = Lcd(), Contacts()
    looks = []
    contacts.read = lambda: looks.append(lcd.drawn) or 0
    panel = Panel(table, plant.device.meter, contacts, lcd, ())
    slices = 0
    # each slice takes 3 ms here
    while not lcd.changes:
        panel.work(3 * slices)
        slices += 1
    parts = panel.menu.parts
    assert slices > parts
    assert len(looks) >= 3 * slices // 12
    assert len(set(looks)) > 1


def test_a_panel_without_a_display_has_keys_all_the_same():
    plant = Plant()
    plant.run(100)
    page = plant.device.panel.menu.page_word
    press(plant, P)
    assert plant.device.panel.menu.page_word != page
    assert plant.device.panel.work(plant.now) > 0


def test_a_contact_that_bounces_is_one_key():
    pages = []
    for bounces in (0, 3):
        plant = Plant()
        plant.run(100)
        for _ in range(bounces):
            plant.contacts.closed = P
            plant.run(4)
            plant.contacts.closed = 0
            plant.run(5)
        press(plant, P)
        pages.append(plant.device.panel.menu.page_word)
    assert pages[0] == pages[1] != 0


def test_the_icon_tells_of_requests_and_answers():
    plant = Shown()
    plant.run(1500)
    screen = plant.device.panel.screen
    assert screen.comm == 0
    ask(plant, bytes((1, 3, 0x10, 0, 0, 1)))
    shown = []
    for _ in range(12):
        plant.run(100)
        shown.append(screen.comm)
    # for the half second from one drawing to the next
    assert 4 <= shown.count(2) <= 6 and shown[-1] == 0


def test_the_icon_is_of_every_port():
    class Line:
        seen = 0

    plant = Plant()
    first, second = Line(), Line()
    panel = Panel(table, plant.device.meter, Contacts(), Lcd(), (first, second))
    for seen in ((2, 0), (0, 1), (1, 2), (0, 0)):
        first.seen, second.seen = seen
        panel.menu.key(1, 0)
        panel._begin(0)
        assert panel.screen.comm == max(seen)


def test_the_icon_of_pulses_is_lit_while_a_module_puts_some_out():
    plant = Plant()
    io = plant.device.meter.io
    io.connect(["io21"])
    screen = plant.device.panel.screen
    plant.run(1200)
    assert not screen.pulse
    plant.write(p.SETTING + m.IO21_DO1_OUTPUT, v.PULSES_ACTIVE_IMPORT)
    plant.write(p.SETTING + p.PULSE_P, 60000)
    # 1 kWh in a second: more pulses than come out in a minute
    joules = plant.device.meter.billing.quadrants.joules
    joules[b.ACTIVE_IMPORT] += 3600000
    plant.run(3000)
    assert io.pulsed > 3 and screen.pulse
    plant.write(p.SETTING + m.IO21_DO1_OUTPUT, v.PULSES_NONE)
    plant.run(1200)
    assert not screen.pulse


def test_the_light_goes_out_after_its_minutes_and_comes_with_a_key():
    plant = Plant()
    plant.write(table.BACKLIGHT, 1)
    lcd, contacts = Lcd(), Contacts()
    panel = Panel(table, plant.device.meter, contacts, lcd, ())
    for ms in range(0, 59500, 10):
        panel.look(ms)
        assert lcd.lit
    for ms in range(59500, 61500, 10):
        panel.look(ms)
        panel._busy = False  # what was begun is drawn
    assert lcd.lit is False
    page = panel.menu.page_word
    for ms in range(61500, 61700, 10):
        contacts.closed = P if ms < 61600 else 0
        panel.look(ms)
        panel._busy = False
    # the first key only brings the light
    assert lcd.lit and panel.menu.page_word == page
    assert plant.points.read(p.SETTING + p.PT1) > 0
