"""SNMP: names and meanings of its settings, and of objects that more than one model has, for people. No board
loads it.
"""

from fourquad.points import network as n

_PASSWORD = "becomes a key"

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (
        (n.SNMP, "SNMP", "", "1: the agent is there"),
        (n.SNMP_VERSION, "SNMP: version", "", "0 v1 and v2c, 1 v3"),
        (n.SNMP_PORT, "SNMP: UDP port", "", "161, or from 16100 on"),
        (n.SNMP_TRAPS, "SNMP: notifications", "", "0 none, 1 traps, 2 informs"),
        (n.SNMP_BUFFER, "SNMP: buffer", "", "notifications that wait at most"),
        (n.SNMP_HOLD, "SNMP: hold time", "s", "for which a notification waits; 0 sent at once"),
        (n.SNMP_AUTH, "SNMP v3: authentication", "", "0 none, 1 HMAC-SHA-96, 2 HMAC-SHA-256"),
        (n.SNMP_PRIV, "SNMP v3: privacy", "", "0 none, 1 AES-128; it needs authentication"),
        (n.SNMP_ENTERPRISE, "SNMP: enterprise number", "", "below which the meter's objects are"),
    )
    + tuple(
        [(n.SNMP_TARGET_PORT + i, f"SNMP: port of target {i + 1}", "", "") for i in range(n.SNMP_TARGETS)]
    )
    + tuple(
        [
            (n.SNMP_TARGET + i, f"SNMP: address of target {i + 1}", "", "IPv4; empty: none")
            for i in range(n.SNMP_TARGETS)
        ]
    )
    + (
        (n.SNMP_COMMUNITY, "SNMP: community", "", "read only"),
        (n.SNMP_USER, "SNMP v3: user", "", ""),
        (n.SNMP_AUTH_PASSWORD, "SNMP v3: password of authentication", "", _PASSWORD),
        (n.SNMP_PRIV_PASSWORD, "SNMP v3: password of privacy", "", _PASSWORD),
        (n.SNMP_NAME, "SNMP: sysName", "", "empty: the host name"),
        (n.SNMP_LOCATION, "SNMP: sysLocation", "", ""),
        (n.SNMP_CONTACT, "SNMP: sysContact", "", ""),
    )
)

# The end of ABOUT.
NUMBER = (
    " The number below enterprises is that of examples (RFC 5612), and a setting of the meter: another "
    "number there changes it here, too."
)

# Meanings of scalars that their names do not tell.
MEANINGS = {
    "state.system_status": "bit 0 new alarm, bit 1 new event",
    "state.alarm_number": "number of the newest record, 0 none",
    "state.soe_number": "number of the newest record, 0 none",
    "alarm.standing": "channels whose alarms stand, bit n: channel n+1",
    "state.epoch": "seconds since 2000-01-01 00:00:00 of the clock, local time",
}

# Columns of TABLES: (name, unit, counts a unit or None, meaning)
TIME = tuple([(name, "", None, "") for name in ("Year", "Month", "Day", "Hour", "Minute", "Second")])
_MILLISECOND = (("Millisecond", "", None, ""),)
INPUT = (("State", "", None, "0 open, 1 closed"), ("Count", "", None, "pulses"))
OUTPUT = (("State", "", None, "0 off, 1 on"),)

# Rows of TABLES.
EVENTS = (
    10,
    2,
    "Event",
    "A change of inputs.",
    (("Index", 20, "the records go round"),),
    TIME + _MILLISECOND + (("Inputs", "", None, "of the module afterwards, bit 0: the first"),),
)


def alarms(records):
    """The row of TABLES of so many records of alarms."""
    columns = (
        ("Status", "", None, "bit 0: it begins; bit 1: of a pair; bits 8-15: the code"),
        ("Code", "", None, "what was watched"),
        ("Value", "", None, "in the unit of the alarm's set point, 16 bits"),
    )
    index = (("Index", records, "the records go round"),)
    return (9, 4, "Alarm", "A record of an alarm that begins or ends.", index, columns + TIME + _MILLISECOND)


# Names of NOTIFICATIONS, in their order: (name, the table whose columns they tell, meaning)
NOTIFICATIONS = (
    ("AlarmChange", "Alarm", "An alarm has begun or ended: its record."),
    ("InputChange", "Event", "Inputs have changed, of the module of the sequence of events: the record."),
)
