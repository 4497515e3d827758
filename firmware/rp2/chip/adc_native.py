"""Position of the sampling ring, in native code: asked on every visit of the loop, it must not allocate."""

# ruff: noqa: F821  ptr32 is a name that only MicroPython's compiler knows

import micropython
from micropython import const

# Words of the state that `waiting` works on.
PLACE_ADDRESS = const(0)  # register that tells where the ring is being written
LAP = const(1)  # samples of the whole ring
CYCLE = const(2)  # samples of one cycle
NEXT = const(3)  # sample number at which the next unread cycle starts
TIMER_ADDRESS = const(4)  # free-running microseconds
LOOKED = const(5)  # microseconds at the last look
UNREAD = const(6)  # cycles that were unread then, less those taken since
CYCLE_US = const(7)
LIMIT = const(8)  # unread cycles from which on the oldest may have been overwritten
FIFO_ADDRESS = const(9)  # ADC.FCS
LOST_US = const(10)  # how much time an overrun has cost
SIGN = const(11)  # the sample number being written is (register * sign + base) >> shift
BASE = const(12)
SHIFT = const(13)
WORDS = const(14)


@micropython.viper
def waiting(s: ptr32) -> int:
    """Whole cycles waiting up to the end of the ring; -1 when samples were lost since the last look."""
    now = ptr32(s[TIMER_ADDRESS])[0]
    elapsed = now - s[LOOKED]
    s[LOOKED] = now
    if elapsed > (s[LIMIT] - s[UNREAD]) * s[CYCLE_US]:
        s[LOST_US] = elapsed + s[UNREAD] * s[CYCLE_US]
        return -1
    if (ptr32(s[FIFO_ADDRESS])[0] >> 11) & 1:  # the ADC's FIFO ran over: the channels are out of step
        s[LOST_US] = elapsed + s[UNREAD] * s[CYCLE_US]
        return -1
    cycle = s[CYCLE]
    ahead = ((ptr32(s[PLACE_ADDRESS])[0] * s[SIGN] + s[BASE]) >> s[SHIFT]) - s[NEXT]
    if ahead < 0:
        ahead += s[LAP]
    unread = 0
    while ahead >= cycle:
        ahead -= cycle
        unread += 1
    s[UNREAD] = unread
    room = s[LAP] - s[NEXT]  # never past the end of the ring
    n = 0
    while n < unread:
        room -= cycle
        if room < 0:
            return n
        n += 1
    return n


@micropython.viper
def taken(s: ptr32, n: int):
    """`n` cycles have been read."""
    i = s[NEXT] + n * s[CYCLE]
    if i >= s[LAP]:
        i -= s[LAP]
    s[NEXT] = i
    s[UNREAD] -= n
