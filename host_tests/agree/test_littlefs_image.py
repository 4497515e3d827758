"""littlefs: an image of a PC's is read and written by MicroPython, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
import unix

from fourquad.records.flash import RamFlash
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LOOKAHEAD_SIZE, PROGRAM_SIZE, READ_SIZE, LittlefsFiles

SECTORS = 12

# What a board does, on a block device that holds the image: the arguments are the file and how.
ON_MICROPYTHON = """
import vfs
from fourquad.records.files import OsFiles
from fourquad.records.settings import SettingsStore

class Device:
    def __init__(self, data):
        self.data = data
    def readblocks(self, block, buffer, offset=0):
        start = block * 4096 + offset
        buffer[:] = self.data[start : start + len(buffer)]
    def writeblocks(self, block, buffer, offset=None):
        assert offset is not None
        start = block * 4096 + offset
        self.data[start : start + len(buffer)] = buffer
    def ioctl(self, operation, argument):
        if operation == 4:
            return len(self.data) // 4096
        if operation == 5:
            return 4096
        if operation == 6:
            self.data[argument * 4096 : argument * 4096 + 4096] = b"\\xff" * 4096
            return 0

with open(arguments[0], "rb") as file:
    device = Device(bytearray(file.read()))
sizes = {"readsize": READ, "progsize": PROGRAM, "lookahead": LOOKAHEAD}
if arguments[1] == "format":
    vfs.VfsLfs2.mkfs(device, **sizes)
vfs.mount(vfs.VfsLfs2(device, **sizes), "/flash")
store = SettingsStore(OsFiles("/flash"))
print(store.load("kw320", 60))
store.save("kw320", [-i for i in range(60)])
vfs.umount("/flash")
with open(arguments[0], "wb") as file:
    file.write(device.data)
"""


@pytest.mark.parametrize("how", ["mount", "format"])
def test_micropython_has_the_same_image(tmp_path: Path, how: str) -> None:
    flash = RamFlash(SECTORS)
    image = tmp_path / "files.img"
    if how == "mount":
        SettingsStore(LittlefsFiles(flash, 0, SECTORS)).save("kw320", list(range(60)))
    image.write_bytes(flash.image)
    code = ON_MICROPYTHON.replace("READ", str(READ_SIZE)).replace("PROGRAM", str(PROGRAM_SIZE))
    printed = unix.run(code.replace("LOOKAHEAD", str(LOOKAHEAD_SIZE)), image, how)
    assert printed.strip() == (str(list(range(60))) if how == "mount" else "None")
    flash.image[:] = image.read_bytes()
    files = LittlefsFiles(flash, 0, SECTORS)
    assert not files.formatted
    assert SettingsStore(files).load("kw320", 60) == [-i for i in range(60)]
