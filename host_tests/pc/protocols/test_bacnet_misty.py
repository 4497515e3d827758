"""An s4100 on a pseudo-terminal against bacnet-stack's MS/TP node with bacpypes (misty_bench.py)."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from foreign import programs
from misty_bench import (
    DEVICE,
    INSTANCE,
    LOAD,
    MALFORMED,
    NOBODY,
    PATIENCE_S,
    PYTHON,
    SEGMENTATION,
    SERIAL,
    WRITES,
    Master,
    Sim,
)

pytestmark = pytest.mark.skipif(
    not PYTHON.exists() and not os.environ.get("CI"),
    reason="build/misty is not there (tools/build/misty.sh): the s4100 was NOT tried with a foreign master",
)


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    one = Sim(tmp_path_factory.mktemp("s4100"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def master(sim: Sim) -> Iterator[Master]:
    one = Master(sim.pty)
    one.join()
    yield one
    one.close()


def test_the_device_is_discovered(master: Master) -> None:
    assert master.heard("who_is") == {"i_am": [INSTANCE, 480, 65535]}
    # what came late
    master.read(*DEVICE, "objectName")
    while not master.announced.empty():
        master.announced.get()
    master.ask("who_is", low=1, high=INSTANCE - 1)
    # nothing comes of that
    assert master.heard("who_has", name="Volts_AB") == {"i_have": [["analogInput", 67], "Volts_AB"]}


def test_every_property_of_every_object(master: Master) -> None:
    count = master.read(*DEVICE, "objectList", 0)
    objects = [master.read(*DEVICE, "objectList", i + 1) for i in range(count)]
    kinds = {kind: [n for k, n in objects if k == kind] for kind in {k for k, _ in objects}}
    assert kinds["device"] == [INSTANCE]
    assert kinds["analogInput"] == list(range(1, 84))
    assert kinds["analogValue"] == list(range(1, 12))
    assert kinds["binaryInput"] == list(range(1, 16))
    assert kinds["trendLog"] == [1, 2, 3] and count == 113
    assert master.read(*DEVICE, "objectList", count + 1) == {"error": ["property", "invalidArrayIndex"]}
    # it takes more than one APDU, with and without the others
    assert master.ask("read", object=DEVICE, property="objectList") == SEGMENTATION
    answer = master.ask("multiple", objects=[DEVICE], properties=["all"])
    assert answer == SEGMENTATION
    for kind, instance in objects[1:]:
        [[identifier, rows]] = master.ask("multiple", objects=[[kind, instance]], properties=["all"])["ok"]
        assert identifier == [kind, instance] and rows["objectType"] == kind
        assert len(rows) == (14 if kind == "trendLog" else 10) and not any(
            isinstance(v, list) and v[0] == "error" for v in rows.values()
        )
    # one by one, of one of each kind
    for kind in ("analogInput", "analogValue", "binaryInput"):
        [[_, rows]] = master.ask("multiple", objects=[[kind, 7]], properties=["all"])["ok"]
        for name, value in rows.items():
            assert master.read(kind, 7, name) == value, name


def test_every_property_of_the_device(master: Master) -> None:
    said = {
        "objectIdentifier": DEVICE,
        "objectType": "device",
        "systemStatus": "operational",
        "vendorIdentifier": 65535,
        "protocolVersion": 1,
        "protocolRevision": 4,
        "maxApduLengthAccepted": 480,
        "segmentationSupported": "noSegmentation",
        "apduTimeout": 60000,
        "numberOfApduRetries": 0,
        "maxMaster": 127,
        "maxInfoFrames": 1,
        "deviceAddressBinding": [],
        "location": "Installed location not yet identified",
    }
    for name, value in said.items():
        assert master.read(*DEVICE, name) == value, name
    for name in ("vendorName", "modelName", "firmwareRevision", "applicationSoftwareVersion", "description"):
        assert len(master.read(*DEVICE, name)) > 3
    for name in ("objectName", "description"):
        assert master.read(*DEVICE, name).endswith("S/N: " + SERIAL.decode())
    types = master.read(*DEVICE, "protocolObjectTypesSupported")
    assert [i for i, bit in enumerate(types) if bit] == [0, 2, 3, 8, 20] and len(types) == 25
    services = master.read(*DEVICE, "protocolServicesSupported")
    assert [i for i, bit in enumerate(services) if bit] == [12, 14, 15, 17, 20, 32, 33, 34, 35]
    assert len(services) == 40
    for name in ("localDate", "localTime"):
        assert len(master.read(*DEVICE, name)) == 4


def test_values_are_the_generators(sim: Sim, master: Master) -> None:
    phases = LOAD["phases"]
    watts = [x["volts"] * x["amps"] * math.cos(math.radians(x["lag"])) / 1000 for x in phases]
    vars_ = [x["volts"] * x["amps"] * math.sin(math.radians(x["lag"])) / 1000 for x in phases]
    expected = {11: sum(watts), 12: sum(vars_), 18: 60.0}
    for i, phase in enumerate(phases):
        expected |= {55 + i: watts[i], 58 + i: vars_[i], 61 + i: phase["volts"] * phase["amps"] / 1000}
        expected |= {70 + i: phase["volts"], 73 + i: phase["amps"]}
    expected[67] = math.sqrt(277**2 + 278**2 + 277 * 278)
    for instance, value in expected.items():
        assert master.read("analogInput", instance) == pytest.approx(value, rel=2e-3), instance


def test_analog_values_in_and_out_of_range(master: Master) -> None:
    outside = ["property", "valueOutOfRange"]
    for instance, (good, bad) in WRITES.items():
        for value in good:
            assert master.write("analogValue", instance, value) is True, (instance, value)
            assert master.read("analogValue", instance) == pytest.approx(value)
        for value in bad:
            assert master.write("analogValue", instance, value) == outside, (instance, value)
        assert master.read("analogValue", instance) == pytest.approx(good[-1])
        assert master.write("analogValue", instance, 1, form="unsigned") == ["property", "invalidDataType"]
        assert master.write("analogValue", instance, None, form="null") == ["property", "invalidDataType"]
    assert master.write("analogValue", 1, 1) == outside and master.read("analogValue", 1) == 0
    before = master.read("analogInput", 78)
    assert master.write("analogValue", 1, 30078) is True
    # the master says it again if the answer was late
    assert master.read("analogInput", 78) > before and master.read("analogInput", 2) < 0.5
    denied = ["property", "writeAccessDenied"]
    assert master.write("analogInput", 1, 1) == denied
    assert master.write("analogValue", 3, "x", "objectName", "text") == denied
    assert master.write("analogInput", 84, 1) == ["object", "unknownObject"]
    assert master.write("analogInput", 1, 1, "polarity") == ["property", "unknownProperty"]


def test_what_of_the_device_can_be_written(master: Master) -> None:
    assert master.write(*DEVICE, "North wing", "objectName", "text") is True
    assert master.read(*DEVICE, "objectName") == "North wing"
    duplicate = master.write(*DEVICE, "KWh_Net", "objectName", "text")
    assert duplicate == ["property", "duplicateName"]
    assert master.write(*DEVICE, "x" * 64, "location", "text") is True
    assert master.write(*DEVICE, "x" * 65, "location", "text") == ["resources", "noSpaceToWriteProperty"]
    assert master.read(*DEVICE, "location") == "x" * 64
    assert master.write(*DEVICE, 0, "maxMaster", "unsigned") == ["property", "valueOutOfRange"]
    assert master.write(*DEVICE, 128, "maxMaster", "unsigned") == ["property", "valueOutOfRange"]
    assert master.write(*DEVICE, 9, "maxMaster", "unsigned") is True
    assert master.write(*DEVICE, 127, "maxMaster", "unsigned") is True
    assert master.read(*DEVICE, "databaseRevision") == 1


def test_time(master: Master) -> None:
    assert master.read("binaryInput", 15) == "active"
    end = time.monotonic() + PATIENCE_S
    while master.read("binaryInput", 15) != "inactive":
        assert time.monotonic() < end
        master.ask("time", at=[[126, 11, 29, 255], [9, 31, 0, 0]])
    assert master.read(*DEVICE, "localDate")[:3] == [126, 11, 29]
    assert master.read(*DEVICE, "localTime")[:2] == [9, 31]


def test_pulses_and_the_alarm_contact(sim: Sim, master: Master) -> None:
    assert master.read("analogInput", 29) == 0
    for _ in range(3):
        sim.command(cmd="input", n=1, value=1)
        sim.command(cmd="input", n=1, value=0)
    assert master.read("analogInput", 29) == 3
    assert master.write("analogValue", 1, 16498) is True and master.read("analogInput", 29) == 0
    # 277 V are below 90 % of 600 V / sqrt(3): closed only once the system voltage is that of the load
    sim.command(cmd="advance", seconds=2)
    master.join()
    assert master.read("binaryInput", 9) == "active"
    assert sim.command(cmd="points")["points"]["io.relay1"]["value"] == 0
    assert master.write("analogValue", 6, 480) is True
    sim.command(cmd="advance", seconds=2)
    master.join()
    assert master.read("binaryInput", 9) == "inactive"
    assert sim.command(cmd="points")["points"]["io.relay1"]["value"] == 1
    assert master.write("analogValue", 6, 600) is True


def test_trend_logs(sim: Sim, master: Master) -> None:
    assert master.write("trendLog", 2, 6000, "logInterval", "unsigned") is True
    assert master.read("analogValue", 11) == 6000
    assert master.write("trendLog", 2, 1050, "logInterval", "unsigned") == ["property", "valueOutOfRange"]
    before = master.read("trendLog", 2, "totalRecordCount")
    assert master.write("trendLog", 2, True, "enable", "boolean") is True
    sim.command(cmd="advance", seconds=2430, leap=60)
    master.join()
    assert master.write("trendLog", 2, False, "enable", "boolean") is True
    count = master.read("trendLog", 2, "recordCount")
    total = master.read("trendLog", 2, "totalRecordCount")
    # switched on and off, and 40 values
    assert total - before in (42, 43) and 42 <= count <= 44
    log = ["trendLog", 2]
    whole: list[dict[str, Any]] = []
    while len(whole) < count:
        answer = master.ask("range", object=log, by="sequence", at=total - count + 1 + len(whole), count=100)
        assert answer["first"] == total - count + 1 + len(whole) and answer["count"] == len(answer["ok"]) > 0
        whole += answer["ok"]
    assert answer["flags"][1] == 1
    values = [row["logDatum"]["realValue"] for row in whole if "realValue" in row["logDatum"]]
    assert len(values) in (40, 41)
    power = master.read("analogInput", 11)
    assert values == pytest.approx([power] * len(values), rel=1e-3)
    assert master.ask("range", object=log, by="position", at=count, count=-2)["ok"] == whole[-2:]
    assert master.ask("range", object=log, by="position", at=3, count=2)["ok"] == whole[2:4]
    stamp = whole[4]["timestamp"]
    answer = master.ask("range", object=log, by="time", at=[stamp["date"], stamp["time"]], count=3)
    assert answer["ok"] == whole[5:8]
    assert master.write("trendLog", 2, 0, "recordCount", "unsigned") is True
    assert master.read("trendLog", 2, "recordCount") == 1
    assert master.write("analogValue", 11, 90000) is True


def test_a_power_cut_leaves_what_was_written(sim: Sim, master: Master) -> None:
    assert master.write("analogValue", 3, 200) is True
    assert master.write(*DEVICE, "South wing", "objectName", "text") is True
    ups, logged = master.read("analogInput", 81), master.read("trendLog", 2, "totalRecordCount")
    sim.command(cmd="advance", seconds=2)  # settings are in their file
    sim.command(cmd="power", on=False, warning=False)
    sim.command(cmd="power", on=True)
    master.join()
    assert master.read("analogValue", 3) == 200 and master.read(*DEVICE, "objectName") == "South wing"
    assert master.read("analogInput", 81) == ups + 1
    assert master.read("trendLog", 2, "totalRecordCount") == logged > 40
    # nobody has told the time
    assert master.read("binaryInput", 15) == "active" and master.read(*DEVICE, "localDate")[:3] == [100, 1, 1]
    assert master.write("analogValue", 3, 100) is True


def test_a_master_restarts_the_meter(sim: Sim, master: Master) -> None:
    assert master.write("analogValue", 3, 300) is True
    ups = master.read("analogInput", 81)
    assert master.ask("reinitialize", state="coldstart") == {"ok": True}
    end = time.monotonic() + PATIENCE_S
    while master.read("analogInput", 81) != ups + 1:
        assert time.monotonic() < end
    assert master.read("analogValue", 3) == 300
    assert master.write("analogValue", 3, 100) is True


@pytest.mark.thorough
def test_communication_is_switched_off_and_on(master: Master) -> None:
    refused = master.ask("reinitialize", state="startBackup")
    assert refused == {"error": ["services", "optionalFunctionalityNotSupported"]}
    assert master.ask("control", minutes=1, state="disable") == {"ok": True}
    assert master.read("analogInput", 18) == NOBODY
    assert master.ask("control", minutes=1, state="enable") == {"ok": True}
    assert master.read("analogInput", 18) == pytest.approx(60.0, rel=1e-3)


def test_nothing_was_lost_on_the_line(sim: Sim, master: Master) -> None:
    line = sim.command(cmd="stats")["ports"]["mstp"]
    # a computer that is busy tears a frame now and then
    assert line["bad_frames"] * 50 < line["requests"] > 400


def test_wireshark_finds_nothing_malformed(sim: Sim, master: Master) -> None:
    """All that went over the line in the tests before."""
    programs("tshark")
    assert sim.decoded(MALFORMED) == 0
    assert sim.decoded("bacapp.confirmed_service == 26") >= 10
    assert sim.decoded("bacapp.confirmed_service == 14") > 100
    assert sim.decoded("mstp.frame_type == 0") > 100
