"""A full trend log, 5760 records of four days, read by ReadRange: by bacnet-stack's node, and again by
bacpypes3 behind a router. The load has another power each hour.
"""

from __future__ import annotations

import datetime
import itertools
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from misty_bench import MALFORMED, PYTHON, Master, Sim

try:
    import bacpypes3
except ImportError:
    bacpypes3 = None

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.minutes,
    pytest.mark.skipif(
        (bacpypes3 is None or not PYTHON.exists()) and not os.environ.get("CI"),
        reason="no bacpypes3 or no build/misty: a full log was NOT read by foreign masters",
    ),
]
MOST = 5760
MINUTE_S, HOUR_S = 60, 3600
HOURS = 100
LOG = ["trendLog", 2]  # has AI11, kW
VOLTS = 277.0


def amps(hour: int) -> float:
    """No two hours next to each other have the same."""
    return 10.0 + hour * 37 % HOURS * 0.5


def phases(hour: int) -> list[dict[str, float]]:
    return [{"volts": VOLTS, "amps": amps(hour), "lag": 0.0} for _ in range(3)]


PLANT: dict[str, Any] = {
    "frequency": 60.0,
    "phases": phases(0),
    "timeline": [{"at": 3600.0 * hour, "phases": phases(hour)} for hour in range(1, HOURS)],
    "adc": "ideal",
    "noise": 0.0,
}


def whole(master: Master) -> list[dict[str, Any]]:
    """All records, by position."""
    found: list[dict[str, Any]] = []
    while len(found) < MOST:
        answer = master.ask("range", object=LOG, by="position", at=len(found) + 1, count=200)
        assert answer["count"] == len(answer["ok"]) > 10 or len(found) + answer["count"] == MOST
        first, last, more = answer["flags"][:3]
        found += answer["ok"]
        assert first == (len(found) == answer["count"]) and last == (len(found) == MOST) and more != last
    return found


def moment(stamp: dict[str, Any]) -> datetime.datetime:
    """Date and time of a record, hundredths left out."""
    year, month, day, _ = stamp["date"]
    return datetime.datetime(1900 + year, month, day, *stamp["time"][:3])


def test_a_full_log(tmp_path: Path) -> None:
    sim = Sim(tmp_path, plant=PLANT)
    try:
        read_by_bacnet_stack, total = fill_and_read(sim)
        check(read_by_bacnet_stack)
        read_by_bacpypes3(sim, read_by_bacnet_stack, total)
        if shutil.which("tshark") or os.environ.get("CI"):
            assert sim.decoded("bacapp.confirmed_service == 26") > 2 * 2 * MOST // 25
            assert sim.decoded(MALFORMED) == 0
    finally:
        sim.close()


def fill_and_read(sim: Sim) -> tuple[list[dict[str, Any]], int]:
    master = Master(sim.pty)
    try:
        # an hour, and some seconds: each look at the load, one an hour, sees that of the next hour
        sim.command(cmd="advance", seconds=HOUR_S, leap=HOUR_S)
        master.join()
        assert master.write(*LOG, 100 * MINUTE_S, "logInterval", "unsigned") is True
        assert master.write(*LOG, True, "stopWhenFull", "boolean") is True
        assert master.write(*LOG, True, "enable", "boolean") is True
        sim.command(cmd="advance", seconds=(MOST + 20) * MINUTE_S, leap=HOUR_S)
        master.join()
        assert master.read(*LOG, "enable") == 0 and master.read(*LOG, "recordCount") == MOST
        total = master.read(*LOG, "totalRecordCount")
        assert master.write(*LOG, True, "enable", "boolean") == ["object", "logBufferFull"]
        records = whole(master)
        # the same by sequence number and by time
        for at in (1, 3000, MOST):
            answer = master.ask("range", object=LOG, by="sequence", at=total - MOST + at, count=5)
            assert answer["ok"] == records[at - 1 : at + 4] and answer["first"] == total - MOST + at
        stamp = records[4000]["timestamp"]
        answer = master.ask("range", object=LOG, by="time", at=[stamp["date"], stamp["time"]], count=-7)
        assert answer["ok"] == records[3993:4000]
        return records, total
    finally:
        master.close()


def check(records: list[dict[str, Any]]) -> None:
    """What the records say is what the load was."""
    assert len(records) == MOST
    # cleared by the new interval, switched on; full, therefore switched off
    assert [list(record["logDatum"]) for record in (*records[:2], records[-1])] == [["logStatus"]] * 3
    values = [record["logDatum"]["realValue"] for record in records[2:-1]]
    runs = [(value, len(list(same))) for value, same in itertools.groupby(values, lambda x: round(x, 2))]
    for hour, (value, _) in enumerate(runs, 1):
        assert value == pytest.approx(3 * VOLTS * amps(hour) / 1000, rel=1e-3), hour
    assert all(59 <= length <= 61 for _, length in runs[1:-1]) and len(runs) in (96, 97)
    times = [moment(record["timestamp"]) for record in records[2:-1]]
    steps = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
    assert all(abs(step - MINUTE_S) <= 3 for step in steps)
    assert abs((times[-1] - times[0]).total_seconds() - MINUTE_S * (len(times) - 1)) <= 3


def read_by_bacpypes3(sim: Sim, first: list[dict[str, Any]], total: int) -> None:
    from bacpypes3_bench import Client, Router

    router = Router(sim.pty)
    client = Client(router)
    try:
        client.join()
        found: list[Any] = []
        while len(found) < MOST:
            some = client.records(2, "s", total - MOST + 1 + len(found), 200)
            assert not isinstance(some, str) and some, some
            found += some
        assert len(found) == MOST
        for mine, theirs in zip(found, first, strict=True):
            assert list(mine.timestamp.date) == theirs["timestamp"]["date"]
            assert list(mine.timestamp.time) == theirs["timestamp"]["time"]
            value = theirs["logDatum"].get("realValue")
            assert mine.logDatum.realValue == (None if value is None else pytest.approx(value))
    finally:
        client.close()
        router.close()


def test_every_property_one_by_one(tmp_path: Path) -> None:
    """Each by ReadProperty, and the same by ReadPropertyMultiple."""
    sim = Sim(tmp_path)
    master = Master(sim.pty)
    try:
        master.join()
        count = master.read("device", 4194303, "objectList", 0)
        for i in range(2, count + 1):
            kind, n = master.read("device", 4194303, "objectList", i)
            [[_, rows]] = master.ask("multiple", objects=[[kind, n]], properties=["all"])["ok"]
            for name, value in rows.items():
                read = master.read(kind, n, name)
                if name == "presentValue" and kind == "analogInput":
                    assert read == pytest.approx(value, rel=2e-3, abs=2.0, nan_ok=True), (kind, n)
                else:
                    assert read == value, (kind, n, name)
            if kind == "trendLog":
                assert master.read(kind, n, "logBuffer") == {"error": ["property", "readAccessDenied"]}
    finally:
        master.close()
        sim.close()
