"""DNP3 over the network: what concerns all points is done a few points at a time, and what a master asks for
waits until it is done.
"""

from device.device_fakes import started
from net.test_dnp3_network import EVERYTHING, INPUTS, PORT, READ, Master, fragments, turn

from fourquad import points as p
from fourquad.protocols.dnp3 import shared
from fourquad.protocols.dnp3.configuration import FIELDS, FIRST_POINT
from fourquad.protocols.dnp3.database import Database

MOST = 20  # points that are read in one event of the network
ANALOG, COUNT = 58, 33  # the readings among the points of the settings
COLD_RESTART = 13


class Watched:
    """A meter; `most`: how many points were read in one event of its network."""

    def __init__(self):
        self.plant = plant = started()
        self.board = board = plant.device.ports[-1].board
        self.reads = self.most = 0
        read, poll = plant.points.read, board.poll

        def counted(pid):
            self.reads += 1
            return read(pid)

        def polled(now):
            self.reads = 0
            try:
                return poll(now)
            finally:
                self.most = max(self.most, self.reads)

        plant.points.read, board.poll = counted, polled

    def masters(self):
        """Two that are known."""
        both = Master(self.plant, 3), Master(self.plant, 4)
        for each in both:
            each.read(EVERYTHING)
        self.most = 0
        return both

    @property
    def database(self):
        return self.board.desks[1].service.masters.all[0].outstation.session.database

    def until_work(self):
        """Until something that concerns all points goes on."""
        for _ in range(200):
            self.plant.run(1)
            if self.database.work:
                return
        raise AssertionError("it does not begin")


def test_an_outstation_is_made():
    w = Watched()
    assert len(Master(w.plant, 3).read(EVERYTHING)) > 300
    assert 0 < w.most <= MOST
    w.most = 0
    assert len(Master(w.plant, 4).read(EVERYTHING)) > 300
    assert 0 < w.most <= MOST


def test_the_first_datagram_waits():
    w = Watched()
    socket = w.plant.sockets.datagrams[PORT]
    one = Master(w.plant, 3)
    socket.to_us = [(one.octets(READ, EVERYTHING), ("192.168.1.30", 40001))]
    w.plant.run(300)
    (answer,) = fragments(b"".join([data for data, _ in socket.said]), 3)
    assert len(answer) > 300 and 0 < w.most <= MOST


def test_a_restart():
    w = Watched()
    one, two = w.masters()
    turn(w.plant, 1)
    one.sequence += 1
    one.pipe.to_us = one.octets(COLD_RESTART)
    w.until_work()
    assert len(fragments(one.pipe.take(), 3)) == 1
    two.sequence += 1
    one.pipe.to_us, two.pipe.to_us = one.octets(READ, INPUTS), two.octets(READ, INPUTS)
    w.plant.run(10)
    assert not one.pipe.take() and not two.pipe.take(), "both wait"
    (mine,), (others,) = one.hear(), fragments(two.pipe.take(), 4)
    assert mine[2] & 0x80 and not mine[4:] and others[4:6] == b"\x02\x02"
    assert w.most <= MOST


def test_a_master_that_leaves_while_it_is_restarted():
    w = Watched()
    one, _ = w.masters()
    turn(w.plant, 1)
    one.pipe.to_us = one.octets(COLD_RESTART)
    w.until_work()
    one.pipe.ended = True
    w.plant.run(10000)
    assert one.pipe.closed and not w.database.work
    turn(w.plant, 0)
    events = Master(w.plant, 3).read(INPUTS)
    assert events[:4] == b"\x02\x02\x17\x01", "one event, of what was after the restart"


def test_settings_that_change():
    w = Watched()
    w.masters()
    klass = FIRST_POINT + FIELDS * ANALOG
    for number in range(COUNT):
        assert w.plant.points.write(p.DNP3 + klass + FIELDS * number, 1) == p.OK
    w.until_work()
    # what changes meanwhile is no less seen
    assert w.plant.points.write(p.DNP3 + klass, 3) == p.OK
    w.plant.run(400)
    assert list(w.database.klass[ANALOG : ANALOG + COUNT]) == [3] + (COUNT - 1) * [1]
    assert w.most <= MOST


def test_a_master_that_leaves_while_its_outstation_is_made():
    w = Watched()
    one = Master(w.plant, 3)
    one.pipe.to_us = one.octets(READ, EVERYTHING)
    w.plant.run(10)
    one.pipe.broken = True
    w.plant.run(200)
    assert one.pipe.closed
    assert len(Master(w.plant, 4).read(EVERYTHING)) > 300


class Short(Database):
    """For which there is no room."""

    def step(self):
        if len(self.runs) > 5:
            raise MemoryError
        Database.step(self)


def test_no_room_for_an_outstation():
    w = Watched()
    shared.Database = Short
    try:
        one = Master(w.plant, 3)
        one.pipe.to_us = one.octets(READ, EVERYTHING)
        w.plant.run(300)
        assert one.pipe.closed and not one.pipe.said
    finally:
        shared.Database = Database
    assert len(Master(w.plant, 3).read(EVERYTHING)) > 300
