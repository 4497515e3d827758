"""pymodbus over TCP against a simulated AcuRev 2020: eighteen circuits against closed form."""

from __future__ import annotations

import cmath
import math
from typing import Any

import pytest
from circuits_bench import PHASE, USERS_2LN, USERS_3LN, drive, meter, near, run, truth

# No two circuits are alike: every direction of power, two of them distorted, one off.
LOAD: dict[str, Any] = {
    "frequency": 50.02,
    "phases": [{"volts": 230.0}, {"volts": 231.5}, {"volts": 228.4}],
    "circuits": [{"amps": 4.0 + 2.5 * n, "lag": -170.0 + 19.0 * n} for n in range(18)],
}
LOAD["circuits"][5]["amps"] = 0.0
WIRINGS: tuple[dict[int, tuple[int, ...]], ...] = ({}, USERS_2LN, USERS_3LN)


async def compare(master, wiring: int, load: dict[str, Any]) -> None:
    users = WIRINGS[wiring]
    used = {n for those in users.values() for n in those} if users else set(PHASE)
    wanted = {n: values if n in used else (0.0,) * 4 for n, values in truth(load).items()}
    for n in range(1, 19):
        i, active, reactive, apparent, factor, _ = await master.floats(0x2100 + 12 * (n - 1), 6)
        true_i, true_p, true_q, true_s = wanted[n]
        where = (wiring, n)
        assert near(i, true_i, true_i), where
        assert near(active, true_p, true_s) and near(reactive, true_q, true_s), where
        assert near(apparent, true_s, true_s), where
        assert not true_s or abs(factor - true_p / true_s) < 5e-4, where
    for user in range(1, 7):
        active, reactive, apparent, factor, nature = await master.floats(0x21D8 + 10 * (user - 1), 5)
        parts = [wanted[n] for n in users.get(user, ())]
        p, q, s = (sum(part[k] for part in parts) for k in (1, 2, 3))
        assert near(active, p, s) and near(reactive, q, s) and near(apparent, s, s), (wiring, user)
        assert not s or abs(factor - p / s) < 5e-4
        assert chr(round(nature)) in ("LCR" if s else "\0")
    system = await master.floats(0x2000, 33)
    sums = {phase: [0.0] * 4 for phase in "ABC"}
    for n, values in wanted.items():
        for k in range(4):
            sums[PHASE[n]][k] += values[k]
    whole = [sum(sums[phase][k] for phase in "ABC") for k in range(4)]
    for k, phase in enumerate("ABC"):
        i, p, q, s = sums[phase]
        assert near(system[9 + k], i, i)
        assert near(system[18 + k], p, s) and near(system[21 + k], q, s) and near(system[24 + k], s, s)
        assert not s or abs(system[27 + k] - p / s) < 5e-4
    assert near(system[12], whole[0] / 3, whole[0])
    assert all(near(system[13 + k], whole[1 + k], whole[3]) for k in range(3))
    assert abs(system[16] - whole[1] / whole[3]) < 5e-4
    assert abs(system[0] - load["frequency"]) < 0.005
    for k, phase in enumerate(load["phases"]):
        ratios = [ratio for ratio, _ in phase.get("volt_harmonics", {}).values()]
        assert near(system[1 + k], phase["volts"] * math.hypot(1.0, *ratios), 230.0)


def test_eighteen_circuits_in_each_wiring() -> None:
    async def body() -> None:
        async with meter(LOAD) as (simulator, master):
            for wiring in (2, 0, 1):
                assert await master.write(0x0888, [wiring]) == 0
                run(simulator, 2.5)
                await compare(master, wiring, LOAD)

    drive(body())


