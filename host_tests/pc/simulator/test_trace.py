"""Traces of a port: what they say, in text and as tshark decodes them."""

from __future__ import annotations

import asyncio
import io
import re
import socket

import pytest
from foreign import tshark
from hypothesis import given, settings
from hypothesis import strategies as st
from protocols.dnp3_fakes import frame as dnp3_frame
from pymodbus.client import ModbusTcpClient
from pymodbus.framer import FramerType
from test_command import frame, running
from virtual_clock import Clock, run

from fourquad_tools.options import OptionError
from fourquad_tools.trace import frames
from fourquad_tools.trace.decode import describe
from fourquad_tools.trace.files import open_sink
from fourquad_tools.trace.frames import Frame
from fourquad_tools.trace.pcapng import PcapngSink
from fourquad_tools.trace.tap import PAUSE_S, Trace
from fourquad_tools.trace.text import TextSink

PROTOCOLS = (frames.MODBUS, frames.MODBUS_TCP, frames.DNP3, frames.IEC)
READ = frame("010340020006")
CLASS_1 = dnp3_frame(0xC4, b"\xc0\xc0\x01\x3c\x02\x06", 1)
MBAP = bytes.fromhex("000100000006010340020006")


def words(protocol, data, inward=True):
    return describe(Frame(0.0, "rs485", 1, inward, protocol, data, True))


@pytest.mark.parametrize(
    ("protocol", "data", "inward", "said"),
    [
        (frames.MODBUS, READ, True, "unit 1: read 6 registers from 4002H"),
        (frames.MODBUS, frame("01030401020304"), False, "unit 1: registers, 4 octets"),
        (frames.MODBUS, frame("068302"), False, "unit 6: function 3: exception 2, illegal data address"),
        (frames.MODBUS, frame("0006100800FF"), True, "broadcast: register 1008H = 255"),
        (frames.MODBUS, frame("0105FF12FF00"), True, "unit 1: coil FF12H = on"),
        (
            frames.MODBUS,
            frame("1110090000020400000014"),
            True,
            "unit 17: write 2 registers from 0900H = 0 20",
        ),
        (frames.MODBUS, frame("111009000002"), False, "unit 17: written 2 registers from 0900H"),
        (frames.MODBUS_TCP, MBAP, True, "transaction 1, unit 1: read 6 registers from 4002H"),
        (frames.DNP3, CLASS_1, True, "read, sequence 0"),
        (frames.IEC, b"/?1!\r\n", True, "/?1!<CR><LF>"),
        (frames.IEC, b"\x06050\r\n", True, "<ACK>050<CR><LF>"),
        # with even parity, as 7E1 looks in eight bits
        (frames.IEC, b"\xaf?!\x8d\n", True, "/?!<CR><LF>"),
    ],
)
def test_a_frame_in_a_line(protocol, data, inward, said):
    assert frames.first(protocol, data) == len(data)
    assert words(protocol, data, inward).endswith(said)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(PROTOCOLS), st.booleans(), st.binary(min_size=1, max_size=300))
def test_octets_of_any_kind_have_a_line(protocol, inward, data):
    rest, said = data, []
    while rest:
        end = frames.first(protocol, rest)
        assert 0 <= end <= len(rest)
        piece = Frame(0.0, "rs485", 1, inward, protocol, rest[: end or len(rest)], end > 0)
        said.append(describe(piece))
        rest = rest[end:] if end else b""
    assert all(line and "\n" not in line for line in said)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 247), min_size=1, max_size=5), st.data())
def test_frames_that_come_in_any_pieces_are_told_one_by_one(units, data):
    """Whatever the pieces: the frames of the sender, in their order, at times that do not go back."""
    sent = [frame(f"{unit:02x}0340020006") for unit in units]
    octets = b"".join(sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(octets)), max_size=6)))
    pieces = [octets[a:b] for a, b in zip([0, *cuts], [*cuts, len(octets)], strict=True)]
    got = taken([(True, piece, 0.1) for piece in pieces if piece])
    assert [one.data for one in got] == sent
    assert [one.time for one in got] == sorted(one.time for one in got)


