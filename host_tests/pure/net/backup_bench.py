"""A meter whose configuration is taken away and brought back by its web pages."""

import json
from hashlib import sha256

from device.device_fakes import Networked
from net.http_fakes import Web

from fourquad import points as p
from fourquad.device.network import audit_of
from fourquad.points import network as n
from fourquad.points.mail import MAIL_PASSWORD, MAIL_SERVER

PHRASE = "correct horse"
SECRET = b"mail secret"


def logged_in(plant=None):
    web = Web(plant or Networked())
    web.log_in()
    return web


def texts(web, offset):
    """Where a text is, and its place there."""
    provider, base = web.points.place(p.SETTING + offset)
    return provider.texts, p.SETTING + offset - base


def text(web, offset):
    of, at = texts(web, offset)
    return of.read(at)


def get(web, offset):
    return web.points.read(p.SETTING + offset)


def put(web, offset, value):
    if isinstance(value, bytes):
        of, at = texts(web, offset)
        assert of.check(at, value) == p.OK
        of.write(at, value)
    else:
        assert web.points.check(p.SETTING + offset, value) == p.OK
        web.points.write(p.SETTING + offset, value)


def file_of(web, passphrase=None):
    if passphrase is None:
        return web.ask("/api/config").body.decode()
    answer = web.post("/api/config", {"passphrase": passphrase})
    assert answer.status == 200
    return answer.body.decode()


def summed(lines):
    """A file of these lines with a sum that is right."""
    whole = "".join(lines)
    return whole + '"sum":"' + sha256(whole.encode()).digest().hex() + '"\n}\n'


def send(web, data, passphrase="", size=700):
    """The answer to the last piece, or to the first that is refused."""
    at = 0
    while True:
        piece = data[at : at + size]
        body = {"at": at, "text": piece}
        if at == 0 and passphrase:
            body["passphrase"] = passphrase
        if at + size >= len(data):
            body["end"] = True
        answer = web.post("/api/import", body)
        at += len(piece)
        if answer.status != 200 or at >= len(data):
            return answer
        assert answer.json()["at"] == at


def apply(web, plant):
    """The answer to the wish to store it, which takes a while of the device's."""
    web.service.api.audit_log = audit_of(plant.points)
    body = '{"apply":true}'
    machine = web.connect()
    head = f"POST /api/import HTTP/1.1\r\nHost: meter\r\nCookie: sid={web.sid}\r\n"
    head += f"X-CSRF-Token: {web.csrf}\r\nContent-Type: application/json\r\n"
    said = web.say(machine, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    for _ in range(150):
        if said:
            break
        plant.run(100)
        said = web.say(machine, b"")
    assert said, "no answer within 15 s"
    return json.loads(said.partition(b"\r\n\r\n")[2])


def changed(plant):
    """A file, sealed, of a meter that has changes in every group."""
    web = logged_in(plant)
    for offset, value in CHANGES:
        put(web, offset, value)
    web.points.write(p.DNP3 + 4, 1 - web.points.read(p.DNP3 + 4))
    return web, file_of(web, PHRASE)


CHANGES = (
    (p.CT1, 400),
    (p.PASSWORD, 4321),
    (p.BAUD_1, 9600),
    (p.DEMAND_WINDOW, 30),
    (p.PULSE_P, 3200),
    (n.MODBUS_PORT, 2002),
    (n.MQTT_INTERVAL, 77),
    (MAIL_SERVER, b"mail.example"),
    (MAIL_PASSWORD, SECRET),
)
