"""The windows of events and waveforms against what the manual's text makes of them: any reads and writes, by
two masters in turn, have the same answers.
"""

from __future__ import annotations

import random
import struct

import pytest
from paper_waves import PaperWaves

from fourquad.device.quality_store import connect
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.models import load
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.records.flash import RamFlash
from fourquad_tools.utility.errors import Refused

CLOCK_HZ = 12_288_000_000
PLACES = {"quality": (0, 8), "waveforms": (8, 42)}
GROUPS, EVENTS = 9, 23
BLOCKS = ((0x8CFD, 83), (0x8E00, 68))


class Made:
    """A meter with groups and events of chance; the same as the paper has them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        channels = [Channel(kind, phase, 1e-4) for kind in ("V", "I") for phase in (1, 2, 3)]
        self.meter = meter = Meter(load("kw320q"), channels, CLOCK_HZ, 21)
        self.stores = connect(meter, meter.quality, RamFlash(50), PLACES)
        self.map = RegisterMap(meter.model, meter.points)
        self.groups = [self._group() for _ in range(GROUPS)]
        self.events = [self._event() for _ in range(EVENTS)]

    def _group(self) -> tuple[list[int], list[list[int]]]:
        head = [self.chance.randrange(65536) for _ in range(16)]
        samples = [[self.chance.randrange(-32768, 32768) for _ in range(1280)] for _ in range(6)]
        for store in self.stores:
            while store.due:
                store.service()
        groups = self.meter.quality.view.groups
        groups.begin()
        for cycle in range(20):
            rows = [samples[k][64 * cycle : 64 * (cycle + 1)] for k in range(6)]
            assert groups.write(memoryview(struct.pack("<384h", *sum(rows, []))), 0, 768)
        assert groups.finish(struct.pack("<16H", *head))
        return head, samples

    def _event(self) -> list[int]:
        r = self.chance.randrange
        # 2024-03-05 06:07:08 is day 8830 since 2000-01-01
        second = 8830 * 86400 + 6 * 3600 + 7 * 60 + 8
        ms, phases, rated, threshold, halves = r(1000), r(64), r(50, 691), r(20, 141), r(201)
        self.meter.quality.view.keep(second, ms, phases, rated, threshold, halves)
        return [24 << 8 | 3, 5 << 8 | 6, 7 << 8 | 8, ms, phases, rated, threshold, halves]

    def read(self, master: object, address: int, count: int) -> list[int] | int:
        out = bytearray(2 * count)
        why = self.map.read(address, count, out, 0, master)
        return why or list(struct.unpack(f">{count}H", out))

    def write(self, master: object, address: int, words: list[int]) -> int:
        return self.map.write(address, len(words), struct.pack(f">{len(words)}H", *words), 0, master)


def paper_write(paper: PaperWaves, address: int, words: list[int]) -> int:
    """All or nothing, as ours."""
    before = (paper.group, paper.number, paper.first, paper.many)
    try:
        for i, word in enumerate(words):
            if address + i not in (0x8CFE, 0x8CFF, 0x8E00, 0x8E01):
                raise Refused(2, "read-only")
            paper._put(address + i, word)
    except Refused as refusal:
        paper.group, paper.number, paper.first, paper.many = before
        return refusal.code
    return 0


@pytest.mark.parametrize("seed", [1, 2])
def test_any_conversation(seed: int) -> None:
    chance = random.Random(seed)
    made = Made(chance)
    masters = [object(), object()]
    papers = [PaperWaves(made.groups, made.events) for _ in masters]
    for paper in papers:
        # as it comes after a start
        paper.number = 0
    refused = steps = 0
    for _ in range(3000):
        n = chance.randrange(2)
        first, size = BLOCKS[chance.randrange(2)]
        if chance.random() < 0.4:
            address = chance.choice((0x8CFE, 0x8CFF, 0x8E00, 0x8E01))
            count = chance.choice((1, 1, 2))
            words = [chance.choice((chance.randrange(130), chance.randrange(12))) for _ in range(count)]
            ours = made.write(masters[n], address, words)
            theirs = paper_write(papers[n], address, words)
            # of two reasons for a refusal either is right
            both = address + count - 1 not in (0x8CFE, 0x8CFF, 0x8E00, 0x8E01)
            assert ours == theirs or (both and ours and theirs), (hex(address), words)
            refused += ours > 0
            continue
        if chance.random() < 0.5:
            address, count = first, size
        else:
            address = first + chance.randrange(size)
            count = chance.randint(1, first + size - address)
        before = papers[n].number, papers[n].group
        assert made.read(masters[n], address, count) == papers[n].read(address, count), hex(address)
        steps += before != (papers[n].number, papers[n].group)
    assert refused > 200 and steps > 200
