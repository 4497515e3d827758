"""A kw320q on mains that are known in closed form: what power quality is tested with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fourquad import models
from fourquad import points as p
from fourquad.device.layout import lay
from fourquad.device.quality_store import connect
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.models.kw320.quality import STORAGE as STORES
from fourquad.records.flash import RamFlash

CLOCK_HZ = 12_288_000_000
FRAMES = 128
VOLTS = 1200.0 / (1 << 23)
AMPS = 15.0 / (1 << 23)
THIRD = 2 * math.pi / 3


@dataclass
class Dip:
    """From `begin` to `end` (s) quantity `k` (0-2 voltages, 3-5 currents) is `ratio` times the usual."""

    begin: float
    end: float
    k: int
    ratio: float


class Mains:
    """Three phases of `volts` and `amps` RMS with `harmonics` (order, ratio, angle) in all, at a constant
    `frequency`, or one of `ramp` Hz a second between 45 and 65 Hz.
    """

    def __init__(self, volts=230.0, amps=0.5, frequency=50.0, harmonics=(), noise=0.0, ramp=0.0, phase=0.0):
        self.rms = [volts] * 3 + [amps] * 3
        self.frequency = frequency
        self.harmonics = harmonics
        self.distorted = True  # the currents, too: then the frames are moved over the wave
        self.noise = noise
        self.ramp = ramp
        self.phase = phase
        self.dips: list[Dip] = []
        self._random = np.random.default_rng(3)

    def turns(self, times: np.ndarray) -> np.ndarray:
        return self.frequency * times + self.ramp * times * times / 2

    def sample(self, times: np.ndarray) -> np.ndarray:
        """Rows of V1 V2 V3 I1 I2 I3."""
        base = 2 * math.pi * self.turns(times) + self.phase
        out = np.empty((len(times), 6))
        for k in range(6):
            x = base - (k % 3) * THIRD
            wave = np.sin(x)
            for order, ratio, angle in self.harmonics if k < 3 or self.distorted else ():
                wave = wave + ratio * np.sin(order * x + angle)
            out[:, k] = math.sqrt(2) * self.rms[k] * wave
        for dip in self.dips:
            out[(times >= dip.begin) & (times < dip.end), dip.k] *= dip.ratio
        if self.noise:
            out += self._random.normal(0.0, self.noise, out.shape) * np.array(self.rms)
        return out


class Rig:
    """The meter on these mains; `now` in seconds."""

    def __init__(self, mains: Mains, settings=(), batch: int = 5, flash=None) -> None:
        channels = [Channel("V", k, VOLTS) for k in (1, 2, 3)] + [Channel("I", k, AMPS) for k in (1, 2, 3)]
        self.meter = Meter(models.load("kw320q"), channels, CLOCK_HZ, 21)
        self.mains = mains
        self.batch = batch
        self.tick = 0
        self.events: list[tuple[int, ...]] = []
        self.starts: list[float] = []  # of each half cycle
        self.steps: list[float] = []  # from frame to frame in it
        self.flash = flash or RamFlash(sum(wanted for _, wanted, _ in STORES))
        self.stores = connect(self.meter, self.meter.quality, self.flash, lay(STORES, self.flash.sectors))
        keep = self.meter.quality.view.keep
        self.meter.quality.view.keep = lambda *event: (self.events.append(event), keep(*event))
        for offset, value in settings:
            assert self.meter.points.write(p.SETTING + offset, value) == p.OK

    @property
    def now(self) -> float:
        return self.tick / CLOCK_HZ

    def run(self, seconds: float) -> Rig:
        meter = self.meter
        end = self.now + seconds
        while self.now < end:
            meter.quality.credit = 640
            period = meter.frame_period
            n = self.batch * FRAMES
            times = (self.tick + period * np.arange(n)) / CLOCK_HZ
            self.starts.extend(times[:: FRAMES // 2])
            self.steps.extend([period / CLOCK_HZ] * (2 * self.batch))
            codes = np.rint(self.mains.sample(times) / ([VOLTS] * 3 + [AMPS] * 3)).astype(np.int64)
            self.tick += n * period
            now = int(self.now * 1000)
            meter.run(codes, 0, self.batch)
            while meter.work(now):
                pass
            for store in self.stores:
                while store.tick(now):
                    pass
                while store.due:
                    store.service()
        return self

    def read(self, offset: int) -> int:
        return int(self.meter.points.read(p.QUALITY + offset))
