"""Each function and each error as frames, in and out, between master 3 and outstation 1.

Composed from IEEE 1815 by hand; the CRCs were made bit by bit from the polynomial 3D65H by another program.
"Restart" and "need time" are told until they are written.
"""

from protocols.dnp3_fakes import Station, hexed, text
from protocols.dnp3_lists import FULL, UNSOLICITED

from fourquad import points as p


def exchange(tables, *frames):
    """An outstation that has just started, after requests that had these responses."""
    s = Station(tables)
    s.meter.io.counts[0] = 7
    for request, response in frames:
        assert text(s.send(hexed(request))) == response, request
    return s


def test_confirm():
    s = exchange(
        FULL,
        (
            "05 64 08 C4 01 00 03 00 77 A6 C0 C0 00 33 96",
            "",
        ),
    )
    assert s.meter.done == []


def test_read():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 50 01 06 3B 97",
            "05 64 11 44 03 00 01 00 B5 43 C0 C0 81 90 00 50 01 00 00 0F 90 00 5C 62",
        ),
    )
    assert s.meter.done == []


def test_write_restart():
    s = exchange(
        FULL,
        (
            "05 64 0E C4 01 00 03 00 AE CD C0 C0 02 50 01 00 07 07 00 2C 49",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 10 00 B4 37",
        ),
    )
    assert s.meter.done == []


def test_write_time():
    s = exchange(
        FULL,
        (
            "05 64 12 C4 01 00 03 00 DD 62 C0 C0 02 32 01 07 01 95 4C 05 B3 9F 01 6D F4",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 80 00 B3 F3",
        ),
    )
    assert (s.clock.now, s.clock.ms) == (1785414896 - 946684800, 789)


def test_select_and_operate():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 03 0C 01 17 01 05 03 01 00 00 00 00 01 00 FC 05 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 05 03 01 00 00 00 00 7D 2C 01 00 "
            "00 00 00 F9 DC",
        ),
        (
            "05 64 18 C4 01 00 03 00 B6 DE C1 C1 04 0C 01 17 01 05 03 01 00 00 00 00 01 00 B8 9E 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C1 C1 81 90 00 0C 01 17 01 05 03 01 00 00 00 00 E9 0F 01 00 "
            "00 00 00 F9 DC",
        ),
    )
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_operate_without_select():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 04 0C 01 17 01 05 03 01 00 00 00 00 01 00 2C BD 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 05 03 01 00 00 00 00 7D 2C 01 00 "
            "00 00 02 45 B0",
        ),
    )
    assert s.meter.done == []


def test_direct_operate():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 05 0C 01 17 01 05 03 01 00 00 00 00 01 00 DC 83 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 05 03 01 00 00 00 00 7D 2C 01 00 "
            "00 00 00 F9 DC",
        ),
    )
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_direct_operate_of_no_point():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 05 0C 01 17 01 09 03 01 00 00 00 00 01 00 34 3B 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 09 03 01 00 00 00 00 6E 7D 01 00 "
            "00 00 04 81 05",
        ),
    )
    assert s.meter.done == []


def test_direct_operate_forbidden():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 05 0C 01 17 01 02 03 01 00 00 00 00 00 00 27 AA 00 00 "
            "00 FF FF",
            "05 64 1A 44 03 00 01 00 39 4A C0 C0 81 90 00 0C 01 17 01 02 03 01 00 00 00 00 2A FD 00 00 "
            "00 00 09 28 36",
        ),
    )
    assert s.meter.io.relays == 0


def test_direct_operate_no_ack():
    s = exchange(
        FULL,
        (
            "05 64 18 C4 01 00 03 00 B6 DE C0 C0 06 0C 01 17 01 05 03 01 00 00 00 00 01 00 CC C0 00 00 "
            "00 FF FF",
            "",
        ),
    )
    assert s.meter.done == [p.CLEAR_ENERGY]


def test_freeze():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 07 14 00 06 78 C2",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 00 9B 2C",
        ),
    )
    assert s.read("15 09 00 00 00") == "15 09 00 00 00 07 00 00 00"


def test_freeze_no_ack():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 08 14 00 06 3D E1",
            "",
        ),
    )
    assert s.read("15 09 00 00 00") == "15 09 00 00 00 07 00 00 00"


def test_cold_restart():
    s = exchange(
        FULL,
        (
            "05 64 08 C4 01 00 03 00 77 A6 C0 C0 0D 9C 86",
            "05 64 10 44 03 00 01 00 52 F6 C0 C0 81 90 00 34 02 07 01 00 00 CB 3E",
        ),
    )
    assert s.meter.done == []


def test_warm_restart():
    s = exchange(
        FULL,
        (
            "05 64 08 C4 01 00 03 00 77 A6 C0 C0 0E 7E DC",
            "05 64 10 44 03 00 01 00 52 F6 C0 C0 81 90 00 34 02 07 01 00 00 CB 3E",
        ),
    )
    assert s.meter.done == []


def test_enable_unsolicited():
    s = exchange(
        UNSOLICITED,
        (
            "05 64 11 C4 01 00 03 00 8D F1 C0 C0 14 3C 02 06 3C 03 06 3C 04 06 78 96",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 00 9B 2C",
        ),
    )
    assert s.out.session.requests.enabled == 7


def test_disable_unsolicited():
    s = exchange(
        UNSOLICITED,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 15 3C 02 06 58 9B",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 00 9B 2C",
        ),
    )
    assert s.out.session.requests.enabled == 0


