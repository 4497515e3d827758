"""`fourquad calibrate` and `fourquad check-wiring` on a simulator: the plant's values are what a source says
that applies other ones, so that the meter is off by a known part.
"""

import json
import sys
from pathlib import Path

import pytest
import serial
from test_command import frame, running

from fourquad.metering import calibration as cal
from fourquad_tools.board import maintenance, port_meter
from fourquad_tools.cli import main

# The front end gives 1.5 % too little voltage and 2 % too much current, which leads by 0.8 degrees.
VOLTS, AMPS, LEAD = 0.985, 1.02, 0.8


def load(volts, amps, lag, **more):
    phase = {"volts": volts * VOLTS, "amps": amps * AMPS, "lag": lag - LEAD, **more}
    return {"phases": [dict(phase) for _ in range(3)]}


class Hands:
    """The person in front of the meter: puts each load on when asked, and answers."""

    def __init__(self, sim, *loads, answer="yes"):
        self.sim = sim
        self.loads = list(loads)
        self.answer = answer

    def readline(self):
        if self.loads:
            self.sim.ask(cmd="load", load=self.loads.pop(0))
            return "\n"
        return self.answer + "\n"


PF1, PF05 = load(230, 1, 0), load(230, 1, 60)


def run(sim, monkeypatch, capsys, loads, *options, answer="yes"):
    monkeypatch.setattr(sys, "stdin", Hands(sim, *loads, answer=answer))
    status = main(["calibrate", "--control", str(sim.socket), "--volts", "230", "--amps", "1", *options])
    out = capsys.readouterr()
    return status, out.out + out.err


def test_calibration_from_wrong_to_right_and_over_a_power_cut(tmp_path, monkeypatch, capsys):
    low = load(230, 0.05, 60)
    for phase in low["phases"]:
        phase["amps"] *= 0.992
        phase["lag"] -= 0.3
    with running(tmp_path, "--state", str(tmp_path / "state")) as sim:
        before = sim.ask(cmd="inspect")
        assert before["source"] == "none" and before["record"] == list(cal.blank(6))
        status, text = run(sim, monkeypatch, capsys, (PF1, PF05, low), "--low", "0.05")
        assert status == 0 and "stored" in text, text
        assert "-1.5000" in text and "+2.0000" in text
        sim.ask(cmd="power", on=False, warning=False)
        sim.ask(cmd="power", on=True)
        for applied in (load(230, 1, 60), load(207, 0.5, 75.5), low):
            sim.ask(cmd="load", load=applied)
            sim.ask(cmd="advance", seconds=2.5)
            seen = sim.ask(cmd="inspect")
            true = applied["phases"][0]
            volts, amps, lag = true["volts"] / VOLTS, true["amps"] / AMPS, true["lag"] + LEAD
            if applied is low:
                amps, lag = amps / 0.992, lag + 0.3
                assert seen["amps"][2] == pytest.approx(amps, rel=3e-4)
                assert seen["amp_angles"][0] == pytest.approx(lag, abs=0.01)
                continue
            assert seen["volts"][1] == pytest.approx(volts, rel=2e-4)
            # half the current is on the way to the second point
            assert seen["amps"][2] == pytest.approx(amps, rel=2e-4 if amps == 1 else 3e-3)
            assert seen["amp_angles"][0] == pytest.approx(lag, abs=0.01 if amps == 1 else 0.1)
        assert seen["source"] == "own"
        status = main(["calibrate", "--control", str(sim.socket), "--show"])
        assert status == 0 and "source: own" in capsys.readouterr().out


def test_refusals_store_nothing(tmp_path, monkeypatch, capsys):
    with running(tmp_path) as sim:
        reverse = load(230, 1, 180)
        for loads, options, message in (
            ((load(120, 1, 0),), (), "more than parts can be off"),
            ((load(230, 0, 0),), (), "reads"),
            ((PF05,), (), "where 0 were said"),
            ((reverse,), (), "the transformer is reversed"),
            ((PF1, PF1), (), "where 60 were said"),
            ((PF1, load(200, 1, 60)), (), "the source has been changed"),
            ((PF1, PF05), ("--phases", "4"), "phases 1 to 3"),
            ((PF1,), ("--low", "0.8"), "at most half"),
            ((PF1,), ("--neutral",), "no input I0"),
        ):
            status, text = run(sim, monkeypatch, capsys, loads, *options)
            assert status == 2 and message in text, text
        status, text = run(sim, monkeypatch, capsys, (PF1, PF05), answer="no")
        assert status == 1 and "not stored" in text
        for words in (("0", "1"), ("230", "-1"), ("inf", "1"), ("230", "nan")):
            values = ("--volts", words[0], "--amps", words[1])
            assert main(["calibrate", "--control", str(sim.socket), *values]) == 2
            assert "what the source applies" in capsys.readouterr().err
        assert sim.ask(cmd="inspect")["record"] == list(cal.blank(6))
        status = main(["calibrate", "--control", str(sim.socket), "--factory"])
        assert status == 2 and "no factory calibration" in capsys.readouterr().err
        for record in ([1], ["a"] * 50, list(cal.changed(cal.blank(6), 0, cal.GAIN, 10**6))):
            assert not sim.raw(json.dumps({"cmd": "calibration", "record": record}))["ok"]
    assert main(["calibrate", "--control", str(tmp_path / "nobody"), "--show"]) == 2
    assert main(["calibrate", "--control", "a", "--port", "b", "--show"]) == 2


