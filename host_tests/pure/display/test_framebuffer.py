"""The 128x64 layout: what is written where, nothing outside, every part alone."""

from panel_fake import CHOOSE, Fake, H, P, V

from fourquad.display import HEIGHT, WIDTH
from fourquad.display.rows.framebuffer import PARTS, RowsLayout


class Recorder:
    """Remembers texts by place and checks that all stays on the glass; a blank last column may fall off."""

    def __init__(self):
        self.texts = {}
        self.boxes = []

    def _area(self, x, y, width, height):
        assert x >= 0 and y >= 0 and x + width <= WIDTH + 1 and y + height <= HEIGHT, (x, y, width, height)

    def fill_rect(self, x, y, width, height, color):
        self._area(x, y, width, height)
        for place in list(self.texts):
            if not color and x <= place[0] < x + width and y <= place[1] < y + height:
                del self.texts[place]
        if color:
            self.boxes.append((x, y, width, height))

    def rect(self, x, y, width, height, color):
        self._area(x, y, width, height)

    def hline(self, x, y, width, color):
        self._area(x, y, width, 1)

    def pixel(self, x, y, color):
        self._area(x, y, 1, 1)

    def text(self, text, x, y, color):
        self._area(x, y, 8 * len(text), 8)
        if text.strip():
            self.texts[(x, y)] = text


def words(recorder):
    return sorted(recorder.texts.values())


def test_a_metering_page():
    fake = Fake()
    fake.draw()
    fb = Recorder()
    RowsLayout(fake.screen, fb).draw_all()
    expected = ["1", "2", "3", "avg", "230.0", "231.0", "232.0", "231.5", "V", "V", "V", "V", "U"]
    expected += ["Meter", "100.0", "kWh", "Imp", "L", "Q1"]
    assert words(fb) == sorted(expected)


def test_everything_lit_at_its_longest():
    fake = Fake()
    fake.energy[4] = -999999999
    for i in range(4):
        fake.readings[18 + i] = -999900.0
    fake.state[8] = 10
    fake.state[12] = 1
    fake.keys(P, P, 2, 2)
    s = fake.screen
    s.tariff = 4
    s.comm = 2
    s.pulse = True
    s.flags = "Unbalance"
    s.load = 999
    fb = Recorder()
    RowsLayout(s, fb).draw_all()
    assert "-99999999.9" in words(fb) and "Total Un" in words(fb)


def test_parts_replace_their_own_area_only():
    fake = Fake()
    fake.draw()
    fb = Recorder()
    layout = RowsLayout(fake.screen, fb)
    layout.draw_all()
    before = words(fb)
    for part in range(PARTS):
        layout.draw(part)
        assert words(fb) == before
    fake.keys(P)
    for part in range(PARTS):
        layout.draw(part)
    fresh = Recorder()
    RowsLayout(fake.screen, fresh).draw_all()
    assert words(fb) == words(fresh)


def test_the_dark_half_hides_the_cursor():
    fake = Fake()
    fake.open_setting(4)
    fake.keys(V)
    fake.wait(600)
    fb = Recorder()
    RowsLayout(fake.screen, fb).draw_all()
    assert " 0001" in words(fb)
    fake.keys(CHOOSE)
    fb = Recorder()
    RowsLayout(fake.screen, fb).draw_all()
    bright = len(fb.boxes)
    fake.wait(600)
    fb = Recorder()
    RowsLayout(fake.screen, fb).draw_all()
    assert len(fb.boxes) == bright - 1


def test_every_page_fits_the_glass():
    for wiring in range(5):
        fake = Fake(wiring)
        fb = Recorder()
        layout = RowsLayout(fake.screen, fb)
        for key in (V, P, H):
            for _ in range(7):
                fake.keys(key)
                layout.draw_all()
    fake.enter_setting()
    fake.keys(V)
    for _ in range(36):
        fake.keys(V)
        layout.draw_all()
        fake.keys(V, P)
        layout.draw_all()
