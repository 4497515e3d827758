"""The master node machine of MS/TP (ASHRAE 135, 9.5.6): it passes the token, finds its successor, answers.

It has no clock and no UART: the port gives octets with their age (`run`) and asks, whenever nothing is being
sent, what is to be sent (`poll`). All times are in ms, `fourquad.ticks`. This node begins no exchange that
wants a reply, so the state WAIT_FOR_REPLY is not there.
"""

from fourquad import ticks
from fourquad.protocols.bacnet.mstp import frames as f

# Parameters of clause 9.5.3; of a range what keeps peace with the most peers.
N_POLL = 50  # tokens after which the gap to the successor is searched for masters
N_RETRY_TOKEN = 1
N_MIN_OCTETS = 4  # that are a sign of life
T_NO_TOKEN = 500
T_REPLY_DELAY = 200  # within which a request is answered
T_REPLY_TIMEOUT = 250  # within which it can be told that the answer comes later; who asked waits for 255
T_USAGE_DELAY = 15  # within which a token or a poll is answered, or not at all
T_SLOT = 10
SLOTS = 128  # one for each address
T_USAGE_TIMEOUT = 35  # 20 to 35: peers on a PC take their time
T_FRAME_ABORT = 30  # 60 bit times to 100 ms
TURNAROUND_BITS = 40
# For so long nobody misses this node while it has the token and has begun to use it.
SPARE = T_NO_TOKEN - 100

# States.
IDLE = 0
USE_TOKEN = 1
DONE_WITH_TOKEN = 2
PASS_TOKEN = 3
POLL_FOR_MASTER = 4
ANSWER = 5  # also a poll for masters

# Settings that a node asks for.
ADDRESS = 0
MAX_MASTER = 1
MAX_INFO_FRAMES = 2
BAUD = 3

COUNTERS = ("frames", "bad_frames", "requests", "tokens", "missed", "generated", "retries", "postponed")
FRAMES = 0  # valid, for whomever
BAD_FRAMES = 1
REQUESTS = 2  # data for this node, or for all
TOKENS = 3  # that came to this node
MISSED = 4  # tokens and polls that it was too late for
GENERATED = 5  # tokens that it made anew after a silence
RETRIES = 6  # tokens that it sent twice
POSTPONED = 7  # answers that were too late for their request

_NONE = -1
_NO_LIMIT = 1 << 28


