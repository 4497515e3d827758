"""What the tests of posts do with a meter (device_fakes.Networked): settings, and the server."""

from fourquad import points as p
from fourquad.points import posts as q

SERVER = "192.0.2.7"
VOLTS = 1  # the first row of the first table: V1 V2 V3 VAVG
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def text(plant, offset, data):
    at = offset - q.GROUP_POSTS
    texts = plant.points.provider(p.SETTING + q.GROUP_POSTS).texts
    assert texts.check(at, data) == p.OK
    texts.write(at, data)


def set_up(plant, logger=0, channel=0, url=b"http://192.0.2.7/in", **fields):
    """Set a logger and its channel, which are then reset: the fields of points.posts by their names."""
    if not plant.points.read(p.STATE + p.GAPS):
        plant.run(1500)
    text(plant, q.POST_URL + q.POST_TEXTS * channel, url)
    usual = {
        "post_method": q.HTTP,
        "logger_real": VOLTS,
        "logger_interval": 5,  # 1 min
        "logger_post": 6,  # 5 min
        "logger_channel": channel + 1,
    }
    for name in fields:
        usual[name] = fields[name]
    for name in usual:
        step = q.LOGGER_STEP * logger if name.startswith("logger") else q.POST_STEP * channel
        assert plant.set(getattr(q, name.upper()) + step, usual[name]) == p.OK, name
    assert plant.set(q.LOGGER_ENABLE + q.LOGGER_STEP * logger, 1) == p.OK
    plant.reset_module()
    plant.run(1500)
    return plant


def told(plant, field, channel=0):
    return plant.points.read(q.POSTED + q.POST_SAYS * channel + field)


def state(plant, logger=0):
    at = q.POSTED + q.POST_SAYS * q.CHANNELS + q.LOGGER_SAYS * logger
    return plant.points.read(at), plant.points.read(at + 1)


def called(plant, ms=3000):
    """The connection that the meter makes to its server, which takes it; None: it makes none."""
    for _ in range(0, ms, 50):
        for pipe in plant.sockets.calls:
            if not pipe.up and not pipe.closed:
                pipe.up = True
                return pipe
        plant.run(50)
    return None


def serve(plant, answer=ANSWER, ms=3000):
    """Wait for a request, and answer it, or end the connection with None: (request line, head, body), or None
    if there is none.
    """
    pipe = called(plant, ms)
    if pipe is None:
        return None
    said = b""
    for _ in range(100):
        plant.run(50)
        said += pipe.take()
        if whole(said) or pipe.closed:
            break
    if answer is None:
        pipe.broken = True
    else:
        pipe.to_us = answer
    plant.run(100)
    return split(said)


def split(said):
    """Request line, fields by their names, and body."""
    at = said.find(b"\r\n\r\n")
    if at < 0:
        return said, {}, b""
    lines = said[:at].split(b"\r\n")
    fields = {}
    for line in lines[1:]:
        name, value = line.split(b": ", 1)
        fields[name] = value
    return lines[0], fields, said[at + 4 :]


def whole(said):
    _, fields, body = split(said)
    return b"Content-Length" in fields and len(body) >= int(fields[b"Content-Length"])


def rows(body):
    """The records of a CSV file: (time, values)."""
    lines = [line.split(b",") for line in body.split(b"\r\n")]
    return [(line[0], line[1:]) for line in lines[1:-1]]
