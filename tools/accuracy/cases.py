"""What is measured, and within which limits: every case is a row of the report and an assertion of a test."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accuracy import iec
from accuracy.fronts import CHIPS, Channel, Front, Rp2040, rp2040_channels, three_phase_channels
from accuracy.plant import Plant, bursts, half_waves, halves, three_phase
from accuracy.rig import Rig
from fourquad import points as p

VOLTS, AMPS = 230.0, 5.0  # U_n and I_n; I_max is 1.2 I_n
LN3, LL1 = 0, 4
NOISE_16 = 2.0  # codes RMS: an effective resolution of 13.2 bits, as an STM32H743's converters have
SECONDS = 4.0
HARMONIC_VOLTS, HARMONIC_AMPS = ((5, 0.1, 0.0),), ((5, 0.4, 0.0),)


@dataclass
class Row:
    """One measured point; error and limit in percent."""

    group: str
    name: str
    current: float
    lag: float
    error: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the error is within the limit."""
        return abs(self.error) <= self.limit


def sixteen() -> Rig:
    """Three phases, 16 bits with noise, calibrated at I_n."""
    front = Front(three_phase_channels(16, 400.0, 12.0), 16, NOISE_16)
    rig = Rig(front, LN3)
    rig.calibrate(VOLTS, AMPS, three_phase)
    return rig


def twelve(chip: int, shift: int = 0, straight: bool = True) -> Rig:
    """The RP2040's converter, two halves of a winding, calibrated at I_n."""
    rig = Rig(Rp2040(rp2040_channels(), chip, shift, straight), LL1)
    rig.calibrate(VOLTS, AMPS, halves)
    return rig


def active(rig: Rig, make: Callable[..., Plant], group: str, column: int) -> Iterator[Row]:
    """All points of table 4; `column` 0 is class 0.2S, 1 class 0.5S."""
    for current, lag, *limits in iec.ACTIVE:
        error = rig.energy(make(VOLTS, current * AMPS, lag), SECONDS).active
        yield Row(group, "", current, lag, error, limits[column])


def reactive(rig: Rig, make: Callable[..., Plant], group: str) -> Iterator[Row]:
    """All points of class 2, inductive."""
    for current, lag, limit in iec.REACTIVE:
        error = rig.energy(make(VOLTS, current * AMPS, lag), SECONDS).reactive
        yield Row(group, "", current, lag, error, limit)


def influences(rig: Rig, make: Callable[..., Plant], group: str, column: int) -> Iterator[Row]:
    """Changes of the error by one influence at a time."""
    references: dict[tuple[float, float], float] = {}
    for name, current, lag, change, limits in _influences(make):
        at = (current, lag)
        if at not in references:
            references[at] = rig.energy(make(VOLTS, current * AMPS, lag), 2 * SECONDS).active
        error = rig.energy(change(current * AMPS, lag), 2 * SECONDS).active
        yield Row(group, name, current, lag, error - references[at], limits[column])


def reactive_influences(rig: Rig, make: Callable[..., Plant], group: str) -> Iterator[Row]:
    """Changes of the error of reactive energy at I_n by voltage and frequency."""
    for lag, off_volts, off_hertz in iec.REACTIVE_INFLUENCES:
        reference = rig.energy(make(VOLTS, AMPS, lag), SECONDS).reactive
        for part, hertz, limit in (
            (0.9, 50.0, off_volts),
            (1.1, 50.0, off_volts),
            (1.0, 49.0, off_hertz),
            (1.0, 51.0, off_hertz),
        ):
            error = rig.energy(make(part * VOLTS, AMPS, lag, frequency=hertz), SECONDS).reactive
            name = f"voltage {part - 1:+.0%}" if part != 1.0 else f"frequency {hertz / 50 - 1:+.0%}"
            yield Row(group, name, 1.0, lag, error - reference, limit)


def start(rig: Rig, make: Callable[..., Plant], group: str) -> Iterator[Row]:
    """Energy at the starting current, and with none at all. The standards ask for some at the first, whose
    error here is to be below a tenth; without current `error` is the energy of 20 s in percent of what the
    starting current makes in them, and none is allowed.
    """
    current = iec.START * AMPS
    error = rig.energy(make(VOLTS, current, 0.0), 4 * SECONDS).active
    yield Row(group, "starting current", iec.START, 0.0, error, 10.0)
    counted = rig.energy(make(iec.NO_LOAD * VOLTS, 0.0, 0.0), 5 * SECONDS)
    least = make(VOLTS, current, 0.0).total()[0] * 5 * SECONDS / 3600
    crept = 100 * max(abs(counted.watt_hours), abs(counted.var_hours)) / least
    yield Row(group, "no load, 115 % of U_n", 0.0, 0.0, crept, 0.0)


Change = Callable[[float, float], Plant]


