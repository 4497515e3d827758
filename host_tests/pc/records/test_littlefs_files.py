"""littlefs on a PC: files, errors that are heard, and the same image as MicroPython's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fourquad.records.files import OsFiles
from fourquad.records.flash import RamFlash
from fourquad.records.settings import SettingsStore
from fourquad_tools.littlefs_files import LOOKAHEAD_SIZE, PROGRAM_SIZE, READ_SIZE, LittlefsFiles

ROOT = Path(__file__).resolve().parents[3]
MICROPYTHON = ROOT / "build" / "micropython-unix"
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


# What a board does, on a block device that holds the image: the argument is the file.
ON_MICROPYTHON = """
import sys, vfs
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

with open(sys.argv[1], "rb") as file:
    device = Device(bytearray(file.read()))
sizes = {"readsize": READ, "progsize": PROGRAM, "lookahead": LOOKAHEAD}
if sys.argv[2] == "format":
    vfs.VfsLfs2.mkfs(device, **sizes)
vfs.mount(vfs.VfsLfs2(device, **sizes), "/flash")
store = SettingsStore(OsFiles("/flash"))
print(store.load("kw320", 60))
store.save("kw320", [-i for i in range(60)])
vfs.umount("/flash")
with open(sys.argv[1], "wb") as file:
    file.write(device.data)
"""


def run_micropython(image: Path, how: str) -> str:
    if not MICROPYTHON.exists():
        pytest.skip("build/micropython-unix is missing: make micropython builds it")
    script = image.with_suffix(".py")
    code = ON_MICROPYTHON.replace("READ", str(READ_SIZE)).replace("PROGRAM", str(PROGRAM_SIZE))
    script.write_text(code.replace("LOOKAHEAD", str(LOOKAHEAD_SIZE)))
    done = subprocess.run(
        [MICROPYTHON, script, image, how],
        capture_output=True,
        text=True,
        timeout=60,
        env={"MICROPYPATH": str(ROOT / "lib")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("how", ["mount", "format"])
def test_micropython_has_the_same_image(tmp_path: Path, how: str) -> None:
    flash = RamFlash(SECTORS)
    image = tmp_path / "files.img"
    if how == "mount":
        SettingsStore(LittlefsFiles(flash, 0, SECTORS)).save("kw320", list(range(60)))
    image.write_bytes(flash.image)
    printed = run_micropython(image, how)
    assert printed.strip() == (str(list(range(60))) if how == "mount" else "None")
    flash.image[:] = image.read_bytes()
    files = LittlefsFiles(flash, 0, SECTORS)
    assert not files.formatted
    assert SettingsStore(files).load("kw320", 60) == [-i for i in range(60)]
