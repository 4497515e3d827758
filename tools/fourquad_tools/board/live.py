"""The warning of every command that connects a computer to a board's USB socket."""

from __future__ import annotations

from typing import TextIO

WARNING = (
    "warning: never connect a USB cable to a board whose voltage inputs are a live divider instead of "
    "transformers: board, cable and computer are then at mains voltage. Use the isolated RS-485 port and an "
    "isolated supply (docs/hardware.md)"
)


def warn_of_live_inputs(where: TextIO) -> None:
    """Tell it before anything is sent to the board."""
    print(WARNING, file=where, flush=True)
