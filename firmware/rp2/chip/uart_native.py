"""The serial port's inner loops, in native code: frames out of the receive ring, and the start of an
answer.
"""

# ruff: noqa: F821  ptr8 and ptr32 are names that only MicroPython's compiler knows

import micropython

RING = 512  # bytes received, and as many time stamps

# Words of the receiver's state.
NEXT = 0  # place in the ring of the next unread byte
LAST = 1  # time stamp of the last byte of the frame looked at, microseconds
GAP = 2  # microseconds from stamp to stamp that part two frames
SILENCE = 3  # microseconds after the last byte that end a frame
WRITE_ADDRESS = 4  # register that holds where the next time stamp goes
STAMPS = 5  # address of the time stamps
BYTES = 6  # address of the bytes
TIMER_ADDRESS = 7  # free-running microseconds
ECHO = 8  # 1 while bytes up to ECHO_END are our own
ECHO_END = 9
BYTE_US = 10
RX_WORDS = 11

# Words of the transmitter's state.
DATA_COUNT_TRIGGER = 0  # registers of the channel that feeds the UART
DATA_READ = 1
DELAY_COUNT_TRIGGER = 2  # of the channel that waits for the last stop bit
DELAY_CREDITS = 3
DIRECTION = 4  # register of the direction pin
RAISED = 5  # what it gets to enable the driver
TICKS = 6  # of the delay for one byte
ANSWER = 7  # address of what is sent
DELAY_CTRL = 8
BUSY = 9  # its bit that says that it runs
TX_WORDS = 10


@micropython.viper
def frame(s: ptr32, out: ptr8, room: int) -> int:
    """Length of the next frame, its first `room` bytes copied to `out`; negative while it is not finished,
    0 when there is none.
    """
    rd = s[0]
    wr = ((ptr32(s[4])[0] - s[5]) >> 2) & 511
    if rd == wr:
        return 0
    rx = ptr8(s[6])
    ts = ptr32(s[5])
    if s[8]:  # a transceiver that listens while it talks
        while rd != wr:
            if ts[rd] - s[9] > 0:
                s[8] = 0
                break
            rd = (rd + 1) & 511
        s[0] = rd
        if rd == wr:
            return 0
    gap = s[2]
    n = 0
    last = ts[rd]
    while rd != wr:
        t = ts[rd]
        if t - last >= gap:
            break
        if n < room:
            out[n] = rx[rd]
        n += 1
        last = t
        rd = (rd + 1) & 511
    s[1] = last
    if rd == wr and ptr32(s[7])[0] - last < s[3]:
        return 0 - n
    s[0] = rd
    return n


@micropython.viper
def age(s: ptr32) -> int:
    """Microseconds since the last byte of the frame found."""
    return ptr32(s[7])[0] - s[1]


@micropython.viper
def send(t: ptr32, s: ptr32, n: int):
    """Start to send `n` bytes; the direction pin falls by itself after the last stop bit."""
    ptr32(t[4])[0] = t[5]
    ptr32(t[3])[0] = 0
    ptr32(t[1])[0] = t[7]
    # A first tick comes after anything from no time to a whole tick, hence two on top: never early.
    ptr32(t[2])[0] = n * t[6] + 2
    ptr32(t[0])[0] = n
    s[9] = ptr32(s[7])[0] + n * s[10] + (s[10] >> 1)
    s[8] = 1


@micropython.viper
def sending(t: ptr32) -> int:
    """1 until the direction pin has fallen."""
    return (ptr32(t[8])[0] >> t[9]) & 1
