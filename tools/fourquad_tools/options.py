"""Options that `fourquad sim` and `fourquad emulate` share, checked."""

from __future__ import annotations

import argparse
import ipaddress
import math
import pkgutil
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import cast

import fourquad
import fourquad.models
from fourquad.models import VARIANT_OF, load
from fourquad_tools.strict import whole

FIRST = datetime(2000, 1, 1, tzinfo=timezone.utc)
END = datetime(2100, 1, 1, tzinfo=timezone.utc)

DEFAULT_MODEL = "kw320"
LONGEST_GAP_MS = 10_000


class OptionError(Exception):
    """An option that makes no sense; the message names it."""


def models() -> list[str]:
    """The models that are meters already: their tables say which ports they have."""
    names = sorted(m.name for m in pkgutil.iter_modules(fourquad.models.__path__) if m.ispkg)
    return [name for name in names if hasattr(model(name), "PORTS")]


def selectable() -> list[str]:
    """The models, and the versions of them that have names of their own."""
    bases = models()
    return sorted([*bases, *(name for name, base in VARIANT_OF if base in bases)])


def model(name: str, ct: str | None = None, network: bool = False) -> ModuleType:
    """A model's tables, with the defaults of a type of current input; `network`: with its network module."""
    try:
        return cast("ModuleType", load(name, ct, ("network",) if network else ()))
    except ValueError:
        known = ", ".join(kind for kind, _ in getattr(model(name), "CT_TYPES", ()))
        why = f"no such current input (it has: {known})" if known else "no choice of current inputs"
        raise OptionError(f"--ct {ct}: {name} has {why}") from None


def source_root() -> Path:
    """The checkout: firmware, boards and the emulator are not part of the installed package."""
    for root in (Path(fourquad.__file__).resolve().parents[2], Path.cwd()):
        if (root / "firmware" / "main.py").is_file():
            return root
    raise OptionError("firmware/, boards/ and tools/ are needed: run this in a checkout of the project")


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """The command line of a meter that runs (docs: design, section 4)."""
    parser.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        choices=selectable(),
        help=f"which meter; default: {DEFAULT_MODEL}",
    )
    parser.add_argument("--ct", metavar="TYPE", help="current input, kw320: sc (333 mV) or rct (Rogowski)")
    parser.add_argument("--load", metavar="FILE", help="JSON load, COMTRADE (.cfg) or CSV; default: a demo")
    parser.add_argument(
        "--port",
        metavar="NAME=PATH",
        action="append",
        default=[],
        help="PATH becomes a link to a new pty, or is a device: /dev/ttyUSB0, COM3, rfc2217://host:port",
    )
    parser.add_argument(
        "--tcp", metavar="NAME=PORT", action="append", default=[], help="the same bytes on loopback TCP"
    )
    parser.add_argument(
        "--net",
        metavar="NAME=[ADDRESS:]PORT",
        action="append",
        default=[],
        help="a network service, on loopback unless an address is given: modbus=5020 (Modbus TCP), or all",
    )
    parser.add_argument("--state", metavar="DIR", help="keep the flash image there; default: in memory")
    parser.add_argument(
        "--start", metavar="TIME", type=_time, help="UTC, as 2026-01-01T00:00:00; default: now"
    )
    parser.add_argument("--speed", metavar="N", type=_speed, default=1.0, help="N times real time")
    parser.add_argument("--headless", action="store_true", help="no panel; runs until a signal ends it")
    parser.add_argument(
        "--control",
        metavar="SOCKET",
        action="append",
        default=[],
        help="Unix socket, or tcp:PORT on loopback, for commands, one JSON object a line",
    )


