"""bacnet-stack's MS/TP machines out of PyPI misty, called step by step: a foreign master in virtual time.

What its library sends to a serial port is read from the other side of a pty at once and said on a line of the
test when its turn has come. `ask` has it put a request before the token that it passes on.
"""

from __future__ import annotations

import ctypes as ct
import os
import pty
import tty
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = sorted(ROOT.glob("build/misty/lib/python3*/site-packages/misty/mstplib/libmstp_agent_linux.so"))
BAUD = 115200  # of the pty: the library sleeps for 40 of its bits before a frame
TURNAROUND_BITS = 40
REPLY_TIMEOUT_US = 255_000
TOKEN = 0
HEADER = 8
MOST = 501  # octets of data

_Milliseconds = ct.CFUNCTYPE(ct.c_uint32, ct.c_void_p)
_Reset = ct.CFUNCTYPE(None, ct.c_void_p)


class Port(ct.Structure):
    """mstp_port_struct_t, as the debugging information of misty 0.0.13 has it."""

    _fields_ = [
        ("receive_state", ct.c_uint32),
        ("master_state", ct.c_uint32),
        ("receive_error", ct.c_uint8, 1),
        ("data_available", ct.c_uint8, 1),
        ("received_invalid", ct.c_uint8, 1),
        ("received_valid", ct.c_uint8, 1),
        ("received_for_others", ct.c_uint8, 1),
        ("sole_master", ct.c_uint8, 1),
        ("data_register", ct.c_uint8),
        ("data_crc", ct.c_uint16),
        ("data_crc_high", ct.c_uint8),
        ("data_crc_low", ct.c_uint8),
        ("data_length", ct.c_uint16),
        ("destination", ct.c_uint8),
        ("event_count", ct.c_uint8),
        ("frame_type", ct.c_uint8),
        ("frame_count", ct.c_uint8),
        ("header_crc", ct.c_uint8),
        ("header_crc_actual", ct.c_uint8),
        ("index", ct.c_uint32),
        ("input_buffer", ct.c_void_p),
        ("input_size", ct.c_uint16),
        ("next_station", ct.c_uint8),
        ("poll_station", ct.c_uint8),
        ("retry_count", ct.c_uint32),
        ("silence", _Milliseconds),
        ("silence_reset", _Reset),
        ("source", ct.c_uint8),
        ("token_count", ct.c_uint32),
        ("this_station", ct.c_uint8),
        ("max_info_frames", ct.c_uint8),
        ("max_master", ct.c_uint8),
        ("output_buffer", ct.c_void_p),
        ("output_size", ct.c_uint16),
        ("user_data", ct.c_void_p),
        ("counters", ct.c_uint32 * 5),
    ]


def their_frame(kind: int, destination: int, source: int, data: bytes) -> bytes:
    """A frame as bacnet-stack makes it."""
    buffer = ct.create_string_buffer(600)
    make = ct.CDLL(str(LIBRARIES[-1])).MSTP_Create_Frame
    length = make(buffer, 600, kind, destination, source, data, len(data))
    return buffer.raw[:length]