def test_energies_add_up_to_the_last_count() -> None:
    async def body() -> None:
        async with meter(LOAD) as (simulator, master):
            begun = simulator.now
            first = await master.dwords(0x2500, 28)
            await simulator.advance(36000, leap=3600)
            hours = (simulator.now - begun) / 3600
            wanted = truth(LOAD)
            for at, quantity, sign in ((0x2500, 1, 1), (0x2540, 1, -1), (0x2B00, 2, 1), (0x2578, 2, -1)):
                found = await master.dwords(at, 28)
                for n in range(1, 19):
                    counts = 10 * hours * max(0.0, sign * wanted[n][quantity])
                    since = first[3 + n] if at == 0x2500 else 0
                    assert abs(found[3 + n] - since - counts) < 2 + 5e-4 * counts, (hex(at), n)
                for user, those in USERS_3LN.items():
                    assert found[21 + user] == sum(found[3 + n] for n in those)
                assert found[3] == sum(found[:3]) == sum(found[4:22]) == sum(found[22:28]) > 100
            apparent = await master.dwords(0x2B38, 28)
            assert (
                abs(apparent[3] - 10 * hours * sum(s for _, _, _, s in wanted.values()))
                < 2 + apparent[3] / 2000
            )
            # all of it in this month, in the tariff that is in force without a schedule
            month = await master.dwords(0xE000, 140)
            assert month[5 * 27 : 5 * 27 + 5] == [(await master.dwords(0x2506, 1))[0]] * 2 + [0] * 3
            assert not any(await master.dwords(0xE400, 420))
            present, predicted, highest = await master.floats(0x2D00, 3)
            system = sum(values[1] for values in wanted.values())
            assert present == pytest.approx(system, rel=5e-4) and highest == pytest.approx(system, rel=5e-4)
            assert predicted == pytest.approx(system, rel=5e-3)

    drive(body())


def test_harmonics_are_in_power_and_current() -> None:
    load = {**LOAD, "circuits": [dict(circuit) for circuit in LOAD["circuits"]]}
    load["phases"] = [{**phase, "volt_harmonics": {"5": [0.04, 30.0]}} for phase in LOAD["phases"]]
    for n, circuit in enumerate(load["circuits"]):
        circuit["amp_harmonics"] = {"3": [0.2, 10.0 * n], "5": [0.01 * n, -20.0 * n]}

    async def body() -> None:
        async with meter(load) as (simulator, master):
            run(simulator, 6.0)
            await compare(master, 2, load)
            for n, circuit in enumerate(load["circuits"]):
                if not circuit["amps"]:
                    assert not any(await master.read(0x3300 + 31 * n, 31))
                    continue
                ratios = {int(order): ratio for order, (ratio, _) in circuit["amp_harmonics"].items()}
                words = await master.read(0x3300 + 31 * n, 31)
                assert abs(words[0] - 1e4 * math.hypot(*ratios.values())) <= 2
                for order in range(2, 32):
                    assert abs(words[order - 1] - 1e4 * ratios.get(order, 0.0)) <= 2, (n, order)
                odd, even, k = await master.read(0x32A0 + 3 * n, 3)
                assert abs(odd - words[0]) <= 1 and even <= 1
                squares = 1 + sum(ratio**2 for ratio in ratios.values())
                weighted = 1 + sum((order * ratio) ** 2 for order, ratio in ratios.items())
                assert abs(k - 10 * weighted / squares) <= 0.6
            words = await master.read(0x3200, 0x6C)
            assert all(abs(word - 400) <= 1 for word in words[1:5])
            assert [words[5 + 30 * k + 3] for k in range(3)] == [pytest.approx(400, abs=1)] * 3
            # crest of a wave with a fifth at 30 degrees; peak by samples
            peak = max(
                math.sin(x) + 0.04 * math.sin(5 * x + math.radians(30))
                for x in (i / 1e4 for i in range(62832))
            )
            assert abs(words[0x62] - 1e3 * math.sqrt(2 / (1 + 0.04**2)) * peak) <= 2

    drive(body())


def test_angles_and_unbalance() -> None:
    async def body() -> None:
        async with meter(LOAD) as (simulator, master):
            run(simulator, 2.5)
            angles = await master.read(0x3600, 20)
            assert angles[:2] == [1200, 2400]
            phasors = {}
            for n, circuit in enumerate(LOAD["circuits"], 1):
                lag = (120.0 * "ABC".index(PHASE[n]) + circuit["lag"]) % 360
                phasors[n] = cmath.rect(circuit["amps"], -math.radians(lag))
                if circuit["amps"]:
                    assert abs((angles[1 + n] / 10 - lag + 180) % 360 - 180) <= 0.1, n
            turn = cmath.rect(1, math.radians(120))
            whole = [sum(phasors[n] for n in PHASE if PHASE[n] == phase) for phase in "ABC"]
            sets = [[phasors[n] for n in those] for those in USERS_3LN.values()] + [whole]
            found = [*await master.read(0x352E, 6), *await master.read(0x325F, 1)]
            for word, (a, b, c) in zip(found, sets, strict=True):
                ratio = abs(a + turn**2 * b + turn * c) / abs(a + turn * b + turn**2 * c)
                assert abs(word - 1e4 * min(1.0, ratio)) <= 8
            assert await master.read(0x3200, 1) == [pytest.approx(_of_volts(turn), abs=1)]

    drive(body())


