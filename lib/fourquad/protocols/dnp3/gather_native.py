"""`gather.py` in viper code: allocates nothing. For MicroPython only; CPython cannot import this file."""

# ruff: noqa: F821
import micropython


@micropython.viper
def clear(target: ptr8, at: int, end: int):
    """Zeros to target[at:end]."""
    while at < end:
        target[at] = 0
        at += 1


@micropython.viper
def gather(target: ptr8, at: int, values: ptr32, first: int, count: int, flagged: int, kind: int):
    """values[first : first + count], 32 bits each, little-endian to target[at:]; kinds as in gather.py."""
    end = first + count
    while first < end:
        word = values[first]
        online = 1
        if kind == 2:
            if word > 0x7FFF:
                word = 0x7FFF
            elif word < -0x8000:
                word = -0x8000
            target[at] = word
            target[at + 1] = word >> 8
            at += 2
            first += 1
            continue
        if kind == 1 and (word >> 23) & 0xFF == 0xFF:
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
