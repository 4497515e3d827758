"""The files that a simulator is given: JSON loads, CSV and COMTRADE recordings."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path

import numpy as np

from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.plants import plant_from_file

from .frames import need

LONGEST = 4096
TIMES = np.arange(0.0, 0.1, 0.001, dtype=np.float64)
PARTED = b"\n===\n"  # between the two files of a COMTRADE recording


class Target:
    """An input: an octet that chooses the loader, then the file. It is a load or LoadError, nothing else."""

    longest = LONGEST

    def __init__(self) -> None:
        shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self._folder = tempfile.TemporaryDirectory(prefix="fourquad-fuzz-", dir=shared)
        self._path = Path(self._folder.name)

    def run(self, data: bytes) -> None:
        kind, content = data[0] % 3 if data else 0, data[1:]
        path = self._path / ("load.json", "load.csv", "load.cfg")[kind]
        head, parted, tail = content.partition(PARTED)
        path.write_bytes(head if kind == 2 else content)
        other = self._path / "load.dat"
        other.unlink(missing_ok=True)
        if kind == 2 and parted:
            other.write_bytes(tail)
        try:
            plant, _ = plant_from_file(str(path))
        except LoadError as error:
            text = str(error)
            need(text and "\n" not in text, "a message of one line", text.encode())
            return
        with np.errstate(over="ignore", invalid="ignore"):
            samples = plant.sample(TIMES)
        need(samples.shape[0] == len(TIMES), "samples", data)
        need(math.isfinite(plant.frequency(0.0)) and plant.frequency(0.0) > 0, "frequency", data)


def seeds() -> list[bytes]:
    """A file of each kind, whole."""
    phase = {
        "volts": 230.0,
        "amps": 5.0,
        "lag": 30.0,
        "volt_angle": 0.0,
        "volt_harmonics": {"5": [0.03, 10.0]},
        "amp_harmonics": {"3": [0.2, 0.0]},
    }
    load = {
        "frequency": 50.0,
        "phases": [phase, {}, {}],
        "adc": "12bit",
        "noise": 0.001,
        "timeline": [{"at": 2.0, "phases": [{"volts": 120.0}, {}, {}], "frequency": 49.9, "noise": 0.0}],
    }
    waves = [[325 * math.sin(2 * math.pi * (n / 16 - k / 3)) for k in range(3)] for n in range(33)]
    rows = [f"{n * 0.00125:.5f},{a:.1f},{b:.1f},{c:.1f}" for n, (a, b, c) in enumerate(waves)]
    table = "\n".join(["time,V1,V2,V3", *rows, ""]).encode()
    channels = [f"{k + 1},V{'ABC'[k]},{'ABC'[k]},,V,0.1,0,0,-9999,9999,1,1,P" for k in range(3)]
    lines = ["station,1,1999", "3,3A,0D", *channels, "50", "1", "800,33"]
    moments = ["01/01/2026,00:00:00.000000", "01/01/2026,00:00:00.010000"]
    texts = [
        f"{n + 1},{1250 * n},{10 * a:.0f},{10 * b:.0f},{10 * c:.0f}" for n, (a, b, c) in enumerate(waves)
    ]
    words = [
        (n + 1).to_bytes(4, "little")
        + (1250 * n).to_bytes(4, "little")
        + b"".join(int(10 * x).to_bytes(2, "little", signed=True) for x in values)
        for n, values in enumerate(waves)
    ]

    def configuration(kind: str) -> bytes:
        return "\r\n".join([*lines, *moments, kind, "1", ""]).encode()

    return [
        b"\0" + json.dumps(load).encode(),
        b'\0{"phases":[{"volts":230,"amps":1}]}',
        b"\1" + table,
        b"\1# a comment\nTime,I1,V1\n0,0,1\n0.01,1,-1\n0.02,0,1\n0.03,1,-1\n",
        b"\2" + configuration("ASCII") + PARTED + "\r\n".join([*texts, ""]).encode(),
        b"\2" + configuration("BINARY") + PARTED + b"".join(words),
    ]
