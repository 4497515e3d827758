"""Machines that say what they are told make every rule of the switchboard visible."""

from net.virtual_sockets import PEER, Sockets

from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard

PORT = 502


class Machine:
    """Answers each byte with `pieces` pieces of `size`; keeps what it was told in `log`."""

    busy = False

    def __init__(self, log, pieces=1, size=8, space=256):
        self.answer = bytearray(1024)
        self.log = log
        self.pieces = pieces
        self.size = size
        self.space = space
        self.closing = False
        self.left = 0
        self.to = None

    def opened(self, peer, now):
        self.log.append(("opened", peer))
        self.closing = False
        self.left = 0

    def room(self):
        return self.space

    def run(self, buffer, length, now):
        self.log.append(("run", bytes(buffer[:length])))
        if buffer[0] == ord("q"):
            self.closing = True
        self.left = self.pieces
        return self.piece()

    def poll(self, now):
        self.log.append(("poll", now))
        return self.piece()

    def piece(self):
        if not self.left:
            return 0
        self.left -= 1
        for i in range(self.size):
            self.answer[i] = ord("a") + self.left % 26
        return self.size

    def lost(self, now):
        self.log.append(("lost",))

    def failed(self, now):
        self.log.append(("failed", now))


class Service:
    def __init__(self, **how):
        self.log = []
        self.made = []
        self.how = how

    def connection(self):
        self.made.append(Machine(self.log, **self.how))
        return self.made[-1]


class Bench:
    """A switchboard with one stream service."""

    def __init__(self, most=2, idle_s=0, service=None, sockets=None, **how):
        self.sockets = sockets or Sockets()
        self.board = Switchboard(self.sockets)
        self.service = service or Service(**how)
        self.desk = Desk("test", "stream", self.service, most, idle_s)
        self.now = 1000
        self.board.open(self.desk, PORT, self.now)

    def visits(self, count=50):
        """So many visits in the next millisecond; how many had something to do."""
        self.now += 1
        done = 0
        for _ in range(count):
            if self.board.quiet(self.now):
                break
            self.board.poll(self.now)
            done += 1
        return done

    def wait(self, ms, step=5):
        """Time passes."""
        for _ in range(0, ms, step):
            self.now += step - 1
            self.visits()

    def client(self, peer=PEER):
        pipe = self.sockets.client(PORT, peer)
        self.visits()
        return pipe

    def said(self, word):
        return [entry for entry in self.service.log if entry[0] == word]
