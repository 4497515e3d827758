"""Chooses the kernel: native (integers, viper) or vector (numpy, ulab)."""

import sys


def make(plan, bits, vector=None):
    """A kernel for `plan` and codes of `bits` bits.

    Codes of up to 16 bits are unsigned halfwords; wider ones are signed words. A board may force its kernel
    with `vector`; else MicroPython takes the native one where the codes fit it (12 bits), all others the
    vector one. A firmware without the native code emitter fails here, audibly: there is no slow substitute.
    """
    if vector is None:
        vector = bits > 12 or sys.implementation.name != "micropython"
    if vector:
        from fourquad.metering.kernel_vector import Kernel
    else:
        from fourquad.metering.kernel_native import Kernel
    return Kernel(plan, bits)
