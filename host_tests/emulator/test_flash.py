"""The emulated flash: its layout, its times, and power cuts in the middle of its operations."""

from __future__ import annotations

from pathlib import Path

import pytest
from emulated import JOURNAL, Emulated, EmulatorError, image

pytestmark = pytest.mark.chosen

# Block 0 of the journal belongs to these tests.
SECTOR = 4096


def test_filesystem_leaves_the_journal_raw(board: Emulated) -> None:
    assert board.run('import os\nprint(os.statvfs("/")[:3])') == "(4096, 4096, 64)"
    assert board.run(JOURNAL + "print(journal.ioctl(4, 0))") == "128"


def test_files_survive_a_reset(board: Emulated) -> None:
    board.run('f = open("/kept.txt", "w")\nfor i in range(200):\n    f.write("line %d\\n" % i)\nf.close()')
    board("reset")
    board.boot()
    assert board.run('print(open("/kept.txt").read().split("\\n")[199])') == "line 199"


def test_erase_and_program_without_erase(board: Emulated) -> None:
    out = board.run(
        JOURNAL
        + """
page = bytearray(256)
journal.ioctl(6, 0)
journal.readblocks(0, page, 0)
print(page == b'\\xff' * 256, end=' ')
journal.writeblocks(0, b'\\xf0' * 256, 256)
journal.writeblocks(0, b'\\x3c' * 256, 256)
journal.readblocks(0, page, 256)
print(page == b'\\x30' * 256)
"""
    )
    assert out == "True True"


def test_flash_takes_its_time_and_stops_interrupts(board: Emulated) -> None:
    out = board.run(
        JOURNAL
        + """
import machine, time
ticks = 0
def count(timer):
    global ticks
    ticks += 1
timer = machine.Timer(period=2, mode=machine.Timer.PERIODIC, callback=count)
before, start = ticks, time.ticks_us()
journal.ioctl(6, 0)
erase = time.ticks_diff(time.ticks_us(), start)
during = ticks - before
start = time.ticks_us()
journal.writeblocks(0, bytes(256), 0)
program = time.ticks_diff(time.ticks_us(), start)
timer.deinit()
print(erase, program, during)
"""
    )
    erase, program, during = map(int, out.split())
    assert 45000 <= erase < 46000
    assert 700 <= program < 1200
    assert during <= 1


def test_flash_times_can_be_set(board: Emulated) -> None:
    board("flash", erase_us=400000)
    code = """
import time
start = time.ticks_us()
journal.ioctl(6, 0)
print(time.ticks_diff(time.ticks_us(), start))
"""
    try:
        assert 400000 <= int(board.run(JOURNAL + code)) < 401000
    finally:
        board("flash", erase_us=45000)


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.99])
def test_power_cut_inside_a_page(board: Emulated, fraction: float) -> None:
    board.run(JOURNAL + "journal.ioctl(6, 0)\njournal.writeblocks(0, bytes(256), 0)")
    board("flash", cut=1, fraction=fraction)
    with pytest.raises(EmulatorError, match="power failed"):
        board.run(JOURNAL + "journal.writeblocks(0, bytes(256), 256)")
    board("power", on=True)
    board.boot()
    out = board.run(
        JOURNAL
        + """
page = bytearray(256)
journal.readblocks(0, page, 0)
first = page == bytes(256)
journal.readblocks(0, page, 256)
written = sum(1 for byte in page if byte == 0)
print(first, written, sum(1 for byte in page if byte not in (0, 255)))
"""
    )
    first, written, undefined = out.split()
    assert first == "True"
    assert abs(int(written) - 256 * fraction) <= 2
    assert int(undefined) <= 1


def test_power_cut_inside_an_erase(board: Emulated) -> None:
    board.run(JOURNAL + "journal.ioctl(6, 0)\njournal.writeblocks(0, bytes(4096), 0)")
    board("flash", cut=1, fraction=0.5)
    with pytest.raises(EmulatorError, match="power failed"):
        board.run(JOURNAL + "journal.ioctl(6, 0)")
    board("power", on=True)
    board.boot()
    code = "b = bytearray(4096)\njournal.readblocks(0, b, 0)\nprint(sum(1 for byte in b if byte == 255))"
    erased = int(board.run(JOURNAL + code))
    assert abs(erased - SECTOR / 2) <= 2


def test_time_passes_without_power(board: Emulated) -> None:
    before = board("power", on=False)["ns"]
    assert board("run", ns=3e9)["ns"] - before == pytest.approx(3e9)
    board("power", on=True)
    board.boot()


def test_killed_server_keeps_its_flash_file(tmp_path: Path) -> None:
    kept = tmp_path / "flash.bin"
    with Emulated(image(), "--flash", str(kept)) as first:
        first.boot()
        first.run('f = open("/a", "w")\nf.write("still here")\nf.close()')
    with Emulated(image(), "--flash", str(kept)) as second:
        second.boot()
        assert second.run('print(open("/a").read())') == "still here"
