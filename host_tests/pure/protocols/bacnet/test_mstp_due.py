"""A node of MS/TP that is asked only when octets have come or when it wants to be says the same, at the same
times, as one that is asked each millisecond.
"""

from protocols.bacnet.mstp_line import Line, Station

from fourquad.protocols.bacnet.mstp import frames as f


class Often(Station):
    """Asked each millisecond."""

    def __init__(self, address, baud=38400):
        super().__init__(address, 12, 1, baud, 1000)
        self.network.answers = False
        self.looks = 0

    def look(self, now):
        before = self.next
        said = super().look(now)
        self.looks += self.next != before
        return said


class When(Often):
    """Asked when it is due."""

    def look(self, now):
        before = self.next
        said = super().look(now)
        if self.next != before:
            self.next = now + 1000 * self.node.due()
        return said


def told(kind, baud, spoil=None):
    """What is said on a line of two nodes, of which one comes and goes; how often they were asked."""
    one, other = kind(3, baud), kind(7, baud)
    line = Line([one, other], baud)
    line.spoil = spoil
    other.on = False
    for seconds, on in ((3, True), (1, True), (2, False), (3, True), (1, True)):
        line.run(1000000 * seconds)
        other.on = on
        if seconds == 1 and not other.network.got:
            one.network.says.append((7, b"\x01\x20data"))
    return line.log, one.looks + other.looks, other.network.got


def test_the_same_is_said_at_the_same_times():
    for baud in (9600, 38400, 76800):
        often, many, got = told(Often, baud)
        when, few, got_when = told(When, baud)
        assert when == often and got == got_when and len(got) == 1
        # octets that come one by one are looks of both
        assert len(often) > 300 and few < many


def test_noise_makes_no_difference():
    class Noise:
        n = 0

        def __call__(self, octet):
            self.n += 1
            if self.n % 97 == 0:
                return None
            return octet ^ 0x10 if self.n % 89 == 0 else octet

    assert told(Often, 38400, Noise())[0] == told(When, 38400, Noise())[0]


def test_a_node_that_nobody_hears_polls_all_the_time():
    one = When(3)
    line = Line([one])
    line.run(10000000)
    polls = [entry for entry in line.log if entry[2][2] == f.POLL_FOR_MASTER]
    assert len(polls) == len(line.log) > 9000 // 40
    # it is asked when it has spoken, when nobody has answered, and when it speaks again
    assert one.looks < 4 * len(polls)
