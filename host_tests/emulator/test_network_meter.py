"""The meter on the emulated board with a W5500: foreign clients of Modbus TCP next to its serial line, and
what the network may not do to it.
"""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from emulated import PATIENCE_S, Emulated, image
from networked import EMPTY_FLASH_NS, IMAGE, board_on_network
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException
from test_load import assert_line_kept, assert_nothing_lost, measure
from test_meter import ask, start, wire, write

FLOATS = 0x4000  # frequency, V1 ...
PT1 = 0x1005
MODULE_RESET = 0x101A
DHCP = 0xD700
VOLTS = {"phases": [{"volts": 230.0, "amps": 5.0, "lag": 60.0}, {}, {}]}


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("502") as emulated:
        yield emulated


def client(board: Emulated) -> ModbusTcpClient:
    """A foreign client; from now on the board's time follows the sockets."""
    board("pace", speed=0)
    master = ModbusTcpClient("127.0.0.1", port=board.ports["net"]["502"], timeout=PATIENCE_S, retries=0)
    assert master.connect()
    return master


def floats(master: ModbusTcpClient, count: int) -> tuple[float, ...]:
    answer = master.read_holding_registers(FLOATS, count=2 * count, device_id=1)
    assert not answer.isError(), answer
    return struct.unpack(f">{count}f", struct.pack(f">{2 * count}H", *answer.registers))


def once_it_is_there(port: int) -> tuple[float, ...]:
    """The first floats of a board that refuses connections until it has started."""
    end = time.monotonic() + PATIENCE_S
    while True:
        master = ModbusTcpClient("127.0.0.1", port=port, timeout=PATIENCE_S, retries=0)
        try:
            assert master.connect()
            return floats(master, 2)
        except (ConnectionException, ConnectionError):
            assert time.monotonic() < end
            time.sleep(0.2)
        finally:
            master.close()


def networked(**options: float) -> dict[str, Any]:
    """The load of four clients, each ten times a second, while a master polls the serial line back to
    back; next to nothing but the meter is in the board's memory.
    """
    image(IMAGE)
    return measure(image=IMAGE, script="heap.py", baud=19200, clients=4, registers=60, **options)


def test_a_foreign_client_reads_and_sets_beside_the_serial_line(board: Emulated) -> None:
    master = client(board)
    frequency, volts = floats(master, 2)
    assert frequency == pytest.approx(50.0, abs=0.01)
    assert volts == pytest.approx(230.0, rel=2e-3)
    off_the_map = master.read_holding_registers(0x3FF0, count=2, device_id=1)
    assert off_the_map.isError() and off_the_map.exception_code == 2
    assert not master.write_registers(PT1, [0, 4000], device_id=1).isError()
    board("pace", paused=True)
    assert ask(board, 1, 3, PT1 >> 8, PT1 & 255, 0, 2)[1:] == struct.pack(">2H", 0, 4000)
    master.close()


def test_dhcp_by_a_register_and_a_reset_of_the_module(board: Emulated) -> None:
    assert board("net")["address"] == "192.168.1.254"
    write(board, DHCP, 1)
    board("run", ns=1e9)
    assert board("net")["address"] == "192.168.1.254"
    write(board, MODULE_RESET, 1)
    board("run", ns=3e9)
    assert board("net")["address"] == "10.0.2.15"
    assert board("net")["hostname"] == "fourquad"
    master = client(board)
    assert floats(master, 2)[1] == pytest.approx(230.0, rel=2e-3)
    master.close()


def test_it_meters_while_the_cable_is_out_and_serves_again(board: Emulated) -> None:
    master = client(board)
    floats(master, 2)
    board("pace", paused=True)
    board("net", plugged=False)
    board("run", ns=10e9)
    assert struct.unpack(">f", ask(board, 1, 3, FLOATS >> 8, 2, 0, 2)[1:])[0] == pytest.approx(
        230.0, rel=2e-3
    )
    board("net", plugged=True)
    board("pace", speed=0)
    assert floats(master, 2)[1] == pytest.approx(230.0, rel=2e-3)
    master.close()
    again = client(board)
    assert floats(again, 2)[1] == pytest.approx(230.0, rel=2e-3)
    again.close()


def test_it_serves_after_half_open_connections_and_a_flood(board: Emulated) -> None:
    master = client(board)
    floats(master, 1)
    board("pace", paused=True)
    board("net", half_open={"port": 502, "count": 1000, "per_second": 500})
    board("net", flood={"frames": 2000, "per_second": 1000})
    board("run", ns=2.2e9)
    board("pace", speed=0)
    assert floats(master, 2)[1] == pytest.approx(230.0, rel=2e-3)
    master.close()


def test_a_board_whose_w5500_does_not_answer_meters_all_the_same() -> None:
    with Emulated(image(IMAGE)) as emulated:
        wire(emulated)
        start(emulated)
        emulated("run", ns=EMPTY_FLASH_NS)
        volts = ask(emulated, 1, 3, FLOATS >> 8, 2, 0, 2)[1:]
        assert struct.unpack(">f", volts)[0] == pytest.approx(230.0, rel=2e-3)


def test_four_clients_beside_a_serial_line_that_is_never_still() -> None:
    """No sample is lost, the serial line is in its limits, an answer over the network begins within 5 ms in
    95 of 100.
    """
    result = networked(seconds=20)
    assert_nothing_lost(result)
    assert_line_kept(result)
    assert result["master"]["within_5ms"] >= 0.95
    tcp = result["tcp"]
    assert tcp["requests"] >= 700
    assert tcp["answers"] >= tcp["requests"] - 4
    assert tcp["bad"] == tcp["resets"] == 0
    assert tcp["within_5ms"] >= 0.95


def test_frames_that_get_lost_cost_time_and_nothing_else() -> None:
    result = networked(seconds=10, loss=0.01)
    assert_nothing_lost(result)
    assert result["tcp"]["lost"] > 0
    assert result["tcp"]["bad"] == result["tcp"]["resets"] == 0
    assert result["master"]["within_5ms"] >= 0.95


def test_fourquad_emulate_serves_a_foreign_client(tmp_path: Path) -> None:
    image(IMAGE)
    load = tmp_path / "load.json"
    load.write_text(json.dumps(VOLTS))
    command = [sys.executable, "-m", "fourquad_tools", "emulate", "--headless", "--load", str(load)]
    command += ["--port", f"rs485={tmp_path / 'rs485'}", "--net", "modbus=0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            found = re.fullmatch(r"modbus on 127\.0\.0\.1:(\d+)\n", said)
            assert found, said + process.stderr.read()
            assert once_it_is_there(int(found[1]))[1] == pytest.approx(230.0, rel=2e-3)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
