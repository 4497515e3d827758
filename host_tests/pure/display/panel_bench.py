"""A model's panel with its keys and the time, on a meter without samples."""

from meter.tables import meter

from fourquad import models
from fourquad.display import panels
from fourquad.display.keys import NONE


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
