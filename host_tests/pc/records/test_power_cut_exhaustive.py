"""A meter's life of 2,000 flash operations and more, cut at every one of them and inside of each.

Registers in the journal and settings in littlefs live in one flash. What must hold after any cut: both mount,
the registers are the last committed ones or those that were being written, the settings likewise, and both go
on working. Each operation is cut in seven ways, and each of the seven is cut again at every operation of
the recovery.
"""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from cuts import SECTOR, LayerFlash, Operation, apply, recovery_cuts, sector_of, shapes_of, torn

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal
from fourquad.records.settings import SettingsStore
from fourquad_tools.sim.littlefs_files import LittlefsFiles

FILES = 8
JOURNAL = 5
PAYLOAD = 480  # two pages
SETTINGS = 60
CHANGED = 77777
SLICES = 3  # of a save: the image, and each page
OPERATIONS = 2100
PARTS = 4


def payload_of(energy: int) -> bytes:
    """Registers that show any mixture: every byte hangs on the energy."""
    return energy.to_bytes(8, "little") + (sha256(str(energy).encode()).digest() * 15)[: PAYLOAD - 8]


def energy_of(payload: bytes) -> int:
    energy = int.from_bytes(payload[:8], "little")
    assert payload == payload_of(energy), "mixed registers"
    return energy


def settings_of(version: int) -> list[int]:
    return [version * 1000 + i for i in range(SETTINGS)]


class Meter:
    """The stores of a meter on one flash."""

    def __init__(self, flash: LayerFlash) -> None:
        self.energy = 0
        self.store = RegisterStore(Journal(flash, FILES, JOURNAL, PAYLOAD), lambda: payload_of(self.energy))
        self.flash = flash

    def boot_registers(self) -> int | None:
        """The restored energy, None on a new flash."""
        payload = self.store.restore()
        assert not self.store.failed
        if payload is None:
            return None
        self.energy = energy_of(payload)
        return self.energy

    def save_registers(self, energy: int) -> None:
        self.energy = energy
        assert self.store.snapshot()

    def boot_settings(self) -> SettingsStore:
        files = LittlefsFiles(self.flash, 0, FILES)
        self.formatted = files.formatted
        return SettingsStore(files)


# Before each operation: energy committed, being written; settings committed, being written.
State = tuple[int | None, int | None, int | None, int | None]


class Life:
    """The operations of a meter's life, and the state before each.

    `served`: the main loop does the erases ahead, sooner or later; else appends erase for themselves.
    """

    def __init__(self, count: int, served: bool) -> None:
        rng = random.Random(served)
        image = bytearray(b"\xff" * SECTOR * (FILES + JOURNAL))
        flash = LayerFlash(image)
        self.start = bytes(image)
        self.states: list[State] = []
        self.operations: list[Operation] = flash.operations
        energy: int | None = None
        version: int | None = None
        now = 0
        while len(flash.operations) < count:
            meter = Meter(flash)
            self._pad((energy, energy, version, version))
            settings = meter.boot_settings()
            assert meter.boot_registers() == energy
            self._pad((energy, energy, version, version))
            for _ in range(rng.randrange(20, 120)):
                now += 60000
                meter.energy = (energy or 0) + rng.randrange(1, 1 << 40)
                # an image, then page by page: sometimes something cannot wait for the end of that
                slices = 0
                while rng.random() < 0.9 and meter.store.tick(now):
                    slices += 1
                    if slices == 1:
                        coming = meter.energy
                    self._pad((energy, coming, version, version))
                    if slices == SLICES:
                        energy = coming
                        break
                    meter.energy += 1
                    if served and meter.store.due and rng.random() < 0.3:
                        meter.store.service()
                        self._pad((energy, coming, version, version))
                else:
                    assert meter.store.snapshot()
                    self._pad((energy, meter.energy, version, version))
                    energy = meter.energy
                if served and meter.store.due and rng.random() < 0.5:
                    meter.store.service()
                    self._pad((energy, energy, version, version))
                if rng.random() < 0.15:
                    fresh = (version or 0) + 1
                    settings.save("kw320", settings_of(fresh))
                    self._pad((energy, energy, version, fresh))
                    version = fresh
            if rng.random() < 0.5:
                coming = (energy or 0) + 1
                meter.save_registers(coming)
                self._pad((energy, coming, version, version))
                energy = coming

    def _pad(self, state: State) -> None:
        self.states += [state] * (len(self.operations) - len(self.states))


def check_registers(flash: LayerFlash, allowed: tuple[int | None, ...], further: bool) -> list[Operation]:
    """Boot: the energy is one of `allowed`; `further`: go on and boot again. The operations of the boot."""
    meter = Meter(flash)
    found = meter.boot_registers()
    assert found in allowed
    recovery = list(flash.operations)
    if further:
        for step in (1, 2):
            meter.save_registers((found or 0) + step)
        assert Meter(flash).boot_registers() == (found or 0) + 2
    return recovery


def check_settings(flash: LayerFlash, allowed: tuple[int | None, ...], further: bool) -> list[Operation]:
    """The same for the settings; the operations of mounting and, if `further`, of one change."""
    meter = Meter(flash)
    store = meter.boot_settings()
    found = store.load("kw320", SETTINGS)
    assert found in [None if version is None else settings_of(version) for version in allowed]
    assert None in allowed or not meter.formatted
    if further:
        store.save("kw320", settings_of(CHANGED))
        recovery = list(flash.operations)
        assert Meter(flash).boot_settings().load("kw320", SETTINGS) == settings_of(CHANGED)
        return recovery
    return list(flash.operations)


@pytest.fixture(scope="module", params=[True, False], ids=["served", "unserved"])
def life(request: pytest.FixtureRequest) -> Life:
    return Life(OPERATIONS, request.param)


def test_the_life_is_long_enough_and_has_everything(life: Life) -> None:
    assert len(life.operations) > 2000
    kinds = {(sector_of(op) < FILES, bool(op[1])) for op in life.operations}
    assert len(kinds) == 4
    assert life.states[-1][2] is not None and life.states[-1][2] > 50


@pytest.mark.parametrize("part", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, PARTS))])
def test_cut_at_every_operation_and_inside_it(life: Life, part: int) -> None:
    image = bytearray(life.start)
    cuts = 0
    for index, operation in enumerate(life.operations):
        if index % PARTS == part:
            cuts += _cut_everywhere(image, operation, life.states[index], index)
        apply(image, operation)
    assert cuts > len(life.operations) // PARTS * 14


def _cut_everywhere(image: bytearray, operation: Operation, state: State, index: int) -> int:
    sector = sector_of(operation)
    before = bytes(image[sector * SECTOR : (sector + 1) * SECTOR])
    in_files = sector < FILES
    # the other store's sectors are untouched by this cut, whatever its shape
    if in_files:
        check, allowed = check_settings, state[2:]
        check_registers(LayerFlash(image), state[:2], False)
    else:
        check, allowed = check_registers, state[:2]
        check_settings(LayerFlash(image), state[2:], False)
    rng = random.Random(index)
    cuts = 0
    for shape in shapes_of(operation):
        changed = {sector: torn(before, operation, shape, rng)}
        recovery = check(LayerFlash(image, changed), allowed, True)
        cuts += 1
        # in the second boot the settings may be those that the first one was changing them to
        after = (*allowed, CHANGED) if in_files else allowed
        for again in recovery_cuts(image, changed, recovery, rng):
            check(LayerFlash(image, again), after, not in_files)
            cuts += 1
    return cuts
