"""`fourquad waveform` against the simulator: a sag that it made, read by PyPI's COMTRADE reader."""

from __future__ import annotations

import math

import comtrade
import pytest
from rig import Sim

from fourquad_tools import cli

RMS = (230.0, 231.0, 229.0, 0.5, 0.4, 0.3)
LAGS = (30.0, -20.0, 10.0)
LOAD = {
    "frequency": 50.0,
    "phases": [{"volts": RMS[k], "amps": RMS[3 + k], "lag": LAGS[k]} for k in range(3)],
    "adc": "ideal",
}
MODEL = ("--model", "kw320q")


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    sim = Sim(tmp_path_factory.mktemp("sim"), "kw320q", LOAD)
    wishes = ["rated_voltage=230", "sag_threshold=80", "sag_halves=4", "sag_capture=1"]
    assert cli.main(["set", *MODEL, *sim.where["net"], *wishes]) == 0
    sim.ask(cmd="advance", seconds=2)
    low = {**LOAD, "phases": [LOAD["phases"][0], {**LOAD["phases"][1], "volts": 115.5}, LOAD["phases"][2]]}
    sim.ask(cmd="load", load=low)
    sim.ask(cmd="advance", seconds=1)
    sim.ask(cmd="load", load=LOAD)
    # while a group is written nothing is captured (manual 4.6)
    sim.ask(cmd="advance", seconds=8)
    assert cli.main(["set", *MODEL, *sim.where["net"], "capture_waveform=act"]) == 0
    sim.ask(cmd="advance", seconds=8)
    yield sim
    sim.close()


def test_groups_and_events(captured, ask):
    status, told = ask("waveform", "list", *MODEL, *captured.where["net"])
    assert status == 0
    assert [(one["group"], one["triggers"]) for one in told["groups"]] == [(1, ["sag U2"]), (2, ["manual"])]
    _, told = ask("events", "quality", *MODEL, *captured.where["tcp"])
    (event,) = told["events"]["quality"]
    assert event["what"] == "sag U2" and event["rated_V"] == 230 and event["threshold_percent"] == 80


@pytest.mark.parametrize("way", ["port", "tcp", "net"])
def test_what_another_reader_finds_is_the_load(captured, run, tmp_path, way):
    """Amplitudes, phases and the sag in closed form: a DFT over five whole cycles."""
    words = (*MODEL, *captured.where[way], "--output", str(tmp_path))
    assert run("waveform", "get", "all", *words)[0] == 0
    for group, middle in ((1, 115.5), (2, 231.0)):
        found = comtrade.load(
            str(tmp_path / f"waveform00{group}.cfg"), str(tmp_path / f"waveform00{group}.dat")
        )
        assert found.total_samples == 1280 and found.cfg.sample_rates[0][0] == pytest.approx(3200, rel=1e-4)
        for n in range(6):
            # after the trigger, where the sag has certainly begun; five whole cycles
            part = found.analog[n][900:1220]
            re = sum(value * math.cos(2 * math.pi * k / 64) for k, value in enumerate(part)) / 160
            im = sum(value * math.sin(2 * math.pi * k / 64) for k, value in enumerate(part)) / 160
            rms = math.hypot(re, im) / 2**0.5
            wanted = middle if n == 1 else RMS[n]
            assert rms == pytest.approx(wanted, rel=2e-3), (group, n)
        # ten cycles before the trigger the second phase is whole in group 2; in group 1 the sag's beginning
        # lies within them
        before = max(abs(value) for value in found.analog[1][:640])
        assert before == pytest.approx(231 * 2**0.5, rel=5e-3)


def test_config_goes_out_and_back(captured, run, tmp_path):
    """All there is of a kw320q: alarms, logs, quality and modules among it."""
    file = tmp_path / "q.conf"
    assert run("config", "export", *MODEL, *captured.where["net"], str(file))[0] == 0
    assert "setting.sag_threshold = 80 %" in file.read_text()
    status, _, err = run("config", "import", *MODEL, *captured.where["net"], str(file), "--yes")
    assert status == 0 and "no difference" in err
