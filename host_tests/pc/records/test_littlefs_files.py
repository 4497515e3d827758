"""littlefs on a PC: files, errors that are heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourquad.records.files import OsFiles
from fourquad.records.flash import RamFlash
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

SECTORS = 12


def test_files_come_back() -> None:
    flash = RamFlash(SECTORS + 2)
    files = LittlefsFiles(flash, 1, SECTORS)
    assert files.formatted
    assert files.read("a") is None
    for number in range(100):
        files.write("a", bytes([number]) * 300)
        files.write("b", b"other")
    again = LittlefsFiles(flash, 1, SECTORS)
    assert not again.formatted
    assert again.read("a") == bytes([99]) * 300
    assert again.read("b") == b"other"
    assert flash.erase_counts[0] == 0 and flash.erase_counts[-1] == 0


def test_a_full_file_system_is_heard_and_keeps_the_old_file() -> None:
    files = LittlefsFiles(RamFlash(6), 0, 6)
    files.write("a", b"old")
    with pytest.raises(OSError):
        files.write("a", bytes(40000))
    assert files.read("a") == b"old"


class BrokenFlash(RamFlash):
    broken = False

    def program(self, address: int, data: bytes) -> None:
        if self.broken:
            raise OSError(5, "chip does not answer")
        super().program(address, data)


def test_a_broken_flash_is_heard() -> None:
    flash = BrokenFlash(SECTORS)
    files = LittlefsFiles(flash, 0, SECTORS)
    files.write("a", b"old")
    flash.broken = True
    with pytest.raises(OSError):
        files.write("a", b"new")
    flash.broken = False
    assert LittlefsFiles(flash, 0, SECTORS).read("a") == b"old"


def test_files_of_the_operating_system(tmp_path: Path) -> None:
    files = OsFiles(str(tmp_path))
    assert files.read("a") is None
    files.write("a", b"one")
    files.write("a", b"two")
    assert files.read("a") == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        files.read("folder")
    store = SettingsStore(files)
    store.save("kw320", [1, 2, 3])
    assert store.load("kw320", 3) == [1, 2, 3]


def test_a_file_system_of_an_earlier_version_stays() -> None:
    flash = RamFlash(20)
    LittlefsFiles(flash, 0, 16).write("settings", b"of the field")
    again = LittlefsFiles(flash, 0, 8, 16)
    assert again.read("settings") == b"of the field"
    assert again.sectors == 16 and not again.formatted
    fresh = LittlefsFiles(RamFlash(20), 0, 8, 16)
    assert fresh.sectors == 8 and fresh.formatted
