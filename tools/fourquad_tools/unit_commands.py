"""The control commands of several meters: `unit` says which of them; some are for all."""

from __future__ import annotations

import asyncio
from typing import Any

from fourquad_tools.commands import Commands
from fourquad_tools.control import ControlError
from fourquad_tools.sim.units import addresses


class UnitCommands:
    """What can be asked of all units together."""

    def __init__(self, units: dict[str, Commands]) -> None:
        self._units = units

    def of_unit(self, cmd: Any, unit: Any) -> object:
        """Who does the command `cmd` with this field `unit`. ControlError if it says none."""
        together = isinstance(cmd, str) and hasattr(self, f"do_{cmd}")
        if unit is None:
            if together:
                return self
            raise ControlError(f"unit: which of {', '.join(self._units)} is missing")
        if not isinstance(unit, str) or unit not in self._units:
            raise ControlError(f"unit: {repr(unit)[:60]} is none of {', '.join(self._units)}")
        if cmd == "advance":
            raise ControlError("unit: the time of all is one")
        return self._units[unit]

    async def do_units(self) -> dict[str, Any]:
        """Model, power and addresses of each."""
        out = {}
        for name, commands in self._units.items():
            simulator = commands.simulator
            on = simulator.device is not None
            known = {port: number for (port, _), number in addresses(simulator).items()} if on else {}
            out[name] = {"model": simulator.model.NAME, "power": on, "addresses": known}
        return {"units": out}

    async def do_advance(self, seconds: float, leap: float = 0.0) -> dict[str, Any]:
        """Run the time of all ahead, to the same moment; the answer of the slowest."""
        behind = {name: commands.simulator.now for name, commands in self._units.items()}
        latest = max(behind.values())
        answers = await asyncio.gather(
            *(
                commands.do_advance(seconds + latest - behind[name] if seconds > 0 else seconds, leap)
                for name, commands in self._units.items()
            )
        )
        return min(answers, key=lambda reply: reply["speed"])

    async def do_stats(self) -> dict[str, Any]:
        """Everything countable of each."""
        return {"units": {name: await commands.do_stats() for name, commands in self._units.items()}}

    async def do_faults(self, clear: bool = False) -> dict[str, Any]:
        """The faults in force, each with its unit; with `clear` there are none any more."""
        out = []
        for name, commands in self._units.items():
            out += [{"unit": name, **fault} for fault in (await commands.do_faults(clear))["faults"]]
        return {"faults": out}
