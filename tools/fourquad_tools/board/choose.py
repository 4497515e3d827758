"""`fourquad model`: ask a board which meter it is, or let it be another one."""

from __future__ import annotations

import argparse
import sys

from fourquad_tools.board.live import warn_of_live_inputs
from fourquad_tools.board.prompt import prompt
from fourquad_tools.options import selectable


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("model", nargs="?", metavar="MODEL", choices=selectable(), help="default: only tell")
    parser.add_argument("--port", metavar="DEVICE", required=True, help="the board's console")
    parser.set_defaults(run=choose)


def choose(options: argparse.Namespace) -> int:
    """Tell or change the model; the board starts anew."""
    warn_of_live_inputs(sys.stderr)
    with prompt(options.port) as run:
        if options.model:
            run(f"import model\nmodel.choose({options.model!r})")
        print(run("import model\nprint(model.chosen())").strip())
    return 0
