"""`fourquad sim` as a process: options, ports, control socket, signals."""

import json
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from fourquad.protocols.crc import checksum

LOAD = {"phases": [{"volts": 231.5, "amps": 5.0, "lag": 60.0}] * 3}


def frame(text):
    """A Modbus frame: hexadecimal text and its CRC."""
    data = bytes.fromhex(text)
    crc = checksum(data, len(data), 0)
    return data + bytes((crc & 0xFF, crc >> 8))


READ_VOLTS = frame("010340020006")
PATIENCE = 60.0


class Sim:
    """A headless simulator and its control socket."""

    def __init__(self, folder, *options, load=LOAD):
        self.folder = Path(folder)
        self.socket = self.folder / "control"
        if load is not None:
            file = self.folder / "load.json"
            file.write_text(json.dumps(load))
            options = (*options, "--load", str(file))
        self.process = start("--headless", "--control", str(self.socket), *options)
        self.first = self.process.stderr.readline()
        assert self.first, self.process.communicate()
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(PATIENCE)
        self.connection.connect(str(self.socket))
        self.file = self.connection.makefile("rw")

    def ask(self, **command):
        reply = self.raw(json.dumps(command))
        assert reply["ok"], reply
        return reply

    def raw(self, line):
        self.file.write(line + "\n")
        self.file.flush()
        return json.loads(self.file.readline())

    def point(self, name):
        return self.ask(cmd="points")["points"][name]["value"]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.file.close()
        self.connection.close()
        self.process.stdout.close()
        self.process.stderr.close()
        return status


def start(*options):
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "kw320", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running(folder, *options, **others):
    sim = Sim(folder, *options, **others)
    try:
        yield sim
    finally:
        if sim.process.poll() is None:
            sim.end(signal.SIGKILL)


def read_all(fd, count):
    got = b""
    while len(got) < count:
        ready, _, _ = select.select([fd], [], [], PATIENCE)
        assert ready, got.hex()
        got += os.read(fd, 300)
    return got


