"""The simulator's flash image survives its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fourquad_tools.sim.fileflash import FileFlash

ROOT = Path(__file__).resolve().parents[3]


def read(flash: FileFlash, address: int, count: int) -> bytes:
    buffer = bytearray(count)
    flash.read(address, buffer)
    return bytes(buffer)


def test_a_new_image_is_erased_and_keeps_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "flash.img"
    flash = FileFlash(path, 4)
    assert read(flash, 0, 4 * 4096) == b"\xff" * 4 * 4096
    flash.program(4096 + 256, b"\x12\x34")
    flash.program(0, b"\x00")
    flash.erase(0)
    flash.close()
    assert path.stat().st_size == 4 * 4096
    again = FileFlash(path, 4)
    assert read(again, 4096 + 255, 4) == b"\xff\x12\x34\xff"
    assert read(again, 0, 1) == b"\xff"
    again.close()


def test_it_is_nor_flash(tmp_path: Path) -> None:
    flash = FileFlash(tmp_path / "flash.img", 2)
    flash.program(10, b"\xf0")
    flash.program(10, b"\x30")
    with pytest.raises(ValueError):
        flash.program(10, b"\x31")
    for address, data in ((255, b"\x00\x00"), (8192, b"\x00"), (-1, b"\x00"), (256, b""), (256, bytes(257))):
        with pytest.raises(ValueError):
            flash.program(address, data)
    for sector in (-1, 2):
        with pytest.raises(ValueError):
            flash.erase(sector)
    with pytest.raises(ValueError):
        flash.read(8190, bytearray(3))
    assert read(flash, 9, 3) == b"\xff\x30\xff"
    assert (flash.programs, flash.erases) == (2, 0)
    flash.close()


def test_one_process_at_a_time_and_one_size(tmp_path: Path) -> None:
    path = tmp_path / "flash.img"
    flash = FileFlash(path, 2)
    with pytest.raises(BlockingIOError):
        FileFlash(path, 2)
    flash.program(5, b"\x00")
    flash.close()
    for sectors in (1, 3):
        with pytest.raises(ValueError, match="has 8192 bytes instead of"):
            FileFlash(path, sectors)
    FileFlash(path, 2).close()


def test_a_closed_flash_is_not_written(tmp_path: Path) -> None:
    flash = FileFlash(tmp_path / "flash.img", 2)
    flash.close()
    with pytest.raises(ValueError):
        flash.program(0, b"\x00")


METER = """
import sys
from fourquad.records.journal import Journal
from fourquad.device.register_store import RegisterStore
from fourquad_tools.sim.fileflash import FileFlash
energy = 0
store = RegisterStore(Journal(FileFlash(sys.argv[1], 6), 0, 6, 8), lambda: energy.to_bytes(8, "little"))
energy = int.from_bytes(store.restore() or b"", "little")
while True:
    energy += 1
    store.snapshot()
    print(energy, flush=True)
"""


def test_a_killed_process_loses_nothing_it_has_committed(tmp_path: Path) -> None:
    path = str(tmp_path / "flash.img")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}"}
    committed = 0
    for lines in (5, 40, 3, 100):
        with subprocess.Popen(
            [sys.executable, "-c", METER, path], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            first = int(process.stdout.readline())
            assert first > committed
            for _ in range(lines):
                committed = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            # what it still had said in the pipe was committed too
            rest = process.stdout.read().split("\n")[:-1]
            committed = int(rest[-1]) if rest else committed
