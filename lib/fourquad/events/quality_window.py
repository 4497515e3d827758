"""How masters get events and waveforms of power quality: two blocks of registers (KW320 manual 6.3.8).

| place | what |
|---|---|
| 0 | number of the newest event; 0 none |
| 1, 2 | the first event that is shown, and how many (1-10) |
| 3-82 | ten events of eight words |
| 83 | the group that is shown |
| 84 | which part of it: 0 the reasons of four groups, 1 time and reason, 2-121 cycles of 64 points |
| 85, 86 | status of what is shown; number of the newest group |
| 87-150 | 64 words |

Each master has places 1, 2, 83 and 84 of its own. After a read of exactly 83-150 place 84 is one more, up to
121, or place 83 four more where 84 is 0, unless that is more than there are groups: the answer has the values
before. What is not there reads 0.

An event in flash: second (32 bits) of local time since 2000, ms (16), rated V (16), phases, threshold, half
cycles (8 each), 0.
"""

from array import array
from struct import pack, pack_into, unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split
from fourquad.events.capture import CYCLE_BYTES, HEAD, POINT_BYTES

EVENT_SIZE = 12
MOST_EVENTS = 50000
_FORMAT = "<IHHBBBx"
_EVENT_WORDS = 8
_SHOWN = 10  # events
_WAVES = 68  # registers of the second block
_LAST = 121
_AHEAD = 10  # cycles before the trigger, in each of six quantities
_QUANTITIES = 6
_MASTERS = 4  # that are remembered

# Places in a master's own values.
_FIRST = 0
_COUNT = 1
_GROUP = 2
_PART = 3
_START = (1, _SHOWN, 1, 0)
_WRITABLE = (1, 2, 83, 84)  # the places of these

# What place 85 says.
SHOWN = 0x0B
CLEARING = 0xAA
NOT_THERE = 0xFF


