"""The audit log of a meter with a network (meter/audit.py), as registers from AUDIT on: how many
records are shown, then the newest SHOWN of them, of WORDS words each, the newest first.

A record: year, month, day, hour, minute, second, ms, what was done, who did it (high byte) and as which user
(low byte), the address it came from (two words, high first; 0 none), the point, the old and the new value. A
number takes the first two words of VALUE, high first; a text its first bytes, with zeros after them.
"""

AUDIT = 5056  # one block of ids, after those of points.network.COUNTED
SHOWN = 16
WORDS = 28

# Places in a record after the time.
WHAT = 7
WHO = 8
HOST = 9
POINT = 11
OLD = 12
NEW = 20
VALUE = 8  # words of a value

# What was done. Values have SETTING (numbers), TEXT (texts), REFUSED of SNMP, LOST,
# FAILED and IMPORTED.
SETTING = 1
TEXT = 2
LOGGED_IN = 3
REFUSED = 4  # a wrong password, or a name that nobody has; of SNMP how often since the last such record
LOGGED_OUT = 5
LOCKED = 6  # after too many wrong ones: another is not looked at for a while
CLEARED = 7
PRESET = 8
CLOCK_SET = 9
TABLES = 10  # a table of time of use, or the settings of a data logger
RESET = 12  # of the network module
NEW_PASSWORD = 13
USER_CHANGED = 14  # added, removed, or in another role
STARTED = 15  # the meter
LOST = 16  # so many records before this one were not kept
FAILED = 17  # a service: how often since the last such record, and the name of the exception
IMPORTED = 18  # a configuration: how many settings it changed; the first bytes of its sum
EXPORTED = 19  # a configuration with its passwords, sealed

# Who did it: the meter itself, its panel, a serial port; services by their names.
METER = 0
PANEL = 1
PORT = 2  # the first; the others come next
SERVICES = (
    ("modbus", 16),
    ("http", 17),
    ("https", 17),
    ("dnp3", 18),
    ("dnp3udp", 18),
    ("dnp3call", 18),
    ("snmp", 19),
    ("bacnet", 20),
    ("mqtt", 21),
    ("sntp", 22),
    ("post", 23),
    ("post1", 23),
    ("post2", 23),
    ("post3", 23),
    ("ftpdata", 23),
    ("mail", 24),
)
OTHER_SERVICE = 31


def of_service(name):
    """Who a service is."""
    for known, who in SERVICES:
        if known == name:
            return who
    return OTHER_SERVICE
