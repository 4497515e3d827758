"""A meter on a front end on a plant: calibrated as an owner does it, then read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import fourquad.models.kw320 as kw320
from accuracy.fronts import Front
from accuracy.plant import Plant
from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.metering import calibration as cal
from fourquad.metering.channels import Channel

CLOCK_HZ = 12_288_000_000
BATCH = 5  # cycles
SETTLE_S = 2.1


@dataclass
class Energy:
    """Errors of measured energies in percent of the true ones, and what was measured (Wh, varh; net)."""

    active: float
    reactive: float
    watt_hours: float
    var_hours: float


class Rig:
    """One meter; `wiring` is WIRING_U."""

    def __init__(self, front: Front, wiring: int, settings: tuple[tuple[int, int], ...] = ()) -> None:
        self.front = front
        channels = [Channel(c.kind, c.phase, c.gain, c.delay) for c in front.channels]
        self.meter: Any = Meter(kw320, channels, CLOCK_HZ, front.bits, True)
        every = ((p.WIRING_U, wiring), (p.CT1, 5), (p.CT2, 5), (p.ENERGY_SIDE, 1), *settings)
        for offset, value in every:
            assert self.meter.points.write(p.SETTING + offset, value) == p.OK, offset
        self.time = 0.0
        self.work()

    def work(self) -> None:
        while self.meter.work(int(self.time * 1000) & (1 << 30) - 1):
            pass

    def feed(self, plant: Plant, seconds: float) -> float:
        """Measure for at least `seconds`; how long it was, exactly."""
        start = self.time
        while self.time - start < seconds:
            period = self.front.quantum(self.meter.frame_period)
            dt = period / CLOCK_HZ
            codes = self.front.codes(plant, self.time, dt, 128 * BATCH)
            self.meter.run(codes, 0, BATCH, period)
            self.time += 128 * BATCH * dt
            self.work()
        return self.time - start

    def read(self, offset: int) -> float:
        """A reading of the last second, secondary side."""
        value: float = self.meter.points.read(p.SECONDARY + offset)
        return value

    def calibrate(self, volts: float, amps: float, make: object, low: float | None = None) -> None:
        """The steps of `fourquad calibrate`; `make(volts, amps, lag)` is the source."""
        phases = sorted({c.phase for c in self.front.channels if c.kind == "I" and c.phase})
        record = self.meter.calibration.record
        for applied, lag in ((amps, 0.0), (amps, 60.0), (low, 60.0)):
            if applied is None:
                continue
            plant = make(volts, applied, lag)  # type: ignore[operator]
            self.feed(plant, SETTLE_S)
            sums = {k: [0.0, 0.0, 0.0] for k in phases}
            for _ in range(3):
                self.feed(plant, 1.0)
                for k in phases:
                    seen = (self.read(p.V1 + k - 1), self.read(p.I1 + k - 1), self._lag(k))
                    sums[k] = [a + b / 3 for a, b in zip(sums[k], seen, strict=True)]
            for k in phases:
                record = self._fit(record, k, sums[k], volts, applied, lag, low is applied, amps)
            self.meter.calibrate(record)
            self.work()

    def _lag(self, k: int) -> float:
        angle = self.read(p.ANGLE_I1 + k - 1) - (self.read(p.ANGLE_V2 + k - 2) if k > 1 else 0.0)
        return (angle + 180.0) % 360.0 - 180.0

    def _fit(
        self,
        record: tuple[int, ...],
        k: int,
        seen: list[float],
        volts: float,
        applied: float,
        lag: float,
        low: bool,
        amps: float,
    ) -> tuple[int, ...]:
        kinds = [(c.kind, c.phase) for c in self.front.channels]
        v, i = kinds.index(("V", k)), kinds.index(("I", k))
        if low:
            record = cal.changed(record, i, cal.LOW_GAIN, cal.gain(0, seen[1], applied))
            record = cal.changed(record, i, cal.LOW_PHASE, cal.phase(0, seen[2], lag))
            record = cal.changed(record, i, cal.LOW_LEVEL, round(applied * cal.MILLION))
            return cal.changed(record, i, cal.LEVEL, round(amps * cal.MILLION))
        if lag:
            return cal.changed(record, i, cal.PHASE, cal.phase(0, seen[2], lag))
        record = cal.changed(record, v, cal.GAIN, cal.gain(0, seen[0], volts))
        return cal.changed(record, i, cal.GAIN, cal.gain(0, seen[1], applied))

    def energy(self, plant: Plant, seconds: float) -> Energy:
        """Errors of the energies of `seconds`, from the registers and their residues."""
        self.feed(plant, SETTLE_S)
        self.meter.close()
        before = self._registers()
        lasted = self.feed(plant, seconds)
        self.meter.close()
        active, reactive = [(b - a) / (1 << 31) for a, b in zip(before, self._registers(), strict=True)]
        true_active, true_reactive = [x * lasted / 3600 for x in plant.total()]
        return Energy(
            100 * (active / true_active - 1) if true_active else 0.0,
            100 * (reactive / true_reactive - 1) if true_reactive else 0.0,
            active,
            reactive,
        )

    def imported(self) -> list[float]:
        """Active energy that each phase has imported, Wh, with its residue."""
        self.meter.close()
        raw, values = self._energies(), self.meter.energy.values
        phases = sum(c.kind == "I" and c.phase > 0 for c in self.front.channels)
        return [values[p.EP1_IMP + 2 * k] + self._word(raw, 5 * (k + 1)) / (1 << 31) for k in range(phases)]

    def reactive(self) -> float:
        """Reactive energy, imported less exported, varh."""
        self.meter.close()
        return self._registers()[1] / (1 << 31)

    def _energies(self) -> bytearray:
        """The image of the energies."""
        raw = bytearray(self.meter.energy.size)
        self.meter.energy.dump(raw, 0)
        return raw

    @staticmethod
    def _word(raw: bytearray, i: int) -> int:
        """Residue `i` of a dump, 2**-31 counts."""
        at = 4 * (p.ENERGIES + i)
        return int.from_bytes(raw[at : at + 4], "little")

    def _registers(self) -> tuple[int, int]:
        """Active and reactive energy, imported less exported, 2**-31 Wh and varh."""
        raw = self._energies()
        values = self.meter.energy.values
        words = [self._word(raw, i) for i in range(4)]
        active = (values[p.EP_IMP] - values[p.EP_EXP] << 31) + words[0] - words[1]
        return active, (values[p.EQ_IMP] - values[p.EQ_EXP] << 31) + words[2] - words[3]
