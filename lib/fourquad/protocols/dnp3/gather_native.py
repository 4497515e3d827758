"""`gather.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
import micropython


@micropython.viper
def gather(target: ptr8, at: int, values: ptr32, first: int, count: int, flagged: int, real: int):
    """values[first : first + count], 32 bits each, little-endian to target[at:]."""
    end = first + count
    while first < end:
        word = values[first]
        online = 1
        if real and (word >> 23) & 0xFF == 0xFF:
            word = 0
            online = 0
        if flagged:
            target[at] = online
            at += 1
        target[at] = word
        target[at + 1] = word >> 8
        target[at + 2] = word >> 16
        target[at + 3] = word >> 24
        at += 4
        first += 1
