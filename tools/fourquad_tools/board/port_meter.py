"""A meter's maintenance over its own Modbus port (`fourquad.device.maintenance`): a board's isolated RS-485,
or a simulator's line.
"""

from __future__ import annotations

import struct
import time
from typing import Any

import serial

from fourquad.device import maintenance as m
from fourquad.metering import calibration as cal
from fourquad.protocols.crc import checksum
from fourquad.protocols.modbus.codes import (
    DEVICE_FAILURE,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    MAINTENANCE,
)
from fourquad_tools.board.maintenance import MaintenanceError

TRIES = 3
ANSWER_S = 2.0  # until an answer is there; storing takes a board 0.3 s
FRESH_S = 3  # by the meter's clock: until what it reads was all measured after we asked
PATIENCE = 600  # looks at a clock that does not move
PAUSE_S = 0.1
SOURCES = ("none", "factory", "own")
PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
WHY = {
    ILLEGAL_FUNCTION: "it knows no maintenance over this port",
    ILLEGAL_ADDRESS: "it does not know this command",
    ILLEGAL_VALUE: "refused: a wrong password, or a record that cannot be right",
    DEVICE_FAILURE: "refused: its seal is closed, or a password was wrong less than 10 s ago",
}


class Refusal(MaintenanceError):
    """The meter answers with an exception, whose number is `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the meter says {code}: {WHY.get(code, 'unknown')}")
        self.code = code


def pause() -> None:
    """Between two looks."""
    time.sleep(PAUSE_S)


class PortMeter:
    """The meter at `address` on `device`, as `serial.serial_for_url` takes it."""

    def __init__(self, device: str, address: int, baud: int, parity: str, password: int) -> None:
        if not 1 <= address <= 247:
            raise MaintenanceError("--address: 1 to 247")
        if not 0 <= password <= 0xFFFF:
            raise MaintenanceError("--password: 0 to 65535")
        self._address = address
        self._password = password
        self._in_session = False
        try:
            self._line = serial.serial_for_url(
                device, baudrate=baud, parity=PARITIES[parity], timeout=ANSWER_S
            )
        except (OSError, ValueError) as error:
            raise MaintenanceError(f"{device}: {error}") from None

    def _ask(self, command: int, data: bytes = b"") -> bytes:
        """What follows the command in the answer. MaintenanceError: none, or a refusal."""
        request = self._closed(bytes((self._address, MAINTENANCE, command)) + data)
        for _ in range(TRIES):
            try:
                self._line.reset_input_buffer()
                self._line.write(request)
                answer = self._line.read(5)
                if len(answer) == 5 and answer[1] == MAINTENANCE:
                    answer += self._line.read(m.ANSWERS[command])
            except OSError as error:
                raise MaintenanceError(f"the port fails: {error}") from None
            if len(answer) < 5 or answer[0] != self._address or checksum(answer, len(answer), 0):
                continue
            if answer[1] == MAINTENANCE | 0x80:
                raise Refusal(answer[2])
            return answer[3:-2]
        raise MaintenanceError("the meter does not answer: check wires, --address, --baud and --parity")

    @staticmethod
    def _closed(frame: bytes) -> bytes:
        return frame + struct.pack("<H", checksum(frame, len(frame), 0))

    def begin(self) -> None:
        if not self._in_session:
            self._ask(m.OPEN, struct.pack(">H", self._password))
            self._in_session = True

    def _change(self, command: int, data: bytes = b"") -> None:
        """A command that needs a session."""
        self.begin()
        self._ask(command, data)

    def _seen(self) -> tuple[Any, ...]:
        return struct.unpack(">IBBBBB21f", self._ask(m.LOOK))

    def look(self) -> dict[str, Any]:
        first = self._seen()
        for _ in range(PATIENCE):
            seen = self._seen()
            if abs(seen[0] - first[0]) >= FRESH_S:
                return self._told(seen)
            pause()
        raise MaintenanceError("the meter's clock stands still")

    def _told(self, seen: tuple[Any, ...]) -> dict[str, Any]:
        """As `fourquad.metering.inspect.look` has it."""
        _, phases, count, delta, derived, source, *values = seen
        rows = [struct.unpack(">BB8i", self._ask(m.CHANNEL, bytes((n,)))) for n in range(count)]
        record = [cal.VERSION, count]
        for _, _, *words in rows:
            record += words
        return {
            "frequency": values[0],
            "phases": phases,
            "delta": bool(delta),
            "volts": values[1:4],
            "lines": values[4:7],
            "amps": values[7:10],
            "neutral": values[10],
            "watts": values[11:14],
            "volt_angles": [0.0, *values[14:16]],
            "derived": [k for k in range(phases) if derived >> k & 1],
            "amp_angles": values[16:19],
            "ratios": values[19:21],
            "channels": [[chr(kind), phase] for kind, phase, *_ in rows],
            "record": record,
            "source": SOURCES[source],
        }

    def show_noise(self, sensitive: bool) -> None:
        self._change(m.FEEL, bytes((sensitive,)))

    def calibrate(self, record: list[int]) -> None:
        for n in range(record[1]):
            first = cal.HEAD + cal.FIELDS * n
            self._change(m.FIELDS, struct.pack(">B8i", n, *record[first : first + cal.FIELDS]))
        self._change(m.TRY)

    def store(self, record: list[int]) -> None:
        self.calibrate(record)
        self._change(m.STORE)

    def factory(self) -> list[int] | None:
        self.begin()
        try:
            self._ask(m.FACTORY)
        except Refusal as refusal:
            if refusal.code == ILLEGAL_VALUE:
                return None
            raise
        return list(self.look()["record"])

    def close(self) -> None:
        try:
            if self._in_session:
                self._ask(m.CLOSE)
        finally:
            self._line.close()
