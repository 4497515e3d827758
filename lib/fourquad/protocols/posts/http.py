"""A file in a request of HTTP/1.1 (RFC 9112), as a client. What no manual prints is ours:

    POST <path> HTTP/1.1
    Host: <host>
    Content-Type: text/csv | application/json
    Content-Length: <bytes>
    Content-Disposition: attachment; filename="<name>"
    Idempotency-Key: "<what no other file has, and each repeat of this one>"
    Meter-ID: <meter ID>
    Authorization: Bearer <token>
    Connection: close

It has arrived when an answer says so with a code of 200 to 299, and all of it was sent by then.
"""

BROKEN = 4  # codes below 100 as in channel.py
NOT_UNDERSTOOD = 5
GONE = 7

_MEASURE, _HEAD, _BODY, _WAIT = range(4)
_SWITCHING = 101  # protocols, which nobody has asked for
_LINE = 32  # bytes of a line that are looked at
_MOST = 16384  # of an answer's head


class Way:
    """One request. `code`: of the answer, or why there was none, 0 until it is over; `arrived`: whether the
    file is there; `busy` as of a machine.
    """

    scheme = "http"
    moved = False

    def __init__(self, answer):
        self.answer = answer
        self._line = bytearray(_LINE)
        self.over = True

    def begin(self, job):
        """The connection stands: `job` is what is to be said (channel.Job)."""
        self.code = 0
        self.arrived = self.over = False
        self.busy = True
        self._job = job
        self._state = _MEASURE
        self._length = 0
        self._used = self._heard = 0
        self._status = 0
        job.file.begin()

    def room(self):
        """All that comes is taken."""
        return 512

    def poll(self):
        """The next piece of the request."""
        file = self._job.file
        if self._state == _MEASURE:
            self._length += file.piece(self.answer)
            if file.gone:
                self._end(GONE)
            elif file.done:
                file.begin()
                self._state = _HEAD
            return 0
        if self._state == _HEAD:
            self._state = _BODY
            return self._put_head()
        if self._state == _BODY:
            n = file.piece(self.answer)
            self._length -= n
            if file.gone or self._length < 0 or file.done and self._length:
                self._end(GONE)
                return 0
            if file.done:
                self._state = _WAIT
                self.busy = False
            return n
        return 0

    def _put_head(self):
        job = self._job
        lines = [
            b"POST %s HTTP/1.1" % job.path,
            b"Host: %s" % job.host,
            b"User-Agent: fourquad",
            b"Content-Type: %s" % job.kind,
            b"Content-Length: %d" % self._length,
            b'Content-Disposition: attachment; filename="%s"' % job.name,
            b'Idempotency-Key: "%s"' % job.key,
        ]
        if job.user:
            lines.append(b"Meter-ID: %s" % job.user)
        if job.secret:
            lines.append(b"Authorization: Bearer %s" % job.secret)
        lines.append(b"Connection: close\r\n\r\n")
        head = b"\r\n".join(lines)
        self.answer[: len(head)] = head
        return len(head)

    def run(self, buffer, length):
        """A part of the answer; what comes after its head is nothing to us."""
        for i in range(length):
            code = buffer[i]
            if code != 10:
                if self._used < _LINE:
                    self._line[self._used] = code
                self._used += 1
                continue
            self._hear(bytes(self._line[: min(self._used, _LINE)]))
            self._used = 0
            if self.over:
                return
        self._heard += length
        if self._heard > _MOST:
            self._end(self._status or NOT_UNDERSTOOD)

    def _hear(self, line):
        line = line.rstrip(b"\r")
        if not self._status:
            self._status = _code(line)
            if not self._status:
                self._end(NOT_UNDERSTOOD)
        elif not line:
            if 100 <= self._status < 200 and self._status != _SWITCHING:
                # the answer is still to come
                self._status = 0
            else:
                self._end(self._status)

    def ended(self, why):
        """The connection is gone, or nothing comes: what was heard counts."""
        if not self.over:
            self._end(self._status or why)

    def _end(self, code):
        self.over = True
        self.busy = False
        self.code = code
        self.arrived = 200 <= code < 300 and self._state == _WAIT
        if 200 <= code < 300 and not self.arrived:
            self.code = BROKEN


def _code(line):
    """The code of a status line, 0 if it is none."""
    if len(line) < 12 or line[:7] != b"HTTP/1." or line[8:9] != b" ":
        return 0
    code = line[9:12]
    if not code.isdigit() or len(line) > 12 and line[12:13] != b" ":
        return 0
    return int(code) if code[0] != 48 else 0
