"""The tariff device's side of IEC 62056-21 mode C on one port: sign-on, change of speed, readout,
programming.

It is a stream: the port gives bytes as they come (`run`) and, whenever nothing is being sent, asks with
`poll` for the next piece of an answer. A readout is never whole in memory. `baud` is the speed that the line
must have now; the port follows it while it does not send. Times are `fourquad.ticks` in ms.
"""

from fourquad import ticks
from fourquad.protocols.iec62056.characters import (
    ACK,
    CR,
    EOT,
    ETX,
    EVEN,
    FOLLOW,
    LF,
    NAK,
    SOH,
    STX,
    WITH_PARITY,
    block_check,
    put,
)
from fourquad.protocols.iec62056.inbox import Inbox

# Times of the standard (6.3.13, 6.3.14) and what we take of them.
ANSWER_MS = 220  # after a request; 200-1500
SWITCH_MS = 1000  # after the ACK that changes the speed: masters reopen their port meanwhile; 200-1500
CHARACTER_MS = 1500  # the longest silence within a message
ACKNOWLEDGE_MS = 1500  # that the master has to answer an identification, or to ask for a repetition
INACTIVE_MS = 90000  # without traffic a session ends; 60-120 s

FIRST_BAUD = 300
SPEEDS = (300, 600, 1200, 2400, 4800, 9600, 19200)  # by the characters 0 to 6

# States.
IDLE = 0
OFFERED = 1  # identification sent
READING = 2  # data readout under way
READ = 3  # data readout sent: the master may ask for it again
PROGRAM = 4

# What a server answers to a message; BLOCKS is a stream in blocks that the master acknowledges one by one.
NOTHING = 0
ACCEPT = 1
REPEAT = 2
REFUSE = 3  # with server.error
STREAM = 4
BLOCKS = 5
BREAK = 6
_IDENT = 7
_CHALLENGE = 8

ANSWER = 256
_REQUEST = 288  # of a message, with room for the longest table
_SLICE = 16  # characters looked at in one poll
_PIECE = 24  # bytes after which a piece goes out: mostly one line; that may be 180 more
_BLOCK = 512  # bytes of a block after which it ends

COUNTERS = ("frames", "bad_frames", "requests", "readouts", "sessions", "refused", "timeouts", "overruns")
FRAMES = 0
BAD_FRAMES = 1
REQUESTS = 2
READOUTS = 3
SESSIONS = 4
REFUSED = 5
TIMEOUTS = 6
OVERRUNS = 7


