"""Posts of the data loggers of a simulated kw320 and of an acurev2020 to servers of others: over HTTP to one
that fails half of the time, over FTP to pyftpdlib.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from post_servers import Files, free_port, serving, serving_ftp
from pymodbus.client import ModbusTcpClient
from test_command import PATIENCE, running

from fourquad_tools.ports.tls import NAME, context

pytestmark = pytest.mark.thorough

MODELS = ("kw320", "acurev2020")
LOGGER, CHANNEL, URL, USER, SECRET = 0xDA00, 0xDA30, 0xDD40, 0xDDB8, 0xDDF4
ENABLE, TO, REAL, ENERGY, DETAILS, INTERVAL, LENGTH = 0, 1, 2, 3, 7, 11, 12
METHOD, TEST = 0, 4
RESULT, WAITING, SENT, FAILED = 0xDA80, 0xDA81, 0xDA82, 0xDA83
MINUTE, FIVE = 5, 6
HTTP, FTP = 1, 2
_AMPS = {"amps": 5.0, "lag": 60.0}
LOAD = {"phases": [{"volts": 231.5, **_AMPS}] * 3, "circuits": [{"amps": 50.0, "lag": 60.0}] * 18}


def words(text: str, registers: int) -> list[int]:
    data = text.encode().ljust(2 * registers, b"\0")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


class Meter:
    """A simulator, and a master of it. `reset`: the register that resets its module; `energy`: bits of the
    energies that are recorded.
    """

    def __init__(self, sim: Any, model: str) -> None:
        self.sim = sim
        self.reset, self.energy = (0x101A, 1) if model == "kw320" else (0x08B6, 1 << 2)
        host, _, port = sim.first.split(" on ")[1].strip().rpartition(":")
        self._where = host, int(port)

    @contextmanager
    def _master(self) -> Iterator[ModbusTcpClient]:
        """A new connection, because resets of the module and time that leaps end those that there are."""
        master = ModbusTcpClient(self._where[0], port=self._where[1], timeout=PATIENCE, retries=0)
        assert master.connect()
        yield master
        master.close()

    def write(self, address: int, *values: int) -> None:
        with self._master() as master:
            assert not master.write_registers(address, list(values)).isError(), hex(address)

    def read(self, address: int) -> int:
        with self._master() as master:
            return int(master.read_holding_registers(address, count=1).registers[0])

    def set_up(self, url: str, method: int) -> None:
        """Logger 1 records a minute's voltages and energies, channel 1 posts each five minutes."""
        self.write(URL, *words(url, 40))
        self.write(CHANNEL + METHOD, method)
        self.write(LOGGER + REAL, 1)
        self.write(LOGGER + ENERGY, self.energy)
        self.write(LOGGER + DETAILS, 9)
        self.write(LOGGER + INTERVAL, MINUTE)
        self.write(LOGGER + LENGTH, FIVE)
        self.write(LOGGER + TO, 1)
        self.write(LOGGER + ENABLE, 1)
        self.write(self.reset, 1)

    def leap(self, minutes: int) -> None:
        self.sim.ask(cmd="advance", seconds=60 * minutes, leap=60)

    def fails(self, result: int) -> None:
        """It is told that nothing was posted, and why."""
        end = time.monotonic() + PATIENCE
        while self.read(RESULT) != result:
            assert time.monotonic() < end, self.read(RESULT)
            time.sleep(0.05)
        assert self.read(SENT) == 0

    def fail(self, times: int) -> int:
        """Virtual time goes on until it has tried so often in vain; the minutes that this took."""
        end = time.monotonic() + PATIENCE
        minutes = 0
        while self.read(FAILED) < times:
            assert time.monotonic() < end, self.read(RESULT)
            minutes += self._go_on()
        return minutes

    def post(self, left: int) -> None:
        """Virtual time goes on until no more records wait than these."""
        end = time.monotonic() + PATIENCE
        while self.read(WAITING) > left:
            assert time.monotonic() < end, self.read(RESULT)
            self._go_on()

    def _go_on(self) -> int:
        """Until an attempt has ended, which takes real time; where it rests from the last a minute passes.
        The minutes that have passed.
        """
        before = self.read(SENT), self.read(FAILED)
        soon = time.monotonic() + 0.5
        while (self.read(SENT), self.read(FAILED)) == before:
            if time.monotonic() > soon:
                self.leap(1)
                return 1
            time.sleep(0.05)
        return 0


