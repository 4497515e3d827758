"""COMTRADE as recorders in the field write it: findings F1, F3, F5, F6, F7."""

import asyncio
import json
import re

import numpy as np
import pytest
from comtrade_writer import FACTOR, KINDS, RMS, STANDARD, Recorder, check, wave

from fourquad_tools.commands import Commands
from fourquad_tools.control import answer
from fourquad_tools.options import model
from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.plants import plant_from_file, plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("digital", [0, 3, 17])
def test_kinds_of_data(tmp_path, kind, digital):
    recorder = Recorder(kind=kind, digital=digital)
    check(recorder.plant(tmp_path))
    for mark in (kind, f"{kind}: {len(recorder.data())}"):
        data = b"--- file type: CFG ---\r\n" + recorder.config() + b"--- file type: INF ---\r\nx\r\n"
        data += f"--- file type: DAT {mark} ---\r\n".encode() + recorder.data()
        (tmp_path / "x.cff").write_bytes(data)
        check(plant_from_file(str(tmp_path / "x.cff"))[0])


def test_a_foreign_reader_sees_the_same(tmp_path):
    """The `comtrade` library, where the file is of the standard's kind."""
    comtrade = pytest.importorskip("comtrade")
    for kind in KINDS:
        recorder = Recorder(kind=kind)
        path = recorder.write(tmp_path)
        theirs = comtrade.load(path)
        ours = plant_from_file(path)[0]
        assert list(theirs.analog_channel_ids) == list(RMS)
        got = ours.sample(np.arange(recorder.count) / recorder.rate)
        assert np.abs(got - np.array(theirs.analog).T).max() < 0.05