class ForeignNode:
    """A station of a line (mstp_line.py) with bacnet-stack's machines."""

    def __init__(self, address: int, maximum: int, baud: int) -> None:
        assert ct.sizeof(Port) == 128
        self.node = SimpleNamespace(address=address)
        self.on = True
        self.inbox = bytearray()
        self.came = self.busy_until = 0
        self.got: list[bytes] = []  # data frames to it
        self.unanswered = 0
        self._turnaround = TURNAROUND_BITS * 1_000_000 // baud
        self._now = self._quiet_since = 0
        self._sent = False  # the library has sent a frame
        self._said: list[tuple[int, bytes]] = []
        self._wanted: list[bytes] = []
        self._waits = b""  # the token that waits for a reply
        self._heard = bytearray()
        self._open()
        port = self._port = Port()
        self._buffers = ct.create_string_buffer(1600), ct.create_string_buffer(1600)
        port.input_buffer, port.output_buffer = [ct.addressof(buffer) for buffer in self._buffers]
        port.input_size = port.output_size = 1600
        port.silence = _Milliseconds(lambda _: max(0, self._now - self._quiet_since) // 1000)
        port.silence_reset = _Reset(self._reset)
        port.this_station, port.max_master, port.max_info_frames = address, maximum, 1
        self._library.MSTP_Init(ct.byref(port))

    def _open(self) -> None:
        library = self._library = ct.CDLL(str(LIBRARIES[-1]))
        library.MSTP_Master_Node_FSM.restype = ct.c_bool
        self._wire, other = pty.openpty()
        tty.setraw(other)
        self._name = ct.create_string_buffer(os.ttyname(other).encode())
        library.RS485_Set_Interface(self._name)
        library.RS485_Set_Baud_Rate(ct.c_uint32(BAUD))
        library.RS485_Initialize()
        os.close(other)

    def _reset(self, _: object) -> None:
        """The library calls that for each octet, and after a frame that it has sent."""
        self._quiet_since = self._now
        self._sent = True

    def close(self) -> None:
        self._library.RS485_Cleanup()
        os.close(self._wire)

    def ask(self, frame: bytes) -> None:
        """Say that when it has the token, and wait for an answer."""
        self._wanted.append(frame)

    @property
    def asking(self) -> int:
        """How many requests have no answer yet."""
        return len(self._wanted) + bool(self._waits)

    def look(self, now: int) -> bytes | None:
        """At its turn, `now` in microseconds: what it says."""
        self._now = now
        if not self.on or now < self.busy_until:
            self.inbox.clear()
            return None
        if self.busy_until > self._quiet_since:
            self._quiet_since = self.busy_until
        if self._waits:
            return self._wait()
        while not self._said:
            if self.inbox:
                octet = self.inbox.pop(0)
                self._quiet_since = self.came
                self._port.data_register, self._port.data_available = octet, 1
            elif not self._step():
                break
            else:
                continue
            self._library.MSTP_Receive_Frame_FSM(ct.byref(self._port))
            if self._port.received_valid or self._port.received_invalid or self._port.received_for_others:
                self._step()
        return self._next()

    def _step(self) -> bool:
        """Run the master's machine; whether it has gone on."""
        port = ct.byref(self._port)
        self._library.MSTP_Receive_Frame_FSM(port)
        self._sent = False
        again = self._library.MSTP_Master_Node_FSM(port)
        if not self._sent:
            return bool(again)
        # it has nothing but headers to say; the kernel hands them over in its own time
        said = b""
        while len(said) < HEADER:
            said += os.read(self._wire, HEADER - len(said))
        since = max(self._now, self._quiet_since + self._turnaround)
        self._said.append((since, said))
        return False

    def _next(self) -> bytes | None:
        if not self._said or self._said[0][0] > self._now:
            return None
        _, said = self._said.pop(0)
        if said[2] == TOKEN and self._wanted:
            self._waits = said
            self._heard.clear()
            return self._wanted.pop(0)
        return said

    def _wait(self) -> bytes | None:
        """WAIT_FOR_REPLY of clause 9.5.6.4: an answer, something else, or the end of the time for one."""
        if self.inbox:
            self._quiet_since = self.came
            self._heard += self.inbox
            self.inbox.clear()
        heard = self._heard
        length = heard[5] << 8 | heard[6] if len(heard) >= HEADER else 0
        frame = heard[:2] == b"\x55\xff" and length <= MOST
        mine = frame and len(heard) >= HEADER and heard[3] == self.node.address
        if mine and len(heard) >= HEADER + length + 2 * (length > 0):
            self.got.append(bytes(heard))
        elif len(heard) < HEADER or mine:
            if self._now - self._quiet_since < REPLY_TIMEOUT_US:
                return None
            self.unanswered += 1
        else:
            self.unanswered += 1
            if frame:
                # somebody else has the token
                self._waits = b""
                return None
        self._said.append((self._quiet_since + self._turnaround, self._waits))
        self._waits = b""
        return self._next() if not self._wanted else None
