"""COMTRADE as recorders in the field write it, made in the tests. What is written is known in closed form:
amplitudes that differ in each channel, so that a channel in a wrong place is seen.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from fourquad_tools.plant.plants import plant_from_file

RMS = {"V1": 230.0, "V2": 225.0, "V3": 240.0, "I1": 5.0, "I2": 6.0, "I3": 7.0}
LAG = 30.0
FACTOR = 0.02  # a volt or an ampere is 50 codes
KINDS = {"ASCII": None, "BINARY": "<i2", "BINARY32": "<i4", "FLOAT32": "<f4"}
STANDARD = [(n, n, "ABC"[i % 3], "V" if n[0] == "V" else "A") for i, n in enumerate(RMS)]


def wave(what, t, hertz):
    """V1 to I3, or V12, V23, V31, at times `t`."""
    if len(what) == 3 and what[0] == "V":
        return wave("V" + what[1], t, hertz) - wave("V" + what[2], t, hertz)
    if what not in RMS:
        return np.zeros(len(t))
    phase = int(what[1]) - 1
    angle = 2 * np.pi * (hertz * t - phase / 3) - (math.radians(LAG) if what[0] == "I" else 0)
    return RMS[what] * 2**0.5 * np.sin(angle)


@dataclass
class Recorder:
    """What a recorder writes; `channels` are (what, name, phase, unit)."""

    channels: list = field(default_factory=lambda: list(STANDARD))
    kind: str = "BINARY"
    hertz: float = 50.0
    nominal: str = "50"
    rate: float = 3200.0
    count: int = 640
    rates: str = ""
    times: object = None
    stamps: bool = True
    encoding: str = "utf-8"
    station: str = "a station,meter,1999"
    dates: tuple = ("01/01/2026,00:00:00.000000", "01/01/2026,00:00:00.000000")
    written_kind: str = ""
    digital: int = 3
    missing: tuple = ()  # (channel, sample)
    highest: int = 32767
    tail: bytes = b""

    def instants(self):
        return np.arange(self.count) / self.rate if self.times is None else np.asarray(self.times)

    def config(self):
        analog, digital = len(self.channels), self.digital
        lines = [self.station, f"{analog + digital},{analog}A,{digital}D"]
        for n, (_, name, phase, unit) in enumerate(self.channels, 1):
            lines.append(f"{n},{name},{phase},,{unit},{FACTOR},0,0,-32767,{self.highest},1,1,P")
        lines += [f"{n},D{n},,,0" for n in range(1, digital + 1)]
        rates = self.rates or f"1\n{self.rate:g},{self.count}"
        lines += [self.nominal, *rates.split("\n"), *self.dates, self.written_kind or self.kind, "1"]
        return ("\r\n".join(lines) + "\r\n").encode(self.encoding)

    def data(self):
        t = self.instants()
        exact = np.stack([wave(what, t, self.hertz) for what, *_ in self.channels], axis=1) / FACTOR
        micros = np.rint(t * 1e6).astype(int)
        bits = [1] * self.digital
        if self.kind == "ASCII":
            rows = []
            for n, codes in enumerate(np.rint(exact).astype(int).tolist()):
                for channel, sample in self.missing:
                    codes[channel] = 99999 if sample == n else codes[channel]
                rows.append(",".join(map(str, (n + 1, micros[n] if self.stamps else "", *codes, *bits))))
            return ("\r\n".join(rows) + "\r\n").encode() + self.tail
        kind = KINDS[self.kind]
        shape = [
            ("n", "<u4"),
            ("t", "<u4"),
            ("a", kind, (len(self.channels),)),
            ("d", "<u2", (-(-self.digital // 16),)),
        ]
        out = np.zeros(self.count, shape)
        out["n"], out["t"] = np.arange(1, self.count + 1), micros if self.stamps else 0xFFFFFFFF
        out["a"] = exact if self.kind == "FLOAT32" else np.rint(exact)
        mark = {"BINARY": -0x8000, "BINARY32": -0x80000000, "FLOAT32": np.nan}[self.kind]
        for channel, sample in self.missing:
            out["a"][sample, channel] = mark
        return out.tobytes() + self.tail

    def write(self, folder, config="x.cfg", data="x.dat"):
        (folder / config).write_bytes(self.config())
        (folder / data).write_bytes(self.data())
        return str(folder / config)

    def plant(self, folder):
        return plant_from_file(self.write(folder))[0]


def check(plant, hertz=50.0, rel=1e-3, expected=RMS, seconds=(0.0, 12345.6)):
    """The plant makes sines of these RMS, lags and order of phases, also where the recording begins again."""
    for start in seconds:
        t = start + np.arange(12_800) / 12_800
        got = plant.sample(t)
        turn = np.exp(-2j * np.pi * hertz * t)
        window = np.hanning(len(t))[:, None]
        phasors = (got * turn[:, None] * window).sum(axis=0) / window.sum() * 2**0.5
        rms = [expected.get(name, 0.0) for name in RMS]
        assert np.sqrt((got**2 * window).sum(axis=0) / window.sum()) == pytest.approx(rms, rel=rel)
        for n, name in enumerate(RMS):
            if expected.get(name) and expected.get("V1"):
                angle = np.degrees(np.angle(phasors[n] / phasors[0]))
                wanted = -120 * (n % 3) - (LAG if name[0] == "I" else 0)
                assert (angle - wanted + 180) % 360 - 180 == pytest.approx(0, abs=60 * rel + 0.1), name