FIELD = {
    "cp1251": {"encoding": "cp1251", "station": "Подстанция,рекордер,1999"},
    "cp1251 phases": {
        "encoding": "cp1251",
        "channels": [
            (
                n,
                ("Напряжение " if n[0] == "V" else "Ток ") + "АВС"[i % 3],
                "АВС"[i % 3],
                "В" if n[0] == "V" else "А",
            )
            for i, n in enumerate(RMS)
        ],
    },
    "cp1251 names": {
        "encoding": "cp1251",
        "channels": [
            (n, "UI"[i // 3] + " ф." + "АВС"[i % 3], "", "В" if n[0] == "V" else "А")
            for i, n in enumerate(RMS)
        ],
    },
    "GBK": {
        "encoding": "gbk",
        "channels": [
            (n, f"{'电压' if n[0] == 'V' else '电流'}{'ABC'[i % 3]}", "", "V" if n[0] == "V" else "A")
            for i, n in enumerate(RMS)
        ],
    },
    "latin-1": {"encoding": "latin-1", "station": "Zürich Süd,Gerät,1999"},
    "UTF-16": {"encoding": "utf-16"},
    "month 44": {"dates": ("01/44/2026,00:00:00.000000", "x")},
    "no fraction": {"dates": ("01/01/2026,00:00:00", "01/01/2026")},
    "no dates": {"dates": ("", "")},
    "no stamps": {"stamps": False},
    "no stamps in text": {"stamps": False, "kind": "ASCII"},
    "1AH in text": {"kind": "ASCII", "tail": b"\x1a"},
    "1AH": {"tail": b"\x1a"},
    "rates follow the frequency": {"rates": "3\n3198,200\n3203,400\n3200,640"},
    "rate 0": {"rates": "0\n0,640"},
    "no nominal frequency": {"nominal": ""},
    "1991": {"station": "a station,meter"},
    "more than it says": {"rates": "1\n3200,600"},
}


@pytest.mark.parametrize("name", FIELD)
def test_what_the_meter_does_not_need_is_no_hindrance(tmp_path, name):
    recorder = Recorder(**FIELD[name])
    plant = recorder.plant(tmp_path)
    assert plant.frequency(0.0) == pytest.approx(50.0, abs=0.002)
    check(plant)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"written_kind": "FLOAT64"}, "'FLOAT64' is none of ASCII"),
        ({"written_kind": " "}, "'' is none of ASCII"),
        ({"rates": "0\n0,640", "stamps": False}, "neither a sampling rate nor time stamps"),
        ({"rates": "1\n3200,1000"}, "too short: 640 of 1000 samples"),
        ({"rates": "x\n3200,640"}, r"line \d+: must be the number of sampling rates"),
        ({"rates": "1\n3200"}, r"line \d+: must be a sampling rate and"),
        ({"rates": "1\n1e999,640"}, r"line \d+: must be a sampling rate and"),
        ({"count": 30, "rates": "1\n3200,30"}, "shorter than one cycle"),
        ({"channels": [(n, n, "", "Hz") for n in RMS]}, "no analog channel"),
        ({"channels": [(n, "X", "", "Hz") for n in RMS]}, "no analog channel"),
        ({"times": np.arange(640) / 1600, "nominal": ""}, "rate is 3200, its time stamps say 1600"),
    ],
)
def test_what_is_refused_is_refused_in_a_line(tmp_path, broken, message):
    path = Recorder(**broken).write(tmp_path)
    with pytest.raises(LoadError, match=message) as error:
        plant_from_file(path)
    assert str(error.value).startswith(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("names", [("x.cfg", "x.DAT"), ("X.CFG", "x.dat"), ("x.Cfg", "X.Dat")])
def test_the_case_of_names_need_not_agree(tmp_path, names):
    check(plant_from_file(Recorder().write(tmp_path, *names))[0])


def named(names, phases="", units="VVVAAA", what=tuple(RMS)):
    """Channels by a row of names, phases and units."""
    phases = phases.split(",") if "," in phases else list(phases) or [""] * len(names.split(","))
    units = units.split(",") if "," in units else list(units)
    return [list(row) for row in zip(what, names.split(","), phases, units, strict=True)]


LINES = ("V12", "V23", "V31", "I1", "I2", "I3")
WORDS = {
    "relay, phases are numbers of inputs": named("Va,Vb,Vc,Ia,Ib,Ic", "4,5,6,1,2,3"),
    "relay, inputs in another order": named(
        "Ic,Ib,Ia,Va,Vb,Vc", "1,2,3,4,5,6", "AAAVVV", ("I3", "I2", "I1", "V1", "V2", "V3")
    ),
    "unit in the name": named("VA(kV),VB(kV),VC(kV),IA,IB,IC"),
    "unit in the name only": named("VA(V),VB(V),VC(V),IA[A],IB[A],IC[A]", units=",,,,,"),
    "phase 1 in every row": named("Ua,Ub,Uc,Ia,Ib,Ic", "111111"),
    "R-Y-B": named("VR,VY,VB,IR,IY,IB", "RYBRYB"),
    "R-Y-B, names only": named("VR,VY,VB,IR,IY,IB"),
    "R-Y-B, phases only": named("x,x,x,y,y,y", "RYBRYB"),
    "R-S-T": named("UR,US,UT,IR,IS,IT"),
    "U-V-W": named("Spg U,Spg V,Spg W,Strom U,Strom V,Strom W"),
    "L1-N": named("U L1-N,U L2-N,U L3-N,I L1,I L2,I L3"),
    "VAN": named("VAN,VBN,VCN,IA,IB,IC"),
    "Volts": named("VA,VB,VC,IA,IB,IC", units="Volts,Volts,VOLTS,Amps,A,Ampere"),
    "ends of names": named("HV VR,HV VY,HV VB,HV IR,HV IY,HV IB"),
    "HCSA": named("HV VA,HV VB,HV VC,HCSA,HCSB,HCSC"),
    "IL1": named("UL1,UL2,UL3,IL1,IL2,IL3"),
    "V1": named("V1,V2,V3,I1,I2,I3"),
    "phases only": named("a,b,c,d,e,f", "L1,L2,L3,L1,L2,L3"),
    "numbers of phases only": named("a,b,c,d,e,f", "1,2,3,1,2,3"),
    "number of a winding, phases": named("VA,VB,VC,IAW1,IBW1,ICW1", "ABCABC"),
    "whole words": named("Voltage A,Voltage B,Voltage C,Current A,Current B,Current C"),
    "phases and lines": named(
        "VAB,VBC,VCA,Bus VA,Bus VB,Bus VC,IA,IB,IC", units="VVVVVVAAA", what=("", "", "", *RMS)
    ),
    "number of a bay": named("VA2,VB2,VC2,IA2,IB2,IC2"),
    "with neutral": named(
        "VA,VB,VC,VN,IA,IB,IC,IN", units="VVVVAAAA", what=(*list(RMS)[:3], "", *list(RMS)[3:], "")
    ),
    "residual first": named("3I0,IN,VA,VB,VC,IA,IB,IC", units="AAVVVAAA", what=("", "", *RMS)),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_of_channels(tmp_path, name):
    plant = Recorder(channels=WORDS[name]).plant(tmp_path)
    check(plant)
    assert [line.split(":")[0] for line in plant.taken[:6]] == list(RMS)


@pytest.mark.parametrize(
    "channels",
    [
        named("U12,U23,U31,I1,I2,I3", "1,2,3,1,2,3", what=LINES),
        named("VAB,VBC,VCA,IA,IB,IC", what=LINES),
        named("Uab,Ubc,Uca,Ia,Ib,Ic", "ABCABC", what=LINES),
        named("U L1-L2,U L2-L3,U L3-L1,I L1,I L2,I L3", what=LINES),
        named("UL12,UL23,UL31,IL1,IL2,IL3", what=LINES),
        named("VRY,VYB,VBR,IR,IY,IB", what=LINES),
        named("x,y,z,IA,IB,IC", "AB,BC,CA,A,B,C", what=LINES),
        named("VAC,VBA,VCB,IA,IB,IC", what=("V13", "V21", "V32", "I1", "I2", "I3")),
        named("VAB,VBC,IA,IB,IC", units="VVAAA", what=("V12", "V23", "I1", "I2", "I3")),
        named("VAB,VCB,IA,IB,IC", units="VVAAA", what=("V12", "V32", "I1", "I2", "I3")),
    ],
    ids=range(10),
)
def test_voltages_between_lines(tmp_path, channels):
    """V1 V2 V3 come to the mean of the lines: what is left of the phases is without their sum."""
    plant = Recorder(channels=channels).plant(tmp_path)
    assert "between lines" in " ".join(plant.taken)
    got = plant.sample(np.arange(640) / 3200)
    t = np.arange(640) / 3200
    phases = np.stack([wave(f"V{n}", t, 50.0) for n in (1, 2, 3)], axis=1)
    assert np.abs(got[:, :3] - (phases - phases.mean(axis=1)[:, None])).max() < 0.1
    assert np.abs(got[:, 3:] - np.stack([wave(f"I{n}", t, 50.0) for n in (1, 2, 3)], axis=1)).max() < 0.1


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        (named("U12,IA,IB,IC", "1,2,3,4", "VAAA", ("V12", "I1", "I2", "I3")), "between two lines and alone"),
        (named("VA,IA,IB,IC", units="VAAA", what=("V1", "I1", "I2", "I3")), "V2: 0 V, not in the recording"),
        (named("VA,VB,Vx,IA,IB,IC"), 'which voltage is channel 3 "Vx"'),
        (named("VA,VB,VC,IA,IB,strom"), 'which current is channel 6 "strom"'),
        (named("VA,VB,VC,IA,IB,IC", units="p.u.,p.u.,p.u.,A,A,A"), "which voltage is"),
        (named("p,q,x,IA,IB,IC"), "which voltage is"),
        (named("VA,VB,VC,Ch4,Ch5,Ch7"), "which current is"),
        (named("VA,VB,VC,IAW1,IBW1,ICW1"), "which current is"),
        (named("V,I", units="VA", what=("V1", "I1")), "which voltage is"),
    ],
    ids=range(9),
)
def test_half_a_match_is_an_error(tmp_path, channels, message):
    with pytest.raises(LoadError, match=re.escape(message)):
        Recorder(channels=channels).plant(tmp_path)


