"""The monitoring row at the bottom of a display: voltages, currents, power factors in turn (A1000 1.3, 1.7).

While a phase loses its voltage that voltage stays, its letter flashing; while a current is too high the three
currents stay, ABC flashing.
"""

from fourquad import points as p
from fourquad.display import Reader
from fourquad.display.formats import point
from fourquad.points import billing as b

_STEP_MS = 3000
_R = p.SECONDARY
_ROWS = (
    ("A", p.V1, 1, "V", False),
    ("B", p.V2, 1, "V", False),
    ("C", p.V3, 1, "V", False),
    ("A", p.I1, 3, "A", False),
    ("B", p.I2, 3, "A", False),
    ("C", p.I3, 3, "A", False),
    ("A", p.PF1, 3, "", True),
    ("B", p.PF2, 3, "", True),
    ("C", p.PF3, 3, "", True),
    ("", p.PF_SUM, 3, "", True),
)


class Monitor(Reader):
    def __init__(self, points):
        self._points = points

    def draw(self, screen, now, empty=False):
        """Fill the monitoring row of a Matrix, or leave it empty."""
        if empty:
            screen.phases = screen.row = ""
            screen.phi = screen.flash_phases = False
            return
        screen.flash_phases = True
        for phase in range(3):
            if self._active(b.VOLTAGE_LOSS + phase):
                self._show(_ROWS[phase], screen)
                return
        for phase in range(3):
            if self._active(b.OVER_CURRENT + phase):
                screen.phases = "ABC"
                screen.phi = False
                screen.row = " ".join([self._text(_R + p.I1 + i, 2) for i in range(3)]) + " A"
                return
        screen.flash_phases = False
        self._show(_ROWS[now // _STEP_MS % len(_ROWS)], screen)

    def _active(self, event):
        return self._read(b.supervised(event, b.EVENT_ACTIVE))

    def _show(self, row, screen):
        screen.phases, pid, decimals, unit, screen.phi = row
        text = self._text(_R + pid, decimals)
        screen.row = text + " " + unit if unit else text

    def _text(self, pid, decimals):
        value = self._points.read(pid) * 10**decimals
        if not -999999 < value < 999999:
            return "---"
        return point(int(value + (0.5 if value >= 0 else -0.5)), decimals)
