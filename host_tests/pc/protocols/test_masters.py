"""pymodbus and minimalmodbus against the simulator's pty: every address, every write in and out of range."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from masters import MASTERS, Refused, Sim, as_dwords, as_floats
from protocols.modbus_fakes import setting_registers

from fourquad import points as p
from fourquad.models import kw320
from fourquad.points import columns as c

SPANS = (
    (0x0FFD, 0x10F3),
    (0x3000, 0x303B),
    (0x4000, 0x412B),
    (0x4136, 0x4439),
    (0x4500, 0x461B),
    (0x4620, 0x478D),
)
SETTINGS = setting_registers(kw320)


@pytest.fixture(params=["pymodbus", pytest.param("minimalmodbus", marks=pytest.mark.thorough)])
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """A simulator of its own and a master on its first port."""
    sim = Sim(tmp_path_factory.mktemp("sim"))
    master = None
    try:
        master = MASTERS[request.param](str(sim.pty["rs485"]), 1)
        yield sim, master
    finally:
        if master is not None:
            master.close()
        sim.close()


def refused(function, *arguments) -> int:
    """The exception code of a request that must be refused."""
    with pytest.raises(Refused) as caught:
        function(*arguments)
    return caught.value.code


def words_of(words: int, value: int) -> list[int]:
    return [value >> 16, value & 0xFFFF] if words == 2 else [value]


@pytest.mark.thorough
def test_every_address_is_read(bench) -> None:
    _, master = bench
    moving = {*range(0x3000, 0x303C), *range(0x4000, 0x405A), *range(0x4620, 0x463E), *range(0x42A0, 0x42A5)}
    moving |= {*range(0x1034, 0x1036), *range(0x103F, 0x1046)}
    # extremes, and what noise makes of orders that the load has not
    moving |= {*range(0x405A, 0x412B), *range(0x4136, 0x42A0), *range(0x4500, 0x45C0), *range(0x4600, 0x4606)}
    for first, last in SPANS:
        block: list[int] = []
        for at in range(first, last + 1, 125):
            block += master.read(at, min(125, last + 1 - at))
        for at in range(first, last + 1):
            word = master.read(at, 1)
            assert at in moving or word == [block[at - first]], f"{at:04X}"
        assert refused(master.read, first - 1, 1) == 2
        assert refused(master.read, last + 1, 1) == 2
        assert refused(master.read, last, 2) == 2
    assert refused(master.read, 0, 1) == 2
    assert refused(master.read, 0xFFFF, 1) == 2


def test_readings_are_the_load(bench) -> None:
    sim, master = bench
    for first, primary in ((0x4000, 0), (0x3000, 0), (0x4000, 1)):
        if primary:
            master.write(0x101D, [1])
            sim.ask({"cmd": "advance", "seconds": 3})
        values = as_floats(master.read(first, 60))
        assert values[p.FREQUENCY] == pytest.approx(50.0, abs=0.01)
        assert values[p.V1 : p.V_AVG + 1] == pytest.approx((230.0, 231.0, 229.0, 230.0), rel=0.002)
        assert values[p.I1 : p.I3 + 1] == pytest.approx((0.25, 0.2, 0.1), rel=0.005)
        assert values[p.P1] == pytest.approx(230.0 * 0.25 * 0.866, rel=0.01)
        assert values[p.Q2] == pytest.approx(-231.0 * 0.2 * 0.342, rel=0.01)
        assert values[p.P3] < 0
    points = sim.ask({"cmd": "points"})["points"]
    assert as_floats(master.read(0x4002, 2))[0] == pytest.approx(points["primary.v1"]["value"], rel=1e-3)


def connect(sim, address):
    """Plug in what the settings from this register on need."""
    second = 0x10B0 <= address <= 0x10C1 or address in (0x10C4, 0x10C5) or address >= 0x10E2
    if address in (0x109E, 0x10B0, 0x10C2, 0x10C4, 0x10D0, 0x10E2):
        sim.ask(
            {"cmd": "module", "connected": ["io12", "io22", "io32"] if second else ["io11", "io21", "io31"]}
        )


@pytest.mark.thorough
def test_every_setting_is_written_in_and_out_of_range(bench) -> None:
    sim, first = bench
    second = type(first)(str(sim.pty["rs485b"]), 1)
    for address, words, (_, _, default, low, high, choices) in SETTINGS:
        # another protocol on the first port would end the conversation there
        master = second if address == 0x0FFE else first
        connect(sim, address)
        if address >= 0x10D0:
            # of 4-20 mA, the default, the lowest output is another
            master.write(0x10A9 if address < 0x10E2 else 0x10BB, [0])
        for value in (low, high, *(choices or ()), default):
            if choices and value not in choices:
                continue
            master.write(address, words_of(words, value))
            if address == 0x1001:
                master.unit = value
            assert master.read(address, words) == words_of(words, value), f"{address:04X}"
        bad = [value for value in (low - 1, high + 1) if 0 <= value <= (0xFFFF if words == 1 else 0xFFFFFFFF)]
        bad += [next(value for value in range(low, high + 2) if value not in choices)] if choices else []
        for value in bad:
            assert refused(master.write, address, words_of(words, value)) == 3, f"{address:04X}"
            if words == 1:
                assert refused(master.write_one, address, value) == 3
        assert master.read(address, words) == words_of(words, default)
        if words == 1:
            master.write_one(address, default)
        else:
            assert refused(master.write_one, address, 0) == 2
            assert refused(master.write_one, address + 1, 4000) == 2
    second.close()


def test_every_command(bench) -> None:
    _, master = bench
    for address, _, _, _, act, idle in kw320.COMMAND_REGISTERS:
        for value in (act, *idle):
            master.write(address, [value])
            master.write_one(address, value)
        for value in (2, 0x54, 0xFFFF):
            assert refused(master.write, address, [value]) == 3
        assert master.read(address, 1) == [idle[0]]


@pytest.mark.thorough
def test_every_energy_is_preset(bench) -> None:
    _, master = bench
    months = range(0x463E, 0x478E, 48)
    some = [address + 2 * i for address in months for i in (0, 5, 7, 23)]
    nets = {0x4052, 0x4056, *(address + 2 * i for address in months for i in (5, 7))}
    for address in (*range(0x4048, 0x405A, 2), *range(0x4620, 0x463E, 2), *some):
        signed = address in nets
        for value in (0, 178077833, 999999990, *((-999999990,) if signed else ())):
            number = value & 0xFFFFFFFF
            master.write(address, [number >> 16, number & 0xFFFF])
            assert abs(as_dwords(master.read(address, 2))[0] - value) <= 2
        for value in (1000000000, -1000000000, *(() if signed else (-1,))):
            number = value & 0xFFFFFFFF
            assert refused(master.write, address, [number >> 16, number & 0xFFFF]) == 3
        assert refused(master.write, address, [0]) == 2
        assert refused(master.write, address + 1, [0]) == 2


def test_clock(bench) -> None:
    _, master = bench
    master.write(0x103F, [6, 2028, 2, 29, 23, 58, 0])
    assert master.read(0x1040, 5) == [2028, 2, 29, 23, 58]
    assert refused(master.write, 0x1040, [2027]) == 3
    assert refused(master.write, 0x103F, [7]) == 3
    for address, bad in (
        (0x1040, 1999),
        (0x1041, 13),
        (0x1042, 30),
        (0x1043, 24),
        (0x1044, 60),
        (0x1045, 60),
    ):
        assert refused(master.write, address, [bad]) == 3
    assert master.read(0x1040, 5) == [2028, 2, 29, 23, 58]


def test_what_cannot_be_written(bench) -> None:
    _, master = bench
    readable = {at for first, last in SPANS for at in range(first, last + 1)}
    for at in (0x3000, 0x303B, 0x4000, 0x4047, 0x405A, 0x412A, 0x42A0, 0x4349, 0x4398, 0x101F, 0x1036):
        assert at in readable
        assert refused(master.write, at, [0]) == 2
    for at in (0x10A3, 0x10C5, 0x10D0, 0x10F3):
        assert refused(master.write, at, [0]) == 4
    for at in (0x1020, 0x1022, 0x102D, 0x102E, 0x1032, 0x1033, 0x1037, 0x10C6):
        master.write(at, [0])
        assert refused(master.write, at, [4]) == 3
    before = master.read(0x1012, 0x101D - 0x1012 + 1)
    assert refused(master.write, 0x101D, [0, 0]) == 2
    assert refused(master.write, 0x1012, [1, 1, 2]) == 3
    assert master.read(0x1012, 0x101D - 0x1012 + 1) == before


def test_relays_and_inputs(bench) -> None:
    sim, master = bench
    master.switch(1, True)
    assert master.coils(0, 8) == [0, 1, 0, 0, 0, 0, 0, 0]
    master.switch(1, False)
    assert master.coils(0, 2) == [0, 0]
    assert refused(master.switch, 2, True) == 4
    assert refused(master.switch, 8, True) == 2
    assert refused(master.coils, 0, 9) == 2
    sim.ask({"cmd": "input", "n": 3, "value": 1})
    assert master.inputs(0, 28) == [0, 0, 1] + [0] * 25
    assert refused(master.inputs, 27, 2) == 2


def test_the_seal(bench) -> None:
    sim, master = bench
    master.write(0x101E, [0b01])
    sim.ask({"cmd": "seal", "on": True})
    assert master.read(0x101F, 1) == [10]
    for address, words, row in SETTINGS:
        connect(sim, address)
        sealed = kw320.SEALS[row[c.SEAL]] in ((p.SEAL_OPTIONS, 0), (p.SEAL_OPTIONS, 1))
        if sealed:
            assert refused(master.write, address, words_of(words, row[c.DEFAULT])) == 4, f"{address:04X}"
        else:
            master.write(address, words_of(words, row[c.DEFAULT]))
    for address in (0x4048, 0x4058, 0x4620, 0x463C):
        assert refused(master.write, address, [0, 0]) == 4
    for address in (0x100F, 0x1016):
        assert refused(master.write, address, [1]) == 4
    sim.ask({"cmd": "seal", "on": False})
    master.write(0x1003, [0])


def test_broadcast(bench) -> None:
    _, master = bench
    master.broadcast(0x100C, 7)
    assert master.read(0x100C, 1) == [7]


@pytest.mark.parametrize("kind", list(MASTERS))
def test_the_second_port_has_its_own_address(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    try:
        first = MASTERS[kind](str(sim.pty["rs485"]), 1)
        second = MASTERS[kind](str(sim.pty["rs485b"]), 1)
        second.write(0x1031, [77])
        second.unit = 77
        assert second.read(0x1031, 1) == [77]
        assert first.read(0x1031, 1) == [77]
        first.write(0x102F, [4800])
        assert second.read(0x102F, 1) == [4800]
        assert second.read(0x4000, 125)[125 - 1] == 0
        ports = sim.ask({"cmd": "stats"})["ports"]
        assert ports["rs485"]["requests"] == 2
        assert ports["rs485b"]["requests"] == 4
        assert ports["rs485"]["bad_frames"] == ports["rs485b"]["bad_frames"] == 0
        first.close()
        second.close()
    finally:
        sim.close()
