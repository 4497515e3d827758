"""dnp3py as master over TCP against the simulator: every reading is the meter's own point."""

from __future__ import annotations

import asyncio
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from dnp3_sim import ANALOGS, DEMANDS, ENERGIES, LOAD, NAMES, THD, Sim, everything, holds, needed
from protocols.dnp3_fakes import MASTER, fragments, frame
from protocols.modbus_fakes import with_crc

needed("dnp3", sys.version_info >= (3, 11))

from dnp3.core.enums import ControlCode  # noqa: E402
from dnp3.master.config import MasterConfig  # noqa: E402
from dnp3.master.handler import DefaultSOEHandler  # noqa: E402
from dnp3.master.master import Master  # noqa: E402
from dnp3.master.tcp_runner import MasterTcpRunner  # noqa: E402

RESTART, NEED_TIME, CLASS_2 = 0x80, 0x10, 0x04
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    yield sim
    sim.close()


Talk = Callable[[MasterTcpRunner, Master, DefaultSOEHandler], Awaitable[Any]]


def talk(sim: Sim, port: str, what: Talk, address: int = 1) -> Any:
    """Run `what` with a master that is connected to a port."""

    async def run() -> Any:
        handler = DefaultSOEHandler()
        master = Master(MasterConfig(address=MASTER, outstation_address=address), handler)
        async with MasterTcpRunner(master=master, port=sim.tcp[port], response_timeout=PATIENCE_S) as runner:
            return await what(runner, master, handler)

    return asyncio.run(run())


