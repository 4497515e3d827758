"""Dates and times of four octets each, as BACnet has them (ASHRAE 135, 20.2.12 and 20.2.13): year since 1900,
month, day, weekday; hour, minute, second, hundredths. 255 is any.
"""

from fourquad.calendar.clock import month_days, seconds

_ANY = 255


def moment(octets):
    """Seconds since 2000 of a date and a time as BACnet has them; None where any of it may be anything, or
    it is none of this calendar.
    """
    year, month, day, _, hour, minute, second, _ = octets
    if _ANY in (year, month, day, hour, minute, second) or year < 100 or not 1 <= month <= 12:
        return None
    if not 1 <= day <= month_days(1900 + year, month) or year > 199:
        return None
    return seconds(1900 + year, month, day, hour, minute, second)
