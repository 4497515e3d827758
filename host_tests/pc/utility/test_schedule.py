"""`fourquad schedule`: files and tables, wrong files, all of it or none, and the tariffs that follow."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from meter.tables import meter
from rig import Sim
from tariff_reference import Tables
from test_ten_years import ZONES

from fourquad import models
from fourquad import points as p
from fourquad.protocols.modbus.map import RegisterMap
from fourquad_tools.options import OptionError
from fourquad_tools.utility import schedule, schedule_file
from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import NoAnswer, NotRestored, Refused, UtilityError
from fourquad_tools.utility.meter import Meter

MODEL = ("--model", "acurev1312")
DAY = ["00:00 tariff 1", "06:00 tariff 2", "20:30 tariff 3"]
BERLIN = {
    "east": "+01:00",
    "by": 60,
    "from": "last Sunday of March 02:00",
    "to": "last Sunday of October 02:00",
}
FILE: dict[str, Any] = {
    "on": True,
    "profiles": [DAY, ["00:00 tariff 4"], ["00:00 tariff 1"], ["12:00 tariff 2"]],
    "seasons": ["01-01 profile 1", "06-21 tariff 3"],
    "weekend": ["Saturday profile 2", "Sunday tariff 1"],
    "zone": BERLIN,
    "holidays": {"2026": ["12-25 tariff 1", "01-06 profile 4"], "2027": []},
}


class Paper:
    """A link to the register map of a meter; `fails(n)`: whether the n-th request gets no answer."""

    unit = 1

    def __init__(self) -> None:
        self.meter = meter(models.load("acurev1312"))
        self.map = RegisterMap(self.meter.model, self.meter.points)
        self.fails: Callable[[int], bool] = lambda n: False
        self.asked = 0

    def _ask(self) -> None:
        self.asked += 1
        if self.fails(self.asked):
            raise NoAnswer("no answer")

    def read(self, address: int, count: int) -> list[int]:
        self._ask()
        out = bytearray(2 * count)
        assert self.map.read(address, count, out, 0) == 0
        return [out[2 * i] << 8 | out[2 * i + 1] for i in range(count)]

    def write(self, address: int, words: Sequence[int]) -> None:
        self._ask()
        octets = b"".join(word.to_bytes(2, "big") for word in words)
        code = self.map.write(address, len(words), octets, 0)
        if code:
            raise Refused(code, "a table")

    def close(self) -> None:
        pass


def paper() -> tuple[Meter, Paper]:
    link = Paper()
    return Meter(link, Map("acurev1312")), link


def data(**changes: Any) -> bytes:
    return json.dumps({**FILE, **changes}).encode()


def test_bytes_are_those_of_the_tables() -> None:
    on, tables = schedule_file.parse(data())
    assert on and len(tables) == 17
    # docs/billing.md; plans are 0-3 for profiles, 4-7 for tariffs; the zone is that of calendar/zone.py
    assert tables[0] == bytes((0, 0, 1, 6, 0, 2, 20, 30, 3)) and tables[3] == bytes((12, 0, 2))
    assert tables[4] == bytes((1, 1, 0, 6, 21, 6)) and tables[5] == bytes((6, 1, 0, 4))
    assert tables[6] == bytes((60, 0, 1, 60, 3, 5, 0, 120, 0, 10, 5, 0, 120, 0))
    assert tables[7] == bytes((26, 12, 25, 4, 1, 6, 3)) and tables[8] == bytes((27,)) and tables[9] == b"\0"


@pytest.mark.parametrize("seed", range(20))
def test_there_and_back(seed: int) -> None:
    rng = random.Random(seed)
    zone = rng.choice(list(ZONES))

    def plan() -> tuple[str, int]:
        return rng.choice(("profile", "tariff")), rng.randint(1, 4)

    profiles = []
    for _ in range(4):
        starts = sorted(rng.sample(range(1440), rng.randint(1, 10)))
        profiles.append([(time(at // 60, at % 60), rng.randint(1, 4)) for at in starts])
    days = sorted(rng.sample(range(366), rng.randint(1, 10)))
    dates = [date(2024, 1, 1) + timedelta(days=day) for day in days]
    tables = Tables(
        ZoneInfo(zone),
        profiles,
        [(day.month, day.day, plan()) for day in dates],
        {day: plan() for day in rng.sample(range(7), rng.randint(0, 2))},
        {date(2026 + n % 3, 1, 1) + timedelta(days=rng.randrange(365)): plan() for n in range(30)},
    )
    known = [tables.profile_bytes(n) for n in range(4)]
    known += [tables.season_bytes(), tables.weekend_bytes(), ZONES[zone]]
    known += [tables.holiday_bytes(year) for year in (2026, 2027, 2028)] + [b"\0"] * 7
    text = schedule_file.write(seed % 2 == 0, known)
    assert schedule_file.parse(text.encode()) == (seed % 2 == 0, known)
    it, link = paper()
    schedule.apply(it, seed % 2 == 0, known)
    assert schedule.read(it) == (seed % 2 == 0, known)
    assert [bytes(link.meter.points.read(p.TABLE + n)) for n in range(17)] == known


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"{", "Expecting"),
        (b"\xff", "UTF-8"),
        (b"[]", "a schedule is an object"),
        (data(more=1), "a schedule is an object"),
        (data(on=1), "on: must be true or false"),
        (data(profiles=[DAY]), "must be 4 lists"),
        (data(profiles=[["24:00 tariff 1"]] + [DAY] * 3), "profile 1: daily profile: no such time"),
        (data(profiles=[DAY, DAY[::-1], DAY, DAY]), "profile 2: daily profile: sections do not ascend"),
        (data(profiles=[DAY, DAY, ["00:00 tariff 5"], DAY]), "profile 3: daily profile: no such tariff"),
        (data(profiles=[DAY, DAY, DAY, []]), "profile 4: daily profile: 1 to 10"),
        (data(profiles=[DAY, DAY, DAY, [0]]), "profile 4: 0 is not understood"),
        (data(seasons=[]), "seasons: 1 to 10"),
        (data(seasons=["02-30 profile 1"]), "seasons: no such date"),
        (data(seasons=["01-01 profile 5"]), "profile 5: there are 1 to 4"),
        (data(seasons="01-01 profile 1"), "seasons: must be a list"),
        (data(weekend=["Sunday tariff 1"] * 2), "weekend: one day twice"),
        (data(weekend=["Funday tariff 1"]), "is not understood"),
        (data(zone=1), "zone: must be an object"),
        (data(zone={"east": "1"}), "east must be such as"),
        (data(zone={"east": "+15:00"}), "zone: offset beyond 14 hours"),
        (data(zone={**BERLIN, "by": True}), "by must be 1 to 120"),
        (data(zone={**BERLIN, "to": "last Sunday of March 02:00"}), "begins and ends in one month"),
        (data(zone={**BERLIN, "from": None}), "null is not such as"),
        (data(holidays=[]), "holidays: must be an object"),
        (data(holidays={"1999": []}), "1999 is no year"),
        (data(holidays={"2026": ["01-01 tariff 1"] * 2}), "holidays: one day twice 2026"),
        (data(holidays={"2026": [f"{n % 12 + 1:02}-{n + 1:02} tariff 1" for n in range(25)]}), "up to 24"),
    ],
)
def test_what_is_wrong_is_said(file: bytes, why: str) -> None:
    with pytest.raises(OptionError) as said:
        schedule_file.parse(file)
    assert why in str(said.value) and "\n" not in str(said.value)


def test_spoilt_files_are_refused_or_taken() -> None:
    rng = random.Random(11)
    whole = data()
    taken = 0
    for _ in range(3000):
        spoilt = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(spoilt))
            spoilt[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        try:
            on, tables = schedule_file.parse(bytes(spoilt))
        except OptionError:
            continue
        taken += 1
        it, _ = paper()
        schedule.apply(it, on, tables)
    assert taken


def test_all_of_it_or_none() -> None:
    _, tables = schedule_file.parse(data())
    it, link = paper()
    schedule.apply(it, False, schedule_file.parse(data(holidays={"2027": ["01-01 tariff 2"]}))[1])
    before = schedule.read(it)
    link.asked = 0
    schedule.apply(it, True, tables)
    requests = link.asked
    for n in range(1, requests + 1):
        it, link = paper()
        schedule.apply(it, *before)
        link.asked = 0

        def once(asked: int, lost: int = n) -> bool:
            return asked == lost

        link.fails = once
        with pytest.raises(UtilityError) as said:
            schedule.apply(it, True, tables)
        assert not isinstance(said.value, NotRestored)
        link.fails = lambda asked: False
        assert schedule.read(it) == before, n
    # nobody answers any more
    it, link = paper()
    schedule.apply(it, *before)
    link.asked = 0
    link.fails = lambda asked: asked > requests // 2
    with pytest.raises(NotRestored):
        schedule.apply(it, True, tables)


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    phase = {"volts": 240.0, "amps": 5.0}
    load = {"frequency": 50.0, "phases": [phase] * 3, "adc": "ideal", "noise": 0.0}
    found = Sim(tmp_path_factory.mktemp("schedule"), model="acurev1312", ports=("rs485",), load=load)
    yield found
    found.close()


def test_a_stranger_sets_tariffs_and_reads_the_month(billed: Sim, ask: Any, run: Any, tmp_path: Any) -> None:
    link = billed.where["net"]

    def exported() -> Any:
        return json.loads(run("schedule", "export", *MODEL, *link)[1])

    path = tmp_path / "schedule.json"
    path.write_bytes(data(zone={"east": "+00:00"}, weekend=[], seasons=["01-01 profile 1"], holidays={}))
    assert run("schedule", "import", *MODEL, *link, str(path), "--dry-run")[0] == 0
    assert exported()["profiles"][0] == ["00:00 tariff 1"]
    status, told = ask("schedule", "import", *MODEL, *link, str(path), "--yes")
    assert status == 0 and told["applied"] and told["changed"][0] == "daily profile 1"
    assert exported()["profiles"][0] == DAY
    # from 04:00 to 22:00 at 3.6 kW
    assert ask("clock", *MODEL, *link, "--set", "2026-01-02T04:00:00")[0] == 0
    first = ask("months", *MODEL, *link)[1]["months"][0]["used"]
    billed.ask(cmd="advance", seconds=18 * 3600, leap=600)
    last = ask("months", *MODEL, *link)[1]["months"][0]["used"]
    used = {name: last[name] - first[name] for name in last}
    # 2 h, 14.5 h and 1.5 h
    for name, hours in (("tariff_1", 2), ("tariff_2", 14.5), ("tariff_3", 1.5), ("total", 18)):
        assert used[name] == pytest.approx(3.6 * hours, abs=0.05), name
    assert used["tariff_4"] == 0
    program = ask("events", *MODEL, *link, "program")[1]["events"]["program"]
    # the tables that differ, and no look at one
    assert [one["what"] for one in program].count("tariff tables written") == len(told["changed"])
    # sealed with bit 0 of the options
    assert ask("set", *MODEL, *link, "seal_options=1")[0] == 0
    billed.ask(cmd="seal", on=True)
    path.write_bytes(data())
    status, told = ask("schedule", "import", *MODEL, *link, str(path), "--yes")
    assert status == 1 and told["exception"] == 4
    assert exported()["weekend"] == []
    billed.ask(cmd="seal", on=False)


def test_usage(billed: Sim, run: Any, tmp_path: Any) -> None:
    link = billed.where["net"]
    assert run("schedule", "import", *MODEL, *link)[0] == 2
    assert run("schedule", "import", *MODEL, *link, str(tmp_path / "none"))[0] == 2
    assert run("schedule", "export", "--model", "kw320", *link, "a", "b")[0] == 2
    (tmp_path / "file").write_bytes(data(on=False))
    status, _, said = run("schedule", "import", *MODEL, *link, str(tmp_path / "file"))
    assert status == 2 and "--yes" in said
