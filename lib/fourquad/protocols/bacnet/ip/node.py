"""A node of BACnet/IP (ASHRAE 135, annex J): what of the BACnet Virtual Link Control a device speaks that is
no BBMD, as a datagram service (fourquad.net).

As a foreign device it is registered with a BBMD, which then forwards to it what is broadcast, and broadcasts
for it. The time to live is a number of 16 bits: one of more than 65535 s is said to be that long.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.net import EVERYBODY, PIECE
from fourquad.net.address import dotted
from fourquad.points import network as n
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.network import Headers

_TYPE = 0x81
_HEAD = 4  # octets: type, function, length
_FORWARDED_HEAD = 10  # with the address of who sent it
# Functions.
RESULT = 0x00
FORWARDED = 0x04
REGISTER = 0x05
DISTRIBUTE = 0x09
UNICAST = 0x0A
BROADCAST = 0x0B
# What only a BBMD does, and what others say of it.
_REFUSED = (
    (0x01, 0x0010),
    (0x02, 0x0020),
    (REGISTER, 0x0030),
    (0x06, 0x0040),
    (0x08, 0x0050),
    (DISTRIBUTE, 0x0060),
)
_KIND = 0xF0
_EXPECTING = 0x04  # control octet of the network layer: an answer is expected
_RETRY_MS = 10000  # from a registration that nobody answers to the next
_LATEST_S = 60  # before its end a registration is renewed
_TOP_S = 0xFFFF
_LOOK_MS = 1000

# Offsets into Node.counters; each wraps at 2**16.
REQUESTS = 0
BAD = 1  # datagrams that are none of ours
TOLD = 2  # changes of values that were told
REGISTERED = 3  # times that a BBMD has taken us
NOT_REGISTERED = 4  # times that one refused
COUNTERS = ("requests", "bad_frames", "told", "registered", "not_registered")


class Node(Headers):
    """`application`, its network layer and its data link. `again()` begins anew what a master wants to.
    `answer`: a buffer of PIECE octets, in which nothing of ours stays from one call to the next.
    """

    _working = False  # a request takes its time

    def __init__(self, application, points, again, answer):
        Headers.__init__(self, application)
        application.asker = self._asker
        self.answer = answer
        self.busy = False
        self.to = None
        self.counters = [0] * len(COUNTERS)
        self._points = points
        self._again = again
        self._peer = None  # who asks
        self._waiting = None  # a datagram that is for everybody
        self._bbmd = None  # (address, port, time to live in s) of the last registration
        self._asked = None  # when it was
        self._looked = None  # when it was looked at
        self._taken = False  # whether the BBMD has answered it
        application.tick(0)

    def _tally(self, which):
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF

    def _get(self, offset):
        return self._points.read(p.SETTING + offset)

    def _asker(self):
        """(host, port) of who asks, and its address behind a router as bytes."""
        return self._peer, bytes(memoryview(self._source)[: self._routed])

    # What comes.

    def datagram(self, buffer, length, peer, now):
        """One datagram; the length of the answer to `peer`."""
        if self._waiting or self._working:
            return 0  # nobody is to be told two things at once
        if length < _HEAD or buffer[0] != _TYPE or (buffer[2] << 8 | buffer[3]) != length:
            self._tally(BAD)
            return 0
        function = buffer[1]
        if function == RESULT:
            self._result(buffer, length, peer)
            return 0
        if function in (UNICAST, BROADCAST, FORWARDED):
            head = _FORWARDED_HEAD if function == FORWARDED else _HEAD
            if length <= head:
                self._tally(BAD)
                return 0
            self._peer = peer
            self.application.tick(now)
            return self._take(buffer, head, length, function != UNICAST)
        for each, why in _REFUSED:
            if each == function:
                self.answer[4] = why >> 8
                self.answer[5] = why & 0xFF
                return self._framed(RESULT, 6)
        self._tally(BAD)
        return 0

    def _take(self, data, at, end, broadcast):
        """An NPDU, which was for all or for us."""
        begin = self._header(data, at, end)
        if not begin:
            return 0
        kind = data[begin] & _KIND
        subscriptions = self.application.objects.subscriptions
        if kind >= c.SIMPLE_ACK:
            if subscriptions and not broadcast and end - begin >= 2:
                subscriptions.answered(self._peer, data[begin + 1])
            return 0
        self._tally(REQUESTS)
        broadcast = broadcast or self._everywhere
        if broadcast and kind == c.CONFIRMED:
            # only one may be asked to confirm (5.4.5.1)
            return 0
        put = self._broadcast_header if broadcast else self._answer_header
        first = _HEAD + put(self.answer, _HEAD)
        end = self.application.begin(data, begin, end, self.answer, first)
        if end is None:
            # meanwhile others use the buffers
            self.application.keep()
            self.to = self._peer
            self._working = self.busy = True
            return 0
        if end == first:
            return 0
        if not broadcast:
            return self._framed(UNICAST, end)
        self._waiting = bytes(memoryview(self.answer)[: self._to_all(end)])
        self.busy = True
        return 0

    def _framed(self, function, length):
        """`answer` with the header of the data link."""
        self.answer[0] = _TYPE
        self.answer[1] = function
        self.answer[2] = length >> 8
        self.answer[3] = length & 0xFF
        return length

    def _to_all(self, length):
        """The same for everybody: by the BBMD that we are registered with, or on the local network."""
        if self._get(n.BACNET_FOREIGN):
            self.to = self._wanted()[:2]
            return self._framed(DISTRIBUTE, length)
        self.to = (EVERYBODY, self._get(n.BACNET_PORT))
        return self._framed(BROADCAST, length)

    def _result(self, buffer, length, peer):
        """What a BBMD says to a registration."""
        if length != 6 or not self._bbmd or peer != self._bbmd[:2]:
            self._tally(BAD)
            return
        self._taken = buffer[4] == 0 and buffer[5] == 0
        self._tally(REGISTERED if self._taken else NOT_REGISTERED)

    # What is said unasked.

    def poll(self, now):
        """The next datagram to `to`."""
        application = self.application
        application.tick(now)
        waiting = self._waiting
        if waiting:
            self._waiting = None
            self.busy = False
            self.answer[: len(waiting)] = waiting
            return len(waiting)
        if self._working:
            return self._go_on()
        if application.restart is not None:
            application.restart = None
            self._again()
            return 0
        if self._asked is None or ticks.diff(now, self._looked) >= _LOOK_MS:
            length = self._register(now)
            if length:
                return length
        if application.control:
            return 0
        self._routed = 0
        first = _HEAD + self._broadcast_header(self.answer, _HEAD)
        end = application.initiate(self.answer, first)
        return self._to_all(end) if end != first else self._tell(now)

    def _go_on(self):
        """A slice of a request: the length of its answer once that is there."""
        application = self.application
        self._working = self.busy = False  # nor after an exception
        end = application.go_on()
        if end is None:
            self._working = self.busy = True
            return 0
        self.answer[:end] = memoryview(application.writer.buffer)[:end]
        return self._framed(UNICAST, end)

    def _tell(self, now):
        """A change of a value."""
        subscriptions = self.application.objects.subscriptions
        if not subscriptions:
            return 0
        subscriptions.tick(now)
        each = subscriptions.due(now)
        if each is None:
            return 0
        self.to = each.peer
        self._routed = len(each.routed)
        self._source[: self._routed] = each.routed
        first = _HEAD + self._answer_header(self.answer, _HEAD)
        if each.confirmed:
            self.answer[_HEAD + 1] |= _EXPECTING
        writer = self.application.writer
        writer.begin(self.answer, first, PIECE)
        subscriptions.put(each, writer, now)
        self._tally(TOLD)
        return self._framed(UNICAST, writer.at)

    def _wanted(self):
        """(address, port, seconds) of a registration as it is set now."""
        seconds = min(_TOP_S, 60 * self._get(n.BACNET_TTL))
        return dotted(self._points, n.BACNET_BBMD), self._get(n.BACNET_BBMD_PORT), seconds

    def _register(self, now):
        """Register as a foreign device, if it is time to."""
        self._looked = now
        if not self._get(n.BACNET_FOREIGN):
            self._bbmd = None
            self._asked = now
            return 0
        wanted = self._wanted()
        if wanted == self._bbmd:
            seconds = wanted[2] - _LATEST_S if self._taken else _RETRY_MS // 1000
            if ticks.diff(now, self._asked) < 1000 * seconds:
                return 0
        self._bbmd = wanted
        self._asked = now
        self._taken = False
        self.to = wanted[:2]
        self.answer[4] = wanted[2] >> 8
        self.answer[5] = wanted[2] & 0xFF
        return self._framed(REGISTER, 6)
