"""The simulated flash part: settings in littlefs, registers in the raw journal, in a file or in memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fourquad.device import layout
from fourquad.records.flash import RamFlash
from fourquad_tools.sim.fileflash import FileFlash
from fourquad_tools.sim.littlefs_files import LittlefsFiles

IMAGE = "flash.bin"
SERIAL = "serial"
_SERIAL_DIGITS = 16
_SECTORS_PER_MB = (1 << 20) // layout.SECTOR_SIZE
_NETWORK_SECTORS = 4 * _SECTORS_PER_MB  # of a new one: messages, files to post and logs share it


class StateError(Exception):
    """A state folder that cannot be used; the message says why."""


class Storage:
    """The flash of one meter, the same over its power cuts: of `megabytes`, else as large as an image in
    `folder` says, else of 1.4 MB, or 4 MB with a `network`. `serial`: the number of the meter, which a folder
    gets by chance and keeps; without one it follows from `name`.
    """

    def __init__(
        self, folder: str | None, megabytes: int | None = None, name: str = "", network: bool = False
    ) -> None:
        sectors = _NETWORK_SECTORS if network else layout.LARGE_SECTORS
        if megabytes:
            sectors = megabytes * _SECTORS_PER_MB
        self._folder = folder
        self.serial = f"SIM{name[:21].upper()}".encode()
        if folder is None:
            self.flash: Any = RamFlash(sectors)
        else:
            path = Path(folder)
            try:
                path.mkdir(parents=True, exist_ok=True)
                image = path / IMAGE
                if megabytes is None and image.exists():
                    sectors = max(layout.LARGE_SECTORS, image.stat().st_size // layout.SECTOR_SIZE)
                self.flash = FileFlash(image, sectors)
                self.serial = _serial(path / SERIAL)
            except BlockingIOError:
                raise StateError(f"--state {folder}: another simulator uses it") from None
            except OSError as error:
                raise StateError(f"--state {folder}: {error.strerror or error}") from None
            except ValueError as error:
                raise StateError(f"--state {folder}: {error}") from None

    def files(self) -> LittlefsFiles:
        """The file system as a meter finds it that has just got its power."""
        return LittlefsFiles(self.flash, 0, layout.FILES_SECTORS, layout.OLD_FILES_SECTORS)

    @property
    def folder(self) -> str | None:
        """Where it keeps what it has; None: in memory."""
        return self._folder

    def trouble(self) -> str | None:
        """What is wrong with the disk, in a line; None while it takes everything."""
        why = getattr(self.flash, "trouble", None)
        return why and f"--state {self._folder}: {why}; what the meter stores waits in memory"

    @property
    def unwritten(self) -> int:
        """Flash operations that the disk has not taken."""
        return getattr(self.flash, "unwritten", 0)

    def close(self) -> None:
        """Give the image file back. StateError if the disk has not taken everything."""
        if isinstance(self.flash, FileFlash):
            self.flash.close()
            if self.flash.unwritten:
                raise StateError(
                    f"--state {self._folder}: {self.flash.trouble}; the last {self.flash.unwritten} "
                    "flash operations are lost, as by a power cut before them"
                )


def _serial(path: Path) -> bytes:
    """The number that a file has; one that has none gets one."""
    if path.exists():
        number = path.read_bytes().strip()
        if len(number) == _SERIAL_DIGITS and number.isalnum():
            return number
    number = os.urandom(_SERIAL_DIGITS // 2).hex().upper().encode()
    path.write_bytes(number + b"\n")
    return number
