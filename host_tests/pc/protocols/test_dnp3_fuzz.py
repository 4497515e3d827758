"""One million mutated DNP3 frames, crafted attacks: no exception, constant memory, no control unasked."""

from __future__ import annotations

import gc
import random
import re
import sys

import pytest
from memory import flat
from protocols.dnp3_fakes import Station, fragments, frame, hexed, unframe
from protocols.dnp3_lists import FULL, UNSOLICITED
from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import configuration

SHARES = 4
FRAMES = 1_000_000 // SHARES
SETTLED = 20_000  # frames after which memory stays as it is
LISTS = (kw320.SERIAL, kw320.NETWORK, FULL, UNSOLICITED)

SEEDS = [
    bytes((function,)) + hexed(objects)
    for function, objects in (
        (a.READ, "3C 02 06 3C 03 06 3C 04 06 3C 01 06"),
        (a.READ, "64 01 00 03 07 1E 00 06 14 05 01 00 00 0A 00"),
        (a.READ, "01 02 17 02 03 01 1E 05 28 02 00 03 00 01 00"),
        (a.READ, "02 03 07 05 20 00 08 02 00 16 00 06 22 03 06 15 05 06"),
        (a.READ, "32 01 06 50 01 06 28 01 06 0A 01 06"),
        (a.WRITE, "50 01 00 07 07 00 32 01 07 01 00 00 00 00 9B 01"),
        (a.WRITE, "22 03 00 00 01 00 00 80 3F 00 00 00 40 22 01 17 01 02 2C 01"),
        (a.SELECT, "0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00"),
        (a.OPERATE, "0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 00"),
        (a.DIRECT_OPERATE, "0C 01 28 01 00 01 00 03 01 00 00 00 00 01 00 00 00 00"),
        (
            a.DIRECT_OPERATE_NO_ACK,
            "0C 01 17 02 00 03 01 " + "00 " * 9 + "02 03 01 00 00 00 00 01 00 00 00 00",
        ),
        (a.DIRECT_OPERATE, "29 03 17 01 00 00 00 A0 40 00 29 02 28 01 00 01 00 05 00 00"),
        (a.FREEZE, "14 00 06 14 00 00 00 05"),
        (a.ENABLE_UNSOLICITED, "3C 02 06 3C 03 06 3C 04 06"),
        (a.DISABLE_UNSOLICITED, "3C 02 06"),
        (a.ASSIGN_CLASS, "3C 02 06 1E 00 00 01 02 14 00 06 3C 03 06 01 00 17 02 01 02"),
        (a.DELAY_MEASUREMENT, ""),
        (a.RECORD_TIME, ""),
        (a.COLD_RESTART, ""),
        (a.CONFIRM, ""),
    )
]
# a control that may clear: index 1, 2 or 5, latch on, count 0 or 1, 0 ms, 1 ms
ACTS = re.compile(rb"\x0c\x01(\x17|\x28).*[\x01\x02\x05]\x00?\x03[\x00\x01]\x00{4}\x01\x00{3}", re.DOTALL)
SERVICES = (0xF3, 0xD3, 0xC0, 0xC9, 0xF2, 0x80, 0x80, 0x81)
CONFIRMED = 5  # the setting "sends confirmed user data frames"
SPECIAL = (0, 1, 2, 6, 7, 8, 0x17, 0x28, 0x7F, 0x80, 0xFE, 0xFF)


