"""Faults on command: what a client of a port gets, in virtual time and on a clock that the tests own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time

import minimalmodbus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusIOException
from pymodbus.framer import FramerType
from test_command import frame, running
from virtual_clock import Clock, run

from fourquad.points import names
from fourquad.protocols.crc import checksum
from fourquad_tools.commands import Commands
from fourquad_tools.control import answer
from fourquad_tools.options import OptionError, model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.clients import Client
from fourquad_tools.sim.faults import KINDS, RANGES, add
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

LOAD = {"phases": [{"volts": 230.0, "amps": 0.5}] * 3}
READ_ADDRESS = frame("010310010001")
WRITE_CT1 = frame("011010080001020063")


@pytest.fixture
def clock(monkeypatch):
    out = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: out.now)
    monkeypatch.setattr(time, "monotonic_ns", lambda: round(out.now * 1e9))
    return out


class Bench:
    """A simulator, a client of its first port and what it got: (seconds after the request, octets)."""

    def __init__(self, clock):
        self.clock = clock
        self.sim = Simulator(model("kw320"), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
        self.sim.warm_up()
        self.commands = Commands(self.sim)
        self.got = []
        self._asked = 0.0
        self.client = None

    async def ask(self, request=READ_ADDRESS, seconds=0.2):
        """What comes within so many seconds."""
        if self.client is None:
            self.client = Client(self.sim.lines["rs485"], self._take)
        self.got.clear()
        self._asked = self.clock.now
        self.client.received(request)
        await asyncio.sleep(seconds)
        return [data for _, data in self.got]

    def _take(self, data):
        self.got.append((self.clock.now - self._asked, data))

    async def do(self, **command):
        reply = await answer(self.commands, json.dumps(command).encode())
        assert reply["ok"], reply
        return reply

    def run(self, coroutine):
        async def all_of_it():
            pacing = asyncio.create_task(self.sim.pace())
            try:
                return await coroutine
            finally:
                self.sim.stopping.set()
                await pacing

        return run(self.clock, all_of_it())

    def value(self, name):
        return self.sim.device.points.read(names.BY_NAME[name])


GOOD = frame("0103020001")


def test_the_next_three_are_dropped(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="drop", next=3)
        return [await bench.ask() for _ in range(5)]

    assert bench.run(go()) == [[], [], [], [GOOD], [GOOD]]
    assert bench.sim.stats()["ports"]["rs485"]["faults"] == 3


def test_a_dropped_write_was_done(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="drop", next=1)
        return await bench.ask(WRITE_CT1)

    assert bench.run(go()) == []
    assert bench.value("setting.ct1") == 99


def test_an_exception_stands_for_a_request_that_was_not_done(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="exception", next=2, code=6)
        other = frame("020310010001")
        return [await bench.ask(octets) for octets in (other, WRITE_CT1, READ_ADDRESS, WRITE_CT1)]

    nothing, first, second, third = bench.run(go())
    assert nothing == [], "another unit's request is no business of ours"
    assert first == [frame("019006")] and second == [frame("018306")]
    assert third == [frame("011010080001")]
    assert bench.value("setting.ct1") == 99
    assert bench.sim.lines["rs485"].stats()["exceptions"] == 2


def test_a_late_answer_comes_after_its_delay_of_virtual_time(clock):
    bench = Bench(clock)

    async def go():
        undelayed = await bench.ask()
        plain = bench.got[0][0]
        await bench.do(cmd="fault", kind="delay", delay=1.5, next=2)
        assert await bench.ask(seconds=1.4) == []
        await asyncio.sleep(0.3)
        assert [data for _, data in bench.got] == undelayed
        late = bench.got[0][0] - plain
        bench.sim.set_speed(10.0)
        assert await bench.ask(seconds=0.3) == undelayed
        return late, bench.got[0][0] - plain

    late, fast = bench.run(go())
    assert late == pytest.approx(1.5, abs=0.01)
    assert fast == pytest.approx(0.15, abs=0.03)


def test_a_late_answer_comes_when_virtual_time_is_run_ahead(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="delay", delay=60)
        assert await bench.ask() == []
        bench.got.clear()
        await bench.do(cmd="advance", seconds=59)
        assert not bench.got
        await bench.do(cmd="advance", seconds=1)
        return [data for _, data in bench.got]

    assert bench.run(go()) == [GOOD]


def test_a_late_answer_of_a_meter_that_lost_its_power_never_comes(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="delay", delay=1)
        assert await bench.ask() == []
        await bench.do(cmd="power", on=False)
        await bench.do(cmd="power", on=True)
        await asyncio.sleep(3)
        return list(bench.got)

    assert bench.run(go()) == []


def test_mute_hears_nothing_and_ends_by_itself(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="mute", seconds=30)
        assert await bench.ask(WRITE_CT1) == []
        await bench.do(cmd="advance", seconds=29)
        assert await bench.ask() == []
        left = (await bench.do(cmd="faults"))["faults"][0]["seconds_left"]
        await bench.do(cmd="advance", seconds=1)
        return left, await bench.ask()

    left, after = bench.run(go())
    assert 0.5 < left < 1.0
    assert after == [GOOD]
    assert bench.value("setting.ct1") == 1


def test_a_corrupt_answer_differs_in_one_bit(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="corrupt", seed=5)
        return [(await bench.ask())[0] for _ in range(20)]

    answers = bench.run(go())
    for data in answers:
        changed = int.from_bytes(data, "big") ^ int.from_bytes(GOOD, "big")
        assert len(data) == len(GOOD) and changed.bit_count() == 1
        assert checksum(data, len(data), 0) != 0
    assert len(set(answers)) > 10


def test_a_truncated_answer_is_its_beginning(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="truncate", next=60)
        return [(await bench.ask())[0] for _ in range(61)]

    *cut, last = bench.run(go())
    assert all(GOOD.startswith(data) for data in cut)
    assert {len(data) for data in cut} == set(range(1, len(GOOD)))
    assert last == GOOD


def test_one_of_ten_is_the_same_each_time(clock):
    bench = Bench(clock)

    async def which(seed):
        await bench.do(cmd="faults", clear=True)
        await bench.do(cmd="fault", kind="drop", one_of=10, seed=seed)
        return [await bench.ask() == [] for _ in range(200)]

    async def go():
        return [await which(seed) for seed in (7, 7, 8)]

    first, again, other = bench.run(go())
    assert first == again != other
    # Python's documented generator
    source = random.Random(7)
    assert first == [source.random() * 10 < 1 for _ in range(200)]


def test_noise_hits_both_directions_at_its_rate(clock):
    bench = Bench(clock)
    octets = len(READ_ADDRESS) + len(GOOD)

    async def go():
        await bench.do(cmd="fault", kind="noise", rate=0.02, seed=3)
        return [await bench.ask() for _ in range(300)]

    answers = bench.run(go())
    stats = bench.sim.lines["rs485"].stats()
    deaf = sum(not data for data in answers)
    # a request that is hit (the chance of 8 octets at 2 %) has a bad frame's counter or another's address
    assert deaf == pytest.approx(300 * (1 - 0.98**8), rel=0.3)
    wrong = sum(data not in ([], [GOOD]) for data in answers)
    assert wrong == pytest.approx(300 * 0.98**8 * (1 - 0.98**7), rel=0.4)
    assert stats["bad_frames"] == deaf
    assert stats["faults"] == pytest.approx(300 * 0.02 * octets, rel=0.25)


def test_clearing(clock):
    bench = Bench(clock)

    async def go():
        await bench.do(cmd="fault", kind="drop", port="rs485")
        await bench.do(cmd="fault", kind="drop", port="rs485b", next=4)
        listed = (await bench.do(cmd="faults"))["faults"]
        assert listed == [
            {"port": "rs485", "kind": "drop", "hits": 0},
            {"port": "rs485b", "kind": "drop", "hits": 0, "left": 4},
        ]
        assert await bench.ask() == []
        assert (await bench.do(cmd="faults", clear=True))["faults"] == []
        return await bench.ask()

    assert bench.run(go()) == [GOOD]


def test_an_answer_of_iec_62056_21_is_dropped(clock):
    bench = Bench(clock)
    bench.sim = Simulator(model("a1000"), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    bench.sim.warm_up()
    bench.commands = Commands(bench.sim)
    line = bench.sim.lines["rs485"]

    async def go():
        async def polling():
            while True:
                line.poll()
                await asyncio.sleep(0.01)

        poll = asyncio.create_task(polling())
        await bench.do(cmd="fault", kind="drop", next=1)
        dropped = await bench.ask(b"/?1!\r\n", 5.0)
        await asyncio.sleep(200.0)
        said = await bench.ask(b"/?1!\r\n", 3.0)
        poll.cancel()
        return b"".join(dropped), b"".join(said)

    dropped, said = bench.run(go())
    assert dropped.startswith(b"\x02"), "the readout comes, without the identification before it"
    assert said.startswith(b"/FQD")
    with pytest.raises(OptionError, match="rs485 does not speak Modbus"):
        add({"": bench.sim.ends}, "exception,port=rs485")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "kind: '' is none of drop, delay"),
        ("fly", "kind: 'fly' is none of"),
        ("drop,next", "'next' is not NAME=VALUE"),
        ("drop,next=", "next: '' is no number"),
        ("drop,next=0", "next: 0 is no whole number from 1 to 1e+06"),
        ("drop,next=1.5", "next: 1.5 is no whole number"),
        ("drop,next=nan", "next: nan is no whole number"),
        ("drop,delay=1", "delay: drop has no such field"),
        ("drop,port=rs422", "port: 'rs422' is none of rs485, rs485b, network, modbus"),
        ("delay", "delay: delay needs it"),
        ("delay,delay=1e9", "delay: 1e+09 is no number from 0.001 to 3600"),
        ("exception,code=256", "code: 256 is no whole number from 1 to 255"),
        ("exception,port=network", "network does not speak Modbus"),
        ("mute", "seconds: mute needs it"),
        ("noise,rate=2", "rate: 2 is no number from 1e-09 to 1"),
    ],
)
def test_what_is_refused(clock, text, error):
    bench = Bench(clock)
    with pytest.raises(OptionError) as caught:
        add({"": bench.sim.ends}, text)
    assert str(caught.value).startswith("--fault ") and error in str(caught.value)
    assert not any(end.faults.describe() for end in bench.sim.ends.values())


NUMBERS = st.integers() | st.floats()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*KINDS, "x"]), st.dictionaries(st.sampled_from([*RANGES, "x"]), NUMBERS, max_size=4))
def test_any_option(kind, fields):
    sim = Simulator(model("kw320"), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    text = ",".join([kind, *(f"{name}={value}" for name, value in fields.items())])
    with contextlib.suppress(OptionError):
        add({"": sim.ends}, text)
    for end in sim.ends.values():
        end.faults.clear()


@pytest.mark.thorough
def test_foreign_masters_meet_them(tmp_path):
    """pymodbus over Modbus TCP and over RTU in TCP, minimalmodbus on a pty."""
    path = tmp_path / "bus"
    ports = ["--port", f"rs485={path}", "--tcp", "rs485b=0", "--net", "modbus=0"]
    with running(tmp_path, *ports, "--fault", "exception,code=6,next=1,port=modbus") as sim:
        rtu, tcp = (int(sim.process.stdout.readline().rpartition(":")[2]) for _ in range(2))
        net = ModbusTcpClient("127.0.0.1", port=tcp, timeout=30, retries=0)
        assert net.connect()
        assert net.read_holding_registers(0x1001, count=1, device_id=1).exception_code == 6
        assert net.read_holding_registers(0x1001, count=1, device_id=1).registers == [1]

        serial = ModbusTcpClient("127.0.0.1", port=rtu, framer=FramerType.RTU, timeout=0.3, retries=0)
        assert serial.connect()
        sim.ask(cmd="fault", kind="drop", next=1, port="rs485b")
        with pytest.raises(ModbusIOException):
            serial.read_holding_registers(0x1001, count=1, device_id=1)
        # the request may still be on its way
        while sim.ask(cmd="faults")["faults"]:
            time.sleep(0.01)
        assert sim.ask(cmd="stats")["ports"]["rs485b"]["faults"] == 1

        meter = minimalmodbus.Instrument(str(path), 1)
        meter.serial.timeout = 10
        sim.ask(cmd="fault", kind="exception", code=4, next=1, port="rs485")
        with pytest.raises(minimalmodbus.SlaveReportedException, match="device failure"):
            meter.read_registers(0x1001, 1)
        sim.ask(cmd="fault", kind="corrupt", seed=2, next=1, port="rs485")
        with pytest.raises(minimalmodbus.InvalidResponseError):
            meter.read_registers(0x1001, 1)
        assert meter.read_registers(0x1001, 1) == [1]
        for client in (net, serial):
            client.close()
        meter.serial.close()
