"""MQTT: the client of a broker that says anything, with messages of its own that wait."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from fourquad import points as p
from fourquad.points import network as n
from fourquad.protocols.mqtt.client import ANSWER_MS, Client

from .frames import need

LONGEST = 400
PIECES = (1, 2, 7, 64)  # octets that come at once
MESSAGES = 3
FIRST = 65533  # number of the first message: packet ids begin again at 1 after 65535
TURNS = 200  # of a client that has nothing more to hear
CONNECT, PUBLISH, PUBREL, PINGREQ = 0x10, 0x30, 0x62, 0xC0
TEXTS = {n.MQTT_BROKER: b"192.0.2.9", n.MQTT_CLIENT: b"id", n.MQTT_TOPIC: b"t"}
GROUPS = ((n.MQTT_REAL, "<f", p.PRESENTED, tuple((f"v{i}", "V") for i in range(20))),)


class Outbox:
    """As events.outbox.Outbox, without flash: messages that all say 0."""

    ring = True
    turn = 1
    on = True
    before = -1
    model = "kw320"
    groups = GROUPS
    masks = ((1 << 20) - 1,)

    def __init__(self) -> None:
        self.record = bytearray(5 + 80)
        self.counters = [0] * 6
        self.state = self.code = 0
        self.taken = False
        self.number = FIRST
        self.passed: list[int] = []  # that have arrived

    def next(self) -> int:
        return self.number if self.number < FIRST + MESSAGES else -1

    def fetch(self) -> bool:
        return True

    def arrived(self) -> None:
        self.passed.append(self.number)
        self._pass()

    def _pass(self) -> None:
        self.number += 1
        self.taken = False

    def take(self) -> None:
        self.taken = True

    def forget(self) -> None:
        self.number = FIRST + MESSAGES
        self.taken = False

    def tally(self, which: int) -> None:
        self.counters[which] += 1


class Points:
    """Of the settings."""

    def __init__(self, **values: int) -> None:
        self.texts: Any = SimpleNamespace(read=lambda offset: TEXTS.get(offset, b""))
        self._values = {getattr(n, name): value for name, value in values.items()}

    def read(self, pid: int) -> int:
        return self._values.get(pid - p.SETTING, 0)

    def provider(self, pid: int) -> Points:
        return self

    def base(self, pid: int) -> int:
        return p.SETTING


class Target:
    """An input: an octet of mode, then what the broker says. Mode bits 0 and 1: QoS (3 as 1); bit 2: clean
    session; bits 3 and 4: the size of the pieces; bit 5: the broker lets the client in first; bit 6: the
    octets come all the same while the client has something to say.
    """

    longest = LONGEST

    def run(self, data: bytes) -> None:
        mode = data[0] if data else 0
        qos = (0, 1, 2, 1)[mode & 3]
        outbox = Outbox()
        points = Points(MQTT_QOS=qos, MQTT_CLEAN=mode >> 2 & 1, MQTT_KEEP_ALIVE=10, MQTT_PORT=1883)
        client = Client(points, str, outbox, b"1")
        octets = (b"\x20\2\0\0" if mode & 32 else b"") + data[1:]
        need(client.wants(0) == ("192.0.2.9", 1883), "whom it calls")
        client.opened(("192.0.2.9", 1883), 0)
        said, heard = b"", b""
        size = PIECES[mode >> 3 & 3]
        while octets and not client.closing:
            said += say(client, 1, 1 if mode & 64 else TURNS)
            count = min(size, len(octets), client.room())
            need(count > 0, "no room", data)
            need(client.run(octets[:count], count, 1) == 0, "an answer out of turn", data)
            heard, octets = heard + octets[:count], octets[count:]
        check(said + say(client, 1, TURNS), heard, outbox, qos, data)
        self._end(client, data)

    def _end(self, client: Client, data: bytes) -> None:
        """Who hears nothing more leaves after a while, and calls again after a pause."""
        for now in range(1, 5 * ANSWER_MS, ANSWER_MS // 4):
            say(client, now, TURNS)
        need(client.closing or client._keep_ms == 0, "a client that waits for ever", data)
        client.lost(5 * ANSWER_MS)
        need(client.wants(5 * ANSWER_MS) is None, "no pause", data)


def say(client: Client, now: int, turns: int) -> bytes:
    """What a client says in so many visits, or until it has nothing more to say."""
    said = b""
    for _ in range(turns):
        count = 0 if client.closing else client.poll(now)
        need(0 <= count <= len(client.answer), "length of a piece")
        said += bytes(client.answer[:count])
        if not client.busy and not count:
            break
    return said


def identity(number: int) -> bytes:
    """The packet id of a message."""
    return (number % 65535 + 1).to_bytes(2, "big")


def packets(octets: bytes, what: str) -> list[tuple[int, bytes]]:
    """The whole packets of a stream, whose lengths are right."""
    found: list[tuple[int, bytes]] = []
    while octets:
        size = at = 0
        while True:
            if len(octets) < at + 2 or at == 4:
                return found
            size |= (octets[at + 1] & 0x7F) << 7 * at
            at += 1
            if not octets[at] & 0x80:
                break
        if len(octets) < 1 + at + size:
            return found
        found.append((octets[0], octets[1 + at : 1 + at + size]))
        octets = octets[1 + at + size :]
    return found


def check(said: bytes, heard: bytes, outbox: Outbox, qos: int, data: bytes) -> None:
    """What the client said is MQTT; a message has arrived only if the broker has said so."""
    ours = packets(said, "of the client")
    need(ours and ours[0][0] == CONNECT and ours[0][1][:7] == b"\0\4MQTT\4", "CONNECT", said, data)
    theirs = packets(heard, "of the broker")
    acknowledged = {body for kind, body in theirs if kind == (0x40 if qos == 1 else 0x70)}
    received = {body for kind, body in theirs if kind == 0x50}
    let_in = bool(theirs) and theirs[0][0] == 0x20 and theirs[0][1][1:] == b"\0"
    published = []
    for kind, body in ours[1:]:
        need(let_in, "said to who has not let it in", said, data)
        if kind & 0xF0 == PUBLISH:
            published.append(publish(kind, body, qos, data))
        elif kind == PUBREL:
            need(qos == 2 and body in received, "PUBREL without PUBREC", said, data)
        else:
            need(kind == PINGREQ and body == b"", "kind of packet", said, data)
    for number in outbox.passed:
        need(number in published, "arrived before it was sent", data)
        need(qos == 0 or identity(number) in acknowledged, "arrived without an acknowledgement", said, data)
    need(published == sorted(published), "order", said, data)


def publish(kind: int, body: bytes, qos: int, data: bytes) -> int:
    """The number of a message that is as it should be."""
    need(kind == PUBLISH | qos << 1, "flags of PUBLISH", bytes((kind,)), data)
    need(body[:3] == b"\0\1t", "topic", body, data)
    text = body[5:] if qos else body[3:]
    message = json.loads(text)
    need(len(message["readings"]) == 20, "readings", text, data)
    number = int(message["number"])
    need(not qos or body[3:5] == identity(number), "packet id", body, data)
    return number


def seeds(first: int = FIRST) -> list[bytes]:
    """Brokers that do all right, for each QoS and size of pieces; some that do not. `first`: the number of
    the message that is next.
    """
    ids = [identity(number) for number in range(first, first + MESSAGES)]
    good = {
        0: b"\xd0\0\xd0\0",
        1: b"".join(b"\x40\2" + i for i in ids) + b"\xd0\0",
        2: b"".join(b"\x50\2" + i + b"\x70\2" + i for i in ids) + b"\xd0\0",
    }
    out = [bytes((32 | piece << 3 | qos,)) + good[qos] for qos in good for piece in range(4)]
    out += [bytes((64 | 32 | 24 | qos,)) + good[qos] for qos in good]
    out += [bytes((32 | 4 | qos,)) + good[qos] for qos in good]
    out += [b"\x02\x20\2\1\0" + good[2], b"\x01\x20\2\0\5", b"\x01\x20\2\2\0", b"\x01\x20\2\0\6"]
    out += [b"\x21\x40\2" + ids[1] + b"\x40\2" + ids[0], b"\x22\x50\2" + ids[0] + b"\x50\2" + ids[0]]
    out += [
        b"\x22\x70\2" + ids[0],
        b"\x21\x30\3\0\1t",
        b"\x01HTTP/1.1 400",
        b"\x21\xd0\x80\0",
        b"\x39\x90\3\0\1\0",
    ]
    return out
