"""Spans of local time in which the module's data loggers record, and which their files have (KW320 manual
5.1.8.6), by a code: a place in SECONDS, then a week and a month. What is not longer than a day is counted
from midnight on; weeks and months begin at midnight of the day on which the logger began: months on the same
date, or on the last day of a month that does not have it.
"""

from fourquad.calendar.clock import FIELDS, month_days, split

SECONDS = (1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)
WEEK = 15
MONTH = 16
CODES = 17
NAMES = "1s 5s 10s 15s 30s 1min 5min 10min 15min 30min 1h 2h 6h 12h 1day 7days 1month"
# Codes that are the least for what a logger records, and for a file.
SECOND, OF_ENERGY, MINUTE, HOUR, DAY = 0, 3, 5, 10, 14

_DAY = 86400


def span_of(code, local, begin):
    """Number of the span in which a second of local time is; `begin`: when the logger began. Seconds since
    2000.
    """
    if code < WEEK:
        return local // SECONDS[code]
    if code == WEEK:
        return (local // _DAY - begin // _DAY) // 7
    fields = [0] * FIELDS
    split(begin, fields)
    date = fields[3]
    split(local, fields)
    _, year, month, day = fields[:4]
    begun = day >= min(date, month_days(year, month))
    return 12 * (year - 2000) + month - (0 if begun else 1)


def since(code, local):
    """Seconds since the boundary at which a span has just begun."""
    return local % (SECONDS[code] if code < WEEK else _DAY)


def name_of(code):
    """As a file's name says it: 5min."""
    return NAMES.split()[code]
