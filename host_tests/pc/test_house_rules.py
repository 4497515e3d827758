"""The rules of docs/architecture.md that a program can see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "lib" / "fourquad"

# What each room of lib/fourquad may import from fourquad; a room is a folder or a file beside it.
BASE = {"ticks", "points"}
MAY_IMPORT = {
    "ticks": set(),
    "points": set(),
    "calendar": BASE,
    "metering": BASE,
    "records": BASE,
    "registers": BASE | {"calendar"},
    "events": BASE | {"calendar", "registers"},
    "billing": BASE | {"calendar", "registers", "events"},
    "meter": BASE | {"calendar", "metering", "registers", "events", "billing"},
    "display": BASE | {"calendar"},
    "protocols": BASE | {"calendar"},
    "models": {"points"},
    "device": BASE | {"calendar", "metering", "records", "meter", "display", "protocols"},
}
HARDWARE = {"machine", "rp2", "pyb", "stm", "network", "time", "utime", "uctypes", "framebuf"}
HARDWARE |= {"datetime", "os"}
TEXT = {".py", ".md", ".toml", ".mjs", ".json", ".sh", ".txt", ".h", ".cmake"}
# The one adapter that names files, for littlefs.
HARDWARE_EXCEPT = {("records/files.py", "os")}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Absolute dotted names that a module imports, relative ones resolved against lib/."""
    package = path.relative_to(ROOT / "lib").with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
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
    for name in imports(path):
        words = name.split(".")
        if words[0] in HARDWARE:
            assert (str(path.relative_to(LIB)), words[0]) in HARDWARE_EXCEPT, f"imports {words[0]}"
        if words[0] == "fourquad" and len(words) > 1 and words[1] != part:
            known = words[1] in MAY_IMPORT
            assert not known or words[1] in MAY_IMPORT[part], f"{part} must not import {words[1]}"


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
