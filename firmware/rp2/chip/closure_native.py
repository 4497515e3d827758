"""The PIO program of a pulse input: it counts closures of a contact that last for 10 ms."""

# ruff: noqa: F821  the instructions are names that only rp2.asm_pio knows

import rp2

HZ = 4000  # four steps a millisecond, which the divider makes of 125 and of 150 MHz without a rest


@rp2.asm_pio(fifo_join=rp2.PIO.JOIN_RX)
def count():
    """Y counts down; its low 16 bits are told at each closure, as long as there is room."""
    wait(1, pin, 0)
    label("open")
    wait(0, pin, 0)
    # 20 looks of two steps each
    set(x, 19)
    label("closed")
    jmp(pin, "open")
    jmp(x_dec, "closed")
    jmp(y_dec, "told")
    label("told")
    in_(y, 16)
    push(noblock)
