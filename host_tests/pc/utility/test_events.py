"""`fourquad events`: records in the order in which they were made, in words."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable

import pytest
from paper_meter import PaperMeter, Server
from paper_waves import PaperWaves

from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.event_records import alarms, quality, sequence
from fourquad_tools.utility.meter import Meter

MAP = Map("kw320q")


def face(meter: PaperMeter) -> Meter:
    return Meter(meter, MAP)


def with_records(first: int, each: int, count: int, records: dict[int, list[int]]) -> PaperMeter:
    meter = PaperMeter()
    meter.words |= {first + i: 0 for i in range(each * count)}
    for n, words in records.items():
        for i, word in enumerate(words):
            meter.words[first + each * (n - 1) + i] = word
    return meter


def alarm(code: int, value: int, second: int, state: int = 1) -> list[int]:
    return [code << 8 | state, code, value & 0xFFFF, 2026, 1, 2, 3, 4, second, 56]


def test_the_manuals_example_of_an_and_pair():
    """4.4: I1 above 4.5 A and U1 below 99.8 V, two records of one millisecond."""
    records = {1: alarm(9, 4512, 7, 3), 2: alarm(1, 997, 7, 3)}
    meter = with_records(0x42A9, 10, 16, records)
    meter.words[0x1032] = 2
    found = alarms(face(meter), "kw320q")
    assert [one["code"] for one in found] == [9, 1] and all(one["pair"] for one in found)
    assert {one["time"] for one in found} == {"2026-01-02T03:04:07.056"}


def test_the_ring_of_alarms_begins_behind_the_newest():
    meter = with_records(0x42A9, 10, 16, {n: alarm(17, -n, n, n & 1) for n in range(1, 17)})
    meter.words[0x1032] = 5
    found = alarms(face(meter), "kw320q")
    assert [one["number"] for one in found] == [*range(6, 17), *range(1, 6)]
    assert found[0]["state"] == "recovered" and found[-1]["state"] == "alarm"
    meter.words[0x1032] = 0
    assert len(alarms(face(meter), "kw320q")) == 16
    meter.words[0x1032] = 17
    with pytest.raises(UtilityError, match="1032H"):
        alarms(face(meter), "kw320q")


def test_the_sequence_of_events():
    """6.3.7: 20 groups of eight registers from 4399H; 4439H is the module."""
    meter = with_records(0x4399, 8, 20, {n: [2026, 1, 2, 3, 4, n, 7, n] for n in range(1, 4)})
    meter.words |= {0x1033: 3, 0x4439: 4}
    found = sequence(face(meter))
    assert [one["inputs"] for one in found] == ["000001", "000010", "000011"]
    assert found[0] == {"number": 1, "time": "2026-01-02T03:04:01.007", "module": "IO12", "inputs": "000001"}


def sag(n: int, mask: int = 1) -> list[int]:
    return [
        26 << 8 | 2,
        3 << 8 | 4,
        5 << 8 | n % 60,
        n,
        mask,
        400,
        80 if mask < 8 else 120,
        10 if mask < 8 else 0,
    ]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 100])
def test_events_of_power_quality(count):
    found = quality(face(PaperWaves([], [sag(n) for n in range(count)])))
    assert [one["time"] for one in found] == [f"2026-02-03T04:05:{n % 60:02}.{n:03}" for n in range(count)]


def test_what_an_event_says():
    found = quality(face(PaperWaves([], [sag(0, 0b101), sag(1, 0b010000)])))
    assert found[0] == {
        "number": 1,
        "time": "2026-02-03T04:05:00.000",
        "what": "sag U1 U3",
        "rated_V": 400,
        "threshold_percent": 80,
        "half_cycles": 10,
    }
    assert found[1]["what"] == "swell U2" and found[1]["half_cycles"] == 0


def test_a_full_log_that_goes_on_is_read_anew():
    """Full, it renumbers its events; nothing may be there twice, or be missing."""
    meter = PaperWaves([], [sag(n) for n in range(45)])
    left = [3]

    def goes_on(m: PaperMeter) -> None:
        if left[0] and m.requests % 6 == 5:
            left[0] -= 1
            meter.events = [*meter.events[1:], sag(45 + 2 - left[0])]

    meter.before = goes_on
    found = quality(face(meter))
    assert [one["time"][-3:] for one in found] == [f"{words[3]:03}" for words in meter.events]


def test_the_command(run, ask):
    server = Server(PaperWaves([], [sag(n) for n in range(12)]))
    status, out, _ = run("events", "quality", "--csv", "--model", "kw320q", *server.where)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0 and len(rows) == 12 and rows[3]["what"] == "sag U1"
    # the paper meter has no alarms: all there are is what it has
    assert list(ask("events", *server.where)[1]["events"]) == ["quality"]
    assert "sag U1" in run("events", *server.where)[1]
    status, _, err = run("events", "soe", *server.where)
    assert status == 1 and "no events of this kind" in err
    assert run("events", "other", *server.where)[0] == 2
    assert run("events", "--csv", *server.where)[0] == 2
    server.close()


def alarms_of(meter: Meter) -> list[dict[str, object]]:
    return alarms(meter, "kw320q")


def or_none(kind: Callable[[Meter], list[dict[str, object]]], meter: PaperMeter) -> list[dict[str, object]]:
    try:
        return kind(face(meter))
    except UtilityError as error:
        assert "is no number of" in str(error)
        return []


def test_registers_of_chance_are_events_or_a_reason():
    rng = random.Random(13)
    told = 0
    for _ in range(300):
        small = rng.random() < 0.5
        meter = PaperWaves([], [[rng.randrange(65536) for _ in range(8)] for _ in range(12)])
        places = [*range(0x42A9, 0x4349), *range(0x4399, 0x443A), 0x1032, 0x1033]
        meter.words |= {place: rng.randrange(17 if small else 65536) for place in places}
        for kind in (alarms_of, sequence):
            told += len(or_none(kind, meter))
        assert len(quality(face(meter))) == 12
    assert told > 1000
