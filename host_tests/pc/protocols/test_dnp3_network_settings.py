"""Settings of the network's outstation in the simulator: over Modbus, in force, there after a power cut."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator

import pytest
from dnp3_sim import LOAD, NAMES, Sim
from protocols.dnp3_fakes import MASTER, fragments, frame
from protocols.modbus_fakes import with_crc

AT, POINTS_AT = 0xD000, 0xD100
ADDRESS, UNSOLICITED, RETRIES, HOLD_1 = AT + 2, AT + 16, AT + 18, AT + 26
V1, V2, V3, FREQUENCY = 59, 60, 61, 58  # places in the list


PATIENCE_S = 60.0


def point(number: int, field: int) -> int:
    return POINTS_AT + 8 * number + 2 * field


def single(value: float) -> int:
    return struct.unpack(">i", struct.pack(">f", value))[0]


class Meter(Sim):
    """The simulator with settings as 32-bit numbers, and fragments of DNP3 on its network port."""

    unit = 1

    def put(self, address: int, *values: int) -> int:
        """FC16 of whole settings; 0 or the exception code."""
        data = b"".join(struct.pack(">i", value) for value in values)
        body = struct.pack(">BBHHB", 1, 16, address, len(data) // 2, len(data)) + data
        answer = self.exchange("rs485b", with_crc(body))
        assert answer[:1] == b"\x01", answer
        return answer[2] if answer[1] & 0x80 else 0

    def get(self, address: int) -> int:
        answer = self.exchange("rs485b", with_crc(struct.pack(">BBHH", 1, 3, address, 2)))
        assert answer[:3] == b"\x01\x03\x04", answer
        return struct.unpack(">i", answer[3:7])[0]

    def cut(self) -> None:
        """The power goes without a warning, and comes back."""
        self.ask({"cmd": "power", "on": False, "warning": False})
        self.ask({"cmd": "power", "on": True})
        self.ask({"cmd": "advance", "seconds": 3})

    def request(self, text: str) -> bytes:
        """A fragment to the outstation, the response to it."""
        octets = frame(0xC4, b"\xc0" + bytes.fromhex(text), self.unit)
        answers = [f for f in fragments(self.exchange("network", octets), self.unit) if f[1] == 129]
        assert len(answers) == 1
        return answers[0]

    def until(self, text: str, holds: Callable[[bytes], bool]) -> bytes:
        """The first response to a request, made again and again, for which it holds."""
        end = time.monotonic() + PATIENCE_S
        while not holds(answer := self.request(text)):
            assert time.monotonic() < end, answer.hex(" ")
        return answer


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meter]:
    meter = Meter(tmp_path_factory.mktemp("sim"))
    assert meter.get(UNSOLICITED) == 0
    yield meter
    meter.close()


def test_settings_are_there_after_a_power_cut(meter: Meter) -> None:
    values = {
        RETRIES: 0,
        HOLD_1: 1500,
        point(V1, 0): 3,
        point(V1, 1): single(100.0),
        point(V1, 2): single(10.0),
        point(V1, 3): single(123.5),
    }
    assert meter.get(RETRIES) == 10 and meter.get(point(V1, 0)) == 2
    for address, value in values.items():
        assert meter.put(address, value) == 0
    # refused, all of a request with one bad value
    assert meter.put(RETRIES, 3) == 3
    assert meter.put(HOLD_1, 2000, -1) == 3 and meter.get(HOLD_1) == 1500
    # not before a restart
    (volts,) = struct.unpack_from("<f", meter.request("C1 01 1E 05 00 01 01"), 10)
    assert volts == pytest.approx(230.0, abs=0.1)
    meter.ask({"cmd": "advance", "seconds": 1})
    meter.cut()
    for address, value in values.items():
        assert meter.get(address) == value
    (volts,) = struct.unpack_from("<f", meter.request("C2 01 1E 05 00 01 01"), 10)
    assert volts == pytest.approx(23010.0, abs=10)


def test_what_a_master_assigns_is_there_after_a_power_cut(meter: Meter) -> None:
    assert meter.request("C3 16 3C 02 06 1E 00 00 02 02")[3] == 0
    assert meter.request("C4 02 22 03 00 02 02 00 00 48 42")[3] == 0
    meter.ask({"cmd": "advance", "seconds": 1})
    meter.cut()
    assert meter.get(point(V2, 0)) == 1 and meter.get(point(V2, 3)) == single(50.0)
    assert meter.request("C5 01 22 03 00 02 02")[9:] == bytes.fromhex("00004842")


def test_events_follow_them(meter: Meter) -> None:
    """A voltage that falls by 45 V is no event of a dead band of 50, one of 130 V is, in class 1. The next
    voltage, which the outstation looks at together with it, has a dead band of 10: its event says when.
    """
    for place, band in ((V2, 50.0), (V3, 10.0)):
        meter.put(point(place, 0), 1)
        meter.put(point(place, 3), single(band))
    meter.until("C5 01 22 03 00 02 03", lambda answer: answer[9:] == struct.pack("<2f", 50.0, 10.0))
    # what happened since power-on
    meter.request("C6 01 3C 02 06")
    meter.exchange("network", frame(0xC4, b"\xc0\xc6\x00"), 0.2)
    for volts in (186.0, 101.0):
        phases = LOAD["phases"]
        load = {**LOAD, "phases": [phases[0], *({**phase, "volts": volts} for phase in phases[1:])]}
        meter.ask({"cmd": "load", "load": load})
        meter.ask({"cmd": "advance", "seconds": 3})
        answer = meter.until("C7 01 3C 02 06", lambda answer: len(answer) > 4)
        meter.exchange("network", frame(0xC4, b"\xc0\xc7\x00"), 0.2)
        # floats with time, each 12 octets with its index
        which = (3,) if volts > 180.0 else (2, 3)
        assert answer[4:8] == bytes((0x20, 7, 0x17, len(which)))
        events = [struct.unpack_from("<BBf", answer, 8 + 12 * i) for i in range(len(which))]
        assert [event[:2] for event in events] == [(index, 1) for index in which]
        assert [event[2] for event in events] == pytest.approx([volts] * len(which), abs=0.05)
    meter.ask({"cmd": "load", "load": LOAD})


def test_the_seal_closes_them(meter: Meter) -> None:
    assert meter.write_register(0x101E, 2, "rs485b") == 0
    meter.ask({"cmd": "seal", "on": True})
    assert meter.put(HOLD_1, 7) == 4 and meter.put(point(V1, 0), 1) == 4
    assert meter.request("C7 16 3C 03 06 1E 00 06")[3] & 4
    meter.ask({"cmd": "seal", "on": False})
    assert meter.put(HOLD_1, 7) == 0
    assert meter.write_register(0x101E, 0, "rs485b") == 0


def test_link_address(meter: Meter) -> None:
    assert [meter.put(ADDRESS, value) for value in (0, 65520, 65519)] == [3, 3, 0]
    assert meter.exchange("network", frame(0xC9, destination=65519)) == frame(0x0B, b"", MASTER, 65519)
    assert meter.exchange("network", frame(0xC9), 0.4) == b""
    assert meter.put(ADDRESS, 1) == 0
    assert meter.exchange("network", frame(0xC9)) == frame(0x0B, b"", MASTER, 1)


def test_every_point_of_the_list_has_its_registers(meter: Meter) -> None:
    """128 points of eight registers; what the readings are called stands where the page says."""
    assert meter.get(point(113, 3)) == single(0.0)
    answer = meter.exchange("rs485b", with_crc(struct.pack(">BBHH", 1, 3, point(128, 0), 2)))
    assert answer[1:3] == b"\x83\x02"
    assert NAMES[V1 - FREQUENCY] == "v1" and meter.get(point(FREQUENCY, 3)) == single(0.05)
