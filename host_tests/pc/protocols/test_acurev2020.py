"""pymodbus over TCP against a simulated AcuRev 2020: eighteen circuits against closed form."""

from __future__ import annotations

import math
from typing import Any

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


def test_harmonics_are_in_power_and_current() -> None:
    load = {**LOAD, "circuits": [dict(circuit) for circuit in LOAD["circuits"]]}
    load["phases"] = [{**phase, "volt_harmonics": {"5": [0.04, 30.0]}} for phase in LOAD["phases"]]
    for n, circuit in enumerate(load["circuits"]):
        circuit["amp_harmonics"] = {"3": [0.2, 10.0 * n], "5": [0.01 * n, -20.0 * n]}

    async def body() -> None:
        async with meter(load) as (simulator, master):
            run(simulator, 6.0)
            await compare(master, 2, load)

    drive(body())
