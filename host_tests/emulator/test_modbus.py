"""Modbus on the chip: how long an answer takes to make, and that it costs nothing of the heap."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import ROOT, Emulated

LIB = ROOT / "lib" / "fourquad"
PURE = ROOT / "host_tests" / "pure"
FAKES = PURE / "protocols" / "modbus_fakes.py"
IMPORTED = """
import sys
from protocols.modbus_fakes import FakeMeter
FakeMeter()
print(*(module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "fourquad"))
"""


def files() -> dict[str, Path]:
    """The fake meter and what it imports, by where they are on the board, with what only a board has."""
    path = os.pathsep.join(map(str, (LIB.parent, PURE)))
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    found = {Path(file) for file in done.stdout.split()}
    for chosen in ("crc*.py", "modbus/pack*.py"):
        found.update((LIB / "protocols").glob(chosen))
    return {
        **{path.relative_to(LIB.parent).as_posix(): path for path in sorted(found)},
        "protocols/modbus_fakes.py": FAKES,
    }


LARGER = """
import _rp2, vfs
vfs.umount('/')
area = _rp2.Flash(start=0, len=512 * 1024)
vfs.VfsLfs2.mkfs(area, progsize=256)
vfs.mount(vfs.VfsLfs2(area, progsize=256), '/')
"""

TRY = """
import gc, time
from protocols.modbus_fakes import FakeMeter, with_crc
meter = FakeMeter()

def took(*body):
    frame = with_crc(bytes(body))
    n = len(frame)
    slave = meter.slave
    slave.run(frame, n, 0)
    gc.collect()
    used = gc.mem_alloc()
    slave.run(frame, n, 0)
    used = gc.mem_alloc() - used
    t = time.ticks_us()
    for _ in range(10):
        slave.run(frame, n, 0)
    t = time.ticks_diff(time.ticks_us(), t)
    print(t // 10, used, slave.answer[1])
"""


def slower(why: str) -> pytest.MarkDecorator:
    """What takes longer than is due since the KW320 has all its registers (here all code lies in RAM)."""
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=why)


@pytest.fixture(scope="module")
def loaded(board: Emulated) -> Iterator[Emulated]:
    """The board with the slave and the fake meter in its file system."""
    # sources take more than the 256 KB of a new file system; an older one is larger
    board.run(LARGER, 60000)
    found = files()
    folders = {folder.as_posix() for target in found for folder in Path(target).parents} - {"."}
    board.run(f"import os\nfor d in {sorted(folders)!r}: os.mkdir(d)", 60000)
    for target, source in found.items():
        text = source.read_text()
        for at in range(0, len(text), 4000):
            part = text[at : at + 4000]
            board.run(f"with open({target!r}, '{'a' if at else 'w'}') as f: f.write({part!r})\n", 60000)
    board.run(TRY, 120000)
    yield board


@pytest.mark.parametrize(
    ("body", "most_us", "most_bytes"),
    [
        ((1, 3, 0x40, 0, 0, 125), 500, 0),
        ((1, 3, 0x40, 0, 0, 2), 400, 0),
        ((1, 3, 0x30, 0, 0, 60), 500, 0),
        pytest.param((1, 3, 0x0F, 0xFD, 0, 33), 500, 0, marks=slower("625 us: one of them is asked for")),
        ((2, 3, 0x40, 0, 0, 125), 130, 0),
        # half of the 5 ms after t3.5 that a short answer has
        ((1, 6, 0x10, 0x0C, 0, 5), 2500, 128),
    ],
    ids=["125 readings", "one reading", "100 ms block", "settings", "for another slave", "write"],
)
def test_time_of_an_answer(loaded: Emulated, body: tuple, most_us: int, most_bytes: int) -> None:
    time_us, used, function = map(int, loaded.run(f"took(*{body!r})").split())
    assert function in (3, 6)
    assert used <= most_bytes
    assert time_us <= most_us, f"{time_us} us"
