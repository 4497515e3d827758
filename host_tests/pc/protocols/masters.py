"""Two independent masters with one face, and the simulator that they poll."""

from __future__ import annotations

import select
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import minimalmodbus
from pymodbus.client import ModbusSerialClient
from simulated import LOAD, PATIENCE_S, Simulated

LATE_S = 30.0  # after which an answer does not come any more
MAX_FRAME = 256


class Refused(Exception):
    """The slave answered with this exception code."""

    @property
    def code(self) -> int:
        return self.args[0]


class PyModbus:
    """pymodbus on a serial port."""

    def __init__(self, port: str, unit: int) -> None:
        self.unit = unit
        self.client = ModbusSerialClient(port, baudrate=19200, parity="N", timeout=PATIENCE_S, retries=0)
        assert self.client.connect()

    def _answer(self, answer: Any) -> Any:
        if answer.isError():
            raise Refused(answer.exception_code)
        return answer

    def read(self, address: int, count: int) -> list[int]:
        answer = self.client.read_holding_registers(address, count=count, device_id=self.unit)
        return self._answer(answer).registers

    def write(self, address: int, values: Sequence[int]) -> None:
        self._answer(self.client.write_registers(address, list(values), device_id=self.unit))

    def write_one(self, address: int, value: int) -> None:
        self._answer(self.client.write_register(address, value, device_id=self.unit))

    def coils(self, address: int, count: int) -> list[int]:
        answer = self._answer(self.client.read_coils(address, count=count, device_id=self.unit))
        return [int(bit) for bit in answer.bits[:count]]

    def inputs(self, address: int, count: int) -> list[int]:
        answer = self._answer(self.client.read_discrete_inputs(address, count=count, device_id=self.unit))
        return [int(bit) for bit in answer.bits[:count]]

    def switch(self, address: int, on: bool) -> None:
        self._answer(self.client.write_coil(address, on, device_id=self.unit))

    def broadcast(self, address: int, value: int) -> None:
        self.client.write_register(address, value, device_id=0, no_response_expected=True)

    def close(self) -> None:
        self.client.close()


class MinimalModbus:
    """minimalmodbus on a serial port."""

    CODES = {"illegal function": 1, "illegal data address": 2, "illegal data value": 3, "device failure": 4}

    def __init__(self, port: str, unit: int) -> None:
        self.port = minimalmodbus.Instrument(port, unit)
        self.port.serial.baudrate = 19200
        # It waits the whole time for the bytes that an exception is shorter than an answer.
        self.port.serial.timeout = 0.12

    @property
    def unit(self) -> int:
        return self.port.address

    @unit.setter
    def unit(self, value: int) -> None:
        self.port.address = value

    def _call(self, function: Any, *arguments: Any, patience: int = 20, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except minimalmodbus.SlaveReportedException as error:
            raise Refused(self.CODES[str(error).removeprefix("Slave reported ")]) from None
        except (minimalmodbus.NoResponseError, minimalmodbus.InvalidResponseError):
            if not patience:
                raise
        # This computer was too busy for so short a wait: the answer that is still to come is for nobody.
        if select.select([self.port.serial], [], [], LATE_S)[0]:
            self.port.serial.read(MAX_FRAME)
        return self._call(function, *arguments, patience=patience - 1, **options)

    def read(self, address: int, count: int) -> list[int]:
        return self._call(self.port.read_registers, address, count)

    def write(self, address: int, values: Sequence[int]) -> None:
        self._call(self.port.write_registers, address, list(values))

    def write_one(self, address: int, value: int) -> None:
        self._call(self.port.write_register, address, value, functioncode=6)

    def coils(self, address: int, count: int) -> list[int]:
        return self._call(self.port.read_bits, address, count, functioncode=1)

    def inputs(self, address: int, count: int) -> list[int]:
        return self._call(self.port.read_bits, address, count, functioncode=2)

    def switch(self, address: int, on: bool) -> None:
        self._call(self.port.write_bit, address, int(on), functioncode=5)

    def broadcast(self, address: int, value: int) -> None:
        unit, self.port.address = self.port.address, 0
        self.port.write_register(address, value, functioncode=6)
        self.port.address = unit

    def close(self) -> None:
        self.port.serial.close()


MASTERS = {"pymodbus": PyModbus, "minimalmodbus": MinimalModbus}


class Sim(Simulated):
    """`fourquad sim` with more `options`, its serial ports on pseudo-terminals."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        model: str = "kw320",
        ports: tuple[str, ...] = ("rs485", "rs485b"),
        nets: tuple[str, ...] = (),
        load: dict[str, Any] = LOAD,
    ) -> None:
        super().__init__(folder, *options, model=model, load=load, ptys=ports, nets=nets)


def as_floats(words: Sequence[int]) -> tuple[float, ...]:
    return struct.unpack(f">{len(words) // 2}f", struct.pack(f">{len(words)}H", *words))


def as_dwords(words: Sequence[int]) -> tuple[int, ...]:
    return struct.unpack(f">{len(words) // 2}i", struct.pack(f">{len(words)}H", *words))
