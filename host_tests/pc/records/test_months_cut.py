"""The file of a KW320's months in littlefs: power is cut at every flash operation of a midnight, and inside
of each. When power is back in the new month, every month has its registers: none is lost or there twice.
"""

from __future__ import annotations

import random
from array import array
from datetime import datetime
from types import SimpleNamespace

from cuts import SECTOR, LayerFlash, apply, sector_of, shapes_of, torn

import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.billing.months import Months
from fourquad.calendar.clock import Clock
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.meter.settings import Settings
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

SECTORS = 16
MIDNIGHTS = 10


def register(month: int) -> int:
    """Of the first register, at the end of a month counted from the first one of the test."""
    return 1000 * month + 7


class Meter:
    """What a meter that has just got its power has of the months; `month`: how many have ended."""

    model = kw320

    def __init__(self, flash: LayerFlash, month: int) -> None:
        self.store = SettingsStore(LittlefsFiles(flash, 0, SECTORS))
        self.settings = Settings(kw320.SETTINGS, None, kw320.LIMITS)
        self.clock = Clock()
        self.energy = SimpleNamespace(values=array("i", [0] * p.ENERGIES))
        self.months = Months(self.settings, self.clock, self.energy)
        load_settings(self, self.store)
        self.months.configure()
        self.live(month)

    def live(self, month: int) -> None:
        """It is the first second after the end of a month."""
        then = datetime(2026 + month // 12, 1 + month % 12, 1)
        self.energy.values[0] = register(month)
        self.clock.set(int((then - datetime(2000, 1, 1)).total_seconds()))
        self.months.look()

    def save(self) -> None:
        while self.settings.changed:
            save_settings(self, self.store)

    @property
    def ends(self) -> list[int]:
        return [self.months.values[p.ENERGIES * n] for n in range(p.MONTHS)]


def expected(month: int) -> list[int]:
    """What the last seven months ended with; before the first there were none."""
    return [register(n) if n > 0 else 0 for n in range(month, month - p.MONTHS, -1)]


def test_power_cut_at_every_operation_of_midnights() -> None:
    start = bytes(b"\xff" * SECTOR * SECTORS)
    flash = LayerFlash(bytearray(start))
    meter = Meter(flash, 0)
    meter.save()
    steps = [0] * len(flash.operations)
    for month in range(1, MIDNIGHTS + 1):
        meter.live(month)
        assert meter.ends == expected(month)
        meter.save()
        steps += [month] * (len(flash.operations) - len(steps))
    image = bytearray(start)
    cuts = 0
    for index, operation in enumerate(flash.operations):
        sector = sector_of(operation)
        whole = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
        rng = random.Random(index)
        month = steps[index]
        for shape in shapes_of(operation):
            cut = LayerFlash(image, {sector: torn(whole, operation, shape, rng)})
            if month:
                found = Meter(cut, month)
                assert found.ends == expected(month)
                # and on it goes
                found.save()
                again = Meter(cut, month + 1)
                assert again.ends == expected(month + 1)
            cuts += 1
        apply(image, operation)
    assert cuts > 200
