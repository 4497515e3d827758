"""A serial flash on the board's SPI: pages, erases that go on, and a meter whose logs lie there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from emulated import ROOT, Emulated, image

BANNER = "Ctrl-C ends it"
ROW = "NOR = (0, 18, 19, 16, 17)"
OPEN = f"""
import time
from drivers.nor import found
{ROW}
flash = found(NOR)
def took(act, *arguments):
    start = time.ticks_us()
    act(*arguments)
    return time.ticks_diff(time.ticks_us(), start)
page = bytearray(256)
"""


def start(kind: str, *options: str) -> Emulated:
    board = Emulated(image("PICO_EMU"), "--nor", kind, *options)
    assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
    return board


@pytest.mark.parametrize(("kind", "sectors"), [("W25Q64", 2048), ("W25Q128", 4096), ("W25Q256", 8192)])
def test_pages_and_erases(kind: str, sectors: int) -> None:
    with start(kind) as board:
        assert board.run(OPEN + "print(flash.sectors)") == str(sectors)
        last = (sectors - 1) * 4096
        wrote = f"flash.program({last} + 512, bytes(range(256)))\nflash.read({last} + 512, page)\n"
        assert board.run(wrote + "print(page == bytes(range(256)))") == "True"
        assert board("nor", read=last + 512)["hex"] == bytes(range(256)).hex()
        counts = board("nor")
        # an erase takes 45 ms, of which the program sees next to nothing, nor does a read of another sector
        acts = f"flash.erase, {sectors - 1}", "flash.read, 0, page", f"flash.read, {last}, page"
        told = board.run(f"print({', '.join(f'took({act})' for act in acts)})")
        erase, other, same = map(int, told.split())
        assert erase < 1000 and other < 2000 and 40_000 < same < 50_000
        after = board("nor", read=last + 512)
        assert after["hex"] == "ff" * 256
        assert after["erases"] - counts["erases"] == 1 and after["suspensions"] - counts["suspensions"] == 1
        assert after["ignored"] == 0


def test_a_page_takes_its_time_on_the_line_and_no_more() -> None:
    """20 Mbit/s: 0.1 ms for 256 bytes, by DMA; the rest is Python."""
    with start("W25Q64") as board:
        read, program = map(
            int, board.run(OPEN + "print(took(flash.read, 0, page), took(flash.program, 0, page))").split()
        )
        assert read < 600 and program < 2000


@pytest.fixture(scope="module")
def meter(tmp_path_factory: Any) -> Iterator[Emulated]:
    """The emulated board with another row: the serial flash has the pins of three inputs."""
    text = (ROOT / "boards" / "PICO_EMU" / "board.py").read_text() + f"\nINPUTS = (20, 21, 22)\n{ROW}\n"
    flash = tmp_path_factory.mktemp("nor") / "flash.bin"
    with start("W25Q64", "--flash", str(flash)) as board:
        for at in range(0, len(text), 400):
            mode = "a" if at else "w"
            board.run(f"with open('board.py', {mode!r}) as f: f.write({text[at : at + 400]!r})")
        board("nor")
        board("reset")
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board("run", ns=3e9)
        yield board


def test_a_meter_keeps_its_logs_there(meter: Emulated) -> None:
    told = meter.run(
        "import __main__ as main\napp = main.build()\nflash = app.loop.keeper._store._journal._flash\n"
        "print(type(flash).__name__, flash.sectors)"
    )
    # 8 MB, then what the chip's own flash has after its file system
    *short, joined = told.splitlines()
    assert joined.strip() == f"Joined {2048 + 192}"
    for line in short:
        # of what is wanted, each log has the same share, and more than the whole flash of a board without
        assert int(line.split(" has ")[1].split()[0]) > 300, line
    assert meter("nor")["ignored"] == 0


def test_the_registers_journal_stays_where_it_is(meter: Emulated) -> None:
    """It is written when the supply warns, and must not depend on another chip."""
    before = meter("nor")["programs"]
    pages = meter("stats")["flash"]["program"]
    meter.run("app.loop.keeper.power_fails(0)")
    assert meter("stats")["flash"]["program"] > pages
    assert meter("nor")["programs"] == before
