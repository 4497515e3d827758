"""`fourquad config`: out and back again; what fails in the middle leaves everything as it was."""

from __future__ import annotations

import io
import json
import random

import pytest
from test_values import registers

from fourquad_tools.options import OptionError
from fourquad_tools.utility import config_file
from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import NoAnswer, Refused
from fourquad_tools.utility.modbus_link import ModbusLink

# apart on the map, so that each takes a request of its own
WISHES = {
    "setting.wiring_u = 3LL": (0x1003, [3]),
    "setting.pt1 = 10000 V": (0x1005, [1, 34464]),
    "setting.ct1 = 200 A": (0x1008, [200]),
    "setting.backlight = 5": (0x100C, [5]),
    "setting.polarity_2 = negative": (0x1013, [1]),
    "setting.basic_mode = 1": (0x101D, [1]),
    "setting.io11_relay_pulse = 75 ms": (0x10A2, [75]),
}


def everything(sim):
    return registers(sim, 0x0FFD, 67) + registers(sim, 0x109E, 5)


@pytest.fixture
def wishes(tmp_path):
    file = tmp_path / "wishes"
    file.write_text("model = kw320\n" + "\n".join(WISHES) + "\n")
    return file


def test_out_and_back_changes_nothing(sim, run, ask, tmp_path):
    file = tmp_path / "meter.conf"
    assert run("config", "export", str(file), *sim.where["net"])[0] == 0
    text = file.read_text()
    assert "[System parameters]\n" in text and "setting.pt1 = 400 V  # 1005H-1006H: PT1" in text
    assert "setting.wiring_u = 0 (3LN)  #" in text and "command." not in text and "energy." not in text
    status, told = ask("config", "import", str(file), *sim.where["net"], "--dry-run")
    assert status == 0 and told["changes"] == [] and told["applied"] is False
    status, _, err = run("config", "import", str(file), *sim.where["net"], "--yes")
    assert status == 0 and "no difference" in err


def test_lists_are_one_line(sim, run, ask, tmp_path):
    assert ask("log", "2", *sim.where["net"], "--record", "v1,i1")[0] == 0
    text = run("config", "export", *sim.where["net"])[1]
    assert "log_2_list_of_registers = 4002H 4003H 4012H 4013H 0000H*113  # 11C2H-1236H: Log 2:" in text
    file = tmp_path / "meter.conf"
    file.write_text("model = kw320\nlog_2_list_of_registers = 4004H 4005H 4014H 4015H\n")
    assert run("config", "import", str(file), *sim.where["net"], "--yes")[0] == 0
    assert registers(sim, 0x11C2, 6) == [0x4004, 0x4005, 0x4014, 0x4015, 0, 0]
    assert ask("log", "2", *sim.where["net"], "--off")[0] == 0


def test_what_was_exported_comes_back(sim, run, tmp_path, wishes):
    before = everything(sim)
    file = tmp_path / "meter.conf"
    run("config", "export", str(file), *sim.where["tcp"])
    status, out, err = run("config", "import", str(wishes), *sim.where["tcp"], "--yes")
    assert status == 0 and f"{len(WISHES)} settings changed" in err
    assert any(line.split() == ["setting.ct1", "1", "->", "200", "A"] for line in out.splitlines())
    for address, words in WISHES.values():
        assert registers(sim, address, len(words)) == words
    assert run("config", "import", str(file), *sim.where["port"], "--yes")[0] == 0
    # the clock goes on
    assert [w for n, w in enumerate(everything(sim)) if n < 55] == before[:55]
    assert not list(tmp_path.glob("*.before"))


def test_json_comes_back_too(sim, run, ask, tmp_path):
    _, told = ask("config", "export", *sim.where["net"])
    told["settings"]["setting.ct1"]["value"] = 7
    file = tmp_path / "meter.json"
    file.write_text(json.dumps(told))
    status, made = ask("config", "import", str(file), *sim.where["net"], "--yes")
    assert status == 0
    assert made["changes"] == [{"name": "setting.ct1", "was": "1", "becomes": "7", "unit": "A"}]
    assert run("set", *sim.where["net"], "ct1=1")[0] == 0


class Trouble:
    """Something happens at the n-th write, and not again."""

    def __init__(self, monkeypatch, n, what):
        self.count = 0
        write = ModbusLink.write

        def wrapped(link, address, words):
            self.count += 1
            if self.count == n:
                if not isinstance(what, Refused):
                    write(link, address, words)  # it was taken; the answer is lost, or nobody waits for it
                raise what
            write(link, address, words)

        monkeypatch.setattr(ModbusLink, "write", wrapped)


@pytest.mark.parametrize("n", range(1, len(WISHES) + 1))
@pytest.mark.parametrize(
    "what", [Refused(4, "1008H"), NoAnswer("the line is cut"), KeyboardInterrupt()], ids=repr
)
def test_what_fails_in_the_middle_restores_what_was(sim, run, monkeypatch, tmp_path, wishes, n, what):
    before = everything(sim)[:55]
    with monkeypatch.context() as patch:
        trouble = Trouble(patch, n, what)
        status, _, err = run("config", "import", str(wishes), *sim.where["net"], "--yes")
    assert status == (130 if isinstance(what, KeyboardInterrupt) else 1)
    assert trouble.count > n - 1 and everything(sim)[:55] == before
    assert not list(tmp_path.glob("*.before")), err


def test_a_refusal_of_the_meter_itself(sim, run, wishes):
    before = everything(sim)[:55]
    wishes.write_text(wishes.read_text() + "setting.demand_window = 31\n")
    status, _, err = run("config", "import", str(wishes), *sim.where["net"], "--yes")
    assert status == 1 and "exception 03" in err and "taken back" in err and "setting.demand_window" in err
    assert everything(sim)[:55] == before


