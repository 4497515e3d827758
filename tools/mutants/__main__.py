"""One-line mutants of lib/fourquad against the tests that execute their lines: python -m mutants [--list].

Exit status 1: fewer than 95 % of those that are not equivalent were killed, or an equivalent one is unknown.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from . import forked, importing, tests
from .equivalent import EQUIVALENT
from .mutations import Mutant, draw, mutants_of

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "lib"
TESTS = ROOT / "host_tests"
CACHE = ROOT / "build" / "mutants" / "coverage.json"

MODULES = (
    "metering/**/*.py",
    "registers/*.py",
    "billing/*.py",
    "calendar/*.py",
    "protocols/**/*.py",
    "records/*.py",
    "points/billing.py",
)
# Compiled for the board: they do not run here, `make test-micropython` and the emulator have them.
ELSEWHERE = ("native.py", "native16.py", "thumb.py", "thumb16.py", "make.py")
SUITES = ("pure", "pc/registers", "pc/records", "pc/metering", "pc/protocols")
# A million frames, ten years, every instant of a power cut: minutes each.
SLOW = {"test_modbus_fuzz.py", "test_dnp3_fuzz.py", "test_iec62056_fuzz.py", "test_ten_years.py"}
SLOW |= {"test_power_cuts.py", "test_power_cut_exhaustive.py", "test_unstable_flash.py", "test_pulses_day.py"}
SLOW |= {"test_masters.py", "test_dnp3_tshark.py", "test_dnp3_opendnp3.py", "test_storage_figures.py"}

TEST_LIMIT_S = 10.0  # of the processor, under coverage; a test that needs more kills no mutants
WANTED = 95.0  # percent


def modules() -> list[Path]:
    """The files of lib that are mutated."""
    found = {path for pattern in MODULES for path in (LIB / "fourquad").glob(pattern)}
    return sorted(path for path in found if not path.name.endswith(ELSEWHERE))


def coverage_of(files: list[Path], workers: int) -> dict[str, dict]:
    """{test file: {"tests": what tests.measure gives}}; measured is only what changed since the last run."""
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    old = json.loads(CACHE.read_text()) if CACHE.exists() else {}
    helpers = [p for p in TESTS.rglob("*.py") if not p.name.startswith("test_")]
    common = [*LIB.rglob("*.py"), *(ROOT / "tools" / "fourquad_tools").rglob("*.py"), *helpers]
    base = tests.digest(common)
    keys = {str(path.relative_to(ROOT)): base + tests.digest([path]) for path in files}
    known = {name: old[name] for name, key in keys.items() if name in old and old[name]["key"] == key}
    jobs = [
        forked.Job(name, lambda name=name: tests.measure(ROOT, name, LIB, TEST_LIMIT_S), 1200.0)
        for name in keys
        if name not in known
    ]
    for number, (job, result) in enumerate(forked.run(jobs, workers), 1):
        print(f"\r  lines that tests execute: {number} of {len(jobs)} files ", end="", flush=True)
        if not result:
            print(f"\n  {job.name}: no test of it ran")
            continue
        for name, (state, _, _) in result.items():
            if state not in (tests.PASSED, tests.IMPORT):
                print(f"\n  not used, {state} without a mutant: {name}", end="")
        known[job.name] = {"key": keys[job.name], "tests": result}
        CACHE.write_text(json.dumps(known))
    print()
    return known


class Executed:
    """Which tests execute a line, the fastest and most specific ones first."""

    def __init__(self, known: dict[str, dict]) -> None:
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[str, int]] = {}
        self.imports: list[tuple[list[str], dict[str, int]]] = []  # tests of a file, what its import executes
        for file in known.values():
            passed = [name for name, entry in file["tests"].items() if entry[0] == tests.PASSED]
            for name in passed:
                self.seconds[name] = file["tests"][name][1]
                self.lines[name] = _numbers(file["tests"][name][2])
            self.imports.append((passed, _numbers(file["tests"][tests.IMPORT][2])))

    def tests(self, path: str, line: int) -> list[str]:
        """A line that is executed by an import is executed by all tests of that file, though most of them
        have nothing to do with it: those that execute more of its module come first.
        """
        found = {name for name, lines in self.lines.items() if lines.get(path, 0) >> line & 1}
        for names, lines in self.imports:
            if lines.get(path, 0) >> line & 1:
                found.update(names)
        return sorted(found, key=lambda name: (path not in self.lines[name], self._cost(name), name))

    def _cost(self, name: str) -> float:
        """Seconds, and a hundredth more for every module that it runs through."""
        return self.seconds[name] + 0.01 * len(self.lines[name])


def _numbers(lines: dict[str, str]) -> dict[str, int]:
    return {path: int(bits, 16) for path, bits in lines.items()}


def kill(mutant: Mutant, limits: dict[str, float]) -> str | None:
    """The test that fails with this mutant."""
    path = ROOT / mutant.path
    name = ".".join(path.relative_to(LIB).with_suffix("").parts)
    importing.put(name, str(path), mutant.source(path.read_text()))
    return tests.first_failure(ROOT, limits)


def job_of(mutant: Mutant, executed: Executed, budget: float) -> forked.Job | None:
    """None where no test executes the line; `budget` in seconds cuts the slowest tests off."""
    limits: dict[str, float] = {}
    total = 0.0
    for name in executed.tests(mutant.path, mutant.line):
        total += executed.seconds[name]
        if limits and total > budget:
            break
        limits[name] = 3.0 + 4 * executed.seconds[name]
    if not limits:
        return None
    return forked.Job(str(mutant), lambda: [kill(mutant, limits)], 120.0 + 10 * min(total, budget))


def unchanged(mutant: Mutant, source: str) -> Mutant:
    """The line as it is, run like a mutant."""
    line = source.splitlines(keepends=True)[mutant.line - 1]
    return mutant._replace(new=mutant.old, changed=line)


def equivalent_of(modules: dict[str, list[Mutant]]) -> tuple[set[tuple[str, str, str, str]], list[str]]:
    """Those of the list that still can be made, and complaints about the others."""
    made = {(m.path, m.scope, m.old, m.new) for mutants in modules.values() for m in mutants}
    listed = {entry[:4] for entry in EQUIVALENT}
    return listed & made, [" ".join(entry) for entry in sorted(listed - made)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=8, help="of the draw")
    parser.add_argument("--only", default="", metavar="FILE", help="mutants of files whose path ends so")
    parser.add_argument("--list", action="store_true", help="show the draw, run nothing")
    parser.add_argument("--control", action="store_true", help="run the lines unchanged: all must survive")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", type=float, default=30.0, help="seconds of tests for one mutant")
    options = parser.parse_args()
    start = time.monotonic()

    names = {path: str(path.relative_to(ROOT)) for path in modules()}
    sources = {name: path.read_text() for path, name in names.items()}
    every = {name: mutants_of(name, source) for name, source in sources.items()}
    equivalent, unknown = equivalent_of(every)
    chosen = {name: mutants for name, mutants in every.items() if name.endswith(options.only)}
    drawn = draw(chosen, sources, options.count, options.seed)
    left = [m for m in drawn if (m.path, m.scope, m.old, m.new) not in equivalent]
    total = sum(len(mutants) for mutants in chosen.values())
    if options.control:
        left = [unchanged(m, sources[m.path]) for m in left]
    print(f"{len(drawn)} of {total} mutants of {len(chosen)} modules, seed {options.seed};", end=" ")
    print(f"{len(drawn) - len(left)} of them are known to be equivalent")
    for text in unknown:
        print(f"  in the list of equivalent ones, but not possible any more: {text}")
    if options.list:
        print(*left, sep="\n")
        return 1 if unknown else 0
    return run(left, options, start) or (1 if unknown else 0)


def run(mutants: list[Mutant], options: argparse.Namespace, start: float) -> int:
    """Run all of them and print what survived."""
    forked.preload()
    files = [path for suite in SUITES for path in sorted((TESTS / suite).rglob("test_*.py"))]
    executed = Executed(coverage_of([f for f in files if f.name not in SLOW], options.workers))
    by_name = {str(mutant): mutant for mutant in mutants}
    jobs = {name: job_of(mutant, executed, options.budget) for name, mutant in by_name.items()}
    alive = [(mutant, "no test executes it") for name, mutant in by_name.items() if jobs[name] is None]
    ready = [job for job in jobs.values() if job]
    for number, (job, result) in enumerate(forked.run(ready, options.workers), 1):
        print(f"\r  mutants: {number} of {len(ready)}, {len(alive)} alive ", end="", flush=True)
        if result == [None]:
            alive.append((by_name[job.name], ""))
            print(f"\n  {job.name}", flush=True)
    killed = len(by_name) - len(alive)
    share = 100 * killed / len(by_name) if by_name else 100.0
    print(f"\n{killed} of {len(by_name)} killed, {share:.1f} %, {time.monotonic() - start:.0f} s")
    for mutant, why in sorted(alive):
        print(f"alive: {mutant}{'  # ' + why if why else ''}")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