def test_offset_takes_noise_off_and_the_factory_can_be_gone_back_to(tmp_path, monkeypatch, capsys):
    noise = 2e-4  # of 15 A peak: 3 mA
    quiet = {"phases": [{"volts": 230 * VOLTS}] * 3, "noise": noise}
    with running(tmp_path) as sim:
        loads = (quiet, {**PF1, "noise": noise}, {**PF05, "noise": noise})
        status, text = run(sim, monkeypatch, capsys, loads, "--offset", "--yes")
        assert status == 0, text
        record = sim.ask(cmd="inspect")["record"]
        offset = cal.field(record, 3, cal.OFFSET)
        assert offset == pytest.approx(noise * 15e6, rel=0.03)
        worse = cal.changed(record, 0, cal.GAIN, 0)
        sim.ask(cmd="calibration", record=list(worse), store=True)
        assert main(["calibrate", "--control", str(sim.socket), "--factory"]) == 0
        assert sim.ask(cmd="inspect")["record"] == record
        capsys.readouterr()


def test_wiring(tmp_path, capsys):
    with running(tmp_path) as sim:

        def check(angles=(0, -120, -240), currents=(0, 1, 2), signs=(1, 1, 1)):
            phases = []
            for k in range(3):
                # a current is given by its lag behind its own voltage
                lag = angles[k] - angles[currents[k]] + 20 + (180 if signs[k] < 0 else 0)
                phases.append({"volts": 230.0, "amps": 1.0, "volt_angle": angles[k], "lag": lag % 360})
            sim.ask(cmd="load", load={"phases": phases})
            status = main(["check-wiring", "--control", str(sim.socket)])
            return status, capsys.readouterr().out

        status, text = check()
        assert status == 0 and "nothing is wrong" in text and "50.000 Hz" in text
        for plant, message in (
            ({"angles": (0, -240, -120)}, "phase order is reversed"),
            ({"signs": (1, -1, 1)}, "I2: the transformer is reversed"),
            ({"currents": (1, 0, 2)}, "I1 and I2 are swapped"),
            ({"angles": (0, -240, -120), "currents": (0, 2, 1)}, "V2 and V3 are swapped"),
        ):
            status, text = check(**plant)
            assert status == 1 and message in text, text
            assert text.count("!") == 1


def over_the_port(sim, monkeypatch, capsys, loads, *options):
    """`calibrate` on the simulator's RS-485 line; its time runs ahead while the command waits."""
    monkeypatch.setattr(sys, "stdin", Hands(sim, *loads))
    monkeypatch.setattr(port_meter, "pause", lambda: sim.ask(cmd="advance", seconds=1.0))
    status = main(["calibrate", "--rs485", str(sim.folder / "line"), *options])
    out = capsys.readouterr()
    return status, out.out + out.err


def test_calibration_over_rs485_without_a_cable_to_the_board(tmp_path, monkeypatch, capsys):
    values = ("--volts", "230", "--amps", "1")
    with running(tmp_path, "--port", f"rs485={tmp_path / 'line'}", "--state", str(tmp_path / "state")) as sim:
        status, text = over_the_port(sim, monkeypatch, capsys, (PF1, PF05), *values)
        assert status == 0 and "-1.5000" in text and "+2.0000" in text and "stored" in text, text
        record = sim.ask(cmd="inspect")["record"]
        assert cal.field(record, 0, cal.GAIN) == pytest.approx(1e6 * (1 / VOLTS - 1), abs=150)
        assert cal.field(record, 3, cal.GAIN) == pytest.approx(1e6 * (1 / AMPS - 1), abs=150)
        sim.ask(cmd="power", on=False, warning=False)
        sim.ask(cmd="power", on=True)
        assert sim.ask(cmd="inspect")["record"] == record
        status, text = over_the_port(sim, monkeypatch, capsys, (), "--show")
        assert status == 0 and "source: own" in text
        # wrong values are refused, and what was in force stays
        status, text = over_the_port(sim, monkeypatch, capsys, (load(120, 1, 0),), *values)
        assert status == 2 and "more than parts can be off" in text
        assert sim.ask(cmd="inspect")["record"] == record
        assert main(["check-wiring", "--rs485", str(tmp_path / "line")]) == 0
        assert "50.000 Hz" in capsys.readouterr().out


