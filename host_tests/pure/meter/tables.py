"""Models for tests: copies of others with a few tables of their own."""

from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.points import columns as c


class Copy:
    """The tables of a model or of its billing, some of them others, some not there."""

    def __init__(self, tables, without=(), **others):
        for key in dir(tables):
            if key[0] != "_" and key not in without:
                setattr(self, key, getattr(tables, key))
        for key in others:
            setattr(self, key, others[key])


def rows_without(rows, offsets):
    """Rows of settings or commands, without those of these offsets."""
    return tuple([row for row in rows if row[c.OFFSET] not in offsets])


def meter(model):
    """A meter of the model, with six channels."""
    return Meter(model, [Channel(kind, phase, 1.0) for kind in ("V", "I") for phase in (1, 2, 3)], 10**6, 12)
