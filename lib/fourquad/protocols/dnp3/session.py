"""The application layer of an outstation: requests to responses, confirmations, unsolicited responses.

One fragment at a time is under way that a master has to confirm, solicited or unsolicited: what a master
reads while an unsolicited one waits is answered when that has been confirmed or given up (IEEE 1815,
5.1.1.1.1).
"""

from fourquad import ticks
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import profile
from fourquad.protocols.dnp3.controls import Controls
from fourquad.protocols.dnp3.database import Database
from fourquad.protocols.dnp3.fragment import Fragment
from fourquad.protocols.dnp3.reader import Reader
from fourquad.protocols.dnp3.repeats import again, nothing
from fourquad.protocols.dnp3.requests import Frozen, Requests, put_delay
from fourquad.protocols.dnp3.unsolicited import Unsolicited

_HEAD = 4  # octets of a response before its objects
_SLICE = 4  # points, or runs of points, of a response on a network: up to 5 ms on an RP2040
MAX_UNSOLICITED = 496  # two frames

# Of a restart: a master wants it; shared points are gone through, and `clear` is the end of it.
_ASKED, BEGUN = 1, 2

# Broadcast addresses and what they want of the next response.
_MUST_CONFIRM = 65534


class Session:
    """`tables`: a profile; `options`: its options as they are now; `settings`: a configuration, or None.

    What is to be sent is in `outgoing`, an array of octets, when a method gives a length.
    """

    def __init__(self, tables, options, points, settings, events, shared=None):
        self._options = options
        self.events = events
        self._shared = shared
        database = shared.points() if shared else None
        self._changes = shared if database else self.events  # who is told what changes
        self.database = database or Database(tables[profile.POINTS], points, settings)
        self.database.finish()
        self._bits = self.indications  # made once: a bound method takes heap
        frozen = Frozen(self.database)
        self.reader = Reader(self.database, events, frozen, self._bits)
        self.controls = Controls(tables[profile.CONTROLS], self.database, points, options[profile.SELECT_MS])
        self.requests = Requests(self.database, points, frozen)
        self._headers = a.Headers()
        self._out = Fragment(a.MAX_FRAGMENT, shared)
        self.unsolicited = Unsolicited(
            options, events, self.reader.history, Fragment(MAX_UNSOLICITED, shared)
        )
        self.outgoing = self._out.buffer
        self.destination = 0  # and who is to get it
        self.master = 0  # who asked last
        self.making = False  # `make` goes on with a response
        self._control = 0  # of that
        self.error = 0  # whether the last request was refused, as second indications octet
        self._now = self._came = self._age = 0
        self._again = None  # the last response, where its buffer is lent
        self.clear()

    def restart(self):
        """As after power-on: no events, nothing unsolicited enabled, time and restart indications set."""
        if self._changes is self._shared:
            self._shared.restart(self._now)
            self.restarting = BEGUN
        else:
            self.database.restart()
            self.database.finish()
            self.clear()

    def clear(self):
        """Of a restart what concerns no points."""
        self.making = False
        self.events.clear()
        self.controls.disarm()
        self.reader.drop()
        self.unsolicited.restart()
        r = self.requests
        r.restart = True
        r.enabled = 0
        r.recorded = r.recorded_at = None
        r.time_set = False
        self._need_time = True
        self._time_set_at = 0
        self._broadcast = 0
        self._waiting = False  # for the confirmation of a solicited response
        self._deferred = -1  # sequence number of a read that waits
        self._deferred_error = 0
        self._last = nothing()
        self._length = 0  # of the last response; 0 if there was none
        self._sequence = self._partner = self._since = 0
        self.restarting = 0
        self.reader.history.synchronised = False
        self.rest()

    def rest(self):
        """All that was to be sent is in frames."""
        if self._shared and not self._waiting and not self.making:
            self._out.rest()

    # Indications.

    def indications(self):
        """The internal indications as they are now, without what concerns a single request."""
        e = self.events
        bits = a.BROADCAST if self._broadcast else 0
        for klass in (1, 2, 3):
            if e.unwritten[klass]:
                bits |= a.CLASS_1 << (klass - 1)
        if self._need_time and self._options[profile.ASK_TIME]:
            bits |= a.NEED_TIME
        if self.requests.restart:
            bits |= a.RESTART
        if e.overflow:
            bits |= a.OVERFLOW
        return bits

    # Time.

    def heard(self, came, age_ms):
        """Octets came at the tick `came`, `age_ms` ago."""
        self._came = came
        self._age = age_ms

    def poll(self, now):
        """Events, time-outs, unsolicited responses; the length of what is to be sent."""
        self.look(now)
        if self.restarting:
            self.restart()
        if self.restarting:
            return 0
        if self._waiting and ticks.diff(now, self._since) >= self._options[profile.CONFIRM_MS]:
            self._give_up()
        u = self.unsolicited
        if u.waiting:
            if u.lost:
                length = u.resend(now)
            elif not u.expired(now):
                return 0
            elif self._deferred >= 0:
                u.fail(now)
                return self._respond_deferred()
            else:
                length = u.again(now)
        else:
            master = self._options[profile.MASTER] or self.master
            if self._waiting or not master:
                return 0
            length = u.begin(now, self.requests.enabled, self._bits)
            u.master = master
        if length:
            self.outgoing = u.out.buffer
            self.destination = u.master
        return length

    def dropped(self, outgoing):
        """The link sent the fragment in this buffer not whole, because a request came meanwhile."""
        u = self.unsolicited
        u.lost = u.waiting and outgoing is u.out.buffer

    def look(self, now):
        """Time goes on, and nothing can be sent."""
        self._now = now
        self.database.scan(self._changes, now)
        self._watch_time(now)

    def follow(self):
        """The options have changed."""
        self.database.follow()
        if self._changes is not self._shared:
            self.database.finish()
        self._time_left = self._options[profile.TIME_PERIOD]

    def _watch_time(self, now):
        period = self._options[profile.TIME_PERIOD]
        if self._need_time or not period:
            return
        # counted in pieces, for ticks wrap
        if ticks.diff(now, self._time_set_at) >= 1000:
            self._time_set_at = ticks.add(self._time_set_at, 1000)
            self._time_left -= 1
            if self._time_left <= 0:
                self._need_time = True
                self.reader.history.synchronised = False

    _time_left = 0

    def lost(self):
        """Nobody can confirm what was sent."""
        if self.making:
            self.making = False
            self._give_up()
        if self._waiting:
            self._give_up()
        if self.unsolicited.waiting:
            self.unsolicited.fail(self._now)
        self.unsolicited.revive()
        self._deferred = -1
        self.rest()

    def _give_up(self):
        """The master does not confirm: its events wait for another response."""
        self._waiting = False
        self.events.release()
        self.reader.drop()

    # Requests.

    def fragment(self, buffer, length, source, broadcast):
        """Take a fragment; the length of the response in `outgoing`, or 0."""
        self.error = 0
        if length < 2:
            return 0
        control = buffer[0]
        function = buffer[1]
        if function == a.CONFIRM:
            return 0 if broadcast or length != 2 else self._confirm(control, source)
        # requests are one fragment, are no unsolicited ones, and responses are not for us
        if control & (a.FIR | a.FIN | a.UNS) != a.FIR | a.FIN or function >= a.RESPONSE - 1:
            return 0
        self._headers.begin(buffer, 2, length)
        if broadcast:
            self._take_broadcast(function, broadcast)
            return 0
        self.master = source
        sequence = control & a.SEQUENCE
        repeated = again(self._last, buffer, length, source, sequence, self._now)
        if repeated:
            self.destination = source
            if function != a.READ:
                self.outgoing = self._again if self._shared else self._out.buffer
                return self._length
            if self._waiting and sequence == self._sequence:
                self._since = self._now
                self.outgoing = self._out.buffer
                return self._length
        if self._waiting:
            self._give_up()
        self._deferred = -1
        self._length = 0
        self._sequence = sequence
        self._partner = source
        if function == a.READ:
            return self._read()
        if function not in (a.SELECT, a.OPERATE):
            self.controls.disarm()
        self._out.begin(_HEAD)
        self.error = self._execute(function, source)
        if function in a.SILENT and not self.error & a.NO_FUNCTION:
            return 0
        length = self._respond(a.FIR | a.FIN, self.error)
        if self._shared:
            self._again = bytes(memoryview(self._out.buffer)[:length])
        return length

    def _execute(self, function, source):
        """Do what a request asks for, objects of the response to `_out`; the second indications octet."""
        h, r = self._headers, self.requests
        if function == a.WRITE:
            return self._write()
        if a.SELECT <= function <= a.DIRECT_OPERATE_NO_ACK:
            self.controls.request(h, self._out, function, self._sequence, source, self._now)
            return self.controls.error
        if a.FREEZE <= function <= a.FREEZE_NO_ACK and r.can_freeze():
            return r.freeze(h)
        if function in (a.COLD_RESTART, a.WARM_RESTART):
            self.restarting = _ASKED
            put_delay(self._out, 0)
            return 0
        if function in (a.ENABLE_UNSOLICITED, a.DISABLE_UNSOLICITED) and self._options[profile.UNSOLICITED]:
            self.unsolicited.revive()
            return r.unsolicited(h, function == a.ENABLE_UNSOLICITED)
        if function == a.ASSIGN_CLASS:
            return r.assign(h)
        if function == a.DELAY_MEASUREMENT:
            put_delay(self._out, self._age)
            return 0
        if function == a.RECORD_TIME:
            r.recorded_at = self._came
            return 0
        return a.NO_FUNCTION

    def _write(self):
        r = self.requests
        r.recorded = None if r.recorded_at is None else ticks.diff(self._now, r.recorded_at)
        error = r.write(self._headers)
        if r.recorded is None:
            r.recorded_at = None
        if r.time_set:
            r.time_set = False
            self._need_time = False
            self._time_set_at = self._now
            self._time_left = self._options[profile.TIME_PERIOD]
            self.reader.history.synchronised = True
        return error

    def _take_broadcast(self, function, address):
        """A request to all stations: done without a response, if it is one that may come so."""
        self._broadcast = address
        h, r = self._headers, self.requests
        self._out_of_use()
        if function in (a.WRITE, a.FREEZE_NO_ACK, a.RECORD_TIME, a.ASSIGN_CLASS):
            self._execute(function, -1)
        elif function == a.DIRECT_OPERATE_NO_ACK:
            self._out.begin(_HEAD)
            self._length = 0
            self.controls.request(h, self._out, function, 0, -1, self._now)
        elif function in (a.ENABLE_UNSOLICITED, a.DISABLE_UNSOLICITED) and self._options[profile.UNSOLICITED]:
            r.unsolicited(h, function == a.ENABLE_UNSOLICITED)

    def _out_of_use(self):
        """Something else came between a select and its operate, or a response and its confirmation."""
        self.controls.disarm()
        if self._waiting:
            self._give_up()

    # Responses.

    def _read(self):
        self.controls.disarm()
        self.reader.parse(self._headers)
        self.error = self.reader.error
        if self.unsolicited.waiting:
            self._deferred = self._sequence
            self._deferred_error = self.error
            return 0
        return self._respond_read(a.FIR)

    def _respond_deferred(self):
        self._deferred = -1
        self.error = self._deferred_error
        return self._respond_read(a.FIR)

    def _respond_read(self, first):
        """The next fragment of what was asked for; on a network `make` has it."""
        self._out.begin(_HEAD)
        self._control = first | (a.CON if self.reader.events(self._out) else 0)
        if self._shared:
            self.making = True
            return 0
        self.reader.write(self._out)
        return self._read_response()

    def make(self):
        """A slice of a response: its length, or 0 while there is more to do."""
        if not self.reader.write(self._out, _SLICE):
            return 0
        self.making = False
        return self._read_response()

    def _read_response(self):
        control = self._control
        if self.reader.done():
            control |= a.FIN
        else:
            control |= a.CON
        return self._respond(control, self.error)

    def _respond(self, control, error):
        if self._broadcast == _MUST_CONFIRM:
            control |= a.CON
        out = self._out
        bits = self.indications() | error
        b = out.buffer
        b[0] = control | self._sequence
        b[1] = a.RESPONSE
        b[2] = bits & 0xFF
        b[3] = bits >> 8
        if self._broadcast != _MUST_CONFIRM:
            self._broadcast = 0
        if control & a.CON:
            self._waiting = True
            self._since = self._now
            self.events.told = self.events.overflow
        self._length = out.at
        self.outgoing = b
        self.destination = self._partner
        return out.at

    def _confirm(self, control, source):
        sequence = control & a.SEQUENCE
        u = self.unsolicited
        if control & a.UNS:
            if not u.waiting or source != u.master or sequence != u.sequence:
                return 0
            u.confirmed(self._now)
            self._broadcast = 0 if self._broadcast == _MUST_CONFIRM else self._broadcast
            return self._respond_deferred() if self._deferred >= 0 else 0
        if not self._waiting or source != self._partner or sequence != self._sequence:
            return 0
        self._waiting = False
        self._broadcast = 0
        self.events.confirmed()
        if self.reader.done():
            return 0
        self._sequence = (self._sequence + 1) & a.SEQUENCE
        return self._respond_read(0)
