"""`fourquad sim` at a port of each kind, for the utility's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulated import CLOCK, LOAD, ROOT, Simulated

__all__ = ["CLOCK", "LOAD", "ROOT", "Sim"]


class Sim(Simulated):
    """A simulated meter; `where` gives the options that reach it in each way."""

    def __init__(
        self,
        folder: Path,
        model: str = "kw320",
        load: Any = LOAD,
        options: tuple[str, ...] = (),
        ports: tuple[str, ...] = ("rs485", "rs485b"),
        nets: tuple[str, ...] = ("modbus",),
    ) -> None:
        super().__init__(folder, *options, model=model, load=load, ptys=ports[:1], tcps=ports[1:], nets=nets)
        self.where = {"port": ("--port", str(self.pty[ports[0]]))}
        if ports[1:]:
            self.where["tcp"] = ("--tcp", f"127.0.0.1:{self.tcp[ports[-1]]}")
        if nets:
            self.where["net"] = ("--net", f"127.0.0.1:{self.net['modbus']}")
