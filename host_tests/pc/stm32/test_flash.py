"""The serial flash on a model of a W25Q16 (its datasheet, chapter 8), and the journal on it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import pytest
from drivers_on_model import Pin, drivers
from h743 import Bus

from fourquad.records.journal import Journal

SIZE = 2 * 1024 * 1024


class Part:
    """A W25Q16: acts when its select line rises."""

    def __init__(self) -> None:
        self.files = 0  # sectors of the file system on it
        self.memory = bytearray(b"\x00" * SIZE)
        self.identity = b"\xef\x40\x15"
        self.command = bytearray()
        self.enabled = False
        self.busy = 0
        self.erase_time = 20  # looks
        self.selected = False
        self.erased: list[int] = []

    def exchange(self, data: bytes) -> bytes:
        assert self.selected
        out = bytearray()
        for byte in data:
            self.command.append(byte)
            n, code = len(self.command), self.command[0]
            value = 0
            if code == 0x9F and 2 <= n <= 4:
                value = self.identity[n - 2]
            elif code == 0x05 and n > 1:
                value = (self.busy > 0) | self.enabled << 1
                self.busy = max(self.busy - 1, 0)
            elif code == 0x03 and n > 4:
                assert not self.busy
                value = self.memory[(self._address() + n - 5) % SIZE]
            out.append(value)
        return bytes(out)

    def _address(self) -> int:
        return int.from_bytes(self.command[1:4], "big")

    def select(self, level: int) -> None:
        if level == self.selected:
            self.selected = not level
            if self.selected:
                self.command.clear()
            else:
                self._act()

    def _act(self) -> None:
        code = self.command[0]
        if code == 0x06:
            self.enabled = True
        elif code in (0x02, 0x20):
            assert self.enabled and not self.busy, "a write was not enabled"
            self.enabled = False
            at = self._address()
            if code == 0x20:
                assert len(self.command) == 4
                self.memory[at & ~4095 : (at & ~4095) + 4096] = b"\xff" * 4096
                self.erased.append(at // 4096)
                self.busy = self.erase_time
            else:
                for i, byte in enumerate(self.command[4:]):
                    self.memory[at & ~255 | (at + i) & 255] &= byte
                self.busy = 3


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Part, Any, list]]:
    part = Part()
    mounts: list = []
    vfs = types.ModuleType("vfs")

    class Lfs:
        def __init__(self, blocks, progsize):  # noqa: ANN001
            self.blocks = blocks
            if blocks.ioctl(4, 0) != part.files:
                raise OSError

        @staticmethod
        def mkfs(blocks, progsize):  # noqa: ANN001
            mounts.append("made")
            part.files = blocks.ioctl(4, 0)

    vfs.VfsLfs2 = Lfs  # type: ignore[attr-defined]
    vfs.mount = lambda fs, path: mounts.append((fs.blocks, path))  # type: ignore[attr-defined]

    class Spi:
        def __init__(self, number: int, baudrate: int) -> None:
            assert (number, baudrate) == (3, 4_000_000)

        def write(self, data) -> None:  # noqa: ANN001
            part.exchange(bytes(data))

        def readinto(self, buffer) -> None:  # noqa: ANN001
            buffer[:] = part.exchange(bytes(len(buffer)))

        def write_readinto(self, out, into) -> None:  # noqa: ANN001
            into[:] = part.exchange(bytes(out))

    class Select(Pin):
        def __call__(self, level: int | None = None) -> int:
            if level is not None:
                part.select(level)
            return 0

    with drivers(Bus(), vfs=vfs):
        import sys

        machine = sys.modules["machine"]
        machine.SPI, machine.Pin = Spi, Select  # type: ignore[attr-defined]
        import importlib

        yield part, importlib.import_module("chip.flash"), mounts


def test_mount_makes_a_file_system_in_the_first_256_kb(part: tuple[Part, Any, list]) -> None:
    _, flash, mounts = part
    assert flash.mount(3, "D14") == "/store"
    assert mounts[0] == "made" and len(mounts) == 2
    blocks, path = mounts[1]
    assert path == "/store"
    assert blocks.ioctl(4, 0) * blocks.ioctl(5, 0) == 256 * 1024


def test_a_file_system_of_an_earlier_version_stays(part: tuple[Part, Any, list]) -> None:
    chip, flash, mounts = part
    chip.files = 224
    flash.mount(3, "D14")
    assert len(mounts) == 1 and mounts[0][0].ioctl(4, 0) == 224


def test_blocks_keep_what_they_get(part: tuple[Part, Any, list]) -> None:
    chip, flash, mounts = part
    flash.mount(3, "D14")
    blocks = mounts[1][0]
    data = bytes(range(256)) * 16
    blocks.ioctl(6, 223)
    assert chip.erased == [223]
    blocks.writeblocks(223, data)
    got = bytearray(4096)
    blocks.readblocks(223, got)
    assert got == data
    blocks.readblocks(223, got, 100)
    assert got[:10] == data[100:110]
    blocks.ioctl(6, 7)
    blocks.writeblocks(7, data[:512], 1024)
    assert chip.memory[7 * 4096 + 1024 : 7 * 4096 + 1536] == data[:512]


def test_the_journal_lives_on_it(part: tuple[Part, Any, list]) -> None:
    chip, flash, _ = part
    flash.mount(3, "D14")
    raw = flash.RawFlash(224, 128)
    journal = Journal(raw, 0, 64, 240)
    assert journal.mount() is None
    for n in range(40):
        journal.append(bytes([n] * 240))
        if journal.due:
            journal.service()
    again = Journal(flash.RawFlash(224, 128), 0, 64, 240)
    assert again.mount() == bytes([39] * 240)
    assert min(chip.erased) >= 224 and max(chip.erased) < 288


@pytest.mark.parametrize("identity", [b"\xff\xff\xff", b"\x00\x00\x00", b"\xef\x40\x14"])
def test_no_flash_or_one_too_small(part: tuple[Part, Any, list], identity: bytes) -> None:
    chip, flash, _ = part
    chip.identity = identity
    with pytest.raises(OSError, match="no serial flash"):
        flash.mount(3, "D14")
    with pytest.raises(OSError, match="mounted"):
        flash.RawFlash(224, 128)


def test_a_part_that_stays_busy_is_told(part: tuple[Part, Any, list]) -> None:
    chip, flash, _ = part
    flash.mount(3, "D14")
    chip.erase_time = 1 << 30
    with pytest.raises(OSError, match="ready"):
        flash.RawFlash(224, 128).erase(0)
