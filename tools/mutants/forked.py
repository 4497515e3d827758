"""Work in forked processes, a few at a time: each has the heavy imports done, and none of fourquad's."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple


class Job(NamedTuple):
    """`work` gives what can be written as JSON; after `seconds` on the wall it is ended and gives None."""

    name: str
    work: Callable[[], object]
    seconds: float


def preload() -> None:
    """Import what takes long and is not under test."""
    import hypothesis  # noqa: F401
    import numpy  # noqa: F401
    import pytest  # noqa: F401
    import rich.console  # noqa: F401

    loaded = [name for name in sys.modules if name.split(".")[0] in ("fourquad", "fourquad_tools")]
    if loaded:
        raise RuntimeError(f"imported too early to be measured or mutated: {loaded}")


def run(jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Any]]:
    """Each job with its result, as they end; None of one that died or took too long."""
    waiting = iter(jobs)
    running: dict[int, tuple[Job, Path, float]] = {}
    with TemporaryDirectory() as folder:
        while True:
            while len(running) < workers and (job := next(waiting, None)):
                result = (
                    Path(folder) / f"{len(list(Path(folder).iterdir()))}-{job.name.replace('/', '-')[:80]}"
                )
                result.touch()
                running[_fork(job, result)] = job, result, time.monotonic() + job.seconds
            if not running:
                return
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended in running:
                job, result, _ = running.pop(ended)
                _end(ended)
                answer = json.loads(result.read_text() or '{"result": null}')
                if "error" in answer:
                    raise RuntimeError(f"{job.name}: {answer['error']}")
                yield job, answer["result"]
                continue
            for process, (_, _, deadline) in running.items():
                if time.monotonic() > deadline:
                    _end(process)
            time.sleep(0.01)


def _fork(job: Job, result: Path) -> int:
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    try:
        result.write_text(json.dumps({"result": job.work()}))
    except Exception as error:  # a fault of the tool: no mutant may count as killed by it
        result.write_text(json.dumps({"error": repr(error)}))
    finally:
        os._exit(0)


def _end(process: int) -> None:
    """End a child with all that it started; it leads a group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
