"""The meter of the simulator: the Device that a board has, with drivers in virtual time, and what only a
simulator can do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

from fourquad import points as p
from fourquad import ticks
from fourquad.device import device as composed
from fourquad.metering.channels import Channel
from fourquad.points import circuit_names, names
from fourquad.points import columns as c
from fourquad.registers.ratios import transformers
from fourquad_tools.plant.frontend import (
    AMPS_PER_CODE,
    CLOCK_HZ,
    FULL_SCALE,
    NOMINAL_BITS,
    VOLTS_PER_CODE,
    Connection,
)
from fourquad_tools.sim.keys import Keys
from fourquad_tools.sim.storage import Storage

EPOCH_2000 = 946_684_800  # seconds from 1970 to where the meter's clock begins
_KEY_STEP_S = 0.01
_LONGEST_BATCH_MS = 2000
_FLOOR = 1 / 3  # of the noise: a third of it is never in the fundamental, and all of it is not loud


class Battery:
    """The meter's clock, which has a battery: it is wrong by as much as a master has set it wrong.

    `utc()`: the right time, seconds since 1970.
    """

    def __init__(self, utc: Callable[[], float]) -> None:
        self._utc = utc
        self._error = 0.0

    def seconds(self) -> float:
        """What the clock says, seconds since 1970."""
        return self._utc() + self._error

    def set_seconds(self, utc: float) -> None:
        """Set the clock."""
        error = utc - self._utc()
        # by less than this the meter's clock lags, because its samples come in batches
        self._error = error if abs(error) > 0.5 else 0.0


def channels(model: ModuleType) -> list[Channel]:
    """V1 V2 V3 of the virtual front end, then I1 I2 I3 or the inputs of a model with many circuits."""
    volts = [Channel("V", phase, VOLTS_PER_CODE) for phase in (1, 2, 3)]
    return volts + [Channel("I", phase, AMPS_PER_CODE) for phase in getattr(model, "CIRCUITS", (1, 2, 3))]


class Thermometer:
    """A sensor of the temperature. The simulated front end does not drift, so no gain follows it."""

    drifts = False

    degrees: float | None = None

    def celsius(self) -> float | None:
        """Degrees, None where it does not answer."""
        return self.degrees


class Drivers:
    """What a Device asks for (fourquad.device.device), made of what the simulator has."""

    front = SimpleNamespace(clock_hz=CLOCK_HZ, bits=NOMINAL_BITS, words=0)
    defaults = ()
    uart = terminals = modules = vector = network = None  # what they carry comes as calls
    seal = cover = None  # and so do the two switches

    def __init__(self, model: ModuleType, storage: Storage, battery: Battery) -> None:
        self.channels = channels(model)
        self.files = storage.files()
        self.flash = storage.flash
        self.first = self.files.sectors
        self.serial = storage.serial
        self.links = tuple(row[c.LINK] for row in model.PORTS)
        self.rtc = battery
        self.warning = SimpleNamespace(failing=False)
        self.temperature = Thermometer()
        self.contacts = Keys(model)
        self.restarts = False

    def lcd(self) -> None:
        """Who looks draws the screen."""

    def tidy(self) -> None:
        """A PC has room."""

    def restart(self) -> None:
        """The simulator switches power off and on."""
        self.restarts = True


class Device(composed.Device):
    """A meter that has just got its power at `now`."""

    def __init__(self, model: ModuleType, storage: Storage, battery: Battery, now: float) -> None:
        drivers = Drivers(model, storage, battery)
        super().__init__(model, drivers)
        self.model = model
        self._noise = 0.0
        outputs = getattr(getattr(model, "BILLING", None), "PULSES", ())
        self._leds = [i for i, output in enumerate(outputs) if output[1]]
        self._battery = battery
        self._keys = drivers.contacts
        self._drivers = drivers
        self._pulses, self.meter.pulses = self.meter.pulses, None
        self._now = self._displayed = now

    @property
    def frame_period(self) -> int:
        """Ticks from frame to frame that the synchroniser asks for."""
        return self.meter.frame_period

    @property
    def restarts(self) -> bool:
        """Whether a master wants it to begin anew."""
        return self._drivers.restarts

    @property
    def gaps(self) -> int:
        """Gaps in sampling since power-on."""
        return self.meter.state.gaps

    @property
    def utc(self) -> float:
        """What the meter's clock says, in seconds since 1970."""
        return self.meter.clock.now + EPOCH_2000 + self.meter.clock.ms / 1000

    @property
    def day_ahead(self) -> float:
        """Seconds by which the meter's time of day is ahead of virtual time."""
        hour, minute, second = (self.points.read(p.STATE + at) for at in (p.HOUR, p.MINUTE, p.SECOND))
        return hour * 3600 + minute * 60 + second + self.meter.clock.ms / 1000 - self._now

    def connection(self) -> Connection:
        """The wiring and the transformers that the settings say are there."""
        get = self.meter.settings.get
        pt1, pt2, ct1, ct2 = transformers(self.meter.settings, self.model)
        circuits: Any = getattr(self.meter, "circuits", None)
        ratios = tuple(circuits.ratios()) if circuits is not None else ()
        return Connection(get(p.WIRING_U), get(p.WIRING_I), pt1 / pt2, ct1 / ct2, ratios)

    def run(self, codes: Any, cycles: int, now: float) -> None:
        """Measure, and do everything that is due; `now` is virtual time in seconds."""
        meter, now_ms = self.meter, in_ms(now)
        meter.run(codes, 0, cycles)
        # before the next share of impulses is booked
        self._put_out(now_ms)
        while meter.work(now_ms):
            pass
        self._now = now
        for job in self.jobs:
            if job is not self.panel:
                job.work(now_ms)
        for pause in self.pauses:
            if pause.due(now_ms) and pause.overdue(now_ms):
                pause.do(now_ms)
        self._display(now)

    def hear(self, noise: float) -> None:
        """Put the channels' floors above that noise (RMS, a part of full scale), as a board's are above its
        own: an open input reads 0.
        """
        if noise != self._noise:
            self._noise = noise
            for channel in self.meter.channels:
                channel.floor = _FLOOR * noise * FULL_SCALE * channel.gain
            self.meter.show_noise(self.meter.chain.noise_shown)

    def _put_out(self, now_ms: int) -> None:
        """Pulses at their own times, which are finer than a batch of samples."""
        for pulses in self._played():
            self._play(pulses, now_ms)

    def _played(self) -> list[Any]:
        """The pulse outputs of the meter, and those of its I/O modules."""
        io: Any = self.meter.io
        both = (self._pulses, io.pulses if io is not None else None)
        return [pulses for pulses in both if pulses is not None]

    def _play(self, pulses: Any, now_ms: int) -> None:
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
        gaps, now_ms = meter.state.gaps, in_ms(now)
        meter.close()
        # as if samples had been lost, but none were
        meter.gap(round(1000 * seconds))
        meter.state.gaps = gaps
        meter.work(now_ms)
        billing = meter.billing
        if billing:
            billing.lossy = 0
            billing.mark(now_ms, now_ms)
        intervals = getattr(meter, "intervals", None)
        if intervals:
            intervals.window(now_ms, now_ms)
        # all that books a second: some look at its joules before billing takes them
        for slice_ in meter.chain.after_booking:
            slice_()
        if billing:
            billing.supervise()
        for part in (meter.logs, getattr(meter, "outbox", None)):
            for slice_ in part.after_reading if part else ():
                slice_()
        for pulses in self._played():
            pulses.skip()
        self.keeper.save_urgent()
        for pause in self.pauses:
            if pause.due(now_ms):
                pause.do(now_ms)
        self._now = self._displayed = now

    def power_fails(self) -> None:
        """The warning line went low."""
        self.keeper.power_fails(in_ms(self._now))

    def power_off(self) -> None:
        """The supply is gone; the clock runs on."""
        self._battery.set_seconds(self.utc)

    def seal(self, on: bool) -> None:
        """The seal's switch."""
        self.meter.settings.sealed = on

    def warm(self, celsius: float | None) -> None:
        """The thermometer shows so many degrees, or does not answer."""
        self._drivers.temperature.degrees = celsius

    def cover(self, is_open: bool) -> None:
        """The cover's switch, where the model keeps a log of it."""
        book: Any = self.meter.book
        if book is not None:
            book.cover(is_open, in_ms(self._now))

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

    # Keys and screen.

    @property
    def key_names(self) -> list[str]:
        """Names of the keys and chords."""
        return list(self._keys.codes)

    def press(self, key: str, ms: float, now: float) -> Callable[[], bool]:
        """Hold a key or chord for `ms`; whether it is over tells the result. KeyError: no such key."""
        over = self._keys.press(key, ms, now)

        def done() -> bool:
            return self._displayed >= over

        return done

    def _display(self, now: float) -> None:
        while self._displayed < now:
            # Without a key under way one look for each batch is enough.
            busy = self._keys.busy(self._displayed)
            self._displayed = min(now, self._displayed + _KEY_STEP_S) if busy else now
            self._keys.now = self._displayed
            self.panel.look(in_ms(self._displayed))

    def screen(self, communication: int, linked: bool = False) -> Any:
        """What the panel shows; `communication`: 0 quiet, 1 request seen, 2 answered; `linked`: there is a
        network module.
        """
        screen = self.panel.screen
        screen.linked = linked
        self.panel.menu.draw(screen)
        screen.comm = communication
        billing: Any = self.meter.billing
        if self._leds:
            lit = [bool(billing.pulses.states[i]) for i in self._leds]
            screen.pulse, screen.pulse_var = lit[0], lit[-1]
        return screen

    # For people.

    def readings(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and unit of every point but the commands; None where a reading is no number."""
        side = self.meter.settings.get(p.ENERGY_SIDE)
        circuits = circuit_names.POINTS if getattr(self.meter, "circuits", None) else ()
        for pid, name, unit, scale in (*names.POINTS, *circuits):
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
        stats: dict[str, Any] = {"saves": self.store.saves, "storage_failed": self.store.failed}
        if self._pulses is not None:
            stats["pulses"] = list(self._pulses.counts)
        io: Any = self.meter.io
        if io is not None and io.pulses is not None:
            stats["outputs"] = list(io.pulses.counts)
        return stats


def in_ms(seconds: float) -> int:
    """Seconds of virtual time as the meter counts them (fourquad.ticks)."""
    return int(seconds * 1000) % ticks.PERIOD
