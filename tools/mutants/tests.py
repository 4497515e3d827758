"""Tests in this process: which lines each executes, how long it takes, which of some fails first."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

QUIET = ("-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")
PASSED, FAILED, SLOW = "passed", "failed", "slow"
IMPORT = ""  # context of what is executed before the first test


class _TooLong(BaseException):
    """A test has used up its time of the processor; no test may catch it."""


class Plugin:
    """Runs the chosen tests in the given order, each with a limit of processor time in seconds."""

    def __init__(
        self,
        limits: dict[str, float] | None,
        default_limit: float,
        started: Callable[[str], object] = lambda name: None,
    ) -> None:
        self.limits = limits
        self.default_limit = default_limit
        self.started = started
        self.results: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.limits is not None:
            place = {name: i for i, name in enumerate(self.limits)}
            items[:] = sorted(
                (item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid]
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        self.started(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - start

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> object:
        limit = (self.limits or {}).get(item.nodeid, self.default_limit)
        signal.signal(signal.SIGPROF, _too_long)
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            return (yield)
        except _TooLong:
            self.results[item.nodeid] = SLOW
            pytest.fail("took too long", pytrace=False)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.results.setdefault(report.nodeid, FAILED)
        elif report.when == "call" and report.passed:
            self.results.setdefault(report.nodeid, PASSED)


def _too_long(*_: object) -> None:
    raise _TooLong


def _settle() -> None:
    """The same examples each time."""
    import hypothesis

    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")


def measure(root: Path, file: str, lib: Path, limit: float) -> dict[str, list]:
    """{test: [result, seconds, {file of lib: lines it executes, as bits of a hexadecimal number}]}.

    What the import executes stands under the name IMPORT.
    """
    os.environ["COVERAGE_CORE"] = "ctrace"  # the core that knows contexts
    import coverage

    os.chdir(root)
    _settle()
    measured = coverage.Coverage(data_file=None, include=[f"{lib}/*"], config_file=False)
    measured.start()
    plugin = Plugin(None, limit, measured.switch_context)
    pytest.main([*QUIET, f"--rootdir={root}", file], plugins=[plugin])
    measured.stop()
    data = measured.get_data()
    lines: dict[str, dict[str, int]] = {}
    for path in data.measured_files():
        name = str(Path(path).relative_to(root))
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in contexts:
                of_test = lines.setdefault(context, {})
                of_test[name] = of_test.get(name, 0) | 1 << line
    found = {
        test: [result, plugin.seconds[test], _hexadecimal(lines, test)]
        for test, result in plugin.results.items()
    }
    return {**found, IMPORT: [IMPORT, 0.0, _hexadecimal(lines, IMPORT)]} if found else {}


def _hexadecimal(lines: dict[str, dict[str, int]], context: str) -> dict[str, str]:
    return {name: f"{bits:x}" for name, bits in lines.get(context, {}).items()}


def first_failure(root: Path, limits: dict[str, float]) -> str | None:
    """The first of these tests that fails or takes longer than its limit; None: all pass."""
    os.chdir(root)
    _settle()
    for names in _portions(list(limits)):
        files = list(dict.fromkeys(name.split("::")[0] for name in names))
        plugin = Plugin({name: limits[name] for name in names}, 60.0)
        status = pytest.main([*QUIET, "-x", f"--rootdir={root}", *files], plugins=[plugin])
        for name, result in plugin.results.items():
            if result != PASSED:
                return f"{name} ({result})" if result == SLOW else name
        if status != pytest.ExitCode.OK:
            return f"{files[0]} (does not load)"
    return None


def _portions(names: list[str]) -> list[list[str]]:
    """The tests of the first three files, then the others: most mutants die there, and loading takes time."""
    files = list(dict.fromkeys(name.split("::")[0] for name in names))
    first = [name for name in names if name.split("::")[0] in files[:3]]
    return [part for part in (first, [name for name in names if name not in first]) if part]


def digest(paths: list[Path]) -> str:
    """Of the names and contents of files."""
    total = hashlib.sha1()
    for path in sorted(paths):
        total.update(str(path).encode() + path.read_bytes())
    return total.hexdigest()
