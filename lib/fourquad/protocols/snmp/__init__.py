"""SNMP: an agent of v1, v2c and v3 that is read only (RFC 1157, 3416, 3584, 3414).

`ber.py` has the encoding, `tree.py` finds objects in tables, `agent.py` answers, `usm.py` is the security of
v3, `notify.py` says what happens to those who want to know.
"""

# Tags of values (RFC 2578).
INTEGER = 0x02
OCTETS = 0x04
NULL = 0x05
OID = 0x06
SEQUENCE = 0x30
ADDRESS = 0x40
COUNTER = 0x41
GAUGE = 0x42
TICKS = 0x43
# What a binding has instead of a value (RFC 3416, 2.5).
NO_OBJECT = 0x80
NO_INSTANCE = 0x81
END_OF_VIEW = 0x82

# Tags of PDUs.
GET = 0xA0
GET_NEXT = 0xA1
RESPONSE = 0xA2
SET = 0xA3
GET_BULK = 0xA5
INFORM = 0xA6
TRAP = 0xA7
REPORT = 0xA8

# Columns of a run, many objects of one kind in the order of their names: `prefix`, then one of COUNT_A
# numbers from FIRST_A on, then one of COUNT_B from FIRST_B on. The model's tables have these rows.
PREFIX = 0  # bytes, an arc each
FIRST_A = 1
COUNT_A = 2
FIRST_B = 3
COUNT_B = 4
POINT = 5  # of the first; below 0: -1 - the number of a value of the agent itself
STEP_A = 6  # from a point to that of the next A
STEP_B = 7
TAG = 8
SCALE = 9  # what the value is multiplied by; None: it is a whole number
ONLINE = 10  # whether it is there only while the I/O module is connected

# Columns of a row of a model's NOTIFICATIONS: records that are told as they come.
NEWEST = 0  # the point that is the number of the newest record, 0 of none
FIRST = 1  # the first point of the first record
FIELDS = 2  # of a record, at most 10
RECORDS = 3
TABLE = 4  # bytes: the arcs of the entry that has them as objects, below the model's
COLUMN = 5  # of the first field
