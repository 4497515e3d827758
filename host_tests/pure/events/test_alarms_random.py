"""Alarms against a slow and simple account of what the manual says (4.4, 6.3.4): random channels, values that
wander about their set points, inputs that change, for some seconds each.
"""

from alarm_bench import Bench

from fourquad import points as p
from fourquad.points import alarms as a

ROUNDS = 25
STEPS = 1000  # of 5 ms
# code: (place in the fast readings, how many of its unit, whether it has a sign)
CODES = {1: (p.V1, 10, False), 9: (p.I1, 1000, False), 17: (p.P_SUM, 1, True), 29: (p.PF_SUM, 1000, True)}
NUMBERS = (1, 9, 17, 29, 52, 53)


class Random:
    """Numbers that are the same on every machine."""

    def __init__(self, seed):
        self._state = seed * 7919 + 1

    def below(self, n):
        self._state = (self._state * 75 + 74) % 65537
        return self._state % n


class Account:
    """What should happen."""

    def __init__(self, channels, pairs):
        self.channels = channels  # (code, comparison, set point, delay in ms), or None
        self.pairs = pairs
        self.since = [None] * 16
        self.shown = [False] * 16
        self.shows = {}  # codes: values of the last window, states of inputs
        self.records = []

    def met(self, i, now):
        """Whether the condition of a channel has held for its delay at `now`, in ms."""
        return self.since[i] is not None and now - self.since[i] >= self.channels[i][3]

    def holds(self, i):
        code, comparison, n, _ = self.channels[i]
        value = self.shows[code]
        if code >= 52:
            return value == (1 if n == 1 else 0)
        return value > n if comparison == 1 else value == n if comparison == 2 else value < n

    def look(self, now, codes):
        """Values of these codes are new."""
        for i in range(16):
            if self.channels[i] and self.channels[i][0] in codes:
                if not self.holds(i):
                    self.since[i] = None
                elif self.since[i] is None:
                    self.since[i] = now

    def follow(self, now):
        """The records that come of it."""
        stand = []
        for i in range(16):
            pair = self.pairs[i // 2]
            both = (i, i ^ 1) if pair else (i,)
            stand.append(all(self.channels[k] is not None and self.met(k, now) for k in both))
        for i in range(16):
            if stand[i] != self.shown[i]:
                self.shown[i] = stand[i]
                code = self.channels[i][0]
                status = code * 256 + 2 * self.pairs[i // 2] + stand[i]
                self.records.append((status, code, self.shows[code] & 0xFFFF, now))


def moved(random):
    """Other values: what they will show."""
    shows = {}
    for code in CODES:
        signed = CODES[code][2]
        whole = 995 + random.below(11)
        if signed and random.below(3) == 0:
            whole = -whole
        shows[code] = whole
    return shows


def measure(bench, shows):
    """A window has these values."""
    for code in CODES:
        place, many, _ = CODES[code]
        bench.chain.fast[place] = shows[code] / many


def set_up(bench, random):
    """Channels by chance; their account."""
    channels = []
    for n in range(1, 17):
        code = NUMBERS[random.below(len(NUMBERS))]
        comparison = 1 + random.below(3)
        point = 995 + random.below(11)
        if code in CODES and CODES[code][2] and random.below(3) == 0:
            point = -point
        if code >= 52:
            point = 1 + random.below(2)
        delay = (0, 0, 1, 3, 10, 33)[random.below(6)]
        # the log has 16 records: with half of the channels none is overwritten within a step
        if len([one for one in channels if one]) == 8 or random.below(3) == 0:
            channels.append(None)
        else:
            bench.channel(n, code, comparison, point, delay)
            channels.append((code, comparison, point, 10 * delay))
    pairs = [random.below(3) == 0 for _ in range(8)]
    bench.set(a.PAIRS, sum([1 << k for k in range(8) if pairs[k]]))
    return Account(channels, [int(pair) for pair in pairs])


def made(bench, known):
    """The records that have come since `known`, with their times in ms of the hour."""
    log = bench.alarms.log
    out = []
    for key in range(known + 1, log.key + 1):
        at = log.place(key)
        words = [log.values[at + k] for k in range(a.WORDS)]
        out.append((words[0], words[1], words[2], (words[7] * 60 + words[8]) * 1000 + words[9]))
    return out, log.key


def play(seed):
    """How many records a round had."""
    random = Random(seed)
    bench = Bench(start=random.below(65536) * 16384)
    account = set_up(bench, random)
    # channels begin with the first window that finds them ready; the values of it are those of all before
    shows = moved(random)
    for _ in range(40):
        bench.alarms.tick(bench.now)
    base = (20 * 60 + 49) * 1000 - bench.now
    known, found, now = 0, [], bench.now
    account.shows = dict(shows)
    account.shows[52] = account.shows[53] = 0
    for _ in range(STEPS):
        if random.below(20) == 0:
            shows = moved(random)
        before = bench.window
        if before <= 5:
            measure(bench, shows)
        bench.run(5)
        now += 5
        if before <= 5:
            account.shows.update(shows)
            account.look(now, tuple(CODES) + (52, 53))
            account.follow(now)
        account.follow(now)
        if random.below(60) == 0 and account.records:
            n = 1 + random.below(2)
            state = random.below(2)
            if state != bench.io.inputs >> n - 1 & 1:
                account.shows[51 + n] = state
                account.look(now, (51 + n,))
                account.follow(now)
                bench.input(n, state)
        new, known = made(bench, known)
        found += new
    bench.run(20)
    found += made(bench, known)[0]
    right = [(status, code, value, base + at) for status, code, value, at in account.records]
    # the last steps may have more
    assert found[: len(right)] == right, seed
    return len(right)


def test_records_are_those_of_a_simple_account():
    records = sum([play(seed) for seed in range(ROUNDS)])
    assert records > 25 * ROUNDS
