"""The PIO program that reads two or three ADS131M08 one after the other."""

# ruff: noqa: F821  the instructions are names that only rp2.asm_pio knows

import rp2

_HIGH = rp2.PIO.OUT_HIGH
_made = {}


def program(count):
    """For `count` converters, whose CS are pins in a row. At a falling edge of DRDY (GP20) a frame of each:
    seven channels and the CRC, a word each. 27 instructions, 18 us a converter at 125 MHz.
    """
    if count in _made:
        # the PIO has room for it once
        return _made[count]
    # what CS are: a bit each, low for one after the other; it comes from OSR, whose count ends the loop
    low, high = (0b0110, 0b00000) if count == 2 else (0b1110, 0b01110)
    all_high = (1 << count) - 1

    @rp2.asm_pio(
        sideset_init=rp2.PIO.OUT_LOW,  # SCLK
        out_init=(_HIGH,) * count,
        set_init=(_HIGH,) * count,
        in_shiftdir=rp2.PIO.SHIFT_LEFT,
        out_shiftdir=rp2.PIO.SHIFT_RIGHT,
        autopush=True,
        push_thresh=16,
        pull_thresh=count * count,
        fifo_join=rp2.PIO.JOIN_RX,
    )
    def frames():
        # data change at SCLK's rising edge and are taken at its falling one; 13 clocks a bit, 9.6 MHz
        wait(1, gpio, 20).side(0)
        wait(0, gpio, 20).side(0)
        set(x, high).side(0)
        in_(x, 5).side(0)
        set(x, low).side(0)
        in_(x, 4).side(0)
        mov(osr, isr).side(0)
        mov(isr, null).side(0)
        label("converter")
        out(pins, count).side(0)[5]
        set(x, 15).side(0)
        label("status")
        nop().side(1)[6]
        jmp(x_dec, "status").side(0)[5]
        set(y, 6).side(0)
        label("word")
        set(x, 15).side(0)
        label("bit")
        nop().side(1)[6]
        in_(pins, 1).side(0)[4]
        jmp(x_dec, "bit").side(0)
        jmp(y_dec, "word").side(0)
        set(x, 15).side(0)
        label("eighth")
        nop().side(1)[6]
        jmp(x_dec, "eighth").side(0)[5]
        set(x, 15).side(0)
        label("crc")
        nop().side(1)[6]
        in_(pins, 1).side(0)[4]
        jmp(x_dec, "crc").side(0)
        set(pins, all_high).side(0)[3]
        jmp(not_osre, "converter").side(0)

    _made[count] = frames
    return frames
