"""`fourquad waveform`: the retrieval as the manual says it, and COMTRADE as PyPI's reader understands it."""

from __future__ import annotations

import contextlib
import csv
import math
import random
from datetime import datetime

import comtrade
import pytest
from paper_meter import Server
from paper_waves import LostAnswer, PaperWaves
from PIL import Image

from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import NoAnswer, UtilityError
from fourquad_tools.utility.meter import Meter
from fourquad_tools.utility.waveform_png import nice_step
from fourquad_tools.utility.waveform_window import Waveforms

VOLT, AMPERE = 37.59105, 14427.15  # manual 6.3.8: a 333 mV input
RMS = (230.0, 115.0, 231.0, 0.9, 1.0, 1.1)

MAP = Map("kw320q")


def samples(seed: int) -> list[list[int]]:
    """Six channels: sines in closed form, U2 sags to half at the trigger; saturated if too high."""
    out = []
    for channel in range(6):
        scale = VOLT if channel < 3 else AMPERE
        row = []
        for n in range(1280):
            angle = 2 * math.pi * (n / 64 - channel % 3 / 3) + seed
            high = 2**0.5 * RMS[channel] * (2 if channel == 1 and n < 640 else 1)
            row.append(max(-32768, min(32767, round(scale * high * math.sin(angle)))))
        out.append(row)
    return out


def reasons(n: int, **words: int) -> list[int]:
    head = [2026, 3, 4, 5, 6, n, 789] + [0] * 9
    for name, value in words.items():
        head[int(name[1:]) - 1] = value
    return head


def captured(count: int) -> PaperWaves:
    kinds = [{"w8": 1}, {"w12": 2}, {"w9": 0b1001}, {"w13": 5, "w14": 4}, {"w11": 0b11}]
    meter = PaperWaves([(reasons(n, **kinds[n % 5]), samples(n)) for n in range(count)])
    # CT2 333, PT1 and PT2 10000 : 100, 3LN, 50 Hz; the readings of the second: 49.8 Hz
    values = {0x1003: 0, 0x1005: 1, 0x1006: 34464, 0x1007: 1000, 0x1008: 200, 0x1009: 333, 0x0FFD: 0}
    meter.words |= {**values, 0x4000: 0x4247, 0x4001: 0x3333}
    return meter


def waveforms(meter: PaperWaves) -> Waveforms:
    return Waveforms(Meter(Lossy(meter), MAP), lambda seconds: None)


class Lossy:
    """A link that repeats what was not answered, as ours does."""

    unit = 1

    def __init__(self, meter: PaperWaves) -> None:
        self.meter = meter
        self.write = meter.write

    def read(self, address: int, count: int, tries: int = 6) -> list[int]:
        if not tries:
            raise NoAnswer("six times")
        with contextlib.suppress(LostAnswer):
            return self.meter.read(address, count)
        return self.read(address, count, tries - 1)


@pytest.mark.parametrize("count", [1, 3, 4, 5, 19, 20])
def test_reasons_of_all_groups(count):
    """4.6: groups by four; the triggers of each."""
    meter = captured(count)
    found = waveforms(meter).causes()
    assert [cause.group for cause in found] == list(range(1, count + 1))
    texts = [
        ["manual"],
        ["sag U2"],
        ["DI1 on", "DI2 off"],
        ["swell U1", "swell U3", "over-current I3"],
        ["DI11 change"],
    ]
    assert [cause.triggers for cause in found] == [texts[n % 5] for n in range(count)]
    assert found[0].time == "2026-03-04T05:06:00.789"


@pytest.mark.parametrize("seed", range(5))
def test_a_group_whatever_is_lost_and_whoever_else_reads(seed):
    meter = captured(5)
    rng = random.Random(seed)
    meter.lost = set(rng.sample(range(1, 150), 12)) if seed else set()
    if seed > 2:
        moved = set(rng.sample(range(2, 150), 12))

        def moves(m: PaperWaves) -> None:
            if m.requests in moved:
                m.group, m.number = rng.randrange(1, 6), rng.randrange(122)

        meter.before = moves  # type: ignore[assignment]
    told: list[int] = []
    capture = waveforms(meter).get(4, told.append)
    assert [list(row) for row in capture.samples] == meter.groups[3][1]
    assert told == list(range(1, 122))
    if not seed:
        assert meter.requests == 122  # one to place the window; it moves on by itself


@pytest.mark.parametrize(("status", "words"), [(0xAA, "being cleared"), (0xFF, "does not come")])
def test_a_window_that_is_not_valid(status, words):
    meter = captured(2)
    meter.waves_status = status
    with pytest.raises(UtilityError, match=words):
        waveforms(meter).get(1, lambda done: None)


