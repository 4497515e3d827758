"""What a display with a graphic matrix shows at a moment: one value with its code and marks, a monitoring
row.

`code`, `marks`, `digits`, `note`, `unit`: the value as the model's table describes it
(models/a1000/display.py); `storage` is the n of "n Num Storage" or -1. `phases`, `phi`, `row`: the
monitoring row at the bottom. `watt`, `var`: direction of the present energy, 1 import, 2 export, 0 none.
`flash_digits`, `flash_phases` say what flashes, `dark` that it is dark just now. `comm` belongs to the
owner: 0 quiet, 1 received (RX), 2 sent too (TX). (Source: A1000 manual 2.1.2.)
"""


class Matrix:
    def __init__(self):
        self.backlight = True
        self.comm = 0
        self.pulse = False  # the LED of active energy
        self.pulse_var = False  # and of reactive energy
        self.battery = False
        self.locked = True
        self.program = False
        self.errors = 0  # bit 0: err 1, bit 1: err 2
        self.tariff = 0
        self.watt = 0
        self.var = 0
        self.mode = ""
        self.dark = False
        self.phases = ""
        self.phi = False
        self.row = ""
        self.flash_phases = False
        self.clear()

    def clear(self):
        """Empty the value."""
        self.code = self.marks = self.digits = self.note = self.unit = ""
        self.storage = -1
        self.flash_digits = False

    def as_dict(self):
        """For the simulator's control socket, whatever the flashing does just now."""
        return {
            "mode": self.mode,
            "code": self.code,
            "marks": self.marks.split(),
            "digits": self.digits,
            "note": self.note,
            "unit": self.unit,
            "storage": None if self.storage < 0 else self.storage,
            "monitor": {
                "phases": self.phases,
                "phi": self.phi,
                "text": self.row,
                "flashing": self.flash_phases,
            },
            "flashing": self.flash_digits,
            "watt": ("", "import", "export")[self.watt],
            "var": ("", "import", "export")[self.var],
            "tariff": self.tariff or None,
            "rx": self.comm > 0,
            "tx": self.comm > 1,
            "pulse": self.pulse,
            "pulse_var": self.pulse_var,
            "lock": self.locked,
            "battery": self.battery,
            "prg": self.program,
            "err1": bool(self.errors & 1),
            "err2": bool(self.errors & 2),
            "backlight": self.backlight,
        }