def _influences(
    make: Callable[..., Plant],
) -> Iterator[tuple[str, float, float, Change, tuple[float, float]]]:
    """Name, current, lag, plant, limits of classes 0.2S and 0.5S (IEC 62053-22:2020 table 8)."""
    for lag, narrow, wide in ((0.0, 0.1, 0.2), (iec.PF_HALF, 0.2, 0.4)):
        for part in (0.9, 1.1):
            text = f"voltage {part - 1:+.0%}"
            yield text, 1.0, lag, lambda i, x, part=part: make(part * VOLTS, i, x), (narrow, wide)
        for hertz in (49.0, 51.0):
            text = f"frequency {hertz / 50 - 1:+.0%}"
            yield text, 1.0, lag, lambda i, x, f=hertz: make(VOLTS, i, x, frequency=f), (0.1, 0.2)
    waves = {"volt_harmonics": HARMONIC_VOLTS, "amp_harmonics": HARMONIC_AMPS}
    text = "5th harmonic: 10 % in U, 40 % in I"
    yield text, 0.6, 0.0, lambda i, x: make(VOLTS, i, x, **waves), (0.4, 0.5)
    yield (
        "sub-harmonics: two cycles on, two off",
        0.5,
        0.0,
        lambda i, x: bursts(make(VOLTS, i, x)),
        (0.6, 1.5),
    )
    # IEC 62053-22 has no limit for it, as its meters have transformers; that of harmonics is taken
    text = "DC and even harmonics: half waves"
    yield text, 0.6, 0.0, lambda i, x: half_waves(make(VOLTS, i, x)), (0.4, 0.5)
    if make is three_phase:
        text = "phase order reversed"
        yield text, 0.1, 0.0, lambda i, x: make(VOLTS, i, x, sequence=-1), (0.05, 0.1)
        for lost in ((1,), (2,), (3,), (1, 2), (2, 3)):
            text = "lost: " + ", ".join(f"phase {k}" for k in lost)
            yield text, 1.0, 0.0, lambda i, x, lost=lost: make(VOLTS, i, x, lost=lost), (0.5, 1.0)


def everything() -> Iterator[Row]:
    """All groups of the report."""
    rig = sixteen()
    yield from active(rig, three_phase, "16 bits, active, class 0.2S", 0)
    yield from reactive(rig, three_phase, "16 bits, reactive, class 2")
    yield from reactive_influences(rig, three_phase, "16 bits, reactive influences, class 2")
    yield from influences(rig, three_phase, "16 bits, influences, class 0.2S", 0)
    yield from start(rig, three_phase, "16 bits, start")
    for chip in CHIPS:
        rig = twelve(chip)
        yield from active(rig, halves, f"RP2040 chip {chip}, active, class 0.5S", 1)
        yield from reactive(rig, halves, f"RP2040 chip {chip}, reactive, class 2")
        yield from reactive_influences(rig, halves, f"RP2040 chip {chip}, reactive influences, class 2")
        yield from influences(rig, halves, f"RP2040 chip {chip}, influences, class 0.5S", 1)
        yield from start(rig, halves, f"RP2040 chip {chip}, start")


def ideal() -> Rig:
    """Three phases, 24 bits, nothing wrong."""
    full = 1 << 23
    channels = [Channel("V", k, 600.0 / full) for k in (1, 2, 3)]
    channels += [Channel("I", k, 20.0 / full) for k in (1, 2, 3)]
    return Rig(Front(channels, 24, 0.0), LN3)


def closed_form(rig: Rig, frequency: float) -> Iterator[Row]:
    """Readings against closed form. Angles are in degrees and the frequency in Hz, not in percent."""
    group = f"ideal, {frequency:g} Hz"
    for lag in (0.0, 60.0, -36.87, 130.0, 250.0):
        plant = three_phase(VOLTS, AMPS, lag, frequency=frequency)
        rig.feed(plant, 3.2)
        active, reactive_power = plant.power(2)
        power = VOLTS * AMPS
        angle = (rig.read(p.ANGLE_I1 + 1) - 120.0 - lag + 180.0) % 360.0 - 180.0
        for name, error, limit in (
            ("V", 100 * (rig.read(p.V1 + 1) / VOLTS - 1), 0.02),
            ("I", 100 * (rig.read(p.I1 + 1) / AMPS - 1), 0.02),
            ("P", 100 * (rig.read(p.P1 + 1) - active) / power, 0.02),
            ("Q", 100 * (rig.read(p.Q1 + 1) - reactive_power) / power, 0.02),
            ("angle", angle, 0.01),
            ("frequency", rig.read(p.FREQUENCY) - frequency, 0.001),
        ):
            yield Row(group, name, 1.0, lag, error, limit)


def harmonics(rig: Rig, frequency: float) -> Iterator[Row]:
    """Worst of the orders 2 to 63, and THD, of a current with some of them; in percent of the fundamental."""
    low = ((2, 0.01, 30.0), (3, 0.2, 10.0), (5, 0.12, 200.0), (11, 0.05, 77.0))
    spectrum = (*low, (40, 0.02, 5.0), (63, 0.01, 90.0))
    plant = three_phase(VOLTS, AMPS, 30.0, frequency=frequency, amp_harmonics=spectrum)
    rig.feed(plant, 5.0)
    read = rig.meter.points.read
    base = p.HARMONIC + p.HARMONIC_I1 + p.CURRENT_HARMONICS
    true = {order: ratio for order, ratio, _ in spectrum}
    errors = [read(base + n - 2) / 100 - 100 * true.get(n, 0.0) for n in range(2, 64)]
    thd = 100 * math.sqrt(sum(ratio**2 for ratio in true.values()))
    group = f"ideal, {frequency:g} Hz"
    yield Row(group, "harmonic, worst of 2 to 63", 1.0, 30.0, max(errors, key=abs), 0.05)
    yield Row(group, "THD", 1.0, 30.0, read(p.HARMONIC + p.THD_I1 + 1) / 100 - thd, 0.05)
