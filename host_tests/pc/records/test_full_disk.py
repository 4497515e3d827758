"""A disk that is full at the first start, and one that fills while the meter runs (finding P5)."""

import errno
import os
import resource
import subprocess
import sys

import pytest

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal
from fourquad_tools.sim import fileflash
from fourquad_tools.sim.fileflash import FileFlash
from fourquad_tools.sim.storage import IMAGE, StateError, Storage

SECTORS, SIZE = 6, 6 * 4096


class Disk:
    """os.pwrite with room for `left` bytes."""

    def __init__(self, monkeypatch, left):
        self.left = left
        self._write = os.pwrite
        monkeypatch.setattr(fileflash.os, "pwrite", self)

    def __call__(self, file, data, address):
        if not self.left:
            raise OSError(errno.ENOSPC, "No space left on device")
        part = data[: self.left]
        self.left -= len(part)
        return self._write(file, part, address)


@pytest.mark.parametrize("left", [0, 1, 4096, SIZE - 1])
def test_full_at_the_first_start(tmp_path, monkeypatch, left):
    path = tmp_path / IMAGE
    disk = Disk(monkeypatch, left)
    with pytest.raises(OSError, match="No space left"):
        FileFlash(path, SECTORS)
    assert list(tmp_path.iterdir()) == []
    disk.left = SIZE
    FileFlash(path, SECTORS).close()
    assert path.read_bytes() == b"\xff" * SIZE


@pytest.mark.parametrize("call", ["fsync", "rename", "ftruncate"])
def test_any_step_of_the_first_start_may_fail(tmp_path, monkeypatch, call):
    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(fileflash.os, call, fail)
        with pytest.raises(OSError, match="Input/output"):
            FileFlash(tmp_path / IMAGE, SECTORS)
    assert list(tmp_path.iterdir()) == []
    FileFlash(tmp_path / IMAGE, SECTORS).close()


@pytest.mark.parametrize("held", [0, 1, 1000, SIZE - 1])
def test_what_a_full_disk_left_of_an_erased_flash_is_made_again(tmp_path, held):
    path = tmp_path / IMAGE
    path.write_bytes(b"\xff" * held)
    (tmp_path / (IMAGE + ".new")).write_bytes(b"left by a killed process" * 10_000)
    FileFlash(path, SECTORS).close()
    assert path.read_bytes() == b"\xff" * SIZE
    assert [p.name for p in tmp_path.iterdir()] == [IMAGE]


def test_a_part_of_a_flash_that_held_something_is_not_touched(tmp_path):
    half = b"\xff" * 100 + b"\x12" + b"\xff" * 899
    (tmp_path / IMAGE).write_bytes(half)
    with pytest.raises(StateError, match=r"has 1000 bytes instead of \d+: put the whole file back"):
        Storage(str(tmp_path))
    assert (tmp_path / IMAGE).read_bytes() == half


def test_two_that_make_it_at_once(tmp_path, monkeypatch):
    """The second looks between the first one's steps: one of them has it, the other is told."""
    path = tmp_path / IMAGE
    refused = []

    def look():
        with pytest.raises(BlockingIOError):
            FileFlash(path, SECTORS)
        refused.append(True)

    for name in ("ftruncate", "fsync", "rename"):
        original = getattr(os, name)

        def step(*arguments, original=original):
            look()
            return original(*arguments)

        monkeypatch.setattr(fileflash.os, name, step)
    flash = FileFlash(path, SECTORS)
    monkeypatch.undo()
    look()
    assert len(refused) == 4
    flash.close()


def store_of(flash, energy):
    return RegisterStore(Journal(flash, 0, SECTORS, 8), lambda: energy[0].to_bytes(8, "little"))


@pytest.mark.parametrize("left", [0, 1, 7, 100, 333, 5000])
@pytest.mark.parametrize("room_again", [False, True])
def test_full_while_running_is_a_power_cut_at_that_moment_at_worst(tmp_path, monkeypatch, left, room_again):
    path = tmp_path / IMAGE
    energy = [0]
    flash = FileFlash(path, SECTORS)
    store = store_of(flash, energy)
    store.restore()
    on_disk = 0
    disk = Disk(monkeypatch, left)
    for n in range(1, 400):
        energy[0] = n
        store.snapshot()
        if flash.trouble is None:
            on_disk = n
    assert flash.trouble == "No space left on device"
    assert flash.unwritten > 0
    if room_again:
        disk.left = 1 << 30
        on_disk = 399
    flash.close()
    assert flash.unwritten == 0 or not room_again
    monkeypatch.undo()
    again = FileFlash(path, SECTORS)
    assert int.from_bytes(store_of(again, energy).restore() or b"", "little") == on_disk
    again.close()


def test_what_a_full_disk_lost_is_said_at_the_end(tmp_path, monkeypatch):
    storage = Storage(str(tmp_path))
    disk = Disk(monkeypatch, 0)
    storage.flash.program(0, b"\x00")
    assert "No space left on device; what the meter stores waits in memory" in storage.trouble()
    with pytest.raises(StateError, match="the last 1 flash operations are lost"):
        storage.close()
    assert disk.left == 0


def test_the_command_at_a_limit_of_the_size_of_files(tmp_path):
    """A real limit of the kernel: one line and exit status 2, and the next start works."""
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "kw320", "--headless"]
    command += ["--state", str(tmp_path / "state"), "--control", str(tmp_path / "none" / "socket")]

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    full = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True)
    assert (full.returncode, full.stderr.count("\n")) == (2, 1)
    assert "--state" in full.stderr
    assert "too large" in full.stderr
    assert list((tmp_path / "state").iterdir()) == []
    # Now the state is no hindrance: what it ends at is the socket in a folder that is not there.
    room = subprocess.run(command, capture_output=True, text=True)
    assert (room.returncode, room.stderr.count("\n")) == (2, 1)
    assert "--control" in room.stderr
