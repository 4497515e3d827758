"""Alarms of a simulated KW320 as pymodbus sets, reads and clears them: the example of the manual's 4.4,
records, flags, outputs, power cuts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from masters import PyModbus, Refused, Sim

RECORDS, WORDS = 0x42A9, 10
STATUS, CLEAR, NUMBER = 0x102E, 0x1021, 0x1032


class Bench:
    """A simulator and a master of it."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.master = PyModbus(str(sim.pty["rs485"]), 1)
        self.read, self.write = self.master.read, self.master.write

    def load(self, volts: float, amps: float) -> None:
        phases = [{"volts": volts, "amps": amps, "lag": 0.0}] * 3
        self.sim.ask({"cmd": "load", "load": {"frequency": 50.0, "phases": phases, "adc": "ideal"}})

    def advance(self, seconds: float) -> None:
        self.sim.ask({"cmd": "advance", "seconds": seconds})

    def records(self) -> list[list[int]]:
        """All 16, in the order of their numbers."""
        words = self.read(RECORDS, 120) + self.read(RECORDS + 120, 40)
        return [words[i : i + WORDS] for i in range(0, 160, WORDS)]

    def refused(self, address: int, values: list[int]) -> int:
        with pytest.raises(Refused) as caught:
            self.write(address, values)
        return caught.value.code

    def cut(self, warning: bool) -> None:
        self.sim.ask({"cmd": "power", "on": False, "warning": warning})
        self.sim.ask({"cmd": "power", "on": True})
        self.advance(2)


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    one = None
    try:
        one = Bench(sim)
        yield one
    finally:
        if one:
            one.master.close()
        sim.close()


def moment(record: list[int]) -> datetime.datetime:
    """When a record was made; ValueError if that is no time."""
    year, month, day, hour, minute, second, ms = record[3:]
    return datetime.datetime(year, month, day, hour, minute, second, 1000 * ms)


@pytest.mark.parametrize("side", [0, 1])
def test_the_example_of_the_manual(bench: Bench, side: int) -> None:
    # PT 10000:100 (0.1 V), CT 200:5, the side that the readings are shown of
    bench.write(0x1005, [0x0001, 0x86A0, 1000, 200, 5])
    bench.write(0x101D, [side])
    bench.load(10100.0, 170.0)
    bench.advance(3)
    # 104EH: I1 > 180 A for 5 s; 1053H: U1 < 9980 V for 10 s; then the global settings
    bench.write(0x104E, [9, 1, 4500, 500, 0])
    bench.write(0x1053, [1, 3, 998, 1000, 0])
    bench.write(0x1046, [1, 0, 3, 1, 0, 0, 0, 0])
    bench.advance(15)
    assert bench.read(NUMBER, 1) == [0] and bench.read(STATUS, 1) == [0]
    bench.load(9970.0, 190.0)
    # while time is skipped the computer's goes on too: half of the delay is for that
    bench.advance(5)
    assert bench.read(NUMBER, 1) == [0]
    bench.advance(7)
    assert bench.read(NUMBER, 1) == [2] and bench.read(STATUS, 1) == [1]
    first, second, *others = bench.records()
    # the code in the high byte, bit 1 of a pair, bit 0 has occurred
    assert (first[0], first[1]) == (0x0903, 9) and (second[0], second[1]) == (0x0103, 1)
    assert first[2] == pytest.approx(4750, abs=2) and second[2] == pytest.approx(997, abs=1)
    assert moment(first) == moment(second)
    assert not any(map(any, others))
    bench.write(STATUS, [0])
    assert bench.read(STATUS, 1) == [0]
    # one condition ends: so do both
    bench.load(10100.0, 190.0)
    bench.advance(2)
    third, fourth = bench.records()[2:4]
    assert (third[0], fourth[0]) == (0x0902, 0x0102) and moment(third) == moment(fourth) > moment(first)
    assert third[2] == pytest.approx(4750, abs=2) and fourth[2] == pytest.approx(1010, abs=1)
    assert bench.read(NUMBER, 1) == [4] and bench.read(STATUS, 1) == [1]


def test_regions_and_what_is_refused(bench: Bench) -> None:
    groups = [word for n in range(16) for word in (n, 1 + n % 3, 1000 + n, 10 * n, n % 9)]
    bench.write(0x104E, groups)
    assert bench.read(0x104E, 80) == groups
    assert bench.refused(0x104D, [0, 0]) == 2
    assert bench.refused(0x1045, [0, 0]) == 2
    assert bench.refused(0x109D, [0, 0]) == 2
    # nothing of a request that is refused is stored
    assert bench.refused(0x1046, [1, 1, 3, 256]) == 3
    assert bench.read(0x1046, 4) == [0, 0, 0, 0]
    for place, bad in ((0, 80), (1, 0), (1, 4), (3, 3001), (4, 9)):
        assert bench.refused(0x1053 + place, [bad]) == 3
    assert bench.read(0x104E, 80) == groups
    assert bench.refused(RECORDS, [0]) == 2
    assert bench.refused(CLEAR, [1]) == 3 and bench.refused(STATUS, [4]) == 3


def chatter(bench: Bench, times: int) -> None:
    """I1 goes above 0.2 A and back, so many times."""
    for _ in range(times):
        bench.load(230.0, 0.25)
        bench.advance(0.5)
        bench.load(230.0, 0.15)
        bench.advance(0.5)


