"""The settings of one data log: 192 registers of 16 bits (KW320 manual 6.3.8), kept in a file of their own.

| place | what |
|---|---|
| 0 | high byte: registers of a record, 0-117; low byte: sectors of 64 KB, 0-100 |
| 1 | interval in minutes, 0-1440 |
| 2-118 | list of registers |
| 119-177 | descriptors, a byte each, the high byte first: 1 or 2 registers of an item |
| 178 | mode |
| 179-181, 182-184 | start, end: year - 2000 and month, day and hour, minute and second, the former high |
| 185-191 | reserved, 0 |
"""

from array import array
from struct import pack_into, unpack_from

from fourquad.calendar.clock import END, month_days, seconds
from fourquad.points import datalogs as g

MOST = 117  # registers of a record
HEAD = 12  # bytes of a record besides its registers
SECTORS = 100  # of all logs together
_LIST = 2
_DESCRIPTORS = _LIST + MOST
_MODE = 178
_START = 179
_END = 182
_RESERVED = 185
_DAY = 1440

# Modes.
ROUND = 0  # the newest records
SPAN = 1  # from start to end, until the log is full
DAILY = 2  # the newest records, one each day at hour and minute of the start

_TIMES = ((99, 12), (31, 23), (59, 59))  # the most in the high and in the low byte


class LogSettings:
    """Those of a log, in `words`. A group of the meter's `settings` (meter/settings.py), saved with them.

    `first`: the offset of the first into points.SETTING. `loggable`: (first, last) registers that a record
    may have. `tag` is another number after each change; `changed` is so until somebody has saved them.
    """

    texts = None

    def __init__(self, first, loggable, settings, clock):
        self.first = first
        self.words = self.values = array("H", bytes(2 * g.WORDS))
        self.tag = 0
        self.changed = False
        self._loggable = loggable
        self._settings = settings
        self._clock = clock

    @property
    def registers(self):
        """Registers of a record."""
        return self.words[0] >> 8

    @property
    def sectors(self):
        """Sectors of 64 KB that are asked for."""
        return self.words[0] & 0xFF

    @property
    def enabled(self):
        """Whether there is anything to log."""
        return self.registers > 0 and self.sectors > 0 and self.words[1] > 0

    @property
    def mode(self):
        """ROUND, SPAN or DAILY."""
        return self.words[_MODE]

    def due(self, minute):
        """Whether a record is to be made of this minute (of local time since 2000)."""
        words = self.words
        mode = words[_MODE]
        of_day = minute % _DAY
        if mode == DAILY:
            return of_day == (words[_START + 1] & 0xFF) * 60 + (words[_START + 2] >> 8)
        if of_day % words[1]:
            return False
        return mode == ROUND or self._time(_START, END) <= 60 * minute <= self._time(_END, -1)

    def _time(self, at, otherwise):
        """Seconds since 2000 of the start or the end; `otherwise`: it is no date."""
        words = self.words
        year, month = 2000 + (words[at] >> 8), words[at] & 0xFF
        day, hour = words[at + 1] >> 8, words[at + 1] & 0xFF
        if not (month and 0 < day <= month_days(year, month)):
            return otherwise
        return seconds(year, month, day, hour, words[at + 2] >> 8, words[at + 2] & 0xFF)

    def runs(self):
        """What a record is made of: first register and number of registers, for each run of consecutive
        ones. None: the list has an error.
        """
        words, count = self.words, self.registers
        item = at = 0
        while at < count:
            size = words[_DESCRIPTORS + (item >> 1)] >> (0 if item & 1 else 8) & 0xFF
            item += 1
            # an item of two registers has its second one next to its first
            if not 1 <= size <= 2 or at + size > count:
                return None
            if size == 2 and words[_LIST + at + 1] != words[_LIST + at] + 1:
                return None
            at += size
        runs = array("H")
        for at in range(count):
            register = words[_LIST + at]
            if not self._may(register):
                return None
            if runs and register == runs[-2] + runs[-1]:
                runs[-1] += 1
            else:
                runs.append(register)
                runs.append(1)
        return runs

    def _may(self, register):
        return any(first <= register <= last for first, last in self._loggable)

    # Changes.

    def put(self, place, count, data, at):
        """Take `count` big-endian words of data[at:] that `allowed` has nothing against; whether any of them
        is another one.
        """
        words = self.words
        changed = False
        for i in range(place, place + count):
            value = data[at] << 8 | data[at + 1]
            if words[i] != value:
                words[i] = value
                changed = True
            at += 2
        if changed:
            self.tag = max(self.tag + 1, self._clock.now)
            self.changed = self._settings.changed = True
            if self._settings.noted:
                self._settings.noted(self.first + place, 0, 0)
        return changed

    def put_block(self, place, data):
        """Take a block of registers from `place` on: big-endian bytes without the zeros at their end. Whether
        any of them is another one.
        """
        return self.put(place, g.BLOCK, data + bytes(2 * g.BLOCK - len(data)), 0)

    # The file.

    def dump(self):
        """The bytes of the file: the tag (32 bits), then the words up to the last one that is not 0;
        little-endian.
        """
        words, count = self.words, g.WORDS
        while count and not words[count - 1]:
            count -= 1
        data = bytearray(4 + 2 * count)
        pack_into("<I", data, 0, self.tag)
        for i in range(count):
            pack_into("<H", data, 4 + 2 * i, words[i])
        return data

    def load(self, data):
        """Take back what `dump` gave; what is not allowed any more stays 0."""
        if len(data) < 4:
            return
        self.tag = unpack_from("<I", data)[0]
        for i in range(min(g.WORDS, (len(data) - 4) >> 1)):
            value = unpack_from("<H", data, 4 + 2 * i)[0]
            self.words[i] = value if allowed(i, value) else 0


def allowed(place, value):
    """Whether a register of a log may have this value, whatever the others have. The list and the descriptors
    take everything: what is wrong there is told when the log is about to begin.
    """
    high, low = value >> 8, value & 0xFF
    if place == 0:
        return high <= MOST and low <= SECTORS
    if place == 1:
        return value <= _DAY
    if place < _MODE:
        return True
    if place == _MODE:
        return value <= DAILY
    if place < _RESERVED:
        most_high, most_low = _TIMES[(place - _START) % 3]
        return high <= most_high and low <= most_low
    return value == 0
