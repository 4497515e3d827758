"""A whole simulated meter for the harnesses: real readings, settings and registers, put back cheaply."""

from __future__ import annotations

from typing import Any

from fourquad import models, ticks
from fourquad.points import OK
from fourquad_tools.plant.demo import demo
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

from .snapshot import Snapshot

START = 1_767_225_600.0  # 2026-01-01
WARM_STEPS = 40
# When an input begins, in ms: the ticks wrap within most inputs.
BEGIN = ticks.PERIOD - 3000


class Meter:
    """A meter that has measured for some seconds; then its time stands still."""

    def __init__(self, model: str, settings: dict[int, int], options: tuple[str, ...] = ()) -> None:
        simulator = Simulator(models.load(model, options=options), demo(), "ideal", Storage(None), START)
        simulator.warm_up()
        for _ in range(WARM_STEPS):
            simulator.step()
        assert simulator.device is not None
        self.device = simulator.device
        self.meter = simulator.device.meter
        self.points = simulator.device.points
        self._arrays = [group.values for group in self.meter.settings.groups]
        if self.meter.extremes:
            self._arrays.append(self.meter.extremes.values)
        for offset, value in settings.items():
            if self.meter.settings.has(offset):
                self.meter.settings.write(offset, value)
        while self.meter.work(0):
            pass
        self.keep()

    def write(self, point: int, value: int) -> None:
        """What stays written for all inputs."""
        assert self.points.write(point, value) == OK
        self.keep()

    def keep(self) -> None:
        """It is put back to what it is now."""
        self.kept = Snapshot((self.meter, self.device.registers))
        self._before = self.digest()

    def digest(self) -> tuple[Any, ...]:
        """Settings, tables, extremes, trend logs, and what survives a power cut: energies, demands, counts,
        clock.
        """
        meter = self.meter
        tables = meter.billing.tariff.tables if meter.tables else ()
        groups: list[Any] = meter.settings.groups
        texts = [tuple(group.texts.values) for group in groups if group.texts]
        trends = getattr(meter, "trends", None)
        logs = [(log.count(), log.total()) for log in trends.logs] if trends else ()
        return bytes(meter.dump()), *map(bytes, tables), *map(bytes, self._arrays), *texts, *logs

    def changed(self) -> bool:
        """Whether anything that matters is different."""
        return self.digest() != self._before

    def put_back(self, changed: bool) -> None:
        """As it was before the input; `changed`: what `changed()` said."""
        self.kept.put_back(changed)
        if changed and self.changed():
            raise RuntimeError("the meter cannot be put back")
