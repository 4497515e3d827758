"""Half cycles and waveforms, which the chain watches for the parts after this one."""

from fourquad.metering.halves import Halves


def make(meter):
    """Nothing of its own to keep or to do: the chain does it."""
    meter.chain.halves = Halves(meter.chain.clock_hz)
