"""The A1000's tables against the manual and against each other."""

from fourquad import models
from fourquad import points as p
from fourquad.meter.settings import Settings
from fourquad.models.a1000 import display, menu, names, obis, settings
from fourquad.points import billing as b
from fourquad.points import columns as c

model = models.load("a1000")

# Appendix A as printed: groups of C, D, tariffs and suffix, in its order.
APPENDIX = (
    ("125678", "8", "0", ""),
    ("125678", "8", "0", "*101"),
    ("125678", "8", "1234", ""),
    ("125678", "8", "1234", "*101"),
    ("12", "2", "0", ""),
    ("12", "2", "1234", ""),
    ("12", "4", "0", ""),
    ("12", "4", "1234", ""),
    ("12", "6", "0", ""),
    ("12", "6", "1234", ""),
)


def test_readout_is_appendix_a():
    codes = []
    for cs, d, es, suffix in APPENDIX:
        codes += [c + "." + d + "." + e + suffix for c in cs for e in es]
    assert list(obis.READOUT) == codes
    assert len(codes) == 90 == len(set(codes))


def test_codes_are_different_and_have_names():
    codes = [row[0] for row in obis.CODES]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert code in names.CODES or code.startswith(names.HOLIDAYS), code
    for code in names.CODES:
        assert code in codes, code
    assert len(names.EVENTS) == obis.EVENTS[2] == b.EVENTS == len(obis.EVENTS[3])
    for code in obis.HEADER:
        assert code in codes


def test_what_can_be_written_is_protected():
    for code, kind, _, _, pid, level in obis.CODES:
        if p.SETTING <= pid < p.SETTING + p.SETTINGS or kind in ("table", "list", "password"):
            assert level == 2, code
        elif kind in ("date", "time", "moment") or pid == obis.RESET:
            assert level == 1, code
        elif kind == "command":
            assert level == 2, code
        elif pid != p.BILLING + b.PROGRAMMER:
            assert level == 0, code


def test_settings():
    rows = settings.SETTINGS
    assert len({row[c.OFFSET] for row in rows}) == len(rows)
    own = Settings(rows)
    for offset, _, default, low, high, choices in rows:
        assert low <= default <= high and (choices is None or default in choices)
        assert own.check(offset, default) == p.OK
    for _, kind, _, _, pid, _ in obis.CODES:
        if p.SETTING <= pid < p.SETTING + p.SETTINGS and kind in ("number", "letters", "password"):
            assert own.has(pid - p.SETTING), pid
        if kind == "command":
            assert pid - p.COMMAND in [row[c.OFFSET] for row in settings.COMMANDS]
    assert own.get(p.IEC_LETTERS) == ord("F") << 16 | ord("Q") << 8 | ord("D")


def test_ports():
    assert [row[c.NAME] for row in model.PORTS] == ["rs485", "optical"]
    own = Settings(settings.SETTINGS)
    bare = []
    for row in model.PORTS:
        ((kind, tables),) = row[c.SPEAKS]
        assert kind == "iec62056" and tables[0] is obis
        assert own.get(tables[1]) == 9600
        bare.append(own.get(tables[2]))
    assert bare == [0, 1]


def test_display_list():
    count = sum([len(row[2]) or 1 for row in display.ITEMS])
    assert count < 512
    assert len(display.DEFAULT_LIST) <= p.DISPLAY_ENTRIES
    for v in display.DEFAULT_LIST:
        assert 1 <= v & 511 <= count and 1 <= v >> 9 & 7 <= 7 and 1 <= v >> 12 & 127 <= 99
        assert 0 <= v >> 19 & 31 <= v >> 24 <= p.PERIODS
    titles = [row[7] for row in display.ITEMS]
    assert len(set(titles)) == len(titles)


# Display codes of the manual's table, without those that are marks only.
MANUAL = "011L 011H 012L 012H 013L 013H 014L 014H 020 030 031 032 033 034 035 036 037 038 04A 04B"
MANUAL += " 04C 040 051 052 060 071 072 10A 10B 10C 11A 11B 11C 12A 12B 12C 13A 13B 13C 14A 14B 14C"
MANUAL += " 190 20A 20B 20C 201 202 21A 21B 21C 22A 22B 22C 23A 23B 23C 24A 24B 24C 30A 30B 30C 31A"
MANUAL += " 31B 31C 320 330 340 350 9001 9002 9003 9004 901"


def test_every_code_of_the_manual_is_there():
    shown = set()
    for row in display.ITEMS:
        code = row[0].replace(" ", "")
        if row[2] and row[2][0] == "A":
            shown |= {code + c for c in row[2]}
        elif code:
            shown.add(code)
    assert shown == set(MANUAL.split())


def test_keys():
    assert menu.KEYS == ("DISPLAY", "RESET")
    assert menu.HOLDS == ((1, 8000, menu.HELD),)
