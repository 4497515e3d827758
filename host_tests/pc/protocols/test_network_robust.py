"""Those who mean no good to the network services: the meter's memory stays flat, and who comes after them is
served.
"""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest
from memory import flat
from test_modbus_tcp import ANSWER, READ, Rig, frame, on_a_meter

from fourquad.net import switchboard as sb

SEEDS = (
    frame(1, 1, *READ),
    frame(2, 255, 3, 0x40, 0, 0, 125),
    frame(3, 0, 16, 0x10, 0x0C, 0, 2, 4, 0, 1, 0, 15),
    frame(4, 1, 6, 0x10, 0x0C, 0, 1),
    frame(5, 1, 5, 0, 0, 0xFF, 0),
    frame(6, 1, 1, 0, 0, 0, 8) + frame(7, 1, 2, 0, 0, 0, 28),
)


def mutated(rng: random.Random) -> bytes:
    """A request, or two, with some octets changed, gone or doubled."""
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.choice((0, 1, 1, 2, 5))):
        at = rng.randrange(len(data))
        how = rng.randrange(4)
        if how == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            data[at] = rng.randrange(256)
        elif how == 2:
            del data[at]
        else:
            data[at:at] = data[at : at + rng.randrange(1, 20)]
        if not data:
            return b"\0"
    return bytes(data)


async def served(rig: Rig) -> None:
    """A new client is let in and answered, as soon as those who are quiet have had their time."""
    end = asyncio.get_running_loop().time() + 60
    while True:
        client = await rig.raw()
        client.send(frame(9, 1, *READ))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await client.expect(frame(9, 1, *ANSWER))
            await client.close()
            return
        await client.close()
        assert asyncio.get_running_loop().time() < end, "nobody is served any more"
        await asyncio.sleep(sb.NEWCOMER_MS / 1000)


async def attack(rig: Rig, count: int, rng: random.Random) -> None:
    """So many mutated requests over connections that last until the meter, or chance, ends them."""
    sent = 0
    while sent < count:
        client = await rig.raw()
        with contextlib.suppress(ConnectionError):
            for _ in range(min(rng.randrange(1, 60), count - sent)):
                client.send(mutated(rng))
                sent += 1
            await client.drain()
        if rng.random() < 0.3:
            client.abort()
        else:
            await client.close()
    await served(rig)


@pytest.mark.parametrize("count", [4_000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_mutated_requests(count: int) -> None:
    async def run(rig: Rig) -> None:
        rng = random.Random(502)
        await attack(rig, 3_000, rng)
        with flat(100_000):
            await attack(rig, count, rng)
        assert rig.stats["bad_frames"] > count // 100 and rig.stats["requests"] > count // 100

    on_a_meter(run)()


@on_a_meter
async def test_a_thousand_connections_that_say_nothing(rig: Rig) -> None:
    async def crowd() -> None:
        for _ in range(10):
            held = [await rig.raw() for _ in range(100)]
            # some begin a request that never ends
            for client in held[::3]:
                client.send(frame(1, 1, *READ)[:5])
            await asyncio.sleep(0)
            for client in held:
                client.abort()

    await crowd()
    await served(rig)
    with flat(100_000):
        await crowd()
        await served(rig)
    assert rig.stats["accepted"] + rig.stats["refused"] >= 2000


@on_a_meter
async def test_a_thousand_connections_that_stay(rig: Rig) -> None:
    """They are still there, and say nothing, when somebody comes who wants something."""
    held = [await rig.raw() for _ in range(1000)]
    await served(rig)
    assert rig.stats["clients"] <= 8
    for client in held:
        client.abort()
