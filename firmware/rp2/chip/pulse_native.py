"""The PIO program of a pulse output: each word is a level and how long to hold it."""

# ruff: noqa: F821  the instructions are names that only rp2.asm_pio knows

import rp2

HZ = 4000  # four steps a millisecond, which the divider makes of 125 and of 150 MHz without a rest
OVERHEAD = 4  # steps of a word besides its count


@rp2.asm_pio(out_init=rp2.PIO.OUT_LOW, out_shiftdir=rp2.PIO.SHIFT_RIGHT, fifo_join=rp2.PIO.JOIN_TX)
def hold():
    """Bit 0 to the pin, the other 31 are the count; without a word the level stays."""
    pull(block)
    out(pins, 1)
    out(x, 31)
    label("wait")
    jmp(x_dec, "wait")
