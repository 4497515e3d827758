"""An average power or current: what a quantity of billing is the sum and difference of, over a time."""

SOURCES = 10  # the seven counted quantities in joules, then the three currents in mA s
FIRST_CURRENT = 7

# Of each quantity of points_billing: the sources that add to it, and those that take from it.
_TERMS = (
    ((0,), ()),
    ((1,), ()),
    ((2,), ()),
    ((3,), ()),
    ((4,), ()),
    ((5,), ()),
    ((6,), ()),
    ((2, 3), ()),
    ((4, 5), ()),
    ((0,), (1,)),
    ((0, 1), ()),
    ((2, 3), (4, 5)),
    ((2, 3, 4, 5), ()),
    ((7,), ()),
    ((8,), ()),
    ((9,), ()),
)


def average(quantity, sources, ms, scale=10):
    """In 1 / `scale` W, var, VA or in 1 mA, to the nearest, half away from 0; of no time 0."""
    if ms <= 0:
        return 0
    plus, minus = _TERMS[quantity]
    value = 0
    for s in plus:
        value += sources[s]
    for s in minus:
        value -= sources[s]
    value *= 2000 if plus[0] >= FIRST_CURRENT else 2000 * scale
    return -((ms - value) // (2 * ms)) if value < 0 else (value + ms) // (2 * ms)
