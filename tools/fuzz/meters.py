"""A whole simulated meter for the harnesses: real readings, settings and registers, put back cheaply."""

from __future__ import annotations

from typing import Any

from fourquad import models
from fourquad_tools.demo import demo
from fourquad_tools.simulator import Simulator
from fourquad_tools.storage import Storage

START = 1_767_225_600.0  # 2026-01-01
WARM_STEPS = 40
RENEW = 2000  # changes after which a new meter is made


class Meter:
    """A meter that has measured for some seconds; then its time stands still."""

    def __init__(self, model: str, settings: dict[int, int]) -> None:
        self._model = model
        self._settings = settings
        self._renew()

    def _renew(self) -> None:
        simulator = Simulator(models.load(self._model), demo(), "ideal", Storage(None), START)
        simulator.warm_up()
        for _ in range(WARM_STEPS):
            simulator.step()
        assert simulator.device is not None
        self.device = simulator.device
        self.meter = simulator.device.meter
        self.points = simulator.device.points
        self._arrays = [self.meter.settings.values, self.meter.extremes.values]
        if self.device.dnp3:
            self._arrays.append(self.device.dnp3.values)
        for offset, value in self._settings.items():
            if self.meter.settings.has(offset):
                self.meter.settings.write(offset, value)
        while self.meter.work(0):
            pass
        self._changes = 0
        self._kept = [array[:] for array in self._arrays]
        self._dump = bytes(self.meter.dump())
        self._tables = self.meter.tables.dump() if self.meter.tables else None
        self._now = self.meter.clock.now, self.meter.clock.ms

    def digest(self) -> tuple[Any, ...]:
        """Settings, tables, extremes, and what survives a power cut: energies, demands, counts, clock."""
        tables = self.meter.tables
        kept = tables.dump() if tables else None
        return bytes(self.meter.dump()), kept, *(bytes(array) for array in self._arrays)

    def put_back(self) -> bool:
        """Undo what an accepted request has done; whether this is another meter now."""
        self._changes += 1
        if self._changes == RENEW:
            self._renew()
            return True
        meter = self.meter
        for array, kept in zip(self._arrays, self._kept, strict=True):
            array[:] = kept
        if self._tables is not None:
            meter.tables.load(self._tables)
        meter.configure()
        if meter.revenue:
            meter.revenue.configure()
        meter.restore(self._dump)
        meter.clock.set(*self._now)
        return False
