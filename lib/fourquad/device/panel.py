"""The board's panel: keys to the menu, the menu's screen to the display, in slices."""

from fourquad import ticks
from fourquad.display.keys import NONE

_KEYS_MS = 10
_REFRESH_MS = 500


class Panel:
    """`table`: the model's menu; `contacts`: of its keys (drivers.keys.Contacts or alike); `lcd`:
    drivers.lcd.Lcd, or None where others draw `screen`; `ports`: for the icon.
    """

    def __init__(self, table, meter, contacts, lcd, ports):
        self._meter = meter
        self._contacts = contacts
        self._lcd = lcd
        self._ports = ports
        # only needed here, and forgotten by a board (firmware/app.py)
        from fourquad.display import panels

        self.menu, self.screen = panels.make(table, meter.points)
        self.menu.recover(meter.page)
        self._keys = panels.keys(table)
        self._part = self._parts = 0
        if lcd:
            self._layout = panels.layout(table, self.screen, lcd.frame)
            self._part = self._parts = self.menu.parts + self._layout.parts
        self._pulsed = 0  # by the outputs of I/O modules when it was drawn last
        self._keys_due = None
        self._drawn = None
        self._busy = False  # while something is still to be drawn or sent

    def work(self, now):
        """One slice; ms to the next one."""
        if self._keys_due is None or ticks.diff(now, self._keys_due) >= 0:
            self._keys_due = ticks.add(now, _KEYS_MS)
            self.look(now)
        elif self._part < self._parts:
            self._draw()
        elif self._lcd:
            self._busy = self._lcd.work()
        return 0 if self._busy else ticks.diff(self._keys_due, now)

    def look(self, now):
        """Keys, and every half a second the menu: to be called every 10 ms."""
        self._keys.sample(self._contacts.read(), now)
        event = self._keys.tick(now)
        while event != NONE:
            self.menu.key(event, now)
            self._begin(now)
            event = self._keys.tick(now)
        if self._drawn is None or not self._busy and ticks.diff(now, self._drawn) >= _REFRESH_MS:
            self._begin(now)

    def _begin(self, now):
        self.menu.tick(now)
        self._meter.page = self.menu.page_word
        self._drawn = now
        if self._lcd:
            self._lcd.light(self.menu.backlight)
            self._part = 0
            self._busy = True
        comm = 0
        for port in self._ports:
            comm = max(comm, port.seen)
            port.seen = 0
        if self._ports:
            self.screen.comm = comm
        io = self._meter.io
        if io:
            pulsed = io.pulsed
            self.screen.pulse = pulsed != self._pulsed
            self._pulsed = pulsed

    def _draw(self):
        part = self._part
        self._part += 1
        if part < self.menu.parts:
            self.menu.draw_part(self.screen, part)
        else:
            self._layout.draw(part - self.menu.parts)
            if self._part == self._parts:
                self._lcd.changed()
