"""Objects (IEEE 1815, annex A): what a variation looks like on the wire, and putting values into it.

Counters are sent modulo 2**16 or 2**32, negative ones in two's complement. An analog value beyond the
integers or floats of its variation is sent as the nearest one, flagged over range. What is no number is
sent as 0, not online.
"""

from struct import pack_into

BINARY = 1
BINARY_EVENT = 2
OUTPUT = 10
CROB = 12
COUNTER = 20
FROZEN = 21
COUNTER_EVENT = 22
ANALOG = 30
ANALOG_EVENT = 32
DEADBAND = 34
ANALOG_OUTPUT = 40
ANALOG_COMMAND = 41
TIME = 50
COMMON_TIME = 51
DELAY = 52
CLASS = 60
INDICATIONS = 80
FLOAT = 100  # variation 1 of the manual: flags and a single

# Flags.
ONLINE = 0x01
OVER_RANGE = 0x20
STATE = 0x80

# How a variation is put together.
FLAG = 1
INT32 = 2
INT16 = 4
SINGLE = 8
DOUBLE = 16
ABSOLUTE = 32  # 48 bits of ms since 1970
RELATIVE = 64  # 16 bits of ms since the time in object 51
PACKED = 128  # one bit
MODULAR = 256  # a counter

_C = MODULAR
_FORMS = (
    (1, 1, PACKED),
    (1, 2, FLAG),
    (2, 1, FLAG),
    (2, 2, FLAG | ABSOLUTE),
    (2, 3, FLAG | RELATIVE),
    (10, 1, PACKED),
    (10, 2, FLAG),
    (20, 1, _C | FLAG | INT32),
    (20, 2, _C | FLAG | INT16),
    (20, 5, _C | INT32),
    (20, 6, _C | INT16),
    (21, 1, _C | FLAG | INT32),
    (21, 2, _C | FLAG | INT16),
    (21, 5, _C | FLAG | INT32 | ABSOLUTE),
    (21, 6, _C | FLAG | INT16 | ABSOLUTE),
    (21, 9, _C | INT32),
    (21, 10, _C | INT16),
    (22, 1, _C | FLAG | INT32),
    (22, 2, _C | FLAG | INT16),
    (22, 5, _C | FLAG | INT32 | ABSOLUTE),
    (22, 6, _C | FLAG | INT16 | ABSOLUTE),
    (30, 1, FLAG | INT32),
    (30, 2, FLAG | INT16),
    (30, 3, INT32),
    (30, 4, INT16),
    (30, 5, FLAG | SINGLE),
    (30, 6, FLAG | DOUBLE),
    (32, 1, FLAG | INT32),
    (32, 2, FLAG | INT16),
    (32, 3, FLAG | INT32 | ABSOLUTE),
    (32, 4, FLAG | INT16 | ABSOLUTE),
    (32, 5, FLAG | SINGLE),
    (32, 6, FLAG | DOUBLE),
    (32, 7, FLAG | SINGLE | ABSOLUTE),
    (32, 8, FLAG | DOUBLE | ABSOLUTE),
    (34, 1, INT16),
    (34, 2, INT32),
    (34, 3, SINGLE),
    (40, 1, FLAG | INT32),
    (40, 2, FLAG | INT16),
    (40, 3, FLAG | SINGLE),
    (40, 4, FLAG | DOUBLE),
    (100, 1, FLAG | SINGLE),
)

# Variations without flags, and the one with flags that a point takes whose flags say more than "online"
# (IEEE 1815, 11.3.2.3), where the master did not ask for a variation.
_FLAGGED = ((1, 1, 2), (10, 1, 2), (20, 5, 1), (20, 6, 2), (21, 9, 1), (21, 10, 2), (30, 3, 1), (30, 4, 2))

_MAX_SINGLE = 3.4028235e38
_EPOCH_LOW = 0xAC00  # 946684800000 ms from 1970 to 2000, as 16 bits and the rest
_EPOCH_HIGH = 0xDC6ACF


def form(group, variation):
    """How the variation is put together; 0 if it is not supported."""
    for of_group, of_variation, how in _FORMS:
        if of_group == group and of_variation == variation:
            return how
    return 0


def flagged(group, variation):
    """The variation with flags that stands in for this one; itself if it has flags."""
    for of_group, of_variation, with_flags in _FLAGGED:
        if of_group == group and of_variation == variation:
            return with_flags
    return variation


def size(how):
    """Octets of an object of this form; 0 for a packed one."""
    n = how & FLAG
    if how & (INT32 | SINGLE):
        n += 4
    elif how & INT16:
        n += 2
    elif how & DOUBLE:
        n += 8
    if how & ABSOLUTE:
        n += 6
    return n + 2 if how & RELATIVE else n


def put(target, at, how, value, flags, seconds, ms):
    """An object to target[at:]; the place after it. `seconds` since 2000 and `ms` are its time; of a
    RELATIVE one `ms` alone.
    """
    if value != value:
        value = 0
        flags = 0
    if how & MODULAR:
        value = int(value)
    elif how & (INT32 | INT16):
        top = 0x7FFF if how & INT16 else 0x7FFFFFFF
        if value > top or value < -top - 1:
            value = top if value > 0 else -top - 1
            flags |= OVER_RANGE
        value = int(value + 0.5 if value >= 0 else value - 0.5) if isinstance(value, float) else value
        if value > top:
            value = top  # a single just below the limit was rounded up
    elif how & (SINGLE | DOUBLE) and not -_MAX_SINGLE <= value <= _MAX_SINGLE:
        value = _MAX_SINGLE if value > 0 else -_MAX_SINGLE
        flags |= OVER_RANGE
    if how & FLAG:
        target[at] = flags
        at += 1
    if how & INT32:
        put_int(target, at, value, 4)
        at += 4
    elif how & INT16:
        put_int(target, at, value, 2)
        at += 2
    elif how & SINGLE:
        pack_into("<f", target, at, value)
        at += 4
    elif how & DOUBLE:
        pack_into("<d", target, at, value)
        at += 8
    if how & ABSOLUTE:
        put_time(target, at, seconds, ms)
        return at + 6
    if how & RELATIVE:
        put_int(target, at, ms, 2)
        return at + 2
    return at


def put_int(target, at, value, octets):
    """A whole number, little-endian, modulo its size."""
    for i in range(at, at + octets):
        target[i] = value & 0xFF
        value >>= 8


def get_int(source, at, octets, signed):
    """A little-endian whole number."""
    value = 0
    for i in range(at + octets - 1, at - 1, -1):
        value = value << 8 | source[i]
    if signed and source[at + octets - 1] & 0x80:
        value -= 1 << 8 * octets
    return value


def put_time(target, at, seconds, ms):
    """DNP3 time, 6 octets: ms since 1970. Computed in halves, so that nothing is allocated."""
    low = (seconds & 0xFFFF) * 1000 + ms + _EPOCH_LOW
    high = (seconds >> 16) * 1000 + _EPOCH_HIGH + (low >> 16)
    put_int(target, at, low & 0xFFFF, 2)
    put_int(target, at + 2, high, 4)