def test_calibration_over_rs485_is_refused_by_seal_and_password(tmp_path, monkeypatch, capsys):
    values = ("--volts", "230", "--amps", "1")
    with running(tmp_path, "--port", f"rs485={tmp_path / 'line'}") as sim:
        status, text = over_the_port(sim, monkeypatch, capsys, (PF1,), *values, "--password", "7")
        assert status == 2 and "wrong password" in text
        sim.ask(cmd="advance", seconds=11)
        sim.ask(cmd="seal", on=True)
        status, text = over_the_port(sim, monkeypatch, capsys, (PF1,), *values)
        assert status == 2 and "its seal is closed" in text
        status, text = over_the_port(sim, monkeypatch, capsys, (), "--factory")
        assert status == 2 and "its seal is closed" in text
        assert sim.ask(cmd="inspect")["record"] == list(cal.blank(6))
        sim.ask(cmd="seal", on=False)
        status, text = over_the_port(sim, monkeypatch, capsys, (), "--factory")
        assert status == 2 and "no factory calibration" in text
        monkeypatch.setattr(port_meter, "TRIES", 1)
        status, text = over_the_port(sim, monkeypatch, capsys, (), "--show", "--address", "9")
        assert status == 2 and "does not answer" in text


class Reader:
    """Types what another meter shows, after the heater was switched on."""

    def __init__(self, sim, applied, *lines):
        self.sim = sim
        self.applied = applied
        self.lines = list(lines)

    def readline(self):
        if self.applied:
            self.sim.ask(cmd="load", load=self.applied)
            self.applied = None
        return self.lines.pop(0) + "\n"


def test_a_heater_and_a_plug_in_meter_are_enough(tmp_path, monkeypatch, capsys):
    with running(tmp_path, "--port", f"rs485={tmp_path / 'line'}") as sim:
        with serial.serial_for_url(str(tmp_path / "line"), timeout=60) as line:
            line.write(frame("010610080005"))  # CT1 = 5, and CT2 counts as 1
            assert line.read(8) == frame("010610080005")

        def calibrate(*lines, applied=None):
            monkeypatch.setattr(sys, "stdin", Reader(sim, applied, *lines))
            status = main(["calibrate", "--control", str(sim.socket), "--reference"])
            out = capsys.readouterr()
            return status, out.out + out.err

        for typed in ("", "230", "230 1 3", "volts amps", "230 0", "230 nan"):
            status, text = calibrate(typed, applied=load(229.4, 4.355, 0))
            assert status == 2 and ("two numbers" in text or "what the source applies" in text), text
        status, text = calibrate("120.0 4.355")
        assert status == 2 and "more than parts can be off" in text
        assert sim.ask(cmd="inspect")["record"] == list(cal.blank(6))
        # a plug-in meter stands on the primary side of 5 : 1
        status, text = calibrate("229,4 4.355", "yes")
        assert status == 0 and "stored" in text and "0.871 A" in text, text
        # at another load, whose power factor only a right phase reads
        sim.ask(cmd="load", load=load(225, 2.5, 60))
        sim.ask(cmd="advance", seconds=2.5)
        seen = sim.ask(cmd="inspect")
        assert seen["volts"][0] == pytest.approx(225, rel=3e-4)
        assert seen["amps"][2] == pytest.approx(0.5, rel=3e-4)
        assert seen["watts"][1] == pytest.approx(225 * 0.5 * 0.5, rel=1e-3)
        assert main(["calibrate", "--control", str(sim.socket), "--reference", "--offset"]) == 2


@pytest.mark.parametrize("command", ["calibrate", "check-wiring", "model", "wifi"])
def test_a_cable_to_a_board_is_warned_of(command, tmp_path, capsys):
    more = ["--show"] if command == "calibrate" else []
    assert main([command, "--port", str(tmp_path / "nobody"), *more]) == 2
    assert "never connect a USB cable" in capsys.readouterr().err


def test_a_board_with_a_live_divider_is_refused_over_usb(monkeypatch):
    sent = []

    class Console:
        """A board's console, which answers as the session on it would."""

        def __init__(self, *_, **__):
            pass

        def enter_raw_repl(self, soft_reset):
            pass

        def exec_raw(self, code, timeout):
            sent.append(code)
            return (b"False\r\n" if "isolated" in code else b""), b""

        def exec_raw_no_follow(self, code):
            sent.append(code)

        def close(self):
            sent.append("closed")

    monkeypatch.setattr(maintenance, "SerialTransport", Console)
    with pytest.raises(maintenance.MaintenanceError, match="live divider.*--rs485"):
        maintenance.Board("/dev/nobody")
    assert sent[-2:] == ["m.end()", "closed"]


def test_every_document_and_command_has_the_warning():
    root = Path(__file__).resolve().parents[3]
    for page in ("hardware.md", "calibration.md"):
        head = (root / "docs" / page).read_text()[:1500].lower()
        assert "never" in head and "usb cable" in head and "live divider" in head
