"""The `fourquad` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from fourquad_tools.board.calibrate import CalibrationError
from fourquad_tools.board.calibrate import add_options as add_calibrate_options
from fourquad_tools.board.certificate import add_options as add_certificate_options
from fourquad_tools.board.check_wiring import add_options as add_wiring_options
from fourquad_tools.board.choose import add_options as add_model_options
from fourquad_tools.board.deploy import DeployError
from fourquad_tools.board.deploy import add_options as add_deploy_options
from fourquad_tools.board.maintenance import MaintenanceError
from fourquad_tools.board.wifi import add_options as add_wifi_options
from fourquad_tools.certificates import CertificateError
from fourquad_tools.control import ControlError
from fourquad_tools.emulated.emulator import EmulatorError
from fourquad_tools.options import (
    OptionError,
    add_bench_options,
    add_run_options,
    authorities,
    gap,
    models,
    selectable,
    source_root,
)
from fourquad_tools.plant.load import LoadError
from fourquad_tools.ports import PortError
from fourquad_tools.sim.storage import StateError
from fourquad_tools.utility import ctrl_c
from fourquad_tools.utility.arguments import add_commands

MISTAKES = (
    CalibrationError,
    CertificateError,
    ControlError,
    DeployError,
    EmulatorError,
    LoadError,
    MaintenanceError,
    OptionError,
    PortError,
    StateError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal that lacks a letter gets a question mark, never a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return ctrl_c.STATUS
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        return int(options.run(options))
    except MISTAKES as error:
        print(f"fourquad {options.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fourquad", description="A four-quadrant power meter on a PC.")
    parser.add_argument("--version", action="version", version=f"fourquad {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    sim = commands.add_parser("sim", help="be a meter that a master can poll")
    add_run_options(sim)
    sim.add_argument("--instant-lines", action="store_true", help="characters of IEC 62056-21 take no time")
    sim.add_argument(
        "--module",
        metavar="NAMES",
        help="I/O modules that are connected, such as io11,io21; default: the first that the model has",
    )
    sim.add_argument(
        "--ca",
        metavar="FILE",
        type=authorities,
        help="certificates (PEM) that mail, MQTT and posts over TLS trust; default: those of this computer",
    )
    sim.add_argument(
        "--gap",
        metavar="MS",
        type=gap,
        help="how long a request may pause on its way; default: 250 on TCP, else as on a wire",
    )
    add_bench_options(sim)
    sim.set_defaults(run=_sim)

    emulate = commands.add_parser("emulate", help="the firmware image on an emulated RP2040, same options")
    add_run_options(emulate)
    emulate.add_argument("--console", metavar="PORT", type=int, default=0, help="TCP port of the REPL")
    emulate.add_argument(
        "--firmware",
        metavar="FILE",
        help="default: build/PICO_EMU/firmware.bin, with --net build/W5500_EMU-MODEL/firmware.bin",
    )
    emulate.set_defaults(run=_emulate)

    deploy = commands.add_parser("deploy", help="put the modules on a board that runs MicroPython")
    add_deploy_options(deploy)
    deploy.set_defaults(run=_deploy)

    calibrate = commands.add_parser("calibrate", help="calibrate a meter against known values")
    add_calibrate_options(calibrate)
    calibrate.set_defaults(run=_calibrate)

    wiring = commands.add_parser("check-wiring", help="name what is wrong with a meter's wiring")
    add_wiring_options(wiring)
    wiring.set_defaults(run=_check_wiring)

    model = commands.add_parser("model", help="which meter a board is, or is to be")
    add_model_options(model)

    certificate = commands.add_parser("certificate", help="give a board a key of TLS and those it believes")
    add_certificate_options(certificate)

    wifi = commands.add_parser("wifi", help="which WiFi a board with a radio joins, or is to join")
    add_wifi_options(wifi)

    docs = commands.add_parser("docs", help="make the documents that come from the models' tables")
    docs.add_argument("models", nargs="*", metavar="MODEL", choices=[[], *models()], help="default: all")
    docs.set_defaults(run=_docs)

    points = commands.add_parser("points", help="list the points of a meter with their units")
    points.add_argument("--prefix", default="", help="only names that begin so, such as energy.")
    points.set_defaults(run=_points)

    add_commands(commands)
    commands.add_parser("models", help="list the models").set_defaults(run=_models)
    return parser


def _version() -> str:
    try:
        return metadata.version("fourquad")
    except metadata.PackageNotFoundError:
        return "of a checkout that is not installed"


def _sim(options: argparse.Namespace) -> int:
    from fourquad_tools.session import sim

    return sim(options)


def _emulate(options: argparse.Namespace) -> int:
    from fourquad_tools.emulated.emulate import emulate

    return emulate(options)


def _deploy(options: argparse.Namespace) -> int:
    from fourquad_tools.board.deploy import deploy

    return deploy(options)


def _calibrate(options: argparse.Namespace) -> int:
    from fourquad_tools.board.calibrate import calibrate

    return calibrate(options)


def _check_wiring(options: argparse.Namespace) -> int:
    from fourquad_tools.board.check_wiring import check_wiring

    return check_wiring(options)


def _docs(options: argparse.Namespace) -> int:
    from fourquad_tools.pages import docs, matrix_docs, menu_docs, tree_docs, utility_docs

    root = source_root()
    names = options.models or models()
    menu_docs.write(root / "docs", names)
    matrix_docs.write(root / "docs", names)
    tree_docs.write(root / "docs", names)
    utility_docs.write(root / "docs")
    return docs.run(root, names)


def _points(options: argparse.Namespace) -> int:
    from fourquad.points.names import POINTS

    for pid, name, unit, _ in POINTS:
        if name.startswith(options.prefix):
            print(f"{pid:4d}  {name:28s} {unit}".rstrip())
    return 0


def _models(options: argparse.Namespace) -> int:
    print("\n".join(selectable()))
    return 0
