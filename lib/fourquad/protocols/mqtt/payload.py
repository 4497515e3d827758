"""A message as JSON, made in pieces:

{"timestamp":1767225600,"number":17,"device":{"serial":"...","model":"kw320","name":"fourquad"},"readings":[
{"param":"v1","value":"230.1"        ,"unit":"V"}, ... ]}

without the line ends. `timestamp`: seconds since 1970; `number`: counts the messages of a meter, so that one
that comes twice is known. A reading is a text of up to seven digits, as exact as a register that holds it; an
energy is exact. What is no number is null. Spaces make all values equally long: so the length of a message,
which goes before it, is known before it is made.
"""

from struct import unpack_from

_SINCE_1970 = 946684800
_HEAD = 5  # bytes of a record before its values (events/outbox.py)
_ROWS = 2  # of a step: 1 ms each on an RP2040
_ROOM = 100  # bytes that they have each, at most
_VALUE = 15  # characters: -1.234567e-38 between quotes
# What stands around name, value and unit of a reading, the comma before it included.
_OPEN, _MIDDLE, _UNIT, _CLOSE = ',{"param":"', '","value":', ',"unit":"', '"}'
_SPACES = "               "
_AROUND = len(_OPEN) + len(_MIDDLE) + _VALUE + len(_UNIT) + len(_CLOSE)
_END = b"]}"


class Payload:
    """Of the record that `outbox` has fetched. `device`: what stands between the braces of "device"."""

    def __init__(self, outbox, device):
        self._outbox = outbox
        self._device = device
        self._head = b""
        self.more = False
        count = rest = 0
        for k in range(len(outbox.groups)):
            rows = outbox.groups[k][3]
            for i in range(len(rows)):
                if outbox.masks[k] >> i & 1:
                    name, unit = rows[i]
                    count += 1
                    rest += _AROUND + len(name) + len(unit)
        # there is no comma before the first
        self._rest = rest + len(_END) - (1 if count else 0)

    def begin(self, number):
        """The message of this number from its start; how many bytes it has."""
        seconds = unpack_from("<I", self._outbox.record)[0] + _SINCE_1970
        self._head = (
            f'{{"timestamp":{seconds},"number":{number},"device":{{{self._device}}},"readings":['.encode()
        )
        self.more = True
        self._group = self._row = 0
        self._at = _HEAD
        return len(self._head) + self._rest

    def step(self, out, at):
        """Put some more to out[at:], which has room for the beginning or for _ROWS readings; the place after
        it.
        """
        if self._head:
            at = _put(out, at, self._head)
            self._head = b""
            return at
        outbox = self._outbox
        groups = outbox.groups
        left = _ROWS
        while left and self._group < len(groups):
            _, kind, _, rows = groups[self._group]
            row = self._row
            if row == len(rows):
                self._group += 1
                self._row = 0
                continue
            if outbox.masks[self._group] >> row & 1:
                at = _put(out, at, self._reading(kind, *rows[row]).encode())
                left -= 1
            self._row = row + 1
        if self._group == len(groups):
            self.more = False
            at = _put(out, at, _END)
        return at

    def _reading(self, kind, name, unit):
        record = self._outbox.record
        value = unpack_from(kind, record, self._at)[0]
        begin = _OPEN if self._at > _HEAD else _OPEN[1:]
        self._at += 4
        text = energy(value, record[4]) if kind == "<i" else number(value)
        return "".join((begin, name, _MIDDLE, text, _SPACES[len(text) :], _UNIT, unit, _CLOSE))


def room():
    """Bytes that a step of readings wants."""
    return _ROWS * _ROOM


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


def _put(out, at, data):
    out[at : at + len(data)] = data
    return at + len(data)
