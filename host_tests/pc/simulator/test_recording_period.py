"""A recording's period comes from its signal (F6), also with harmonics, noise and a frequency that moves."""

import asyncio

import numpy as np
import pytest
from comtrade_writer import Recorder

from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.plant.recording import Recording
from fourquad_tools.plant.timebase import fundamental
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage


@pytest.mark.parametrize("hertz", [16.7, 49.8, 50.02, 60.0, 400.0])
@pytest.mark.parametrize("samples", [16, 33, 256])
@pytest.mark.parametrize("cycles", [2.3, 5.5, 12.2, 300])
def test_frequency_of_a_dirty_wave(hertz, samples, cycles):
    rate = hertz * samples
    t = np.arange(int(cycles * samples)) / rate
    turn = 2 * np.pi * hertz * t
    wave = np.sin(turn + 0.7) + 0.05 * np.sin(5 * turn + 1) + 0.03 * np.sin(3 * turn) + 0.1
    wave += np.random.default_rng(1).normal(0, 0.004, len(t))
    assert fundamental(wave, rate) == pytest.approx(hertz, rel=1e-3 if cycles < 10 else 1e-4)


def test_a_frequency_that_moves_joins_as_well():
    """49.8 to 50.0 Hz within 10 s: where it begins again its phase goes on."""
    rate = 6400
    t = np.arange(64_000) / rate
    data = np.zeros((len(t), 6))
    data[:, 0] = 325.0 * np.sin(2 * np.pi * (49.8 * t + 0.01 * t * t))
    hertz = fundamental(data[:, 0], rate)
    assert hertz == pytest.approx(49.9, abs=1e-3)
    wave = Recording(data, rate, hertz).sample(np.arange(0, 20.0, 1 / rate))[:, 0]
    assert np.abs(np.diff(wave)).max() < 1.002 * 325.0 * 2 * np.pi * 50.0 / rate


def test_less_than_two_cycles_take_the_frequency_of_the_file():
    t = np.arange(70) / 3200
    wave = np.sin(2 * np.pi * 50.0 * t) + 0.05 * np.sin(2 * np.pi * 250.0 * t)
    assert fundamental(wave, 3200, 50.0) == 50.0
    assert fundamental(wave, 3200) == pytest.approx(50.0, rel=0.01)


def test_the_meter_reads_a_steady_49_8_hz_though_the_file_says_50(tmp_path):
    """As the report had it: F wandered from 49.732 to 49.803 Hz, V from 229.80 to 230.06 V."""
    path = Recorder(hertz=49.8, nominal="50", count=3200).write(tmp_path)
    simulator = Simulator(model("kw320"), *plant_from_file(path), Storage(None), 1_767_225_600.0)
    simulator.warm_up()
    assert simulator.plant.truth(1.0)["frequency"] == pytest.approx(49.8, abs=1e-3)
    for _ in range(10):
        asyncio.run(simulator.advance(0.7))
        points = {name: value for name, value, _ in simulator.readings()}
        assert points["primary.frequency"] == pytest.approx(49.8, abs=0.003)
        assert points["primary.v1"] == pytest.approx(230.0, abs=0.02)
