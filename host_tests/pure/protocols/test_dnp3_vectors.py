"""Every exchange of manual 6.4.9 between master 3 and outstation 1, lengths and objects as decided.

Frames are written out; their CRCs were made bit by bit by another program. Transport and application sequence
numbers are 0; the indications say "restart, need time", as after power-on.
"""

from protocols.dnp3_fakes import Station, hexed, text

from fourquad import points as p


def exchange(request, response):
    """An outstation just started, after it gave this response to this request."""
    s = Station()
    s.meter.io.counts[0] = 0xFFFFFFFE
    assert text(s.send(hexed(request))) == response
    return s


def test_reset_link():
    exchange("05 64 05 C0 01 00 03 00 3A 48", "05 64 05 00 03 00 01 00 B8 CA")


def test_reset_user():
    exchange("05 64 05 C1 01 00 03 00 3C 6B", "05 64 05 00 03 00 01 00 B8 CA")


def test_link_status():
    exchange("05 64 05 C9 01 00 03 00 75 3E", "05 64 05 0B 03 00 01 00 FB FA")


def test_reset_energy_17():
    request = (
        "05 64 18 C4 01 00 03 00 B6 DE C0 C0 05 0C 01 17 01 01 03 00 00 00 00 00 01 00 31 70 00 00 00 FF FF"
    )
    response = (
        "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 01 03 00 00 00 00 00 8A 3F 01 00 00 00 "
        "00 F9 DC"
    )
    s = exchange(request, response)
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_reset_energy_28():
    request = (
        "05 64 1A C4 01 00 03 00 01 F8 C0 C0 05 0C 01 28 01 00 01 00 03 00 00 00 00 00 BB 01 01 00 00 00 "
        "00 F9 DC"
    )
    response = (
        "05 64 1C 44 03 00 01 00 E0 21 C0 C0 81 90 00 0C 01 28 01 00 01 00 03 00 00 00 9E A3 00 00 01 00 "
        "00 00 00 F9 DC"
    )
    s = exchange(request, response)
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_reset_demand_17():
    request = (
        "05 64 18 C4 01 00 03 00 B6 DE C0 C0 05 0C 01 17 01 02 03 00 00 00 00 00 01 00 0B 5E 00 00 00 FF FF"
    )
    response = (
        "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 02 03 00 00 00 00 00 2C DE 01 00 00 00 "
        "00 F9 DC"
    )
    s = exchange(request, response)
    assert s.meter.done == [p.CLEAR_DEMAND]


def test_reset_demand_28():
    request = (
        "05 64 1A C4 01 00 03 00 01 F8 C0 C0 05 0C 01 28 01 00 02 00 03 00 00 00 00 00 8D 3B 01 00 00 00 "
        "00 F9 DC"
    )
    response = (
        "05 64 1C 44 03 00 01 00 E0 21 C0 C0 81 90 00 0C 01 28 01 00 02 00 03 00 00 00 CE 30 00 00 01 00 "
        "00 00 00 F9 DC"
    )
    s = exchange(request, response)
    assert s.meter.done == [p.CLEAR_DEMAND]


def test_switch_to_modbus():
    request = (
        "05 64 18 C4 01 00 03 00 B6 DE C0 C0 06 0C 01 17 01 00 03 00 00 00 00 00 01 00 E0 ED 00 00 00 FF FF"
    )
    response = ""
    s = exchange(request, response)
    assert s.meter.settings.get(p.PROTOCOL_1) == 0


def test_read_30_4_q06():
    request = "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 1E 04 06 80 1F"
    response = (
        "05 64 1F 44 03 00 01 00 B0 B2 C0 C0 81 90 00 1E 04 00 00 07 00 00 00 00 00 00 62 8F 00 00 00 00 "
        "00 00 00 00 00 00 FF FF"
    )
    s = Station()
    for i in range(8):
        s.meter.harmonics[i] = 0
    assert text(s.send(hexed(request))) == response


def test_read_100_1_q00():
    request = "05 64 0D C4 01 00 03 00 FE 5E C0 C0 01 64 01 00 03 07 3F A5"
    response = (
        "05 64 28 44 03 00 01 00 CD E5 C0 C0 81 90 00 64 01 00 03 07 01 00 00 C0 3F 01 13 53 00 00 00 40 "
        "01 00 00 20 40 01 00 00 40 40 01 00 16 43 00 60 40 A3 F4"
    )
    exchange(request, response)


def test_read_20_5_q00():
    request = "05 64 0D C4 01 00 03 00 FE 5E C0 C0 01 14 05 00 03 07 61 FB"
    response = (
        "05 64 23 44 03 00 01 00 41 EC C0 C0 81 90 00 14 05 00 03 07 30 D8 2E 00 70 1A E2 8C 3E 00 B0 5C "
        "4D 00 F0 9E 5C 00 30 E1 6B 00 15 4A"
    )
    exchange(request, response)


def test_read_20_5_q01():
    request = "05 64 0F C4 01 00 03 00 49 78 C0 C0 01 14 05 01 00 00 0A 00 25 B0"
    response = (
        "05 64 3B 44 03 00 01 00 5C 0E C0 C0 81 90 00 14 05 00 00 0A 70 11 01 00 B0 53 A6 3B 10 00 F0 95 "
        "1F 00 30 D8 2E 00 70 1A 3E 00 B0 5C D3 A2 4D 00 F0 9E 5C 00 30 E1 6B 00 70 23 7B 00 FE FF F1 2D "
        "FF FF 00 00 00 00 FA D2"
    )
    exchange(request, response)


def test_error():
    request = "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 6E 00 06 57 92"
    response = "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 02 27 40"
    exchange(request, response)


def test_function_error():
    request = "05 64 08 C4 01 00 03 00 77 A6 C0 C0 55 20 98"
    response = "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 01 C5 1A"
    exchange(request, response)


def test_qualifier_error():
    request = "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 64 01 0B 06 D7"
    response = "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 04 E3 F5"
    exchange(request, response)


def test_point_error():
    request = "05 64 0D C4 01 00 03 00 FE 5E C0 C0 01 64 01 00 28 30 77 91"
    response = "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 04 E3 F5"
    exchange(request, response)
