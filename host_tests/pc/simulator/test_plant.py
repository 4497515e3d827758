"""The load: what JSON it takes and refuses, and that the plant makes what its truth says."""

import itertools
import json
import math

import numpy as np
import pytest

from fourquad_tools.plant.demo import demo
from fourquad_tools.plant.generator import Sines
from fourquad_tools.plant.load import LoadError, parse_load
from fourquad_tools.plant.plants import plant_from_file

PHASE = {"volts": 230.0, "amps": 5.0, "lag": 30.0}


def times(seconds, start=0.0, rate=6400):
    return start + np.arange(round(seconds * rate)) / rate


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "load"),
        ({}, "phases"),
        ({"phases": {}}, "phases"),
        ({"phases": [{}] * 4}, "phases"),
        ({"phases": [{"volt": 1}]}, "'volt'"),
        ({"phases": [{"volts": "230"}]}, "phases[0].volts"),
        ({"phases": [{}, {"amps": -1}]}, "phases[1].amps"),
        ({"phases": [{"lag": True}]}, "phases[0].lag"),
        ({"phases": [{"lag": math.nan}]}, "phases[0].lag"),
        ({"phases": [{"volt_harmonics": {"1": [0.1, 0]}}]}, "volt_harmonics"),
        ({"phases": [{"volt_harmonics": {"64": [0.1, 0]}}]}, "volt_harmonics"),
        ({"phases": [{"amp_harmonics": {"5": [0.1]}}]}, "amp_harmonics.5"),
        ({"phases": [{"amp_harmonics": {"5": [0.1, "x"]}}]}, "amp_harmonics.5[1]"),
        ({"phases": [], "frequency": 0}, "frequency"),
        ({"phases": [], "frequency": None}, "frequency"),
        ({"phases": [], "adc": "8bit"}, "adc"),
        ({"phases": [], "noise": -0.1}, "noise"),
        ({"phases": [], "circuits": {}}, "circuits"),
        ({"phases": [], "circuits": [{}] * 19}, "19 circuits"),
        ({"phases": [], "circuits": [{}, {"amps": -1}]}, "circuits[1].amps"),
        ({"phases": [], "circuits": [{"volts": 1}]}, "'volts'"),
        ({"phases": [], "timeline": [{"at": 1, "circuits": [{"lag": "x"}]}]}, "timeline[0].circuits[0].lag"),
        ({"phases": [], "timeline": {}}, "timeline"),
        ({"phases": [], "timeline": [{}]}, "timeline[0]"),
        ({"phases": [], "timeline": [{"at": 2}, {"at": 1}]}, "timeline[1].at"),
        ({"phases": [], "timeline": [{"at": 1, "phases": [{"volts": []}]}]}, "timeline[0].phases[0].volts"),
    ],
)
def test_wrong_load_names_the_field(data, field):
    with pytest.raises(LoadError) as error:
        parse_load(data)
    assert field in str(error.value)


def test_load_file_errors_name_the_file(tmp_path):
    file = tmp_path / "load.json"
    file.write_text('{"phases": [\n}')
    with pytest.raises(LoadError, match=r"load\.json: line 2"):
        plant_from_file(str(file))
    file.write_text(json.dumps({"phases": [{"volts": -1}]}))
    with pytest.raises(LoadError, match=r"load\.json: phases\[0\]\.volts"):
        plant_from_file(str(file))
    with pytest.raises(LoadError, match=r"none\.json: No such file"):
        plant_from_file(str(tmp_path / "none.json"))


def test_a_phase_left_out_is_dead():
    wave = Sines(parse_load({"phases": [PHASE]})).sample(times(0.02))
    assert np.allclose(wave[:, [1, 2, 4, 5]], 0.0)


def test_lag_and_order_of_phases():
    wave = Sines(parse_load({"phases": [PHASE] * 3})).sample(times(0.02))
    turn = np.exp(-2j * np.pi * 50 * times(0.02))
    phasors = (wave * turn[:, None]).mean(axis=0)
    angles = np.degrees(np.angle(phasors / phasors[0]))
    assert np.allclose(angles, [0, -120, 120, -30, -150, 90])


def test_truth_is_what_is_made():
    phase = {
        **PHASE,
        "lag": 40.0,
        "volt_harmonics": {"5": [0.1, 30.0], "63": [0.02, 5.0]},
        "amp_harmonics": {"3": [0.2, 10.0], "5": [0.3, 77.0]},
    }
    plant = Sines(parse_load({"phases": [phase, PHASE, {"volts": 231, "amps": 3, "lag": 170}]}))
    t = times(1.0, rate=25600)
    wave = plant.sample(t)
    truth = plant.truth(0.0)
    for i, p in enumerate(truth["phases"]):
        assert np.sqrt((wave[:, i] ** 2).mean()) == pytest.approx(p["volts"], rel=1e-9)
        assert np.sqrt((wave[:, i + 3] ** 2).mean()) == pytest.approx(p["amps"], rel=1e-9)
        assert (wave[:, i] * wave[:, i + 3]).mean() == pytest.approx(p["active"], rel=1e-9)
    assert np.sqrt((wave[:, 3:].sum(axis=1) ** 2).mean()) == pytest.approx(truth["neutral_amps"], rel=1e-9)
    assert truth["phases"][2]["active"] < 0


