"""Warning line of the supply: low when the power is about to fail."""

from machine import Pin


class Warning:
    """`failing` becomes True at a falling edge; who has acted on it sets it back.

    The interrupt only sets a mark, because the loop may be in the middle of the journal when it comes. It is
    not seen while the flash is erased, 3 ms at most on an RP2040: the supply must hold longer than that.
    """

    def __init__(self, pin):
        self.failing = False
        self._pin = Pin(pin, Pin.IN, Pin.PULL_UP)
        self._pin.irq(self._fell, Pin.IRQ_FALLING)

    def _fell(self, pin):
        self.failing = True

    def stop(self):
        """No more interrupts."""
        self._pin.irq(None)
