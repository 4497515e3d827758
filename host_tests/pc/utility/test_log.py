"""`fourquad log` against a meter written from the manual's text: complete and equal, whatever happens."""

from __future__ import annotations

import csv
import json
import random
import signal
import struct
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pyarrow.parquet
import pytest
from paper_meter import PaperLog, PaperMeter, Record, Server, crc
from rig import ROOT

from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import NoAnswer, UtilityError
from fourquad_tools.utility.log_file import Part
from fourquad_tools.utility.log_layout import read_layout, read_status
from fourquad_tools.utility.log_window import Reader
from fourquad_tools.utility.meter import Meter

# V1 V2 V3 as floats, as in the example of 6.3.8; energies; one register alone
EXAMPLE = ((0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007), (2, 2, 2))
FIELD = ((0x4048, 0x4049, 0x404A, 0x404B, 0x404C, 0x404D, 0x404E, 0x404F), (2, 2, 2, 2))

MAP = Map("kw320")


def record(n: int, size: int) -> Record:
    """The n-th record: a minute each, data that no other has."""
    when = datetime(2026, 1, 1) + timedelta(minutes=n)
    stamp = (when.year - 2000, when.month, when.day, when.hour, when.minute, when.second)
    data = random.Random(n).randbytes(size - 12)
    return stamp, data


