"""Mail by the byte, to a server that the test plays (RFC 5321); what is in it is read by hand."""

from binascii import a2b_base64

from device.device_fakes import Networked

from fourquad import points as p
from fourquad.points import alarms as a
from fourquad.points import mail as m
from fourquad.points import values as v

EHLO = b"EHLO fourquad\r\n"


def text(plant, offset, data):
    texts = plant.points.provider(p.SETTING + m.MAIL).texts
    assert texts.check(offset - p.GROUP_NETWORK, data) == p.OK
    texts.write(offset - p.GROUP_NETWORK, data)


def ready(**settings):
    plant = Networked()
    plant.run(1500)
    text(plant, m.MAIL_SERVER, b"192.0.2.7")
    text(plant, m.MAIL_FROM, b"Technical Support")
    text(plant, m.MAIL_USER, b"me@example.com")
    text(plant, m.MAIL_PASSWORD, b"pass word")
    text(plant, m.MAIL_TO, b"a@example.com")
    text(plant, m.MAIL_TO + 2, b"c@example.com")
    settings["mail"] = 1
    for name in settings:
        assert plant.set(getattr(m, name.upper()), settings[name]) == p.OK
    plant.reset_module()
    plant.run(1500)
    return plant


def called(plant, ms=3000):
    for _ in range(0, ms, 50):
        for pipe in plant.sockets.calls:
            if not pipe.up and not pipe.closed:
                pipe.up = True
                return pipe
        plant.run(50)
    return None


def say(plant, pipe, octets):
    """What the meter answers to it."""
    pipe.to_us = octets
    plant.run(200)
    return pipe.take()


def to_data(plant, pipe, *recipients):
    assert pipe.peer == ("192.0.2.7", 587)
    assert say(plant, pipe, b"220 hello\r\n") == EHLO
    assert (
        say(plant, pipe, b"250-hello\r\n250-SIZE 1000\r\n250 HELP\r\n") == b"MAIL FROM:<me@example.com>\r\n"
    )
    said = say(plant, pipe, b"250 ok\r\n")
    for each in recipients:
        assert said == b"RCPT TO:<" + each + b">\r\n"
        said = say(plant, pipe, b"250 ok\r\n")
    assert said == b"DATA\r\n"
    pipe.to_us = b"354 go on\r\n"
    for _ in range(60):
        plant.run(50)
        if pipe.said.endswith(b"\r\n.\r\n"):
            break
    return parts(pipe.take())


def parts(said):
    """Fields of the head, the text, files by their names."""
    assert said.endswith(b"\r\n.\r\n")
    lines = said[:-5].split(b"\r\n")
    assert all(len(line) <= 78 for line in lines) and not any(line[:1] == b"." for line in lines)
    blocks = said[:-3].split(b"--=_fourquad")
    assert blocks[-1] == b"--\r\n"
    head = {}
    for line in blocks[0].split(b"\r\n")[:-2]:
        name, value = line.split(b": ", 1)
        head[name] = value
    files = {}
    for block in blocks[2:-1]:
        fields, body = block.split(b"\r\n\r\n", 1)
        assert b"Content-Transfer-Encoding: base64" in fields
        name = fields.split(b"filename=")[1].split(b"\r\n")[0]
        files[name] = b"".join([a2b_base64(line) for line in body.split(b"\r\n")[:-1]])
    return head, blocks[1].split(b"\r\n\r\n", 1)[1], files


def told(plant):
    return [plant.points.read(m.MAIL_SAYS + i) for i in range(m.SAYS)]


