"""Position of the sampling ring, in native code: asked on every visit of the loop, it must not allocate."""

# ruff: noqa: F821  ptr32 is a name that only MicroPython's compiler knows

import micropython

# Words of the state that `waiting` works on.
PLACE_ADDRESS = 0  # register that tells where the ring is being written
LAP = 1  # samples of the whole ring
CYCLE = 2  # samples of one cycle
NEXT = 3  # sample number at which the next unread cycle starts
TIMER_ADDRESS = 4  # free-running microseconds
LOOKED = 5  # microseconds at the last look
UNREAD = 6  # cycles that were unread then, less those taken since
CYCLE_US = 7
LIMIT = 8  # unread cycles from which on the oldest may have been overwritten
FIFO_ADDRESS = 9  # ADC.FCS
LOST_US = 10  # how much time an overrun has cost
SIGN = 11  # the sample number being written is (register * sign + base) >> shift
BASE = 12
SHIFT = 13
WORDS = 14


@micropython.viper
def waiting(s: ptr32) -> int:
    """Whole cycles waiting up to the end of the ring; -1 when samples were lost since the last look."""
    now = ptr32(s[4])[0]
    elapsed = now - s[5]
    s[5] = now
    if elapsed > (s[8] - s[6]) * s[7]:
        s[10] = elapsed + s[6] * s[7]
        return -1
    if (ptr32(s[9])[0] >> 11) & 1:  # the ADC's FIFO ran over: from here on the channels are out of step
        s[10] = elapsed + s[6] * s[7]
        return -1
    cycle = s[2]
    ahead = ((ptr32(s[0])[0] * s[11] + s[12]) >> s[13]) - s[3]
    if ahead < 0:
        ahead += s[1]
    unread = 0
    while ahead >= cycle:
        ahead -= cycle
        unread += 1
    s[6] = unread
    room = s[1] - s[3]  # never past the end of the ring
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
    i = s[3] + n * s[2]
    if i >= s[1]:
        i -= s[1]
    s[3] = i
    s[6] -= n
