"""Power profiles: what the meter measures at which hour, by its own clock."""

from __future__ import annotations

import asyncio
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourquad import points as p
from fourquad_tools.commands import Commands
from fourquad_tools.control import answer
from fourquad_tools.options import model
from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.plant.profile import parse_profile
from fourquad_tools.sim.presets import preset
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

NOON = 1_767_268_800.0  # 2026-01-01 12:00:00 UTC
TEXT = """\
# a house with panels on its roof
time,P1,P2,P3,PF1,PF2,PF3
06:00,100,200,0,1,0.8,1
12:00:30,-150,200,50,1,-0.8,0.5
18:00,10,20,30,1,1,1
"""


def simulator(tmp_path, text=TEXT, name="kw320", start=NOON):
    file = tmp_path / "profile.csv"
    file.write_text(text)
    plant, adc = plant_from_file(str(file), connected=1.5)
    made = Simulator(model(name), plant, adc, Storage(None), start)
    made.warm_up()
    return made


def run(sim, seconds):
    end = sim.now + seconds
    while sim.now < end:
        sim.step()


def powers(sim):
    """P1 P2 P3 and Q1 Q2 Q3 of the meter and of the truth."""
    read = sim.device.points.read
    shown = [read(p.SECONDARY + at) for at in (p.P1, p.P2, p.P3, p.Q1, p.Q2, p.Q3)]
    phases = sim.plant.truth(sim.now)["phases"]
    true = [phase["active"] for phase in phases] + [phase["reactive"] for phase in phases]
    assert shown == pytest.approx(true, rel=1e-3, abs=0.05)
    return shown


def test_the_rows_of_a_day(tmp_path):
    """P and Q = P tan(acos PF), with the sign of PF, on either side of a row's time."""
    sim = simulator(tmp_path)
    assert powers(sim) == pytest.approx([100, 200, 0, 0, 150, 0], rel=1e-3, abs=0.05)
    run(sim, 27.0)
    assert powers(sim)[0] == pytest.approx(100, rel=1e-3)
    run(sim, 6.0)
    q3 = 50 * math.sqrt(3)
    assert powers(sim) == pytest.approx([-150, 200, 50, 0, -150, q3], rel=1e-3, abs=0.05)
    assert sim.device.points.read(p.SECONDARY + p.V1) == pytest.approx(230.0, rel=1e-3)


def test_a_day_repeats(tmp_path):
    sim = simulator(tmp_path)
    seen = []

    async def go():
        for hours in (7, 8, 8, 1, 24):
            await sim.advance(hours * 3600, 1800)
            run(sim, 3)
            seen.append(round(powers(sim)[1]))

    # 19:00, 03:00 (the last row of the day before), 11:00, 12:00 and some seconds, a day later
    asyncio.run(go())
    assert seen == [20, 20, 200, 200, 200]
    assert [round(x) for x in powers(sim)[:3]] == [100, 200, 0]
    run(sim, 20)
    assert [round(x) for x in powers(sim)[:3]] == [-150, 200, 50]
    assert sim.plant.truth(sim.now)["phases"][0]["export_wh"] > 0


def test_energies_of_a_day_are_those_of_its_rows(tmp_path):
    text = "time;P1;V1\n" + "\n".join(f"{h:02d}:00;{100 * (h + 1)};2{h:02d},5" for h in range(24))
    sim = simulator(tmp_path, text)
    preset(sim.device, "energy_side", 1)
    before = sim.device.meter.energy.values[p.EP_IMP]
    asyncio.run(sim.advance(86400, 900))
    wh = sim.device.meter.energy.values[p.EP_IMP] - before
    assert wh == pytest.approx(sum(100 * (h + 1) for h in range(24)), rel=2e-3)
    truth = sim.plant.truth(sim.now)
    assert truth["import_wh"] == pytest.approx(30000, rel=1e-3)
    assert truth["phases"][0]["volts"] == pytest.approx(212.5)


@pytest.mark.parametrize("name", ["kw320", "a1000"])
def test_the_clock_is_the_meters(tmp_path, name):
    """Set to another hour the meter has that hour's load."""
    sim = simulator(tmp_path, name=name)
    assert round(powers(sim)[1]) == 200
    device = sim.device

    def set_hour(hour):
        assert device.points.write(p.STATE + p.HOUR, hour) == p.OK

    set_hour(20)
    run(sim, 3)
    assert round(powers(sim)[1]) == 20
    set_hour(7)
    run(sim, 3)
    assert round(powers(sim)[1]) == 200


