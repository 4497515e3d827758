"""Cells that an interrupted operation left half-way read differently each time, until they are erased.

One flash lives through thousands of boots, each ended by a cut inside of a random operation, often just
before its end, so that a torn record reads as valid now and as torn at the next boot. What was once shown
or committed never goes back.
"""

from __future__ import annotations

import random

import pytest
from cuts import PAGE, SECTOR

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal

BOOTS = 1500


class PowerCut(Exception):
    """Power is gone."""


class UnstableFlash:
    """NOR flash; after `fuse` more operations the power goes inside of one. Bits of `unstable` read at
    random.
    """

    page_size = PAGE
    sector_size = SECTOR

    def __init__(self, sectors: int, rng: random.Random) -> None:
        self.sectors = sectors
        self.fuse = 1 << 30
        self._rng = rng
        self._image = [0xFF] * (sectors * SECTOR)
        # address -> mask of the bits that have no definite level
        self._unstable: dict[int, int] = {}

    def read(self, address: int, buffer: bytearray) -> None:
        buffer[:] = bytes(self._image[address : address + len(buffer)])
        for place, mask in self._unstable.items():
            if address <= place < address + len(buffer):
                level = buffer[place - address]
                buffer[place - address] = level & ~mask | self._rng.randrange(256) & mask

    def program(self, address: int, data: bytes) -> None:
        for place in range(address, address + len(data)):
            assert self._image[place] == 0xFF and place not in self._unstable, "programmed what is not erased"
        self._burn(address, bytes(data), False)

    def erase(self, sector: int) -> None:
        start = sector * SECTOR
        self._burn(start, b"\xff" * SECTOR, True)
        for place in [p for p in self._unstable if start <= p < start + SECTOR]:
            del self._unstable[place]

    def _burn(self, start: int, new: bytes, erase: bool) -> None:
        self.fuse -= 1
        old = self._image[start : start + len(new)]
        self._image[start : start + len(new)] = new
        if self.fuse >= 0:
            return
        bits = [(start + i, 1 << b) for i in range(len(new)) for b in range(8) if (old[i] ^ new[i]) >> b & 1]
        left = self._rng.choice((1, 2, 3, 8, len(bits)))
        # an erase brings the whole sector half-way, a program only the bits that change
        for place, mask in self._rng.sample(bits, min(left, len(bits))):
            self._unstable[place] = self._unstable.get(place, 0) | mask
        raise PowerCut


@pytest.mark.parametrize("sectors", [6, 10])
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_shown_is_ever_taken_back(sectors: int, seed: int) -> None:
    rng = random.Random(seed * 100 + sectors)
    flash = UnstableFlash(sectors, rng)
    shown = 0
    for _ in range(BOOTS):
        energy = 0
        store = RegisterStore(Journal(flash, 0, sectors, 8), lambda: energy.to_bytes(8, "little"))  # noqa: B023
        # most lives are short: cuts of boots upon boots are what is wanted here
        flash.fuse = rng.randrange(4) if rng.random() < 0.7 else rng.randrange(60)
        try:
            payload = store.restore()
            energy = int.from_bytes(payload or b"", "little")
            assert energy >= shown
            shown = energy
            while True:
                energy += rng.randrange(1, 1000)
                store.snapshot()
                assert not store.failed
                shown = energy
                if store.due and rng.random() < 0.7:
                    store.service()
        except PowerCut:
            continue
    assert shown > BOOTS
