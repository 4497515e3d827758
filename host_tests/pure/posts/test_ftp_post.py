"""Posts over FTP by the byte, to a server that the test plays (RFC 959)."""

from device.device_fakes import Networked
from posts.post_fakes import called, set_up, text, told

from fourquad.points import posts as q
from fourquad.protocols.posts.ftp import passive

KEY = b"0123456789ABCDEF-1-"


def ready():
    plant = Networked()
    text(plant, q.POST_USER, b"meter")
    text(plant, q.POST_SECRET, b"pass word")
    set_up(plant, url=b"ftp://192.0.2.7:2121/in/here", post_method=q.FTP)
    plant.minutes(5)
    return plant, called(plant)


def say(plant, pipe, octets):
    """What the meter answers to it."""
    pipe.to_us = octets
    plant.run(150)
    return pipe.take()


def until_data(plant, pipe):
    """As far as the connection of data, which stands then."""
    assert pipe.peer == ("192.0.2.7", 2121)
    assert say(plant, pipe, b"220-Hello\r\n220 there\r\n") == b"USER meter\r\n"
    assert say(plant, pipe, b"331 ?\r\n") == b"PASS pass word\r\n"
    assert say(plant, pipe, b"230-you\r\n are\r\n230 in\r\n") == b"TYPE I\r\n"
    assert say(plant, pipe, b"200 ok\r\n") == b"CWD /in/here\r\n"
    assert say(plant, pipe, b"250 ok\r\n") == b"PASV\r\n"
    # the address of an answer is not believed
    assert say(plant, pipe, b"227 Entering (10,0,0,1,19,137).\r\n") == b""
    data = called(plant)
    assert data.peer == ("192.0.2.7", 19 * 256 + 137)
    plant.run(150)
    return data


def stored(plant, pipe, data):
    """The name under which the file is stored, and the file."""
    command = pipe.take()
    assert command.startswith(b"STOR " + KEY) and command.endswith(b".part\r\n")
    assert data.said == b""
    assert say(plant, pipe, b"150 go on\r\n") == b""
    plant.run(500)
    assert data.closed
    return command[5:-2], data.said


def test_a_file_is_stored_and_then_gets_its_name():
    plant, pipe = ready()
    part, body = stored(plant, pipe, until_data(plant, pipe))
    assert body.startswith(b"Time,V1,V2,V3,VAVG\r\n2026-01-01 00:01:00,") and body.count(b"\r\n") == 5
    assert say(plant, pipe, b"226 done\r\n") == b"RNFR " + part + b"\r\n"
    name = b"0123456789ABCDEF-logger1-2026-01-01T00-01-00+0000-1min-1-0.csv"
    assert say(plant, pipe, b"350 to\r\n") == b"RNTO " + name + b"\r\n"
    # a server that does not replace
    assert say(plant, pipe, b"553 is there\r\n") == b"DELE " + name + b"\r\n"
    assert say(plant, pipe, b"250 gone\r\n") == b"RNFR " + part + b"\r\n"
    assert say(plant, pipe, b"350 to\r\n") == b"RNTO " + name + b"\r\n"
    say(plant, pipe, b"250 ok\r\n")
    assert pipe.closed and told(plant, q.POST_RESULT) == 250 and told(plant, q.POST_SENT) == 1


def test_what_goes_wrong_is_told_and_tried_again():
    plant, pipe = ready()
    say(plant, pipe, b"220 hello\r\n")
    say(plant, pipe, b"331 ?\r\n")
    say(plant, pipe, b"530 no\r\n")
    assert pipe.closed and told(plant, q.POST_RESULT) == 530
    pipe = called(plant, 8000)
    data = until_data(plant, pipe)
    data.broken = True
    plant.run(200)
    pipe = called(plant, 15000)
    assert pipe and told(plant, q.POST_FAILED) == 2
    stored(plant, pipe, until_data(plant, pipe))
    pipe.ended = True
    plant.run(200)
    assert told(plant, q.POST_FAILED) == 3 and told(plant, q.POST_RESULT) == 4


def test_answers_to_pasv():
    assert passive(b"227 (1,2,3,4,5,6)", "192.0.2.7") == ("192.0.2.7", 5 * 256 + 6)
    for line in (b"227 1,2,3,4,5,6", b"227 (1,2,3,4,5)", b"227 (1,2,3,4,256,6)", b"227 (a,2,3,4,5,6)"):
        assert passive(line, "192.0.2.7") is None
    for line in (b"227 (1,2,3,4,0,0)", b"227 )1,2,3,4,5,6(", b"227 (1,2,3,4,5,-6)", b"227"):
        assert passive(line, "192.0.2.7") is None
