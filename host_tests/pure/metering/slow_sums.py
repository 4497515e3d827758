"""The sums of a cycle the slow and obvious way, and codes to try them on. Written apart from the kernels."""

import math
from array import array

FRAMES = 128


def cosine(n):
    return round(4096 * math.cos(2 * math.pi * (n % FRAMES) / FRAMES))


def sine(n):
    return round(4096 * math.sin(2 * math.pi * (n % FRAMES) / FRAMES))


def rounded(x):
    """x / 2**30, to the nearest integer."""
    return (x + (1 << 29)) >> 30


def sums(frames, before, offsets, pairs):
    """The sums of whole cycles in the order of a plan; `frames` is a list of tuples, `before` the frame
    ahead.
    """
    channels = len(offsets)
    out = [0] * (3 * channels + 4 * len(pairs))
    clean = [[code - offsets[c] for c, code in enumerate(frame)] for frame in [before] + frames]
    for start in range(1, len(clean), FRAMES):
        cycle = clean[start : start + FRAMES]
        late = clean[start - 1 : start - 1 + FRAMES]
        re = [sum([cosine(n) * cycle[n][c] for n in range(FRAMES)]) for c in range(channels)]
        im = [sum([-sine(n) * cycle[n][c] for n in range(FRAMES)]) for c in range(channels)]
        for c in range(channels):
            out[3 * c] += sum([x[c] for x in cycle])
            out[3 * c + 1] += sum([x[c] * x[c] for x in cycle])
            out[3 * c + 2] += rounded(re[c] * re[c] + im[c] * im[c])
        at = 3 * channels
        for a, b in pairs:
            out[at] += sum([x[a] * x[b] for x in cycle])
            out[at + 1] += sum([cycle[n][a] * late[n][b] for n in range(FRAMES)])
            out[at + 2] += rounded(re[a] * re[b] + im[a] * im[b])
            out[at + 3] += rounded(im[a] * re[b] - re[a] * im[b])
            at += 4
    return out


class Noise:
    """Integers that look random, the same everywhere."""

    def __init__(self, seed=1):
        self.x = seed

    def below(self, n):
        self.x = (self.x * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.x >> 8) % n


def waves(count, parts, noise=0, seed=1):
    """`count` frames; `parts` for each channel: (middle, ((amplitude, lag in turns, harmonic), ...))."""
    source = Noise(seed)
    out = []
    for n in range(count):
        frame = []
        for middle, components in parts:
            x = middle + 0.5
            for amplitude, lag, harmonic in components:
                turns = (n * harmonic % FRAMES) / FRAMES - lag * harmonic
                x += amplitude * math.sin(2 * math.pi * turns)
            frame.append(int(x) + (source.below(2 * noise + 1) - noise if noise else 0))
        out.append(tuple(frame))
    return out


def halfwords(frames):
    """A buffer of interleaved codes as a front end of up to 16 bits fills it."""
    return array("H", [code for frame in frames for code in frame])
