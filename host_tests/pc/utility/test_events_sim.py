"""`fourquad events` against the simulator: what it made happen is what is told."""

from __future__ import annotations


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
