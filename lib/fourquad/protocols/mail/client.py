"""A client of SMTP (RFC 5321) that sends what the mailbox has (fourquad.events.mailbox): a client of
fourquad.net. A mail that is not taken is tried again, after a pause that doubles, until another of its kind
takes its place; of its repeats a reader sees by their Message-ID that they are the same.

`tls(host)`, where a device has it, begins a layer of TLS (fourquad.net.secured).
"""

from binascii import b2a_base64

from fourquad import points as p
from fourquad import ticks
from fourquad.net import PIECE, piece
from fourquad.net.access import text_of
from fourquad.points import columns as c
from fourquad.points import mail as m
from fourquad.points import network as n
from fourquad.protocols.mail.message import Message

# Results below 100; others are codes of the server.
NO_ADDRESS = 1
NO_CONNECTION = 2
SILENT = 3
BROKEN = 4
NOT_UNDERSTOOD = 5
NOBODY = 6  # there is no recipient
NO_TLS = 7
NO_AUTHENTICATION = 8

TIMEOUT_MS = 60000
PAUSE_MS = 60000
LONGEST_MS = 3600000
REST_MS = 60000  # between two mails that something triggers
NAME_MS = 20000
_IMPLICIT = 465  # the port of TLS from the first byte

_LINE = 64
_MOST = 32768
_DAYS = b"SunMonTueWedThuFriSat"
_MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"
_TEST = 2
_TEXTS = (b"Something has happened.", b"As every so often.", b"A test.")
_HELLO, _EHLO, _STARTTLS, _AUTH, _USER, _PASS, _FROM, _TO, _DATA, _TEXT, _QUIT = range(11)
# By step: codes that lead on.
_GOOD = ((220,), (250,), (220,), (235, 334), (334,), (235,), (250,), (250, 251), (354,), (250,), (221,))


