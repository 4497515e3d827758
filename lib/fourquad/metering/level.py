"""The second point of a calibration: corrections that depend on how much current flows.

They are made on the rows of a window (see forms.py), not on samples, and only where a transformer needs them.
"""

from math import cos, log, sin


class Levels:
    """`jobs`: for each phase whose transformer needs it ((gain, radians, square of the low current, logarithm
    of the span of squares), rows of I^2, rows of P, row of Q).
    """

    def __init__(self, jobs):
        self._jobs = tuple(jobs)

    def correct(self, kernel, view, unit, fast):
        """Correct the closed window `view` of `kernel`, fast or second; `unit` is A^2 of a row."""
        rows = len(view)
        for (gain, angle, low, span), squares, actives, q in self._jobs:
            i2 = view[squares[0]] * unit
            if i2 <= 0:
                continue
            if i2 > low:
                part = 1 - log(i2 / low) / span
                if part <= 0:
                    continue
                gain *= part
                angle *= part
            g = 1 + gain
            c, s = g * cos(angle) - 1, g * sin(angle)
            for at in squares:
                kernel.adjust(fast, at, view[at] * (gain * (2 + gain)))
            reactive = view[q]
            # the fundamental's P where there is one
            active = actives[-1] if actives[-1] < rows else actives[0]
            kernel.adjust(fast, q, reactive * c + view[active] * s)
            for at in actives:
                if at < rows:
                    kernel.adjust(fast, at, view[at] * c - reactive * s)
