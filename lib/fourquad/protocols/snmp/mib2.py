"""The agent's own objects: the groups `system` and `snmp` of MIB-II (RFC 1213, RFC 3418), and for v3 those of
the engine (RFC 3411, RFC 3412, RFC 3414).
"""

from fourquad.protocols.snmp import COUNTER, INTEGER, OCTETS, OID, TICKS, counters

MIB_2 = (43, 6, 1, 2, 1)
SNMP_V2 = (43, 6, 1, 6, 3)
ENTERPRISES = (43, 6, 1, 4, 1)

# Numbers of values.
DESCRIPTION = 0
OBJECT_ID = 1
UP_TIME = 2
CONTACT = 3
NAME = 4
LOCATION = 5
SERVICES = 6
ENGINE_ID = 7
BOOTS = 8
ENGINE_TIME = 9
LONGEST = 10
COUNTERS = 16  # that of counter n is n more


def _own(prefix, arc, number, count, tag):
    """A run of `count` values of the agent, from the arc `arc` and the value `number` on."""
    return (prefix, arc, count, 0, 1, -1 - number, -1, 0, tag, None, False)


GROUPS = (
    _own(b"\x01", 1, DESCRIPTION, 1, OCTETS),
    _own(b"\x01", 2, OBJECT_ID, 1, OID),
    _own(b"\x01", 3, UP_TIME, 1, TICKS),
    _own(b"\x01", 4, CONTACT, 3, OCTETS),
    _own(b"\x01", 7, SERVICES, 1, INTEGER),
    # 7 and 23 are not used, 30 is no counter
    _own(b"\x0b", 1, COUNTERS + 1, 6, COUNTER),
    _own(b"\x0b", 8, COUNTERS + 8, 15, COUNTER),
    _own(b"\x0b", 24, COUNTERS + 24, 6, COUNTER),
    _own(b"\x0b", 30, COUNTERS + counters.AUTHEN_TRAPS, 1, INTEGER),
    _own(b"\x0b", 31, COUNTERS + 31, 2, COUNTER),
)
ENGINE = (
    _own(b"\x0a\x02\x01", 1, ENGINE_ID, 1, OCTETS),
    _own(b"\x0a\x02\x01", 2, BOOTS, 3, INTEGER),
    _own(b"\x0b\x02\x01", 1, COUNTERS + counters.UNKNOWN_MODELS, 3, COUNTER),
    _own(b"\x0c\x01", 5, COUNTERS + counters.CONTEXTS, 1, COUNTER),
    _own(b"\x0f\x01\x01", 1, COUNTERS + counters.LEVELS, 6, COUNTER),
)
