"""The simulator: plant, front end, meter and storage in virtual time.

Virtual time is counted in ticks of the sampling clock since the simulator started; cycles are made in
batches. Who paces it (real time, `advance`, a test) calls `step`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from types import ModuleType
from typing import Any

from fourquad.points import columns as c
from fourquad_tools.pacing import BATCH_S, Pacer
from fourquad_tools.plant.frontend import CLOCK_HZ, FrontEnd
from fourquad_tools.plant.generator import Plant
from fourquad_tools.sim.device import Battery, Device, in_ms
from fourquad_tools.sim.lines import SerialLine
from fourquad_tools.sim.services import Service, services
from fourquad_tools.sim.storage import Storage
from fourquad_tools.sim.terminals import Terminals

FRAMES = 128  # of a cycle
ROOM_C = 23.0  # degrees at the meter, as long as nobody says otherwise
SILENT_S = 1.0  # for which ports wait for readings at most
WARM_UP_S = 1.5  # after which the first readings of a second are there
LOOK_S = 2.2  # of samples, which hold a whole second
LEAP_S = 60
WARNINGS = 100  # that are kept
SLICE_S = 0.02  # real seconds of work between two looks at the ports


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Simulator:
    """One meter and what is connected to it; `start` is the UTC time at which virtual time begins."""

    def __init__(self, model: ModuleType, plant: Plant, adc: str, storage: Storage, start: float) -> None:
        self.model = model
        self.plant = plant
        self.front = FrontEnd(adc)
        self.storage = storage
        self.start = start
        self.ticks = 0
        self.speed = 1.0
        self.sealed = False
        self.cover_open = False
        self.celsius: float | None = ROOM_C
        self.terminals = Terminals(model)
        self.lines = {row[c.NAME]: SerialLine(row, i) for i, row in enumerate(model.PORTS)}
        self.services = services(model)
        self.desks: dict[str, Any] = {}  # what counts for each service
        self.linked = False  # whether clients can come over a network
        self.device: Device | None = None
        self.boots = 0
        self.gaps = 0
        self.frames = 0
        self.slips = 0
        self.stopping = asyncio.Event()
        self.warnings: list[str] = []
        self.tell: Callable[[str], None] = _print
        self._told_clipping = False
        self._silent_until: float | None = None
        self.battery = Battery(lambda: self.utc)
        self.batch = BATCH_S  # of a step: as many whole cycles as come nearest to it
        self._breath = 0.0
        self.pacer = Pacer(self)
        self._day_ahead = start % 86400
        self._follow()
        for end in self.ends.values():
            end.asked = self.pacer.touch
            end.faults.follow(self.pacer)
        for service in self.services.values():
            service.virtual = lambda: self.now_ms
            service.desks = self.desks
            service.serial = storage.serial

    @property
    def ends(self) -> dict[str, SerialLine | Service]:
        """All that masters and clients speak to."""
        return {**self.lines, **self.services}

    @property
    def now(self) -> float:
        """Virtual seconds since the start."""
        return self.ticks / CLOCK_HZ

    @property
    def now_ms(self) -> int:
        """The same as the meter counts it (fourquad.ticks)."""
        return in_ms(self.now)

    @property
    def utc(self) -> float:
        """Seconds since 1970 in virtual time."""
        return self.start + self.now

    @property
    def when(self) -> str:
        """Virtual time for people."""
        return datetime.fromtimestamp(self.utc, timezone.utc).isoformat(timespec="milliseconds")

    def row(self, port: str) -> tuple:
        """The row of the model's PORTS for a port."""
        return next(row for row in self.model.PORTS if row[c.NAME] == port)

    def power_on(self) -> None:
        """Boot the meter from its flash."""
        if self.device is not None:
            return
        self.device = Device(self.model, self.storage, self.battery, self.now)
        self.boots += 1
        self.device.seal(self.sealed)
        self.device.cover(self.cover_open)
        self.device.warm(self.celsius)
        self.terminals.wire(self.device.meter.io)
        self._silent_until = self.now + SILENT_S
        module: Any = getattr(self.device.meter, "network", None)
        if module is not None:
            module.on_reset = self._reset_network
            module.desks = self.desks

    def warm_up(self, prepare: Callable[[Device], None] | None = None) -> None:
        """Boot, and measure until the first readings are there; `start` is the time when that is done.
        `prepare` gets the meter before it measures.
        """
        self.start -= WARM_UP_S
        self.power_on()
        if prepare is not None and self.device is not None:
            prepare(self.device)
        while self.now < WARM_UP_S:
            self.step()

    def power_off(self, warning: bool = True) -> None:
        """Cut the power, with the warning that a board's supply gives, or without."""
        if self.device is None:
            return
        if warning:
            self.device.power_fails()
        self.gaps += self.device.gaps
        self.device.power_off()
        for end in self.ends.values():
            end.power_off()
        self.device = None

    def step(self) -> None:
        """One batch of cycles, and the work that they make due."""
        device = self.device
        if device is None:
            self.ticks += round(self.batch * CLOCK_HZ)
        else:
            period = device.frame_period
            cycles = max(1, round(self.batch * CLOCK_HZ / (period * FRAMES)))
            count = cycles * FRAMES
            self.front.connect(device.connection())
            clipped = self.front.clipped
            codes = self.front.frames(self.plant, self.ticks, period, count)
            if self.front.clipped > clipped and not self._told_clipping:
                self._told_clipping = True
                self.warn(self.front.clipping(codes))
            self.ticks += period * count
            self.frames += count
            device.hear(self.front.noise)
            if self.front.saturated:
                device.meter.saturated()
            device.run(codes, cycles, self.now)
            self._speak(device)
            self._look_at_the_disk()
            if device.restarts:
                # it has saved what it wants to have
                self.power_off(warning=False)
                self.power_on()
        self.plant.forget(self.now)

    def _look_at_the_disk(self) -> None:
        trouble = self.storage.trouble()
        if trouble is not None and trouble not in self.warnings:
            self.warn(trouble)

    def warn(self, line: str) -> None:
        """Tell a line, and keep it for `stats`."""
        self.warnings = [*self.warnings[-WARNINGS:], line]
        self.tell(f"{self.when}: {line}")

    def _speak(self, device: Device) -> None:
        """Let the ports answer once there are readings, as a board does."""
        if self._silent_until is not None and (device.meter.valid or self.now >= self._silent_until):
            self._silent_until = None
            for end in self.ends.values():
                end.power_on(device.points, device.registers)

    def _reset_network(self) -> None:
        for service in self.services.values():
            service.follow(anew=True)

    def connect(self, plant: Plant, adc: str) -> None:
        """Put another load in the place of the present one."""
        self.plant = plant
        self._follow()
        self.front.kind = adc
        self._told_clipping = False

    def _follow(self) -> None:
        """Let a load that has hours know the meter's."""
        if hasattr(self.plant, "follow"):
            self.plant.follow(self.day_ahead)

    def day_ahead(self) -> float:
        """Seconds by which the meter's time of day is ahead of virtual time; as it was before the power was
        cut.
        """
        if self.device is not None:
            self._day_ahead = self.device.day_ahead
        return self._day_ahead

    def set_seal(self, on: bool) -> None:
        """Close or open the seal's switch."""
        self.sealed = on
        if self.device is not None:
            self.device.seal(on)

    def set_cover(self, is_open: bool) -> None:
        """Take the terminal cover off, or put it on."""
        self.cover_open = is_open
        if self.device is not None:
            self.device.cover(is_open)

    def set_temperature(self, celsius: float | None) -> None:
        """Let the thermometer show so many degrees, or not answer."""
        self.celsius = celsius
        if self.device is not None:
            self.device.warm(celsius)

    @property
    def io(self) -> Any:
        """The I/O modules of the meter, None without power or where it has none."""
        return self.device.meter.io if self.device is not None else None

    def set_speed(self, speed: float) -> None:
        """Follow real time `speed` times as fast from now on."""
        self.speed = speed
        self.pacer.rebase()

    async def advance(self, seconds: float, leap: float = 0.0) -> float:
        """Run `seconds` of virtual time as fast as this computer can; how many times real time that was. With
        `leap` the load is sampled for a moment every so many seconds only.
        """
        async with self.pacer.advancing:
            began = time.monotonic()
            target = self.ticks + round(seconds * CLOCK_HZ)
            try:
                while self.ticks < target and not self.stopping.is_set():
                    if leap:
                        await self._leap_until(min(target, self.ticks + round(leap * CLOCK_HZ)))
                        await asyncio.sleep(0)
                    else:
                        await self.work_until((target - 1) / CLOCK_HZ)
                    self._release()
            finally:
                self.pacer.rebase()
                for end in self.ends.values():
                    end.skip(seconds)
            return seconds / max(time.monotonic() - began, 1e-6)

    def _release(self) -> None:
        """Send the late answers that have become due while virtual time was run ahead."""
        for end in self.ends.values():
            end.faults.delays.release()

    async def _leap_until(self, target: int) -> None:
        """Sample until there is a new second, then let it stand for the time to `target`, by minutes."""
        end = min(target, self.ticks + round(LOOK_S * CLOCK_HZ))
        while self.ticks < end:
            self.step()
        while self.ticks < target and not self.stopping.is_set():
            part = min(target - self.ticks, LEAP_S * CLOCK_HZ)
            self.ticks += part
            if self.device is not None:
                self.device.leap(part / CLOCK_HZ, self.now)
            if time.monotonic() - self._breath > SLICE_S:
                await asyncio.sleep(0)
                self._breath = time.monotonic()
        self.plant.forget(self.now)

    async def work_until(self, target: float) -> None:
        """Steps towards `target` (virtual seconds) for one slice of real time, then a look at the ports."""
        end = time.monotonic() + SLICE_S
        while self.now <= target and time.monotonic() < end:
            self.step()
        await asyncio.sleep(0)

    async def pace(self) -> None:
        """Let virtual time follow real time, `speed` times as fast, until `stopping`."""
        await self.pacer.run()

    def stats(self) -> dict[str, Any]:
        """Everything countable since the simulator started."""
        ports = {name: end.stats() for name, end in self.ends.items()}
        flash = self.storage.flash
        return {
            "time": self.when,
            "seconds": self.now,
            "speed": self.speed,
            "speed_reached": float(f"{self.pacer.reached:.3g}"),
            "slips": self.slips,
            "power": self.device is not None,
            "boots": self.boots,
            "samples": self.frames * self.front.channels,
            "clipped": self.front.clipped,
            "wild": self.front.wild,
            "warnings": list(self.warnings),
            "gaps": self.gaps + (self.device.gaps if self.device else 0),
            "frames": sum(ports[name]["frames"] for name in self.lines),
            "errors": sum(port["bad_frames"] + port["spoiled"] for port in ports.values()),
            "ports": ports,
            "flash": {
                "programs": flash.programs,
                "erases": flash.erases,
                "unwritten": self.storage.unwritten,
            },
            **(self.device.stats() if self.device else {}),
        }

    def screen(self) -> Any:
        """What the panel shows, or None without power."""
        if self.device is None:
            return None
        return self.device.screen(max(end.icon for end in self.ends.values()), self.linked)

    def readings(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and unit of every point that the meter has."""
        if self.device is not None:
            yield from self.device.readings()

    def close(self) -> None:
        """Stop as a meter does whose supply is switched off."""
        self.power_off()
        self.storage.close()
