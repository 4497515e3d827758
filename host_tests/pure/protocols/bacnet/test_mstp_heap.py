"""What tokens and requests cost of the heap, where there is MicroPython's to look at."""

import gc
import sys

# first, because MicroPython's stack does not take imports that are nested deeper
from meter.tables import meter as _meter  # noqa: F401
from protocols.bacnet.test_trend import TRUE, Logs

from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.mstp import frames as f

ADDRESS, BEFORE, AFTER = 1, 9, 2


class Bench:
    """A meter in a ring: it gets the token from 9 and gives it to 2."""

    def __init__(self):
        logs = Logs()
        assert logs.put(c.LOG_ENABLE, TRUE) == 0
        logs.intervals(30)
        self.node = logs.machine
        self.now = 1000
        self.buffer = bytearray(f.MAX_FRAME)
        self.node.poll(self.now)
        self.hear(f.put(self.buffer, f.TOKEN, ADDRESS, BEFORE))
        # the announcement, then the search for who comes next
        while self.node.answer[2] != f.POLL_FOR_MASTER:
            self.hear(0)
        self.hear(f.put(self.buffer, f.REPLY_TO_POLL, ADDRESS, AFTER))
        self.hear(0)
        self.hear(f.put(self.buffer, f.TOKEN, BEFORE, AFTER))

    def hear(self, length):
        """Octets of the buffer, and some looks after them; the length of what is said."""
        node = self.node
        if length:
            node.run(self.buffer, length, 0)
        for _ in range(4):
            self.now += 1
            n = node.poll(self.now)
            if n:
                return n
        return 0

    def request(self, apdu):
        """The length of a frame with it in the buffer."""
        data = b"\x01\x04" + apdu
        self.buffer[f.HEADER : f.HEADER + len(data)] = data
        return f.put(self.buffer, f.DATA_EXPECTING_REPLY, ADDRESS, BEFORE, len(data))


def cost(bench, length, times=1):
    """Bytes of the heap that so many octets of the buffer cost, and the length of the last answer."""
    gc.collect()
    gc.disable()
    used = gc.mem_alloc()
    for _ in range(times):
        n = bench.hear(length)
    used = gc.mem_alloc() - used
    gc.enable()
    return used, n


def test_a_ring_allocates_nothing():
    if sys.implementation.name != "micropython":
        return
    bench = Bench()
    # frames of others, polls, tokens of which each is used, data of others
    for kind, destination, length in (
        (f.TOKEN, BEFORE, 0),
        (f.POLL_FOR_MASTER, ADDRESS, 0),
        (f.TOKEN, ADDRESS, 0),
        (f.DATA_EXPECTING_REPLY, BEFORE, 100),
    ):
        octets = f.put(bench.buffer, kind, destination, AFTER, length)
        used, n = cost(bench, octets, 40)
        assert used == 0 and (n > 0) == (destination == ADDRESS), (kind, destination, used)
    assert cost(bench, 0, 50)[0] == 0


# A request, and the bytes that it and its answer may allocate.
LIMITS = (
    (b"\x00\x05\x01\x0c\x0c\x00\x00\x00\x0b\x19\x55", 128),
    (b"\x00\x05\x01\x0e\x0c\x00\x00\x00\x0b\x1e\x09\x08\x1f", 768),  # all properties
    (b"\x00\x05\x01\x0e\x0c\x02\x3f\xff\xff\x1e\x09\x4d\x09\x4b\x09\x60\x1f", 384),
    (b"\x00\x05\x01\x1a\x0c\x05\x00\x00\x02\x19\x83", 7168),  # 22 records
    (b"\x00\x05\x01\x0f\x0c\x00\x80\x00\x03\x19\x55\x3e\x44\x42\xc8\x00\x00\x3f", 384),
)


def test_requests_allocate_little():
    if sys.implementation.name != "micropython":
        return
    bench = Bench()
    for apdu, limit in LIMITS:
        length = bench.request(apdu)
        cost(bench, length)
        used, n = cost(bench, length)
        assert n > f.HEADER + 2 and used <= limit, (apdu, used)
    octets = f.put(bench.buffer, f.TEST_REQUEST, ADDRESS, BEFORE, f.MAX_DATA)
    used, n = cost(bench, octets)
    assert n == f.MAX_FRAME and used <= 768, used
