"""The switchboard with datagrams and with clients, over a network in memory."""

from net.net_fakes import Machine
from net.virtual_sockets import PEER, Sockets

from fourquad.net import desk as d
from fourquad.net import switchboard as sb
from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard


def test_datagrams():
    class Echo(Machine):
        def datagram(self, buffer, length, peer, now):
            self.log.append(("datagram", bytes(buffer[:length]), peer))
            self.answer[:length] = buffer[:length]
            return length

    sockets = Sockets()
    board = Switchboard(sockets)
    machine = Echo([])
    desk = Desk("echo", "datagram", machine)
    board.open(desk, 161, 0)
    socket = sockets.datagrams[161]
    socket.to_us = [(b"one", PEER), (b"two", ("10.0.0.9", 7))]
    board.poll(1)
    assert socket.said == [(b"one", PEER)]
    board.poll(1)
    board.poll(1)
    assert socket.said[1:] == [(b"two", ("10.0.0.9", 7))]
    machine.left = 1
    machine.to = ("10.0.0.8", 162)
    for now in range(2, 200):
        if not board.quiet(now):
            board.poll(now)
    assert socket.said[2:] == [(b"aaaaaaaa", ("10.0.0.8", 162))]
    machine.admits = lambda host: False
    socket.to_us = [(b"three", PEER)]
    board.poll(200)
    assert len(socket.said) == 3 and desk.counters[d.REFUSED] == 1


def test_a_datagram_for_which_the_heap_has_no_room_is_lost():
    class Full(Machine):
        full = True

        def datagram(self, buffer, length, peer, now):
            if self.full:
                raise MemoryError("1024 bytes")
            self.answer[:length] = buffer[:length]
            return length

    sockets = Sockets()
    board = Switchboard(sockets)
    machine = Full([])
    desk = Desk("full", "datagram", machine)
    board.open(desk, 161, 0)
    socket = sockets.datagrams[161]
    socket.to_us = [(b"one", PEER), (b"two", PEER)]
    board.poll(1)
    machine.full = False
    board.poll(2)
    assert socket.said == [(b"two", PEER)] and desk.counters[d.REFUSED] == 1


class Caller(Machine):
    """Wants to be connected while `target` is set."""

    target = ("192.168.1.9", 1883)

    def wants(self, now):
        self.log.append(("wants", now))
        return self.target


class Calling:
    def __init__(self):
        self.sockets = Sockets()
        self.board = Switchboard(self.sockets)
        self.machine = Caller([])
        self.board.open(Desk("caller", "client", self.machine), None, 0)
        self.now = 0

    def until(self, now):
        while self.now < now:
            self.now += 5
            if not self.board.quiet(self.now):
                self.board.poll(self.now)

    def said(self, word):
        return [entry for entry in self.machine.log if entry[0] == word]


def test_a_client_calls_talks_and_is_lost():
    bench = Calling()
    bench.until(200)
    pipe = bench.sockets.calls[0]
    assert pipe.peer == Caller.target and not bench.said("opened")
    pipe.up = True
    bench.until(300)
    assert bench.said("opened") == [("opened", Caller.target)]
    bench.machine.left = 1
    bench.until(400)
    assert pipe.take() == b"a" * 8, "what it says first"
    pipe.to_us = b"x"
    bench.until(500)
    assert pipe.take() == b"a" * 8
    bench.machine.target = None
    pipe.broken = True
    bench.until(600)
    assert bench.said("lost") == [("lost",)] and pipe.closed
    bench.until(2000)
    assert len(bench.sockets.calls) == 1
    bench.machine.target = Caller.target
    bench.until(2200)
    assert len(bench.sockets.calls) == 2


def test_a_client_that_nobody_answers():
    bench = Calling()
    bench.until(200)
    bench.machine.target = None
    bench.until(sb.CONNECT_MS - 100)
    assert not bench.said("failed")
    bench.until(sb.CONNECT_MS + 500)
    assert len(bench.said("failed")) == 1 and bench.sockets.calls[0].closed and not bench.sockets.open
    # refused while it is made
    bench.machine.target = Caller.target
    bench.until(sb.CONNECT_MS + 1000)
    bench.sockets.calls[1].broken = True
    bench.machine.target = None
    bench.until(sb.CONNECT_MS + 1500)
    assert len(bench.said("failed")) == 2
    # refused at once
    bench.machine.target = Caller.target
    bench.sockets.refuse = True
    bench.until(sb.CONNECT_MS + 2000)
    assert len(bench.said("failed")) > 2
