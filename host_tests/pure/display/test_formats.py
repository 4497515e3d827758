"""Number formats: four digits with a floating point and prefixes."""

from fourquad.display.formats import count, point, reading
from fourquad.display.rows.screen import Screen


def show(value, kind):
    screen = Screen()
    reading(value, kind, screen, 2)
    return screen.digits[2] + " " + screen.units[2]


CASES = (
    (230.0, "V", "230.0 V"),
    (229.96, "V", "230.0 V"),
    (0.0, "V", "0.000 V"),
    (-0.0001, "V", "0.000 V"),
    (9.9994, "V", "9.999 V"),
    (9.9996, "V", "10.00 V"),
    (99.996, "V", "100.0 V"),
    (999.94, "V", "999.9 V"),
    (999.96, "V", "1.000 kV"),
    (10000.0, "V", "10.00 kV"),
    (288675.0, "V", "288.7 kV"),
    (9999400.0, "V", "9999 kV"),
    (9999600.0, "V", "---- kV"),
    (5.0, "A", "5.000 A"),
    (0.0012, "A", "0.001 A"),
    (50000.0, "A", "50.00 kA"),
    (1150.0, "W", "1.150 kW"),
    (575.0, "W", "0.575 kW"),
    (-575000.0, "W", "-575.0 kW"),
    (-575.0, "W", "-0.575 kW"),
    (999950.0, "W", "1.000 MW"),
    (12345678.0, "W", "12.35 MW"),
    (12345678900.0, "W", "---- MW"),
    (1500.0, "var", "1.500 kvar"),
    (-2.5e6, "var", "-2.500 Mvar"),
    (3200.0, "VA", "3.200 kVA"),
    (4.0e9, "VA", "4000 MVA"),
    (0.5, "PF", "0.500 "),
    (-0.866, "PF", "-0.866 "),
    (1.0, "PF", "1.000 "),
    (50.0, "Hz", "50.00 Hz"),
    (59.996, "Hz", "60.00 Hz"),
    (400.0, "Hz", "400.0 Hz"),
    (0.0, "deg", "0.0 \u00b0"),
    (120.04, "deg", "120.0 \u00b0"),
    (359.96, "deg", "0.0 \u00b0"),
    (0.0146, "%", "1.5 %"),
    (1.0, "%", "100.0 %"),
)


def test_as_a_panel_meter_shows_them():
    for value, kind, text in CASES:
        assert show(value, kind) == text, (value, kind, show(value, kind))


def test_what_is_no_number_is_dashes():
    for value in (float("nan"), float("inf"), -float("inf")):
        assert show(value, "V") == "---- kV"
        assert show(value, "%") == "---- %"


def test_every_tenth_of_a_volt():
    # 229.9 for 230.0 is what rounding of a decimal text does to single precision.
    for tenths in range(1000, 10000):
        assert show(tenths / 10, "V") == f"{tenths // 10}.{tenths % 10} V"


def test_registers():
    assert count(0, 1) == "0.0"
    assert count(999999999, 1) == "99999999.9"
    assert count(-999999999, 1) == "-99999999.9"
    assert count(1234567, 3) == "1234.567"
    assert count(5, 3) == "0.005"
    assert count(-5, 3) == "-0.005"
    assert count(1000000000, 1) == "---------"
    assert point(42, 0) == "42"
