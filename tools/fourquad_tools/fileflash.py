"""NOR flash in an image file: the simulator's chip. Killing the process is a power cut between two
operations.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

Buffer = bytearray | memoryview


class FileFlash:
    """Flash device (`fourquad.records.flash`) that writes every operation through to the file at `path`.

    A file that is not there is made, erased. One process at a time: BlockingIOError if another has it open.
    ValueError if the file has another size.
    """

    def __init__(self, path: str | Path, sectors: int, page_size: int = 256, sector_size: int = 4096) -> None:
        self.sectors = sectors
        self.page_size = page_size
        self.sector_size = sector_size
        self.programs = 0
        self.erases = 0
        size = sectors * sector_size
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(self._file).st_size
            if held == 0:
                self._write(b"\xff" * size, 0)
            elif held != size:
                raise ValueError(f"{path} has {held} bytes instead of {size}")
            self._image = bytearray(os.pread(self._file, size, 0))
        except (OSError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        """Give the file back; the flash cannot be used any more."""
        if self._file >= 0:
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
        self._write(new, address)
        self._image[address:end] = new
        self.programs += 1

    def erase(self, sector: int) -> None:
        """Set all bytes of `sector` to 0xFF. ValueError outside of the flash."""
        if not 0 <= sector < self.sectors:
            raise ValueError("erase outside of the flash")
        start = sector * self.sector_size
        blank = b"\xff" * self.sector_size
        self._write(blank, start)
        self._image[start : start + self.sector_size] = blank
        self.erases += 1

    def _write(self, data: bytes, address: int) -> None:
        if self._file < 0:
            raise ValueError("flash is closed")
        done = 0
        while done < len(data):
            done += os.pwrite(self._file, data[done:], address + done)
