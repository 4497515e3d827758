"""The chip's own thermometer, the fifth input of its converter: on a board that samples with another one.

It tells the temperature of the die, some kelvin above that of the board, and follows the supply, which is the
converter's reference (datasheet 4.9.5).
"""

from machine import ADC
from micropython import const

_READS = const(16)  # one is noisy by half a kelvin
_VOLTS_A_READ = 3.3 / 65535 / 16
_AT_27 = 0.706  # V
_A_KELVIN = 0.001721  # V less


class Die:
    """A thermometer."""

    drifts = False

    def __init__(self):
        self._input = ADC(ADC.CORE_TEMP)

    def celsius(self):
        """Degrees. 0.3 ms."""
        total = 0
        for _ in range(_READS):
            total += self._input.read_u16()
        return 27 - (total * _VOLTS_A_READ - _AT_27) / _A_KELVIN
