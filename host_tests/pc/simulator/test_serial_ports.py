"""Ports that are there already: a serial device and RFC 2217; what a PATH of --port is taken for."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import threading
import tty
from types import SimpleNamespace

import pytest
import serial
from pymodbus.client import ModbusSerialClient
from serial.rfc2217 import PortManager
from test_command import PATIENCE, frame, read_all, running, start

from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_file
from fourquad_tools.ports import PortError
from fourquad_tools.ports.named import is_device
from fourquad_tools.ports.serial_port import SerialPort
from fourquad_tools.sim.presets import preset
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

READ_ADDRESS, ADDRESS = frame("010310010001"), frame("0103020001")
SET_BAUD_9600 = frame("011010020001022580")


@pytest.fixture
def pair():
    """Both ends of a line: ours, and the name of the device at the other."""
    ours, device = os.openpty()
    tty.setraw(ours)
    tty.setraw(device)
    yield ours, os.ttyname(device), device
    os.close(ours)
    os.close(device)


def test_what_a_path_is(tmp_path, pair):
    _, device, _ = pair
    assert is_device(device), "a node itself is opened"
    stale = tmp_path / "meter"
    stale.symlink_to(device)
    assert not is_device(str(stale)), "a link to a pseudo-terminal is one that a simulator left"
    by_id = tmp_path / "usb-adapter"
    by_id.symlink_to("/dev/null")
    assert is_device(str(by_id)), "a link to another device is opened"
    dangling = tmp_path / "dangling"
    dangling.symlink_to("/dev/nobody")
    file = tmp_path / "file"
    file.write_text("")
    for path in (str(tmp_path / "new"), str(dangling), str(file), str(tmp_path), "\0", "x" * 5000):
        assert not is_device(path)
    assert is_device("rfc2217://localhost:4000")
    assert is_device("COM3", windows=True)


@pytest.mark.parametrize(
    "path", ["/dev/null", "rfc2217://127.0.0.1:1", "socket://127.0.0.1:1", "rfc2217://x"]
)
def test_a_device_that_cannot_be_opened_is_one_line(path):
    process = start("--headless", "--port", f"rs485={path}")
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert error.startswith(f"fourquad sim: --port rs485: {path}: ") and error.count("\n") == 1


def test_a_master_on_a_real_line(tmp_path, pair):
    """The meter answers at the other end of the device, whose speed follows the meter's setting."""
    ours, name, device = pair
    with running(tmp_path, "--port", f"rs485={name}") as sim:
        assert sim.first == f"rs485 on {name}\n"
        for _ in range(3):
            os.write(ours, READ_ADDRESS)
            assert read_all(ours, len(ADDRESS)) == ADDRESS
        wait_for(lambda: tty.tcgetattr(device)[4:6] == [tty.B19200] * 2)
        os.write(ours, SET_BAUD_9600)
        assert read_all(ours, 8) == frame("011010020001")
        wait_for(lambda: tty.tcgetattr(device)[5] == tty.B9600)
        # a pseudo-terminal takes no parity, but stop bits
        assert not tty.tcgetattr(device)[2] & tty.CSTOPB
        sim.ask(cmd="set", name="parity_1", value=2)
        wait_for(lambda: tty.tcgetattr(device)[2] & tty.CSTOPB)
        with pytest.raises(serial.SerialException):
            serial.Serial(name, exclusive=True)
        assert sim.end() == 0


def test_the_frame_of_a_line_is_that_of_the_settings():
    """The values of register 1030H of the kw320: even, odd, none with two stop bits, none."""
    simulator = Simulator(model("kw320"), *plant_from_file(None), Storage(None), 1_767_225_600.0)
    line = simulator.lines["rs485"]
    assert line.wire() is None, "without power"
    simulator.warm_up()
    got = []
    for value in range(4):
        preset(simulator.device, "parity_1", value)
        wire = line.wire()
        got.append(f"{wire.baud} 8{wire.parity}{wire.stop_bits}")
    assert got == ["19200 8E1", "19200 8O1", "19200 8N2", "19200 8N1"]


def wait_for(condition):
    """Until it holds; a clock only ends what would never end."""
    end = threading.Event()
    timer = threading.Timer(PATIENCE, end.set)
    timer.start()
    while not condition():
        assert not end.wait(0.01), "it never came"
    timer.cancel()


def test_an_iec_62056_21_meter_makes_its_own_parity(tmp_path, pair):
    ours, name, device = pair
    with running(tmp_path, "--model", "a1000", "--port", f"rs485={name}") as sim:
        wait_for(lambda: tty.tcgetattr(device)[5] == tty.B300)
        os.write(ours, even(b"/?1!\r\n"))
        said = read_all(ours, 12)
        assert bytes(octet & 0x7F for octet in said).startswith(b"/FQD")
        assert said == even(bytes(octet & 0x7F for octet in said))
        sim.end()


