"""What the utility says of an AcuRev 1312 in the simulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rig import LOAD, Sim

MODEL = ("--model", "acurev1312")


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    meter = Sim(tmp_path_factory.mktemp("acurev"), model="acurev1312", ports=("rs485",))
    yield meter
    meter.close()


def test_info_has_the_faults_of_the_wiring_in_words(sim, ask):
    # the third phase of this load exports
    sim.ask(cmd="advance", seconds=25)
    status, told = ask("info", *MODEL, *sim.where["net"])
    assert status == 0 and told["wiring"] == ["I3: the transformer is reversed"]
    first, second, _ = LOAD["phases"]
    sim.ask(cmd="load", load={**LOAD, "phases": [first, second, {**second, "amps": 0.0}]})
    sim.ask(cmd="advance", seconds=25)
    assert ask("info", *MODEL, *sim.where["net"])[1]["wiring"] == ["I3: no current"]
    sim.ask(cmd="load", load={**LOAD, "phases": [first, second, second]})
    sim.ask(cmd="advance", seconds=25)
    assert ask("info", *MODEL, *sim.where["net"])[1]["wiring"] == []
    status, told = ask("read", *MODEL, *sim.where["net"], "0x0100")
    assert status == 0 and [one["value"] for one in told["values"].values()] == [0]


def test_events_are_what_happened(sim, ask):
    link = sim.where["net"]
    names = ("alarms", "demands", "program", "cover")
    for name in names[:2] + names[3:]:
        assert ask("events", *MODEL, *link, name)[1]["events"] == {name: []}
    sim.ask(cmd="cover", open=True)
    sim.ask(cmd="advance", seconds=2)
    sim.ask(cmd="cover", open=False)
    first, second, _ = LOAD["phases"]
    sim.ask(cmd="load", load={**LOAD, "phases": [{**first, "volts": 300.0}, second, second]})
    sim.ask(cmd="advance", seconds=3)
    sim.ask(cmd="load", load={**LOAD, "phases": [first, second, second]})
    sim.ask(cmd="advance", seconds=3)
    assert ask("set", *MODEL, *link, "demand_window=20")[0] == 0
    # a cut without a warning, a second later
    sim.ask(cmd="advance", seconds=1)
    sim.ask(cmd="power", on=False, warning=False)
    sim.ask(cmd="power", on=True)
    sim.ask(cmd="advance", seconds=3)
    status, told = ask("events", *MODEL, *link)
    assert status == 0 and list(told["events"]) == list(names)
    events = told["events"]
    assert [one["what"] for one in events["cover"]] == ["opened", "closed"]
    assert all(one["time"].startswith("2026-01-01T00:0") for one in events["cover"])
    assert [(one["what"], one["of"], one["unit"]) for one in events["alarms"]] == [
        ("over range", "voltage A", "V"),
        ("back in range", "voltage A", "V"),
    ]
    assert all(one["value"] == pytest.approx(300.0, abs=0.1) for one in events["alarms"])
    last = events["program"][-1]
    assert (last["what"], last["of"], last["value"], last["unit"]) == (
        "setting",
        "Demand interval",
        20,
        "min",
    )


def test_choices_have_the_words_of_their_registers(sim, ask, run):
    """Inside the meter has other codes: in 0204H 0 is sliding, in 0210H 0 is the primary side."""
    link = sim.where["net"]
    about = run("info", *MODEL, *link)[1]
    assert "0 (primary)" in about and "0 (sliding)" in about
    for word, code in (("rolling", 2), ("thermal", 3), ("fixed", 1), ("sliding", 0)):
        assert ask("set", *MODEL, *link, f"demand_mode={word}")[0] == 0
        assert ask("read", *MODEL, *link, "0x0204:1")[1]["values"]["0204H"]["value"] == code
    assert ask("set", *MODEL, *link, "wiring_u=2LL")[0] == 0
    assert "1 (2LL)" in run("read", *MODEL, *link, "wiring_u")[1]
    log = ask("events", *MODEL, *link, "program")[1]["events"]["program"]
    mine = [(one["of"], one["value"]) for one in log if one["of"] in ("Demand method", "Wiring")]
    assert mine == [
        ("Demand method", 2),
        ("Demand method", 3),
        ("Demand method", 1),
        ("Demand method", 0),
        ("Wiring", 1),
    ]
    assert ask("set", *MODEL, *link, "wiring_u=3LN")[0] == 0


def test_months_are_consumptions_by_tariff(sim, ask, run):
    link = sim.where["net"]
    assert ask("set", *MODEL, *link, "permission=0")[0] == 0
    # months of the manual's worked example, and two before it
    wishes = {"this_month": (1.27, 1.0, 0.27), "last_month": (3.5, 3.5, 0), "the_month_before": (9, 0, 9)}
    for month, values in wishes.items():
        names = ("total", "tariff_1", "tariff_2")
        texts = [
            f"consumption_of_{month}_{name}={value}kWh" for name, value in zip(names, values, strict=True)
        ]
        for text in texts:
            assert ask("set", *MODEL, *link, text)[0] == 0, text
    status, told = ask("months", *MODEL, *link)
    assert status == 0 and [one["month"] for one in told["months"]] == ["2026-01", "2025-12", "2025-11"]
    for one, values in zip(told["months"], wishes.values(), strict=True):
        assert list(one["used"].values()) == [*values, 0, 0]
    line = run("months", *MODEL, *link)[1].splitlines()[1]
    assert line.split() == ["2026-01", "1.27", "1", "0.27", "0", "0"]
    assert run("months", *MODEL, *link, "ep_imp")[0] == 2
