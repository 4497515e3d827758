"""Python sources for a frozen image, constants written as literals: inline_points.py SOURCE TARGET.

MicroPython keeps a tuple in flash only where its compiler sees nothing but literals, and `p.NAME` of another
module is none. So every `p.NAME` becomes its number, and upper-case integers of a module become `const`;
lines stay where they are. The modules of a model are tables: they are written as their values, without the
functions that helped to make them.
"""

from __future__ import annotations

import ast
import importlib
import pprint
import re
import shutil
import sys
from pathlib import Path

PC_ONLY = ("names.py", "_vector.py")  # for people at a PC, and for numpy
IDS = ("points", "points_billing")  # modules of ids; a later one may use an earlier one
IMPORTS = re.compile(rf"^from fourquad import ({'|'.join(IDS)}) as (\w+)$", re.MULTILINE)
ASSIGNMENT = re.compile(r"^([A-Z_][A-Z0-9_]*) = ([^#\n]*?)(\s*#.*)?$", re.MULTILINE)


def integers(source: str) -> dict[str, int]:
    """Names that a module binds, once and at its top level, to an integer made of literals."""
    found: dict[str, int] = {}
    lost = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.id in found:
                lost.add(node.id)
            found.setdefault(node.id, 0)
    values = {}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        if len(node.targets) == 1 and name not in lost and _arithmetic(node.value):
            value = eval(
                compile(ast.Expression(node.value), name, "eval"), {"__builtins__": {}}, dict(values)
            )
            if type(value) is int:
                values[name] = value
    return values


def _arithmetic(node: ast.expr) -> bool:
    allowed = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    return all(isinstance(part, allowed) for part in ast.walk(node))


def numbered(source: str, ids: dict[str, dict[str, int]]) -> str:
    """`source` with the ids of the modules `ids` as numbers."""
    for module, alias in IMPORTS.findall(source):
        points = ids[module]
        used = re.compile(rf"(?<![\w.]){alias}\.([A-Z][A-Z0-9_]*)\b")
        source = used.sub(lambda m, points=points: str(points[m[1]]) if m[1] in points else m[0], source)
    return source


def inline(source: str, ids: dict[str, dict[str, int]]) -> str:
    """`source` with the ids of the modules `ids` as numbers, and its own integers as `const`."""
    source = numbered(source, ids)
    if "const(" in source:
        return source
    values = integers(source)

    def as_const(match: re.Match[str]) -> str:
        name, value, comment = match.groups()
        whole = value.count("(") == value.count(")")
        return f"{name} = const({value}){comment or ''}" if name in values and whole else match[0]

    return ASSIGNMENT.sub(as_const, source)


def tables(path: Path, origin: Path) -> str:
    """The module of a model at `path` as the values of its names."""
    module = importlib.import_module(".".join(path.relative_to(origin).with_suffix("").parts))
    values = {name: value for name, value in vars(module).items() if name[0] != "_" and _literal(value)}
    head = '"""Written by tools/build/inline_points.py."""\n\n'
    return head + "".join(f"{name} = {pprint.pformat(value, width=110)}\n" for name, value in values.items())


def _literal(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_literal(part) for part in value)
    return value is None or isinstance(value, (int, float, str, bytes))


def main(origin: Path, target: Path) -> None:
    """Copy every module of the package below `origin` that a board may want to `target`, inlined."""
    sys.path.insert(0, str(origin))
    ids: dict[str, dict[str, int]] = {}
    for name in IDS:
        ids[name] = integers(numbered((origin / "fourquad" / f"{name}.py").read_text(), ids))
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(origin.rglob("*.py")):
        if path.name.endswith(PC_ONLY):
            continue
        out = target / path.relative_to(origin)
        out.parent.mkdir(parents=True, exist_ok=True)
        a_model = path.parent.parent.name == "models" and path.name != "__init__.py"
        out.write_text(tables(path, origin) if a_model else inline(path.read_text(), ids))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
