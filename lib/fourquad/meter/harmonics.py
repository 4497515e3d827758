"""The harmonics that the chain works out, as points."""

from fourquad import points as p
from fourquad.part import Part


class Harmonics(Part):
    """Answers for points.HARMONIC."""

    def __init__(self, values):
        self._values = values

    def provide(self, points, commands):
        points.provide(p.HARMONIC, p.ReadOnly(self._values), 7)


def make(meter):
    """The part of a meter."""
    return Harmonics(meter.chain.harmonics.values)
