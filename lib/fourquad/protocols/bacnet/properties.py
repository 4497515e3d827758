"""What each property of an object says, and what may be written (ASHRAE 135, clause 12): tables by type."""

from math import isinf, isnan

from fourquad import points as p
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col

MAX_APDU = 480  # octets
PROTOCOL_VERSION = 1
PROTOCOL_REVISION = 4
NO_SEGMENTATION = 3
ARRAYS = (c.OBJECT_LIST, c.PRIORITY_ARRAY)  # properties that take an index
LOWEST_PRIORITY = 16
WHOLE = -1  # an array, not one of its elements
_SERVICE_BITS = 40
_AT_ONCE = 5  # objects of a list: 2 ms on an RP2040
_FAULT_FLAG = 2  # bit 1 of Status_Flags: in alarm, fault, overridden, out of service

# What a property says: functions of (objects, writer).


def put_identifier(o, w):
    w.object_id(o.kind, o.instance)


def put_name(o, w):
    w.text(o.row[col.NAME] if o.row else o.text(o.device[col.DEVICE_NAME]))


def put_type(o, w):
    w.enumerated(o.kind)


def put_about(o, w):
    w.text(o.row[col.ABOUT] if o.row else _device_about(o))


def _device_about(o):
    text = o.device[col.TEXT]
    if text is not None:
        return o.text(text)
    about, serial = o.device[col.MODEL], o.device[col.SERIAL]
    return about if serial is None else about + b" S/N: " + o.text(serial)


def put_real(o, w):
    w.real(o.value())


def put_binary(o, w):
    w.enumerated(o.points.read(o.row[col.POINT]) >> o.row[col.SCALE] & 1)


def put_status(o, w):
    w.bits(_FAULT_FLAG if o.reliability() else 0, 4)


def put_zero(o, w):
    """Event state normal, polarity normal, operational."""
    w.enumerated(0)


def put_reliability(o, w):
    w.enumerated(o.reliability())


def put_false(o, w):
    w.boolean(False)


def put_units(o, w):
    w.enumerated(o.row[col.UNITS])


def put_vendor_name(o, w):
    w.text(o.device[col.VENDOR][1])


def put_vendor(o, w):
    w.unsigned(o.vendor())


def put_model(o, w):
    w.text(o.device[col.MODEL])


def put_firmware(o, w):
    w.text(o.device[col.VERSIONS][0])


def put_software(o, w):
    w.text(o.device[col.VERSIONS][1])


def put_location(o, w):
    w.text(o.text(o.device[col.PLACE]))


def put_version(o, w):
    w.unsigned(PROTOCOL_VERSION)


def put_protocol_revision(o, w):
    w.unsigned(PROTOCOL_REVISION)


def put_services(o, w):
    w.bits(o.services, _SERVICE_BITS)


def put_object_types(o, w):
    bits = 1 << c.DEVICE
    for kind, _ in o.types:
        bits |= 1 << kind
    w.bits(bits, o.device[col.OBJECT_BITS])


def put_object_list(o, w, index):
    """The array of all identifiers, the device's first; its length with index 0."""
    count = o.count()
    if index == 0:
        w.unsigned(count)
        return 0
    if index > count:
        return c.INVALID_ARRAY_INDEX
    if index == WHOLE:
        return _object_list(o, w)
    if index == 1:
        w.object_id(c.DEVICE, o.device_instance())
        return 0
    n = 1
    for kind, instance in o.listed():
        n += 1
        if index == n:
            w.object_id(kind, instance)
            break
    return 0


def _object_list(o, w):
    """All of it, by slices of _AT_ONCE objects."""
    w.object_id(c.DEVICE, o.device_instance())
    for n, (kind, instance) in enumerate(o.listed()):
        if n % _AT_ONCE == 0:
            yield
        w.object_id(kind, instance)
        if w.full:
            return


def put_max_apdu(o, w):
    w.unsigned(o.longest)


def put_segmentation(o, w):
    w.enumerated(NO_SEGMENTATION)


