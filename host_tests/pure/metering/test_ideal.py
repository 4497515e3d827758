"""The limits of the issue with an ideal front end, on the machine that runs this: V, I, P 0.02 %, angles 0.01
degrees, frequency 0.001 Hz, harmonics and THD 0.05 % of the fundamental. On MicroPython that is single
precision and the native kernel; ideal are then codes of 12 bits whose rounding is made random (a dither of a
code), so that what they lack averages out.
"""

import math
from array import array

from bench_12bit import AMPS, CLOCK_HZ, ROOT2, VOLTS, residues

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel

FRAMES = 128
TURN = 1 << 28
MASK = TURN - 1
V, A = 230.0, 5.0
RELATIVE, ANGLE, HERTZ, RATIO = 2e-4, 0.01, 0.001, 5.0
# order: (part of the fundamental, degrees of lag at its own order)
SPECTRUM = {
    2: (0.01, 30.0),
    3: (0.15, 10.0),
    5: (0.10, 200.0),
    11: (0.05, 77.0),
    40: (0.02, 5.0),
    63: (0.01, 90.0),
}


class Ideal:
    """V1 V2 V3 I1 I2 I3 sampled at once; every current lags its voltage by `lag`. `hertz` of the mains."""

    def __init__(self, hertz, harmonics=None):
        gains = [VOLTS] * 3 + [AMPS] * 3
        channels = [Channel("VI"[c // 3], c % 3 + 1, gains[c]) for c in range(6)]
        self.meter = meter = Meter(kw320, channels, CLOCK_HZ, 12)
        for offset, value in ((p.CT1, 5), (p.CT2, 5), (p.ENERGY_SIDE, 1)):
            assert meter.points.write(p.SETTING + offset, value) == p.OK
        self.hertz = hertz
        self.harmonics = harmonics or {}
        self.us = 0
        self.turn = 0
        self.random = 12345
        self.buffer = array("H", [0] * (6 * FRAMES))
        self.work()

    def work(self):
        while self.meter.work(self.us // 1000 & (1 << 30) - 1):
            pass

    def cycle(self, lag):
        period = self.meter.frame_period
        # integers: single precision would lose the phase
        step = (period * TURN * self.hertz + CLOCK_HZ // 2) // CLOCK_HZ
        waves = []
        for c in range(6):
            degrees = 120.0 * (c % 3) + (lag if c > 2 else 0.0)
            peak = ROOT2 * (A / AMPS if c > 2 else V / VOLTS)
            wave = [(1, peak, degrees)]
            if c > 2:
                wave += [(h, peak * part, h * degrees + own) for h, (part, own) in self.harmonics.items()]
            waves.append([(h, x, int(-turned / 360.0 * (1 << 20)) << 8) for h, x, turned in wave])
        buffer, random = self.buffer, self.random
        scale = 2 * math.pi / TURN
        for c in range(6):
            turn = self.turn
            for at in range(c, 6 * FRAMES, 6):
                x = 0.0
                for h, peak, offset in waves[c]:
                    x += peak * math.sin((h * turn + offset & MASK) * scale)
                random = random * 1103 + 12345 & 0xFFFFF
                buffer[at] = int(x + 2048.0 + random / 0x100000)
                turn += step
        self.random = random
        self.turn = self.turn + FRAMES * step & MASK
        self.meter.run(buffer, 0, 1)
        self.us += FRAMES * period // (CLOCK_HZ // 1000000)
        self.work()

    def run(self, seconds, lag):
        end = self.us + int(seconds * 1000000)
        while self.us < end:
            self.cycle(lag)
        return self

    def read(self, pid):
        return self.meter.points.read(pid)


def close(got, expected, limit):
    assert abs(got - expected) <= limit, (got, expected, limit)


def sines(degrees):
    """Cosine and sine."""
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def test_readings():
    for hertz in (45, 50, 60, 65):
        b = Ideal(hertz)
        for lag in (0.0, 60.0, -36.87, 130.0, 250.0):
            b.run(2.3, lag)
            cosine, sine = sines(lag)
            for base in (p.SECONDARY, p.FAST):
                close(b.read(base + p.FREQUENCY), hertz, HERTZ)
                for k in range(3):
                    close(b.read(base + p.V1 + k), V, RELATIVE * V)
                    close(b.read(base + p.V12 + k), 398.37169, RELATIVE * 398.37)
                    close(b.read(base + p.I1 + k), A, RELATIVE * A)
                    close(b.read(base + p.P1 + k), V * A * cosine, RELATIVE * V * A)
                    close(b.read(base + p.Q1 + k), V * A * sine, RELATIVE * V * A)
                    close(b.read(base + p.S1 + k), V * A, 2 * RELATIVE * V * A)
                    close(b.read(base + p.PF1 + k), cosine, 2 * RELATIVE)
                close(b.read(base + p.P_SUM), 3 * V * A * cosine, RELATIVE * 3 * V * A)
            for k in range(3):
                angle = b.read(p.ANGLE_I1 + k) - 120.0 * k - lag
                close((angle + 180.0) % 360.0 - 180.0, 0.0, ANGLE)
            close(b.read(p.ANGLE_V2), 120.0, ANGLE)
            close(b.read(p.ANGLE_V3), 240.0, ANGLE)


def test_harmonics():
    for hertz in (45, 50, 60, 65):
        b = Ideal(hertz, SPECTRUM).run(1.2, 30.0)
        total = 0.0
        for k in range(3):
            at = p.HARMONIC + p.HARMONIC_I1 + p.CURRENT_HARMONICS * k
            for h in range(2, 64):
                close(b.read(at + h - 2), 10000 * SPECTRUM.get(h, (0.0, 0.0))[0], RATIO)
                close(b.read(p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k + h - 2), 0.0, RATIO)
            total = math.sqrt(sum([part * part for part, _ in SPECTRUM.values()]))
            close(b.read(p.HARMONIC + p.THD_I1 + k), 10000 * total, RATIO)
        assert total > 0.1


def test_energies():
    b = Ideal(50).run(1.2, 60.0)
    b.meter.close()
    before, start = residues(b.meter), b.us
    b.run(5.0, 60.0)
    b.meter.close()
    after = residues(b.meter)
    hours = (b.us - start) / 3.6e9
    cosine, sine = sines(60.0)
    for i, power in ((0, 3 * V * A * cosine), (1, 3 * V * A * sine)):
        # Wh in 2**-31
        close((after[i] - before[i]) / (1 << 20) / 2048, power * hours, RELATIVE * power * hours)
