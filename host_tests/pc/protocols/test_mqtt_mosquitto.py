"""What the simulated meter publishes over a real broker (mosquitto) to a foreign subscriber (paho-mqtt)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import mqtt_bench
import pytest
from pymodbus.client import ModbusTcpClient
from simulated import PATIENCE_S, Simulated

mqtt_bench.needed()

from mqtt_bench import Broker, Subscriber, values  # noqa: E402

MODULE_RESET = 0x101A
SWITCH, PORT, KEEP_ALIVE, CLEAN, QOS, RETAINED, INTERVAL = range(0xD760, 0xD767)
BROKER, CLIENT, USER, PASSWORD, TOPIC, WILL_TOPIC, WILL = (
    (0xD900, 32),
    (0xD920, 16),
    (0xD930, 20),
    (0xD944, 20),
    (0xD958, 32),
    (0xD978, 32),
    (0xD998, 16),
)
SAYS = 0xD9E0


class Meter:
    """A simulated kw320, which is set over Modbus TCP."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.sim = Simulated(folder, *options, nets=["modbus"])
        self.master = ModbusTcpClient("127.0.0.1", port=self.sim.net["modbus"], timeout=PATIENCE_S, retries=0)
        assert self.master.connect()

    def set(self, register: int, value: int) -> None:
        assert not self.master.write_register(register, value, device_id=1).isError()

    def text(self, place: tuple[int, int], value: str) -> None:
        first, count = place
        data = value.encode().ljust(2 * count, b"\0")
        words = list(struct.unpack(f">{count}H", data))
        assert not self.master.write_registers(first, words, device_id=1).isError()

    def read(self, register: int, count: int) -> list[int]:
        answer = self.master.read_holding_registers(register, count=count, device_id=1)
        assert not answer.isError(), answer
        return list(answer.registers)

    def floats(self, register: int, count: int) -> tuple[float, ...]:
        return struct.unpack(f">{count}f", struct.pack(f">{2 * count}H", *self.read(register, 2 * count)))

    def publish(self, port: int, **settings: int) -> None:
        """Begin, with these settings."""
        self.text(BROKER, "127.0.0.1")
        self.set(PORT, port)
        self.set(SWITCH, 1)
        for name, value in {"interval": 10, **settings}.items():
            self.set(globals()[name.upper()], value)
        self.reset()

    def reset(self) -> None:
        """Reset the module, whose clients are disconnected by that."""
        self.set(MODULE_RESET, 1)
        self.master.socket.settimeout(PATIENCE_S)
        assert self.master.socket.recv(1) == b""
        self.master.close()
        assert self.master.connect()

    def close(self) -> None:
        self.master.close()
        self.sim.close()


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[Meter]:
    one = Meter(tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_the_values_are_those_of_modbus(tmp_path: Path, meter: Meter, qos: int) -> None:
    with Broker(tmp_path) as broker, Subscriber(broker.port) as subscriber:
        meter.publish(broker.port, qos=qos)
        meter.sim.ask(cmd="advance", seconds=25)
        first, second = subscriber.count(2)[:2]
        assert second["number"] == first["number"] + 1
        assert second["timestamp"] == first["timestamp"] + 10
        assert first["timestamp"] % 10 == 0
        assert first["device"]["model"] == "kw320" and first["device"]["serial"]
        got = list(values(second).values())
        energies = struct.unpack(">9i", struct.pack(">18H", *meter.read(0x4048, 18)))
        told = (*meter.floats(0x4000, 30), *(n / 10 for n in energies), *meter.floats(0x4042, 3))
        assert len(got) == 30 + 9 + 6
        assert got[: len(told)] == pytest.approx(told, rel=1e-3, abs=1e-3)
        assert subscriber.got[0].qos == qos and not subscriber.got[0].retain