def put_date(o, w):
    clock = o.clock
    weekday = clock.read(p.WEEKDAY)
    w.date(clock.read(p.YEAR), clock.read(p.MONTH), clock.read(p.DAY), weekday or 7)


def put_time(o, w):
    clock = o.clock
    hundredths = o.points.read(p.STATE + p.MILLISECOND) // 10
    w.time(clock.read(p.HOUR), clock.read(p.MINUTE), clock.read(p.SECOND), hundredths)


def put_timeout(o, w):
    w.unsigned(o.timeout)


def put_retries(o, w):
    w.unsigned(o.retries)


def put_max_master(o, w):
    return _put_link(o, w, 0)


def put_max_info_frames(o, w):
    return _put_link(o, w, 1)


def _put_link(o, w, which):
    link = o.device[col.LINK]
    if link is None:
        return c.UNKNOWN_PROPERTY
    w.unsigned(o.points.read(link[which]))
    return 0


def put_nothing(o, w):
    """An empty list."""


def put_revision(o, w):
    w.unsigned(o.revision())


# What may be written: functions of (objects, reader) that answer 0 or an error.

ANSWERS = (0, c.VALUE_OUT_OF_RANGE, c.WRITE_ACCESS_DENIED, c.WRITE_ACCESS_DENIED, c.UNKNOWN_PROPERTY)


def is_application(r, kind):
    """Whether the one value that is there is of that application tag."""
    return r.tag() and not r.context and r.number == kind


def complete(r):
    """Whether the value is whole, and the last; a request of which it is not is rejected."""
    if r.bad < 0 and r.more():
        r.fails(c.TOO_MANY)
    return r.bad < 0


def store(o, r, pid, value):
    """Write what has been read of `r` to a point."""
    return ANSWERS[o.points.write(pid, value)] if complete(r) else c.INVALID_DATA_TYPE


def take_real(o, r):
    """The present value of an analog value: an integer in the point's own units."""
    if not is_application(r, 4):
        return c.INVALID_DATA_TYPE
    value = r.real()
    if isnan(value) or isinf(value):
        return c.VALUE_OUT_OF_RANGE
    scale = o.row[col.SCALE] or 1
    value *= scale
    if not -1e9 < value < 1e9:
        return c.VALUE_OUT_OF_RANGE
    whole = int(value + 0.5 if value >= 0 else value - 0.5)
    # a code or a number of something is whole, or it is none
    if scale == 1 and whole != value:
        return c.VALUE_OUT_OF_RANGE
    return store(o, r, o.row[col.POINT], whole)


def _text(o, r, pid):
    if not is_application(r, 7):
        return c.INVALID_DATA_TYPE
    value = r.text()
    if not complete(r):
        return c.INVALID_DATA_TYPE
    if value is None:
        return c.CHARACTER_SET
    texts = o.points.provider(pid).texts
    index = pid - o.points.base(pid)
    if len(value) > texts.longest(index):
        return c.NO_SPACE
    return ANSWERS[texts.check(index, value) or texts.write(index, value)]


def take_device_name(o, r):
    """A name that no other object has."""
    if not is_application(r, 7):
        return c.INVALID_DATA_TYPE
    at = r.at
    value = r.text()
    r.at = at
    if value is not None and o.find_name(value) and o.kind != c.DEVICE:
        o.find(c.DEVICE, c.TOP_INSTANCE)
        return c.DUPLICATE_NAME
    return _text(o, r, o.device[col.DEVICE_NAME])


def take_location(o, r):
    return _text(o, r, o.device[col.PLACE])


def take_device_identifier(o, r):
    if not is_application(r, 12):
        return c.INVALID_DATA_TYPE
    kind = r.object_id()
    if kind != c.DEVICE or r.instance == c.TOP_INSTANCE:
        return c.VALUE_OUT_OF_RANGE
    return store(o, r, o.device[col.IDENTIFIER], r.instance)


def take_max_master(o, r):
    if not is_application(r, 2):
        return c.INVALID_DATA_TYPE
    link = o.device[col.LINK]
    return store(o, r, link[0], r.unsigned()) if link else c.UNKNOWN_PROPERTY


