"""The gate where samples become codes, and the sums of what is at its ends (findings F1, F2)."""

import math

import numpy as np
import pytest

import fourquad.models.a1000 as a1000
from fourquad import points as p
from fourquad.metering.kernels.make import make
from fourquad.metering.kernels.plan import FRAMES, Plan
from fourquad.points import billing as b
from fourquad_tools.plant.frontend import CHANNELS, FULL_SCALE, PEAK_AMPS, PEAK_VOLTS, WIDEST, FrontEnd
from fourquad_tools.plant.generator import Sines
from fourquad_tools.plant.load import parse_load
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

KINDS = {"ideal": WIDEST, "24bit": FULL_SCALE, "16bit": FULL_SCALE, "12bit": FULL_SCALE}


def rows(*values: float) -> np.ndarray:
    return np.array([[value] * CHANNELS for value in values])


@pytest.mark.parametrize("kind", KINDS)
def test_codes_end_at_the_ends_of_the_range_and_are_counted(kind: str) -> None:
    front, end = FrontEnd(kind), KINDS[kind]
    step = 1 << {"12bit": 12, "16bit": 8}.get(kind, 0)
    codes = front.codes(rows(3.0 * end, -3.0 * end, math.inf, -math.inf, 0.0))
    assert [row[0] for row in codes.tolist()] == [end - step, -end, end - step, -end, 0]
    assert front.saturated and front.clipped == 4 * CHANNELS and front.wild == 0
    front.codes(rows(0.5 * end))
    assert not front.saturated and front.clipped == 4 * CHANNELS


def test_what_is_no_number_repeats_the_code_before() -> None:
    front = FrontEnd("ideal")
    assert front.codes(rows(math.nan, 100.0, math.nan, math.nan, 7.0))[:, 2].tolist() == [0, 100, 100, 100, 7]
    assert front.codes(rows(math.nan, 8.0))[:, 5].tolist() == [7, 8]
    assert front.wild == 4 * CHANNELS and front.clipped == 0


@pytest.mark.parametrize("bits", [*range(8, 25), 28])
@pytest.mark.parametrize("cycles", [1, 5, 40])
def test_square_waves_from_end_to_end_are_summed_exactly(bits: int, cycles: int) -> None:
    """Against Python's integers, with offsets at either end and in the middle, in phase and against it."""
    low, high = (0, (1 << bits) - 1) if bits <= 16 else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    codes = np.empty((cycles * FRAMES, 2), dtype=np.int64)
    up = np.arange(cycles * FRAMES) % FRAMES < FRAMES // 2
    codes[:, 0] = np.where(up, high, low)
    for second in (codes[:, 0], np.where(up, low, high)):
        codes[:, 1] = second
        for offset in (low, high, (low + high + 1) // 2):
            plan = Plan(2, ((0, 1),))
            kernel = make(plan, bits, True)
            kernel.offsets = [offset, offset]
            kernel.run(codes, 0, cycles)
            x, y = ([int(v) - offset for v in codes[:, c]] for c in (0, 1))
            sums = kernel._sums
            assert sums[plan.q(0)] == sum(v * v for v in x) and sums[plan.q(1)] == sum(v * v for v in y)
            assert sums[plan.p(0)] == sum(v * w for v, w in zip(x, y, strict=True))
            assert sums[plan.s(0)] == sum(x)


def simulator(volts: float, amps: float, adc: str = "ideal") -> Simulator:
    load = parse_load({"phases": [{"volts": volts, "amps": amps}, {}, {}]})
    sim = Simulator(a1000, Sines(load), adc, Storage(None), 1.8e9)
    sim.power_on()
    while sim.now < 4.0:
        sim.step()
    return sim


def cut_off(peak: float, end: float) -> float:
    """RMS of a sine that is cut off at `end`, in closed form."""
    cut = math.asin(min(1.0, end / peak))
    square = peak**2 * (cut - math.sin(2 * cut) / 2) + 2 * end**2 * (math.pi / 2 - cut)
    return math.sqrt(square / math.pi)


@pytest.mark.parametrize("amps", [100.0, 360.0, 1000.0, 1400.0, 1e6])
def test_an_overload_reads_the_end_of_the_range(amps: float) -> None:
    """Up to a square wave's 240 A, and never less."""
    sim = simulator(230.0, amps)
    peak, end = amps * math.sqrt(2.0), PEAK_AMPS * WIDEST / FULL_SCALE
    assert sim.device is not None
    read = sim.device.points.read
    assert read(p.SECONDARY + p.I1) == pytest.approx(cut_off(peak, end), rel=2e-3)
    shown = read(p.BILLING + b.ERROR_2) & b.FRONT_END_FAULT
    assert bool(shown) == (peak > end) == (sim.stats()["clipped"] > 0)


def test_an_overvoltage_reads_the_end_of_the_range() -> None:
    sim = simulator(3e4, 1.0)
    assert sim.device is not None
    end = PEAK_VOLTS * WIDEST / FULL_SCALE
    cut = cut_off(3e4 * math.sqrt(2.0), end)
    assert sim.device.points.read(p.SECONDARY + p.V1) == pytest.approx(cut, rel=2e-3)


@pytest.mark.parametrize("level", [1e-4, 1e-3, 1e-2])
def test_noise_alone_is_no_current_and_no_energy(level: float) -> None:
    """Finding T8: as a board's, the channels of the simulator have floors above their noise."""
    load = parse_load({"phases": [{"volts": 230.0, "amps": 0.0}, {}, {}], "noise": level})
    sim = Simulator(a1000, Sines(load), "ideal", Storage(None), 1.8e9)
    sim.power_on()
    seen = set()
    while sim.now < 30.0:
        sim.step()
        assert sim.device is not None
        read = sim.device.points.read
        seen |= {read(p.FAST + p.I1 + k) for k in range(3)} | {read(p.FAST + p.V2)}
    assert seen == {0.0}
    assert read(p.SECONDARY + p.V1) == pytest.approx(230.0, rel=0.01)
    assert read(p.ENERGY + p.ES) == 0
    assert sim.device.meter.energy._residues == [0] * 20


def test_what_flows_in_noise_is_still_measured() -> None:
    load = parse_load({"phases": [{"volts": 230.0, "amps": 5.0}] * 3, "noise": 1e-3})
    sim = Simulator(a1000, Sines(load), "ideal", Storage(None), 1.8e9)
    sim.power_on()
    while sim.now < 5.0:
        sim.step()
    assert sim.device is not None
    assert sim.device.points.read(p.SECONDARY + p.P_SUM) == pytest.approx(3450.0, rel=1e-3)
