"""The outstation: octets in, octets out (IEEE 1815).

It has one interface with the other protocols of a serial port: `run` takes octets and answers, `poll` is
called with the time again and again and sends what nobody asked for. Both give the number of octets in
`answer`. Time is `fourquad.ticks` in ms; `run` works with the time of the last `poll`.
"""

from fourquad import ticks
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.application import MAX_FRAGMENT
from fourquad.protocols.dnp3.events import Events
from fourquad.protocols.dnp3.link import HEADER, MAX_FRAME, Link, put_header
from fourquad.protocols.dnp3.session import BEGUN, Session
from fourquad.protocols.dnp3.transport import Transport, framed

FOLLOW_MS = 100  # from a change of a setting to its effect, at most
ALWAYS = 2  # of the option CONFIRMED
PARTIAL_MS = 1000  # after which a frame that stopped is forgotten
MAX_ANSWER = framed(MAX_FRAGMENT) + 4 * HEADER

# Offsets into Outstation.counters; each wraps at 2**16.
FRAMES = 0  # with good CRCs, for whomever
BAD_FRAMES = 1
REQUESTS = 2  # fragments to this address
BROADCASTS = 3
EXCEPTIONS = 4  # responses that say that something was wrong with the request
LATE = 5  # always 0
SUPERSEDED = 6  # answers dropped for another one
COUNTERS = ("frames", "bad_frames", "requests", "broadcasts", "exceptions", "late", "superseded")


