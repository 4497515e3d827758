"""The objects of a meter (ASHRAE 135, clause 12), out of a model's tables, over its points.

A model's tables (a module, columns.py): DEVICE, a row of what its device object says; OBJECTS, (type, rows)
with a row for each instance from 1 on; where some come and go PRESENT: a point whose bits say it, and by
type (first instance, last, bit) of those. A value that the meter has not got at present is NaN.
"""

from fourquad import points as p
from fourquad.calendar.clock import month_days
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import properties
from fourquad.protocols.bacnet.properties import (
    ARRAYS,
    LOWEST_PRIORITY,
    MAX_APDU,
    NO_SEGMENTATION,
    WHOLE,
    put_name,
)

_NAN = float("nan")
_TIMEOUT = 60000  # ms
_TIME = (p.YEAR, p.MONTH, p.DAY, p.HOUR, p.MINUTE, p.SECOND, p.MILLISECOND)


class Objects:
    """`services`: bits of Protocol_Services_Supported, an integer. `more`: tables of properties that come
    before those of properties.py, and `whose`: the modules of the functions that they name. `find` chooses
    the object that `read`, `write` and `properties` are about. `clock`: the meter's calendar.clock.Clock, or
    who has its `read` and `write_set`.
    """

    longest = MAX_APDU  # octets of an APDU that are taken
    timeout = _TIMEOUT  # of what is to be confirmed, and how often that is said again
    retries = 0
    priority = LOWEST_PRIORITY  # of what is written
    commands = None  # of outputs.py: a priority array of each instance that was commanded
    increments = subscriptions = None  # of cov.py
    keep = None  # keep(octets) keeps the increments over a restart (cov.packed)

    def __init__(self, tables, points, clock, services, more=(), whose=()):
        self.points = points
        self.clock = clock
        self.services = services
        self.device = tables.DEVICE
        self.types = tables.OBJECTS
        self._present = getattr(tables, "PRESENT", None)
        self._tables = tuple(more) + properties.tables()
        self._whose = (properties,) + whose
        self.kind = c.DEVICE
        self.instance = 0
        self.row = None

    # Which object.

    def device_instance(self):
        """The number of the device."""
        return self.points.read(self.device[col.IDENTIFIER])

    def vendor(self):
        """The number of its vendor."""
        pid, _ = self.device[col.VENDOR]
        return self.points.read(pid)

    def _come_and_go(self, kind):
        """Those of a type that do; () where all stay."""
        for each, rows in self._present[1] if self._present else ():
            if each == kind:
                return rows
        return ()

    def _there(self, some, instance, bits=None):
        """Whether an instance is there at present; `some`: those of its type that come and go; `bits`: what
        the point says, where that is known.
        """
        for first, last, bit in some:
            if first <= instance <= last:
                if bits is None:
                    bits = self.points.read(self._present[0])
                return bits >> bit & 1 != 0
        return True

    def listed(self):
        """(type, instance) of all that are there at present, but the device."""
        for kind, rows in self.types:
            some = self._come_and_go(kind)
            bits = self.points.read(self._present[0]) if some else 0
            for i in range(1, len(rows) + 1):
                if not some or self._there(some, i, bits):
                    yield kind, i

    def count(self):
        """How many objects there are, with the device."""
        n = 1
        for kind, rows in self.types:
            n += len(rows)
            for first, last, bit in self._come_and_go(kind):
                if not self.points.read(self._present[0]) >> bit & 1:
                    n -= last - first + 1
        return n

    def revision(self):
        """Database_Revision."""
        point = self.device[col.REVISION]
        if point is not None:
            return self.points.read(point)
        # no count: a sum changes with what it is over, and wants no place in a setting
        from fourquad.protocols.crc import crc16

        known = [self.device_instance()]
        if self._present:
            known.append(self.points.read(self._present[0]))
        octets = str(known).encode() + self.text(self.device[col.DEVICE_NAME])
        return crc16(octets, len(octets))

    def find(self, kind, instance):
        """Choose an object; whether there is one. 4194303 is this device, whatever its number."""
        if kind == c.DEVICE:
            mine = self.device_instance()
            if instance in (mine, c.TOP_INSTANCE):
                self.kind, self.instance, self.row = kind, mine, None
                return True
            return False
        for each, rows in self.types:
            if each == kind and 1 <= instance <= len(rows) and self._there(self._come_and_go(kind), instance):
                self.kind, self.instance, self.row = kind, instance, rows[instance - 1]
                return True
        return False

    def find_name(self, name):
        """Choose an object by its name, bytes; whether there is one."""
        if name == self.text(self.device[col.DEVICE_NAME]):
            return self.find(c.DEVICE, c.TOP_INSTANCE)
        for kind, rows in self.types:
            for i, row in enumerate(rows):
                if row[col.NAME] == name and self.find(kind, i + 1):
                    return True
        return False

    def text(self, pid):
        """A setting that is a text, bytes."""
        return self.points.provider(pid).texts.read(pid - self.points.base(pid))

    # Properties.

    def _rows(self):
        for kind, rows in self._tables:
            if kind == self.kind:
                return rows
        return ()

    def _function(self, name):
        """The function of this name; None without one."""
        if name:
            for module in self._whose:
                function = getattr(module, name, None)
                if function:
                    return function
        return None

    def properties(self):
        """(property, whether the standard requires it) of the object, in the standard's order."""
        for prop, required, _, _ in self._rows():
            if required is not None:
                yield prop, required

    def read(self, prop, index, w):
        """Write a property; 0 or an error, or what goes on with a long one by slices, which has no error.
        `index`: of an element of an array, -1 for all of it.
        """
        for each, _, name, _ in self._rows():
            if each == prop:
                put = self._function(name)
                if put is None:
                    return c.READ_ACCESS_DENIED
                if prop in ARRAYS:
                    return put(self, w, index)
                return c.NOT_AN_ARRAY if index != WHOLE else put(self, w) or 0
        return c.UNKNOWN_PROPERTY

    def write(self, prop, index, r):
        """Take a property from a reader; 0 or an error, and then nothing has changed."""
        for each, _, _, name in self._rows():
            if each == prop:
                if index != WHOLE and prop not in ARRAYS:
                    return c.NOT_AN_ARRAY
                take = self._function(name)
                return take(self, r) if take else c.WRITE_ACCESS_DENIED
        return c.UNKNOWN_PROPERTY

    def value(self):
        """The present value of an analog object, a float; NaN where there is none."""
        pid, scale = self.row[col.POINT], self.row[col.SCALE]
        if pid is None:
            return _NAN
        try:
            value = self.points.read(pid)
        except KeyError:
            return _NAN
        if isinstance(scale, tuple):
            setting, scales = scale
            scale = scales[self.points.read(setting)]
        return float(value) if scale is None else value / scale

    def reliability(self):
        """BACnetReliability: 0 is no fault."""
        pid = self.row[col.FAULT] if self.row else None
        return 0 if pid is None else self.points.read(pid)

    # Announcements, and the time.

    def put_i_am(self, w):
        """I-Am (16.10)."""
        w.octet(c.UNCONFIRMED)
        w.octet(c.I_AM)
        w.object_id(c.DEVICE, self.device_instance())
        w.unsigned(self.longest)
        w.enumerated(NO_SEGMENTATION)
        w.unsigned(self.vendor())

    def put_i_have(self, w):
        """I-Have (16.9), of the object that is chosen."""
        w.octet(c.UNCONFIRMED)
        w.octet(c.I_HAVE)
        w.object_id(c.DEVICE, self.device_instance())
        w.object_id(self.kind, self.instance)
        put_name(self, w)

    def set_time(self, year, month, day, hour, minute, second, hundredths):
        """Set the clock to local time; not where any of it may be anything, or is none."""
        if hour > 23 or minute > 59 or second > 59 or not 1 <= month <= 12 or not 2000 <= year <= 2099:
            return
        if not 1 <= day <= month_days(year, month):
            return
        ms = 10 * hundredths if hundredths < 100 else 0
        self.clock.write_set(_TIME, (year, month, day, hour, minute, second, ms), 0, len(_TIME))
