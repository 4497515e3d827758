"""`fourquad watch`: as many looks as asked for, in each of its shapes, through a meter that is silent."""

from __future__ import annotations

import csv
import io
import json

from fourquad_tools.utility.errors import NoAnswer
from fourquad_tools.utility.modbus_link import ModbusLink


def test_csv(sim, run):
    status, out, _ = run("watch", *sim.where["net"], "v1", "ct1", "--every", "0", "--count", "3", "--csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert status == 0 and rows[0] == ["time", "v1 [V]", "setting.ct1 [A]"] and len(rows) == 4
    assert all(abs(float(row[1]) - 230) < 0.01 and row[2] == "1" for row in rows[1:])


def test_json_lines_and_a_silent_meter(sim, run, monkeypatch):
    read = ModbusLink.read
    count = [0]

    def sometimes(link, address, number):
        count[0] += 1
        if count[0] in (2, 4):
            raise NoAnswer("mute")
        return read(link, address, number)

    monkeypatch.setattr(ModbusLink, "read", sometimes)
    status, out, _ = run("watch", *sim.where["net"], "v1", "--every", "0", "--count", "4", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["ok"] for line in lines] == [True, False, True, False] and status == 1
    assert lines[1]["values"] is None and abs(lines[2]["values"]["v1"] - 230) < 0.01


def test_the_table_has_the_last_values(sim, run):
    status, out, _ = run("watch", *sim.where["net"], "wiring_u", "v1", "--every", "0", "--count", "2")
    assert status == 0 and "0 (3LN)" in out and "4002H-4003H" in out


def test_usage(sim, run):
    assert run("watch", *sim.where["net"], "v1", "--csv", "--json")[0] == 2
    assert run("watch", *sim.where["net"], "v1", "--count", "0")[0] == 2
    assert run("watch", *sim.where["net"], "0x4000:4", "--count", "1")[0] == 2
