"""A broker whose answers are mutated, to clients that live on from one connection to the next: memory stays
flat, and a broker that comes next gets its messages.
"""

from __future__ import annotations

import random

import pytest
from memory import flat
from test_dnp3_fuzz import mutated

from fourquad import ticks
from fourquad.protocols.mqtt.client import ANSWER_MS, LONGEST_MS, Client
from fuzz import mqtt

BROKER = ("192.0.2.9", 1883)
WELCOME = b"\x20\2\0\0"
# what a broker answers to PUBLISH and to PUBREL, by QoS
TO_PUBLISH, TO_PUBREL = (None, 0x40, 0x50), 0x70


class Outbox(mqtt.Outbox):
    """It never ends; of each connection it has some messages."""

    end = 0

    def next(self) -> int:
        return self.number if self.number < self.end else -1

    def forget(self) -> None:
        """A clean session begins without the message that was next."""
        self._pass()
        self.end += 1


class Bench:
    """A client of each QoS, with a session that stays and with a clean one."""

    def __init__(self) -> None:
        self.now = 0
        self.heard = 0
        self.clients = []
        for mode in range(6):
            outbox = Outbox()
            settings = {"MQTT_QOS": mode % 3, "MQTT_CLEAN": mode // 3}
            points = mqtt.Points(**settings, MQTT_KEEP_ALIVE=10, MQTT_PORT=1883)
            self.clients.append((Client(points, str, outbox, b"1"), outbox, mode % 3, mode // 3))

    def call(self, client: Client, outbox: Outbox) -> None:
        """It calls when its pause is over."""
        outbox.end = outbox.number + mqtt.MESSAGES
        outbox.passed.clear()
        for _ in range(2 * LONGEST_MS // 1000):
            if client.wants(self.now) == BROKER:
                client.opened(BROKER, self.now)
                return
            self.now = ticks.add(self.now, 1000)
        raise AssertionError("it does not call")

    def attack(self, count: int, rng: random.Random) -> None:
        """So many connections to a broker that may say anything."""
        for _ in range(count):
            client, outbox, qos, clean = rng.choice(self.clients)
            self.call(client, outbox)
            seeds = mqtt.seeds(outbox.number + clean)
            seed = rng.choice([one for one in seeds if one[0] & 3 in (qos, qos + 2)])
            octets = mutated((WELCOME if seed[0] & 32 else b"") + seed[1:], rng)[: mqtt.LONGEST]
            said, heard, size = b"", b"", mqtt.PIECES[seed[0] >> 3 & 3]
            while octets and not client.closing:
                said += mqtt.say(client, self.now, mqtt.TURNS)
                some = octets[: min(size, client.room())]
                assert some and client.run(some, len(some), self.now) == 0
                heard, octets = heard + some, octets[len(some) :]
            self.check(said + mqtt.say(client, self.now, mqtt.TURNS), heard, outbox, qos)
            if rng.random() < 0.2:
                # some brokers say nothing more
                self.now = ticks.add(self.now, ANSWER_MS)
                mqtt.say(client, self.now, mqtt.TURNS)
            client.lost(self.now)

    def check(self, said: bytes, heard: bytes, outbox: Outbox, qos: int) -> None:
        """MQTT was said; what has arrived was acknowledged, in order."""
        ours = mqtt.packets(said, "of the client")
        assert ours[0][0] == mqtt.CONNECT and all(kind != mqtt.CONNECT for kind, _ in ours[1:])
        for kind, body in ours[1:]:
            if kind & 0xF0 == mqtt.PUBLISH:
                # one that may have been there is marked
                mqtt.publish(kind & ~8, body, qos, heard)
            else:
                assert (kind, len(body)) in ((mqtt.PUBREL, 2), (mqtt.PINGREQ, 0))
        assert len(ours) == 1 or heard[:2] == WELCOME[:2] and heard[3:4] == b"\0"
        last = (None, 0x40, 0x70)[qos]
        acknowledged = {body for kind, body in mqtt.packets(heard, "of the broker") if kind == last}
        assert qos == 0 or {mqtt.identity(number) for number in outbox.passed} <= acknowledged
        assert outbox.passed == sorted(outbox.passed)
        self.heard += len(outbox.passed)

    def served(self) -> None:
        """A good broker gets three messages of each."""
        for client, outbox, qos, _ in self.clients:
            self.call(client, outbox)
            done = 0
            said = mqtt.say(client, self.now, mqtt.TURNS)
            answers = WELCOME
            for _ in range(mqtt.TURNS):
                if outbox.number == outbox.end:
                    break
                assert not client.closing
                while answers:
                    some = answers[: client.room()]
                    client.run(some, len(some), self.now)
                    answers = answers[len(some) :]
                said += mqtt.say(client, self.now, mqtt.TURNS)
                packets = mqtt.packets(said, "of the client")
                for kind, body in packets[max(done, 1) :]:
                    if kind == mqtt.PUBREL:
                        answers += bytes((TO_PUBREL, 2)) + body
                    elif answer := TO_PUBLISH[qos]:
                        answers += bytes((answer, 2)) + body[3:5]
                done = len(packets)
            assert outbox.passed == list(range(outbox.end - mqtt.MESSAGES, outbox.end))
            client.lost(self.now)


@pytest.mark.parametrize("count", [1_000, pytest.param(100_000, marks=pytest.mark.thorough)])
def test_mutated_answers(count: int) -> None:
    bench, rng = Bench(), random.Random(1883)
    bench.attack(1_000, rng)
    bench.served()
    with flat(20_000):
        bench.attack(count, rng)
        bench.served()
    assert bench.heard > count // 10
