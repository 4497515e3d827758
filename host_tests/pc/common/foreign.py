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


def tshark(path: Path, *fields: str, options: tuple[str, ...] = ()) -> list[list[str]]:
    """Fields of every packet of a capture."""
    if shutil.which("tshark") is None:
        not_tried("no tshark here (Debian package tshark): nothing was decoded by another program")
    command = ["tshark", "-r", str(path), "-T", "fields", *options]
    for name in fields:
        command += ["-e", name]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]
