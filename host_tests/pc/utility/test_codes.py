"""`info`, `read`, `clock`, `config export` of an a1000, over its serial port and over TCP."""

from __future__ import annotations

import random

import pytest
from rig import Sim

from fourquad.models.a1000 import obis
from fourquad_tools.utility import code_link, codes
from fourquad_tools.utility.errors import UtilityError

LOAD = {
    "frequency": 50.0,
    "phases": [{"volts": 230.0 + k, "amps": 2.0, "lag": 60.0} for k in range(3)],
    "adc": "ideal",
}
MODEL = ("--model", "a1000")
WAYS = [("port", ()), ("tcp", ("--number", "1"))]  # the optical port answers anybody, rs485 its number


@pytest.fixture(scope="module")
def meter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a1000")
    sim = Sim(folder, "a1000", LOAD, ("--instant-lines", "--speed", "8"), ("optical", "rs485"), ())
    yield sim
    sim.close()


@pytest.mark.parametrize(("way", "number"), WAYS)
def test_readings_by_code(meter, ask, way, number):
    status, told = ask("read", *MODEL, *meter.where[way], *number, "32.7.0", "52.7.0", "16.7.0", "0.0.0")
    assert status == 0
    values = told["values"]
    assert values["32.7.0"] == {"value": 230.0, "unit": "V"} and values["52.7.0"]["value"] == 231.0
    assert values["16.7.0"] == {
        "value": pytest.approx(0.693, abs=5e-4),
        "unit": "kW",
    }  # 3 x 231 V x 2 A x 0.5
    assert values["0.0.0"]["value"] == "000000000001"


def test_the_readout(meter, ask):
    """Appendix A: 90 codes in its order."""
    _, told = ask("read", *MODEL, *meter.where["port"])
    assert list(told["values"]) == list(obis.READOUT) and len(obis.READOUT) == 90
    assert told["values"]["1.8.0"]["unit"] == "kWh"


def test_a_code_that_is_not_there(meter, run):
    status, _, err = run("read", *MODEL, *meter.where["port"], "9.9.9")
    assert status == 1 and "(ER02 CODE)" in err


def test_info(meter, ask):
    _, told = ask("info", *MODEL, *meter.where["port"])
    assert told["identification"] == "/FQD5A1000V01" and told["values"]["14.7.0"]["value"] == 50.0


@pytest.mark.parametrize(("way", "number"), WAYS)
def test_the_clock(meter, ask, run, way, number):
    words = (*MODEL, *meter.where[way], *number)
    status, told = ask("clock", *words, "--set", "2026-01-20T04:05:06")
    assert status == 0 and told["clock"].startswith("2026-01-20T04:0")
    status, _, err = run("clock", *words, "--set", "2026-01-21T00:00:00", "--password", "11111111")
    assert status == 1 and "(ER05 PASSWORD)" in err
    assert ask("clock", *words)[1]["clock"].startswith("2026-01-20T04:")


def test_config_export(meter, ask, tmp_path):
    file = tmp_path / "meter.conf"
    status, told = ask("config", "export", *MODEL, *meter.where["port"], str(file))
    assert status == 0
    text = file.read_text()
    assert "model = a1000\n" in text and "0.8.0 = 15 min  # demand interval; 5, 10, 15, 30, 60\n" in text
    assert "96.90.1" not in text and "96.80.0" not in text and "13.0.1 = " in text
    assert told["settings"]["0.8.0"] == {"value": 15.0, "unit": "min"}


@pytest.mark.parametrize("words", [(), ("--net", "127.0.0.1"), ("--port", "x", "--number", "ä")])
def test_usage(run, words):
    assert run("read", *MODEL, *words)[0] == 2
    assert run("config", "import", *MODEL, "--port", "x", "file")[0] == 2


def test_nobody_answers(meter, run, monkeypatch):
    monkeypatch.setattr(code_link, "ANSWER_S", 0.05)
    status, _, err = run("read", *MODEL, *meter.where["tcp"], "--number", "77")
    assert status == 1 and "no answer to the sign-on" in err


class Chance:
    """A line on which anything may come."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, count: int) -> bytes:
        out, self.data = self.data[:count], self.data[count:]
        return out

    def write(self, data: bytes) -> None: ...
    def flush(self) -> None: ...
    def reset_input_buffer(self) -> None: ...
    def close(self) -> None: ...


def test_bytes_of_chance_are_an_answer_or_a_reason(monkeypatch):
    rng = random.Random(62056)
    good = b"/FQD5A1000V01\r\n\x01P0\x02()\x03`\x021.8.0(1.0*kWh)\x03"
    for _ in range(2000):
        data = bytearray(good + rng.randbytes(40))
        for _ in range(rng.randrange(4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        monkeypatch.setattr(
            code_link.serial, "serial_for_url", lambda *a, data=data, **k: Chance(bytes(data))
        )
        link = code_link.CodeLink("x", "")
        try:
            link.begin()
            assert isinstance(codes.parse(link.read("1.8.0")), dict)
        except UtilityError as error:
            assert str(error)
