"""A model's panel with its keys and the time, on a meter without samples."""

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.display import panels
from fourquad.display.keys import NONE
from fourquad.models.s4100 import menu as tree


class Bench:
    """A meter's panel, its keys and the time."""

    def __init__(self, model, table):
        self.table = table
        self.meter = meter(models.load(model))
        self.points = self.meter.points
        self.menu, self.screen = panels.make(table, self.points)
        self.keys = panels.keys(table)
        self.now = 1000
        self.menu.recover(0)
        self.wait(0)

    def wait(self, ms):
        end = self.now + ms
        while True:
            self.menu.tick(self.now)
            self.menu.draw_part(self.screen, 0)
            if self.now >= end:
                return
            self.now = min(end, self.now + 500)

    def press(self, key, ms=100):
        """A contact that closes for so long."""
        code = self.table.KEYS.index(key)
        start = self.now
        self.keys.press(code, start)
        while self.now < start + ms + 100:
            self.now += 10
            if self.now == start + ms:
                self.keys.release(code, self.now)
            event = self.keys.tick(self.now)
            while event != NONE:
                self.menu.key(event, self.now)
                event = self.keys.tick(self.now)
        self.wait(0)


class FourKeys(Bench):
    """The meter's four keys; readings are put in by hand."""

    def __init__(self):
        super().__init__("s4100", tree)

    def up(self, times=1):
        for _ in range(times):
            self.press("UP")

    def down(self, times=1):
        for _ in range(times):
            self.press("DOWN")

    def left(self, times=1):
        for _ in range(times):
            self.press("LEFT")

    def right(self, times=1):
        for _ in range(times):
            self.press("RIGHT")

    def to(self, name, note=None):
        """Down to a page of the ring."""
        for _ in range(60):
            if self.screen.name == name and note in (None, self.screen.note):
                return
            self.down()
        raise AssertionError(name)

    def ring(self):
        """Name, note, value and unit of each page of the ring, from the present one on."""
        out = []
        while True:
            out.append(self.seen)
            self.down()
            if self.seen == out[0]:
                return out

    def open(self, name):
        """A page of SETUP, or of RESET, by the password 00000."""
        self.to(name)
        self.right(6)
        assert (self.screen.path, self.screen.mode) == (name, "browse")

    def enter(self, digits):
        """Digits of a number, from the first to the last, and take it."""
        for digit in digits:
            for _ in range(10):
                seen = self.screen.value.replace(".", "")[self.screen.flash]
                if seen == digit:
                    break
                self.up()
            self.right()

    def readings(self, **given):
        for name in given:
            for side in (self.meter.readings.secondary, self.meter.readings.primary):
                side[getattr(p, name)] = given[name]
        self.wait(0)

    @property
    def seen(self):
        return self.screen.name, self.screen.note, self.screen.value, self.screen.unit

    @property
    def field(self):
        return self.screen.path, self.screen.name, self.screen.value
