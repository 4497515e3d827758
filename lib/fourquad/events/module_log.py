"""A data logger of the network module (KW320 manual 5.1.8.6): readings at an interval, with their minimum,
maximum and average since the one before, in a ring of records (events/datalog.py is what keeps it).

A record in flash: seconds of UTC since 2000 (32 bits), flags (8 bits: SECONDARY_ENERGY), then the values of
the columns, 32 bits each, a single or a whole number by the kind of the column; little-endian.

A model's PARAMETERS has five tables (readings, energies, demands, quality, inputs and outputs); of each a
setting says by bits which rows are recorded: (names, first point, kind) and, if they are not neighbours, from
one point to the next. The kinds: FLOAT; ENERGY, a count of 0.1 kWh or of 1 Wh; HUNDREDTHS; WHOLE.
"""

from array import array
from binascii import crc32
from struct import pack_into, unpack_from

from fourquad.events import spans
from fourquad.events.datalog import DataLog
from fourquad.points import posts as q

FLOAT, ENERGY, HUNDREDTHS, WHOLE = range(4)

HEAD = 5  # bytes before the values
SECONDARY_ENERGY = 1
MOST = 120  # values of a record
DETAILED = (0, 2)  # the tables whose columns can have all details
TABLES = 5
_READ = 16  # columns that are read in a slice
_NAN = float("nan")
_LARGEST = 3.4e38


