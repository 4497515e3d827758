"""Every I/O module alone and each pair of them, with pymodbus: registers, inputs, relays, and what a request
gets whose module is not there (manual 5.1, 6.3.2, 6.3.5, 6.3.7).
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from masters import PyModbus, Refused, Sim


class Has(NamedTuple):
    """What the manual says of a module: bit of 1036H, number in 101BH and 101CH, its registers of settings,
    the register of the inputs' type, then first and last number of its terminals.
    """

    bit: int
    code: int
    settings: tuple[tuple[int, int], ...]
    kind: int
    inputs: tuple[int, int]
    relays: tuple[int, int] = (1, 0)
    outputs: tuple[int, int] = (1, 0)
    analog: tuple[int, int] = (1, 0)


MANUAL = {
    "io11": Has(0, 1, ((0x109E, 0x10A2),), 0x109E, (1, 6), relays=(1, 2)),
    "io21": Has(
        2, 2, ((0x10A3, 0x10A9), (0x10C2, 0x10C3), (0x10D0, 0x10E1)), 0x10A3, (7, 10), outputs=(1, 2)
    ),
    "io31": Has(4, 3, ((0x10AA, 0x10AF),), 0x10AA, (11, 14), relays=(3, 4), analog=(1, 2)),
    "io12": Has(1, 4, ((0x10B0, 0x10B4),), 0x10B0, (15, 20), relays=(5, 6)),
    "io22": Has(
        3, 5, ((0x10B5, 0x10BB), (0x10C4, 0x10C5), (0x10E2, 0x10F3)), 0x10B5, (21, 24), outputs=(3, 4)
    ),
    "io32": Has(5, 6, ((0x10BC, 0x10C1),), 0x10BC, (25, 28), relays=(7, 8), analog=(3, 4)),
}
TOGETHER = [(name,) for name in MANUAL] + list(itertools.combinations(MANUAL, 2))


def refused(function, *arguments) -> int:
    """The exception code of a request that must be refused."""
    with pytest.raises(Refused) as caught:
        function(*arguments)
    return caught.value.code


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sim, PyModbus]]:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    master = PyModbus(str(sim.pty["rs485"]), 1)
    yield sim, master
    master.close()
    sim.close()


def numbers(span: tuple[int, int]) -> range:
    return range(span[0], span[1] + 1)


@pytest.fixture(params=TOGETHER, ids="+".join)
def there(request: pytest.FixtureRequest, bench) -> tuple[str, ...]:
    """The modules that are connected, in any order."""
    sim, _ = bench
    sim.ask({"cmd": "module", "connected": list(reversed(request.param))})
    return request.param


def test_which_are_connected(bench, there) -> None:
    _, master = bench
    assert master.read(0x1036, 1) == [sum(1 << MANUAL[name].bit for name in there)]
    assert refused(master.write, 0x1036, [63]) == 2


def test_inputs(bench, there) -> None:
    sim, master = bench
    mine = {n for name in there for n in numbers(MANUAL[name].inputs)}
    for on in (1, 0):
        for n in mine:
            sim.ask({"cmd": "input", "n": n, "value": on})
        assert master.inputs(0, 28) == [on if n in mine else 0 for n in range(1, 29)]
    assert refused(master.inputs, 28, 1) == 2


def test_relays(bench, there) -> None:
    _, master = bench
    mine = {n for name in there for n in numbers(MANUAL[name].relays)}
    for n in range(1, 9):
        if n in mine:
            master.switch(n - 1, True)
            assert master.coils(0, 8) == [int(k == n) for k in range(1, 9)]
            master.switch(n - 1, False)
        else:
            assert refused(master.switch, n - 1, True) == refused(master.switch, n - 1, False) == 4
        assert master.coils(0, 8) == [0] * 8
    assert refused(master.switch, 8, True) == 2
    assert refused(master.coils, 8, 1) == 2


def test_settings_of_modules_that_are_not_there_take_nothing(bench, there) -> None:
    _, master = bench
    for name, has in MANUAL.items():
        for first, last in has.settings:
            words = master.read(first, last - first + 1)
            if name in there:
                master.write(first, words)
                master.write(last, words[-1:])
            else:
                assert refused(master.write, first, words) == 4
                assert refused(master.write, last, words[-1:]) == 4
    # a request that reaches into a module that is not there is refused whole
    for first, last in itertools.pairwise(sorted(has.kind for has in MANUAL.values())):
        before = master.read(first, last + 1 - first)
        changed = [word ^ 1 if at == 0 else word for at, word in enumerate(before)]
        both = {name for name, has in MANUAL.items() if has.kind in (first, last)}
        if both <= set(there):
            master.write(first, changed)
            master.write(first, before)
        else:
            assert refused(master.write, first, changed) == 4
        assert master.read(first, last + 1 - first) == before
    assert refused(master.write, 0x109E, master.read(0x109E, 0x10F4 - 0x109E)) == 4


def test_counters(bench, there) -> None:
    sim, master = bench
    for name in there:
        has = MANUAL[name]
        count = has.inputs[1] - has.inputs[0] + 1
        last = has.inputs[1]
        register = 0x4349 + 2 * (last - 1)
        master.write(has.kind, [1 << count - 1, 2])
        master.write(0x101C, [has.code])
        for _ in range(5):
            for value in (1, 0):
                sim.ask({"cmd": "input", "n": last, "value": value})
        assert master.read(register, 2) == [0, 2]
        assert sum(master.read(0x4349, 56)) == 2
        master.write(has.kind, [0, 1])
        assert master.read(register, 2) == [0, 2]
        master.write(0x101C, [0])
        assert master.read(0x101C, 1) == [0]
        master.write(0x101C, [has.code])
        assert master.read(0x4349, 56) == [0] * 56
    absent = [has.code for name, has in MANUAL.items() if name not in there]
    assert [refused(master.write, 0x101C, [code]) for code in absent] == [4] * len(absent)
    assert refused(master.write, 0x101C, [7]) == refused(master.write, 0x101C, [0xFFFF]) == 3
    assert refused(master.write, 0x4349, [0, 0]) == 2


def test_analog_values(bench, there) -> None:
    sim, master = bench
    inputs = {n for name in there for n in numbers(MANUAL[name].analog)}
    outputs = {n for name in there for n in numbers(MANUAL[name].outputs)}
    for n in inputs:
        sim.ask({"cmd": "analog", "input": n, "value": 2.5 * n})
    # 20 mA are 4096
    assert master.read(0x4385, 4) == [n * 512 if n in inputs else 0 for n in range(1, 5)]
    values = struct.unpack(">4f", struct.pack(">8H", *master.read(0x4389, 8)))
    # AO1-AO4 are where DO1-DO4 are; 4 mA is code 819
    assert values == pytest.approx([819 * 20 / 4096 if n in outputs else 0 for n in range(1, 5)])
    assert master.read(0x4381, 4) == [0] * 4 and master.read(0x4391, 8) == [0] * 8
    assert refused(master.write, 0x4385, [0]) == refused(master.write, 0x4389, [0, 0]) == 2


def test_the_sequence_of_events(bench, there) -> None:
    sim, master = bench
    for name, has in MANUAL.items():
        # a module that is not there may be chosen, and nothing comes of it (manual 6.3.7)
        master.write(0x101B, [has.code])
        assert master.read(0x4439, 1) == [has.code]
        before = master.read(0x1033, 1)[0]
        first, last = has.inputs
        made = 0
        for other in there:
            # the first input that changes is of this module or of another one
            for value in (1, 0):
                sim.ask({"cmd": "input", "n": MANUAL[other].inputs[1], "value": value})
                if other == name:
                    made += 1
                    newest = master.read(0x1033, 1)[0]
                    group = master.read(0x4399 + 8 * (newest - 1), 8)
                    assert group[0] == 2026 and group[7] == value << last - first
        expected = (before + made - 1) % 20 + 1 if made else before
        assert master.read(0x1033, 1)[0] == expected
        if made:
            assert master.read(0x102E, 1)[0] & 2
            master.write(0x102E, [0])
            assert master.read(0x102E, 1) == [0]
    assert refused(master.write, 0x101B, [7]) == 3
    assert refused(master.write, 0x4439, [0]) == refused(master.write, 0x4399, [0]) == 2
    assert refused(master.read, 0x4439, 2) == 2


def test_three_at_once_and_the_command_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    sim = Sim(tmp_path_factory.mktemp("sim"), "--module", "io22,io12,io31")
    master = PyModbus(str(sim.pty["rs485"]), 1)
    try:
        assert master.read(0x1036, 1) == [0b011010]
        master.switch(2, True)
        master.switch(5, True)
        assert master.coils(0, 8) == [0, 0, 1, 0, 0, 1, 0, 0]
        with pytest.raises(AssertionError, match="at most 3"):
            sim.ask({"cmd": "module", "connected": ["io11", "io12", "io21", "io22"]})
    finally:
        master.close()
        sim.close()


def test_do_settings_are_sealed_always_and_inputs_by_bit_3(bench) -> None:
    sim, master = bench
    sim.ask({"cmd": "module", "connected": ["io21", "io22"]})
    sealed = (*range(0x10A5, 0x10A9), *range(0x10B7, 0x10BB))
    by_bit = (0x10A3, 0x10A4, 0x10B5, 0x10B6)
    for bits in (0, 8):
        master.write(0x101E, [bits])
        sim.ask({"cmd": "seal", "on": True})
        try:
            for address in (*range(0x10A3, 0x10AA), *range(0x10B5, 0x10BC), *range(0x10C2, 0x10C6)):
                word = master.read(address, 1)
                if address in sealed or bits and address in by_bit:
                    assert refused(master.write, address, word) == 4, hex(address)
                else:
                    master.write(address, word)
            if bits:
                assert refused(master.write, 0x101C, [2]) == 4
            else:
                master.write(0x101C, [2])
        finally:
            sim.ask({"cmd": "seal", "on": False})
    master.write(0x101E, [0])
