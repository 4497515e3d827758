"""A configuration is taken from the emulated board with a W5500, and brought back: settings, data logs and
tables of time of use of each model with a network module.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

import pytest
from emulated import Emulated
from networked import Web, board_on_network, with_pages
from pymodbus.client import ModbusTcpClient
from test_meter import ask, write

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.points import circuits as c
from fourquad.points import network as n

PHRASE = "correct horse"
CT1, CT_1, MODBUS_PORT, TITLE = (
    str(p.SETTING + each) for each in (p.CT1, c.CT_1, n.MODBUS_PORT, n.HTTP_TITLE)
)
LOG, SCHEDULE = 0x1100, 0xD601
NIGHT, DAY = (b"\x16\x00\x03", b"\x08\x00\x02\x14\x00\x01")  # daily profiles
LOGGED = 0x4000
ACUREV, ACUREV_RESET, ACUREV_VOLTS, ACUREV_AMPS = "W5500_EMU-acurev2020", 0x08B6, 0x2002, 0x2500
RESET = 0x101A

pytestmark = pytest.mark.thorough


@pytest.fixture
def board() -> Iterator[Emulated]:
    with board_on_network("80") as emulated:
        with_pages(emulated, RESET)
        yield emulated


def plan(board: Emulated, profile: bytes) -> None:
    """The second daily profile."""
    board("pace", paused=True)
    words = struct.unpack(f">{(len(profile) + 1) // 2}H", profile + bytes(len(profile) % 2))
    write(board, SCHEDULE, 1, len(profile), *words)
    board("pace", speed=0)


def log(board: Emulated, minutes: int) -> None:
    """The first data log, of one value."""
    board("pace", paused=True)
    write(board, LOG, 2 << 8 | 1, minutes, LOGGED, LOGGED + 1)
    write(board, LOG + 119, 0x0200)
    board("pace", speed=0)


def test_a_configuration_is_taken_away_and_brought_back(board: Emulated) -> None:
    web = Web(board.ports["net"]["80"])
    gaps = web.about()["gaps"]
    web.write({CT1: 400, MODBUS_PORT: 2002, TITLE: "kitchen"})
    plan(board, DAY)
    log(board, 5)
    kept = web.backup(PHRASE)
    said = json.loads(kept)
    assert said["format"] == 3 and said["model"] == "kw320" and said["settings"][TITLE] == "kitchen"
    assert said["tables"][str(p.SETTING + b.GROUP_TABLES + 1)] == DAY.hex()
    assert said["tables"][str(p.SETTING + p.GROUP_LOGS)] == "0201000540004001"
    web.write({CT1: 500, MODBUS_PORT: 2003, TITLE: "hall"})
    plan(board, NIGHT)
    log(board, 60)
    answer = web.send(kept, PHRASE)
    assert answer["changes"] == 5 and answer["sealed"] > 5
    assert web.about()["title"] == "hall"
    assert web.apply() == {"ok": True, "changes": 5}
    about = web.about()
    assert about["title"] == "kitchen" and about["gaps"] == gaps
    again = json.loads(web.backup(PHRASE))
    assert [again[part] for part in ("settings", "tables")] == [said[part] for part in ("settings", "tables")]


def test_an_acurev2020_on_a_board_of_its_own() -> None:
    """It answers over both of its ways, and takes the configuration back that it gave."""
    with board_on_network("80", "502", name=ACUREV) as board:
        volts = ask(board, 1, 3, ACUREV_VOLTS >> 8, ACUREV_VOLTS & 255, 0, 2)[1:]
        assert struct.unpack(">f", volts)[0] == pytest.approx(230.0, rel=2e-3)
        with_pages(board, ACUREV_RESET)
        master = ModbusTcpClient("127.0.0.1", port=board.ports["net"]["502"], timeout=60, retries=0)
        assert master.connect()
        assert not master.read_holding_registers(ACUREV_VOLTS, count=2, device_id=1).isError()
        master.close()
        web = Web(board.ports["net"]["80"])
        assert web.values("realtime")["v1"] == pytest.approx(230.0, rel=2e-3)
        web.write({CT_1: 250, TITLE: "kitchen"})
        plan(board, DAY)
        kept = web.backup(PHRASE)
        said = json.loads(kept)
        assert said["model"] == "acurev2020" and said["settings"][CT_1] == 250
        web.write({CT_1: 60, TITLE: "hall"})
        plan(board, NIGHT)
        assert web.send(kept, PHRASE)["changes"] == 3
        assert web.apply() == {"ok": True, "changes": 3}
        assert web.about()["title"] == "kitchen"
        again = json.loads(web.backup(PHRASE))
        assert again["settings"] == said["settings"] and again["tables"] == said["tables"]
        assert web.about()["gaps"] == 0
