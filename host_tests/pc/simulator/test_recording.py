"""CSV and COMTRADE recordings as loads."""

import contextlib
import json
import subprocess
import sys

import numpy as np
import pytest
from comtrade_writer import KINDS, Recorder
from hypothesis import given, settings
from hypothesis import strategies as st

from fourquad_tools.plant.comtrade_file import parse_cff, parse_comtrade
from fourquad_tools.plant.csv_file import parse_csv
from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.plant.recording import build

RATE = 3200
V, A, LAG = 230.0, 5.0, 60.0


def waves(count, hertz=50.0):
    t = np.arange(count) / RATE
    out = np.empty((count, 6))
    for i in range(3):
        angle = 2 * np.pi * hertz * t - 2 * np.pi * i / 3
        out[:, i] = V * 2**0.5 * np.sin(angle)
        out[:, i + 3] = A * 2**0.5 * np.sin(angle - np.radians(LAG))
    return t, out


def write_csv(path, count=640, columns="time,V1,V2,V3,I1,I2,I3"):
    t, data = waves(count)
    rows = "\n".join(",".join(f"{x:.6f}" for x in (a, *b)) for a, b in zip(t, data, strict=True))
    path.write_text(f"{columns}\n{rows}\n")
    return str(path)


def write_comtrade(folder, kind="ASCII"):
    """Two cycles at 50 Hz: voltages as kV of the secondary side (100:1), currents in A of the primary."""
    count = 128
    t, data = waves(count)
    lines = ["a station,meter,1999", "6,6A,0D"]
    factor = np.empty(6)
    for i in range(6):
        volts = i < 3
        factor[i] = 0.0001 / 1000 if volts else 0.001
        name = f"{'U' if volts else 'I'}{'ABC'[i % 3]}"
        unit = "kV" if volts else "A"
        ratio = "100.0,1.0,S" if volts else "1.0,1.0,P"
        # the third voltage has its phase in its name only
        phase = "" if i == 2 else "ABC"[i % 3]
        lines.append(f"{i + 1},{name},{phase},,{unit},{factor[i]:.9f},0.0,0.0,-32767,32767,{ratio}")
    stamp = "01/01/2026,00:00:00.000000"
    lines += ["50.0", "1", f"{RATE},{count}", stamp, stamp, kind, "1.0"]
    config = folder / "fault.cfg"
    config.write_text("\n".join(lines) + "\n")
    secondary = data / np.array([100.0] * 3 + [1.0] * 3)
    codes = np.rint(secondary / np.array([0.0001] * 3 + [0.001] * 3)).astype(int)
    micros = np.rint(t * 1e6).astype(int)
    if kind == "ASCII":
        rows = [",".join(map(str, (n + 1, micros[n], *codes[n]))) for n in range(count)]
        (folder / "fault.dat").write_text("\n".join(rows) + "\n")
    else:
        record = np.dtype([("n", "<u4"), ("t", "<u4"), ("codes", "<i2", 6)])
        out = np.zeros(count, dtype=record)
        out["n"], out["t"], out["codes"] = np.arange(1, count + 1), micros, codes
        (folder / "fault.dat").write_bytes(out.tobytes())
    return str(config)


def check(plant):
    for start in (0.0, 1.0, 12345.6789):
        wave = plant.sample(start + np.arange(6400) / 6400)
        rms = np.sqrt((wave**2).mean(axis=0))
        assert np.allclose(rms, [V] * 3 + [A] * 3, rtol=2e-4)
        power = (wave[:, :3] * wave[:, 3:]).mean(axis=0)
        assert np.allclose(power, V * A / 2, rtol=1e-3)
    truth = plant.truth(3600.0)
    assert plant.frequency(0.0) == pytest.approx(50.0, abs=1e-3)
    for i, phase in enumerate(truth["phases"]):
        assert phase["lag"] == pytest.approx(LAG, abs=0.05)
        assert (phase["volt_angle"] + 120 * i + 180) % 360 == pytest.approx(180, abs=0.05)
        assert phase["import_wh"] == pytest.approx(V * A / 2, rel=1e-3)


def test_csv(tmp_path):
    plant, adc = plant_from_file(write_csv(tmp_path / "wave.csv"))
    assert adc == "ideal"
    check(plant)


def test_csv_frequency_is_found(tmp_path):
    t, data = waves(3200, 52.3)
    path = tmp_path / "wave.csv"
    path.write_text("time,V1\n" + "\n".join(f"{a:.6f},{b[0]:.4f}" for a, b in zip(t, data, strict=True)))
    plant, _ = plant_from_file(str(path))
    assert plant.frequency(0.0) == pytest.approx(52.3, abs=0.01)
    assert plant.truth(0.0)["phases"][1]["volts"] == 0.0


@pytest.mark.parametrize("kind", ["ASCII", "BINARY"])
def test_comtrade(tmp_path, kind):
    plant, _ = plant_from_file(write_comtrade(tmp_path, kind))
    check(plant)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("time,V9\n0,1\n", "'V9'"),
        ("V1,I1\n0,1\n", "time"),
        ("time,V1\n0,1\n1,2,3\n", "row 3"),
        ("time,V1\n0,1\n1,x\n", "row 3"),
        ("time,V1\n0,1\n1,2\n", "four rows"),
        ("time,V1\n0,1\n1,2\n2,3\n9,3\n", "equal steps"),
        ("time,V1\n0,1\n1,2\n2,3\n3,3\n", "one cycle"),
    ],
)
def test_wrong_csv(tmp_path, text, message):
    path = tmp_path / "wave.csv"
    path.write_text(text)
    with pytest.raises(LoadError, match=message):
        plant_from_file(str(path))


