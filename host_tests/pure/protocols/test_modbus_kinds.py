"""Kinds of registers with codes, scales, signs and texts, read and written over a map of their own."""

from array import array
from struct import pack

from fourquad import points as p
from fourquad.meter.settings import Settings
from fourquad.models.rows import by_offset, setting, text
from fourquad.protocols.modbus import kinds as k
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.pdu import Functions

# Modes of demand as another manual numbers them: 0 sliding, 1 fixed, 2 rolling, 3 thermal.
MODES = (1, 0, 3, 2)


NAME = p.GROUP_NETWORK + 3


class Model:
    REGIONS = (
        (0x100, 1, ("choice", MODES), p.SETTING + p.DEMAND_MODE),
        (0x101, 1, ("scaled", 0.1), p.SETTING + p.PT2),
        (0x102, 2, ("scaled", 0.1, "float"), p.SETTING + p.PT2),
        (0x104, 2, ("scaled", 100, "udword"), p.SETTING + p.PT1),
        (0x106, 1, "signed", p.SETTING + p.CT1),
        (0x107, 4, "text", p.SETTING + NAME),
        (0x10B, 2, ("choice", (0, 70000), "dword"), p.SETTING + p.BASIC_MODE),
        (0x10D, 2, ("scaled", 10, "signed"), p.SECONDARY + p.P1),
        (0x10F, 1, ("scaled", 10), p.SECONDARY + p.P1),
        (0x110, 1, "word", p.SETTING + p.PT2),
        (0x111, 2, "udword", p.SETTING + p.PT1),
    )
    WRITABLE = ((0x100, 0x10C), (0x110, 0x112))


class Meter:
    """Settings as Model's, and one reading."""

    def __init__(self, model=Model):
        rows = (
            setting(p.PT1, default=4000, low=500, high=40000000),
            setting(p.PT2, default=4005, low=500, high=9000),
            setting(p.CT1, default=-2, low=-300, high=300),
            setting(p.DEMAND_MODE, default=1, high=3),
            setting(p.BASIC_MODE),
        )
        self.points = p.Points()
        texts = (text(NAME, b"meter", shortest=1, longest=7),)
        self.settings = Settings(by_offset(*rows), texts=texts)
        self.settings.provide(self.points)
        self.readings = array("f", [0.0] * p.READINGS)
        self.points.provide(p.SECONDARY, p.ReadOnly(self.readings))
        self.registers = RegisterMap(model, self.points)
        self._functions = Functions(self.registers)

    @property
    def name(self):
        return self.points.provider(p.SETTING + NAME).texts.read(NAME - p.GROUP_NETWORK)

    def _ask(self, body):
        answer = bytearray(260)
        n = self._functions.run(body, 0, len(body), answer, 0)
        return bytes(answer[:n])

    def read(self, address, count):
        """The bytes of the registers."""
        answer = self._ask(pack(">BHH", 3, address, count))
        assert answer[0] == 3
        return answer[2:]

    def write(self, address, data):
        """0 or the exception code."""
        count = len(data) // 2
        answer = self._ask(pack(">BHHB", 16, address, count, len(data)) + data)
        return answer[1] if answer[0] & 0x80 else 0


def test_a_choice_is_translated_both_ways():
    meter = Meter()
    for value, code in enumerate(MODES):
        meter.settings.write(p.DEMAND_MODE, value)
        assert meter.read(0x100, 1) == bytes((0, code))
    for code in (0, 1, 2, 3):
        assert meter.write(0x100, bytes((0, code))) == 0
        assert meter.settings.get(p.DEMAND_MODE) == MODES.index(code)
    for code in (4, 0xFFFF):
        assert meter.write(0x100, pack(">H", code)) == 3
    assert meter.write(0x10B, pack(">i", 70000)) == 0 and meter.settings.get(p.BASIC_MODE) == 1
    assert meter.read(0x10B, 2) == pack(">i", 70000)
    assert meter.write(0x10B, pack(">i", 1)) == 3


