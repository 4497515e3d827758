"""The S4100's panel: passwords, every field of the set-up in and out of its range, resets."""

from panel_bench import FourKeys

from fourquad import points as p
from fourquad.points import system as s
from fourquad.points import values as v

S = p.SETTING


def test_passwords():
    bench = FourKeys()
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
        bench.up()
        assert bench.field == (name, "PASWD", "10000")
        bench.left()
        assert (bench.screen.name, bench.screen.path) == (name, "")
        bench.right()
        assert bench.screen.value == "00000"
        bench.enter(digits)
        assert (bench.screen.path, bench.screen.name) == (name, first)
        bench.left()


def test_keys_in_a_number():
    bench = FourKeys()
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
    bench = FourKeys()
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
    bench = FourKeys()
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
    bench = FourKeys()
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
    assert bench.points.read(S + s.DISPLAY_UNITS) == v.IEC
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

    bench = FourKeys()
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
    bench = FourKeys()
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
    bench = FourKeys()
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


def test_keys_at_random():
    bench = FourKeys()
    ring = len(bench.table.RINGS[0])
    allowed = {row[0]: row[3:6] for row in bench.meter.model.SETTINGS}
    n = 20261129
    seen = set()
    for turn in range(6000):
        n = (n * 1103515245 + 12345) & 0x7FFFFFFF
        bench.now += 200
        bench.menu.key((0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3)[n >> 16 & 15], bench.now)
        bench.menu.tick(bench.now)
        bench.menu.draw_part(bench.screen, 0)
        seen.add((bench.screen.mode, bench.screen.path))
        assert 0 <= bench.menu.page_word < ring and bench.screen.name
        if turn % 500 == 0:
            bench.points.write(S + s.SYSTEM_TYPE, (40, 31, 12, 11, 10)[turn // 500 % 5])
    # whatever was entered is in its range
    for offset in allowed:
        low, high, choices = allowed[offset]
        value = bench.meter.settings.get(offset)
        assert low <= value <= high and (choices is None or value in choices), offset
    for where in (("password", "SETUP"), ("browse", "SETUP"), ("number", "S BAC"), ("ask", "RESET")):
        assert where in seen, seen
