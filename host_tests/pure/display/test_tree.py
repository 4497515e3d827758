"""The S4100's panel: pages of each system type, words, units, alerts, passwords, set-up, resets, recovery."""

import panel_bench

from fourquad import points as p
from fourquad.display import values
from fourquad.models.s4100 import menu as table
from fourquad.points import billing as b
from fourquad.points import system as s

S = p.SETTING
IEC, IEEE = 0, 1


class Bench(panel_bench.Bench):
    """The meter's four keys; readings are put in by hand."""

    def __init__(self):
        super().__init__("s4100", table)

    def up(self, times=1):
        for _ in range(times):
            self.press("UP")

    def down(self, times=1):
        for _ in range(times):
            self.press("DOWN")

    def left(self, times=1):
        for _ in range(times):
            self.press("LEFT")

    def right(self, times=1):
        for _ in range(times):
            self.press("RIGHT")

    def to(self, name, note=None):
        """Down to a page of the ring."""
        for _ in range(60):
            if self.screen.name == name and note in (None, self.screen.note):
                return
            self.down()
        raise AssertionError(name)

    def ring(self):
        """Name, note, value and unit of each page of the ring, from the present one on."""
        out = []
        while True:
            out.append(self.seen)
            self.down()
            if self.seen == out[0]:
                return out

    def open(self, name):
        """A page of SETUP, or of RESET, by the password 00000."""
        self.to(name)
        self.right(6)
        assert (self.screen.path, self.screen.mode) == (name, "browse")

    def enter(self, digits):
        """Digits of a number, from the first to the last, and take it."""
        for digit in digits:
            for _ in range(10):
                seen = self.screen.value.replace(".", "")[self.screen.flash]
                if seen == digit:
                    break
                self.up()
            self.right()

    def readings(self, **given):
        for name in given:
            for side in (self.meter.readings.secondary, self.meter.readings.primary):
                side[getattr(p, name)] = given[name]
        self.wait(0)

    @property
    def seen(self):
        return self.screen.name, self.screen.note, self.screen.value, self.screen.unit

    @property
    def field(self):
        return self.screen.path, self.screen.name, self.screen.value


def test_the_ring_of_data_goes_round_both_ways():
    bench = Bench()
    assert bench.seen == ("Wh", "IMP", "0", "Wh") and bench.screen.keys == "UD"
    names = [name for name, _, _, _ in bench.ring()]
    # what the manual's legend names, in IEEE words as delivered
    for word in ("W", "VAR", "VA", "W D", "W M", "A", "VLL", "VLN", "PF", "HZ", "Wh", "VARh", "VAh"):
        assert word in names, word
    assert names[-5:] == ["3PHASE", "ALERT", "INFO", "RESET", "SETUP"]
    bench.up()
    assert bench.screen.name == "SETUP" and bench.screen.keys == "UDR"
    bench.down()
    assert bench.seen[:2] == ("Wh", "IMP")
    # from anywhere in it the key that goes back finds its beginning
    bench.down(7)
    bench.left()
    assert bench.seen[:2] == ("Wh", "IMP")
    assert bench.ring()[2][1] == "NET"


def test_words_of_iec_and_ieee():
    pairs = (
        ("P", "W"),
        ("Q", "VAR"),
        ("S", "VA"),
        ("P D", "W D"),
        ("P MAX", "W M"),
        ("U", "VLL"),
        ("V", "VLN"),
        ("Ph", "Wh"),
        ("Qh", "VARh"),
        ("Sh", "VAh"),
    )
    bench = Bench()
    ieee = [name for name, _, _, _ in bench.ring()]
    bench.points.write(S + s.DISPLAY_UNITS, IEC)
    bench.wait(0)
    iec = [name for name, _, _, _ in bench.ring()]
    assert len(iec) == len(ieee)
    for one, other in pairs:
        assert ieee[iec.index(one)] == other, one
    assert iec[-1] == "SETUP"
    bench.to("3PHASE")
    bench.right()
    assert [name for name, _, _, _ in bench.ring()][-6:] == ["UAB", "UBC", "UAC", "V", "V", "V"]
    bench.points.write(S + s.DISPLAY_UNITS, IEEE)
    bench.wait(0)
    assert [name for name, _, _, _ in bench.ring()][-6:] == ["VAB", "VBC", "VAC", "VLN", "VLN", "VLN"]


