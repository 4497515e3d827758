"""Rows of sums against what must hold between them."""

import math

from fourquad.metering.channels import Channel
from fourquad.metering.forms import Products
from fourquad.metering.frontends.codes import SHAPE, straight_table
from fourquad.metering.kernels.plan import Plan

CHANNELS = [Channel("V", phase, 1.0) for phase in (1, 2, 3)]
PAIRS = ((0, 1), (0, 2), (1, 2))
FORMS = (((0, 2.0),), ((1, 2.0),), ((2, 2.0),))


def near(row, other):
    assert [at for at, _ in row] == [at for at, _ in other], (row, other)
    for i in range(len(row)):
        got, expected = row[i][1], other[i][1]
        assert abs(got - expected) <= 1e-6 * abs(expected), (row, other)


def test_the_sequences_of_one_phase_alone_are_a_third_of_it():
    make = Products(Plan(3, PAIRS), CHANNELS)
    square = make.real(FORMS[0], FORMS[0])
    for order in (1, -1):
        for k in range(3):
            forms = [()] * 3
            forms[k] = FORMS[0]
            near(make.sequence(forms, order), [(at, factor / 9) for at, factor in square])


def value(row, phasors, plan):
    """A row over the sums that these RMS phasors make; forms are twice the channels."""
    sums = [0.0] * plan.size
    for c in range(3):
        sums[plan.m(c)] = abs(phasors[c]) ** 2
    for k, (i, j) in enumerate(PAIRS):
        product = phasors[i] * complex(phasors[j].real, -phasors[j].imag)
        sums[plan.f(k)] = product.real
        sums[plan.r(k)] = product.imag
    return sum([sums[at] * factor for at, factor in row])


def turned(magnitude, degrees):
    return complex(magnitude * math.cos(math.radians(degrees)), magnitude * math.sin(math.radians(degrees)))


def test_balanced_voltages_are_all_of_one_sequence():
    plan = Plan(3, PAIRS)
    make = Products(plan, CHANNELS)
    unit = value(make.real(FORMS[0], FORMS[0]), [turned(1.0, 0.0)] * 3, plan)
    rows = [make.sequence(FORMS, order) for order in (1, -1)]
    for direction in (1, -1):
        phasors = [turned(230.0, -120.0 * k * direction) for k in range(3)]
        got = [value(row, phasors, plan) / unit for row in rows]
        expected = [230.0**2, 0.0] if direction == 1 else [0.0, 230.0**2]
        assert all(abs(got[i] - expected[i]) < 0.1 for i in range(2)), got


def test_slopes_of_straight_codes_are_the_nearest_fraction():
    ends = ((0, 512), (512, 1536), (1536, 2560), (2560, 3584), (3584, 4096))
    table = straight_table(0)
    for piece in range(5):
        start, end = [int(round(10 * x)) for x in SHAPE[piece]]
        first, stop = ends[piece]
        # 1 + (end - start) / 10 / (stop - first), in 1 / 32768, rounded half up in whole numbers
        whole = 10 * (stop - first)
        assert table[2 * piece] == (2 * 32768 * (whole + end - start) + whole) // (2 * whole)
