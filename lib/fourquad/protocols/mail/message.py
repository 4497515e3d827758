"""A mail, made piece by piece: a text, and tables of readings and records as CSV files in base64 (RFC 5322,
2045, 2046). A model's MAILED says what there is (models/services/mail.py).
"""

from binascii import b2a_base64

from fourquad import points as p
from fourquad.pieces import Pieces
from fourquad.points import values as v

_FLOAT, _ENERGY, _HUNDREDTHS, _WHOLE, _ORDERS, _RECORDS, _EXTREMES = range(7)
_OCTETS = 57  # of a line of base64
_BOUNDARY = b"=_fourquad"  # which base64 cannot have
_SECOND_ORDER = 2


class Message(Pieces):
    """`heads`: lines of the head, bytes; `text`: the text; `contents`: bits of `mailed`. No line begins with
    a point.
    """

    at_once = 1

    def __init__(self, heads, text, mailed, contents, points):
        self._heads = heads
        self._text = text
        self._mailed = mailed
        self._contents = contents
        self._points = points
        try:
            self._kwh = points.read(p.SETTING + p.ENERGY_SIDE) == v.ENERGY_SECONDARY
        except KeyError:
            # a model whose energies are always of the primary side
            self._kwh = False
        self.begin()

    def _all(self):
        for line in self._heads:
            yield line + b"\r\n"
        yield b"MIME-Version: 1.0\r\n"
        yield b'Content-Type: multipart/mixed; boundary="' + _BOUNDARY + b'"\r\n\r\n'
        yield b"--" + _BOUNDARY + b"\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        yield self._text + b"\r\n"
        for i, (name, heading, rows) in enumerate(self._mailed):
            if self._contents >> i & 1:
                file = name.encode() + b".csv"
                yield b"--" + _BOUNDARY + b"\r\nContent-Type: text/csv; name=" + file + b"\r\n"
                yield b"Content-Disposition: attachment; filename=" + file + b"\r\n"
                yield b"Content-Transfer-Encoding: base64\r\n\r\n"
                for line in self._encoded(heading, rows):
                    yield line
        yield b"--" + _BOUNDARY + b"--\r\n"

    def _encoded(self, heading, rows):
        """A table in lines of base64; empty lines while one is not full, so that none takes long."""
        waiting = heading.encode() + b"\r\n"
        for row in rows:
            for line in self._table(row):
                waiting += line
                if len(waiting) < _OCTETS:
                    yield b""
                while len(waiting) >= _OCTETS:
                    yield _base64(waiting[:_OCTETS])
                    waiting = waiting[_OCTETS:]
        if waiting:
            yield _base64(waiting)

    def _table(self, row):
        names, first, kind, *more = row
        if kind == _RECORDS:
            (words,) = more
            for i in range(names):
                values = [self._value(_WHOLE, first + words * i + k) for k in range(words)]
                # what has not happened yet has no date
                there = any(value not in (b"", b"0") for value in values)
                yield b",".join(values) + b"\r\n" if there else b""
        elif kind == _EXTREMES:
            names = names.split()
            for place in range(2 * p.EXTREMES):
                date = first + p.EXTREME_FIELDS * place + 1
                values = [self._value(_WHOLE, date + k) for k in range(p.EXTREME_FIELDS - 1)]
                # what has not been seen yet has no date
                if values[0] == b"0":
                    yield b""
                else:
                    word, at = divmod(place, p.EXTREMES)
                    name = names[at] + ("_MIN" if word else "_MAX")
                    what = _FLOAT if at < p.EXTREME_THD else _HUNDREDTHS
                    values[:0] = [name.encode(), self._value(what, first + p.EXTREMES_SHOWN + place)]
                    yield b",".join(values) + b"\r\n"
        elif kind == _ORDERS:
            for i in range(more[0] if more else p.ORDERS):
                name = names + "_H" + str(i + _SECOND_ORDER)
                yield name.encode() + b"," + self._value(_HUNDREDTHS, first + i) + b"\r\n"
        else:
            step = more[0] if more else 1
            for i, name in enumerate(names.split()):
                yield name.encode() + b"," + self._value(kind, first + step * i) + b"\r\n"

    def _value(self, kind, point):
        try:
            value = self._points.read(point)
        except KeyError:
            return b""
        if value != value:
            return b""
        if kind == _FLOAT:
            return b"%.3f" % value
        if kind == _WHOLE:
            return b"%d" % value
        scale, form = 100, b"%s%d.%02d"
        if kind == _ENERGY:
            scale, form = (1000, b"%s%d.%03d") if self._kwh else (10, b"%s%d.%d")
        value = int(value)
        return form % (b"-" if value < 0 else b"", abs(value) // scale, abs(value) % scale)


def _base64(data):
    return b2a_base64(data)[:-1] + b"\r\n"
