"""`fourquad sim` in a real terminal: a process on a pseudo-terminal, and an emulator of the screen (pyte).

What the process writes is followed until the screen shows what is expected, so nothing depends on the
computer's speed.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager

import pyte
import pytest

PATIENCE = 120.0
SIZES = ((80, 24), (112, 26), (200, 50))
BOXES = {"\u256d": "\u256e", "\u2570": "\u256f"}
# What each model's legend must say, and what a key does to the screen.
LEGENDS = {
    "kw320": ("h=H", "p=P", "e=E", "v=V/A", "m=H+V/A"),
    "a1000": ("d=DISPLAY", "r=RESET", "R=RESET held"),
}
OURS = ("o power", "x cut", "s seal", "+/- speed", "q quit")


class Terminal:
    """A simulator in a terminal of so many columns and rows."""

    def __init__(self, model, columns, rows, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.master, slave = pty.openpty()
        self._set_size(slave)
        # the test runner may have set a size, which rich would believe
        inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fourquad_tools", "sim", "--model", model],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**inherited, "TERM": "xterm-256color", **environment},
        )
        os.close(slave)

    def _set_size(self, fd):
        size = struct.pack("HHHH", self.screen.lines, self.screen.columns, 0, 0)
        fcntl.ioctl(fd, termios.TIOCSWINSZ, size)

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.screen.erase_in_display(2)
        self._set_size(self.master)
        self.process.send_signal(signal.SIGWINCH)

    def press(self, keys):
        os.write(self.master, keys.encode())

    @property
    def rows(self):
        return self.screen.display

    def until(self, shown):
        """Follow what is written until `shown(rows)` holds of a screen that is not being drawn; the rows."""
        deadline = time.monotonic() + PATIENCE
        while True:
            more = select.select([self.master], [], [], 0.05)[0]
            if more:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    data = b""
                assert data, "it ended: " + self.raw.decode(errors="replace")[-3000:]
                self.raw += data
                self.stream.feed(data)
            elif shown(self.rows):
                return self.rows
            assert time.monotonic() < deadline, "\n".join(self.rows)

    def shows(self, text):
        return self.until(lambda rows: any(text in row for row in rows))

    def end(self):
        self.press("q")
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                break
            if not data:
                break
            self.raw += data
        assert self.process.wait(PATIENCE) == 0, self.raw.decode(errors="replace")[-3000:]


@contextmanager
def terminal(model, columns, rows, **environment):
    out = Terminal(model, columns, rows, **environment)
    try:
        yield out
    finally:
        out.process.kill()
        out.process.wait()
        os.close(out.master)


def assert_whole(rows, model):
    """Nothing is wrapped or cut: the head is first, the legend is last, every box is closed."""
    text = "\n".join(rows)
    speed = r"speed 1( .[.0-9]+ reached.)?"
    head = rf" {model}  [-0-9]{{10}} [:0-9]{{8}} UTC .*{speed}  power (on|OFF)  cycles \d+ ?$"
    assert re.match(head, rows[0]), rows[0]
    legend = [row for row in rows if row.strip()][-1]
    for entry in (*LEGENDS[model], *OURS):
        assert entry in legend, (entry, legend)
    assert sum(row.count("\u256d") for row in rows) == sum(row.count("\u2570") for row in rows) > 0, text
    for row in rows:
        for left, right in BOXES.items():
            assert row.count(left) == row.count(right), text


@pytest.mark.parametrize(("columns", "rows"), SIZES)
@pytest.mark.parametrize("model", LEGENDS)
def test_power_keys_resize_and_end(model, columns, rows):
    """Finding 1: switching the power on again ended the simulator. Finding 5: what each size shows."""
    with terminal(model, columns, rows) as sim:
        seen = sim.shows("q quit")
        assert_whole(sim.shows("\u03a3P"), model)
        port = {"kw320": "mbpoll -m rtu -b 19200 -P none -a 1", "a1000": "meter number 1, sign-on /?1! CR LF"}
        assert any(port[model] in row for row in seen), seen
        for entry in LEGENDS[model]:
            # a key that is held and released by and by is the last of them
            sim.press(entry.split("=")[0])
        assert_whole(sim.shows("q quit"), model)
        sim.press("s")
        for key in "oxo":
            sim.press(key)
            assert_whole(sim.shows("no power: o switches it on"), model)
            sim.press("o")
            assert_whole(sim.until(lambda rows: "power on" in rows[0] and "\u03a3P" in "".join(rows)), model)
        sim.press("+")
        sim.until(lambda rows: "speed 10" in rows[0])
        sim.press("-")
        sim.until(lambda rows: "speed 1 " in rows[0])
        for other in ((60, 20), *(size for size in SIZES if size != (columns, rows))):
            sim.resize(*other)
            if other == (60, 20):
                sim.until(lambda rows: "too small" in rows[0] and "80 x 24" in rows[0])
            else:
                assert_whole(
                    sim.until(lambda rows: "q quit" in "".join(rows[-4:]) and "UTC" in rows[0]), model
                )
        sim.end()
        assert b"Traceback" not in sim.raw


def test_segments_stand_in_112_by_26_and_letters_in_80_by_24():
    with terminal("kw320", 112, 26) as sim:
        rows = sim.shows("(  V/A  )")
        assert any("FOURQUAD" in row for row in rows)
        # the icons below the four values: quadrant and load
        assert any("Q4" in row or "Q1" in row for row in rows)
        sim.resize(80, 24)
        rows = sim.until(lambda rows: re.search(r" Har\w+ Set", rows[2]) and "q quit" in rows[23])
        assert any(re.search(r" Q[1-4] [LCR] +\d+%", row) for row in rows), rows
        sim.end()


@pytest.mark.parametrize("model", LEGENDS)
def test_a_terminal_of_latin_1_letters(model):
    """Finding 5: a traceback. No letter is shown that the terminal has not."""
    with terminal(model, 112, 26, PYTHONIOENCODING="latin-1", PYTHONUTF8="0") as sim:
        sim.stream.use_utf8 = False
        sim.shows("q quit")
        rows = sim.shows("SP")
        text = "\n".join(rows)
        for word in (*LEGENDS[model], *OURS, "FOURQUAD", "V1", "I3", "+--"):
            assert word in text, text
        sim.press("o")
        sim.shows("no power")
        sim.press("o")
        sim.shows("SP")
        sim.end()
        assert b"Traceback" not in sim.raw
        assert b"\xe2" not in sim.raw


@pytest.mark.parametrize("model", LEGENDS)
def test_a_dumb_terminal(model):
    """Finding 5: it was empty. The panel is printed once, and again after a key."""
    with terminal(model, 80, 400, TERM="dumb") as sim:
        sim.shows("q quit")
        assert any("\u03a3P" in row for row in sim.rows)
        sim.press("o")
        sim.shows("no power")
        sim.end()
        assert b"Traceback" not in sim.raw
        assert b"\x1b" not in sim.raw


def test_a_terminal_that_goes_away_ends_it():
    with terminal("kw320", 80, 24) as sim:
        sim.shows("q quit")
        sim.press("\x04")
        assert sim.process.wait(PATIENCE) == 0
