"""BACnet/IP of a kw320 before a foreign client: bacpypes3 reads every property of every object, is told what
changes, switches relays, and is the BBMD of a foreign device.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

try:
    import bacpypes3
except ImportError:
    bacpypes3 = None
if bacpypes3 is None and not os.environ.get("CI"):
    pytest.skip("no bacpypes3: BACnet/IP was NOT tried with a foreign client", allow_module_level=True)

from bacnet_ip_bench import BBMD, INSTANCE, METER, PATIENCE_S, PHASES, Client, Meter  # noqa: E402
from bacpypes3.apdu import (  # noqa: E402
    DeviceCommunicationControlRequest,
    ReinitializeDeviceRequest,
    SubscribeCOVRequest,
    TimeSynchronizationRequest,
)
from bacpypes3.basetypes import DateTime, IPMode  # noqa: E402
from bacpypes3.primitivedata import Date, Null, ObjectIdentifier, Time  # noqa: E402

ANALOG = {
    "object-identifier",
    "object-name",
    "object-type",
    "present-value",
    "description",
    "status-flags",
    "event-state",
    "reliability",
    "out-of-service",
    "units",
    "cov-increment",
}
BINARY = ANALOG - {"units", "cov-increment"} | {"polarity"}
PROPERTIES = {
    "analog-input": ANALOG,
    "binary-input": BINARY,
    "binary-output": BINARY | {"priority-array", "relinquish-default"},
}
# 6.3.7: 33 readings, 3 demands, 9 energies, 8 THD, 3 demands of currents, 15 energies of phases
INPUTS = 33 + 3 + 9 + 8 + 3 + 15


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meter]:
    one = Meter(tmp_path_factory.mktemp("kw320"), "--module", "io11,io31")
    yield one
    one.end()


@pytest.fixture(scope="module")
def client(meter: Meter) -> Iterator[Client]:
    one = Client(meter.port)
    yield one
    one.close()


def until(condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def expected() -> dict[int, float]:
    """What follows from the load in closed form, by the analog input."""
    volts, amps = [x["volts"] for x in PHASES], [x["amps"] for x in PHASES]
    lags = [math.radians(x["lag"]) for x in PHASES]
    lines = [math.sqrt(a * a + b * b + a * b) for a, b in zip(volts, volts[1:] + volts[:1], strict=True)]
    apparent = [v * i for v, i in zip(volts, amps, strict=True)]
    watts = [s * math.cos(x) for s, x in zip(apparent, lags, strict=True)]
    vars_ = [s * math.sin(x) for s, x in zip(apparent, lags, strict=True)]
    said = [50.0, *volts, sum(volts) / 3, *lines, sum(lines) / 3, *amps, sum(amps) / 3]
    found = dict(enumerate(said, 1))
    for first, each in ((15, watts), (19, vars_), (23, apparent)):
        found |= dict(enumerate(each, first))
    return found | {18: sum(watts), 22: sum(vars_)} | {27 + i: math.cos(x) for i, x in enumerate(lags)}


def test_every_property_of_every_object(meter: Meter, client: Client) -> None:
    listed = [str(each) for each in client.read(f"device,{INSTANCE}", "object-list")]
    # inputs and relays of the modules that are connected: IO11 has 1-6 and 1-2, IO31 11-14 and 3-4
    there = [f"binary-input,{n}" for n in (*range(1, 7), *range(11, 15))]
    assert listed == [f"device,{INSTANCE}"] + [f"analog-input,{n}" for n in range(1, INPUTS + 1)] + there + [
        f"binary-output,{n}" for n in range(1, 5)
    ]
    assert client.read("device,4194303", "object-list", 0) == len(listed)
    assert str(client.read("device,4194303", "object-list", len(listed))) == listed[-1]
    names = set()
    for which in listed[1:]:
        rows = client.all_of(which)
        assert set(rows) == PROPERTIES[which.partition(",")[0]], which
        assert str(rows["object-identifier"]) == which
        assert str(rows["reliability"]) == "no-fault-detected" and str(rows["event-state"]) == "normal"
        assert client.read(which, "object-name") == rows["object-name"]
        names.add(str(rows["object-name"]))
    assert len(names) == len(listed) - 1
    device = client.all_of(f"device,{INSTANCE}")
    for prop, value in device.items():
        if prop not in ("local-time", "object-list", "active-cov-subscriptions"):
            assert str(client.read(f"device,{INSTANCE}", prop)) == str(value), prop
    assert "max-master" not in device and int(device["max-apdu-length-accepted"]) == 1024
    assert str(client.read("binary-input,7")) == "object: unknown-object"


def test_readings_are_the_generators(meter: Meter, client: Client) -> None:
    until(lambda: abs(client.read("analog-input,22") - expected()[22]) < 1)
    for n, value in expected().items():
        assert client.read(f"analog-input,{n}") == pytest.approx(value, rel=2e-3, abs=0.05), n
    meter.ask(cmd="advance", seconds=7200, leap=600)
    energy, power = client.read("analog-input,37"), expected()[18] / 1000
    assert energy == pytest.approx(2 * power, rel=0.05)
    assert str(client.read("analog-input,37", "units")) == "kilowatt-hours"
    assert client.read("analog-input,39") == pytest.approx(2 * expected()[22] / 1000, rel=0.05)
    assert str(client.read("analog-input,39", "units")) == "kilovolt-ampere-hours-reactive"
    phases = sum(client.read(f"analog-input,{n}") for n in (57, 59, 61))
    assert phases == pytest.approx(energy, abs=0.3)


def test_who_is_there(meter: Meter, client: Client) -> None:
    assert client.found(client.meter, INSTANCE, INSTANCE) == [INSTANCE]
    assert client.found(client.meter, 1, INSTANCE - 1) == []
    answers = client.ask(client.application.who_has, INSTANCE, INSTANCE, None, "V12", client.meter)
    assert [str(one.objectIdentifier) for one in answers] == ["analog-input,6"]


def test_who_is_there_of_all(meter: Meter) -> None:
    """To all of the local network, and answered to all: another node of it hears the answer."""
    everybody = ("127.255.255.255", meter.port)
    who_is = bytes.fromhex("81 0B 00 08 01 00 10 08")
    with contextlib.ExitStack() as stack:
        asks, hears = (
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2)
        )
        asks.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        hears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        hears.bind(everybody)
        hears.settimeout(PATIENCE_S)
        asks.sendto(who_is, everybody)
        assert hears.recv(100) == who_is
        heard, peer = hears.recvfrom(100)
        assert peer == (METER, meter.port) and heard[:8] == bytes.fromhex("81 0B 00 15 01 00 10 00")


def test_what_is_refused(client: Client) -> None:
    assert client.write("analog-input,2", 1.0) == "property: write-access-denied"
    assert client.write("binary-input,1", "active") == "property: write-access-denied"
    assert client.write("analog-input,2", -1.0, "cov-increment") == "property: value-out-of-range"
    assert client.write("device,4194303", "x" * 41, "location") == "resources: no-space-to-write-property"
    assert client.write("device,4194303", "V12", "object-name") == "property: duplicate-name"
    assert client.read("analog-input,1", "polarity") == "property: unknown-property"
    assert client.read(f"analog-input,{INPUTS + 1}") == "object: unknown-object"
    assert client.read("binary-output,1", "priority-array", 17) == "property: invalid-array-index"
    assert client.write("device,4194303", "Substation 7", "location") is None
    assert client.read("device,4194303", "location") == "Substation 7"


def relay(meter: Meter, n: int = 1) -> float:
    return float(meter.point(f"io.relay{n}"))


def test_relays_by_priority(meter: Meter, client: Client) -> None:
    assert client.write("binary-output,1", "active", priority=8) is None
    until(lambda: relay(meter) == 1)
    assert client.write("binary-output,1", "inactive", priority=10) is None
    assert str(client.read("binary-output,1")) == "active"
    held = client.read("binary-output,1", "priority-array")
    kinds = [each._choice for each in held]
    assert [n for n, kind in enumerate(kinds, 1) if kind != "null"] == [8, 10] and len(kinds) == 16
    assert client.write("binary-output,1", Null(()), priority=8) is None
    until(lambda: relay(meter) == 0)
    assert client.write("binary-output,1", "active") is None
    assert relay(meter) == 0
    assert client.write("binary-output,1", Null(()), priority=10) is None
    until(lambda: relay(meter) == 1)
    assert client.write("binary-output,1", Null(()), priority=16) is None
    until(lambda: relay(meter) == 0)
    meter.ask(cmd="set", name="io11_relay_work", value=1)
    assert client.write("binary-output,1", "active") == "property: write-access-denied"


async def told(client: Client, which: str, confirmed: bool, act: Callable[[], Any]) -> list[Any]:
    """Present values of a subscription: the one that it begins with, and the one after `act`."""
    async with client.application.change_of_value(
        client.meter, ObjectIdentifier(which), 7, confirmed, 60
    ) as subscription:
        values = []
        for _ in range(2):
            while True:
                prop, value = await subscription.get_value()
                if str(prop) == "present-value":
                    break
            values.append(value)
            if len(values) == 1:
                await asyncio.to_thread(act)
        return values


@pytest.mark.parametrize("confirmed", [False, True])
def test_changes_are_told(meter: Meter, client: Client, confirmed: bool) -> None:
    value = int(confirmed)
    meter.ask(cmd="input", n=3, value=1 - value)
    until(lambda: str(client.read("binary-input,3")) == ("inactive" if value else "active"))
    said = client.run(
        told(client, "binary-input,3", confirmed, lambda: meter.ask(cmd="input", n=3, value=value))
    )
    assert [str(each) for each in said] == (["inactive", "active"] if value else ["active", "inactive"])
    phases = [{**x, "volts": x["volts"] + 5} for x in PHASES]
    assert client.write("analog-input,2", 4.0, "cov-increment") is None
    said = client.run(
        told(client, "analog-input,2", confirmed, lambda: meter.ask(cmd="load", load={"phases": phases}))
    )
    assert said[0] == pytest.approx(230, abs=0.5) and abs(said[1] - said[0]) >= 4
    meter.ask(cmd="load", load={"phases": PHASES})
    until(lambda: abs(client.read("analog-input,2") - 230) < 0.5)
    # leaving the context cancels
    assert client.read("device,4194303", "active-cov-subscriptions") == []


def test_the_number_of_subscriptions_is_limited(client: Client) -> None:
    def subscribe(n: int, **fields: Any) -> Any:
        request = SubscribeCOVRequest(
            subscriberProcessIdentifier=n,
            monitoredObjectIdentifier=ObjectIdentifier("analog-input,9"),
            destination=client.meter,
            **fields,
        )
        return client.ask(client.application.request, request)

    for n in range(16):
        assert subscribe(n, issueConfirmedNotifications=False, lifetime=3600) is not None
    refused = subscribe(16, issueConfirmedNotifications=False, lifetime=3600)
    assert refused == "resources: no-space-to-add-list-element"
    assert subscribe(3, issueConfirmedNotifications=False, lifetime=1800) != refused
    active = client.read("device,4194303", "active-cov-subscriptions")
    assert len(active) == 16
    left = {int(one.recipient.processIdentifier): int(one.timeRemaining) for one in active}
    assert set(left) == set(range(16)) and 1700 < left[3] <= 1800 < 3500 < left[4] <= 3600
    for n in range(16):
        subscribe(n)
    assert client.read("device,4194303", "active-cov-subscriptions") == []


def test_the_time(meter: Meter, client: Client) -> None:
    moment = DateTime(date=Date("2028-02-29"), time=Time("23:00:00"))

    def late() -> bool:
        request = TimeSynchronizationRequest(time=moment, destination=client.meter)
        client.ask(client.application.request, request)
        return str(client.read("device,4194303", "local-date")).startswith("2028-2-29")

    until(late)
    assert str(client.read("device,4194303", "local-time")).startswith("23:0")


def test_silence_and_a_new_start(meter: Meter, client: Client) -> None:
    def control(state: str) -> None:
        request = DeviceCommunicationControlRequest(enableDisable=state, destination=client.meter)
        client.ask(client.application.request, request)

    control("disable")
    assert client.found(client.meter) == []
    control("enable")
    assert client.found(client.meter, INSTANCE, INSTANCE) == [INSTANCE]
    client.write("device,4194303", "Another", "object-name")
    revision = client.read("device,4194303", "database-revision")
    client.write("device,4194303", "A third", "object-name")
    assert client.read("device,4194303", "database-revision") != revision
    request = ReinitializeDeviceRequest(reinitializedStateOfDevice="warmstart", destination=client.meter)
    client.ask(client.application.request, request)
    until(lambda: client.found(client.meter, INSTANCE, INSTANCE) == [INSTANCE])
    assert client.read("device,4194303", "object-name") == "A third"


def test_a_foreign_device_and_its_bbmd(tmp_path: Path) -> None:
    octets = {f"bacnet_bbmd.{i + 1}": int(part) for i, part in enumerate(BBMD.split("."))}
    bbmd = Client(
        host=BBMD,
        bacnetIPMode=IPMode.bbmd,
        bbmdAcceptFDRegistrations=True,
        bbmdForeignDeviceTable=[],
        bbmdBroadcastDistributionTable=[],
    )
    meter = Meter(tmp_path, bacnet_foreign=1, bacnet_ttl=5, bacnet_bbmd_port=bbmd.port, **octets)
    try:

        def registered() -> int:
            bbmd.run(asyncio.sleep(0.05))
            count: int = meter.ask(cmd="stats")["ports"]["bacnet"]["registered"]
            return count

        until(lambda: registered() == 1)
        [link] = bbmd.application.link_layers.values()
        [entry] = link.bbmdFDT
        assert str(entry.fdAddress) == f"{METER}:{meter.port}" and entry.fdTTL == 300
        # what the BBMD broadcasts comes to the meter, and its answer by way of the BBMD
        assert bbmd.found(None, INSTANCE, INSTANCE) == [INSTANCE]
        meter.ask(cmd="advance", seconds=235, leap=60)
        assert registered() == 1
        meter.ask(cmd="advance", seconds=10)
        until(lambda: registered() == 2)
    finally:
        bbmd.close()
        meter.end()


CIRCUITS = [{"amps": 2.0 + n, "lag": 10.0 * (n % 5)} for n in range(18)]
EACH = 5 + 1 + 5  # of an input: readings, THD, energies


def test_every_object_of_eighteen_circuits(tmp_path: Path) -> None:
    """What is too long for an answer is read by its places, as who gets an abort does it."""
    load = {"phases": [{"volts": 230.0}] * 3, "circuits": CIRCUITS}
    meter = Meter(tmp_path, "--model", "acurev2020", load=load)
    client = Client(meter.port)
    try:
        whole = client.read("device,4194303", "object-list")
        assert whole == "segmentation-not-supported"
        count = client.read("device,4194303", "object-list", 0)
        listed = [str(client.read("device,4194303", "object-list", n)) for n in range(1, count + 1)]
        assert len(set(listed)) == count
        names: dict[str, str] = {}
        for which in listed[1:]:
            rows = client.all_of(which)
            assert set(rows) == PROPERTIES[which.partition(",")[0]], which
            names[str(rows["object-name"])] = which
        assert len(names) == count - 1 and sum(which.startswith("analog") for which in listed) > 18 * EACH
        until(lambda: client.read(names["I_18"]) == pytest.approx(CIRCUITS[17]["amps"], rel=1e-3))
        for n, circuit in enumerate(CIRCUITS, 1):
            watts = 230 * circuit["amps"] * math.cos(math.radians(circuit["lag"]))
            assert client.read(names[f"I_{n}"]) == pytest.approx(circuit["amps"], rel=1e-3)
            assert client.read(names[f"P_{n}"]) == pytest.approx(watts, rel=2e-3)
        said = client.run(told(client, names["V1"], True, lambda: meter.ask(cmd="load", load=HIGHER)))
        assert said[1] - said[0] >= 1
    finally:
        client.close()
        meter.end()


HIGHER = {"phases": [{"volts": 240.0}] * 3, "circuits": CIRCUITS}
