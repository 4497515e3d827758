"""Dates and times of four octets each, as BACnet has them (ASHRAE 135, 20.2.12 and 20.2.13): year since 1900,
month, day, weekday; hour, minute, second, hundredths. 255 is any.
"""

from fourquad.calendar.clock import month_days, seconds

_ANY = 255


def moment(octets):
    """Seconds since 2000 of a date and a time as BACnet has them; -1 before this calendar, the end of 2099
    after it; None where any of it may be anything, or it is no date.
    """
    year, month, day, _, hour, minute, second, _ = octets
    if _ANY in (year, month, day, hour, minute, second) or not 1 <= month <= 12:
        return None
    if not 1 <= day <= month_days(1900 + year, month):
        return None
    if year < 100:
        return -1
    if year > 199:
        return seconds(2099, 12, 31, 23, 59, 59)
    return seconds(1900 + year, month, day, hour, minute, second)
