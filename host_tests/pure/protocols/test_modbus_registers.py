"""The compiled register map of the KW320 over a fake meter."""

from struct import pack, unpack

from protocols.modbus_fakes import FakeMeter, setting_registers

from fourquad import points as p
from fourquad.points import modules as m
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.protocols.modbus.rtu import Slave


def as_float(words):
    return unpack(">f", pack(">HH", *words))[0]


def test_readings_follow_the_basic_mode():
    meter = FakeMeter()
    for mode, factor in ((0, 0.5), (1, 1.5), (0, 0.5)):
        assert meter.write(0x101D, mode) == 0
        for i in range(33):
            assert as_float(meter.read(0x4000 + 2 * i, 2)) == factor * i
            assert as_float(meter.read(0x4000, 66)[2 * i : 2 * i + 2]) == factor * i


def test_fast_readings():
    meter = FakeMeter()
    words = meter.read(0x3000, 60)
    for i in range(30):
        assert as_float(words[2 * i : 2 * i + 2]) == -0.25 * i


def test_any_part_of_a_block_is_the_part_of_the_whole():
    meter = FakeMeter()
    meter.energy.values[p.EP_NET] = -2
    whole = meter.read(0x4000, 125)
    for first in range(125):
        for count in (1, 2, 3, 125 - first):
            if first + count <= 125:
                assert meter.read(0x4000 + first, count) == whole[first : first + count]


def test_energies():
    meter = FakeMeter()
    meter.energy.values[p.EP_NET] = -2
    words = meter.read(0x4048, 18) + meter.read(0x4620, 30)
    for i in range(p.ENERGIES):
        assert unpack(">i", pack(">HH", *words[2 * i : 2 * i + 2]))[0] == meter.energy.values[i]


def test_presets_of_energies():
    meter = FakeMeter()
    assert meter.write(0x4048, 999999999 >> 16, 999999999 & 0xFFFF) == 0
    assert meter.energy.values[p.EP_IMP] == 999999999
    assert meter.write(0x4048, 1000000000 >> 16, 1000000000 & 0xFFFF) == 3
    assert meter.write(0x4052, 0xFFFF, 0xFFFE) == 0
    assert meter.energy.values[p.EP_NET] == -2
    assert meter.write(0x4048, 0xFFFF, 0xFFFE) == 3
    before = list(meter.energy.values)
    assert meter.write(0x4049, 1) == 2
    assert meter.write(0x4048, 1) == 2
    assert meter.write(0x4048, 0, 1, 0) == 2
    assert meter.write(0x4049, 0, 0, 1) == 2
    assert list(meter.energy.values) == before
    assert meter.write(0x4620, *([0, 7] * 15)) == 0
    assert list(meter.energy.values[p.EP1_IMP :]) == [7] * 15
    meter.settings.sealed = True
    assert meter.write(0x4048, 0, 1) == 4


def test_harmonics_and_extremes_are_words():
    meter = FakeMeter()
    expected = list(range(8)) + list(range(8, 38)) + list(range(70, 74)) + list(range(74, 104))
    assert meter.read(0x405A, 72) == [3 * i for i in expected]
    assert meter.read(0x412A, 1) == [3 * 400]
    assert meter.read(0x45BF, 1) == [3 * 397]
    meter.harmonics[p.SEQUENCE_U] = -5
    assert meter.read(0x4294, 2) == [65531, 3 * 402]
    assert meter.read(0x4136, 3) == [0, 65534, 65532]
    assert meter.read(0x4293, 1) == [65536 - 698]
    for address in (0x405A, 0x4136, 0x4294, 0x4500):
        assert meter.write(address, 0) == 2


def test_angles_are_in_tenths():
    meter = FakeMeter()
    for i, value in enumerate((120.04, 239.96, 0.0, 359.97, float("nan"))):
        meter.secondary[p.ANGLE_V2 + i] = value
    assert meter.read(0x42A0, 9) == [1200, 2400, 0, 3600, 0, 0, 0, 0, 0]


def test_settings_read_as_they_are():
    meter = FakeMeter()
    for address, words, (offset, _, default, _, _, _) in setting_registers(meter.model):
        if words == 2:
            assert meter.read(address, 2) == [default >> 16, default & 0xFFFF]
        else:
            assert meter.read(address, 1) == [meter.settings.get(offset)]
    assert meter.read(0x0FFD, 6) == [0, 0, 3, 0, 1, 19200]
    assert meter.read(0x0FFD, 73)[:6] == [0, 0, 3, 0, 1, 19200]


