"""An address of the network that keys change digit by digit: four numbers of three digits each."""

COUNT = 4
_DIGITS = 3
_WEIGHTS = (100, 10, 1)


class Octets:
    """`cursor` is the place, from the first digit of the first number on, that keys change."""

    def __init__(self):
        self._digits = bytearray(COUNT * _DIGITS)
        self.cursor = 0

    def begin(self, values):
        """Another address, the cursor on its first place."""
        self.cursor = 0
        for i in range(COUNT * _DIGITS):
            self._digits[i] = values[i // _DIGITS] // _WEIGHTS[i % _DIGITS] % 10

    def next(self):
        """The cursor goes on, after the last place to the first."""
        self.cursor = (self.cursor + 1) % len(self._digits)

    def turn(self, by):
        """Another digit under the cursor, after the last the first."""
        self._digits[self.cursor] = (self._digits[self.cursor] + 10 + by) % 10

    def value(self, i):
        """The number `i`, of 0 to 999."""
        at = _DIGITS * i
        return sum([self._digits[at + k] * _WEIGHTS[k] for k in range(_DIGITS)])

    def place(self):
        """Which number the cursor is in, and at which of its digits."""
        return self.cursor // _DIGITS, self.cursor % _DIGITS