def test_values_that_need_each_other_in_any_order(sim, run, tmp_path):
    """An address above 247 needs DNP3 first (manual, note on 1001H); and the other way back."""
    file = tmp_path / "dnp3"
    file.write_text("model = kw320\nsetting.energy_wave = 0\nsetting.nominal_frequency = 50 Hz\n")
    assert run("set", *sim.where["net"], "nominal_frequency=400 Hz")[0] == 0
    assert run("config", "import", str(file), *sim.where["net"], "--yes")[0] == 0
    assert registers(sim, 0x1017, 1) == [0] and registers(sim, 0x0FFD, 1) == [0]
    file.write_text("model = kw320\nsetting.energy_wave = 0\nsetting.nominal_frequency = 400 Hz\n")
    status, _, err = run("config", "import", str(file), *sim.where["net"], "--yes")
    assert (status, registers(sim, 0x0FFD, 1), registers(sim, 0x1017, 1)) in ((1, [0], [0]), (0, [2], [1])), (
        err
    )
    run("set", *sim.where["net"], "nominal_frequency=0")
    run("set", *sim.where["net"], "energy_wave=1")


def test_when_nothing_can_be_taken_back(sim, run, monkeypatch, tmp_path, wishes):
    before = everything(sim)[:55]
    with monkeypatch.context() as patch:
        count = [0]
        write = ModbusLink.write

        def dies(link, address, words):
            count[0] += 1
            if count[0] > 3:
                raise NoAnswer("the line is cut")
            write(link, address, words)

        patch.setattr(ModbusLink, "write", dies)
        status, _, err = run("config", "import", str(wishes), *sim.where["net"], "--yes")
    kept = tmp_path / "wishes.before"
    assert status == 1 and "not taken back" in err and str(kept) in err and kept.exists()
    # it stands in the way of another import, and brings back what was
    status, _, err = run("config", "import", str(wishes), *sim.where["net"], "--yes")
    assert status == 2 and str(kept) in err
    assert run("config", "import", str(kept), *sim.where["net"], "--yes")[0] == 0
    assert everything(sim)[:55] == before


def test_interrupted_while_it_is_taken_back(sim, run, monkeypatch, tmp_path, wishes):
    before = everything(sim)[:55]
    with monkeypatch.context() as patch:
        count = [0]
        write = ModbusLink.write

        def interrupted(link, address, words):
            count[0] += 1
            if count[0] in (4, 6):
                raise KeyboardInterrupt
            write(link, address, words)

        patch.setattr(ModbusLink, "write", interrupted)
        status, _, err = run("config", "import", str(wishes), *sim.where["net"], "--yes")
    kept = tmp_path / "wishes.before"
    assert status == 1 and "not taken back (interrupted)" in err and kept.exists()
    assert run("config", "import", str(kept), *sim.where["net"], "--yes")[0] == 0
    assert everything(sim)[:55] == before


def test_nobody_is_asked_without_a_terminal(sim, run, wishes, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y"))
    status, out, err = run("config", "import", str(wishes), *sim.where["net"])
    assert status == 2 and "--yes" in err and "setting.ct1" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "of which model"),
        ("setting.ct1 = 1", "of which model"),
        ("model = a1000\nsetting.ct1 = 1", "line 1: it is of a a1000"),
        ("model = kw320\nsetting.nothing = 1", "line 2: setting.nothing is no setting"),
        ("model = kw320\nenergy.ep_imp = 1", "line 2: energy.ep_imp is no setting"),
        ("model = kw320\nsetting.ct1 = 1\nsetting.ct1 = 2", "line 3: setting.ct1 is there twice"),
        ("model = kw320\nsetting.ct1", "line 2: must be NAME = VALUE"),
        ('model = kw320\nsetting.ct1 = "x', "line 2: its text has no end"),
        ('{"model": "kw320", "settings": {"setting.ct1": [1]}}', "neither a number nor a text"),
        ('{"model": "kw320", "settings": []}', "no settings"),
        ('{"model": 1}', "is of a 1"),
        ("{", "line 1"),
        ("model = kw320\nsetting.ct1 = x", "no number"),
        ("model = kw320\nlog_1_list_of_registers = 0*118", "log_1_list_of_registers.118 is no setting"),
        ("model = kw320\nlog_1_list_of_registers = 0*1001", "stands for no number"),
        ("model = kw320\nlog_1_list_of_registers = 0*x", "stands for no number"),
    ],
)
def test_a_file_that_is_wrong(sim, run, tmp_path, text, words):
    file = tmp_path / "x"
    file.write_text(text)
    status, _, err = run("config", "import", str(file), *sim.where["net"], "--yes")
    assert status == 2 and words in err and len(err.splitlines()) == 1


@pytest.mark.parametrize("count", [2000, pytest.param(200_000, marks=pytest.mark.thorough)])
def test_bytes_of_chance_are_a_configuration_or_a_reason(count):
    known = Map("kw320")
    rng = random.Random(8)
    good = b"\n".join(
        [
            b"model = kw320",
            b"[Ports]",
            b"setting.ct1 = 5 A  # x",
            b"setting.pt1 = 10 kV",
            b'setting.wiring_u = "0"',
            b"log_1_list_of_registers = 4002H 4003H 0*115",
        ]
    )
    taken = 0
    for _ in range(count):
        data = bytearray(
            good if rng.random() < 0.7 else b'{"model": "kw320", "settings": {"setting.ct1": 5}}'
        )
        for _ in range(rng.randrange(1, 5)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        try:
            found = config_file.parse(bytes(data), known, "kw320")
        except OptionError as error:
            assert str(error) and "\n" not in str(error)
        else:
            taken += 1
            assert all(entry.is_setting for entry, _ in found)
    assert taken > count / 50
