"""The link layer: services, addresses, frames out of a stream of octets."""

from protocols.dnp3_fakes import MASTER, US, Station, frame, hexed, text, unframe

from fourquad import points as p
from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import outstation as out

READ = b"\xc0\xc1\x01\x1e\x04\x06"
ACK = "05 64 05 00 03 00 01 00 B8 CA"
NACK = frame(0x01, b"", MASTER, US)


def test_services_of_the_manual():
    s = Station()
    assert text(s.send(frame(0xC0))) == ACK
    assert text(s.send(frame(0xC1))) == ACK
    assert s.send(frame(0xC9)) == frame(0x0B, b"", MASTER, US)


def test_a_published_reset():
    s = Station()
    assert text(s.send(hexed("05 64 05 C0 01 00 00 04 E9 21"))) == "05 64 05 00 00 04 01 00 19 A6"


def test_services_that_are_not_there():
    s = Station()
    for function in (5, 6, 7, 8, 10, 11, 12, 13, 14, 15):
        for counted in (0, 0x10):
            assert s.send(frame(0xC0 | counted | function)) == frame(0x0F, b"", MASTER, US)


def test_the_count_valid_bit_belongs_to_the_service():
    s = Station()
    for control in (0xD0, 0xD1, 0xC2, 0xC3, 0xD4, 0xD9):
        assert s.send(frame(control, READ if control & 15 in (3, 4) else b"")) == b""


def test_test_link():
    s = Station()
    assert s.send(frame(0xD2)) == NACK
    s.send(frame(0xC0))
    for control in (0xF2, 0xD2, 0xF2, 0xF2, 0xD2):
        assert text(s.send(frame(control))) == ACK


def test_confirmed_data_needs_a_reset_and_counts():
    s = Station()
    assert s.send(frame(0xF3, READ)) == NACK
    s.send(frame(0xC0))
    answer = unframe(s.send(frame(0xF3, READ)))
    assert [f[0] for f in answer] == [0x00, 0x44]
    # the same frame again: acknowledged, not executed
    assert text(s.send(frame(0xF3, READ))) == ACK
    assert [f[0] for f in unframe(s.send(frame(0xD3, READ)))] == [0x00, 0x44]
    # of another master, who did not reset the link
    assert s.send(frame(0xF3, READ, source=4)) == frame(0x01, b"", 4, US)


def test_only_frames_of_masters():
    s = Station()
    for control in (0x40, 0x44, 0x49, 0x00, 0x80, 0x8B, 0x81):
        assert s.send(frame(control, READ if control & 15 == 4 else b"")) == b""


def test_addresses():
    s = Station()
    for address in (0, 2, 256, 257, 65519, 65532):
        assert s.send(frame(0xC0, destination=address)) == b""
        assert s.send(frame(0xC4, READ, address)) == b""
    for source in (65520, 65532, 65533, 65535):
        assert s.send(frame(0xC0, source=source)) == b""
    for address in (0, 300, 65519):
        s.meter.settings.default(p.ADDRESS_1, address)
        assert unframe(s.send(frame(0xC0, destination=address)))[0] == (0, MASTER, address, b"")
        assert unframe(s.send(frame(0xC4, READ, address)))[0][:3] == (0x44, MASTER, address)


def with_self_address(on):
    options = kw320.SERIAL[0]
    return (options[:2] + (on,) + options[3:],) + kw320.SERIAL[1:]


def test_self_address():
    s = Station(with_self_address(True))
    assert unframe(s.send(frame(0xC9, destination=65532)))[0] == (0x0B, MASTER, US, b"")
    assert unframe(s.send(frame(0xC4, READ, 65532)))[0][:3] == (0x44, MASTER, US)
    assert Station(with_self_address(False)).send(frame(0xC9, destination=65532)) == b""


def test_only_one_master():
    options = (5, True) + kw320.SERIAL[0][2:]
    s = Station((options,) + kw320.SERIAL[1:])
    assert s.send(frame(0xC9)) == b""
    assert s.send(frame(0xC9, source=5)) == frame(0x0B, b"", 5, US)


def test_no_service_by_broadcast():
    s = Station()
    for address in (65533, 65534, 65535):
        for control in (0xC0, 0xC1, 0xC9, 0xF3):
            assert s.send(frame(control, READ if control == 0xF3 else b"", address)) == b""


def test_frames_in_pieces_and_garbage():
    s = Station()
    octets = frame(0xC9)
    for i in range(len(octets)):
        n = s.send(octets[i : i + 1])
        assert bool(n) == (i == len(octets) - 1)
    for garbage in (
        b"\x00",
        b"\x05",
        b"\x05\x05",
        b"\x05\x64",
        b"\x05\x64\x05",
        frame(0xC9)[:-1],
        bytes(300),
    ):
        s = Station()
        # a good frame is after the garbage, which may look like the beginning of a longer one
        answer = s.send(garbage + octets) or s.send(bytes(300))
        assert answer == frame(0x0B, b"", MASTER, US), garbage


def test_every_bit_of_a_frame_counts():
    octets = frame(0xC4, READ)
    for i in range(8 * len(octets)):
        bad = bytearray(octets)
        bad[i >> 3] ^= 1 << (i & 7)
        s = Station()
        assert s.send(bytes(bad)) == b"", i
        s.poll(1100)
        assert s.send(octets) != b"", i


def test_a_frame_that_stopped_is_forgotten():
    s = Station()
    s.poll()
    assert s.send(frame(0xC4, bytes(200))[:-30]) == b""
    s.poll(900)
    assert s.send(b"\x00") == b""
    s.poll(1000)
    assert s.send(frame(0xC9)) != b""
    assert s.out.counters[out.BAD_FRAMES] == 1


def test_lengths_below_five():
    s = Station()
    for length in range(5):
        head = bytearray(frame(0xC0)[:8])
        head[2] = length
        assert s.send(frame(0xC9) and bytes(head)) == b""
    s.poll(1100)
    assert s.send(frame(0xC9)) != b""


def test_several_frames_in_one_run():
    s = Station()
    answer = s.send(frame(0xC0) + frame(0xC9) + frame(0xC4, READ))
    assert [f[0] for f in unframe(answer)] == [0x00, 0x0B, 0x44]
    for _ in range(3):
        answer = s.send(frame(0xC9) * 1000)
        assert len(unframe(answer)) >= 1 and len(answer) <= len(s.out.answer)
    assert s.out.counters[out.SUPERSEDED]