class Client:
    """One connection at a time. `mailbox`: the part."""

    def __init__(self, points, mailbox, resolve, mailed, serial, tls=None, shared=None):
        self.answer = piece({} if shared is None else shared)
        self.closing = self.busy = False
        self._points = points
        self._mailbox = mailbox
        self._resolve = resolve
        self._mailed = mailed
        self._serial = serial
        self._tls = tls
        self._layer = None
        self._line = bytearray(_LINE)
        self._job = None  # (what for, contents, recipients)
        self._id = b""
        self._failed = None  # the job that was tried last, and its number
        self._rested = self._asked = None
        self._pause = self._since = 0
        self._over = True

    def _get(self, offset):
        return self._points.read(p.SETTING + offset)

    def _text(self, offset):
        return text_of(self._points, offset).encode()

    def wants(self, now):
        """(address, port) of the server, while there is a mail for it."""
        if self._job is None:
            if self._rested is not None and ticks.diff(now, self._rested) >= self._pause:
                self._rested = None
            self._job = self._mailbox.next(self._rested is None)
            if self._job is None:
                return None
            self._name_it()
            self._asked = None
        if not self._recipients():
            return self._end(NOBODY, now)
        if self._get(m.MAIL_TLS) and not self._tls:
            return self._end(NO_TLS, now)
        host = text_of(self._points, m.MAIL_SERVER)
        self._asked = now if self._asked is None else self._asked
        address = self._resolve(host) if host else None
        if address is None or not address and ticks.diff(now, self._asked) >= NAME_MS:
            return self._end(NO_ADDRESS, now)
        return (address, self._get(m.MAIL_PORT)) if address else None

    def _name_it(self):
        """The number of a mail: that of the one before if it is the same."""
        if not self._failed or self._failed[0] != self._job:
            epoch = self._points.read(p.STATE + p.EPOCH)
            self._failed = (self._job, b"%s-%d-%d" % (self._serial, epoch, self._mailbox.number))
        _, self._id = self._failed

    def _recipients(self):
        _, _, bits = self._job
        every = [self._text(m.MAIL_TO + i) for i in range(m.RECIPIENTS) if bits >> i & 1]
        return [each for each in every if each]

    # The connection.

    def opened(self, peer, now):
        """It stands."""
        self.closing = self._over = False
        self._since = now
        self._step = _HELLO
        self._said = b""
        self._message = None
        self._used = self._heard = 0
        self._more = self._recipients()
        self._taken = 0  # recipients
        self._words = b""  # what the server can
        self._layer = None
        if self._get(m.MAIL_TLS) and self._get(m.MAIL_PORT) == _IMPLICIT:
            self._layer = self._tls(text_of(self._points, m.MAIL_SERVER))
        self.busy = True

    def room(self):
        """All that comes is taken."""
        return 512

    def run(self, buffer, length, now):
        """The server says something."""
        self._since = now
        data = memoryview(buffer)[:length]
        if self._layer:
            data = self._layer.take(bytes(data))
            if data is None:
                self._end(NO_TLS, now)
                return 0
        self._heard += length
        if self._heard > _MOST:
            self._end(NOT_UNDERSTOOD, now)
        for code in data:
            if self._over:
                break
            if code != 10:
                if self._used < _LINE:
                    self._line[self._used] = code
                self._used += 1
                continue
            line = bytes(self._line[: min(self._used, _LINE)]).rstrip(b"\r")
            self._used = 0
            self._hear(line, now)
        return 0 if self._over else self.poll(now)

    def poll(self, now):
        """The next piece for it."""
        if self._over:
            return 0
        count = 0
        if self._said:
            count = min(len(self._said), PIECE // 2)
            self.answer[:count] = self._said[:count]
            self._said = self._said[count:]
        elif self._message:
            count = self._message.piece(memoryview(self.answer)[: PIECE // 2])
            if self._message.done:
                self._message = None
                self._said = b".\r\n"
        self.busy = bool(self._said or self._message)
        if self._layer:
            count = self._through(count)
        if count or self.busy:
            self._since = now
        elif ticks.diff(now, self._since) >= TIMEOUT_MS:
            self._end(SILENT, now)
        return count

    def _through(self, count):
        """The piece in `answer`, through TLS."""
        if count:
            self._layer.put(bytes(memoryview(self.answer)[:count]))
        sealed = self._layer.said(PIECE)
        self.answer[: len(sealed)] = sealed
        self.busy = self.busy or len(sealed) == PIECE
        return len(sealed)

    def lost(self, now):
        """The connection is gone."""
        if not self._over:
            self._end(BROKEN, now)

    def failed(self, now):
        """There was none."""
        self._end(NO_CONNECTION, now)

    # The conversation.

    def _say(self, step, words):
        self._step = step
        self._said = words + b"\r\n"
        self.busy = True

    def _hear(self, line, now):
        code = int(line[:3]) if len(line) >= 3 and line[:3].isdigit() else 0
        early = self._said or self._message  # an answer to what has not been said yet
        if early or not 200 <= code < 600 or line[3:4] not in (b"", b" ", b"-"):
            self._end(NOT_UNDERSTOOD, now)
            return
        if self._step == _EHLO:
            self._words += b" " + line[4:].upper().replace(b"=", b" ")
        if line[3:4] == b"-":
            return
        if self._step == _TO and code >= 400 and (self._more or self._taken):
            # the others get it
            self._to()
        elif code not in _GOOD[self._step]:
            self._end(code, now)
        else:
            self._follow(code, now)

    def _follow(self, code, now):
        step = self._step
        if step == _HELLO:
            self._ehlo()
        elif step == _EHLO:
            self._greeted(now)
        elif step == _STARTTLS:
            self._layer = self._tls(text_of(self._points, m.MAIL_SERVER))
            self._ehlo()
        elif step == _AUTH and code != 235:
            self._say(_USER, _base64(self._text(m.MAIL_USER)))
        elif step == _USER:
            self._say(_PASS, _base64(self._text(m.MAIL_PASSWORD)))
        elif step in (_AUTH, _PASS):
            self._from()
        elif step in (_FROM, _TO):
            self._taken += step == _TO
            self._to()
        elif step == _DATA:
            self._step = _TEXT
            self._message = self._make()
            self.busy = True
        else:
            self._end(code, now, True)

    def _ehlo(self):
        self._words = b""
        self._say(_EHLO, b"EHLO " + text_of(self._points, n.HOST_NAME).encode())

    def _greeted(self, now):
        words = self._words.split()
        if self._get(m.MAIL_TLS) and not self._layer:
            if b"STARTTLS" in words:
                self._say(_STARTTLS, b"STARTTLS")
            else:
                self._end(NO_TLS, now)
        elif not self._get(m.MAIL_AUTH):
            self._from()
        elif b"PLAIN" in words:
            secret = b"\0" + self._text(m.MAIL_USER) + b"\0" + self._text(m.MAIL_PASSWORD)
            self._say(_AUTH, b"AUTH PLAIN " + _base64(secret))
        elif b"LOGIN" in words:
            self._say(_AUTH, b"AUTH LOGIN")
        else:
            self._end(NO_AUTHENTICATION, now)

    def _sender(self):
        for text in (self._text(m.MAIL_FROM), self._text(m.MAIL_USER)):
            if b"@" in text and b" " not in text and b"<" not in text and b">" not in text:
                return text
        return b"meter@" + text_of(self._points, n.HOST_NAME).encode()

    def _from(self):
        self._say(_FROM, b"MAIL FROM:<" + self._sender() + b">")

    def _to(self):
        """The next recipient, or what they get."""
        if self._more:
            self._say(_TO, b"RCPT TO:<" + self._more.pop(0) + b">")
        else:
            self._say(_DATA, b"DATA")

    def _make(self):
        why, contents, _ = self._job
        name = self._text(m.MAIL_FROM).replace(b"\\", b"").replace(b'"', b"")
        sender = self._sender()
        state = p.STATE
        day, year, month, date, hour, minute, second = [self._points.read(state + i) for i in range(7)]
        heads = [
            b'From: "%s" <%s>' % (name, sender) if name and name != sender else b"From: <%s>" % sender,
            b"To: " + b", ".join([b"<%s>" % each for each in self._recipients()]),
            b"Subject: " + self._text(m.MAIL_SUBJECT),
            b"Date: %s, %d %s %d %02d:%02d:%02d -0000"
            % (
                _DAYS[3 * day : 3 * day + 3],
                date,
                _MONTHS[3 * month - 3 : 3 * month],
                year,
                hour,
                minute,
                second,
            ),
            b"Message-ID: <%s@fourquad>" % self._id,
        ]
        text = _TEXTS[why] + b"\r\nMeter " + self._serial
        return Message(heads, text, self._mailed, contents, self._points)

    def _end(self, result, now, sent=False):
        """An attempt is over."""
        self.closing = self._over = True
        self.busy = False
        if self._layer:
            self._layer.close()
        self._layer = self._message = None
        said = self._mailbox.said
        said[m.SAYS_RESULT] = result
        which = m.SAYS_SENT if sent else m.SAYS_FAILED
        said[which] = (said[which] + 1) & 0xFFFF
        job, self._job = self._job, None
        why, _, _ = job
        if why != _TEST:
            self._rested = now
            if sent:
                self._pause = REST_MS
                self._failed = None
            else:
                self._pause = min(max(PAUSE_MS, 2 * self._pause), LONGEST_MS)
                self._mailbox.again(job)


def _base64(data):
    return b2a_base64(data)[:-1]


def make(row, parts):
    """The service of a row of SERVICES, whose table is what may be mailed."""
    mailbox = parts.points.provider(m.MAIL_SAYS)
    return Client(parts.points, mailbox, parts.resolve, row[c.TABLES], parts.serial, parts.tls, parts.shared)
