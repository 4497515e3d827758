"""One million mutated Modbus frames: no exception, no wrong answer, no change but by a valid write."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modbus_oracle import Oracle, crc, sealed_frame
from protocols.modbus_fakes import FakeMeter, setting_registers

from fourquad import points as p
from fourquad.models import kw320
from fourquad.points import columns as c

SHARES = 4
FRAMES = 1_000_000 // SHARES


def valid_requests() -> list[bytes]:
    """Requests without CRC that a master would send: reads of every block, writes of every writable value."""
    bodies = [bytes((1, 1, 0, 0, 0, 8)), bytes((1, 2, 0, 0, 0, 28))]
    bodies += [bytes((1, 5, 0, relay, on, 0)) for relay in (0, 1, 2) for on in (0, 0xFF)]
    for first, count, _, _ in kw320.REGIONS:
        bodies.append(bytes((1, 3, first >> 8, first & 255, 0, min(count, 125))))
    for unit in (0, 1):
        for at, words, row in setting_registers(kw320):
            for value in row[c.DEFAULT : c.HIGH + 1]:
                data = value.to_bytes(2 * words, "big")
                bodies.append(bytes((unit, 16, at >> 8, at & 255, 0, words, len(data))) + data)
                if words == 1:
                    bodies.append(bytes((unit, 6, at >> 8, at & 255)) + data)
        for at, _, _, _, act, idle in kw320.COMMAND_REGISTERS:
            for value in (act, *idle):
                bodies.append(bytes((unit, 6, at >> 8, at & 255, 0, value)))
        for at in (*range(0x4048, 0x405A, 2), *range(0x4620, 0x463E, 2)):
            bodies.append(bytes((unit, 16, at >> 8, at & 255, 0, 2, 4, 0x01, 0x02, 0x03, 0x04)))
        clock = (4, 2028, 2, 29, 23, 59, 59)
        data = b"".join(value.to_bytes(2, "big") for value in clock)
        bodies.append(bytes((unit, 16, 0x10, 0x3F, 0, 7, 14)) + data)
        bodies.append(bytes((unit, 16, 0x10, 0x0A, 0, 5, 10)) + bytes((0, 1, 0, 2, 0, 3, 0, 4, 0, 1)))
    return bodies


def mutate(body: bytes, rng: random.Random, bodies: list[bytes]) -> bytes:
    data = bytearray(body)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        kind = rng.randrange(9)
        at = rng.randrange(len(data)) if data else 0
        if kind < 3 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif kind < 5 and data:
            data[at] = rng.choice((0, 1, 2, 0x55, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        elif kind == 5:
            del data[at:]
        elif kind == 6:
            data[at:at] = rng.randbytes(rng.randrange(1, 5))
        elif kind == 7 and data:
            del data[at]
        else:
            data += rng.choice(bodies)
    return bytes(data)


def make_run(rng: random.Random, bodies: list[bytes], frames: list[bytes]) -> bytes:
    kind = rng.randrange(10)
    if kind < 6:
        return sealed_frame(mutate(rng.choice(bodies), rng, bodies))
    if kind < 8:
        return mutate(rng.choice(frames), rng, frames)
    if kind == 8:
        return rng.choice(frames) + sealed_frame(mutate(rng.choice(bodies), rng, bodies))
    return rng.choice(frames) + mutate(rng.choice(frames), rng, frames)


class Pair:
    """A meter under test and the oracle beside it."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.meter = FakeMeter()
        self.oracle = Oracle()
        self.before = self.meter.snapshot()

    def check(self, run: bytes) -> None:
        n = self.meter.slave.run(run, len(run), 0)
        answer = bytes(self.meter.slave.answer[:n])
        allowed, changed = self.oracle.expect(run)
        if n:
            assert 5 <= n <= 256, run.hex(" ")
            assert crc(answer) == 0, run.hex(" ")
        assert answer[:-2] in allowed, (run.hex(" "), answer.hex(" "), allowed)
        if changed:
            assert self.oracle.same_as(self.meter), run.hex(" ")
            self.before = self.meter.snapshot()
            if self.meter.settings.get(p.ADDRESS_1) != 1 or len(self.meter.done) > 50:
                self.renew()
        else:
            assert self.meter.snapshot() == self.before, run.hex(" ")


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_a_million_mutated_frames(share: int) -> None:
    rng = random.Random(320 + share)
    bodies = valid_requests()
    frames = [sealed_frame(body) for body in bodies]
    pair = Pair()
    for _ in range(FRAMES):
        pair.check(make_run(rng, bodies, frames))


@given(st.lists(st.binary(max_size=300), max_size=4), st.booleans())
@settings(max_examples=500, deadline=None)
def test_anything_at_all(parts: list[bytes], with_crc: bool) -> None:
    Pair().check(b"".join(sealed_frame(part) if with_crc else part for part in parts))


@pytest.mark.thorough
@given(
    st.sampled_from((0, 1, 2)),
    st.sampled_from((1, 2, 3, 5, 6, 16)),
    st.integers(0, 0xFFFF) | st.integers(0x0FFD, 0x10F4) | st.integers(0x3FFE, 0x4130),
    st.integers(0, 130),
    st.binary(max_size=250),
)
@settings(max_examples=2000, deadline=None)
def test_well_formed_requests(unit: int, function: int, address: int, count: int, data: bytes) -> None:
    body = bytes((unit, function)) + address.to_bytes(2, "big") + count.to_bytes(2, "big")
    if function == 16:
        data = (data * (2 * count // max(1, len(data)) + 1))[: 2 * count] if data else bytes(2 * count)
        body += bytes((len(data) & 0xFF,)) + data
    Pair().check(sealed_frame(body)[:256])
