"""Mutated requests to an AcuRev 1312, its blocks and its permission: what is refused changes nothing."""

from models.acurev_bench import Bench
from protocols.random16 import Random, mutated

from fourquad import points as p
from fourquad.points import billing as b

REQUESTS = 1500
BODIES = (
    b"\x03\x02\x00\x00\x1b",
    b"\x03\x09\x00\x00\x4a",
    b"\x03\x10\x00\x00\x7d",
    b"\x03\xd6\x00\x00\x28",
    b"\x03\xd8\x00\x00\x7d",
    b"\x03\xd7\x20\x00\x06",
    b"\x06\x02\x0a\x00\x00",
    b"\x06\x02\x0b\x00\x00",
    b"\x06\x02\x05\x00\x14",
    b"\x06\xd7\x01\x00\x01",
    b"\x10\x09\x00\x00\x02\x04\x00\x00\x00\x14",
    b"\x10\x20\x4e\x00\x04\x08\x00\x00\x00\x14\x00\x00\x00\x15",
    b"\x10\x02\x18\x00\x02\x04\x61\xa8\x00\x14",
    b"\x10\x03\x00\x00\x07\x0e\x07\xea\x00\x02\x00\x1c\x00\x17\x00\x3b\x00\x3b\x00\x06",
    b"\x10\xd6\x01\x00\x05\x0a\x00\x03\x00\x06\x08\x00\x02\x14\x00\x01",
    b"\x10\xd7\x24\x00\x02\x04\x00\x03\xff\xff",
)
WRITES = (6, 16)


def snapshot(bench):
    """What a master can change, but whether there is a permission and which table is shown."""
    meter = bench.meter
    found = [bytes(group.values) for group in meter.settings.groups]
    found += [meter.clock.now, bytes(bench.points.provider(p.CONSUMPTION).counted)]
    found += [bench.points.read(b.tariff_energy(b.ACTIVE_IMPORT, 0, i)) for i in range(4)]
    return found + list(meter.billing.tariff.tables)


def test_what_is_refused_changes_nothing():
    rng = Random(1312)
    bench = Bench()
    bench.meter.clock.tick(1000)
    before = snapshot(bench)
    refused = taken = 0
    for n in range(REQUESTS):
        if n % 100 == 0:
            bench.points.write(p.SETTING + p.ADDRESS_1, 1)
            bench.meter.settings.sealed = n % 300 == 0
            bench.seconds(400)
            before = snapshot(bench)
        body = mutated(rng, BODIES[rng.below(len(BODIES))], 2)
        if not body or body[0] & 0x80 or bench.points.read(p.SETTING + p.ADDRESS_1) != 1:
            continue
        answer = bench.ask(body)
        after = snapshot(bench)
        if answer[0] & 0x80:
            assert len(answer) == 2 and 1 <= answer[1] <= 4 and answer[0] == body[0] | 0x80, body
            assert after == before, body
            assert (answer[1] == 1) == (body[0] not in (3, 6, 16)), body
            refused += 1
        elif body[0] in WRITES:
            # a 10H echoes address and number, a 06 its value
            assert answer == body[:5], body
            taken += 1
        else:
            assert body[0] == 3 and answer[1] == 2 * (body[3] << 8 | body[4]) == len(answer) - 2, body
            assert after == before, body
        before = after
    assert refused > 100 and taken > 50
