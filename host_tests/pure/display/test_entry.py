"""Numbers that keys edit, choices, and what flashes."""

from fourquad import points as p
from fourquad.display import entry, flash
from fourquad.display.entry import Number


def test_digits_of_any_base():
    number = Number()
    number.begin(1234, 6, 2)
    assert number.text() == "0012.34" and number.value() == 1234 and number.cursor == 0
    number.turn(-1)
    assert number.text() == "9012.34" and number.value() == 901234
    number.turn(1)
    number.turn(1)
    assert number.value() == 101234 and not number.at_end()
    number.cursor = 5
    number.turn(1)
    assert number.value() == 101235 and number.at_end()
    number.begin(0xA5, 4, 0, 16)
    number.cursor = 3
    number.turn(-1)
    assert number.text() == "00A4" and number.value() == 0xA4
    number.begin(5, 4, 0, 2)
    number.turn(1)
    assert number.text() == "1101" and number.value() == 13


def test_a_sign_is_the_first_place():
    number = Number()
    number.begin(-250, 5, 1, 10, True)
    assert number.text() == "-025.0" and number.value() == -250
    number.turn(1)
    assert number.text() == " 025.0" and number.value() == 250
    number.turn(-1)
    number.cursor = 1
    number.turn(1)
    assert number.text() == "-125.0" and number.value() == -1250
    number.begin(7, 3, 0, 10, True)
    assert number.text() == " 07" and number.value() == 7


class Meter:
    """Takes some values of a setting that is 5, although it takes that no more."""

    def read(self, pid):
        return 5

    def check(self, pid, value):
        return p.OK if value in (1, 3) else p.RANGE


def test_choices_that_the_meter_takes():
    rows = ((1, "A"), (2, "B"), (3, "C"), (4, "D"), (5, "E"))
    assert entry.word(rows, 3) == "C" and entry.word(rows, 9) == "9" and entry.word(rows, None) == "----"
    assert entry.place(rows, 4) == 3 and entry.place(rows, 9) == 0
    at, seen = 4, []
    for _ in range(4):
        at = entry.step(Meter(), 7, rows, at, 1)
        seen.append(at)
    assert seen == [0, 2, 4, 0]
    assert entry.step(Meter(), 7, rows, 0, -1) == 4 and entry.step(Meter(), 7, rows, 4, -1) == 2


def test_what_flashes_is_not_seen():
    assert flash.seen("12.34", flash.NONE) == "12.34" and flash.seen("12.34", flash.ALL) == ""
    assert [flash.seen("12.34", i) for i in range(4)] == [" 2.34", "1 .34", "12. 4", "12.3 "]
