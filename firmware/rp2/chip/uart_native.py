"""The serial port's inner loops, in native code: frames out of the receive ring, and the start of an
answer.
"""

# ruff: noqa: F821  ptr8 and ptr32 are names that only MicroPython's compiler knows

import micropython
from micropython import const

RING = const(512)  # bytes received, and as many time stamps

# Words of the receiver's state.
NEXT = const(0)  # place in the ring of the next unread byte
LAST = const(1)  # time stamp of the last byte of the frame looked at, microseconds
GAP = const(2)  # microseconds from stamp to stamp that part two frames
SILENCE = const(3)  # microseconds after the last byte that end a frame
WRITE_ADDRESS = const(4)  # register that holds where the next time stamp goes
STAMPS = const(5)  # address of the time stamps
BYTES = const(6)  # address of the bytes
TIMER_ADDRESS = const(7)  # free-running microseconds
ECHO = const(8)  # 1 while bytes up to ECHO_END are our own
ECHO_END = const(9)  # half a byte after their last stop bit
BYTE_US = const(10)
UNTOLD = const(11)  # 1 from `send` until a frame is looked for
LOOKED = const(12)  # when bytes were looked for last
SPAN = const(13)  # microseconds in which the ring can be filled
LOST = const(14)  # times that bytes were lost
STATUS = const(15)  # raw interrupt status of the UART; two words on is where it is cleared
RX_WORDS = const(16)

_OVERRUN = const(1 << 10)  # of STATUS
_AHEAD = const(16)  # bytes by which the ring is read ahead of where it is written, after it was full

# Words of the transmitter's state.
DATA_COUNT_TRIGGER = const(0)  # registers of the channel that feeds the UART
DATA_READ = const(1)
DELAY_COUNT_TRIGGER = const(2)  # of the channel that waits for the last stop bit
DELAY_CREDITS = const(3)
DIRECTION = const(4)  # register of the direction pin
RAISED = const(5)  # what it gets to enable the driver
TICKS = const(6)  # of the delay for one byte
ANSWER = const(7)  # address of what is sent
DELAY_CTRL = const(8)
BUSY = const(9)  # its bit that says that it runs
TX_WORDS = const(10)


class Receiver:
    """What a loop asks of a port at every turn."""

    @micropython.viper
    def quiet(self, now) -> bool:
        """Whether there is nothing to do: an answer is still on its way, or no byte waits."""
        s = ptr32(self._rx)
        if s[UNTOLD]:
            t = ptr32(self._tx)
            return (ptr32(t[DELAY_CTRL])[0] >> t[BUSY]) & 1 != 0
        if s[NEXT] != ((ptr32(s[WRITE_ADDRESS])[0] - s[STAMPS]) >> 2) & (RING - 1):
            return False
        s[LOOKED] = ptr32(s[TIMER_ADDRESS])[0]
        return True


@micropython.viper
def count_lost(s: ptr32, wr: int):
    """Count it, and go on with what is left, where more has come since the last look than the ring holds: the
    oldest byte in it, the next to be written over, has then come after that look.
    """
    status = ptr32(s[STATUS])
    if status[0] & _OVERRUN:
        status[2] = _OVERRUN
        s[LOST] += 1
    now = ptr32(s[TIMER_ADDRESS])[0]
    away = now - s[LOOKED]
    if away >= s[SPAN]:
        oldest = ptr32(s[STAMPS])[wr] - s[LOOKED]
        if oldest > 0 and oldest <= away:
            s[LOST] += 1
            s[NEXT] = (wr + _AHEAD) & (RING - 1)
    s[LOOKED] = now


@micropython.viper
def frame(s: ptr32, out: ptr8, room: int) -> int:
    """Length of the next frame, its first `room` bytes copied to `out`; negative while it is not finished,
    0 when there is none.
    """
    wr = ((ptr32(s[WRITE_ADDRESS])[0] - s[STAMPS]) >> 2) & (RING - 1)
    count_lost(s, wr)
    s[UNTOLD] = 0
    rd = s[NEXT]
    if rd == wr:
        return 0
    rx = ptr8(s[BYTES])
    ts = ptr32(s[STAMPS])
    if s[ECHO]:  # a transceiver that listens while it talks
        while rd != wr:
            if ts[rd] - s[ECHO_END] > 0:
                s[ECHO] = 0
                break
            rd = (rd + 1) & (RING - 1)
        s[NEXT] = rd
        if rd == wr:
            return 0
    gap = s[GAP]
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
        rd = (rd + 1) & (RING - 1)
    s[LAST] = last
    if rd == wr and ptr32(s[TIMER_ADDRESS])[0] - last < s[SILENCE]:
        return 0 - n
    s[NEXT] = rd
    return n


@micropython.viper
def age(s: ptr32) -> int:
    """Microseconds since the last byte of the frame found."""
    return ptr32(s[TIMER_ADDRESS])[0] - s[LAST]


@micropython.viper
def since_sent(s: ptr32) -> int:
    """Microseconds since the last stop bit of what was sent."""
    return ptr32(s[TIMER_ADDRESS])[0] - s[ECHO_END] + (s[BYTE_US] >> 1)


@micropython.viper
def send(t: ptr32, s: ptr32, n: int):
    """Start to send `n` bytes; the direction pin falls by itself after the last stop bit."""
    ptr32(t[DIRECTION])[0] = t[RAISED]
    ptr32(t[DELAY_CREDITS])[0] = 0
    ptr32(t[DATA_READ])[0] = t[ANSWER]
    # A first tick comes after anything from no time to a whole tick, hence two on top: never early.
    ptr32(t[DELAY_COUNT_TRIGGER])[0] = n * t[TICKS] + 2
    ptr32(t[DATA_COUNT_TRIGGER])[0] = n
    s[ECHO_END] = ptr32(s[TIMER_ADDRESS])[0] + n * s[BYTE_US] + (s[BYTE_US] >> 1)
    s[ECHO] = 1
    s[UNTOLD] = 1


@micropython.viper
def sending(t: ptr32) -> int:
    """1 until the direction pin has fallen."""
    return (ptr32(t[DELAY_CTRL])[0] >> t[BUSY]) & 1
