"""Pages of values, as the model's PAGES name them: (name, rows). A row is (key, kind, point, scale, count),
as models/rows.py builds it; what it says is made when it is its turn. Of (name, rows, how many) there is one
page for each of as many things, from 0 on: NAME.3; its rows have a step, too.
"""

import json

from fourquad import points as p
from fourquad.net.access import text_of
from fourquad.protocols.http.reply import Reply, error

# Columns of a page.
_NAME = 0
_ROWS = 1
_MANY = 2
_AT_ONCE = 6  # numbers of a list in one text
_BIG = 3e38
_KIND = 1  # columns of a row
_STEP = 5
_SLOW = ("extreme", "component")  # of which a piece has one


def page(api, connection, name):
    """GET /api/values/NAME, or NAME.INDEX."""
    name, dot, text = name.partition(".")
    index = int(text) if len(text) < 4 and text.encode().isdigit() else -1
    for row in api.tables.PAGES:
        if row[_NAME] == name and (len(row) > _MANY) == bool(dot):
            if dot and not 0 <= index < row[_MANY]:
                break
            return Reply(200, _texts(api.points, name, row[_ROWS], api.up_s, index))
    return error(404)


def _texts(points, name, rows, up_s, index):
    yield '{"page":"' + name + '","time":"' + stamp(points, p.STATE + p.YEAR) + '",'
    yield '"up_s":' + str(up_s) + ',"values":{'
    if rows[0][_KIND] in _SLOW:
        yield ""
    comma = ""
    for row in rows:
        key, kind, point, scale, count = row[:_STEP]
        if len(row) > _STEP:
            point += row[_STEP] * index
        if kind == "list":
            yield "".join((comma, '"', key, '":'))
            yield from _list(points, point, scale, count)
        elif kind == "extreme":
            for i in range(2):
                yield "".join((("," if i else f'{comma}"{key}":['), _extreme(points, point, scale, i)))
                yield ""
            yield "]"
        else:
            yield "".join((comma, '"', key, '":', _KINDS[kind](points, point, scale, count)))
            if kind == "component":
                yield ""
        comma = ","
    yield "}}"


def _list(points, point, scale, count):
    """Many numbers."""
    for first in range(0, count, _AT_ONCE):
        some = range(first, min(count, first + _AT_ONCE))
        yield "," if first else "["
        yield ",".join([number(points, point + i, scale, 0) for i in some])
        yield ""
    yield "]"


def decimal(value):
    """A float as JSON has it."""
    return f"{value:.3f}" if -_BIG < value < _BIG else "null"


def number(points, point, scale, count):
    """A reading times `scale`."""
    try:
        value = points.read(point)
    except KeyError:
        return "null"
    if scale == 1 and isinstance(value, int):
        return str(value)
    return decimal(value * scale)


def _energy(points, point, scale, count):
    """Counts of an energy register, in k..h."""
    try:
        return _counts(points.read(point), 3 if points.read(p.SETTING + p.ENERGY_SIDE) else 1)
    except KeyError:
        return "null"


def _tenths(points, point, scale, count):
    """Counts of 0.1 k..h, of whatever side."""
    try:
        return _counts(points.read(point), 1)
    except KeyError:
        return "null"


def _counts(value, places):
    """No float has all their digits."""
    whole, rest = divmod(abs(value), 10**places)
    digits = str(rest)
    return f"{'-' if value < 0 else ''}{whole}.{'0' * (places - len(digits))}{digits}"


def _packed(points, point, scale, count):
    """Three words: year - 2000 and month, day and hour, minute and second."""
    words = [points.read(point + i) for i in range(3)]
    if not words[0]:
        return "null"
    six = [2000 + (words[0] >> 8), words[0] & 255]
    for word in words[1:]:
        six += [word >> 8, word & 255]
    return '"' + date_text(six) + '"'


def stamp(points, point):
    """Six points from the year on, as a text without its quotes; "" where there is no time."""
    provider, base = points.place(point)
    six = [provider.read(point - base + i) for i in range(6)]
    return date_text(six) if six[0] else ""


def date_text(six):
    """Year, month, day, hour, minute, second as a text."""
    year, month, day, hour, minute, second = six
    return f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"


def _time(points, point, scale, count):
    text = stamp(points, point)
    return f'"{text}"' if text else "null"


def _extreme(points, point, scale, count):
    """The `point`-th of the maxima, with `count` 1 of the minima, and its time."""
    point += p.EXTREMES * count
    its_time = _time(points, p.EXTREME + p.EXTREME_FIELDS * point + 1, 0, 0)
    return f"{number(points, p.EXTREME + p.EXTREMES_SHOWN + point, scale, 0)},{its_time}"


def _component(points, point, scale, count):
    """Real and imaginary part of the secondary side, on the primary one; `count`: a reading of both sides."""
    try:
        secondary = points.read(p.SECONDARY + count)
        ratio = points.read(p.PRIMARY + count) / secondary if secondary else 1
        return "[" + ",".join([decimal(points.read(point + i) * scale * ratio) for i in range(2)]) + "]"
    except KeyError:
        return "null"


def _letter(points, point, scale, count):
    value = points.read(point)
    return f'"{chr(int(value))}"' if 0x40 < value < 0x5B else "null"


def _text(points, point, scale, count):
    """A setting that is a text."""
    return json.dumps(text_of(points, point - p.SETTING))


def _word(points, point, scale, count):
    """A text of the table."""
    return json.dumps(point)


_KINDS = {
    "number": number,
    "energy": _energy,
    "tenths": _tenths,
    "packed": _packed,
    "time": _time,
    "component": _component,
    "letter": _letter,
    "text": _text,
    "word": _word,
}
