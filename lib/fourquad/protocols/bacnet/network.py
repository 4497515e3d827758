"""The network layer of a node that does not route (ASHRAE 135, clause 6), whatever its data link is."""

from fourquad.protocols.bacnet.codes import CONFIRMED

_VERSION = 1
_MESSAGE = 0x80  # control octet: a message of the network layer
_DESTINATION = 0x20
_SOURCE = 0x08
_GLOBAL = 0xFFFF
_HOPS = 255
_KIND = 0xF0
_BROADCAST = 255  # what all nodes of an MS/TP line hear
MAX_ADDRESS = 7  # octets of the address of a node that a router speaks for
MAX_NPDU = 21


class Headers:
    """Those of what comes, and of what is said to it. `application.run(buffer, at, end, target, place)`
    answers a request or an announcement: the place after what it put to `target`, or `place` for nothing;
    `broadcast` says whether that is for everybody, and `initiate(target, place)` what it has to say by
    itself.
    """

    def __init__(self, application):
        self.application = application
        self._source = bytearray(3 + MAX_ADDRESS)  # network, length and address of who asked behind a router
        self._routed = 0  # octets of it
        self._everywhere = False  # whether it was to all nodes of all networks

    def _header(self, data, at, end):
        """Where the APDU begins; 0 where there is none for this node."""
        self._routed = 0
        self._everywhere = False
        if end - at < 3 or data[at] != _VERSION or data[at + 1] & _MESSAGE:
            return 0
        control = data[at + 1]
        at += 2
        if control & _DESTINATION:
            if end - at < 3 or (data[at] << 8 | data[at + 1]) != _GLOBAL:
                return 0  # for another network
            self._everywhere = True
            at += 3 + data[at + 2]
        if control & _SOURCE:
            if end - at < 3:
                return 0
            n = 3 + data[at + 2]
            if n > len(self._source) or n == 3 or at + n > end:
                return 0
            self._source[:n] = memoryview(data)[at : at + n]
            self._routed = n
            at += n
        if control & _DESTINATION:
            at += 1
        return at if at < end else 0

    def _answer_header(self, target, at):
        """The header of an answer; its length."""
        target[at] = _VERSION
        n = self._routed
        if not n:
            target[at + 1] = 0
            return 2
        target[at + 1] = _DESTINATION
        target[at + 2 : at + 2 + n] = memoryview(self._source)[:n]
        target[at + 2 + n] = _HOPS
        return 3 + n

    def _broadcast_header(self, target, at):
        """That of an announcement: to the network of who asked, or to all."""
        target[at] = _VERSION
        if not self._routed:
            target[at + 1] = 0
            return 2
        target[at + 1] = _DESTINATION
        target[at + 2 : at + 4] = memoryview(self._source)[:2]
        target[at + 4] = 0  # all nodes there
        target[at + 5] = _HOPS
        return 6


class Network(Headers):
    """What is between a data link and `application`: `take` and `next` as mstp.node.Node wants them."""

    def __init__(self, application, broadcast=_BROADCAST):
        Headers.__init__(self, application)
        self.destination = self._broadcast = broadcast
        self._kept = bytearray(512)  # an announcement that answers waits here
        self._kept_length = 0

    def take(self, source, data, at, length, broadcast, target, place):
        """An NPDU data[at : at + length], `broadcast` to all nodes or to this one; the length of the NPDU
        that answers `source`, in target[place:], or 0.
        """
        begin = self._header(data, at, at + length)
        if not begin:
            return 0
        if (broadcast or self._everywhere) and data[begin] & _KIND == CONFIRMED:
            # only one may be asked to confirm (5.4.5.1)
            return 0
        # the answer is put where it has its place after our own header
        first = place + self._answer_header(target, place)
        end = self.application.run(data, begin, at + length, target, first)
        if end == first:
            return 0
        if not self.application.broadcast:
            return end - place
        # everybody hears it, when this node has the token
        n = self._broadcast_header(self._kept, 0)
        self._kept[n : n + end - first] = memoryview(target)[first:end]
        self._kept_length = n + end - first
        return 0

    def next(self, target, place):
        """What is to be said to `destination`, in target[place:]; its length, or 0."""
        n = self._kept_length
        if n:
            self._kept_length = 0
            target[place : place + n] = memoryview(self._kept)[:n]
            return n
        self._routed = 0
        first = place + self._broadcast_header(target, place)
        end = self.application.initiate(target, first)
        return end - place if end != first else 0