class Node:
    """`network` is what is above: `take(source, data, at, length, broadcast, target, place)` gets what came
    and puts the answer to target[place:]; its length, or 0. `next(target, place)` puts what is to be said
    without having been asked: its length, or 0, and `network.destination` whom to.

    `get(what)` gives a setting as it is now: ADDRESS, MAX_MASTER, MAX_INFO_FRAMES, BAUD.
    """

    framed = False
    sets_speed = False

    def __init__(self, network, get):
        self.network = network
        self.answer = bytearray(f.MAX_FRAME)
        self.counters = [0] * len(COUNTERS)
        self.get = get
        self.wish = False  # set by who wants `spare` soon
        self.spare = 0  # ms after what was sent last within which nothing is wanted of this node
        self._receiver = f.Receiver()
        self._late = bytearray(f.MAX_DATA)  # an answer that waits for the token
        self.restart()

    def restart(self):
        """Leave the ring, and join it anew (INITIALIZE)."""
        get = self.get
        self.address = self._receiver.address = get(ADDRESS)
        self.baud = get(BAUD)
        self._turnaround = 1 + (TURNAROUND_BITS * 1000 - 1) // self.baud
        self._receiver.abort()
        self.state = IDLE
        self.next_station = self._polled = self.address
        self._passed = N_POLL  # tokens since masters were looked for
        self.sole = False
        self._member = False  # of a ring, in which the token comes
        self._frames = 0  # sent with this token
        self._tries = 0
        self._events = 0  # octets heard since this node spoke
        self._kind = _NONE  # what is to be sent, whom to, and how many octets of data it has
        self._to = self._length = 0
        self._limit = 0  # ms of silence after which that is too late
        self._late_to = self._late_length = 0
        self._heard = self._spoke = False
        self._age = self._silence = 0
        self._last = None  # when the line was last busy

    def stop(self):
        """The port leaves the line."""

    def _tally(self, which):
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF

    def _say(self, kind, to, length=0, limit=_NO_LIMIT):
        self._kind = kind
        self._to = to
        self._length = length
        self._limit = limit

    def waiting(self):
        """Whether there is something to be said."""
        return self._kind != _NONE or self._late_length > 0

    def awaited(self):
        """Whether the token may come at any moment, which is then to be used within T_usage_delay."""
        return self._member and not self.sole

    def sent(self, age_us):
        """What was sent ended `age_us` microseconds ago."""
        self._spoke = False
        self._heard = True
        self._age = age_us // 1000

    # What comes.

    def run(self, buffer, length, age_us):
        """Take octets, the last of which came `age_us` microseconds ago; `poll` sends what they ask for."""
        self._heard = True
        self._age = age_us // 1000
        self._events += length
        receiver = self._receiver
        at = 0
        while at < length:
            at = receiver.next(buffer, at, length)
            found = receiver.found
            if found == f.VALID:
                self._tally(FRAMES)
                self._valid(at == length)
            elif found == f.FOREIGN:
                self._tally(FRAMES)
                self._yield()
            elif found == f.INVALID:
                self._invalid()
        return 0

    def _invalid(self):
        self._tally(BAD_FRAMES)
        if self.state == POLL_FOR_MASTER and self._kind == _NONE:
            self._no_master()

    def _yield(self):
        """Somebody else has the token: what was to be sent is out of date, and data wait for a token."""
        self.state = IDLE
        if self._kind == f.DATA_NOT_EXPECTING_REPLY:
            self._keep(self._to, self._length)
        self._kind = _NONE

    def _valid(self, last):
        """A frame; `last`: nothing has come after it, so that nobody else can have answered it."""
        r = self._receiver
        ours = r.destination == self.address
        if self.state == POLL_FOR_MASTER and self._kind == _NONE and ours and r.kind == f.REPLY_TO_POLL:
            self.sole = False
            self.next_station = r.source
            self._polled = self.address
            self._passed = 0
            self._pass()
            return
        self._yield()
        if not ours and r.destination != f.BROADCAST:
            return
        kind = r.kind
        if kind == f.DATA_EXPECTING_REPLY or kind == f.DATA_NOT_EXPECTING_REPLY:
            self._request(kind == f.DATA_EXPECTING_REPLY and last, not ours)
        elif ours and last:
            if kind == f.TOKEN:
                self._tally(TOKENS)
                self._frames = 0
                self.sole = False
                self._member = True
                self.state = USE_TOKEN
            elif kind == f.POLL_FOR_MASTER:
                self.state = ANSWER
                self._say(f.REPLY_TO_POLL, r.source, 0, T_USAGE_DELAY)
            elif kind == f.TEST_REQUEST:
                end = f.HEADER + r.length
                self.answer[f.HEADER : end] = r.data[f.HEADER : end]
                self.state = ANSWER
                self._say(f.TEST_RESPONSE, r.source, r.length, T_REPLY_DELAY)

    def _request(self, waits, broadcast):
        """Data; `waits`: who sent them waits for an answer; `broadcast`: all nodes got them."""
        r = self._receiver
        self._tally(REQUESTS)
        n = self.network.take(r.source, r.data, f.HEADER, r.length, broadcast, self.answer, f.HEADER)
        if not n:
            return
        if waits and not broadcast:
            self.state = ANSWER
            self._say(f.DATA_NOT_EXPECTING_REPLY, r.source, n, T_REPLY_DELAY)
        else:
            self._keep(r.source, n)

    def _keep(self, to, length):
        """What is in `answer` waits for the token."""
        self._late[:length] = self.answer[f.HEADER : f.HEADER + length]
        self._late_to = to
        self._late_length = length

    # Time, and what is to be sent.

    def poll(self, now):
        """The length of what is to be sent now, which is in `answer`; or 0."""
        if self._spoke or self._last is None:
            # nobody has told when what was sent ended: just now
            self._spoke = False
            self._last = now
        if self._heard:
            self._heard = False
            self._last = ticks.add(now, -self._age)
        silence = self._silence = ticks.diff(now, self._last)
        if self._receiver.begun():
            if silence < T_FRAME_ABORT:
                return 0
            self._receiver.abort()
            self._invalid()
        if silence < self._turnaround:
            return 0
        if self._kind == _NONE:
            self._time(silence)
        return self._send(silence) if self._kind != _NONE else 0

    def due(self):
        """Milliseconds from the last `poll` to the next one that is wanted, if nothing comes before."""
        if self._spoke or self._heard:
            return 0
        if self._receiver.begun():
            end = T_FRAME_ABORT
        elif self._kind != _NONE or self.state in (USE_TOKEN, DONE_WITH_TOKEN):
            end = self._turnaround
        elif self.state in (PASS_TOKEN, POLL_FOR_MASTER):
            end = T_USAGE_TIMEOUT
        else:
            end = T_NO_TOKEN + T_SLOT * self.address
            end += T_SLOT * SLOTS * max(0, 1 + (self._silence - end) // (T_SLOT * SLOTS))
        return max(0, end - self._silence)

    def _send(self, silence):
        kind = self._kind
        if silence > self._limit:
            if kind == f.DATA_NOT_EXPECTING_REPLY:
                self._tally(POSTPONED)
                self._keep(self._to, self._length)
                self._say(f.REPLY_POSTPONED, self._to, 0, T_REPLY_TIMEOUT)
                return self._send(silence)
            # who asked has given up, and may be about to speak
            self._kind = _NONE
            self.state = IDLE
            self._tally(MISSED)
            return 0
        n = f.put(self.answer, kind, self._to, self.address, self._length)
        if kind == f.POLL_FOR_MASTER or self.state == DONE_WITH_TOKEN:
            self.spare = SPARE
            self.wish = False
        else:
            self.spare = 0
        self._kind = _NONE
        if self.state == ANSWER:
            self.state = IDLE
        self._spoke = True
        self._events = 0
        return n

    def _time(self, silence):
        """What the state wants after this silence."""
        state = self.state
        if (state == IDLE or self.sole) and self._moved():
            # nobody waits for this node
            self.restart()
        elif state == USE_TOKEN:
            if silence > T_USAGE_DELAY and not self.sole:
                # the one before us gives the token again, or to another one
                self.state = IDLE
                self._tally(MISSED)
            else:
                self._use()
        elif state == DONE_WITH_TOKEN:
            self._done()
        elif state == PASS_TOKEN:
            if self._events > N_MIN_OCTETS:
                self.state = IDLE
            elif silence >= T_USAGE_TIMEOUT:
                self._again()
        elif state == POLL_FOR_MASTER:
            if silence >= T_USAGE_TIMEOUT:
                self._no_master()
        elif silence >= T_NO_TOKEN and (silence - T_NO_TOKEN) // T_SLOT % SLOTS == self.address:
            # who has missed its slot waits until all have had theirs: the next one is somebody else's
            self._tally(GENERATED)
            self._member = False
            self._search(self.address)

    def _moved(self):
        return self.address != self.get(ADDRESS) or self.baud != self.get(BAUD)

    def _use(self):
        """USE_TOKEN: say something, or nothing."""
        n = self._late_length
        if n:
            self.answer[f.HEADER : f.HEADER + n] = self._late[:n]
            self._late_length = 0
            to = self._late_to
        else:
            n = self.network.next(self.answer, f.HEADER)
            to = self.network.destination
        self.state = DONE_WITH_TOKEN
        if n:
            self._frames += 1
            self._say(f.DATA_NOT_EXPECTING_REPLY, to, n)
        else:
            self._frames = self.get(MAX_INFO_FRAMES)
            self._done()

    def _after(self, station):
        # with an address above Max_Master the search ends at this node, too
        return (station + 1) % (max(self.get(MAX_MASTER), self.address) + 1)

    def _done(self):
        """DONE_WITH_TOKEN."""
        if self._frames < self.get(MAX_INFO_FRAMES):
            self.state = USE_TOKEN
            self._use()
            return
        alone = self.next_station == self.address
        if alone and not self.sole:
            self._search(self.address)
        elif self.wish and not self.sole:
            self._rest()
        elif (self._passed < N_POLL - 1 and not self.sole) or self._after(self.address) == self.next_station:
            self._passed += 1
            self._pass()
        elif self._after(self._polled) != self.next_station:
            self._ask(self._after(self._polled))
        elif self.sole:
            self._passed = 1
            self._search(self.next_station)
        else:
            self._polled = self.address
            self._passed = 1
            self._pass()

    def _rest(self):
        """Poll a master early, the successor where there is no gap before it: until that is over the line is
        this node's, and the ring waits (T_no_token).
        """
        station = self._after(self._polled)
        if station == self.next_station:
            station = self._after(self.address)
        self._ask(station)

    def _pass(self):
        self._tries = 0
        self.state = PASS_TOKEN
        self._say(f.TOKEN, self.next_station)

    def _again(self):
        """Nobody has used the token."""
        if self._tries < N_RETRY_TOKEN:
            self._tries += 1
            self._tally(RETRIES)
            self._say(f.TOKEN, self.next_station)
        else:
            self._passed = 0
            self._search(self.next_station)

    def _search(self, station):
        """Look for a successor after `station`, all round."""
        self.next_station = self.address
        self._ask(self._after(station))

    def _ask(self, station):
        self._polled = station
        self.state = POLL_FOR_MASTER
        self._say(f.POLL_FOR_MASTER, station)

    def _no_master(self):
        """Nobody has answered the poll."""
        if self.sole:
            self._frames = 0
            self.state = USE_TOKEN
        elif self.next_station != self.address:
            self._pass()
        elif self._after(self._polled) != self.address:
            self._ask(self._after(self._polled))
        else:
            self.sole = True
            self._frames = 0
            self.state = USE_TOKEN
