"""Tables of registers that cannot be meant are refused; what a model leaves out is left out."""

from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.pdu import Functions


class Tables:
    """A model of few registers, as modules of models are."""

    def __init__(self, **tables):
        self.NAME = "few"
        self.REGIONS = ((0x4000, 4, "float", p.SECONDARY),)
        for name in tables:
            setattr(self, name, tables[name])


class Copy:
    """The tables of another model, with some in their place (None: without it)."""

    def __init__(self, model, tables):
        self._model = model
        self._tables = tables

    def __getattr__(self, name):
        if name not in self._tables:
            return getattr(self._model, name)
        if self._tables[name] is None:
            raise AttributeError(name)
        return self._tables[name]


def refused(**tables):
    """What is said of such tables; None if they are taken."""
    try:
        RegisterMap(Tables(**tables), FakeMeter().points)
    except ValueError as error:
        return str(error)
    return None


def ask(registers, *body):
    answer = bytearray(260)
    n = Functions(registers).run(bytes(body), 0, len(body), answer, 7)
    return bytes(answer[7 : 7 + n])


def test_a_misspelt_kind_is_refused():
    assert "4000" in refused(REGIONS=((0x4000, 2, "flaot", p.SECONDARY),))
    assert refused(REGIONS=((0x4000, 2, "float", p.SECONDARY),)) is None


def test_half_a_value_is_refused():
    for count in (0, 1, 3):
        assert refused(REGIONS=((0x4000, count, "dword", p.ENERGY),)) is not None


def test_overlaps_are_refused():
    first = (0x4000, 4, "float", p.SECONDARY)
    assert "4002" in refused(REGIONS=(first, (0x4002, 2, "float", p.FAST)))
    assert "4003" in refused(REGIONS=(first, (0x4003, 1, "hole", 0)))
    meter = FakeMeter()
    for name in ("SETTING_REGISTERS", "COMMAND_REGISTERS"):
        row = getattr(meter.model, name)[0]
        text = refused(REGIONS=((row[c.ADDRESS] - 1, 2, "hole", 0),), **{name: (row,)})
        assert f"{row[c.ADDRESS]:04X}" in text
    assert refused(REGIONS=(first, (0x4004, 2, "float", p.FAST))) is None


def test_gaps_that_nobody_says_are_refused():
    regions = ((0x4000, 4, "float", p.SECONDARY), (0x4006, 2, "word", p.HARMONIC))
    for name in ("WRITABLE", "LISTED"):
        assert "4004" in refused(REGIONS=regions, **{name: ((0x4000, 0x4007),)})
        assert "4008" in refused(REGIONS=regions, **{name: ((0x4006, 0x4008),)})
        assert "3FFF" in refused(REGIONS=regions, **{name: ((0x3FFF, 0x4001),)})
        assert refused(REGIONS=regions, **{name: ((0x4001, 0x4003), (0x4006, 0x4007))}) is None
        for kind in ("hole", "reserved", "absent"):
            said = ((0x4004, 2, kind, 0),)
            assert refused(REGIONS=regions + said, **{name: ((0x4000, 0x4007),)}) is None


def test_a_setting_that_the_model_has_not_is_refused():
    try:
        RegisterMap(Tables(REGIONS=((0x4000, 1, "word", p.SETTING + p.PULSE_WIDTH),)), FakeMeter().points)
    except ValueError:
        return
    raise AssertionError


def test_a_model_may_leave_tables_out():
    # with what is left out the function that needs it finds no address, and all else works
    left = (
        ("COILS", (1, 0, 0, 0, 1)),
        ("INPUTS", (2, 0, 0, 0, 1)),
        ("WRITABLE", (6, 0x10, 0x0C, 0, 5)),
    )
    meter = FakeMeter()
    for name, request in left:
        whole = RegisterMap(meter.model, meter.points)
        assert ask(whole, *request)[0] == request[0]
        registers = RegisterMap(Copy(meter.model, {name: None}), meter.points)
        assert ask(registers, *request) == bytes((request[0] | 0x80, 2))
        assert ask(registers, 3, 0x40, 0, 0, 66) == ask(whole, 3, 0x40, 0, 0, 66)
    registers = RegisterMap(Copy(meter.model, {"NEEDS_MODULE": None, "LISTED": None}), meter.points)
    assert ask(registers, 3, 0x40, 0, 0, 66) == ask(whole, 3, 0x40, 0, 0, 66)


def test_the_tables_of_the_meters_are_whole():
    # as they are, and with a row less in a range that is written or listed
    meter = FakeMeter()
    RegisterMap(meter.model, meter.points)
    tables = {"REGIONS": tuple(row for row in meter.model.REGIONS if row[0] != 0x1022)}
    try:
        RegisterMap(Copy(meter.model, tables), meter.points)
    except ValueError as error:
        assert "1022" in str(error)
        return
    raise AssertionError