@contextmanager
def meter(folder: Path, model: str = "kw320", *options: str) -> Iterator[Meter]:
    load = dict(LOAD)
    if model == "kw320":
        del load["circuits"]
    with running(folder, "--model", model, "--net", "modbus=0", *options, load=load) as sim:
        made = Meter(sim, model)
        yield made
        sim.end()


_VOLTS = [f"{name}{detail}" for name in ("V1", "V2", "V3", "VAVG") for detail in ("", "_AVG")]
COLUMNS = {"kw320": [*_VOLTS, "EP_IMP"]}
COLUMNS["acurev2020"] = [*_VOLTS, "EP_IMP_A", "EP_IMP_B", "EP_IMP_C", "EP_IMP"]


def check(files: Files, least: int, model: str) -> None:
    """Every minute is there, once."""
    rows = files.rows(COLUMNS[model])
    times = [datetime.strptime(row[0], "%Y-%m-%d %H:%M:%S") for row in rows]
    assert len(times) >= least
    assert times == [times[0] + timedelta(minutes=i) for i in range(len(times))]
    for row in rows:
        assert all(abs(float(volts) - 231.5) < 1 for volts in row[1:9])
    energies = [float(row[-1]) for row in rows]
    assert energies == sorted(energies) and energies[-1] > energies[0]


@pytest.mark.parametrize("model", MODELS)
def test_a_server_that_is_away_and_then_fails_half_of_the_time(tmp_path: Path, model: str) -> None:
    files = Files()
    port = free_port()
    with meter(tmp_path, model) as one:
        one.write(SECRET, *words("t0ken", 24))
        one.write(CHANNEL + 3, 1)
        one.set_up(f"http://localhost:{port}/in?meter=1", HTTP)
        minutes = 75 if model == "kw320" else 35
        one.leap(5)  # until it begins
        one.leap(minutes - 5 - one.fail(4))
        assert one.read(WAITING) >= minutes - 1 and one.read(SENT) == 0
        with serving(files, port):
            one.post(left=5)
            one.leap(10)
            one.post(left=5)
        assert files.repeats >= (4 if model == "kw320" else 2)
        check(files, minutes, model)


@pytest.mark.parametrize("trusted", [True, False])
def test_https(tmp_path: Path, trusted: bool) -> None:
    """To a server that fails half of the time; one that is not trusted gets nothing."""
    folder, other = tmp_path / "server", tmp_path / "other"
    for each in (folder, other):
        each.mkdir()
        context(str(each))
    files = Files()
    ca = ("--ca", str((folder if trusted else other) / NAME))
    with serving(files, 0, tls=context(str(folder))) as port, meter(tmp_path, "kw320", *ca) as one:
        one.write(SECRET, *words("t0ken", 24))
        one.write(CHANNEL + 3, 1)
        one.set_up(f"https://localhost:{port}/in", HTTP)
        one.leap(16)
        if trusted:
            one.post(left=5)
            check(files, 10, "kw320")
        else:
            one.fails(8)
            assert not files.requests


def test_a_power_cut_while_posting(tmp_path: Path) -> None:
    files = Files()
    with serving(files, 0) as port, meter(tmp_path) as one:
        one.write(SECRET, *words("t0ken", 24))
        one.write(CHANNEL + 3, 1)
        one.set_up(f"http://127.0.0.1:{port}/", HTTP)
        for _ in range(4):
            one.leap(11)
            requests = files.requests
            end = time.monotonic() + 2
            while files.requests == requests and time.monotonic() < end:
                time.sleep(0.001)
            one.sim.ask(cmd="power", on=False, warning=False)
            one.sim.ask(cmd="power", on=True)
            one.sim.ask(cmd="advance", seconds=3)
        one.leap(5)
        one.post(left=5)
        times = [row[0] for row in files.rows(COLUMNS["kw320"])]
        assert len(times) == len(set(times)) and len(times) >= 40


@pytest.mark.parametrize("model", MODELS)
def test_pyftpdlib(tmp_path: Path, model: str) -> None:
    with serving_ftp(tmp_path / "server") as (port, files), meter(tmp_path, model) as one:
        one.write(USER, *words("meter", 20))
        one.write(SECRET, *words("wrong", 24))
        one.set_up(f"ftp://127.0.0.1:{port}/in", FTP)
        one.leap(16)
        one.fails(530)
        one.write(SECRET, *words("pass word", 24))
        one.post(left=5)
        check(files(), 10, model)
