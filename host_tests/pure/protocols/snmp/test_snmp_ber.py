"""The encoding, by vectors: X.690's rules and examples of RFC 1157 and RFC 3416 worked out by hand."""

from fourquad.protocols.snmp.ber import ARCS, Full, In, Out

NUMBERS = (
    (0, "020100"),
    (127, "02017f"),
    (128, "02020080"),
    (256, "02020100"),
    (-1, "0201ff"),
    (-128, "020180"),
    (-129, "0202ff7f"),
    (32767, "02027fff"),
    (32768, "0203008000"),
    (0x7FFFFFFF, "02047fffffff"),
    (-0x80000000, "020480000000"),
    (0xFFFFFFFF, "020500ffffffff"),
)
NAMES = (
    ((43, 6, 1, 2, 1), "06052b06010201"),
    ((43, 6, 1, 4, 1, 32473), "06082b0601040181fd59"),
    ((43, 127, 128, 16383, 16384), "06092b7f8100ff7f818000"),
    ((43, 0xFFFFFFFF), "06062b8fffffff7f"),
    ((0,), "060100"),
)


def octets(text):
    return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


def reader(text):
    data = octets(text)
    return In(data, 0, len(data))


def fails(what, *args):
    try:
        what(*args)
    except ValueError:
        return True
    return False


def test_numbers():
    for value, text in NUMBERS:
        out = Out(bytearray(8))
        out.number(value)
        assert bytes(out.buffer[: out.at]) == octets(text), value
        assert reader(text).number() == value
    assert reader("0204000000ff").number() == 255  # not the shortest, and allowed


def test_names():
    found = [0] * ARCS
    for arcs, text in NAMES:
        out = Out(bytearray(40))
        out.name(arcs[:2], arcs[2:])
        assert bytes(out.buffer[: out.at]) == octets(text), arcs
        assert reader(text).name(found) == len(arcs)
        assert tuple(found[: len(arcs)]) == arcs


def test_a_long_name_is_counted():
    found = [0] * ARCS
    assert reader("068180" + "01" * 128).name(found) == 128
    assert found == [1] * ARCS
    assert fails(reader("068181" + "01" * 129).name, found)


def test_what_is_no_name():
    found = [0] * ARCS
    for text in (
        "0600",
        "06022b80",
        "06032b8001",
        "06062b9fffffff7f",
        "06072b8180808000",
        "06052b0601",
        "04012b",
    ):
        assert fails(reader(text).name, found), text


def test_lengths():
    for text in ("040161", "04810161", "0482000161", "048400000001" + "61"):
        assert reader(text).octets() == b"a", text
    for text in ("04", "0402", "040261", "048061", "0485000000000161", "0484ffffffff61", "0481", "048200"):
        assert fails(reader(text).octets), text
    assert reader("0400").octets() == b""


def test_numbers_that_are_none():
    for text in ("0200", "0206000000000001", "0301ff", "02"):
        assert fails(reader(text).number), text


def test_a_sequence_ends_with_what_it_is_in():
    whole = reader("3003020105")
    whole.enter(0x30)
    assert whole.number() == 5 and whole.tag() == -1
    for text in ("300302010500", "3004020105", "3103020105", "3002020105"):
        assert fails(reader(text).enter, 0x30), text


def test_values_around_others():
    out = Out(bytearray(300))
    outer = out.open(0x30)
    small = out.begin(0x30)
    out.octets(b"abc")
    out.end(small)
    large = out.begin(0x30)
    out.octets(b"x" * 130)
    out.end(large)
    out.close(outer)
    wanted = "30820091" + "30050403616263" + "30820086" + "04820082" + "78" * 130
    assert bytes(out.buffer[: out.at]) == octets(wanted)


def test_it_never_writes_beyond_its_limit():
    for limit in range(60):
        buffer = bytearray(64)
        out = Out(buffer)
        out.limit = limit
        try:
            begun = out.open(0x30)
            inner = out.begin(0x30)
            out.number(70000)
            out.name((43, 6, 1, 4, 1, 32473))
            out.octets(b"0123456789")
            out.empty(5)
            out.raw(b"abc")
            out.end(inner)
            out.close(begun)
            assert out.at == 38 and limit >= 38
        except Full:
            assert limit < 38
        assert len(buffer) == 64 and not any(buffer[limit:])
