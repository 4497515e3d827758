"""The S4100's four keys and its display of 128x64 on the emulated RP2040: passwords, a setting by keys."""

from __future__ import annotations

import signal
from pathlib import Path

from emulated import image
from test_emulate import Process

from fourquad.display import segment_font
from fourquad_tools.screens.framebuf import FrameBuffer

TOP, BOTTOM = 22, 42  # rows of the value
KEYS = {"U": "UP", "D": "DOWN", "L": "LEFT", "R": "RIGHT"}


def drawn(text: str) -> list[str]:
    """The rows of a value in large digits, which are bars on any framebuffer."""
    fb = FrameBuffer(bytearray(1024), 128, 64)
    segment_font.value(fb, text, 128, TOP)
    return ["".join(".#"[fb.pixel(x, y) or 0] for x in range(128)) for y in range(TOP, BOTTOM)]


def press(run: Process, keys: str) -> None:
    for key in keys:
        assert run.ask(cmd="key", key=KEYS[key])["ok"]


def shows(run: Process, text: str) -> bool:
    """Whether the value is to be seen within some seconds, between two blinks of it."""
    for _ in range(30):
        if run.ask(cmd="screen")["rows"][TOP:BOTTOM] == drawn(text):
            return True
        assert run.ask(cmd="advance", seconds=0.15)["ok"]
    return False


def test_a_setting_by_keys(tmp_path: Path) -> None:
    image("PICO_EMU")
    run = Process(tmp_path, model="s4100", port="mstp")
    try:
        assert run.ask(cmd="advance", seconds=2)["ok"]
        assert shows(run, "0")  # energy
        press(run, "UR")
        assert shows(run, "00000")
        press(run, "UUUR")
        assert shows(run, "30000")
        # a wrong password is asked for again
        press(run, "RRRR" + "U" * 2)
        assert shows(run, "20000")
        press(run, "L" + "R" * 6 + "D" + "RR")
        assert shows(run, "00005")  # rated current, of this board
        press(run, "RRURRR")
        assert run.points()["CT_Ratio_Primary"] == 105
        assert run.end() == 0
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)