def test_wrong_comtrade(tmp_path):
    path = tmp_path / "x.cfg"
    path.write_text("nonsense\n")
    with pytest.raises(LoadError, match="COMTRADE"):
        plant_from_file(str(path))
    config = write_comtrade(tmp_path)
    (tmp_path / "fault.dat").unlink()
    with pytest.raises(LoadError, match="missing"):
        plant_from_file(config)


def csv_text(separator=",", point=".", header="time,V1,V2,V3,I1,I2,I3"):
    t, data = waves(640)
    rows = [header.replace(",", separator)]
    for a, b in zip(t, data, strict=True):
        rows.append(separator.join(f"{x:.6f}".replace(".", point) for x in (a, *b)))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "data",
    [
        csv_text().encode("utf-8-sig"),
        csv_text().encode("utf-16"),
        b"\xfe\xff" + csv_text().encode("utf-16-be"),
        b"# gemessen in Z\xfcrich\n" + csv_text().encode("cp1252"),
        csv_text(";", ",").encode(),
        csv_text(";").encode(),
        csv_text("\t", ",").encode(),
        csv_text().replace("\n", "\r\n").encode() + b"\x1a",
        csv_text(header='"time","v1","V2",V3,I1, I2 ,I3').encode(),
    ],
    ids=range(9),
)
def test_csv_of_any_program(tmp_path, data):
    """Finding F7."""
    (tmp_path / "wave.CSV").write_bytes(data)
    check(plant_from_file(str(tmp_path / "wave.CSV"))[0])


@pytest.mark.parametrize("mark", ["", "nan", "NaN"])
def test_missing_values_of_a_csv(tmp_path, mark):
    """Finding F1: a cell without a number is bridged, and said."""
    rows = csv_text().splitlines()
    for n in (50, 51, 300):
        cells = rows[n].split(",")
        cells[2] = mark
        rows[n] = ",".join(cells)
    (tmp_path / "wave.csv").write_text("\n".join(rows))
    plant, _ = plant_from_file(str(tmp_path / "wave.csv"))
    assert "3 missing samples are bridged, 2 in a row at most" in plant.taken
    check(plant)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time,V1\n0,1\n1,inf\n2,0\n3,1\n", "row 3"),
        ("time,V1\n0,1\nnan,1\n2,0\n3,1\n", "each row needs its time"),
        ("time,V1\n0,1\n1,1e300\n2,0\n3,1\n", "beyond 1e9"),
        ("time,V1\n" + "1" * 200_000 + ",1\n", "each row needs its time|row 2"),
        ("time,V1,V1\n0,1,2\n", "two columns 'V1'"),
        (
            "time,V1\n" + "".join(f"{n / 1000},{(-1) ** n}\n" for n in range(99)),
            "2 samples a cycle, 4 are needed",
        ),
        ("time,V1\n" + "".join(f"{n * 100},{(-1) ** (n // 10)}\n" for n in range(99)), "not from 10 to"),
        ("time,V1\n" + "0,0\n" * 9, "equal steps"),
        ("time,V1\n" + "".join(f"{n},0\n" for n in range(9)), "one cycle"),
    ],
    ids=range(9),
)
def test_csv_that_is_no_load(tmp_path, text, message):
    (tmp_path / "wave.csv").write_text(text)
    with pytest.raises(LoadError, match=message):
        plant_from_file(str(tmp_path / "wave.csv"))


def test_what_was_taken_is_told_at_the_start(tmp_path):
    """Lines on standard error; the run then ends at a socket that cannot be."""
    file = write_csv(tmp_path / "wave.csv")
    command = [
        sys.executable,
        "-m",
        "fourquad_tools",
        "sim",
        "--model",
        "kw320",
        "--headless",
        "--load",
        file,
    ]
    done = subprocess.run([*command, "--control", "/none/socket"], capture_output=True, text=True)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0] == 'V1: channel 2 "V1", unit "V" x 1'
    assert lines[6] == "50.000 Hz, 0.2 s at 3200 samples/s, repeated in whole cycles"
    assert "--control" in lines[-1]


PIECES = st.sampled_from(
    [b"", b"\x00", b"\xff", b",", b"\n", b"99999", b"nan", b"1e999", b"-1", "²".encode(), b"9" * 400]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_broken_recordings_end_in_a_line(data):
    """Findings F7 and P3: a few places of a good recording are overwritten, in each kind of file."""
    kind = data.draw(st.sampled_from([*KINDS, "CSV"]))
    recorder = Recorder(count=128, kind="ASCII" if kind == "CSV" else kind)
    files = [csv_text().encode()] if kind == "CSV" else [recorder.config(), recorder.data()]
    for _ in range(data.draw(st.integers(1, 3))):
        which = data.draw(st.integers(0, len(files) - 1))
        place = data.draw(st.integers(0, len(files[which])))
        length = data.draw(st.integers(0, 20))
        files[which] = files[which][:place] + data.draw(PIECES) + files[which][place + length :]
    try:
        plant = build(parse_csv(*files) if kind == "CSV" else parse_comtrade(*files))
    except LoadError as error:
        assert "\n" not in str(error)
        return
    json.dumps(plant.truth(1.0), allow_nan=False)
    assert np.isfinite(plant.sample(np.arange(300) / 3200)).all()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_bytes_as_recordings(first, second):
    for parse in (lambda: parse_csv(first), lambda: parse_cff(first), lambda: parse_comtrade(first, second)):
        with contextlib.suppress(LoadError):
            build(parse())