def volts_at(path):
    """V1 V2 V3 from a serial port, by bytes of our own making."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(fd, READ_VOLTS)
        answer = read_all(fd, 17)
    finally:
        os.close(fd)
    assert answer[:3] == b"\x01\x03\x0c"
    assert checksum(answer, len(answer), 0) == 0
    return struct.unpack(">3f", answer[3:15])


def test_the_demo_prints_its_pty_and_reads_230_volts_at_once():
    process = start("--headless")
    try:
        path = process.stdout.readline().strip()
        assert re.fullmatch(r"/dev/pts/\d+", path)
        assert all(abs(v - 230.0) < 0.05 for v in volts_at(path))
        if shutil.which("mbpoll"):
            options = ["-m", "rtu", "-b", "19200", "-P", "none", "-a", "1", "-t", "4:float", "-B", "-0"]
            options += ["-r", "0x4002", "-c", "3", "-1"]
            out = subprocess.run(["mbpoll", *options, path], capture_output=True, text=True, check=True)
            values = [float(x) for x in re.findall(r"\]:\s+([\d.]+)", out.stdout)]
            assert len(values) == 3
            assert all(abs(v - 230.0) < 0.05 for v in values)
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0
        process.communicate()


def test_named_ports_and_tcp(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    ports = ("--port", f"rs485={first}", "--port", f"rs485b={second}", "--tcp", "rs485=0")
    with running(tmp_path, *ports) as sim:
        for path in (first, second):
            assert volts_at(path) == pytest.approx([231.5] * 3, rel=1e-5)
        host, _, number = sim.process.stdout.readline().strip().partition(":")
        clients = [socket.create_connection((host, int(number)), PATIENCE) for _ in range(2)]
        for client in clients:
            client.sendall(READ_VOLTS)
        for client in clients:
            answer = read_all(client.fileno(), 17)
            assert struct.unpack(">3f", answer[3:15]) == pytest.approx([231.5] * 3, rel=1e-5)
            client.close()
        stats = sim.ask(cmd="stats")
        assert stats["ports"]["rs485"]["requests"] == 3
        assert stats["ports"]["rs485b"]["requests"] == 1
        assert (stats["frames"], stats["errors"], stats["gaps"]) == (4, 0, 0)
        other = start("--headless", "--port", f"rs485={first}")
        assert "running simulator" in other.communicate(timeout=PATIENCE)[1]
        assert other.returncode == 2
        assert sim.end() == 0
    assert not first.is_symlink()
    assert not sim.socket.exists()


def test_every_control_command(tmp_path):
    with running(tmp_path, "--start", "2026-03-04T05:06:07") as sim:
        screen = sim.ask(cmd="screen")
        assert [row["text"] for row in screen["rows"]] == ["231.5"] * 4
        assert sim.ask(cmd="key", key="P", ms=50)
        picture = tmp_path / "screen.png"
        assert sim.ask(cmd="screen", png=str(picture))["item"] == "P"
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert "png" in sim.raw(json.dumps({"cmd": "screen", "png": str(tmp_path / "no" / "x.png")}))["error"]
        assert sim.ask(cmd="truth")["phases"][0]["volts"] == 231.5
        before = sim.ask(cmd="stats")["seconds"]
        reply = sim.ask(cmd="advance", seconds=900)
        assert reply["time"].startswith("2026-03-04T05:21:")
        assert sim.ask(cmd="stats")["seconds"] >= before + 900
        assert sim.point("energy.ep_imp") == pytest.approx(3 * 231.5 * 5 * 0.5 / 4000, abs=0.11)
        sim.ask(cmd="load", load={"phases": [{"volts": 100.0}], "adc": "24bit"})
        sim.ask(cmd="advance", seconds=3)
        assert sim.point("primary.v1") == pytest.approx(100.0, rel=1e-3)
        sim.ask(cmd="seal", on=True)
        assert sim.point("state.seal_state") == 10
        sim.ask(cmd="input", n=1, value=1)
        assert sim.point("io.di1") == 1
        sim.ask(cmd="power", on=False)
        assert sim.raw('{"cmd":"points"}') == {"ok": False, "error": "the meter has no power"}
        sim.ask(cmd="power", on=True)
        assert sim.point("state.seal_state") == 10
        for line, error in (
            ("{", "not JSON"),
            ('{"cmd":"load","load":{"phases":[{"volts":-1}]}}', "phases[0].volts"),
            ('{"cmd":"advance","seconds":-1}', "seconds"),
            ('{"cmd":"key","key":"Z"}', "'Z'"),
            ('{"cmd":"stats","x":1}', "unknown field"),
        ):
            reply = sim.raw(line)
            assert reply["ok"] is False
            assert error in reply["error"]


def test_a_dead_meter_is_silent_on_the_bus(tmp_path):
    path = tmp_path / "rs485"
    with running(tmp_path, "--port", f"rs485={path}") as sim:
        sim.ask(cmd="power", on=False, warning=False)
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        os.write(fd, READ_VOLTS)
        assert select.select([fd], [], [], 0.3)[0] == []
        sim.ask(cmd="power", on=True)
        sim.ask(cmd="advance", seconds=3)
        os.write(fd, READ_VOLTS)
        answer = read_all(fd, 17)
        os.close(fd)
        assert struct.unpack(">3f", answer[3:15]) == pytest.approx([231.5] * 3, rel=1e-5)


def test_halves_garbage_and_a_change_of_speed(tmp_path):
    path = tmp_path / "rs485"
    with running(tmp_path, "--port", f"rs485={path}") as sim:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        # in two writes, as some masters do
        os.write(fd, READ_VOLTS[:3])
        os.write(fd, READ_VOLTS[3:])
        assert len(read_all(fd, 17)) == 17
        # half a frame, and garbage, then silence: both forgotten
        for rubbish in (READ_VOLTS[:5], bytes(range(100, 140)), b"\xff" * 700):
            os.write(fd, rubbish)
            assert select.select([fd], [], [], 0.1)[0] == []
        os.write(fd, READ_VOLTS)
        assert len(read_all(fd, 17)) == 17
        # a broadcast is executed and not answered; 1002H: 38400 baud, confirmed before it takes effect
        os.write(fd, frame("000610120001"))
        assert select.select([fd], [], [], 0.1)[0] == []
        os.write(fd, frame("010610029600"))
        assert read_all(fd, 8) == frame("010610029600")
        os.close(fd)
        assert sim.point("setting.polarity_1") == 1
        assert sim.ask(cmd="stats")["ports"]["rs485"]["baud"] == 38400
        # a change of polarity begins the readings anew
        sim.ask(cmd="advance", seconds=2)
        assert volts_at(path) == pytest.approx([231.5] * 3, rel=1e-5)


def test_speed(tmp_path):
    with running(tmp_path, "--speed", "100") as sim:
        before = sim.ask(cmd="stats")["seconds"]
        # a key that is held for a minute of the meter; the answer may take PATIENCE
        sim.ask(cmd="key", key="P", ms=60_000)
        assert sim.ask(cmd="stats")["seconds"] >= before + 60


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_state_survives(tmp_path, end):
    """SIGKILL may cost a minute of energy, SIGTERM a second; settings none. 5 kW count 0.1 kWh in 72 s."""
    load = {"phases": [{"volts": 230.0, "amps": 7.246, "lag": 0.0}] * 3}
    state = ("--state", str(tmp_path / "state"))
    with running(tmp_path, *state, load=load) as sim:
        # 1019H: energies on the secondary side, so that one count is 1 Wh; 1001H: address 9
        path = sim.first.split()[-1]
        for data in ("010610190001", "010610010009"):
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
            os.write(fd, frame(data))
            read_all(fd, 8)
            os.close(fd)
        sim.ask(cmd="advance", seconds=400)
        other = start("--headless", *state)
        assert "another simulator" in other.communicate(timeout=PATIENCE)[1]
        before = sim.point("energy.ep_imp")
        assert before > 0.5
        sim.end(end)
    with running(tmp_path, *state, load={"phases": []}) as sim:
        assert sim.point("setting.address_1") == 9
        lost = before - sim.point("energy.ep_imp")
        allowed = 5.0 * (61 if end == signal.SIGKILL else 1) / 3600 + 0.001
        # what the meter counts between the question and its end is no loss
        assert -0.02 <= lost <= allowed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--headless"),
        (("--headless", "--port", "x=/tmp/x"), "its ports: rs485, rs485b"),
        (("--headless", "--port", "rs485"), "NAME=PATH"),
        (("--headless", "--tcp", "rs485=http"), "--tcp rs485=http"),
        (("--headless", "--tcp", "rs485=99999"), "65535"),
        (("--headless", "--load", "/nowhere/load.json"), "No such file"),
        (("--headless", "--start", "yesterday"), "yesterday"),
        (("--headless", "--speed", "0"), "above 0"),
        (("--headless", "--state", "/dev/null"), "--state /dev/null"),
        (("--headless", "--control", "/nowhere/socket"), "--control"),
        (("--model", "kw999"), "kw999"),
    ],
)
def test_mistakes_are_told(options, message):
    process = start(*options)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert message in error
    assert "Traceback" not in error


def test_load_file_mistake_names_file_and_field(tmp_path):
    file = tmp_path / "load.json"
    file.write_text(json.dumps({"phases": [{"volts": 230, "amp": 5}]}))
    process = start("--headless", "--load", str(file))
    error = process.communicate(timeout=PATIENCE)[1]
    assert f"{file}: phases[0]: unknown field 'amp'" in error
