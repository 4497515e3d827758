"""What can be changed in one line of a module: operators, constants, conditions, statements."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

COMPARISONS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
BOOLEAN = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
KINDS = ("comparison", "arithmetic", "constant", "boolean", "condition", "statement", "assignment")


class Mutant(NamedTuple):
    """One changed line; `old` and `new` are the line without its indentation."""

    path: str
    line: int
    kind: str
    old: str
    new: str
    changed: str  # the whole line
    scope: str = ""  # class and function that the line is in

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.old} -> {self.new}"

    def source(self, original: str) -> str:
        """The module with this line changed."""
        lines = original.splitlines(keepends=True)
        return "".join((*lines[: self.line - 1], self.changed, *lines[self.line :]))


def mutants_of(path: str, source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines; some may not be `possible`."""
    lines = source.splitlines(keepends=True)
    found: dict[tuple[int, str], Mutant] = {}
    tree = ast.parse(source)
    scopes = _scopes(tree, len(lines))
    for kind, number, start, end, text in _edits(tree, lines):
        octets = lines[number - 1].encode()
        changed = (octets[:start] + text.encode() + octets[end:]).decode()
        mutant = Mutant(
            path, number, kind, lines[number - 1].strip(), changed.strip(), changed, scopes[number]
        )
        found.setdefault((number, changed), mutant)
    return sorted(found.values())


def _scopes(tree: ast.AST, lines: int) -> list[str]:
    """By line: the names of the classes and functions around it, joined by dots."""
    scopes = [""] * (lines + 1)
    for node in ast.walk(tree):  # from the outside inwards
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            outer = scopes[node.lineno]
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                scopes[line] = f"{outer}.{node.name}" if outer else node.name
    return scopes


def possible(mutant: Mutant, original: str) -> bool:
    """Whether it compiles and is another program."""
    try:
        compile(mutant.source(original), mutant.path, "exec", dont_inherit=True)
        return ast.dump(ast.parse(mutant.source(original))) != ast.dump(ast.parse(original))
    except SyntaxError:
        return False


def _edits(tree: ast.AST, lines: list[str]) -> Iterator[tuple[str, int, int, int, str]]:
    """(kind, line, first octet, octet after the last, text in their place), each within one line."""
    for node, parent in _nodes(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for i, operator in enumerate(node.ops):
                yield from _swap("comparison", COMPARISONS, operator, sides[i], sides[i + 1], lines)
        elif isinstance(node, ast.BinOp):
            yield from _swap("arithmetic", ARITHMETIC, node.op, node.left, node.right, lines)
        elif isinstance(node, ast.BoolOp):
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from _swap("boolean", BOOLEAN, node.op, left, right, lines)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            value = str(not node.value) if isinstance(node.value, bool) else str(node.value + 1)
            yield from _replace("constant", node, value)
        elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
            test = node.test
            if not isinstance(test, ast.Constant) and test.lineno == test.end_lineno:
                text = lines[test.lineno - 1].encode()[test.col_offset : test.end_col_offset].decode()
                yield from _replace("condition", test, f"(not ({text}))")
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            if isinstance(parent, (ast.FunctionDef, ast.If, ast.For, ast.While, ast.Try, ast.With)):
                yield from _replace("assignment", node, "pass")
        elif isinstance(node, (ast.Return, ast.Continue, ast.Break, ast.Raise)) or (
            isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Yield))
        ):
            yield from _replace("statement", node, "pass")


def _nodes(tree: ast.AST, parent: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """Every node with its parent; not the inside of formatted strings, whose places are not the text's."""
    yield tree, parent
    if isinstance(tree, ast.JoinedStr):
        return
    children = list(ast.iter_child_nodes(tree))
    if isinstance(tree, ast.If) and "'micropython'" in ast.unparse(tree.test):
        children = [tree.test, *tree.orelse]  # the rest does not run here
    for child in children:
        yield from _nodes(child, tree)


def _swap(
    kind: str, table: dict, operator: ast.AST, left: ast.expr, right: ast.expr, lines: list[str]
) -> Iterator[tuple[str, int, int, int, str]]:
    if type(operator) not in table or left.end_lineno != right.lineno:
        return
    assert left.end_col_offset is not None
    old, new = table[type(operator)]
    between = lines[right.lineno - 1].encode()[left.end_col_offset : right.col_offset]
    pattern = rf"\b{old}\b" if old[0].isalpha() else re.escape(old)
    place = re.search(pattern.encode(), between)
    if place:
        start = left.end_col_offset
        yield kind, right.lineno, start + place.start(), start + place.end(), new


def _replace(kind: str, node: ast.stmt | ast.expr, text: str) -> Iterator[tuple[str, int, int, int, str]]:
    if node.lineno == node.end_lineno:
        yield kind, node.lineno, node.col_offset, node.end_col_offset, text


def draw(modules: dict[str, list[Mutant]], sources: dict[str, str], count: int, seed: int) -> list[Mutant]:
    """`count` mutants, from every module alike and from its kinds by turns.

    A mutant's rank depends on the seed and its own text, so that a change elsewhere leaves the others drawn.
    """
    turns = {
        path: (mutant for mutant in _by_turns(mutants, seed) if possible(mutant, sources[path]))
        for path, mutants in modules.items()
    }
    drawn: list[Mutant] = []
    while turns and len(drawn) < count:
        for path in sorted(turns, key=lambda path: _rank(seed, path)):
            mutant = next(turns[path], None) if len(drawn) < count else None
            if mutant:
                drawn.append(mutant)
            else:
                del turns[path]
    return sorted(drawn)


def _by_turns(mutants: list[Mutant], seed: int) -> list[Mutant]:
    """Kinds by turns; the rarest one of a module is not rarer in the draw than the most frequent."""
    places: dict[str, int] = {}
    ranked = []
    for mutant in sorted(mutants, key=lambda m: _rank(seed, m.path, m.old, m.new)):
        turn = places.get(mutant.kind, 0)
        places[mutant.kind] = turn + 1
        ranked.append((turn, _rank(seed, mutant.path, mutant.kind, turn), mutant))
    return [mutant for _, _, mutant in sorted(ranked, key=lambda item: item[:2])]


def _rank(*what: object) -> str:
    return hashlib.sha1(repr(what).encode()).hexdigest()
