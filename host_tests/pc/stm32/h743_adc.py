"""Timer 2 and the three converters: RM0433 39.4 and 25.4 to 25.6. See h743.py."""

from __future__ import annotations

from typing import Any

from h743 import HCLK, TICK_HZ

TIM2_UP, ADC_REQUESTS = 22, (9, 10, 115)
TRGO = 11  # of TIM2, among the converters' events (table 205)
ADEN, ADDIS, ADSTART, ADSTP = 1, 2, 4, 16
ADVREGEN, DEEPPWD, ADCALDIF, ADCAL = 1 << 28, 1 << 29, 1 << 30, 1 << 31
ADCALLIN, LINCALRDY = 1 << 16, 0x3F << 22
COMMANDS = 0x8000003F
ADRDY, OVR = 1, 1 << 4
SAMPLING = (1.5, 2.5, 8.5, 16.5, 32.5, 64.5, 387.5, 810.5)  # converter clocks, by SMP
SAR_16_BITS = 8.5
CALIBRATION_TICKS = TICK_HZ // 1000
REGULATOR_TICKS = TICK_HZ // 100_000  # 10 us
MICROSECOND = TICK_HZ // 1_000_000


class Reload:
    """TIM2's reload register as DMA reaches it."""

    address = 0x4000002C

    def __init__(self, timer: Timer2) -> None:
        self.timer = timer

    def put(self, value: int) -> None:
        self.timer.write(0x2C, value)


class Timer2:
    """Counts up; an update loads the reload register and goes out as the trigger."""

    def __init__(self, bus: Any) -> None:
        self.bus = bus
        self.cr1 = self.cr2 = self.dier = self.psc = 0
        self.preload = self.shadow = 0xFFFFFFFF
        self.run = 0
        self.updates: list[int] = []
        self.reload = Reload(self)

    def read(self, offset: int) -> int:
        return {0x00: self.cr1, 0x04: self.cr2, 0x0C: self.dier, 0x2C: self.preload}[offset]

    def write(self, offset: int, value: int) -> None:
        if offset == 0x00:
            rises = value & 1 and not self.cr1 & 1
            self.cr1 = value
            self.run += 1
            if rises:
                assert self.psc == 0, "the prescaler is not modelled"
                self._next()
            elif value & 1:
                raise AssertionError("changed while it counts: not modelled")
        elif offset == 0x04:
            self.cr2 = value
        elif offset == 0x0C:
            self.dier = value
        elif offset == 0x14:
            assert value == 1
            self._update()
        elif offset == 0x24:
            assert value == 0 and not self.cr1 & 1
        elif offset == 0x28:
            self.psc = value
        elif offset == 0x2C:
            assert value < 1 << 32
            self.preload = value
            if not self.cr1 & 1 << 7:
                self.shadow = value
        else:
            raise AssertionError(f"timer register {offset:#x} is not modelled")

    def _next(self) -> None:
        run = self.run

        def elapsed() -> None:
            if run == self.run:
                self.updates.append(self.bus.now)
                self._update()
                self._next()

        self.bus.at(self.bus.now + self.shadow + 1, elapsed)

    def _update(self) -> None:
        self.shadow = self.preload
        if self.cr2 >> 4 & 7 == 2:
            for adc in self.bus.adcs:
                adc.trigger()
        if self.dier & 1 << 8:
            self.bus.dma.request(TIM2_UP, self.reload)


class AdcCommon:
    """CCR of a pair of converters."""

    def __init__(self, bus: Any) -> None:
        self.bus = bus
        self.ccr = 0

    def read(self, offset: int) -> int:
        assert offset == 8
        return self.ccr

    def write(self, offset: int, value: int) -> None:
        assert offset == 8
        both = [adc for adc in self.bus.adcs if adc.common is self]
        assert not any(adc.cr & ADEN for adc in both), "25.7.2: CCR only while the converters are off"
        self.ccr = value


