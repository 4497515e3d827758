"""The virtual terminals, transformers and converter between the plant and the meter.

Every kind of converter delivers codes of one scale (FULL_SCALE codes at the peak range), so that it can be
changed while the meter runs; a 12-bit one has steps of 4096 codes. `ideal` has steps of one code and ends at
16 times the peak range (WIDEST).

`FrontEnd.codes` is the one gate where samples become codes. What is beyond the range ends there, and is
counted (`clipped`); what is no number repeats the code before it, and is counted too (`wild`). The meter's
sums are exact up to square waves from end to end of the range (host_tests/pc/simulator/test_range.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fourquad_tools.plant.generator import Plant, Samples

CLOCK_HZ = 12_288_000_000  # the RP2040's ADC clock times the 256 steps of its divider, as on a board
BITS = 24
FULL_SCALE = 1 << (BITS - 1)
PEAK_VOLTS = 1200.0  # 831 V RMS on the secondary side
PEAK_AMPS = 15.0  # 10 A RMS on the secondary side, twice the rated current of CT2 = 5
# What the meter is told: the least voltage that it measures is a part of full scale, and not to be over 1 V.
NOMINAL_BITS = 21
INPUTS = ("V1", "V2", "V3", "I1", "I2", "I3")
CHANNELS = len(INPUTS)
WIDEST = 16 * FULL_SCALE  # where even the ideal converter ends: 28 bits, which the kernel is proven for

_STEP = {"ideal": 1, "24bit": 1, "16bit": 1 << 8, "12bit": 1 << 12}

VOLTS_PER_CODE = PEAK_VOLTS / FULL_SCALE
AMPS_PER_CODE = PEAK_AMPS / FULL_SCALE

# Phase voltages to terminal voltages (rows) by the meter's wiring setting.
_THIRD = 1.0 / 3.0
_VOLTAGES = {
    0: ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    1: ((1, 0, 0), (0, 0, 0), (0, 0, 0)),
    # V2 is tied to VN: the inputs see V12 and V32.
    2: ((1, -1, 0), (0, 0, 0), (0, -1, 1)),
    # VN floats at the mean of the lines.
    3: tuple(tuple((1.0 if i == j else 0.0) - _THIRD for j in range(3)) for i in range(3)),
    4: ((1, 0, 0), (0, 1, 0), (0, 0, 0)),
}


@dataclass(frozen=True)
class Connection:
    """How the plant reaches the inputs: wiring settings, and primary over secondary of the transformers."""

    voltage_wiring: int = 0
    current_wiring: int = 0
    volt_ratio: float = 1.0
    amp_ratio: float = 1.0
    circuits: tuple[float, ...] = ()  # the same of each input of a meter with many circuits

    @property
    def channels(self) -> int:
        """How many the meter has."""
        return 3 + (len(self.circuits) or 3)

    def matrix(self, columns: int = CHANNELS) -> Samples:
        """What turns a row of the plant, of so many columns, into a row of codes."""
        out = np.zeros((columns, self.channels))
        out[:3, :3] = np.asarray(_VOLTAGES[self.voltage_wiring]).T / self.volt_ratio
        if self.circuits:
            # a load without circuits is the first three-phase one
            first = CHANNELS if columns > CHANNELS else 3
            places = range(len(self.circuits)) if columns > CHANNELS else (0, 3, 6)
            for column, i in zip(range(first, columns), places, strict=False):
                out[column, 3 + i] = 1.0 / self.circuits[i]
        else:
            for i in self._transformers():
                out[3 + i, 3 + i] = 1.0 / self.amp_ratio
        out[:, :3] *= FULL_SCALE / PEAK_VOLTS
        out[:, 3:] *= FULL_SCALE / PEAK_AMPS
        return out

    def inputs(self) -> Sequence[str]:
        """Names of the channels."""
        return [*INPUTS[:3], *(f"I{i + 1}" for i in range(self.channels - 3))]

    def _transformers(self) -> Sequence[int]:
        if self.voltage_wiring == 1 or self.current_wiring == 1:
            return (0,)
        if self.voltage_wiring == 4:
            return (0, 1)
        return (0, 2) if self.current_wiring == 2 else (0, 1, 2)


class FrontEnd:
    """The converter; `skew` is how many seconds each channel is sampled later than the one before."""

    def __init__(self, kind: str = "ideal", skew: float = 0.0, seed: int = 1) -> None:
        self.kind = kind
        self.skew = skew
        self.clipped = 0  # samples beyond the range, ever
        self.noise = 0.0  # of the last frames, RMS as a part of FULL_SCALE
        self.wild = 0  # samples that were no numbers, ever
        self.saturated = False  # whether the last frames had some beyond the range
        self._random = np.random.default_rng(seed)
        self._wire(Connection())

    def connect(self, connection: Connection) -> None:
        """Wire the inputs as the meter's settings say that they are."""
        if connection != self._connection:
            self._wire(connection)

    def _wire(self, connection: Connection) -> None:
        self._connection = connection
        self._matrix = connection.matrix()
        self._last = np.zeros(connection.channels)

    @property
    def channels(self) -> int:
        """How many are sampled."""
        return self._connection.channels

    def frames(self, plant: Plant, start: int, period: int, count: int) -> npt.NDArray[np.int64]:
        """`count` rows of codes, one a frame, from tick `start` on, `period` ticks of CLOCK_HZ apart."""
        times = (start + period * np.arange(count, dtype=np.int64)) / CLOCK_HZ
        samples = plant.sample(times)
        if samples.shape[1] != len(self._matrix):
            self._matrix = self._connection.matrix(samples.shape[1])
        if self.skew:
            columns = [
                plant.sample(times + c * self.skew) @ self._matrix[:, c : c + 1] for c in range(self.channels)
            ]
            exact = np.hstack(columns)
        else:
            exact = samples @ self._matrix
        self.noise = level = plant.noise(float(times[0]))
        if level > 0.0:
            exact += self._random.normal(0.0, level * FULL_SCALE, exact.shape)
        return self.codes(exact)

    def clipping(self, codes: npt.NDArray[np.int64]) -> str:
        """A line about codes of which some are where the converter ends."""
        peaks = np.abs(codes).max(axis=0)
        where = [
            name
            for name, peak in zip(self._connection.inputs(), peaks, strict=True)
            if peak >= 0.999 * peaks.max()
        ]
        factor = peaks.max() / FULL_SCALE
        return (
            f"the load clips the {self.kind} converter at {', '.join(where)}: on the secondary side "
            f"it ends at {factor * PEAK_VOLTS:.0f} V and {factor * PEAK_AMPS:.0f} A peak"
        )

    def codes(self, exact: Samples) -> npt.NDArray[np.int64]:
        """The codes of samples (rows of frames, in codes of FULL_SCALE): finite, and within the range."""
        step = _STEP[self.kind]
        limit = WIDEST if self.kind == "ideal" else FULL_SCALE // step
        places = np.rint(exact / step)
        if np.isnan(places).any():
            self._bridge(places)
        self._last = places[-1].copy()
        beyond = (places > limit - 1) | (places < -limit)
        self.saturated = bool(beyond.any())
        if self.saturated:
            self.clipped += int(np.count_nonzero(beyond))
            np.clip(places, -limit, limit - 1, out=places)
        codes = places.astype(np.int64)
        return codes * step if step > 1 else codes

    def _bridge(self, places: Samples) -> None:
        """Put the last number in the places of what is none."""
        last = self._last
        for row in places:
            bad = np.isnan(row)
            self.wild += int(np.count_nonzero(bad))
            row[bad] = last[bad]
            last = row
