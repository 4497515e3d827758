"""What the simulated meter publishes over a real broker (mosquitto) to a foreign subscriber (paho-mqtt)."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import mosquitto
import pytest
from pymodbus.client import ModbusTcpClient
from simulated import PATIENCE_S, Simulated

mosquitto.needed()

from mosquitto import Broker, Subscriber, free_port, values  # noqa: E402

from fourquad_tools.ports.tls import NAME, context  # noqa: E402

MODULE_RESET = 0x101A
SWITCH, PORT, KEEP_ALIVE, CLEAN, QOS, RETAINED, INTERVAL, WILL_QOS, WILL_RETAINED, TLS = range(0xD760, 0xD76A)
BROKER, CLIENT, USER, PASSWORD, TOPIC, WILL_TOPIC, WILL = (
    (0xD900, 32),
    (0xD920, 16),
    (0xD930, 20),
    (0xD944, 20),
    (0xD958, 32),
    (0xD978, 32),
    (0xD998, 16),
)
SAYS = 0xD9E0  # state, code of the broker, how many messages wait, made, sent ...
CONNECTED, NOT_AUTHORIZED = 3, 5


def passwords() -> str:
    """The tool that comes with mosquitto."""
    found = shutil.which("mosquitto_passwd", path=mosquitto.PATHS)
    assert found
    return found


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

    def pass_by(self, seconds: float) -> None:
        """So much virtual time, all of which is metered."""
        self.sim.ask(cmd="advance", seconds=seconds)

    def until(self, place: int, value: int) -> None:
        """Wait until a register of SAYS has this value. Virtual time goes on where nothing else does: what
        the broker says takes real time.
        """
        for _ in range(1000):
            said = self.read(SAYS, 9)
            if said[place] == value:
                return
            soon = time.monotonic() + 0.1
            while self.read(SAYS, 9) == said:
                if time.monotonic() > soon:
                    self.pass_by(1)
                    break
                time.sleep(0.005)
        raise AssertionError(self.read(SAYS, 9))

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
        meter.pass_by(25)
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


def test_a_retained_message_and_the_last_will(tmp_path: Path, meter: Meter) -> None:
    with Broker(tmp_path) as broker:
        meter.text(WILL_TOPIC, "fourquad/gone")
        meter.text(WILL, "no more")
        meter.set(WILL_RETAINED, 1)
        meter.publish(broker.port, qos=1, retained=1, will_qos=1)
        meter.until(0, CONNECTED)
        meter.pass_by(12)
        meter.until(2, 0)
        # who comes later gets the newest one
        with Subscriber(broker.port) as late:
            assert late.count(1)[0]["readings"]
            assert late.got[0].retain and late.got[0].topic == "fourquad"
            meter.sim.process.kill()
            will = late.wait(lambda got: any(each.topic == "fourquad/gone" for each in got))[-1]
            assert will.payload == b"no more" and will.qos == 1


@pytest.mark.thorough
def test_a_broker_that_is_away_for_an_hour(tmp_path: Path, meter: Meter) -> None:
    with Broker(tmp_path) as broker, Subscriber(broker.port) as subscriber:
        meter.publish(broker.port, qos=1, interval=10)
        meter.until(0, CONNECTED)
        meter.pass_by(30)
        meter.until(2, 0)
        before = len(subscriber.count(2))
        broker.kill()
        meter.pass_by(300)
        # of an hour more a moment of each minute is metered, and stands for the rest of it
        meter.sim.ask(cmd="advance", seconds=3600, leap=60)
        waiting = meter.read(SAYS + 2, 1)[0]
        assert waiting >= 88
        broker.start()
        with Subscriber(broker.port) as again:
            meter.until(2, 0)
            got = [each["number"] for each in again.count(waiting)]
            assert got[:waiting] == list(range(before, before + waiting)), "in order, each once"
            times = [each["timestamp"] for each in again.count(waiting)[:waiting]]
            assert times == sorted(set(times)) and times[-1] - times[0] >= 3800
            assert not any(each.dup for each in again.got)


@pytest.mark.thorough
def test_a_wrong_password(tmp_path: Path, meter: Meter) -> None:
    known = tmp_path / "known"
    subprocess.run([passwords(), "-b", "-c", str(known), "meter", "right"], check=True)
    lines = ("allow_anonymous false", f"password_file {known}")
    with Broker(tmp_path, *lines) as broker:
        meter.text(USER, "meter")
        meter.text(PASSWORD, "wrong")
        meter.publish(broker.port, qos=1)
        meter.until(1, NOT_AUTHORIZED)
        meter.pass_by(300)
        # the first connection was that of who looked whether the broker listens
        attempts = broker.said().count("New connection") - 1
        assert 2 <= attempts <= 10, "it asks ever more seldom"
        assert broker.said().count("not authorised") >= attempts - 1
        meter.text(PASSWORD, "right")
        meter.reset()
        with Subscriber(broker.port, user="meter", password="right") as subscriber:
            meter.until(0, CONNECTED)
            meter.until(2, 0)
            made = meter.read(SAYS + 3, 1)[0]
            got = [each["number"] for each in subscriber.count(made)]
            assert made >= 30 and got[:made] == list(range(made)), "nothing was lost meanwhile"


class Cutting:
    """Between the meter and its broker: the connection breaks after so many octets of the meter's, once."""

    def __init__(self, port: int, octets: int) -> None:
        self.port = free_port()
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._to = port
        self._left: int | None = octets
        self.cuts = 0
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                meter, _ = self._server.accept()
                self.connections += 1
                broker = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._carry, args=(broker, meter, False), daemon=True).start()
                self._carry(meter, broker, True)

    def _carry(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(4096):
                if counted and self._left is not None:
                    data = data[: self._left]
                    self._left -= len(data)
                other.sendall(data)
                if counted and self._left == 0:
                    self._left = None
                    self.cuts += 1
                    break
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.close()


@pytest.mark.parametrize("octets", [pytest.param(900, marks=pytest.mark.thorough), 2400])
def test_a_connection_that_breaks_within_a_message(tmp_path: Path, meter: Meter, octets: int) -> None:
    with Broker(tmp_path) as broker, Subscriber(broker.port) as subscriber:
        between = Cutting(broker.port, octets)
        meter.publish(between.port, qos=1)
        meter.pass_by(60)
        meter.until(2, 0)
        got = [each["number"] for each in subscriber.count(5)]
        assert between.cuts == 1 and between.connections >= 2
        assert sorted(set(got)) == list(range(len(set(got)))) and got == sorted(got)
        assert len(got) == len(set(got)), "the broker has not got any of them whole before"
        between.close()


@pytest.mark.thorough
@pytest.mark.parametrize("trusted", [True, False])
def test_over_tls(tmp_path: Path, trusted: bool) -> None:
    """What a broker gets over TLS; one that is not trusted gets no word in the clear."""
    context(str(tmp_path))
    pem, plain = tmp_path / NAME, free_port()
    lines = (f"certfile {pem}", f"keyfile {pem}", f"listener {plain} 127.0.0.1")
    (tmp_path / "other").mkdir()
    context(str(tmp_path / "other"))
    meter = Meter(tmp_path, "--ca", str(pem if trusted else tmp_path / "other" / NAME))
    with Broker(tmp_path, *lines) as broker, Subscriber(plain) as subscriber:
        meter.publish(broker.port, qos=2, tls=1)
        if trusted:
            meter.pass_by(35)
            numbers = [each["number"] for each in subscriber.count(3)]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            meter.until(2, 0)
        else:
            meter.until(1, 255)
            meter.pass_by(20)
            assert meter.read(SAYS + 2, 1)[0] > 0 and not subscriber.got
            # nor does a broker without TLS
            meter.set(PORT, plain)
            meter.reset()
            meter.pass_by(20)
            assert meter.read(SAYS, 1)[0] < CONNECTED and not subscriber.got
    meter.close()
