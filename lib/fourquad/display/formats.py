"""Numbers as a panel meter shows them: four digits, a floating decimal point, k and M prefixes.

Everything is rounded to an integer of the last digit first, so that single precision never shows 229.9
for 230.
"""

DASHES = "----"
LONG_DASHES = "---------"

# Kind of quantity -> steps (factor to an integer of the last digit, decimals, unit); the first that fits
# is shown.
# The values come in SI units (points.py): V, A, W, var, VA, Hz, degrees, ratios.
# The units are those of the panel (KW320 manual 3.1, item 10).
_STEPS = {
    "V": (
        (1000.0, 3, "V"),
        (100.0, 2, "V"),
        (10.0, 1, "V"),
        (1.0, 3, "kV"),
        (0.1, 2, "kV"),
        (0.01, 1, "kV"),
        (0.001, 0, "kV"),
    ),
    "A": (
        (1000.0, 3, "A"),
        (100.0, 2, "A"),
        (10.0, 1, "A"),
        (1.0, 3, "kA"),
        (0.1, 2, "kA"),
        (0.01, 1, "kA"),
        (0.001, 0, "kA"),
    ),
    "W": (
        (1.0, 3, "kW"),
        (0.1, 2, "kW"),
        (0.01, 1, "kW"),
        (0.001, 3, "MW"),
        (0.0001, 2, "MW"),
        (0.00001, 1, "MW"),
        (0.000001, 0, "MW"),
    ),
    "var": (
        (1.0, 3, "kvar"),
        (0.1, 2, "kvar"),
        (0.01, 1, "kvar"),
        (0.001, 3, "Mvar"),
        (0.0001, 2, "Mvar"),
        (0.00001, 1, "Mvar"),
        (0.000001, 0, "Mvar"),
    ),
    "VA": (
        (1.0, 3, "kVA"),
        (0.1, 2, "kVA"),
        (0.01, 1, "kVA"),
        (0.001, 3, "MVA"),
        (0.0001, 2, "MVA"),
        (0.00001, 1, "MVA"),
        (0.000001, 0, "MVA"),
    ),
    "PF": ((1000.0, 3, ""), (100.0, 2, "")),
    "Hz": ((100.0, 2, "Hz"), (10.0, 1, "Hz")),
    "deg": ((10.0, 1, "\u00b0"),),
    "%": ((1000.0, 1, "%"), (100.0, 0, "%")),  # a ratio 0-1 shown in percent
    "HD": ((1.0, 2, "%"), (0.1, 1, "%"), (0.01, 0, "%")),  # 0.01 %
    "CF": ((1.0, 3, ""), (0.1, 2, "")),  # 0.001
    "KF": ((1.0, 1, ""), (0.1, 0, "")),  # 0.1
    "N": (
        (1.0, 0, ""),
        (0.1, 2, "k"),
        (0.01, 1, "k"),
        (0.001, 0, "k"),
        (0.0001, 2, "M"),
        (0.00001, 1, "M"),
        (0.000001, 0, "M"),
    ),  # counts
    "AO": ((100.0, 2, ""),),  # mA or V
}

# Kinds of what is on or off; the kind stands in the place of the unit.
SWITCHES = ("DI", "RO", "DO")

_POWER = (1, 10, 100, 1000)


def point(number, decimals):
    """An integer as text with `decimals` (0-3) digits after the point: point(-5750, 1) is "-575.0"."""
    if decimals == 0:
        return str(number)
    sign = ""
    if number < 0:
        sign = "-"
        number = -number
    unit = _POWER[decimals]
    # The added unit keeps the zeros after the point.
    return sign + str(number // unit) + "." + str(unit + number % unit)[1:]


def reading(value, kind, screen, row):
    """Show a reading of `kind` in main row `row` of `screen`: at most four digits, else dashes."""
    if kind in SWITCHES:
        screen.digits[row] = "ON" if value else "OFF"
        screen.units[row] = kind
        return
    steps = _STEPS[kind]
    size = -value if value < 0 else value
    for step in steps:
        scaled = size * step[0]
        # Not a number fails this comparison too, and ends as dashes.
        if scaled < 9999.5:
            number = int(scaled + 0.5)
            if kind == "deg" and number >= 3600:
                number -= 3600
            screen.digits[row] = point(-number if value < 0 else number, step[1])
            screen.units[row] = step[2]
            return
    screen.digits[row] = DASHES
    screen.units[row] = steps[-1][2]


def count(number, decimals):
    """A register as text of at most nine digits and a sign: count(1234567, 1) is "123456.7"; else dashes."""
    if number > 999999999 or number < -999999999:
        return LONG_DASHES
    return point(number, decimals)
