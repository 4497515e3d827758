"""The temperature's way to the gains: an LM75 on I2C, the job that reads it, the channels and readings."""

from __future__ import annotations

import importlib
import math
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from fourquad.device.temperature import Warmth
from fourquad.metering import calibration as cal

ROOT = Path(__file__).resolve().parents[3]


class Bus:
    """I2C with an LM75 at 48H; `raw` None: nobody acknowledges."""

    raw: bytes | None = b"\x17\x00"
    reads = 0

    def __init__(self, number: int) -> None:
        assert number == 2

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        Bus.reads += 1
        assert (address, register, len(buffer)) == (0x48, 0, 2)
        if Bus.raw is None:
            raise OSError(19)
        buffer[:] = Bus.raw


class Meter:
    """Only what the job sees of one."""

    def __init__(self, kelvin: int) -> None:
        from fourquad.metering.channels import Channel

        self.channels = [Channel("V", 1, 0.25), Channel("I", 1, 0.008)]
        self.calibration = cal.Calibration(self.channels)
        self.calibration.apply(cal.changed(cal.blank(2), 1, cal.TEMPERATURE, kelvin), "factory")
        self.changes = 0
        self.state = types.SimpleNamespace(temperature=None)

    def calibrate(self, record: Any, source: str, celsius: int) -> None:
        self.changes += 1
        self.calibration.apply(record, source, celsius)


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Any:
    machine, micropython = types.ModuleType("machine"), types.ModuleType("micropython")
    machine.I2C, machine.Pin = Bus, int  # type: ignore[attr-defined]
    micropython.const = lambda x: x  # type: ignore[attr-defined]
    for name in [n for n in sys.modules if n.split(".")[0] == "drivers"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.setitem(sys.modules, "micropython", micropython)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    Bus.raw, Bus.reads = b"\x17\x00", 0
    yield importlib.import_module("drivers.lm75").Lm75, Warmth
    for name in [n for n in sys.modules if n.split(".")[0] == "drivers"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("raw", "celsius"),
    # table 6 of the LM75's datasheet, and halves
    [("7d00", 125), ("1900", 25), ("0080", 0.5), ("0000", 0), ("ff80", -0.5), ("e700", -25)]
    + [("c900", -55), ("1780", 23.5), ("1760", 23.375), ("8000", None), ("7fff", None), (None, None)],
)
def test_degrees(modules: Any, raw: str | None, celsius: float | None) -> None:
    sensor = modules[0](2)
    Bus.raw = bytes.fromhex(raw) if raw else None
    assert sensor.celsius() == celsius


def test_gain_follows_the_temperature(modules: Any) -> None:
    meter = Meter(100)
    job = modules[1](meter, modules[0](2))
    assert job.work(0) == 10000 and meter.changes == 0  # 23 degrees, as calibrated
    Bus.raw = b"\x2b\x00"  # 43 degrees
    assert job.work(10000) == 10000 and meter.changes == 1
    assert meter.channels[1].gain == pytest.approx(0.008 * 1.002)
    assert meter.channels[0].gain == 0.25
    assert meter.calibration.source == "factory"
    # a new record is taken over at the temperature that there is
    meter.calibration.apply(cal.changed(meter.calibration.record, 1, cal.GAIN, 500))
    assert meter.channels[1].gain == pytest.approx(0.008 * 1.0025)
    Bus.raw = b"\x03\x00"
    job.work(20000)
    assert meter.channels[1].gain == pytest.approx(0.008 * (1 + 500e-6 - 2000e-6))


def test_only_what_is_worth_it(modules: Any) -> None:
    meter = Meter(20)
    job = modules[1](meter, modules[0](2))
    Bus.raw = b"\x19\x00"  # 2 kelvin, 40 ppm
    assert job.work(0) == 10000 and meter.changes == 0
    Bus.raw = b"\x1a\x00"
    assert job.work(10000) == 10000 and meter.changes == 1
    Bus.raw = None  # the sensor is lost: the last temperature stays
    assert job.work(20000) == 10000 and meter.changes == 1
    assert meter.calibration.celsius == 26


def test_without_coefficients_no_gain_follows(modules: Any) -> None:
    meter = Meter(0)
    job = modules[1](meter, modules[0](2))
    Bus.raw = b"\x7d\x00"
    job.work(0)
    assert Bus.reads == 1 and meter.changes == 0


def test_the_meter_shows_it(modules: Any) -> None:
    meter = Meter(100)
    job = modules[1](meter, modules[0](2))
    Bus.raw = b"\x1a\x80"
    job.work(0)
    assert meter.state.temperature == 26.5
    Bus.raw = None
    job.work(10000)
    assert math.isnan(meter.state.temperature)


class Converter:
    """machine.ADC of the RP2040, with what its fifth input says at 27 degrees and 8.61 mV less."""

    CORE_TEMP = 4
    volts = 0.706

    def __init__(self, number: int) -> None:
        assert number == 4

    def read_u16(self) -> int:
        return round(Converter.volts / 3.3 * 65535)


def test_a_chips_own_thermometer_moves_no_gain(modules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["machine"], "ADC", Converter, raising=False)
    monkeypatch.syspath_prepend(str(ROOT / "firmware" / "rp2"))
    for name in [n for n in sys.modules if n.split(".")[0] == "chip"]:
        monkeypatch.delitem(sys.modules, name)
    die = importlib.import_module("chip.die").Die()
    meter = Meter(100)
    job = modules[1](meter, die)
    # datasheet of the RP2040, 4.9.5: 0.706 V at 27 degrees, 1.721 mV less a kelvin
    for volts, celsius in ((0.706, 27.0), (0.706 - 0.001721 * 50, 77.0), (0.706 + 0.001721 * 47, -20.0)):
        Converter.volts = volts
        assert job.work(0) == 10000
        assert meter.state.temperature == pytest.approx(celsius, abs=0.02)
    assert meter.changes == 0
