"""What takes longer than T_usage_delay, such as the erase of a flash sector: a node makes room for it."""

from protocols.bacnet.mstp_line import Line, Station

from fourquad.protocols.bacnet.mstp.node import COUNTERS, SPARE, T_NO_TOKEN

SECOND = 1000000


class Sleeper(Station):
    """Stands still for `for_us` as soon as it may, each time it wishes to."""

    def __init__(self, address, maximum=127, for_us=60000):
        super().__init__(address, maximum)
        self.for_us = for_us
        self.wished = self.slept = 0

    def look(self, now):
        said = super().look(now)
        if said and self.node.spare and self.slept < self.wished:
            self.slept += 1
            self.deaf_until = now + len(said) * 260 + self.for_us
        return said


def counted(station, name):
    return station.node.counters[COUNTERS.index(name)]


def undisturbed(stations, wishes=20):
    """Let the first station stand still so many times; the ring must not notice."""
    line = Line(stations)
    line.run(8 * SECOND)
    sleeper = stations[0]
    assert sleeper.node.awaited()
    before = [s.node.counters[:] for s in stations]
    for _ in range(wishes):
        sleeper.wished += 1
        sleeper.node.wish = True
        line.run(SECOND)
        assert sleeper.slept == sleeper.wished and not sleeper.node.wish
    for i in range(len(stations)):
        s, old = stations[i], before[i]
        for name in ("missed", "generated", "retries", "bad_frames"):
            assert counted(s, name) == old[COUNTERS.index(name)], (s.node.address, name)
        assert counted(s, "tokens") > old[COUNTERS.index("tokens")] + wishes
    assert line.collisions == 0
    return line


def test_a_node_with_a_gap_after_it_polls_the_gap():
    undisturbed([Sleeper(2, 10), Station(5, 10), Station(9, 10)])


def test_a_node_without_one_polls_its_successor():
    line = undisturbed([Sleeper(2, 3), Station(3, 3)])
    asked = [octets[3] for _, who, octets in line.log if who == 2 and octets[2] == 1]
    assert asked[-20:] == [3] * 20


def test_even_the_longest_erase_breaks_no_ring():
    assert SPARE < T_NO_TOKEN
    undisturbed([Sleeper(2, 10, for_us=1000 * SPARE), Station(0, 10)])


def test_who_has_fallen_out_of_the_ring_is_found_while_it_stands_still():
    stations = [Sleeper(2, 10), Station(5, 10), Station(9, 10)]
    line = undisturbed(stations, 2)
    stations[1].on = False
    line.run(SECOND)
    stations[1].on = True
    stations[1].node.restart()
    for _ in range(20):
        stations[0].wished += 1
        stations[0].node.wish = True
        line.run(SECOND // 2)
    assert sorted(set(line.tokens(line.now - SECOND))) == [(2, 5), (5, 9), (9, 2)]


def test_a_node_alone_or_never_in_a_ring_is_not_awaited():
    station = Station(3, 10)
    assert not station.node.awaited()
    line = Line([station])
    line.run(3 * SECOND)
    assert station.node.sole and not station.node.awaited()
    # it has company, which leaves again
    other = Station(4, 10)
    other.came = line.now
    line.stations.append(other)
    line.run(3 * SECOND)
    assert station.node.awaited()
    other.on = False
    line.run(3 * SECOND)
    assert not station.node.awaited()
