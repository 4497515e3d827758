"""The outstation's points: what they are now, and what has changed enough to be an event.

Static values are never kept: they are read from the meter when a master asks. What is kept for each point
is its class, its dead band, and the value it was last reported with.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.protocols.dnp3 import objects as o
from fourquad.protocols.dnp3 import profile

SCAN_MS = 500  # from look to look for events
SCAN_BINARY_MS = 10
SLICE = 8  # points looked at in one go

# Fields of a point among the settings (configuration.py): scale and offset of analog inputs, dead bands of
# these and of counters.
KLASS = 0
SCALE = 1
OFFSET = 2
DEAD_BAND = 3
FIELDS = 4

_EVENT_GROUP = ((o.BINARY, o.BINARY_EVENT), (o.COUNTER, o.COUNTER_EVENT), (o.ANALOG, o.ANALOG_EVENT))


def event_group(group):
    """The group of the events of a static group; 0 if it has none."""
    for static, event in _EVENT_GROUP:
        if static == group:
            return event
    return 0


class Run:
    """Points with consecutive indexes, all measured or all not; `base` is the number of the first in the
    database, `row` the row of the profile. A list has dozens, most of modules that are not connected: what is
    a class's below is an instance's only where it differs.
    """

    present = False  # whether the meter has them; otherwise `pid` is 0
    pid = 0
    real = False  # whether its values are floats
    online = None  # asks the provider, where it says which points it has at present
    scaled = False  # whether a scale or an offset is applied
    values = None  # the provider's array, where values can be sent as they are in it
    moving = None  # the provider itself, where that is one array or another
    at = 0  # place of the first point in it
    classed = 0  # points with a class
    cursor = 0
    looked = None

    def __init__(self, row, skip, count, base, present):
        self.row = row
        self.group = row[profile.GROUP]
        self.first = row[profile.FIRST] + skip
        self.count = count
        self.base = base
        if present:
            self.pid = row[profile.POINT] + skip
            self.present = True
        if self.floats():
            self.real = True
        if row[profile.SCALE] != 1 or row[profile.OFFSET] != 0:
            self.scaled = True

    def floats(self):
        """Whether its group can have floats."""
        return self.group not in (o.BINARY, o.OUTPUT, o.COUNTER)

    def freezes(self):
        """Whether it has counters that can be frozen."""
        return self.row[profile.FREEZE] != 0


class Database:
    """`rows`: the POINTS of a profile, over `points`; `settings`: what of them a user may change, or None.
    What concerns all points takes long: as it is made, and after `restart` or `follow`, there is `work`, and
    `step` does some of it.
    """

    def __init__(self, rows, points, settings=None):
        self._points = points
        self._settings = settings
        self.runs = []
        self._count = 0
        n = max(1, sum([row[profile.COUNT] for row in rows]))
        self.klass = bytearray(n)
        self.dead_band = array("f", bytes(4 * n))
        self._integers = array("i", bytes(4 * n))
        self._floats = array("f", bytes(4 * n))
        self._flags = bytearray(n)
        self._turn = 0
        self._classed = 0
        self._version = 0  # of the settings that are followed
        self.value = 0  # of the last `sample`
        self.flags = 0
        self.seconds = 0  # of the last `stamp`
        self.ms = 0
        self.work = self._all(rows, True, None, 0)

    def step(self):
        """Go on with `work`."""
        if next(self.work, None) is None:
            self.work = None
            self.follow()

    def finish(self):
        """Go on with it to the end."""
        while self.work:
            self.step()

    def _cut(self, row):
        """Cut a row where measured points end and others begin."""
        pid, count = row[profile.POINT], row[profile.COUNT]
        i = 0
        while i < count:
            present = pid is not None and has(self._points, pid + i)
            n = 1
            while i + n < count and (pid is not None and has(self._points, pid + i + n)) == present:
                n += 1
            self.runs.append(Run(row, i, n, self._count, present))
            self._count += n
            i += n

    def _bind(self, run):
        if run.values is not None:
            run.values = run.moving = None
        provider = self._points.provider(run.pid)
        online = getattr(provider, "online", None)
        if online:
            run.online = online
        sample = self._points.read(run.pid)
        real = isinstance(sample, float)
        real = run.floats() and (real or run.scaled)
        if real != run.real:
            run.real = real
        base = self._points.base(run.pid)
        if run.scaled or base == p.SETTING:
            return
        values = getattr(provider, "values", None)
        if _is_array(values):
            run.values = values
            run.at = run.pid - base
            if hasattr(provider, "moves"):
                run.moving = provider

    def restart(self, told=None, now=0):
        """Classes and dead bands as the table or the settings have them; what was last reported is what is
        there now. `told`: who is told before that what has changed until now.
        """
        self.work = self._all((), True, told, now)

    def follow(self):
        """Take over classes and dead bands of the settings, if these have changed."""
        if not self.work and self._settings and self._settings.version != self._version:
            self.work = self._all((), False, None, 0)

    def _all(self, rows, anew, told, now):
        """Cut rows; then go through all runs. A step takes up to 4 ms of an RP2040."""
        if self._settings:
            self._version = self._settings.version
        for row in rows:
            self._cut(row)
            yield True
        for run in self.runs:
            if anew:
                self._restart(run, told, now)
                yield True
            if self._settings:
                self._follow(run)
                yield True

    def _restart(self, run, told, now):
        """A run begins anew."""
        if run.classed:
            if told:
                if run.cursor:
                    run.cursor = 0
                self._scan(run, run.count, told, now)
            self._classed -= run.classed
            run.classed = 0
        s = self._settings
        if s and run.group == o.ANALOG:
            _, singles = s.fields(run.base, run.count)
            scaled = False
            for at in range(0, len(singles), FIELDS):
                if singles[at + SCALE] != 1 or singles[at + OFFSET] != 0:
                    scaled = True
            if scaled != run.scaled:
                run.scaled = scaled
        if run.present:
            self._bind(run)
        for number in range(run.base, run.base + run.count):
            self.klass[number] = 0
            self.dead_band[number] = run.row[profile.DEAD_BAND]
        if run.row[profile.CLASS] and not s:
            self.assign(run, 0, run.count, run.row[profile.CLASS])

    def _follow(self, run):
        """A run takes over classes and dead bands of the settings."""
        kept, singles = self._settings.fields(run.base, run.count)
        for i in range(run.count):
            at = FIELDS * i
            self.dead_band[run.base + i] = singles[at + DEAD_BAND]
            if kept[at + KLASS] != self.klass[run.base + i]:
                self._assign(run, i, kept[at + KLASS])

    def assign(self, run, i, count, klass):
        """Give points of a run a class; their present values are no events. Whether that is allowed."""
        for k in range(i, i + count):
            if self._settings and self._settings.put(run.base + k, KLASS, klass):
                return False
            self._assign(run, k, klass)
        return True

    def _assign(self, run, k, klass):
        number = run.base + k
        change = (1 if klass else 0) - (1 if self.klass[number] else 0)
        if change:
            run.classed += change
        self._classed += change
        self.klass[number] = klass
        if klass:
            self.sample(run, k)
            self._keep(run, number)

    def set_dead_band(self, run, i, value):
        """A master sets a dead band; whether that is allowed."""
        number = run.base + i
        if self._settings and self._settings.put(number, DEAD_BAND, value):
            return False
        self.dead_band[number] = value
        return True

    def array(self, run):
        """The array that the run's values are in, or None."""
        return run.moving.values if run.moving else run.values

    def there(self, run):
        """Whether the meter has the points of a run at present: all or none."""
        if not run.present or not run.online:
            return run.present
        return run.online(run.pid - self._points.base(run.pid), run.count)

    def sample(self, run, i):
        """Read a point: `value` as it goes on the wire, and `flags`."""
        if not self.there(run):
            self.value = 0
            self.flags = 0
            return
        value = self._points.read(run.pid + i)
        self.flags = o.ONLINE
        if value != value or isinstance(value, float) and not -3.4028235e38 <= value <= 3.4028235e38:
            value = 0
            self.flags = 0
        elif run.scaled:
            if self._settings:
                number = run.base + i
                value = value * self._settings.single(number, SCALE) + self._settings.single(number, OFFSET)
            else:
                value = value * run.row[profile.SCALE] + run.row[profile.OFFSET]
        if run.group == o.BINARY or run.group == o.OUTPUT:
            value = 1 if value else 0
            if value:
                self.flags |= o.STATE
        elif run.group == o.COUNTER:
            value = int(value)
        self.value = value

    def stamp(self):
        """What time it is: `seconds` since 2000 and `ms`."""
        self.seconds = self._points.read(p.STATE + p.EPOCH)
        self.ms = self._points.read(p.STATE + p.MILLISECOND)

    def run_of(self, number):
        """The run that holds a point's number."""
        for run in self.runs:
            if number < run.base + run.count:
                return run
        return None

    def has_group(self, group):
        """Whether there are points of this static group."""
        return any(run.group == group for run in self.runs)

    # Events.

    def _keep(self, run, number):
        if run.real:
            self._floats[number] = self.value
        else:
            self._integers[number] = self.value if self.value < 0x80000000 else self.value - 0x100000000
        self._flags[number] = self.flags

    def scan(self, events, now):
        """Look at binary inputs, and at a few of the other points; their changes go to `events`."""
        if not self._classed:
            return
        for run in self.runs:
            if run.group == o.BINARY and run.classed and _due(run, now, SCAN_BINARY_MS):
                self._scan(run, run.count, events, now)
        for _ in range(len(self.runs)):
            run = self.runs[self._turn]
            if run.classed and run.group != o.BINARY and (run.cursor or _due(run, now, SCAN_MS)):
                self._scan(run, SLICE, events, now)
                return
            self._turn += 1
            if self._turn == len(self.runs):
                self._turn = 0

    def _scan(self, run, count, events, now):
        i = run.cursor
        end = i + count
        if i == 0:
            run.looked = now
        if end >= run.count:
            end = run.count
            if i:
                run.cursor = 0
        else:
            run.cursor = end
        self.stamp()
        there = self.there(run)
        values = self.array(run) if there else None
        while i < end:
            number = run.base + i
            if self.klass[number] and not self._still(run, i, there, values):
                self.sample(run, i)
                if self._changed(run, number):
                    self._keep(run, number)
                    events.add(
                        number,
                        self.klass[number],
                        self.value,
                        run.real,
                        self.flags,
                        self.seconds,
                        self.ms,
                        now,
                    )
            i += 1

    def _still(self, run, i, there, values):
        """Whether a point is seen at once to be what it was: most are, and take a fifth of the time so."""
        number = run.base + i
        flags = self._flags[number]
        if not there:
            return not flags
        if run.group == o.BINARY:
            return flags == (o.ONLINE | o.STATE if self._points.read(run.pid + i) else o.ONLINE)
        if not values or flags != o.ONLINE:
            return False
        band = self.dead_band[number]
        last = self._floats if run.real else self._integers
        return -band <= values[run.at + i] - last[number] <= band

    def _changed(self, run, number):
        if self.flags != self._flags[number]:
            return True
        if run.group == o.BINARY:
            return False  # its state is among the flags
        if run.real:
            change = self.value - self._floats[number]
        else:
            change = self.value - self._integers[number]
            if run.group == o.COUNTER:
                change = (change + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        return (change if change >= 0 else -change) > self.dead_band[number]


def _due(run, now, period):
    return run.looked is None or ticks.diff(now, run.looked) >= period


def has(points, pid):
    """Whether the meter has this point."""
    try:
        points.read(pid)
    except KeyError:
        return False
    return True


def _is_array(values):
    """Whether these are 32-bit values one after another."""
    # of one of them: where the heap is in pieces there is no room for a copy of all
    return isinstance(values, array) and len(bytes(values[:1])) == 4 * len(values[:1])