def even(data):
    """Seven bits and even parity in eight."""
    return bytes(octet | (octet.bit_count() & 1) << 7 for octet in data)


class NoModem(serial.Serial):
    """A pseudo-terminal has no modem lines."""

    cts = dsr = ri = cd = False

    def _update_dtr_state(self):
        pass

    def _update_rts_state(self):
        pass


class Server:
    """pyserial's RFC 2217 server over one serial port, for one client, as its example has it."""

    def __init__(self, device):
        self.serial = NoModem(device, timeout=0.05)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.alive = True
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        connection, _ = self.listener.accept()
        connection.settimeout(0.05)
        manager = PortManager(self.serial, SimpleNamespace(write=connection.sendall))
        writer = threading.Thread(target=self._to_client, args=(connection, manager), daemon=True)
        writer.start()
        while self.alive:
            try:
                data = connection.recv(1024)
            except TimeoutError:
                continue
            if not data:
                break
            self.serial.write(b"".join(manager.filter(data)))
        self.alive = False
        writer.join()
        connection.close()

    def _to_client(self, connection, manager):
        while self.alive:
            try:
                data = self.serial.read(self.serial.in_waiting or 1)
            except (OSError, serial.SerialException):
                return  # the other end of the line is closed
            if data:
                connection.sendall(b"".join(manager.escape(data)))

    def close(self):
        self.alive = False
        self.thread.join(PATIENCE)
        self.listener.close()
        self.serial.close()


def test_a_master_behind_rfc_2217(tmp_path, pair):
    """A master at one end of a line, a server of pyserial at the other, and the meter behind the network."""
    ours, name, _ = pair
    server = Server(name)
    with running(tmp_path, "--port", f"rs485=rfc2217://127.0.0.1:{server.port}") as sim:
        os.write(ours, READ_ADDRESS)
        assert read_all(ours, len(ADDRESS)) == ADDRESS
        wait_for(lambda: server.serial.baudrate == 19200)
        # an octet that Telnet doubles
        sim.ask(cmd="set", name="ct1", value=255)
        wait_for_reply(ours, frame("010310080001"), frame("01030200FF"))
        assert sim.end() == 0
    server.close()


def wait_for_reply(fd, request, answer):
    os.write(fd, request)
    got = read_all(fd, len(answer))
    assert got == answer, got.hex()


def test_a_device_that_goes_and_comes_back(monkeypatch):
    """As a USB adapter that is pulled: said once, and served again."""
    told, ports = [], []

    class Flaky:
        """A device of the test."""

        baudrate, in_waiting = 19200, 0

        def __init__(self):
            self.gone = threading.Event()
            ports.append(self)

        def open(self):
            if len(ports) == 2:
                raise serial.SerialException("no such device")

        def read(self, count):
            self.gone.wait(PATIENCE)
            raise serial.SerialException("device reports readiness to read but returned no data")

        def write(self, data):
            raise serial.SerialException("gone")

        def close(self):
            self.gone.set()

    monkeypatch.setattr(serial, "serial_for_url", lambda where, do_not_open: Flaky())
    monkeypatch.setattr("fourquad_tools.ports.serial_port.RETRY_S", 0.001)

    async def go():
        back = asyncio.Event()

        def tell(line):
            told.append(line)
            if line.endswith("is back"):
                back.set()

        link = SimpleNamespace(received=lambda data: None, closed=lambda: None)
        sends = []
        port = SerialPort("rs485", "/dev/x", lambda send: sends.append(send) or link, lambda: None, tell)
        ports[0].gone.set()
        await asyncio.wait_for(back.wait(), PATIENCE)
        sends[0](b"123")
        assert port.dropped == 3
        await port.close()

    asyncio.run(go())
    assert [re.sub(r": device.*", "", line) for line in told] == [
        "rs485: /dev/x is gone",
        "rs485: /dev/x is back",
    ]
    assert len(ports) == 3


def test_a_device_that_is_in_use(pair):
    _, name, _ = pair
    with serial.Serial(name, exclusive=True):

        async def go():
            with pytest.raises(PortError, match=f"--port rs485: {name}: "):
                SerialPort("rs485", name, lambda send: None, lambda: None, print)

        asyncio.run(go())


def test_pymodbus_on_the_link_that_a_device_is_not(tmp_path):
    """A link that a simulator made is made anew, whatever is at its number now."""
    path = tmp_path / "meter"
    path.symlink_to("/dev/pts/0")
    with running(tmp_path, "--port", f"rs485={path}") as sim:
        client = ModbusSerialClient(str(path), baudrate=19200, timeout=30, retries=0)
        assert client.connect()
        assert client.read_holding_registers(0x1001, count=1, device_id=1).registers == [1]
        client.close()
        sim.end()
    assert not path.is_symlink()
