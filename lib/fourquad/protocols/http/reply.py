"""Answers of HTTP, made in pieces."""

import json

from fourquad.net import PIECE

JSON = "application/json"
CSV = "text/csv; charset=utf-8"
ROWS = 3  # texts of a body that a piece has at most: each may take 0.9 ms on an RP2040

_STATUS = (
    (200, "OK"),
    (304, "Not Modified"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (411, "Length Required"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (417, "Expectation Failed"),
    (422, "Unprocessable Content"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (503, "Service Unavailable"),
    (505, "HTTP Version Not Supported"),
)
# What a status is called where nothing else is wrong.
_FAULTS = (
    (400, "request"),
    (404, "path"),
    (405, "method"),
    (408, "late"),
    (411, "length"),
    (413, "size"),
    (414, "target"),
    (417, "expect"),
    (431, "head"),
    (501, "method"),
    (505, "version"),
)
# The head of most answers, which have the status 200.
_COMMON = (
    b"HTTP/1.1 200 OK\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_CHUNK = 6  # bytes before the octets of a chunk
_AFTER = 7  # after them: its end, and that of the last one


class Reply:
    """`body`: bytes or the like, None, or what gives texts one after the other, and "" where a piece ends; of
    the type `kind`. `extra`: lines of the head, each with its end; `cache`: the Cache-Control.
    """

    def __init__(self, status, body=None, kind=JSON, extra="", cache="no-store"):
        self.status = status
        self.body = body
        self.kind = kind
        self.extra = extra
        self.cache = cache
        self.begun = False
        self._texts = body is not None and not isinstance(body, (bytes, memoryview))
        self.bare = False  # no length and no chunks: the end of the connection is that of the body
        self._at = 0
        self._over = b""  # of a text that has not gone out
        self.ended = False

    def piece(self, out, request, keep):
        """Put the next piece into `out` and give its length; `ended` after the last one."""
        at = 0
        if not self.begun:
            self.begun = True
            head = self._head(request, keep)
            at = len(head)
            out[:at] = head
            if request.method == "HEAD" or self.body is None:
                self.ended = True
                return at
        if not self._texts:
            some = min(PIECE - at, len(self.body) - self._at)
            out[at : at + some] = memoryview(self.body)[self._at : self._at + some]
            self._at += some
            self.ended = self._at >= len(self.body)
            return at + some
        return self._chunk(out, at)

    def _chunk(self, out, at):
        """The texts that come next."""
        begin = at if self.bare else at + _CHUNK
        most = PIECE - _AFTER
        end = begin
        rows = ROWS if at else 0  # who waits for an answer hears its head at once
        data = self._over
        while True:
            if end + len(data) > most:
                out[end:most] = memoryview(data)[: most - end]
                self._over = data[most - end :]
                end = most
                break
            out[end : end + len(data)] = data
            end += len(data)
            self._over = b""
            text = next(self.body, None) if rows < ROWS else ""
            if not text:
                self.ended = text is None
                break
            rows += 1
            data = text.encode()
        if self.bare:
            return end
        if end > begin:
            out[at : at + _CHUNK] = b"%04x\r\n" % (end - begin)
            out[end : end + 2] = b"\r\n"
            end += 2
        else:
            end = at
        if self.ended:
            out[end : end + 5] = b"0\r\n\r\n"
            end += 5
        return end

    def _head(self, request, keep):
        usual = self.status == 200 and self._texts and self.kind == JSON and not self.extra
        if usual and request.minor and keep:
            return _COMMON
        reason = ""
        for status, words in _STATUS:
            if status == self.status:
                reason = words
                break
        head = f"HTTP/1.1 {self.status} {reason}\r\nX-Content-Type-Options: nosniff\r\n"
        head += f"Cache-Control: {self.cache}\r\n{self.extra}"
        if self.body is not None:
            head += f"Content-Type: {self.kind}\r\n"
        if not self._texts:
            if self.status != 304:
                length = 0 if self.body is None else len(self.body)
                head += f"Content-Length: {length}\r\n"
        elif request.minor:
            head += "Transfer-Encoding: chunked\r\n"
        else:
            self.bare = True
        if self.bare or not keep:
            head += "Connection: close\r\n\r\n"
        else:
            # HTTP/1.0 stays only where it is told so
            head += "\r\n" if request.minor else "Connection: keep-alive\r\n\r\n"
        return head.encode()


def error(status, code=None, extra="", **more):
    """A refusal: `code`, or what the status is called."""
    if code is None:
        code = "request"
        for known, name in _FAULTS:
            if known == status:
                code = name
    more["error"] = code
    return Reply(status, json.dumps(more).encode(), extra=extra)


def done(**more):
    """It has been done."""
    more["ok"] = True
    return Reply(200, json.dumps(more).encode())
