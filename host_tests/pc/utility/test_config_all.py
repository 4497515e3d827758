"""A configuration goes from one meter to another, with everything that depends on something else in it."""

from __future__ import annotations

import re

import pytest
from rig import Sim
from test_values import registers

MODEL = ("--model", "kw320q")
# Wiring and ratios, alarms, a log, quality with ranges that depend on wiring and CT2, modules, ports.
# Each with what it depends on.
WISHES = [
    "wiring_u=3LL",
    "pt1=10kV",
    "pt2=100V",
    "ct1=200",
    "ct2=5",
    "rated_voltage=690",  # to 690 in 3LL only
    "rated_amperes=5000mA",  # to 5000 with CT2 = 5 only
    "sag_capture=1",
    "alarm1_code=9",
    "alarm1_set_point=4500",
    "alarm1_delay=5s",
    "alarm2_code=1",
    "alarm2_comparison=less",
    "alarm_channels=3",
    "1049H=1",
    "demand_window=30",
    "demand_mode=rolling",
    "password=1234",
    "soe_module=IO11",
    "io11_di_type=5",
    "pulse_p=25",
]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    meters = [Sim(tmp_path_factory.mktemp(name), "kw320q") for name in ("one", "two")]
    yield meters
    for meter in meters:
        meter.close()


def lines(text: str) -> list[str]:
    return [line.partition("#")[0] for line in text.splitlines()]


def test_all_settings_go_to_another_meter_and_back(two, run, ask, tmp_path):
    one, other = two
    fresh, full = tmp_path / "fresh", tmp_path / "full"
    assert run("config", "export", *MODEL, *other.where["net"], str(fresh))[0] == 0
    status, told = ask("set", *MODEL, *one.where["net"], *WISHES)
    assert status == 0 and len(told["set"]) == len(WISHES)
    assert ask("log", "1", *MODEL, *one.where["net"], "--record", "v1,energy.*,harmonic.v1.h1?")[0] == 0
    assert run("config", "export", *MODEL, *one.where["net"], str(full))[0] == 0
    status, _, err = run("config", "import", *MODEL, *other.where["net"], str(full), "--yes")
    assert status == 0, err
    copied = run("config", "export", *MODEL, *other.where["net"])[1]
    assert lines(copied) == lines(full.read_text())
    # by pymodbus alone: the manual's places of some of them
    assert registers(other, 0x1003, 7) == [3, 0, 1, 34464, 1000, 200, 5]
    assert registers(other, 0x104E, 8) == [9, 1, 4500, 500, 0, 1, 3, 0]
    assert registers(other, 0x8004, 1) == [690] and registers(other, 0x800B, 1) == [5000]
    # and back: the smaller ranges come with the settings that they depend on
    status, _, err = run("config", "import", *MODEL, *other.where["net"], str(fresh), "--yes")
    assert status == 0, err
    assert lines(run("config", "export", *MODEL, *other.where["net"])[1]) == lines(fresh.read_text())


def test_one_that_cannot_be_leaves_all_as_it_was(two, run, tmp_path):
    _, other = two
    before = run("config", "export", *MODEL, *other.where["net"])[1]
    file = tmp_path / "bad"
    # 690 V without 3LL
    file.write_text(
        "model = kw320q\n" + "".join(f"setting.{w}\n" for w in WISHES if "wiring" not in w and w[0].islower())
    )
    status, _, err = run("config", "import", *MODEL, *other.where["net"], str(file), "--yes")
    assert status == 1 and "setting.rated_voltage = 690" in err and "exception 03" in err
    assert lines(run("config", "export", *MODEL, *other.where["net"])[1]) == lines(before)


def test_a_module_that_is_not_there(two, run, tmp_path):
    _, other = two
    before = run("config", "export", *MODEL, *other.where["net"])[1]
    name = re.search(r"^(setting\.io12_\w+) = (\d+)", before, re.MULTILINE)
    assert name
    file = tmp_path / "bad"
    changed = 1 if name[2] != "1" else 2
    file.write_text(f"model = kw320q\nsetting.backlight = 7\n{name[1]} = {changed}\n")
    status, _, err = run("config", "import", *MODEL, *other.where["net"], str(file), "--yes")
    assert status == 1 and "exception 04" in err and "taken back" in err
    assert lines(run("config", "export", *MODEL, *other.where["net"])[1]) == lines(before)


def test_passwords_go_in_and_do_not_come_out(two, run, tmp_path):
    _, other = two
    where = (*MODEL, *other.where["net"])
    status, said, _ = run("set", *where, "mqtt_password=open sesame")
    assert status == 0 and "sesame" not in said and "***" in said
    assert registers(other, 0xD944, 20) == [0] * 20
    kept = run("config", "export", *where)[1]
    assert "sesame" not in kept and "mqtt_password" not in kept and "setting.mqtt_user" in kept
    file = tmp_path / "new"
    file.write_text('model = kw320q\nsetting.mqtt_password = "sim sala bim"\nsetting.backlight = 9\n')
    status, said, err = run("config", "import", *where, str(file), "--yes")
    assert status == 0 and "sala" not in said + err, err
    after = run("config", "export", *where)[1]
    assert "setting.backlight = 9" in after
    assert [line for line in lines(after) if "backlight" not in line] == [
        line for line in lines(kept) if "backlight" not in line
    ]


def test_a_password_that_cannot_be_taken_back_is_told(two, run, tmp_path):
    _, other = two
    where = (*MODEL, *other.where["net"])
    file = tmp_path / "half"
    # the second one is too short for the meter
    names = "setting.mqtt_password", "snmp_v3_password_of_privacy"
    file.write_text(f'model = kw320q\n{names[0]} = "sim sala bim"\n{names[1]} = "abc"\n')
    status, _, err = run("config", "import", *where, str(file), "--yes")
    assert status != 0 and "told to nobody: setting.mqtt_password" in err
