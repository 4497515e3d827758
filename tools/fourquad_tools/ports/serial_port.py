"""A real serial port, or one at the other end of a network (RFC 2217, or a plain TCP bridge), by pyserial.

The line's speed and parity follow the meter's settings, once the answer that confirmed them is out.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Protocol

import serial

from fourquad_tools.ports import MakeLink, PortError

SCHEMES = ("rfc2217://", "socket://")
LOOK_S = 0.5  # between two looks at what the settings say
FIRST_S = 0.01  # the same until they have said something
RETRY_S = 1.0  # between two attempts to open a port that is gone
WRITE_S = 2.0  # in which the port must take an answer
BITS = 12  # of a character, with a little reserve


class Wire(Protocol):
    """Speed and frame of a serial line with eight data bits."""

    @property
    def baud(self) -> int: ...

    @property
    def parity(self) -> str: ...

    @property
    def stop_bits(self) -> int: ...


class SerialPort:
    """The port `where`: a device's name or a URL. `wire` says what the line is to be, or None while
    characters are on their way. `tell` gets a line when the device goes and when it is back.
    """

    elsewhere = True  # who polls it is at the other end of its line

    def __init__(
        self,
        name: str,
        where: str,
        make_link: MakeLink,
        wire: Callable[[], Wire | None],
        tell: Callable[[str], None],
    ) -> None:
        self.name = name
        self.where = where
        self.dropped = 0
        self._wire = wire
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._now: Wire | None = wire()
        self._end = threading.Event()
        self._busy_until = 0.0
        self._serial: Any = self._open()
        self._link = make_link(self._send)
        self._timer = self._loop.call_later(FIRST_S, self._look)
        self._reader = threading.Thread(target=self._read, name=f"port {name}", daemon=True)
        self._reader.start()

    def _open(self) -> Any:
        try:
            port = serial.serial_for_url(self.where, do_not_open=True)
            now = self._now
            if now is not None:
                port.baudrate, port.parity, port.stopbits = now.baud, now.parity, now.stop_bits
            if not self.where.startswith(SCHEMES):
                port.exclusive = True
                port.write_timeout = WRITE_S
            port.open()
        except (serial.SerialException, ValueError, OSError) as error:
            raise PortError(f"--port {self.name}: {self.where}: {_reason(error)}") from None
        return port

    def _read(self) -> None:
        """In a thread of its own, because not every port has a descriptor to wait on."""
        while not self._end.is_set():
            try:
                data = self._serial.read(1)
                if data:
                    data += self._serial.read(self._serial.in_waiting)
            except (serial.SerialException, OSError, TypeError, AttributeError) as error:
                # TypeError, AttributeError: what pyserial makes of a port that is closed meanwhile
                self._lost(error)
                continue
            if data and not self._end.is_set():
                self._loop.call_soon_threadsafe(self._link.received, data)

    def _lost(self, error: Exception) -> None:
        """Wait until the device is there again."""
        if self._end.is_set():
            return
        self._say(f"{self.name}: {self.where} is gone: {_reason(error)}")
        self._serial.close()
        while not self._end.wait(RETRY_S):
            try:
                self._serial = self._open()
            except PortError:
                continue
            self._say(f"{self.name}: {self.where} is back")
            return

    def _say(self, line: str) -> None:
        self._loop.call_soon_threadsafe(self._tell, line)

    def _send(self, data: bytes) -> None:
        now = self._loop.time()
        try:
            self._serial.write(data)
        except (serial.SerialException, OSError, TypeError, AttributeError):
            # the reader sees it too, and says so
            self.dropped += len(data)
            return
        self._busy_until = max(now, self._busy_until) + len(data) * BITS / self._serial.baudrate
        self._timer.cancel()
        self._timer = self._loop.call_later(self._busy_until - now, self._look)

    def _look(self) -> None:
        """Take over what the settings say now."""
        wanted = self._wire()
        now = self._loop.time()
        if wanted is not None and wanted != self._now and now >= self._busy_until:
            self._now = wanted
            try:
                self._serial.flush()
                self._serial.baudrate = wanted.baud
                self._serial.parity, self._serial.stopbits = wanted.parity, wanted.stop_bits
            except (serial.SerialException, ValueError, OSError) as error:
                self._tell(f"{self.name}: {self.where} does not take {wanted.baud} baud: {_reason(error)}")
        self._timer = self._loop.call_later(FIRST_S if self._now is None else LOOK_S, self._look)

    async def close(self) -> None:
        """Give the port back."""
        self._end.set()
        self._timer.cancel()
        self._link.closed()
        if hasattr(self._serial, "cancel_read"):
            self._serial.cancel_read()
        else:
            self._serial.close()
        await asyncio.to_thread(self._reader.join, 2.0)
        self._serial.close()


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).splitlines()[0][:200]
