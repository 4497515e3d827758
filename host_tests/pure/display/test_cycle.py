"""The AcuRev 1312's display: three modes, times, editing, the list of important values, seven digits."""

import panel_bench

from fourquad import points as p
from fourquad.display import values
from fourquad.models.acurev1312 import menu as table
from fourquad.points import access as a
from fourquad.points import billing as b

S = p.SETTING


class Bench(panel_bench.Bench):
    """The meter's two keys."""

    def __init__(self):
        super().__init__("acurev1312", table)

    def scroll(self, times=1):
        for _ in range(times):
            self.press("SCROLL")

    def set(self, times=1):
        for _ in range(times):
            self.press("SET")

    def open(self, page):
        """Page S-`page` of the settings, by the password 0000."""
        self.set(5)
        assert self.screen.text[:4] == "S-01"
        self.scroll(page - 1)
        assert self.screen.text[:4] == f"S-{page:02d}"

    @property
    def seen(self):
        return self.screen.text, self.screen.digits, self.screen.unit


def test_the_list_goes_on_by_itself_and_is_held_by_a_key():
    bench = Bench()
    assert bench.seen == ("EP", "0.00", "kWh") and bench.screen.mode == "important"
    bench.wait(20000)
    # one entry only, as delivered
    assert bench.seen[0] == "EP"
    bench.points.write(S + p.DISPLAY_LIST, 0b100000010001)
    bench.wait(6000)
    assert bench.seen[0] == "U A"
    bench.wait(6000)
    assert bench.seen[0] == "P"
    bench.wait(6000)
    assert bench.seen[0] == "EP"
    bench.wait(60000)
    bench.menu.backlight = False
    bench.press("SCROLL")
    page = bench.seen[0]
    assert bench.screen.backlight
    bench.wait(59000)
    assert bench.seen[0] == page
    bench.scroll()
    other = bench.seen[0]
    assert other != page
    bench.wait(59000)
    assert bench.seen[0] == other and bench.screen.backlight
    bench.wait(2000)
    assert not bench.screen.backlight
    bench.wait(6000)
    assert bench.seen[0] != other


def test_all_values_and_back():
    bench = Bench()
    bench.press("SCROLL", 2000)
    assert bench.screen.mode == "all" and bench.screen.all
    titles = []
    for _ in range(len(table.PAGES)):
        titles.append(bench.seen[0])
        bench.scroll()
    # in the order of table 3.2
    assert titles[:5] == ["U Wiring", "I Wiring", "Addr", "Baud", "Parity"]
    assert titles[5:9] == ["Hard Ver", "Soft Ver", "Released", "Model"]
    assert titles[9:20] == ["EP", "EP A", "EP B", "EP C", "U A", "U B", "U C", "I A", "I B", "I C", "I Sum"]
    assert titles[20:] == ["P", "P A", "P B", "P C", "F", "Temp", "Run Time", "Load Time"]
    assert len(titles) == 28
    assert bench.seen == ("U Wiring", "Normal", "")
    bench.press("SCROLL", 2000)
    assert bench.screen.mode == "important" and not bench.screen.all
    bench.press("SCROLL", 2000)
    bench.wait(60000)
    assert bench.screen.mode == "important"


def test_the_list_has_what_no_page_has():
    bench = Bench()
    # neutral current and temperature, as the manual's utility offers them (4.3.4)
    bench.points.write(S + p.DISPLAY_LIST, 0b11 << 16)
    bench.meter.readings.primary[p.I_N] = 1.25
    bench.meter.state.temperature = 22.06
    seen = []
    for _ in range(3):
        bench.wait(6000)
        seen.append(bench.seen)
    assert seen[0] in seen[2:] and sorted(seen[:2]) == [("I N", "1.250", "A"), ("Temp", "22.1", "C")]
    bench.meter.state.temperature = float("nan")
    while bench.seen[0] != "Temp":
        bench.wait(6000)
    bench.wait(500)
    assert bench.seen == ("Temp", "----", "C")


