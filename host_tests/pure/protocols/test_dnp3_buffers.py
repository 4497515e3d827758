"""Buffers that a station makes once: no request makes them longer or shorter."""

from protocols.dnp3_fakes import Station, hexed

from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import application as a

LATCH = "03 01 00 00 00 00 01 00 00 00 00"  # latch on, once
REQUESTS = (
    (a.READ, "3C 02 06 3C 03 06 3C 04 06 3C 01 06"),
    (a.SELECT, "0C 01 17 01 01 " + LATCH),
    (a.OPERATE, "0C 01 17 01 01 " + LATCH),
    (
        a.DIRECT_OPERATE,
        "0C 01 28 02 00 00 00 " + LATCH + " 07 00 " + LATCH,
    ),
    (a.WRITE, "50 01 00 07 07 00"),
)


def buffers(station):
    session = station.out.session
    return [len(x) for x in (station.out.answer, session._out.buffer, station.out.transport.buffer)]


def test_buffers_keep_their_size():
    for tables in (kw320.SERIAL, kw320.NETWORK):
        station = Station(tables)
        before = buffers(station)
        for n in range(3):
            for function, objects in REQUESTS:
                station.sequence = (station.sequence + 1) & 15
                station.app(bytes((0xC0 | station.sequence, function)) + hexed(objects))
                station.confirm()
                assert buffers(station) == before, (function, n)


def test_a_control_is_answered_with_its_own_objects():
    station = Station(kw320.SERIAL)
    objects = "0C 01 17 01 01 03 01 00 00 00 00 01 00 00 00"
    control, function, bits, answer = station.request(a.DIRECT_OPERATE, objects + " 00")
    assert function == a.RESPONSE and answer[: len(objects)] == objects and len(answer) == len(objects) + 3
