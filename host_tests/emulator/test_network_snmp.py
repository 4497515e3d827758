"""The SNMP agent on the emulated board with a W5500: net-snmp walks it, by v2c and by v3 with privacy."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import foreign
import pytest
from emulated import PATIENCE_S, Emulated
from networked import board_on_network, write_text
from test_meter import write

from fourquad_tools.pages import mib_docs

SNMP, VERSION, AUTH, PRIV, MODULE_RESET = 0xD7A0, 0xD7A1, 0xD7A6, 0xD7A7, 0x101A
USER, AUTH_PASSWORD, PRIV_PASSWORD = 0xDB2A, 0xDB34, 0xDB44
UDP = "161/udp"
NO_IO11 = {(8, place, 1, 2) for place in (4, 5, 6)}
OWN = ".1.3.6.1.4.1.32473.1.1"

foreign.programs("snmpbulkwalk")


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network(UDP) as emulated:
        yield emulated


def begin(board: Emulated) -> None:
    """The agent begins with the settings that were written; then the board's time follows the sockets."""
    write(board, SNMP, 1)
    write(board, MODULE_RESET, 1)
    board("run", ns=1e9)
    board("pace", speed=0)


def walk(board: Emulated, *how: str, under: str = OWN) -> dict[str, str]:
    """What net-snmp finds, by number."""
    agent = f"udp:127.0.0.1:{board.ports['net'][UDP]}"
    command = ["snmpbulkwalk", "-On", "-t", "20", "-r", "3", *how, agent, under]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"(?m)^(\S+) = (.+)$", done.stdout))


def columns(found: dict[str, str]) -> set[tuple[int, ...]]:
    """The objects of the MIB that they are instances of."""
    named = {arcs for arcs, _ in mib_docs.of("kw320").objects()}
    every = [tuple(map(int, oid[len(OWN) + 1 :].split("."))) for oid in found]
    those = {arcs[:size] for arcs in every for size in range(1, len(arcs)) if arcs[:size] in named}
    assert len(every) == sum(any(arcs[:size] in named for size in range(1, len(arcs))) for arcs in every)
    return those


def volts(found: dict[str, str]) -> float:
    """The first phase voltage, which the table of the manual has second; in 0.1 V."""
    return int(found[f"{OWN}.1.2.0"].split(": ")[1]) / 10


def test_every_object_by_v2c(board: Emulated) -> None:
    begin(board)
    found = walk(board, "-v2c", "-cpublic")
    assert len(found) > 1000 and volts(found) == pytest.approx(230.0, rel=2e-3)
    # but for outputs and analog values: the board's module is an IO11
    assert {arcs for arcs, _ in mib_docs.of("kw320").objects()} - columns(found) == NO_IO11


def test_the_same_by_v3_with_privacy(board: Emulated) -> None:
    write_text(board, USER, 10, "reader")
    write_text(board, AUTH_PASSWORD, 16, "first secret")
    write_text(board, PRIV_PASSWORD, 16, "second secret")
    for register, value in ((VERSION, 1), (AUTH, 1), (PRIV, 1)):
        write(board, register, value)
    begin(board)
    board("run", ns=20e9)  # passwords become keys
    secrets = ("-a", "SHA", "-A", "first secret", "-x", "AES", "-X", "second secret")
    found = walk(board, "-v3", "-u", "reader", "-l", "authPriv", *secrets)
    assert len(found) > 1000 and volts(found) == pytest.approx(230.0, rel=2e-3)
