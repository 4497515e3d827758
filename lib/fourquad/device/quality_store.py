"""Keeps power quality's events in a ring of their own and its waveforms in groups."""

from struct import pack

from fourquad.device.store import Log, mount
from fourquad.records.groups import Groups
from fourquad.records.ring import Ring

_UNITS = 32  # of a ring: each takes memory
_MOST = 100  # groups
_AT_ONCE = 4  # events


class EventStore(Log):
    """Keeps the events of `quality` (events.quality.Quality) in `ring`, which is mounted."""

    def __init__(self, ring, quality, meter):
        super().__init__(ring, meter)
        self._quality = quality

    def tick(self, now):
        """Keep some that wait."""
        return self._keep(_AT_ONCE)

    def snapshot(self):
        """Keep all that wait."""
        while self._keep(_AT_ONCE):
            pass

    def _keep(self, most):
        if self.failed:
            return False
        try:
            return self._quality.keep(most)
        except OSError:
            self.fails()
            return False


class GroupStore(Log):
    """Makes groups of what `capture` has taken, and erases the next places of `groups` ahead."""

    def __init__(self, groups, capture, meter):
        super().__init__(groups, meter)
        self._capture = capture

    def tick(self, now):
        """Make a group of what has been taken."""
        return self._capture.commit()

    def snapshot(self):
        """What is not whole is none."""
        if not self._capture.commit():
            self._capture.give_up()


def connect(meter, quality, flash, places):
    """The stores of events.quality.Quality (device/store.py)."""
    first, sectors = places["quality"]
    size, capture = quality.view.EVENT_SIZE, quality.capture
    span = max(1, sectors // _UNITS)
    tag = pack("<I", meter.mark("quality", size))
    ring = Ring(flash, first, sectors, size, span, b"FQQ", tag)
    mount(ring, meter)
    events = EventStore(ring, quality, meter)
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