def test_what_a_system_type_has_not_is_not_shown():
    # from the manual's table of system types: how many phases are there; powers, currents, lines, to neutral
    types = (
        (40, "3PHASE", "ABC", "ABC", 3, "ABC"),
        (31, "3PHASE", "", "ABC", 3, ""),
        (12, "2PHASE", "AB", "AB", 1, "AB"),
        (11, "1PHASE", "A", "A", 1, ""),
        (10, "1PHASE", "A", "A", 0, "A"),
    )
    bench = Bench()
    for code, word, powers, currents, lines, stars in types:
        bench.points.write(S + s.SYSTEM_TYPE, code)
        bench.readings(V1=277.0, V2=277.0, V3=277.0, V12=480.0, V23=480.0, V31=480.0, V_AVG=277.0)
        bench.readings(VL_AVG=480.0, FREQUENCY=60.0)
        main = {name: value for name, _, value, _ in bench.ring()}
        assert [name for name in main if "PHASE" in name] == [word]
        assert (main["VLL"] != "----") == (lines > 0) and (main["VLN"] != "----") == (stars != "")
        assert main["HZ"] == "60.00"
        bench.to(word)
        bench.right()
        assert bench.screen.path == word
        pages = bench.ring()
        for name, phases in (("W", powers), ("VAR", powers), ("VA", powers), ("PF", powers), ("A", currents)):
            assert "".join([note for n, note, _, _ in pages if n == name]) == phases, (code, name)
        assert "".join([note for n, note, _, _ in pages if n == "VLN"]) == stars
        assert [n for n, _, _, _ in pages if n in ("VAB", "VBC", "VAC")] == ["VAB", "VBC", "VAC"][:lines]
        assert "----" not in [value for _, _, value, _ in pages]
        bench.left()
        bench.left()


def test_a_page_that_a_master_takes_away():
    bench = Bench()
    bench.to("3PHASE")
    bench.right()
    bench.up()
    assert bench.seen[:2] == ("VLN", "C")
    bench.points.write(S + s.SYSTEM_TYPE, 10)
    bench.wait(500)
    assert bench.seen[1] == "A"
    bench.left()
    assert bench.screen.name == "1PHASE"


def test_units_grow_with_the_value():
    # five digits at most, rounded
    cases = (
        (0.0, "0.000", ""),
        (9.9994, "9.999", ""),
        (99.9996, "100.00", ""),
        (999.994, "999.99", ""),
        (999.996, "1.000", "k"),
        (99999.4, "99.999", "k"),
        (123456.0, "123.46", "k"),
        (-12345678.0, "-12.346", "M"),
        (2.5e8, "250.00", "M"),
        (3.2e9, "3.200", "G"),
        (1e13, "----", ""),
        (-0.0001, "0.000", ""),
    )
    for value, text, prefix in cases:
        assert values.scaled(lambda pid, default, v=value: v, 1, ("scaled",)) == (text, prefix), value
    # an energy: counts of 10 Wh, cut off as a register is
    energies = (
        (0, "0", ""),
        (99, "990", ""),
        (100, "1.00", "k"),
        (99999, "999.99", "k"),
        (100000, "1.000", "M"),
        (9999999, "99.999", "M"),
        (12345678, "123.45", "M"),
        (999999999, "9.999", "G"),
        (-123456, "-1.234", "M"),
    )
    for counts, text, prefix in energies:
        given = {7: counts, p.BILLING + b.ENERGY_COUNT: 10}
        assert values.scaled(given.get, 7, ("scaled energy",)) == (text, prefix), counts
    for value in (None, float("nan"), float("inf"), -float("inf")):
        assert values.scaled(lambda pid, default, v=value: v, 1, ("scaled",)) == ("----", "")
    bench = Bench()
    bench.readings(P_SUM=-83200.0)
    bench.to("W")
    assert bench.seen == ("W", "", "-83.200", "kW")
    bench.meter.intervals.maxima[3] = 1.5e6
    bench.to("W M", "EXP")
    assert bench.seen == ("W M", "EXP", "1.500", "MW")
    bench.meter.directions._counts[1] = 123456
    bench.to("MVAh", "EXP")
    assert bench.seen == ("MVAh", "EXP", "1.234", "MVAh")
    bench.points.write(S + s.DISPLAY_UNITS, IEC)
    bench.wait(0)
    assert bench.seen == ("MSh", "EXP", "1.234", "MVAh")


