"""Loads that no table of a standard lists: with jumps in their waves, cycling, on few phases or at odd
frequencies. Every case is a row of the report and an assertion of a test, on every modelled front end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from accuracy import cases
from accuracy.cases import AMPS, VOLTS, Row
from accuracy.fronts import CHIPS
from accuracy.plant import Fired, Plant, cycling, half_waves, three_phase
from accuracy.rig import Rig
from fourquad import points as p

SECONDS = 60.0
ANGLES = (45.0, 90.0, 135.0)
LIMIT = 0.1  # percent of P
BURSTS = ((1, 1), (3, 7), (10, 10), (100, 100))  # cycles on, cycles off

FRONTS: dict[str, Callable[[], Rig]] = {
    "ideal": cases.ideal,
    "16 bits": cases.sixteen,
    **{f"RP2040 chip {chip}": lambda chip=chip: cases.twelve(chip) for chip in CHIPS},
    "RP2040 chip 3, 8 conversions": lambda: cases.twelve(3, shift=3),
}


def _errors(rig: Rig, plant: Plant, seconds: float) -> list[float]:
    """Errors of each phase's active energy in percent; a burst's truth is of the time that it was on."""
    rig.feed(plant, 5.0)
    before, start = rig.imported(), rig.time
    rig.feed(plant, seconds)
    after, end = rig.imported(), rig.time
    share = 1.0
    if plant.gate:
        turns = np.linspace(start, end, 2_000_000) * plant.frequency
        share = float(np.mean(plant.gate(turns))) / plant.mean
    out = []
    for k in range(len(before)):
        true = plant.power(k + 1)[0] * share * (end - start) / 3600
        got = after[k] - before[k]
        out.append(100 * (got / true - 1) if true else 100 * got / (VOLTS * AMPS * seconds / 3600))
    return out


def _worst(group: str, name: str, errors: list[float]) -> Row:
    return Row(group, name, 1.0, 0.0, max(errors, key=abs), LIMIT)


def jumps(rig: Rig, group: str) -> Iterator[Row]:
    """Phase-fired and burst-fired loads: the worst phase of each."""
    for leading in (True, False):
        for angle in ANGLES:
            name = f"phase-fired, {'leading' if leading else 'trailing'} edge, {angle:g} degrees"
            yield _worst(group, name, _errors(rig, Fired(VOLTS, AMPS, angle, leading), SECONDS))
    whole = three_phase(VOLTS, AMPS, 0.0)
    for on, off in BURSTS:
        errors = _errors(rig, cycling(whole, on, off), SECONDS)
        yield _worst(group, f"burst-fired, {on} cycles of {on + off}", errors)
    for angle in ANGLES:
        # from the zero of phase 1's cosine, which is at -90 degrees
        plant = cycling(whole, 3, 7, angle / 360.0 - 0.25)
        yield _worst(group, f"burst-fired from {angle:g} degrees, 3 of 10", _errors(rig, plant, SECONDS))


def odd(rig: Rig, group: str) -> Iterator[Row]:
    """Few phases, a reversed order, half waves."""
    whole = three_phase(VOLTS, AMPS, 30.0)
    first = [whole.amps[0], [(1, 0.0, 0.0)], [(1, 0.0, 0.0)]]
    same = Plant([whole.volts[0]] * 3, [whole.amps[0]] * 3)
    for name, plant in (
        ("current in one phase only", Plant(whole.volts, first)),
        ("reversed phase order", three_phase(VOLTS, AMPS, 30.0, sequence=-1)),
        ("one phase on all inputs", same),
        ("half waves", half_waves(three_phase(VOLTS, AMPS, 0.0))),
    ):
        yield _worst(group, name, _errors(rig, plant, 10.0))


def unbalance(rig: Rig, group: str) -> Iterator[Row]:
    """Voltage and current unbalance where the positive sequence is nothing, against what is due."""
    whole = three_phase(VOLTS, AMPS, 0.0)
    back = [(n, rms, lag + 180.0) for n, rms, lag in whole.amps[0]]
    for name, plant, volts, amps in (
        ("reversed phase order", three_phase(VOLTS, AMPS, 0.0, sequence=-1), 100.0, 100.0),
        ("one phase on all inputs", Plant([whole.volts[0]] * 3, [whole.amps[0]] * 3), 0.0, 0.0),
        ("phase 2 exports what phase 1 imports", _back_to_back(whole, back), 0.0, 100.0),
    ):
        rig.feed(plant, 3.2)
        yield Row(group, f"voltage unbalance, {name}", 1.0, 0.0, 100 * rig.read(p.V_UNBALANCE) - volts, 0.3)
        yield Row(group, f"current unbalance, {name}", 1.0, 0.0, 100 * rig.read(p.I_UNBALANCE) - amps, 0.3)


def _back_to_back(whole: Plant, back: list) -> Plant:
    """Current out of phase 1 into phase 2: both sequences are alike, and their quotient is 1."""
    return Plant(whole.volts, [whole.amps[0], back, [(1, 0.0, 0.0)]])


def multiples(rig: Rig, group: str) -> Iterator[Row]:
    """A 50 Hz type on 100 to 400 Hz: no frequency and no harmonics, but the RMS value."""
    for hertz in (100.0, 150.0, 200.0, 250.0, 300.0, 400.0):
        rig.feed(three_phase(VOLTS, AMPS, 0.0, frequency=hertz), 4.0)
        yield Row(group, f"V at {hertz:g} Hz", 1.0, 0.0, 100 * (rig.read(p.V1) / VOLTS - 1), 0.1)
        yield Row(group, f"frequency at {hertz:g} Hz", 1.0, 0.0, rig.read(p.FREQUENCY), 0.0)
        thd = rig.meter.points.read(p.HARMONIC + p.THD_I1)
        yield Row(group, f"THD at {hertz:g} Hz", 1.0, 0.0, float(thd), 0.0)


def reactive_harmonics(rig: Rig, group: str) -> Iterator[Row]:
    """Q of the harmonics of a load that cycles in step with the windows they were measured in once: 10 cycles
    of every 100.
    """
    volts, amps, order = 0.1, 0.4, 5
    whole = three_phase(
        VOLTS, AMPS, 0.0, volt_harmonics=((order, volts, 0.0),), amp_harmonics=((order, amps, 90.0),)
    )
    for period in (20, 40, 50, 100, 200):
        plant = cycling(whole, period // 2, period // 2)
        rig.feed(plant, 10.0)
        before, start = rig.reactive(), rig.time
        rig.feed(plant, 2 * SECONDS)
        true = 3 * 0.5 * VOLTS * volts * AMPS * amps * (rig.time - start) / 3600
        error = 100 * ((rig.reactive() - before) / true - 1)
        yield Row(group, f"Q of the 5th harmonic, on and off every {period} cycles", 1.0, 0.0, error, 10.0)


def everything() -> Iterator[Row]:
    """All groups of the report."""
    for name, make in FRONTS.items():
        rig = make()
        yield from jumps(rig, name)
        if len(rig.front.channels) == 6:
            yield from odd(rig, name)
    yield from unbalance(cases.sixteen(), "16 bits")
    yield from multiples(cases.sixteen(), "16 bits")
    yield from reactive_harmonics(cases.ideal(), "ideal")