def test_a_scale_holds_both_ways():
    meter = Meter()
    assert meter.read(0x101, 1) == pack(">H", 401)  # 400.5
    assert meter.read(0x102, 2) == pack(">f", 400.5)
    assert meter.read(0x104, 2) == pack(">I", 400000)
    assert meter.write(0x101, pack(">H", 380)) == 0 and meter.settings.get(p.PT2) == 3800
    assert meter.write(0x102, pack(">f", 230.1)) == 0 and meter.settings.get(p.PT2) == 2301
    assert meter.read(0x102, 2) == pack(">f", 230.1)
    assert meter.write(0x104, pack(">I", 3000000000)) == 0 and meter.settings.get(p.PT1) == 30000000
    assert meter.read(0x104, 2) == pack(">I", 3000000000)
    # a range is a setting's own, in its own unit
    assert meter.write(0x101, pack(">H", 901)) == 3
    for bad in (b"\x7f\xc0\0\0", b"\x7f\x80\0\0", b"\xff\x80\0\0", pack(">f", 1e30)):
        assert meter.write(0x102, bad) == 3, bad
    assert meter.settings.get(p.PT2) == 2301


def test_signs():
    meter = Meter()
    assert meter.read(0x106, 1) == b"\xff\xfe"
    assert meter.write(0x106, pack(">h", -300)) == 0 and meter.settings.get(p.CT1) == -300
    assert meter.write(0x106, pack(">h", -301)) == 3
    assert meter.write(0x111, pack(">I", 40000000)) == 0
    assert meter.write(0x111, pack(">I", 0x80000000)) == 3
    assert meter.read(0x111, 2) == pack(">I", 40000000)


def test_what_does_not_fit_is_the_nearest():
    meter = Meter()
    cases = ((12.34, 123), (-12.36, -124), (-0.26, -3), (1e6, 0x7FFF), (-1e6, -0x8000), (float("nan"), 0))
    for value, expected in cases:
        meter.readings[p.P1] = value
        assert meter.read(0x10D, 1) == pack(">h", expected)
        assert meter.read(0x10F, 1) == pack(">H", 0xFFFF if value > 1e5 else max(0, expected))


def test_texts():
    meter = Meter()
    assert meter.read(0x107, 4) == b"meter\0\0\0"
    assert meter.read(0x108, 2) == b"ter\0"
    assert meter.write(0x107, b"north 4\0") == 0 and meter.name == b"north 4"
    assert meter.write(0x107, b"n\0rubbish"[:8]) == 0 and meter.name == b"n"
    assert meter.read(0x107, 4) == b"n" + bytes(7)
    for bad in (b"eight ch", b"a\x07bc\0\0\0\0", b"\xc3\xa4\0\0\0\0\0\0", bytes(8)):
        assert meter.write(0x107, bad) == 3
    # a text is written whole, as a number of 32 bits is
    assert meter.write(0x107, b"abcd") == meter.write(0x108, b"abcdef") == meter.write(0x109, b"ab") == 2
    assert meter.write(0x106, b"\0\1" + b"abcd") == 2
    assert meter.write(0x106, b"\0\1" + b"all\0\0\0\0\0" + pack(">i", 0)) == 0
    assert meter.name == b"all" and meter.settings.get(p.CT1) == 1


def test_all_or_nothing():
    meter = Meter()
    before = meter.read(0x100, 13)
    data = b"\0\2" + pack(">H", 400) + pack(">f", 400.0) + pack(">I", 500000) + b"\xff\xff" + b"new\0\0\0\0\0"
    assert meter.write(0x100, data + pack(">i", 5)) == 3
    assert meter.read(0x100, 13) == before
    assert meter.write(0x100, data + pack(">i", 0)) == 0
    assert meter.name == b"new"


def refused(*row):
    class Wrong:
        REGIONS = (row,)

    try:
        Meter(Wrong)
    except ValueError:
        return True
    return False


def test_kinds_that_cannot_be_are_refused():
    at = p.SETTING + p.DEMAND_MODE
    for kind in (
        "flaot",
        "tenths",
        "side",
        ("choices", MODES),
        ("choice", (1, 1)),
        ("scaled", 0),
        ("scaled", 10, "words"),
        ("scaled", 10, "text"),
        ("text", 4),
    ):
        assert refused(0x100, 2, kind, at), kind
    assert refused(0x100, 2, "text", at)
    # a whole number is no float as it is, and a float no whole number
    assert refused(0x100, 2, "float", at)
    assert refused(0x100, 2, "dword", p.SECONDARY) and refused(0x100, 1, "word", p.SECONDARY)
    assert not refused(0x100, 2, ("scaled", 1, "float"), at)
    assert not refused(0x100, 1, ("scaled", 1), p.SECONDARY)


def test_registers_of_a_kind():
    assert [k.registers(kind) for kind in ("word", "signed", "dword", "udword", "float")] == [1, 1, 2, 2, 2]
    assert k.registers(("choice", (1, 2))) == 1 and k.registers(("scaled", 2, "float")) == 2
