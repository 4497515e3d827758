"""The KW320's tables against the manual, chapter 6.3, as the spec page corrects it."""

from fourquad import models
from fourquad import points as p
from fourquad.models import kw320, variants
from fourquad.models.kw320 import names
from fourquad.points import columns as c
from fourquad.points import modules as m

# 6.3.1, 6.3.2, 6.3.5: address, default, lowest, highest, written down from the manual and not from the table
MANUAL = (
    (0x0FFD, 0, 0, 2),
    (0x0FFE, 0, 0, 1),
    (0x0FFF, 3, 0, 3),
    (0x1000, 0, 0, 9999),
    (0x1001, 1, 1, 247),
    (0x1002, 19200, 1200, 38400),
    (0x1003, 0, 0, 4),
    (0x1004, 0, 0, 2),
    (0x1005, 4000, 500, 5000000),
    (0x1007, 4000, 500, 4000),
    (0x1008, 1, 1, 50000),
    (0x1009, 333, 1, 333),
    (0x100A, 1, 1, 60000),
    (0x100B, 1, 1, 60000),
    (0x100C, 1, 0, 120),
    (0x100D, 15, 1, 30),
    (0x100E, 1, 0, 3),
    (0x1012, 0, 0, 1),
    (0x1013, 0, 0, 1),
    (0x1014, 0, 0, 1),
    (0x1015, 0, 0, 1),
    (0x1017, 1, 0, 1),
    (0x1018, 0, 0, 1),
    (0x1019, 0, 0, 1),
    (0x101A, 0, 0, 2),
    (0x101B, 0, 0, 6),
    (0x101D, 0, 0, 1),
    (0x101E, 0, 0, 31),
    (0x102F, 38400, 4800, 38400),
    (0x1030, 3, 0, 3),
    (0x1031, 1, 1, 247),
    (0x1038, 0, 0, 3),
    (0x1039, 0, 0, 1),
    (0x109E, 0, 0, 63),
    (0x109F, 1, 1, 65535),
    (0x10A0, 0, 0, 1),
    (0x10A1, 0, 0, 1),
    (0x10A2, 50, 50, 3000),
    (0x10A3, 0, 0, 15),
    (0x10A4, 1, 1, 65535),
    (0x10A5, 0, 0, 1),
    (0x10A6, 20, 20, 1000),
    (0x10A7, 0, 0, 4),
    (0x10A8, 0, 0, 4),
    (0x10A9, 1, 0, 3),
    (0x10AA, 0, 0, 15),
    (0x10AB, 1, 1, 65535),
    (0x10AC, 0, 0, 1),
    (0x10AD, 0, 0, 1),
    (0x10AE, 50, 50, 3000),
    (0x10AF, 1, 0, 3),
    (0x10B0, 0, 0, 63),
    (0x10B1, 1, 1, 65535),
    (0x10B2, 0, 0, 1),
    (0x10B3, 0, 0, 1),
    (0x10B4, 50, 50, 3000),
    (0x10B5, 0, 0, 15),
    (0x10B6, 1, 1, 65535),
    (0x10B7, 0, 0, 1),
    (0x10B8, 20, 20, 1000),
    (0x10B9, 0, 0, 4),
    (0x10BA, 0, 0, 4),
    (0x10BB, 1, 0, 3),
    (0x10BC, 0, 0, 15),
    (0x10BD, 1, 1, 65535),
    (0x10BE, 0, 0, 1),
    (0x10BF, 0, 0, 1),
    (0x10C0, 50, 50, 3000),
    (0x10C1, 1, 0, 3),
    (0x10C2, 0, 0, 29),
    (0x10C3, 0, 0, 29),
    (0x10C4, 0, 0, 29),
    (0x10C5, 0, 0, 29),
) + tuple(
    [
        (first + i,) + limits
        for first in (0x10D0, 0x10D9, 0x10E2, 0x10EB)
        for i, limits in enumerate(((1, 1, 3),) + 4 * ((0, 0, 65535),) + 4 * ((819, 0, 4915),))
    ]
)
# 6.3.4: for all channels, then 16 groups of code, comparison, set point, delay, relay
ALARMS = ((0x1046, 0, 0, 1), (0x1047, 0, 0, 1), (0x1048, 0, 0, 65535), (0x1049, 0, 0, 255))
ALARMS += tuple([(address, 0, 0, 65535) for address in (0x104A, 0x104B, 0x104C, 0x104D)])
for _at in range(0x104E, 0x109E, 5):
    ALARMS += ((_at, 0, 0, 79), (_at + 1, 1, 1, 3), (_at + 2, 0, 0, 65535), (_at + 3, 0, 0, 3000))
    ALARMS += ((_at + 4, 0, 0, 8),)

