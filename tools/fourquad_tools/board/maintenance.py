"""A meter as maintenance sees it: the simulator through its control socket, a board through its console,
either through a Modbus port of the meter (`port_meter.py`).

All give the plain values of `fourquad.metering.inspect`, and take a calibration record.
"""

from __future__ import annotations

import argparse
import ast
import json
import socket
import sys
import time
from typing import Any, Protocol

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from fourquad_tools.board.live import warn_of_live_inputs

PATIENCE_S = 60.0
_SECOND = 1.3  # until a reading of a whole second is surely new
_PROMPT_S = 3


class MaintenanceError(Exception):
    """A meter that does not answer, or refuses; the message says why."""


class Meter(Protocol):
    """What calibration and wiring check need of a meter."""

    def begin(self) -> None:
        """Something will be changed: what cannot be is refused now."""

    def look(self) -> dict[str, Any]:
        """Readings of a new second, channels, calibration record."""

    def show_noise(self, sensitive: bool) -> None:
        """Let readings go below their floors, or not."""

    def calibrate(self, record: list[int]) -> None:
        """Measure with `record` from now on."""

    def store(self, record: list[int]) -> None:
        """Keep `record`."""

    def factory(self) -> list[int] | None:
        """Go back to the factory's copy; it, or None if there is none."""

    def close(self) -> None:
        """Leave the meter at its work."""


class Simulated:
    """A simulator's control socket; its virtual time runs ahead while we wait."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        try:
            self._socket.connect(path)
        except OSError as error:
            raise MaintenanceError(f"{path}: {error.strerror or error}") from None
        self._file = self._socket.makefile("rw", encoding="utf-8")

    def _ask(self, cmd: str, **fields: Any) -> dict[str, Any]:
        try:
            self._file.write(json.dumps({"cmd": cmd, **fields}) + "\n")
            self._file.flush()
            answer: dict[str, Any] = json.loads(
                self._file.readline() or '{"ok":false,"error":"it has ended"}'
            )
        except (OSError, ValueError) as error:
            raise MaintenanceError(f"the simulator does not answer: {error}") from None
        if not answer.pop("ok"):
            raise MaintenanceError(str(answer["error"]))
        return answer

    def begin(self) -> None:
        pass  # the control socket may do everything

    def look(self) -> dict[str, Any]:
        self._ask("advance", seconds=_SECOND)
        return self._ask("inspect")

    def show_noise(self, sensitive: bool) -> None:
        self._ask("inspect", sensitive=sensitive)
        self._ask("advance", seconds=_SECOND)

    def calibrate(self, record: list[int]) -> None:
        self._ask("calibration", record=record)
        self._ask("advance", seconds=_SECOND)

    def store(self, record: list[int]) -> None:
        self._ask("calibration", record=record, store=True)

    def factory(self) -> list[int] | None:
        record: list[int] | None = self._ask("calibration", factory=True)["record"]
        return record

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Board:
    """A board's console: its meter is stopped and runs under our command; then the board starts anew."""

    def __init__(self, device: str) -> None:
        try:
            self._line = SerialTransport(device, baudrate=115200, wait=_PROMPT_S)
            # its soft reset ends the meter, and gives ours the heap that it needs
            self._line.enter_raw_repl(soft_reset=True)
        except (TransportError, OSError) as error:
            raise MaintenanceError(f"{device}: {error}") from None
        self._run("import maintenance\nm = maintenance.Session()")
        if self._run("print(m.isolated)").strip() != "True":
            self.close()
            raise MaintenanceError(
                "the inputs of this board are a live divider: part it from the mains, then pull out the USB "
                "cable, and use --rs485"
            )

    def _run(self, code: str) -> str:
        try:
            out, err = self._line.exec_raw(code, timeout=PATIENCE_S)
        except (TransportError, OSError) as error:
            raise MaintenanceError(f"the board does not answer: {error}") from None
        if err:
            raise MaintenanceError(err.decode(errors="replace").strip().splitlines()[-1])
        return str(out.decode())

    def begin(self) -> None:
        pass  # whoever has the console has the board

    def look(self) -> dict[str, Any]:
        seen: dict[str, Any] = ast.literal_eval(self._run(f"print(m.look({_SECOND * 1000:.0f}))"))
        return seen

    def show_noise(self, sensitive: bool) -> None:
        self._run(f"m.show_noise({sensitive})")

    def calibrate(self, record: list[int]) -> None:
        self._run(f"m.calibrate({tuple(record)})")

    def store(self, record: list[int]) -> None:
        self._run(f"m.store({tuple(record)})")

    def factory(self) -> list[int] | None:
        record = ast.literal_eval(self._run("print(m.factory())"))
        return None if record is None else list(record)

    def close(self) -> None:
        try:
            self._line.exec_raw_no_follow("m.end()")
            time.sleep(0.1)
        finally:
            self._line.close()


def add_meter_options(parser: argparse.ArgumentParser) -> None:
    """Options that name a meter."""
    where = parser.add_argument_group("the meter")
    where.add_argument("--control", metavar="SOCKET", help="a simulator's control socket")
    where.add_argument("--rs485", metavar="DEVICE", help="its Modbus port: /dev/ttyUSB0, socket://HOST:PORT")
    where.add_argument("--port", metavar="DEVICE", help="a board's USB console: isolated inputs only")
    where.add_argument("--address", type=int, default=1, help="with --rs485: Modbus address (1)")
    where.add_argument("--baud", type=int, default=19200, help="with --rs485 (19200)")
    where.add_argument(
        "--parity", choices=("none", "even", "odd"), default="none", help="with --rs485 (none)"
    )
    where.add_argument("--password", type=int, default=0, help="with --rs485: the meter's (0)")


def open_meter(options: argparse.Namespace) -> Meter:
    """The meter that the options name."""
    ways = [way for way in (options.control, options.rs485, options.port) if way is not None]
    if len(ways) != 1:
        raise MaintenanceError("say which meter: --control SOCKET, --rs485 DEVICE or --port DEVICE")
    if options.control is not None:
        return Simulated(options.control)
    if options.rs485 is not None:
        from fourquad_tools.board.port_meter import PortMeter

        return PortMeter(options.rs485, options.address, options.baud, options.parity, options.password)
    warn_of_live_inputs(sys.stderr)
    return Board(options.port)
