"""Keeps power quality's events in a ring of their own and its waveforms in groups."""

from struct import pack

from fourquad.device.store import Log, mount
from fourquad.records.groups import Groups
from fourquad.records.ring import Ring

_UNITS = 32  # of a ring: each takes memory
_MOST = 100  # groups


class GroupStore(Log):
    """Erases the next place of `groups` ahead; what was under way when the supply warns is given up."""

    def __init__(self, groups, capture, meter):
        super().__init__(groups, meter)
        self._capture = capture

    def snapshot(self):
        """What is not whole is none."""
        self._capture.give_up()


def connect(meter, quality, flash, places):
    """The stores of events.quality.Quality (device/store.py)."""
    first, sectors = places["quality"]
    size, capture = quality.view.EVENT_SIZE, quality.capture
    span = max(1, sectors // _UNITS)
    tag = pack("<I", meter.mark("quality", size))
    ring = Ring(flash, first, sectors, size, span, b"FQQ", tag)
    events = mount(ring, meter)
    groups = Groups(
        flash, *places["waveforms"], capture.SIZE, capture.HEAD, _MOST, meter.mark("waveforms", capture.SIZE)
    )
    store = GroupStore(groups, capture, meter)
    try:
        groups.mount()
    except OSError:
        store.fails()
    quality.connect(ring, groups, store.fails)
    return [events, store]