# 4.7, table 4-2 and after: what is sealed always, and by which bit of 101EH
SEALED = tuple(range(0x1003, 0x100C)) + (0x100D, 0x100E, 0x100F) + tuple(range(0x1012, 0x101A))
SEALED += (0x101D, 0x101E) + tuple(range(0x103A, 0x103F))
SEALED += tuple(range(0x10A5, 0x10A9)) + tuple(range(0x10B7, 0x10BB))  # the DO rows of table 4-2
SEALED_BY_BIT = (
    (0x0FFE, 0x0FFF, 0x1001, 0x1002),
    (0x102F, 0x1030, 0x1031),
    (0x1011,),
    (0x109E, 0x109F, 0x10A3, 0x10A4, 0x10AA, 0x10AB, 0x10B0, 0x10B1, 0x10B5, 0x10B6, 0x10BC, 0x10BD),
)


def test_settings_are_the_manuals():
    rows = {p.SETTING + row[c.OFFSET]: row for row in kw320.SETTINGS}
    found = []
    for address, _, _, pid in kw320.SETTING_REGISTERS:
        found.append((address, rows[pid][c.DEFAULT], rows[pid][c.LOW], rows[pid][c.HIGH]))
    assert tuple(found) == MANUAL + ALARMS


def test_defaults_are_allowed():
    for row in kw320.SETTINGS:
        assert row[c.LOW] <= row[c.DEFAULT] <= row[c.HIGH]
        if row[c.CHOICES] is not None:
            assert row[c.DEFAULT] in row[c.CHOICES]
            for value in row[c.CHOICES]:
                assert row[c.LOW] <= value <= row[c.HIGH]


def sealed_rows():
    """Register and rule of the seal of what has a register."""
    seals = {p.SETTING + row[c.OFFSET]: row[c.SEAL] for row in kw320.SETTINGS}
    seals.update({p.COMMAND + row[c.OFFSET]: row[c.SEAL] for row in kw320.COMMANDS})
    rows = kw320.SETTING_REGISTERS + kw320.COMMAND_REGISTERS
    return [(row[c.ADDRESS], seals[row[c.POINT]]) for row in rows]


def test_seals():
    for address, seal in sealed_rows():
        expected = (p.SEAL_OPTIONS, 0) if address in SEALED else ()
        for bit, addresses in enumerate(SEALED_BY_BIT):
            if address in addresses:
                expected = (p.SEAL_OPTIONS, 1 << bit)
        assert kw320.SEALS[seal] == expected, hex(address)
    # energies always, the clock by bit 4, the run time by bit 2, clearing of counters by bit 3
    rules = {point: kw320.SEALS[rule] for point, rule in kw320.GUARDS}
    assert rules == {
        p.ENERGY: (p.SEAL_OPTIONS, 0),
        p.MONTH_ENERGY: (p.SEAL_OPTIONS, 0),
        p.SCHEDULE: (p.SEAL_OPTIONS, 0),
        p.STATE: (p.SEAL_OPTIONS, 16),
        p.STATE + p.RUN_TIME: (p.SEAL_OPTIONS, 4),
        p.MODULE + m.CLEAR_COUNTS: (p.SEAL_OPTIONS, 8),
    }


def test_each_setting_and_command_once():
    for table in (kw320.SETTINGS, kw320.COMMANDS):
        assert len({row[c.OFFSET] for row in table}) == len(table)
    addresses = [address for address, _ in sealed_rows()]
    assert len(set(addresses)) == len(addresses)


def registers():
    """The rows of all registers."""
    return kw320.REGIONS + kw320.SETTING_REGISTERS + kw320.COMMAND_REGISTERS


def mapped():
    """Every mapped address."""
    found = set()
    for row in registers():
        found.update(range(row[c.ADDRESS], row[c.ADDRESS] + row[c.REGISTERS]))
    return found


def test_blocks_of_6_3_have_no_holes():
    found = mapped()
    for first, last in (
        (0x0FFD, 0x1045),
        (0x109E, 0x10C5),
        (0x10D0, 0x10F3),
        (0x3000, 0x303B),
        (0x4000, 0x412A),
        (0x4136, 0x42A8),
        (0x4500, 0x45BF),
        (0x4349, 0x4380),
        (0x4620, 0x463D),
    ):
        for address in range(first, last + 1):
            assert address in found, hex(address)