def test_faults_of_the_wiring():
    bench = Bench()
    bench.press("SCROLL", 2000)
    seen = bench.meter.wiring._tell
    for found, volts, amps in (
        (((0, 2, 0), (1, 2, 0)), "U2 LOSS", "I2 LOSS"),
        (((5, 1, 3), (6, 2, 0)), "SWAP13", "I2 REV"),
        (((10, 2, 3),), "Normal", "I2 PH3"),
    ):
        seen(found)
        bench.wait(500)
        assert bench.seen == ("U Wiring", volts, "")
        bench.scroll()
        assert bench.seen == ("I Wiring", amps, "")
        bench.press("SCROLL", 2000)
        bench.press("SCROLL", 2000)
    # page S-18 switches it off
    bench.points.write(p.SETTING + p.WIRING_CHECK, 0)
    bench.wait(500)
    assert bench.seen[1].replace("-", "") == ""


def test_the_password_and_the_seal():
    bench = Bench()
    bench.points.write(p.SETTING + p.PASSWORD, 1203)
    bench.set()
    assert bench.seen == ("PASS", "0000", "") and bench.screen.flash == 0
    bench.scroll()
    assert bench.screen.digits == "1000"
    bench.set()
    bench.scroll(2)
    assert bench.screen.digits == "1200" and bench.screen.flash == 1
    bench.set(2)
    bench.scroll(3)
    bench.set()
    assert bench.seen[0] == "S-01 Addr"
    bench.press("SCROLL", 2000)
    assert bench.screen.mode == "important"
    # a wrong one
    bench.set(5)
    assert bench.screen.mode == "important"
    # sealed: right, and still no settings
    bench.points.write(p.SETTING + p.PASSWORD, 0)
    bench.meter.settings.sealed = True
    bench.set(5)
    assert bench.screen.mode == "important"


def test_wrong_passwords_lock_the_panel_and_masters_alike():
    bench = Bench()
    bench.points.write(S + p.PASSWORD, 1)
    access = p.ACCESS + a.PERMISSION

    def enter(last):
        bench.set(4)
        bench.scroll(last)
        bench.set()
        return bench.screen.mode

    assert enter(0) == enter(2) == "important"
    # a right one begins anew, and permits nothing
    assert enter(1) == "settings" and bench.points.read(access) == 0
    bench.press("SCROLL", 2000)
    assert [enter(3) for _ in range(3)] == ["important"] * 3
    assert enter(1) == "important" and bench.points.write(access, 1) == p.FORBIDDEN
    # five minutes by the meter's own time
    part = bench.meter.permission
    for second in range(301):
        part.window(1000 * second, 1000 * second)
    assert enter(1) == "settings"
    bench.press("SCROLL", 2000)
    # wrong ones of a master count as well
    for _ in range(2):
        assert bench.points.write(access, 9) == p.FORBIDDEN
    assert enter(2) == enter(1) == "important"


def test_numbers_are_edited_digit_by_digit():
    bench = Bench()
    bench.open(1)
    assert bench.screen.digits == "1"
    bench.set()
    assert bench.screen.digits == "001" and bench.screen.flash == 0
    bench.scroll()
    bench.set()
    bench.scroll(4)
    bench.set()
    bench.scroll(6)
    assert bench.screen.digits == "147"
    bench.set()
    assert bench.points.read(S + p.ADDRESS_1) == 147 and bench.screen.digits == "147"
    # beyond the range: refused, and what was stays
    bench.set()
    bench.scroll(2)
    bench.set(3)
    assert bench.screen.digits == "Err" and bench.points.read(S + p.ADDRESS_1) == 147
    # an edit that is not confirmed is dropped
    bench.set()
    bench.scroll()
    bench.wait(61000)
    assert bench.screen.mode == "important" and bench.points.read(S + p.ADDRESS_1) == 147


def test_a_decimal_is_not_lost_and_seven_digits_are_enough():
    bench = Bench()
    bench.points.write(S + p.PT2, 1155)
    bench.points.write(S + p.PT1, 9999999)
    bench.open(11)
    assert bench.seen == ("S-11 PT2", "115.5", "V")
    bench.set(5)
    assert bench.points.read(S + p.PT2) == 1155
    bench.scroll()
    assert bench.seen == ("S-12 PT1", "999999.9", "V")
    bench.set(8)
    assert bench.points.read(S + p.PT1) == 9999999


