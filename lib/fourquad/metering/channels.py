"""What a front end's channels are connected to."""

# Below these a channel is dead: what the noise of a code or two leaves in the fundamental of a window, and
# 0.07 % of the rated current, so that a meter starts at the 0.1 % of IEC 62053-22 (classes 0.2S and 0.5S); of
# voltages 0.14 % of full scale. A channel's own floor counts where it is higher.
_CODES = 0.35
_CURRENT = 0.0007
_VOLTAGE = 0.0014


class Channel:
    """One input of the front end.

    `kind` is "V" or "I"; `phase` 1-3, or 0 for a measured neutral current. `gain` is volts or amperes on the
    secondary side of the transformers per code. `delay` says by how many frames this channel is sampled later
    than the frame's start (c / channels for a round robin), less what its transformer lags, in frames.
    `floor` is the RMS (V or A) below which it reads 0, where that is to be more than the meter's own floor:
    what noise makes of an open input. `sinc` is the order (0-3) of the converter's sinc filter, of whose
    droop the harmonics are freed; `gain` makes up for that of the fundamental. `noise` (RMS, V or A) is taken
    off in mean squares; `low` is the second point of a current: see calibration.py, which also changes gain
    and delay.
    """

    def __init__(self, kind, phase, gain, delay=0.0, floor=0.0, sinc=0):
        self.kind = kind
        self.phase = phase
        self.gain = gain
        self.delay = delay
        self.floor = floor
        self.sinc = sinc
        self.noise = 0.0
        self.low = None


def find(channels, kind, phase):
    """Number of the channel that measures `kind` of `phase`, or -1."""
    for i in range(len(channels)):
        c = channels[i]
        if c.kind == kind and c.phase == phase:
            return i
    return -1


def floors_of(channels, bits, rated):
    """The floor of each channel in codes, RMS; codes have `bits` bits, currents are `rated` amperes."""
    floors = []
    for c in channels:
        least = _VOLTAGE * (1 << bits - 1) if c.kind == "V" else max(_CODES, _CURRENT * rated / c.gain)
        floors.append(max(least, c.floor / c.gain))
    return floors