def test_nothing_overlaps():
    assert sum(row[c.REGISTERS] for row in registers()) == len(mapped())


def test_writable_regions_are_mapped_and_apart():
    found = mapped()
    last = 0
    for first, end in kw320.WRITABLE:
        assert first > last
        last = end
        for address in range(first, end + 1):
            assert address in found


def test_places_of_some_readings():
    places = {}
    for first, count, kind, pid in kw320.REGIONS:
        if kind in ("float", "dword"):
            for i in range(count // 2):
                places[first + 2 * i] = (kind, pid + i)
    assert places[0x4000] == ("float", p.PRESENTED + p.FREQUENCY)
    assert places[0x400E] == ("float", p.PRESENTED + p.V31)
    assert places[0x401A] == ("float", p.PRESENTED + p.I_N)
    assert places[0x402A] == ("float", p.PRESENTED + p.Q_SUM)
    assert places[0x403A] == ("float", p.PRESENTED + p.PF_SUM)
    assert places[0x4040] == ("float", p.PRESENTED + p.LOAD_CHARACTER)
    assert places[0x300E] == ("float", p.FAST + p.V31)
    assert places[0x303A] == ("float", p.FAST + p.PF_SUM)
    assert places[0x4052] == ("dword", p.ENERGY + p.EP_NET)
    assert places[0x4058] == ("dword", p.ENERGY + p.ES)
    assert places[0x462C] == ("dword", p.ENERGY + p.EQ1_IMP)
    assert places[0x463C] == ("dword", p.ENERGY + p.ES1 + 2)
    assert places[0x4353] == ("dword", p.MODULE + m.COUNT1 + 5)


def words():
    """Address and point of every one-register reading."""
    places = {}
    for first, count, kind, pid in kw320.REGIONS:
        if kind == "word":
            for i in range(count):
                places[first + i] = pid + i
    return places


def test_places_of_the_harmonics():
    # 6.3.7: first address of 2nd to 31st, of the sums after them, of 32nd to 63rd
    places = words()
    v, i = p.HARMONIC + p.HARMONIC_V1, p.HARMONIC + p.HARMONIC_I1
    for k, low, sums, high in (
        (0, 0x4062, 0x4080, 0x4500),
        (1, 0x4084, 0x40A2, 0x4520),
        (2, 0x40A6, 0x40C4, 0x4540),
    ):
        at = v + 66 * k
        for h in range(2, 64):
            assert places[low + h - 2 if h < 32 else high + h - 32] == at + h - 2
        # odd, even, crest factor, THFF
        assert [places[sums + n] for n in range(4)] == [at + 62, at + 63, at + 64, at + 65]
    for k, low, sums, high in (
        (0, 0x40C8, 0x40E6, 0x4560),
        (1, 0x40E9, 0x4107, 0x4580),
        (2, 0x410A, 0x4128, 0x45A0),
    ):
        at = i + 65 * k
        for h in range(2, 64):
            assert places[low + h - 2 if h < 32 else high + h - 32] == at + h - 2
        assert [places[sums + n] for n in range(3)] == [at + 62, at + 63, at + 64]
    assert [places[0x405A + n] for n in range(8)] == [p.HARMONIC + n for n in range(8)]
    assert places[0x429A] == p.HARMONIC + p.SEQUENCE_I and places[0x429F] == p.HARMONIC + p.HARMONICS - 1


def test_places_of_the_extremes():
    places = words()
    # spec: I1 at 4160H, S demand at 41A6H, the last maximum ends at 41E4H; minima from 41E5H to 4293H
    for address, quantity in (
        (0x4136, 0),
        (0x4159, 5),
        (0x4160, 6),
        (0x41A6, 16),
        (0x41B4, 18),
        (0x41DE, 24),
    ):
        assert places[address] == p.EXTREME + 7 * quantity
    assert places[0x41E4] == p.EXTREME + 174
    assert places[0x41E5] == p.EXTREME + 175 and places[0x4293] == p.EXTREME + 349
    assert 0x4293 in places and places[0x4294] == p.HARMONIC + p.SEQUENCE_U


def test_variants_and_types_of_current_input():
    rows = {row[c.OFFSET]: row for row in variants.settings(kw320)}
    assert (rows[p.CT1][c.DEFAULT], rows[p.CT2][c.DEFAULT]) == (1, 333)
    assert rows[p.NOMINAL_FREQUENCY][c.CHOICES] is None
    rows = {row[c.OFFSET]: row for row in variants.settings(kw320, "kw320q", "rct")}
    assert (rows[p.CT1][c.DEFAULT], rows[p.CT2][c.DEFAULT]) == (1000, 100)
    assert rows[p.NOMINAL_FREQUENCY][c.CHOICES] == (0, 1)
    assert kw320.CT2_COUNTS == (1, 5)
    for bad in (("kw321", "sc"), ("kw320", "ct")):
        try:
            variants.settings(kw320, *bad)
        except ValueError:
            continue
        raise AssertionError(bad)


def test_a_model_is_found_by_its_name():
    assert models.load("kw320") is kw320
    try:
        models.load("kw999")
    except ImportError:
        return
    raise AssertionError


def test_everything_has_a_name():
    assert sorted([row[0] for row in names.SETTINGS]) == [row[c.OFFSET] for row in kw320.SETTINGS]
    assert [row[0] for row in names.COMMANDS] == [row[c.OFFSET] for row in kw320.COMMANDS]
    assert len(names.ENERGIES) == p.ENERGIES
    # the sum of the currents has no register here
    assert len(names.READINGS) == p.I_SUM
    others = [row[0] for row in names.OTHERS]
    without = [row[0] for row in names.WITHOUT_POINT]
    records = {row[0]: row[1] * len(row[2]) for row in names.RECORDS}
    for first, count, kind, pid in kw320.REGIONS:
        if kind in ("hole", "absent"):
            assert first in without
        elif kind == "block":
            lines = dict(names.BLOCKS)[pid]
            start = lines[0][0]
            for place, words, *_ in lines:
                assert place == start
                start += words
            assert start - lines[0][0] == count
        elif pid in records:
            assert records[pid] == count
        elif pid >= p.STATE and pid != p.MONTH_ENERGY:
            for i in range(count // 2 if kind in ("dword", "float") else count):
                assert pid + i in others


def test_ports():
    assert [row[0] for row in kw320.PORTS] == ["rs485", "rs485b", "network"]
    assert kw320.PORTS[1][c.PORT_ADDRESS : c.SPEAKS] == (p.ADDRESS_2, p.BAUD_2, p.PARITY_2)
    assert [[name for name, _ in row[c.SPEAKS]] for row in kw320.PORTS] == [
        ["modbus", "dnp3"],
        ["modbus"],
        ["dnp3"],
    ]


def test_a_version_is_loaded_by_its_own_name():
    q = models.load("kw320q")
    assert (q.NAME, q.__name__) == ("kw320q", "fourquad.models.kw320")
    assert q.PORTS is kw320.PORTS
    own = {row[c.OFFSET]: row for row in kw320.SETTINGS}
    changed = [row for row in q.SETTINGS if row[c.OFFSET] in own and row != own[row[c.OFFSET]]]
    assert [(row[c.OFFSET], row[c.CHOICES]) for row in changed] == [
        (p.NOMINAL_FREQUENCY, (0, 1))
    ]  # no 400 Hz
    assert models.load("kw320") is kw320


def test_a_version_has_what_the_model_has_and_tables_of_its_own():
    q = models.load("kw320q")
    for name in (
        "PARTS",
        "REGIONS",
        "COMMANDS",
        "COMMAND_REGISTERS",
        "SETTING_REGISTERS",
        "WRITABLE",
        "LIMITS",
    ):
        table, longer = getattr(kw320, name), getattr(q, name)
        assert longer[: len(table)] == table and len(longer) > len(table), name
    assert "events.quality" in q.PARTS and "events.quality" not in kw320.PARTS
    offsets = [row[c.OFFSET] for row in q.SETTINGS]
    assert offsets == sorted(offsets) and p.SAG_HALVES in offsets
    assert p.SAG_HALVES not in [row[c.OFFSET] for row in kw320.SETTINGS]


def test_the_type_of_the_current_input_changes_defaults():
    for name in ("kw320", "kw320q"):
        rows = {row[c.OFFSET]: row[c.DEFAULT] for row in models.load(name, "rct").SETTINGS}
        assert (rows[p.CT1], rows[p.CT2]) == (1000, 100)
        rows = {row[c.OFFSET]: row[c.DEFAULT] for row in models.load(name, "sc").SETTINGS}
        assert (rows[p.CT1], rows[p.CT2]) == (1, 333)
    for bad in (("kw320x",), ("kw320", "x")):
        try:
            models.load(*bad)
        except (ImportError, ValueError):
            continue
        raise AssertionError(bad)
