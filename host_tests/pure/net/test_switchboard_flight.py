"""The switchboard over a network like lwIP: one heap has what is not acknowledged of all connections, and
while that is full nothing is sent.
"""

from net.net_fakes import PORT, Bench, Service
from net.virtual_sockets import PEER, Sockets

from fourquad.net import desk as d
from fourquad.net.desk import Desk
from fourquad.net.flight import ARRIVED_MS

PROMPT_PORT = 503
MEMORY = 8000
CLIENTS = 4
WEB_IDLE_S = 60


class Lwip(Sockets):
    """Each client has `space`, a window that does not open again, of `most` bytes at first, and acknowledges
    at once what fits into it; one that is `gone` acknowledges nothing. `refused`: how often there was no
    memory.
    """

    def __init__(self):
        Sockets.__init__(self)
        self.refused = 0
        self.held = {}
        self.aborted = []

    def unacknowledged(self, handle):
        self._acknowledge(handle)
        held = self.held.get(id(handle), 0)
        room = handle.space - held
        return held if room >= min(1024, handle.most // 2) else ~held

    def _acknowledge(self, handle):
        if not handle.gone:
            taken = min(self.held.get(id(handle), 0), handle.space)
            handle.space -= taken
            self.held[id(handle)] = self.held.get(id(handle), 0) - taken

    def write(self, handle, buffer, begin, end):
        n = end - begin
        if sum(self.held.values()) + n > MEMORY:
            self.refused += 1
            return 0
        handle.said += bytes(buffer[begin:end])
        self.held[id(handle)] = self.held.get(id(handle), 0) + n
        self._acknowledge(handle)
        return n

    def close(self, handle, at_once=False):
        if at_once:
            self.held.pop(id(handle), None)
            self.aborted.append(handle)
        Sockets.close(self, handle)


def bench_of():
    """A web server whose answers are long, and a prompt service next to it."""
    bench = Bench(most=CLIENTS, idle_s=WEB_IDLE_S, sockets=Lwip(), pieces=20, size=1024)
    service = Service(size=250)
    service.prompt = True
    bench.prompt = Desk("prompt", "stream", service, 4)
    bench.board.open(bench.prompt, PROMPT_PORT, bench.now)
    return bench


def client(bench, port=PORT, room=1000, gone=False, host=PEER[0]):
    """A client that has room for so many bytes until it reads."""
    pipe = bench.sockets.client(port, (host, 40000))
    pipe.space = pipe.most = room
    pipe.gone = gone
    bench.visits()
    return pipe


def ask(bench, pipe):
    pipe.to_us = b"x"
    bench.wait(50)
    return len(pipe.take())


def test_who_does_not_read_has_nothing_under_way_and_keeps_nobody():
    bench = bench_of()
    for pipe in [client(bench) for _ in range(CLIENTS - 1)]:
        pipe.to_us = b"x"
    bench.wait(1000)
    assert bench.sockets.refused == 0
    assert sum(bench.sockets.held.values()) < 100, "what did not fit into a window"
    master = client(bench, PROMPT_PORT, room=60000)
    assert ask(bench, master) == 250
    reader = client(bench, room=60000)
    assert ask(bench, reader) == 20 * 1024
    # until its time is over
    bench.wait(1000 * WEB_IDLE_S)
    assert bench.desk.counters[d.IDLE] >= CLIENTS - 1
    assert bench.desk.counters[d.REPLACED] == 0


def test_who_acknowledges_nothing_leaves_room_to_who_is_prompt():
    bench = bench_of()
    for pipe in [client(bench, room=60000, gone=True) for _ in range(CLIENTS)]:
        pipe.to_us = b"x"
    bench.wait(1000)
    assert bench.sockets.refused == 0
    assert 1024 <= sum(bench.sockets.held.values()) <= bench.sockets.budget - 2 * 1024
    master = client(bench, PROMPT_PORT, room=60000)
    for _ in range(10):
        assert ask(bench, master) == 250


def test_who_acknowledges_nothing_gives_way_when_others_want_room():
    bench = bench_of()
    gone = [client(bench, room=60000, gone=True) for _ in range(2)]
    for pipe in gone:
        pipe.to_us = b"x"
    bench.wait(d.STALLED_MS + 500)
    assert not bench.sockets.aborted, "nobody wants their room"
    reader = client(bench, room=60000)
    reader.to_us = b"x"
    bench.wait(500)
    assert len(reader.said) == 20 * 1024
    assert bench.sockets.aborted and bench.desk.counters[d.REPLACED] == len(bench.sockets.aborted)
    assert bench.desk.used == 3 - len(bench.sockets.aborted)


def test_a_pause_of_the_other_side_is_no_end():
    """As of a cable that is out: what was sent arrives later, and then the rest goes on."""
    bench = bench_of()
    pipe = client(bench, room=60000, gone=True)
    pipe.to_us = b"x"
    bench.wait(10000)
    assert len(pipe.said) == 2048 and not pipe.closed
    pipe.gone = False
    bench.wait(200)
    assert len(pipe.said) == 20 * 1024


def test_a_network_without_memory_is_tried_now_and_then():
    bench = bench_of()
    other = client(bench, PROMPT_PORT, room=60000, gone=True)
    bench.sockets.held[id(other)] = MEMORY - 100  # nobody knows of it
    pipe = client(bench, room=60000)
    pipe.to_us = b"x"
    bench.wait(1000)
    assert not pipe.said and 50 <= bench.sockets.refused <= 200
    del bench.sockets.held[id(other)]
    bench.wait(200)
    assert len(pipe.said) == 20 * 1024


def test_where_nobody_tells_time_does():
    bench = bench_of()
    bench.sockets.unacknowledged = None
    pipe = client(bench, room=60000)
    pipe.to_us = b"x"
    bench.visits()
    assert len(pipe.said) == 2048
    bench.wait(ARRIVED_MS)
    assert len(pipe.said) == 4096
