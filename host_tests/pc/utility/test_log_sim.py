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

MINUTES = 17
RECORDED = "v1,v2,v3,energy.ep_imp,harmonic.v1.thd"


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    sim = Sim(tmp_path_factory.mktemp("sim"))
    assert cli.main(["log", "1", *sim.where["net"], "--record", RECORDED]) == 0
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


def test_what_is_recorded_is_the_manuals_example(logged):
    """6.3.8 with an energy and a single register: list, descriptors (the first in the high byte), sectors."""
    words = registers(logged, 0x1100, 2 + 117)
    assert words[:13] == [0x090A, 1, *range(0x4002, 0x4008), 0x4048, 0x4049, 0x405A, 0, 0]
    assert registers(logged, 0x1177, 4) == [0x0202, 0x0202, 0x0100, 0]


def test_the_same_again_erases_nothing(logged, run):
    status, _, err = run("log", "1", *logged.where["net"], "--record", RECORDED)
    assert status == 0 and "did so already" in err
    assert registers(logged, 0x6102, 2)[1] >= MINUTES


def test_another_log_on_and_off(logged, ask, run):
    status, told = ask("log", "3", *logged.where["net"], "--record", "i?", "--every", "5", "--sectors", "90")
    assert status == 0 and told["columns"] == ["i1", "i2", "i3"] and told["changed"]
    assert registers(logged, 0x1280, 3) == [0x065A, 5, 0x4012]
    status, _, err = run("log", "2", *logged.where["net"], "--record", "v1", "--sectors", "1")
    assert status == 1 and "exception 03" in err  # 10 + 90 + 1: more than 100 sectors
    assert registers(logged, 0x11C0, 119) == [0] * 119
    assert run("log", "3", *logged.where["net"], "--off")[0] == 0
    assert registers(logged, 0x1280, 119) == [0] * 119


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--record", "ct1"), "cannot be logged"),
        (("--record", "nothing_such"), "no such register"),
        (("--record", "harmonic.*"), "117 at most"),
        (("--record", "v1", "--off"), "--record or --off"),
        (("--record", "v1", "--every", "1441"), "1 to 1440"),
        (("--record", "v1", "--sectors", "0"), "1 to 100"),
    ],
)
def test_what_cannot_be_recorded(logged, run, words, why):
    before = registers(logged, 0x1280, 119)
    status, _, err = run("log", "3", *logged.where["net"], *words)
    assert status == 2 and why in err and registers(logged, 0x1280, 119) == before


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
