"""A meter's settings by groups in littlefs: the file of before is taken over, then groups change; power is
cut at every flash operation of that, and inside of each.

After any cut each group is as before or as after, never a mix; what was committed in another group is
untouched, and the next change is kept.
"""

from __future__ import annotations

import random

import pytest
from cuts import SECTOR, LayerFlash, apply, sector_of, shapes_of, torn

import fourquad.models.kw320 as kw320
from fourquad import models
from fourquad import points as p
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.meter.settings import Settings
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import network as net
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

SECTORS = 16
# Values that are not the defaults, of each group.
CHANGES = (
    ((p.CT1, 400), (p.PT1, 110000), (p.WIRING_U, 2)),
    ((p.BAUD_1, 9600), (p.ADDRESS_1, 17), (p.PARITY_2, 0)),
    ((p.DEMAND_WINDOW, 30), (p.DEMAND_SUB_INTERVAL, 6)),
    ((p.PULSE_P, 3200), (m.IO11_RELAY_PULSE, 3000)),
    ((p.BACKLIGHT, 10),),
)
Values = tuple[tuple[int, ...], ...]


class Meter:
    """The settings of a meter that has just got its power."""

    model = kw320

    def __init__(self, flash: LayerFlash) -> None:
        self.store = SettingsStore(LittlefsFiles(flash, 0, SECTORS))
        self.settings = Settings(kw320.SETTINGS, None, kw320.LIMITS)
        load_settings(self, self.store)

    def save(self) -> None:
        while self.settings.changed:
            save_settings(self, self.store)

    def values(self) -> Values:
        return tuple(tuple(group.values) for group in self.settings.groups)


def test_power_cut_at_every_operation_of_a_take_over_and_of_changes() -> None:
    image = bytearray(b"\xff" * SECTOR * SECTORS)
    flash = LayerFlash(image)
    old = {row[c.OFFSET]: row[c.DEFAULT] for row in kw320.SETTINGS} | {p.CT1: 77, p.BACKLIGHT: 3}
    SettingsStore(LittlefsFiles(flash, 0, SECTORS)).save("kw320", [old[offset] for offset in kw320.OLD_FILE])
    for operation in flash.operations:
        apply(image, operation)
    start = bytes(image)
    flash = LayerFlash(bytearray(start))
    meter = Meter(flash)
    taken = meter.values()
    # what each group may be while the operations up to a number are made
    states: list[tuple[Values, Values]] = []
    meter.save()
    states += [(taken, taken)] * len(flash.operations)
    for changes in CHANGES:
        before = meter.values()
        for offset, value in changes:
            assert meter.settings.check(offset, value) == p.OK
            meter.settings.write(offset, value)
        meter.save()
        states += [(before, meter.values())] * (len(flash.operations) - len(states))
    assert len(states) == len(flash.operations) > 40
    image = bytearray(start)
    cuts = 0
    for index, operation in enumerate(flash.operations):
        sector = sector_of(operation)
        whole = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
        rng = random.Random(index)
        for n, shape in enumerate(shapes_of(operation)):
            cut = LayerFlash(image, {sector: torn(whole, operation, shape, rng)})
            found = Meter(cut)
            before, after = states[index]
            for values, old_ones, new_ones in zip(found.values(), before, after, strict=True):
                assert values in (old_ones, new_ones)
            # and on it goes
            kept = found.values()
            found.settings.write(p.PASSWORD, 1000 + n)
            found.save()
            again = Meter(cut)
            assert again.settings.get(p.PASSWORD) == 1000 + n
            for group, values in zip(again.settings.groups, kept, strict=True):
                assert group.first == p.GROUP_PORTS or tuple(group.values) == values
            cuts += 1
        apply(image, operation)
    assert cuts > 280


class Networked:
    """The settings of a meter with a network module, whose texts are among them."""

    def __init__(self, flash: LayerFlash) -> None:
        self.model = models.load("kw320", options=("network",))
        self.store = SettingsStore(LittlefsFiles(flash, 0, SECTORS))
        self.settings = Settings(self.model.SETTINGS, None, self.model.LIMITS, (), (), self.model.TEXTS)
        load_settings(self, self.store)

    def save(self) -> None:
        while self.settings.changed:
            save_settings(self, self.store)

    def form(self, octet: int, host: bytes) -> None:
        """What a page of the network writes at once: an address, a port, a name."""
        for i in range(4):
            self.settings.write(net.IP + i, octet + i)
        self.settings.write(net.MODBUS_PORT, 2000 + octet)
        group = next(each for each in self.settings.groups if each.first == p.GROUP_NETWORK)
        group.texts.write(net.HOST_NAME - group.first, host)

    def told(self) -> tuple[int, int, bytes]:
        group = next(each for each in self.settings.groups if each.first == p.GROUP_NETWORK)
        octets = [self.settings.get(net.IP + i) for i in range(4)]
        assert octets == list(range(octets[0], octets[0] + 4))
        return octets[0], self.settings.get(net.MODBUS_PORT), group.texts.read(net.HOST_NAME - group.first)


@pytest.mark.parametrize("before", [10, 200])
def test_power_cut_in_the_middle_of_a_form_of_the_network(before: int) -> None:
    """Numbers and texts of it are all as before or all as after."""
    image = bytearray(b"\xff" * SECTOR * SECTORS)
    flash = LayerFlash(image)
    meter = Networked(flash)
    meter.form(before, b"one")
    meter.save()
    for operation in flash.operations:
        apply(image, operation)
    flash = LayerFlash(bytearray(image))
    meter = Networked(flash)
    meter.form(77, b"the-other-name")
    meter.save()
    old, new = (before, 2000 + before, b"one"), (77, 2077, b"the-other-name")
    seen = set()
    cuts = 0
    for index, operation in enumerate(flash.operations):
        sector = sector_of(operation)
        whole = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
        rng = random.Random(index)
        for shape in shapes_of(operation):
            found = Networked(LayerFlash(image, {sector: torn(whole, operation, shape, rng)})).told()
            assert found in (old, new)
            seen.add(found)
            cuts += 1
        apply(image, operation)
    assert Networked(LayerFlash(image)).told() == new
    assert seen >= {old} and cuts > 20
