"""What other platforms than Linux have not: terminals, signals, Unix sockets, positioned writes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.framer import FramerType

from fourquad_tools.ports import PortError, pseudo_terminal
from fourquad_tools.sim import fileflash
from fourquad_tools.sim.fileflash import FileFlash

PATIENCE = 60.0

# A Python without what that of Windows has not. Modules that have other ways there are loaded before.
WINDOWS = """
import asyncio, os, signal, socket, subprocess, sys
import serial, mpremote.transport_serial  # these have ways of their own on each platform

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("pty", "termios", "fcntl", "tty", "resource", "pwd", "grp"):
            raise ImportError(f"there is no {name} here")

for name in ("pty", "termios", "fcntl", "tty"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for name in ("SIGHUP", "SIGWINCH"):
    delattr(signal, name)
for name in ("pread", "pwrite"):
    delattr(os, name)
del asyncio.start_unix_server

def no_signals(*_):
    raise NotImplementedError

asyncio.SelectorEventLoop.add_signal_handler = no_signals
from fourquad_tools import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def start(*options):
    command = [sys.executable, "-c", WINDOWS, "sim", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_simulator_without_what_only_unix_has(tmp_path):
    """Ports on TCP, a network service, a control socket, a state and a trace; ended by a signal."""
    options = [
        "--tcp",
        "rs485=0",
        "--net",
        "modbus=0",
        "--control",
        "tcp:0",
        "--state",
        str(tmp_path / "state"),
    ]
    options += ["--trace", str(tmp_path / "bus.txt"), "--set", "ct1=100"]
    process = start("--headless", *options)
    said = process.stderr.readline()
    assert said.startswith("control on 127.0.0.1:"), said + process.stderr.read()
    rtu, tcp = (int(process.stdout.readline().rpartition(":")[2]) for _ in range(2))
    one = ModbusTcpClient("127.0.0.1", port=rtu, framer=FramerType.RTU, timeout=30, retries=0)
    other = ModbusTcpClient("127.0.0.1", port=tcp, timeout=30, retries=0)
    for client in (one, other):
        assert client.connect()
        assert client.read_holding_registers(0x1008, count=1, device_id=1).registers == [100]
        client.close()
    with socket.create_connection(("127.0.0.1", int(said.rpartition(":")[2]))) as line:
        line.settimeout(PATIENCE)
        line.sendall(b'{"cmd":"truth"}\n')
        assert json.loads(line.makefile().readline())["ok"]
    process.terminate()
    assert process.wait(PATIENCE) == 0
    process.communicate()
    assert (tmp_path / "bus.txt").read_text().count("\n") == 4
    again = FileFlash(
        tmp_path / "state" / "flash.bin", os.path.getsize(tmp_path / "state" / "flash.bin") // 4096
    )
    again.close()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((), "no pseudo-terminals on this platform (there is --tcp)"),
        (("--tcp", "rs485=0", "--control", "x"), "no Unix sockets on this platform (there is tcp:PORT)"),
    ],
)
def test_what_a_platform_has_not_is_one_line(options, error):
    process = start("--headless", *options)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert error in said and said.count("\n") == 1


class Echo:
    def __init__(self, send):
        self.send = send

    def received(self, data):
        self.send(data)

    def closed(self):
        pass


def test_a_link_where_sockets_need_files(tmp_path, monkeypatch):
    """macOS has no names of sockets without files: a locked file keeps a path for one simulator."""
    monkeypatch.setattr(pseudo_terminal.sys, "platform", "darwin")
    path = tmp_path / "meter"

    async def go():
        port = pseudo_terminal.PtyPort("rs485", str(path), Echo)
        with pytest.raises(PortError, match="belongs to a running simulator"):
            pseudo_terminal.PtyPort("rs485", str(path), Echo)
        assert Path(os.readlink(path)) == Path(port.device)
        await port.close()
        await pseudo_terminal.PtyPort("rs485", str(path), Echo).close()
        with pytest.raises(PortError, match="cannot make the link"):
            pseudo_terminal.PtyPort("rs485", str(tmp_path / "none" / "x"), Echo)

    asyncio.run(go())
    assert list(tmp_path.iterdir()) == []


def test_an_image_where_open_files_keep_their_names(tmp_path, monkeypatch):
    """Windows: it is made under its own name; what a killed start left of it is made again."""
    monkeypatch.setattr(fileflash, "_IN_PLACE", True)
    for name in ("pread", "pwrite"):
        monkeypatch.delattr(os, name)
    path = tmp_path / "flash.bin"
    for left in (None, b"", b"\xff" * 5000):
        if left is not None:
            path.write_bytes(left)
        flash = FileFlash(path, 4)
        with pytest.raises(BlockingIOError):
            FileFlash(path, 4)
        flash.program(4096, b"\x12\x34")
        flash.close()
        assert path.read_bytes() == b"\xff" * 4096 + b"\x12\x34" + b"\xff" * (3 * 4096 - 2)
    assert list(tmp_path.iterdir()) == [path]
    path.write_bytes(b"\x12" * 5000)
    with pytest.raises(ValueError, match="put the whole file back"):
        FileFlash(path, 4)
    assert path.read_bytes() == b"\x12" * 5000
