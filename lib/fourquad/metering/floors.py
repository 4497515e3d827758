"""Below which value a channel is dead.

That is what the noise of a code or two leaves in the fundamental of a window, and 0.07 % of the rated
current, so that a meter starts at the 0.1 % of IEC 62053-22 (classes 0.2S and 0.5S); of voltages 0.14 % of
full scale.
A channel's own floor counts where it is higher.
"""

_CODES = 0.35
_CURRENT = 0.0007
_VOLTAGE = 0.0014


def floors_of(channels, bits, rated):
    """The floor of each channel in codes, RMS; codes have `bits` bits, currents are `rated` amperes."""
    floors = []
    for c in channels:
        least = _VOLTAGE * (1 << bits - 1) if c.kind == "V" else max(_CODES, _CURRENT * rated / c.gain)
        floors.append(max(least, c.floor / c.gain))
    return floors