# Rows: property, whether the standard requires it (None: never in a list), the names of the functions that
# write it and that take it: such tables lie in an image's flash.
_COMMON = (
    (c.OBJECT_IDENTIFIER, True, "put_identifier", None),
    (c.OBJECT_NAME, True, "put_name", None),
    (c.OBJECT_TYPE, True, "put_type", None),
)
_STATE = (
    (c.STATUS_FLAGS, True, "put_status", None),
    (c.EVENT_STATE, True, "put_zero", None),
    (c.RELIABILITY, False, "put_reliability", None),
    (c.OUT_OF_SERVICE, True, "put_false", None),
)
_ABOUT = ((c.DESCRIPTION, False, "put_about", None),)
_UNITS = ((c.UNITS, True, "put_units", None),)
INPUT = _COMMON + ((c.PRESENT_VALUE, True, "put_real", None),) + _ABOUT + _STATE + _UNITS
VALUE = _COMMON + ((c.PRESENT_VALUE, True, "put_real", "take_real"),) + _ABOUT + _STATE + _UNITS
BINARY = (
    _COMMON
    + ((c.PRESENT_VALUE, True, "put_binary", None),)
    + _ABOUT
    + _STATE
    + ((c.POLARITY, True, "put_zero", None),)
)
# A command is of outputs.py.
OUTPUT = (
    _COMMON
    + ((c.PRESENT_VALUE, True, "put_binary", "take_command"),)
    + _ABOUT
    + _STATE
    + (
        (c.POLARITY, True, "put_zero", None),
        (c.PRIORITY_ARRAY, True, "put_commands", None),
        (c.RELINQUISH_DEFAULT, True, "put_zero", None),
    )
)
DEVICE = (
    (c.OBJECT_IDENTIFIER, True, "put_identifier", "take_device_identifier"),
    (c.OBJECT_NAME, True, "put_name", "take_device_name"),
    (c.OBJECT_TYPE, True, "put_type", None),
    (c.SYSTEM_STATUS, True, "put_zero", None),
    (c.VENDOR_NAME, True, "put_vendor_name", None),
    (c.VENDOR_IDENTIFIER, True, "put_vendor", None),
    (c.MODEL_NAME, True, "put_model", None),
    (c.FIRMWARE_REVISION, True, "put_firmware", None),
    (c.APPLICATION_SOFTWARE_VERSION, True, "put_software", None),
    (c.LOCATION, False, "put_location", "take_location"),
    (c.DESCRIPTION, False, "put_about", None),
    (c.PROTOCOL_VERSION, True, "put_version", None),
    (c.PROTOCOL_REVISION, True, "put_protocol_revision", None),
    (c.PROTOCOL_SERVICES_SUPPORTED, True, "put_services", None),
    (c.PROTOCOL_OBJECT_TYPES_SUPPORTED, True, "put_object_types", None),
    (c.OBJECT_LIST, True, "put_object_list", None),
    (c.MAX_APDU_LENGTH_ACCEPTED, True, "put_max_apdu", None),
    (c.SEGMENTATION_SUPPORTED, True, "put_segmentation", None),
    (c.LOCAL_TIME, False, "put_time", None),
    (c.LOCAL_DATE, False, "put_date", None),
    (c.APDU_TIMEOUT, True, "put_timeout", None),
    (c.NUMBER_OF_APDU_RETRIES, True, "put_retries", None),
    (c.MAX_MASTER, False, "put_max_master", "take_max_master"),
    (c.MAX_INFO_FRAMES, False, "put_max_info_frames", None),
    (c.DEVICE_ADDRESS_BINDING, True, "put_nothing", None),
    (c.DATABASE_REVISION, True, "put_revision", None),
)


def tables():
    """(type, rows of its properties); a function, or an image would have each row once more."""
    return (
        (c.ANALOG_INPUT, INPUT),
        (c.ANALOG_VALUE, VALUE),
        (c.BINARY_INPUT, BINARY),
        (c.DEVICE, DEVICE),
    )
