"""The tests' own plant: waves in closed form, sampled in double precision, and what a meter must read of
them.

Independent of the code under test: phasors of harmonics in, textbook formulas out.
"""

import cmath
import math

import numpy as np

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel

CLOCK_HZ = 12_288_000_000
VOLT_PEAK = 600.0
AMP_PEAK = 20.0
LN3, LN1, LL2, LL3, LL1 = range(5)
CT3, CT1, CT2 = range(3)


def polar(rms, degrees):
    """A phasor (RMS); a positive angle lags, as meters count."""
    return cmath.rect(rms, -math.radians(degrees))


class Plant:
    """`volts` and `amps`: for each phase a dict of harmonic to RMS phasor; a DC under harmonic 0."""

    def __init__(self, volts, amps, frequency=50.0, ramp=0.0):
        self.volts = volts
        self.amps = amps
        self.frequency = frequency
        self.ramp = ramp  # Hz per second

    def turns(self, t):
        return self.frequency * t + 0.5 * self.ramp * t * t

    def frequency_at(self, t):
        return self.frequency + self.ramp * t


def three_phase(volts=230.0, amps=5.0, lag=30.0, frequency=50.0, sequence=1):
    """A balanced plant."""
    angles = (0.0, 120.0 * sequence, 240.0 * sequence)
    return Plant(
        [{1: polar(volts, a)} for a in angles], [{1: polar(amps, a + lag)} for a in angles], frequency
    )


def add(*waves):
    out = {}
    for factor, wave in waves:
        for h, x in wave.items():
            out[h] = out.get(h, 0) + factor * x
    return out


def star(volts):
    """Voltages against the centroid of the lines."""
    mean = add(*[(1 / 3, v) for v in volts])
    return [add((1, v), (-1, mean)) for v in volts]


def terminals(plant, wiring):
    """What the terminals V1-V3 see against VN."""
    v = plant.volts
    nothing = {}
    if wiring == LL2:
        return [add((1, v[0]), (-1, v[1])), nothing, add((1, v[2]), (-1, v[1]))]
    if wiring == LL3:
        return star(v)
    return {LN3: list(v), LN1: [v[0], nothing, nothing], LL1: [v[0], v[1], nothing]}[wiring]


def rms(wave):
    return math.sqrt(sum(abs(x) ** 2 for h, x in wave.items() if h))


def active(v, i):
    return sum((v[h] * complex(i[h]).conjugate()).real for h in v if h and h in i)


def reactive(v, i):
    """Budeanu's, inductive import positive."""
    return sum((v[h] * complex(i[h]).conjugate()).imag for h in v if h and h in i)


def lag(a, b):
    """Degrees 0-360 by which fundamental b lags a."""
    return math.degrees(cmath.phase(a[1] / b[1])) % 360.0


def sequence_ratio(waves):
    turn = cmath.rect(1.0, 2 * math.pi / 3)
    x, y, z = (w.get(1, 0) for w in waves)
    return abs(x + turn**2 * y + turn * z) / abs(x + turn * y + turn**2 * z)