def watched(bench: Bench) -> None:
    bench.load(230.0, 0.15)
    bench.advance(1)
    bench.write(0x104E, [9, 1, 200, 0, 1])
    bench.write(0x1046, [1, 0, 1, 0, 0, 0, 0, 0])
    bench.advance(1)


def test_nine_episodes_are_eighteen_records_and_the_last_one_is_number_2(bench: Bench) -> None:
    watched(bench)
    chatter(bench, 9)
    assert bench.read(NUMBER, 1) == [2]
    records = bench.records()
    assert [record[0] for record in records] == [0x0901, 0x0900] * 8
    times = [moment(record) for record in records[2:] + records[:2]]
    assert times == sorted(times) and len(set(times)) == 16
    bench.write(CLEAR, [0])
    assert bench.read(NUMBER, 1) == [2]
    bench.write(CLEAR, [0x0A])
    assert bench.read(NUMBER, 1) == [0] and bench.read(STATUS, 1) == [0]
    assert not any(map(any, bench.records()))


@pytest.mark.parametrize("warning", [True, False])
def test_records_and_clears_survive_a_power_cut(bench: Bench, warning: bool) -> None:
    watched(bench)
    chatter(bench, 3)
    before = bench.records()
    assert bench.read(NUMBER, 1) == [6]
    bench.cut(warning)
    assert bench.records() == before and bench.read(NUMBER, 1) == [6]
    # what stands as power comes back is a new alarm
    bench.load(230.0, 0.25)
    bench.advance(1)
    bench.cut(warning)
    assert bench.read(NUMBER, 1) == [8]
    assert [record[0] for record in bench.records()[6:8]] == [0x0901, 0x0901]
    bench.write(CLEAR, [0x0A])
    bench.advance(1)
    bench.load(230.0, 0.15)
    bench.advance(1)
    bench.cut(warning)
    assert bench.read(NUMBER, 1) == [1] and bench.records()[0][0] == 0x0900


def test_a_relay_that_belongs_to_the_alarms_follows_them(bench: Bench) -> None:
    watched(bench)
    chatter(bench, 1)
    bench.load(230.0, 0.25)
    bench.advance(1)
    assert bench.master.coils(0, 2) == [0, 0]
    bench.write(0x10A0, [1])
    assert bench.master.coils(0, 2) == [1, 0]
    with pytest.raises(Refused) as caught:
        bench.master.switch(0, False)
    assert caught.value.code == 4
    bench.load(230.0, 0.15)
    bench.advance(1)
    assert bench.master.coils(0, 2) == [0, 0]


def test_inputs_points_and_the_backlight(bench: Bench) -> None:
    bench.write(0x104E, [53, 1, 1, 0, 0])  # DI2 on
    bench.write(0x1046, [1, 1, 1, 0, 0, 0, 0, 0])
    bench.advance(1)
    bench.sim.ask({"cmd": "input", "n": 2, "value": 1})
    bench.advance(1)
    assert bench.records()[0][:3] == [53 << 8 | 1, 53, 1]
    points: dict[str, Any] = bench.sim.ask({"cmd": "points"})["points"]
    assert points["alarm.standing"]["value"] == 1 and points["alarm1.code"]["value"] == 53
    assert points["setting.alarm1_set_point"]["value"] == 1 and points["alarm.lost"]["value"] == 0
    lights = set()
    for _ in range(12):
        bench.advance(0.3)
        lights.add(bench.sim.ask({"cmd": "screen"})["backlight"])
    assert lights == {False, True}
    bench.sim.ask({"cmd": "input", "n": 2, "value": 0})
    bench.advance(1)
    assert bench.records()[1][:3] == [53 << 8, 53, 0]
    for _ in range(4):
        bench.advance(0.3)
        assert bench.sim.ask({"cmd": "screen"})["backlight"]


def test_terminals_of_other_modules(bench: Bench) -> None:
    bench.sim.ask({"cmd": "module", "connected": ["io21", "io31"]})
    bench.write(0x10A5, [1])  # DO1 and DO2 belong to the alarms
    bench.write(0x10AC, [1])  # and relays 3 and 4
    # AI2 above 2048, to relay 3 and DO2; DI11 on, to relay 4; DI1 of a module that is not there off
    bench.write(0x104E, [42, 1, 2048, 0, 3, 62, 1, 1, 0, 4, 52, 1, 2, 0, 1])
    bench.write(0x1046, [1, 0, 7, 0, 0, 1, 0, 0])
    bench.advance(2)
    assert bench.read(NUMBER, 1) == [0]
    bench.sim.ask({"cmd": "analog", "input": 2, "value": 15.0})
    bench.sim.ask({"cmd": "input", "n": 11, "value": 1})
    bench.advance(1)
    assert bench.read(NUMBER, 1) == [2]
    found = {record[1]: record[2] for record in bench.records()[:2]}
    # 20 mA is 4096
    assert found == {42: 3072, 62: 1}
    assert bench.master.coils(0, 8) == [0, 0, 1, 1, 0, 0, 0, 0]
    assert bench.sim.ask({"cmd": "points"})["points"]["io.do2"]["value"] == 1
    # a module that goes takes its alarms with it
    bench.sim.ask({"cmd": "module", "connected": ["io21"]})
    bench.advance(1)
    assert bench.read(NUMBER, 1) == [4]
    assert [record[0] & 1 for record in bench.records()[2:4]] == [0, 0]
    assert bench.sim.ask({"cmd": "points"})["points"]["io.do2"]["value"] == 0
