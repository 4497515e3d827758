"""What answers at a port: identification, data readout and the commands of the programming mode.

Reading needs no password. What may be written is in the tables (registers.py): with a password of level 1 or
2, and for most only while the meter is in programming mode, which nobody but a hand at its button brings
about.
"""

from fourquad import points as p
from fourquad.protocols.iec62056 import access, tables
from fourquad.protocols.iec62056.characters import FOLLOW, put
from fourquad.protocols.iec62056.datasets import digits, split
from fourquad.protocols.iec62056.profile import Profile
from fourquad.protocols.iec62056.registers import FORMAT, PROGRAM, Registers, letters
from fourquad.protocols.iec62056.slave import (
    ACCEPT,
    BLOCKS,
    BREAK,
    COUNTERS,
    REFUSE,
    SPEEDS,
    STREAM,
    Slave,
)
from fourquad.protocols.iec62056.streams import Readout, Text

# Error messages, at most 32 characters (6.3.2, item 20).
E_COMMAND = b"ER01 COMMAND"
E_CODE = b"ER02 CODE"
E_FORMAT = b"ER03 FORMAT"
E_READ_ONLY = b"ER04 READ ONLY"
E_PASSWORD = b"ER05 PASSWORD"
E_PROGRAM = b"ER06 PRG"
E_RANGE = b"ER07 RANGE"
E_LOCKED = b"ER08 LOCKED"
E_FORBIDDEN = b"ER09 FORBIDDEN"
E_WRITE_ONLY = b"ER10 WRITE ONLY"

ERRORS = (
    (E_COMMAND, "no such command"),
    (E_CODE, "no such code"),
    (E_FORMAT, "the data set or its value has not the form"),
    (E_READ_ONLY, "cannot be written"),
    (E_PASSWORD, "wrong password, or one is needed first"),
    (E_PROGRAM, "also needs programming mode (PRG)"),
    (E_RANGE, "the value is not allowed; of a table what is wrong with it"),
    (E_LOCKED, "three wrong passwords: none is taken for five minutes"),
    (E_FORBIDDEN, "not possible at present"),
    (E_WRITE_ONLY, "cannot be read"),
)

_LONGEST_ERROR = 32
# What an answer of points.write means to a master.
_MEANS = (None, E_RANGE, E_READ_ONLY, E_FORBIDDEN, E_CODE)


