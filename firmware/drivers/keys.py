"""Keys: contacts to ground on pins with pull-ups. Debouncing and chords are `fourquad.display.keys`."""

from machine import Pin


class Contacts:
    """Up to 16 contacts; bit n of `read()` is set while contact n is closed."""

    def __init__(self, pins):
        self._pins = [Pin(number, Pin.IN, Pin.PULL_UP) for number in pins]

    def read(self):
        """All contacts at once."""
        closed = 0
        bit = 1
        for pin in self._pins:
            if not pin():
                closed |= bit
            bit <<= 1
        return closed
