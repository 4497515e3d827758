"""A client of the web server without a network: it asks the machine of one connection, byte by byte."""

import json

from net.virtual_sockets import Sockets

from fourquad.device.network import Parts
from fourquad.net import PIECE
from fourquad.protocols.http.server import Service

PEER = ("192.168.1.20", 40000)
FILES = (
    ("/", "text/html; charset=utf-8", '"abc"', b"<html>" * 400),
    ("/app.js", "text/javascript", '"def"', b"js"),
)


class Answer:
    """`status`; `head`: lines by their names in small letters; `body`: octets, out of their chunks."""

    def __init__(self, data, head_only=False):
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.head = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            self.head[name.lower()] = value
        self.body = b""
        if head_only:
            self.rest = rest
        elif self.head.get("transfer-encoding") == "chunked":
            while True:
                size, _, rest = rest.partition(b"\r\n")
                size = int(size, 16)
                self.body += rest[:size]
                assert rest[size : size + 2] == b"\r\n"
                rest = rest[size + 2 :]
                if not size:
                    break
            self.rest = rest
        elif "content-length" in self.head:
            size = int(self.head["content-length"])
            self.body, self.rest = rest[:size], rest[size:]
        else:
            self.body, self.rest = rest, b""

    def json(self):
        return json.loads(self.body)


class Web:
    """A meter, `plant`, and its web server; `now` is the test's."""

    def __init__(self, plant, files=FILES):
        self.plant = plant
        self.points = self.plant.device.points
        self.random = Sockets().random
        name = plant.model.NAME
        parts = Parts(self.points, self.plant.device.registers, None, self.random, files, name=name)
        self.noted = []
        parts.audit = self
        pages = __import__(plant.model.__name__ + ".web", None, None, ("PAGES",))
        self.service = Service(parts, pages)
        self.now = 1000
        self.sid = self.csrf = ""

    def note(self, what, level):
        """In place of the audit log."""
        self.noted.append((what, level))

    def connect(self, host=PEER[0]):
        machine = self.service.connection()
        machine.opened((host, PEER[1]), self.now)
        return machine

    def say(self, machine, data, step=512):
        """Send octets as they are taken, and get what is answered."""
        out = b""
        calls = 0
        while True:
            some = min(machine.room(), step)
            if data and some:
                piece, data = data[:some], data[some:]
                n = machine.run(piece, len(piece), self.now)
            else:
                n = machine.poll(self.now)
            assert n <= PIECE
            out += bytes(machine.answer[:n])
            calls += 1
            assert calls < 20000, "it never ends"
            if not n and not machine.busy and (not data or machine.closing or not machine.room()):
                return out

    def ask(self, path, method="GET", body=None, lines="", machine=None):
        """One request, with the session that there is."""
        machine = machine or self.connect()
        head = f"{method} {path} HTTP/1.1\r\nHost: meter\r\n{lines}"
        if self.sid:
            head += f"Cookie: other=1; sid={self.sid}\r\n"
        if body is not None:
            body = body if isinstance(body, str) else json.dumps(body)
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            if self.csrf:
                head += f"X-CSRF-Token: {self.csrf}\r\n"
        said = self.say(machine, f"{head}\r\n{body or ''}".encode())
        machine.lost(self.now)
        return Answer(said, method == "HEAD")

    def post(self, path, body, lines=""):
        return self.ask(path, "POST", body, lines)

    def log_in(self, level="admin", password="admin"):
        self.sid = self.csrf = ""
        answer = self.post("/api/login", {"level": level, "password": password})
        if answer.status == 200:
            self.sid = answer.head["set-cookie"].split(";")[0][4:]
            self.csrf = answer.json()["csrf"]
        return answer