class Outstation:
    """`tables`: a profile (see profile.py). `address`, `speed`: the point ids whose values are our link
    address and the speed of the line, if it is a serial one. `shared`: what it has together with others of
    the meter (shared.py): then it is to be told to `begin`, and of a longer answer `poll` has the rest, while
    `left`.
    """

    framed = False  # frames are found without silence between them

    def __init__(self, points, tables, address, speed=None, answer=None, shared=None):
        if shared:
            answer = shared.answer
        self.answer = bytearray(MAX_ANSWER) if answer is None else answer
        self._shared = shared
        self.counters = [0] * len(COUNTERS)
        self._points = points
        self._address = address
        self._speed = speed
        self._settings = None
        self._options = tables[profile.OPTIONS]
        if tables[profile.SETTINGS]:
            self._options = list(self._options)
            self._settings = _settings(tables, points)
        self._version = self._followed = 0
        self._primary = None  # what sends frames with confirmation, while it is wanted
        self._under_way = None  # the fragment that it sends
        self.link = Link(shared.data if shared else None)
        self.transport = Transport(MAX_FRAGMENT, shared)
        self.events = Events(self._options[profile.EVENTS])
        self._now = 0
        self._heard = None  # when octets came; None: since the next poll
        self._polled = False  # whether the time is known
        self.session = None
        if not shared:
            self.begin(tables)

    def begin(self, tables):
        """The other half of making it, which takes as long."""
        shared = self._shared
        self.session = Session(tables, self._options, self._points, self._settings, self.events, shared)
        self._take_options()
        if shared:
            shared.join(self.events)

    @property
    def baud(self):
        """How fast the line must be; 0 where there is none."""
        return 0 if self._speed is None else self._points.read(self._speed)

    def restart(self):
        """Begin anew, as after power-on."""
        self.link.restart()
        self.transport.restart()
        if self._primary:
            self._primary.restart()
        self.session.restart()

    def lost(self):
        """The connection is gone: events that were not confirmed wait for the next one."""
        self.link.restart()
        self.transport.restart()
        if self._primary:
            self._primary.restart()
        self.session.lost()

    def _take_options(self):
        """Settings have changed, or it begins."""
        options, settings = self._options, self._settings
        if settings:
            settings.options(options)
            self._version = settings.version
        self.link.self_address = options[profile.SELF_ADDRESS]
        self.link.broadcasts = options[profile.BROADCASTS]
        if options[profile.CONFIRMED] and not self._primary:
            # imported where it is wanted only
            from fourquad.protocols.dnp3.primary import Primary

            if len(self.answer) < MAX_ANSWER:
                self.answer = bytearray(MAX_ANSWER)
            self._primary = Primary(len(self.answer))
        self.session.follow()

    def stop(self):
        """The port is left: nothing of ours goes on by itself."""

    def run(self, buffer, length, age_us):
        """Take octets, the last of which came `age_us` microseconds ago; the length of the answer, or 0."""
        link = self.link
        if not self._options[profile.ENABLED]:
            return 0
        link.address = self._points.read(self._address)
        self._heard = self._now if self._polled else None
        self.session.heard(ticks.add(self._now, -(age_us // 1000)), age_us // 1000)
        at = n = 0
        while at < length:
            at += link.take(buffer, at, length)
            control = link.next()
            while control >= 0:
                n = self._frame(control, n)
                control = link.next()
        self.counters[FRAMES] = link.frames & 0xFFFF
        self.counters[BAD_FRAMES] = link.bad & 0xFFFF
        self._rest()
        return n

    @property
    def left(self):
        """Whether `poll` has more of an answer, or has to go on before one can be made."""
        s = self.session
        return self.transport.left > 0 or s.making or s.database.work is not None or s.restarting == BEGUN

    def step(self):
        """A slice of what concerns all points, where these are shared; whether there was any."""
        session = self.session
        if session.database.work:
            session.database.step()
        elif session.restarting == BEGUN:
            session.clear()
        else:
            return False
        return True

    def _rest(self):
        if self._shared and not self.transport.left:
            self.session.rest()

    def poll(self, now):
        """Time goes on; the length of what is to be sent without being asked, or 0."""
        self._now = now
        self._polled = True
        link = self.link
        settings = self._settings
        if settings and settings.version != self._version and ticks.diff(now, self._followed) >= FOLLOW_MS:
            self._followed = now
            self._take_options()
        if self._shared and self.step() or not self._options[profile.ENABLED]:
            return 0
        if self.transport.left:
            n = self.transport.more(self.answer, 0)
            self._rest()
            return n
        if self.session.making:
            return self._said(self.session.make())
        if self._heard is None:
            self._heard = now
        if link.pending() and ticks.diff(now, self._heard) >= PARTIAL_MS:
            link.forget()
            self.counters[BAD_FRAMES] = link.bad & 0xFFFF
        primary = self._primary
        if primary and primary.busy:
            self.session.look(now)
            return primary.poll(self.answer, now)
        return self._said(self.session.poll(now))

    def _said(self, length):
        """The session has something to send, or 0."""
        n = 0
        if length:
            self.link.address = self._points.read(self._address)
            n = self._send(0, length)
        self._rest()
        return n

    def _frame(self, control, n):
        """Take the frame that the link found; the length of the answer, `n` so far."""
        link = self.link
        if not link.for_us(control):
            if self._primary and link.replies(control):
                return self._primary.reply(control, link.source, self.answer, n, self._now)
            return n
        master = self._options[profile.MASTER]
        if self._options[profile.CHECK_MASTER] and master and link.source != master:
            return n
        service = link.serve(control)
        reply = service >> 1
        if reply >= 0:
            if n + HEADER > len(self.answer):
                n = self._supersede()
            n = put_header(self.answer, n, reply, 0, link.source, link.address)
        if not service & 1:
            return n
        length = self.transport.receive(link.data, link.length, link.source, link.broadcast)
        if not length:
            return n
        self._tally(BROADCASTS if link.broadcast else REQUESTS, 1)
        session = self.session
        length = session.fragment(self.transport.buffer, length, link.source, link.broadcast)
        self.transport.release()
        if session.error:
            self._tally(EXCEPTIONS, 1)
        return self._send(n, length) if length else n

    def _send(self, n, length):
        least = framed(length)
        if self._shared and least > MAX_FRAME:
            least = MAX_FRAME  # the others come later
        if self.transport.left or n + least > len(self.answer):
            n = self._supersede()
        session = self.session
        us = self.link.address
        end = self.transport.send(self.answer, n, session.destination, us, session.outgoing, length)
        confirmed = self._options[profile.CONFIRMED]
        if confirmed == ALWAYS or confirmed and end - n > MAX_FRAME:
            primary = self._primary
            if primary.busy:
                session.dropped(self._under_way)
            self._under_way = session.outgoing
            return primary.send(self.answer, n, end, self._now)
        return end

    def _supersede(self):
        """Answers so far are dropped for another one."""
        self.transport.left = 0
        self._tally(SUPERSEDED, 1)
        return 0

    def _tally(self, which, n):
        self.counters[which] = (self.counters[which] + n) & 0xFFFF


def _settings(tables, points):
    from fourquad.protocols.dnp3.configuration import find

    return find(tables, points)


def make(tables, parts, address, speed):
    """An outstation on a port, as protocols/station.py wants it."""
    return Outstation(parts[0], tables, address, speed), COUNTERS
