"""Integers of modules as literals where others use them, so that no module of an image keeps them by name: an
entry of a module's dictionary takes 8 bytes of heap on a board, and so does each name that is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable


def integers(source: str) -> dict[str, int]:
    """Names that a module binds, once and at its top level, to an integer made of literals, or to `const` of
    one.
    """
    found: dict[str, int] = {}
    lost = set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.id in found:
                lost.add(node.id)
            found.setdefault(node.id, 0)
    values: dict[str, int] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        expression = _expression(node.value)
        if len(node.targets) == 1 and name not in lost and _arithmetic(expression):
            code = compile(ast.Expression(expression), name, "eval")
            value = eval(code, {"__builtins__": {}}, dict(values))
            if type(value) is int:
                values[name] = value
    return values


def _expression(node: ast.expr) -> ast.expr:
    """What is within const(...)."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const":
        return node.args[0]
    return node


def _arithmetic(node: ast.expr) -> bool:
    allowed = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    return all(isinstance(part, allowed) for part in ast.walk(node))


def public(source: str) -> dict[str, int]:
    """The upper-case names of `integers` that others may use."""
    return {name: value for name, value in integers(source).items() if name[0] != "_" and name.isupper()}


def used(source: str, constants: dict[str, dict[str, int]]) -> set[tuple[str, str]]:
    """(module, name) of each of the `constants` that `source`, which is not written anew, asks for."""
    found = set()
    modules = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found.add((node.module, alias.name))
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.add((modules[node.value.id], node.attr))
    return {(module, name) for module, name in found if name in constants.get(module, {})}


def literal(
    source: str, name: str, constants: dict[str, dict[str, int]], kept: Collection[tuple[str, str]] = ()
) -> str:
    """The source of the module `name` with the integers of `constants` (by module) as literals; its own are
    gone, but those that are `kept`. Lines stay where they are.
    """
    tree = ast.parse(source)
    own = {each: value for each, value in constants.get(name, {}).items() if (name, each) not in kept}
    names = dict(own)  # what a name of this module is
    modules: dict[str, dict[str, int]] = {}  # what the attributes of a name are
    edits: list[tuple[int, int, int, str]] = []
    gone: set[int] = set()
    asked = _asked(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            _imported(node, constants, names, modules, asked, edits)
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in own
        ):
            edits += _replaced(node, "")
            gone.update(id(part) for part in ast.walk(node))
    for node in ast.walk(tree):
        if id(node) in gone:
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            edits += _replaced(node, _text(names[node.id]))
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in modules.get(node.value.id, {})
        ):
            edits += _replaced(node, _text(modules[node.value.id][node.attr]))
    return _edited(source, edits)


def _imported(
    node: ast.ImportFrom,
    constants: dict[str, dict[str, int]],
    names: dict[str, int],
    modules: dict[str, dict[str, int]],
    asked: dict[str, set[str]],
    edits: list[tuple[int, int, int, str]],
) -> None:
    """Note what an import names; one of constants alone, or of a module of which only constants are asked, is
    none any more.
    """
    of = constants.get(str(node.module), {})
    kept = []
    for alias in node.names:
        known = alias.asname or alias.name
        if alias.name in of:
            names[known] = of[alias.name]
            continue
        modules[known] = constants.get(f"{node.module}.{alias.name}", {})
        if asked.get(known) and asked[known] <= set(modules[known]):
            continue
        kept.append(alias.name + (f" as {alias.asname}" if alias.asname else ""))
    if len(kept) < len(node.names):
        edits += _replaced(node, f"from {node.module} import {', '.join(kept)}" if kept else "pass")


def _asked(tree: ast.Module) -> dict[str, set[str]]:
    """The attributes that are read of each name; "" where the name stands alone."""
    found: dict[str, set[str]] = {}
    of = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
            of.add(node.value)
        elif isinstance(node, ast.Name) and node not in of:
            found.setdefault(node.id, set()).add("")
    return found


def _text(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"


def _replaced(node: ast.stmt | ast.expr, text: str) -> Iterable[tuple[int, int, int, str]]:
    """(line, first byte, end, text) that put `text` in the place of `node`, a piece a line."""
    last = node.end_lineno or node.lineno
    for line in range(node.lineno, last + 1):
        begin = node.col_offset if line == node.lineno else 0
        end = (node.end_col_offset or 0) if line == last else -1
        yield line, begin, end, text if line == node.lineno else ""


def _edited(source: str, edits: list[tuple[int, int, int, str]]) -> str:
    lines = [line.encode() for line in source.split("\n")]
    whole = {(line, begin) for line, begin, _, _ in edits}
    assert len(whole) == len(edits), "edits overlap"
    for line, begin, end, text in sorted(edits, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[:begin] + text.encode() + (old[end:] if end >= 0 else b"")
    return "\n".join(line.decode() for line in lines)