def test_settings_at_their_limits():
    meter = FakeMeter()
    for address, words, (offset, _, default, low, high, choices) in setting_registers(meter.model):
        good = choices or (low, high, default)
        second = 0x10B0 <= address <= 0x10C1 or address in (0x10C4, 0x10C5) or address >= 0x10E2
        meter.io.connect(["io12", "io22", "io32"] if second else ["io11", "io21", "io31"])
        if address >= 0x10D0:
            # of 4-20 mA the lowest output is another
            for kind in (m.IO21_AO_TYPE, m.IO22_AO_TYPE):
                meter.settings.write(kind, 0)
        for value in good:
            given = (value >> 16, value & 0xFFFF) if words == 2 else (value,)
            assert meter.write(address, *given) == 0
            assert meter.settings.get(offset) == value
            if address == 0x1001:
                meter.settings.default(p.ADDRESS_1, 1)
        last = meter.settings.get(offset)
        for value in (low - 1, high + 1):
            if 0 <= value <= 0xFFFF or words == 2:
                given = (value >> 16, value & 0xFFFF) if words == 2 else (value,)
                assert meter.write(address, *given) == 3
        if choices:
            for value in range(low, high + 1):
                if value not in choices:
                    assert meter.write(address, value) == 3
                    break
        assert meter.settings.get(offset) == last


def test_a_kw320q_refuses_400_hz():
    for name, why in (("kw320", 0), ("kw320q", 3)):
        meter = FakeMeter(name)
        assert meter.write(0x0FFD, 1) == 0
        assert meter.write(0x0FFD, 2) == why
        assert meter.read(0x0FFD, 1) == [1 if why else 2]


def test_pt1_is_one_value():
    meter = FakeMeter()
    assert meter.write(0x1005, 5000000 >> 16, 5000000 & 0xFFFF) == 0
    assert meter.settings.get(p.PT1) == 5000000
    assert meter.read(0x1005, 2) == [5000000 >> 16, 5000000 & 0xFFFF]
    assert meter.write(0x1005, 0) == 2
    assert meter.write(0x1006, 1000) == 2
    assert meter.write(0x1004, 0, 0) == 2
    assert meter.write(0x1006, 1000, 1000) == 2
    assert meter.settings.get(p.PT1) == 5000000
    assert meter.write(0x1004, 1, 0, 500, 500) == 0
    assert (meter.settings.get(p.PT1), meter.settings.get(p.PT2)) == (500, 500)


def test_a_refused_request_stores_nothing():
    meter = FakeMeter()
    before = [list(group.values) for group in meter.settings.groups]
    assert meter.write(0x100A, 5, 5, 5, 31) == 3
    assert meter.write(0x1012, 1, 1, 1, 1, 1, 2) == 3
    assert [list(group.values) for group in meter.settings.groups] == before
    assert meter.done == []


def test_a_request_cannot_store_what_does_not_go_together():
    meter = FakeMeter()
    # protocol, parity, password, address: an address of DNP3 cannot stay when Modbus comes back with it
    meter.settings.write(p.PROTOCOL_1, 1)
    meter.settings.write(p.ADDRESS_1, 40000)
    assert meter.registers.write(0x0FFE, 4, bytes((0, 0, 0, 3, 0, 0, 0x9C, 0x40)), 0) == 0
    assert meter.read(0x0FFE, 4) == [0, 3, 0, 1]
    # 400 Hz has full-wave energies only
    words = meter.read(0x0FFD, 27)
    words[0], words[26] = 2, 0
    assert meter.write(0x0FFD, *words) == 0
    assert meter.read(0x0FFD, 1) + meter.read(0x1017, 1) == [2, 1]
    assert meter.write(0x1017, 0) == 3


