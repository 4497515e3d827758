"""Temperature sensor on I2C: an LM75 or what has its register 0 (TMP102, TMP75, DS75), at address 48H."""

from machine import I2C, Pin
from micropython import const

_ADDRESS = const(0x48)
_REGISTER = const(0)
_LOW, _HIGH = const(-55 * 256), const(125 * 256)  # what the part can measure


class Lm75:
    """On I2C `number`; `data` and `clock`: its pins, where the port does not give them."""

    drifts = True

    def __init__(self, number, data=None, clock=None):
        self._two = bytearray(2)
        if data is None:
            self._bus = I2C(number)
        else:
            self._bus = I2C(number, sda=Pin(data), scl=Pin(clock))

    def celsius(self):
        """Degrees, a multiple of 0.5 or less; None where no sensor answers sensibly. 0.2 ms."""
        try:
            self._bus.readfrom_mem_into(_ADDRESS, _REGISTER, self._two)
        except OSError:
            return None
        # 16 bits with their sign, in 1/256 degree
        value = self._two[0] << 8 | self._two[1]
        if value & 0x8000:
            value -= 0x10000
        return value / 256 if _LOW <= value <= _HIGH else None
