"""From the rings of the converters to frames, in native code."""

# ruff: noqa: F821  ptr16 and ptr32 are names that only MicroPython's compiler knows

import micropython


@micropython.viper
def gather(out: ptr16, sources: ptr32, channels: int, frames: int, offset: int, step: int):
    """Make `frames` frames of `channels` halfwords.

    `sources`: for each channel the address of its first sample; they begin `offset` bytes further, a frame is
    `step` bytes.
    """
    c = 0
    while c < channels:
        at = sources[c] + offset
        i = c
        n = frames
        while n:
            out[i] = ptr16(at)[0]
            at += step
            i += channels
            n -= 1
        c += 1
