"""Every control command, load and option ends in an answer or in one line: hostile input of all kinds
(findings P3 and P4, and 10 of the simulator's).
"""

import asyncio
import json
import math
import string
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourquad_tools.commands import Commands
from fourquad_tools.control import COMMANDS, answer
from fourquad_tools.options import OptionError, model, tcp_ports
from fourquad_tools.plant.load import LoadError, load_from_bytes, parse_load
from fourquad_tools.plant.plants import plant_from_file, plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_225_600.0
LOAD = {"phases": [{"volts": 230.0, "amps": 5.0, "lag": 60.0}] * 3}
DEEP = "[" * 100_000 + "]" * 100_000
DIGITS = ("9" * 400, "9" * 5000, "1e400", "-1e999", "NaN", "Infinity", "-Infinity")


@pytest.fixture(scope="module")
def meter():
    simulator = Simulator(model("kw320"), *plant_from_json(LOAD), Storage(None), START)
    simulator.warm_up()
    yield Commands(simulator)
    simulator.close()


def ask(meter, line):
    """The answer to a line, as a strict reader of JSON takes it."""
    reply = asyncio.run(answer(meter, line if isinstance(line, bytes) else line.encode()))
    json.dumps(reply, allow_nan=False)
    assert type(reply["ok"]) is bool
    if not reply["ok"]:
        assert 0 < len(reply["error"]) < 1000
        assert "\n" not in reply["error"]
    return reply


NUMBERS = {
    "advance": '{"cmd":"advance","seconds":%s}',
    "leap": '{"cmd":"advance","seconds":0,"leap":%s}',
    "ms": '{"cmd":"key","key":"P","ms":%s}',
    "volts": '{"cmd":"load","load":{"phases":[{"volts":%s}]}}',
    "at": '{"cmd":"load","load":{"phases":[],"timeline":[{"at":%s}]}}',
    "noise": '{"cmd":"load","load":{"phases":[],"noise":%s}}',
    "ratio": '{"cmd":"load","load":{"phases":[{"volt_harmonics":{"5":[%s,0]}}]}}',
    "input": '{"cmd":"input","n":%s,"value":1}',
    "record": '{"cmd":"calibration","record":[%s]}',
}


@pytest.mark.parametrize("text", [*DIGITS, "1" + "0" * 299, "1e308", "-1e308"], ids=range(10))
@pytest.mark.parametrize("place", NUMBERS)
def test_numbers_without_end(meter, place, text):
    reply = ask(meter, NUMBERS[place] % text)
    assert not reply["ok"]
    assert "defect" not in reply["error"]


@pytest.mark.parametrize(
    "line",
    [
        DEEP,
        '{"cmd":"load","load":' + '{"a":' * 50_000 + "0" + "}" * 50_001,
        '{"cmd":"load","load":{"phases":[{"volt_harmonics":{"²":[0.1,0]}}]}}',
        '{"cmd":"load","load":{"phases":[{"volt_harmonics":{"' + "5" * 5000 + '":[0.1,0]}}]}}',
        '{"cmd":"load","load":{"phases":[{"\\ud800":1}]}}',
        '{"cmd":"load","load":{"phases":[]},"file":"x"}',
        '{"cmd":"load"}',
        '{"cmd":"load","file":"\\u0000"}',
        '{"cmd":"load","file":"\\ud800"}',
        '{"cmd":"load","file":"/"}',
        '{"cmd":"load","file":"' + "x" * 300 + '"}',
        '{"cmd":"screen","png":"\\u0000"}',
        '{"cmd":"screen","png":"/none/x.png"}',
        '{"cmd":"key","key":"\\u0000"}',
        '{"cmd":"\\u0000"}',
        b"\xff\xfe{\x00}\x00",
        b'{"cmd":"key","key":"\xe9"}',
        b"\x00",
    ],
    ids=range(18),
)
def test_lines_that_had_no_answer(meter, line):
    reply = ask(meter, line)
    assert not reply["ok"]
    assert "defect" not in reply["error"]


def test_the_truth_stays_finite_at_the_limits(meter):
    phase = {
        "volts": 1e7,
        "amps": 1e7,
        "lag": 1e6,
        "volt_harmonics": {"5": [1000, 1e6]},
        "amp_harmonics": {"5": [1000, 0]},
    }
    reply = ask(meter, json.dumps({"cmd": "load", "load": {"phases": [phase] * 3, "frequency": 1000}}))
    assert reply["ok"]
    truth = ask(meter, '{"cmd":"truth"}')
    assert truth["phases"][0]["apparent"] == pytest.approx(1e20, rel=1e-5)
    assert ask(meter, json.dumps({"cmd": "load", "load": LOAD})) == {"ok": True, "taken": []}


