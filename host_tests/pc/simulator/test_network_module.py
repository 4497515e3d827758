"""The network module of a simulated kw320: what listens, where, and who is let in."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from pymodbus.client import ModbusTcpClient
from test_command import PATIENCE, running
from test_network_doors import listening

MODULE_RESET = 0x101A
MODBUS_PORT = 0xD715  # D700H + its place in the group
ACCESS_MODBUS = 0xD717
ALLOWED = 0xD800


PURE = Path(__file__).resolve().parents[2] / "pure"


def test_a_meter_without_a_network_imports_nothing_of_it():
    """A Device as on a board: what is not imported takes no heap and has no slice."""
    code = (
        "import sys; sys.path[:0] = {!r}\n"
        "from device.device_fakes import Plant, Networked\n"
        "def mine():\n"
        "    return [n for n in sys.modules if n.startswith(('fourquad.net', 'fourquad.device.network',"
        " 'fourquad.meter.network', 'fourquad.protocols.modbus.tcp', 'fourquad.models.kw320.network'))]\n"
        "for name in ('kw320', 'kw320q'):\n"
        "    plant = Plant(name)\n"
        "    plant.run(100)\n"
        "    print(mine(), len(plant.loop.ports), len(plant.loop.jobs))\n"
        "Networked().run(100)\n"
        "print(len(mine()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code.format([str(PURE), *sys.path])], capture_output=True, text=True
    )
    without, also, with_it = done.stdout.splitlines()
    assert without.startswith("[] 1 ") and also.startswith("[] 1 "), done.stdout + done.stderr
    assert int(with_it) >= 7, "the check can fail"


def connected(where: str) -> ModbusTcpClient:
    host, _, port = where.rpartition(":")
    client = ModbusTcpClient(host, port=int(port), timeout=PATIENCE, retries=0)
    assert client.connect()
    return client


def words(text: bytes) -> list[int]:
    text = text.ljust(16, b"\0")
    return [text[i] << 8 | text[i + 1] for i in range(0, 16, 2)]


def test_an_address_of_its_own(tmp_path):
    with running(tmp_path, "--net", "modbus=127.0.0.3:0") as sim:
        where = sim.first.split(" on ")[1].strip()
        assert where.startswith("127.0.0.3:")
        assert listening(sim.process) == ["127.0.0.3"]
        client = connected(where)
        assert client.read_holding_registers(MODBUS_PORT, count=1).registers == [502]
        client.close()
        sim.end()


def test_only_known_addresses_are_let_in(tmp_path):
    with running(tmp_path, "--net", "modbus=0") as sim:
        where = sim.first.split(" on ")[1].strip()
        client = connected(where)
        assert not client.write_registers(ALLOWED, words(b"127.0.*.5")).isError()
        assert not client.write_register(ACCESS_MODBUS, 1).isError()
        # who is in stays in
        assert client.read_holding_registers(ACCESS_MODBUS, count=1).registers == [1]
        port = int(where.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as stranger:
            assert stranger.recv(1) == b""
        with socket.socket() as known:
            known.settimeout(PATIENCE)
            known.bind(("127.0.0.5", 0))
            known.connect(("127.0.0.1", port))
            known.sendall(bytes.fromhex("000100000006010310010001"))
            assert known.recv(64).hex() == "0001000000050103020001"
        client.close()
        sim.end()


def test_a_reset_of_the_module_is_answered_and_the_service_is_back(tmp_path):
    with running(tmp_path, "--net", "modbus=0") as sim:
        where = sim.first.split(" on ")[1].strip()
        with socket.create_connection(("127.0.0.1", int(where.rpartition(":")[2])), timeout=PATIENCE) as raw:
            request = (
                bytes.fromhex("000100000006") + bytes((1, 6)) + MODULE_RESET.to_bytes(2, "big") + b"\0\1"
            )
            raw.sendall(request)
            assert raw.recv(12, socket.MSG_WAITALL) == request
            assert raw.recv(1) == b"", "the end of the connection"
        client = connected(where)
        assert client.read_holding_registers(MODULE_RESET, count=1).registers == [0]
        client.close()
        sim.end()
