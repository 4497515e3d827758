"""Python sources for a frozen image, constants written as literals: inline_points.py SOURCE TARGET
[--vector] [--board FOLDER] [MODEL...]

MicroPython keeps a tuple in flash only where its compiler sees nothing but literals, and `p.NAME` of another
module is none. So every `p.NAME` becomes its number, upper-case integers of a module become `const`, and its
upper-case tuples are written as their values; lines stay where they are. The modules of ids keep theirs as
one text, in which a program finds what it asks for by name: as names of a module they would take 3 KB. The
integers of all other modules are literals where they are used (literals.py). The modules of a model are
tables: they are written as their values, without the functions that helped to make them.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import pprint
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

from literals import integers, literal, public, used
from rooms import NETWORK, PC_ONLY, TLS, VECTOR, chosen, left_out

ROOT = Path(__file__).resolve().parents[2]

# Modules of ids, and how others import them; a later one may use an earlier one.
IDS = {
    "points/__init__.py": "from fourquad import points",
    "points/billing.py": "from fourquad.points import billing",
    "points/modules.py": "from fourquad.points import modules",
    "points/alarms.py": "from fourquad.points import alarms",
    "points/system.py": "from fourquad.points import system",
    "points/network.py": "from fourquad.points import network",
    "points/circuits.py": "from fourquad.points import circuits",
    "points/columns.py": "from fourquad.points import columns",
    "points/values.py": "from fourquad.points import values",
    "protocols/modbus/codes.py": "from fourquad.protocols.modbus import codes",
}
IMPORTS = re.compile(rf"^({'|'.join(IDS.values())}) as (\w+)$", re.MULTILINE)
NAMES = re.compile(r"^NAMES = .*$", re.MULTILINE)
FIND_BY_NAME = """

_IDS = {text!r}


def __getattr__(name):
    at = _IDS.find("\\n" + name + "=")
    if at < 0:
        if name[0] == "_" or name.isupper():
            raise AttributeError(name)
        # a module of the package: MicroPython asks for it here first
        return __import__(__name__ + "." + name, None, None, (name,))
    at += len(name) + 2
    return int(_IDS[at : _IDS.find("\\n", at)])
