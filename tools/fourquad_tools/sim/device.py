"""The meter from power-on to power-off: its registers, storage, keys and screen, as on a board."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.device.billing_store import load_tables, save_tables
from fourquad.device.calibration_store import CalibrationStore
from fourquad.device.maintenance import Maintenance
from fourquad.device.register_store import RegisterStore
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.display import panels
from fourquad.display.keys import DEBOUNCE, HOLD, NONE
from fourquad.meter import meter as meters
from fourquad.metering.calibration import size
from fourquad.metering.channels import Channel
from fourquad.points import billing as b
from fourquad.points import names
from fourquad.protocols.dnp3 import configuration
from fourquad.protocols.modbus.map import RegisterMap
from fourquad_tools.plant.frontend import (
    AMPS_PER_CODE,
    CLOCK_HZ,
    FULL_SCALE,
    NOMINAL_BITS,
    VOLTS_PER_CODE,
    Connection,
)
from fourquad_tools.sim.storage import Storage

EPOCH_2000 = 946_684_800  # seconds from 1970 to where the meter's clock begins
_KEY_STEP_S = 0.01
_LONGEST_BATCH_MS = 2000
_FLOOR = 1 / 3  # of the noise: a third of it is never in the fundamental, and all of it is not loud


def channels() -> list[Channel]:
    """V1 V2 V3 I1 I2 I3 of the virtual front end."""
    volts = [Channel("V", phase, VOLTS_PER_CODE) for phase in (1, 2, 3)]
    return volts + [Channel("I", phase, AMPS_PER_CODE) for phase in (1, 2, 3)]


class Device:
    """A meter that has just got its power at `now`; its clock has a battery and says `utc` (since 1970)."""

    def __init__(self, model: ModuleType, storage: Storage, now: float, utc: float) -> None:
        self.model = model
        self._noise = 0.0
        outputs = getattr(getattr(model, "BILLING", None), "PULSES", ())
        self._leds = [i for i, output in enumerate(outputs) if output[1]]
        self._files = storage.settings()
        self.meter = meters.Meter(model, channels(), CLOCK_HZ, NOMINAL_BITS)
        self._pulses, self.meter.pulses = self.meter.pulses, None
        self.calibrations = CalibrationStore(self._files, size(len(self.meter.channels)))
        self._load_calibration()
        self.dnp3 = configuration.provide(model, self.meter.points, self.meter.settings)
        self._load_settings()
        self._logs = storage.connect(self.meter)
        self._store = RegisterStore(storage.journal(self.meter.dump_size), self.meter.dump)
        payload = self._store.restore()
        if payload is not None and len(payload) == self.meter.dump_size:
            self.meter.restore(payload)
        self._store.also = storage.extremes(self.meter)
        if self._store.also:
            self._logs.append(self._store.also)
        self.meter.clock.set(int(utc) - EPOCH_2000, int(utc % 1.0 * 1000))
        self.registers = RegisterMap(model, self.meter.points) if hasattr(model, "REGIONS") else None
        if self.registers:
            Maintenance(self.meter, self.calibrations).serve(self.registers)
        table = importlib.import_module(model.__name__ + ".menu")
        self._menu, self._screen = panels.make(table, self.meter.points)
        self._menu.recover(self.meter.page)
        self._keys = panels.keys(table)
        self._codes: dict[str, tuple[int, ...]] = {
            name.upper(): (code,) for code, name in enumerate(table.KEYS)
        }
        for first, second, _ in table.CHORDS:
            self._codes[f"{table.KEYS[first]}+{table.KEYS[second]}".upper()] = (first, second)
        self._contacts: list[tuple[float, int, bool]] = []
        self._displayed = now
        self._moved = -1e9  # when a contact last moved

    @property
    def points(self) -> Any:
        """The meter's points."""
        return self.meter.points

    @property
    def frame_period(self) -> int:
        """Ticks from frame to frame that the synchroniser asks for."""
        return self.meter.frame_period

    @property
    def gaps(self) -> int:
        """Gaps in sampling since power-on."""
        return self.meter.state.gaps

    @property
    def utc(self) -> float:
        """What the meter's clock says, in seconds since 1970."""
        return self.meter.clock.now + EPOCH_2000 + self.meter.clock.ms / 1000

    def connection(self) -> Connection:
        """The wiring and the transformers that the settings say are there."""
        get = self.meter.settings.get
        ct2 = get(p.CT2)
        secondary = ct2 if ct2 in self.model.CT2_COUNTS else 1
        return Connection(get(p.WIRING_U), get(p.WIRING_I), get(p.PT1) / get(p.PT2), get(p.CT1) / secondary)

    def run(self, codes: Any, cycles: int, now: float) -> None:
        """Measure, and do everything that is due; `now` is virtual time in seconds."""
        meter, now_ms = self.meter, _ticks(now)
        meter.run(codes, 0, cycles)
        # before the next share of impulses is booked
        self._put_out(now_ms)
        while meter.work(now_ms):
            pass
        self._save_settings()
        if meter.urgent():
            self._store.snapshot()
        self._store.tick(now_ms)
        if self._store.failed:
            meter.fault(b.MEMORY_FAULT)
        for store in (self._store, *self._logs):
            if store.due:
                store.service()
        save_tables(meter, self._files)
        self._display(now)
        meter.page = self._menu.page_word

    def hear(self, noise: float) -> None:
        """Put the channels' floors above that noise (RMS, a part of full scale), as a board's are above its
        own: an open input reads 0.
        """
        if noise != self._noise:
            self._noise = noise
            for channel in self.meter.channels:
                channel.floor = _FLOOR * noise * FULL_SCALE * channel.gain
            self.meter.feel(self.meter.sensitive)

    def _put_out(self, now_ms: int) -> None:
        """Pulses at their own times, which are finer than a batch of samples."""
        pulses = self._pulses
        if pulses is None:
            return
        if ticks.diff(now_ms, pulses.wake) > _LONGEST_BATCH_MS:
            pulses.wake = now_ms
        while ticks.diff(now_ms, pulses.wake) >= 0:
            at = pulses.wake
            pulses.tick(at)
            if ticks.diff(pulses.wake, at) <= 0:
                pulses.wake = ticks.add(at, 1)

    def leap(self, seconds: float, now: float) -> None:
        """The last second stands for `seconds`, which are over at `now`; saved is only what must be."""
        meter = self.meter
        gaps, now_ms = meter.state.gaps, _ticks(now)
        meter.close()
        # as if samples had been lost, but none were
        meter.gap(round(1000 * seconds))
        meter.state.gaps = gaps
        meter.work(now_ms)
        billing = meter.billing
        if billing:
            billing.lossy = 0
            billing.mark(now_ms, now_ms)
            for part in (billing.second, billing.rest, billing.look):
                part()
        if self._pulses is not None:
            self._pulses.skip()
        if meter.urgent():
            self._store.snapshot()
        for store in (self._store, *self._logs):
            if store.due:
                store.service()
        self._displayed = now

    def power_fails(self) -> None:
        """The warning line went low: there is time for one record."""
        self._save_settings()
        save_tables(self.meter, self._files)
        self.meter.close()
        self._store.snapshot()

    def seal(self, on: bool) -> None:
        """The seal's switch."""
        self.meter.settings.sealed = on

    def input(self, n: int, value: int) -> None:
        """Digital input `n` (from 0)."""
        self.meter.io.set_input(n, value)

    def _load_settings(self) -> None:
        if load_settings(self.meter, self._files):
            self.meter.configure()
        load_tables(self.meter, self._files)

    def calibrate(self, record: list[int] | None, store: bool, factory: bool) -> list[int] | None:
        """Measure with `record`, keep it if `store`; or go back to the factory's. The one in force."""
        if factory:
            record = self.calibrations.restore_factory()
            if record is None:
                return None
        if record is not None:
            if not all(type(x) is int for x in record):
                raise ValueError("must be whole numbers")
            self.meter.calibrate(record, "factory" if factory else "own")
            if store:
                self.calibrations.save(record)
        return list(self.meter.calibration.record)

    def _load_calibration(self) -> None:
        record, source = self.calibrations.load()
        if record is not None:
            self.meter.calibrate(record, source)

    def _save_settings(self) -> None:
        while self.meter.settings.changed:
            save_settings(self.meter, self._files)

    # Keys and screen.

    @property
    def key_names(self) -> list[str]:
        """Names of the keys and chords."""
        return list(self._codes)

    def press(self, key: str, ms: float, now: float) -> Callable[[], bool]:
        """Hold a key or chord for `ms`; whether it is over tells the result. KeyError: no such key."""
        start = max([now] + [at for at, _, _ in self._contacts])
        # A contact that closes on the heels of the last one would be bouncing.
        start += 0.0 if start == now else 2e-3 * DEBOUNCE
        end = start + ms / 1000
        codes = self._codes[key.upper()]
        self._contacts += [(start, code, True) for code in codes] + [(end, code, False) for code in codes]
        over = end + 2e-3 * DEBOUNCE

        def done() -> bool:
            return self._displayed >= over

        return done

    def _display(self, now: float) -> None:
        while self._displayed < now:
            # Without a key under way one look for each batch is enough.
            busy = self._contacts or self._displayed - self._moved < 2e-3 * HOLD
            self._displayed = min(now, self._displayed + _KEY_STEP_S) if busy else now
            self._look(self._displayed)

    def _look(self, now: float) -> None:
        now_ms = _ticks(now)
        while self._contacts and self._contacts[0][0] <= now:
            _, code, closed = self._contacts.pop(0)
            self._moved = now
            if closed:
                self._keys.press(code, now_ms)
            else:
                self._keys.release(code, now_ms)
        while (event := self._keys.tick(now_ms)) != NONE:
            self._menu.key(event, now_ms)
        self._menu.tick(now_ms)

    def screen(self, communication: int) -> Any:
        """What the panel shows; `communication`: 0 quiet, 1 request seen, 2 answered."""
        self._menu.draw(self._screen)
        self._screen.comm = communication
        billing = self.meter.billing
        if self._leds:
            lit = [bool(billing.pulses.states[i]) for i in self._leds]
            self._screen.pulse, self._screen.pulse_var = lit[0], lit[-1]
        return self._screen

    # For people.

    def readings(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and unit of every point but the commands; None where a reading is no number."""
        side = self.meter.settings.get(p.ENERGY_SIDE)
        for pid, name, unit, scale in names.POINTS:
            if p.COMMAND <= pid < p.STATE:
                continue
            try:
                value = self.points.read(pid)
            except KeyError:
                continue
            if isinstance(value, float) and not math.isfinite(value):
                value = None
            yield name, value if value is None else names.scaled(pid, value, scale, side), unit

    def stats(self) -> dict[str, Any]:
        """Counters of the storage."""
        stats = {"saves": self._store.saves, "storage_failed": self._store.failed}
        return {**stats, "pulses": list(self._pulses.counts)} if self._pulses is not None else stats


def _ticks(seconds: float) -> int:
    return int(seconds * 1000) % ticks.PERIOD
