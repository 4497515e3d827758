"""The image of a Pico W, whose radio the emulator has not: the meter runs, with a network chosen and without.

Its driver is in no package, so the image is there only where somebody has built it (`CYW43_DRIVER`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import BUILD, Emulated
from test_ads131 import ask
from test_released import PHASES, connect

from fourquad.device import layout
from fourquad.records.flash import RamFlash
from fourquad_tools.sim.littlefs_files import LittlefsFiles

IMAGE = BUILD / "PICO_W-acurev2020" / "firmware.bin"
FILES = layout.RADIO_SECTORS - layout.RAW_SECTORS  # of the file system
STORAGE = (2048 * 1024) - layout.RADIO_SECTORS * layout.SECTOR_SIZE
FREQUENCY = 0x2000  # and the voltage of the first phase after it

pytestmark = pytest.mark.skipif(not IMAGE.exists(), reason="no image: its driver is in no package")


def with_a_network(flash: Path) -> None:
    """Put the file of the radio into the file system of a flash's file."""
    data = bytearray(flash.read_bytes())
    files = RamFlash(FILES)
    end = STORAGE + FILES * layout.SECTOR_SIZE
    files.image[:] = data[STORAGE:end]
    # country, length, name, password
    LittlefsFiles(files, 0, FILES).write("wifi", b"DE\x04home12345678")
    data[STORAGE:end] = files.image
    flash.write_bytes(data)


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A flash of a board that has started once."""
    path = tmp_path_factory.mktemp("radio") / "flash.bin"
    with Emulated(IMAGE, "--flash", str(path)) as board:
        board("run", ns=4e9)
    yield path


@pytest.mark.parametrize("chosen", [False, True])
def test_the_meter_runs_without_the_radio(flash: Path, chosen: bool) -> None:
    if chosen:
        with_a_network(flash)
    with Emulated(IMAGE, "--flash", str(flash)) as board:
        connect(board, "PICO", PHASES)
        board("run", ns=8e9)
        data = ask(board, 1, 3, FREQUENCY >> 8, FREQUENCY & 255, 0, 4)[1:]
        frequency, volts = struct.unpack(">2f", data)
        assert frequency == pytest.approx(50.0, abs=0.01)
        # not calibrated, as on a PICO (test_released.py)
        assert volts == pytest.approx(PHASES[0]["volts"], rel=1e-2)
        stats = board("stats")
        assert stats["resets"] == 0 and stats["adc"]["overflows"] == 0
