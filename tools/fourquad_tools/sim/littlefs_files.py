"""Files in a littlefs inside a flash device: on a PC the same image that MicroPython's `vfs.VfsLfs2` has on
a board.
"""

from __future__ import annotations

from typing import Protocol

from littlefs import LittleFS, UserContext
from littlefs.errors import LittleFSError

# As MicroPython mounts its file system on the RP2040 (ports/rp2/modules/_boot.py, extmod/vfs_lfsx.c).
READ_SIZE = 32
PROGRAM_SIZE = 256
LOOKAHEAD_SIZE = 32
CACHE_SIZE = 4 * PROGRAM_SIZE
BLOCK_CYCLES = 100

_ERR_IO = -5


class Flash(Protocol):
    """What `fourquad.records.flash` describes."""

    page_size: int
    sector_size: int
    sectors: int

    def read(self, address: int, buffer: bytearray) -> None: ...

    def program(self, address: int, data: bytes) -> None: ...

    def erase(self, sector: int) -> None: ...


class _Context(UserContext):
    """The block device that littlefs calls. An exception of the flash is kept: littlefs would not hear it."""

    def __init__(self, flash: Flash, first_sector: int) -> None:  # without the buffer of UserContext
        self._flash = flash
        self._first = first_sector
        self.error: Exception | None = None

    def read(self, cfg: object, block: int, off: int, size: int) -> bytearray:
        data = bytearray(size)
        try:
            self._flash.read((self._first + block) * self._flash.sector_size + off, data)
        except (OSError, ValueError) as error:
            self.error = error
        return data

    def prog(self, cfg: object, block: int, off: int, data: bytes) -> int:
        address = (self._first + block) * self._flash.sector_size + off
        page = self._flash.page_size
        try:
            for start in range(0, len(data), page):
                self._flash.program(address + start, bytes(data[start : start + page]))
        except (OSError, ValueError) as error:
            self.error = error
            return _ERR_IO
        return 0

    def erase(self, cfg: object, block: int) -> int:
        try:
            self._flash.erase(self._first + block)
        except (OSError, ValueError) as error:
            self.error = error
            return _ERR_IO
        return 0

    def sync(self, cfg: object) -> int:
        return 0


class LittlefsFiles:
    """Files (`read`, `write` as the settings store wants them) in `sectors` sectors from `first_sector` on.

    One of `old_sectors` that is there stays as it is. Formats when there is no file system to mount, as the
    board does; `formatted` tells, `sectors` how large it is. OSError: the flash failed.
    """

    def __init__(self, flash: Flash, first_sector: int, sectors: int, old_sectors: int = 0) -> None:
        self._context = _Context(flash, first_sector)
        self.formatted = False
        for self.sectors in (sectors, old_sectors or sectors):
            self._fs = self._made(flash.sector_size, self.sectors)
            try:
                self._fs.mount()
            except LittleFSError:
                self._heard()
            else:
                self._heard()
                return
        self.sectors = sectors
        self._fs = self._made(flash.sector_size, sectors)
        self._fs.format()
        self._fs.mount()
        self.formatted = True
        self._heard()

    def _made(self, block_size: int, blocks: int) -> LittleFS:
        return LittleFS(
            context=self._context,
            mount=False,
            block_size=block_size,
            block_count=blocks,
            read_size=READ_SIZE,
            prog_size=PROGRAM_SIZE,
            cache_size=CACHE_SIZE,
            lookahead_size=LOOKAHEAD_SIZE,
            block_cycles=BLOCK_CYCLES,
        )

    def read(self, name: str) -> bytes | None:
        """The file's bytes, or None if there is no such file. OSError: it cannot be read."""
        try:
            with self._fs.open(name, "rb") as file:
                data: bytes = file.read()
        except FileNotFoundError:
            return None
        except LittleFSError as error:
            self._heard()
            raise OSError(5, f"littlefs: {error}") from error
        self._heard()
        return data

    def write(self, name: str, data: bytes) -> None:
        """Replace the file's content: after a power cut it is the old or the new one. OSError: full, broken.

        By a new file and a rename, as `fourquad.records.files` does it, which holds in any file system.
        """
        self._put(name + "~", data)
        try:
            self._fs.rename(name + "~", name)
        except LittleFSError as error:
            self._heard()
            raise OSError(5, f"littlefs: {error}") from error
        self._heard()

    def replace(self, name: str, data: bytes) -> None:
        """The same in place, which is atomic in littlefs: a file changes when it is closed."""
        self._put(name, data)

    def _put(self, name: str, data: bytes) -> None:
        try:
            with self._fs.open(name, "wb") as file:
                file.write(data)
        except LittleFSError as error:
            self._heard()
            raise OSError(5, f"littlefs: {error}") from error
        self._heard()

    def _heard(self) -> None:
        error, self._context.error = self._context.error, None
        if error is not None:
            raise OSError(5, f"flash: {error}") from error