def truth(plant, wiring_u, wiring_i):
    """Expected readings of the secondary side; angles only where the wiring has them."""
    phases = {LN1: 1, LL1: 2}.get(wiring_u, 3)
    delta = wiring_u in (LL2, LL3)
    v = star(plant.volts) if delta else plant.volts[:phases]
    i = list(plant.amps[:phases])
    if phases == 3 and wiring_i == CT2:
        i[1] = add((-1, i[0]), (-1, i[2]))
    copied = wiring_i == CT1 and phases > 1
    out = dict.fromkeys(range(p.READINGS), 0.0)
    ps, qs, ss = [], [], []
    for k in range(phases):
        vk, ik = (v[0], i[0]) if copied else (v[k], i[k])
        ps.append(active(vk, ik))
        qs.append(reactive(vk, ik))
        ss.append(rms(vk) * rms(ik))
        out[p.I1 + k] = rms(ik)
        if not delta:
            out[p.V1 + k] = rms(v[k])
            out[p.P1 + k], out[p.Q1 + k], out[p.S1 + k] = ps[k], qs[k], ss[k]
            out[p.PF1 + k] = ps[k] / ss[k] if ss[k] else 1.0
    if not delta:
        out[p.V_AVG] = sum(rms(x) for x in v) / phases
    lines = [add((1, v[k]), (-1, v[(k + 1) % 3])) for k in range(3)] if phases == 3 else []
    if phases == 2:
        lines = [add((1, v[0]), (-1, v[1]))]
    for k, line in enumerate(lines):
        out[p.V12 + k] = rms(line)
    if lines:
        out[p.VL_AVG] = sum(rms(x) for x in lines) / len(lines)
    out[p.I_AVG] = sum(out[p.I1 + k] for k in range(phases)) / phases
    out[p.I_SUM] = sum(out[p.I1 + k] for k in range(phases))
    if not delta and not copied and phases > 1:
        out[p.I_N] = rms(add(*[(1, x) for x in i]))
    out[p.P_SUM], out[p.Q_SUM], out[p.S_SUM] = sum(ps), sum(qs), sum(ss)
    out[p.PF_SUM] = sum(ps) / sum(ss) if sum(ss) else 1.0
    if phases == 3:
        # at most 100 %
        out[p.V_UNBALANCE] = min(1.0, sequence_ratio(v))
        out[p.I_UNBALANCE] = 0.0 if copied else min(1.0, sequence_ratio(i))
    reference = lines[0] if delta else v[0]
    others = lines[1:] if delta else v[1:]
    for k, x in enumerate(others):
        out[p.ANGLE_V2 + k] = lag(reference, x)
    for k in range(phases):
        if copied:
            out[p.ANGLE_I1 + k] = (lag(reference, v[k]) + lag(v[0], i[0])) % 360.0
        else:
            out[p.ANGLE_I1 + k] = lag(reference, i[k])
    out[p.QUADRANT] = {(1, 1): 1, (0, 1): 2, (0, 0): 3, (1, 0): 4}[(sum(ps) >= 0, sum(qs) >= 0)]
    return out


class Bench:
    """A meter on the plant: three voltages and three currents, sampled as a front end would.

    `step`: how coarse the codes are (1 is ideal; 2**12 a 12-bit converter); `skew`: frames from one channel's
    sample to the next; `drift`: what the meter was told of the skew, less what it is.
    """

    def __init__(self, plant, wiring_u=LN3, wiring_i=CT3, skew=0.0, bits=24, settings=(), dc=0.0, told=True):
        self.plant = plant
        self.bits = bits
        self.dc = dc
        self.t = 0.0
        self.skew = [skew * c for c in range(6)]
        full = 1 << (bits - 1)
        gains = [VOLT_PEAK / full] * 3 + [AMP_PEAK / full] * 3
        self.per_code = gains
        channels = [
            Channel("VI"[c // 3], c % 3 + 1, gains[c], self.skew[c] if told else 0.0) for c in range(6)
        ]
        self.meter = meter = Meter(kw320, channels, CLOCK_HZ, bits)
        every = ((p.WIRING_U, wiring_u), (p.WIRING_I, wiring_i), (p.CT1, 5), (p.CT2, 5), *settings)
        for offset, value in every:
            assert meter.points.write(p.SETTING + offset, value) == p.OK, offset
        while meter.work(0):  # the settings are taken over before the first sample
            pass
        self.connect(wiring_u)
        self.cycles = 0

    def connect(self, wiring):
        self.waves = terminals(self.plant, wiring) + list(self.plant.amps)

    def codes(self, cycles):
        """Codes of the next cycles at the meter's frame period."""
        dt = self.meter.frame_period / CLOCK_HZ
        n = np.arange(cycles * 128)
        full = 1 << (self.bits - 1)
        out = np.zeros((cycles * 128, 6), dtype=np.int64)
        for c, wave in enumerate(self.waves):
            turns = self.plant.turns(self.t + (n + self.skew[c]) * dt)
            x = np.zeros(len(n))
            for h, phasor in wave.items():
                x += (
                    np.real(phasor)
                    if not h
                    else math.sqrt(2) * np.real(phasor * np.exp(2j * math.pi * h * turns))
                )
            out[:, c] = np.rint(x / self.per_code[c] + self.dc * full)
        self.t += cycles * 128 * dt
        if self.bits <= 16:
            return np.clip(out + full, 0, 2 * full - 1)
        return np.clip(out, -full, full - 1)

    def run(self, seconds, batch=1, each=None):
        """Let time pass; `each(bench)` after every batch."""
        end = self.t + seconds
        meter = self.meter
        while self.t < end:
            meter.run(self.codes(batch), 0, batch)
            self.cycles += batch
            while meter.work(int(self.t * 1000) & (1 << 30) - 1):
                pass
            if each:
                each(self)
        return self

    def read(self, offset, base=p.SECONDARY):
        return self.meter.points.read(base + offset)
