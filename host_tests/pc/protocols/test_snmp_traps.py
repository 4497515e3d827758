"""net-snmp's snmptrapd receives traps and informs of the simulated kw320, of v2c and of v3."""

from __future__ import annotations

import os
import queue
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from foreign import programs
from simulated import PATIENCE_S
from snmp_sim import OWN, SnmpSim

programs("snmptrapd")

DEVICE = OWN[:-2]
COLD_START, LINK_UP, FAILURE = [f".1.3.6.1.6.3.1.1.5.{k}" for k in (1, 4, 5)]
ALARM, INPUTS = f"{DEVICE}.0.1", f"{DEVICE}.0.2"
DI2 = 53  # the code of alarms
AUTH, PRIV = "maplesyrup", "another secret"


class Receiver:
    """snmptrapd at a port of its own. `users`: lines of its configuration."""

    def __init__(self, folder: Path, *users: str, port: int = 0) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.port = port or free()
        lines = ["disableAuthorization yes", "doNotLogTraps no", "outputOption ne", *users]
        (folder / "snmptrapd.conf").write_text("\n".join(lines) + "\n")
        self.start()

    def start(self) -> None:
        command = ["snmptrapd", "-f", "-n", "-m", "", "-On", "-C", "-c", str(self.folder / "snmptrapd.conf")]
        command += ["-F", "%w %v\\n", "-Lo", "-p", str(self.folder / "pid"), f"udp:127.0.0.1:{self.port}"]
        place = {"SNMP_PERSISTENT_DIR": str(self.folder / "kept"), "SNMPCONFPATH": str(self.folder)}
        self.process = subprocess.Popen(
            command, env={**os.environ, **place}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True).start()
        while "NET-SNMP version" not in self.lines.get(timeout=PATIENCE_S):
            pass

    @staticmethod
    def _read(stream: Iterable[str], lines: queue.SimpleQueue[str]) -> None:
        for line in stream:
            lines.put(line)

    def next(self, *wanted: str) -> dict[str, str]:
        """The next notification, by the names of its objects; one that is not wanted is passed over."""
        end = time.monotonic() + PATIENCE_S
        while True:
            line = self.lines.get(timeout=max(0.1, end - time.monotonic()))
            found = dict(re.findall(r"(\.1\.3[0-9.]*) = (.*?)(?=\t|$)", line.strip()))
            trap = found.get(".1.3.6.1.6.3.1.1.4.1.0", "").removeprefix("OID: ")
            if trap in wanted:
                return {"trap": trap, **found}

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_S)


def free() -> int:
    """A port that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnmpSim]:
    meter = SnmpSim(tmp_path_factory.mktemp("sim"))
    meter.write(0x101B, 1)  # the sequence of events of IO11
    # the first channel of alarms: DI2 is closed
    meter.write(0x104E, DI2, 2, 1, 0, 0)
    yield meter
    meter.close()


def test_v2c(sim: SnmpSim, tmp_path: Path) -> None:
    receiver, other = Receiver(tmp_path / "one"), Receiver(tmp_path / "two")
    try:
        sim.set(traps=1)
        sim.target(0, "127.0.0.1", receiver.port)
        sim.target(3, "127.0.0.1", other.port)
        sim.reset_module()
        for each in (receiver, other):
            assert each.next(COLD_START, LINK_UP)["trap"] == COLD_START
            found = each.next(LINK_UP)
            assert found[".1.3.6.1.2.1.2.2.1.8.1"] == "INTEGER: 1"
        sim.manager("snmpget", "-r0", "-t1", ".1.3.6.1.2.1.1.5.0", how=("-v2c", "-cwrong"), check=False)
        receiver.next(FAILURE)
        sim.ask(cmd="input", n=1, value=1)
        found = receiver.next(INPUTS)
        assert found[f"{OWN}.10.2.1.9.1"] == "INTEGER: 1"  # the inputs: DI1 alone
        assert found[f"{OWN}.10.2.1.2.1"] == "INTEGER: 2026"
        assert other.next(INPUTS) == found
        # the record is what a manager reads
        assert sim.walk("snmpget", f"{OWN}.10.2.1.8.1")[f"{OWN}.10.2.1.8.1"] == found[f"{OWN}.10.2.1.8.1"]
    finally:
        receiver.close()
        other.close()


@pytest.mark.thorough
def test_informs_are_repeated_until_they_are_acknowledged(sim: SnmpSim, tmp_path: Path) -> None:
    port = free()
    sim.set(traps=2, hold=3)
    sim.target(0, "127.0.0.1", port)
    sim.target(3, "0", 162)
    sim.reset_module()
    sim.write(0x1046, 1, 0, 1)  # alarms are on, of the first channel
    for value in (1, 0):
        sim.ask(cmd="input", n=2, value=value)
        sim.ask(cmd="advance", seconds=1)
    for _ in range(3):  # nobody is there: it is said again
        sim.ask(cmd="advance", seconds=20)
    receiver = Receiver(tmp_path / "one", port=port)
    try:
        seen = []
        while len(seen) < 5:
            found = receiver.next(LINK_UP, ALARM, INPUTS)
            seen.append((found["trap"], found.get(f"{OWN}.9.4.1.2.1"), found.get(f"{OWN}.9.4.1.2.2")))
            sim.ask(cmd="advance", seconds=3)  # what was held, and no repetition
        assert seen[0][0] == LINK_UP
        told = [each for each in seen if each[0] == ALARM]
        assert [each[0] for each in seen].count(INPUTS) == 2
        # bit 0 says that it has begun, and without it that it is over
        assert told == [(ALARM, f"INTEGER: {DI2 << 8 | 1}", None), (ALARM, None, f"INTEGER: {DI2 << 8}")]
        sim.ask(cmd="advance", seconds=100)
        time.sleep(0.5)
        assert receiver.lines.empty()  # each once
    finally:
        receiver.close()
        sim.set(traps=0, hold=0)


@pytest.mark.thorough
def test_v3(sim: SnmpSim, tmp_path: Path) -> None:
    """Traps of our engine, informs to the receiver's, both with authentication and privacy."""
    sim.set(version=1, auth=2, priv=1, traps=0)
    sim.reset_module()
    sim.set_text("auth_password", AUTH)
    sim.set_text("priv_password", PRIV)
    how = ("-v3", "-ufourquad", "-lauthPriv", "-aSHA-256", "-A" + AUTH, "-xAES", "-X" + PRIV)
    sim.wait_for_keys(how)
    engine = sim.walk("snmpget", ".1.3.6.1.6.3.10.2.1.1.0", how=how)[".1.3.6.1.6.3.10.2.1.1.0"]
    known = engine.removeprefix("Hex-STRING: ").replace(" ", "")
    keys = f'fourquad SHA-256 "{AUTH}" AES "{PRIV}"'
    receiver = Receiver(
        tmp_path / "one",
        f"createUser -e 0x{known} {keys}",
        f"createUser {keys}",
        "authUser log fourquad priv",
    )
    try:
        sim.target(0, "127.0.0.1", receiver.port)
        for kind in (1, 2):
            sim.set(traps=kind)
            sim.reset_module()
            assert receiver.next(LINK_UP)["trap"] == LINK_UP
            sim.ask(cmd="input", n=3, value=kind & 1)
            found = receiver.next(INPUTS)
            assert found[".1.3.6.1.6.3.1.1.4.1.0"] == f"OID: {INPUTS}"
        sim.ask(cmd="advance", seconds=100)
        time.sleep(0.5)
        assert receiver.lines.empty()  # all informs are acknowledged
    finally:
        receiver.close()
