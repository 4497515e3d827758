"""Power cut at every flash operation around a self-read and its load-profile record, and again while
recovering.

Registers (records of several pages), billing periods and load profile live in one flash. Whatever is cut: a
period is stored as a whole or not at all, and exactly once; the demands belong to the old period or to the
new one; registers lose what came after the last save at most; and the load profile's records add up to them.
"""

from __future__ import annotations

import random
from array import array
from typing import Any

import pytest
from billing_fakes import Plant, Table
from cuts import SECTOR, LayerFlash, apply, recovery_cuts, sector_of, shapes_of, torn

from fourquad import points as p
from fourquad.billing.billing import Billing
from fourquad.billing.providers import provide
from fourquad.calendar.clock import Clock, seconds
from fourquad.device.register_store import RegisterStore
from fourquad.points import billing as b
from fourquad.records.journal import Journal
from fourquad.records.periods import Periods
from fourquad.records.profile import ProfileRing
from fourquad.registers.energy import Energy

JOURNAL, PERIODS, PROFILE = 4, 5, 4
MIDNIGHT = seconds(2026, 2, 1, 0, 0, 0)
START = MIDNIGHT - 20 * 60
WATTS = 6000
PEAK = 30000
PARTS = 8


class CutTable(Table):
    """A1000's quantities, without supervision."""

    SUPERVISION = False


class CutPlant(Plant):
    """A plant whose registers are in the same flash."""

    def boot(self) -> None:
        self.clock = Clock()
        self.energy = Energy()
        self.readings = array("f", [0.0] * p.READINGS)
        self.billing = Billing(self.table, self.settings, self.clock, self.energy, self.readings)
        self.points = p.Points()
        self.commands: dict[int, Any] = {}
        provide(self.billing, self.points, self.commands)
        self.size = -(-self.billing.size // 8) * 8
        self.periods = Periods(self.flash, JOURNAL, PERIODS, self.billing.periods.record_size)
        self.ring = ProfileRing(self.flash, JOURNAL + PERIODS, PROFILE)
        self.periods.mount()
        self.ring.mount()
        self.serve()
        self.billing.connect(self.periods, self.ring)
        self.store = RegisterStore(Journal(self.flash, 0, JOURNAL, self.size), self.dump)
        payload = self.store.restore()
        self.restored = payload is not None
        if payload is not None:
            self.billing.restore(payload, 0)
        self.saved = self.joules() if self.restored else 0
        self.clock.set(self.utc)
        self.billing.book(self.utc, 0, 0)
        self.store.tick(self.utc % 1_000_000 * 1000 - 120_000)
        self.tidy()

    def dump(self) -> bytes:
        image = bytearray(self.size)
        self.billing.dump(image, 0)
        return bytes(image)

    def tidy(self) -> None:
        """What the loop does after each slice."""
        if self.billing.save_soon:
            assert self.store.snapshot()
        if self.store.due:
            self.store.service()
        self.serve()

    def minutes(self, count: int, watts: int) -> None:
        """Time goes on, with a save in every other minute: its image and first page in the middle, the others
        when the minute has turned, if nothing urgent has overtaken it. What is in flash of load profile and
        periods is newer then.
        """
        for _ in range(count):
            self.run(30, 30, active_import=watts)
            now = self.utc % 1_000_000 * 1000
            saves = self.utc // 60 & 1
            if saves:
                assert self.store.tick(now) and self.store.tick(now)
            self.tidy()
            self.run(30, 30, active_import=watts)
            self.tidy()
            while saves and self.store.tick(now):
                pass


def life(start: bytes) -> tuple[LayerFlash, list[tuple[int, int]]]:
    """Twenty minutes before and after midnight: the operations, and how many joules were given at each."""
    flash = LayerFlash(start)
    meter = CutPlant(START, CutTable, flash, SELF_READ_DAY=1)
    stamps: list[tuple[int, int]] = []
    given = 0
    for minute in range(25):
        watts = PEAK if minute == 3 else WATTS
        meter.minutes(1, watts)
        given += 60 * watts
        # an operation of this minute: not after its end, and not with more energy than by then
        stamps += [(meter.utc, given)] * (len(flash.operations) - len(stamps))
    assert meter.billing_point(b.RESETS) == 1
    return flash, stamps


def check(flash: LayerFlash, utc: int, given: int) -> None:
    """Boot at `utc`, when at most `given` joules had been there; everything must be right."""
    meter = CutPlant(utc, CutTable, flash, SELF_READ_DAY=1)
    now = meter.joules()
    # half a minute between saves at the cut; a minute and a half at most
    assert now <= given
    if meter.restored:
        assert given - now <= 150 * PEAK
    whole(meter)
    meter.minutes(62, WATTS)
    assert meter.joules() == now + 62 * 60 * WATTS
    periods = 1 if meter.restored or utc < MIDNIGHT else 0
    assert meter.billing_point(b.RESETS) == meter.billing_point(b.PERIODS_STORED) == periods
    whole(meter)
    if meter.restored:
        period(meter)


def whole(meter: CutPlant) -> None:
    """Load profile and registers agree; numbers and times go on."""
    rows = meter.profile()
    assert sum(row[2] for row in rows) + meter.billing.profile._joules[0] == meter.joules()
    minutes = [row[0] for row in rows]
    assert minutes == sorted(set(minutes))
    assert meter.energy_of() == sum(meter.energy_of(rate=n) for n in range(1, 5))
    assert not meter.store.failed and not meter.billing.periods.failed


def period(meter: CutPlant) -> None:
    """The period that ended at midnight, and the one that began."""
    assert meter.billing_point(b.LAST_RESET, 1) == MIDNIGHT
    assert meter.energy_of(n=1) <= meter.energy_of()
    # the block with the peak: 14 minutes of 6 kW and one of 30, or less of it after a cut within
    value, stamp = meter.maximum(n=1)
    assert value <= 76000 and stamp <= MIDNIGHT
    assert meter.read(b.demand(b.DEMAND_CUMULATIVE, b.ACTIVE_IMPORT)) == value
    assert meter.maximum()[0] <= 60000 and meter.maximum()[1] > MIDNIGHT


@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, PARTS))])
def test_every_operation_cut_in_every_way(part: int) -> None:
    start = b"\xff" * SECTOR * (JOURNAL + PERIODS + PROFILE)
    flash, stamps = life(start)
    operations = list(flash.operations)
    assert len(operations) > 75
    rng = random.Random(part)
    image = bytearray(start)
    second_cuts = 0
    for i, operation in enumerate(operations):
        if i % PARTS == part:
            utc, given = stamps[i]
            for shape in shapes_of(operation):
                sector = sector_of(operation)
                before = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
                left = {sector: torn(before, operation, shape, rng)}
                trial = LayerFlash(image, left)
                check(trial, utc + 20, given)
                recovery = LayerFlash(image, left)
                CutPlant(utc + 20, CutTable, recovery, SELF_READ_DAY=1)
                for again in recovery_cuts(image, left, recovery.operations, rng):
                    check(LayerFlash(image, again), utc + 40, given)
                    second_cuts += 1
        apply(image, operation)
    assert second_cuts > 2000 // PARTS
