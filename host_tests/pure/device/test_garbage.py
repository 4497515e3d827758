"""What lives survives collections: MicroPython's collector is mended (tools/build/collector.py), and passes
by what is in buffers.
"""

import gc
import sys
from array import array

# CPython's collector is nobody's concern here, and has much to look at where other tests have run.
EVERY = 7 if sys.implementation.name == "micropython" else 97


class Chance:
    """Numbers of chance, the same on every interpreter."""

    state = 1

    def below(self, n):
        self.state = self.state * 69069 + 1 & 0xFFFF
        return (self.state >> 3) % n


def held(thing):
    """A function that has it."""
    return lambda: thing


def made(chance, depth):
    """Something of every kind that the collector knows, by chance."""
    kind = chance.below(7)
    if not depth or not kind:
        return bytearray([depth + 1] * (1 + chance.below(200)))
    if kind == 1:
        return array("f", [0.5 * depth] * (1 + chance.below(99)))
    if kind == 2:
        # a list whose first words look a little like those of an array
        return [bytearray, made(chance, depth - 1), 36, made(chance, depth - 1)]
    if kind == 3:
        return {bytearray: made(chance, depth - 1), array: made(chance, depth - 1)}
    if kind == 4:
        return memoryview(bytearray(range(100)))[depth : 50 + depth], made(chance, depth - 1)
    if kind == 5:
        return held(made(chance, depth - 1))
    return [made(chance, depth - 1) for _ in range(4)]


def told(thing):
    """All of it, as a number."""
    if isinstance(thing, (bytearray, memoryview)):
        n = 1
        for octet in bytes(thing):
            n = n * 31 + octet & 0xFFFFFF
        return n
    if isinstance(thing, array):
        return len(thing) + int(2 * sum(thing))
    if isinstance(thing, dict):
        return told([thing[bytearray], thing[array]])
    if isinstance(thing, (list, tuple)):
        n = 7
        for each in thing:
            n = n * 131 + told(each) & 0xFFFFFF
        return n
    if isinstance(thing, int) or thing is bytearray:
        return 1
    return told(thing()) + 1


def test_what_lives_survives_collections():
    chance = Chance()
    kept = []
    for i in range(600):
        thing = made(chance, 4)
        kept.append((thing, told(thing)))
        if len(kept) > 40:
            kept.pop(chance.below(40))
        if not i % EVERY:
            gc.collect()
        for thing, sum_ in kept[i % 11 :: 11]:
            assert told(thing) == sum_
