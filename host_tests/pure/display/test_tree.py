"""The S4100's panel: pages of each system type, words, units, alerts, recovery."""

from panel_bench import FourKeys

from fourquad import points as p
from fourquad.display import values
from fourquad.models.s4100 import menu as table
from fourquad.points import billing as b
from fourquad.points import system as s
from fourquad.points import values as v

S = p.SETTING


def test_the_ring_of_data_goes_round_both_ways():
    bench = FourKeys()
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
    bench = FourKeys()
    ieee = [name for name, _, _, _ in bench.ring()]
    bench.points.write(S + s.DISPLAY_UNITS, v.IEC)
    bench.wait(0)
    iec = [name for name, _, _, _ in bench.ring()]
    assert len(iec) == len(ieee)
    for one, other in pairs:
        assert ieee[iec.index(one)] == other, one
    assert iec[-1] == "SETUP"
    bench.to("3PHASE")
    bench.right()
    assert [name for name, _, _, _ in bench.ring()][-6:] == ["UAB", "UBC", "UAC", "V", "V", "V"]
    bench.points.write(S + s.DISPLAY_UNITS, v.IEEE)
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
    bench = FourKeys()
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
    bench = FourKeys()
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
        (250e9, "250.00", "G"),
        (1e13, "----", ""),
        (-0.0001, "0.000", ""),
    )
    for value, text, prefix in cases:
        assert values.scaled(lambda pid, default, known=value: known, 1, ("scaled",)) == (text, prefix), value
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
        (10**10, "----", ""),
    )
    for counts, text, prefix in energies:
        given = {7: counts, p.BILLING + b.ENERGY_COUNT: 10}
        assert values.scaled(given.get, 7, ("scaled energy",)) == (text, prefix), counts
    for value in (None, float("nan"), float("inf"), -float("inf")):
        assert values.scaled(lambda pid, default, known=value: known, 1, ("scaled",)) == ("----", "")
    bench = FourKeys()
    bench.readings(P_SUM=-83200.0)
    bench.to("W")
    assert bench.seen == ("W", "", "-83.200", "kW")
    bench.meter.intervals.maxima[3] = 1.5e6
    bench.to("W M", "EXP")
    assert bench.seen == ("W M", "EXP", "1.500", "MW")
    bench.meter.directions._counts[1] = 123456
    bench.to("MVAh", "EXP")
    assert bench.seen == ("MVAh", "EXP", "1.234", "MVAh")
    bench.points.write(S + s.DISPLAY_UNITS, v.IEC)
    bench.wait(0)
    assert bench.seen == ("MSh", "EXP", "1.234", "MVAh")


def test_alerts_the_wrench_and_the_heart():
    bench = FourKeys()
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
    bench = FourKeys()
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


def test_what_is_locked_is_left_after_two_minutes():
    bench = FourKeys()
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
    bench.open("SETUP")
    bench.wait(119000)
    assert bench.field == ("SETUP", "S BAC", "")
    bench.wait(1500)
    assert bench.field == ("", "SETUP", "")
    # data stay
    bench.to("3PHASE")
    bench.right()
    bench.wait(130000)
    assert bench.screen.path == "3PHASE"


def test_the_page_survives_a_power_cut():
    bench = FourKeys()
    bench.to("HZ")
    word = bench.menu.page_word
    other = FourKeys()
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
