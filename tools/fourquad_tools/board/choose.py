"""`fourquad model`: ask a board which meter it is, or let it be another one."""

from __future__ import annotations

import argparse
import sys
import time

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from fourquad_tools.board.live import warn_of_live_inputs
from fourquad_tools.board.maintenance import MaintenanceError
from fourquad_tools.options import selectable

_PROMPT_S = 3
_PATIENCE_S = 30


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("model", nargs="?", metavar="MODEL", choices=selectable(), help="default: only tell")
    parser.add_argument("--port", metavar="DEVICE", required=True, help="the board's console")
    parser.set_defaults(run=choose)


def choose(options: argparse.Namespace) -> int:
    """Tell or change the model; the board starts anew."""
    warn_of_live_inputs(sys.stderr)
    try:
        line = SerialTransport(options.port, baudrate=115200, wait=_PROMPT_S)
        try:
            line.enter_raw_repl(soft_reset=True)
            if options.model:
                _run(line, f"import model\nmodel.choose({options.model!r})")
            print(_run(line, "import model\nprint(model.chosen())").strip())
            line.exec_raw_no_follow("import machine\nmachine.reset()")
            time.sleep(0.1)
        finally:
            line.close()
    except (TransportError, OSError) as error:
        raise MaintenanceError(f"{options.port}: {error}") from None
    return 0


def _run(line: SerialTransport, code: str) -> str:
    out, err = line.exec_raw(code, timeout=_PATIENCE_S)
    if err:
        raise MaintenanceError(err.decode(errors="replace").strip().splitlines()[-1])
    return str(out.decode())