def test_a_request_changes_a_setting_and_the_range_that_follows_from_it():
    meter = FakeMeter()
    changed = []
    meter.settings.on_change = changed.append

    def write(address, *words):
        # what the slave's address is does not matter here
        return meter.registers.write(address, len(words), pack(f">{len(words)}H", *words), 0)

    def now():
        return [meter.settings.get(offset) for offset in (p.PROTOCOL_1, p.PARITY_1, p.ADDRESS_1)]

    # an address that only DNP3 has, with DNP3: protocol, parity, password, address
    assert write(0x1001, 40000) == 3
    assert write(0x0FFE, 1, 3, 0, 40000) == 0 and now() == [1, 3, 40000]
    assert changed == [p.PROTOCOL_1, p.ADDRESS_1]
    # and back; the address is never another one between the two
    assert write(0x0FFE, 0, 3, 0, 7) == 0 and now() == [0, 3, 7]
    assert changed[2:] == [p.PROTOCOL_1, p.ADDRESS_1]
    # neither in the range that is nor in the one that comes
    before = meter.snapshot()
    assert write(0x0FFE, 1, 3, 0, 65520) == 3
    assert write(0x0FFE, 0, 3, 0, 248) == 3
    # the request that makes the range is refused for another reason
    assert write(0x0FFE, 1, 4, 0, 40000) == 3
    # what an earlier request asked for is forgotten
    assert write(0x1001, 40000) == 3
    assert meter.snapshot() == before


def test_regions_are_written_one_by_one():
    meter = FakeMeter()
    assert meter.write(0x101D, 0, 0) == 2
    assert meter.write(0x103E, 0, 1) == 2
    assert meter.write(0x1045, 0, 0) == 2
    assert meter.write(0x0FFC, 0, 0) == 2
    assert meter.write(0x4047, 0, 0, 0) == 2
    assert meter.write(0x4058, 0, 0, 0) == 2
    words = meter.read(0x0FFD, 33)
    assert meter.write(0x0FFD, *words) == 0  # an exported configuration goes back
    assert meter.read(0x0FFD, 33) == words
    assert meter.done == []


def test_commands():
    meter = FakeMeter()
    for i, (address, _, _, pid, act, idle) in enumerate(meter.model.COMMAND_REGISTERS):
        offset = pid - p.COMMAND
        assert meter.read(address, 1) == [idle[0]]
        for value in idle:
            assert meter.write(address, value) == 0
        assert len(meter.done) == i
        assert meter.write(address, act) == 0
        assert meter.done[-1] == offset
        assert meter.read(address, 1) == [idle[0]]
        for value in (2, 0x55, 0xFF, 0xFFFF, 0x100 | act):
            if value not in idle:
                assert meter.write(address, value) == 3
        assert len(meter.done) == i + 1


def test_status():
    meter = FakeMeter()
    assert meter.read(0x1034, 2) == [123456789 >> 16, 123456789 & 0xFFFF]
    assert meter.write(0x1034, 999999999 >> 16, 999999999 & 0xFFFF) == 0
    assert meter.read(0x1034, 2) == [999999999 >> 16, 999999999 & 0xFFFF]
    assert meter.write(0x1034, 1000000000 >> 16, 1000000000 & 0xFFFF) == 3
    assert meter.write(0x1034, 0) == meter.write(0x1035, 0) == meter.write(0x1034, 0, 5, 0) == 2
    assert meter.read(0x1036, 1) == [1]
    assert meter.write(0x1036, 1) == 2
    assert meter.write(0x101F, 10) == 2
    for address in (0x1020, 0x1022, 0x102D, 0x1037, 0x10C6, 0x10CF):
        assert meter.read(address, 1) == [0]
        assert meter.write(address, 0) == 0
        assert meter.write(address, 1) == 3


def test_flags_can_be_cleared():
    meter = FakeMeter()
    for address in (0x102E, 0x1032, 0x1033):
        assert meter.read(address, 1) == [0]
        assert meter.write(address, 0) == 0
        assert meter.write(address, 4) == 3
    assert meter.write(0x1032, 0, 0) == 0
    assert meter.write(0x1032, 0, 0, 0, 99) == 0  # with the run time after them
    assert meter.read(0x1034, 2) == [0, 99]
    assert meter.write(0x1032, 0, 1, 0, 98) == 3
    assert meter.read(0x1034, 2) == [0, 99]


def test_holes_of_the_loggable_ranges_read_0():
    meter = FakeMeter()
    loggable = ((0x4000, 0x412B), (0x4294, 0x42A8), (0x4349, 0x4398), (0x4500, 0x461B), (0x4620, 0x463D))
    for first, last in loggable:
        for address in range(first, last + 1):
            count = min(125, last + 1 - address)
            assert len(meter.read(address, count)) == count, hex(address)
    for address, count in ((0x412B, 1), (0x42A5, 4), (0x4381, 24), (0x45C0, 64), (0x461B, 1)):
        assert meter.read(address, count) == [0] * count
        assert meter.write(address, 0) == 2


