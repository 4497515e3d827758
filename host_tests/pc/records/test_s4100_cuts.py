"""An s4100 whose power goes at every operation of its flash, files and raw sectors alike, and inside of each,
while a master writes an analog value, the object's name and the interval of the trend logs, and one records.

What was saved is there, what was being saved is there or not, and each thing is whole: a name and the
Database_Revision that counts it, the interval and the logs that it clears.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from struct import pack, unpack_from
from typing import Any, NamedTuple

import pytest
from cuts import SECTOR, LayerFlash, apply, sector_of, shapes_of, torn
from device.device_fakes import Plant

from fourquad.device import layout
from fourquad_tools.sim.littlefs_files import LittlefsFiles

FILES = 16  # sectors of the file system
LOG = 2
SAVED_MS = 1400  # a second of patience, and what the loop adds
TICK_MS = 50
OBJECT_NAME, LOG_ENABLE, INTERVAL = 77, 133, 11
DEVICE = b"\x0c\x02\x3f\xff\xff"
NAME = b"North wing"


class Found(NamedTuple):
    """What a master reads."""

    primary: bytes  # AV3
    name: tuple[bytes, bytes]  # and Database_Revision
    interval: bytes  # AV11
    records: tuple[tuple[int, int], ...]  # of the log: seconds since 2000, kind

    @property
    def settings(self) -> tuple[Any, ...]:
        return self[:3]


class Meter(Plant):
    """A meter that has just got its power, with what is in a flash."""

    def __init__(self, flash: LayerFlash) -> None:
        self.whole = flash
        self.first = FILES
        super().__init__("s4100")

    def power_on(self) -> None:
        self.flash = self.whole
        self.files = LittlefsFiles(self.whole, 0, FILES)
        super().power_on()

    def restart(self) -> None:
        """Nobody asks for it here."""

    def ask(self, apdu: bytes) -> bytes:
        """What answers an APDU."""
        machine: Any = self.device.ports[0]._machine
        target = bytearray(600)
        end = machine.application.run(bytearray(apdu), 0, len(apdu), target, 0)
        return bytes(target[:end])

    def read(self, identifier: bytes, prop: int) -> bytes:
        answer = self.ask(b"\x00\x05\x01\x0c" + identifier + bytes((0x19, prop)))
        assert answer[:1] == b"\x30", answer
        return answer[11:-1]

    def put(self, identifier: bytes, prop: int, value: bytes) -> None:
        answer = self.ask(b"\x00\x05\x01\x0f" + identifier + bytes((0x19, prop, 0x3E)) + value + b"\x3f")
        assert answer == b"\x20\x01\x0f", answer

    def records(self) -> tuple[tuple[int, int], ...]:
        """Those of the log; each can be read."""
        log = self.device.meter.trends.logs[LOG - 1]
        found = []
        buffer = bytearray(9)
        for number in range(log.oldest(), log.total()):
            assert log.ring.read(number, buffer)
            found.append(unpack_from("<IB", buffer))
        return tuple(found)

    def found(self) -> Found:
        revision = self.read(DEVICE, 155)
        return Found(
            self.read(value(3), 85),
            (self.read(DEVICE, OBJECT_NAME), revision),
            self.read(value(INTERVAL), 85),
            self.records(),
        )


def value(instance: int) -> bytes:
    return b"\x0c" + pack(">I", 2 << 22 | instance)


def real(number: float) -> bytes:
    return b"\x44" + pack(">f", number)


def life(meter: Meter) -> Iterator[None]:
    """What a master does, and sub-intervals of ten seconds; yields each 50 ms."""

    def pass_time(ms: int) -> Iterator[None]:
        for _ in range(ms // TICK_MS):
            meter.run(TICK_MS)
            yield

    meter.put(value(3), 85, real(200.0))
    yield from pass_time(SAVED_MS)
    meter.put(DEVICE, OBJECT_NAME, b"\x75" + bytes((len(NAME) + 1, 0)) + NAME)
    yield from pass_time(SAVED_MS)
    yield from pass_time(22000)
    meter.put(value(INTERVAL), 85, real(1100.0))
    yield from pass_time(SAVED_MS)
    yield from pass_time(24000)
    meter.put(value(3), 85, real(250.0))
    meter.warn()
    yield


def begun() -> LayerFlash:
    """The flash of a meter whose log is on."""
    flash = LayerFlash(b"\xff" * SECTOR * (FILES + layout.RAW_SECTORS))
    meter = Meter(flash)
    meter.run(1500)
    # 2026-11-29 09:00:00
    meter.ask(b"\x10\x06\xa4\x7e\x0b\x1d\x07\xb4\x09\x00\x00\x00")
    meter.put(value(INTERVAL), 85, real(1000.0))
    meter.put(b"\x0c" + pack(">I", 20 << 22 | LOG), LOG_ENABLE, b"\x11")
    meter.run(SAVED_MS)
    meter.warn()
    image = bytearray(b"".join(flash.sector(i) for i in range(flash.sectors)))
    return LayerFlash(image)


def cut_all(shapes_a_cut: int) -> int:
    """Cut at each operation, in so many shapes; how many cuts there were."""
    flash = begun()
    image = bytearray(b"".join(flash.sector(i) for i in range(flash.sectors)))
    meter = Meter(flash)
    before = meter.found()
    mounted = len(flash.operations)
    states = [(before, before)] * mounted
    for _ in life(meter):
        after = meter.found()
        states += [(before, after)] * (len(flash.operations) - len(states))
        before = after
    assert before.primary == real(250.0) and before.name[0].endswith(NAME)
    operations = flash.operations
    assert len(states) == len(operations) > 40
    cuts = 0
    saved = states[0][0].settings  # what must be there: what each setting was when its file was written
    steps = {saved}
    for i, operation in enumerate(operations):
        sector = sector_of(operation)
        whole = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
        rng = random.Random(i)
        shapes = shapes_of(operation)
        chosen = [shapes[(i + n) % len(shapes)] for n in range(min(shapes_a_cut, len(shapes)))]
        old, new = states[i]
        pending = new.settings
        for shape in chosen:
            check(image, {sector: torn(whole, operation, shape, rng)}, old, new, saved, pending)
            cuts += 1
        apply(image, operation)
        # what is there after the operation stays there
        saved = check(image, {}, old, new, saved, pending)
        steps.add(saved)
    # the first, each of four writes, and nothing is left to save
    assert saved == before.settings and len(steps) == 5
    # the interval has cleared the log, which went on
    assert before.records[0][1] == 0 and [kind for _, kind in before.records[1:]] == [2, 2]
    return cuts


def check(
    image: bytearray,
    changed: dict[int, bytes],
    old: Found,
    new: Found,
    saved: tuple[Any, ...],
    pending: tuple[Any, ...],
) -> tuple[Any, ...]:
    """Power is back after a cut: what is found is right, and the meter goes on. The settings found."""
    flash = LayerFlash(image, changed)
    meter = Meter(flash)
    found = meter.found()
    for have, least, most in zip(found.settings, saved, pending, strict=True):
        assert have in (least, most), (have, least, most)
    # a log is as before, as after, or between: one record more, or cleared and not yet told so
    allowed = (old.records, new.records, new.records[:-1], ())
    assert found.records in allowed[: 4 if len(new.records) < len(old.records) else 2], (found, old, new)
    meter.run(300)
    meter.put(value(3), 85, real(77.0))
    meter.run(SAVED_MS)
    again = Meter(flash).found()
    assert again.primary == real(77.0) and again.name == found.name and again.interval == found.interval
    assert again.records[: len(found.records)] == found.records
    return found.settings


def test_power_goes_at_every_operation() -> None:
    assert cut_all(1) > 40


@pytest.mark.thorough
def test_power_goes_in_every_shape() -> None:
    assert cut_all(7) > 300
