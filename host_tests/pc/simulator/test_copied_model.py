"""A model is data: one more is a folder of tables, made here, and everything works with it."""

from __future__ import annotations

import importlib
import json
import math
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import copied_model as copy
import pytest
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.framer import FramerType

import fourquad.models
from fourquad import points as p
from fourquad_tools.options import OptionError, model, selectable
from fourquad_tools.pages import docs, menu_docs

# A process of its own that has the folder too.
LAUNCH = """
import sys
import fourquad.models
fourquad.models.__path__.append(sys.argv.pop(1))
from fourquad_tools.cli import main
sys.exit(main())
"""
PATIENCE_S = 60.0
LOAD = {
    "phases": [
        {"volts": 231.5, "amps": 5.0, "lag": 60.0},
        {"volts": 228.0, "amps": 4.0, "lag": -30.0},
        {"volts": 226.5, "amps": 3.0, "lag": 150.0},
    ]
}
UNIT = 17


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the models are that this test has added."""
    place = tmp_path / "models"
    copy.write(place)
    fourquad.models.__path__.append(str(place))
    importlib.invalidate_caches()
    yield place
    fourquad.models.__path__.remove(str(place))
    for name in [name for name in sys.modules if name.startswith(f"fourquad.models.{copy.NAME}")]:
        del sys.modules[name]


@pytest.fixture
def tables(folder: Path) -> ModuleType:
    return model(copy.NAME)


class Meter:
    """The simulator of the copied model, as a process."""

    def __init__(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "load.json").write_text(json.dumps(LOAD))
        control, self.serial = tmp_path / "control", str(tmp_path / "serial")
        options = ["--model", copy.NAME, "--headless", "--load", str(tmp_path / "load.json")]
        options += ["--net", "modbus=0", "--port", f"com1={self.serial}"]
        options += ["--state", str(tmp_path / "state"), "--control", str(control)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(folder), "sim", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout and self.process.stderr
        where = self.process.stdout.readline()
        assert where, self.process.communicate()
        self.host, _, number = where.strip().partition(":")
        self.port = int(number)
        self.hints = [self.process.stderr.readline().strip() for _ in range(4)]
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(str(control))
        self._lines = self._socket.makefile("rw")

    def ask(self, **command: Any) -> Any:
        self._lines.write(json.dumps(command) + "\n")
        self._lines.flush()
        reply = json.loads(self._lines.readline())
        assert reply["ok"], reply
        return reply

    def tcp(self) -> ModbusTcpClient:
        client = ModbusTcpClient(self.host, port=self.port, timeout=PATIENCE_S)
        assert client.connect()
        return client

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE_S) == 0
        self._lines.close()
        self._socket.close()


@pytest.fixture
def meter(folder: Path, tmp_path: Path) -> Iterator[Meter]:
    one = Meter(folder, tmp_path)
    yield one
    one.end()


def registers(client: Any, address: int, count: int) -> list[int]:
    answer = client.read_holding_registers(address, count=count, device_id=UNIT)
    assert not answer.isError(), answer
    words: list[int] = answer.registers
    return words


def of(words: list[int], form: str) -> tuple[float, ...]:
    """Registers as numbers: a letter of `struct` for each."""
    return struct.unpack(">" + form, struct.pack(f">{len(words)}H", *words))


def setting(tables: ModuleType, offset: int) -> int:
    """The address of a setting of the copy."""
    return next(row[0] for row in tables.SETTING_REGISTERS if row[3] == p.SETTING + offset)


def polled(client: Any, truth: dict[str, Any]) -> None:
    """What the meter measures is what the load is, in this meter's units."""
    words = registers(client, copy.READINGS_AT, 1)
    assert words[0] == pytest.approx(5000, abs=1)  # 0.01 Hz
    millivolts = of(registers(client, copy.READINGS_AT + 2, 6), "III")
    milliamps = of(registers(client, copy.READINGS_AT + 8, 6), "III")
    kilowatts = of(registers(client, copy.READINGS_AT + 0x10, 8), "ffff")
    kilovars = of(registers(client, copy.READINGS_AT + 0x18, 8), "ffff")
    factors = of(registers(client, copy.READINGS_AT + 0x20, 4), "hhhh")
    for i, phase in enumerate(LOAD["phases"]):
        power = phase["volts"] * phase["amps"] / 1000
        lag = math.radians(phase["lag"])
        assert millivolts[i] == pytest.approx(1000 * phase["volts"], rel=1e-4)
        assert milliamps[i] == pytest.approx(1000 * phase["amps"], rel=1e-4)
        assert kilowatts[i] == pytest.approx(power * math.cos(lag), abs=2e-4 * power)
        assert kilovars[i] == pytest.approx(power * math.sin(lag), abs=3e-4 * power)
        assert abs(factors[i]) == pytest.approx(1000 * abs(math.cos(lag)), abs=1)
    assert kilowatts[3] == pytest.approx(truth["active"] / 1000, rel=3e-4)


def test_it_starts_and_is_polled_over_both_links(meter: Meter) -> None:
    truth = meter.ask(cmd="truth")
    client = meter.tcp()
    polled(client, truth)
    client.close()
    serial = ModbusSerialClient(meter.serial, framer=FramerType.RTU, timeout=PATIENCE_S)
    assert serial.connect()
    polled(serial, truth)
    serial.close()