def test_assign_class():
    s = exchange(
        FULL,
        (
            "05 64 0E C4 01 00 03 00 AE CD C0 C0 16 3C 02 06 1E 00 06 F8 73",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 00 9B 2C",
        ),
    )
    database = s.out.session.database
    assert [database.klass[run.base] for run in database.runs if run.group == 30] == [1, 1, 1]


def test_delay_measurement():
    s = exchange(
        FULL,
        (
            "05 64 08 C4 01 00 03 00 77 A6 C0 C0 17 C2 A7",
            "05 64 10 44 03 00 01 00 52 F6 C0 C0 81 90 00 34 02 07 01 00 00 CB 3E",
        ),
    )
    assert s.meter.done == []


def test_record_current_time():
    s = exchange(
        FULL,
        (
            "05 64 08 C4 01 00 03 00 77 A6 C0 C0 18 D1 DB",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 00 9B 2C",
        ),
        (
            "05 64 12 C4 01 00 03 00 DD 62 C1 C1 02 32 03 07 01 95 4C 05 B3 9F 01 4A B7",
            "05 64 0A 44 03 00 01 00 F8 32 C1 C1 81 80 00 5D 12",
        ),
    )
    assert (s.clock.now, s.clock.ms) == (1785414896 - 946684800, 789)


def test_functions_that_are_not_there():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 09 14 00 06 D5 23",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 01 C5 1A",
        ),
        (
            "05 64 0E C4 01 00 03 00 AE CD C1 C1 19 46 03 5B 01 1A 00 E4 B0",
            "05 64 0A 44 03 00 01 00 F8 32 C1 C1 81 90 01 2B FB",
        ),
        (
            "05 64 08 C4 01 00 03 00 77 A6 C2 C2 70 3C 76",
            "05 64 0A 44 03 00 01 00 F8 32 C2 C2 81 90 01 60 94",
        ),
    )
    assert s.meter.done == []


def test_unsolicited_where_it_is_not_supported():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 14 3C 02 06 B0 59",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 01 C5 1A",
        ),
    )
    assert s.meter.done == []


def test_device_attributes():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 00 FE 06 5D B9",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 02 27 40",
        ),
        (
            "05 64 0D C4 01 00 03 00 FE 5E C1 C1 01 00 FF 00 00 00 8E 34",
            "05 64 0A 44 03 00 01 00 F8 32 C1 C1 81 90 02 C9 A1",
        ),
        (
            "05 64 0E C4 01 00 03 00 AE CD C2 C2 02 00 F6 00 00 00 01 4B B4",
            "05 64 0A 44 03 00 01 00 F8 32 C2 C2 81 90 02 82 CE",
        ),
    )
    assert s.meter.done == []


def test_objects_that_are_not_there():
    s = exchange(
        FULL,
        (
            "05 64 0B C4 01 00 03 00 27 35 C0 C0 01 17 00 06 32 FC",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 02 27 40",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C1 C1 01 1E 07 06 CA 39",
            "05 64 0A 44 03 00 01 00 F8 32 C1 C1 81 90 02 C9 A1",
        ),
        (
            "05 64 0E C4 01 00 03 00 AE CD C2 C2 02 0A 01 00 00 00 01 33 02",
            "05 64 0A 44 03 00 01 00 F8 32 C2 C2 81 90 02 82 CE",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C3 C3 05 0C 02 06 57 FC",
            "05 64 0A 44 03 00 01 00 F8 32 C3 C3 81 90 02 6C 2F",
        ),
    )
    assert s.meter.done == []


def test_parameters_that_cannot_be():
    s = exchange(
        FULL,
        (
            "05 64 0E C4 01 00 03 00 AE CD C0 C0 01 1E 05 5B 01 00 00 3C F7",
            "05 64 0A 44 03 00 01 00 F8 32 C0 C0 81 90 04 E3 F5",
        ),
        (
            "05 64 0D C4 01 00 03 00 FE 5E C1 C1 01 14 05 00 05 04 DC C4",
            "05 64 0A 44 03 00 01 00 F8 32 C1 C1 81 90 04 0D 14",
        ),
        (
            "05 64 0E C4 01 00 03 00 AE CD C2 C2 02 50 01 00 07 07 01 AD A3",
            "05 64 0A 44 03 00 01 00 F8 32 C2 C2 81 90 04 46 7B",
        ),
        (
            "05 64 0D C4 01 00 03 00 FE 5E C3 C3 02 32 01 07 01 00 94 69",
            "05 64 0A 44 03 00 01 00 F8 32 C3 C3 81 90 04 A8 9A",
        ),
        (
            "05 64 0D C4 01 00 03 00 FE 5E C4 C4 05 0C 01 17 01 00 E8 FF",
            "05 64 0A 44 03 00 01 00 F8 32 C4 C4 81 90 04 D0 A5",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C5 C5 16 1E 00 06 90 0E",
            "05 64 0A 44 03 00 01 00 F8 32 C5 C5 81 90 04 3E 44",
        ),
    )
    assert s.meter.done == []


def test_what_is_no_request():
    s = exchange(
        FULL,
        (
            "05 64 0A C4 01 00 03 00 C0 80 C0 C0 81 00 00 9C E8",
            "",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C1 D1 01 50 01 06 48 AB",
            "",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C2 41 01 50 01 06 FE F3",
            "",
        ),
        (
            "05 64 0B C4 01 00 03 00 27 35 C3 81 01 50 01 06 D7 17",
            "",
        ),
    )
    assert s.meter.done == []
