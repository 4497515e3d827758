"""`fourquad certificate`: give a board its key and certificate of TLS, and the authorities it believes."""

from __future__ import annotations

import argparse
import ssl
import sys
from pathlib import Path

from fourquad_tools.board.live import warn_of_live_inputs
from fourquad_tools.board.maintenance import MaintenanceError
from fourquad_tools.board.prompt import has_driver, prompt
from fourquad_tools.certificates import in_der, made
from fourquad_tools.options import OptionError

_MOST = 16384  # bytes of authorities, in DER
_OURS = ("fourquad", "fourquad.local")  # names of a board that nobody has named
_FILES = "import model\nfiles = model.files()"
_TELL = """import hashlib
own = list(tls.parts(files.read(tls.OWN) or b""))[1:]
for name, found in (("own", own), ("authority", tls.parts(files.read(tls.AUTHORITIES) or b""))):
    for one in found:
        print(name, hashlib.sha256(one).digest().hex())
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--port", metavar="DEVICE", required=True, help="the board's console")
    parser.add_argument(
        "--name",
        metavar="NAME",
        action="append",
        default=[],
        help="make a key, and a certificate for this name or address, and for others that are named",
    )
    parser.add_argument("--own", metavar="FILE", help="a key and its certificate instead (PEM)")
    parser.add_argument(
        "--authorities", metavar="FILE", help="the certificates that the board believes (PEM)"
    )
    parser.add_argument("--save", metavar="FILE", help="write the board's certificate to it, for its clients")
    parser.add_argument("--forget", action="store_true", help="take away what else the board has")
    parser.set_defaults(run=certificate)


def certificate(options: argparse.Namespace) -> int:
    """Do what is asked for, and tell what the board has then; the board starts anew."""
    files = _wanted(options)
    warn_of_live_inputs(sys.stderr)
    with prompt(options.port) as run:
        if not has_driver(run, "tls"):
            raise MaintenanceError(f"{options.port}: the image of this board has no TLS")
        run(_FILES)
        for name, data in files.items():
            run(f"files.write(tls.{name}, {data!r})")
        told = run(_TELL).split()
    for name, digest in zip(told[::2], told[1::2], strict=True):
        print(f"{name}: SHA-256 {digest}")
    if not told:
        print("no certificate")
    return 0


def _wanted(options: argparse.Namespace) -> dict[str, bytes]:
    """Files of the board by what drivers/tls.py calls them. OptionError: they cannot be had."""
    if options.own and options.name:
        raise OptionError("--own: a certificate of yours has its names already")
    if options.save and not (options.own or options.name):
        raise OptionError("--save: there is no new certificate; --name or --own gives one")
    files = dict.fromkeys(("OWN", "AUTHORITIES"), b"") if options.forget else {}
    if options.own or options.name:
        key, found = in_der(_read(options.own) if options.own else made((*options.name, *_OURS)))
        if not key or len(found) != 1:
            raise OptionError(f"--own {options.own}: it has to have a key and its certificate alone, in PEM")
        files["OWN"] = key + found[0]
        if options.save:
            _write(options.save, ssl.DER_cert_to_PEM_cert(found[0]))
    if options.authorities:
        _, found = in_der(_read(options.authorities))
        if not found:
            raise OptionError(f"--authorities {options.authorities}: there is no certificate in PEM")
        files["AUTHORITIES"] = b"".join(found)
        if len(files["AUTHORITIES"]) > _MOST:
            raise OptionError(
                f"--authorities {options.authorities}: more than the {_MOST} bytes that a board takes"
            )
    return files


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise OptionError(f"{name}: {error.strerror}") from None


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text)
    except OSError as error:
        raise OptionError(f"--save {name}: {error.strerror}") from None
