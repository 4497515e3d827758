"""The audit log: what was changed in a meter with a network, by whom and when; and who has logged in, or was
refused. Provider of the block AUDIT (points/audit.py).

Changes of settings, clears, presets and the like are noted here, whoever makes them; services note log-ins.
Who does something is told by what lets him in: `who` by a port or the panel (device/audit.py), `serve` by the
network. Nothing is noted before the first window is measured, because that is the meter's own beginning.

Records go to flash in their order, within 0.1 s each (device/audit_store.py). More at once than there is room
for are counted, and the next record says how many.
"""

from array import array
from struct import pack_into

from fourquad import points as p
from fourquad.events.log import EventLog
from fourquad.part import Part
from fourquad.points import access as a
from fourquad.points import audit as n
from fourquad.points import datalogs as g
from fourquad.points import network

# What a written point is a change of: first point, the one after the last, what was done.
_CHANGES = (
    (p.SCHEDULE, p.SCHEDULE + 64, n.TABLES),
    (p.COMMAND, p.COMMAND + 64, n.CLEARED),
    (p.STATE + p.WEEKDAY, p.STATE + p.SECOND + 1, n.CLOCK_SET),
    (p.STATE + p.RUN_TIME, p.STATE + p.RUN_TIME + 1, n.PRESET),
    (p.STATE + p.EPOCH, p.STATE + p.MILLISECOND + 1, n.CLOCK_SET),
    (p.ENERGY, p.ENERGY + 64, n.PRESET),
    (p.TARIFF_ENERGY, p.DEMAND, n.PRESET),
    (p.TABLE, p.TABLE + 64, n.TABLES),
    (p.MONTH_ENERGY, p.MONTH_ENERGY + 192, n.PRESET),
)
_MOMENTARY = (p.MODULE_RESET, network.NTP_NOW)
_PASSWORDS = (p.ACCESS + a.PERMISSION, p.ACCESS + a.ENTRY)