def add_bench_options(parser: argparse.ArgumentParser) -> None:
    """What the simulator alone can do: a large flash; settings, faults and traces for tests of a master."""
    parser.add_argument(
        "--flash",
        metavar="MB",
        type=_megabytes,
        help="a flash of so many MB, 2 to 64, for logs: 24 hold all of a kw320; default: 1.4, with --net 4",
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting at the start, by its name in `fourquad points`, in the unit given there: ct1=100",
    )
    parser.add_argument(
        "--unit",
        metavar="NAME[,NAME=VALUE]...",
        action="append",
        default=[],
        help="one of several meters on the ports: feeder2,address=2,model=kw320q,load=FILE,ct1=100",
    )
    parser.add_argument(
        "--fault",
        metavar="KIND[,NAME=VALUE]...",
        action="append",
        default=[],
        help="drop, delay, corrupt, truncate, exception, mute or noise: exception,code=4,next=3,port=rs485",
    )
    parser.add_argument(
        "--bind",
        metavar="ADDRESS",
        type=address,
        help="address of this computer for --tcp and --net, instead of 127.0.0.1",
    )
    parser.add_argument(
        "--trace",
        metavar="FILE",
        action="append",
        default=[],
        help="what goes over the ports: text, or for Wireshark if FILE ends in .pcapng or .pcap",
    )


def _time(text: str) -> float:
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-01-01T00:00:00") from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    if not FIRST <= when < END:
        raise argparse.ArgumentTypeError(f"{text!r} is not in the years 2000 to 2099 of UTC")
    return when.timestamp()


def _megabytes(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of MB from 2 to 64")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0.0 < speed < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no factor above 0")
    return speed


def gap(text: str) -> float:
    """--gap: milliseconds as seconds."""
    try:
        ms = float(text)
    except ValueError:
        ms = math.nan
    if not 0.0 <= ms <= LONGEST_GAP_MS:
        raise argparse.ArgumentTypeError(f"{text!r} is not in 0 to {LONGEST_GAP_MS} ms")
    return ms / 1000


def authorities(text: str) -> str:
    """--ca: a file of certificates."""
    import ssl

    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text}: no certificates in PEM ({error})") from None
    return text


def address(text: str) -> str:
    """--bind: an IP address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is no IP address such as 0.0.0.0") from None


def pty_ports(pairs: list[str], names: list[str]) -> list[tuple[str, str]]:
    """(port, path) of every --port."""
    return [_pair("--port", pair, "PATH", names) for pair in pairs]


def tcp_ports(pairs: list[str], names: list[str]) -> list[tuple[str, int]]:
    """(port, TCP port) of every --tcp."""
    return [_tcp_port("--tcp", pair, names) for pair in pairs]


def net_ports(pairs: list[str], usual: dict[str, int]) -> list[tuple[str, int, str | None]]:
    """(service, port, address or None) of every --net; `usual`: the model's services and the ports that `all`
    takes.
    """
    if pairs and not usual:
        raise OptionError(f"--net {pairs[0]}: this model has no network services")
    out: dict[str, tuple[str, int, str | None]] = {}
    for pair in pairs:
        every = [(name, port, None) for name, port in usual.items()]
        for one in every if pair == "all" else [_net_port(pair, list(usual))]:
            name, _, _ = one
            if name in out:
                raise OptionError(f"--net {pair}: {name} is asked for twice")
            out[name] = one
    return list(out.values())


def _net_port(pair: str, names: list[str]) -> tuple[str, int, str | None]:
    """NAME=PORT or NAME=ADDRESS:PORT."""
    name, where = _pair("--net", pair, "PORT", names)
    host, colon, number = where.rpartition(":")
    port = whole(number, 0, 65535)
    if port is None:
        raise OptionError(f"--net {pair}: {number!r} is no port from 0 to 65535")
    if not colon:
        return name, port, None
    try:
        return name, port, address(host.removeprefix("[").removesuffix("]"))
    except argparse.ArgumentTypeError as error:
        raise OptionError(f"--net {pair}: {error}") from None


def _tcp_port(option: str, pair: str, names: list[str]) -> tuple[str, int]:
    name, number = _pair(option, pair, "PORT", names)
    port = whole(number, 0, 65535)
    if port is None:
        raise OptionError(f"{option} {pair}: {number!r} is no port from 0 to 65535")
    return name, port


def _pair(option: str, pair: str, what: str, names: list[str]) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not value:
        example = "/tmp/meter" if what == "PATH" else "5020"
        raise OptionError(f"{option} {pair}: must be NAME={what}, such as {names[0]}={example}")
    if name not in names:
        what = "service" if option == "--net" else "port"
        raise OptionError(
            f"{option} {pair}: this model has no {what} {name!r} (its {what}s: {', '.join(names)})"
        )
    return name, value