class Server:
    """`codes`: a model's tables (models/a1000/obis.py); `keys`: the Access of the port; `speed`, `bare`:
    point ids of the speed to offer and of whether a sign-on without address is answered here; `reset`: the id
    of the billing reset through this port.
    """

    def __init__(self, codes, points, keys, speed, bare, reset):
        self.points = points
        self.stream = None
        self.error = E_COMMAND
        self.level = 0
        self._codes = codes
        self._access = keys
        self._speed = speed
        self._bare = bare
        self._reset = reset
        self._registers = Registers(codes, points)
        self._text = Text()
        self._readout = Readout(self._registers)
        self._profile = Profile(self._registers)

    # For the link.

    def addressed(self, request, first, end):
        """Whether the sign-on with the address request[first:end] is for this meter (leading zeros are
        ignored).
        """
        if first == end:
            return self.points.read(self._bare) != 0
        number = digits(bytes(request[first:end]).decode(), 1, 32)
        if not number:
            return False
        for pid in self._codes.ADDRESSES:
            if number == self.points.read(pid + 1) * 1000000 + self.points.read(pid):
                return True
        return False

    def speed(self):
        """The character (0-6) of the speed that is offered."""
        baud = self.points.read(self._speed)
        return SPEEDS.index(baud) if baud in SPEEDS else 0

    def identification(self, out, at):
        """Write the identification; where it ends."""
        at = put(out, at, "/" + letters(self.points.read(self._codes.LETTERS)))
        return put(out, at, f"{self.speed()}{self._codes.IDENTIFICATION}\r\n")

    def readout(self):
        """Prepare the data readout as `stream`."""
        self._readout.start()
        self.stream = self._readout

    def begin(self):
        """Programming begins, without a password yet."""
        self.level = 0

    def end(self):
        """The session is over."""
        self.level = 0

    def message(self, request, length, now):
        """Do a command, complete and with a good block check; what to answer."""
        body = bytes(request[1:length]).decode()
        command = body[0]
        kind = body[1] if len(body) > 2 else ""
        # after command and kind: STX, the data set, ETX
        data = body[3:-1] if len(body) > 4 and body[2] == "\x02" else ""
        if command == "P" and kind in "12" and kind:
            return self._password(int(kind), data, now)
        if command == "R" and kind in "123456" and kind:
            return self._read(kind, data)
        if command == "W" and kind in "12345" and kind:
            return self._write(data)
        return self._refuse(E_COMMAND)

    # Commands.

    def _refuse(self, error):
        self.error = error
        return REFUSE

    def _password(self, level, data, now):
        parts = split(data)
        if parts is None or len(parts[1]) != 1:
            return self._refuse(E_FORMAT)
        answer = self._access.enter(level, parts[1][0], now)
        if answer == access.GRANTED:
            self.level = level
            return ACCEPT
        self.level = 0
        if answer == access.LAST:
            return BREAK
        return self._refuse(E_LOCKED if answer == access.LOCKED else E_PASSWORD)

    def _read(self, kind, data):
        parts = split(data)
        code, values = parts if parts else (data, [""])
        if "(" in code or not code:
            return self._refuse(E_FORMAT)
        blocks = kind in "346"
        prefix = self._codes.PREFIX
        if (code[len(prefix) :] if code.startswith(prefix) else code) == self._codes.PROFILE:
            if not self._profile.start("" if values[0] == "1" else values[0]):
                return self._refuse(E_FORMAT)
            self.stream = self._profile
            return BLOCKS if blocks else STREAM
        if not self._registers.find(code):
            return self._refuse(E_CODE)
        if len(values) > 1 or values[0] not in ("", "1"):
            return self._refuse(E_FORMAT)
        if self._registers.kind in ("command", "password"):
            return self._refuse(E_WRITE_ONLY)
        text = self._value()
        if text is None:
            return self._refuse(E_CODE)
        self._text.start(code + text)
        self.stream = self._text
        return BLOCKS if blocks else STREAM

    def _value(self):
        """The text of what was found."""
        r = self._registers
        try:
            if r.kind == "table":
                return "(" + tables.encode(r.detail, self.points.read(r.pid)) + ")"
            if r.kind == "list":
                return "(" + tables.encode_list([self.points.read(r.pid + i) for i in range(r.detail)]) + ")"
        except KeyError:
            return None
        return r.text()

    def _write(self, data):
        parts = split(data)
        if parts is None or len(parts[1]) != 1:
            return self._refuse(E_FORMAT)
        r = self._registers
        if not r.find(parts[0]):
            return self._refuse(E_CODE)
        if not r.level:
            return self._refuse(E_READ_ONLY)
        if not self.level:
            return self._refuse(E_PASSWORD)
        if r.level == PROGRAM and self.points.read(self._codes.PROGRAM_MODE) != 1:
            return self._refuse(E_PROGRAM)
        value, star, unit = parts[1][0].partition("*")
        if star and (not unit or unit != r.unit):
            return self._refuse(E_RANGE if unit else E_FORMAT)
        why = self._store(value)
        if why == p.OK:
            return ACCEPT
        if why == p.RANGE and r.kind == "table":
            return self._refuse(self._reason())
        return self._refuse(E_FORMAT if why == FORMAT else _MEANS[why])

    def _reason(self):
        """Why a table was refused, if its provider says so: ER07 and as many words of what stands after the
        colon there as go into a message.
        """
        reason = getattr(self.points.provider(p.TABLE), "reason", None)
        if not reason:
            return E_RANGE
        text = "ER07"
        for word in reason.split(": ")[-1].split(" "):
            if len(text) + 1 + len(word) > _LONGEST_ERROR:
                break
            text += " " + word
        return text.encode()

    def _store(self, value):
        r = self._registers
        if r.kind == "table":
            table = tables.decode(r.detail, value)
            return FORMAT if table is None else self.points.write(r.pid, table)
        if r.kind == "list":
            return self._store_list(r, value)
        if r.kind == "command" and r.pid == self._codes.RESET:
            # counted by the port that it came through
            r.pid = self._reset
        return r.write(value)

    def _store_list(self, r, value):
        entries = tables.decode_list(value, r.detail)
        if entries is None:
            return FORMAT
        for entry in entries:
            if not self._listed(entry):
                return p.RANGE
        for i in range(r.detail):
            why = self.points.check(r.pid + i, entries[i])
            if why:
                return why
        for i in range(r.detail):
            self.points.write(r.pid + i, entries[i])
        return p.OK

    def _listed(self, entry):
        """Whether an entry of a display list can be shown: an item of the model, periods in their order."""
        item, first, last = tables.unpack_entry(entry)
        return item <= self._codes.DISPLAY_ITEMS and first <= last and (first > 0 or last == 0)


def make(tables, parts, address, speed):
    """A slave on a port, as protocols/station.py wants it. `tables`: codes, offsets of speed, of the bare
    sign-on and of the reset; its address is among the codes.
    """
    codes, speed, bare, reset = tables
    points = parts[0]
    keys = access.Access(points, codes.PASSWORDS)
    server = Server(codes, points, keys, p.SETTING + speed, p.SETTING + bare, p.COMMAND + reset)
    return Slave(server, FOLLOW), COUNTERS
