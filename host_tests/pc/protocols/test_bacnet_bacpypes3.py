"""An s4100 before a second foreign master: bacpypes3 on BACnet/IP, over bacpypes' router and bacnet-stack's
MS/TP node (bacpypes3_bench.py). What bacnet-stack's own master read of every object before, it must read too.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from foreign import programs
from misty_bench import INSTANCE, LOAD, MALFORMED, PATIENCE_S, PYTHON, SERIAL, WRITES, Master, Sim

try:
    import bacpypes3
except ImportError:
    bacpypes3 = None

pytestmark = pytest.mark.skipif(
    (bacpypes3 is None or not PYTHON.exists()) and not os.environ.get("CI"),
    reason="no bacpypes3 or no build/misty: the s4100 was NOT tried with a second foreign master",
)

KINDS = ((83, "analogInput"), (11, "analogValue"), (15, "binaryInput"), (3, "trendLog"))
# What the two libraries say in forms of their own.
BUILT = ("starttime", "stoptime", "logdeviceobjectproperty")
ENERGIES = (*range(1, 11), *range(31, 55))
# Of the device, what one answer can hold.
DEVICE = [
    "objectIdentifier",
    "objectName",
    "objectType",
    "systemStatus",
    "vendorName",
    "vendorIdentifier",
    "modelName",
    "firmwareRevision",
    "applicationSoftwareVersion",
    "location",
    "description",
    "protocolVersion",
    "protocolRevision",
    "protocolServicesSupported",
    "protocolObjectTypesSupported",
    "maxApduLengthAccepted",
    "segmentationSupported",
    "apduTimeout",
    "numberOfApduRetries",
    "maxMaster",
    "maxInfoFrames",
    "deviceAddressBinding",
    "databaseRevision",
]


def plain(value: Any) -> Any:
    """A value as both libraries have it: a number, the bits that are set, or letters without dashes."""
    from bacpypes3.primitivedata import Enumerated, ObjectIdentifier

    if isinstance(value, (ObjectIdentifier, Enumerated, str)):
        return str(value).replace("-", "").lower()
    if isinstance(value, list):
        if len(value) == 2 and isinstance(value[0], str):
            return f"{value[0]},{value[1]}".lower()
        # how many bits there are is the library's affair
        return [i for i, bit in enumerate(value) if bit]
    return value if isinstance(value, float) else int(value)


def dashed(name: str) -> str:
    """objectName as object-name."""
    return "".join("-" + letter.lower() if letter.isupper() else letter for letter in name)


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    one = Sim(tmp_path_factory.mktemp("s4100"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def before(sim: Sim) -> dict[tuple[str, int], dict[str, Any]]:
    """What bacnet-stack's master read of every object."""
    master = Master(sim.pty)
    master.join()
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for count, kind in KINDS:
        for n in range(1, count + 1):
            [[_, rows]] = master.ask("multiple", objects=[[kind, n]], properties=["all"])["ok"]
            found[kind, n] = {name.lower(): value for name, value in rows.items()}
    found["device", INSTANCE] = {name: master.read("device", INSTANCE, name) for name in DEVICE}
    master.close()
    return found


@pytest.fixture(scope="module")
def client(sim: Sim, before: dict[tuple[str, int], dict[str, Any]]) -> Iterator[Any]:
    from bacpypes3_bench import Client, Router

    router = Router(sim.pty)
    one = Client(router)
    one.join()
    yield one
    one.close()
    router.close()


def test_both_masters_read_the_same_of_every_object(
    before: dict[tuple[str, int], dict[str, Any]], client: Any
) -> None:
    for (kind, n), first in before.items():
        if kind == "device":
            continue
        rows = {name.replace("-", ""): value for name, value in client.all_of(dashed(kind), n).items()}
        assert set(rows) == set(first) and len(rows) == (14 if kind == "trendLog" else 10)
        for name, value in first.items():
            mine = rows[name]
            if name == "presentvalue" and kind == "analogInput":
                grows = 2.0 if n in ENERGIES else 1e-3
                assert mine == pytest.approx(float(value), rel=2e-3, abs=grows, nan_ok=True), n
            elif name not in BUILT:
                assert plain(mine) == plain(value), (kind, n, name)
    for i, source in enumerate((2, 11, 19)):
        reference = client.read("trend-log", i + 1, "log-device-object-property")
        assert str(reference.objectIdentifier) == f"analog-input,{source}"
        assert str(reference.propertyIdentifier) == "present-value"
        said = before["trendLog", i + 1]["logdeviceobjectproperty"]
        assert said["objectIdentifier"] == ["analogInput", source]
        assert said["propertyIdentifier"] == "presentValue"


