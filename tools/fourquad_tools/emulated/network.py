"""`--net` of `fourquad emulate`: services of the board with a network, on ports of this computer."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from fourquad.points import columns as c
from fourquad_tools.options import OptionError, net_ports
from fourquad_tools.sim.services import USUAL

BOARD = "W5500_EMU"
LOOPBACK = "127.0.0.1"


def servers(tables: ModuleType) -> dict[str, str]:
    """The port of the board, as tools/emulator/serve.mjs has it, of each service that waits for somebody."""
    defaults = {row[c.OFFSET]: row[c.DEFAULT] for row in tables.SETTINGS}
    kinds = {"stream": "", "datagram": "/udp"}
    return {
        row[c.NAME]: f"{defaults[row[c.SERVICE_PORT]]}{kinds[row[c.SERVICE]]}"
        for row in getattr(tables, "SERVICES", ())
        if row[c.SERVICE] in kinds and row[c.SERVICE_PORT] is not None
    }


class Services:
    """What the options `pairs` ask for; `tables`: the model with its network module."""

    def __init__(self, pairs: list[str], tables: ModuleType) -> None:
        self._places = servers(tables)
        self._wanted = net_ports(pairs, {name: USUAL.get(name, 0) for name in self._places})
        for name, _, host in self._wanted:
            if host not in (None, LOOPBACK):
                raise OptionError(f"--net {name}: the emulated board is on {LOOPBACK} only")

    @property
    def argument(self) -> str:
        """Of serve.mjs."""
        return ",".join(f"{self._places[name]}={port}" for name, port, _ in self._wanted)

    def lines(self, ports: Mapping[str, int]) -> list[str]:
        """Where each is, of the ports that serve.mjs has opened."""
        return [f"{name} on {LOOPBACK}:{ports[self._places[name]]}" for name, _, _ in self._wanted]
