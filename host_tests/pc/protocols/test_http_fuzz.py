"""Mutated requests to the web server, over connections that come and go: memory stays flat, and who comes
next is served.
"""

from __future__ import annotations

import random

import pytest
from memory import flat
from test_dnp3_fuzz import mutated

from fourquad import ticks
from fuzz import http

PEERS = (("10.0.0.1", 40000), ("10.0.0.2", 40000))
LOGIN = b'{"level":"admin","password":"admin"}'
KIND = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
QUIET_MS = 1_000_000  # after which nobody is locked out any more


class Bench:
    """A web server that lives on from one request to the next, and two connections to it."""

    def __init__(self) -> None:
        self.station = http.Station()
        self.machines = [self.station.service.connection() for _ in PEERS]
        self.now = 0
        self.answers: dict[int, int] = {}

    def ask(self, which: int, octets: bytes, size: int = 512) -> list[int]:
        """The status of each answer to a client that comes, sends and goes."""
        machine = self.machines[which]
        machine.opened(PEERS[which], self.now)
        said = http.say(machine, octets, size, self.now)
        machine.lost(self.now)
        found = http.split(said, b"HEAD" in octets)
        for status in found:
            self.answers[status] = self.answers.get(status, 0) + 1
        return found

    def attack(self, count: int, rng: random.Random, seeds: list[bytes]) -> None:
        for number in range(count):
            self.now = ticks.add(self.now, rng.randrange(200))
            if number % 50 == 0:
                self.station.log_in(self.now)
            seed = rng.choice(seeds)
            octets, size = http.whole(seed[:1] + mutated(seed[1:], rng)[: http.LONGEST])
            self.ask(rng.randrange(2), octets, size)

    def served(self) -> None:
        """Pages are there for everybody, values for who logs in."""
        self.now = ticks.add(self.now, QUIET_MS)
        assert self.ask(0, b"GET / HTTP/1.1\r\nHost: m\r\n\r\n") == [200]
        head = b"POST /api/login HTTP/1.1\r\nHost: m\r\n" + KIND % len(LOGIN)
        assert self.ask(0, head + LOGIN) == [200]
        assert self.ask(1, b"GET /api/values/basic HTTP/1.1\r\n" + http.HEAD + b"\r\n") == [200]
        # the meter's time stands still: it books nothing of what was before its clock was set
        self.station.meter.put_back(True)


@pytest.mark.parametrize("count", [1_000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_mutated_requests(count: int) -> None:
    bench, rng, seeds = Bench(), random.Random(80), http.seeds()
    bench.attack(max(5_000, count // 5), rng, seeds)  # some of what is done at first use is rare
    bench.served()
    with flat(20_000):
        bench.attack(count, rng, seeds)
        bench.served()
    assert min(bench.answers.get(status, 0) for status in (200, 400, 403, 404)) > count // 1000
