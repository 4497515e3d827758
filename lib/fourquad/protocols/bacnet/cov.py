"""Changes of values that others want to be told (ASHRAE 135, 13.1, 13.14): SubscribeCOV, and what is said.

Analog objects are told when they have changed by their COV_Increment since they were last told, binary ones
with each change; both when their status flags change. What nobody confirms is said again, and then left until
the next change.
"""

from math import isinf, isnan
from struct import pack, unpack_from

from fourquad import ticks
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import properties as pr

MOST = 16  # subscriptions, and increments that were written
TIMEOUT_MS = 3000  # of what is to be confirmed
TRIES = 4
_KEPT = ">BHf"
_EACH = 4  # subscriptions that are looked at in a call
_REAL_TAG = 4
_SECOND_MS = 1000
_LONGEST_S = 1 << 29  # of a subscription; what is longer ends so soon, after 17 years
_ROOM = 0x04  # we take an answer of up to 1024 octets

BITS = (c.BINARY_INPUT, c.BINARY_OUTPUT)
ANALOG = (c.ANALOG_INPUT,)

# COV_Increment by units, as far as nobody has written another: A, V, VA, kVA, var, kvar, power factor, Hz, W,
# kW. A hundredth of what a small installation has.
_INCREMENTS = (
    (3, 0.1),
    (5, 1.0),
    (8, 20.0),
    (9, 0.02),
    (11, 20.0),
    (12, 0.02),
    (15, 0.01),
    (27, 0.02),
    (47, 20.0),
    (48, 0.02),
)
_INCREMENT = 1.0


class Subscription:
    """What one recipient wants to know of one object. `peer`: its address on the data link; `routed`: bytes
    of network, length and address behind a router; `left`: seconds, 0 without end.
    """

    def __init__(self, peer, routed, process, kind, instance):
        self.peer = peer
        self.routed = routed
        self.process = process
        self.kind = kind
        self.instance = instance
        self.confirmed = False
        self.left = 0
        self.value = None  # as it was told last; None before that
        self.flags = 0
        self.tries = 0  # of what is not confirmed yet
        self.invoke = 0
        self.sent = 0


class Subscriptions:
    """Those of a meter, of `objects`."""

    def __init__(self, objects):
        self.all = []
        self._objects = objects
        self._turn = 0
        self._invoke = 0
        self._second = None

    def find(self, peer, routed, process, kind, instance):
        """The subscription of this recipient to that object, or None."""
        for each in self.all:
            same = each.process == process and each.kind == kind and each.instance == instance
            if same and each.peer == peer and each.routed == routed:
                return each
        return None

    def subscribe(self, peer, routed, process, kind, instance, confirmed, left):
        """Tell this recipient from now on, first how it is; 0 or an error."""
        found = self.find(peer, routed, process, kind, instance)
        if found is None:
            if len(self.all) >= MOST:
                return c.NO_ROOM
            try:
                found = Subscription(peer, routed, process, kind, instance)
                self.all.append(found)
            except MemoryError:
                return c.NO_ROOM
        found.confirmed = confirmed
        found.left = min(left, _LONGEST_S)
        found.value = None
        found.tries = 0
        return 0

    def tick(self, now):
        """Time passes; what has lasted as long as it was to is forgotten."""
        if self._second is None:
            self._second = now
        passed = max(0, ticks.diff(now, self._second)) // _SECOND_MS
        if not passed:
            return
        self._second = ticks.add(self._second, passed * _SECOND_MS)
        for each in list(self.all):
            if each.left:
                each.left -= passed
                if each.left <= 0:
                    self.all.remove(each)

    def answered(self, peer, invoke):
        """A recipient has confirmed, or has said that it cannot."""
        for each in self.all:
            if each.tries and each.invoke == invoke and each.peer == peer:
                each.tries = 0

    def due(self, now):
        """A subscription of which something is to be told now, or None."""
        for _ in range(min(_EACH, len(self.all))):
            self._turn = (self._turn + 1) % len(self.all)
            each = self.all[self._turn]
            if each.tries:
                if ticks.diff(now, each.sent) < TIMEOUT_MS:
                    continue
                if each.tries < TRIES:
                    return each
                each.tries = 0
            if self._changed(each):
                return each
        return None

    def _changed(self, each):
        o = self._objects
        if not o.find(each.kind, each.instance):
            return False
        value = value_of(o)
        if each.value is None or flags_of(o) != each.flags:
            return True
        if isnan(value) or isnan(each.value):
            return isnan(value) != isnan(each.value)
        return value != each.value and abs(value - each.value) >= increment_of(o)

    def put(self, each, w, now):
        """The notification of a subscription, and that it was told."""
        o = self._objects
        o.find(each.kind, each.instance)
        if each.confirmed:
            if not each.tries:
                self._invoke = each.invoke = (self._invoke + 1) & 0xFF
            each.tries += 1
            each.sent = now
            w.octet(c.CONFIRMED)
            w.octet(_ROOM)
            w.octet(each.invoke)
            w.octet(c.CONFIRMED_COV)
        else:
            w.octet(c.UNCONFIRMED)
            w.octet(c.UNCONFIRMED_COV)
        each.value, each.flags = value_of(o), flags_of(o)
        w.unsigned(each.process, 0)
        w.object_id(c.DEVICE, o.device_instance(), 1)
        w.object_id(each.kind, each.instance, 2)
        w.unsigned(each.left, 3)
        w.opening(4)
        for prop in (c.PRESENT_VALUE, c.STATUS_FLAGS):
            w.enumerated(prop, 0)
            w.opening(2)
            o.read(prop, pr.WHOLE, w)
            w.closing(2)
        w.closing(4)


