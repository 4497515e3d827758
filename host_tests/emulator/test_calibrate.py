"""`fourquad calibrate --rs485` on the firmware image, in emulated time: the meter goes on measuring, and what
was stored is there after a reset.
"""

from __future__ import annotations

import struct
import sys
from typing import Any

import pytest
import serial
from emulated import Emulated, image
from test_meter import LOAD, ask, board_module, start

from fourquad.metering import calibration as cal
from fourquad_tools.board import port_meter
from fourquad_tools.cli import main

FLOATS = 0x4000
# The front end gives 1.5 % too little voltage and 2 % too much current, which leads by 0.8 degrees.
VOLTS, AMPS, LEAD = 0.985, 1.02, 0.8


class Line:
    """The board's RS-485 line as pyserial has it; time runs only while a request is on it."""

    def __init__(self, board: Emulated) -> None:
        self._board = board
        self._answer = b""

    def reset_input_buffer(self) -> None:
        self._answer = b""

    def write(self, data: bytes) -> None:
        self._answer = bytes.fromhex(self._board("transact", n=1, send=data.hex(), timeout_ms=2000)["reply"])

    def read(self, count: int) -> bytes:
        data, self._answer = self._answer[:count], self._answer[count:]
        return data

    def close(self) -> None:
        pass


class Hands:
    """Puts the source on when asked for, and types yes."""

    def __init__(self, board: Emulated, *lags: float) -> None:
        self._board = board
        self._lags = list(lags)

    def readline(self) -> str:
        if self._lags:
            load = {
                "frequency": 50.0,
                "phases": [{"volts": 230.0, "amps": 5.0, "lag": self._lags.pop(0) - LEAD}],
            }
            self._board("adc", load={**LOAD, **load})
            return "\n"
        return "yes\n"


def wire(board: Emulated) -> None:
    """V1 and I1 off as parts are; V2 and I2 see nothing."""
    module = board_module()
    volts, amps = VOLTS / module.VOLTS_PER_CODE, AMPS / module.AMPS_PER_CODE
    inputs = (("volts", 0, volts), ("volts", 1, volts), ("amps", 0, amps), ("amps", 1, amps))
    channels = [
        {"input": i, "quantity": quantity, "phase": phase, "scale": scale, "offset": 2048}
        for i, (quantity, phase, scale) in enumerate(inputs)
    ]
    board("adc", channels=channels, load=LOAD)


def readings(board: Emulated) -> tuple[float, float]:
    block = struct.unpack(">30f", ask(board, 1, 3, FLOATS >> 8, FLOATS & 255, 0, 60)[1:])
    return block[1], block[9]


def test_calibration_over_rs485(monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Any) -> None:
    with Emulated(image("PICO_EMU"), "--flash", str(tmp_path / "flash.bin")) as board:
        wire(board)
        start(board)
        assert readings(board)[0] == pytest.approx(230 * VOLTS, rel=2e-3)
        monkeypatch.setattr(serial, "serial_for_url", lambda *_, **__: Line(board))
        monkeypatch.setattr(port_meter, "pause", lambda: board("run", ns=4e8))
        options = ["--rs485", "here", "--volts", "230", "--amps", "5", "--phases", "1"]
        monkeypatch.setattr(sys, "stdin", Hands(board, 0.0, 60.0))
        status = main(["calibrate", *options])
        said = capsys.readouterr()
        assert status == 0, said.out + said.err
        assert "stored" in said.out
        assert readings(board) == pytest.approx((230.0, 5.0), rel=2e-3)
        board("reset")
        start(board)
        assert readings(board) == pytest.approx((230.0, 5.0), rel=2e-3)
        assert main(["calibrate", "--rs485", "here", "--show"]) == 0
        shown = capsys.readouterr().out
        assert "source: own" in shown
        gain = next(float(line.split()[1]) for line in shown.splitlines() if line.startswith("V1"))
        assert gain == pytest.approx(100 * (1 / VOLTS - 1), abs=0.1)
        assert abs(gain) < cal.GAIN_LIMIT / 1e4