def single(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def same(values: dict[int, Any], points: dict[str, float], first: int = 0) -> None:
    """Analog inputs from index `first` on are the readings of the secondary side."""
    for i, name in enumerate(NAMES):
        found = values[first + i]
        expected = points[f"secondary.{name}"]
        if name.startswith(("p", "q", "s")) or name.endswith("unbalance"):
            assert found.value == pytest.approx(expected, rel=1e-4, abs=0.02), name
        else:
            assert found.value == pytest.approx(single(expected), rel=1e-5, abs=1e-4), name
        assert found.quality == 1, name


def test_integrity_poll(sim: Sim) -> None:
    async def poll(runner: MasterTcpRunner, _: Master, handler: DefaultSOEHandler) -> Any:
        return await runner.integrity_poll(), handler

    info, handler = talk(sim, "network", poll)
    assert int(info[0].iin) & (RESTART | NEED_TIME) == RESTART | NEED_TIME
    points = sim.points()
    same(handler.analog_inputs, points)
    for i, name in enumerate(ENERGIES):
        # counts of 0.1 kWh
        assert handler.analog_inputs[100 + i].value == round(points[f"energy.{name}"] * 10), name
    # what is not measured yet is not online, and no value is made up for it
    for i in (*range(33, 39), *range(200, 208)):
        assert handler.analog_inputs[i].quality or not handler.analog_inputs[i].value
    assert {i: v.quality for i, v in handler.binary_inputs.items()} == {i: int(i < 6) for i in range(28)}
    assert {i: v.quality for i, v in handler.counters.items()} == {i: int(i < 6) for i in range(28)}
    assert [handler.binary_outputs[i].value for i in range(2)] == [False, False]


def test_every_reading_is_the_meters_own(sim: Sim) -> None:
    """All readings, demands, energies, THD and counters of the network's list."""

    async def poll(runner: MasterTcpRunner, _: Master, handler: DefaultSOEHandler) -> Any:
        await runner.integrity_poll()
        return dict(handler.analog_inputs), dict(handler.counters)

    with everything(sim):
        before = sim.points()
        analogs, counters = talk(sim, "network", poll)
        after = sim.points()
    names = {i: (f"secondary.{name}", 1) for i, name in enumerate(NAMES)}
    names |= {33 + i: (name, 1) for i, name in enumerate(DEMANDS)}
    names |= {100 + i: (f"energy.{name}", 0.1) for i, name in enumerate(ENERGIES)}
    names |= {200 + i: (name, 0.01) for i, name in enumerate(THD)}
    assert sorted(analogs) == sorted([*names, *ANALOGS])
    for index, (name, count) in names.items():
        assert analogs[index].quality == 1, name
        holds(analogs[index].value, name, before, after, count)
    for i in range(6):
        assert counters[i].value == after[f"io.di{i + 1}_count"]
    # there is something to be equal with
    assert after["io.di3_count"] == 2 and after["harmonic.v1.thd"] > 3 and after["harmonic.i.thd"] > 15
    assert after["secondary.p_demand"] > 50 and after["energy.ep_total"] > 0


@pytest.mark.parametrize("variation", [1, 2, 3, 4, 5, 6])
def test_ranges_of_analog_inputs(sim: Sim, variation: int) -> None:
    async def poll(runner: MasterTcpRunner, master: Master, handler: DefaultSOEHandler) -> Any:
        await runner.request(master.build_range_poll(30, variation, 0, 8))
        return dict(handler.analog_inputs)

    values = talk(sim, "network", poll)
    points = sim.points()
    assert sorted(values) == list(range(9))
    for i in range(9):
        expected = points[f"secondary.{NAMES[i]}"]
        assert values[i].value == pytest.approx(expected, abs=0.51 if variation < 5 else 1e-3)


def test_class_polls(sim: Sim) -> None:
    async def poll(runner: MasterTcpRunner, _: Master, handler: DefaultSOEHandler) -> Any:
        await runner.class_poll()
        handler.clear()
        sim.ask({"cmd": "input", "n": 4, "value": 1})
        load = {**LOAD, "phases": [{**LOAD["phases"][0], "volts": 120.0}, *LOAD["phases"][1:]]}
        sim.ask({"cmd": "load", "load": load})
        sim.ask({"cmd": "advance", "seconds": 3})
        end = time.monotonic() + PATIENCE_S
        one = await runner.class_poll(class_2=False, class_3=False)
        while not (handler.binary_inputs and int(one[0].iin) & CLASS_2):
            assert time.monotonic() < end, "no events"
            one = await runner.class_poll(class_2=False, class_3=False)
        binaries, analogs = dict(handler.binary_inputs), dict(handler.analog_inputs)
        two = await runner.class_poll(class_1=False, class_3=False)
        while len(handler.analog_inputs) <= 3:
            assert time.monotonic() < end, "few events"
            two = await runner.class_poll(class_1=False, class_3=False)
        told = dict(handler.analog_inputs)
        handler.clear()
        await runner.class_poll()
        return one, two, binaries, analogs, told, handler

    one, two, binaries, analogs, told, handler = talk(sim, "network", poll)
    assert int(one[0].iin) & CLASS_2 and not int(two[0].iin) & CLASS_2
    assert list(binaries) == [3] and binaries[3].value
    # at the time of the simulator
    when = binaries[3].timestamp
    now = datetime.fromisoformat(sim.ask({"cmd": "stats"})["time"])
    assert abs((when.replace(tzinfo=now.tzinfo) - now).total_seconds()) < 60
    assert not analogs
    # what was confirmed does not come again
    assert not handler.binary_inputs
    assert not [i for i, now in handler.analog_inputs.items() if i in told and now.value == told[i].value]
    sim.ask({"cmd": "input", "n": 4, "value": 0})
    sim.ask({"cmd": "load", "load": LOAD})
    sim.ask({"cmd": "advance", "seconds": 3})


def test_select_and_operate_and_direct_operate(sim: Sim) -> None:
    async def control(runner: MasterTcpRunner, master: Master, _: DefaultSOEHandler) -> None:
        builder = master.command_builder()
        builder.latch_on(0)
        await runner.request(master.build_select(builder.build_select()))
        assert sim.points()["io.relay1"] == 0
        await runner.request(master.build_operate(builder.build_operate()))
        sim.wait_for("io.relay1", 1)
        builder.clear()
        builder.latch_off(0)
        builder.add_crob(1, ControlCode.LATCH_ON)
        await runner.request(master.build_direct_operate(builder.build_direct_operate()))
        sim.wait_for("io.relay1", 0)
        sim.wait_for("io.relay2", 1)

    talk(sim, "network", control)


def test_unsolicited(sim: Sim) -> None:
    async def listen(runner: MasterTcpRunner, _: Master, handler: DefaultSOEHandler) -> Any:
        await runner.class_poll()
        await runner.enable_unsolicited()
        # the first one, which tells of the restart, may have been waiting
        await runner.listen_unsolicited(timeout=1.0)
        handler.clear()
        sim.ask({"cmd": "input", "n": 2, "value": 1})
        info = None
        while not handler.binary_inputs:
            info = await runner.listen_unsolicited(timeout=PATIENCE_S)
            assert info is not None
        await runner.listen_unsolicited(timeout=7.0)
        seen = dict(handler.binary_inputs)
        await runner.disable_unsolicited()
        return info, seen

    sim.configure((0xD010, 1))
    info, seen = talk(sim, "network", listen)
    sim.configure((0xD010, 0))
    assert info.is_unsolicited and seen[1].value
    sim.ask({"cmd": "input", "n": 2, "value": 0})


# The serial port, which begins with Modbus.


SWITCH = "0C01 1701 00 03 00 00000000 01000000 00"


def ask(sim: Sim, fragment: str, address: int = 1, wait: float = PATIENCE_S) -> bytes:
    """A fragment by hand, for what no master knows; the fragment that answers it within `wait` seconds."""
    octets = frame(0xC4, b"\xc0" + bytes.fromhex(fragment), address)
    (found,) = fragments(sim.exchange("rs485", octets, wait), address) or [b""]
    return found


@pytest.fixture
def serial(sim: Sim) -> Iterator[Sim]:
    """The first port speaks DNP3 at address 1; afterwards Modbus again."""
    assert sim.write_register(0x0FFE, 1, "rs485b") == 0
    yield sim
    assert sim.write_register(0x0FFE, 0, "rs485b") == 0


def test_one_protocol_at_a_time(sim: Sim) -> None:
    assert sim.exchange("rs485", frame(0xC9), 0.4) == b""
    assert sim.write_register(0x0FFE, 1) == 0
    assert sim.exchange("rs485", frame(0xC9)) == frame(0x0B, b"", MASTER, 1)
    read = with_crc(bytes((1, 3, 0x10, 0x0C, 0, 1)))
    assert sim.exchange("rs485", read, 0.4) == b""
    assert sim.exchange("rs485b", read)[:3] == bytes((1, 3, 2))
    # with an answer, then at once the other protocol
    assert ask(sim, "C5 05" + SWITCH)[-1] == 0
    assert sim.exchange("rs485", read)[:3] == bytes((1, 3, 2))
    # without one, as the manual has it
    assert sim.write_register(0x0FFE, 1) == 0
    assert ask(sim, "C6 06" + SWITCH, wait=1.0) == b""
    assert sim.exchange("rs485", read)[:3] == bytes((1, 3, 2))


def test_addresses_of_the_serial_port(sim: Sim) -> None:
    assert sim.write_register(0x1001, 248) == 3
    assert sim.write_register(0x0FFE, 1) == 0
    for address, refused in ((300, 0), (65519, 0), (65520, 3), (65535, 3)):
        assert sim.write_register(0x1001, address, "rs485b") == refused
    assert sim.exchange("rs485", frame(0xC9, destination=65519)) == frame(0x0B, b"", MASTER, 65519)
    assert sim.exchange("rs485", frame(0xC9), 0.4) == b""

    async def poll(runner: MasterTcpRunner, master: Master, handler: DefaultSOEHandler) -> Any:
        await runner.request(master.build_range_poll(20, 5, 0, 3))
        return len(handler.counters)

    assert talk(sim, "rs485", poll, 65519) == 4
    # after an address that Modbus does not have comes 1
    assert ask(sim, "C7 06" + SWITCH, 65519, 1.0) == b""
    assert sim.write_register(0x100C, 2) == 0
    assert sim.points()["setting.address_1"] == 1
    assert sim.write_register(0x0FFE, 1) == 0
    assert sim.write_register(0x1001, 0, "rs485b") == 0
    assert sim.exchange("rs485", frame(0xC9, destination=0)) == frame(0x0B, b"", MASTER, 0)
    assert sim.write_register(0x0FFE, 0, "rs485b") == 0
    assert sim.write_register(0x100C, 1) == 0


def test_readings_of_the_serial_port(serial: Sim) -> None:
    sim = serial
    with everything(sim):
        before = sim.points()
        answer = ask(sim, "C1 01 64 01 00 00 26")
        after = sim.points()
    assert answer[4:9] == bytes.fromhex("6401000026")
    for i, name in enumerate([*(f"secondary.{name}" for name in NAMES), *DEMANDS]):
        flags, value = struct.unpack_from("<Bf", answer, 9 + 5 * i)
        assert flags == 1, name
        holds(value, name, before, after, 1)


def test_counters_of_the_serial_port(serial: Sim) -> None:
    sim = serial

    async def poll(runner: MasterTcpRunner, master: Master, handler: DefaultSOEHandler) -> Any:
        await runner.request(master.build_range_poll(20, 5, 0, 14))
        await runner.request(master.build_range_poll(30, 4, 0, 7))
        return handler

    with everything(sim):
        before = sim.points()
        handler = talk(sim, "rs485", poll)
        after = sim.points()
    assert sorted(handler.counters) == list(range(15))
    for i, name in enumerate(ENERGIES):
        value = handler.counters[i].value
        holds(value - (value >> 31 << 32), f"energy.{name}", before, after, 0.1)
    for i in range(6):
        assert handler.counters[9 + i].value == after[f"io.di{i + 1}_count"]
    assert sorted(handler.analog_inputs) == list(range(8))
    for i, name in enumerate(THD):
        holds(handler.analog_inputs[i].value, name, before, after, 0.01)


def test_qualifiers_that_this_master_does_not_send(serial: Sim) -> None:
    sim = serial
    values = ask(sim, "C101 1405 00 00 0E")[9:]
    for body, head, first, count in (
        ("06", "00 00 24", 0, 15),
        ("07 05", "00 00 04", 0, 5),
        ("08 0500", "00 00 04", 0, 5),
        ("01 0200 0400", "00 02 04", 2, 3),
    ):
        answer = ask(sim, "C101 1405" + body)
        assert answer[4:9] == bytes.fromhex("1405" + head)
        assert answer[9 : 9 + 4 * count] == values[4 * first : 4 * (first + count)]
    expected = bytes((3,)) + values[12:16] + bytes((1,)) + values[4:8]
    assert ask(sim, "C101 1405 17 02 03 01")[4:] == bytes.fromhex("14051702") + expected
    expected = bytes((3, 0)) + values[12:16]
    assert ask(sim, "C101 1405 28 0100 0300")[4:] == bytes.fromhex("1405280100") + expected


def test_energies_are_reset(serial: Sim) -> None:
    sim = serial
    sim.ask({"cmd": "load", "load": {**LOAD, "phases": [{"volts": 230.0, "amps": 4.0}] * 3}})
    # 2.76 kW: 0.5 kWh
    sim.ask({"cmd": "advance", "seconds": 720})
    assert sim.points()["energy.ep_imp"] > 0.2
    sim.ask({"cmd": "load", "load": LOAD})

    async def reset(runner: MasterTcpRunner, master: Master, _: DefaultSOEHandler) -> None:
        builder = master.command_builder()
        builder.add_crob(1, ControlCode.LATCH_ON, 1, 0, 1)
        await runner.request(master.build_select(builder.build_select()))
        await runner.request(master.build_operate(builder.build_operate()))

    talk(sim, "rs485", reset)
    assert sim.points()["energy.ep_imp"] == 0.0
    sim.ask({"cmd": "seal", "on": True})
    assert ask(sim, "C3 05 0C01 1701 01 03 01 00000000 01000000 00")[-1] == 9
    sim.ask({"cmd": "seal", "on": False})
