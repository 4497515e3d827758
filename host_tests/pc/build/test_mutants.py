"""The tools that judge the tests: mutants of a small made-up module, the draw, and what kills them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutants import forked, importing, tests
from mutants.mutations import KINDS, Mutant, draw, mutants_of, possible

SOURCE = '''"""A made-up module."""

LIMIT = 10


def clamp(value, low=0):
    total = 0
    if value < low or value > LIMIT:
        return low
    for i in range(value):
        total += i
    note(f"{total + 1}")
    return (total) + 1


def note(text):
    print(text)
'''


def made(kind: str) -> list[str]:
    return [f"{m.line} {m.new}" for m in mutants_of("m.py", SOURCE) if m.kind == kind]


def test_every_kind_of_change_is_made() -> None:
    assert made("comparison") == [
        "8 if value < low or value >= LIMIT:",
        "8 if value <= low or value > LIMIT:",
    ]
    assert made("arithmetic") == ["13 return (total) - 1"]
    assert made("constant") == [
        "3 LIMIT = 11",
        "6 def clamp(value, low=1):",
        "7 total = 1",
        "13 return (total) + 2",
    ]
    assert made("boolean") == ["8 if value < low and value > LIMIT:"]
    assert made("condition") == ["8 if (not (value < low or value > LIMIT)):"]
    assert made("statement") == ["9 pass", "12 pass", "13 pass", "17 pass"]
    assert made("assignment") == ["7 pass", "11 pass"]


def test_a_mutant_changes_one_line_and_compiles() -> None:
    lines = SOURCE.splitlines()
    for mutant in mutants_of("m.py", SOURCE):
        assert possible(mutant, SOURCE)
        changed = mutant.source(SOURCE).splitlines()
        assert [i + 1 for i in range(len(lines)) if lines[i] != changed[i]] == [mutant.line]
        assert len(changed) == len(lines) and mutant.old == lines[mutant.line - 1].strip()


def test_what_does_not_compile_is_not_possible() -> None:
    assert not possible(Mutant("m.py", 3, "constant", "LIMIT = 10", "LIMIT =", "LIMIT =\n"), SOURCE)
    assert not possible(Mutant("m.py", 3, "constant", "LIMIT = 10", "LIMIT = 0xA", "LIMIT = 0xA\n"), SOURCE)


def test_the_draw_takes_modules_and_kinds_by_turns() -> None:
    modules = {name: mutants_of(name, SOURCE) for name in ("a.py", "b.py", "c.py")}
    sources = dict.fromkeys(modules, SOURCE)
    drawn = draw(modules, sources, 21, seed=1)
    assert drawn == draw(modules, sources, 21, seed=1) != draw(modules, sources, 21, seed=2)
    for name in modules:
        assert sorted(m.kind for m in drawn if m.path == name) == sorted(KINDS)
    assert len(draw(modules, sources, 1000, seed=1)) == sum(map(len, modules.values()))


def test_the_draw_stays_when_another_line_is_added() -> None:
    longer = SOURCE.replace("LIMIT = 10\n", "LIMIT = 10\nNAMES = ()\n")
    before = draw({"a.py": mutants_of("a.py", SOURCE)}, {"a.py": SOURCE}, 8, seed=1)
    after = draw({"a.py": mutants_of("a.py", longer)}, {"a.py": longer}, 8, seed=1)
    assert [(m.old, m.new) for m in before] == [(m.old, m.new) for m in after]


TESTS = """
import small

def test_inside():
    assert small.clamp(3) == 4

def test_outside():
    assert small.clamp(11) == 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "small.py").write_text(SOURCE)
    (tmp_path / "conftest.py").write_text(f"import sys\nsys.path.insert(0, {str(tmp_path / 'lib')!r})\n")
    (tmp_path / "test_small.py").write_text(TESTS)
    return tmp_path


def in_a_process(work: object) -> object:
    [(_, result)] = forked.run([forked.Job("test", work, 120.0)], 1)
    return result


def test_lines_are_known_by_test(folder: Path) -> None:
    found = in_a_process(lambda: tests.measure(folder, "test_small.py", folder / "lib", 20.0))
    lines = {name: int(entry[2]["lib/small.py"], 16) for name, entry in found.items()}
    assert [entry[0] for entry in found.values()] == [tests.PASSED, tests.PASSED, tests.IMPORT]
    assert lines[tests.IMPORT] >> 3 & 1 and not lines[tests.IMPORT] >> 11 & 1
    inside, outside = lines["test_small.py::test_inside"], lines["test_small.py::test_outside"]
    assert inside >> 11 & 1 and not inside >> 9 & 1
    assert outside >> 9 & 1 and not outside >> 11 & 1


@pytest.mark.parametrize(
    ("old", "new", "killer"),
    [
        ("total += i", "pass", "test_small.py::test_inside"),
        ("return low", "pass", "test_small.py::test_outside"),
        ("LIMIT = 10", "LIMIT = 11", "test_small.py::test_outside"),
        ("total += i", "while True: pass", "test_small.py::test_inside (slow)"),
        ("LIMIT = 10", "raise OSError", "test_small.py (does not load)"),
        ("print(text)", "pass", None),
    ],
)
def test_the_first_failure_kills(folder: Path, old: str, new: str, killer: str | None) -> None:
    limits = {"test_small.py::test_inside": 0.5, "test_small.py::test_outside": 0.5}

    def work() -> list[str | None]:
        importing.put("small", str(folder / "lib" / "small.py"), SOURCE.replace(old, new))
        return [tests.first_failure(folder, limits)]

    assert in_a_process(work) == [killer]
    assert (folder / "lib" / "small.py").read_text() == SOURCE


def test_a_fault_of_the_tool_kills_nothing() -> None:
    def work() -> None:
        raise OSError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        in_a_process(work)
