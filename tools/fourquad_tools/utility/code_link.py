"""The way to a meter that speaks IEC 62056-21 mode C: sign-on, readout, codes that are read and written."""

from __future__ import annotations

import contextlib

import serial

from fourquad.protocols.iec62056.characters import ACK, ETX, NAK, SOH, STX, block_check
from fourquad_tools.utility.errors import NoAnswer, UtilityError

FIRST_BAUD = 300
SPEEDS = (300, 600, 1200, 2400, 4800, 9600, 19200)  # by the digit of the identification (6.3.14)
ANSWER_S = 2.5  # a meter answers within 1.5 s
LONGEST = 200_000  # characters of an answer
TRIES = 3
_MARKS = (SOH, STX)


class Denied(UtilityError):
    """The meter answers with a message of error, `(ER02 CODE)` for instance."""


class CodeLink:
    """A session with the meter `number` (empty: any that is there) on a port or a TCP connection."""

    def __init__(self, port: str, number: str) -> None:
        self._where = port
        try:
            self._line = serial.serial_for_url(
                port, FIRST_BAUD, bytesize=serial.SEVENBITS, parity=serial.PARITY_EVEN, timeout=ANSWER_S
            )
        except (OSError, ValueError) as error:
            raise NoAnswer(f"{port}: cannot be opened ({error})") from None
        self._number = number
        self._open = False  # a session that a break ends
        self.identification = ""

    def _send(self, data: bytes) -> None:
        try:
            self._line.write(data)
            self._line.flush()
        except OSError as error:
            raise NoAnswer(f"{self._where}: {error}") from None

    def _byte(self, what: str) -> int:
        try:
            data = self._line.read(1)
        except OSError as error:
            raise NoAnswer(f"{self._where}: {error}") from None
        if not data:
            raise NoAnswer(f"{self._where}: no answer to {what}")
        return int(data[0]) & 0x7F

    def _line_of(self, what: str) -> str:
        """Characters up to the end of a line."""
        out = bytearray()
        while not out.endswith(b"\r\n"):
            out.append(self._byte(what))
            if len(out) > 100:
                raise NoAnswer(f"{self._where}: no identification")
        return out.decode("ascii")

    def _message(self, what: str) -> bytes:
        """What stands between STX and ETX, or a single ACK or NAK. NoAnswer: its block check is wrong."""
        first = self._byte(what)
        if first in (ACK, NAK):
            return bytes((first,))
        if first not in _MARKS:
            raise NoAnswer(f"{self._where}: {what} is answered with something else")
        out = bytearray((first,))
        while out[-1] != ETX:
            out.append(self._byte(what))
            if len(out) > LONGEST:
                raise NoAnswer(f"{self._where}: the answer to {what} has no end")
        check = self._byte(what)
        if check != block_check(out, 1, len(out)):
            raise NoAnswer(f"{self._where}: the answer to {what} came damaged")
        begin = out.index(STX) + 1 if STX in out else len(out) - 1
        return bytes(out[begin:-1])

    def _sign_on(self, mode: str) -> None:
        """Identification, and the acknowledgement that chooses the mode and the speed offered."""
        for attempt in range(TRIES):
            self._line.reset_input_buffer()
            self._send(f"/?{self._number}!\r\n".encode("ascii"))
            try:
                self.identification = self._line_of("the sign-on").strip()
                break
            except NoAnswer:
                if attempt == TRIES - 1:
                    raise
        text = self.identification
        if len(text) < 5 or text[0] != "/" or text[4] not in "0123456":
            raise NoAnswer(f"{self._where}: {text[:20]!r} is no identification of mode C")
        self._send(b"\x060" + text[4].encode() + mode.encode() + b"\r\n")
        self._line.baudrate = SPEEDS[int(text[4])]

    def readout(self) -> str:
        """The data readout, its lines as they come."""
        self._sign_on("0")
        return self._message("the data readout").decode("ascii", "replace")

    def begin(self) -> None:
        """Programming mode, in which codes are read and written."""
        self._sign_on("1")
        self._message("the programming mode")
        self._open = True

    def _command(self, body: str) -> bytes:
        data = b"\x01" + body.encode("ascii") + b"\x03"
        frame = data + bytes((block_check(data, 1, len(data)),))
        for attempt in range(TRIES):
            self._send(frame)
            try:
                answer = self._message(body.partition("\x02")[2])
            except NoAnswer:
                if attempt == TRIES - 1:
                    raise
                continue
            if answer != bytes((NAK,)):
                return answer
        raise NoAnswer(f"{self._where}: {body.partition(chr(2))[2]} is not understood")

    def read(self, code: str) -> str:
        """The data set of a code, `1.8.0(12.34*kWh)`. Denied: there is none."""
        answer = self._command(f"R1\x02{code}()").decode("ascii", "replace")
        if answer.startswith("(ER"):
            raise Denied(f"{code}: the meter answers {answer}")
        return answer

    def write(self, code: str, value: str) -> None:
        """Write a code. Denied: the meter refuses."""
        self._written(f"W1\x02{code}({value})", code)

    def password(self, password: str) -> None:
        """Give the first password. Denied: it is wrong."""
        self._written(f"P1\x02({password})", "password")

    def _written(self, body: str, what: str) -> None:
        answer = self._command(body)
        if answer != bytes((ACK,)):
            raise Denied(f"{what}: the meter answers {answer.decode('ascii', 'replace')}")

    def close(self) -> None:
        """End the session, so that the next one need not wait for it."""
        if self._open:
            data = b"\x01B0\x03"
            with contextlib.suppress(NoAnswer):
                self._send(data + bytes((block_check(data, 1, len(data)),)))
        self._line.close()