def test_choices_are_those_of_this_meter():
    from fourquad.points import values as v

    bench = Bench()
    bench.open(8)
    seen = []
    bench.set()
    for _ in range(4):
        seen.append(bench.screen.digits)
        bench.scroll()
    assert seen == ["3LN", "1LN", "1LL", "2LL"]
    bench.scroll(3)
    bench.set()
    assert bench.points.read(S + p.WIRING_U) == v.WIRING_2LL and bench.screen.digits == "2LL"
    # 80 mA and the like are of another meter
    bench.scroll()
    bench.set()
    seen = []
    for _ in range(3):
        seen.append(bench.screen.digits)
        bench.scroll()
    assert seen == ["5A", "1A", "5A"]


def test_pages_are_put_on_the_list_and_taken_off():
    bench = Bench()
    bench.open(16)
    bench.set()
    assert bench.seen[:2] == ("S-16 EP A", "02")
    bench.scroll(3)
    assert bench.screen.text == "S-16 U A"
    bench.set()
    assert bench.points.read(S + p.DISPLAY_LIST) == 0b10001
    bench.scroll()
    bench.set()
    assert bench.screen.text == "S-17 EP"
    bench.scroll()
    assert bench.screen.text == "S-17 U A"
    bench.scroll()
    bench.set()
    assert bench.points.read(S + p.DISPLAY_LIST) == 0b10000
    bench.press("SCROLL", 2000)
    assert bench.seen[0] == "U A"
    # an empty list shows what it showed last
    bench.open(17)
    bench.set(2)
    assert bench.points.read(S + p.DISPLAY_LIST) == 0
    bench.set()
    assert bench.screen.digits == "----"
    bench.set()
    assert bench.points.read(S + p.DISPLAY_LIST) == 0


def test_the_password_is_not_shown():
    bench = Bench()
    bench.open(6)
    assert bench.screen.digits == "----"
    bench.set()
    assert bench.screen.digits == "0000"
    bench.set(3)
    bench.scroll(5)
    bench.set()
    assert bench.points.read(S + p.PASSWORD) == 5 and bench.screen.digits == "----"


def test_seven_digits():
    assert values.fitted(9999999, 3) == "9999.999" and values.fitted(10000000, 3) == "10000.00"
    assert values.fitted(-12345678, 2) == "-123456.8" and values.fitted(99999999, 0) == "----"
    one = {1: 230.004, 2: 1e12, 3: float("nan"), 4: -0.4567, 5: 123456}
    read = one.get
    assert values.show(read, 1, ("real", 1, 2)) == "230.00"
    assert values.show(read, 2, ("real", 1, 2)) == values.show(read, 3, ("real", 1, 2)) == "----"
    assert values.show(read, 4, ("real", 1, 3)) == "-0.457"
    assert values.show(read, 9, ("real", 1, 2)) == "----"
    assert values.show(read, 5, ("count", 2)) == "1234.56"

    def energy(counts, decimals):
        def read(pid, default):
            return {7: counts, S + p.ENERGY_DECIMALS: decimals, p.BILLING + b.ENERGY_COUNT: 10}.get(
                pid, default
            )

        return values.show(read, 7, ("energy",))

    # 0.01 kWh a count; a decimal more than are counted is a zero, places that are full begin anew
    assert energy(123456, 2) == "1234.56" and energy(123456, 0) == "1234" and energy(123456, 3) == "1234.560"
    assert energy(999999999, 2) == "99999.99" and energy(999999999, 0) == "9999999"


def test_icons():
    bench = Bench()
    readings = bench.meter.readings.secondary
    readings[p.LOAD_PERCENT], readings[p.QUADRANT], readings[p.P_SUM] = 47.0, 4.0, 1200.0
    bench.wait(0)
    screen = bench.screen
    assert (screen.load, screen.bars, screen.quadrant, screen.way, screen.character) == (47, 5, 4, 1, "C")
    readings[p.P_SUM], readings[p.QUADRANT], readings[p.LOAD_PERCENT] = -1.0, 2.0, 250.0
    bench.wait(0)
    assert (screen.bars, screen.way, screen.character) == (10, 2, "L")
    readings[p.P_SUM] = 0.0
    bench.wait(0)
    assert (screen.way, screen.character) == (0, "")