@pytest.fixture
def server():
    made = Server(captured(6))
    yield made
    made.close()


MODEL = ("--model", "kw320q")


@pytest.mark.parametrize("as_text", [False, True])
def test_comtrade_is_read_by_another_reader(server, run, tmp_path, as_text):
    """Issue 10: within one code of the truth."""
    words = ("--ascii",) if as_text else ()
    status, _, err = run("waveform", "get", "2", *MODEL, *server.where, "--output", str(tmp_path), *words)
    assert status == 0, err
    found = comtrade.load(str(tmp_path / "waveform002.cfg"), str(tmp_path / "waveform002.dat"))
    assert found.rev_year == "2013" and found.ft == ("ASCII" if as_text else "BINARY")
    assert found.station_name == "kw320q" and found.frequency == 50
    assert found.analog_channel_ids == ["U1", "U2", "U3", "I1", "I2", "I3"]
    assert found.total_samples == 1280 and found.cfg.sample_rates[0] == pytest.approx([64 * 49.8, 1280])
    truth = samples(1)
    for n in range(6):
        scale = VOLT if n < 3 else AMPERE
        assert max(abs(v * scale - code) for v, code in zip(found.analog[n], truth[n], strict=True)) < 1
        channel = found.cfg.analog_channels[n]
        assert (channel.uu, channel.pors) == ("V" if n < 3 else "A", "S")
        ratio = (10000, 100) if n < 3 else (200, 1)
        assert (channel.primary, channel.secondary) == ratio
    assert found.trigger_timestamp == datetime(2026, 3, 4, 5, 6, 1, 789000)
    assert found.trigger_time == pytest.approx(640 / 64 / 49.8, abs=1e-5)
    assert found.status_channel_ids == ["sag U2"]
    assert list(found.status[0]) == [0] * 640 + [1] * 640


def test_comtrade_is_played_by_our_simulator(server, run, tmp_path):
    run("waveform", "get", "1", *MODEL, *server.where, "--output", str(tmp_path))
    plant, _ = plant_from_file(str(tmp_path / "waveform001.cfg"))
    assert any("secondary" in line or "x 100" in line for line in plant.taken) and len(plant.taken) >= 6


def test_csv_and_picture(server, run, ask, tmp_path):
    status, told = ask(
        "waveform",
        "get",
        "all",
        *MODEL,
        *server.where,
        "--output",
        str(tmp_path / "new"),
        "--format",
        "csv,png",
    )
    assert status == 0 and len(told["files"]) == 12
    rows = list(csv.reader((tmp_path / "new" / "waveform001.csv").open()))
    assert rows[0] == ["time [s]", "U1 [V]", "U2 [V]", "U3 [V]", "I1 [A]", "I2 [A]", "I3 [A]"]
    truth = samples(0)
    assert len(rows) == 1281 and float(rows[641][0]) == 0
    for n in (0, 17, 640, 1279):
        values = [float(cell) for cell in rows[n + 1][1:]]
        scales = [VOLT] * 3 + [AMPERE] * 3
        assert values == pytest.approx([truth[k][n] / scales[k] for k in range(6)], abs=1e-3)
    image = Image.open(tmp_path / "new" / "waveform001.png").convert("RGB")
    colours = {colour for _, colour in image.getcolors(1 << 20)}
    assert image.size == (1280, 720) and {(0xC0, 0x39, 0x2B), (0x25, 0x63, 0xA8)} <= colours


def test_list(server, run, ask):
    status, out, _ = run("waveform", "list", *MODEL, *server.where)
    assert status == 0 and out.splitlines()[1].split() == ["2", "2026-03-04T05:06:01.789", "sag", "U2"]
    assert ask("waveform", "list", *MODEL, *server.where)[1]["groups"][0]["triggers"] == ["manual"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("get", "7"), 1),
        (("get", "0"), 2),
        (("get", "x"), 2),
        (("get", "1", "--format", "jpg"), 2),
    ],
)
def test_what_cannot_be_had(server, run, tmp_path, words, status):
    found, _, err = run("waveform", *words, *MODEL, *server.where, "--output", str(tmp_path))
    assert found == status and err.startswith("fourquad waveform: ")
    assert not list(tmp_path.iterdir())


def test_a_meter_without_waveforms(sim, run):
    status, _, err = run("waveform", "list", *sim.where["net"])
    assert status == 1 and "captures no waveforms" in err


@pytest.mark.parametrize(
    ("span", "most", "step"), [(650, 8, 100), (3.2, 8, 0.5), (0, 8, 1), (16, 8, 2), (17, 8, 5)]
)
def test_steps_of_an_axis(span, most, step):
    assert nice_step(span, most) == pytest.approx(step)