class Window:
    """Over `ring` (records.ring.Ring) and `groups` (records.groups.Groups), which who has the flash sets;
    `values` are the points after the blocks. The provider for points.QUALITY.
    """

    ring = groups = None
    EVENT_SIZE = EVENT_SIZE

    def __init__(self, values):
        self.values = values
        self._masters = [None] * _MASTERS  # the last one that asked comes first
        self._owns = [array("H", _START) for _ in range(_MASTERS)]
        self._bytes = bytearray(2 * (3 + _EVENT_WORDS * _SHOWN))
        self._record = bytearray(EVENT_SIZE)
        self._date = [0] * 7

    def _own(self, master):
        """The values of a master, whom others may have driven out."""
        masters, owns = self._masters, self._owns
        for i in range(_MASTERS):
            if masters[i] is master:
                break
        own = owns.pop(i)
        if masters.pop(i) is not master:
            for k in range(len(_START)):
                own[k] = _START[k]
        masters.insert(0, master)
        owns.insert(0, own)
        return own

    # What there is.

    @property
    def room(self):
        """How many events there are at most."""
        return min(MOST_EVENTS, self.ring.capacity) if self.ring else 0

    @property
    def newest(self):
        """Number of the newest event; the oldest one is 1."""
        return min(self.ring.count, self.room) if self.ring else 0

    @property
    def group(self):
        """Number of the newest group."""
        return self.groups.count if self.groups else 0

    def keep(self, seconds, ms, phases, rated, threshold, halves):
        """Keep an event. OSError: the flash takes nothing."""
        self.ring.append(pack(_FORMAT, seconds, ms, rated, phases, threshold, halves))

    # Writing.

    def write_block(self, master, index, count, data, at):
        """Take big-endian words of data[at:], all or none: OK, or the reason why none."""
        for k in range(count):
            if index + k not in _WRITABLE:
                return p.READ_ONLY
            value = data[at + 2 * k] << 8 | data[at + 2 * k + 1]
            low, high = self._range(_WRITABLE.index(index + k))
            if not low <= value <= high:
                return p.RANGE
        own = self._own(master)
        for k in range(count):
            own[_WRITABLE.index(index + k)] = data[at + 2 * k] << 8 | data[at + 2 * k + 1]
        return p.OK

    def _range(self, which):
        if which == _FIRST:
            return 1, max(1, self.newest)
        if which == _COUNT:
            return 1, _SHOWN
        return (1, max(1, self.group)) if which == _GROUP else (0, _LAST)

    # Reading.

    def read_block(self, master, index, count, target, at):
        """Registers `index` on, big-endian, to target[at:]."""
        own = self._own(master)
        out = self._bytes
        for i in range(len(out)):
            out[i] = 0
        if index < p.WAVE_GROUP:
            first = 0
            self._events(own, index, index + count, out)
        else:
            first = p.WAVE_GROUP
            self._wave(own, index + count > p.WAVE_STATUS, out)
        target[at : at + 2 * count] = out[2 * (index - first) : 2 * (index - first + count)]
        if index == p.WAVE_GROUP and count == _WAVES:
            self._advance(own)

    def _advance(self, own):
        """A window was read as a whole."""
        if own[_PART]:
            own[_PART] = min(own[_PART] + 1, _LAST)
        elif own[_GROUP] + 4 <= self.group:
            own[_GROUP] += 4

    def _events(self, own, index, end, out):
        """The first block as far as places `index` to `end` need it."""
        newest = self.newest
        pack_into(">HHH", out, 0, newest, own[_FIRST], own[_COUNT])
        for i in range(own[_COUNT]):
            place = p.EVENT + _EVENT_WORDS * i
            number = own[_FIRST] + i
            if number > newest or place >= end or index >= place + _EVENT_WORDS:
                continue
            if self.ring.read(self.ring.newest - newest + number, self._record):
                self._event(out, 2 * place)

    def _event(self, out, at):
        seconds, ms, rated, phases, threshold, halves = unpack_from(_FORMAT, self._record)
        date = self._date
        split(seconds, date)
        pack_into(">BBBBBB", out, at, date[1] - 2000, date[2], date[3], date[4], date[5], date[6])
        pack_into(">HHHHH", out, at + 6, ms, phases, rated, threshold, halves)

    def _wave(self, own, filled, out):
        """The second block; `filled`: its status and words, too."""
        group, part = own[_GROUP], own[_PART]
        status = NOT_THERE
        if self.groups and self.groups.clearing:
            status = CLEARING
        elif group <= self.group:
            status = SHOWN
            if filled and not self._fill(group, part, memoryview(out)[8 : 8 + POINT_BYTES]):
                status = NOT_THERE
                for i in range(8, 8 + POINT_BYTES):
                    out[i] = 0
        pack_into(">HHHH", out, 0, group, part, status, self.group)

    def _fill(self, group, part, out):
        """A part of a group, as big-endian words; whether it is whole."""
        groups = self.groups
        if part > 1:
            # quantity by quantity, ten cycles each; those after the trigger follow on those before it
            later, place = divmod(part - 2, _AHEAD * _QUANTITIES)
            quantity, cycle = divmod(place, _AHEAD)
            start = (_AHEAD * later + cycle) * CYCLE_BYTES + quantity * POINT_BYTES
            whole = groups.read(group, start, out)
        else:
            whole = True
            for i in range(1 if part else 4):
                if group + i <= groups.count:
                    whole = groups.head(group + i, out[HEAD * i : HEAD * (i + 1)]) and whole
        for i in range(0, POINT_BYTES, 2):
            low = out[i]
            out[i] = out[i + 1]
            out[i + 1] = low
        return whole

    # A provider of points.

    def read(self, index):
        if index >= p.SAGS:
            if index == p.EVENT_ROOM:
                return self.room
            if index == p.WAVE_ROOM:
                return self.groups.room if self.groups else 0
            return self.values[index - p.SAGS]
        word = bytearray(2)
        self.read_block(None, index, 1, word, 0)
        return word[0] << 8 | word[1]

    def check(self, index, value):
        return p.READ_ONLY if index <= p.WAVE_ROOM else p.UNKNOWN

    write = check
