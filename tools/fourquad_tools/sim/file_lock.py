"""A lock on an open file, as the platform has it."""

from __future__ import annotations

import importlib
import os

_WINDOWS_AT = 1 << 30  # a byte beyond every image, because what is locked there cannot be read


def lock(file: int) -> None:
    """Keep other processes off it. BlockingIOError if one has it."""
    try:
        fcntl = importlib.import_module("fcntl")
    except ImportError:
        _lock_windows(file)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_windows(file: int) -> None:
    try:
        msvcrt = importlib.import_module("msvcrt")
    except ImportError:
        return  # nothing to lock with
    os.lseek(file, _WINDOWS_AT, os.SEEK_SET)
    try:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    except OSError:
        raise BlockingIOError("locked by another process") from None
