"""The prompt of a board, at its console: the meter is stopped for it, and the board starts anew after it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import partial

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from fourquad_tools.board.maintenance import MaintenanceError

_PROMPT_S = 3
_PATIENCE_S = 30


@contextlib.contextmanager
def prompt(device: str) -> Iterator[Callable[[str], str]]:
    """`run(code)`, which runs code on the board and answers what it printed. MaintenanceError: the board does
    not answer, or the code failed; the message is the last line of what it said.
    """
    try:
        line = SerialTransport(device, baudrate=115200, wait=_PROMPT_S)
        try:
            line.enter_raw_repl(soft_reset=True)
            try:
                yield partial(_run, line)
            finally:
                # also after a refusal: else nothing is measured any more
                line.exec_raw_no_follow("import machine\nmachine.reset()")
                time.sleep(0.1)
        finally:
            line.close()
    except (TransportError, OSError) as error:
        raise MaintenanceError(f"{device}: {error}") from None


def has_driver(run: Callable[[str], str], name: str) -> bool:
    """Whether the board's image has `drivers.NAME`, which has this name from then on where it runs."""
    return run(f"try:\n from drivers import {name}\n print(1)\nexcept ImportError:\n pass") != ""


def _run(line: SerialTransport, code: str) -> str:
    out, err = line.exec_raw(code, timeout=_PATIENCE_S)
    if err:
        raise MaintenanceError(err.decode(errors="replace").strip().splitlines()[-1])
    return str(out.decode())