def floats(n: int, size: int) -> Record:
    stamp, _ = record(n, size)
    return stamp, struct.pack(f">{(size - 12) // 4}f", *(n + k / 4 for k in range((size - 12) // 4)))


def filled(log: PaperLog, count: int, make=record) -> PaperLog:
    for n in range(count):
        log.add(make(n, log.size))
    return log


def open_log(meter: PaperMeter, check_crc: bool = True) -> Reader:
    face = Meter(meter, MAP)
    return Reader(face, read_layout(face, 1), check_crc, lambda seconds: None)


def content(records: list[bytes]) -> list[Record]:
    return [(tuple(one[4:10]), one[10:-2]) for one in records]  # type: ignore[misc]


def everything(reader: Reader, last: bytes | None = None) -> list[bytes]:
    return [one for window in reader.records(last) for one in window]


def test_the_manuals_example():
    """6.3.8: six registers, ten sectors; records of 24 bytes, ten a window."""
    log = filled(PaperLog(*EXAMPLE, 10), 35, floats)
    meter = PaperMeter([log])
    assert log.settings()[0] == 0x060A and log.settings()[0x77:0x79] == [0x0202, 0x0200]
    reader = open_log(meter)
    assert reader.per_window == 10
    assert content(everything(reader)) == log.records
    layout = read_layout(Meter(meter, MAP), 1)
    assert [item.name for item in layout.items] == ["v1", "v2", "v3"]
    assert layout.values(log.bytes_at(3), 0) == [3.0, 3.25, 3.5]


@pytest.mark.parametrize("registers", [1, 2, 8, 54, 55, 117])
@pytest.mark.parametrize("count", [1, 7, 200])
def test_any_size_of_record(registers, count):
    log = filled(PaperLog(range(0x4062, 0x4062 + registers), [1] * registers, 1), count)
    assert content(everything(open_log(PaperMeter([log])))) == log.records


def test_a_window_that_is_not_ready_is_waited_for():
    log = filled(PaperLog(*FIELD, 1), 30)
    meter = PaperMeter([log])
    meter.slow = 5
    assert content(everything(open_log(meter))) == log.records


@pytest.mark.parametrize(
    ("status", "words"),
    [(0xAA, "being erased"), (0xFF, "no window ready"), (0xC1, "list of registers wrong")],
)
def test_a_window_that_never_comes(status, words):
    meter = PaperMeter([filled(PaperLog(*FIELD, 1), 30)])
    meter.status = status
    with pytest.raises(UtilityError, match=words):
        everything(open_log(meter))


def test_a_wrong_list_of_another_log_is_not_ours():
    log = filled(PaperLog(*FIELD, 1), 30)
    meter = PaperMeter([log])
    meter.status = 0xC6
    meter.before = lambda m: setattr(m, "status", 0x0B if m.requests > 10 else 0xC6)
    assert content(everything(open_log(meter))) == log.records


@pytest.mark.parametrize("registers", [8, 117])
@pytest.mark.parametrize("seed", range(8))
def test_records_and_erased_sectors_while_it_is_read(registers, seed):
    """A log that goes on: nothing is twice, and what is missing was erased, which is told."""
    log = PaperLog(range(0x4062, 0x4062 + registers), [1] * registers, 4, sector=12 * (12 + 2 * registers))
    filled(log, 40 + seed)
    meter = PaperMeter([log])
    rng = random.Random(seed)
    budget = [30]

    def goes_on(m: PaperMeter) -> None:
        if budget[0] and rng.random() < (0.3 if seed % 2 else 0.05):
            budget[0] -= 1
            log.add(record(len(log.ever), log.size))

    reader = open_log(meter)
    meter.before = goes_on
    got = everything(reader)
    meter.before = lambda m: None
    got += everything(open_log(meter), got[-1])
    places = [log.ever.index(one) for one in content(got)]
    assert places == sorted(set(places)) and places[-1] == len(log.ever) - 1
    missing = set(range(places[0], len(log.ever))) - set(places)
    assert not missing or (reader.lost and max(missing) < len(log.ever) - len(log.records))


@pytest.mark.parametrize("seed", range(4))
def test_another_master_moves_the_window(seed):
    log = filled(PaperLog(*FIELD, 2), 300)
    other = filled(PaperLog(*EXAMPLE, 2), 300)
    meter = PaperMeter([log, other])
    rng = random.Random(seed)

    def moves(m: PaperMeter) -> None:
        if m.requests % 7 == 6:
            m.log, m.count, m.offset = rng.choice([0, 1]), rng.randrange(1, 9), rng.randrange(200)
            m._make_window()

    reader = open_log(meter)
    meter.before = moves
    assert content(everything(reader)) == log.records


def test_a_damaged_record_is_asked_for_again():
    log = filled(PaperLog(*FIELD, 1), 60)
    meter = PaperMeter([log])
    spoilt = []

    def spoil(m: PaperMeter) -> None:
        if m.requests % 9 == 8:
            at = m.requests % 200
            m.window = m.window[:at] + bytes((m.window[at] ^ 0x10,)) + m.window[at + 1 :]
            spoilt.append(at)

    meter.before = spoil
    assert content(everything(open_log(meter))) == log.records and len(spoilt) > 2


@pytest.mark.parametrize("registers", [8, 117])
def test_records_that_the_meter_has_lost(registers):
    """docs/kw320/decisions.md: their numbers, zeros, and a CRC that is wrong."""
    log = filled(PaperLog(range(0x4062, 0x4062 + registers), [1] * registers, 1), 60)
    lost = {3, 20, *range(30, 50), 59}
    whole = log.bytes_at

    def bytes_at(n: int) -> bytes:
        data = whole(n)
        return data[:4] + bytes(len(data) - 6) + b"??" if n in lost else data

    log.bytes_at = bytes_at  # type: ignore[method-assign]
    reader = open_log(PaperMeter([log]))
    assert content(everything(reader)) == [one for n, one in enumerate(log.records) if n not in lost]
    assert reader.damaged == len(lost)


def test_another_checksum_needs_no_crc(monkeypatch):
    """The field capture: what the manual calls CRC is none."""
    log = filled(PaperLog(*FIELD, 1), 60)
    monkeypatch.setattr("paper_meter.crc", lambda data: 0x0C0E)
    meter = PaperMeter([log])
    with pytest.raises(UtilityError, match="--no-crc"):
        everything(open_log(meter))
    assert content(everything(open_log(meter, check_crc=False))) == log.records


def test_the_field_capture_is_asked_for_in_the_same_way():
    """field capture: 28 bytes a record, 8 a window, number 111EH at offset 111DH."""
    log = filled(PaperLog(*FIELD, 3), 0x1150)
    meter = PaperMeter([log])
    reader = open_log(meter)
    assert reader.per_window == 8
    window = reader.window(0x111D, 8)
    assert (meter.log, meter.count, meter.offset) == (0, 8, 0x111D)
    assert [int.from_bytes(one[:4], "big") for one in window] == list(range(0x111E, 0x1126))


@pytest.mark.parametrize("seed", range(6))
def test_interrupted_again_and_again(seed, tmp_path):
    """The line dies at any request; sectors are erased between the attempts; the file goes on."""
    log = filled(PaperLog(*FIELD, 4, sector=20 * 28), 75)
    meter = PaperMeter([log])
    rng = random.Random(seed)
    face = Meter(meter, MAP)
    layout = read_layout(face, 1)
    last_request = [0]

    def dies(m: PaperMeter) -> None:
        if last_request[0] and m.requests > last_request[0]:
            raise NoAnswer("cut")

    meter.before = dies
    for attempt in range(40):
        last_request[0] = meter.requests + rng.randrange(7, 14) + (attempt or 9)
        part = Part(tmp_path / "x.part", layout, "kw320", True)
        try:
            for window in Reader(face, layout, True, lambda seconds: None).records(part.last):
                part.add(window)
        except NoAnswer:
            part.close()
            # what is written may end anywhere
            data = (tmp_path / "x.part").read_bytes()
            (tmp_path / "x.part").write_bytes(data[: len(data) - rng.randrange(0, 30)])
            for _ in range(rng.randrange(4)):
                log.add(record(len(log.ever), log.size))
            continue
        break
    assert attempt > 0 and content(list(part.records())) == log.ever


def test_what_was_erased_meanwhile_is_told(tmp_path):
    log = filled(PaperLog(*FIELD, 2, sector=10 * 28), 15)
    meter = PaperMeter([log])
    last = everything(open_log(meter))[-1]
    for n in range(15, 60):
        log.add(record(n, log.size))
    reader = open_log(meter)
    assert content(everything(reader, last)) == log.records and reader.lost


def command(server: Server, *words: str) -> list[str]:
    return [sys.executable, "-m", "fourquad_tools", "log", "1", *server.where, *words]


@pytest.mark.parametrize("count", [3000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_killed_twice_complete_and_equal(count, tmp_path):
    """Issue 10: 100,000 records, interrupted twice, complete and equal."""
    log = filled(PaperLog(*FIELD, 50), count, floats)
    meter = PaperMeter([log])
    server = Server(meter)
    reached, gone = threading.Event(), threading.Event()
    limit = [0]

    def watch(m: PaperMeter) -> None:
        if limit[0] and m.requests >= limit[0]:
            # slow answers until who asks is gone: however fast it is, it cannot be done before
            reached.set()
            gone.wait(0.05)

    meter.before = watch
    output = tmp_path / "out.json"
    paths = {"PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}", "PATH": "/usr/bin:/bin"}
    kept = 0
    for kill in (signal.SIGKILL, signal.SIGINT):
        reached.clear()
        gone.clear()
        limit[0] = meter.requests + count // 14
        process = subprocess.Popen(
            command(server, "--output", str(output)), env=paths, stderr=subprocess.PIPE, text=True
        )
        assert reached.wait(120)
        process.send_signal(kill)
        process.communicate(timeout=60)
        gone.set()
        assert process.returncode in (-signal.SIGKILL, 130) and not output.exists()
        now = (tmp_path / "out.json.part").stat().st_size
        assert now > kept
        kept = now
    limit[0] = 0
    before = meter.requests
    done = subprocess.run(
        command(server, "--output", str(output), "--json"),
        env=paths,
        capture_output=True,
        text=True,
        timeout=600,
    )
    server.close()
    told = json.loads(done.stdout)
    assert told["records"] == count and 0 < told["new"] < count and not told["lost"]
    assert meter.requests - before < 2 * count / 7
    found = json.loads(output.read_text())
    for n, (when, *values) in enumerate(found["records"]):
        assert datetime.fromisoformat(when) == datetime(2026, 1, 1) + timedelta(minutes=n)
        raw = struct.unpack(">4i", log.records[n][1])
        assert values == [round(one * 0.1, 3) for one in raw]
    assert n == count - 1 and not (tmp_path / "out.json.part").exists()


@pytest.fixture
def server():
    meters = PaperMeter(
        [filled(PaperLog(*EXAMPLE, 2), 25, floats), PaperLog((), (), 0), filled(PaperLog(*FIELD, 1), 9)]
    )
    made = Server(meters)
    yield made
    made.close()


def test_csv_json_and_parquet_hold_the_same(server, run, tmp_path):
    for name in ("a.csv", "a.json", "a.parquet"):
        status, _, err = run("log", "1", *server.where, "--output", str(tmp_path / name))
        assert status == 0, err
    rows = list(csv.reader((tmp_path / "a.csv").open()))
    found = json.loads((tmp_path / "a.json").read_text())
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet").to_pydict()
    assert rows[0] == ["time", "v1 [V]", "v2 [V]", "v3 [V]"] and len(rows) == 26
    assert [column["name"] for column in found["columns"]] == ["v1", "v2", "v3"]
    for n in range(25):
        values = [n, n + 0.25, n + 0.5]
        when = datetime(2026, 1, 1) + timedelta(minutes=n)
        assert rows[n + 1] == [when.isoformat(), *(str(float(value)) for value in values)]
        assert found["records"][n] == [when.isoformat(), *values]
        assert table["time"][n] == when and [table[k][n] for k in ("v1", "v2", "v3")] == values


def test_what_the_logs_hold(server, run, ask):
    status, told = ask("log", *server.where)
    assert status == 0 and [one["records"] for one in told["logs"]] == [25, 0, 9]
    assert told["logs"][0]["most"] == 2 * 2730  # 6.3.8 and D: 65536 // 24 a sector
    assert told["logs"][0]["last"] == "2026-01-01T00:24:00"
    assert "25" in run("log", *server.where)[1].splitlines()[1]
    assert ask("log", "2", *server.where)[1]["error"] == "log 2 is empty"


def test_another_download_in_the_way(server, run, tmp_path):
    (tmp_path / "a.csv.part").write_bytes(b"something else\n")
    status, _, err = run("log", "1", *server.where, "--output", str(tmp_path / "a.csv"))
    assert status == 1 and "another download" in err
    assert (tmp_path / "a.csv.part").read_bytes() == b"something else\n"


@pytest.mark.parametrize("words", [("1", "--output", "x.xls"), ("--output", "a.csv")])
def test_usage(server, run, words):
    assert run("log", *server.where, *words)[0] == 2


def test_a_meter_without_logs(run):
    server = Server(PaperMeter())
    status, _, err = run("log", *server.where)
    server.close()
    assert status == 1 and "no data logs" in err


def test_a_folder_that_is_not_there(server, run, tmp_path):
    status, _, err = run("log", "1", *server.where, "--output", str(tmp_path / "no" / "a.csv"))
    assert status == 1 and "a.csv" in err


def test_lists_that_contradict_each_other():
    log = PaperLog((0x4002, 0x4003, 0x4004, 0x4006), (2, 2), 1)
    with pytest.raises(UtilityError, match="contradict"):
        read_layout(Meter(PaperMeter([log]), MAP), 1)
    log = PaperLog((0x4002, 0x4003, 0x4004), (2,), 1)
    with pytest.raises(UtilityError, match="descriptors"):
        read_layout(Meter(PaperMeter([log]), MAP), 1)


def test_settings_of_chance_are_a_layout_or_a_reason():
    rng = random.Random(6)
    for _ in range(300):
        log = PaperLog((), (), 0)
        words = [rng.choice([0, 1, 0x0101, 0x0202, 0x4002, rng.randrange(65536)]) for _ in range(192)]
        words[0] = rng.randrange(65536)
        log.settings = lambda words=words: words  # type: ignore[method-assign]
        try:
            layout = read_layout(Meter(PaperMeter([log]), MAP), 1)
        except UtilityError:
            continue
        assert sum(item.registers for item in layout.items) == layout.registers


def test_status_without_a_record():
    status = read_status(Meter(PaperMeter([PaperLog(*FIELD, 1)]), MAP), 1)
    assert status.used == 0 and status.first is None


def test_the_checksum_is_that_of_the_standard():
    """Modbus over serial line V1.02, appendix B: 02 07 is answered with CRC 41 12."""
    assert crc(bytes((2, 7))) == 0x1241
