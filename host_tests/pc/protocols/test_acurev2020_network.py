"""An AcuRev 2020's services over real sockets: net-snmp finds every circuit, once the module was reset."""

from __future__ import annotations

import math
import re
import subprocess
from pathlib import Path
from typing import Any

from foreign import programs
from pymodbus.client import ModbusTcpClient
from simulated import PATIENCE_S, Simulated
from snmp_sim import register, value

from fourquad import points as p
from fourquad.points import audit as a
from fourquad.points import network as n

BELOW = ".1.3.6.1.4.1.32473.2.1"
LOAD: dict[str, Any] = {
    "phases": [{"volts": 230.0}] * 3,
    "circuits": [{"amps": 5.0 + k, "lag": 10.0 * k} for k in range(18)],
}


def client(sim: Simulated) -> ModbusTcpClient:
    made = ModbusTcpClient("127.0.0.1", port=sim.net["modbus"], timeout=PATIENCE_S)
    assert made.connect()
    return made


def write(master: ModbusTcpClient, address: int, *values: int) -> None:
    answer = master.write_registers(address, list(values), device_id=1)
    assert not answer.isError(), (hex(address), answer)


def test_every_circuit_by_snmp_after_a_reset_of_the_module(tmp_path: Path) -> None:
    programs("snmpbulkwalk")
    sim = Simulated(tmp_path, model="acurev2020", load=LOAD, nets=("modbus", "snmp"))
    try:
        master = client(sim)
        command = ["snmpbulkwalk", "-v2c", "-cpublic", "-m", "", "-One", "-t1", "-r0"]
        command += [f"127.0.0.1:{sim.net['snmp']}", BELOW]
        write(master, register(n.SNMP), 1)
        # what was written waits: nobody answers
        assert subprocess.run(command, capture_output=True, timeout=PATIENCE_S).returncode
        write(master, 0x08B6, 1)
        # who is connected is disconnected
        line = master.socket
        line.settimeout(PATIENCE_S)
        assert line.recv(1) == b""
        command[command.index("-r0")] = "-r20"
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        found = dict(re.findall(rf"^{re.escape(BELOW)}\.([0-9.]+) = (.*)$", done.stdout, re.MULTILINE))
        for k, circuit in enumerate(LOAD["circuits"]):
            watts = 230.0 * circuit["amps"] * math.cos(math.radians(circuit["lag"]))
            assert abs(value(found[f"2.1.1.2.{k + 1}"]) - 1000 * circuit["amps"]) <= circuit["amps"]
            assert abs(value(found[f"2.1.1.3.{k + 1}"]) - 10 * watts) <= 2.3 * circuit["amps"]
        users = [value(found[f"2.2.1.2.{k}"]) for k in range(1, 7)]
        inputs = [value(found[f"2.1.1.2.{k}"]) for k in range(1, 19)]
        assert abs(sum(users) - sum(inputs)) <= 24
        assert len(found) > 400
        # the audit log tells who switched it on, and that the module was reset
        master = client(sim)
        words = master.read_holding_registers(0xE800, count=1 + 2 * a.WORDS, device_id=1).registers
        reset, setting = words[1 : 1 + a.WORDS], words[1 + a.WORDS :]
        assert words[0] == 3 and reset[a.WHAT] == a.RESET and setting[a.WHAT] == a.SETTING
        assert setting[a.POINT] == p.SETTING + n.SNMP and setting[a.WHO] >> 8 == a.of_service("modbus")
        assert setting[a.HOST : a.HOST + 2] == [127 << 8, 1]
    finally:
        sim.close()
