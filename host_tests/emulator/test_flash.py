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


def test_flash_takes_its_time_and_stops_the_program(board: Emulated) -> None:
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
    # in slices, each of which takes 0.14 ms more to leave and enter the window of the flash
    assert 45000 <= erase < 48000
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
        assert 400000 <= int(board.run(JOURNAL + code)) < 425000
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


# A sector of the journal, to be erased in slices: 100 wants it, 101 gives it microseconds (erasing.py).
FILLED = (
    JOURNAL
    + "journal.ioctl(6, 0)\nfor at in range(0, 4096, 256):\n    journal.writeblocks(0, bytes(256), at)\n"
)
READ = "b = bytearray(4096)\njournal.readblocks({}, b, 0)\nprint(sum(1 for byte in b if byte == 255))"


def test_an_erase_in_slices(board: Emulated) -> None:
    board.run(FILLED + "journal.ioctl(6, 1)")
    before = board("flash")
    out = board.run(
        JOURNAL
        + """
import time
page = bytearray(256)
journal.ioctl(100, 0)
slices, longest = 0, 0
while True:
    start = time.ticks_us()
    more = journal.ioctl(101, 3000)
    longest = max(longest, time.ticks_diff(time.ticks_us(), start))
    slices += 1
    if not more:
        break
    # another sector is read, and programmed
    if slices < 10:
        journal.writeblocks(1, bytes([slices] * 256), 256 * slices)
        journal.readblocks(1, page, 256 * slices)
        assert page == bytes([slices] * 256)
journal.readblocks(0, page, 1024)
print(slices, longest, page == b'\\xff' * 256, journal.ioctl(101, 3000))
"""
    )
    slices, longest, erased, more = out.split()
    # 45 ms in slices of 3 ms, a suspension and what the last look at the busy bit takes not counted: 15 or 16
    assert 45_000 / int(longest) <= int(slices) <= 16
    assert int(longest) <= 3500
    assert (erased, more) == ("True", "0")
    after = board("flash")
    assert after["erase"] == before["erase"] + 1
    assert after["refused"] == 0


@pytest.mark.parametrize("touch", ["journal.readblocks(0, page, 512)", "journal.writeblocks(0, page, 512)"])
def test_who_touches_the_sector_waits_for_the_end(board: Emulated, touch: str) -> None:
    board.run(FILLED)
    out = board.run(
        JOURNAL
        + f"""
import time
page = bytearray(256)
journal.ioctl(100, 0)
journal.ioctl(101, 3000)
start = time.ticks_us()
{touch}
print(time.ticks_diff(time.ticks_us(), start), journal.ioctl(101, 0))
{READ.format(0)}
"""
    )
    took, more, erased = map(int, out.split())
    assert 40000 <= took <= 50000
    assert more == 0
    assert erased == SECTOR - (256 if "write" in touch else 0)
    assert board("flash")["refused"] == 0


def test_the_next_erase_waits_and_the_file_system_does_too(board: Emulated) -> None:
    board.run(FILLED)
    write = "for n in range(4):\n    with open('/more', 'w') as f:\n        f.write('x' * 5000)\n"
    board.run(JOURNAL + f"journal.ioctl(100, 0)\njournal.ioctl(101, 3000)\njournal.ioctl(100, 2)\n{write}")
    assert board.run(JOURNAL + "journal.ioctl(101, 90000)\n" + READ.format(0)) == str(SECTOR)
    assert board("flash")["refused"] == 0


def test_what_is_called_between_the_slices_of_a_file(board: Emulated) -> None:
    out = board.run(
        """
import rp2, time
count = 0
def between():
    global count
    count += 1
    if count == 5:
        raise ValueError('late')
rp2.Flash().ioctl(102, between)
try:
    with open('/more', 'w') as f:
        f.write('x' * 9000)
    time.sleep_ms(1)
except ValueError:
    print('raised', end=' ')
rp2.Flash().ioctl(102, None)
with open('/more', 'w') as f:
    f.write('y' * 9000)
print(count, open('/more').read() == 'y' * 9000)
"""
    )
    raised, count, whole = out.split()
    # nothing is lost of a file system within which something was raised
    assert (raised, whole) == ("raised", "True")
    assert int(count) >= 14


@pytest.mark.parametrize("ending", ["reset", "power"])
def test_a_suspended_erase_that_ends_there(board: Emulated, ending: str) -> None:
    board.run(FILLED)
    board.run(JOURNAL + "journal.ioctl(100, 0)\njournal.ioctl(101, 15000)")
    if ending == "reset":
        board("reset")
    else:
        board("power", on=False)
        board("power", on=True)
    board.boot()
    erased = int(board.run(JOURNAL + READ.format(0)))
    # a chip that has kept its power goes on where it was, before anything is read
    assert erased == SECTOR if ending == "reset" else abs(erased - SECTOR / 3) <= 100
    out = board.run(JOURNAL + "journal.ioctl(6, 0)\n" + READ.format(0))
    assert out == str(SECTOR)
    assert board("flash")["refused"] == 0


def test_power_cut_inside_a_slice(board: Emulated) -> None:
    board.run(FILLED)
    board("flash", cut=1, fraction=0.5)
    with pytest.raises(EmulatorError, match="power failed"):
        board.run(JOURNAL + "journal.ioctl(100, 0)\nwhile journal.ioctl(101, 3000):\n    pass")
    board("power", on=True)
    board.boot()
    assert abs(int(board.run(JOURNAL + READ.format(0))) - SECTOR / 2) <= 2


def test_a_chip_that_does_not_suspend(board: Emulated) -> None:
    board.run(FILLED)
    board("flash", suspends=False)
    out = board.run(JOURNAL + "journal.ioctl(100, 0)\nprint(journal.ioctl(101, 3000))\n" + READ.format(0))
    board("flash", suspends=True)
    assert out.split() == ["0", str(SECTOR)]
