"""The networked meter among clients that mean no good: its heap stays flat, and it serves the next one."""

import gc

from device.device_fakes import started
from protocols.random16 import Random, mutated

from fourquad.net import switchboard as sb

READ = bytes.fromhex("000100000006" + "0103100C0001")
ANSWER = bytes.fromhex("000100000005" + "0103020001")
LONG = bytes.fromhex("000200000006" + "01034000007D")
WRITE = bytes.fromhex("00030000000D" + "0110100C00020400010000")


def in_use():
    """Bytes of the heap that are taken; 0 where nobody counts them."""
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0


def served(plant):
    """A client that comes now is let in and answered."""
    client = plant.client()
    client.to_us = READ
    plant.run(100)
    assert client.take() == ANSWER
    client.ended = True
    plant.run(20)
    assert client.closed


def flat(plant, attack):
    """An attack leaves nothing behind, once everything that is made at first use is there."""
    attack(plant, 10)
    served(plant)
    before = in_use()
    attack(plant, 50)
    served(plant)
    # what belongs to the meter and to its readings comes and goes
    assert in_use() - before < 2000


def test_connections_that_say_nothing():
    def crowd(plant, count):
        for i in range(count):
            client = plant.client()
            if i % 3 == 0:
                client.to_us = READ[:5]
            plant.run(3)
        plant.run(sb.QUIET_MS + 100)

    plant = started()
    flat(plant, crowd)
    assert len(plant.sockets.open) <= 2 + 4 + 1


def test_connections_that_break():
    def breakages(plant, count):
        for i in range(count):
            client = plant.client()
            client.to_us = READ[: i % 12]
            plant.run(2)
            client.broken = True
            plant.run(10)

    flat(started(), breakages)


def test_a_client_that_reads_one_byte_a_second():
    def slow(plant, count):
        client = plant.client()
        client.space = 0
        for i in range(count):
            client.to_us += LONG
            client.space = 1
            plant.run(1000)
            if i % 10 == 0:
                served(plant)
        assert len(client.to_us) > len(LONG), "backpressure: its requests wait"
        client.broken = True
        plant.run(20)

    flat(started(), slow)


def test_mutated_requests():
    rng = Random(7)

    def spoilt(plant, count):
        client = plant.client()
        for _ in range(count):
            if client.closed:
                client = plant.client()
            client.to_us = mutated(rng, (READ, LONG, WRITE)[rng.below(3)])
            plant.run(10)
            client.take()
        client.broken = True
        plant.run(20)

    flat(started(), spoilt)
