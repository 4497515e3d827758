"""Groups on cells that read differently each time after a cut, until they are erased: hundreds of boots, each
cut short. What was once committed is never lost or changed, what was cleared stays away.
"""

from __future__ import annotations

import random

import pytest
from test_unstable_flash import PowerCut, UnstableFlash

from fourquad.records.groups import Groups

BOOTS = 100
SIZE, HEAD = 15360, 32
ROOM = 3
SECTORS = 2 + 4 * ROOM


def data(n: int) -> bytes:
    return bytes([(n * 37 + i * 11 + (i >> 8)) & 0xFF for i in range(SIZE)])


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_committed_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    flash = UnstableFlash(SECTORS, rng)
    there: list[int] = []
    perhaps: list[list[int]] = [[]]  # what may be there instead
    made = cleared = 0
    head, out = bytearray(HEAD), bytearray(SIZE)
    for _ in range(BOOTS):
        groups = Groups(flash, 0, SECTORS, SIZE, HEAD, 100, 5)
        flash.fuse = rng.randrange(80) if rng.random() < 0.6 else rng.randrange(400)
        try:
            groups.mount()
            # what a boot has shown is there for good
            found = []
            for number in range(1, groups.count + 1):
                assert groups.head(number, head) and groups.read(number, 0, out)
                assert head[0] == head[31] and bytes(out) == data(head[0])
                found.append(head[0])
            assert found in (there, *perhaps), (found, there, perhaps)
            there, perhaps = found, []
            while True:
                while groups.due:
                    groups.service()
                if groups.count == groups.room or rng.random() < 0.1:
                    perhaps = [[]]
                    groups.clear()
                    there, perhaps = [], []
                    cleared += 1
                    continue
                n = rng.randrange(256)
                perhaps = [[*there, n]]
                groups.begin()
                content = memoryview(data(n))
                for at in range(0, SIZE, 768):
                    groups.write(content, at, 768)
                assert groups.finish(bytes([n]) * HEAD) == len(there) + 1
                there, perhaps = perhaps[0], []
                made += 1
        except PowerCut:
            continue
    assert made > BOOTS // 2 and cleared > 5