def test_alerts_the_wrench_and_the_heart():
    bench = Bench()
    bench.meter.alerts.bits = 1 << 14
    bench.wait(500)
    assert not bench.screen.wrench  # the clock is no input of the meter
    one = bench.screen.heart
    bench.wait(500)
    assert bench.screen.heart != one
    bench.to("ALERT")
    bench.right()
    assert [(name, value) for name, _, value, _ in bench.ring()] == [
        ("PLOSS", "OK"),
        ("LOWPF", "OK"),
        ("FERR", "OK"),
        ("I OVR", "OK"),
        ("V OVR", "OK"),
        ("RTC", "RESET"),
    ]
    # BI1 is bit 0: V of A and C, I of B, frequency, phase loss of C, power factor of A and B
    bench.meter.alerts.bits = 0b101 | 1 << 4 | 1 << 6 | 1 << 10 | 3 << 11
    bench.wait(500)
    assert bench.screen.wrench
    assert [(name, value) for name, _, value, _ in bench.ring()] == [
        ("PLOSS", "C"),
        ("LOWPF", "A B"),
        ("FERR", "A"),
        ("I OVR", "B"),
        ("V OVR", "A C"),
        ("RTC", "OK"),
    ]
    for bit in range(14):
        bench.meter.alerts.bits = 1 << bit
        bench.wait(0)
        assert bench.screen.wrench
    bench.meter.alerts.bits = 0
    bench.wait(0)
    assert not bench.screen.wrench


def test_unit_information():
    bench = Bench()
    bench.meter.identity.begin(b"FQ-0042")
    bench.to("INFO")
    bench.right()
    assert [(name, value) for name, _, value, _ in bench.ring()] == [
        ("MODEL", "S4100"),
        ("OS", "1.000"),
        ("RS", "1.000"),
        ("SN", "FQ-0042"),
    ]
    # nothing is below a value
    bench.right()
    assert bench.screen.path == "INFO" and bench.screen.keys == "UDL"
    bench.left()
    assert (bench.screen.name, bench.screen.path) == ("INFO", "")


def test_passwords():
    bench = Bench()
    bench.points.write(S + p.PASSWORD, 90210)
    bench.points.write(S + s.RESET_PASSWORD, 12345)
    for name, digits, first in (("SETUP", "90210", "S BAC"), ("RESET", "12345", "ENERG")):
        bench.to(name)
        bench.right()
        assert bench.field == (name, "PASWD", "00000") and bench.screen.flash == 0
        bench.enter("00000")
        assert bench.field == (name, "PASWD", "Err") and bench.screen.mode == "password"
        # the other one does not open it either
        bench.enter("12345" if name == "SETUP" else "90210")
        assert bench.field == (name, "PASWD", "Err")
        bench.left()
        assert (bench.screen.name, bench.screen.path) == (name, "")
        bench.right()
        assert bench.screen.value == "00000"
        bench.enter(digits)
        assert (bench.screen.path, bench.screen.name) == (name, first)
        bench.left()


def test_keys_in_a_number():
    bench = Bench()
    bench.to("SETUP")
    bench.right()
    # up raises the digit, down goes to the one at its left and stays at the first
    bench.up(3)
    bench.right(2)
    bench.up(11)
    assert bench.screen.value == "30100" and bench.screen.flash == 2
    bench.down()
    bench.up(2)
    assert bench.screen.value == "32100" and bench.screen.flash == 1
    bench.down(5)
    bench.up(7)
    assert bench.screen.value == "02100" and bench.screen.flash == 0
    bench.left()
    assert bench.screen.mode == "browse" and bench.screen.path == ""


# Screen, field, setting, what is entered, what it is then, what is entered and refused (the manual's ranges).
NUMBERS = (
    ("S BAC", "MAC", p.ADDRESS_1, "001", ("000", "127"), (0, 127), ("128", "999")),
    ("S CT", "CT SZ", p.CT1, "00100", ("00005", "32000"), (5, 32000), ("00004", "32001")),
    ("S V", "V LL", s.SYSTEM_VOLTAGE, "00600.0", ("00082.0", "00660.0"), (820, 6600), ("00081.9", "00660.1")),
    ("S PT", "RATIO", p.PT1, "001.00", ("000.01", "320.00"), (1, 32000), ("000.00", "320.01")),
    ("S PLOS", "VOLTS", s.LOSS_THRESHOLD, "0.10", ("0.01", "0.99"), (1, 99), ("0.00", "1.00")),
    ("S PLOS", "IMBAL", s.IMBALANCE_THRESHOLD, "0.25", ("0.01", "0.99"), (1, 99), ("0.00", "1.00")),
    ("S DEM", "INTRV", s.SUB_INTERVALS, "1", ("6", "1"), (6, 1), ("0", "7")),
    (
        "S DEM",
        "SEC",
        s.SUB_INTERVAL,
        "00900",
        ("00010", "00000", "32767"),
        (1000, 0, 3276700),
        ("00009", "32768"),
    ),
    ("S PASS", "SETUP", p.PASSWORD, "00000", ("99999", "00000"), (99999, 0), ()),
    ("S PASS", "RESET", s.RESET_PASSWORD, "00000", ("99999", "00001"), (99999, 1), ()),
)


