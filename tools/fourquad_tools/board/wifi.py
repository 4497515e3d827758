"""`fourquad wifi`: ask a board which WiFi it joins, or let it join another one. The password is asked for
without an echo, or is a line of the standard input; no board gives it back.
"""

from __future__ import annotations

import argparse
import ast
import getpass
import sys

from fourquad_tools.board.live import warn_of_live_inputs
from fourquad_tools.board.maintenance import MaintenanceError
from fourquad_tools.board.prompt import has_driver, prompt
from fourquad_tools.options import OptionError

_LONGEST_NAME = 32  # bytes (IEEE 802.11-2020, 9.4.2.2)
_SHORTEST, _LONGEST = 8, 63  # characters of a password (J.4.1)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the network; default: only tell")
    parser.add_argument("--port", metavar="DEVICE", required=True, help="the board's console")
    parser.add_argument(
        "--country", metavar="CC", default="XX", help="where the board is, such as DE; default: XX, anywhere"
    )
    parser.add_argument("--open", action="store_true", help="the network has no password")
    parser.add_argument("--forget", action="store_true", help="join no network any more")
    parser.set_defaults(run=wifi)


def wifi(options: argparse.Namespace) -> int:
    """Tell, change or forget the network; the board starts anew."""
    code = _code(options)
    with prompt(options.port) as run:
        if not has_driver(run, "wifi"):
            raise MaintenanceError(f"{options.port}: the image of this board has no driver of a radio")
        if code:
            run(code)
        name = ast.literal_eval(run("print(repr(wifi.chosen()))").strip())
    print("no network" if name is None else name)
    return 0


def _code(options: argparse.Namespace) -> str:
    """What the board is to do; nothing where it is only to tell. OptionError: what is wanted cannot be."""
    if options.name is None:
        if options.open or options.country != "XX":
            raise OptionError("NAME: of which network?")
        warn_of_live_inputs(sys.stderr)
        return "wifi.forget()" if options.forget else ""
    if options.forget:
        raise OptionError("--forget: there is one network at most, and it has no NAME here")
    try:
        size = len(options.name.encode())
    except UnicodeEncodeError:
        raise OptionError("NAME: that is no text") from None
    if not 1 <= size <= _LONGEST_NAME:
        raise OptionError(f"NAME: the name of a network has 1 to {_LONGEST_NAME} bytes, not {size}")
    country = options.country.upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise OptionError(f"--country: {options.country!r} is not two letters")
    warn_of_live_inputs(sys.stderr)
    password = None if options.open else _password(options.name)
    return f"wifi.choose({ascii(options.name)}, {password!r}, {country!r})"


def _password(name: str) -> str:
    if sys.stdin.isatty():
        password = getpass.getpass(f"password of {name}: ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not _SHORTEST <= len(password) <= _LONGEST or not all(" " <= letter <= "~" for letter in password):
        raise OptionError("the password of a network has 8 to 63 characters, all of them ASCII")
    return password
