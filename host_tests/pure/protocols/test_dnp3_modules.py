"""The points of I/O modules over DNP3: online with their module and not before (manual 5.1.8.12, 6.4.8)."""

from struct import pack

from protocols.dnp3_fakes import Station, text

from fourquad.models.kw320 import dnp3 as kw320
from fourquad.points import modules as m
from fourquad.protocols.dnp3 import application as a

OUTSTATION = (kw320.NETWORK[0], kw320.NETWORK[1], kw320.NETWORK[2], None)
# name: inputs, relays, AI, AO, as (first index, last)
MODULES = {
    "io11": ((0, 5), (0, 1), None, None),
    "io21": ((6, 9), None, None, (0, 1)),
    "io31": ((10, 13), (2, 3), (0, 1), None),
    "io12": ((14, 19), (4, 5), None, None),
    "io22": ((20, 23), None, None, (2, 3)),
    "io32": ((24, 27), (6, 7), (2, 3), None),
}


def online(s, group, variation, first, count):
    """Bits of the points with the flag `online`, by reads of one point each."""
    found = 0
    for i in range(count):
        at = first + i
        place = f"{at & 255:02X} {at >> 8:02X}"
        words = s.read(f"{group:02X} {variation:02X} 01 {place} {place}").split()
        # the flag stands after the range, of two octets each where one does not hold them
        found |= (int(words[5 if words[2] == "00" else 7], 16) & 1) << i
    return found


def mask(span):
    return 0 if span is None else (1 << span[1] - span[0] + 1) - 1 << span[0]


def test_points_are_online_with_their_module():
    s = Station(OUTSTATION)
    for name in MODULES:
        s.meter.io.connect([name])
        inputs, relays, ai, ao = MODULES[name]
        assert online(s, 1, 2, 0, 28) == mask(inputs), name
        assert online(s, 20, 1, 0, 28) == mask(inputs)
        assert online(s, 10, 2, 0, 8) == mask(relays)
        assert online(s, 30, 1, 300, 4) == mask(ai)
        assert online(s, 30, 5, 310, 4) == mask(ao)


def test_values():
    s = Station(OUTSTATION)
    s.meter.io.connect(["io22", "io31", "io32"])
    s.meter.io.put_analog(2, 10.0)
    assert s.read("1E 02 01 2E 01 2E 01") == "1E 02 01 2E 01 2E 01 01 00 08"  # 2048
    assert s.read("1E 05 01 38 01 38 01") == "1E 05 01 38 01 38 01 01 " + text(pack("<f", 819 * 20 / 4096))
    s.meter.io.set_input(27, 1)
    assert s.read("01 02 00 18 1B") == "01 02 00 18 1B 01 01 01 81"
    # packed, when all are online
    assert s.read("01 01 00 18 1B") == "01 01 00 18 1B 08"
    s.meter.io.write(m.RELAY1 + 6, 1)
    assert s.read("0A 02 00 06 07") == "0A 02 00 06 07 81 01"


def test_each_relay_is_a_control():
    s = Station(OUTSTATION)
    s.meter.io.connect(["io12", "io31"])
    for i in range(8):
        answer = s.request(a.DIRECT_OPERATE, f"0C 01 17 01 {i:02X} 03 01 00 00 00 00 00 00 00 00 00")
        assert answer[3].split()[-1] == ("00" if 2 <= i <= 5 else "09"), i
    assert s.meter.io.relays == 0b111100


def test_a_module_that_goes_is_an_event():
    s = Station(OUTSTATION)
    s.poll(10)
    s.meter.io.connect(["io21"])
    s.poll(600)
    # DI1-DI6 of IO11 have class 1 at first: six events with the flags of what is not online
    answer = s.read("3C 02 06").split()
    assert answer[:4] == ["02", "02", "17", "06"]
    assert [answer[4 + 8 * i : 6 + 8 * i] for i in range(6)] == [[f"{i:02X}", "00"] for i in range(6)]