def test_every_number_of_the_set_up():
    bench = Bench()
    bench.open("SETUP")
    for screen, name, offset, default, texts, stored, refused in NUMBERS:
        bench.to(screen)

        def begin(name=name):
            bench.right()
            for _ in range(20):
                if bench.screen.name == name:
                    return
                bench.right()
            raise AssertionError(name)

        begin()
        assert bench.field == (screen, name, default), bench.field
        bench.left()
        for i, text in enumerate(texts):
            begin()
            bench.enter(text.replace(".", ""))
            assert bench.points.read(S + offset) == stored[i], (name, text)
            if bench.screen.mode != "browse":
                bench.left()
        for text in refused:
            begin()
            before = bench.points.read(S + offset)
            bench.enter(text.replace(".", ""))
            assert bench.field == (screen, name, "Err"), (name, text, bench.field)
            assert bench.points.read(S + offset) == before
            bench.left()
            assert (bench.screen.path, bench.screen.name) == ("SETUP", screen)


def test_what_is_left_is_not_changed():
    bench = Bench()
    bench.open("SETUP")
    bench.to("S CT")
    bench.right()
    assert bench.field == ("S CT", "CT V", "1.0")
    bench.up()
    assert bench.field == ("S CT", "CT V", ".33")
    bench.left()
    assert bench.points.read(S + p.CT2) == 1
    # gone through without a change: nothing is written, and the last field leads back
    written = []
    bench.meter.settings.on_change = written.append
    for name in ("S BAC", "S CT", "S SYS", "S PT", "S V", "S PWR", "S PLOS", "S DEM", "S UNIT", "S PASS"):
        bench.to(name)
        bench.right()
        for _ in range(40):
            if bench.screen.path == "SETUP":
                break
            bench.right()
        assert bench.screen.name == name
    assert written == []


def test_every_choice_of_the_set_up():
    bench = Bench()
    bench.open("SETUP")
    bench.to("S BAC")
    bench.right()
    bench.enter("001")
    seen = []
    for _ in range(5):
        seen.append(bench.screen.value)
        bench.up()
    assert seen == ["76.8K", "115.2K", "9.6K", "19.2K", "38.4K"]
    bench.down()
    bench.right()
    assert bench.points.read(S + p.BAUD_1) == 38400
    bench.left()
    bench.to("S SYS")
    for code, word in ((31, "3L"), (12, "2L-1n"), (11, "2L"), (10, "1L-1n"), (40, "3L-1n")):
        bench.right()
        assert bench.screen.name == "SYSTM" and bench.screen.flash == 99
        bench.up()
        assert bench.screen.value == word
        bench.right()
        assert bench.points.read(S + s.SYSTEM_TYPE) == code and bench.screen.name == "S SYS"
    bench.to("S UNIT")
    bench.right()
    bench.down()
    bench.right()
    assert bench.points.read(S + s.DISPLAY_UNITS) == IEC
    bench.to("S CT")
    bench.right()
    bench.up()
    bench.right()
    assert bench.points.read(S + p.CT2) == 3 and bench.field == ("S CT", "CT SZ", "00100")


def test_the_device_is_changed_as_a_whole_or_not_at_all():
    def begin():
        bench.right()
        bench.right(4)
        assert bench.field[1] == "ID1"

    bench = Bench()
    bench.points.write(S + s.DEVICE_NUMBER, 1004100)
    bench.open("SETUP")
    begin()
    assert bench.field == ("S BAC", "ID1", "1004")
    bench.enter("4194")
    # nothing yet
    assert bench.field == ("S BAC", "ID2", "100") and bench.points.read(S + s.DEVICE_NUMBER) == 1004100
    bench.enter("303")
    assert bench.field == ("S BAC", "ID2", "Err") and bench.points.read(S + s.DEVICE_NUMBER) == 1004100
    bench.enter("302")
    assert bench.points.read(S + s.DEVICE_NUMBER) == 4194302 and bench.field == ("SETUP", "S BAC", "")
    begin()
    bench.enter("9999")
    bench.enter("999")
    assert bench.screen.value == "Err"
    bench.left()
    assert bench.points.read(S + s.DEVICE_NUMBER) == 4194302
    begin()
    assert bench.screen.value == "4194"
    bench.enter("0000")
    bench.left()
    assert bench.points.read(S + s.DEVICE_NUMBER) == 4194302
    begin()
    bench.enter("0000")
    bench.enter("007")
    assert bench.points.read(S + s.DEVICE_NUMBER) == 7


