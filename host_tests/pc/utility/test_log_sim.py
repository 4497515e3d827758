"""`fourquad log` against the simulator: its own records, through the command line, over each kind of line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from rig import CLOCK, Sim
from test_values import registers

from fourquad_tools import cli
from fourquad_tools.utility.errors import NoAnswer
from fourquad_tools.utility.modbus_link import ModbusLink

MINUTES = 25
# the example of 6.3.8 with an energy and a single register: seven items, ten sectors, each minute
LIST = ["4002H", "4003H", "4004H", "4005H", "4006H", "4007H", "4048H", "4049H", "405AH"]


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    sim = Sim(tmp_path_factory.mktemp("sim"))
    wishes = [f"{0x1102 + n:04X}H={address}" for n, address in enumerate(LIST)]
    wishes += ["1177H=0202H", "1178H=0202H", "1179H=0100H", "1101H=1", "1100H=090AH"]
    assert cli.main(["set", *sim.where["net"], *wishes]) == 0
    sim.ask(cmd="advance", seconds=60 * MINUTES)
    yield sim
    sim.close()


def check(found, volts=230.0):
    names = [column["name"] for column in found["columns"]]
    assert names == ["v1", "v2", "v3", "energy.ep_imp", "harmonic.v1.thd"]
    records = found["records"]
    assert len(records) in (MINUTES, MINUTES + 1)
    first = datetime.fromisoformat(CLOCK) + timedelta(minutes=1)
    for n, (when, v1, v2, v3, energy, thd) in enumerate(records):
        assert datetime.fromisoformat(when) == first + timedelta(minutes=n)
        assert (v1, v2, v3) == pytest.approx((volts, 231, 229), rel=1e-4) and thd < 0.1
        assert energy == pytest.approx(0.0733 * (n + 1) / 60, abs=0.1)


@pytest.mark.parametrize("way", ["port", "tcp", "net"])
def test_the_records_of_the_load(logged, run, tmp_path, way):
    status, _, err = run("log", "1", *logged.where[way], "--output", str(tmp_path / "a.json"))
    assert status == 0, err
    check(json.loads((tmp_path / "a.json").read_text()))


def test_an_interrupted_download_goes_on(logged, run, ask, tmp_path, monkeypatch):
    read = ModbusLink.read
    count = [0]

    def dies(link, address, number):
        count[0] += 1
        if count[0] > 6:
            raise NoAnswer("the line is cut")
        return read(link, address, number)

    with monkeypatch.context() as patch:
        patch.setattr(ModbusLink, "read", dies)
        status, _, err = run("log", "1", *logged.where["net"], "--output", str(tmp_path / "a.json"))
    assert status == 1 and "the same command goes on" in err
    status, told = ask("log", "1", *logged.where["net"], "--output", str(tmp_path / "a.json"))
    assert status == 0 and 0 < told["new"] < told["records"] and not told["lost"] and not told["damaged"]
    check(json.loads((tmp_path / "a.json").read_text()))


def test_what_it_says_of_the_logs(logged, ask):
    _, told = ask("log", *logged.where["net"])
    assert [one["interval_min"] for one in told["logs"]] == [1, 0, 0]
    assert told["logs"][0]["record_bytes"] == 30 and told["logs"][0]["records"] >= MINUTES
    # manual 6.3.8: its status block, by pymodbus alone
    words = registers(logged, 0x6100, 5)
    assert words[4] == 30 and words[2] << 16 | words[3] == told["logs"][0]["records"]


def test_the_settings_of_a_log_go_out_and_back(logged, run, ask, tmp_path):
    """Writing the same back erases nothing."""
    file = tmp_path / "meter.conf"
    assert run("config", "export", str(file), *logged.where["net"])[0] == 0
    assert "no difference" in run("config", "import", str(file), *logged.where["net"], "--yes")[2]
    assert ask("log", *logged.where["net"])[1]["logs"][0]["records"] >= MINUTES