class Slave:
    """`server`: what answers at the port (server.Server); `parity`: PLAIN, EVEN or FOLLOW; `answer`: a buffer
    of at least ANSWER bytes to answer in.
    """

    framed = False  # bytes may be given as they come
    sets_speed = True  # characters come and go at the speed that `baud` says

    def __init__(self, server, parity=EVEN, answer=None):
        self.answer = bytearray(ANSWER) if answer is None else answer
        self.counters = [0] * len(COUNTERS)
        self.baud = FIRST_BAUD
        self.state = IDLE
        self._server = server
        self._parity = parity
        self._marked = parity == EVEN  # whether the message that comes has parity bits
        self._agreed = self._marked  # whether the session has: as its sign-on had
        self._inbox = Inbox()
        self._request = bytearray(_REQUEST)
        self._count = 0
        self._spoilt = False
        self._checking = False  # the next character is the block check
        self._ready = False  # a message is complete
        self._received = 0  # its block check
        self._pending = NOTHING
        self._sent = NOTHING  # what a NAK repeats
        self._due = 0
        self._stream = None
        self._blocks = False
        self._block = 0
        self._check = 0
        self._sending = False
        self._again = False  # the answer repeats the last one
        self._heard = 0  # the last character
        self._traffic = 0  # the last message for us, or the end of our last answer

    @property
    def busy(self):
        """Whether `poll` has something to do that time alone brings about."""
        waiting = self._count or self._ready or self._inbox.next < self._inbox.waiting
        return bool(self.state != IDLE or waiting or self._sending)

    def run(self, buffer, length, age_us):
        """Take `length` bytes of `buffer`; never answers at once (0)."""
        if self._inbox.put(buffer, length):
            self._tally(OVERRUNS)
        return 0

    def poll(self, now):
        """Call often while nothing is being sent; how many bytes of `answer` to send now."""
        if self._sending:
            self._sending = False
            self._traffic = now
        if self._ready:
            self._ready = False
            self._message(now)
        elif self._inbox.next < self._inbox.waiting:
            self._take(now)
        elif self.state != IDLE or self._count:
            self._times(now)
        if self._stream is not None and not self._pending:
            return self._piece(0)
        if self._pending and ticks.diff(now, self._due) >= 0:
            return self._begin()
        return 0

    def stop(self):
        """Forget the session (the line is gone)."""
        self._idle()
        self._inbox.clear()
        self._count = 0
        self._ready = self._checking = False

    # Receiving.

    def _take(self, now):
        inbox = self._inbox
        data, at = inbox.data, inbox.next
        end = min(at + _SLICE, inbox.waiting)
        while at < end and not self._ready:
            if at == inbox.lost:
                inbox.lost = -1
                self._spoilt = True
                self._checking = False
            self._character(data[at], now)
            at += 1
        inbox.next = at
        self._heard = now

    def _character(self, byte, now):
        c = byte & 0x7F
        if self._parity == FOLLOW:
            # what begins with "/" may be a sign-on of another master, and may be noise
            if c == 0x2F and (not self._count or self._request[0] == c):
                self._marked = byte > 127
            elif not self._count:
                self._marked = self._agreed
        if self._marked and byte != WITH_PARITY[c]:
            self._spoilt = True
            if not self._count:
                return
        if self._checking:
            # it is executed in a poll of its own
            self._checking = False
            self._ready = True
            self._received = c
            return
        if not self._count:
            self._start(c, now)
            return
        first = self._request[0]
        if c == first and c != ACK:
            # the start of a message within one: the first was cut off
            self._start(c, now)
            return
        if self._count >= _REQUEST:
            self._spoilt = True
        else:
            self._request[self._count] = c
            self._count += 1
        if first == SOH:
            self._checking = c in (ETX, EOT)
        elif c == LF:
            self._line(first, now)
        elif self._count > 40:
            self._count = 0

    def _start(self, c, now):
        """A character outside of any message."""
        self._spoilt = False
        self._count = 0
        state = self.state
        if c == SOH or c == 0x2F or (c == ACK and state == OFFERED and not self._pending):
            self._request[0] = c
            self._count = 1
        elif c == NAK and state in (READ, PROGRAM) and not self._pending and self._stream is None:
            self._answer(self._sent, ANSWER_MS, now)
            self._again = True
        elif c == ACK and state == PROGRAM and self._blocks and not self._pending and self._stream is None:
            self._again = False
            if self._server.stream.more():
                self._answer(BLOCKS, ANSWER_MS, now)

    def _line(self, first, now):
        """A sign-on or an acknowledgement is complete."""
        request, n, spoilt = self._request, self._count, self._spoilt
        self._count = 0
        if spoilt or n < 5 or request[n - 2] != CR:
            self._tally(BAD_FRAMES)
        elif first == ACK:
            if n == 6 and request[1] == 0x30:
                self._acknowledged(request[2] - 0x30, request[3], now)
            else:
                self._tally(BAD_FRAMES)
        elif self._stream is None and request[1] == 0x3F and request[n - 3] == 0x21:
            self._tally(FRAMES)
            if self._server.addressed(request, 2, n - 3):
                self._tally(REQUESTS)
                self._idle()
                self._agreed = self._marked
                self.state = OFFERED
                self._answer(_IDENT, ANSWER_MS, now)

    def _acknowledged(self, speed, mode, now):
        self._tally(FRAMES)
        offered = self._server.speed()
        if speed == offered:
            self.baud = SPEEDS[offered]
        wait = SWITCH_MS if self.baud != FIRST_BAUD else ANSWER_MS
        if mode == 0x31:
            self._tally(SESSIONS)
            self.state = PROGRAM
            self._server.begin()
            self._answer(_CHALLENGE, wait, now)
        else:
            if mode != 0x30:
                # a mode that we have not (6.3.2, item 11): the readout at the first speed
                self.baud = FIRST_BAUD
                wait = ANSWER_MS
            self._read_out(wait, now)

    def _read_out(self, wait, now):
        self._tally(READOUTS)
        self.state = READING
        self._blocks = False
        self._server.readout()
        self._again = False
        self._answer(STREAM, wait, now)

    def _message(self, now):
        """A message with its block check is complete."""
        request, n = self._request, self._count
        bad = self._spoilt or n > _REQUEST - 1 or block_check(request, 1, n) != self._received
        self._count = 0
        self._tally(BAD_FRAMES if bad else FRAMES)
        if not bad and request[1] == 0x42:
            self._idle()
        elif self.state == PROGRAM and self._stream is None:
            if bad:
                self._answer(REPEAT, ANSWER_MS, now)
                return
            self._tally(REQUESTS)
            self._blocks = False
            what = self._server.message(request, n, now)
            if what == REFUSE:
                self._tally(REFUSED)
            self._again = False
            self._answer(what, ANSWER_MS, now)

    # Answering.

    def _answer(self, what, wait, now):
        self._traffic = now
        self._pending = what
        self._due = ticks.add(now, wait)

    def _times(self, now):
        if self._count and ticks.diff(now, self._heard) >= CHARACTER_MS:
            self._count = 0
            self._checking = False
            self._tally(TIMEOUTS)
        if self._pending or self._stream is not None or self.state == IDLE:
            return
        silence = ticks.diff(now, self._traffic)
        if silence >= INACTIVE_MS:
            self._tally(TIMEOUTS)
            self._idle()
        elif silence >= ACKNOWLEDGE_MS and not self._count:
            if self.state == OFFERED:
                self._read_out(0, now)
            elif self.state == READ:
                self._idle()

    def _idle(self):
        self.state = IDLE
        self.baud = FIRST_BAUD
        self._pending = self._sent = NOTHING
        self._stream = None
        self._blocks = False
        self._server.end()

    def _begin(self):
        """Start the answer that is due; the length of its first piece."""
        what = self._pending
        self._pending = NOTHING
        if what == BREAK:
            self._idle()
        else:
            self._sent = what
        out = self.answer
        if what in (STREAM, BLOCKS):
            self._blocks = what == BLOCKS
            self._stream = self._server.stream
            if self._again:
                self._stream.back()
            else:
                self._stream.mark()
            self._again = False
            self._block = self._check = 0
            out[0] = STX
            return self._piece(1)
        if what == ACCEPT:
            out[0] = ACK
            return self._send(1)
        if what == REPEAT:
            out[0] = NAK
            return self._send(1)
        if what == _IDENT:
            return self._send(self._server.identification(out, 0))
        if what == _CHALLENGE:
            end = put(out, 0, b"\x01P0\x02()\x03")
        elif what == BREAK:
            end = put(out, 0, b"\x01B0\x03")
        elif what == REFUSE:
            end = put(out, 0, b"\x02(")
            end = put(out, put(out, end, self._server.error), b")\x03")
        else:
            return 0
        out[end] = block_check(out, 1, end)
        return self._send(end + 1)

    def _piece(self, at):
        """Some lines of the stream from `at` on; its end with the block check."""
        out, stream = self.answer, self._stream
        begin = at
        last = 0
        while at < _PIECE and not last:
            end = stream.line(out, at)
            if end < 0:
                break
            if end == at:
                last = ETX
            elif self._blocks and self._block + end >= _BLOCK and stream.more():
                last = EOT
            at = end
        check = self._check
        for i in range(begin, at):
            check ^= out[i]
        self._block += at - begin
        if last:
            out[at] = last
            out[at + 1] = (check ^ last) & 0x7F
            at += 2
            self._finish()
        self._check = check
        return self._send(at) if at else 0

    def _finish(self):
        self._stream = None
        if self.state == READING:
            self.state = READ

    def _send(self, length):
        out = self.answer
        if self._agreed:
            for i in range(length):
                out[i] = WITH_PARITY[out[i]]
        self._sending = True
        return length

    def _tally(self, which):
        self.counters[which] = (self.counters[which] + 1) & 0xFFFF