class Audit(Part):
    """`user`: the number of the user for whom a service does what it does; whoever is served next has none.
    `keeper`: what has the older records (device/audit_store.py), or None.
    """

    name = "audit"
    store = "audit_store"

    def __init__(self, meter):
        self._meter = meter
        self._secrets = getattr(meter.model, "SECRETS", ())  # besides those that are told to nobody
        self.log = EventLog(n.SHOWN, n.WORDS, "H")
        self.keeper = None
        self.who = n.METER
        self.user = 0
        self.quiet = False  # one record stands for what is changed now
        self._peer = None
        self._began = False
        self._now = None
        self._missed = 0

    def provide(self, points, commands):
        points.provide(n.AUDIT, self)
        points.heard = self._heard
        settings = self._meter.settings
        self._put = settings.put
        settings.put = self._changed
        settings.noted = self._noted
        for group in settings.groups:
            if group.texts:
                group.texts.write = self._of_texts(group, group.texts.write)

    def window(self, now, ticked):
        """A window ends."""
        self._now = now
        if not self._began:
            self._began = True
            self.note(n.STARTED)

    def serve(self, name, peer):
        """The service of this name does something for `peer`, (host, port) or None; no service any more."""
        self.who = n.of_service(name) if name else n.METER
        self._peer = peer
        self.user = 0

    # Records.

    def note(self, what, user=0, point=0, old=0, new=0):
        """Make a record of `what` (points/audit.py); a value is a number of 32 bits, or bytes."""
        if not self._began or self.quiet:
            return
        log = self.log
        if self._missed and log.pending < log.count - 1:
            missed, self._missed = self._missed, 0
            self._add(n.LOST, 0, 0, 0, missed)
        if log.pending >= log.count:
            self._missed += 1
            return
        self._add(what, user or self.user, point, old, new)

    def _add(self, what, user, point, old, new):
        log = self.log
        values, at = log.values, log.add()
        for i in range(at, at + n.WORDS):
            values[i] = 0
        self._meter.clock.stamp(self._now, values, at)
        values[at + n.WHAT] = what
        values[at + n.WHO] = self.who << 8 | user & 0xFF
        values[at + n.POINT] = point & 0xFFFF
        if self._peer:
            _address(values, at + n.HOST, self._peer[0])
        _value(values, at + n.OLD, old)
        _value(values, at + n.NEW, new)

    def newest(self):
        """Number of the newest record; one less than `oldest` if there is none."""
        return self.log.key

    def oldest(self):
        """Number of the oldest record that is kept."""
        log = self.log
        kept = log.pending + self.keeper.kept if self.keeper else 0
        return max(1, log.key + 1 - max(kept, min(log.count, log.key)))

    def read(self, number, words=None):
        """Fill `words`, an array of WORDS words, with the record of a number; False: it cannot be had.
        Without them: the register of this number, as of any provider of points.
        """
        if words is None:
            register = bytearray(2)
            self.read_block(None, number, 1, register, 0)
            return register[0] << 8 | register[1]
        log = self.log
        back = log.key - number
        if back < 0 or number < 1:
            return False
        if back < log.count:
            at = log.place(number)
            for i in range(n.WORDS):
                words[i] = log.values[at + i]
            return words[n.WHAT] != 0
        return self.keeper is not None and self.keeper.read(back - log.pending, words)

    # Changes.

    def _changed(self, group, index, value):
        """In place of Settings.put."""
        offset = group.first + index
        if offset == p.MODULE_RESET and value:
            # when it comes back it is 0 again
            self.note(n.RESET, 0, p.SETTING + offset, 0, value)
        old = group.values[index]
        why = self._put(group, index, value)
        new = group.values[index]
        if new != old and self._began and offset not in _MOMENTARY:
            if offset == p.PASSWORD:
                self.note(n.NEW_PASSWORD, 0, p.SETTING + offset)
            else:
                self.note(n.SETTING, 0, p.SETTING + offset, old, new)
        return why

    def _noted(self, offset, old, new):
        """In a group that keeps its values itself: the settings of a data logger, or of DNP3."""
        if p.GROUP_LOGS <= offset < p.GROUP_LOGS + g.LOGS * g.WORDS:
            self.note(n.TABLES, 0, p.SETTING + offset)
        else:
            self.note(n.SETTING, 0, p.SETTING + offset, old, new)

    def _of_texts(self, group, write):
        """What stands in place of Texts.write of a group."""

        def changed(index, data):
            texts = group.texts
            old = texts.read(index)
            why = write(index, data)
            new = texts.read(index)
            if new != old:
                offset = group.first + index
                if texts.secret(index) or offset in self._secrets:
                    self.note(n.NEW_PASSWORD, 0, p.SETTING + offset)
                else:
                    self.note(n.TEXT, 0, p.SETTING + offset, old, new)
            return why

        return changed

    def _heard(self, pid, value, why):
        """Somebody has written a point, or was refused."""
        if not self._began:
            return
        if pid in _PASSWORDS:
            self.note(n.REFUSED if why else n.LOGGED_IN, 0, pid)
            return
        if why:
            return
        for first, end, what in _CHANGES:
            if first <= pid < end:
                if what != n.CLEARED or value:
                    self.note(what, 0, pid, 0, value if what == n.PRESET else 0)
                return

    # The provider.

    def check(self, index, value):
        return p.READ_ONLY

    write = check

    def read_block(self, master, index, count, target, at):
        """As the register map wants it: protocols/modbus/map.py."""
        log = self.log
        shown = min(log.count, log.key)
        for i in range(index, index + count):
            back, place = divmod(i - 1, n.WORDS)
            word = shown if i == 0 else 0
            if i and back < shown:
                word = log.values[log.place(log.key - back) + place]
            pack_into(">H", target, at, word)
            at += 2

    def write_block(self, master, index, count, data, at):
        """Nobody writes it."""
        return p.READ_ONLY


def _value(values, at, value):
    """A number of 32 bits, or the first bytes of a text."""
    if isinstance(value, int):
        values[at] = value >> 16 & 0xFFFF
        values[at + 1] = value & 0xFFFF
        return
    for i in range(min(len(value), 2 * n.VALUE)):
        values[at + (i >> 1)] |= value[i] << (0 if i & 1 else 8)


def _address(values, at, host):
    """An IPv4 address that is a text."""
    octets = host.split(".")
    if len(octets) == 4:
        values[at] = int(octets[0]) << 8 | int(octets[1])
        values[at + 1] = int(octets[2]) << 8 | int(octets[3])


def words():
    """An array that a record can be read into."""
    return array("H", [0] * n.WORDS)


def make(meter):
    """The part of a meter."""
    return Audit(meter)
