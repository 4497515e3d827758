"""Calibration over the meter's own port: who may do it, what it does, and that what was only tried ends."""

import struct

from bench_12bit import SPLIT, Bench
from records.files_fake import Files

from fourquad import points as p
from fourquad.device import maintenance as m
from fourquad.device.calibration_store import CalibrationStore
from fourquad.metering import calibration as cal
from fourquad.protocols.crc import checksum
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.rtu import Slave
from fourquad.records.settings import SettingsStore

GAIN = 12345


class Port:
    """A meter of four channels, and a master on its Modbus port."""

    def __init__(self):
        self.bench = Bench(SPLIT, settings=((p.WIRING_U, 4),))
        self.meter = self.bench.meter
        self.meter.clock.set(86400)  # time can be set back from here
        self.store = CalibrationStore(SettingsStore(Files()), cal.size(4))
        self.registers = registers = RegisterMap(self.meter.model, self.meter.points)
        m.Maintenance(self.meter, self.store).serve(registers)
        self.slave = Slave(registers, p.SETTING + p.ADDRESS_1)

    def ask(self, command, *data, broadcast=False):
        """The data of the answer, or the number of the exception; None without an answer."""
        request = bytearray(bytes((0 if broadcast else 1, 100, command)) + bytes(data))
        crc = checksum(request, len(request), 0)
        request += bytes((crc & 0xFF, crc >> 8))
        n = self.slave.run(request, len(request), 0)
        if not n:
            return None
        answer = bytes(self.slave.answer[:n])
        assert checksum(answer, n, 0) == 0
        if answer[1] == 0xE4:
            return answer[2]
        assert answer[:3] == bytes((1, 100, command))
        return answer[3:-2]

    def gain(self):
        return cal.field(self.meter.calibration.record, 0, cal.GAIN)

    def passes(self, seconds):
        self.meter.clock.set(self.meter.clock.now + seconds)
        self.meter.maintenance.tick()


def fields(channel=0, gain=GAIN):
    return bytes((channel,)) + struct.pack(">8i", gain, 0, 0, 0, 0, 0, 0, 0)


def test_tried_and_stored():
    port = Port()
    assert port.ask(m.OPEN, 0, 0) == b""
    assert port.ask(m.FIELDS, *fields()) == b""
    assert port.gain() == 0
    assert port.ask(m.TRY) == b""
    assert port.gain() == GAIN
    assert port.store.load() == (None, "none")
    assert port.ask(m.STORE) == b""
    assert port.ask(m.CLOSE) == b""
    assert port.gain() == GAIN
    record, source = port.store.load()
    assert source == "own" and tuple(record) == cal.changed(cal.blank(4), 0, cal.GAIN, GAIN)
    kind, phase, gain = struct.unpack(">BBi", port.ask(m.CHANNEL, 0)[:6])
    assert (chr(kind), phase, gain) == ("V", 1, GAIN)
    assert port.ask(m.CHANNEL, 3)[:2] == b"I\x02"
    # back to the factory's copy, which the first one that was stored is
    assert port.ask(m.OPEN, 0, 0) == b""
    assert port.ask(m.FIELDS, *fields(gain=777)) == b""
    assert port.ask(m.TRY) == port.ask(m.STORE) == b""
    assert port.gain() == 777
    assert port.ask(m.FACTORY) == b""
    assert port.gain() == GAIN


def test_readings_need_no_session():
    port = Port()
    port.bench.run(2300)
    seen = struct.unpack(">IBBBBB21f", port.ask(m.LOOK))
    assert seen[1:6] == (2, 4, 0, 0, 0)
    assert abs(seen[6] - 50.0) < 0.01
    assert abs(seen[7] - 230.0) < 0.5 and abs(seen[8] - 225.0) < 0.5
    assert seen[25:] == (1.0, 1.0)
    assert abs(seen[13] - 5.0) < 0.02 and abs(seen[14] - 3.0) < 0.02


def test_nothing_is_changed_without_a_session():
    port = Port()
    for command, data in (
        (m.FIELDS, fields()),
        (m.TRY, b""),
        (m.STORE, b""),
        (m.FACTORY, b""),
        (m.FEEL, b"\x01"),
    ):
        assert port.ask(command, *data) == 4
    assert port.gain() == 0 and not port.meter.chain.noise_shown
    assert port.store.load() == (None, "none")
    # nobody is asked by a broadcast
    assert port.ask(m.OPEN, 0, 0, broadcast=True) is None
    assert port.ask(m.TRY) == 4


def test_a_closed_seal_forbids_the_session_and_what_is_under_way():
    port = Port()
    assert port.ask(m.OPEN, 0, 0) == b""
    assert port.ask(m.FIELDS, *fields()) == b""
    port.meter.settings.sealed = True
    for command in (m.TRY, m.STORE, m.FACTORY):
        assert port.ask(command) == 4
    assert port.ask(m.OPEN, 0, 0) == 4
    assert port.gain() == 0


def test_a_wrong_password_makes_the_next_one_wait():
    port = Port()
    assert port.meter.points.write(p.SETTING + p.PASSWORD, 1234) == p.OK
    assert port.ask(m.OPEN, 0, 0) == 3
    assert port.ask(m.OPEN, 1234 >> 8, 1234 & 255) == 4
    port.passes(10)
    assert port.ask(m.OPEN, 1234 >> 8, 1234 & 255) == b""


def test_what_was_only_tried_ends_with_the_session():
    for leave in ("close", "time", "clock set back", "another session"):
        port = Port()
        port.ask(m.OPEN, 0, 0)
        port.ask(m.FIELDS, *fields())
        assert port.ask(m.TRY) == b"" and port.ask(m.FEEL, 1) == b""
        assert port.gain() == GAIN and port.meter.chain.noise_shown
        if leave == "close":
            port.ask(m.CLOSE)
        elif leave == "another session":
            port.ask(m.OPEN, 0, 0)
        else:
            port.passes(900)
            assert port.gain() == GAIN
            port.passes(1 if leave == "time" else -2000)
        assert port.gain() == 0 and not port.meter.chain.noise_shown, leave
        if leave != "another session":
            assert port.ask(m.TRY) == 4


def test_what_cannot_be_right_is_refused():
    port = Port()
    port.ask(m.OPEN, 0, 0)
    assert port.ask(m.FIELDS, *fields(channel=4)) == 3
    assert port.ask(m.FIELDS, *fields()[:-1]) == 3
    assert port.ask(m.FIELDS, *fields(gain=150001)) == b""
    assert port.ask(m.TRY) == 3
    assert port.ask(m.FACTORY) == 3
    assert port.ask(m.CHANNEL, 4) == 3
    assert port.ask(m.LOOK, 0) == 3
    assert port.ask(9) == 2
    assert port.gain() == 0


def test_a_meter_without_it_says_so():
    port = Port()
    port.registers.maintain = None
    assert port.ask(m.LOOK) == 1


def test_a_flash_that_is_full_is_told():
    port = Port()

    def fails(*_):
        raise OSError(28)

    port.store.save = port.store.restore_factory = port.store.load = fails
    port.ask(m.OPEN, 0, 0)
    port.ask(m.FIELDS, *fields())
    assert port.ask(m.TRY) == b""
    assert port.ask(m.STORE) == 4
    assert port.ask(m.FACTORY) == 4
    assert port.gain() == GAIN
    port.ask(m.CLOSE)
    assert port.gain() == 0
