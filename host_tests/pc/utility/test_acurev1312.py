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