class Adc:
    """One converter: triggered, discontinuous, oversampled, read by circular DMA."""

    def __init__(self, bus: Any, number: int, common: AdcCommon) -> None:
        self.bus, self.number, self.common = bus, number, common
        self.address = (0x40022000, 0x40022100, 0x58026000)[number] + 0x40
        self.cr = DEEPPWD
        self.isr = 0
        self.regs = dict.fromkeys((0x10, 0x14, 0x18, 0x1C, 0x30), 0)
        self.regs[0x0C] = 0x80000000
        self.linear = False
        self.powered = self.calibrating = self.busy = 0
        self.index = 0
        self.data = 0
        self.missed = 0
        self.conversions: list[tuple[int, int, int]] = []  # ticks, input, ratio

    def read(self, offset: int) -> int:
        if offset == 0x00:
            return self.isr
        if offset == 0x08:
            return self.cr
        return self.regs[offset]

    def write(self, offset: int, value: int) -> None:
        if offset == 0x00:
            self.isr &= ~value
        elif offset == 0x08:
            self._control(value)
        else:
            assert offset in self.regs, f"converter register {offset:#x} is not modelled"
            assert not self.cr & ADSTART, "25.6: only while no conversion is going on"
            self.regs[offset] = value

    def clock(self) -> float:
        """Of the converter: revision V halves what the divider gives (25.4.3)."""
        assert self.common.ccr >> 16 & 3 == 3 and not self.common.ccr & 0x1F, "only HCLK / 4, independent"
        return HCLK / 4 / 2

    def _control(self, value: int) -> None:
        held = self.cr & ~COMMANDS
        if held & DEEPPWD:
            assert not value & (ADVREGEN | ADCAL | ADEN), "25.4.6: first out of deep power down"
        if self.linear:
            assert value & LINCALRDY == LINCALRDY, "25.6.3: a cleared bit 22-27 takes a linearity factor away"
        if value & ADVREGEN and not held & ADVREGEN:
            self.powered = self.bus.now
        commands = value & COMMANDS
        assert commands.bit_count() <= 1, "25.6.3: one command at a time"
        if commands:
            assert value & ADVREGEN and self.bus.now - self.powered >= REGULATOR_TICKS, "regulator is not up"
            boost = 2 if 12.5e6 < self.clock() <= 25e6 else None
            assert value >> 8 & 3 == boost, "25.6.3: BOOST does not fit the clock"
        self.cr = value & ~COMMANDS | self.cr & COMMANDS
        getattr(
            self,
            {
                0: "_none",
                ADCAL: "_calibrate",
                ADEN: "_enable",
                ADDIS: "_disable",
                ADSTART: "_start",
                ADSTP: "_stop",
            }[commands],
        )()

    def _none(self) -> None:
        pass

    def _calibrate(self) -> None:
        assert not self.cr & ADEN and self.cr & ADCALLIN and not self.cr & ADCALDIF
        self.cr |= ADCAL
        self.bus.at(self.bus.now + CALIBRATION_TICKS, self._calibrated)

    def _calibrated(self) -> None:
        self.cr = self.cr & ~ADCAL | LINCALRDY
        self.linear = True

    def _enable(self) -> None:
        assert not self.cr & COMMANDS and self.linear, "25.6.3: not calibrated, or busy"
        self.cr |= ADEN
        self.bus.at(self.bus.now + MICROSECOND, self._ready)

    def _ready(self) -> None:
        self.isr |= ADRDY

    def _disable(self) -> None:
        assert self.cr & ADEN and not self.cr & ADSTART
        self.cr &= ~ADEN

    def _start(self) -> None:
        assert self.cr & ADEN and self.isr & ADRDY and not self.cr & ADSTART
        self.cr |= ADSTART
        self.index = 0
        self.busy = self.bus.now

    def _stop(self) -> None:
        assert self.cr & ADSTART
        self.cr &= ~ADSTART

    def trigger(self) -> None:
        """An edge of TIM2's trigger."""
        config = self.regs[0x0C]
        if not self.cr & ADSTART or not config >> 10 & 3:
            return
        assert config >> 10 & 3 == 1 and config >> 5 & 31 == TRGO, "waits for another event"
        assert config >> 2 & 7 == 0, "not 16 bits"
        assert config & 1 << 16 and not config >> 17 & 7, "a trigger has to make one conversion"
        assert not config & 1 << 13, "25.6.4: DISCEN and CONT exclude each other"
        if self.bus.now < self.busy:
            self.missed += 1
            return
        line = self.regs[0x30]
        number = line >> 6 * (self.index + 1) & 31
        self.index = self.index + 1 if self.index < (line & 15) else 0
        assert self.regs[0x1C] >> number & 1, "25.4.13: input is not preselected"
        setting = self.regs[0x14] >> 3 * number if number < 10 else self.regs[0x18] >> 3 * (number - 10)
        over = self.regs[0x10]
        ratio = (over >> 16 & 0x3FF) + 1 if over & 1 else 1
        assert not over & 1 << 9, "25.6.5: TROVS would want a trigger for each"
        each = (SAMPLING[setting & 7] + SAR_16_BITS) / self.clock() * TICK_HZ
        length = round(each * ratio)
        middle = (self.bus.now + (ratio - 1) * each / 2) / TICK_HZ
        volts = self.bus.signal(self.number, number, middle)
        code = min(max(volts / 3.3 * 65536, 0.0), 65535.0)
        total = round(code * ratio) >> (over >> 5 & 15)
        self.busy = self.bus.now + length
        self.conversions.append((self.bus.now, number, ratio))
        self.bus.at(self.busy, lambda: self._done(total))

    def _done(self, total: int) -> None:
        self.data = total
        assert self.regs[0x0C] & 3 == 3, "25.6.4: DMNGT is not circular DMA"
        if not self.cr & ADSTART or self.isr & OVR:
            return
        if not self.bus.dma.request(ADC_REQUESTS[self.number], self):
            self.isr |= OVR

    def get(self) -> int:
        """The data register."""
        return self.data
