"""The way to a meter: Modbus RTU on a serial port, RTU over TCP, or Modbus TCP, by pymodbus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerType
from pymodbus.pdu import ModbusPDU

from fourquad_tools.utility.errors import NoAnswer, Refused

PARITIES = {"even": ("E", 1), "odd": ("O", 1), "none2": ("N", 2), "none": ("N", 1)}
Client = ModbusSerialClient | ModbusTcpClient


class ModbusLink:
    """A meter behind a client of pymodbus. Refused: its exceptions; NoAnswer: after `tries` requests."""

    def __init__(self, client: Client, where: str, unit: int, tries: int) -> None:
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
        self.unit = unit
        self._client = client
        self._where = where
        self._tries = tries
        if not client.connect():
            raise NoAnswer(f"{where}: cannot be opened")

    def read(self, address: int, count: int) -> list[int]:
        def ask() -> ModbusPDU:
            return self._client.read_holding_registers(address, count=count, device_id=self.unit)

        answer = self._asked(ask, f"register {address:04X}H", count)
        return list(answer.registers)

    def write(self, address: int, words: Sequence[int]) -> None:
        def ask() -> ModbusPDU:
            return self._client.write_registers(address, list(words), device_id=self.unit)

        self._asked(ask, f"register {address:04X}H", 0)

    def _asked(self, ask: Callable[[], ModbusPDU], what: str, count: int) -> ModbusPDU:
        """The answer to a request, which may be repeated: what is written twice is the same."""
        for _ in range(self._tries):
            try:
                if not self._client.connected and not self._client.connect():
                    continue
                self._forget()
                answer = ask()
            except ModbusException:
                self._lost()
                continue
            except OSError:
                self._client.close()
                continue
            if answer.isError():
                raise Refused(answer.exception_code, what)
            if not count or len(answer.registers) == count:
                return answer
        raise NoAnswer(f"{self._where}, address {self.unit}: no answer to {what}")

    def _forget(self) -> None:
        """RTU frames do not say which request they answer: one that came late must find nobody."""
        if isinstance(self._client, ModbusSerialClient) and self._client.socket:
            self._client.socket.reset_input_buffer()

    def _lost(self) -> None:
        """No answer: a connection is made anew for the same reason; a serial port's DTR must not fall."""
        if not isinstance(self._client, ModbusSerialClient):
            self._client.close()

    def close(self) -> None:
        self._client.close()


def serial_link(port: str, unit: int, baud: int, parity: str, timeout: float, tries: int) -> ModbusLink:
    """A device, or a URL as `serial.serial_for_url` takes it."""
    letter, stops = PARITIES[parity]
    client = ModbusSerialClient(
        port, baudrate=baud, parity=letter, stopbits=stops, timeout=timeout, retries=0
    )
    return ModbusLink(client, port, unit, tries)


def tcp_link(host: str, port: int, framed: bool, unit: int, timeout: float, tries: int) -> ModbusLink:
    """Modbus TCP; with `framed` False RTU frames over TCP."""
    framer = FramerType.SOCKET if framed else FramerType.RTU
    client = ModbusTcpClient(host, port=port, framer=framer, timeout=timeout, retries=0)
    return ModbusLink(client, f"{host}:{port}", unit, tries)
