"""The data loggers of the network module (KW320 manual 5.1.8.6), and which of their files have been posted.

Settings take effect when the module is reset. Of each logger is kept what is being posted: its tag, the first
record and the end of the file that is under way (an end of 0: none is). That is in flash before the first
byte of a file is sent, and again when it has arrived: after a power cut the same file is posted again under
the same key, which the server can tell.
"""

from array import array

from fourquad import points as p
from fourquad.events import log_file, spans
from fourquad.events.module_log import HEAD, MOST, ModuleLog, values_of
from fourquad.part import Part
from fourquad.points import posts as q
from fourquad.points import values as v

PLACES = ("module1", "module2", "module3")
_STEP_S = 5  # by which a clock may be set and still be running
_SHARE = 4  # of a ring that one file may be


class Loggers(Part):
    """All of them. `serial`: the device's serial number; `keep(state)`: writes the positions to flash.

    Provider of q.POSTED.
    """

    name = "loggers"
    store = "module_log_store"
    places = PLACES
    busy = True  # there may be something to do in flash, as its store has not seen yet
    failed = False  # positions could not be kept
    serial = b""
    keep = None
    line = None  # the channel that has the connection of data of FTP

    def __init__(self, meter):
        self._meter = meter
        self._settings = settings = meter.settings
        self._clock = clock = meter.clock
        tables = self._tables = meter.model.PARAMETERS
        self.logs = [ModuleLog(n, settings, meter.points, clock, tables) for n in range(q.LOGGERS)]
        for group in settings.groups:
            if group.first == q.GROUP_POSTS:
                for log in self.logs:
                    log.group = group
        self._seen = None
        self._late = [None] * q.LOGGERS  # when the record that is to be made was due
        self._open = None  # the log whose record is being made
        self._listening = 0  # bits of the logs that have not taken the newest readings yet
        self._buffer = None
        self.state = array("I", [0] * (1 + 3 * q.LOGGERS))  # a key, then tag, first, end of each
        self._looked = [0] * q.LOGGERS  # record to look at next for the end of a file
        self._turn = 0
        self._anew = False  # settings are to be taken over
        self._asked = self._clearing = 0  # bits of the channels that want a file, whose files are to go
        self._unsaved = False
        self.said = [0] * (q.POST_SAYS * q.CHANNELS)
        self._veto = None
        self._next = clock.on_set
        clock.on_set = self._set_clock
        self.after_window = (self._step, self._step)
        self.after_reading = (self._read,)

    def provide(self, points, commands):
        points.provide(q.POSTED, self)
        self._veto = self._settings.veto
        self._settings.veto = self.refuses

    def configure(self):
        for log in self.logs:
            if log.follow():
                self.busy = True
                self._late[log.number] = None
                if self._open is log:
                    self._open = None
        if self._buffer is None and any(log.values for log in self.logs):
            self._buffer = bytearray(HEAD + 4 * MOST)

    def on_setting(self, offset):
        # a slice does the work: within a master's request there is no stack left for it
        if offset == p.MODULE_RESET:
            self._anew = True
            return
        channel, field = divmod(offset - q.POST_METHOD, q.POST_STEP)
        if 0 <= channel < q.CHANNELS and field == q.POST_CLEAR - q.POST_METHOD and self._settings.get(offset):
            self._clearing |= 1 << channel

    def refuses(self, offset, value):
        """Why a value of a setting cannot be had now, or False: a logger that is on has an interval that its
        readings allow, and files that are not shorter than that; what is deleted is there, and stays deleted.
        """
        n, field = divmod(offset - q.LOGGER_ENABLE, q.LOGGER_STEP)
        if 0 <= n < q.LOGGERS:
            base = q.LOGGER_STEP * n

            def coming(place):
                return value if place + base == offset else self._settings.coming(place + base)

            if coming(q.LOGGER_ENABLE) and not self._possible(coming):
                return True
        n = offset - q.LOGGER_DELETED
        if 0 <= n < q.LOGGERS:
            # of what there is, and for good
            log = self.logs[n]
            return not log.ring or not log.oldest_local <= value <= log.ring.newest + 1
        return self._veto(offset, value) if self._veto else False

    def _possible(self, get):
        least = spans.SECOND
        if get(q.LOGGER_ENERGY):
            least = spans.OF_ENERGY
        if get(q.LOGGER_DEMAND) or get(q.LOGGER_QUALITY):
            least = spans.MINUTE
        interval = get(q.LOGGER_INTERVAL)
        if not least <= interval <= min(get(q.LOGGER_POST), get(q.LOGGER_LOCAL)):
            return False
        return values_of(self._tables, get) <= MOST

    # Recording.

    def _read(self):
        """There are new readings."""
        self._listening = (1 << q.LOGGERS) - 1

    def _step(self):
        """A slice: take readings in, or make a record that is due."""
        if self._clock.now != self._seen:
            self._look(self._clock.now)
        elif self._anew:
            self._anew = False
            self.configure()
        elif self._listening:
            n = 0
            while not self._listening >> n & 1:
                n += 1
            if not self.logs[n].listen():
                self._listening &= ~(1 << n)
        elif self._open:
            if not self._open.fill(self._buffer):
                self._open.commit(self._buffer)
                self._open = None
                self.busy = True
        elif not self._begin():
            self._post()

    def _begin(self):
        """Begin the record that is due, if there is one."""
        for n in range(q.LOGGERS):
            if self._late[n] is not None:
                self._open = self.logs[n]
                secondary = self._settings.get(p.ENERGY_SIDE) == v.ENERGY_SECONDARY
                self._open.open(self._late[n], self._buffer, secondary)
                self._late[n] = None
                return True
        return False

    def _set_clock(self, old, old_ms, new, new_ms):
        """Somebody sets the clock: of an interval that it cuts there is no record."""
        if self._next:
            self._next(old, old_ms, new, new_ms)
        if not -_STEP_S <= new - old <= _STEP_S:
            self._seen = new
            for log in self.logs:
                if log is not self._open:
                    log.forget()

    def _look(self, now):
        """The clock has another second."""
        before, self._seen = self._seen, now
        if before is None or now < before:
            return
        for n in range(q.LOGGERS):
            moment = self.logs[n].due(before, now)
            if moment is not None:
                if self._late[n] is not None:
                    self.logs[n].lost += 1
                self._late[n] = moment

    # Posts. A channel is 0-2, a logger 0-2.

    def _post(self):
        """A slice of what is asked for by channels: to clear, to keep what has arrived, to find a file."""
        if self._clearing:
            channel = 0
            while not self._clearing >> channel & 1:
                channel += 1
            self._clearing &= ~(1 << channel)
            self.clear(channel)
            self._settings.write(q.POST_CLEAR + q.POST_STEP * channel, 0)
        elif self._unsaved:
            self.save()
        elif self._asked:
            for channel in range(q.CHANNELS):
                if self._asked >> channel & 1:
                    self._asked &= ~(1 << channel)
                    self._find(channel)
                    break

    def next(self, channel):
        """The logger that has a file for a channel, which is kept as under way, or None: then slices look for
        it.
        """
        for i in range(q.LOGGERS):
            n = (self._turn + i) % q.LOGGERS
            log = self.logs[n]
            tag, first, end = self.state[1 + 3 * n : 4 + 3 * n]
            mine = log.ring is not None and log.get(q.LOGGER_CHANNEL) == channel + 1
            if mine and tag == log.tag and max(first, log.oldest) == first < end and not self._unsaved:
                return n
        self._asked |= 1 << channel
        return None

    def _find(self, channel):
        """Look for the end of a file, a few records at a time, and keep what has been found."""
        for i in range(q.LOGGERS):
            n = (self._turn + i) % q.LOGGERS
            log = self.logs[n]
            if log.ring is None or log.get(q.LOGGER_CHANNEL) != channel + 1:
                continue
            at = 1 + 3 * n
            tag, first, end = self.state[at : at + 3]
            known = (tag, first, end)
            if tag != log.tag:
                tag, first, end = log.tag, 0, 0
            first = max(first, log.oldest)
            if end <= first:
                end = self._end(n, first)
            if end:
                self._turn = (n + 1) % q.LOGGERS
                if (tag, first, end) != known:
                    self._set(n, tag, first, end)
                    self.save()
                return

    def _end(self, n, first):
        """Where the file of a logger that begins with `first` ends; 0 while it is not complete."""
        log = self.logs[n]
        if first > log.ring.newest:
            return 0
        looked = self._looked[n]
        if not first < looked <= log.ring.newest + 1:
            looked = first + 1
        most = max(1, log.ring.capacity // _SHARE)
        end, self._looked[n] = log.end_of(first, looked, log.get(q.LOGGER_POST), most, self._clock.now)
        return end or 0

    def _set(self, n, tag, first, end):
        at = 1 + 3 * n
        self.state[at], self.state[at + 1], self.state[at + 2] = tag, first, end
        self.state[0] = self._clock.now
        self._unsaved = True

    def save(self):
        """Keep the positions in flash, if they are others."""
        if not self._unsaved:
            return
        self._unsaved = False
        if self.keep and not self.failed:
            try:
                self.keep(self.state)
            except OSError:
                self.failed = True

    def sent(self, n, name):
        """The file of this name has arrived."""
        if name == self.id_of(n):
            at = 1 + 3 * n
            self._set(n, self.state[at], self.state[at + 2], 0)

    def clear(self, channel):
        """What waits for a channel is not posted any more."""
        for n, log in enumerate(self.logs):
            if log.ring is not None and log.get(q.LOGGER_CHANNEL) == channel + 1:
                self._set(n, log.tag, log.ring.newest + 1, 0)

    def id_of(self, n):
        """What no other file of any meter has: serial number, logger, its tag, first and last record."""
        tag, first, end = self.state[1 + 3 * n : 4 + 3 * n]
        return b"%s-%d-%d-%d-%d" % (self.serial, n + 1, tag, first, end - 1)

    def file(self, n, meter):
        """The file that is under way."""
        log = self.logs[n]
        _, first, end = self.state[1 + 3 * n : 4 + 3 * n]
        form, stamp = log.get(q.LOGGER_FORM), log.get(q.LOGGER_STAMP)
        return log_file.LogFile(log, self._clock.zone, first, end, form, stamp, meter, self.id_of(n))

    def name_of(self, n, numbered):
        """Its name; `numbered`: with logger and number of the first record, that no other has it."""
        log = self.logs[n]
        name = self._name(n, self.state[2 + 3 * n], 0)
        if numbered:
            name += b"-%d-%d" % (n + 1, self.state[2 + 3 * n])
        return name + (b".json" if log.get(q.LOGGER_FORM) == q.JSON else b".csv")

    def _name(self, n, first, which):
        """The name of a file that begins with this record; `which` prefix: 0 of posts, 1 of local files."""
        log = self.logs[n]
        texts = self._meter.points.provider(p.SETTING + q.GROUP_POSTS).texts
        prefix = texts.read(q.LOGGER_PREFIX + q.LOGGER_PREFIXES * n + which - q.GROUP_POSTS)
        moment = max(0, log.minute(first))
        return log_file.file_name(log, self._clock.zone, moment, self.serial, prefix, log.interval)

    # Local files, which are read where they are: records `first` to `end` - 1 of logger n.

    def local_end(self, n, first):
        """Where the local file that begins with a record ends, so far; 0 where there is no such record. It is
        looked for by halves: records come in the order of their times, unless the clock was set back.
        """
        log = self.logs[n]
        if log.ring is None or not log.oldest_local <= first <= log.ring.newest:
            return 0
        code = log.get(q.LOGGER_LOCAL)
        span = log.span(first, code)
        low, high = first + 1, min(log.ring.newest + 1, first + max(1, log.ring.capacity // _SHARE))
        while low < high:
            middle = (low + high) >> 1
            if log.span(middle, code) == span:
                low = middle + 1
            else:
                high = middle
        return low

    def local_file(self, n, first, end):
        """Its text, and its name."""
        log = self.logs[n]
        name = self._name(n, first, 1) + b".csv"
        return log_file.LogFile(log, self._clock.zone, first, end, q.CSV, log.get(q.LOGGER_STAMP)), name

    def waiting(self, channel):
        """Records that are to be posted by a channel."""
        count = 0
        for n, log in enumerate(self.logs):
            if log.ring is not None and log.get(q.LOGGER_CHANNEL) == channel + 1:
                tag, first, _ = self.state[1 + 3 * n : 4 + 3 * n]
                count += log.ring.newest + 1 - max(first if tag == log.tag else 0, log.oldest)
        return count

    # Points.

    def read(self, index):
        channel, field = divmod(index, q.POST_SAYS)
        if channel < q.CHANNELS:
            return min(self.waiting(channel), 0xFFFF) if field == q.POST_WAITING else self.said[index]
        n, field = divmod(index - q.POST_SAYS * q.CHANNELS, q.LOGGER_SAYS)
        if n >= q.LOGGERS:
            raise KeyError(index)
        log = self.logs[n]
        return log.state if field == q.LOGGER_STATE else min(log.count, 0xFFFF)

    def check(self, index, value):
        return p.READ_ONLY

    write = check


def make(meter):
    """The part of a meter; a model's PARAMETERS are what may be recorded."""
    return Loggers(meter)
