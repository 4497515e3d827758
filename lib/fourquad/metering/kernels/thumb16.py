"""The kernel for 16-bit codes with its passes in Thumb assembler. Cortex-M only.

The results are the same to the bit as those of kernel16_native.py; a test on the emulated RP2040 holds that.
"""
# ruff: noqa: F821 (registers and instructions are names of the assembler)

import micropython
from micropython import const

from fourquad.metering.kernels import native16 as kernel16_native

# Bytes from the state's begin to its words, which sums_native.py and sums16_native.py have.
_CHANNELS = const(0)
_PAIRS = const(4)
_TABLE = const(20)
_RAW = const(24)
_NUMBERS = const(28)
_LAST = const(32)
_STEP = const(52)
_OFFSETS = const(56)
_RESTS = const(60)
# Instructions on high registers are given as data.


# r0: first frame, r1: state. Sums s, q, re, im of every channel.
@micropython.asm_thumb
def _channels(r0, r1):
    mov(r4, r8)
    mov(r5, r9)
    mov(r6, r10)
    mov(r7, r11)
    push({r4, r5, r6, r7})
    ldr(r2, [r1, _CHANNELS])
    ldr(r6, [r1, _STEP])
    lsl(r4, r6, 6)  # half a cycle
    mov(r5, 0)  # number of the channel, in words

    label(CHANNEL)
    push({r0, r1, r2, r4, r5})
    ldr(r2, [r1, _OFFSETS])
    add(r2, r2, r5)
    ldr(r3, [r2, 0])
    neg(r3, r3)
    data(2, 0x469E)  # mov r14, r3: less the offset
    ldr(r2, [r1, _TABLE])
    mov(r7, 2)
    lsl(r7, r7, 8)
    add(r7, r7, r2)  # end of the table
    mov(r1, r4)
    mov(r3, 0)
    mov(r8, r3)  # s
    mov(r11, r3)  # q, high halves
    mov(r12, r3)  # and low ones
    mov(r3, 30)  # what the divisions of 64 terms take on average
    mov(r9, r3)  # re
    mov(r10, r3)  # im

    label(STEP)
    ldrh(r3, [r0, 0])
    data(2, 0x4473)  # add r3, r14
    data(2, 0x5A44)  # ldrh r4, [r0, r1]
    data(2, 0x4474)  # add r4, r14
    data(2, 0x4498)  # add r8, r3
    data(2, 0x44A0)  # add r8, r4
    mov(r5, r3)
    mul(r5, r3)
    sub(r3, r3, r4)
    mul(r4, r4)
    add(r5, r5, r4)  # at most 2**31, without a sign
    lsr(r4, r5, 16)
    data(2, 0x44A3)  # add r11, r4
    data(2, 0xB2AD)  # uxth r5, r5
    data(2, 0x44AC)  # add r12, r5
    ldr(r5, [r2, 0])
    mul(r5, r3)
    asr(r5, r5, 4)
    data(2, 0x44A9)  # add r9, r5
    ldr(r4, [r2, 4])
    mul(r4, r3)
    asr(r4, r4, 4)
    data(2, 0x44A2)  # add r10, r4
    add(r0, r0, r6)
    add(r2, 8)
    cmp(r2, r7)
    bne(STEP)

    pop({r0, r1, r2, r4, r5})
    ldr(r3, [r1, _RAW])
    ldr(r7, [r1, _RESTS])
    lsl(r5, r5, 2)
    add(r3, r3, r5)  # raw sums
    add(r7, r7, r5)  # rests
    lsr(r5, r5, 2)
    push({r2, r4})
    ldr(r2, [r7, 0])
    mov(r4, r8)
    add(r2, r2, r4)
    asr(r4, r2, 4)
    str(r4, [r3, 0])
    lsl(r4, r4, 4)
    sub(r2, r2, r4)
    str(r2, [r7, 0])
    ldr(r2, [r7, 4])
    mov(r4, r12)
    add(r2, r2, r4)
    data(2, 0xB2D4)  # uxtb r4, r2
    str(r4, [r7, 4])
    lsr(r2, r2, 8)
    mov(r4, r11)
    lsl(r4, r4, 8)
    add(r4, r4, r2)
    str(r4, [r3, 4])
    mov(r4, r9)
    str(r4, [r3, 8])
    mov(r4, r10)
    str(r4, [r3, 12])
    pop({r2, r4})
    add(r0, 2)
    add(r5, 4)
    sub(r2, 1)
    beq(DONE)
    b(CHANNEL)

    label(DONE)
    pop({r4, r5, r6, r7})
    mov(r8, r4)
    mov(r9, r5)
    mov(r10, r6)
    mov(r11, r7)


