"""Requests of chance to an AcuRev 2020 with its network module: each has an answer as Modbus has them, and
one that is refused changes nothing.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from fourquad.points import columns as c
from fourquad.protocols.modbus.pdu import Functions
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

LOAD: dict[str, Any] = {"phases": [{"volts": 230.0}] * 3, "circuits": [{"amps": 5.0 + k} for k in range(18)]}
PLACES = (0x0880, 0x0889, 0x08A0, 0x08B0, 0x0900, 0x0A00, 0x1054, 0x2000, 0x2100, 0x2231, 0x2500, 0x2B00)
PLACES += (
    0x2D00,
    0x30B0,
    0x3200,
    0x32A0,
    0x3300,
    0x3536,
    0x3600,
    0xD600,
    0xD700,
    0xD800,
    0xDF00,
    0xE000,
    0xE747,
)


def request(rng: random.Random) -> bytes:
    function = rng.choice((1, 2, 3, 3, 3, 5, 6, 16, 16, rng.randrange(256)))
    address = rng.choice(PLACES) + rng.randrange(-3, 40)
    count = rng.choice((0, 1, 2, 3, 9, 62, 125, 126, rng.randrange(65536)))
    body = bytearray((function, address >> 8, address & 255, count >> 8, count & 255))
    if function == 16:
        words = rng.choice((1, 2, 3, 5, 18))
        data = [rng.choice((0, 0, 1, rng.randrange(256))) for _ in range(2 * words)]
        body[3:] = bytes((0, words, 2 * words, *data))
    if rng.random() < 0.1:
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
    return bytes(body[: rng.randrange(1, len(body) + 1)] if rng.random() < 0.05 else body)


@pytest.mark.parametrize("requests", [3000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_requests_of_chance(requests: int) -> None:
    plant, adc = plant_from_json(LOAD)
    simulator = Simulator(model("acurev2020", network=True), plant, adc, Storage(None), 1_767_268_800.0)
    simulator.warm_up()
    assert simulator.device is not None
    functions = Functions(simulator.device.registers)
    groups = simulator.device.meter.settings.groups
    answer = bytearray(260)
    rng = random.Random(requests)
    taken = 0
    for i in range(requests):
        body = request(rng)
        before = [bytes(memoryview(group.values).cast("B")) for group in groups if len(group.values)]
        length = functions.run(body + bytes(300 - len(body)), 0, len(body), answer, 0)
        assert 2 <= length <= 253, body.hex()
        if answer[0] & 0x80:
            assert answer[0] == body[0] | 0x80 and answer[1] in (1, 2, 3, 4), body.hex()
            after = [bytes(memoryview(group.values).cast("B")) for group in groups if len(group.values)]
            assert after == before, body.hex()
        else:
            taken += 1
            assert answer[0] == body[0]
        if i % 500 == 0:
            simulator.step()
    assert taken > requests // 30
    # every setting is within its row still
    for row in simulator.device.meter.settings.rows:
        value = simulator.device.meter.settings.get(row[c.OFFSET])
        assert row[c.LOW] <= value <= row[c.HIGH] and (row[c.CHOICES] is None or value in row[c.CHOICES])
    simulator.close()
