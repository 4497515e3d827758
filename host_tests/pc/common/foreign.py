"""Programs of others that tests need, and what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest


def not_tried(problem: str) -> NoReturn:
    """What a test or its module needs is not here: with CI set it fails, else it is skipped, loudly."""
    if os.environ.get("CI"):
        pytest.fail(problem)
    pytest.skip(problem, allow_module_level=True)


def programs(*names: str) -> None:
    """These are here; else `not_tried`."""
    for name in names:
        if shutil.which(name) is None:
            not_tried(f"no {name} here: nothing was tried with it")


def tshark(path: Path, *fields: str, options: tuple[str, ...] = ()) -> list[list[str]]:
    """Fields of every packet of a capture."""
    programs("tshark")
    command = ["tshark", "-r", str(path), "-T", "fields", *options]
    for name in fields:
        command += ["-e", name]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]
