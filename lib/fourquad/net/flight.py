"""What is under way: bytes that the network has taken of us and that nobody has acknowledged yet.

Where the network does not tell (`unacknowledged`, fourquad.net), a piece counts as arrived once the other
side says something or ARRIVED_MS have passed.
"""

from fourquad import ticks
from fourquad.net import PIECE

ARRIVED_MS = 20
_PROMPT = 2 * PIECE  # bytes of the budget that only prompt services use
_AGAIN_MS = 10  # from one try to send the rest of a piece to the next, where room is short


class Flight:
    """Of all connections together; `short`: somebody who has nothing under way waits for room."""

    def __init__(self, sockets):
        self.bytes = 0
        self.short = False
        self._sockets = sockets

    def may(self, slot, now):
        """Whether the network would take an answer: then what asks for one is looked at."""
        if slot.machine is None:
            return True
        takes = self.look(slot, now)
        if slot.held:
            return not self.short or not 0 <= ticks.diff(now, slot.asked) < _AGAIN_MS
        sockets = self._sockets
        if not takes or slot.flight + PIECE > sockets.window:
            return False
        if self.bytes + PIECE <= sockets.budget - (0 if slot.desk.prompt else _PROMPT):
            return True
        if not slot.flight:
            self.short = True
        return False

    def look(self, slot, now):
        """Count what has arrived; whether the other side takes more."""
        tell = self._sockets.unacknowledged
        if tell is None:
            left = slot.flight if 0 <= ticks.diff(now, slot.sent) < ARRIVED_MS else 0
        elif slot.flight or not slot.desk.prompt and slot.handle is not None:
            left = tell(slot.handle)
        else:
            return True
        takes = left >= 0
        if not takes:
            left = ~left
        if left < slot.flight:
            self.arrived(slot, left)
            slot.sent = now
        return takes

    def heard(self, slot):
        """The other side has said something."""
        if self._sockets.unacknowledged is None:
            self.arrived(slot)

    def arrived(self, slot, left=0):
        """All but so many bytes have arrived, or are given up."""
        self.bytes -= slot.flight - left
        slot.flight = left

    def sent(self, slot, n, now):
        """So many bytes more are under way."""
        slot.flight += n
        self.bytes += n
        slot.sent = now

    def stalled(self, slots, now):
        """One whose room others wait for; None, and nobody waits, where there is none."""
        self.short = False
        for slot in slots:
            if slot.flight:
                self.look(slot, now)
                if slot.stalled(now):
                    self.short = True
                    return slot
        return None
