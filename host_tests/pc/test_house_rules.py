"""The rules of docs/architecture.md that a program can see."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from fourquad_tools.board.deploy import find_compiler

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "lib" / "fourquad"
TOOLS = ROOT / "tools" / "fourquad_tools"

# What each room of lib/fourquad may import from fourquad; a room is a folder or a file beside it.
BASE = {"ticks", "points"}
MAY_IMPORT = {
    "ticks": set(),
    "points": set(),
    "part": set(),
    "pieces": set(),
    "calendar": BASE,
    "metering": BASE,
    "records": BASE,
    "registers": BASE | {"part", "calendar"},
    "events": BASE | {"part", "pieces", "calendar", "registers"},
    "billing": BASE | {"part", "calendar", "registers", "events"},
    "modules": BASE | {"part", "registers", "billing"},
    "meter": BASE | {"part", "calendar", "metering", "registers", "events", "billing"},
    "display": BASE | {"calendar"},
    "protocols": BASE | {"pieces", "calendar", "net"},
    "net": BASE,
    "models": {"points"},
    "device": BASE | {"net", "calendar", "metering", "records", "meter", "display", "protocols"},
}
# The same of tools/fourquad_tools, below `cli`.
LOW = {"strict", "options", "pacing", "control", "ports", "stopping"}
TOOLS_MAY_IMPORT = {
    "strict": set(),
    "options": {"strict"},
    "pacing": set(),
    "control": {"strict"},
    "certificates": set(),
    "ports": {"certificates"},
    "stopping": set(),
    "tables": set(),
    "web": {"tables"},
    "web_files": {"web"},
    "plant": {"strict"},
    "sim": LOW | {"plant", "tables", "web_files"},
    "trace": {"options", "ports"},
    "screens": LOW | {"plant", "sim", "tables"},
    "board": {"strict", "options", "certificates"},
    "pages": {"tables", "ports", "plant", "sim", "screens"},
    "utility": {"strict", "options", "tables"},
    "emulated": LOW | {"plant", "sim", "screens", "tables"},
    "commands": {"control", "plant", "sim", "screens"},
    "unit_commands": {"control", "sim", "commands"},
    "openings": LOW | {"sim", "trace"},
    "session": LOW | {"plant", "sim", "screens", "commands", "unit_commands", "openings"},
}
HARDWARE = {"machine", "rp2", "pyb", "stm", "network", "time", "utime", "uctypes", "framebuf"}
HARDWARE |= {"datetime", "os"}
TEXT = {".py", ".md", ".toml", ".mjs", ".json", ".sh", ".txt", ".h", ".cmake"}
# The one adapter that names files, for littlefs.
HARDWARE_EXCEPT = {("records/files.py", "os")}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path, root: Path, nodes: Iterable[ast.AST] | None = None) -> Iterator[str]:
    """Absolute dotted names that a module below `root` imports (anywhere, or in `nodes`)."""
    package = path.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())) if nodes is None else nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                name = ".".join((*base, *((node.module,) if node.module else ())))
            else:
                name = node.module or ""
            yield name
            for alias in node.names:
                yield f"{name}.{alias.name}"


@pytest.mark.parametrize("path", list(sources("lib")), ids=lambda p: str(p.relative_to(LIB.parent)))
def test_data_flows_one_way_and_no_hardware(path: Path) -> None:
    part = path.relative_to(LIB).parts[0].removesuffix(".py")
    if part == "__init__":
        return
    assert part in MAY_IMPORT, f"{part} has no place in the order of imports: give it one"
    for name in imports(path, LIB.parent):
        words = name.split(".")
        if words[0] in HARDWARE:
            assert (str(path.relative_to(LIB)), words[0]) in HARDWARE_EXCEPT, f"imports {words[0]}"
        if words[0] == "fourquad" and len(words) > 1 and words[1] != part:
            known = words[1] in MAY_IMPORT
            assert not known or words[1] in MAY_IMPORT[part], f"{part} must not import {words[1]}"


@pytest.mark.parametrize(
    "path", list(sources("tools/fourquad_tools")), ids=lambda p: str(p.relative_to(TOOLS))
)
def test_the_rooms_of_the_tools_are_in_order(path: Path) -> None:
    room = path.relative_to(TOOLS).parts[0].removesuffix(".py")
    if room in ("__init__", "__main__", "cli"):
        return
    assert room in TOOLS_MAY_IMPORT, f"{room} has no place in the order of imports: give it one"
    for name in imports(path, TOOLS.parent):
        words = name.split(".")
        if words[0] == "fourquad_tools" and len(words) > 1 and words[1] != room:
            known = words[1] in TOOLS_MAY_IMPORT
            assert not known or words[1] in TOOLS_MAY_IMPORT[room], f"{room} must not import {words[1]}"


@pytest.mark.parametrize("root", ["lib", "tools"])
def test_no_circle_of_files(root: str) -> None:
    folder = ROOT / root
    graph = {}
    for path in sources(root):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = set(imports(path, folder, ast.parse(path.read_text()).body)) - {name}
    known: set[str] = set()
    while ready := [name for name in graph if name not in known and not (graph[name] & set(graph)) - known]:
        known.update(ready)
    assert known == set(graph), f"they import each other: {sorted(set(graph) - known)}"


def test_what_a_board_runs_never_asks_for_its_chip() -> None:
    for path in sources("lib", "firmware", "boards"):
        assert "sys.platform" not in path.read_text(), path


def test_constants_stand_before_what_uses_them() -> None:
    """On a board those that begin with an underscore are the compiler's, who knows those above only; models
    are there as their values.
    """
    for path in sources("lib", "firmware"):
        if "models" in path.parts:
            continue
        known: dict[str, int] = {}
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                literal = isinstance(node.value, (ast.Constant, ast.Tuple, ast.BinOp, ast.UnaryOp))
                if literal and re.fullmatch(r"_[A-Z][A-Z0-9_]*", name):
                    known.setdefault(name, node.lineno)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
                assert node.lineno >= known[node.id], f"{path}:{node.lineno}: {node.id} comes later"


def test_columns_have_names() -> None:
    by_number = re.compile(r"\brow\[\d")
    for path in sources("lib", "firmware", "tools/fourquad_tools"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not by_number.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


# A memory of texts that are the same for every meter.
SHARED = {("registers/image.py", "_formats")}
CHANGES = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}


def written(tree: ast.Module) -> Iterator[str]:
    """Names of a module that its functions change: anew, by an item or an attribute, or by a method."""
    shared = {
        target.id
        for node in tree.body
        for target in (node.targets if isinstance(node, ast.Assign) else ())
        if isinstance(target, ast.Name)
    }
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.Lambda)):
            continue
        nodes = list(ast.walk(function))
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        for node in nodes:
            if isinstance(node, ast.Global):
                yield from node.names
            elif isinstance(node, (ast.Subscript, ast.Attribute)):
                called = isinstance(node, ast.Attribute) and node.attr in CHANGES
                if isinstance(node.value, ast.Name) and (called or not isinstance(node.ctx, ast.Load)):
                    yield from {node.value.id} & shared - own


def test_several_meters_share_nothing_that_is_written() -> None:
    for path in sources("lib"):
        place = str(path.relative_to(LIB))
        for name in written(ast.parse(path.read_text())):
            assert (place, name) in SHARED, f"{place} writes {name}, which all meters of a process share"
    # the rule itself sees what it is for
    for text in (
        "a = []\ndef f():\n    a.append(1)",
        "a = {}\ndef f():\n    a[1] = 2",
        "def f():\n    global a",
    ):
        assert list(written(ast.parse(text))) == ["a"], text
    for text in ("a = []\ndef f(a):\n    a.append(1)", "a = (1,)\ndef f():\n    return a[0]"):
        assert not list(written(ast.parse(text))), text


def test_nothing_asks_which_model_it_is() -> None:
    asks = re.compile(r"""model(\.name|\.NAME)?\s*==\s*["']|isinstance\(.*[Mm]odel""")
    for path in sources("lib", "firmware"):
        assert not asks.search(path.read_text()), path


