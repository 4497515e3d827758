"""The switchboard with a stream server, over a network in memory."""

from net.net_fakes import PORT, Bench, Service
from net.virtual_sockets import PEER, Sockets

from fourquad.net import desk as d
from fourquad.net import switchboard as sb
from fourquad.net.desk import Desk
from fourquad.net.flight import ARRIVED_MS


def test_a_visit_serves_one_event():
    bench = Bench()
    one, two = bench.sockets.client(PORT), bench.sockets.client(PORT)
    bench.board.poll(bench.now)
    assert len(bench.said("opened")) == 1
    bench.board.poll(bench.now)
    assert bench.said("opened") == [("opened", PEER), ("opened", PEER)]
    one.to_us = b"x"
    two.to_us = b"y"
    bench.board.poll(bench.now)
    bench.board.poll(bench.now)
    assert bench.said("run") == [("run", b"x"), ("run", b"y")]
    assert one.take() == two.take() == b"a" * 8


def test_nothing_to_do_is_quiet():
    bench = Bench()
    bench.client()
    bench.wait(20)
    bench.now += 1
    assert bench.board.quiet(bench.now)
    assert bench.visits() == 0


def test_who_was_served_longest_ago_comes_first():
    bench = Bench(most=3)
    pipes = [bench.client() for _ in range(3)]
    for i, pipe in enumerate(pipes):
        pipe.to_us = b"ABC"[i : i + 1] * 256 * 3
    bench.visits(300)
    order = [entry[1][:1] for entry in bench.said("run")]
    assert [order.count(letter) for letter in (b"A", b"B", b"C")] == [3, 3, 3]
    assert sorted(order[:3]) == sorted(order[3:6]) == sorted(order[6:]) == [b"A", b"B", b"C"]


def test_who_comes_to_a_patient_service_waits_for_room():
    service = Service()
    service.patient = True
    service.tick = lambda now: None
    bench = Bench(most=2, service=service)
    one, two = bench.client(), bench.client()
    one.to_us = two.to_us = b"x"
    bench.visits()
    third = bench.client()
    bench.wait(1000)
    assert not third.closed and bench.desk.used == 2 and bench.desk.counters[d.REFUSED] == 0
    # nobody looks at the door all the time
    assert bench.sockets.listeners[PORT].watched == 0
    two.to_us = b"q"
    third.to_us = b"x"
    bench.wait(200)
    assert two.closed and third.said and bench.desk.used == 2
    fourth = bench.client()
    bench.wait(sb.QUIET_MS + 200)
    assert bench.desk.counters[d.REPLACED] == 1 and not fourth.closed


def test_a_connection_more_than_allowed_replaces_a_quiet_one_or_is_refused():
    bench = Bench(most=2)
    one, two = bench.client(), bench.client()
    one.to_us = two.to_us = b"x"
    bench.visits()
    third = bench.client()
    assert third.closed and not one.closed and not two.closed
    assert bench.desk.counters[d.REFUSED] == 1
    bench.wait(sb.QUIET_MS - 1000)
    two.to_us = b"x"
    bench.wait(1500)
    fourth = bench.client()
    assert one.closed and not two.closed and not fourth.closed
    assert bench.desk.counters[d.REPLACED] == 1 and bench.desk.used == 2
    assert len(bench.service.made) == 2, "machines are used again"


def test_who_never_spoke_gives_way_first_and_soon():
    bench = Bench(most=2)
    one = bench.client()
    one.to_us = b"x"
    bench.visits()
    two = bench.client()
    bench.wait(sb.NEWCOMER_MS + 100)
    assert not bench.client().closed
    assert two.closed and not one.closed


def test_an_address_that_is_not_admitted():
    bench = Bench()
    bench.service.admits = lambda host: host == "10.0.0.1"
    assert bench.client().closed
    assert not bench.client(("10.0.0.1", 1)).closed
    assert bench.desk.counters[d.REFUSED] == 1


def test_a_quiet_connection_is_closed_after_its_time():
    bench = Bench(idle_s=3)
    pipe = bench.client()
    bench.wait(2500)
    pipe.to_us = b"x"
    bench.wait(2900)
    assert not pipe.closed
    bench.wait(300)
    assert pipe.closed and bench.desk.counters[d.IDLE] == 1
    assert bench.said("lost") == [("lost",)] and bench.desk.used == 0


def test_pieces_go_out_as_the_network_takes_them():
    bench = Bench(pieces=6, size=1024)
    pipe = bench.client()
    pipe.to_us = b"x"
    bench.visits()
    assert len(pipe.take()) == 2048, "the window of one connection"
    assert bench.visits() == 0
    bench.wait(ARRIVED_MS)
    assert len(pipe.take()) == 2048
    bench.wait(100)
    assert len(pipe.take()) == 2048
    assert bench.board.flight.bytes == 0
    assert bench.desk.counters[d.BYTES_OUT] == 6144


def test_all_connections_share_a_budget():
    bench = Bench(most=8, pieces=3, size=1024)
    pipes = [bench.client() for _ in range(8)]
    for pipe in pipes:
        pipe.to_us = b"x"
    bench.visits(100)
    # the rest is for who is prompt
    assert sum([len(pipe.said) for pipe in pipes]) == 3 * 1024 <= Sockets.budget - 2 * 1024
    bench.wait(400)
    assert [len(pipe.said) for pipe in pipes] == [3072] * 8


