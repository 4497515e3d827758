"""SNTP, version 4, as a client (RFC 4330): the meter's clock follows a time server (manual 5.1.8.5).

The servers are asked in turn until one answers; then the first is asked again after the interval. An answer
counts if it comes from who was asked, repeats our transmit timestamp, and is of a synchronized server. The
clock is corrected where it is off by STEP_MS or more, so that intervals are not cut by every answer; a sealed
clock takes what its seal allows.
"""

from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad import ticks
from fourquad.net.access import text_of
from fourquad.points import network as n

PORT = 123
SIZE = 48  # bytes of a message without authentication
STEP_MS = 200
TIMEOUT_MS = 2000  # of an answer, and of the address of a server
RETRY_MS = 64000  # from the last server that was silent to the first one again
_MINUTE_MS = 60000

_CLIENT = 4 << 3 | 3  # version 4, mode client
_SERVER = 4
_ALARM = 3  # leap indicator: the server is not synchronized
_TO_2000 = 3155673600  # seconds from 1900
_ERA = 1 << 32  # timestamps below half of it are of 2036 and later
_RECEIVED, _SENT = 32, 40  # timestamps of the server in a message
_ORIGINATE = 24

# Offsets into Client.counters; each wraps at 2**16.
ASKED = 0
ANSWERS = 1
CORRECTED = 2
REFUSED = 3  # corrections that the clock did not take: its seal, or beyond its calendar
BAD = 4  # messages that count for nothing
SILENT = 5  # servers that did not answer, have no address, or say that we should go away
COUNTERS = ("asked", "answers", "corrected", "refused", "bad", "silent")


class Client:
    """A datagram service (fourquad.net) that asks."""

    busy = False

    def __init__(self, points, resolve):
        self.answer = bytearray(SIZE)
        self.to = None  # who is asked; None while nobody is
        self.counters = [0] * len(COUNTERS)
        self._points = points
        self._resolve = resolve
        self._server = 0  # the next to be asked
        self._nonce = 0
        self._since = None  # when the server was asked, or its address
        self._pause = 0  # ms from `_rested` on, in which nobody is asked
        self._rested = None

    def poll(self, now):
        """Ask, if it is time to; the length of the question."""
        if self._since is not None and ticks.diff(now, self._since) >= TIMEOUT_MS:
            self._next(now)
        if self._points.read(p.SETTING + n.NTP_NOW):
            self._points.write(p.SETTING + n.NTP_NOW, 0)
            self._begin()
        if self.to or self._resting(now):
            return 0
        host = text_of(self._points, n.NTP_SERVER + self._server)
        address = self._resolve(host) if host else None
        if address is None:
            self._next(now, 1 if host else 0)
            return 0
        if self._since is None or address:
            self._since = now
        if not address:
            return 0
        self.to = (address, PORT)
        self._tally(ASKED)
        self._nonce = (self._nonce + 1) & 0xFFFF
        message = self.answer
        for i in range(SIZE):
            message[i] = 0
        message[0] = _CLIENT
        # not our time, which would tell the server nothing, but what no other question of ours has had
        pack_into(
            ">HHHH",
            message,
            _SENT,
            self._nonce,
            now >> 16,
            now & 0xFFFF,
            self._points.read(p.STATE + p.MILLISECOND),
        )
        return SIZE

    def datagram(self, buffer, length, peer, now):
        """An answer, or something else; nothing is said to it."""
        if not self.to or peer != self.to or length < SIZE or not self._ours(buffer):
            self._tally(BAD)
            return 0
        if not 1 <= buffer[1] <= 15 or buffer[0] >> 6 == _ALARM or not any(buffer[_SENT:SIZE]):
            # the kiss of death, or a server that does not know the time itself
            self._next(now)
            return 0
        self._tally(ANSWERS)
        sent = _ms(buffer, _SENT)
        travelled = ticks.diff(now, self._since) - (sent - _ms(buffer, _RECEIVED))
        self._take(sent + max(0, travelled) // 2)
        self._begin()
        self._rest(now, self._points.read(p.SETTING + n.NTP_INTERVAL) * _MINUTE_MS)
        return 0

    def _ours(self, message):
        mode = message[0] & 7
        return mode == _SERVER and message[_ORIGINATE : _ORIGINATE + 8] == self.answer[_SENT:SIZE]

    def _take(self, true):
        """The time is `true` ms since 2000."""
        points = self._points
        seconds, ms = divmod(true, 1000)
        off = true - (1000 * points.read(p.STATE + p.EPOCH) + points.read(p.STATE + p.MILLISECOND))
        if -STEP_MS < off < STEP_MS:
            return
        why = points.provider(p.STATE).write_set((p.EPOCH, p.MILLISECOND), (seconds, ms), 0, 2)
        self._tally(REFUSED if why else CORRECTED)

    def _begin(self):
        """Go on with the first server."""
        self._server = 0
        self.to = self._since = self._rested = None

    def _next(self, now, silent=1):
        """Ask another server; after the last one wait."""
        self._tally(SILENT, silent)
        self.to = self._since = None
        self._server += 1
        if self._server == n.NTP_SERVERS:
            self._begin()
            self._rest(now, RETRY_MS)

    def _rest(self, now, pause):
        self._rested = now
        self._pause = pause

    def _resting(self, now):
        return self._rested is not None and ticks.diff(now, self._rested) < self._pause

    def _tally(self, which, by=1):
        self.counters[which] = (self.counters[which] + by) & 0xFFFF


def _ms(message, at):
    """A timestamp as ms since 2000 (RFC 4330, 3)."""
    seconds, part = unpack_from(">II", message, at)
    if not seconds >> 31:
        seconds += _ERA
    return 1000 * (seconds - _TO_2000) + (1000 * part >> 32)


def make(row, parts):
    """The service of a row of SERVICES."""
    return Client(parts.points, parts.resolve)