def test_no_mesh_module_is_connected():
    meter = FakeMeter()
    # 4F02H: 0 is "not connected"; then 16 and 20 characters
    assert meter.read(0x4F02, 19) == [0] * 19
    assert meter.write(0x4F02, 0) == 2 and meter.read(0x4F01, 1) == meter.read(0x4F15, 1) == -2


def test_clock_changes_as_a_whole():
    meter = FakeMeter()
    assert meter.read(0x103F, 7) == [4, 2026, 1, 1, 12, 30, 15]
    assert meter.write(0x103F, 4, 2028, 2, 29, 23, 59, 59) == 0
    assert meter.read(0x103F, 7) == [2, 2028, 2, 29, 23, 59, 59]  # a Tuesday, whatever was written
    assert meter.write(0x1040, 2027) == 3  # 29 February 2027
    assert meter.write(0x1041, 4, 31) == 3
    assert meter.write(0x1041, 3, 31) == 0
    assert meter.write(0x1041, 4) == 3
    assert meter.write(0x1041, 4, 30) == 0
    assert meter.write(0x1043, 24) == 3
    assert meter.read(0x103F, 7) == [0, 2028, 4, 30, 23, 59, 59]


def test_seals():
    meter = FakeMeter()
    assert meter.write(0x101E, 0b00101) == 0
    meter.settings.sealed = True
    assert meter.read(0x101F, 1) == [10]
    for address in (0x1003, 0x1008, 0x1009, 0x100D, 0x100F, 0x1016, 0x1019, 0x101D, 0x101E):
        assert meter.write(address, 1) == 4
    for address, value in ((0x0FFE, 0), (0x0FFF, 1), (0x1001, 1), (0x1002, 9600), (0x1011, 1)):
        assert meter.write(address, value) == 4
    for address, value in ((0x1030, 1), (0x102F, 9600), (0x101C, 1), (0x109E, 1), (0x1000, 5)):
        assert meter.write(address, value) == 0
    assert meter.write(0x1000, 1, 1, 9600) == 4
    assert meter.settings.get(p.PASSWORD) == 5


def test_settings_of_modules():
    meter = FakeMeter()
    assert meter.read(0x109E, 5) == [0, 1, 0, 0, 50]
    assert meter.write(0x109E, 63, 65535, 1, 1, 3000) == 0
    assert meter.write(0x10A2, 3001) == 3
    assert meter.write(0x10A3, 0) == 4
    assert meter.write(0x10A2, 50, 0) == 4
    assert meter.read(0x10A2, 2) == [3000, 0]
    meter.io.connect([])
    assert meter.write(0x10A2, 50) == 4
    assert meter.read(0x10A2, 1) == [3000]


def test_pulse_counters():
    meter = FakeMeter()
    meter.io.counts[5] = 0x12345
    assert meter.read(0x4349, 12) == [0xFFFF, 0xFFFE] + [0] * 8 + [1, 0x2345]
    assert meter.read(0x4355, 44) == [0] * 44
    assert meter.write(0x4349, 0, 0) == 2


class Asked:
    def __init__(self, provider):
        self.read = provider.read
        self.check = provider.check
        self.write = provider.write


def test_a_provider_without_an_array_is_asked():
    meter = FakeMeter()
    meter.settings.default(p.PT1, 5000000)
    meter.settings.default(p.BAUD_1, 38400)
    expected = meter.read(0x0FFD, 73), meter.read(0x4048, 18)
    for group in meter.settings.groups:
        meter.points.provide(p.SETTING + group.first, Asked(group))
    meter.points.provide(p.ENERGY, Asked(meter.energy))
    meter.registers = RegisterMap(meter.model, meter.points)
    meter.slave = Slave(meter.registers, p.SETTING + p.ADDRESS_1)
    assert (meter.read(0x0FFD, 73), meter.read(0x4048, 18)) == expected


def test_a_map_that_overlaps_is_refused():
    meter = FakeMeter()

    class Model:
        COILS = INPUTS = WRITABLE = NEEDS_MODULE = ()
        REGIONS = ((1, 4, "hole", 0), (3, 2, "reserved", 0))

    try:
        RegisterMap(Model, meter.points)
    except ValueError:
        return
    raise AssertionError
