"""Power cuts: a flash that is a thin layer over an image, records its operations, and shapes of torn ones."""

from __future__ import annotations

import random
from collections.abc import Iterator

PAGE = 256
SECTOR = 4096
BLANK = b"\xff" * SECTOR

# (address, data) of a program; (sector, b"") of an erase
Operation = tuple[int, bytes]


class LayerFlash:
    """NOR flash over `base`, which it never changes: sectors are copied when they are written.

    `operations` is what was done, in order. A program that would raise a bit is an AssertionError.
    """

    def __init__(self, base: bytes | bytearray, changed: dict[int, bytes] | None = None) -> None:
        self.page_size = PAGE
        self.sector_size = SECTOR
        self.sectors = len(base) // SECTOR
        self._base = base
        self._layer = {sector: bytearray(data) for sector, data in (changed or {}).items()}
        self.operations: list[Operation] = []

    def sector(self, number: int) -> bytes:
        """The content of a sector."""
        held = self._layer.get(number)
        return bytes(self._base[number * SECTOR : (number + 1) * SECTOR] if held is None else held)

    def changed(self) -> dict[int, bytes]:
        """The sectors that differ from the base, perhaps."""
        return {number: bytes(data) for number, data in self._layer.items()}

    def read(self, address: int, buffer: bytearray) -> None:
        sector, offset = divmod(address, SECTOR)
        held = self._layer.get(sector)
        end = offset + len(buffer)
        assert end <= SECTOR
        buffer[:] = self._base[address : address + len(buffer)] if held is None else held[offset:end]

    def program(self, address: int, data: bytes) -> None:
        assert len(data) > 0 and address % PAGE + len(data) <= PAGE
        self.operations.append((address, bytes(data)))
        sector, offset = divmod(address, SECTOR)
        held = self._layer.get(sector)
        if held is None:
            held = self._layer[sector] = bytearray(self.sector(sector))
        end = offset + len(data)
        old = int.from_bytes(held[offset:end], "big")
        assert not int.from_bytes(data, "big") & ~old, "program without an erase"
        held[offset:end] = data

    def erase(self, sector: int) -> None:
        assert 0 <= sector < self.sectors
        self.operations.append((sector, b""))
        self._layer[sector] = bytearray(BLANK)


def sector_of(operation: Operation) -> int:
    """The sector that an operation changes."""
    place, data = operation
    return place // SECTOR if data else place


def apply(image: bytearray, operation: Operation) -> None:
    """Do an operation to an image."""
    place, data = operation
    if data:
        image[place : place + len(data)] = data
    else:
        image[place * SECTOR : (place + 1) * SECTOR] = BLANK


def _random_bits(old: bytes, new: bytes, rng: random.Random, share: float) -> bytes:
    """Of the bits in which `old` and `new` differ, about `share` are as in `new`."""
    out = bytearray(old)
    for i in range(len(old)):
        for bit in range(8):
            mask = 1 << bit
            if (old[i] ^ new[i]) & mask and rng.random() < share:
                out[i] ^= mask
    return bytes(out)


def _few_bits_missing(old: bytes, new: bytes, rng: random.Random) -> bytes:
    """`new`, but for one bit that is as in `old`."""
    differ = [i for i in range(len(old)) if old[i] != new[i]]
    if not differ:
        return new
    out = bytearray(new)
    i = rng.choice(differ)
    bits = out[i] ^ old[i]
    out[i] ^= bits & -bits
    return bytes(out)


PROGRAM_SHAPES = (
    "nothing",
    "first byte",
    "first bytes",
    "last bytes missing",
    "some bits",
    "bit missing",
    "all",
)
ERASE_SHAPES = ("nothing", "part", "some bits", "garbage", "zeros", "bit missing", "all")


def _torn_program(old: bytes, new: bytes, shape: str, rng: random.Random) -> bytes:
    size = len(old)
    if shape == "nothing":
        return old
    if shape == "first byte":
        return new[:1] + old[1:]
    if shape == "first bytes":
        count = rng.randrange(1, size)
        return new[:count] + old[count:]
    if shape == "last bytes missing":
        count = rng.randrange(1, 8)
        return new[:-count] + old[-count:]
    if shape == "some bits":
        return _random_bits(old, new, rng, rng.choice((0.1, 0.5, 0.9)))
    if shape == "bit missing":
        return _few_bits_missing(old, new, rng)
    assert shape == "all"
    return new


def _torn_erase(old: bytes, shape: str, rng: random.Random) -> bytes:
    if shape == "nothing":
        return old
    if shape == "part":
        count = rng.randrange(1, SECTOR)
        return BLANK[:count] + old[count:]
    if shape == "some bits":
        mask = rng.randbytes(SECTOR)
        return bytes(a | b for a, b in zip(old, mask, strict=True))
    if shape == "garbage":
        return rng.randbytes(SECTOR)
    if shape == "zeros":
        # many chips clear all bits before they set them
        return bytes(SECTOR)
    if shape == "bit missing":
        return _few_bits_missing(old, BLANK, rng)
    assert shape == "all"
    return BLANK


def shapes_of(operation: Operation) -> tuple[str, ...]:
    """The ways in which the operation can be cut."""
    return PROGRAM_SHAPES if operation[1] else ERASE_SHAPES


def torn(before: bytes, operation: Operation, shape: str, rng: random.Random) -> bytes:
    """The sector after the operation was cut; `before` is the whole sector."""
    place, data = operation
    if not data:
        return _torn_erase(before, shape, rng)
    offset = place % SECTOR
    end = offset + len(data)
    return before[:offset] + _torn_program(before[offset:end], data, shape, rng) + before[end:]


def recovery_cuts(
    base: bytes | bytearray, changed: dict[int, bytes], operations: list[Operation], rng: random.Random
) -> Iterator[dict[int, bytes]]:
    """The flash after a second cut, at each of `operations` done after a first one; a random shape each."""
    flash = LayerFlash(base, changed)
    for operation in operations:
        sector = sector_of(operation)
        shape = rng.choice(shapes_of(operation))
        left = flash.changed()
        left[sector] = torn(flash.sector(sector), operation, shape, rng)
        yield left
        place, data = operation
        if data:
            flash.program(place, data)
        else:
            flash.erase(place)
