"""A line of MS/TP with byte times: whatever one node says, the others hear, an octet at a time; two at once
spoil each other. Time is counted in microseconds.
"""

from fourquad import ticks
from fourquad.protocols.bacnet.mstp import node as n

STEP_US = 1000


class Network:
    """What is above a node: answers with what came, says what stands in `says`."""

    def __init__(self):
        self.got = []
        self.says = []
        self.destination = 0
        self.answers = True

    def take(self, source, data, at, length, broadcast, target, place):
        self.got.append((source, bytes(data[at : at + length]), broadcast))
        if broadcast or not self.answers:
            return 0
        target[place : place + length] = data[at : at + length]
        return length

    def next(self, target, place):
        if not self.says:
            return 0
        self.destination, data = self.says.pop(0)
        target[place : place + len(data)] = data
        return len(data)


class Station:
    """A node and what it hears: octets that have arrived since it looked last."""

    def __init__(self, address, maximum=127, frames=1, baud=38400, every_us=5000):
        self.network = Network()
        self.settings = [address, maximum, frames, baud]
        self.node = n.Node(self.network, self._get)
        self.inbox = bytearray()
        self.came = 0
        self.busy_until = 0
        self.every = every_us
        self.next = 0
        self.on = True
        self.deaf_until = 0

    def _get(self, what):
        return self.settings[what]

    def look(self, now):
        """At its turn, as a port of the board does; the octets that it says, or None."""
        if not self.on or now < self.busy_until or now < self.deaf_until:
            return None
        if not self.inbox and now < self.next:
            return None
        self.next = now + self.every
        if self.inbox:
            self.node.run(self.inbox, len(self.inbox), now - self.came)
            self.inbox = bytearray()
        length = self.node.poll(now // 1000 % ticks.PERIOD)
        return bytes(self.node.answer[:length]) if length else None


def _end(flight):
    return flight[0]


class Line:
    """`log`: (when it began, who, octets) of each frame, the last `keep` of them."""

    def __init__(self, stations, baud=38400, keep=100000):
        self.stations = stations
        self.octet_us = 10000000 // baud
        self.now = 0
        self.flights = []  # (end of each octet, its value, who said it)
        self.log = []
        self.keep = keep
        self.collisions = 0
        self.spoil = None  # called with each octet: what is heard of it, None for nothing

    def run(self, us):
        end = self.now + us
        while self.now < end:
            self.now += STEP_US
            self._deliver()
            for s in self.stations:
                said = s.look(self.now)
                if said is not None:
                    self.say(said, s)

    def say(self, octets, who=None):
        at = self.now
        busy = self.flights[-1][0] if self.flights else 0
        if busy > at:
            self.collisions += 1
            self.flights = [(end, octet ^ 0x5A, other) for end, octet, other in self.flights]
        for octet in octets:
            self.flights.append((at + self.octet_us, octet ^ (0x5A if busy > at else 0), who))
            at += self.octet_us
        if busy > self.now:
            self.flights.sort(key=_end)
        if who:
            who.busy_until = at
        self.log.append((self.now, who.node.address if who else None, octets))
        if len(self.log) > self.keep:
            self.log.pop(0)

    def _deliver(self):
        while self.flights and self.flights[0][0] <= self.now:
            when, octet, who = self.flights.pop(0)
            if self.spoil:
                octet = self.spoil(octet)
                if octet is None:
                    continue
            for s in self.stations:
                if s is not who and s.on:
                    s.inbox.append(octet)
                    s.came = when

    def tokens(self, since=0):
        """(from, to) of each token that a station has sent since then."""
        sent = [o for when, who, o in self.log if when >= since and who is not None and len(o) == 8]
        return [(o[4], o[3]) for o in sent if o[2] == 0]
