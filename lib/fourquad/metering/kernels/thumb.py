"""The native kernel with its two inner passes in Thumb assembler, four times as fast as viper's. Cortex-M
only.

The results are the same to the bit; a test on the emulated RP2040 holds that.
"""
# ruff: noqa: F821 (registers and instructions are names of the assembler)

import micropython
from micropython import const

from fourquad.metering.kernels import native as kernel_native
from fourquad.metering.kernels import sums_native as native
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.kernels.sums_native import CHANNELS, FOLLOWS

# Bytes from the state's begin to its words, which sums_native.py has.
_CHANNELS = const(0)
_PAIRS = const(4)
_TABLE = const(20)
_RAW = const(24)
_NUMBERS = const(28)
_LAST = const(32)


# r0: buffer, r1: state, r2: bytes to the first frame. Sums s, q, re, im of every channel.
@micropython.asm_thumb
def _channels(r0, r1, r2):
    mov(r4, r8)
    mov(r5, r9)
    mov(r6, r10)
    mov(r7, r11)
    push({r4, r5, r6, r7})
    add(r0, r0, r2)
    ldr(r2, [r1, _CHANNELS])
    ldr(r3, [r1, _RAW])
    ldr(r4, [r1, _TABLE])
    lsl(r5, r2, 1)
    mov(r10, r5)  # bytes of a frame
    mov(r5, 2)
    lsl(r5, r5, 8)
    add(r5, r5, r4)
    mov(r11, r5)  # end of the table

    label(CHANNEL)
    push({r0, r2, r3, r4})
    mov(r2, r4)  # table
    mov(r1, r10)
    lsl(r1, r1, 6)
    add(r1, r1, r0)  # half a cycle later
    mov(r5, 0)
    mov(r8, r5)  # re
    mov(r9, r5)  # im
    mov(r6, 0)  # q
    mov(r7, 0)  # s

    label(STEP)
    ldrh(r3, [r0, 0])
    ldrh(r4, [r1, 0])
    add(r7, r7, r3)
    add(r7, r7, r4)
    mov(r5, r3)
    mul(r5, r3)
    add(r6, r6, r5)
    mov(r5, r4)
    mul(r5, r4)
    add(r6, r6, r5)
    sub(r3, r3, r4)
    ldr(r5, [r2, 0])
    mul(r5, r3)
    data(2, 0x44A8)  # add r8, r5
    ldr(r5, [r2, 4])
    mul(r5, r3)
    data(2, 0x44A9)  # add r9, r5
    data(2, 0x4450)  # add r0, r10
    data(2, 0x4451)  # add r1, r10
    add(r2, 8)
    data(2, 0x455A)  # cmp r2, r11
    bne(STEP)

    pop({r0, r2, r3, r4})
    str(r7, [r3, 0])
    str(r6, [r3, 4])
    mov(r5, r8)
    str(r5, [r3, 8])
    mov(r5, r9)
    str(r5, [r3, 12])
    add(r0, 2)
    add(r3, 16)
    sub(r2, 1)
    bne(CHANNEL)

    pop({r4, r5, r6, r7})
    mov(r8, r4)
    mov(r9, r5)
    mov(r10, r6)
    mov(r11, r7)


# r0: buffer, r1: state, r2: bytes to the first frame. Sums p and d of every pair.
@micropython.asm_thumb
def _pairs(r0, r1, r2):
    mov(r4, r8)
    mov(r5, r9)
    mov(r6, r10)
    mov(r7, r11)
    push({r4, r5, r6, r7})
    add(r0, r0, r2)
    mov(r9, r0)  # first frame
    ldr(r2, [r1, _CHANNELS])
    ldr(r3, [r1, _RAW])
    lsl(r4, r2, 4)
    add(r3, r3, r4)
    mov(r10, r3)  # after the sums of the channels
    lsl(r2, r2, 1)  # bytes of a frame
    ldr(r3, [r1, _NUMBERS])
    mov(r11, r3)
    ldr(r3, [r1, _LAST])
    mov(r12, r3)
    ldr(r3, [r1, _PAIRS])
    cmp(r3, 0)
    beq(DONE)

    label(PAIR)
    mov(r7, r11)
    ldrb(r0, [r7, 0])
    ldrb(r1, [r7, 1])
    add(r7, 2)
    mov(r11, r7)
    lsl(r0, r0, 1)
    lsl(r1, r1, 1)
    mov(r7, r12)
    add(r7, r7, r1)
    ldrh(r4, [r7, 0])  # b, one frame late
    mov(r7, r9)
    add(r0, r0, r7)
    add(r1, r1, r7)
    lsl(r7, r2, 7)
    add(r7, r7, r1)
    mov(r8, r7)  # end
    mov(r5, 0)  # p
    mov(r6, 0)  # d

    label(STEP)
    ldrh(r7, [r0, 0])
    mul(r4, r7)
    add(r6, r6, r4)
    ldrh(r4, [r1, 0])
    mul(r7, r4)
    add(r5, r5, r7)
    add(r0, r0, r2)
    add(r1, r1, r2)
    data(2, 0x4541)  # cmp r1, r8
    bne(STEP)

    mov(r7, r10)
    str(r5, [r7, 0])
    str(r6, [r7, 4])
    add(r7, 8)
    mov(r10, r7)
    sub(r3, 1)
    bne(PAIR)

    label(DONE)
    pop({r4, r5, r6, r7})
    mov(r8, r4)
    mov(r9, r5)
    mov(r10, r6)
    mov(r11, r7)


class Kernel(kernel_native.Kernel):
    """As kernel_native.Kernel."""

    def run(self, buffer, frame, cycles):
        """Add `cycles` cycles of 128 frames of `buffer`, from `frame` on, to both windows."""
        state = self._state
        if not state[FOLLOWS]:
            native.start(buffer, frame, state)
        while cycles:
            at = 2 * state[CHANNELS] * frame
            _channels(buffer, state, at)
            _pairs(buffer, state, at)
            native.finish(0, 0, 0, buffer, frame, state)
            frame += FRAMES
            cycles -= 1
