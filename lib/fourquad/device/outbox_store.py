"""Rings for the messages that wait for a broker (events/outbox.py), and for what has become of them.

They are there while messages are made. Other choices of what a message has begin rings that hide the old
ones, with what had not arrived by then.
"""

from struct import pack

from fourquad.device.store import Log
from fourquad.records.ring import Ring

_UNITS = 48  # of the place of the messages, if that makes none smaller than a sector


class Both:
    """Two rings as one, or none."""

    rings = ()

    @property
    def due(self):
        """Whether any has something to do."""
        # asked all day: a generator would be garbage
        for ring in self.rings:  # noqa: SIM110
            if ring.due:
                return True
        return False

    def service(self):
        """Let one of them do a step."""
        for ring in self.rings:
            if ring.due:
                ring.service()
                return


class OutboxStore(Log):
    """Keeps what `part` (events.outbox.Outbox) has at the `places` mqtt and mqttdone."""

    def __init__(self, part, meter, flash, places):
        super().__init__(Both(), meter)
        self._part = part
        self._flash = flash
        self._places = places
        self.tick(0)

    def tick(self, now):
        """Begin with new settings; records are committed as they are made."""
        part = self._part
        if part.failed and not self.failed:
            self.fails()
        if not part.waiting:
            return False
        part.waiting = False
        self._log.rings = ()
        if part.on:
            self._begin()
        return True

    def _begin(self):
        part = self._part
        tag = pack("<I", self._meter.mark("mqtt", tuple(part.masks)))
        first, there = self._places["mqtt"]
        ring = Ring(self._flash, first, there, part.stored(), -(-there // _UNITS), b"FQM", tag)
        marks = Ring(self._flash, *self._places["mqttdone"], part.mark_size, mark=b"FQN", tag=tag)
        ring.mount()
        marks.mount()
        self._log.rings = (ring, marks)
        try:
            part.begin(ring, marks)
        except OSError:
            self.fails()


def connect(meter, part, flash, places):
    """The store of events.outbox.Outbox (device/store.py)."""
    return [OutboxStore(part, meter, flash, places)]
