"""The SunSpec map of the AcuRev 1312, scanned and read by pysunspec2 over TCP and over the serial port."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator
from typing import Any

import pytest
from masters import PyModbus, Sim
from simulated import PATIENCE_S
from sunspec2.modbus.client import SunSpecModbusClientDeviceRTU, SunSpecModbusClientDeviceTCP

BASE = 0x1000
LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 5.0, "lag": 30.0},
        {"volts": 231.0, "amps": 4.0, "lag": -20.0},
        {"volts": 229.0, "amps": 3.0, "lag": 150.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}
WIRINGS = {0: 203, 1: 204, 2: 202, 3: 201}  # codes of 0211H


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    folder = tmp_path_factory.mktemp("sunspec")
    meter = Sim(folder, model="acurev1312", ports=("rs485",), nets=("modbus",), load=LOAD)
    yield meter
    meter.close()


@pytest.fixture(params=["tcp", "serial"])
def device(request: pytest.FixtureRequest, sim: Sim) -> Iterator[Any]:
    if request.param == "tcp":
        found = SunSpecModbusClientDeviceTCP(1, "127.0.0.1", sim.net["modbus"], timeout=PATIENCE_S)
    else:
        found = SunSpecModbusClientDeviceRTU(1, str(sim.pty["rs485"]), baudrate=19200, timeout=PATIENCE_S)
    found.base_addr_list = [BASE]
    yield found
    found.close()


def values(model: Any) -> dict[str, Any]:
    """Its points, with their scale factors; None for what is not implemented."""
    return {name: point.cvalue for name, point in model.points.items()}


def test_it_is_found_and_says_who_it_is(device: Any) -> None:
    device.scan()
    assert set(device.models) == {1, "common", 203, "ac_meter_wye"} or set(device.models) >= {1, 203}
    common = values(device.models[1][0])
    assert (common["Mn"], common["Md"], common["Vr"]) == ("Fourquad", "acurev1312", "1.00")
    assert common["DA"] == 1 and common["L"] == 65
    assert values(device.models[203][0])["L"] == 105


def test_a_star_reads_the_truth(sim: Sim, device: Any) -> None:
    sim.ask({"cmd": "advance", "seconds": 600})
    truth = sim.ask({"cmd": "truth"})
    device.scan()
    found = values(device.models[203][0])
    phases = truth["phases"]
    watts = [phase["active"] if "active" in phase else phase["p"] for phase in phases]
    for i, name in enumerate("ABC"):
        volts, amps = LOAD["phases"][i]["volts"], LOAD["phases"][i]["amps"]  # type: ignore[index]
        assert found[f"PhVph{name}"] == pytest.approx(volts, abs=0.06)
        assert found[f"Aph{name}"] == pytest.approx(amps, abs=0.006)
        assert found[f"Wph{name}"] == pytest.approx(watts[i], abs=1)
        assert found[f"VAph{name}"] == pytest.approx(volts * amps, abs=1)
    assert found["A"] == pytest.approx(12.0, abs=0.006)
    assert found["Hz"] == pytest.approx(50.0, abs=0.01)
    assert found["W"] == pytest.approx(sum(watts), abs=1)
    assert found["PFphA"] == pytest.approx(0.866, abs=0.001)
    # phase C exports, the others import; what is not accumulated is None
    assert found["TotWhImpPhA"] > 0 and found["TotWhImpPhB"] > 0 and found["TotWhImpPhC"] is None
    assert found["TotWhExpPhC"] > 0 and found["TotWhExpPhA"] is None
    assert found["TotVAhExp"] is None and found["TotVAhImp"] > 0
    # the same energies as in the meter's own registers, of 0.01 kWh
    master = PyModbus(str(sim.pty["rs485"]), 1)
    words = master.read(0x204E, 8)
    master.close()
    own = [10 * (words[i] << 16 | words[i + 1]) for i in range(0, 8, 2)]
    assert [found[f"TotWhImp{which}"] or 0 for which in ("", "PhA", "PhB", "PhC")] == pytest.approx(
        own, abs=30
    )


@pytest.mark.parametrize("code", sorted(WIRINGS))
def test_each_wiring_is_a_model_of_its_own(sim: Sim, code: int) -> None:
    master = PyModbus(str(sim.pty["rs485"]), 1)
    master.write_one(0x0211, code)
    sim.ask({"cmd": "advance", "seconds": 5})
    device = SunSpecModbusClientDeviceTCP(1, "127.0.0.1", sim.net["modbus"], timeout=PATIENCE_S)
    device.base_addr_list = [BASE]
    device.scan()
    number = WIRINGS[code]
    assert number in device.models
    found = values(device.models[number][0])
    device.close()
    master.write_one(0x0211, 0)
    master.close()
    delta, one = number == 204, number == 201
    assert (found["PhVphA"] is None) == delta and (found.get("PhVphBC") is None) == (number in (201, 202))
    assert (found["AphC"] is None) == (number in (201, 202)) and (found["WphB"] is None) == (delta or one)
    for name, value in truth(number).items():
        # steps of the scale factors: 0.1 V, 0.01 A, 1 W (var, VA), and 2e-4 of the largest
        step = {"P": 0.1, "A": 0.01, "H": 0.01}.get(name[0], 1)
        assert found[name] == pytest.approx(value, abs=0.51 * step + 2e-4 * abs(value)), name


def truth(number: int) -> dict[str, float]:
    """Points of a model by the phasors of LOAD."""
    volts, amps = [], []
    for k, phase in enumerate(LOAD["phases"]):  # type: ignore[arg-type,var-annotated]
        angle = math.radians(-120 * k)
        volts.append(cmath.rect(phase["volts"], angle))
        amps.append(cmath.rect(phase["amps"], angle - math.radians(phase["lag"])))
    points = {"Hz": 50.0}
    if number == 204:
        # two transformers: what flows in B comes back through A and C
        ab, bc, ca = (volts[k] - volts[(k + 1) % 3] for k in range(3))
        power = ab * amps[0].conjugate() - bc * amps[2].conjugate()
        amps[1] = -(amps[0] + amps[2])
        points |= {"PhVphAB": abs(ab), "PhVphBC": abs(bc), "PhVphCA": abs(ca)}
    else:
        phases = {201: 1, 202: 2, 203: 3}[number]
        volts, amps = volts[:phases], amps[:phases]
        each = [v * i.conjugate() for v, i in zip(volts, amps, strict=True)]
        power = sum(each)
        for name, v, s in zip("ABC", volts, each, strict=False):
            points |= {f"PhVph{name}": abs(v)}
            if phases > 1:
                points |= {f"Wph{name}": s.real, f"VARph{name}": s.imag, f"VAph{name}": abs(s)}
        points |= {"PhV": sum(map(abs, volts)) / phases}
    points |= {f"Aph{name}": abs(i) for name, i in zip("ABC", amps, strict=False)}
    return points | {"A": sum(map(abs, amps)), "W": power.real, "VAR": power.imag}


def test_it_cannot_be_written(sim: Sim) -> None:
    from masters import Refused

    master = PyModbus(str(sim.pty["rs485"]), 1)
    before = master.read(BASE, 71)
    for address in (BASE, BASE + 68, BASE + 100, BASE + 177):
        with pytest.raises(Refused) as refused:
            master.write_one(address, 1)
        assert refused.value.code == 2
    assert master.read(BASE, 71) == before
    with pytest.raises(Refused):
        master.read(BASE + 177, 2)
    master.close()