def test_a_defect_has_an_answer_and_the_next_command_too():
    class Broken:
        async def do_truth(self):
            return {"x": [math.nan, {"y": math.inf}], "z": 1 / 1}

        async def do_stats(self):
            return 1 // 0

    assert ask(Broken(), '{"cmd":"truth"}') == {"ok": True, "x": [None, {"y": None}], "z": 1.0}
    reply = ask(Broken(), '{"cmd":"stats"}')
    assert "a defect of this program: test_doors.py:" in reply["error"]
    assert "ZeroDivisionError" in reply["error"]
    assert ask(Broken(), '{"cmd":"truth"}')["ok"]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([10**400, "²"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
FIELDS = sorted({field for fields in COMMANDS.values() for field in fields})
# Virtual time is left out: what a valid advance takes depends on the computer.
QUIET = sorted(set(COMMANDS) - {"advance", "key"})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(QUIET),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3),
)
def test_commands_of_any_kind(meter, name, fields):
    if name == "screen":
        fields.pop("png", None)
    reply = ask(meter, json.dumps({"cmd": name, **fields}))
    assert reply["ok"] or "defect" not in reply["error"]
    ask(meter, '{"cmd":"power","on":true}')


PHASE_FIELD = st.sampled_from(["volts", "amps", "lag", "volt_angle", "volt_harmonics", "amp_harmonics", "x"])
HARMONICS = st.dictionaries(
    st.sampled_from(["2", "5", "63", "64", "²", "05", ""]), st.lists(st.floats(), max_size=3)
)
PHASES = st.lists(
    st.dictionaries(PHASE_FIELD, st.floats() | st.integers() | HARMONICS | JSON, max_size=4), max_size=4
)
LOADS = st.dictionaries(
    st.sampled_from(["frequency", "phases", "adc", "noise", "timeline"]),
    PHASES
    | st.floats()
    | st.lists(st.dictionaries(st.sampled_from(["at", "phases", "frequency"]), st.floats() | PHASES))
    | JSON,
)


@settings(max_examples=150, deadline=None)
@given(LOADS)
def test_loads_of_any_kind(data):
    try:
        plant, _ = plant_from_json({"phases": [], **data})
    except LoadError as error:
        assert "\n" not in str(error)
        return
    json.dumps(plant.truth(100.0), allow_nan=False)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | JSON.map(lambda x: json.dumps(x).encode())
)
def test_bytes_as_a_json_load(data):
    try:
        load_from_bytes(data)
    except LoadError as error:
        assert "\n" not in str(error)


def test_a_load_of_numbers_that_python_alone_can_hold():
    with pytest.raises(LoadError, match=r"phases\[0\].volts: must be at most"):
        parse_load({"phases": [{"volts": 10**400}]})


@pytest.mark.parametrize("name", ["load.json", "load", "load.csv", "load.cfg", "load.CFF"])
@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 10, b"\xff" * 10, DEEP.encode(), b"9" * 5000, b"{" * 200_000, b"a,b\n" * 5]
)
def test_files_of_any_kind(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(LoadError) as error:
        plant_from_file(str(path))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "number", ["²", "٣", "9" * 5000, "-1", "65536", "+1", " 1", "1.0", "1_0"], ids=range(9)
)
def test_numbers_of_ports(number):
    with pytest.raises(OptionError, match="is no port from 0 to 65535"):
        tcp_ports([f"rs485={number}"], ["rs485"])


TEXTS = st.text(alphabet=string.printable + "²٣é", min_size=1, max_size=20)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_ports_of_any_text(text):
    for pair in (text, f"rs485={text}"):
        try:
            ((_, number),) = tcp_ports([pair], ["rs485"])
        except OptionError:
            continue
        assert 0 <= number <= 65535


@pytest.mark.parametrize(
    "options",
    [
        ["--tcp", "rs485=²"],
        ["--tcp", "rs485=" + "9" * 5000],
        ["--speed", "nan"],
        ["--speed", "9" * 5000],
        ["--start", "2000-01-01T00:00:00+05:00"],
        ["--start", "2099-12-31T23:30:00-01:00"],
        ["--start", "9" * 5000],
        ["--load", "/"],
        ["--load", "x" * 5000],
        ["--state", "/dev/null"],
        ["--state", "x" * 5000],
        ["--port", "rs485=/none/x"],
        ["--control", "x" * 5000],
        ["--control", "/dev/null"],
    ],
    ids=range(14),
)
def test_options_end_in_one_line(tmp_path, options):
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "kw320", "--headless", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
