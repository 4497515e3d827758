"""The control commands of the simulator."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path
from typing import Any

from fourquad.metering.inspect import look
from fourquad_tools.control import ControlError
from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.plants import plant_from_file, plant_from_json
from fourquad_tools.screens import fronts
from fourquad_tools.sim.device import Device
from fourquad_tools.sim.faults import FaultError, connect, listed
from fourquad_tools.sim.presets import PresetError, preset
from fourquad_tools.sim.simulator import Simulator

LONGEST_PRESS_MS = 60_000
LONGEST_LEAP_S = 86_400
HIGHEST_ANALOG = 24  # mA or V that an analog input can stand
COLDEST, HOTTEST = -55, 125  # what thermometers of boards can tell
LONGEST_ADVANCE_S = 366 * 86_400 * 25


class Commands:
    """`do_<cmd>` is the command of that name; control.py has checked the fields' kinds."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    @property
    def simulator(self) -> Simulator:
        """The simulator at this moment: between commands it may rest."""
        self._simulator.pacer.touch()
        return self._simulator

    async def do_key(self, key: str, ms: float = 100) -> dict[str, Any]:
        """Hold a key, or a chord such as H+V/A, and answer when the meter has seen it released."""
        if not 1 <= ms <= LONGEST_PRESS_MS:
            raise ControlError(f"ms: {ms:g} is not in 1 to {LONGEST_PRESS_MS}")
        device = self._device()
        try:
            done = device.press(key, ms, self.simulator.now)
        except KeyError:
            raise ControlError(f"key: {key!r} is none of {', '.join(device.key_names)}") from None
        simulator = self._simulator
        while not done() and simulator.device is device and not simulator.stopping.is_set():
            await asyncio.sleep(0.005)
        return {}

    async def do_screen(self, png: str | None = None) -> dict[str, Any]:
        """What the panel shows; with `png` also as a picture in that file."""
        self._device()
        screen = self.simulator.screen()
        if png is not None:
            try:
                fronts.save(screen, Path(png))
            except (OSError, ValueError) as error:
                raise ControlError(f"png: {png}: {error}") from None
        return screen.as_dict()

    async def do_load(self, load: dict[str, Any] | None = None, file: str | None = None) -> dict[str, Any]:
        """Connect another load, written out or in a file; its timeline starts now; what was taken of it."""
        if (load is None) == (file is None):
            raise ControlError('load: either "load" or "file" is needed')
        simulator = self.simulator
        try:
            made = plant_from_file(file, simulator.now) if file else plant_from_json(load, simulator.now)
        except LoadError as error:
            raise ControlError(str(error)) from None
        simulator.connect(*made)
        return {"taken": list(simulator.plant.taken)}

    async def do_advance(self, seconds: float, leap: float = 0.0) -> dict[str, Any]:
        """Run virtual time ahead; with `leap` the load is looked at every so many seconds only."""
        if leap and not 60 <= leap <= LONGEST_LEAP_S:
            raise ControlError(f"leap: {leap:g} is not in 60 to {LONGEST_LEAP_S}")
        if not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_ADVANCE_S:
            raise ControlError(f"seconds: {seconds:g} is not in 0 to {LONGEST_ADVANCE_S}")
        speed = await self.simulator.advance(seconds, leap)
        return {"time": self.simulator.when, "speed": round(speed, 1)}

    async def do_power(self, on: bool, warning: bool = True) -> dict[str, Any]:
        """Switch the meter's supply; `warning` false is a cut that nothing announces."""
        if on:
            self.simulator.power_on()
        else:
            self.simulator.power_off(warning)
        return {}

    async def do_points(self) -> dict[str, Any]:
        """All readings, registers and settings with their units."""
        self._device()
        return {"points": {n: {"value": v, "unit": u} for n, v, u in self.simulator.readings()}}

    async def do_truth(self) -> dict[str, Any]:
        """What the generator really makes."""
        return {"time": self.simulator.when, **self.simulator.plant.truth(self.simulator.now)}

    async def do_inspect(self, sensitive: bool | None = None) -> dict[str, Any]:
        """What maintenance sees; `sensitive` lets readings go below their floors."""
        meter = self._device().meter
        if sensitive is not None:
            meter.show_noise(sensitive)
        return look(meter)

    async def do_calibration(
        self, record: list[Any] | None = None, store: bool = False, factory: bool = False
    ) -> dict[str, Any]:
        """Measure with a record, store it, or go back to the factory's; the one in force."""
        device = self._device()
        try:
            kept = device.calibrate(record, store, factory)
        except (TypeError, ValueError) as error:
            raise ControlError(f"record: {error}") from None
        return {"record": kept}

    async def do_stats(self) -> dict[str, Any]:
        """Everything countable."""
        return self.simulator.stats()

    async def do_seal(self, on: bool) -> dict[str, Any]:
        """Close or open the seal's switch."""
        self.simulator.set_seal(on)
        return {}

    async def do_cover(self, open: bool) -> dict[str, Any]:  # noqa: A002
        """Take the terminal cover off, or put it on."""
        self.simulator.set_cover(open)
        return {}

    async def do_temperature(self, celsius: float | None = None) -> dict[str, Any]:
        """The meter's thermometer shows so many degrees; without any it does not answer."""
        if celsius is not None and not COLDEST <= celsius <= HOTTEST:
            raise ControlError(f"celsius: {celsius:g} is not in {COLDEST} to {HOTTEST}")
        self.simulator.set_temperature(celsius)
        return {}

    async def do_input(self, n: int, value: int) -> dict[str, Any]:
        """Set digital input `n` (from 1) of the I/O modules."""
        if value not in (0, 1):
            raise ControlError(f"value: {value} is not 0 or 1")
        simulator = self.simulator
        try:
            simulator.terminals.set_input(n, value, simulator.io, simulator.now_ms)
        except ValueError as error:
            raise ControlError(str(error)) from None
        return {}

    async def do_analog(self, input: int, value: float) -> dict[str, Any]:
        """Put so many mA, or V if its type says so, to analog input `input` (from 1)."""
        if not 0 <= value <= HIGHEST_ANALOG:
            raise ControlError(f"value: {value:g} is not in 0 to {HIGHEST_ANALOG}")
        simulator = self.simulator
        try:
            simulator.terminals.set_analog(input, value, simulator.io)
        except ValueError as error:
            raise ControlError(str(error)) from None
        return {}

    async def do_module(self, connected: list[Any] | None = None) -> dict[str, Any]:
        """Plug in these I/O modules and no others; those that are there."""
        simulator = self.simulator
        if connected is not None:
            try:
                simulator.terminals.connect(connected, simulator.io)
            except ValueError as error:
                raise ControlError(f"connected: {error}") from None
        return {"modules": simulator.terminals.modules}

    async def do_set(self, name: str, value: float) -> dict[str, Any]:
        """Set a point by its name; a setting's may be without `setting.`."""
        try:
            return preset(self._device(), name, value)
        except PresetError as error:
            raise ControlError(f"{name[:40]}: {error}") from None

    async def do_fault(self, kind: str, port: str | None = None, **fields: float) -> dict[str, Any]:
        """A fault of a port or service, or of all; those in force."""
        simulator = self.simulator
        try:
            connect(simulator.ends, kind, port, fields)
        except FaultError as error:
            raise ControlError(str(error)) from None
        return {"faults": listed(simulator.ends)}

    async def do_faults(self, clear: bool = False) -> dict[str, Any]:
        """The faults in force; with `clear` they have been."""
        ends = self.simulator.ends
        if clear:
            for end in ends.values():
                end.faults.clear()
        return {"faults": listed(ends)}

    def _device(self) -> Device:
        if self.simulator.device is None:
            raise ControlError("the meter has no power")
        return self.simulator.device
