"""The driver of the serial flash against a model of the chip from its datasheet (w25q.py)."""

from __future__ import annotations

import importlib
import random
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from w25q import SECTOR, W25Q

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def nor(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The driver's module, with a MicroPython around it; its time is the chip's (`made`)."""
    micropython = types.ModuleType("micropython")
    micropython.const = lambda value: value  # type: ignore[attr-defined]
    machine = types.ModuleType("machine")
    machine.SPI = lambda number, **lines: machine.chip  # type: ignore[attr-defined]
    machine.Pin = Pin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    for name in [name for name in sys.modules if name == "drivers" or name.startswith("drivers.")]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("drivers.nor")


class Pin:
    OUT = 1
    chip: W25Q

    def __init__(self, number: int, mode: int = 0, value: int = 0) -> None:
        self.number = number

    def __call__(self, level: int) -> None:
        Pin.chip.select(level)


def run_by(nor: Any, chip: W25Q) -> None:
    """Let the driver's time be the chip's."""
    nor.time = types.SimpleNamespace(
        ticks_ms=chip.ticks_ms, ticks_diff=lambda a, b: a - b, sleep_us=chip.sleep_us
    )


def made(nor: Any, chip: W25Q) -> Any:
    run_by(nor, chip)
    return nor.Nor(chip, chip.select)


@pytest.mark.parametrize(("capacity", "sectors"), [(0x17, 2048), (0x18, 4096), (0x19, 8192)])
def test_pages_and_sectors_of_each_size(nor: Any, capacity: int, sectors: int) -> None:
    chip = W25Q(capacity)
    flash = made(nor, chip)
    assert (flash.sectors, flash.page_size, flash.sector_size) == (sectors, 256, 4096)
    data = bytes(range(256))
    for sector in (0, 1, sectors // 2, sectors - 1):
        chip.memory[sector * SECTOR : (sector + 1) * SECTOR] = bytes(SECTOR)
        flash.erase(sector)
        flash.program(sector * SECTOR + 512, data)
        flash.program(sector * SECTOR + 100, b"\x12")
        page = bytearray(256)
        flash.read(sector * SECTOR + 512, page)
        assert page == data
        whole = bytearray(SECTOR)
        flash.read(sector * SECTOR, whole)
        assert whole[:100] == b"\xff" * 100 and whole[100] == 0x12 and whole[768:] == b"\xff" * (SECTOR - 768)
        assert bytes(chip.memory[sector * SECTOR : (sector + 1) * SECTOR]) == whole
    assert chip.ignored == []


def test_addresses_have_four_bytes_on_the_largest_only(nor: Any) -> None:
    for capacity, codes in ((0x18, {0x20, 0x02, 0x03}), (0x19, {0x21, 0x12, 0x13})):
        chip = W25Q(capacity)
        flash = made(nor, chip)
        chip.log.clear()
        flash.erase(3)
        flash.program(3 * SECTOR, b"\x00")
        flash.read(3 * SECTOR, bytearray(1))
        assert set(chip.log) - {0x05, 0x06, 0x35, 0x75, 0x7A} == codes


def test_an_erase_goes_on_while_the_meter_does(nor: Any) -> None:
    chip = W25Q()
    flash = made(nor, chip)
    before = chip.now
    flash.erase(7)
    assert chip.now - before < 100_000, "ns"
    assert chip.busy and flash.erasing()
    # a read of another sector suspends it, and lets it go on
    chip.memory[0:4] = b"read"
    buffer = bytearray(4)
    before = chip.now
    flash.read(0, buffer)
    assert buffer == b"read" and chip.now - before < 1_000_000
    assert chip.suspensions == 1 and chip.busy and not chip.suspended
    # one of the sector itself waits
    before = chip.now
    flash.read(7 * SECTOR + 4000, buffer)
    assert buffer == b"\xff\xff\xff\xff" and 40_000_000 < chip.now - before < 46_000_000
    assert chip.ignored == []


def test_a_read_across_the_sector_that_is_erased_waits(nor: Any) -> None:
    chip = W25Q()
    flash = made(nor, chip)
    chip.memory[7 * SECTOR : 8 * SECTOR] = bytes(SECTOR)
    flash.erase(7)
    buffer = bytearray(16)
    flash.read(7 * SECTOR - 8, buffer)
    assert buffer == b"\xff" * 16 and chip.suspensions == 0


def test_an_erase_is_not_kept_from_its_end(nor: Any) -> None:
    """A master that reads a log without a pause."""
    chip = W25Q(erase_ms=400.0)
    flash = made(nor, chip)
    flash.erase(7)
    buffer = bytearray(120)
    for i in range(100):
        flash.read(i * 128, buffer)
        chip.now += 1_000_000
    assert chip.suspensions <= 20 and not chip.busy
    assert chip.ignored == []


def test_everything_is_done_in_its_order(nor: Any) -> None:
    chip = W25Q()
    flash = made(nor, chip)
    chip.memory[7 * SECTOR] = 0
    flash.erase(7)
    flash.program(9 * SECTOR, b"later")
    # the erase was over before the program began
    assert chip.memory[7 * SECTOR] == 0xFF and bytes(chip.memory[9 * SECTOR : 9 * SECTOR + 5]) == b"later"
    flash.erase(7)
    flash.erase(8)
    assert chip.busy and chip.work and chip.work[1] == 8 * SECTOR
    assert chip.ignored == []


@pytest.mark.parametrize("suspended", [False, True])
def test_a_start_while_the_chip_is_at_work(nor: Any, suspended: bool) -> None:
    """The watchdog has bitten: the chip knows nothing of it."""
    chip = W25Q()
    flash = made(nor, chip)
    chip.memory[7 * SECTOR : 8 * SECTOR] = bytes(SECTOR)
    flash.erase(7)
    if suspended:
        chip.now += 1_000_000
        flash._command(0x75)
        chip.now += 20_000
        assert not chip.busy and chip.suspended
    again = made(nor, chip)
    assert again.sectors == 2048 and not chip.busy and not chip.suspended
    assert chip.memory[7 * SECTOR : 8 * SECTOR] == b"\xff" * SECTOR


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ((0xFF, 0xFF, 0xFF), "FF FF FF"),
        ((0x00, 0x00, 0x00), "00 00 00"),
        ((0xEF, 0x40, 0x16), "EF 40 16"),  # 4 MB
        ((0xEF, 0x40, 0x20), "EF 40 20"),  # 64 MB, which has two dies
        ((0xC8, 0x40, 0x17), "C8 40 17"),  # another maker's
        ((0xEF, 0x90, 0x17), "EF 90 17"),
    ],
)
def test_another_chip_or_none_is_refused(nor: Any, identity: tuple[int, int, int], said: str) -> None:
    class Other(W25Q):
        def answer(self) -> int:
            n = len(self.frame)
            return identity[n - 2] if self.frame[0] == 0x9F and 1 < n < 5 else identity[0] & 0xFE or 0

    with pytest.raises(OSError, match=f"serial flash: {said} is no W25Q64 to W25Q256"):
        made(nor, Other())


def test_a_chip_that_is_protected_is_refused(nor: Any) -> None:
    chip = W25Q()
    chip.protected = 0x1C
    with pytest.raises(OSError, match="protected"):
        made(nor, chip)


def test_a_chip_that_dies_is_no_end_of_the_meter(nor: Any) -> None:
    chip = W25Q()
    flash = made(nor, chip)
    flash.erase(7)
    chip.dead = True
    buffer = bytearray(4)
    flash.read(0, buffer)
    assert buffer == b"\xff\xff\xff\xff"
    for act in (lambda: flash.program(0, b"\x00"), lambda: flash.erase(1)):
        with pytest.raises(OSError):
            act()


def test_nothing_outside_of_the_chip(nor: Any) -> None:
    flash = made(nor, W25Q())
    for act in (
        lambda: flash.read(8 << 20, bytearray(1)),
        lambda: flash.program(-1, b"\x00"),
        lambda: flash.erase(2048),
    ):
        with pytest.raises(ValueError, match="outside"):
            act()


def test_a_board_without_its_chip_goes_on(nor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    chip = W25Q()
    Pin.chip = sys.modules["machine"].chip = chip  # type: ignore[attr-defined]
    run_by(nor, chip)
    assert nor.found((0, 18, 19, 16, 17)).sectors == 2048
    chip.dead = True
    assert nor.found((0, 18, 19, 16, 17)) is None
    assert capsys.readouterr().out == "fourquad: serial flash: FF FF FF is no W25Q64 to W25Q256\n"


def test_as_a_flash_in_ram(nor: Any) -> None:
    """The same operations on the chip and on the flash device of the tests: the same bytes at every read."""
    from fourquad.records.flash import RamFlash

    rng = random.Random(1)
    chip = W25Q()
    flash = made(nor, chip)
    ram = RamFlash(16)
    for _ in range(3000):
        what = rng.randrange(10)
        if what == 0:
            sector = rng.randrange(16)
            flash.erase(sector)
            ram.erase(sector)
        elif what < 4:
            address = rng.randrange(16 * SECTOR)
            old = bytearray(rng.randrange(1, 257 - address % 256))
            ram.read(address, old)
            data = bytes(byte & rng.randrange(256) for byte in old)
            flash.program(address, data)
            ram.program(address, data)
        else:
            address = rng.randrange(16 * SECTOR - 300)
            one, other = bytearray(rng.randrange(1, 300)), bytearray()
            other.extend(one)
            flash.read(address, one)
            ram.read(address, other)
            assert one == other
        chip.now += rng.choice((0, 0, 100_000, 10_000_000))
    assert chip.ignored == [] and chip.suspensions > 50


def test_records_outlive_cuts_while_the_chip_is_at_work(nor: Any) -> None:
    """A ring on the chip: power fails at any time, also within an erase that the program has left behind."""
    from fourquad.records.ring import Ring

    rng = random.Random(2)
    chip = W25Q()
    kept: list[int] = []
    for _ in range(60):
        flash = made(nor, chip)
        ring = Ring(flash, 8, 6, 40)
        ring.mount()
        while ring.due:
            ring.service()
        record = bytearray(40)
        first = ring.oldest
        for number in range(first, ring.newest + 1):
            assert ring.read(number, record)
            assert record == number.to_bytes(4, "little") * 10
        assert ring.newest + 1 >= len(kept)
        kept = list(range(ring.newest + 1))
        for _ in range(rng.randrange(1, 150)):
            number = ring.newest + 1
            ring.append(number.to_bytes(4, "little") * 10)
            kept.append(number)
            if ring.due:
                ring.service()
        chip.now += rng.randrange(60_000_000)
        chip.cut()
    assert len(kept) > 2000 and chip.ignored == []
