"""MicroPython of this computer; the tier builds it before these tests run."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = ROOT / "build" / "micropython-unix"


def run(script: str, *arguments: object, folders: tuple[str, ...] = ()) -> str:
    """What a script prints on MicroPython, importing from lib and `folders`; `arguments` are text there."""
    if not MICROPYTHON.exists():
        pytest.fail("not built: make micropython")
    path = ":".join(str(ROOT / folder) for folder in ("lib", *folders))
    code = f"arguments = {[str(argument) for argument in arguments]!r}\n{script}"
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=4M", "-c", code],
        env={**os.environ, "MICROPYPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
