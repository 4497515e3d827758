"""One simulated meter for a file of tests, and the command line in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from rig import Sim

from fourquad_tools import cli


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    meter = Sim(tmp_path_factory.mktemp("sim"))
    yield meter
    meter.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A command line: exit status, standard output, standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        status = cli.main(words)
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture
def ask(run: Callable[..., tuple[int, str, str]]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """A command line with --json: exit status and the object."""

    def call(*words: str) -> tuple[int, dict[str, Any]]:
        status, out, _ = run(*words, "--json")
        return status, json.loads(out)

    return call
