"""Where a simulator can be reached from: --bind, and the control socket on TCP."""

from __future__ import annotations

import json
import socket

import pytest
from pymodbus.client import ModbusTcpClient
from test_command import PATIENCE, running, start

from fourquad_tools import cli
from fourquad_tools.ports.tcp import local


def ask(port, *lines):
    """The answers to these lines over one connection, until it ends or all are there."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(PATIENCE)
        line.sendall(b"".join(text + b"\n" for text in lines))
        with line.makefile() as file:
            out = []
            for _ in lines:
                reply = file.readline()
                if not reply:
                    break
                out.append(json.loads(reply))
            return out


def test_the_control_socket_on_tcp_beside_the_unix_one(tmp_path):
    with running(tmp_path, "--tcp", "rs485=0", "--control", "tcp:0") as sim:
        assert sim.first.startswith("control on 127.0.0.1:")
        port = int(sim.first.rpartition(":")[2])
        both = ask(port, b'{"cmd":"input","n":1,"value":1}', b'{"cmd":"points"}')
        assert both[0]["ok"] and both[1]["points"]["io.di1"]["value"] == 1
        assert sim.point("io.di1") == 1
        sim.end()


def test_a_web_page_cannot_command_a_meter(tmp_path):
    """A browser posts whatever a page wants to a port of this computer: the body must not be done."""
    with running(tmp_path, "--tcp", "rs485=0", "--control", "tcp:0") as sim:
        port = int(sim.first.rpartition(":")[2])
        head = [b"POST / HTTP/1.1\r", b"Host: 127.0.0.1\r", b"Content-Type: text/plain\r", b"\r"]
        replies = ask(port, *head, b'{"cmd":"power","on":false}')
        assert replies == [{"ok": False, "error": "a command is an object"}]
        assert sim.ask(cmd="stats")["power"]
        # a line that is an object but no command is answered, as on the other socket
        assert [reply["ok"] for reply in ask(port, b'{"cmd":"fly"}', b"{", b'{"cmd":"truth"}')] == [
            False,
            False,
            True,
        ]
        sim.end()


@pytest.mark.parametrize("where", ["tcp:", "tcp:x", "tcp:65536", "tcp:-1", "tcp:²"])
def test_a_port_of_control_that_makes_no_sense(where):
    process = start("--headless", "--tcp", "rs485=0", "--control", where)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said == f"fourquad sim: --control {where}: must be tcp:PORT with a port from 0 to 65535\n"


def test_a_port_of_control_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"tcp:{taken.getsockname()[1]}"
        process = start("--headless", "--tcp", "rs485=0", "--control", where)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said.startswith(f"fourquad sim: --control {where}: ") and said.count("\n") == 1


def listening(process):
    """Addresses of the TCP sockets on which a process listens, by Linux."""
    inodes = set()
    from pathlib import Path

    for link in Path(f"/proc/{process.pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    out = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == "0A" and words[9] in inodes:
            out.append(socket.inet_ntoa(bytes.fromhex(words[1].partition(":")[0])[::-1]))
    return out


def test_nobody_else_can_reach_it_unless_it_is_asked_for(tmp_path):
    ports = ["--tcp", "rs485=0", "--net", "modbus=0", "--control", "tcp:0"]
    with running(tmp_path, *ports) as sim:
        sim.ask(cmd="stats")
        assert listening(sim.process) == ["127.0.0.1"] * 3
        sim.end()


def test_bind(tmp_path):
    """0.0.0.0 is asked for by name and said in a line; the control socket stays on this computer."""
    ports = ["--tcp", "rs485=0", "--net", "modbus=0", "--control", "tcp:0", "--bind", "0.0.0.0"]
    with running(tmp_path, *ports) as sim:
        sim.ask(cmd="stats")
        assert sorted(listening(sim.process)) == ["0.0.0.0", "0.0.0.0", "127.0.0.1"]
        said = [sim.process.stderr.readline() for _ in range(5)]
        assert said[-1] == "--bind 0.0.0.0: anybody on the network can reach this meter, read it and set it\n"
        rtu, tcp = (sim.process.stdout.readline().strip() for _ in range(2))
        assert rtu.startswith("0.0.0.0:")
        client = ModbusTcpClient("127.0.0.1", port=int(tcp.rpartition(":")[2]), timeout=30)
        assert client.connect()
        assert client.read_holding_registers(0x1001, count=1, device_id=1).registers == [1]
        client.close()
        sim.end()


def test_bind_to_another_address_of_this_computer_says_nothing(tmp_path):
    with running(tmp_path, "--net", "modbus=0", "--bind", "127.0.0.2") as sim:
        assert sim.first.startswith("modbus on 127.0.0.2:")
        sim.end()
        rest = sim.first
    assert "anybody" not in rest
    assert local("127.0.0.2") and local("::1") and not local("0.0.0.0") and not local("::")


@pytest.mark.parametrize("text", ["", "x", "localhost", "256.0.0.1", "1.2.3", "²"])
def test_an_address_that_is_none(text, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["sim", "--bind", text])
    assert end.value.code == 2
    assert "is no IP address such as 0.0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--bind", "0.0.0.0"], "there is no --tcp and no --net that it is for"),
        (["--bind", "192.0.2.1", "--tcp", "rs485=0"], "--tcp rs485: port 0 of 192.0.2.1: "),
    ],
)
def test_an_address_that_does_nothing(options, error):
    process = start("--headless", *options)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert error in said and said.count("\n") == 1