@pytest.mark.parametrize("present", ["V1", "V1 I1", "I1 I2 I3", "V1 V2 V3", "V1 V2 V3 I1 I3", "V1 V2 I1 I2"])
def test_all_that_is_there_is_a_whole_match(tmp_path, present):
    channels = [row for row in STANDARD if row[0] in present.split()]
    plant = Recorder(channels=channels).plant(tmp_path)
    check(plant, expected={name: RMS[name] for name in present.split()})
    for name in RMS:
        line = next(line for line in plant.taken if line.startswith(name))
        assert ("not in the recording" in line) == (name not in present)


def test_one_phase_by_its_column(tmp_path):
    """The last letter of a word is no phase: CURRENT is not T."""
    plant = Recorder(channels=named("VOLTAGE,CURRENT", "AA", "VA", ("V1", "I1"))).plant(tmp_path)
    check(plant, expected={"V1": RMS["V1"], "I1": RMS["I1"]})


def test_two_bays(tmp_path):
    """The first bay is taken, and of one bay both; the other is named."""
    other = [("", f"LV {n}", "", "VA"[i // 3]) for i, n in enumerate(("VA", "VB", "VC", "IA", "IB", "IC"))]
    mine = [
        (what, f"HV {n}", "", "VA"[i // 3])
        for i, (what, n) in enumerate(zip(RMS, ("VA", "VB", "VC", "IA", "IB", "IC"), strict=True))
    ]
    plant = Recorder(channels=[*mine[:3], *other, *mine[3:]]).plant(tmp_path)
    check(plant)
    assert "not taken: LV VA, LV VB, LV VC, LV IA, LV IB, LV IC" in plant.taken


@pytest.mark.parametrize("kind", KINDS)
def test_missing_samples_are_bridged_and_said(tmp_path, kind):
    missing = ((0, 100), (0, 300), (0, 301), (0, 302), (4, 301))
    plant = Recorder(kind=kind, missing=missing).plant(tmp_path)
    assert "5 missing samples are bridged, 3 in a row at most" in plant.taken
    t = np.arange(640) / 3200
    got = plant.sample(t)
    for n, name in enumerate(RMS):
        assert np.abs(got[:, n] - wave(name, t, 50.0)).max() < 2e-3 * RMS[name] * 2**0.5 + FACTOR
    json.dumps(plant.truth(10.0), allow_nan=False)


def test_missing_samples_at_the_ends(tmp_path):
    plant = Recorder(missing=((0, 0), (1, 1), (5, 639))).plant(tmp_path)
    assert "3 rows at the ends miss samples and are left out" in plant.taken
    check(plant, seconds=(0.0,))


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ([(0, n) for n in range(640)], "640 of 640 samples"),
        ([(2, n) for n in range(0, 640, 10)], "64 of 640 samples"),
        (
            [(3, n) for n in range(200, 210)],
            "10 samples in a row are missing, more than an eighth of a cycle",
        ),
    ],
    ids=range(3),
)
def test_too_many_missing_samples(tmp_path, missing, message):
    with pytest.raises(LoadError, match=message):
        Recorder(missing=tuple(missing)).plant(tmp_path)


def test_a_missing_sample_of_a_channel_that_is_not_taken(tmp_path):
    channels = [*STANDARD, ("", "IN", "N", "A")]
    plant = Recorder(channels=channels, missing=tuple((6, n) for n in range(640))).plant(tmp_path)
    check(plant)
    assert not any("missing" in line for line in plant.taken)


def test_99999_is_a_value_where_codes_go_further(tmp_path):
    recorder = Recorder(kind="ASCII", missing=((0, 100),), highest=1_000_000)
    assert recorder.plant(tmp_path).sample(np.array([100 / 3200]))[0, 0] == pytest.approx(99999 * FACTOR)


@pytest.mark.parametrize("hertz", [49.8, 50.0, 50.013, 60.0, 16.7, 400.0])
@pytest.mark.parametrize("nominal", ["50", "60", ""])
def test_the_period_comes_from_the_signal(tmp_path, hertz, nominal):
    """The sine goes on where the recording begins again: no step is larger than a sine's."""
    plant = Recorder(hertz=hertz, nominal=nominal, rate=12800, count=12800).plant(tmp_path)
    assert plant.frequency(0.0) == pytest.approx(hertz, rel=1e-5)
    steps = np.abs(np.diff(plant.sample(np.arange(0, 5.0, 1 / 12800)), axis=0)).max(axis=0)
    for n, rms in enumerate(RMS.values()):
        assert steps[n] < 1.02 * rms * 2**0.5 * 2 * np.pi * hertz / 12800 + FACTOR


def test_triggers_apart_are_not_spliced(tmp_path):
    """Three triggers 0.3 and 6 s apart: the longest stretch is played, alone."""
    parts = [np.arange(n) / 3200 + start for n, start in ((200, 0.0), (400, 0.3 + 1 / 700), (300, 6.5))]
    recorder = Recorder(times=np.concatenate(parts), count=900)
    plant = recorder.plant(tmp_path)
    assert any(
        "3 stretches" in line and "the longest is played, 0.125 s from 0.301 s on" in line
        for line in plant.taken
    )
    check(plant, seconds=(0.0,))
    steps = np.abs(np.diff(plant.sample(np.arange(0, 1.0, 1 / 3200))[:, 0])).max()
    assert steps < 1.02 * RMS["V1"] * 2**0.5 * 2 * np.pi * 50 / 3200


def test_slightly_uneven_stamps_without_a_rate(tmp_path):
    rng = np.random.default_rng(5)
    times = (np.arange(640) + np.concatenate([[0.0], rng.uniform(-0.2, 0.2, 638), [0.0]])) / 3200
    plant = Recorder(times=times, rates="0\n0,640").plant(tmp_path)
    assert any("samples off a steady rate" in line for line in plant.taken)
    check(plant, rel=3e-3)


def test_what_was_taken_is_told_by_the_load_command(tmp_path):
    simulator = Simulator(model("kw320"), *plant_from_json({"phases": []}), Storage(None), 1_767_225_600.0)
    commands = Commands(simulator)
    units = named("Ua,Ub,Uc,Ia,Ib,Ic", "ABCABC", "kV,kV,kV,A,A,A")
    path = Recorder(channels=units).write(tmp_path)
    reply = asyncio.run(answer(commands, json.dumps({"cmd": "load", "file": path}).encode()))
    assert reply["ok"]
    assert reply["taken"][0] == 'V1: channel 1 "Ua", phase "A", unit "kV" x 1000'
    assert reply["taken"][3] == 'I1: channel 4 "Ia", phase "A", unit "A" x 1'
    assert reply["taken"][-1] == "50.000 Hz, 0.2 s at 3200 samples/s, repeated in whole cycles"
    path = Recorder(channels=units[:1] + units[3:]).write(tmp_path)
    reply = asyncio.run(answer(commands, json.dumps({"cmd": "load", "file": path}).encode()))
    assert not reply["ok"]
    assert "half a match" in reply["error"]
