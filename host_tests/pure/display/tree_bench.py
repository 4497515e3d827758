"""The S4100's panel on a meter without samples: four keys, and readings that are put in by hand."""

import panel_bench

from fourquad import points as p
from fourquad.models.s4100 import menu as table


class Bench(panel_bench.Bench):
    """The meter's four keys; readings are put in by hand."""

    def __init__(self):
        super().__init__("s4100", table)

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
