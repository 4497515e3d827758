"""Pulse inputs: nothing of the chip counts, the looks at the contacts do (fourquad.device.terminals)."""


def jobs(io, pins):
    """What must be done besides."""
    return []