def test_its_codes_and_scales_are_its_own(meter: Meter, tables: ModuleType) -> None:
    client = meter.tcp()

    def read(offset: int) -> int:
        return registers(client, setting(tables, offset), 1)[0]

    def write(offset: int, value: int) -> int:
        answer = client.write_registers(setting(tables, offset), [value], device_id=UNIT)
        return answer.exception_code if answer.isError() else 0

    # its defaults, in its own codes
    assert (read(p.ADDRESS_1), read(p.BAUD_1), read(p.PARITY_1)) == (17, 9600, 2)
    assert (read(p.WIRING_U), read(p.DEMAND_MODE)) == (31, 0)
    assert (read(p.DEMAND_WINDOW), read(p.BACKLIGHT)) == (600, 180)
    # 2LL here is 21: no phase voltages any more
    assert write(p.WIRING_U, 2) == 3 and write(p.WIRING_U, 21) == 0
    meter.ask(cmd="advance", seconds=2.5)
    assert of(registers(client, copy.READINGS_AT + 2, 6), "III") == (0, 0, 0)
    assert write(p.WIRING_U, 31) == 0 and write(p.DEMAND_MODE, 3) == 0
    assert meter.ask(cmd="points")["points"]["setting.demand_mode"]["value"] == 2  # thermal
    # its commands act on 7; the kw320's 1 is refused
    meter.ask(cmd="advance", seconds=900)
    assert of(registers(client, copy.ENERGIES_AT, 2), "i")[0] > 0
    clear = next(row[0] for row in tables.COMMAND_REGISTERS if row[3] == p.COMMAND + p.CLEAR_ENERGY)
    assert registers(client, clear, 1) == [99]
    assert client.write_registers(clear, [1], device_id=UNIT).exception_code == 3
    assert not client.write_registers(clear, [7], device_id=UNIT).isError()
    assert of(registers(client, copy.ENERGIES_AT, 2), "i") == (0,)
    # nothing of the kw320's map is there, and nothing of the parts that are not
    for address in (0x4000, 0x1003, 0x3000, 0x4136):
        answer = client.read_holding_registers(address, count=1, device_id=UNIT)
        assert answer.exception_code == 2
    assert client.read_discrete_inputs(0, count=1, device_id=UNIT).exception_code == 2
    client.close()


def test_it_is_the_same_after_it_was_killed(folder: Path, tmp_path: Path, tables: ModuleType) -> None:
    first = Meter(folder, tmp_path)
    client = first.tcp()
    address = setting(tables, p.DEMAND_MODE)
    assert not client.write_registers(address, [2], device_id=UNIT).isError()
    client.close()
    first.end()
    second = Meter(folder, tmp_path)
    client = second.tcp()
    assert registers(client, address, 1) == [2]
    client.close()
    second.end()


def test_the_hints_poll_what_it_has(meter: Meter) -> None:
    commands = [line for line in meter.hints if line.startswith("mbpoll")]
    assert len(commands) == 2
    for command in commands:
        # its first readings that mbpoll can show: P1 on, of its map
        assert f"-a {UNIT} " in command and "-t 4:float -B -0 -r 0x2010 -c 3 " in command
    assert any(" -b 9600 -P even " in command for command in commands)


def test_its_panel_shows_its_pages(meter: Meter) -> None:
    screen = meter.ask(cmd="screen")
    assert screen["modes"] == ["Meter", "Demand", "Harmonic", "Setting"]
    assert [row["text"] for row in screen["rows"][:3]] == ["231.5", "228.0", "226.5"]
    meter.ask(cmd="key", key="P")
    assert meter.ask(cmd="screen")["rows"][0]["text"] == "0.579"


def test_it_makes_its_pages(folder: Path, tables: ModuleType, tmp_path: Path) -> None:
    root = tmp_path / "root"
    names = sorted(path.name for path in docs.write(root, [copy.NAME]))
    assert names == ["registers.md", "settings.md"]
    text = (root / "docs" / copy.NAME / "registers.md").read_text()
    wiring = setting(tables, p.WIRING_U)
    assert f"| {wiring:04X}H | Voltage wiring | word | 10, 11, 21, 30, 31" in text
    assert "| 2010H-2011H | Active power of phase A | float |" in text
    seal = f"{setting(tables, p.SEAL_OPTIONS):04X}H"
    assert seal in text and "101EH" not in text and "## Bits" not in text
    text = (root / "docs" / copy.NAME / "settings.md").read_text()
    assert "current input" not in text and "| com1 | modbus |" in text
    menu_docs.write(root / "docs", [copy.NAME])
    text = (root / "docs" / copy.NAME / "menu.md").read_text()
    assert "Max/Min:" not in text and "WIRE U" in text and "CT1" not in text and "![" not in text
    assert f"| {wiring:04X}H |" in text
    assert (root / "docs" / copy.NAME / "panel.png").stat().st_size > 10000
    assert not (root / "docs" / copy.NAME / "menu").exists()


def test_it_can_be_chosen_and_has_no_choice_of_inputs(folder: Path) -> None:
    assert copy.NAME in selectable()
    with pytest.raises(OptionError, match="other has no choice of current input"):
        model(copy.NAME, "sc")
