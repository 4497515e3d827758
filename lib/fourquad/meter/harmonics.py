"""The harmonics that the chain works out, as points."""

from fourquad import points as p


def make(meter):
    """Nothing of its own to keep or to do: the chain does it."""
    meter.points.provide(p.HARMONIC, p.ReadOnly(meter.chain.harmonics.values), 7)