class ModuleLog(DataLog):
    """One logger; `number`: from 0 on. As `settings` of a data log it is its own."""

    def __init__(self, number, settings, points, clock, tables):
        DataLog.__init__(self, self)
        self.number = number
        self.group = None  # of the settings
        self.rows = ()  # (row of a table, whether it has details, how many columns, points between them)
        self.details = q.INSTANT
        self.values = 0  # of a record
        self.interval = 0
        self.lost = 0  # records for which there was no time
        self._get = settings.get
        self._put = settings.write
        self._first = q.LOGGER_ENABLE + q.LOGGER_STEP * number
        self._points = points
        self._clock = clock
        self._tables = tables
        self._sums = None  # of the columns with details: lowest, highest, sum, what the sum has lost
        self._counted = 0
        self._row = self._column = self._place = self._at = 0  # what is read next

    def get(self, offset):
        """A setting, by the offset of the first logger's."""
        return self._get(offset - q.LOGGER_ENABLE + self._first)

    # What keeps it (device/datalog_store.py).

    @property
    def changed(self):
        """Whether its settings are not saved yet."""
        return self.group.changed

    @property
    def tag(self):
        return self.get(q.LOGGER_TAG)

    @property
    def enabled(self):
        """Whether there is anything to record."""
        return self.values > 0 and self.get(q.LOGGER_ENABLE) > 0

    @property
    def stored(self):
        """Bytes of a record in flash."""
        return HEAD + 4 * self.values

    def follow(self):
        """The settings of now are in force: begin anew where records become others. Whether that is so."""
        on = self.get(q.LOGGER_ENABLE) > 0
        kind = self._kind()
        same = kind == self.get(q.LOGGER_KIND)
        if same and on == (self.ring is not None):
            return False
        if on and not same:
            self._put(self._first + q.LOGGER_KIND - q.LOGGER_ENABLE, kind)
            # a number that no records have had
            tag = max(self.tag + 1, self._clock.now) & 0x3FFFFFFF
            self._put(self._first + q.LOGGER_TAG - q.LOGGER_ENABLE, tag)
            self._put(q.LOGGER_DELETED + self.number, 0)
        self._plan(on)
        self.begin()
        return True

    def _kind(self):
        """A number that says what the records are."""
        data = bytearray(14)
        for i in range(6):
            pack_into("<H", data, 2 * i, self.get(q.LOGGER_REAL + i))
        pack_into("<H", data, 12, self.get(q.LOGGER_INTERVAL))
        return crc32(data) & 0x3FFFFFFF

    def _plan(self, on):
        """What is recorded, nothing if it is not `on`."""
        rows = []
        detailed = 0
        for t in range(TABLES if on else 0):
            bits = self.get(q.LOGGER_REAL + t)
            for i, row in enumerate(self._tables[t]):
                if bits >> i & 1:
                    names, point, kind, *step = row
                    columns = len(names.split())
                    rows.append(((names, point, kind), t in DETAILED, columns, step[0] if step else 1))
                    detailed += columns if t in DETAILED else 0
        values = values_of(self._tables, self.get) if on else 0
        self.details = self.get(q.LOGGER_DETAILS)
        self.interval = self.get(q.LOGGER_INTERVAL)
        self.rows = tuple(rows)
        self.values = values if values <= MOST else 0
        wanted = self.details != q.INSTANT and detailed and self.values
        self._sums = [array("f", bytes(4 * detailed)) for _ in range(4)] if wanted else None
        self.forget()

    def ready(self):
        """Whether there is to be a ring now."""
        self.wrong = not self.values
        return self.waiting and not self.changed

    def wanted(self):
        """As many records as there is room for."""
        return 1 << 16, 1

    @property
    def state(self):
        """q.OFF ..."""
        if self.failed:
            return q.FAILED
        if not self.get(q.LOGGER_ENABLE):
            return q.OFF
        if not self.values:
            return q.WRONG
        return q.RECORDING if self.ring else q.PREPARING

    # Recording.

    def forget(self):
        """What has been read since the last record does not count."""
        self._counted = 0
        self._row = self._column = self._place = 0

    def due(self, before, now):
        """Whether a record is to be made because an interval has ended between two seconds of the clock; when
        that was, or None.
        """
        if not self.ring or self.failed or not self.get(q.LOGGER_ENABLE):
            return None
        zone, code = self._clock.zone, self.interval
        was, local = (zone.local(before), zone.local(now)) if zone else (before, now)
        if local < self._get(q.LOGGER_START + 2 * self.number):
            return None
        if spans.span_of(code, was, self.tag) == spans.span_of(code, local, self.tag):
            return None
        moment = now - spans.since(code, local)
        return None if moment == self._newest else moment

    def listen(self):
        """Take some columns of a new second's readings into minimum, maximum and average; whether there are
        more.
        """
        if self._sums is None or not self.ring:
            return False
        low, high, sums, rest = self._sums
        place, row, column = self._place, self._row, self._column
        first = not self._counted
        for _ in range(_READ):
            while row < len(self.rows) and not self.rows[row][1]:
                row += 1
            if row >= len(self.rows):
                self._counted += 1
                self._row = self._column = self._place = 0
                return False
            (_, point, _), _, columns, step = self.rows[row]
            value = self._value(point + step * column)
            if first or value < low[place]:
                low[place] = value
            if first or value > high[place]:
                high[place] = value
            if first:
                sums[place] = value
                rest[place] = 0
            else:
                # Kahan's sum: a month of seconds in single precision
                y = value - rest[place]
                before = sums[place]
                sums[place] = before + y
                rest[place] = (sums[place] - before) - y
            place += 1
            column += 1
            if column == columns:
                row += 1
                column = 0
        self._place, self._row, self._column = place, row, column
        return True

    def _value(self, point):
        try:
            value = self._points.read(point)
        except KeyError:
            return _NAN
        return value if -_LARGEST < value < _LARGEST else _NAN

    def open(self, moment, buffer, secondary):
        """Begin a record in `buffer`."""
        self._row = self._column = self._place = 0
        pack_into("<IB", buffer, 0, moment, SECONDARY_ENERGY if secondary else 0)
        self._at = HEAD

    def fill(self, buffer):
        """Put some columns into it; whether there are more."""
        at, row, column = self._at, self._row, self._column
        for _ in range(_READ):
            if row == len(self.rows):
                return False
            (_, point, kind), detailed, columns, step = self.rows[row]
            value = self._value(point + step * column)
            details = self.details if detailed else q.INSTANT
            if details & q.INSTANT:
                at = _put(buffer, at, kind, value)
            if details != q.INSTANT:
                at = self._put_details(buffer, at, kind, details, value)
            if detailed:
                self._place += 1
            column += 1
            if column == columns:
                row += 1
                column = 0
        self._at, self._row, self._column = at, row, column
        return row < len(self.rows)

    def _put_details(self, buffer, at, kind, details, value):
        for i in range(3):
            if details >> i + 1 & 1:
                if self._counted:
                    value = self._sums[i][self._place]
                    if i == 2:
                        value /= self._counted
                at = _put(buffer, at, kind, value)
        return at

    def commit(self, buffer):
        """Keep it."""
        self.forget()
        self._newest = unpack_from("<I", buffer)[0]
        try:
            self.ring.append(memoryview(buffer)[: self.stored])
        except OSError:
            self.failed = True

    # Files: of records that follow on each other.

    def end_of(self, first, at, code, most, now):
        """Where the file that begins with record `first` ends, looked for from record `at` on, a few at a
        time: (end or None, record to look at next).
        """
        ring = self.ring
        begin = self.span(first, code)
        for _ in range(4):
            if at > ring.newest:
                zone = self._clock.zone
                ended = begin is None or begin != spans.span_of(
                    code, zone.local(now) if zone else now, self.tag
                )
                return (at if ended else None), at
            if at - first >= most or self.span(at, code) != begin:
                return at, at
            at += 1
        return None, at

    @property
    def oldest_local(self):
        """Number of the oldest record that somebody has not deleted."""
        return max(self.oldest, self._get(q.LOGGER_DELETED + self.number))

    def span(self, number, code):
        """The span of a record; None if it cannot be read."""
        moment = self.minute(number)
        zone = self._clock.zone
        return None if moment < 0 else spans.span_of(code, zone.local(moment) if zone else moment, self.tag)


def values_of(tables, get):
    """How many values a record has by the settings that `get` gives."""
    details = sum([get(q.LOGGER_DETAILS) >> i & 1 for i in range(4)])
    values = 0
    for t in range(TABLES):
        bits = get(q.LOGGER_REAL + t)
        for i, (names, *_) in enumerate(tables[t]):
            if bits >> i & 1:
                values += len(names.split()) * (details if t in DETAILED else 1)
    return values


def _put(buffer, at, kind, value):
    """A value into a record; the place after it. NaN of what is a whole number is the least one."""
    if kind == FLOAT:
        pack_into("<f", buffer, at, value)
    else:
        pack_into("<i", buffer, at, -0x80000000 if value != value else int(value))
    return at + 4