def test_one_concept_a_file() -> None:
    for path in sources("lib", "firmware", "boards", "tools", "host_tests"):
        if "node_modules" not in path.parts:
            lines = len(path.read_text().splitlines())
            assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def test_no_bare_except() -> None:
    for path in sources("lib", "firmware", "boards", "tools", "host_tests"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path}:{node.lineno}"


def test_micropython_compiles_every_file(tmp_path: Path) -> None:
    """What CPython takes and MicroPython's compiler does not, such as `*x` in a tuple display."""
    compiler = find_compiler(ROOT, None)
    refused = []
    for path in sources("lib", "firmware", "boards"):
        if path.name.startswith("manifest"):
            continue  # of the build, on a PC
        command = [compiler, "-march=armv6m", "-o", str(tmp_path / "module.mpy"), str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            refused.append(f"{path.relative_to(ROOT)}: {done.stderr.strip()}")
    assert not refused, "\n".join(refused)


def test_what_runs_every_cycle_has_no_property() -> None:
    """With a property in its class, every store of an attribute of an object takes 20 us on an RP2040."""
    files = list(
        sources(*(f"lib/fourquad/{room}" for room in ("metering", "meter", "registers", "calendar")))
    )
    files += [ROOT / "lib" / "fourquad" / f"{name}.py" for name in ("billing/demand", "billing/timeline")]
    for path in [*files, ROOT / "lib/fourquad/billing/billing.py", ROOT / "lib/fourquad/device/loop.py"]:
        assert "@property" not in path.read_text(), path


def test_pure_tests_are_pure() -> None:
    for path in sources("host_tests/pure"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                top = name.split(".")[0]
                assert top not in {"pytest", "numpy", "typing", "pathlib", "hypothesis"}, path


def test_no_registry_host_or_machine_path() -> None:
    hosts = ("deb" + r"\.debian\.org", "pypi" + r"\.org", "registry" + r"\.npmjs", "/work" + "/")
    forbidden = re.compile("|".join(hosts))
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {".git", ".venv", "build"} or "node_modules" in parts or not path.is_file():
            continue
        if path.suffix in TEXT or path.name in {"Makefile", "run"}:
            assert not forbidden.search(path.read_text(errors="replace")), path