class Squares:
    """Points that must be asked for, of up to 32 bits."""

    def read(self, index):
        return index * index * 65521 & 0xFFFFFFFF

    def check(self, index, value):
        return p.OK if 0 <= value < 1000 else p.RANGE

    def write(self, index, value):
        self.written = index, value
        return p.OK


def test_more_values_are_asked_for_than_a_request_can_have():
    meter, squares = FakeMeter(), Squares()
    meter.points.provide(p.LOG, squares, 10)
    words, pairs = 200, 300  # of one register, then of two
    rows = (
        (0x5000, words, "word", p.LOG),
        (0x5000 + words, 2 * pairs, "udword", p.LOG + words),
    )
    registers = RegisterMap(Tables(REGIONS=rows, WRITABLE=((0x5000, 0x531F),)), meter.points)
    octets = b"".join([(squares.read(i) & 0xFFFF).to_bytes(2, "big") for i in range(words)])
    octets += b"".join([squares.read(words + i).to_bytes(4, "big") for i in range(pairs)])
    target = bytearray(256)
    total = len(octets) // 2
    for count in (1, 2, 3, 66, 125, 127):
        for first in range(total - count + 1):
            assert registers.read(0x5000 + first, count, target, 0) == 0
            assert target[: 2 * count] == octets[2 * first : 2 * (first + count)]
    assert registers.write(0x5000 + 130, 1, b"\x03\xe7", 0) == 0 and squares.written == (130, 999)
    at = 0x5000 + words + 2 * 140
    assert registers.write(at, 2, b"\0\0\x02\x01", 0) == 0 and squares.written == (words + 140, 513)
    assert registers.write(at + 1, 2, b"\0\0\x02\x01", 0) == 2
    assert registers.write(at, 2, b"\0\1\x02\x01", 0) == 3


class Block:
    """A provider that reads and takes registers by itself, and says for whom."""

    def __init__(self):
        self.words = [7 * i for i in range(40)]
        self.masters = []

    def read_block(self, master, index, count, target, at):
        self.masters.append(master)
        for i in range(count):
            target[at + 2 * i] = self.words[index + i] >> 8
            target[at + 2 * i + 1] = self.words[index + i] & 0xFF

    def write_block(self, master, index, count, data, at):
        self.masters.append(master)
        values = [data[at + 2 * i] << 8 | data[at + 2 * i + 1] for i in range(count)]
        if max(values) > 1000:
            return p.RANGE
        self.words[index : index + count] = values
        return p.OK


def test_a_block_is_read_and_written_by_its_provider_for_one_master():
    meter, block = FakeMeter(), Block()
    meter.points.provide(p.LOG, block)
    tables = Tables(REGIONS=((0x5000, 20, "block", p.LOG + 10),), WRITABLE=((0x5004, 0x5008),))
    registers = RegisterMap(tables, meter.points)
    first, second = Functions(registers), Functions(registers)
    answer = bytearray(260)

    def run(functions, *body):
        return bytes(answer[: functions.run(bytes(body), 0, len(body), answer, 0)])

    assert run(first, 3, 0x50, 0, 0, 20) == bytes((3, 40)) + b"".join(
        [(7 * i).to_bytes(2, "big") for i in range(10, 30)]
    )
    assert run(second, 3, 0x50, 19, 0, 1) == bytes((3, 2, 0, 7 * 29))
    assert run(first, 3, 0x50, 19, 0, 2) == bytes((0x83, 2))
    assert run(first, 16, 0x50, 4, 0, 2, 4, 3, 0xE8, 0, 1) == bytes((16, 0x50, 4, 0, 2))
    assert block.words[13:17] == [91, 1000, 1, 112]
    assert run(second, 6, 0x50, 4, 3, 0xE9) == bytes((0x86, 3)) and block.words[14] == 1000
    assert run(second, 6, 0x50, 3, 0, 0) == bytes((0x86, 2))
    assert block.masters == [first, second, first, second]


def test_nothing_stands_next_to_a_block():
    meter = FakeMeter()
    meter.points.provide(p.LOG, Block())
    block = (0x5000, 20, "block", p.LOG)
    for row in ((0x4FFF, 1, "hole", 0), (0x5014, 1, "hole", 0), (0x5014, 4, "block", p.LOG + 20)):
        try:
            RegisterMap(Tables(REGIONS=(block, row)), meter.points)
        except ValueError as error:
            assert "next to a block" in str(error)
            continue
        raise AssertionError(row)
    RegisterMap(Tables(REGIONS=(block, (0x5015, 1, "hole", 0), (0x4FFE, 1, "hole", 0))), meter.points)
