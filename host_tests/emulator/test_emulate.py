"""`fourquad emulate` as a process, and `fourquad deploy` onto the bare image."""

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

import pytest
from emulated import BUILD, PATIENCE_S, Emulated, image, patient

from fourquad_tools.emulated.modbus_points import frame

READ_VOLTS = frame(bytes.fromhex("010340020006"))
READ_PHASES = frame(bytes.fromhex("0103200A0006"))  # of an acurev1312
LOAD = {
    "phases": [
        {"volts": 230.0, "amps": 5.0, "lag": 60.0},
        {"volts": 115.0, "amps": 2.0, "volt_angle": 180.0},
    ]
}


class Process:
    """A headless emulation and its control socket."""

    def __init__(self, folder, *options, model="kw320", port="rs485"):
        self.path = folder / port
        load = folder / "load.json"
        load.write_text(json.dumps(LOAD))
        command = [sys.executable, "-m", "fourquad_tools", "emulate", "--model", model, "--headless"]
        command += [
            "--load",
            str(load),
            "--control",
            str(folder / "control"),
            "--port",
            f"{port}={self.path}",
        ]
        self.process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
        said = [self.process.stderr.readline() for _ in range(2)]
        assert "console" in said[1], said
        self.console = int(said[1].rsplit(":", 1)[1])
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(str(folder / "control"))
        self.file = self.socket.makefile("rw")

    def ask(self, **command):
        self.file.write(json.dumps(command) + "\n")
        self.file.flush()
        return json.loads(self.file.readline())

    def points(self):
        answer = self.ask(cmd="points")
        assert answer["ok"], answer
        return {name: point["value"] for name, point in answer["points"].items()}

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_S)
        self.file.close()
        self.socket.close()
        self.process.stderr.close()
        return status


