"""Several meters on one line: addresses, broadcasts, states, the control socket, Modbus TCP."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import subprocess
import sys

import minimalmodbus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from test_command import frame, read_all, running

from fourquad_tools.commands import Commands
from fourquad_tools.control import COMMANDS, answer
from fourquad_tools.options import model
from fourquad_tools.pacing import BATCH_S
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage
from fourquad_tools.unit_commands import UnitCommands

LOADS = (0.5, 0.25)


def load(folder, amps):
    file = folder / f"load{amps}.json"
    file.write_text(json.dumps({"phases": [{"volts": 230.0, "amps": amps}] * 3}))
    return file


def current(master, unit):
    words = master.read_holding_registers(0x4012, count=2, device_id=unit).registers
    return struct.unpack(">f", struct.pack(">2H", *words))[0]


@pytest.fixture
def line(tmp_path):
    """Two meters of Modbus and one of IEC 62056-21, and a link to their line."""
    path = tmp_path / "bus"
    options = ["--port", f"rs485={path}", "--net", "modbus=0", "--start", "2026-01-01T00:00:00"]
    options += ["--unit", f"one,address=3,load={load(tmp_path, LOADS[0])}"]
    options += ["--unit", f"two,address=200,model=kw320q,load={load(tmp_path, LOADS[1])},ct1=10"]
    options += ["--state", str(tmp_path / "state")]
    with running(tmp_path, *options, load=None) as sim:
        yield sim, str(path)


def test_each_answers_for_itself(line):
    sim, path = line
    assert "one: mbpoll" in sim.process.stderr.readline() and "two: mbpoll" in sim.process.stderr.readline()
    master = ModbusSerialClient(path, baudrate=19200, timeout=30, retries=0)
    assert master.connect()
    for _ in range(3):
        assert current(master, 3) == pytest.approx(LOADS[0], rel=1e-3)
        assert current(master, 200) == pytest.approx(LOADS[1] / 10, rel=1e-3)
    master.close()
    told = sim.ask(cmd="units")["units"]
    assert told["one"] == {
        "model": "kw320",
        "power": True,
        "addresses": {"rs485": 3, "rs485b": 3, "network": 3},
    }
    assert told["two"]["model"] == "kw320q" and told["two"]["addresses"]["rs485"] == 200


def test_a_broadcast_reaches_all_and_nobody_answers(line):
    sim, path = line
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    # what comes first is the answer to the request after the broadcast
    os.write(fd, frame("0010100C0001020007") + frame("0303100C0001"))
    assert read_all(fd, 7) == frame("0303020007")
    os.write(fd, frame("C803100C0001"))
    assert read_all(fd, 7) == frame("C803020007")
    os.close(fd)
    for unit in ("one", "two"):
        assert sim.ask(cmd="stats")["units"][unit]["ports"]["rs485"]["broadcasts"] == 1


def test_minimalmodbus_with_every_address(line):
    """Those two answer, all others are silent; each request is heard by both."""
    sim, path = line
    master = minimalmodbus.Instrument(path, 3)
    master.serial.timeout = 0.05
    heard = []
    for address in (1, 3, 77, 200, 247):
        master.address = address
        for _ in range(40):
            try:
                master.read_register(0x1001)
            except (minimalmodbus.NoResponseError, minimalmodbus.InvalidResponseError):
                # also an answer that this computer was too busy to bring in time
                if address not in (3, 200):
                    break
                continue
            heard.append(address)
            break
    assert heard == [3, 200]
    master.serial.close()
    stats = sim.ask(cmd="stats")["units"]
    assert stats["one"]["ports"]["rs485"]["frames"] == stats["two"]["ports"]["rs485"]["frames"] >= 5


def test_commands_name_a_unit(line):
    sim, _ = line
    assert sim.ask(cmd="truth", unit="two")["phases"][0]["amps"] == pytest.approx(LOADS[1])
    sim.ask(cmd="set", unit="one", name="ct1", value=77)
    points = [sim.ask(cmd="points", unit=unit)["points"]["setting.ct1"]["value"] for unit in ("one", "two")]
    assert points == [77, 10]
    sim.ask(cmd="power", unit="one", on=False)
    assert [unit["power"] for unit in sim.ask(cmd="units")["units"].values()] == [False, True]
    assert sim.ask(cmd="advance", seconds=60)["speed"] > 0
    seconds = [unit["seconds"] for unit in sim.ask(cmd="stats")["units"].values()]
    assert min(seconds) > 60
    sim.ask(cmd="fault", unit="two", kind="drop", port="rs485")
    assert sim.ask(cmd="faults")["faults"] == [{"unit": "two", "port": "rs485", "kind": "drop", "hits": 0}]
    for line, error in [
        ('{"cmd":"truth"}', "unit: which of one, two is missing"),
        ('{"cmd":"truth","unit":"three"}', "unit: 'three' is none of one, two"),
        ('{"cmd":"truth","unit":3}', "unit: 3 is none of one, two"),
        ('{"cmd":"advance","seconds":1,"unit":"one"}', "the time of all is one"),
        ('{"cmd":["x"]}', "unit: which of"),
        ('{"cmd":"units","x":1}', "unknown field 'x'"),
    ]:
        reply = sim.raw(line)
        assert not reply["ok"] and error in reply["error"], reply


def test_time_is_one(tmp_path):
    """However far their times were apart, after `advance` they are the same."""

    async def go():
        made = {}
        for name, ahead in (("one", 0.0), ("two", 1.3)):
            simulator = Simulator(model("kw320"), *plant_from_file(None), Storage(None), 1_767_225_600.0)
            simulator.warm_up()
            await simulator.advance(ahead)
            made[name] = Commands(simulator)
        target = UnitCommands(made)
        reply = await answer(target, b'{"cmd":"advance","seconds":10}')
        assert reply["ok"]
        nows = [commands.simulator.now for commands in made.values()]
        assert nows[0] == pytest.approx(nows[1], abs=BATCH_S)
        assert nows[0] == pytest.approx(1.5 + 1.3 + 10, abs=3 * BATCH_S)

    asyncio.run(go())


def test_modbus_tcp_is_a_gateway_to_them(line):
    sim, _ = line
    port = int(sim.process.stdout.readline().rpartition(":")[2])
    master = ModbusTcpClient("127.0.0.1", port=port, timeout=30, retries=0)
    assert master.connect()
    assert current(master, 3) == pytest.approx(LOADS[0], rel=1e-3)
    assert current(master, 200) == pytest.approx(LOADS[1] / 10, rel=1e-3)
    assert current(master, 255) == pytest.approx(LOADS[0], rel=1e-3), "the first one"
    assert master.read_holding_registers(0x1001, count=1, device_id=9).exception_code == 11
    assert current(master, 200) == pytest.approx(LOADS[1] / 10, rel=1e-3)
    master.close()


JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
FIELDS = sorted({field for fields in COMMANDS.values() for field in fields})


def test_any_command_of_any_unit_has_an_answer():
    made = {}
    for name in ("one", "two"):
        simulator = Simulator(model("kw320"), *plant_from_file(None), Storage(None), 1_767_225_600.0)
        simulator.warm_up()
        made[name] = Commands(simulator)
    target = UnitCommands(made)

    @settings(max_examples=300, deadline=None)
    @given(
        st.sampled_from(sorted(set(COMMANDS) - {"advance", "key", "screen"})),
        st.sampled_from(["one", "two", None, "three", 1]),
        st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3),
    )
    def any_command(cmd, unit, fields):
        command = {"cmd": cmd, **fields} | ({} if unit is None else {"unit": unit})
        reply = asyncio.run(answer(target, json.dumps(command).encode()))
        json.dumps(reply, allow_nan=False)
        assert reply["ok"] or "defect" not in reply["error"], reply

    any_command()


def test_each_has_a_state_of_its_own(tmp_path):
    path, state = tmp_path / "bus", tmp_path / "state"
    options = ["--port", f"rs485={path}", "--unit", "one,address=3", "--unit", "two,address=4"]
    with running(tmp_path, *options, "--state", str(state), load=None) as sim:
        sim.ask(cmd="set", unit="two", name="ct1", value=55)
        sim.end()
    assert sorted(folder.name for folder in state.iterdir()) == ["one", "two"]
    with running(tmp_path, "--state", str(state / "two"), load=None) as sim:
        assert sim.point("setting.ct1") == 55 and sim.point("setting.address_1") == 4
        sim.end()


def test_two_that_would_answer_at_once_do_not_mix(tmp_path):
    """A sign-on without an address: what comes is one identification, as one meter alone would send it."""
    path = tmp_path / "bus"
    options = ["--model", "a1000", "--port", f"optical={path}"]
    units = ["--unit", "one,address=1", "--unit", "two,address=2"]
    said = []
    for more in ([], units):
        with running(tmp_path, *options, *more, load=None) as sim:
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
            os.write(fd, bytes(octet | (octet.bit_count() & 1) << 7 for octet in b"/?!\r\n"))
            got = read_all(fd, 1)
            while not got.endswith(b"\x0a"):
                got += read_all(fd, 1)
            os.close(fd)
            said.append(got)
            sim.end()
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("units", "error"),
    [
        (["one", "two"], "--unit two: one has the address 1 of rs485 already"),
        (["one", "one"], "there are two of that name"),
        (["one,address=0", "two"], "--unit one: address 0 is none that kw320 can have"),
        (["one,address=248", "two"], "--unit one: address 248 is none that kw320 can have"),
        (["one,address=x", "two"], "address: 'x' is no number"),
        (["one,model=kw999", "two"], "model: none of "),
        (["one,module=io99", "two,address=2"], "--module io99: "),
        (["one,ct1", "two"], "'ct1' is not NAME=VALUE"),
        (["one,ct9=1", "two"], "there is no point 'ct9'"),
        (["one,ct1=0", "two,address=2"], "--set ct1=0: 0 is out of range"),
        (["one,load=/none.json", "two"], "/none.json: No such file"),
        (["a b", "two"], "'a b' is no name"),
        (["", "two"], "'' is no name"),
    ],
)
def test_units_that_make_no_sense(units, error):
    options = [word for unit in units for word in ("--unit", unit)]
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--headless", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("fourquad sim: ") and done.stderr.count("\n") == 1
    assert error in done.stderr


def test_meter_numbers_of_iec_62056_21(tmp_path):
    path = tmp_path / "bus"
    options = ["--model", "a1000", "--instant-lines", "--port", f"rs485={path}"]
    with running(
        tmp_path, *options, "--unit", "one,address=12345678", "--unit", "two,address=9", load=None
    ) as sim:
        told = sim.ask(cmd="units")["units"]
        assert [unit["addresses"]["rs485"] for unit in told.values()] == [12345678, 9]
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, bytes(octet | (octet.bit_count() & 1) << 7 for octet in b"/?12345678!\r\n"))
        said = bytes(octet & 0x7F for octet in read_all(fd, 12))
        assert said.startswith(b"/FQD")
        os.close(fd)
        stats = sim.ask(cmd="stats")["units"]
        answers = [stats[name]["ports"]["rs485"]["answers"] for name in ("one", "two")]
        assert answers[0] >= 1 and answers[1] == 0
