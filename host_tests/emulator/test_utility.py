"""`fourquad log` and `fourquad waveform` against the emulated board, over its UART."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import comtrade
import pytest
from emulated import image
from test_emulate import Process

from fourquad_tools import cli

MODEL = ("--model", "kw320q")
# the master's patience is of this computer, the meter's time is emulated
PATIENT = ("--timeout", "60", "--tries", "5")


def test_a_log_and_a_waveform_come_over_the_uart(tmp_path: Path) -> None:
    image("PICO_EMU")
    run = Process(tmp_path, "--start", "2026-02-03T04:05:50", model="kw320q")
    line = (*MODEL, "--port", str(run.path), *PATIENT)
    try:
        assert run.ask(cmd="advance", seconds=3)["ok"]
        assert cli.main(["log", "1", *line, "--record", "v1,energy.ep_imp,harmonic.v1.thd"]) == 0
        assert cli.main(["set", *line, "capture_waveform=act"]) == 0
        for _ in range(15):  # one answer each, within the patience of the control socket
            assert run.ask(cmd="advance", seconds=5)["ok"]
        assert cli.main(["log", "1", *line, "--output", str(tmp_path / "log.json")]) == 0
        assert cli.main(["waveform", "get", "1", *line, "--output", str(tmp_path)]) == 0
        assert run.end() == 0
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)
    records = json.loads((tmp_path / "log.json").read_text())["records"]
    assert [when for when, *_ in records] == ["2026-02-03T04:06:00", "2026-02-03T04:07:00"][: len(records)]
    assert records and all(volts == pytest.approx(230.0, rel=2e-3) for _, volts, *_ in records)
    found = comtrade.load(str(tmp_path / "waveform001.cfg"), str(tmp_path / "waveform001.dat"))
    for channel, volts in ((0, 230.0), (1, 115.0)):
        square = sum(value * value for value in found.analog[channel]) / len(found.analog[channel])
        assert square**0.5 == pytest.approx(volts, rel=5e-3)