def _of_volts(turn: complex) -> float:
    """Unbalance of the voltages in 0.1 %."""
    a, b, c = (cmath.rect(phase["volts"], -math.radians(120.0 * k)) for k, phase in enumerate(LOAD["phases"]))
    return 1e3 * abs(a + turn**2 * b + turn * c) / abs(a + turn * b + turn**2 * c)


def test_frames_of_the_manual() -> None:
    """9.5, 9.6 and 9.7 as they must read, and what they may not do."""

    async def body() -> None:
        async with meter(LOAD) as (simulator, master):
            assert await master.write(0x1054, [2006, 12, 18, 14, 15, 20]) == 0
            assert await master.read(0x1054, 6) == [2006, 12, 18, 14, 15, 20]
            assert await master.write(0x0889, [500]) == 0 and await master.read(0x0889, 2) == [500, 100]
            assert await master.write(0x0889, [0]) == 3 and await master.write(0x089A, [50001]) == 3
            assert await master.write(0x0888, [3]) == 3
            assert await master.write(0x2500, [0, 0]) == 2
            assert await master.write(0x089A, [5, 5]) == 2
            # half of one value, and the middle of a sheet
            assert await master.read(0x2509, 1) == (await master.read(0x2508, 2))[1:]
            assert await master.read(0x2D27, 3) == (await master.read(0x2D24, 9))[3:6]
            for first, last in ((0x2100, 0x2231), (0x2500, 0x25AF), (0x2B00, 0x2B7B), (0x2D00, 0x30B0)):
                await master.read(first, last + 1 - first)
                answer = await master.client.read_holding_registers(last, count=2)
                assert answer.isError() and answer.exception_code == 2

    drive(body())


def test_relays_inputs_alarms_and_events() -> None:
    """9.3, 9.4 and 9.6; an alarm of a circuit with its relay, twenty records; events and pulses of inputs."""

    async def body() -> None:
        async with meter(LOAD) as (simulator, master):
            client = master.client

            def close(n: int, on: int) -> None:
                simulator.terminals.set_input(n, on, simulator.io, simulator.now_ms)
                run(simulator, 0.2)

            assert not (await client.write_coil(1, True)).isError()
            bits = await client.read_coils(0, count=8)
            assert bits.bits == [False, True] + [False] * 6
            for address, count in ((8, 1), (0, 9)):
                assert (await client.read_coils(address, count=count)).exception_code in (2, 3)
            close(1, 1)
            close(2, 1)
            assert (await client.read_discrete_inputs(0, count=4)).bits[:4] == [True, True, False, False]
            newest = (await master.read(0x08AA, 1))[0]
            assert newest == 2
            events = await master.read(0x0AE0, 16)
            assert events[0:3] == [2026, 1, 1] and (events[7], events[15]) == (1, 3)
            # pulses instead of states
            assert await master.write(0x08B0, [4]) == 0
            for _ in range(3):
                for on in (True, False):
                    close(3, on)
            assert await master.dwords(0x0B80, 3) == [0, 0, 3]
            assert await master.write(0x08A4, [1]) == 0 and await master.dwords(0x0B84, 1) == [0]
            # channel 1: the power of input 9 (code 61) is relay 4, half a second after it rose
            assert await master.write(0x08B2, [1]) == 0
            power = round(10 * truth(LOAD)[9][1])
            assert await master.write(0x0903, [61, 1, power - 5, 50, 4]) == 0
            assert await master.write(0x0900, [1, 1]) == 0
            run(simulator, 3.0)
            assert (await client.read_coils(0, count=8)).bits == [False] * 3 + [True] + [False] * 4
            assert (await master.read(0x0A00, 3))[1:] == [61, pytest.approx(power, abs=2)]
            # another set point begins anew: only begins have records
            for level in range(48):
                assert await master.write(0x0905, [power - 5 if level % 2 else power + 50]) == 0
                run(simulator, 1.0)
            assert (await master.read(0x08A9, 1)) == [5]  # the 25th record is the fifth of twenty
            records = await master.read(0x0A00, 200)
            assert [records[10 * n + 1] for n in range(20)] == [61] * 20
            assert await master.write(0x08A3, [1]) == 0
            assert not any(await master.read(0x0A00, 200))

    drive(body())