def test_the_system_voltage_is_one_for_the_inputs():
    bench = Bench()
    bench.open("SETUP")
    bench.to("S PT")
    bench.right()
    bench.enter("01000")
    assert bench.points.read(S + p.PT1) == 1000
    bench.to("S V")
    bench.right()
    bench.enter("006600")
    assert bench.screen.value == "Err"
    bench.enter("066000")
    assert bench.points.read(S + s.SYSTEM_VOLTAGE) == 66000
    # to neutral where there is no other voltage; what the power is then
    bench.points.write(S + s.SYSTEM_TYPE, 10)
    bench.right()
    assert bench.field == ("S V", "V LN", "06600.0")
    bench.left()
    bench.to("S PWR")
    bench.right()
    assert bench.seen == ("MX KW", "", "660.00", "kW") and bench.screen.mode == "read"
    bench.up()
    bench.down()
    bench.right()
    assert bench.screen.name == "S PWR"
    bench.points.write(S + s.SYSTEM_TYPE, 40)
    bench.points.write(S + p.PT1, 100)
    bench.points.write(S + s.SYSTEM_VOLTAGE, 6000)
    bench.right()
    # 103.92 kW with all default settings
    assert bench.screen.value == "103.92"


def test_resets():
    bench = Bench()
    bench.meter.directions._counts[0] = 500
    bench.meter.intervals.maxima[0] = 2000.0
    bench.meter.intervals.present[0] = 700.0
    bench.open("RESET")
    assert bench.screen.name == "ENERG"
    # asked, and not meant
    bench.right()
    assert bench.screen.value == "NO" and bench.screen.mode == "ask"
    bench.right()
    assert bench.meter.directions.resets[0] == 0 and bench.screen.mode == "browse"
    bench.right()
    bench.up()
    assert bench.screen.value == "YES"
    bench.left()
    assert bench.meter.directions.resets[0] == 0
    bench.right()
    bench.up()
    bench.right()
    assert bench.screen.value == "OK" and bench.meter.directions.resets[0] == 1
    assert bench.points.read(s.ALERTS + s.APPARENT + s.APPARENT_IMPORT) == 0
    bench.down()
    assert bench.field == ("RESET", "DEMND", "")
    bench.right()
    bench.up()
    bench.right()
    assert bench.screen.value == "OK"
    # with the end of the second; the next within 10 s is refused
    part = bench.meter.intervals
    part.after_booking[0]()
    assert [int(part.maxima[i]) for i in range(6)] == [700, 0, 0, 0, 0, 0]
    bench.right()
    bench.down()
    bench.right()
    assert bench.screen.value == "Err"
    bench.left()
    assert (bench.screen.name, bench.screen.path) == ("RESET", "")


def test_what_is_locked_is_left_after_two_minutes():
    bench = Bench()
    bench.open("SETUP")
    bench.to("S CT")
    bench.right(2)
    bench.up()
    assert bench.screen.value == "10100"
    bench.wait(119000)
    assert bench.screen.mode == "number"
    bench.wait(1500)
    assert bench.field == ("", "SETUP", "") and bench.points.read(S + p.CT1) == 100
    bench.right()
    bench.wait(121000)
    assert bench.screen.mode == "browse"
    # data stay
    bench.to("3PHASE")
    bench.right()
    bench.wait(130000)
    assert bench.screen.path == "3PHASE"


def test_the_page_survives_a_power_cut():
    bench = Bench()
    bench.to("HZ")
    word = bench.menu.page_word
    other = Bench()
    other.menu.recover(word)
    other.wait(0)
    assert other.screen.name == "HZ" and other.menu.page_word == word
    # what is locked is locked again
    bench.open("SETUP")
    other.menu.recover(bench.menu.page_word)
    other.wait(0)
    assert other.field == ("", "SETUP", "")
    # a word of another meter
    for word in (len(table.RINGS[0]), 0xFFFF, -1):
        other.menu.recover(word)
        other.wait(0)
        assert other.seen[:2] == ("Wh", "IMP")
    # one that this system type has not
    bench.left()
    bench.to("3PHASE")
    other.points.write(S + s.SYSTEM_TYPE, 12)
    other.menu.recover(bench.menu.page_word)
    other.wait(0)
    assert other.screen.name == "2PHASE" and other.menu.page_word == bench.menu.page_word + 1
