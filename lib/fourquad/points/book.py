"""Logs of what happened to a meter, as registers from points.EVENT_LOGS on (events/book.py).

Each log takes STEP registers: the number of its newest record (0: none), then RECORDS of WORDS words each:
year, month, day, hour, minute, second, ms, what happened, the point, the value (high word first).
"""

ALARMS, DEMANDS, PROGRAM, COVER = range(4)
LOGS = 4
RECORDS = 16
WORDS = 11
STEP = 192
REGISTERS = LOGS * STEP

# Places in a record after the time.
WHAT = 7
POINT = 8
HIGH = 9
LOW = 10

# What happened.
OVER_RANGE = 1  # a reading (0.1 V or mA, secondary side) is beyond its range
IN_RANGE = 2  # it is back: its largest value
MAXIMUM = 3  # a new maximum demand (0.1 W, var, VA or mA, secondary side), at its own time
SETTING = 4  # another value of a setting
PRESET = 5
CLEARED = 6
CLOCK_SET = 7
TABLES = 8  # time-of-use tables written
PERMITTED = 9
REFUSED = 10  # a wrong password
NEW_PASSWORD = 11
OPENED = 12  # the cover
CLOSED = 13
