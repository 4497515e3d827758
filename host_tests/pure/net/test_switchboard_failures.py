"""Services with faults in their program: each costs a connection, or the service for a while, and no more."""

from net.net_fakes import PORT, Bench, Machine, Service
from net.virtual_sockets import PEER, Sockets

from fourquad.net import desk as d
from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard


class Fault(Exception):
    """None that anybody expects."""


def broken(*_):
    raise Fault("here")


class Told:
    """What `broke` is told."""

    def __init__(self, desk):
        self.said = []
        desk.broke = lambda name, error, count: self.said.append((name, type(error), count))


class Stream:
    """A stream service with a machine whose callback `which` raises, beside one that is well."""

    def __init__(self, which):
        self.bench = Bench(most=4)
        self.well = Desk("well", "stream", Service(), 2)
        self.bench.board.open(self.well, PORT + 1, 0)
        self.told = Told(self.bench.desk)
        make = Service.connection

        def connection():
            machine = make(self.bench.service)
            setattr(machine, which, broken)
            return machine

        self.bench.service.connection = broken if which == "connection" else connection

    def poke(self):
        """A client comes, says something, and leaves."""
        pipe = self.bench.client()
        pipe.to_us = b"x"
        self.bench.wait(200)
        pipe.ended = True
        self.bench.wait(20)
        return pipe

    def others_are_well(self):
        pipe = self.bench.sockets.client(PORT + 1, PEER)
        self.bench.visits()
        pipe.to_us = b"x"
        self.bench.visits()
        good = pipe.said == b"a" * 8
        pipe.ended = True
        self.bench.visits()
        return good and pipe.closed


CALLBACKS = ("opened", "room", "run", "poll", "lost", "connection")


def test_every_callback_of_a_server_may_fail():
    for which in CALLBACKS:
        stream = Stream(which)
        pipe = stream.poke()
        assert pipe.closed and stream.bench.desk.used == 0, which
        assert stream.bench.desk.faults >= 1 and stream.told.said[0] == ("test", Fault, 1), which
        assert stream.others_are_well(), which


def test_five_in_a_row_close_the_service_for_a_while_and_then_one_does():
    stream = Stream("run")
    bench = stream.bench
    for _ in range(d.STRIKES):
        assert not bench.desk.stopped
        stream.poke()
    faults = bench.desk.faults
    assert bench.desk.stopped and faults == d.STRIKES
    refused = bench.desk.counters[d.REFUSED]
    assert stream.poke().closed and bench.desk.counters[d.REFUSED] == refused + 1
    assert bench.desk.faults == faults and stream.others_are_well()
    bench.wait(d.COOL_MS + 1000, 50)
    assert not bench.desk.stopped
    stream.poke()
    assert bench.desk.faults == faults + 1 and bench.desk.stopped
    bench.wait(d.COOL_MS + 1000, 50)
    assert bench.desk.stopped, "for twice as long"
    bench.wait(d.COOL_MS + 1000, 50)
    assert not bench.desk.stopped
    # it is mended: what came is dealt with, and the row begins anew
    for machine in bench.service.made:
        machine.run = lambda buffer, length, now: 0
    stream.poke()
    for machine in bench.service.made:
        machine.run = broken
    for _ in range(d.STRIKES - 1):
        stream.poke()
    assert not bench.desk.stopped
    stream.poke()
    assert bench.desk.stopped


def test_a_reset_of_the_module_opens_it_at_once():
    stream = Stream("run")
    bench = stream.bench
    for _ in range(d.STRIKES):
        stream.poke()
    assert bench.desk.stopped
    bench.board.close_all(bench.now)
    bench.board.open(bench.desk, PORT, bench.now)
    assert not bench.desk.stopped and bench.desk.faults == d.STRIKES
    stream.poke()
    assert bench.desk.faults == d.STRIKES + 1 and not bench.desk.stopped


