"""How much memory Python's objects take: counted, because a test whose every allocation is traced takes
several times as long.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def in_use() -> int:
    """Bytes of all objects that there are: those of the garbage collector, and what they refer to."""
    gc.collect()
    waiting = gc.get_objects()
    seen = set()
    total = 0
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            total += sys.getsizeof(one)
            waiting += gc.get_referents(one)
    return total


@contextmanager
def flat(most: int) -> Iterator[None]:
    """What is done within it leaves fewer than `most` bytes more than there were before."""
    first = in_use()
    yield
    grown = in_use() - first
    assert grown < most, grown
