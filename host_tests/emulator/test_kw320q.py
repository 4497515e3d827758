"""A KW320Q with everything on: three logs at one minute, 16 alarms, power quality, a master that never rests.

It is set up over Modbus and started again from its flash; then the bench runs it (test_load.py), with a sag
of 200 ms, and what it has kept is read back after one more start. All times are emulated.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from emulated import Emulated, image
from test_load import assert_line_kept, assert_nothing_lost, assert_stacks_kept, measure
from test_meter import ask, crc, start, wire, write

LOAD = {
    "phases": [
        {"volts": 230.0, "amps": 5.0, "lag": 60.0},
        {"volts": 230.0, "volt_angle": 180.0, "amps": 5.0, "lag": 60.0},
        {},
    ]
}
ITEMS = 10  # floats of a record
RECORD = 12 + 4 * ITEMS
RATED, SAG_PERCENT, SAG_HALVES = 230, 70, 4
COUNTS_PER_VOLT = 37.59105  # manual 4.6
# Of the long run; the clock has that many seconds past noon some seconds before it begins.
SECONDS, SAG_AT, CLOCK, BUILT = 68, 30, 52, 6


def read(board: Emulated, address: int, count: int) -> tuple[int, ...]:
    data = ask(board, 1, 3, address >> 8, address & 255, 0, count)[1:]
    return struct.unpack(f">{count}H", data)


def configure(board: Emulated) -> None:
    """Three logs of 20 registers each minute, 16 alarms, sags, swells and over-currents."""
    for log in range(3):
        words = [0] * 192
        words[:2] = [2 * ITEMS << 8 | 8, 1]
        words[2 : 2 + 2 * ITEMS] = range(0x4000, 0x4000 + 2 * ITEMS)
        words[119 : 119 + ITEMS // 2] = [0x0202] * (ITEMS // 2)
        write(board, 0x1100 + 192 * log, *words[:96])
        write(board, 0x1100 + 192 * log + 96, *words[96:])
    # codes 0 to 15 (frequency, voltages, currents, power) above 60.00 Hz, 600.0 V, 6 A, 6 kW for 20 ms
    channels = [(code, 1, 6000, 2, 0) for code in range(16)]
    write(board, 0x104E, *(word for channel in channels for word in channel))
    write(board, 0x1046, 1, 0, 0xFFFF, 0)
    write(board, 0x8004, RATED, 1, SAG_PERCENT, SAG_HALVES, 1, 120)
    write(board, 0x800B, 5000, 1, 120)


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a board that has been set up."""
    path = tmp_path_factory.mktemp("kw320q") / "flash.bin"
    with Emulated(image("PICO_EMU"), "--flash", str(path)) as board:
        wire(board)
        board("adc", load=LOAD)
        start(board)
        board.run("import model\nmodel.choose('kw320q')")
        board("power", on=False)
        board("power", on=True)
        start(board)
        write(board, 0x103F, 2, 2026, 2, 3, 11, 59, 0)
        configure(board)
        board("run", ns=4e9)
    return path


@pytest.fixture(scope="module")
def minute(flash: Path) -> tuple[dict[str, Any], Path]:
    """The long run, and the flash that it leaves."""
    left = flash.with_name("left.bin")
    left.write_bytes(flash.read_bytes())
    return measure(seconds=SECONDS, erase=0, flash=left, clock=CLOCK, sag=SAG_AT), left


@pytest.fixture(scope="module")
def after(minute: tuple[dict[str, Any], Path]) -> Iterator[Emulated]:
    """The board, started once more."""
    with Emulated(image("PICO_EMU"), "--flash", str(minute[1])) as board:
        wire(board)
        board("adc", load=LOAD)
        start(board)
        board("run", ns=2e9)  # logs with records take longer
        yield board


def test_no_sample_is_lost_and_answers_come_as_ever(minute: tuple[dict[str, Any], Path]) -> None:
    result, _ = minute
    assert_nothing_lost(result)
    assert_line_kept(result)
    master = result["master"]
    assert master["timeouts"] == 0
    # as in test_load.py without any of it, but for who asks in a long slice, which is chance: the silence
    # of 1.75 ms, and a slice of 6 ms at most (test_share_of_the_time)
    assert master["within_10ms"] == 1
    assert master["latency_ms"]["p95"] <= 2.0
    assert master["latency_ms"]["p99"] <= 5.0
    assert master["latency_ms"]["max"] <= 1.75 + 6.0
    assert_stacks_kept(result)


