"""What the panel shows at a moment: made once, filled by the menu, read by every renderer.

`digits`, `units`, `labels`: the four main rows, each a text ("230.0", "V", "1").
`line`, `line_unit`, `line_flag`: the fifth line (energy, clock, settings) and its Imp, Exp, Total or Net.
`item`: the icons of what is shown, up to three characters ("U", "PQS", "S01"); `flags`: words among
Unbalance THD TDD MAX MIN, separated by spaces.
`modes`: names of the modes this meter has, `mode` the present one, while `choosing` the one under the cursor.
`flash_row`, `flash_col`: the flashing character; row 4 is the fifth line, row -1 none, column -1 a whole row.
`dark`: the flashing things are in their dark half. (Source: KW320 manual 3.1.)

`modules`: the connected I/O modules by their kinds, separated by spaces ("M1x2 M3"); `network`: what the
network module speaks (ETH, BACNET, MESH), empty without one.

`comm`, `pulse`, `linked` (there is a network module) and `profibus` belong to whoever owns the meter; the
menu does not touch them.
"""

LINE = 4  # flash_row of the fifth line
NO_FLASH = -1


class Screen:
    def __init__(self):
        self.digits = [""] * 4
        self.units = [""] * 4
        self.labels = [""] * 4
        self.line = ""
        self.line_unit = ""
        self.line_flag = ""
        self.item = ""
        self.flags = ""
        self.modes = ()
        self.mode = 0
        self.choosing = False
        self.flash_row = NO_FLASH
        self.flash_col = -1
        self.dark = False
        self.load = -1  # percent of the rated current, -1 shows nothing
        self.quadrant = 0  # 1-4, 0 shows nothing
        self.load_type = ""  # L, C, R
        self.modules = ""
        self.network = ""
        self.clock = False  # the fifth line is a time
        self.sealed = False
        self.backlight = True
        self.comm = 0  # 0 quiet, 1 request seen, 2 answered
        self.pulse = False
        self.linked = False
        self.profibus = False
        self.tariff = 0  # 1-4, 0 shows nothing

    def clear(self):
        """Empty the rows and what belongs to a page."""
        for i in range(4):
            self.digits[i] = self.units[i] = self.labels[i] = ""
        self.line = self.line_unit = self.line_flag = self.item = self.flags = ""
        self.flash_row = NO_FLASH
        self.flash_col = -1
        self.clock = False

    def shown(self, row):
        """The text of a row (4: the fifth line) now, a flashing character blanked in its dark half."""
        text = self.line if row == LINE else self.digits[row]
        if not self.dark or row != self.flash_row:
            return text
        if self.flash_col < 0:
            return " " * len(text)
        return text[: self.flash_col] + " " + text[self.flash_col + 1 :]

    def as_dict(self):
        """For the simulator's control socket: rows and icons, whatever the flashing does just now."""
        return {
            "mode": self.modes[self.mode] if self.modes else "",
            "modes": list(self.modes),
            "choosing": self.choosing,
            "item": self.item,
            "flags": self.flags.split(),
            "rows": [
                {"label": self.labels[i], "text": self.digits[i], "unit": self.units[i]} for i in range(4)
            ],
            "line": {"text": self.line, "unit": self.line_unit, "flag": self.line_flag, "clock": self.clock},
            "flash": None if self.flash_row < 0 else [self.flash_row, self.flash_col],
            "load_percent": None if self.load < 0 else self.load,
            "quadrant": self.quadrant or None,
            "load_type": self.load_type,
            "communication": self.comm,
            "pulse": self.pulse,
            "modules": self.modules.split(),
            "network": self.network,
            "profibus": self.profibus,
            "tariff": self.tariff or None,
            "sealed": self.sealed,
            "backlight": self.backlight,
        }
