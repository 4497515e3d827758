"""The `fourquad` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from fourquad_tools.control import ControlError
from fourquad_tools.load import LoadError
from fourquad_tools.options import OptionError, add_run_options, models
from fourquad_tools.ports import PortError
from fourquad_tools.storage import StateError

MISTAKES = (ControlError, LoadError, OptionError, PortError, StateError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except MISTAKES as error:
        print(f"fourquad {options.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fourquad", description="A four-quadrant power meter on a PC.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    sim = commands.add_parser("sim", help="be a meter that a master can poll")
    add_run_options(sim)
    sim.set_defaults(run=_sim)

    points = commands.add_parser("points", help="list the points of a meter with their units")
    points.add_argument("--prefix", default="", help="only names that begin so, such as energy.")
    points.set_defaults(run=_points)

    commands.add_parser("models", help="list the models").set_defaults(run=_models)

    docs = commands.add_parser("docs", help="write docs/ from the models' tables")
    docs.set_defaults(run=_docs)
    return parser


def _sim(options: argparse.Namespace) -> int:
    from fourquad_tools.session import sim

    return sim(options)


def _points(options: argparse.Namespace) -> int:
    from fourquad.names import POINTS

    for pid, name, unit, _ in POINTS:
        if name.startswith(options.prefix):
            print(f"{pid:4d}  {name:28s} {unit}".rstrip())
    return 0


def _docs(options: argparse.Namespace) -> int:
    from pathlib import Path

    from fourquad_tools.docs import run

    return run(Path.cwd(), models())


def _models(options: argparse.Namespace) -> int:
    print("\n".join(models()))
    return 0
