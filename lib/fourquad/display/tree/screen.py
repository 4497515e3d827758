"""What such a display shows at a moment: a page with its value, and icons.

`path`: the page that led here; `name`, `note`: what the value is; `value`: a number, a word, or nothing;
`unit`; `keys`: letters of the keys that do something here, of U, D, L, R; `flash`: place of the flashing
digit, ALL of them, or NONE; `heart`: blinks while the meter is alive; `wrench`: something is to be looked at.
(Source: the model's manual, display screen diagram and troubleshooting.)
"""

from fourquad.display import flash
from fourquad.display.flash import NONE


class Readout:
    def __init__(self):
        self.path = self.name = self.note = self.value = self.unit = self.keys = ""
        self.heart = self.wrench = False
        self.flash = NONE
        self.dark = False  # what flashes is not seen just now
        self.backlight = True
        self.mode = ""
        self.comm = 0
        self.pulse = False

    def seen(self):
        """The value without what is dark just now."""
        return flash.seen(self.value, self.flash) if self.dark else self.value

    def as_dict(self):
        """For the simulator's control socket, whatever the flashing of the value does just now."""
        return {
            "mode": self.mode,
            "path": self.path,
            "name": self.name,
            "note": self.note,
            "value": self.value,
            "unit": self.unit,
            "keys": self.keys,
            "heart": self.heart,
            "wrench": self.wrench,
            "flashing": self.flash != NONE,
            "cursor": self.flash if 0 <= self.flash < flash.ALL else None,
            "comm": self.comm,
            "pulse": self.pulse,
            "backlight": self.backlight,
        }
