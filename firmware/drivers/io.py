"""Digital inputs, relays and digital outputs of the board."""

from machine import Pin

from drivers.keys import Contacts


class Terminals:
    """`inputs`: pins of contacts to ground; `relays`, `outputs`: pins that switch something on when high."""

    def __init__(self, inputs, relays, outputs=()):
        self._inputs = Contacts(inputs)
        self._relays = [Pin(number, Pin.OUT, value=0) for number in relays]
        self._outputs = [Pin(number, Pin.OUT, value=0) for number in outputs]

    def read(self):
        """Bit n is set while input n+1 is closed."""
        return self._inputs.read()

    def drive(self, relays, outputs):
        """Bit n switches relay n+1 and output n+1."""
        for pin in self._relays:
            pin(relays & 1)
            relays >>= 1
        for pin in self._outputs:
            pin(outputs & 1)
            outputs >>= 1