# r0: first frame, r1: state. Sums p and d of every pair.
@micropython.asm_thumb
def _pairs(r0, r1):
    mov(r4, r8)
    mov(r5, r9)
    mov(r6, r10)
    mov(r7, r11)
    push({r4, r5, r6, r7})
    ldr(r6, [r1, _PAIRS])
    cmp(r6, 0)
    beq(END)
    ldr(r2, [r1, _STEP])  # bytes of a frame
    ldr(r3, [r1, _NUMBERS])  # numbers
    ldr(r4, [r1, _CHANNELS])
    lsl(r4, r4, 4)  # after the sums of the channels

    label(PAIR)
    push({r0, r1, r3, r4, r6})
    ldrb(r5, [r3, 0])
    ldrb(r6, [r3, 1])
    ldr(r3, [r1, _OFFSETS])
    lsl(r4, r5, 2)
    add(r4, r4, r3)
    ldr(r4, [r4, 0])
    neg(r4, r4)
    mov(r12, r4)  # less the offset of a
    lsl(r4, r6, 2)
    add(r4, r4, r3)
    ldr(r4, [r4, 0])
    neg(r4, r4)
    data(2, 0x46A6)  # mov r14, r4: less that of b
    ldr(r3, [r1, _LAST])
    lsl(r4, r6, 1)
    add(r3, r3, r4)
    ldrh(r4, [r3, 0])
    data(2, 0x4474)  # add r4, r14: b, one frame late
    sub(r1, r6, r5)
    lsl(r1, r1, 1)  # from a to b
    lsl(r5, r5, 1)
    add(r0, r0, r5)
    lsl(r5, r2, 7)
    add(r5, r5, r0)  # end
    mov(r3, 0)
    mov(r8, r3)  # p, high halves
    mov(r9, r3)  # and low ones
    mov(r10, r3)  # d
    mov(r11, r3)

    label(STEP)
    ldrh(r7, [r0, 0])
    data(2, 0x4467)  # add r7, r12
    mul(r4, r7)
    asr(r3, r4, 16)
    data(2, 0x449A)  # add r10, r3
    data(2, 0xB2A4)  # uxth r4, r4
    data(2, 0x44A3)  # add r11, r4
    data(2, 0x5A44)  # ldrh r4, [r0, r1]
    data(2, 0x4474)  # add r4, r14
    mul(r7, r4)
    asr(r3, r7, 16)
    data(2, 0x4498)  # add r8, r3
    data(2, 0xB2BF)  # uxth r7, r7
    data(2, 0x44B9)  # add r9, r7
    add(r0, r0, r2)
    cmp(r0, r5)
    bne(STEP)

    pop({r0, r1, r3, r4, r6})
    ldr(r5, [r1, _RESTS])
    add(r5, r5, r4)  # rests
    ldr(r7, [r5, 0])
    push({r1, r3})
    mov(r3, r9)
    add(r7, r7, r3)
    data(2, 0xB2FB)  # uxtb r3, r7
    str(r3, [r5, 0])
    lsr(r7, r7, 8)
    mov(r3, r8)
    lsl(r3, r3, 8)
    add(r7, r7, r3)
    ldr(r1, [r1, _RAW])
    add(r1, r1, r4)  # raw sums
    str(r7, [r1, 0])
    ldr(r7, [r5, 4])
    mov(r3, r11)
    add(r7, r7, r3)
    data(2, 0xB2FB)  # uxtb r3, r7
    str(r3, [r5, 4])
    lsr(r7, r7, 8)
    mov(r3, r10)
    lsl(r3, r3, 8)
    add(r7, r7, r3)
    str(r7, [r1, 4])
    pop({r1, r3})
    add(r3, 2)
    add(r4, 8)
    sub(r6, 1)
    beq(END)
    b(PAIR)

    label(END)
    pop({r4, r5, r6, r7})
    mov(r8, r4)
    mov(r9, r5)
    mov(r10, r6)
    mov(r11, r7)


class Kernel(kernel16_native.Kernel):
    """As kernel16_native.Kernel."""

    def _passes(self, buffer, frame, state):
        first = kernel16_native.native.address(buffer) + frame * state[13]
        _channels(first, state)
        _pairs(first, state)