class Keep:
    def __init__(self):
        self.frames = []

    def frame(self, one):
        self.frames.append(one)

    def note(self, time, port, words):
        self.frames.append((port, words))

    def close(self):
        pass


class Answerer:
    """A link that sends what the test wants it to."""

    def __init__(self, send):
        self.send = send

    def received(self, data):
        pass

    def closed(self):
        pass


def taken(events, protocol=frames.MODBUS):
    """What a trace tells of (inward, octets, seconds after them) on a port."""
    clock, keep = Clock(), Keep()
    trace = Trace({"keep": keep}, lambda: clock.now, print)
    ends = []

    def make(send):
        ends.append(Answerer(send))
        return ends[0]

    async def go():
        link = trace.tapped("rs485", lambda: protocol, make)(lambda data: None)
        for inward, data, seconds in events:
            (link.received if inward else ends[0].send)(data)
            await asyncio.sleep(seconds)
        link.closed()

    run(clock, go())
    trace.close()
    return keep.frames


def test_what_is_no_frame_is_told_as_it_is():
    half = READ[:5]
    got = taken([(True, half, 2 * PAUSE_S), (True, half, 0.0), (False, frame("018302"), 0.0)])
    assert [(one.data, one.whole, one.inward) for one in got] == [
        (half, False, True),
        (half, False, True),
        (frame("018302"), True, False),
    ]
    assert got[1].time - got[0].time == pytest.approx(2 * PAUSE_S)


def test_a_file_that_cannot_be_made_is_refused(tmp_path):
    for name in (str(tmp_path / "none" / "x"), "x" * 5000, "\0", str(tmp_path)):
        with pytest.raises(OptionError, match="^--trace "):
            open_sink(name)


def test_a_full_disk_ends_a_trace_and_nothing_else():
    class Full(Keep):
        def frame(self, one):
            raise OSError(28, "No space left on device")

    told, keep = [], Keep()
    trace = Trace({"--trace x": Full(), "keep": keep}, lambda: 1.0, told.append)
    for _ in range(3):
        trace.frame(Frame(1.0, "rs485", 1, True, frames.MODBUS, READ, True))
    assert told == ["--trace x: No space left on device; it ends here"]
    assert len(keep.frames) == 3