def test_a_network_that_is_full_holds_a_connection_and_no_other():
    bench = Bench(pieces=2, size=100)
    slow, fast = bench.client(), bench.client()
    slow.space = 30
    slow.to_us = b"x"
    bench.visits()
    asked = len(bench.said("poll"))
    slow.to_us = b"y"
    bench.wait(500)
    assert len(bench.said("poll")) - asked <= 11, "only the other connection was told the time"
    assert slow.take() == b"b" * 30
    assert bench.said("run") == [("run", b"x")], "backpressure: nothing more is read"
    fast.to_us = b"z"
    bench.visits()
    assert fast.take() == b"b" * 100 + b"a" * 100
    slow.space = 1000
    bench.wait(50)
    assert slow.take() == b"b" * 70 + b"a" * 100 + b"b" * 100 + b"a" * 100


def test_one_byte_a_second_is_no_progress():
    bench = Bench(idle_s=10, size=1000)
    pipe = bench.client()
    pipe.space = 0
    pipe.to_us = b"x"
    for _ in range(12):
        pipe.space = 1
        bench.wait(1000, 50)
    assert pipe.closed and 9 <= len(pipe.said) <= 11


def test_no_room_no_reading():
    bench = Bench(space=4)
    pipe = bench.client()
    pipe.to_us = b"abcdefgh"
    bench.board.poll(bench.now)
    bench.service.made[0].space = 0
    bench.wait(200)
    assert bench.said("run") == [("run", b"abcd")] and pipe.to_us == b"efgh"
    bench.service.made[0].space = 9
    bench.wait(200)
    assert bench.said("run")[1:] == [("run", b"efgh")]


def test_the_end_of_a_connection():
    bench = Bench(pieces=3)
    # the client says no more, and gets its answer
    pipe = bench.client()
    pipe.to_us = b"x"
    pipe.ended = True
    bench.visits()
    assert pipe.said == b"c" * 8 + b"b" * 8 + b"a" * 8 and pipe.closed
    # the machine wants it closed: after the answer
    pipe = bench.client()
    pipe.to_us = b"q"
    bench.visits()
    assert pipe.said == b"c" * 8 and pipe.closed
    # it breaks
    pipe = bench.client()
    pipe.broken = True
    bench.visits()
    assert pipe.closed
    assert len(bench.said("lost")) == 3 and bench.desk.used == 0 and len(bench.service.made) == 1


def test_a_machine_that_works_in_slices():
    bench = Bench()
    pipe = bench.client()
    machine = bench.service.made[0]
    machine.busy = True
    machine.pieces = 0
    pipe.to_us = b"x"
    bench.board.poll(bench.now)
    before = len(bench.said("poll"))
    assert bench.visits(7) == 7 and len(bench.said("poll")) == before + 7
    machine.busy = False
    bench.visits()
    assert bench.visits() == 0


def test_a_heap_without_room_ends_a_connection_and_no_more():
    bench = Bench()
    calm, greedy = bench.client(), bench.client()
    first, second = bench.service.made

    def full(*_):
        raise MemoryError("1024 bytes")

    second.run = full
    greedy.to_us = b"x"
    calm.to_us = b"y"
    bench.visits()
    assert greedy.closed and not calm.closed and calm.said == b"a" * 8
    assert bench.desk.used == 1 and bench.said("lost") == [("lost",)]
    # its answer has no room either
    first.busy = True
    first.poll = full
    calm.to_us = b"y"
    bench.visits()
    assert calm.closed and bench.desk.used == 0
    # nor has a machine
    bench.service.connection = full
    bench.desk._free.clear()
    third = bench.client()
    assert third.closed and bench.desk.used == 0
    assert bench.desk.counters[d.REFUSED] == 3


def test_the_time_is_told_to_all_some_ten_times_a_second():
    bench = Bench(most=8)
    for _ in range(8):
        bench.client()
    before = len(bench.said("poll"))
    bench.wait(2000)
    assert 8 * 2 * 8 <= len(bench.said("poll")) - before <= 8 * 2 * 20


def test_all_is_closed_at_the_end():
    bench = Bench()
    pipe = bench.client()
    bench.board.close_all(bench.now)
    assert pipe.closed and not bench.sockets.open and bench.desk.used == 0
    assert bench.said("lost") == [("lost",)]
    bench.wait(50)


def test_a_prompt_service_is_served_first_but_not_for_ever():
    bench = Bench(most=2)
    slow = Service(pieces=100)
    bench.board.open(Desk("slow", "stream", slow, 1), PORT + 1, bench.now)
    bench.desk.prompt = True
    waits = bench.sockets.client(PORT + 1)
    bench.visits()
    waits.to_us = b"x"
    bench.board.poll(bench.now)
    asks = [bench.client() for _ in range(2)]
    slow.log.clear()
    bench.service.log.clear()
    for _ in range(30):
        for pipe in asks:
            pipe.to_us = pipe.to_us or b"y"
        bench.now += 30
        bench.board.poll(bench.now)
    # each request has a look for one more after it
    assert len(bench.said("run")) >= 12
    assert 2 <= len([entry for entry in slow.log if entry[0] == "poll"]) <= 4
