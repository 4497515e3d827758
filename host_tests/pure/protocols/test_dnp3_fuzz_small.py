"""The fuzz that MicroPython can do: mutated fragments in good frames, mutated frames.

The million frames are in host_tests/pc/protocols.
"""

from protocols.dnp3_fakes import Station, frame, hexed, unframe
from protocols.dnp3_lists import UNSOLICITED
from protocols.random16 import Random, mutated

from fourquad.models.kw320 import dnp3 as kw320

FRAMES = 2500

BODIES = (
    "01 3C 02 06 3C 03 06 3C 04 06 3C 01 06",
    "01 64 01 00 03 07 1E 00 06",
    "01 14 05 01 00 00 0A 00 01 02 17 02 03 01",
    "01 1E 05 28 02 00 03 00 01 00",
    "01 02 03 07 05 20 00 08 02 00",
    "02 50 01 00 07 07 00",
    "02 22 03 00 00 01 00 00 80 3F 00 00 00 40",
    "03 0C 01 17 01 01 03 00 00 00 00 00 01 00 00 00 02",
    "06 0C 01 28 01 00 01 00 03 00 01 00 00 00 01 00 00 00 02",
    "07 14 00 06",
    "14 3C 02 06 3C 03 06 3C 04 06",
    "15 3C 02 06",
    "16 3C 02 06 1E 00 00 01 02 14 00 06",
    "17",
    "18",
    "0D",
    "00",
)


def check(s, octets):
    n = s.out.run(octets, len(octets), 0)
    assert 0 <= n <= len(s.out.answer)
    unframe(bytes(s.out.answer[:n]))


def test_mutated_fragments_and_frames():
    for tables in (kw320.SERIAL, kw320.NETWORK, UNSOLICITED):
        rng = Random(320)
        s = Station(tables)
        for i in range(FRAMES):
            body = hexed(BODIES[rng.below(len(BODIES))])
            fragment = mutated(rng, bytes((0xC0, 0xC0 | i & 15)) + body)
            octets = frame(0xC4, fragment)
            if rng.below(4) == 0:
                octets = mutated(rng, octets)
            check(s, octets)
            # the count that these controls have is one that never acts
            if s.meter.done:
                assert 0 in octets, octets
                s.meter.done = []
            if i & 7 == 0:
                s.now += rng.below(2000)
                n = s.out.poll(s.now)
                unframe(bytes(s.out.answer[:n]))
        s.poll(1100)
        assert s.read("32 01 06") if tables is kw320.SERIAL else True
