"""Digital inputs and relays of the board."""

from machine import Pin

from drivers.keys import Contacts


class Terminals:
    """`inputs`: pins of contacts to ground; `relays`: pins that switch a relay on when high."""

    def __init__(self, inputs, relays):
        self._inputs = Contacts(inputs)
        self._relays = [Pin(number, Pin.OUT, value=0) for number in relays]

    def read(self):
        """Bit n is set while input n+1 is closed."""
        return self._inputs.read()

    def drive(self, states):
        """Bit n switches relay n+1."""
        for pin in self._relays:
            pin(states & 1)
            states >>= 1