def test_a_power_cut_does_not_change_the_hour(tmp_path):
    sim = simulator(tmp_path)
    sim.power_off()
    run(sim, 7200)
    assert sim.plant.truth(sim.now)["phases"][2]["active"] == pytest.approx(50)
    sim.power_on()
    run(sim, 3)
    assert [round(x) for x in powers(sim)[:3]] == [-150, 200, 50]


def test_by_command(tmp_path):
    sim = simulator(tmp_path)
    other = tmp_path / "other.csv"
    other.write_text("time\tp1\tFrequency\n00:00\t77\t60\n")
    run(sim, 1)
    reply = asyncio.run(answer(Commands(sim), json.dumps({"cmd": "load", "file": str(other)}).encode()))
    assert reply == {"ok": True, "taken": ["a profile of 1 rows, repeated daily by the meter's clock"]}
    run(sim, 3)
    assert powers(sim)[:3] == pytest.approx([77, 0, 0], rel=1e-3, abs=0.05)
    assert sim.plant.frequency(sim.now) == 60


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("time,P1\n", "no row"),
        ("P1,PF1\n1,1\n", 'the heading needs "time"'),
        ("time,P1,X\n00:00,1,1\n", "unknown column 'X'"),
        ("time,P1,p1\n00:00,1,1\n", "two columns 'P1'"),
        ("time,P1\n00:00,1,1\n", "row 2 has 3 values, the heading 2"),
        ("time,P1\n24:00,1\n", "row 2: '24:00' is no time from 00:00 to 23:59:59"),
        ("time,P1\n0.5,1\n", "'0.5' is no time"),
        ("time,P1\n01:00,1\n01:00,1\n", "row 3: its time is not after that of the row above"),
        ("time,P1\n00:00,x\n", "row 2: P1: 'x' is no number from -1e+07 to 1e+07"),
        ("time,P1\n00:00,\n", "row 2: P1: '' is no number"),
        ("time,P1\n00:00,1e9\n", "row 2: P1: '1e9' is no number"),
        ("time,P1,PF1\n00:00,1,1.1\n", "PF1: '1.1' is no number from -1 to 1"),
        ("time,P1,PF1\n00:00,1,0\n", "row 2: P1 is 1 W with PF1 0"),
        ("time,P1,V1\n00:00,1,0\n", "row 2: P1 is 1 W with V1 0"),
        ("time,P1,PF1\n00:00,1e7,1e-9\n", "row 2: P1 and PF1 make "),
        ("time,P1,frequency\n00:00,1,0\n", "FREQUENCY: '0' is no number"),
    ],
)
def test_what_is_no_profile(tmp_path, text, error):
    file = tmp_path / "x.csv"
    file.write_text(text)
    with pytest.raises(LoadError) as caught:
        plant_from_file(str(file))
    assert str(caught.value).startswith(f"{file}: ") and error in str(caught.value)


def test_no_power_needs_no_voltage_and_no_factor():
    ((at, state),) = parse_profile(b"time,P1,V1,PF1\n05:06:07,0,0,0\n")
    assert at == 5 * 3600 + 6 * 60 + 7
    assert state.phases[0].amps == 0 and state.phases[0].volts == 0 and state.phases[1].volts == 230


CELL = st.sampled_from(["0", "1", "-1", "0.5", "", "x", "nan", "inf", "1e9", "00:00", "12:00", "9" * 400])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["time", "P1", "PF1", "V1", "frequency", "x"]), max_size=5),
    st.lists(st.lists(CELL, max_size=5), max_size=4),
    st.sampled_from(",;\t"),
)
def test_any_text(names, rows, separator):
    text = "\n".join(separator.join(row) for row in [["P2", *names], *rows])
    try:
        made = parse_profile(text.encode())
    except LoadError as error:
        assert "\n" not in str(error)
        return
    for _, state in made:
        assert all(math.isfinite(phase.amps) and math.isfinite(phase.lag) for phase in state.phases)
