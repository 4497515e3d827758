"""A small generator of random numbers that is the same everywhere, and bytes changed by it."""


class Random:
    """xorshift of 16 bits."""

    def __init__(self, seed):
        self.state = seed or 1

    def below(self, n):
        """A number from 0 to n - 1."""
        x = self.state
        x ^= x << 7 & 0xFFFF
        x ^= x >> 9
        x ^= x << 8 & 0xFFFF
        self.state = x
        return x % n


def mutated(rng, data, below=4):
    """Bytes with fewer than `below` changes: a bit, a byte, the rest cut off."""
    data = bytearray(data)
    for _ in range(rng.below(below)):
        at = rng.below(len(data))
        kind = rng.below(4)
        if kind < 2:
            data[at] ^= 1 << rng.below(8)
        elif kind == 2:
            data[at] = rng.below(256)
        elif at:
            data = data[:at]
    return bytes(data)
