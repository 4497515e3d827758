"""A message as JSON, made in pieces:

{"timestamp":1767225600,"number":17,"device":{"serial":"...","model":"kw320","name":"fourquad"},"readings":[
{"param":"v1","value":"230.1","unit":"V"}, ... ]}

without the line ends. `timestamp`: seconds since 1970; `number`: counts the messages of a meter, so that one
that comes twice is known. A reading is a text of up to seven digits, as exact as a register that holds it; an
energy is exact. What is no number is null.
"""

from struct import unpack_from

_SINCE_1970 = 946684800
_HEAD = 5  # bytes of a record before its values (events/outbox.py)
_ROWS = 8  # of a piece: 3 ms on an RP2040
_BEGIN, _READINGS, _END = range(3)


class Payload:
    """Of the record that `outbox` has fetched. `device`: what stands between the braces of "device"."""

    def __init__(self, outbox, device):
        self._outbox = outbox
        self._device = device
        self.number = 0
        self.begin()
        self.more = False

    def begin(self):
        """From the start."""
        self.more = True
        self._what = _BEGIN
        self._group = self._row = 0
        self._at = _HEAD
        self._comma = False

    def piece(self, out, at):
        """Put the next piece to out[at:], at most 600 bytes; the place after it."""
        if self._what == _BEGIN:
            self._what = _READINGS
            return _put(out, at, self._head())
        groups = self._outbox.groups
        left = _ROWS
        while left and self._group < len(groups):
            rows = groups[self._group][3]
            if self._row == len(rows):
                self._group += 1
                self._row = 0
            else:
                if self._outbox.masks[self._group] >> self._row & 1:
                    at = _put(out, at, self._reading(groups[self._group][1], *rows[self._row]))
                    left -= 1
                self._row += 1
        if self._group == len(groups):
            self.more = False
            at = _put(out, at, "]}")
        return at

    def _head(self):
        seconds = unpack_from("<I", self._outbox.record)[0] + _SINCE_1970
        return f'{{"timestamp":{seconds},"number":{self.number},"device":{{{self._device}}},"readings":['

    def _reading(self, kind, name, unit):
        record = self._outbox.record
        value = unpack_from(kind, record, self._at)[0]
        self._at += 4
        comma = "," if self._comma else ""
        self._comma = True
        text = energy(value, record[4]) if kind == "<i" else number(value)
        return f'{comma}{{"param":"{name}","value":{text},"unit":"{unit}"}}'


def number(value):
    """A float as JSON."""
    if value - value != 0:
        return "null"
    return f'"{value:.7g}"'


def energy(count, secondary):
    """A count of energy in thousands of its unit: one is 0.1, on the secondary side 0.001."""
    sign = "-" if count < 0 else ""
    whole, rest = divmod(abs(count), 1000 if secondary else 10)
    return f'"{sign}{whole}.{rest:03d}"' if secondary else f'"{sign}{whole}.{rest}"'


def quoted(data):
    """Printable ASCII between the quotes of JSON."""
    return data.decode().replace("\\", "\\\\").replace('"', '\\"')


def _put(out, at, text):
    data = text.encode()
    out[at : at + len(data)] = data
    return at + len(data)