def test_a_timed_mail():
    plant = ready(mail_timed=1, mail_interval=5, mail_contents=0x7F)
    assert called(plant) is None
    plant.minutes(5)
    pipe = called(plant)
    head, said, files = to_data(plant, pipe, b"a@example.com", b"c@example.com")
    assert head[b"From"] == b'"Technical Support" <me@example.com>'
    assert head[b"To"] == b"<a@example.com>, <c@example.com>"
    assert head[b"Subject"] == b"Meter data"
    assert head[b"Date"].startswith(b"Thu, 1 Jan 2026 00:05:0")
    assert b"0123456789ABCDEF" in said
    assert sorted(files) == [
        name + b".csv"
        for name in (b"alarms", b"energy", b"events", b"extremes", b"harmonics", b"metering", b"sequence")
    ]
    lines = [line.split(b",") for line in files[b"metering.csv"].split(b"\r\n")]
    assert lines[0] == [b"NAME", b"VALUE"] and lines[1][0] == b"V1" and abs(float(lines[1][1]) - 230) < 1
    assert len(lines) == 2 + 31
    lines = [line.split(b",") for line in files[b"extremes.csv"].split(b"\r\n")]
    assert lines[0] == b"NAME,VALUE,YEAR,MONTH,DAY,HOUR,MINUTE,SECOND".split(b",")
    extremes = {line[0]: line[1:] for line in lines[1:-1]}
    assert len(extremes) == len(lines) - 2 and {len(line) for line in lines[1:-1]} == {8}
    for name, value in ((b"V3", 230), (b"I2", 5), (b"P", 3450), (b"PF", 1), (b"F", 50), (b"THD_V1", 0)):
        most, least = float(extremes[name + b"_MAX"][0]), float(extremes[name + b"_MIN"][0])
        assert least <= most and abs(most - value) <= 0.01 * value + 0.5, name
        assert extremes[name + b"_MAX"][1:4] == [b"2026", b"1", b"1"]
    assert files[b"harmonics.csv"].count(b"\r\n") == 1 + 8 + 6 * 62
    assert told(plant) == [0, 0, 0, 0]
    say(plant, pipe, b"250 queued\r\n")
    assert pipe.closed and told(plant) == [250, 0, 1, 0]
    plant.minutes(4)
    assert called(plant) is None
    plant.minutes(1)
    assert called(plant)


def test_an_alarm_is_mailed_at_once_and_again_until_it_is_taken():
    plant = ready(mail_triggers=m.ON_ALARM)
    at = a.FIRST
    for field, value in ((a.CODE, 1), (a.COMPARISON, v.GREATER), (a.SET_POINT, 1000), (a.DELAY, 0)):
        assert plant.set(at + field, value) == p.OK
    plant.set(a.CHANNELS, 1)
    plant.set(a.ON, 1)
    plant.run(1500)
    pipe = called(plant)
    first, _, files = to_data(plant, pipe, b"a@example.com", b"c@example.com")
    assert list(files) == [b"alarms.csv"] and files[b"alarms.csv"].count(b"\r\n") == 2
    say(plant, pipe, b"451 later\r\n")
    assert pipe.closed and told(plant) == [451, 1, 0, 1]
    assert called(plant, 50000) is None
    pipe = called(plant, 15000)
    second, _, _ = to_data(plant, pipe, b"a@example.com", b"c@example.com")
    assert second[b"Message-ID"] == first[b"Message-ID"]
    pipe.broken = True
    plant.run(200)
    assert told(plant) == [4, 1, 0, 2]


def test_authentication():
    for mechanisms in (b"250-AUTH PLAIN LOGIN\r\n", b"250-AUTH=LOGIN\r\n", b"250-AUTH CRAM-MD5\r\n"):
        plant = ready(mail_auth=1, mail_test=3)
        pipe = called(plant)
        say(plant, pipe, b"220 hello\r\n")
        said = say(plant, pipe, b"250-hello\r\n" + mechanisms + b"250 HELP\r\n")
        if b"PLAIN" in mechanisms:
            assert said.startswith(b"AUTH PLAIN ")
            assert a2b_base64(said[11:]) == b"\0me@example.com\0pass word"
        elif b"LOGIN" in mechanisms:
            assert said == b"AUTH LOGIN\r\n"
            assert a2b_base64(say(plant, pipe, b"334 VXNlcm5hbWU6\r\n")) == b"me@example.com"
            assert a2b_base64(say(plant, pipe, b"334 UGFzc3dvcmQ6\r\n")) == b"pass word"
            pipe.to_us = b""
        else:
            assert pipe.closed and told(plant)[0] == 8
            continue
        assert say(plant, pipe, b"235 in\r\n") == b"MAIL FROM:<me@example.com>\r\n"
        assert say(plant, pipe, b"250 ok\r\n") == b"RCPT TO:<c@example.com>\r\n"
        say(plant, pipe, b"550 nobody\r\n")
        assert pipe.closed and told(plant) == [550, 0, 0, 1]
        # a test is not tried again
        assert called(plant, 2000) is None


def test_without_tls_nothing_is_said_that_wants_it():
    plant = ready(mail_tls=1, mail_test=1)
    assert called(plant) is None and told(plant)[0] == 7
