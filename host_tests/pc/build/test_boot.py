"""_boot.py of the RP2 boards: which file system it mounts, and that it never makes one over another."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from fourquad.device import layout

BOOT = Path(__file__).resolve().parents[3] / "boards" / "common" / "_boot.py"
WHOLE = layout.STORAGE_SECTORS
LARGE = layout.LARGE_SECTORS
SMALL = 160  # sectors of 640 KB


class Board:
    """A storage of so many sectors; `files` of them are a file system, 0: there is none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sectors: int, files: int) -> None:
        self.files = files
        self.made = 0
        self.mounted: list[tuple[int, str]] = []
        rp2 = types.ModuleType("_rp2")
        vfs = types.ModuleType("vfs")
        board = self

        class Flash:
            def __init__(self, start: int = 0, len: int = sectors * 4096) -> None:
                assert start == 0 and len % 4096 == 0
                self.blocks = len // 4096

            def ioctl(self, what: int, _: int) -> int:
                assert what == 4
                return self.blocks

        class Lfs:
            def __init__(self, area: Flash, progsize: int) -> None:
                assert progsize == 256
                # as littlefs does with a superblock that names another size
                if area.blocks != board.files:
                    raise OSError(22)
                self.blocks = area.blocks

            @staticmethod
            def mkfs(area: Flash, progsize: int) -> None:
                board.made += 1
                board.files = area.blocks

        rp2.Flash = Flash  # type: ignore[attr-defined]
        vfs.VfsLfs2 = Lfs  # type: ignore[attr-defined]
        vfs.mount = lambda fs, path: board.mounted.append((fs.blocks, path))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "_rp2", rp2)
        monkeypatch.setitem(sys.modules, "vfs", vfs)
        exec(compile(BOOT.read_text(), str(BOOT), "exec"), {})


@pytest.mark.parametrize(
    ("sectors", "files", "mounted", "made"),
    [
        (WHOLE, 0, layout.FILES_SECTORS, 1),
        (WHOLE, layout.FILES_SECTORS, layout.FILES_SECTORS, 0),
        (LARGE, 0, layout.FILES_SECTORS, 1),
        (LARGE, layout.OLD_FILES_SECTORS, layout.OLD_FILES_SECTORS, 0),
        (SMALL, 0, 32, 1),
        (SMALL, 32, 32, 0),
    ],
)
def test_what_is_mounted(
    monkeypatch: pytest.MonkeyPatch, sectors: int, files: int, mounted: int, made: int
) -> None:
    board = Board(monkeypatch, sectors, files)
    assert board.mounted == [(mounted, "/")] and board.made == made
    assert sectors - mounted >= layout.RAW_SECTORS
