"""Values as seven digits show them.

Forms: ("real", factor, decimals) of a reading in SI units; ("count", decimals) of an integer of the last
digit; ("finding", word of none, words) of a fault of the wiring (points.WIRING); ("energy",) of counts of an
energy by tariff, with as many decimals as the meter is set to; ("words", words) of
the number of a word; ("choice", ((value, word), ...)); ("text", word), which stands for itself.
"""

from fourquad import points as p
from fourquad.display.cycle.screen import PLACES
from fourquad.display.formats import DASHES, point
from fourquad.points import billing as b

_TOP = 10**PLACES - 1


def word(rows, value):
    """The word of a value, or the value itself."""
    for known, text in rows:
        if known == value:
            return text
    return DASHES if value is None else str(value)


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
        return word(form[1], value)
    return fitted(value, form[1])
