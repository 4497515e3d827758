"""Points set by name: `--set ct1=100` and the command `set`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourquad.points import names
from fourquad_tools.commands import Commands
from fourquad_tools.control import answer
from fourquad_tools.options import OptionError, model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.presets import apply, parse
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_225_600.0
LOAD = {"phases": [{"volts": 11000.0, "amps": 50.0}] * 3}


def simulator(name="kw320", storage=None, presets=()):
    made = Simulator(model(name), *plant_from_json(LOAD), storage or Storage(None), START)
    made.warm_up(lambda device: apply(device, parse(list(presets))))
    return made


@pytest.fixture(scope="module")
def meter():
    made = simulator()
    yield Commands(made)
    made.close()


def ask(meter, **command):
    return asyncio.run(answer(meter, json.dumps({"cmd": "set", **command}).encode()))


def test_transformers_are_there_from_the_first_reading_on():
    """100 A : 5 A and 11 kV : 100 V, so 50 A and 11 kV are 2.5 A and 100 V on the secondary side."""
    made = simulator(presets=["ct1=100", "ct2=5", "pt1=11000", "pt2=100"])
    shown = {name: value for name, value, _ in made.readings()}
    assert shown["secondary.v1"] == pytest.approx(100.0, rel=1e-4)
    assert shown["secondary.i1"] == pytest.approx(2.5, rel=1e-4)
    assert shown["primary.p_sum"] == pytest.approx(3 * 11000 * 50, rel=1e-4)
    assert shown["setting.pt1"] == 11000.0 and shown["setting.ct1"] == 100
    made.close()


def test_it_survives_the_power_as_what_a_master_writes(tmp_path):
    simulator(storage=Storage(str(tmp_path)), presets=["ct1=100", "energy.ep_imp=1234.5"]).close()
    again = simulator(storage=Storage(str(tmp_path)))
    shown = {name: value for name, value, _ in again.readings()}
    assert shown["setting.ct1"] == 100
    assert 1234.5 <= shown["energy.ep_imp"] < 1236, "and what has been counted since"
    again.close()


def test_by_command(meter):
    assert ask(meter, name="pt1", value=400.5) == {
        "ok": True,
        "name": "setting.pt1",
        "value": 400.5,
        "unit": "V",
    }
    assert ask(meter, name="setting.ct1", value=7)["value"] == 7
    assert meter.simulator.device.meter.settings.get(names.BY_NAME["setting.ct1"] - 3072) == 7


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("ct9", 1, "there is no point 'ct9' (there is ct2, ct1)"),
        ("zzzzzz", 1, "`fourquad points` lists them"),
        ("ct1", 0, "0 is out of range: 1 to 50000 A"),
        ("ct1", 1e300, "1e+300 is out of range: 1 to 50000 A"),
        ("ct1", 1.5, "1.5 is no multiple of 1 A"),
        ("pt1", 400.05, "400.05 is no multiple of 0.1 V"),
        ("ct2", 7, "7 is out of range: 1, 5, 80, 100, 200, 333"),
        ("secondary.v1", 3, "secondary.v1 can be read only"),
        ("pulse_width", 80, "kw320 has no setting.pulse_width"),
    ],
)
def test_what_is_refused_changes_nothing(meter, name, value, error):
    before = list(meter.simulator.device.meter.settings.groups[0].values)
    reply = ask(meter, name=name, value=value)
    assert not reply["ok"] and error in reply["error"]
    assert list(meter.simulator.device.meter.settings.groups[0].values) == before
    with pytest.raises(OptionError, match="^--set " + name):
        apply(meter.simulator.device, parse([f"{name}={value}"]))


def test_a_seal_holds(meter):
    meter.simulator.set_seal(True)
    assert "is sealed" in ask(meter, name="ct1", value=8)["error"]
    meter.simulator.set_seal(False)
    assert ask(meter, name="ct1", value=8)["ok"]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(names.BY_NAME)), st.floats(allow_nan=False) | st.integers())
def test_any_point_and_any_number(meter, name, value):
    if name.startswith("command.") or name == "state.epoch":
        return  # what a command or a clock of any time does is tested elsewhere
    reply = ask(meter, name=name, value=value)
    assert reply["ok"] or "defect" not in reply["error"], reply


@pytest.mark.parametrize("text", ["ct1", "ct1=", "=1", "ct1=x", "ct1=nan", "ct1=inf", "ct9=1", "ct1=0"])
def test_an_option_that_is_wrong_ends_in_one_line(text):
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--headless", "--set", text]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith(f"fourquad sim: --set {text}: ") and done.stderr.count("\n") == 1
