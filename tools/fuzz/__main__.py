"""Fuzz protocols, loaders and flash images: python -m fuzz [--target NAME]... [--inputs N].

Exit status 1: a finding; its input is kept in build/fuzz/findings and named. 2: atheris is not here.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

from .targets import TARGETS, module

ROOT = Path(__file__).resolve().parents[2]
SEEDS = Path(__file__).parent / "corpus"
BUILD = ROOT / "build" / "fuzz"
NO_ATHERIS = 2
SEED = 8
# A harness takes milliseconds; what takes longer than this hangs. Wide, because computers can be busy.
TIMEOUT_S = 60
MEMORY_MB = 2048


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--target", action="append", choices=TARGETS, help="only this one (again for more)")
    parser.add_argument("--inputs", type=int, default=10_000, help="how many; 0: those of a whole run")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run this input alone (with --target)")
    parser.add_argument("--keep", action="store_true", help="go on from what build/fuzz/corpus has, and add")
    parser.add_argument("--write-seeds", action="store_true", help="make tools/fuzz/corpus anew")
    options = parser.parse_args()
    names = options.target or list(TARGETS)
    if options.write_seeds:
        for name in names:
            _write_seeds(name)
        return 0
    if options.replay:
        for name in names[:1]:
            module(name).Target().run(options.replay.read_bytes())
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(f"NOT FUZZED: there is no atheris for Python {sys.version.split()[0]} on this machine", end=" ")
        print("(wheels: CPython 3.10 to 3.14 on x86-64 Linux)")
        return NO_ATHERIS if os.environ.get("CI") else 0
    # each target is one process of one thread
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        inputs = [options.inputs or TARGETS[name] for name in names]
        return max(pool.map(_fuzz, names, inputs, repeat(options.keep)), default=0)


def _fuzz(name: str, inputs: int, keep: bool) -> int:
    """Run one target; 1 if there was a finding."""
    findings = BUILD / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    kept = BUILD / "corpus" / name
    with tempfile.TemporaryDirectory() as scratch:
        corpus = kept if keep else Path(scratch)
        corpus.mkdir(parents=True, exist_ok=True)
        log = BUILD / f"{name}.log"
        command = [sys.executable, "-m", "fuzz.one", name, f"-runs={inputs}", f"-seed={SEED}"]
        command += [f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}", "-print_final_stats=1"]
        command += [f"-artifact_prefix={findings}/{name}-", str(corpus), str(SEEDS / name)]
        start = time.monotonic()
        with log.open("w") as file:
            status = subprocess.run(
                command, cwd=ROOT, env=_environment(), stdout=file, stderr=file
            ).returncode
        seconds = time.monotonic() - start
        text = log.read_text(errors="replace")
        done = int(_last(r"number_of_executed_units: (\d+)", text) or _last(r"^#(\d+)", text) or 0)
        edges = _last(r"cov: (\d+)", text) or 0
        stopped = "run interrupted" in text
        verdict = "INTERRUPTED" if stopped else "FINDING" if status else "nothing found"
        said = f"{name:11} {done:9,d} inputs {seconds:7.0f} s {done / seconds:8,.0f}/s"
        said += f"  edges {edges}, corpus {len(list(corpus.iterdir()))}  {verdict}"
        if status and not stopped:
            said += "\n" + "\n".join(text.splitlines()[-25:])
            said += f"\n{name}: {log}; the input: {_last(r'Test unit written to (.*)', text) or 'none kept'}"
        print(said, flush=True)
    return 1 if status else 0


def _last(pattern: str, text: str) -> str | None:
    found = re.findall(pattern, text, re.MULTILINE)
    return found[-1] if found else None


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "lib"), str(ROOT / "tools")])
    return {**os.environ, "PYTHONPATH": path}


def _write_seeds(name: str) -> None:
    folder = SEEDS / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, seed in enumerate(module(name).seeds()):
        (folder / f"{number:02d}").write_bytes(seed)


if __name__ == "__main__":
    sys.exit(main())