def mutated(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        kind = rng.randrange(8)
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
            out += rng.choice(SEEDS)[1:]
        elif out:
            del out[at]
    return bytes(out)


def changes(s: Station) -> tuple[object, ...]:
    """What only a control may change."""
    settings = [tuple(group.values) for group in s.meter.settings.groups if group.first < p.GROUP_DNP3]
    return (tuple(s.meter.done), s.meter.io.relays, *settings)


def station(tables: tuple, confirmed: int = 0) -> Station:
    """The network's one with its settings; `confirmed`: of "sends confirmed user data frames"."""
    meter = FakeMeter(modbus=False)
    settings = configuration.provide(meter.model, meter.points, meter.settings)
    settings.write(CONFIRMED, confirmed)
    s = Station(tables, meter)
    s.meter.settings.default(p.PROTOCOL_1, 1)
    return s


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_a_million_mutated_frames(share: int) -> None:
    rng = random.Random(320 + share)
    s = station(LISTS[share], 1)
    before = changes(s)
    run, answer = s.out.run, s.out.answer
    recent: list[bytes] = []
    blocks = 0
    for i in range(FRAMES):
        if i == SETTLED:
            blocks = allocated()
        fragment = mutated(rng.choice(SEEDS), rng)
        head = 0xC0 | rng.randrange(16) if rng.random() < 0.95 else rng.randrange(256)
        fragment = bytes((head,)) + fragment
        control = 0xC4 if rng.random() < 0.9 else rng.choice((*SERVICES, rng.randrange(256)))
        destination = 1 if rng.random() < 0.95 else rng.choice((65533, 65534, 65535, 65532, 0, 2))
        segment = bytes((0xC0 | i & 63,)) + fragment[:249]
        octets = frame(control, segment if control & 15 in (3, 4) else b"", destination)
        if rng.random() < 0.1:
            octets = mutated(octets, rng)
        # octets of a frame that stopped may hold the frames after it back
        recent = [*recent, fragment] if s.out.link.pending() else [fragment]
        n = run(octets, len(octets), 0)
        if n > 12 and i % 16 == 0:
            unframe(bytes(answer[:n]))
        after = changes(s)
        if after != before:
            able = [f for f in recent if f[1:2] and a.OPERATE <= f[1] <= a.DIRECT_OPERATE_NO_ACK]
            assert able, fragment.hex()
            if after[0] != before[0]:
                assert any(ACTS.search(f) for f in able), fragment.hex()
            s = station(LISTS[share], 1)
            run, answer = s.out.run, s.out.answer
        elif i % 50 == 0:
            s.poll(rng.choice((1, 20, 500, 6000)))
            s.clock.now, s.clock.ms = 820540800, 0
            s.meter.io.set_input(i // 50 % 6, not s.meter.io.inputs >> (i // 50 % 6) & 1)
    s.settle(0)
    s.poll(70000)
    s.poll(6000)
    grown = allocated() - blocks
    assert grown < 500, grown


def allocated() -> int:
    """Pieces of memory that are in use."""
    gc.collect()
    return sys.getallocatedblocks()


# Attacks as they were published against other outstations and masters (counts, ranges, lengths that lie).

ATTACKS = {
    "range 0 to 65535": "01 1E 00 01 00 00 FF FF",
    "range beyond the list": "01 14 05 01 00 80 FF FF",
    "range backwards": "01 1E 05 01 FF FF 00 00",
    "count 255 without objects": "03 0C 01 17 FF",
    "count 65535 without objects": "05 0C 01 28 FF FF",
    "count 65535 of binaries": "01 01 00 28 FF FF 00 00",
    "count 0": "05 0C 01 17 00",
    "32-bit range": "01 1E 00 02 00 00 00 00 FF FF FF FF",
    "32-bit count": "01 02 00 09 FF FF FF FF",
    "variable size": "01 01 00 5B 01 FF FF",
    "reserved qualifier": "01 1E 00 7F FF FF FF FF",
    "strings": "01 6E FF 06 6F FF 06",
    "files": "19 46 03 5B 01 1A 00",
    "time without octets": "02 32 01 07 01",
    "many times": "02 32 01 08 FF FF 00 00 00 00 00 00",
    "indications beyond": "02 50 01 00 00 FF 00",
    "dead bands 0 to 65535": "02 22 01 01 00 00 FF FF 00 00",
    "class of everything": "16 3C 02 06 1E 00 01 00 00 FF FF",
    "freeze of everything": "07 14 00 01 00 00 FF FF",
    "confirm with objects": "00 1E 00 06",
    "a response": "81 00 00 1E 05 00 00 00",
    "an unsolicited response": "82 00 00 02 01 17 01 00 81",
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("tables", LISTS)
def test_attacks(name: str, tables: tuple) -> None:
    s = station(tables)
    before = changes(s)
    for head in (0xC1, 0xE2, 0xD3):
        answer = s.app(bytes((head,)) + hexed(ATTACKS[name]))
        assert not answer or len(answer) <= 2048
    assert changes(s) == before
    assert s.read("32 01 06")


def test_fragments_that_are_too_long() -> None:
    s = station(FULL)
    before = changes(s)
    for length in (2047, 2048, 2049, 4000, 60000):
        for body in (b"\x01" + bytes(length), b"\x05" + hexed("0C 01 28 FF FF") + b"\x03" * length):
            for octets in split(s.frames_of(b"\xc5" + body[: length - 1])):
                n = s.out.run(octets, len(octets), 0)
                unframe(bytes(s.out.answer[:n]))
    # segments without end
    for i in range(2000):
        s.send(frame(0xC4, bytes((i & 63 | (0x40 if i == 0 else 0),)) + bytes(249)))
    assert changes(s) == before and len(s.out.transport.buffer) == 2048
    assert s.read("32 01 06")


def split(octets: bytes) -> list[bytes]:
    return [octets[i : i + 292] for i in range(0, len(octets), 292)]


def test_as_many_headers_as_fit() -> None:
    s = station(kw320.SERIAL)
    for objects in ("3C 01 06", "64 01 06", "3C 02 06", "FF FF 06", "1E 00 01 00 00 07 00"):
        one = hexed(objects)
        body = b"\xc7\x01" + one * (2046 // len(one))
        total, sequence = 0, 7
        answer = s.app(body)
        while answer and total < 200:
            total += 1
            assert len(answer) <= 2048
            if answer[0] & a.FIN:
                break
            answer = s.confirm(sequence)
            sequence = (sequence + 1) & 15
        assert 0 < total < 60


def test_a_flood_in_one_run() -> None:
    s = station(FULL)
    octets = s.frames_of(b"\xc1" + SEEDS[0]) * 500 + bytes(random.Random(1).randbytes(20000))
    for answer in (s.send(octets), s.send(b"\x05\x64" * 20000), s.send(b"\x05\x64\xff\xc4" * 10000)):
        assert len(answer) <= len(s.out.answer)
        unframe(answer)
    s.poll(2000)
    assert fragments(s.send(frame(0xC4, b"\xc0\xc1\x17")))


def test_memory_is_constant() -> None:
    rng = random.Random(7)
    s = station(UNSOLICITED)

    def some(count: int) -> None:
        for i in range(count):
            fragment = bytes((0xC0 | i & 15,)) + mutated(rng.choice(SEEDS), rng)[:240]
            octets = frame(0xC4, b"\xc0" + fragment)
            s.out.run(octets, len(octets), 0)
            s.meter.done.clear()
            if i % 10 == 0:
                s.meter.io.set_input(0, not s.meter.io.inputs & 1)
                s.poll(700)

    some(1500)
    with flat(4096):
        some(4000)