def test_timeline_changes_on_the_instant_and_merges():
    data = {
        "phases": [PHASE] * 3,
        "timeline": [
            {"at": 0.5, "phases": [{"volts": 120.0}, {}, {}]},
            {"at": 0.7, "phases": [{}, {"amps": 1.0}], "frequency": 51.0},
        ],
    }
    plant = Sines(parse_load(data), connected=10.0)
    wave = plant.sample(times(1.0, 10.0))
    assert np.abs(wave[:3200, 0]).max() == pytest.approx(230 * 2**0.5, rel=1e-3)
    assert np.abs(wave[3200:, 0]).max() == pytest.approx(120 * 2**0.5, rel=1e-3)
    assert plant.frequency(10.69) == 50.0
    assert plant.frequency(10.7) == 51.0
    late = plant.truth(11.0)
    assert [p["volts"] for p in late["phases"]] == [120.0, 230.0, 230.0]
    assert [p["amps"] for p in late["phases"]] == [5.0, 1.0, 5.0]
    # no jump at the change of frequency: the second voltage moves less than a sine's steepest step
    assert np.abs(np.diff(wave[:, 1])).max() < 230 * 2**0.5 * 2 * np.pi * 51 / 6400


def test_pieces_join():
    data = {"phases": [PHASE] * 3, "timeline": [{"at": 0.123, "frequency": 49.0}]}
    whole = Sines(parse_load(data)).sample(times(0.4))
    plant = Sines(parse_load(data))
    parts = []
    for chunk in np.array_split(times(0.4), 7):
        parts.append(plant.sample(chunk))
        plant.forget(float(chunk[0]))
    assert np.allclose(np.concatenate(parts), whole, atol=1e-9)


def test_energy_of_the_truth():
    data = {
        "phases": [PHASE],
        "timeline": [{"at": 1800, "phases": [{"lag": 150.0}]}, {"at": 3600, "phases": [{"amps": 0.0}]}],
    }
    watts = 230 * 5 * math.cos(math.radians(30))
    for forget in (0.0, 2000.0, 5000.0):
        plant = Sines(parse_load(data))
        plant.truth(7200.0)
        plant.forget(forget)
        truth = plant.truth(7200.0)
        assert truth["import_wh"] == pytest.approx(watts / 2)
        assert truth["export_wh"] == pytest.approx(watts / 2)
        assert truth["import_varh"] == pytest.approx(230 * 5 * 0.5)


def test_circuits_take_the_volts_of_their_phase():
    data = {
        "phases": [{"volts": 230.0}, {"volts": 220.0}, {"volts": 210.0}],
        "circuits": [{"amps": 2.0}] * 9,
        "timeline": [{"at": 3600, "circuits": [{}, {"lag": 180.0}]}, {"at": 3600, "circuits": [{}] * 12}],
    }
    plant = Sines(parse_load(data))
    times = np.arange(0, 0.2, 1e-4)
    samples = plant.sample(times)
    assert samples.shape == (2000, 6 + 12) and not samples[:, 3:6].any() and not samples[:, 15:].any()
    truth = plant.truth(7200.0)["circuits"]
    assert [round(each["volts"]) for each in truth] == [230] * 3 + [220] * 3 + [210] * 3 + [230] * 3
    assert truth[1]["import_wh"] == pytest.approx(460) == truth[1]["export_wh"]
    assert truth[8]["import_wh"] == pytest.approx(840) and truth[9]["import_wh"] == 0.0
    # the current of circuit 5 is in phase with voltage B
    product = (samples[:, 1] * samples[:, 6 + 4]).mean()
    assert product == pytest.approx(440.0, rel=1e-6)


def test_demo_keeps_its_voltage_and_exports_now_and_then():
    plant = demo()
    powers = []
    for second in itertools.count():
        truth = plant.truth(float(second))
        plant.forget(float(second))
        for phase in truth["phases"]:
            assert abs(phase["volts"] - 230.0) < 0.05
            assert phase["amps"] < 1.2
        powers.append(truth["active"])
        if second == 400:
            break
    assert min(powers) < -100
    assert max(powers) > 300
    assert 0.05 < np.mean(np.array(powers) < 0) < 0.5
