"""The utility's commands on the command line of `fourquad`; what they need is imported when one runs."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from fourquad_tools.options import DEFAULT_MODEL, OptionError, model, selectable
from fourquad_tools.strict import whole
from fourquad_tools.utility import ctrl_c
from fourquad_tools.utility.errors import NotRestored, Refused, UtilityError

if TYPE_CHECKING:
    from fourquad_tools.utility.link import Link
    from fourquad_tools.utility.meter import Meter

MODBUS_TCP = 502
LONGEST_TIMEOUT_S = 60.0
EXAMPLE = "--port /dev/ttyUSB0, --tcp HOST:PORT (RTU over TCP) or --net HOST (Modbus TCP)"
# Each command, a module of this folder with `add_options(parser)` and `run(options)`.
COMMANDS = (
    ("scan", "find the meters on a line"),
    ("info", "which meter this is, and how it is set"),
    ("read", "values by name or address"),
    ("watch", "values again and again, as a live table, CSV or JSON lines"),
    ("set", "change settings, or give commands"),
    ("clock", "show the meter's clock, or set it"),
    ("months", "what was used in each of the last months"),
    ("log", "what the data logs hold; a log as CSV, JSON or Parquet"),
    ("events", "alarms, the sequence of events, sags and swells"),
    ("waveform", "what was captured, as COMTRADE, CSV or a picture"),
    ("config", "the settings as a file, and back: all of them or none"),
    ("schedule", "the time-of-use tables as a file, and back"),
    ("registers", "the register map of a model"),
)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """All commands of the utility."""
    for name, about in COMMANDS:
        parser = commands.add_parser(name, help=about, description=about)
        # what the options are costs no more than this: a module of options imports no library
        importlib.import_module(f"fourquad_tools.utility.{name}").add_options(parser)
        parser.set_defaults(run=_runner(name))


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        module = importlib.import_module(f"fourquad_tools.utility.{name}")
        with ctrl_c.CtrlC() as interrupt:
            try:
                return int(module.run(options))
            except (UtilityError, OptionError) as error:
                if options.json:
                    code = error.code if isinstance(error, Refused) else None
                    print(json.dumps({"ok": False, "error": str(error), "exception": code}))
                print(f"fourquad {name}: {error}", file=sys.stderr)
                if isinstance(error, OptionError):
                    return 2
                return ctrl_c.STATUS if interrupt.pressed and not isinstance(error, NotRestored) else 1
            except OSError:
                # the terminal or the line has gone with it
                if not interrupt.pressed:
                    raise
                return ctrl_c.STATUS

    return run


def add_json(parser: argparse.ArgumentParser) -> None:
    """What every command has."""
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def add_model(parser: argparse.ArgumentParser) -> None:
    """Whose tables are meant."""
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, choices=selectable(), help=f"which meter; default: {DEFAULT_MODEL}"
    )


def add_codes(parser: argparse.ArgumentParser) -> None:
    """What a meter with codes (IEC 62056-21) wants to know."""
    parser.add_argument("--number", metavar="N", default="", help="IEC 62056-21: the meter's number")


def has_codes(options: argparse.Namespace) -> bool:
    """Whether the model has codes of IEC 62056-21 instead of registers."""
    return hasattr(model(options.model), "CODES")


def add_line(parser: argparse.ArgumentParser, unit: bool = True) -> None:
    """Where the meter is."""
    add_model(parser)
    add_json(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--port", metavar="DEVICE", help="Modbus RTU on a serial port, or rfc2217://HOST:PORT")
    where.add_argument("--tcp", metavar="HOST:PORT", help="Modbus RTU over TCP")
    where.add_argument("--net", metavar="HOST[:PORT]", help=f"Modbus TCP; port {MODBUS_TCP} if none is given")
    if unit:
        parser.add_argument("--address", metavar="N", type=_unit, default=1, help="the meter's address (1)")
    parser.add_argument("--baud", metavar="N", type=_baud, default=19200, help="with --port (19200)")
    parser.add_argument(
        "--parity",
        choices=("none", "none2", "even", "odd"),
        default="none",
        help="with --port (none; none2 has two stop bits)",
    )
    parser.add_argument("--timeout", metavar="S", type=_seconds, default=1.0, help="for an answer (1)")
    parser.add_argument(
        "--tries", metavar="N", type=_tries, default=3, help="requests before it is given up (3)"
    )


def _whole(text: str, low: int, high: int) -> int:
    number = whole(text, low, high)
    if number is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not in {low} to {high}")
    return number


def _unit(text: str) -> int:
    return _whole(text, 1, 255)


def _baud(text: str) -> int:
    return _whole(text, 300, 4_000_000)


def _tries(text: str) -> int:
    return _whole(text, 1, 20)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value <= LONGEST_TIMEOUT_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0 to {LONGEST_TIMEOUT_S:g} s")
    return value


def agreed(options: argparse.Namespace) -> bool:
    """Whether the person wants what was shown."""
    if options.yes:
        return True
    if options.json or not sys.stdin.isatty():
        raise OptionError("nobody is there to ask: say --yes, or --dry-run")
    return input("apply? [y/N] ").strip().lower() in ("y", "yes")


def host_and_port(option: str, text: str, usual: int | None) -> tuple[str, int]:
    """HOST:PORT, PORT alone on this computer, or HOST where there is a usual port."""
    host, colon, number = text.rpartition(":")
    if not colon:
        host, number = ("127.0.0.1", text) if text.isdigit() else (text, str(usual or ""))
    port = whole(number, 1, 65535)
    if port is None or not host:
        raise OptionError(f"{option} {text}: must be HOST:PORT, such as 127.0.0.1:5020")
    return host, port


def open_link(options: argparse.Namespace, unit: int | None = None, timeout: float | None = None) -> Link:
    """The line that the options name. OptionError: none; NoAnswer: it cannot be opened."""
    from fourquad_tools.utility.modbus_link import serial_link, tcp_link

    unit = options.address if unit is None else unit
    timeout = options.timeout if timeout is None else timeout
    if options.port:
        return serial_link(options.port, unit, options.baud, options.parity, timeout, options.tries)
    if options.tcp:
        host, port = host_and_port("--tcp", options.tcp, None)
        return tcp_link(host, port, False, unit, timeout, options.tries)
    if options.net:
        host, port = host_and_port("--net", options.net, MODBUS_TCP)
        return tcp_link(host, port, True, unit, timeout, options.tries)
    raise OptionError(f"where is the meter? {EXAMPLE}")


def open_meter(options: argparse.Namespace) -> Meter:
    """The meter that the options name."""
    from fourquad_tools.utility.entries import Map
    from fourquad_tools.utility.meter import Meter

    known = Map(options.model)
    return Meter(open_link(options), known)