def test_both_masters_read_the_same_of_the_device(
    before: dict[tuple[str, int], dict[str, Any]], client: Any
) -> None:
    for name, value in before["device", INSTANCE].items():
        assert plain(client.read("device", INSTANCE, dashed(name))) == plain(value), name
    listed = [plain(client.read("device", INSTANCE, "object-list", i)) for i in range(1, 114)]
    assert listed == [f"device,{INSTANCE}"] + [
        f"{kind.lower()},{n}" for count, kind in KINDS for n in range(1, count + 1)
    ]
    assert client.read("device", INSTANCE, "object-list") == "segmentation-not-supported"
    assert SERIAL.decode() in client.read("device", INSTANCE, "object-name")


def test_it_is_found_behind_the_router(client: Any) -> None:
    for low, high, there in ((0, 4194303, True), (INSTANCE, INSTANCE, True), (1, INSTANCE - 1, False)):
        found: list[Any] = []
        end = time.monotonic() + PATIENCE_S
        while not found:
            assert time.monotonic() < end
            found = client.ask(client.application.who_is, low, high, client.everybody)
            if not there:
                assert found == []
                break
        assert [int(one.iAmDeviceIdentifier[1]) for one in found] == [INSTANCE] * there


def expected_readings() -> dict[int, float]:
    """Instance and value of the analog inputs that follow from the load, in closed form."""
    phases = LOAD["phases"]
    apparent = [x["volts"] * x["amps"] / 1000 for x in phases]
    cosines = [math.cos(math.radians(x["lag"])) for x in phases]
    watts = [s * cosine for s, cosine in zip(apparent, cosines, strict=True)]
    vars_ = [s * math.sin(math.radians(x["lag"])) for s, x in zip(apparent, phases, strict=True)]
    volts = [x["volts"] for x in phases]
    lines = [math.sqrt(a * a + b * b + a * b) for a, b in zip(volts, volts[1:] + volts[:1], strict=True)]
    said = {11: sum(watts), 12: sum(vars_), 18: 60.0, 28: math.nan, 30: 0.0, 77: math.nan, 82: 11.0}
    said |= {15: sum(lines) / 3, 16: sum(volts) / 3, 17: sum(x["amps"] for x in phases) / 3}
    said |= {76: math.sqrt(3) * 600 * 100 / 1000, 79: math.nan, 80: math.nan}
    for i in range(3):
        said |= {55 + i: watts[i], 58 + i: vars_[i], 61 + i: apparent[i], 64 + i: cosines[i]}
        said |= {67 + i: lines[i], 70 + i: volts[i], 73 + i: phases[i]["amps"]}
    return said


def test_readings_are_the_generators(client: Any) -> None:
    for n, value in expected_readings().items():
        assert client.read("analog-input", n) == pytest.approx(value, rel=2e-3, nan_ok=True), n


def test_energies_are_the_generators(sim: Sim, client: Any) -> None:
    assert client.write("analog-value", 1, 30078.0) is None
    sim.command(cmd="advance", seconds=600)
    client.join()
    said = expected_readings()
    hours = client.read("analog-input", 2) / said[11]
    assert 0.16 < hours < 0.2
    # the sum is of quadrant 1, phase A too; B of quadrant 4; C gives active power, of quadrant 2
    want = {1: said[11], 2: said[11], 3: 0.0, 4: said[12], 5: 0.0, 6: 0.0, 7: 0.0, 10: 0.0}
    want |= {31: said[55], 32: said[56], 33: 0.0, 34: 0.0, 35: 0.0, 36: -said[57]}
    want |= dict.fromkeys(range(37, 49), 0.0)
    want |= {37: said[58], 47: -said[59], 42: said[60]}
    want |= {49: said[61], 50: said[62], 51: 0.0, 52: 0.0, 53: 0.0, 54: said[63]}
    want[9] = client.read("analog-input", 13)
    want[8] = want[9]
    for n, power in want.items():
        # what is read later has grown by some seconds
        assert client.read("analog-input", n) == pytest.approx(power * hours, rel=2e-2, abs=0.02), n


