"""A meter of 12-bit codes for the tests that run everywhere: samples from plain Python, single precision will
do.
"""

import math
from array import array

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel

FRAMES = 128
CLOCK_HZ = 12288000000
NOMINAL = 1920000  # ticks of a frame at 50 Hz
VOLTS = 400.0 / 2048
AMPS = 10.0 / 2048
TURN = 1 << 24
ROOT2 = 1.4142135
SPLIT = ((230.0, 0.0), (225.0, 180.0), (5.0, 60.0), (3.0, 210.0))  # V1 V2 I1 I2
LL1 = ((p.WIRING_U, 4),)


class Bench:
    """Channels V1, V2, I1, I2 one after the other, as a converter behind a multiplexer samples them.

    `waves`: for each channel (RMS, lag in degrees), followed by an order if it is not the fundamental;
    `frequency` in mHz.
    """

    def __init__(
        self, waves, frequency=50000, settings=(), skew=True, kinds="VVII", phases=(1, 2, 1, 2), model=kw320
    ):
        self.waves = waves
        self.frequency = frequency
        n = len(kinds)
        self.delays = [c / n if skew else 0.0 for c in range(n)]
        self.gains = [VOLTS if kind == "V" else AMPS for kind in kinds]
        channels = [Channel(kinds[c], phases[c], self.gains[c], self.delays[c]) for c in range(n)]
        self.meter = meter = Meter(model, channels, CLOCK_HZ, 12)
        if meter.settings.has(p.ENERGY_SIDE):
            settings = ((p.ENERGY_SIDE, 1),) + tuple(settings)
        for offset, value in ((p.CT1, 5), (p.CT2, 5)) + tuple(settings):
            assert meter.points.write(p.SETTING + offset, value) == p.OK
        self.turn = 0  # phase of the mains at the next frame, 2**-24 turns
        self.ms = 0
        self._us = 0
        self.buffer = array("H", [0] * (FRAMES * n))

    def cycle(self):
        """One cycle of 128 frames into the meter."""
        period = self.meter.frame_period
        # turns of a frame in 2**-24: exact integers, because single precision would lose the phase
        step = period * TURN * self.frequency // (CLOCK_HZ * 1000)
        buffer, n = self.buffer, len(self.waves)
        for c in range(n):
            rms, lag = self.waves[c][:2]
            order = self.waves[c][2] if len(self.waves[c]) > 2 else 1
            peak = rms * ROOT2 / self.gains[c]
            turn = order * (self.turn + int(self.delays[c] * step)) - int(lag / 360.0 * TURN)
            at = c
            for _ in range(FRAMES):
                x = peak * math.sin((turn & TURN - 1) * (2 * math.pi / TURN))
                buffer[at] = int(x + 2048.5)
                turn += order * step
                at += n
        self.turn = (self.turn + FRAMES * step) & TURN - 1
        self.meter.run(buffer, 0, 1)
        self._us += FRAMES * period // (CLOCK_HZ // 1000000)
        self.ms += self._us // 1000
        self._us %= 1000

    def work(self):
        while self.meter.work(self.ms & (1 << 30) - 1):
            pass

    def run(self, ms):
        end = self.ms + ms
        while self.ms < end:
            self.cycle()
            self.work()
        return self

    def read(self, pid):
        return self.meter.points.read(pid)


def near(got, expected, relative, absolute=0.0):
    assert abs(got - expected) <= relative * abs(expected) + absolute, (got, expected)


def residues(meter):
    """Energies in 2**-31 counts, with their residues."""
    raw = bytearray(meter.energy.size)
    meter.energy.dump(raw, 0)
    values = meter.energy.values

    def word(i):
        at = 4 * (p.ENERGIES + i)
        return raw[at] | raw[at + 1] << 8 | raw[at + 2] << 16 | raw[at + 3] << 24

    return (values[p.EP_IMP] << 31) + word(0), (values[p.EQ_IMP] << 31) + word(2)
