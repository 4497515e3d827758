"""Weights of the telephone harmonic form factor (THFF).

THFF = sqrt(sum over n of (U_n * P_n * n * f / 800)^2) / U: what a line voltage's harmonics do to a telephone
line beside it, induction being in proportion to frequency. U is the RMS of the whole wave, n goes from 1, f
is the nominal frequency in Hz, P_n the psophometric weight at n * f. (CIGRE/IEC 60919-1 for HVDC lines; the
telephone harmonic factor THF of IEC 60034-1 has the same form.)
"""

import math

# ITU-T Recommendation O.41 (10/94), table 1: frequency in Hz, weight in 0.1 dB, 0 dB at 800 Hz. Checked
# against the reprint in table A.1 of ANSI/TIA-470.120-C. Between its points the weight in dB is linear over
# the logarithm of the frequency (ours; O.41 draws a curve).
_O41 = (
    (17, -850),
    (50, -630),
    (100, -410),
    (200, -210),
    (300, -106),
    (400, -63),
    (500, -36),
    (600, -20),
    (700, -9),
    (800, 0),
    (900, 6),
    (1000, 10),
    (1200, 0),
    (1400, -9),
    (1600, -17),
    (1800, -24),
    (2000, -30),
    (2500, -42),
    (3000, -56),
    (3500, -85),
    (4000, -150),
    (4500, -250),
    (5000, -360),
    (6000, -430),
)


def weight(hertz):
    """P * f / 800 at f = `hertz`: 1 at 800 Hz; 0 outside of the table."""
    for i in range(1, len(_O41)):
        low, a = _O41[i - 1]
        high, b = _O41[i]
        if low <= hertz <= high:
            tenths = a + (b - a) * math.log(hertz / low) / math.log(high / low)
            return 10.0 ** (tenths / 200) * hertz / 800
    return 0.0
