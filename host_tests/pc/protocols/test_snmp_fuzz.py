"""Mutated datagrams to the agents of v2c and v3: memory stays flat, and a manager is served afterwards."""

from __future__ import annotations

import random

import pytest
from memory import flat
from test_dnp3_fuzz import mutated

from fourquad import ticks
from fuzz import snmp

GET = snmp.pdu(0xA0, snmp.DESCRIPTION)
SCOPED = snmp.tlv(0x30, snmp.tlv(4, snmp.ENGINE) + snmp.tlv(4, b"") + GET)
GOOD = (
    b"\0" + snmp.message(GET).replace(b"\2\1\1", b"\2\1\0", 1),
    b"\2" + GET,
    b"\7" + SCOPED,
)
LOOK = 1_000  # datagrams between two looks at the meter
MOST = 400  # visits for one answer


@pytest.mark.parametrize("count", [400, pytest.param(6_000, marks=pytest.mark.thorough)])
def test_mutated_datagrams(count: int) -> None:
    """Each to agents as they start: nothing of the meter is changed."""
    target, rng, seeds = snmp.Target(), random.Random(161), snmp.seeds()

    def attack(number: int) -> None:
        for _ in range(number):
            seed = rng.choice(seeds)
            target.run(seed[:1] + mutated(seed[1:], rng)[: snmp.LONGEST])

    attack(100)
    with flat(50_000):
        attack(count)
    for seed in seeds:
        target.run(seed)


def opened(said: bytes, second: int) -> bytes:
    """What is private in a message of v3: a block after the other, as each is the vector of the next."""
    rest = said[said.index(snmp.USER) + len(snmp.USER) + 2 + 24 + 2 :]
    vector, cut = b"\0\0\0\1" + second.to_bytes(4, "big") + rest[:8], rest[12:]
    out = b""
    for at in range(0, len(cut), 16):
        out += snmp.cfb(snmp.local(snmp.PRIV_KEY)[:16], vector, cut[at : at + 16])
        vector = cut[at : at + 16]
    return out


class Bench:
    """Agents that live on from one datagram to the next."""

    def __init__(self) -> None:
        station = snmp.Station()
        self.meter, self.agents = station.meter, station.agents
        self.now = snmp.BEGIN
        self.answers = [0, 0]

    def ask(self, data: bytes, rng: random.Random | None = None) -> bytes:
        """What an agent says to an input of snmp.py; with `rng` the datagram itself may be mutated too."""
        which = data[0] & 1
        agent = self.agents[which]
        octets = snmp.whole(data, agent.seconds)
        if rng and rng.random() < 0.2:
            octets = mutated(octets, rng)[: snmp.LONGEST]
        peer = snmp.TARGET if data[0] & 8 else snmp.PEER
        said = b""
        length = agent.datagram(octets, len(octets), peer, self.now)
        for _ in range(MOST):
            if length:
                assert agent.to == peer
                said = bytes(agent.answer[:length])
                snmp.check(said, octets)
                self.answers[which] += 1
            if not agent.busy:
                break
            length = agent.poll(self.now)
        assert not agent.busy
        return said

    def attack(self, count: int, rng: random.Random, seeds: list[bytes]) -> None:
        for number in range(1, count + 1):
            seed = rng.choice(seeds)
            self.ask(seed[:1] + mutated(seed[1:], rng)[: snmp.LONGEST], rng)
            if number % 8 == 0:
                self.rest()
            if number % LOOK == 0:
                assert not self.meter.changed()

    def rest(self) -> None:
        """Some time goes by, in which an agent tells what it has to tell."""
        self.now = ticks.add(self.now, snmp.STEP_MS)
        for agent in self.agents:
            for _ in range(MOST):
                length = agent.poll(self.now)
                if length:
                    assert agent.to == snmp.TARGET
                    snmp.check(bytes(agent.answer[:length]), b"")
                if not agent.busy:
                    break
            assert not agent.busy

    def served(self) -> None:
        """A manager of each version has its answer."""
        about = self.agents[0].tables.ABOUT
        for good in GOOD:
            said = self.ask(good)
            if good[0] == 7:
                said = opened(said, self.agents[1].seconds)
            # the kind of answer, the request's number, no error, the value
            assert said.index(b"\xa2") < said.index(b"\2\2\x03\xe8\2\1\0\2\1\0") < said.index(about)


@pytest.mark.thorough
def test_a_hundred_thousand_mutated_datagrams() -> None:
    """To agents that live on."""
    bench, rng, seeds, count = Bench(), random.Random(162), snmp.seeds(), 100_000
    bench.attack(2_000, rng, seeds)
    bench.served()
    with flat(20_000):
        bench.attack(count, rng, seeds)
        bench.served()
    assert min(bench.answers) > count // 20
    assert not bench.meter.changed()
