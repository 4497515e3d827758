"""Which sums a kernel makes of a cycle, and where each of them stands."""

FRAMES = 128  # of a mains cycle


class Plan:
    """The sums of one cycle: s, q, m of every channel, then p, d, f, r of every pair.

    `pairs` is a tuple of (a, b) channel numbers; `words` the samples from frame to frame in a buffer, where
    frames hold more than the channels. docs/architecture.md section 1 defines the sums.
    """

    def __init__(self, channels, pairs, words=0):
        self.channels = channels
        self.words = words or channels
        self.pairs = tuple(pairs)
        self._base = 3 * channels
        self.size = self._base + 4 * len(self.pairs)

    def s(self, c):
        return 3 * c

    def q(self, c):
        return 3 * c + 1

    def m(self, c):
        return 3 * c + 2

    def p(self, k):
        return self._base + 4 * k

    def d(self, k):
        return self._base + 4 * k + 1

    def f(self, k):
        return self._base + 4 * k + 2

    def r(self, k):
        return self._base + 4 * k + 3

    def pair(self, a, b):
        """(number, 1) of the pair (a, b), (number, -1) where it is planned as (b, a), (-1, 0) where it is
        not.
        """
        for k in range(len(self.pairs)):
            if self.pairs[k] == (a, b):
                return k, 1
            if self.pairs[k] == (b, a):
                return k, -1
        return -1, 0