"""
ASSIGNMENT = re.compile(r"^([A-Z_][A-Z0-9_]*) = ([^#\n]*?)(\s*#.*)?$", re.MULTILINE)


def numbered(source: str, ids: dict[str, dict[str, int]]) -> str:
    """`source` with the ids of the modules `ids` as numbers."""
    for words, alias in IMPORTS.findall(source):
        points = ids[words]
        used = re.compile(rf"(?<![\w.]){alias}\.([A-Z][A-Z0-9_]*)\b")
        source = used.sub(lambda m, points=points: str(points[m[1]]) if m[1] in points else m[0], source)
        # an import that names nothing any more would take heap
        if not re.search(rf"(?<![\w.]){alias}\.\w", source):
            source = re.sub(rf"^{words} as {alias}$", "", source, flags=re.MULTILINE)
    return source


def inline(source: str, ids: dict[str, dict[str, int]], name: str) -> str:
    """The `source` of module `name`: ids of the modules `ids` as numbers, its integers as `const`, its tuples
    as their values.
    """
    source = numbered(source, ids)
    if "const(" in source:
        return source
    values = integers(source)

    def as_const(match: re.Match[str]) -> str:
        name, value, comment = match.groups()
        whole = value.count("(") == value.count(")")
        return f"{name} = const({value}){comment or ''}" if name in values and whole else match[0]

    return ASSIGNMENT.sub(as_const, with_tuples(source, name))


def with_tuples(source: str, name: str) -> str:
    """The `source` of module `name` with the values of its upper-case tuples and bytes; those that begin with
    an underscore are names of the compiler only.
    """
    if name.startswith("fourquad.models."):
        return source  # what a model puts together is in flash already
    bound = [(node.lineno - 1, node.end_lineno or 0, target) for node, target in _constants(source)]
    if not bound:
        return source
    try:
        module = importlib.import_module(name)
    except ImportError:  # for MicroPython only
        return source
    lines = source.split("\n")
    for first, end, target in bound:
        value = getattr(module, target)
        if isinstance(value, (tuple, bytes)) and _literal(value):
            lines[first:end] = [""] * (end - first)
            lines[first] = f"{target} = const({value!r})" if target[0] == "_" else f"{target} = {value!r}"
    return "\n".join(lines)


def _constants(source: str) -> list[tuple[ast.Assign, str]]:
    """Assignments of a module to upper-case names that have no other."""
    stored = [
        n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if target.isupper() and stored.count(target) == 1:
                found.append((node, target))
    return found


def found_by_name(source: str, ids: dict[str, dict[str, int]], own: dict[str, int]) -> str:
    """The source of a module of ids, where `own` are found by name and are no names of the module."""
    lines = numbered(source, ids).split("\n")
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in own
        ):
            for i in range(node.lineno - 1, node.end_lineno or 0):
                lines[i] = ""
    names = re.compile(rf"(?<![\w.])({'|'.join(own)})\b")
    body = names.sub(lambda m: str(own[m[1]]), "\n".join(lines))
    text = "".join(f"\n{name}={value}" for name, value in own.items()) + "\n"
    return body + FIND_BY_NAME.format(text=text)


def tables(path: Path, origin: Path) -> str:
    """The module of a model at `path` as the values of its names."""
    module = importlib.import_module(".".join(path.relative_to(origin).with_suffix("").parts))
    values = {name: value for name, value in vars(module).items() if name[0] != "_" and _literal(value)}
    head = '"""Written by tools/build/inline_points.py."""\n\n'
    return head + "".join(f"{name} = {pprint.pformat(value, width=110)}\n" for name, value in values.items())


def package(path: Path, origin: Path) -> str:
    """The package of a model, its `__init__` at `path`: what others ask for, of its own or of its modules."""
    name = module_name(path, origin)
    module = importlib.import_module(name)
    parts = [importlib.import_module(f"{name}.{each.stem}") for each in sorted(path.parent.glob("[a-z]*.py"))]
    names = {known: value for known, value in vars(module).items() if known[0] != "_" and known.isupper()}
    modules = {id(value): known for known, value in names.items() if isinstance(value, ModuleType)}
    lines = []
    for known, value in sorted(names.items(), key=lambda item: id(item[1]) not in modules):
        of = [part for part in parts if getattr(part, known, None) is value and isinstance(value, tuple)]
        if isinstance(value, ModuleType):
            lines.append(f"from {name} import {value.__name__.rpartition('.')[2]} as {known}")
        elif of:
            lines.append(f"from {of[0].__name__} import {known}")
        else:
            lines.append(f"{known} = {_written(value, modules)}")
    return '"""Written by tools/build/inline_points.py."""\n\n' + "\n".join(lines) + "\n"


def _written(value: object, modules: dict[int, str]) -> str:
    """A value as source text; `modules` are names by the id of the module."""
    if isinstance(value, tuple) and not _literal(value):
        return "(" + "".join(f"{_written(part, modules)}, " for part in value) + ")"
    if isinstance(value, ModuleType):
        return modules[id(value)]
    assert _literal(value), f"{value!r} is no literal"
    return repr(value)


def _literal(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_literal(part) for part in value)
    return value is None or isinstance(value, (int, float, str, bytes))


def module_name(path: Path, origin: Path) -> str:
    """As which the file at `path` is imported."""
    parts = path.relative_to(origin).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def static_names(paths: list[Path], origin: Path) -> str:
    """A module that nobody imports: names in its code are in flash, and MicroPython puts no string of its own
    on the heap (1.5 KB in all) for each module that is imported by a name which no other code has whole.
    """
    beside = [path for place in ("drivers", "rp2/chip") for path in (ROOT / "firmware" / place).glob("*.py")]
    names = {module_name(path, origin) for path in paths}
    names |= {f"{path.parent.name}.{path.stem}" for path in beside if path.stem != "__init__"}
    words = sorted(names | {part for name in names for part in name.split(".")})
    imports = "".join(f"    import {word}\n" for word in words)
    return f'"""Written by tools/build/inline_points.py."""\n\n\ndef never():\n{imports}'


def _constants_of(
    paths: list[Path], origin: Path, ids: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    """The integers of all modules but those of ids and of models."""
    return {
        module_name(path, origin): public(numbered(path.read_text(), ids))
        for path in paths
        if path.relative_to(origin / "fourquad").as_posix() not in IDS and "models" not in path.parts
    }


def main(
    origin: Path,
    target: Path,
    names: list[str],
    vector: bool = False,
    board: Path | None = None,
) -> None:
    """Copy every module of the package below `origin` that a board may want to `target`, inlined; of the
    models those in `names` (all, without any), and nothing that only others want. `vector`: the kernels for
    ulab, too; `board`: the folder of a board, which has what only those with a network or with TLS have if
    its board.py has functions of these names.
    """
    sys.path.insert(0, str(origin))
    models = chosen(names)
    has = re.findall(r"^def (\w+)", (board / "board.py").read_text(), re.MULTILINE) if board else ()
    without = left_out(origin / "fourquad", models, "network" in has)
    unwanted = (
        *PC_ONLY,
        *(() if vector else (VECTOR,)),
        *(() if "network" in has else NETWORK),
        *(() if "tls" in has else TLS),
    )
    ids: dict[str, dict[str, int]] = {}
    for place, words in IDS.items():
        ids[words] = integers(numbered((origin / "fourquad" / place).read_text(), ids))
    shutil.rmtree(target, ignore_errors=True)
    paths = [
        path
        for path in sorted(origin.rglob("*.py"))
        if not path.as_posix().endswith(unwanted)
        and not any(room in (path, *path.parents) for room in without)
    ]
    constants = _constants_of(paths, origin, ids)
    kept = {
        each
        for folder in (ROOT / "firmware", ROOT / "boards", ROOT / "tools" / "bench")
        for path in folder.rglob("*.py")
        for each in used(path.read_text(), constants)
    }
    for path in paths:
        out = target / path.relative_to(origin)
        out.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.parent.name == "models":
            text = package(path, origin) if path.name == "__init__.py" else tables(path, origin)
        elif (place := path.relative_to(origin / "fourquad").as_posix()) in IDS:
            text = found_by_name(path.read_text(), ids, ids[IDS[place]])
        else:
            name = module_name(path, origin)
            text = inline(literal(path.read_text(), name, constants, kept), ids, name)
        out.write_text(text)
    (target / "fourquad" / "static_names.py").write_text(static_names(paths, origin))
    list_of_models = target / "fourquad" / "models" / "__init__.py"
    list_of_models.write_text(NAMES.sub(f"NAMES = {tuple(models)!r}", list_of_models.read_text()))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--vector", action="store_true", help="with the kernels for ulab")
    arguments.add_argument("--board", type=Path, help="with what this board has: its network, TLS")
    arguments.add_argument("models", nargs="*", metavar="MODEL", help="default: all")
    given = arguments.parse_args()
    main(given.source, given.target, given.models, given.vector, given.board)
