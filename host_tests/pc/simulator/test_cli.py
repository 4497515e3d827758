"""The `fourquad` command itself: its version, its help, its defaults, what it says of a mistake."""

import asyncio
import contextlib
import io
import os
import pty
import subprocess
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console

from fourquad_tools import cli
from fourquad_tools.emulated import emulator_tui


def test_version(capsys):
    """Finding 10: there was none."""
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("fourquad ")


def test_without_a_command_there_is_help(capsys):
    """Finding 10: it was an error of one line."""
    assert cli.main([]) == 2
    error = capsys.readouterr().err
    assert "usage: fourquad" in error
    for command in ("sim", "emulate", "deploy", "calibrate", "docs"):
        assert f"\n    {command} " in error


def test_the_model_has_a_default():
    """Finding 10: --model had to be given."""
    assert cli._parser().parse_args(["sim"]).model == "kw320"
    assert cli._parser().parse_args(["sim", "--model", "a1000"]).model == "a1000"


def test_gap_is_given_in_milliseconds():
    assert cli._parser().parse_args(["sim"]).gap is None
    assert cli._parser().parse_args(["sim", "--gap", "20"]).gap == 0.02


@pytest.mark.parametrize("gap", ["-1", "x", "nan", "10001"])
def test_a_gap_that_makes_no_sense_is_refused(gap, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["sim", "--gap", gap])
    assert end.value.code == 2
    assert f"argument --gap: '{gap}' is not in 0 to 10000 ms" in capsys.readouterr().err


def test_output_that_has_not_all_letters_is_no_traceback(monkeypatch):
    """Finding 5, its kind: units such as the degree are written to whatever reads."""
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert cli.main(["points"]) == 0
    out.flush()
    assert out.errors == "replace" and b"secondary.v1" in out.buffer.getvalue()


class _Emulated:
    """As much of an emulated meter as its panel looks at."""

    legend = "h=H  p=P  e=E  v=V/A  m=H+V/A"
    board = SimpleNamespace(NAME="PICO_EMU")
    emulator = SimpleNamespace(console=40000)
    powered = True

    async def pixels(self):
        return True, bytes(range(256)) * 4

    async def do_stats(self):
        return {"ns": 5e9}


@pytest.mark.parametrize("powered", [True, False])
def test_the_emulated_panel_fits_the_least_terminal(powered):
    meter = _Emulated()
    meter.powered = powered
    ports = [SimpleNamespace(name="rs485", where="/tmp/a/very/long/path/" + "x" * 80)] * 2
    console = Console(file=io.StringIO(), width=80, height=24, record=True)
    console.print(asyncio.run(emulator_tui._picture(meter, ports)))
    lines = console.export_text().splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert "q quit" in lines[-1]


def test_a_step_of_a_build_says_its_name_at_once_on_a_terminal(tmp_path):
    """Finding 12: 207 silent seconds."""
    command = ["bash", "-c", ". tools/build/common.sh; took long-step sleep 0"]
    environment = {**os.environ, "FOURQUAD_BUILD": str(tmp_path)}
    root = cli.source_root()
    master, slave = pty.openpty()
    subprocess.run(command, cwd=root, env=environment, stdout=slave, check=True)
    os.close(slave)
    said = b""
    with contextlib.suppress(OSError):  # its end
        while more := os.read(master, 1000):
            said += more
    os.close(master)
    first, _, rest = said.decode().partition("\r")
    assert first.split() == ["long-step", "..."]
    assert rest.split()[0] == "long-step" and rest.split()[-1] == "s"
    quiet = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert "..." not in quiet.stdout and "long-step" in quiet.stdout
