"""A load beyond the converter is told in a line, once a load, and in the stats."""

import asyncio

import pytest

from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_225_600.0


def load(volts, amps, adc):
    return plant_from_json(
        {"phases": [{"volts": volts, "amps": amps}, {"volts": 230, "amps": 1}], "adc": adc}
    )


@pytest.mark.parametrize("adc", ["12bit", "16bit", "24bit"])
def test_once_a_load(adc):
    lines = []
    simulator = Simulator(model("kw320"), *load(230, 1, adc), Storage(None), START)
    simulator.tell = lines.append
    simulator.warm_up()
    assert lines == []
    # 1200 V and 15 A peak are 848.5 V and 10.6 A RMS
    for n, (volts, amps, where) in enumerate(
        [(860, 1, "V1"), (230, 11, "I1"), (840, 10.5, ""), (860, 11, "V1, I1")]
    ):
        simulator.connect(*load(volts, amps, adc))
        lines.clear()
        before = simulator.front.clipped
        asyncio.run(simulator.advance(1.0))
        if not where:
            assert (lines, simulator.front.clipped) == ([], before)
            continue
        assert len(lines) == 1, n
        assert f"the load clips the {adc} converter at {where}: " in lines[0]
        assert "it ends at 1200 V and 15 A peak" in lines[0]
        assert lines[0].endswith(simulator.stats()["warnings"][-1])
        assert simulator.stats()["clipped"] > before
    assert len(simulator.stats()["warnings"]) == 3
