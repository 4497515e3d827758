"""`fourquad events` against the simulator: what it made happen is what is told."""

from __future__ import annotations

from rig import LOAD


def test_inputs_that_change_are_a_sequence_of_events(sim, ask):
    assert ask("set", *sim.where["net"], "soe_module=IO11")[0] == 0
    sim.ask(cmd="advance", seconds=1)
    for n, value in ((1, 1), (3, 1), (1, 0)):
        sim.ask(cmd="input", n=n, value=value)
        sim.ask(cmd="advance", seconds=1)
    for way in ("port", "net"):
        status, told = ask("events", "soe", *sim.where[way])
        events = told["events"]["soe"]
        assert status == 0 and [one["inputs"] for one in events] == ["000001", "000101", "000100"]
        assert {one["module"] for one in events} == {"IO11"}
        times = [one["time"] for one in events]
        assert times == sorted(times) and times[0].startswith("2026-01-01T00:00:")
    # the number of the newest (1033H) is that of the last of them
    assert (
        events[-1]["number"]
        == ask("read", *sim.where["net"], "0x1033")[1]["values"]["state.soe_number"]["value"]
    )


def test_an_alarm_and_its_recovery(sim, ask):
    """Manual 4.4: V1 below 200.0 V; the set point is in 0.1 V."""
    wishes = [
        "alarm1_code=1",
        "alarm1_comparison=less",
        "alarm1_set_point=2000",
        "alarm_channels=1",
        "alarm_on=1",
    ]
    assert ask("set", *sim.where["net"], *wishes)[0] == 0
    low = {**LOAD, "phases": [{"volts": 190.0}, *LOAD["phases"][1:]]}
    for load in (low, LOAD):
        sim.ask(cmd="load", load=load)
        sim.ask(cmd="advance", seconds=2)
    for way in ("tcp", "net"):
        status, told = ask("events", "alarms", *sim.where[way])
        began, ended = told["events"]["alarms"]
        assert status == 0 and (began["what"], began["unit"], began["state"]) == ("V1", "V", "alarm")
        # the window in which it happens has some of both
        assert 189.9 < began["value"] < 200 <= ended["value"] < 230.1
        assert ended["state"] == "recovered" and began["time"] < ended["time"] and not began["pair"]
    assert ask("read", *sim.where["net"], "0x1032")[1]["values"]["state.alarm_number"]["value"] == 2
