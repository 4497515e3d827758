"""Values of points as text, by the forms that a model's tables name.

Forms: ("real", factor, decimals) of a reading in SI units; ("count", decimals) of an integer of the last
digit; ("finding", word of none, words) of a fault of the wiring (points.WIRING); ("energy",) of counts of an
energy by tariff, with as many decimals as the meter is set to; ("words", words) of the number of a word;
("choice", ((value, word), ...)); ("flags", first bit, words) of a bit for each word; ("text", word), which
stands for itself. Of five digits, with a prefix to the unit: ("scaled",) of a reading in SI units, ("scaled
energy",) of counts of an energy by tariff.
"""

from fourquad import points as p
from fourquad.display import entry
from fourquad.display.formats import DASHES, point
from fourquad.points import billing as b

_TOP = 9999999
_FIVE = 99999.5
# Factor to an integer of the last digit, decimals, prefix; the first with five digits is shown.
_SCALES = (
    (1000.0, 3, ""),
    (100.0, 2, ""),
    (1.0, 3, "k"),
    (0.1, 2, "k"),
    (0.001, 3, "M"),
    (0.0001, 2, "M"),
    (0.000001, 3, "G"),
    (0.0000001, 2, "G"),
)
# An energy is below so many Wh, Wh of the last digit, decimals, prefix.
_ENERGIES = (
    (1000, 1, 0, ""),
    (1000000, 10, 2, "k"),
    (100000000, 1000, 3, "M"),
    (1000000000, 10000, 2, "M"),
    (100000000000, 1000000, 3, "G"),
)
NOTHING = "OK"  # no flag is set


def fitted(number, decimals):
    """An integer with so many decimals as at most seven digits: a decimal less where there is no room."""
    while decimals and abs(number) > _TOP:
        number = (abs(number) + 5) // 10 * (1 if number >= 0 else -1)
        decimals -= 1
    return point(number, decimals) if abs(number) <= _TOP else DASHES


def show(read, pid, form):
    """A point as text; dashes where the meter has no such value. `read(pid, default)`."""
    kind = form[0]
    if kind == "text":
        return form[1]
    value = read(pid, None)
    if value is None or value != value:
        return DASHES
    if kind == "real":
        _, factor, decimals = form
        value *= factor * 10**decimals
        if not -1e9 < value < 1e9:
            return DASHES
        return fitted(int(value + 0.5) if value >= 0 else -int(0.5 - value), decimals)
    if kind == "finding":
        _, none, words = form
        if value <= 0:
            return DASHES if value else none
        return words[(value >> 8) - 1].format(value >> 4 & 15, value & 15)
    if kind == "energy":
        decimals = read(p.SETTING + p.ENERGY_DECIMALS, 2)
        counts = value * read(p.BILLING + b.ENERGY_COUNT, 10) * 10**decimals // 1000
        # a register of kilowatt-hours goes on at 0 when its places are full, as drums do
        return point(counts % (_TOP + 1), decimals)
    if kind == "words":
        words = form[1]
        return words[value] if 0 <= value < len(words) else str(value)
    if kind == "choice":
        return entry.word(form[1], value)
    if kind == "flags":
        _, first, words = form
        return " ".join([word for i, word in enumerate(words) if value >> first + i & 1]) or NOTHING
    return fitted(value, form[1])


def scaled(read, pid, form):
    """A point as text, and the prefix of its unit."""
    value = read(pid, None)
    if value is None or value != value:
        return DASHES, ""
    if form[0] == "scaled energy":
        wh = value * read(p.BILLING + b.ENERGY_COUNT, 10)
        sign = "-" if wh < 0 else ""
        for below, last, decimals, prefix in _ENERGIES:
            if abs(wh) < below:
                return sign + point(abs(wh) // last, decimals), prefix
        return DASHES, ""
    size = abs(value)
    for factor, decimals, prefix in _SCALES:
        if size * factor < _FIVE and (prefix or size < 999.995):
            number = int(size * factor + 0.5)
            return ("-" if value < 0 and number else "") + point(number, decimals), prefix
    return DASHES, ""