def value_of(o):
    """The present value of the object that is chosen, as a number."""
    if o.kind in BITS:
        return o.points.read(o.row[col.POINT]) >> o.row[col.SCALE] & 1
    return o.value()


def flags_of(o):
    """Whether it has a fault."""
    return 1 if o.reliability() else 0


# Properties.


def _key(o):
    return o.kind << 22 | o.instance


def increment_of(o):
    """COV_Increment of the object that is chosen; any change of a binary one counts."""
    if o.kind in BITS:
        return 0
    if o.increments and _key(o) in o.increments:
        return o.increments[_key(o)]
    for units, increment in _INCREMENTS:
        if units == o.row[col.UNITS]:
            return increment
    return _INCREMENT


def put_increment(o, w):
    w.real(increment_of(o))


def take_increment(o, r):
    """Any number from 0 on; of MOST objects."""
    if not pr.is_application(r, _REAL_TAG):
        return c.INVALID_DATA_TYPE
    value = r.real()
    if not pr.complete(r):
        return c.INVALID_DATA_TYPE
    if isnan(value) or isinf(value) or value < 0:
        return c.VALUE_OUT_OF_RANGE
    if o.increments is None:
        o.increments = {}
    if _key(o) not in o.increments and len(o.increments) >= MOST:
        return c.NO_SPACE
    o.increments[_key(o)] = value
    if o.keep:
        o.keep(packed(o.increments))
    return 0


def packed(increments):
    """Increments as octets, 7 of each: type, instance (16 bits), value (a single)."""
    return b"".join([pack(_KEPT, key >> 22, key & 0xFFFF, increments[key]) for key in increments])


def unpacked(octets):
    """The same back; None where there are none."""
    found = {}
    for at in range(0, len(octets) - 6, 7):
        kind, instance, value = unpack_from(_KEPT, octets, at)
        found[kind << 22 | instance] = value
    return found or None


def put_subscriptions(o, w):
    """Active_COV_Subscriptions (21, BACnetCOVSubscription)."""
    for each in o.subscriptions.all if o.subscriptions else ():
        kind, instance = o.kind, o.instance
        w.opening(0)
        w.opening(0)
        w.opening(1)
        _put_address(each, w)
        w.closing(1)
        w.closing(0)
        w.unsigned(each.process, 1)
        w.closing(0)
        w.opening(1)
        w.object_id(each.kind, each.instance, 0)
        w.enumerated(c.PRESENT_VALUE, 1)
        w.closing(1)
        w.boolean(each.confirmed, 2)
        w.unsigned(each.left, 3)
        if each.kind in ANALOG and o.find(each.kind, each.instance):
            w.real(increment_of(o), 4)
        o.find(kind, instance)


def _put_address(each, w):
    """Network, and octets of the address: of BACnet/IP those of the host and of the port."""
    if each.routed:
        w.unsigned(each.routed[0] << 8 | each.routed[1])
        octets = each.routed[3:]
    else:
        host, port = each.peer
        w.unsigned(0)
        octets = bytes([int(part) for part in host.split(".")]) + bytes((port >> 8, port & 0xFF))
    w.octet_string(octets)


# SubscribeCOV.


def subscribe_cov(application, r, w):
    """13.14: neither of the last two cancels."""
    process = r.unsigned(0)
    kind = r.object_id(1)
    instance = r.instance
    begin = r.is_context(2)
    confirmed = r.boolean(2) if begin else False
    left = 0
    if r.is_context(3):
        left = r.unsigned(3)
        if not begin:
            r.fails(c.MISSING)
    if r.bad < 0 and r.more():
        r.fails(c.TOO_MANY)
    if r.bad >= 0:
        return 0
    objects = application.objects
    peer, routed = application.asker()
    subscriptions = objects.subscriptions
    if not begin:
        found = subscriptions and subscriptions.find(peer, routed, process, kind, instance)
        if found:
            subscriptions.all.remove(found)
        return 0
    if not objects.find(kind, instance):
        return c.UNKNOWN_OBJECT
    if kind not in BITS and kind not in ANALOG:
        return c.NO_COV
    if subscriptions is None:
        subscriptions = objects.subscriptions = Subscriptions(objects)
    return subscriptions.subscribe(peer, routed, process, kind, instance, confirmed, left)


SERVICES = ((c.SUBSCRIBE_COV, subscribe_cov),)
INCREMENT = ((c.COV_INCREMENT, False, "put_increment", "take_increment"),)
ACTIVE = ((c.ACTIVE_COV_SUBSCRIPTIONS, False, "put_subscriptions", None),)
