"""`fourquad scan`: several meters on one line, and speeds."""

from __future__ import annotations

import pytest
from rig import Sim


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    units = ("--unit", "one,address=3", "--unit", "two,address=17", "--unit", "three,address=5,model=kw320q")
    sim = Sim(tmp_path_factory.mktemp("sim"), options=units)
    yield sim
    sim.close()


@pytest.mark.parametrize("way", ["port", "net"])
def test_several_meters_on_one_line(three, ask, way):
    """Over Modbus TCP the first meter answers an id that none has: those are left out."""
    units = "2-6,16-18" if way == "port" else "3,5,17"
    status, told = ask("scan", *three.where[way], "--units", units, "--timeout", "0.5")
    assert status == 0 and [one["unit"] for one in told["found"]] == [3, 5, 17]


def test_each_is_read_by_its_address(three, ask):
    for unit in (3, 5, 17):
        _, told = ask("read", *three.where["port"], "--address", str(unit), "setting.address_1", "v1")
        assert told["values"]["setting.address_1"]["value"] == unit
        assert told["values"]["v1"]["value"] == pytest.approx(230.0, rel=1e-4)


def test_speeds(three, ask, run):
    """A pseudo-terminal has no speed: the same meter is found at each."""
    words = ("scan", *three.where["port"], "--units", "3-4", "--timeout", "0.5")
    _, told = ask(*words, "--bauds", "9600,38400")
    assert [(one["unit"], one["baud"]) for one in told["found"]] == [(3, 9600), (3, 38400)]
    assert run(*words, "--bauds", "9600,x")[0] == 2
