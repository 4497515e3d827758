"""The web pages of the simulated meter."""

from __future__ import annotations

from typing import Any

from fourquad_tools.sim.services import Service
from fourquad_tools.web_files import files


class WebService(Service):
    """Who asks for them on the command line has switched them on."""

    patient = True

    @property
    def secure(self) -> bool:  # type: ignore[override]
        """Whether TLS is around it."""
        return self.name == "https"

    def power_on(self, points: Any, registers: Any) -> None:
        """Speak for this meter from now on."""
        self.files = files(self.model)
        super().power_on(points, registers)

    def follow(self, anew: bool = False) -> None:
        """It is always on; `anew`: who is connected is disconnected."""
        if self.parts is not None:
            self.on = True
            self.followed(anew)

    def example(self, points: Any, where: str) -> str:
        """How to look at it."""
        return f"{self.name}://{where}/"