def test_one_client_with_poison_takes_nothing_from_the_others():
    bench = Bench(most=2)
    healthy = bench.client()
    first = bench.service.made[0]
    run = first.run

    def fussy(buffer, length, now):
        return broken() if buffer[0] == ord("!") else run(buffer, length, now)

    for _ in range(3 * d.STRIKES):
        poison = bench.client()
        for machine in bench.service.made:
            if machine is not first:
                machine.run = lambda buffer, length, now: broken()
        poison.to_us = b"!"
        bench.visits()
        assert poison.closed
        healthy.to_us = b"x"
        bench.visits()
        assert healthy.take() == b"a" * 8
    assert not healthy.closed and not bench.desk.stopped and bench.desk.faults == 3 * d.STRIKES


def test_failures_are_told_with_their_number_and_seldom():
    stream = Stream("run")
    for _ in range(3):
        stream.poke()
    assert stream.told.said == [("test", Fault, 1)]
    stream.bench.wait(d.HUSH_MS, 500)
    stream.poke()
    assert stream.told.said[1:] == [("test", Fault, 3)]


def test_a_full_heap_is_no_failure():
    bench = Bench()
    pipe = bench.client()

    def full(*_):
        raise MemoryError("1024 bytes")

    bench.service.made[0].lost = full
    pipe.ended = True
    bench.visits()
    assert pipe.closed and bench.desk.faults == 0 and bench.desk.counters[d.REFUSED] == 1


def test_every_callback_of_a_datagram_service_may_fail():
    for which in ("datagram", "poll", "admits"):
        sockets = Sockets()
        board = Switchboard(sockets)
        machine = Machine([])
        machine.datagram = lambda buffer, length, peer, now: 0
        desk = Desk("echo", "datagram", machine)
        board.open(desk, 161, 0)
        setattr(machine, which, broken)
        socket = sockets.datagrams[161]
        now = 0
        for now in range(0, 2000, 5):
            if now % 100 == 0:
                socket.to_us.append((b"one", PEER))
            if not board.quiet(now):
                board.poll(now)
        if which == "poll":
            # what comes is dealt with, so that this is no row
            assert desk.faults > d.STRIKES and not desk.stopped
            continue
        assert desk.faults == d.STRIKES and desk.stopped and not socket.to_us, which
        delattr(machine, which)
        machine.datagram = lambda buffer, length, peer, now: 0
        for now in range(2000, d.COOL_MS + 3000, 5):
            if not board.quiet(now):
                board.poll(now)
        assert not desk.stopped and desk.faults == d.STRIKES, which


class Caller(Machine):
    target = ("192.168.1.9", 1883)
    begun = 0

    def wants(self, now):
        return self.target

    def began(self, now):
        self.begun += 1


def test_every_callback_of_a_client_may_fail():
    for which in ("wants", "opened", "failed", "poll", "room", "run", "lost"):
        sockets = Sockets()
        board = Switchboard(sockets)
        machine = Caller([])
        desk = Desk("caller", "client", machine)
        board.open(desk, None, 0)
        setattr(machine, which, broken)
        for now in range(0, 20000, 5):
            for pipe in sockets.calls:
                pipe.up = which != "failed"
                pipe.broken = which == "failed" or pipe.broken
                if pipe.up and not pipe.closed and now % 500 == 0:
                    pipe.to_us = b"x"
                    pipe.ended = which == "lost"
            if not board.quiet(now):
                board.poll(now)
        if which in ("lost", "poll"):
            assert desk.faults >= 1, which
        else:
            assert desk.stopped and desk.faults == d.STRIKES, which
            assert [pipe for pipe in sockets.calls if not pipe.closed] == [], which
        stopped, machine.target = desk.stopped, None
        setattr(machine, which, lambda *_: None)
        for now in range(20000, d.COOL_MS + 21000, 5):
            if not board.quiet(now):
                board.poll(now)
        assert not desk.stopped and machine.begun == int(stopped), which


def test_a_service_that_cannot_begin_is_left_alone():
    class Tired(Service):
        def began(self, now):
            broken()

    desk = Desk("tired", "stream", Tired())
    desk.begin(0)
    assert desk.faults == 1