def refuses(port):
    """Whether nobody listens to that port any more, soon."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionError:
            return True
        time.sleep(0.1)
    return False


def read_volts(path):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(fd, READ_VOLTS)
        got = b""
        while len(got) < 17:
            assert select.select([fd], [], [], PATIENCE_S)[0], got.hex()
            got += os.read(fd, 100)
    finally:
        os.close(fd)
    return struct.unpack(">3f", got[3:15])


def check(values, volts, amps):
    assert values["secondary.v1"] == pytest.approx(volts, rel=2e-3)
    assert values["secondary.i1"] == pytest.approx(amps, rel=5e-3)
    assert values["secondary.p1"] == pytest.approx(volts * amps * 0.5, rel=1e-2)
    assert values["secondary.frequency"] == pytest.approx(50.0, abs=0.01)


@pytest.mark.chosen
def test_emulate_with_every_command(tmp_path):
    image("PICO_EMU")
    run = Process(tmp_path, "--state", str(tmp_path / "state"), "--start", "2026-02-03T04:05:06")
    try:
        assert read_volts(run.path) == pytest.approx((230.0, 115.0, 0.0), rel=2e-3)
        assert run.ask(cmd="advance", seconds=2)["ok"]
        got = run.points()
        check(got, 230.0, 5.0)
        assert [got[f"state.{name}"] for name in ("year", "month", "day", "hour")] == [2026, 2, 3, 4]
        assert run.ask(cmd="truth")["phases"][0]["volts"] == pytest.approx(230.0)
        screen = run.ask(cmd="screen", png=str(tmp_path / "lcd.png"))
        assert screen["backlight"] is True
        assert len(screen["rows"]) == 64
        assert (tmp_path / "lcd.png").read_bytes().startswith(b"\x89PNG")
        assert run.ask(cmd="key", key="P")["ok"]
        assert run.ask(cmd="screen")["rows"] != screen["rows"]
        assert "none of H, P, E, V/A" in run.ask(cmd="key", key="Q")["error"]
        assert run.ask(cmd="input", n=2, value=1)["ok"]
        changed = {"phases": [{"volts": 100.0, "amps": 4.0, "lag": 60.0}]}
        assert run.ask(cmd="load", load=changed)["ok"]
        assert run.ask(cmd="advance", seconds=3)["ok"]
        check(run.points(), 100.0, 4.0)
        assert run.ask(cmd="power", on=False)["ok"]
        assert run.ask(cmd="points") == {"ok": False, "error": "the meter has no power"}
        assert run.ask(cmd="power", on=True)["ok"]
        check(run.points(), 100.0, 4.0)
        stats = run.ask(cmd="stats")
        assert stats["adc"]["overflows"] == 0
        assert run.end() == 0
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)
    assert (tmp_path / "state" / "emulated-flash.bin").stat().st_size == 2 << 20
    assert not run.path.is_symlink()


def test_another_model_and_back(tmp_path):
    """The image is an A1000 when it is asked for, and its flash remembers."""
    image("PICO_EMU")
    options = ("--state", str(tmp_path / "state"), "--start", "2026-02-03T04:05:06", "--speed", "0.001")
    run = Process(tmp_path, *options, model="a1000")
    try:
        assert run.ask(cmd="advance", seconds=6)["ok"]
        got = run.ask(cmd="points")["points"]
        assert len(got) == 90
        assert got["1-1:1.8.0"] == {"value": 0.0, "unit": "kWh"}
        # 575 W and 230 W, in an interval that has hardly begun
        assert 0.78 < got["1-1:1.4.0"]["value"] < 0.95
        assert "none of DISPLAY, RESET" in run.ask(cmd="key", key="H")["error"]
        before = run.ask(cmd="screen")["rows"]
        assert run.ask(cmd="key", key="DISPLAY")["ok"]
        assert run.ask(cmd="screen")["rows"] != before
        assert run.end() == 0
        run = Process(tmp_path, *options)
        check(run.points(), 230.0, 5.0)
        # the emulator ends with it, however that ends
        assert run.end(signal.SIGKILL) == -signal.SIGKILL
        assert refuses(run.console)
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)


def test_choose_the_model_of_a_board():
    image("PICO_EMU")
    with Emulated(image("PICO_EMU"), paused=False) as board:
        command = [sys.executable, "-m", "fourquad_tools", "model"]
        port = ["--port", f"socket://127.0.0.1:{board.ports['uart0']}"]
        for name, told in ((["a1000"], "a1000\n"), ([], "a1000\n")):
            board("run", ns=4e9)  # it has started
            done = subprocess.run([*command, *name, *port], capture_output=True, text=True, env=patient())
            assert (done.returncode, done.stdout) == (0, told), done.stderr
        said = ""
        for _ in range(16):
            board("run", ns=5e8)
            said += board("uart", n=0, read=True)["text"]
        assert "Ctrl-C ends it" in said
        assert "fourquad: a1000 on PICO_EMU" in said
        # that reset was a command; one by the watchdog is a fault, which the meter will show
        tell = "from chip import watchdog; print(watchdog.bit())"
        assert board.run(tell) == "0"
        board("uart", n=0, text="watchdog.Watchdog().bite()\r")
        assert board("run", ns=8e9, until="uart0", text="Ctrl-C ends it")["found"]
        assert board.run(tell) == "1"


def test_emulate_a_meter_that_speaks_bacnet(tmp_path):
    """It is alone on its line, and answers who has no token."""
    image("PICO_EMU")
    run = Process(tmp_path, "--start", "2026-02-03T04:05:06", model="s4100", port="mstp")
    try:
        assert run.ask(cmd="advance", seconds=2)["ok"]
        values = run.points()
        assert len(values) == 83 + 11 + 15
        assert values["Volts_AN"] == pytest.approx(230.0, rel=2e-3)
        assert values["Volts_BN"] == pytest.approx(115.0, rel=2e-3)
        assert values["Current_A"] == pytest.approx(5.0, rel=5e-3)
        assert values["KW_A"] == pytest.approx(0.575, rel=1e-2)
        assert values["Frequency"] == pytest.approx(50.0, abs=0.01)
        # of the board's presets the model has one; the other would not be 1 or 3
        assert values["CT_Ratio_Primary"] == 5 and values["CT_Ratio_Secondary"] == 1
        # the clock was set, and is lost with the power
        assert values["RTC_Reset"] == 0
        ups = values["Power_Up_Count"]
        before = run.ask(cmd="screen")["rows"]
        assert run.ask(cmd="key", key="UP", ms=100)["ok"]
        assert run.ask(cmd="screen")["rows"] != before
        assert run.ask(cmd="power", on=False)["ok"] and run.ask(cmd="power", on=True)["ok"]
        values = run.points()
        assert values["RTC_Reset"] == 1 and values["Power_Up_Count"] == ups + 1
        assert run.end() == 0
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGKILL)


def deployed(board, *options):
    """Run the command; the process that ended."""
    board("run", ns=3e9, until="uart0", text=">>> ")
    command = [sys.executable, "-m", "fourquad_tools", "deploy", "--board", "PICO_EMU", *options]
    command += ["--port", f"socket://127.0.0.1:{board.ports['uart0']}"]
    command += ["--mpy-cross", str(BUILD / "mpy-cross")]
    return subprocess.run(command, capture_output=True, text=True, env=patient())


def test_deploy_into_the_romfs_and_start():
    with Emulated(image("PICO_EMU-bare"), paused=False) as board:
        load = {"phases": [{"volts": 230.0, "amps": 5.0, "lag": 60.0}]}
        # as boards/PICO_EMU/board.py scales them
        channels = [
            {"input": 0, "quantity": "volts", "phase": 0, "scale": 1 / (3.3 / 4096 * 999.3 / 3.3)},
            {"input": 2, "quantity": "amps", "phase": 0, "scale": 1 / (3.3 / 4096 * 10)},
        ]
        board("adc", channels=channels, load=load)
        # a meter with so many tables needs an image of its own
        done = deployed(board, "--model", "kw320")
        assert done.returncode == 2 and "MODEL=" in done.stderr, done.stdout[-2000:] + done.stderr
        done = deployed(board, "--model", "acurev1312")
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        board("run", ns=15e9)
        console = board("uart", n=0, read=True)["text"]
        assert "fourquad: acurev1312 on PICO_EMU" in console, console[-2000:]
        reply = bytes.fromhex(board("transact", n=1, send=READ_PHASES.hex(), timeout_ms=1000)["reply"])
        assert len(reply) == 17, console[-2000:] + board("uart", n=0, read=True)["text"]
        assert struct.unpack(">3f", reply[3:15])[0] == pytest.approx(230.0, rel=2e-3)


def test_deploy_as_files_is_refused_and_changes_nothing():
    """An RP2040 cannot run the meter from its heap as a larger chip can."""
    with Emulated(image("PICO_EMU-bare"), paused=False) as board:
        board("run", ns=3e9, until="uart0", text=">>> ")
        board.run("open('main.py', 'w').write('print(1)')")
        done = deployed(board, "--copy")
        assert done.returncode == 2, done.stdout[-2000:] + done.stderr
        assert "nothing was changed" in done.stderr
        assert "VARIANT=bare" in done.stderr
        assert board.run("import os; print(sorted(os.listdir('/')))") == "['main.py']"