@pytest.mark.parametrize(("watch", "sag"), [(1, 0), (3, 4)], ids=["a cycle allocates nothing", "with a sag"])
def test_share_of_the_time(flash: Path, tmp_path: Path, watch: int, sag: int) -> None:
    copy = tmp_path / "flash.bin"
    copy.write_bytes(flash.read_bytes())
    board = measure(seconds=7, erase=0, watch=watch, flash=copy, clock=CLOCK, sag=sag)["board"]
    share = board["share"]
    # What is booked; with the loop's own visits, which are not, the board is awake for half of the time (a
    # plain kw320: 46 %). What is named by its class is a job or a pause of the loop.
    jobs = sum(value for name, value in share.items() if name[0].isupper())
    busy = share["meter"] + share["look"] + share["ports"] + jobs
    assert busy <= 45
    assert board["gaps"] == board["overruns"] == 0
    # one of registers and extremes each is among it, in slices
    assert len(board["saves"]) == 2 and min(board["saves"]) >= 1
    # of a waveform a cycle or the head is written; an event's record begins a unit of its ring
    most = {"measure": 8000, "Keeper": 5300} if sag else {"Keeper": 4500}
    for job, longest_us in board["longest_us"].items():
        if job not in ("Erase", "Collector"):
            # the meter's: the turn of a minute with its demands, a log's first record, which begins a unit
            assert longest_us <= most.get(job, 6000), job


def test_heap_that_stays_free(flash: Path, tmp_path: Path) -> None:
    copy = tmp_path / "flash.bin"
    copy.write_bytes(flash.read_bytes())
    board = measure(seconds=4, script="heap.py", baud=19200, flash=copy)["board"]
    assert board["heap_free"] >= 70 * 1024


def test_each_log_has_a_record_of_each_minute(after: Emulated) -> None:
    for log in range(3):
        status = read(after, 0x6100 + 0x100 * log, 12)
        assert status[4] == RECORD and status[2] == 0 and status[3] >= 2
        write(after, 0x6000, log << 8, status[3] << 8, 0, 0)
        words = read(after, 0x6000, 4 + status[3] * RECORD // 2)
        assert words[1] & 0xFF == 0x0B
        data = struct.pack(f">{len(words) - 4}H", *words[4:])
        records = [data[at : at + RECORD] for at in range(0, len(data), RECORD)]
        times = [tuple(record[4:10]) for record in records if record[4] == 26 and record[7] == 12]
        assert times == [(26, 2, 3, 12, 1, 0), (26, 2, 3, 12, 2, 0)]
        for record in records:
            assert crc(record[:-2]) == record[-2:]
            frequency, volts = struct.unpack_from(">2f", record, 10)
            assert frequency == pytest.approx(50.0, abs=0.01)
            assert volts == pytest.approx(230.0, rel=0.002)


def test_the_sag_is_one_event_and_one_waveform(after: Emulated) -> None:
    newest, *words = read(after, 0x8CFD, 83)
    assert newest == 1
    year_month, day_hour, minute_second, _, phases, rated, threshold, halves = words[2:10]
    assert (year_month, day_hour) == (26 << 8 | 2, 3 << 8 | 12)
    second = 60 * (minute_second >> 8) + (minute_second & 255)
    assert CLOCK + SAG_AT < second < CLOCK + SAG_AT + BUILT
    assert (phases, rated, threshold, halves) == (1, RATED, SAG_PERCENT, SAG_HALVES)
    write(after, 0x8E00, 1, 1)
    parts = [read(after, 0x8E00, 68) for _ in range(121)]
    assert [part[:4] for part in parts] == [(1, n, 0x0B, 1) for n in range(1, 122)]
    # year to millisecond, then the reasons: a sag of the first phase
    assert parts[0][4:8] == (2026, 2, 3, 12) and 60 * parts[0][8] + parts[0][9] == second
    assert parts[0][11:20] == (0, 0, 0, 0, 1, 0, 0, 0, 0)
    cycles = [struct.unpack(">64h", struct.pack(">64H", *part[4:])) for part in parts[1:]]
    volts = [(sum(x * x for x in cycle) / 64) ** 0.5 / COUNTS_PER_VOLT for cycle in cycles]
    # ten cycles before the trigger and ten after it: it comes two cycles into the sag, which has ten
    assert volts[:7] == pytest.approx([230.0] * 7, rel=0.01)
    assert volts[60:67] == pytest.approx([115.0] * 7, rel=0.01)
    assert volts[69] == pytest.approx(230.0, rel=0.01)
    assert volts[10:20] == pytest.approx([230.0] * 10, rel=0.01)
