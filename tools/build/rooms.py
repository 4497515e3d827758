"""What an image leaves out: the rooms of lib/fourquad that none of its models names."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from types import ModuleType

from fourquad.models.variants import added, besides
from fourquad.part import Part
from fourquad.points import columns as c

# What a board never imports: for people at a PC, for numpy (a board with ulab asks for it), and what its UART
# does itself.
PC_ONLY = (
    "names.py",
    "modbus/framer.py",
    "models/rows.py",
    "/logged.py",
    "models/web_rows.py",
    "_pages.py",
    "menu_rows.py",
)
VECTOR = "vector.py"
# What only boards with a network import: those whose board.py has `network`.
NETWORK = (
    "net/__init__.py",
    "net/access.py",
    "net/address.py",
    "net/desk.py",
    "net/dns.py",
    "net/switchboard.py",
    "device/network.py",
    "meter/network.py",
    "modbus/tcp.py",
    "dnp3/configuration.py",
    "dnp3/masters.py",
    "dnp3/network.py",
    "dnp3/primary.py",
    "dnp3/shared.py",
    "bacnet/cov.py",
    "bacnet/outputs.py",
    "bacnet/ip/__init__.py",
    "bacnet/ip/node.py",
    "bacnet/ip/service.py",
    "models/acurev2020/bacnet.py",
    "models/kw320/bacnet.py",
    "protocols/sntp.py",
    "protocols/mqtt/__init__.py",
    "protocols/mqtt/client.py",
    "protocols/mqtt/packets.py",
    "protocols/mqtt/payload.py",
    "events/outbox.py",
    "device/outbox_store.py",
    "models/kw320/web.py",
    "models/acurev2020/web.py",
    "posts/__init__.py",
    "posts/channel.py",
    "posts/data.py",
    "posts/ftp.py",
    "posts/http.py",
    "posts/url.py",
    "mail/__init__.py",
    "mail/client.py",
    "mail/message.py",
    "events/mailbox.py",
    "events/log_file.py",
    "events/log_texts.py",
    "events/loggers.py",
    "events/module_log.py",
    "events/spans.py",
    "device/module_log_store.py",
    "device/audit.py",
    "device/audit_store.py",
    "meter/audit.py",
    "models/kw320/network.py",
    "models/acurev2020/network.py",
    "models/acurev2020/snmp.py",
    "models/kw320/snmp.py",
)
# What only boards with TLS import: those whose board.py has `tls`.
TLS = ("net/secured.py",)
DEFAULT_PANEL = "rows"  # display/panels.py


def chosen(names: list[str]) -> list[str]:
    """The folders of the models `names`, all without any. SystemExit: there is no such model."""
    models = importlib.import_module("fourquad.models")
    folders = [dict(models.VARIANT_OF).get(name, name) for name in names]
    for name, folder in zip(names, folders, strict=True):
        if folder not in models.NAMES:
            raise SystemExit(f"no such model: {name} (there are {', '.join(models.NAMES)})")
    return list(dict.fromkeys(folders)) or list(models.NAMES)


def left_out(folder: Path, models: list[str], network: bool = False) -> list[Path]:
    """Folders and files below `folder`, that of the package, which an image for `models` can do without; of
    a board with a network or without.
    """
    tables = [importlib.import_module(f"fourquad.models.{name}") for name in models]
    if network:
        tables += [module for table in tables for module in besides(table, None, ("network",))]
    used = {
        "models": set(models),
        "protocols": {kind for table in tables for kind in protocols(table)},
        "display": {panel(name) for name in models},
    }
    rooms = [room for floor in used for room in sorted((folder / floor).iterdir()) if room.is_dir()]
    out = [room for room in rooms if room.name not in used[room.parent.name] and room.name != "__pycache__"]
    out += [folder / name for name in idle(models)]
    back = needed(folder, out, network)
    out = [path for path in out if path not in back]
    out += alone(folder, out)
    return (
        out if any(getattr(table, "TEXTS", ()) for table in tables) else [*out, folder / "meter" / "texts.py"]
    )


def idle(models: list[str]) -> list[str]:
    """The files of the parts that only other models name."""
    every = importlib.import_module("fourquad.models").NAMES
    named = {model: parts(importlib.import_module(f"fourquad.models.{model}")) for model in every}
    wanted = {part for model in models for part in named[model]}
    others = {part for parts in named.values() for part in parts} - wanted
    kept = {file for part in wanted for file in stores(part)}
    files = [file for part in sorted(others) for file in (part.replace(".", "/") + ".py", *stores(part))]
    return [file for file in files if file not in kept]


def needed(folder: Path, out: list[Path], network: bool) -> set[Path]:
    """The files of `out` that what stays imports as it is imported itself."""
    unwanted = PC_ONLY if network else (*PC_ONLY, *NETWORK)
    asks = {
        path: {folder.parent / (name.replace(".", "/") + ".py") for name in imported(path, whole=False)}
        for path in folder.rglob("*.py")
        if not path.as_posix().endswith(unwanted)
    }
    gone = set(out)
    while True:
        more = set().union(*(those for path, those in asks.items() if not gone & {path, *path.parents}))
        if not more & gone:
            return set(out) - gone
        gone -= more


def alone(folder: Path, out: list[Path]) -> list[Path]:
    """The files below `folder` that only those import that are left `out`."""
    users: dict[Path, set[Path]] = {}
    root = folder.parents[1]
    rooms = (folder, root / "firmware", root / "boards")
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        for name in imported(path):
            users.setdefault(folder.parent / (name.replace(".", "/") + ".py"), set()).add(path)
    gone = set(out)
    while found := {
        path
        for path, those in users.items()
        if path not in gone and all(gone & {each, *each.parents} for each in those)
    }:
        gone |= found
    return sorted(path for path in gone - set(out) if path.exists() and not {*path.parents} & {*out})


def imported(path: Path, whole: bool = True) -> set[str]:
    """What a file imports of the package, and the names that it takes from there; not the `whole` of it: what
    it imports at once.
    """
    names = set()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree) if whole else tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("fourquad"):
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names if each.name.startswith("fourquad.")}
    return names


def parts(table: ModuleType) -> tuple[str, ...]:
    """The parts of a model and of its versions."""
    more = [added(table, name) for name, _, module in getattr(table, "VARIANTS", ()) if module]
    return table.PARTS + tuple(part for module in more for part in module.PARTS)


def stores(part: str) -> list[str]:
    """What keeps a part in flash, besides the meter's image."""
    module = importlib.import_module(f"fourquad.{part}")
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Part)]
    return [f"device/{each.store}.py" for each in classes if each.store]


def protocols(table: ModuleType) -> set[str]:
    """The protocols that a model's ports and services speak."""
    services = {row[c.MACHINE].partition(".")[0] for row in getattr(table, "SERVICES", ())}
    return services | {kind for port in getattr(table, "PORTS", ()) for kind, _ in port[c.SPEAKS]}


def panel(name: str) -> str:
    """The kind of a model's display, a folder of fourquad.display."""
    return getattr(importlib.import_module(f"fourquad.models.{name}.menu"), "PANEL", DEFAULT_PANEL)
