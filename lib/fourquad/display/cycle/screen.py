"""What such a display shows at a moment: a description, seven digits, a unit, and icons.

`text`: the description; `digits`: up to seven digits with a point, or a short word; `all`: the mark of "all
parameters"; `comm`: 0 quiet, 1 a query came, 2 it was answered; `load`: percent of the rated current, for the
bar; `quadrant` 1-4 or 0; `way`: 1 import, 2 export, 0 none; `character`: "L", "C" or "" of the load; `flash`:
place of the flashing digit, ALL of them, or NONE; `backlight`. (Source: the model's manual, 3.1, table 1.)
"""

from fourquad.display import flash
from fourquad.display.flash import NONE

PLACES = 7
LOAD_BARS = 10


class Digits:
    def __init__(self):
        self.text = self.digits = self.unit = self.character = ""
        self.all = False
        self.comm = 0
        self.load = self.quadrant = self.way = 0
        self.flash = NONE
        self.dark = False  # what flashes is not seen just now
        self.backlight = True
        self.mode = ""
        self.pulse = False

    @property
    def bars(self):
        """How many bars of the load are lit."""
        return min(LOAD_BARS, (self.load + 5) // LOAD_BARS)

    def seen(self):
        """The digits without what is dark just now."""
        return flash.seen(self.digits, self.flash) if self.dark else self.digits

    def as_dict(self):
        """For the simulator's control socket, whatever the flashing does just now."""
        return {
            "mode": self.mode,
            "text": self.text,
            "digits": self.digits,
            "unit": self.unit,
            "all": self.all,
            "comm": self.comm,
            "load": self.load,
            "quadrant": self.quadrant or None,
            "way": ("", "import", "export")[self.way],
            "character": self.character,
            "flashing": self.flash != NONE,
            "cursor": self.flash if 0 <= self.flash < PLACES else None,
            "pulse": self.pulse,
            "backlight": self.backlight,
        }
