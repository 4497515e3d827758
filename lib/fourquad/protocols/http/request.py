"""A request of HTTP/1.1 (RFC 9112), taken in as its bytes come. Of its head only what is asked for is kept.

What cannot be right is refused, and never guessed at: a line that does not end with CR LF, a space before a
colon, a folded line, two lengths, a body in chunks.
"""

METHODS = ("GET", "HEAD", "POST")
KNOWN = ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT")

TARGET_MOST = 255  # characters of a target
LINE_MOST = 1024  # bytes of a line
HEAD_MOST = 4096
BODY_MOST = 2048  # bytes of a body that is kept
_EMPTY_MOST = 2  # lines before a request

# Values of Request.state.
START = 0  # nothing of it has come
LINES = 1
HEAD = 2  # the head is there; `accept` or `skip` says what of the body
BODY = 3
WHOLE = 4

_NAMES = (
    b"host",
    b"content-length",
    b"connection",
    b"cookie",
    b"if-none-match",
    b"origin",
    b"content-type",
    b"x-csrf-token",
    b"x-idle",
    b"transfer-encoding",
    b"expect",
)
_INITIALS = b"CcHhOoXxIiTtEe"  # of these: all others are passed over at once
_HOST = 0
_LENGTH = 1
_CONNECTION = 2
_COOKIE = 3
_MATCH = 4
_ORIGIN = 5
_TYPE = 6
_TOKEN = 7
_IDLE = 8
_TRANSFER = 9
_EXPECT = 10
# What is left of bytes without these is what has others: `strip` looks at each, and takes no time for it.
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_HOST_SIGNS = b"0123456789.:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-[]_"
_PRINTABLE = (
    b"/abcdefghijklmnopqrstuvwxyz0123456789.-_?=&%ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$'()*+,:;@[]~|^`{}\\\"<>"
)


class Request:
    """`fault`: the status that refuses it, 0 while nothing is wrong; no byte after it makes sense then.

    `method`, `path`, `query` (str); `minor` of the version; `keep`: whether the connection is to stay;
    `length` of the body, -1 where nothing is said; `host`, `origin`, `match` (If-None-Match), `token` (the
    X-CSRF-Token) and `sid` (of the cookie): bytes, or None; `json`: whether that is what the body is said to
    be; `idle`: nobody sits before the page; `body`: a bytearray, where it was accepted.
    """

    def __init__(self):
        self.clear()

    def clear(self):
        """Wait for the next one."""
        self.state = START
        self.fault = 0
        self.method = self.path = self.query = ""
        self.minor = 1
        self.keep = True
        self.length = -1
        self.host = self.origin = self.match = self.token = self.sid = self.body = None
        self.json = self.idle = False
        self._part = b""  # of a line
        self._size = 0  # of the head
        self._empty = 0
        self._left = 0  # of the body

    def take(self, data):
        """Take bytes; those that it has no use for are given back."""
        at = 0
        size = len(data)
        while at < size and self.state < HEAD and not self.fault:
            self.state = LINES
            end = data.find(b"\n", at) + 1 or size
            if self.method and not self._part and self._passes(data, at, end):
                self._size += end - at
                at = end
                continue
            line = data[at:end]
            if self._part:
                line = self._part + line
                self._part = b""
            self._size += end - at
            at = end
            if len(line) > LINE_MOST or self._size > HEAD_MOST:
                self.fault = 431 if self.method else 414
            elif line[-1] == 0x0A:
                self._line(line)
            else:
                self._part = line
        if at:
            data = data[at:]
        if self.state == BODY and data:
            some = min(self._left, len(data))
            if self.body is not None:
                at = self.length - self._left
                self.body[at : at + some] = data[:some]
            data = data[some:]
            self._left -= some
            if not self._left:
                self.state = WHOLE
        return data

    def accept(self):
        """Keep the body, if there is one."""
        if self.length > 0:
            self.body = bytearray(self.length)
        self.skip()

    def skip(self):
        """Read over the body."""
        self._left = max(0, self.length)
        self.state = BODY if self._left else WHOLE

    def _passes(self, data, at, end):
        """Whether a whole line is right and says nothing that is asked for: most do, and are not copied."""
        first = data[at]
        if first <= 0x20 or first in _INITIALS or data[end - 1] != 0x0A or end - at > LINE_MOST:
            return False
        colon = data.find(b":", at, end)
        return (
            colon > at
            and data[colon - 1] > 0x20
            and data[end - 2] == 0x0D
            and self._size + end - at <= HEAD_MOST
        )

    def _line(self, line):
        if not line.endswith(b"\r\n"):
            self.fault = 400
        elif not self.method:
            if len(line) > 2:
                self._first(line[:-2])
            else:
                self._empty += 1
                self.fault = 400 if self._empty > _EMPTY_MOST else 0
        elif len(line) > 2:
            colon = line.find(b":")
            if colon < 1 or line[0] <= 0x20 or line[colon - 1] <= 0x20:
                self.fault = 400
            elif line[0] in _INITIALS:
                name = line[:colon].lower()
                if name in _NAMES:
                    self._header(_NAMES.index(name), line[colon + 1 : -2].strip())
        else:
            self._end()

    def _first(self, line):
        words = line.split(b" ")
        if len(words) != 3 or words[0].strip(_LETTERS):
            self.fault = 400
            return
        method, target, version = words
        self.method = method.decode()
        if len(version) != 8 or version[:5] != b"HTTP/" or not version[5:6].isdigit() or version[6] != 0x2E:
            self.fault = 400
        elif version[5] != 0x31 or not version[7:].isdigit():
            self.fault = 505
        elif len(target) > TARGET_MOST:
            self.fault = 414
        elif self.method not in METHODS:
            self.fault = 405 if self.method in KNOWN else 501
        elif target[:1] != b"/" or target.strip(_PRINTABLE):
            self.fault = 400
        else:
            self.minor = min(1, version[7] - 0x30)
            self.keep = self.minor > 0
            path, _, query = target.decode().partition("?")
            self.path, self.query = path, query

    def _header(self, which, value):
        if value.find(b"\r") >= 0 or value.find(b"\0") >= 0:
            self.fault = 400
        elif which == _HOST:
            if self.host is not None or not is_host(value):
                self.fault = 400
            self.host = value
        elif which == _LENGTH:
            if self.length >= 0 or not value.isdigit() or len(value) > 9:
                self.fault = 400
            else:
                self.length = int(value)
        elif which == _CONNECTION:
            value = value.lower()
            if value == b"close":
                self.keep = False
            elif value == b"keep-alive":
                self.keep = True
        elif which == _COOKIE:
            for each in value.split(b";"):
                key, _, text = each.strip().partition(b"=")
                if key == b"sid":
                    self.sid = text
        elif which == _MATCH:
            self.match = value
        elif which == _ORIGIN:
            self.origin = value
        elif which == _TYPE:
            self.json = value.split(b";")[0].strip().lower() == b"application/json"
        elif which == _TOKEN:
            self.token = value
        elif which == _IDLE:
            self.idle = value == b"1"
        elif which == _TRANSFER:
            self.fault = 501
        elif which == _EXPECT:
            self.fault = 417

    def _end(self):
        self.state = HEAD
        if self.host is None and self.minor:
            self.fault = 400
        elif self.method == "POST" and self.length < 0:
            self.fault = 411
        elif self.length > BODY_MOST:
            self.fault = 413


def is_host(value):
    """Whether these bytes may be a host with or without a port: an address, or a name."""
    return 0 < len(value) <= 128 and not value.strip(_HOST_SIGNS)
