"""Mutated requests of DNP3 to the machines of the network, over connections that come and go and by
datagrams: memory stays flat, and a master is served afterwards.
"""

from __future__ import annotations

import random

import pytest
from memory import flat
from protocols.dnp3_fakes import frame, hexed, unframe
from protocols.modbus_fakes import FakeMeter
from test_dnp3_fuzz import SEEDS, mutated

from fourquad import points as p
from fourquad.models.kw320 import dnp3 as kw320
from fourquad.net import PIECE
from fourquad.protocols.dnp3.network import Connection, Datagrams, Masters, Service

HOSTS = ("10.0.0.1", "10.0.0.2")
EVERYTHING = hexed("C0 C1 01 3C 02 06 3C 03 06 3C 04 06 3C 01 06")


class Bench:
    """Two connections and a socket of one meter."""

    def __init__(self) -> None:
        masters = Masters(FakeMeter().points, kw320.NETWORK, p.SETTING + p.ADDRESS_1, 2)
        self.now = 0
        self.service = Service(masters, None, bytearray(1024))
        self.connections: list[Connection] = [self.service.connection() for _ in range(2)]
        self.socket = Datagrams(masters, None, lambda: 0, bytearray(1024))

    def say(self, at: int, data: bytes) -> bytes:
        """What the connection answers, as a switchboard hears it."""
        machine = self.connections[at]
        out = b""
        while data and not machine.closing:
            room = machine.room()
            n = machine.run(data[:room], len(data[:room]), self.now)
            data = data[room:]
            # a response is put together by slices, which say nothing; meanwhile there is no room
            while n or not (machine.closing or machine.room()):
                assert n <= PIECE
                out += machine.answer[:n]
                n = machine.poll(self.now)
        return out

    def tell(self, data: bytes, peer: tuple[str, int]) -> bytes:
        """The same of a datagram."""
        assert self.socket.datagram(data, len(data), peer, self.now) == 0
        out = b""
        while self.socket.busy:
            n = self.socket.poll(self.now)
            assert not n or self.socket.to == peer
            unframe(bytes(self.socket.answer[:n]))
            out += self.socket.answer[:n]
        return out

    def attack(self, count: int, rng: random.Random) -> None:
        """So many requests, or what is left of them."""
        for connection in self.connections:
            connection.opened((HOSTS[0], 40000), self.now)
        for _ in range(count):
            self.now += rng.randrange(20)
            request = rng.choice(SEEDS)
            if rng.random() < 0.6:
                # the CRCs are good, so that it reaches the application
                request = mutated(request, rng)[:240]
            head = bytes((0xC0, 0xC0 | rng.randrange(16)))
            data = frame(0xC4, head + request, 1, 1 + rng.randrange(9))
            if rng.random() < 0.2:
                data = mutated(data, rng)
            if rng.random() < 0.2:
                self.tell(data, (rng.choice(HOSTS), 20000))
                continue
            at = rng.randrange(2)
            self.say(at, data)
            machine = self.connections[at]
            if machine.closing or rng.random() < 0.02:
                machine.lost(self.now)
                machine.opened((rng.choice(HOSTS), 40000), self.now)
            self.service.tick(self.now)
        for connection in self.connections:
            connection.lost(self.now)

    def served(self) -> None:
        """A master that comes now gets everything."""
        self.connections[0].opened((HOSTS[1], 40001), self.now)
        answer = self.say(0, frame(0xC4, EVERYTHING, 1, 77))
        assert len(answer) > 500
        unframe(answer)
        self.connections[0].lost(self.now)
        assert len(self.tell(frame(0xC4, EVERYTHING, 1, 77), (HOSTS[1], 40001))) > 500


@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_mutated_requests(count: int) -> None:
    bench, rng = Bench(), random.Random(20000)
    bench.attack(2_000, rng)
    bench.served()
    with flat(20_000):
        bench.attack(count, rng)
        bench.served()
    assert sum(bench.service.counters) > count // 20
