"""The PIO program that reads an ADS131M08, and the position in its ring in native code: asked on every visit
of the loop, that must not allocate.

Frames are counted against time. The converter's clock is a part of the processor's, so that in a frame's
time one frame comes, neither more nor less: `AHEAD` clocks by which time is ahead of the frames swing by one
frame, and rise or fall by another when a frame is missed or one is read twice.
"""

# ruff: noqa: F821  ptr32 and the instructions are names that only MicroPython's compiler and rp2.asm_pio know

import micropython
from micropython import const

import rp2


@rp2.asm_pio(
    sideset_init=(rp2.PIO.OUT_HIGH, rp2.PIO.OUT_LOW),  # CS, SCLK
    in_shiftdir=rp2.PIO.SHIFT_LEFT,
    autopush=True,
    push_thresh=16,
    fifo_join=rp2.PIO.JOIN_RX,
)
def frames():
    """A frame at each falling edge of DRDY (GP20): seven channels and the CRC, a word each."""
    # data change at SCLK's rising edge and are taken at its falling one; 13 clocks a bit, 9.6 MHz
    wait(1, gpio, 20).side(1)
    wait(0, gpio, 20).side(1)
    set(x, 15).side(0)[5]
    label("status")
    nop().side(2)[6]
    jmp(x_dec, "status").side(0)[5]
    set(y, 6).side(0)
    label("word")
    set(x, 15).side(0)
    label("bit")
    nop().side(2)[6]
    in_(pins, 1).side(0)[4]
    jmp(x_dec, "bit").side(0)
    jmp(y_dec, "word").side(0)
    set(x, 15).side(0)
    label("eighth")
    nop().side(2)[6]
    jmp(x_dec, "eighth").side(0)[5]
    set(x, 15).side(0)
    label("crc")
    nop().side(2)[6]
    in_(pins, 1).side(0)[4]
    jmp(x_dec, "crc").side(0)


# Words of the state that `waiting` works on.
COUNT_ADDRESS = const(0)  # register that tells how many words of the lap are still to come
LAP = const(1)  # frames of the whole ring
NEXT = const(2)  # frame at which the next unread cycle starts
TIMER_ADDRESS = const(3)  # free-running microseconds
LOOKED = const(4)  # microseconds at the last look
SEEN = const(5)  # frame that was being written then
FRAME_CLOCKS = const(6)  # clocks of the processor to a frame
MHZ = const(7)  # of these clocks
FULL_ADDRESS = const(8)  # FDEBUG of the PIO
FULL_MASK = const(9)  # its mark that a word found no room
MOST_US = const(10)  # time from one look to the next that may have cost samples, if nothing was unread
AHEAD = const(11)
LEAST = const(12)  # the lower end of AHEAD's swing
LOST_US = const(13)  # how much time a loss has cost
SETTLE = const(14)  # looks before that lower end is known
FRAME_WORDS = const(15)  # words of a frame in the ring
WORDS = const(16)


@micropython.viper
def waiting(s: ptr32) -> int:
    """Whole cycles waiting up to the end of the ring; -1 when samples were lost since the last look."""
    now = ptr32(s[TIMER_ADDRESS])[0]
    frame = s[LAP] - ((ptr32(s[COUNT_ADDRESS])[0] + s[FRAME_WORDS] - 1) // s[FRAME_WORDS])
    if frame == s[LAP]:
        frame = 0
    elapsed = now - s[LOOKED]
    s[LOOKED] = now
    unread = s[SEEN] - s[NEXT]
    if unread < 0:
        unread += s[LAP]
    # a frame has at least a microsecond
    lost = elapsed + unread * s[FRAME_CLOCKS] // s[MHZ]
    if lost > s[MOST_US] or ptr32(s[FULL_ADDRESS])[0] & s[FULL_MASK]:
        s[LOST_US] = lost
        return -1
    new = frame - s[SEEN]
    if new < 0:
        new += s[LAP]
    s[SEEN] = frame
    s[AHEAD] += elapsed * s[MHZ] - new * s[FRAME_CLOCKS]
    if s[SETTLE]:
        s[SETTLE] -= 1
    if s[AHEAD] < s[LEAST]:
        if s[AHEAD] < s[LEAST] - (s[FRAME_CLOCKS] >> 1) and not s[SETTLE]:
            s[LOST_US] = lost
            return -1
        s[LEAST] = s[AHEAD]
    elif s[AHEAD] - s[LEAST] > s[FRAME_CLOCKS] + (s[FRAME_CLOCKS] >> 1):
        s[LOST_US] = lost
        return -1
    else:
        # what a change of the period left over goes by and by
        s[LEAST] += 1
    unread = frame - s[NEXT]
    if unread < 0:
        # up to the end of the ring
        unread = s[LAP] - s[NEXT]
    return unread >> 7
