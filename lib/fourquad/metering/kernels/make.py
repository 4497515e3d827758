"""Chooses the kernel: native (integers, viper) or vector (numpy, ulab)."""

import sys

_THUMB = (4, 5, 6, 7, 8)  # architectures of .mpy files: armv6m to armv7emdp


def make(plan, bits, vector=None):
    """A kernel for `plan` and codes of `bits` bits.

    Codes of up to 16 bits are unsigned halfwords; wider ones are signed words. A board may force its kernel
    with `vector`; else MicroPython takes the native one where the codes fit it (12 bits, or 16), all others
    the vector one. A firmware without the native code emitter fails here, audibly: there is no slow
    substitute.
    """
    if vector is None:
        vector = bits > 16 or sys.implementation.name != "micropython"
    thumb = not vector and sys.implementation._mpy >> 10 & 15 in _THUMB
    if not vector:
        # what the kernels import too: imports in imports take much of the stack
        from fourquad.metering.kernels import spectrum_native  # noqa: F401
    if vector:
        from fourquad.metering.kernels.vector import Kernel
    elif bits > 12:
        if thumb:
            from fourquad.metering.kernels.thumb16 import Kernel
        else:
            from fourquad.metering.kernels.native16 import Kernel
    elif thumb:
        from fourquad.metering.kernels.thumb import Kernel
    else:
        from fourquad.metering.kernels.native import Kernel
    return Kernel(plan, bits)
