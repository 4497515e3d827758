"""The clock of a simulated meter follows a time server that somebody else wrote (chrony)."""

from __future__ import annotations

import contextlib
import struct
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from chrony_bench import chrony
from pymodbus.client import ModbusTcpClient
from simulated import PATIENCE_S, Simulated

SERVER = "127.0.0.7"
MODULE_RESET, NTP, NTP_NOW, CLOCK, SERVERS = 0x101A, 0xD750, 0xD752, 0x1040, 0xD8C0
SERVER_WORDS = 20

pytestmark = pytest.mark.thorough


def clock(master: ModbusTcpClient) -> datetime:
    return datetime(
        *master.read_holding_registers(CLOCK, count=6, device_id=1).registers, tzinfo=timezone.utc
    )


def test_the_clock_follows_and_is_set_again_when_asked(tmp_path: Path) -> None:
    with chrony(tmp_path, SERVER):
        meter = Simulated(tmp_path, nets=["modbus"])
        try:
            master = ModbusTcpClient("127.0.0.1", port=meter.net["modbus"], timeout=PATIENCE_S, retries=0)
            assert master.connect() and clock(master).month == 1
            name = struct.unpack(f">{SERVER_WORDS}H", SERVER.encode().ljust(2 * SERVER_WORDS, b"\0"))
            assert not master.write_registers(SERVERS, list(name), device_id=1).isError()
            assert not master.write_register(NTP, 1, device_id=1).isError()
            assert not master.write_register(MODULE_RESET, 1, device_id=1).isError()
            follows(master)
            # somebody sets it wrong: the next question is an hour away, but for one that is asked for
            wrong = [2026, 1, 2, 3, 4, 5]
            assert not master.write_registers(CLOCK, wrong, device_id=1).isError()
            assert clock(master).month == 1
            assert not master.write_register(NTP_NOW, 1, device_id=1).isError()
            follows(master)
            assert master.read_holding_registers(NTP_NOW, count=1, device_id=1).registers == [0]
            master.close()
        finally:
            meter.close()


def follows(master: ModbusTcpClient) -> None:
    """Wait until the clock is that of the server, to the second."""
    end = time.monotonic() + PATIENCE_S
    while True:
        before = datetime.now(timezone.utc).replace(microsecond=0)
        with contextlib.suppress(Exception):
            if not master.connected:
                master.connect()
            told = clock(master)
            if abs((told - before).total_seconds()) <= 1:
                return
        assert time.monotonic() < end
        time.sleep(0.1)
