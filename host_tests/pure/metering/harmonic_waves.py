"""Waves of harmonics in closed form, as codes and as what a meter must find in them; for the tests of
harmonics.
"""

import math
from array import array

from fourquad import points as p
from fourquad.metering.channels import Channel
from fourquad.metering.harmonics import Harmonics
from fourquad.metering.kernels import make as kernel
from fourquad.metering.kernels.plan import FRAMES, Plan
from fourquad.metering.wiring import Network

ROOT2 = 1.4142135
PEAKS = {"V": 400.0, "I": 10.0}


def passed(h, sinc):
    """What a sinc filter with zeros at 128 times the mains leaves of order `h`, over what it leaves of 1."""
    return (math.sin(h * math.pi / 128) / (h * math.sin(math.pi / 128))) ** sinc


class Rig:
    """Harmonics on a kernel of its own. `waves`: for each channel a dict of order to (RMS, lag in degrees);
    channels are sampled one after the other where `skew`, after a sinc filter of order `sinc`.
    """

    def __init__(
        self, waves, kinds="VVII", phases=(1, 2, 1, 2), wirings=(4, 0), skew=True, bits=12, nominal=0, sinc=0
    ):
        n = len(kinds)
        self.bits = bits
        full = 1 << (bits - 1)
        delays = [c / n if skew else 0.0 for c in range(n)]
        gains = [PEAKS[kind] / full for kind in kinds]
        channels = [Channel(kinds[c], phases[c], gains[c], delays[c], sinc=sinc) for c in range(n)]
        network = Network(channels, wirings[0], wirings[1])
        self.kernel = kernel.make(Plan(n, network.pairs), bits)
        self.values = array("i", [0] * p.HARMONICS)
        self.harmonics = Harmonics(self.values)
        spectrum = self.kernel.spectrum()
        for _ in self.harmonics.prepare(spectrum, channels, nominal):
            pass
        self.settings = (network, spectrum, nominal, True)
        self.harmonics.configure(*self.settings)
        middle = full if bits <= 16 else 0
        self.buffer = array("H" if bits <= 16 else "i", [0] * (FRAMES * n))
        for c in range(n):
            for k in range(FRAMES):
                x = 0.0
                for h, (rms, lag) in waves[c].items():
                    # whole turns out of the angle first, because single precision would lose them
                    turns = (h * k % FRAMES + h * delays[c]) / FRAMES - lag / 360.0
                    x += rms * passed(h, sinc) * math.sin(2 * math.pi * turns)
                self.buffer[k * n + c] = int(math.floor(x * ROOT2 / channels[c].gain + middle + 0.5))

    def run(self, cycles=10, alive=127):
        """One window, worked out."""
        h = self.harmonics
        h.begin()
        for _ in range(cycles):
            h.run(self.buffer, 0, 1)
        while h.work(alive):
            pass
        return self.values


def hd(wave, orders):
    """Root of the sum of squares of `orders` over the fundamental, in 0.01 %."""
    return 10000 * math.sqrt(sum([wave[h][0] ** 2 for h in wave if h in orders])) / wave[1][0]


def rms(wave):
    return math.sqrt(sum([x * x for x, _ in wave.values()]))


def budeanu(v, i):
    """Reactive power of the harmonics from 2 on."""
    q = 0.0
    for h in v:
        if h > 1 and h in i:
            q += v[h][0] * i[h][0] * math.sin(math.radians(i[h][1] - v[h][1]))
    return q
