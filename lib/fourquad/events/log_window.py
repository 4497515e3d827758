"""How masters get the records of data logs: a window of registers over a log, and each log's status (KW320
manual 6.3.8). A provider of points.LOG, by blocks of registers:

| place | what |
|---|---|
| 0 | log 0-2, in the high byte; in the low one if the high one is 0 |
| 1 | high byte: records in the window; low byte: status |
| 2-3 | offset of the first record from the oldest one, 32 bits |
| 4-126 | the window |
| 128, 144, 160 | status of the logs, 12 registers each |

A record in the window: its offset + 1 (32 bits), year - 2000, month, day, hour, minute, second, its registers
(big-endian all), CRC-16/MODBUS of all before it, the low byte first. One that flash has lost has a wrong CRC,
and 0 between number and CRC. Bytes that are not used are 0.

Each master has a window of its own; the last four are remembered, and another one finds that of the last.
Its offsets count from the record that was the oldest when it last read the status of the log, wrote the
offset 0, or chose the log: new records, and the end of old ones, change nothing of them.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.calendar.clock import split

WINDOW = 4  # place of the first register with records
_HEADER = 4  # registers that can be written
_REGISTERS = 127
_BYTES = 246
_STATUS_WORDS = 12
_SHORTEST = 14  # bytes of a record
_MASTERS = 4  # that are remembered
_NONE = -1

# What the low byte of place 1 says.
READY = 0x0B
NOT_READY = 0xFF
ERASING = 0xAA
ERASED = 0xBB
WRONG = 0xC0  # and a bit for each log whose list has an error

# Places in a master's own values.
_LOG = 0  # as written
_COUNT = 1
_OFFSET = 2
_ASKED = 3  # whether it has written anything since settings were changed
_FIRST = 4  # number of the record of offset 0, in each of the logs
_VALUES = 7


class Retrieval:
    """Over `logs` (events.datalog.DataLog); the records of a window are put into `buffer`, of 246 bytes or
    more, which others may use between times (`spoil`). `checksum(buffer, length, start)`: CRC-16/MODBUS.
    """

    checksum = None  # until device/datalog_store.py has brought it

    def __init__(self, logs, buffer):
        self.logs = logs
        self._buffer = buffer
        # the last one that asked comes first; None is who asks for points
        self._masters = [self] * _MASTERS
        self._values = [array("i", [0] * _FIRST + [_NONE] * (_VALUES - _FIRST)) for _ in range(_MASTERS)]
        self._filled = None  # whose window is in the buffer
        self._there = False  # whether its first record is
        self._erased = False  # whether settings have been changed since the start
        self._date = [0] * 7
        self._head = bytearray(4)

    def _own(self, master):
        """The values of a master. One that is new, or that others have driven out, goes on with those of the
        last one: it may be the same, with another connection.
        """
        masters, values = self._masters, self._values
        for i in range(_MASTERS):
            if masters[i] is master:
                break
        own = values.pop(i)
        if masters.pop(i) is not master:
            for k in range(_VALUES):
                own[k] = values[0][k]
            if self._filled is own:
                self._filled = None
        masters.insert(0, master)
        values.insert(0, own)
        return own

    def reset(self, n, master):
        """A master has changed the settings of log `n`: it has no record any more."""
        self._erased = True
        self._filled = None
        # what it is told next is how that went; others may be reading another log
        self._own(master)[_ASKED] = 0
        for own in self._values:
            own[_FIRST + n] = _NONE

    def spoil(self):
        """The buffer is wanted for something else."""
        self._filled = None

    # Writing.

    def write_block(self, master, index, count, data, at):
        """Take big-endian words of data[at:], all or none: OK, or the reason why none."""
        if index + count > _HEADER:
            return p.READ_ONLY
        own = self._own(master)
        which, records, offset = own[_LOG], own[_COUNT], own[_OFFSET]
        for place in range(index, index + count):
            word = data[at] << 8 | data[at + 1]
            at += 2
            if place == 0:
                which = word
            elif place == 1:
                records = word >> 8
            elif place == 2:
                offset = (offset & 0xFFFF) | (word - ((word & 0x8000) << 1)) << 16
            else:
                offset = offset >> 16 << 16 | word
        n = _log(which)
        if n >= len(self.logs):
            return p.RANGE
        most = _BYTES // max(_SHORTEST, self.logs[n].size)
        if index <= 1 < index + count and not 1 <= records <= most:
            return p.RANGE
        if n != _log(own[_LOG]) or not offset:
            own[_FIRST + n] = _NONE
        own[_LOG], own[_COUNT], own[_OFFSET] = which, records, offset
        own[_ASKED] = 1
        self._latch(own, n)
        self._fill(own)
        return p.OK

    def _latch(self, own, n):
        """See to it that the offsets of a master count from some record."""
        log = self.logs[n]
        if own[_FIRST + n] < 0 and log.ring:
            own[_FIRST + n] = log.oldest

    def _fill(self, own):
        """Put a master's window into the buffer."""
        self._filled = own
        end = 0
        n = _log(own[_LOG])
        log = self.logs[n]
        ring, size, shown = log.ring, log.size, own[_OFFSET]
        if ring and shown >= 0 and own[_FIRST + n] >= 0:
            number = own[_FIRST + n] + shown
            for _ in range(min(own[_COUNT], _BYTES // size)):
                if not ring.oldest <= number <= ring.newest:
                    break
                shown += 1
                self._put(ring, number, shown, end, size)
                number += 1
                end += size
        self._there = end > 0
        for i in range(end, _BYTES):
            self._buffer[i] = 0

    def _put(self, ring, number, shown, at, size):
        """Put a record into the buffer."""
        buffer, end = self._buffer, at + size - 2
        pack_into(">I", buffer, at, shown)
        # its registers come where they are to be, and its minute before them
        whole = ring.read(number, memoryview(buffer)[at + 6 : end])
        if whole:
            self._stamp(unpack_from("<I", buffer, at + 6)[0], buffer, at + 4)
        else:
            for i in range(at + 4, end):
                buffer[i] = 0
        crc = self.checksum(buffer, end - at, at)
        if not whole:
            crc ^= 0xFFFF
        buffer[end] = crc & 0xFF
        buffer[end + 1] = crc >> 8

    def _stamp(self, minute, buffer, at):
        """Six bytes of a time."""
        date = self._date
        split(60 * minute, date)
        buffer[at] = date[1] - 2000
        for i in range(1, 6):
            buffer[at + i] = date[i + 1]

    # Reading.

    def read_block(self, master, index, count, target, at):
        """Registers `index` on, big-endian, to target[at:]."""
        if index >= p.LOG_STATUS:
            self._read_status(master, index - p.LOG_STATUS, count, target, at)
            return
        own = self._own(master)
        if own[_ASKED] and self._filled is not own:
            self._fill(own)
        for place in range(index, min(index + count, WINDOW)):
            if place == 1:
                target[at] = own[_COUNT]
                target[at + 1] = self._status(own)
            else:
                word = own[_LOG] if place == 0 else own[_OFFSET] >> 16 if place == 2 else own[_OFFSET]
                target[at] = word >> 8 & 0xFF
                target[at + 1] = word & 0xFF
            at += 2
        if index + count > WINDOW:
            first = 2 * (max(index, WINDOW) - WINDOW)
            end = 2 * (index + count - WINDOW)
            if own[_ASKED]:
                target[at : at + end - first] = self._buffer[first:end]
            else:
                for i in range(at, at + end - first):
                    target[i] = 0

    def _status(self, own):
        """The low byte of place 1: of the window, once a master has asked for one; of the settings, after a
        change.
        """
        log = self.logs[_log(own[_LOG])]
        wrong = 0
        busy = False
        for n in range(len(self.logs)):
            if self.logs[n].wrong:
                wrong |= 1 << n
            busy |= self.logs[n].erasing
        if own[_ASKED] and not log.wrong:
            return ERASING if log.erasing else READY if self._there else NOT_READY
        if busy:
            return ERASING
        if wrong:
            return WRONG | wrong
        return ERASED if self._erased else NOT_READY

    def _read_status(self, master, index, count, target, at):
        n, place = divmod(index, p.LOG_STATUS_STEP)
        log = self.logs[n]
        own = self._own(master)
        own[_FIRST + n] = _NONE
        self._latch(own, n)
        words = bytearray(2 * _STATUS_WORDS)
        used = log.count
        pack_into(">IIH", words, 0, log.maximum, used, log.size)
        if used:
            for where, number in ((12, log.oldest), (18, log.ring.newest)):
                minute = log.minute(number)
                if minute >= 0:
                    self._stamp(minute, words, where)
        target[at : at + 2 * count] = words[2 * place : 2 * (place + count)]

    # A provider of points.

    def read(self, index):
        beyond = index - p.LOG_STATUS
        if index >= _REGISTERS and (beyond < 0 or beyond % p.LOG_STATUS_STEP >= _STATUS_WORDS):
            raise KeyError(index)
        head = self._head
        self.read_block(None, index, 1, head, 0)
        return head[0] << 8 | head[1]

    def check(self, index, value):
        return p.READ_ONLY

    write = check


def _log(word):
    """Which log a master means."""
    return word >> 8 or word
