"""One million mutated frames of MS/TP to an s4100, and requests of the kinds that brought other stacks of
BACnet down: an answer of the protocol or none, no exception, memory as it was, and nothing changed by what is
not acknowledged.
"""

from __future__ import annotations

import gc
import random
import re
import sys

import pytest
from protocols.bacnet import test_bacnet_fuzz_small as plain
from protocols.bacnet import test_trend_fuzz as trend
from protocols.bacnet.test_trend import TRUE, Logs

from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.mstp import frames as f

SHARES = 4
FRAMES = 1_000_000 // SHARES
SETTLED = 20_000  # frames after which memory stays as it is
NEW = 5_000  # frames after which a new meter comes
ADDRESS, MASTER = 1, 9
MAX_APDU = 480
KINDS = (-1, c.UNCONFIRMED, c.SIMPLE_ACK, c.COMPLEX_ACK, c.ERROR, c.REJECT, c.ABORT)
TOLD = re.compile(rb"[\x10-\x1f]\x06\xa4")  # a time; four bits are reserved
SPECIAL = (0, 1, 0x0C, 0x1E, 0x1F, 0x3E, 0x3F, 0x55, 0x75, 0x7F, 0x80, 0xF9, 0xFD, 0xFE, 0xFF)
# The device of the small plant is number 3, that of the meter has its default number.
SEEDS = [seed.replace(b"\x02\x00\x00\x03", b"\x02\x3f\xff\xff") for seed in plain.SEEDS + trend.SEEDS]
NPDUS = (
    b"\x01\x04",
    b"\x01\x00",
    b"\x01\x0c\x00\x05\x01\x07",
    b"\x01\x2c\xff\xff\x00\x00\x05\x01\x07\xfe",
    b"\x01\x24\x00\x05\x01\x01\xff",
    b"\x01\x80\x00",
)
TYPES = (f.TOKEN, f.POLL_FOR_MASTER, f.REPLY_TO_POLL, f.TEST_REQUEST, f.TEST_RESPONSE, f.REPLY_POSTPONED, 32)


def mutated(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        kind = rng.randrange(9)
        at = rng.randrange(len(out)) if out else 0
        if kind < 2 and out:
            out[at] ^= 1 << rng.randrange(8)
        elif kind < 4 and out:
            out[at] = rng.choice(SPECIAL)
        elif kind == 4:
            del out[at:]
        elif kind == 5:
            out[at:at] = rng.randbytes(rng.randrange(1, 5))
        elif kind == 6:
            out += rng.choice(SEEDS)[4:]
        elif kind == 7:
            out[at:at] = bytes((rng.choice(SPECIAL),)) * rng.choice((1, 2, 30, 300))
        elif out:
            del out[at]
    return bytes(out[: f.MAX_DATA + 8])


def frame(kind: int, destination: int, source: int, data: bytes = b"") -> bytes:
    buffer = bytearray(f.HEADER + len(data) + 2)
    buffer[f.HEADER : f.HEADER + len(data)] = data
    return bytes(buffer[: f.put(buffer, kind, destination, source, len(data))])


class Target(Logs):
    """A meter on a line that a fuzzer has; `ms` of its time."""

    def __init__(self) -> None:
        super().__init__()
        assert self.put(c.LOG_ENABLE, TRUE) == 0
        self.intervals(20)
        self.node = self.machine
        self.ms = 0
        self.node.poll(self.ms)
        self.quiet()

    def hear(self, octets: bytes) -> bytes:
        """What it says to these octets at once."""
        self.ms += 5
        self.node.run(octets, len(octets), 2000)
        length = self.node.poll(self.ms)
        return bytes(self.node.answer[:length])

    def kept(self) -> bytes:
        """The APDU that waits for the token."""
        npdu = bytes(self.node._late[: self.node._late_length])
        return apdu_of(npdu) if npdu else b""

    def quiet(self) -> None:
        """Undo what a request may ask for and need not be written down."""
        self.node.application.restart = None
        self.node.application.communicate(0, 0)
        self.flash.rearm(-1, 0)
        self.service()

    def state(self) -> tuple[object, ...]:
        settings = self.meter.settings.groups
        found = [tuple(group.values) for group in settings]
        found += [tuple(group.texts.values) for group in settings if group.texts]
        return tuple(found)

    def counts(self) -> list[int]:
        return [log.total() for log in self.meter.trends.logs]


def apdu_of(npdu: bytes) -> bytes:
    """The APDU of an NPDU, whose header is one that this meter makes."""
    assert npdu[0] == 1 and npdu[1] in (0, 0x20), npdu.hex()
    return npdu[6 + npdu[4] :] if npdu[1] else npdu[2:]


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_a_million_mutated_frames(share: int) -> None:
    rng = random.Random(4100 + share)
    target = Target()
    before, counts = target.state(), target.counts()
    seen = set()
    blocks = 0
    for i in range(FRAMES):
        if i == SETTLED:
            blocks = allocated()
        if i and i % NEW == 0:
            target = Target()
            before, counts = target.state(), target.counts()
        apdu = mutated(rng.choice(SEEDS), rng)
        npdu = rng.choice(NPDUS[:2]) if rng.random() < 0.8 else mutated(rng.choice(NPDUS), rng)
        if rng.random() < 0.95:
            kind = f.DATA_EXPECTING_REPLY if rng.random() < 0.8 else f.DATA_NOT_EXPECTING_REPLY
        else:
            kind = rng.choice((*TYPES, rng.randrange(256)))
        to = ADDRESS if rng.random() < 0.93 else rng.choice((255, 0, 2, rng.randrange(256)))
        data = (npdu + apdu)[: f.MAX_DATA + 2]
        octets = frame(kind, to, MASTER, data)
        if rng.random() < 0.1:
            octets = mutated(octets, rng)
        elif rng.random() < 0.01:
            octets = rng.randbytes(rng.randrange(600))
        said = target.hear(octets)
        answer = b""
        if said:
            assert said[:2] == b"\x55\xff" and len(said) <= f.MAX_FRAME
            if said[2] == f.DATA_NOT_EXPECTING_REPLY:
                answer = apdu_of(said[f.HEADER : -2])
                assert len(answer) <= MAX_APDU
        why = answer[0] & 0xF0 if answer else -1
        seen.add(why)
        assert why in KINDS, (octets.hex(), said.hex())
        after, now = target.state(), target.counts()
        if (after, now) != (before, counts):
            # acknowledged at once or with the next token; a time is not, and makes a record
            acknowledged = answer or target.kept()
            told = TOLD.search(octets) and after == before
            assert told or acknowledged[:1] == b"\x20", octets.hex()
            before, counts = after, now
        if i % 20 == 0:
            said = target.hear(frame(f.TOKEN, ADDRESS, MASTER))
            assert not said or said[2] in (f.DATA_NOT_EXPECTING_REPLY, f.POLL_FOR_MASTER, f.TOKEN)
        target.quiet()
    assert seen >= set(KINDS) - {c.UNCONFIRMED}
    # it answers as before
    target.ms += 1000
    target.node.poll(target.ms)
    target.hear(frame(f.TOKEN, 3, MASTER))
    said = target.hear(frame(f.DATA_EXPECTING_REPLY, ADDRESS, MASTER, b"\x01\x04" + trend.SEEDS[0]))
    assert apdu_of(said[f.HEADER : -2])[:3] == b"\x30\x01\x1a"
    grown = allocated() - blocks
    assert grown < 1000, grown


def allocated() -> int:
    """Pieces of memory that are in use."""
    gc.collect()
    return sys.getallocatedblocks()
