"""Runs of points out of arrays: every kind, and the native rule as the plain one."""

from array import array
from struct import pack

from protocols.dnp3_fakes import Station, text

from fourquad import points as p
from fourquad.protocols.dnp3 import gather as g

WORDS = array("i", [0, 1, -1, 32767, 32768, -32768, -32769, 0x7FFFFFFF, -0x80000000])
FLOATS = array("f", [0.0, -1.5, 3.4e38, float("inf"), float("-inf"), float("nan"), 1e-40])


def both(values, first, count, flagged, kind, size):
    """What the rule in force makes, which must be what the plain one makes."""
    made = bytearray(b"\xee" * (4 + count * size))
    plain = bytearray(made)
    g.gather(made, 2, values, first, count, flagged, kind)
    g._plain(plain, 2, values, first, count, flagged, kind)
    assert made == plain and made[:2] == made[-2:] == b"\xee\xee"
    return bytes(made[2:-2])


def test_integers():
    for flagged in (0, 1):
        made = both(WORDS, 1, 7, flagged, g.INTEGERS, 4 + flagged)
        assert made == b"".join([b"\x01" * flagged + pack("<i", value) for value in WORDS[1:8]])


def test_floats():
    made = both(FLOATS, 0, 7, 1, g.FLOATS, 5)
    values = (0.0, -1.5, 3.4e38, None, None, None, 1e-40)
    assert made == b"".join([b"\0" * 5 if v is None else b"\x01" + pack("<f", v) for v in values])
    assert both(FLOATS, 3, 1, 0, g.FLOATS, 4) == bytes(4)


def test_shorts_stay_within_their_range():
    made = both(WORDS, 0, 9, 0, g.SHORTS, 2)
    assert made == pack("<9h", 0, 1, -1, 32767, 32767, -32768, -32768, 32767, -32768)


def test_clear():
    target = bytearray(b"\xee" * 8)
    g.clear(target, 2, 5)
    assert target == b"\xee\xee\0\0\0\xee\xee\xee"
    g.clear(target, 3, 3)


def test_what_of_a_provider_is_in_an_array():
    """Pulse counters of the meter's I/O lie in one, its inputs and relays do not."""
    s = Station()
    io = s.meter.io
    io.counts[0] = 0
    runs = [run for run in s.out.session.database.runs if p.MODULE <= run.pid < p.MODULE + 128]
    found = [(run.first, run.count, run.values is io.counts, run.at) for run in runs]
    assert found[:2] == [(9, 6, True, 0), (15, 4, True, 6)]
    io.counts[2] = 0x12345678
    assert s.read("14 05 00 0A 0C") == "14 05 00 0A 0C " + "00 00 00 00 78 56 34 12 00 00 00 00"
    assert s.read("14 01 00 0B 0B") == "14 01 00 0B 0B 01 78 56 34 12"
    # those of a module that is not connected are not online
    assert s.read("14 01 00 0F 0F") == "14 01 00 0F 0F 00 00 00 00 00"
    io.connect(["io21"])
    assert s.read("14 01 00 0F 0F") == "14 01 00 0F 0F 01 00 00 00 00"
    assert s.read("14 01 00 0B 0B") == "14 01 00 0B 0B 00 00 00 00 00"
    s.meter.harmonics[1] = 40000
    s.meter.harmonics[2] = 5
    assert s.read("1E 04 00 01 02") == "1E 04 00 01 02 FF 7F " + text(pack("<h", 5))
    assert s.read("1E 02 00 01 01") == "1E 02 00 01 01 21 FF 7F"
