"""The A1000's display: lists, modes and times, buttons, values, monitoring row."""

from fourquad import points as p
from fourquad.display import panels
from fourquad.display.keys import NONE
from fourquad.display.lists import carousel as c
from fourquad.display.lists import items
from fourquad.meter.settings import Settings
from fourquad.models.a1000 import display as table
from fourquad.models.a1000 import menu, settings
from fourquad.points import billing as b

NOON = 823867200  # 2026-02-08 12:00:00, a Sunday


class Values:
    def __init__(self, values):
        self.values = values
        self.written = []

    def read(self, index):
        return self.values.get(index, 0)

    def check(self, index, value):
        return p.OK

    def write(self, index, value):
        self.values[index] = value
        self.written.append((index, value))
        return p.OK


class History:
    def read(self, pid):
        return 100 * (pid // p.HISTORY)


class Bench:
    """A display over values, with a list of its own."""

    def __init__(self, entries=None, continuous=0, interval=15):
        self.points = points = p.Points()
        self.settings = Settings(settings.SETTINGS)
        if entries is not None:
            for i in range(p.DISPLAY_ENTRIES):
                self.settings.write(p.DISPLAY_LIST + i, entries[i] if i < len(entries) else 0)
        self.settings.write(p.DISPLAY_CONTINUOUS, continuous)
        self.settings.write(p.DISPLAY_INTERVAL, interval)
        self.billing = Values({b.LOCAL_TIME: NOON + 60, b.ENERGY_COUNT: 10, b.TARIFF: 2})
        self.commands = Values({})
        self.readings = Values(
            {p.V1: 230.1, p.V2: 229.0, p.I1: 5.0, p.I2: 6.123, p.P_SUM: -3456.78, p.PF_SUM: 0.5}
        )
        self.supervision = Values({})
        self.tables = Values({0: b"\0\0\1\6\36\2", 1: b"", 2: b"", 3: b"", b.SEASONS: b"\1\1\0\6\1\7"})
        self.demands = Values({})
        points.provide(p.SECONDARY, self.readings)
        self.settings.provide(points)
        points.provide(p.COMMAND, self.commands)
        points.provide(p.TARIFF_ENERGY, Values({0: 1234567, 1: 10}), 5)
        points.provide(p.DEMAND, self.demands, 10)
        points.provide(p.SUPERVISION, self.supervision, 4)
        points.provide(p.BILLING, self.billing)
        points.provide(p.TABLE, self.tables)
        points.provide_history(History())
        self.menu, self.screen = panels.make(menu, points)
        self.now = 1000

    def wait(self, seconds):
        """Time passes, the clock with it."""
        for _ in range(seconds):
            self.now += 1000
            self.billing.values[b.LOCAL_TIME] += 1
            self.menu.tick(self.now)
        self.menu.draw(self.screen)
        return self.screen

    def push(self, event=menu.SHOW):
        self.menu.key(event, self.now)
        self.menu.draw(self.screen)
        return self.screen


def entry(title, modes=7, seconds=2, place=0, first=0, last=0):
    return table.number(title, place) | modes << 9 | seconds << 12 | first << 19 | last << 24


def shown(bench):
    s = bench.screen
    return s.mode, s.code, s.marks, s.digits


THREE = (entry("number of resets"), entry("active power", 7, 3, 3), entry("date", 6, 2))


def test_timing_display_starts_with_the_clock_and_stops():
    bench = Bench(THREE)
    bench.wait(13 * 60 + 57)
    assert shown(bench) == ("rest", "", "", "")
    bench.wait(3)
    assert shown(bench) == ("timing", "031", "", "0")
    bench.wait(2)
    assert shown(bench) == ("timing", "040", "", "-03.4568") and bench.screen.unit == "kW"
    bench.wait(3)
    assert shown(bench)[0] == "rest"
    bench.wait(14 * 60 + 55)
    assert shown(bench)[0] == "timing"


def test_a_list_that_is_too_long_skips_a_start():
    bench = Bench(
        (entry("date", 1, 99), entry("time", 1, 99), entry("number of resets", 1, 99), entry("date", 1, 99)),
        0,
        5,
    )
    bench.wait(4 * 60)
    assert shown(bench)[0] == "timing"
    # 396 s: over the start at 12:10, until 12:11:36
    bench.wait(395)
    assert shown(bench)[0] == "timing"
    bench.wait(1)
    assert shown(bench)[0] == "rest"
    bench.wait(3 * 60 + 23)
    assert shown(bench)[0] == "rest"
    bench.wait(1)
    assert shown(bench)[0] == "timing"


def test_continuous_display_goes_round():
    bench = Bench(THREE, 1)
    seen = []
    for _ in range(12):
        bench.wait(1)
        seen.append(bench.screen.code)
    assert seen == ["031", "031", "040", "040", "040"] * 2 + ["031", "031"]


def test_sequential_then_inquiry_then_sequential():
    bench = Bench(THREE)
    assert bench.push().mode == "sequential" and bench.screen.code == "031"
    bench.wait(2)
    assert shown(bench) == ("sequential", "040", "", "-03.4568")
    assert bench.push().mode == "inquiry" and bench.screen.code == "040"
    bench.wait(179)
    assert shown(bench)[:2] == ("inquiry", "040")
    bench.wait(1)
    assert (bench.screen.mode, bench.screen.marks) == ("sequential", "Date")
    bench.push()
    assert (bench.screen.mode, bench.screen.marks) == ("inquiry", "Date")
    assert bench.push().mode == "rest"


def test_inquiry_moves_by_the_button():
    bench = Bench(THREE)
    bench.push()
    codes = [bench.push().code for _ in range(3)]
    assert codes == ["031", "040", ""]
    assert bench.screen.marks == "Date"


def test_display_button_interrupts_continuous_display():
    bench = Bench(THREE, 1)
    bench.wait(4)
    assert bench.push().mode == "sequential" and bench.screen.code == "031"
    bench.wait(7)
    assert bench.screen.mode in ("timing", "rest")
    bench.wait(2)
    assert bench.screen.mode == "timing"


def test_reset_and_programming_mode():
    bench = Bench(THREE, 1)
    bench.push(menu.RESET)
    assert bench.commands.written == [(p.RESET_BY_BUTTON, 1)]
    screen = bench.push(menu.HELD)
    assert screen.digits == "PRG" and screen.program and not screen.locked and screen.row == ""
    assert bench.billing.written == [(b.PROGRAM_MODE, 1)]
    bench.wait(10)
    assert bench.screen.digits == "PRG"
    bench.push(menu.SHOW)
    assert bench.billing.written == [(b.PROGRAM_MODE, 1)] * 2
    bench.push(menu.RESET)
    assert bench.billing.written[-1] == (b.PROGRAM_MODE, 0)
    assert len(bench.commands.written) == 1
    bench.wait(1)
    assert bench.screen.mode == "timing" and bench.screen.locked


def test_buttons():
    keys = panels.keys(menu)

    def events(held):
        out = []
        keys.press(1, 0)
        for now in range(0, held, 10):
            event = keys.tick(now)
            if event != NONE:
                out.append((event, now))
        keys.release(1, held)
        for now in range(held, held + 100, 10):
            event = keys.tick(now)
            if event != NONE:
                out.append((event, now - held))
        return out

    assert events(7900) == [(menu.RESET, 20)]
    assert events(9000) == [(menu.HELD, 8000)]
    keys.press(0, 20000)
    assert [keys.tick(20000 + t) for t in (10, 20, 100, 420)] == [NONE, NONE, NONE, menu.SHOW]


def test_values():
    bench = Bench()
    screen = bench.screen
    show = items.Items(table.ITEMS, bench.points).show

    def value(title, place=0, step=0):
        show(table.number(title, place), step, screen)
        return screen.code, screen.marks, screen.digits, screen.unit

    assert value("active import energy", 4) == ("", "> 0 Energy", "12345.67", "kWh")
    assert value("active import energy", 0) == ("", "> 1 Energy", "00000.10", "kWh")
    assert value("active import energy", 4, 3) == ("", "> 0 Energy", "00003.00", "kWh")
    assert screen.storage == 2
    bench.demands.values[b.demand(b.DEMAND_MAXIMUM, b.REACTIVE_Q3, 2) - p.DEMAND] = 1000000
    assert value("maximum reactive demand, quadrant 3", 1) == ("", "III 2 Demand", "99.9999", "kvar")
    assert screen.flash_digits
    bench.demands.values[b.demand(b.DEMAND_MAXIMUM_TIME, 0) - p.DEMAND] = NOON
    assert value("time of it: active import demand", 4) == ("", "> 0 Demand Time", "02-08 12:00", "")
    assert value("active import cumulative demand", 4) == ("", "> 0 S Demand", "0000.0000", "kW")
    assert value("meter number, low six digits") == ("011 L", "", "000001", "")
    assert value("day of the week, 0 Sunday")[2] == "0"
    assert value("date") == ("", "Date", "26-02-08", "")
    bench.settings.write(p.DATE_FORM, 1)
    assert value("date") == ("", "Date", "02-08-26", "")
    assert value("time") == ("", "Time", "12:01:00", "")
    assert value("active pulse constant") == ("", "", "1600", "imp/kWh")
    assert value("active power", 1) == ("04B", "", "00.0000", "kW")
    bench.supervision.values[8 * b.VOLTAGE_LOSS + 8 + b.EVENT_COUNT] = 3
    bench.supervision.values[8 * b.VOLTAGE_LOSS + 8 + b.EVENT_SECONDS] = 3725
    assert value("phase voltage loss: number and time", 1) == ("10B", "", "3", "") and screen.note == "1:02"
    assert value("phase failure: stop", 2) == ("24C", "", "--------", "") or screen.digits.startswith("-")
    assert value("daily profile 1, section by section", 0, 1) == ("900 1", "", "06:30 F2", "")
    assert value("seasons", 0, 1) == ("901", "", "06-01 F4", "")
    assert value("seasons", 0, 0)[2] == "01-01 b1"
    assert value("self-read: day and hour") == ("030", "Energy Demand", "01 00", "")
    bench.demands.values[b.demand(b.DEMAND_LAST, b.ACTIVE_EXPORT) - p.DEMAND] = 30000
    bench.demands.values[b.demand(b.DEMAND_LAST, b.REACTIVE_IMPORT) - p.DEMAND] = 40000
    assert value("power factor of the demand interval")[2] == "0.600"
    assert value("average active power of the demand interval") == ("052", "", "03.0000", "kW")
    assert value("average reactive power of the demand interval") == ("052", "", "04.0000", "kvar")
    assert value("average active power of the rolling interval") == ("051", "", "00.0000", "kW")
    bench.billing.values[b.ERROR_1] = 5
    assert value("err 1, warnings; only while there are any") == ("err 1", "", "0000 0101", "")


def test_every_item_can_be_shown():
    bench = Bench()
    show = items.Items(table.ITEMS, bench.points).show
    count = 0
    for row in table.ITEMS:
        count += len(row[2]) or 1
    for number in range(count + 2):
        for step in (0, 1, 16):
            show(number, step, bench.screen)
            assert len(bench.screen.digits) <= 11
    assert items.find(table.ITEMS, count)[0] is table.ITEMS[-1]
    assert items.find(table.ITEMS, count + 1)[0] is None


def test_history_and_sections_are_steps_of_one_entry():
    bench = Bench((entry("active import energy", 2, 1, 4, 1, 3), entry("seasons", 2, 1)))
    seen = [bench.push().digits]
    seen += [bench.wait(1).digits for _ in range(5)]
    assert seen == ["00001.00", "00002.00", "00003.00", "01-01 b1", "06-01 F4", ""]


def test_warnings_are_left_out_without_any():
    bench = Bench((entry("err 1, warnings; only while there are any"), entry("date")))
    assert bench.push().marks == "Date"
    bench.wait(3)
    bench.billing.values[b.ERROR_1] = 1
    assert bench.push().digits == "0000 0001"
    assert bench.screen.errors == 1


def test_monitoring_row():
    bench = Bench(())
    rows = []
    for _ in range(10):
        s = bench.wait(3)
        rows.append((s.phases, s.phi, s.row))
    assert ("A", False, "230.1 V") in rows and ("B", False, "6.123 A") in rows and ("", True, "0.500") in rows
    assert len(set(rows)) == 10
    bench.supervision.values[8 * (b.VOLTAGE_LOSS + 1) + b.EVENT_ACTIVE] = 1
    for _ in range(3):
        s = bench.wait(3)
        assert (s.phases, s.row, s.flash_phases) == ("B", "229.0 V", True)
    bench.supervision.values.clear()
    bench.supervision.values[8 * (b.OVER_CURRENT + 2) + b.EVENT_ACTIVE] = 1
    s = bench.wait(1)
    assert (s.phases, s.row, s.flash_phases) == ("ABC", "5.00 6.12 0.00 A", True)


def test_icons():
    bench = Bench(())
    bench.billing.values[b.ERROR_2] = 0x40
    s = bench.wait(1)
    assert (s.watt, s.var, s.battery, s.errors, s.locked, s.tariff) == (2, 0, True, 2, True, 2)
    assert s.as_dict()["watt"] == "export"


def test_an_empty_list_rests():
    bench = Bench((), 1)
    assert bench.wait(3).mode == "rest"
    assert bench.push().mode == "rest"
    assert bench.menu.mode == c.REST
