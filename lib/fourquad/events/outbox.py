"""Messages for a broker: readings at whole intervals of the clock, kept until somebody says that they have
arrived (protocols/mqtt). A model's MQTT says what there is to be read: models/services/mqtt.py.

A record in flash: seconds since 2000 (UTC, 32 bits), 1 if its energies are those of the secondary side, then
the values that are chosen, 32 bits each: floats, or counts of energy; little-endian. device/outbox_store.py
keeps them in the ring `ring`, and in the ring `marks` which of them have arrived.

Settings count from the start, or from a reset of the network module.
"""

from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import network as n

HEAD = 5  # bytes of a record before its values
MARK = 5  # bytes of a mark: the number of a record, what has become of it
ARRIVED = 0
TAKEN = 1  # the broker has it, and has not been told yet that it may go on (QoS 2)
_NONE = 0xFFFFFFFF
_WORD = 0xFFFF

# Places in `counters`; each wraps at 2**16.
MADE = 0
SENT = 1  # also those that are sent again
ACKNOWLEDGED = 2
LOST = 3  # went before they were sent, because there was no room, or could not be read
FORGOTTEN = 4  # left behind while the broker was away, as the setting MQTT_CLEAN wants it
FAILED = 5  # connections that could not be had, were refused, or broke
COUNTERS = ("made", "sent", "acknowledged", "lost", "forgotten", "failed")


class Outbox(Part):
    """`on`: messages are made; `turn`: counts how often the settings were taken over; `state`, `code`: what
    the client of the broker says of itself. Provider of points.network.MQTT_SAYS: state, code, how many
    messages wait, COUNTERS.
    """

    name = "outbox"
    store = "outbox_store"
    mark_size = MARK

    def __init__(self, meter):
        self._settings = meter.settings
        self._points = meter.points
        self._clock = meter.clock
        self.model = meter.model.NAME
        self.groups = meter.model.MQTT
        self.masks = [0] * len(self.groups)
        self.on = False
        self.turn = 0
        self.state = self.code = 0
        self.counters = [0] * len(COUNTERS)
        self.waiting = False  # for rings, or to be rid of them
        self.failed = False  # the flash takes nothing any more
        self.ring = self.marks = None
        self.record = None  # what `fetch` has read
        self._made = None  # the record that is being made
        self._step = self._whole = len(self.groups) + 1  # groups that are in it; beyond them: nothing to do
        self._at = HEAD
        self._interval = 60
        self._slot = None
        self._next = 0  # number of the first message that has not arrived
        self.taken = False  # whether the broker has it
        self.before = -1  # number of the newest message of an earlier start, which may have been sent
        self.after_reading = (self._look,) + (self._fill,) * len(self.groups) + (self._keep,)

    def provide(self, points, commands):
        points.provide(n.MQTT_SAYS, self)

    def configure(self):
        """Take over the settings: of the start."""
        get = self._settings.get
        on = get(n.MQTT) == 1 and not get(n.FAST_READ)
        masks = [get(group[0]) for group in self.groups]
        self._interval = get(n.MQTT_INTERVAL)
        self.turn += 1
        if on != self.on or masks != self.masks:
            self.on = on
            self.masks = masks
            self.ring = self.marks = self._made = self.record = None
            self.waiting = True

    def on_setting(self, offset):
        # the module has read its reset and written 0 by now, after defaults where they were asked for
        if offset == p.MODULE_RESET and not self._settings.get(offset):
            self.configure()

    # Records.

    def stored(self):
        """Bytes of a record."""
        return HEAD + 4 * sum([_ones(mask) for mask in self.masks])

    def begin(self, ring, marks):
        """Keep records in these, which are mounted."""
        size = self.stored()
        self._made = bytearray(size)
        self.record = bytearray(size)
        self._step = self._whole
        self._slot = None
        self.ring, self.marks = ring, marks
        self._next, self.taken = ring.oldest, False
        self.before = ring.newest
        data = bytearray(MARK)
        if marks.count and marks.read(marks.newest, data):
            number = unpack_from("<I", data)[0]
            if data[4] == TAKEN and ring.oldest <= number <= ring.newest:
                self._next, self.taken = number, True
            elif data[4] == ARRIVED and ring.oldest <= number + 1 <= ring.newest + 1:
                self._next = number + 1
            elif number != _NONE and number > ring.newest:
                # of records that are gone; their numbers come again
                self._mark(_NONE, ARRIVED)

    def _look(self):
        """Has an interval begun? Then begin a record."""
        if self.ring is None:
            return
        now = self._clock.now
        slot = now // self._interval
        if slot == self._slot:
            return
        if self._slot is not None:
            pack_into("<IB", self._made, 0, now, self._settings.get(p.ENERGY_SIDE))
            self._at = HEAD
            self._step = 0
        self._slot = slot

    def _fill(self):
        """Take the readings of a group: 3 ms."""
        step = self._step
        if step >= len(self.groups):
            return
        self._step = step + 1
        _, kind, first, rows = self.groups[step]
        mask, data, at = self.masks[step], self._made, self._at
        provider, base = self._points.place(first)
        read = provider.read
        first -= base
        for i in range(len(rows)):
            if mask >> i & 1:
                pack_into(kind, data, at, read(first + i))
                at += 4
        self._at = at

    def _keep(self):
        """Commit the record that was made."""
        if self._step != len(self.groups):
            return
        self._step = self._whole
        self._tally(MADE)
        try:
            self.ring.append(self._made)
        except OSError:
            self.failed = True
            self._tally(LOST)

    # For who sends them.

    def next(self):
        """Number of the first message that has not arrived, -1 if all have."""
        ring = self.ring
        if ring is None:
            return -1
        gone = ring.oldest - self._next
        if gone > 0:
            self._tally(LOST, gone)
            self._next, self.taken = ring.oldest, False
        return self._next if self._next <= ring.newest else -1

    def count(self):
        """How many have not arrived."""
        return 0 if self.ring is None else self.ring.newest + 1 - self._next

    def fetch(self):
        """Let `record` be that of `next`; one that cannot be read is lost, and False."""
        if self.ring.read(self._next, self.record):
            return True
        self._tally(LOST)
        self._pass()
        return False

    def arrived(self):
        """The message of `next` has arrived."""
        self._tally(ACKNOWLEDGED)
        self._pass()

    def _pass(self):
        self._mark(self._next, ARRIVED)
        self._next += 1
        self.taken = False

    def take(self):
        """The broker has the message of `next`, and may get it no more."""
        self.taken = True
        self._mark(self._next, TAKEN)

    def forget(self):
        """Leave behind what has not arrived."""
        if self.next() >= 0:
            self._tally(FORGOTTEN, self.count())
            self._next = self.ring.newest
            self._pass()

    def _mark(self, number, what):
        data = bytearray(MARK)
        pack_into("<IB", data, 0, number, what)
        try:
            self.marks.append(data)
        except OSError:
            self.failed = True

    def _tally(self, which, by=1):
        self.counters[which] = self.counters[which] + by & _WORD

    def tally(self, which):
        """Count what the client of the broker has done."""
        self._tally(which)

    # A provider of points.

    def read(self, index):
        if index < 3:
            return (self.state, self.code, min(self.count(), _WORD))[index]
        if index - 3 >= len(COUNTERS):
            raise KeyError(index)
        return self.counters[index - 3]

    def check(self, index, value):
        return p.READ_ONLY

    write = check


def _ones(mask):
    count = 0
    while mask:
        count += mask & 1
        mask >>= 1
    return count


def make(meter):
    """The part of a meter whose model has MQTT."""
    return Outbox(meter)
