"""`fourquad sim --model a1000` as a process: ports, keys, screen, and a master that knows nothing of it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from iec62056_21.client import Iec6205621Client
from PIL import Image

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    options = ["--headless", "--control", str(tmp_path / "control"), "--start", "2026-02-08T12:00:00"]
    options += ["--port", f"rs485={tmp_path / 'rs485'}", "--port", f"optical={tmp_path / 'optical'}"]
    code = "import sys; from fourquad_tools.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "sim", "--model", "a1000", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"rs485 on {tmp_path / 'rs485'}\n"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(str(tmp_path / "control"))
            file = connection.makefile("rw")

            def ask(**fields: Any) -> dict[str, Any]:
                file.write(json.dumps(fields) + "\n")
                file.flush()
                reply: dict[str, Any] = json.loads(file.readline())
                assert reply["ok"], reply
                return reply

            yield ask
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_both_ports_and_the_panel(ask: Ask, tmp_path: Path) -> None:
    client = Iec6205621Client.with_serial_transport(str(tmp_path / "optical"))
    client.connect()
    answer = client.standard_readout()
    assert len([line for line in answer.data_block.data_lines if line.data_sets]) == 90
    client.disconnect()
    # with several meters on a bus none answers without an address
    client = Iec6205621Client.with_serial_transport(str(tmp_path / "rs485"))
    client.connect()
    client.transport.TRANSPORT_REQUIRES_ADDRESS = True
    client.device_address = "000001"
    client.access_programming_mode()
    assert client.read_single_value("1-1:0.0.0").value == "000000000001"
    client.send_break()
    client.disconnect()
    ports = ask(cmd="stats")["ports"]
    assert (ports["optical"]["readouts"], ports["rs485"]["sessions"]) == (1, 1)

    shown = ask(cmd="screen", png=str(tmp_path / "front.png"))
    assert shown["mode"] == "timing" and shown["lock"]
    assert Image.open(tmp_path / "front.png").size == (760, 700)
    ask(cmd="key", key="DISPLAY")
    assert ask(cmd="screen")["mode"] == "sequential"
    ask(cmd="key", key="DISPLAY")
    assert ask(cmd="screen")["mode"] == "inquiry"
    resets = ask(cmd="points")["points"]["billing.resets"]["value"]
    ask(cmd="key", key="RESET", ms=1000)
    assert ask(cmd="points")["points"]["billing.resets"]["value"] == resets + 1
    ask(cmd="advance", seconds=1)
    ask(cmd="key", key="RESET", ms=8200)
    assert ask(cmd="screen")["digits"] == "PRG"
    ask(cmd="advance", seconds=241)
    shown = ask(cmd="screen")
    assert shown["mode"] == "timing" and shown["lock"]