def test_a_meter_answers_while_its_trace_has_no_room(tmp_path):
    with running(tmp_path, "--tcp", "rs485=0", "--trace", "/dev/full") as sim:
        port = int(sim.process.stdout.readline().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.settimeout(60)
            line.sendall(frame("010310010001"))
            assert line.recv(100) == frame("0103020001")
        (warning,) = sim.ask(cmd="stats")["warnings"]
        assert warning == "--trace /dev/full: No space left on device; it ends here"
        assert sim.end() == 0


def test_the_text(tmp_path):
    file = io.StringIO()
    sink = TextSink(file)
    sink.frame(Frame(1_767_225_600.25, "rs485", 1, True, frames.MODBUS, READ, True))
    sink.frame(Frame(1_767_225_600.5, "rs485", 2, False, frames.MODBUS, b"\1\2", False))
    sink.note(1_767_225_601.0, "rs485", "dropped")
    assert file.getvalue().splitlines() == [
        "2026-01-01T00:00:00.250000 rs485 > 01 03 40 02 00 06 71 C8 | unit 1: read 6 registers from 4002H",
        "2026-01-01T00:00:00.500000 rs485#2 < 01 02 | no frame",
        "2026-01-01T00:00:01.000000 rs485 # dropped",
    ]


def test_tshark_decodes_every_protocol_as_it_was_on_the_line(tmp_path):
    path = tmp_path / "bus.pcapng"
    sink = PcapngSink(path.open("wb"))
    sent = [
        ("rs485", frames.MODBUS, READ, True),
        ("rs485", frames.MODBUS, frame("01030c" + "43660000" * 3), False),
        ("rs485", frames.MODBUS, frame("018302"), False),
        ("rs485", frames.MODBUS, READ[:-1] + b"\0", True),
        ("modbus", frames.MODBUS_TCP, MBAP, True),
        ("network", frames.DNP3, CLASS_1, True),
        # with the parity of 7E1
        ("optical", frames.IEC, b"\xaf?\xb1!\x8d\n", True),
    ]
    for at, (port, protocol, data, inward) in enumerate(sent):
        if at == 2:
            sink.note(0.0, "rs485", "late by 1 s")
        sink.frame(Frame(1_767_225_600.5 + at, port, 1, inward, protocol, data, True))
    sink.close()
    names = ("frame.time_epoch", "frame.interface_name", "_ws.col.Protocol", "_ws.col.Info")
    more = ("frame.comment", "modbus.regnum16", "_ws.malformed")
    rows = tshark(path, *names, *more, options=("-o", "mbrtu.crc_verification:TRUE"))
    assert [float(row[0]) for row in rows] == [1_767_225_600.5 + at for at in range(len(sent))]
    assert [row[1] for row in rows] == [port for port, *_ in sent]
    assert [row[2] for row in rows] == [*["Modbus RTU"] * 4, "Modbus/TCP", "DNP 3.0", "IEC 62056-21"]
    for row, said in zip(
        rows,
        [
            "Query: Unit:   1, Func:   3",
            "Response: Unit",
            "Exception returned",
            "Query",
            "Query: Trans",
            "Read",
        ],
        strict=False,
    ):
        assert said in row[3], row
        assert not row[6], row
    assert rows[1][5].split(",") == [str(0x4002 + i) for i in range(6)], "the answer knows its request"
    assert rows[2][4] == "late by 1 s"
    assert tshark(path, "text")[6] == [r"/?1!\r\n"]
    status = tshark(path, "mbrtu.crc16.status", options=("-o", "mbrtu.crc_verification:TRUE"))
    assert [row[0] for row in status[:4]] == ["1", "1", "1", "0"]


def test_a_simulator_writes_both(tmp_path):
    text, packets = tmp_path / "bus.txt", tmp_path / "bus.pcapng"
    options = ["--tcp", "rs485=0", "--net", "modbus=0", "--trace", str(text), "--trace", str(packets)]
    with running(
        tmp_path, *options, "--start", "2026-01-01T00:00:00", "--fault", "drop,next=1,port=rs485"
    ) as sim:
        rtu, tcp = (int(sim.process.stdout.readline().rpartition(":")[2]) for _ in range(2))
        with socket.create_connection(("127.0.0.1", rtu)) as lost:
            lost.sendall(READ)
            lost.settimeout(0.2)
            with pytest.raises(TimeoutError):
                lost.recv(100)
        one = ModbusTcpClient("127.0.0.1", port=rtu, framer=FramerType.RTU, timeout=30, retries=0)
        other = ModbusTcpClient("127.0.0.1", port=tcp, timeout=30, retries=0)
        for client in (one, other):
            assert client.connect()
            assert client.read_holding_registers(0x1001, count=1, device_id=1).registers == [1]
            assert client.write_registers(0x1008, [7], device_id=1).count == 1
            client.close()
        sim.end()
    lines = text.read_text().splitlines()
    said = [re.sub(r"^2026-01-01T00:\d\d:\d\d\.\d{6} ", "", line) for line in lines]
    assert [line.split(" ")[:2] for line in said] == [
        ["rs485", ">"],
        ["rs485", "#"],
        *[["rs485#2", mark] for mark in "><><"],
        *[["modbus", mark] for mark in "><><"],
    ]
    assert said[1].startswith("rs485 # dropped: 01 03 0C ")
    assert said[2] == "rs485#2 > 01 03 10 01 00 01 D1 0A | unit 1: read 1 registers from 1001H"
    rows = tshark(packets, "_ws.col.Protocol", "_ws.col.Info", "_ws.malformed")
    assert [row[0] for row in rows] == [*["Modbus RTU"] * 5, *["Modbus/TCP"] * 4]
    assert not any(row[2] for row in rows)
