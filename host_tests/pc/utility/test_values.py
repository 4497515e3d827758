"""`fourquad read`, `info`, `set`, `clock`, `scan` against the simulator over each kind of line; the oracle is
the load in closed form, the manual's tables, or pymodbus by itself.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from pymodbus.client import ModbusTcpClient
from rig import Sim

from fourquad_tools.utility import clock

WAYS = ["port", "tcp", "net"]


def registers(sim: Sim, address: int, count: int) -> list[int]:
    """By pymodbus alone."""
    host, _, port = sim.where["net"][1].partition(":")
    client = ModbusTcpClient(host, port=int(port))
    assert client.connect()
    answer = client.read_holding_registers(address, count=count, device_id=1)
    client.close()
    assert not answer.isError()
    return list(answer.registers)


@pytest.mark.parametrize("way", WAYS)
def test_readings_are_those_of_the_load(sim, ask, way):
    status, told = ask("read", *sim.where[way], "v1", "p_sum", "0x4000", "4004H", "setting.ct2")
    assert status == 0
    values = told["values"]
    assert values["v1"] == {"value": pytest.approx(230.0, rel=1e-5), "unit": "V", "address": 0x4002}
    assert values["frequency"]["value"] == pytest.approx(50.0, rel=1e-5)
    assert values["v2"]["value"] == pytest.approx(231.0, rel=1e-5)
    watts = 57.5 * math.cos(math.radians(30)) + 46.2 * math.cos(math.radians(20))
    watts += 22.9 * math.cos(math.radians(150))
    assert values["p_sum"]["value"] == pytest.approx(watts, rel=1e-4)
    # manual 6.3.1, with the default of sc
    assert values["setting.ct2"] == {"value": 333, "unit": "", "address": 0x1009}


def test_registers_as_they_are(sim, ask):
    _, told = ask("read", *sim.where["net"], "4093:4", "0x1005:2")
    words = [one["value"] for one in told["values"].values()]
    assert words == registers(sim, 4093, 4) + registers(sim, 0x1005, 2)
    assert words[4] << 16 | words[5] == 4000
    assert list(told["values"])[0] == "0FFDH"


def test_more_registers_than_a_request_holds(sim, ask):
    _, told = ask("read", *sim.where["net"], "0x4000:299")
    words = [one["value"] for one in told["values"].values()]
    assert words[264:] == registers(sim, 0x4108, 35)


def test_patterns_and_titles(sim, run):
    status, out, _ = run("read", *sim.where["net"], "harmonic.v1.h*", "CT1, primary current")
    lines = out.splitlines()
    assert status == 0 and len(lines) == 63
    assert lines[-1].split() == ["setting.ct1", "1", "A", "1008H", "CT1,", "primary", "current"]


def test_a_value_with_its_word(sim, run):
    assert " 0 (3LN) " in run("read", *sim.where["net"], "wiring_u")[1]


@pytest.mark.parametrize(
    ("what", "status", "error"),
    [
        ("nothing_of_the_kind", 2, "no such register"),
        ("0x2000", 1, "exception 02"),
        ("0xFFFF:2", 2, "registers are"),
    ],
)
def test_what_cannot_be_read(sim, run, what, status, error):
    found, _, err = run("read", *sim.where["net"], what)
    assert found == status and error in err


def test_a_refusal_as_json(sim, ask):
    status, told = ask("read", *sim.where["net"], "0x2000")
    assert status == 1 and told["ok"] is False and told["exception"] == 2


@pytest.mark.parametrize("way", WAYS)
def test_settings_are_set_in_their_units(sim, ask, way):
    status, told = ask("set", *sim.where[way], "pt1=10kV", "pt2=100 V", "ct1=200A", "ct2=5", "wiring_u=3LL")
    assert status == 0 and told["set"]["setting.pt1"]["value"] == 10000
    # the manual's example of 4.4: PT 10000:100, CT 200:5
    assert registers(sim, 0x1003, 7) == [3, 0, 100000 >> 16, 100000 & 0xFFFF, 1000, 200, 5]
    status, told = ask("set", *sim.where[way], "pt1=400", "pt2=400", "ct1=1", "ct2=333", "wiring_u=0")
    assert status == 0 and told["set"]["setting.wiring_u"]["was"] == 3
    assert registers(sim, 0x1003, 7) == [0, 0, 0, 4000, 4000, 1, 333]


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        (["ct1=50001"], 1, ["exception 03", "1-50000", "1008H"]),
        (["polarity_1=1", "ct1=50001"], 1, ["exception 03", "taken back"]),
        (["seal_state=1"], 1, ["exception 02"]),
        (["ct1=x"], 2, ["no number"]),
        (["ct1=5V"], 2, ["not its unit, A"]),
        (["pt1=100.05"], 2, ["steps of 0.1 V"]),
        (["wiring_u=4LN"], 2, ["3LN, 1LN, 2LL, 3LL, 1LL"]),
        (["ct1"], 2, ["NAME=VALUE"]),
        (["ct1=1", "setting.ct1=2"], 2, ["twice"]),
        (["voltage=1"], 2, ["which of"]),
    ],
)
def test_what_cannot_be_set_changes_nothing(sim, run, what, status, words):
    before = registers(sim, 0x0FFD, 33)
    found, _, err = run("set", *sim.where["net"], *what)
    assert found == status
    for word in words:
        assert word in err
    assert registers(sim, 0x0FFD, 33) == before


def test_a_seal_refuses(sim, run):
    sim.ask(cmd="seal", on=True)
    try:
        status, _, err = run("set", *sim.where["net"], "ct1=2")
        assert status == 1 and "exception 04" in err and "sealed" in err
        status, _, err = run("clock", *sim.where["net"], "--set", "2026-01-01T03:00:00")
        assert status == 0, err  # bit 4 of the seal options is 0
    finally:
        sim.ask(cmd="seal", on=False)
    assert registers(sim, 0x1008, 1) == [1]


def test_a_command_and_energies(sim, ask):
    status, told = ask("set", *sim.where["net"], "energy.ep_imp=1234.5kWh", "energy.eq_net=-7")
    assert status == 0
    assert registers(sim, 0x4048, 2) == [0, 12345]
    assert registers(sim, 0x4056, 2) == [0xFFFF, 0x10000 - 70]
    _, told = ask("read", *sim.where["net"], "energy.ep_imp", "energy.eq_net")
    assert [one["value"] for one in told["values"].values()] == [1234.5, -7.0]
    assert ask("set", *sim.where["net"], "clear_energy=act")[0] == 0
    assert registers(sim, 0x4048, 2) == [0, 0]


@pytest.mark.parametrize("way", WAYS)
def test_the_clock_is_shown_and_set(sim, ask, way):
    status, told = ask("clock", *sim.where[way], "--set", "2031-02-28T23:59:58")
    assert status == 0 and told["clock"].startswith("2031-02-28T23:59:5")
    sim.ask(cmd="advance", seconds=60)
    _, told = ask("clock", *sim.where[way])
    assert told["clock"].startswith("2031-03-01T00:0")
    assert registers(sim, 0x103F, 1) == [6]  # the first of March 2031 is a Saturday


def test_a_date_that_is_none(sim, run):
    with pytest.raises(SystemExit) as end:
        run("clock", *sim.where["net"], "--set", "2031-02-29T00:00:00")
    assert end.value.code == 2


def test_now_is_set_as_a_second_begins():
    slept = []
    written = []
    link = SimpleNamespace(write=lambda address, words: written.append((address, tuple(words))))
    entries = {448 + n: SimpleNamespace(address=0x103F + n) for n in range(7)}
    meter = SimpleNamespace(link=link, map=SimpleNamespace(by_point=entries))
    instant = datetime(2026, 12, 31, 23, 59, 59, 250_000)
    assert clock.set_to_now(meter, lambda: instant, slept.append) == datetime(2027, 1, 1)
    assert slept == [0.75] and written == [(0x1040, (2027, 1, 1, 0, 0, 0))]


def test_this_computers_time_is_set(sim, ask):
    status, told = ask("clock", *sim.where["net"], "--set", "now", "--utc")
    difference = datetime.fromisoformat(told["clock"]) - datetime.fromisoformat(told["computer"])
    assert status == 0 and abs(difference) < timedelta(minutes=2)


@pytest.mark.parametrize("way", WAYS)
def test_info(sim, ask, way):
    status, told = ask("info", *sim.where[way])
    assert status == 0 and told["model"] == "kw320"
    assert told["values"]["setting.baud_1"] == {"value": 19200, "unit": "baud", "address": 0x1002}


def test_scan_finds_who_answers(sim, ask, run):
    status, told = ask("scan", *sim.where["port"], "--units", "1-3")
    assert status == 0 and [one["unit"] for one in told["found"]] == [1]
    assert told["found"][0]["what"].startswith("frequency ")
    # on Modbus TCP there are no other units: exception 0B
    status, told = ask("scan", *sim.where["net"], "--units", "2-40,1")
    assert [one["unit"] for one in told["found"]] == [1]
    status, _, err = run("scan", *sim.where["net"], "--units", "2-9")
    assert status == 1 and "nobody answers" in err


@pytest.mark.parametrize(
    "words",
    [
        ["read", "v1"],
        ["read", "--net", "127.0.0.1:0", "v1"],
        ["read", "--tcp", "somewhere", "v1"],
        ["read", "--model", "a1000", "--net", "5020", "v1"],
        ["scan", "--net", "5020", "--units", "0-3"],
        ["scan", "--net", "5020", "--bauds", "9600"],
        ["scan", "--port", "x", "--bauds", "9600,y"],
    ],
)
def test_usage(run, words):
    status, out, err = run(*words)
    assert status == 2 and err.startswith(f"fourquad {words[0]}: ") and not out


def test_nobody_there(run, tmp_path):
    status, _, err = run("read", "--port", str(tmp_path / "none"), "v1")
    assert status == 1 and "cannot be opened" in err


def test_a_serial_port_by_its_url(sim, ask):
    """As `serial.serial_for_url` has them: socket:// here, rfc2217:// likewise."""
    status, told = ask("read", "--port", f"socket://{sim.where['tcp'][1]}", "v1")
    assert status == 0 and told["values"]["v1"]["value"] == pytest.approx(230.0, rel=1e-5)
