"""pymodbus and minimalmodbus against an AcuRev 1312: every address, writes in and out of range, readings and
energies against the load, the manual's worked frames byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import serial
from masters import MASTERS, Refused, Sim, as_dwords, as_floats
from simulated import PATIENCE_S

# Currents of the rated 5 A, so that the meter reads the secondary side as the primary one.
LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 5.0, "lag": 30.0},
        {"volts": 231.0, "amps": 4.0, "lag": -20.0},
        {"volts": 229.0, "amps": 3.0, "lag": 60.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}
VOLTS, AMPS, LAGS = ([phase[name] for phase in LOAD["phases"]] for name in ("volts", "amps", "lag"))  # type: ignore[index,attr-defined]
REAL = [v * i * math.cos(math.radians(lag)) / 1000 for v, i, lag in zip(VOLTS, AMPS, LAGS, strict=True)]
SEEN = [v * i / 1000 for v, i in zip(VOLTS, AMPS, strict=True)]
BLIND = [v * i * math.sin(math.radians(lag)) / 1000 for v, i, lag in zip(VOLTS, AMPS, LAGS, strict=True)]

# Chapter 5, with what stands between its rows; 1000H: SunSpec, as meters of the series have it.
SPANS = (
    (0x0100, 0x0101),
    (0x0200, 0x021A),
    (0x0300, 0x0306),
    (0x0310, 0x0313),
    (0x0900, 0x0949),
    (0x1000, 0x10B1),
    (0x1208, 0x1213),
    (0x2000, 0x2085),
    # ours
    (0xD600, 0xD627),
    (0xD700, 0xD706),
    (0xD710, 0xD718),
    (0xD720, 0xD725),
    (0xD730, 0xD76B),
    (0xD800, 0xDAFF),
)
# What the manual's tables call R/W, and what is ours: words, and first registers of dwords.
WORDS = {*range(0x0200, 0x020C), *range(0x0210, 0x0214), 0x0215, *range(0x0218, 0x021B)}
WORDS |= {*range(0x0300, 0x0307), 0xD600, 0xD601, *range(0xD700, 0xD707), 0xD710}
MONTHS = {first + 2 * i for first in (0x0900, 0x0920, 0x0940) for i in range(5)}
ENERGIES = {*range(0x204E, 0x2056, 2), *range(0x205E, 0x2086, 2)}
DWORDS = {0x0216, 0xD724} | MONTHS | ENERGIES
MOVING = {0x0305, *range(0x0310, 0x0314), *range(0x1047, 0x10B0), *range(0x2000, 0x203A)}
MOVING |= {*range(0xD720, 0xD724), *range(0xD730, 0xD76C)}
MOVING |= {*range(0x0900, 0x090A), *range(0x1208, 0x1214), *range(0x204E, 0x2086)}
# Settings: address, values that are taken, values that are not; the default is the first.
SETTINGS = (
    (0x0202, (3, 0, 1, 2), (4, 0xFFFF)),
    (0x0203, (0, 1), (2,)),
    (0x0204, (0, 1, 2, 3), (4,)),
    (0x0205, (15, 1, 30), (0, 31)),
    (0x0206, (1, 30), (0, 31)),
    (0x0207, (0, 1), (2,)),
    (0x0208, (0, 1), (2,)),
    (0x0209, (0, 7), (8,)),
    (0x0210, (0, 1), (2,)),
    (0x0211, (0, 1, 2, 3), (4,)),
    (0x0212, (5, 1), (0, 2, 80, 100, 200)),
    (0x0213, (5, 50000), (0, 4, 50001)),
    (0x0215, (4000, 500), (499, 4001)),
    (0x0218, (5000, 1), (0, 5001, 60000)),
    (0x0219, (100, 20), (19, 101)),
    (0x021A, (2, 0, 1, 3), (4,)),
)
FIXED = (
    0x0100,
    0x0101,
    0x020C,
    0x020F,
    0x0214,
    0x0310,
    0x0313,
    0x090A,
    0x1000,
    0x1208,
    0x2000,
    0x203A,
    0x2056,
)


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    meter = Sim(tmp_path_factory.mktemp("acurev"), model="acurev1312", ports=("rs485",), load=LOAD)
    yield meter
    meter.close()


@pytest.fixture(params=["pymodbus", pytest.param("minimalmodbus", marks=pytest.mark.thorough)])
def master(request: pytest.FixtureRequest, sim: Sim) -> Iterator:
    found = MASTERS[request.param](str(sim.pty["rs485"]), 1)
    yield found
    found.close()


def refused(function, *arguments) -> int:
    """The exception code of a request that must be refused."""
    with pytest.raises(Refused) as caught:
        function(*arguments)
    return caught.value.code


def test_every_address_alone_and_in_blocks(master) -> None:
    for first, last in SPANS:
        block: list[int] = []
        for at in range(first, last + 1, 125):
            block += master.read(at, min(125, last + 1 - at))
        for at in range(first, last + 1):
            (word,) = master.read(at, 1)
            assert at in MOVING or word == block[at - first], f"{at:04X}H"
        assert refused(master.read, first - 1, 1) == 2
        assert refused(master.read, last + 1, 1) == 2
        assert refused(master.read, last, 2) == 2
    for address in (0, 0xFFFF):
        assert refused(master.read, address, 1) == 2


@pytest.mark.thorough
def test_every_address_is_written_with_what_it_has(sim: Sim) -> None:
    """Words and dwords that can be written take it; half a dword, and all else, is exception 02."""
    master = MASTERS["pymodbus"](str(sim.pty["rs485"]), 1)
    for address in sorted(MONTHS | ENERGIES | {*range(0xD700, 0xD707)}):
        count = 1 if address in WORDS else 2
        words = [1] if count == 1 else master.read(address, 2)
        assert refused(master.write, address, words) == 4, f"{address:04X}H without the permission"
    master.write_one(0x020A, 0)
    for first, last in SPANS:
        for address in range(first, last + 1):
            if address in DWORDS:
                master.write(address, master.read(address, 2))
                for half in (address, address + 1):
                    assert refused(master.write_one, half, 0) == 2, f"half of {half:04X}H"
            elif address in WORDS:
                # the permission reads 1 and takes the password
                master.write_one(address, 0 if address == 0x020A else master.read(address, 1)[0])
            elif address == 0xD602:
                # no day is empty
                assert refused(master.write_one, address, 0) == 3
            elif address - 1 not in DWORDS:
                assert refused(master.write_one, address, 0) == 2, f"{address:04X}H"
                assert refused(master.write, address, [0]) == 2, f"{address:04X}H"
    # beyond their ranges
    for address in MONTHS | ENERGIES:
        assert refused(master.write, address, [1000000000 >> 16, 1000000000 & 0xFFFF]) == 3
        assert refused(master.write, address, [0xFFFF, 0xFFFF]) == 3
    for address, value in ((0x0301, 0), (0x0301, 13), (0x0302, 32), (0x0303, 24), (0x0304, 60), (0x0306, 7)):
        assert refused(master.write_one, address, value) == 3, f"{address:04X}H {value}"
    for address in range(0xD700, 0xD707):
        assert refused(master.write_one, address, 2) == 3
    assert refused(master.write, 0xD724, [4, 0]) == refused(master.write_one, 0xD710, 2) == 3
    sim.ask({"cmd": "advance", "seconds": 1801})
    assert refused(master.write, 0x0900, [0, 0]) == 4
    master.close()


def test_settings_in_and_out_of_range(master) -> None:
    for address, taken, not_taken in SETTINGS:
        before = master.read(0x0200, 27)
        for value in not_taken:
            assert refused(master.write_one, address, value) == 3, f"{address:04X}H {value}"
            assert refused(master.write, address, [value]) == 3, f"{address:04X}H {value}"
        assert master.read(0x0200, 27) == before, f"{address:04X}H"
        for value in (*taken[1:], taken[0]):
            master.write(address, [value])
            assert master.read(address, 1) == [value], f"{address:04X}H"
            master.write_one(address, value)
        assert master.read(address, 1) == before[address - 0x200 : address - 0x200 + 1]
    # PT1 has two registers: 400.0 V, from 50.0 to 999999.9
    for value in (500, 9999999, 4000):
        master.write(0x0216, [value >> 16, value & 0xFFFF])
        assert as_dwords(master.read(0x0216, 2)) == (value,)
    for value in (499, 10000000):
        assert refused(master.write, 0x0216, [value >> 16, value & 0xFFFF]) == 3
    assert as_dwords(master.read(0x0216, 2)) == (4000,)
    # one that is wrong, and none of a request is taken
    assert refused(master.write, 0x0203, [1, 3, 31]) == 3
    assert master.read(0x0203, 3) == [0, 0, 15]
    for address in FIXED:
        assert refused(master.write_one, address, 0) == 2, f"{address:04X}H"
        assert refused(master.write, address, [0]) == 2, f"{address:04X}H"
    assert refused(master.write, 0x0306, [6, 0]) == 2


def test_readings_are_the_load(sim: Sim, master) -> None:
    sim.ask({"cmd": "advance", "seconds": 3})
    total, *amps = as_floats(master.read(0x2000, 8))
    assert amps == pytest.approx(AMPS, rel=2e-4) and total == pytest.approx(sum(AMPS), rel=2e-4)
    mean, *volts = as_floats(master.read(0x2008, 8))
    assert volts == pytest.approx(VOLTS, rel=2e-4) and mean == pytest.approx(sum(VOLTS) / 3, rel=2e-4)
    # a line voltage is the side of a triangle with 120 degrees between the two phases
    lines = [math.sqrt(a * a + b * b + a * b) for a, b in zip(VOLTS, VOLTS[1:] + VOLTS[:1], strict=True)]
    mean, *between = as_floats(master.read(0x2010, 8))
    assert between == pytest.approx(lines, rel=2e-4) and mean == pytest.approx(sum(lines) / 3, rel=2e-4)
    assert as_floats(master.read(0x2018, 2))[0] == pytest.approx(50.0, abs=0.01)
    for address, phases in ((0x201A, REAL), (0x2022, SEEN), (0x202A, BLIND)):
        system, *found = as_floats(master.read(address, 8))
        # an angle errs by 0.01 degrees at most, which is 2e-4 of VA
        assert found == pytest.approx(phases, abs=2e-4 * max(SEEN)), f"{address:04X}H"
        if address != 0x2022:
            assert system == pytest.approx(sum(phases), abs=2e-4 * sum(SEEN))
    _, *factors = as_floats(master.read(0x2032, 8))
    assert [abs(f) for f in factors] == pytest.approx(
        [abs(a / b) for a, b in zip(REAL, SEEN, strict=True)], abs=2e-4
    )


def test_energies_are_the_loads(tmp_path) -> None:
    """Ten minutes of load between two silences: with CT1 of 5000 A 43,000 counts of 0.01 kWh."""
    still = [{**phase, "amps": 0.0} for phase in LOAD["phases"]]  # type: ignore[attr-defined]
    large = [{**phase, "amps": 1000 * phase["amps"]} for phase in LOAD["phases"]]  # type: ignore[attr-defined]
    begin, end = 60.0, 660.0
    timeline = [{"at": begin, "phases": large}, {"at": end, "phases": still}]
    sim = Sim(
        tmp_path,
        model="acurev1312",
        ports=("rs485",),
        load={**LOAD, "phases": still, "timeline": timeline},
    )
    try:
        after_the_load(sim, end - begin)
    finally:
        sim.close()


def after_the_load(sim: Sim, seconds: float) -> None:
    port = str(sim.pty["rs485"])
    master = MASTERS["pymodbus"](port, 1)
    master.write_one(0x0213, 5000)
    assert as_dwords(master.read(0x204E, 8)) == (0,) * 4
    for _ in range(4):
        sim.ask({"cmd": "advance", "seconds": 170})
    hours = 1000 * seconds / 3600
    # 5000 impulses a kWh of the secondary side
    (impulses,) = sim.ask({"cmd": "stats"})["pulses"]
    assert impulses == pytest.approx(5 * hours * sum(REAL), rel=2e-4, abs=1)
    for maker in MASTERS.values():
        master.close()
        master = maker(port, 1)
        active = [count / 100 for count in as_dwords(master.read(0x204E, 8))]
        assert active == pytest.approx([hours * kw for kw in (sum(REAL), *REAL)], rel=2e-4, abs=0.011)
        _, *apparent = (count / 100 for count in as_dwords(master.read(0x205E, 8)))
        # of a second with a step in it RMS is larger than its share: at most 0.25 s more at each end
        for found, kva in zip(apparent, SEEN, strict=True):
            assert hours * kva * (1 - 2e-4) - 0.011 < found < (hours + 0.5 / 3.6) * kva * (1 + 2e-4) + 0.011
        first = [count / 100 for count in as_dwords(master.read(0x2066, 8))]
        last = [count / 100 for count in as_dwords(master.read(0x207E, 8))]
        # the second phase leads: its reactive energy is in the fourth quadrant
        assert first[1::2] == pytest.approx([hours * BLIND[0], hours * BLIND[2]], rel=4e-4, abs=0.011)
        assert last[2] == pytest.approx(-hours * BLIND[1], rel=4e-4, abs=0.011)
        # the month has consumed it in tariff 1
        assert as_dwords(master.read(0x0900, 4)) == (as_dwords(master.read(0x204E, 2)) * 2)
    master.close()


def exchange(port: str, request: str) -> str:
    """What comes back for the bytes of a frame."""
    with serial.Serial(port, 19200, timeout=PATIENCE_S) as line:
        line.reset_input_buffer()
        line.write(bytes.fromhex(request))
        answer = line.read(1) + line.read(4)
        if len(answer) == 5 and not answer[1] & 0x80:
            answer += line.read(answer[2] if answer[1] == 3 else 3)
        return answer.hex(" ").upper()


def test_the_worked_frames_cold_and_with_the_permission(tmp_path) -> None:
    sim = Sim(tmp_path, model="acurev1312", ports=("rs485",), load={**LOAD, "phases": [{}, {}, {}]})
    port = str(sim.pty["rs485"])
    preset = "11 10 09 00 00 02 04 00 00 00 14 CD 30"
    try:
        master = MASTERS["pymodbus"](port, 1)
        master.write_one(0x0200, 0x11)
        master.unit = 0x11
        # a preset that nobody has permitted
        assert exchange(port, preset) == "11 90 04 4C 06"
        assert as_dwords(master.read(0x0900, 6)) == (0, 0, 0)
        master.write_one(0x020A, 0)
        # the month of the manual's example; a preset of the total is one of tariff 1, too
        for address, value in ((0x0900, 127), (0x0902, 100), (0x0904, 27)):
            master.write(address, [0, value])
        assert (
            exchange(port, "11 03 09 00 00 06 C4 C4") == "11 03 0C 00 00 00 7F 00 00 00 64 00 00 00 1B 96 8D"
        )
        assert exchange(port, preset) == "11 10 09 00 00 02 40 C4"
        assert as_dwords(master.read(0x0900, 2)) == (20,)
        # the permission's time passes
        sim.ask({"cmd": "advance", "seconds": 1801})
        assert exchange(port, preset) == "11 90 04 4C 06"
        # 0000H is no register: the example of 5.2 shows the form only
        master.write_one(0x0200, 6)
        assert exchange(port, "06 03 00 00 00 21 84 65") == "06 83 02 71 30"
        master.close()
    finally:
        sim.close()
