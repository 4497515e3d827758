"""Room in a response: objects and headers up to the last octet, and not beyond."""

from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3.events import Events
from fourquad.protocols.dnp3.fragment import PREFIXED_8, PREFIXED_16, RANGED, Fragment

START = 4  # octets of control, function and indications before the objects
# style, index, octets of its header and index prefix (IEEE 1815, 4.2.2.7)
HEADERS = (
    (RANGED, 0, 5),
    (RANGED, 255, 5),
    (RANGED, 256, 7),
    (PREFIXED_8, 0, 4 + 1),
    (PREFIXED_8, 255, 4 + 1),
    (PREFIXED_16, 300, 5 + 2),
)


def fragment(octets):
    """With so many octets for objects."""
    out = Fragment(START + octets)
    out.begin(START)
    return out


def test_the_first_object_fits_to_the_last_octet():
    for style, index, header in HEADERS:
        for size in (1, 4, 11):
            exact = fragment(header + size)
            assert exact.room(30, 5, style, index, size) == START + header
            assert exact.at == START + header + size == len(exact.buffer)
            short = fragment(header + size - 1)
            assert short.room(30, 5, style, index, size) == -1
            assert short.at == START


def test_a_following_object_fits_to_the_last_octet():
    for style, index, header in HEADERS:
        if index == 255:
            continue
        prefix = {RANGED: 0, PREFIXED_8: 1, PREFIXED_16: 2}[style]
        for spare in (0, -1):
            out = fragment(header + 4 + prefix + 4 + spare)
            assert out.room(30, 5, style, index, 4) >= 0
            place = out.room(30, 5, style, index + 1, 4)
            assert place == (START + header + 4 + prefix if spare == 0 else -1)


def test_packed_bits_take_an_octet_for_eight():
    out = fragment(5 + 1)
    for index in range(8):
        assert out.room(1, 1, RANGED, index, 0) == START + 5
        out.bit(START + 5, index % 3 == 0)
    assert out.room(1, 1, RANGED, 8, 0) == -1
    assert bytes(out.buffer[START:]) == bytes((1, 1, 0, 0, 7, 0b01001001))


def test_raw_octets_fit_to_the_last_one():
    out = fragment(6)
    assert out.raw(7) == -1
    assert out.raw(6) == START and out.at == START + 6
    assert out.raw(1) == -1


def test_a_run_of_objects_fits_to_the_last_octet():
    for index, header in ((0, 5), (250, 7)):
        out = fragment(header + 20 * 5)
        assert out.run(30, 2, index, 25, 5) == 20
        assert out.at == len(out.buffer)
        assert fragment(header + 4).run(30, 2, index, 25, 5) == 0


def test_a_header_of_small_prefixes_holds_255_objects():
    out = fragment(2000)
    for n in range(256):
        assert out.room(2, 1, PREFIXED_8, n % 200, 1) >= 0
    assert out.buffer[START + 3] == 255
    second = START + 4 + 255 * 2
    assert bytes(out.buffer[second : second + 4]) == bytes((2, 1, a.PREFIX_8, 1))


def test_headers_begin_anew_after_a_bad_one():
    headers = a.Headers()
    headers.begin(b"\x1e\x05", 0, 2)
    assert not headers.next() and headers.error
    headers.begin(b"\x1e\x05\x06", 0, 3)
    assert not headers.error
    assert headers.next() and (headers.group, headers.variation) == (30, 5)
    assert not headers.next() and not headers.error


def test_headers_that_are_cut_short_are_bad():
    for text in (
        b"\x1e",
        b"\x1e\x05",
        b"\x1e\x05\x00",
        b"\x1e\x05\x00\x01",
        b"\x1e\x05\x01\x00\x00\x01",
        b"\x0c\x01\x28\x01",
    ):
        headers = a.Headers()
        headers.begin(text, 0, len(text))
        assert not headers.next() and headers.error, text


def test_an_index_before_its_first_is_bad():
    headers = a.Headers()
    headers.begin(b"\x1e\x05\x00\x05\x04", 0, 5)
    assert not headers.next() and headers.error
    headers.begin(b"\x1e\x05\x00\x05\x05", 0, 5)
    assert headers.next() and (headers.start, headers.stop) == (5, 5)


def add(events, value=1, klass=2):
    events.add(0, klass, value, False, 1, 0, 0, 0)


def test_events_lost_behind_what_was_told_are_told_again():
    events = Events(3)
    for _ in range(4):
        add(events)
    assert events.overflow
    events.told = True  # a response with the indication is on its way
    add(events)
    events.confirmed()
    assert events.overflow, "the loss after that response is not told yet"
    events.told = True
    events.confirmed()
    assert not events.overflow


def test_a_response_without_confirmation_has_told_nothing():
    events = Events(3)
    for _ in range(4):
        add(events)
    events.told = True
    events.release()
    events.confirmed()
    assert events.overflow


def test_counts_above_31_bits_come_back_as_they_were():
    events = Events(4)
    for value in (0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        add(events, value)
    assert [events.integers[events.slot(i)] & 0xFFFFFFFF for i in range(4)] == [
        0,
        0x7FFFFFFF,
        0x80000000,
        0xFFFFFFFF,
    ]