def test_each_system_type(client: Any) -> None:
    missing: dict[int, set[int]] = {
        10: {15, 56, 57, 59, 60, 62, 63, 65, 66, 67, 68, 69, 71, 72, 74, 75},
        11: {16, 56, 57, 59, 60, 62, 63, 65, 66, 68, 69, 70, 71, 72, 74, 75},
        12: {57, 60, 63, 66, 68, 69, 72, 75},
        31: {16, *range(55, 67), 70, 71, 72},
        40: set(),
    }
    for code, none in missing.items():
        assert client.write("analog-value", 2, float(code)) is None
        there = set()
        end = time.monotonic() + PATIENCE_S
        # the frequency is of the first window of the new wiring
        while math.isnan(client.read("analog-input", 18)):
            assert time.monotonic() < end
        for n in (*range(11, 18), *range(55, 76)):
            if math.isnan(client.read("analog-input", n)):
                there.add(n)
        assert there == none, code


def test_writes_in_and_out_of_range(client: Any) -> None:
    outside = "property: value-out-of-range"
    for n, (good, bad) in WRITES.items():
        for value in good:
            assert client.write("analog-value", n, float(value)) is None, (n, value)
            assert client.read("analog-value", n) == pytest.approx(value)
        for value in (*bad, math.nan, math.inf):
            assert client.write("analog-value", n, float(value)) == outside, (n, value)
        assert client.read("analog-value", n) == pytest.approx(good[-1])
    assert client.write("analog-value", 1, 1.0) == outside
    assert client.write("analog-input", 1, 1.0) == "property: write-access-denied"
    assert client.write("device", INSTANCE, "KWh_Net", "object-name") == "property: duplicate-name"
    assert client.write("device", INSTANCE, "x" * 65, "location") == "resources: no-space-to-write-property"
    assert client.write("device", INSTANCE, 128, "max-master") == "property: value-out-of-range"
    assert client.read("analog-input", 84) == "object: unknown-object"
    assert client.read("analog-input", 1, "polarity") == "property: unknown-property"
    assert client.read("analog-input", 1, "present-value", 1) == "property: property-is-not-an-array"
    assert client.read("device", INSTANCE, "object-list", 114) == "property: invalid-array-index"


def test_the_transformers(sim: Sim, client: Any) -> None:
    """What is on the primary side stays what it is: the load's."""
    for ratio, volts, amps, output in ((10.0, 6000.0, 200.0, 3.0), (0.5, 300.0, 50.0, 1.0)):
        assert client.write("analog-value", 5, ratio) is None
        assert client.write("analog-value", 6, volts) is None
        assert (
            client.write("analog-value", 3, amps) is None and client.write("analog-value", 4, output) is None
        )
        sim.command(cmd="advance", seconds=3)
        client.join()
        for n in (70, 73, 11):
            assert client.read("analog-input", n) == pytest.approx(expected_readings()[n], rel=5e-3), (
                n,
                ratio,
            )
        assert client.read("analog-input", 76) == pytest.approx(math.sqrt(3) * volts * amps / 1000, rel=1e-6)
    for n, value in ((5, 1.0), (6, 600.0), (3, 100.0), (4, 1.0)):
        assert client.write("analog-value", n, value) is None


def test_the_time(client: Any) -> None:
    from bacpypes3.apdu import TimeSynchronizationRequest
    from bacpypes3.basetypes import DateTime
    from bacpypes3.primitivedata import Date, Time

    end = time.monotonic() + PATIENCE_S
    while str(client.read("binary-input", 15)) != "inactive":
        assert time.monotonic() < end
        moment = DateTime(date=Date("2028-02-29"), time=Time("23:00:00"))
        client.ask(
            client.application.request, TimeSynchronizationRequest(time=moment, destination=client.everybody)
        )
    assert str(client.read("device", INSTANCE, "local-date")).startswith("2028-2-29")
    assert str(client.read("device", INSTANCE, "local-time")).startswith("23:0")


def test_a_restart(client: Any) -> None:
    from bacpypes3.apdu import ReinitializeDeviceRequest

    ups = client.read("analog-input", 81)
    request = ReinitializeDeviceRequest(reinitializedStateOfDevice="warmstart", destination=client.meter)
    client.ask(client.application.request, request)
    end = time.monotonic() + PATIENCE_S
    while client.read("analog-input", 81) == ups:
        assert time.monotonic() < end
    assert client.read("device", INSTANCE, "object-name").endswith(SERIAL.decode())


def test_wireshark_finds_nothing_malformed(sim: Sim) -> None:
    """All that went over the line in the tests before; the routed answers carry where they go to."""
    programs("tshark")
    assert sim.decoded(MALFORMED) == 0
    assert sim.decoded("bacnet.dnet == 1 and bacapp.type == 3") > 300
