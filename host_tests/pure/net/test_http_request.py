"""Requests of HTTP/1.1 by the octet (RFC 9112): what is taken, and what is refused, by which status."""

from fourquad.protocols.http import request as r

GET = b"GET /a?b=c HTTP/1.1\r\nHost: meter:80\r\nCookie: x=1; sid=abc\r\nX-Idle: 1\r\n\r\n"


def taken(data, step=None):
    request = r.Request()
    step = step or len(data)
    for at in range(0, len(data), step):
        rest = request.take(data[at : at + step])
    return request, rest


def fault(data):
    found = {taken(data, step)[0].fault for step in (1, 7, None)}
    assert len(found) == 1, "it depends on how the octets come"
    return found.pop()


def test_a_request_in_pieces_of_any_size():
    for step in (1, 2, 5, 1000):
        request, rest = taken(GET, step)
        assert request.state == r.HEAD and not request.fault and rest == b""
        assert (request.method, request.path, request.query) == ("GET", "/a", "b=c")
        assert (request.host, request.sid, request.idle, request.keep) == (b"meter:80", b"abc", True, True)


def test_what_comes_after_a_request_is_given_back():
    request, rest = taken(GET + GET)
    assert rest == GET
    request.skip()
    assert request.state == r.WHOLE
    assert request.take(rest) == GET


def test_a_body_is_kept_or_read_over():
    post = b"POST /x HTTP/1.1\r\nHost: m\r\nContent-Length: 5\r\nContent-Type: application/json; x\r\n\r\n"
    request, rest = taken(post)
    assert request.length == 5 and request.json
    request.accept()
    assert request.take(b"ab") == b"" and request.state == r.BODY
    assert request.take(b"cdeGET") == b"GET"
    assert request.state == r.WHOLE and request.body == b"abcde"
    request, rest = taken(post)
    request.skip()
    assert request.take(b"abcdeG") == b"G" and request.body is None


def test_versions_and_who_stays():
    assert not taken(b"GET / HTTP/1.0\r\n\r\n")[0].keep
    assert taken(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")[0].keep
    assert not taken(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[0].keep
    assert fault(b"GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505
    assert fault(b"GET / HTTP/1\r\n") == 400
    assert fault(b"GET / http/1.1\r\n") == 400


def test_hosts():
    assert fault(b"GET / HTTP/1.1\r\n\r\n") == 400
    assert fault(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") == 400
    assert fault(b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400
    assert fault(b"GET / HTTP/1.1\r\nHost:\r\n\r\n") == 400
    assert fault(b"GET / HTTP/1.1\r\nHost: [fe80::1]:6000\r\n\r\n") == 0


def test_lines_that_can_be_read_in_two_ways():
    head = b"GET / HTTP/1.1\r\nHost: a\r\n"
    assert fault(b"GET / HTTP/1.1\nHost: a\r\n\r\n") == 400
    assert fault(head + b"A : b\r\n\r\n") == 400
    assert fault(head + b" folded\r\n\r\n") == 400
    assert fault(head + b"Cookie: b\rc\r\n\r\n") == 400
    assert fault(head + b"Cookie: b\0c\r\n\r\n") == 400
    assert fault(head + b"no colon\r\n\r\n") == 400
    assert fault(b"GET  / HTTP/1.1\r\n") == 400
    assert fault(b"GET /\x80 HTTP/1.1\r\n") == 400
    assert fault(b"GET http://a/ HTTP/1.1\r\n") == 400


def test_lengths():
    head = b"POST / HTTP/1.1\r\nHost: a\r\n"
    assert fault(head + b"\r\n") == 411
    assert fault(head + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n") == 400
    assert fault(head + b"Content-Length: -1\r\n\r\n") == 400
    assert fault(head + b"Content-Length: +1\r\n\r\n") == 400
    assert fault(head + b"Content-Length: 0x1\r\n\r\n") == 400
    assert fault(head + b"Content-Length: 9999999999\r\n\r\n") == 400
    assert fault(head + b"Content-Length: 2049\r\n\r\n") == 413
    assert fault(head + b"Content-Length: 2048\r\n\r\n") == 0
    assert fault(head + b"Transfer-Encoding: chunked\r\n\r\n") == 501
    assert fault(head + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") == 501
    assert fault(head + b"Content-Length: 1\r\nExpect: 100-continue\r\n\r\n") == 417


def test_methods():
    assert fault(b"PUT / HTTP/1.1\r\n") == 405
    assert fault(b"BREW / HTTP/1.1\r\n") == 501
    assert fault(b"G(T / HTTP/1.1\r\n") == 400


def test_what_is_too_long():
    assert fault(b"GET /" + b"a" * 254 + b" HTTP/1.1\r\nHost: a\r\n\r\n") == 0
    assert fault(b"GET /" + b"a" * 255 + b" HTTP/1.1\r\n") == 414
    assert fault(b"GET /" + b"a" * 2000) == 414
    head = b"GET / HTTP/1.1\r\nHost: a\r\n"
    assert fault(head + b"A: " + b"b" * 2000) == 431
    assert fault(head + 50 * (b"A: " + b"b" * 100 + b"\r\n") + b"\r\n") == 431
    assert fault(b"\r\n\r\n" + head + b"\r\n") == 0
    assert fault(b"\r\n" * 3) == 400
