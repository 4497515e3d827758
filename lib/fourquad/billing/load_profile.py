"""The load profile's interval under way, and the provider for points.PROFILE.

Every 15 minutes of standard time a record of six energies in 0.1 Wh (var h): what does not make one is
carried to the next record, so the records add up to the registers. An interval in which there was no power
at all has no record. The bits of the status are in points/billing.py.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.points import billing as b

MINUTES = 15
_COLUMNS = 6
_UNIT = 360  # joules of 0.1 Wh
_TOP = (1 << 24) - 1


class LoadProfile:
    """`ring` keeps the records (records.profile.ProfileRing or alike); `zone` makes local time.

    After `load`: `stamp` (local seconds since 2000 of the interval's end), `moment` (the same in UTC),
    `status`, `summer`, `values`.
    """

    minutes = MINUTES
    decimals = 4  # of a value in kWh

    def __init__(self, zone):
        self._zone = zone
        self.ring = None
        self._joules = array("q", [0] * _COLUMNS)
        self._end = 0  # minute of UTC at which the interval ends; 0: none is open
        self._status = 0
        self._next = 0  # number of the record that will be made of it
        self._record = [0] * _COLUMNS
        self.stamp = self.moment = self.status = 0
        self.summer = False
        self.values = self._record
        self.size = 8 * _COLUMNS + 12
        self.failed = False

    def start(self, minute, offset, status):
        """An interval is open from within a `minute` of UTC on; standard time is `offset` minutes ahead."""
        self._end = minute + MINUTES - (minute + offset) % MINUTES
        self._status = status

    def note(self, status):
        """Something befell the open interval."""
        self._status |= status

    def add(self, joules):
        """Energies in joules, in the order of points_billing."""
        own = self._joules
        for i in range(_COLUMNS):
            own[i] += joules[i]

    def minute(self, minute, offset, status=0):
        """A minute of UTC has begun, standard time is `offset` minutes ahead; whether a record was made."""
        whole = 0 if (minute + offset) % MINUTES == 0 else b.PROFILE_PARTIAL
        if not self._end:
            self.start(minute, offset, status | whole)
        if minute < self._end:
            return False
        self.close(self._end)
        self.start(minute, offset, status | whole)
        return True

    def interrupt(self, minute, offset, status, partial=b.PROFILE_PARTIAL):
        """Time goes on at a `minute` of UTC: if that is not within the open interval, it ends, short, and
        another one begins, `partial` unless at its own beginning.
        """
        self._status |= status
        if not self._end - MINUTES <= minute < self._end:
            self._status |= b.PROFILE_PARTIAL
            self.close(self._end)
            self.start(minute, offset, status | partial)

    def resume(self, minute, offset, partial=b.PROFILE_PARTIAL):
        """Power has come back at a `minute` of UTC."""
        if self._catch_up():
            self.start(minute, offset, b.PROFILE_POWER_CUT | partial)
        else:
            self.interrupt(minute, offset, b.PROFILE_POWER_CUT, partial)

    def _catch_up(self):
        """At power-up: records that were made after the image are in it still; take their energies out, so
        that all records together stay equal to the registers. Whether the open interval was among them.
        """
        ring, done = self.ring, False
        if not ring:
            return False
        for number in range(max(self._next, ring.oldest), ring.newest + 1):
            if ring.load(number) and ring.status != b.PROFILE_UNREADABLE:
                for i in range(_COLUMNS):
                    self._joules[i] -= ring.values[i] * _UNIT
                done = True
        return done

    def close(self, utc):
        """Write the record of the open interval, which ended at a minute of UTC."""
        own, record = self._joules, self._record
        for i in range(_COLUMNS):
            # less than nothing: what a power cut took from the registers after the last record
            units = min(max(0, own[i] // _UNIT), _TOP)
            own[i] -= units * _UNIT
            record[i] = units
        if self.ring:
            try:
                self.ring.append(utc, self._status, record)
            except OSError:
                self.failed = True

    # The provider.

    def read(self, index):
        ring = self.ring
        if index == b.PROFILE_RECORDS:
            return ring.count if ring else 0
        if index == b.PROFILE_CAPACITY:
            return ring.capacity if ring else 0
        if index == b.PROFILE_MINUTES:
            return MINUTES
        raise KeyError(index)

    def check(self, index, value):
        return p.READ_ONLY if index <= b.PROFILE_MINUTES else p.UNKNOWN

    write = check

    def find(self, utc):
        """Number of the first record at or after a second of UTC; one that is not there if none."""
        return self.ring.find(max(0, -(-utc // 60))) if self.ring else 0

    def load(self, number):
        """Read a record; whether there is one of that number. One that cannot be read has the time it should
        have.
        """
        ring = self.ring
        if not ring or not ring.load(number):
            return False
        self.status = ring.status
        self.values = ring.values
        if ring.status == b.PROFILE_UNREADABLE:
            self.stamp += 60 * MINUTES
            self.moment += 60 * MINUTES
        else:
            self.moment = 60 * ring.minute
            self.stamp = self._zone.local(self.moment)
            self.summer = self._zone.shift(ring.minute) != 0
        return True

    def clear(self):
        """Forget all records."""
        if self.ring:
            try:
                self.ring.clear()
            except OSError:
                self.failed = True

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        for v in self._joules:
            pack_into("<q", buffer, at, v)
            at += 8
        following = self.ring.newest + 1 if self.ring else 0
        pack_into("<iII", buffer, at, self._end, self._status, following)
        return at + 12

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        for i in range(_COLUMNS):
            self._joules[i] = unpack_from("<q", buffer, at)[0]
            at += 8
        self._end, self._status, self._next = unpack_from("<iII", buffer, at)
        return at + 12
