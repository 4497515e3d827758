"""NOR flash in an image file: the simulator's chip. Killing the process is a power cut between two
operations.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fourquad_tools.sim.file_lock import lock

Buffer = bytearray | memoryview
_ERASED = b"\xff"
_IN_PLACE = os.name == "nt"  # where an open file cannot be renamed: it is made under its own name
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change ends of lines


class FileFlash:
    """Flash device (`fourquad.records.flash`) that writes every operation through to the file at `path`.

    A file that is not there is made, erased, whole or not at all; a part of an erased one is made again. One
    process at a time: BlockingIOError if another has it open. ValueError if the file has another size,
    OSError if it cannot be made or read.

    A disk that fills later does not stop the meter: operations wait, in their order, until the disk takes
    them, so that the file is at each moment what a power cut would have left. `trouble` says what the disk
    answered.
    """

    def __init__(self, path: str | Path, sectors: int, page_size: int = 256, sector_size: int = 4096) -> None:
        self.sectors = sectors
        self.page_size = page_size
        self.sector_size = sector_size
        self.programs = 0
        self.erases = 0
        self.trouble: str | None = None
        self._waiting: list[tuple[int, bytes]] = []
        size = sectors * sector_size
        self._file = _open(Path(path), size)
        try:
            self._image = bytearray(_read(self._file, size, 0))
        except OSError:
            self.close()
            raise

    @property
    def unwritten(self) -> int:
        """Operations that the disk has not taken yet."""
        return len(self._waiting)

    def close(self) -> None:
        """Give the file back; the flash cannot be used any more."""
        if self._file >= 0:
            self._write_waiting()
            os.close(self._file)
            self._file = -1

    def read(self, address: int, buffer: Buffer) -> None:
        """Fill `buffer` from byte `address` on. ValueError outside of the flash."""
        end = address + len(buffer)
        if address < 0 or end > len(self._image):
            raise ValueError("read outside of the flash")
        buffer[:] = self._image[address:end]

    def program(self, address: int, data: Sequence[int]) -> None:
        """Clear bits from byte `address` on. ValueError across a page's end, or if a bit would have to
        rise.
        """
        new = bytes(data)
        end = address + len(new)
        if address < 0 or end > len(self._image):
            raise ValueError("program outside of the flash")
        if not new or address % self.page_size + len(new) > self.page_size:
            raise ValueError("program across the end of a page")
        if int.from_bytes(new, "big") & ~int.from_bytes(self._image[address:end], "big"):
            raise ValueError("program without an erase")
        self._write(address, new)
        self.programs += 1

    def erase(self, sector: int) -> None:
        """Set all bytes of `sector` to 0xFF. ValueError outside of the flash."""
        if not 0 <= sector < self.sectors:
            raise ValueError("erase outside of the flash")
        self._write(sector * self.sector_size, _ERASED * self.sector_size)
        self.erases += 1

    def _write(self, address: int, data: bytes) -> None:
        if self._file < 0:
            raise ValueError("flash is closed")
        self._image[address : address + len(data)] = data
        self._waiting.append((address, data))
        self._write_waiting()

    def _write_waiting(self) -> None:
        try:
            while self._waiting:
                address, data = self._waiting[0]
                _write_all(self._file, data, address)
                del self._waiting[0]
            self.trouble = None
        except OSError as error:
            self.trouble = error.strerror or str(error)


def _open(path: Path, size: int) -> int:
    """The file, locked, with `size` bytes; it is made if there is none."""
    try:
        file = os.open(path, os.O_RDWR | _BINARY)
    except FileNotFoundError:
        return _make(path, size)
    try:
        lock(file)
        held = os.fstat(file).st_size
        if held == size:
            return file
        if held > size or _read(file, held, 0).strip(_ERASED):
            raise ValueError(
                f"{path} has {held} bytes instead of {size}: put the whole file back, or move this one away"
            )
        if _IN_PLACE:
            _write_all(file, _ERASED * size, 0)
            return file
        # A disk that was full at the first start left a part of an erased flash, which never held anything.
        new = _make(path, size, replace=True)
    except (OSError, ValueError):
        os.close(file)
        raise
    os.close(file)
    return new


def _make(path: Path, size: int, replace: bool = False) -> int:
    """An erased flash, written under another name first, so that it is there whole or not at all."""
    new = path if _IN_PLACE else path.with_name(path.name + ".new")
    file = os.open(new, os.O_RDWR | os.O_CREAT | _BINARY, 0o644)
    try:
        lock(file)
    except BlockingIOError:
        os.close(file)
        raise
    try:
        if not replace and not _IN_PLACE and path.exists():
            raise BlockingIOError(f"{path} has just been made by another process")
        os.ftruncate(file, 0)
        _write_all(file, _ERASED * size, 0)
        os.fsync(file)
        if new != path:
            os.rename(new, path)
    except OSError:
        if _IN_PLACE:
            os.close(file)
            os.unlink(new)
        else:
            os.unlink(new)
            os.close(file)
        raise
    return file


def _read(file: int, size: int, address: int) -> bytes:
    """Up to `size` bytes; fewer at the end of the file."""
    if hasattr(os, "pread"):
        return os.pread(file, size, address)
    # Windows has neither of the two
    os.lseek(file, address, os.SEEK_SET)
    return os.read(file, size)


def _write(file: int, data: bytes, address: int) -> int:
    """How many of the bytes were written."""
    if hasattr(os, "pwrite"):
        return os.pwrite(file, data, address)
    os.lseek(file, address, os.SEEK_SET)
    return os.write(file, data)


def _write_all(file: int, data: bytes, address: int) -> None:
    done = 0
    while done < len(data):
        done += _write(file, data[done:], address + done)
