"""A configuration that is imported, in littlefs; power is cut at every flash operation, and inside of each.

After any cut all groups of settings are as before or all as after; and what is changed later is kept.
"""

from __future__ import annotations

import random

from cuts import SECTOR, LayerFlash, apply, sector_of, shapes_of, torn

from fourquad import models
from fourquad import points as p
from fourquad.device.keeper import SaveSettings
from fourquad.device.settings_store import load_settings
from fourquad.meter.settings import Settings
from fourquad.points import network as net
from fourquad.protocols.http.batch import Batch
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

SECTORS = 16
NUMBERS = (
    (p.CT1, 400),
    (p.WIRING_U, 2),
    (p.BAUD_1, 9600),
    (p.DEMAND_WINDOW, 30),
    (p.PULSE_P, 3200),
    (p.BACKLIGHT, 10),
    (net.MODBUS_PORT, 2077),
)
HOST = b"the-other-name"


class Meter:
    """The settings of a meter that has just got its power."""

    tables = None

    def __init__(self, flash: LayerFlash) -> None:
        self.model = models.load("kw320", options=("network",))
        self.settings = Settings(self.model.SETTINGS, None, self.model.LIMITS, (), (), self.model.TEXTS)
        self.points = p.Points()
        self.settings.provide(self.points)
        store = SettingsStore(LittlefsFiles(flash, 0, SECTORS))
        load_settings(self, store)
        self._saving = SaveSettings(self, store)
        self._network = next(each for each in self.settings.groups if each.first == p.GROUP_NETWORK)

    def save(self) -> None:
        while self._saving.due(0):
            assert self._saving.do(0)

    def change(self) -> None:
        """As an import does."""
        batch = Batch(self.points)
        assert not batch.begin() and batch.begin()
        for offset, value in NUMBERS:
            assert batch.put(offset, value) and not batch.put(offset, value)
            assert batch.planned(p.SETTING + offset) == value and not batch.stale
        assert batch.put(net.HOST_NAME, HOST) and batch.planned(p.SETTING + net.IP) is None
        assert [batch.refused(change) for change in batch.changes()] == [None] * (len(NUMBERS) + 1)
        self.settings.batch = batch

    def told(self) -> tuple[int | bytes, ...]:
        name = self._network.texts.read(net.HOST_NAME - p.GROUP_NETWORK)
        return *[self.settings.get(offset) for offset, _ in NUMBERS], name


def test_power_cut_at_every_operation_of_an_import() -> None:
    image = bytearray(b"\xff" * SECTOR * SECTORS)
    flash = LayerFlash(image)
    meter = Meter(flash)
    # it is not the first change of these files
    meter.settings.write(p.CT1, 77)
    meter.settings.write(net.MODBUS_PORT, 2001)
    meter.save()
    old = meter.told()
    for operation in flash.operations:
        apply(image, operation)
    flash = LayerFlash(bytearray(image))
    meter = Meter(flash)
    meter.change()
    assert meter.told() == old
    meter.save()
    new = (*[value for _, value in NUMBERS], HOST)
    assert meter.told() == new != old and meter.settings.batch is None
    seen: list[bool] = []
    for index, operation in enumerate(flash.operations):
        sector = sector_of(operation)
        whole = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
        rng = random.Random(index)
        for n, shape in enumerate(shapes_of(operation)):
            cut = LayerFlash(image, {sector: torn(whole, operation, shape, rng)})
            found = Meter(cut)
            assert found.told() in (old, new)
            seen.append(found.told() == new)
            # and on it goes
            kept = found.told()
            found.save()
            found.settings.write(p.CT1, 100 + n)
            found.save()
            again = Meter(cut)
            assert again.told() == (100 + n, *kept[1:]) and again.settings.batch is None
        apply(image, operation)
    last = Meter(LayerFlash(image))
    assert last.told() == new and last.settings.batch is None
    # the first half of a first operation changes nothing; from some operation on it is as after
    assert len(seen) > 60 and not seen[0] and all(seen[seen.index(True) + len(shapes_of((0, b"x"))) :])
