"""Time of use: which tariff is in force, by daily profiles, seasons, weekends and holidays (A1000 1.4).

A *plan* is 0-3 for daily profile 1-4, 4-7 for tariff 1-4 all day. Tables are bytes:

- a daily profile, 1-10 sections of hour, minute, tariff (1-4), ascending; the last one lasts until the first,
- the seasons, 1-10 of month, day, plan, ascending; the last one lasts until the first,
- the weekend, 0-2 of weekday (0 Sunday), plan,
- the holidays of a year, year - 2000 and 0-24 of month, day, plan; ten such tables, none for one year twice.

Holidays come before weekends, weekends before seasons. A table is taken whole or refused whole.
"""

from struct import pack_into, unpack_from

from fourquad.calendar import zone as zones
from fourquad.calendar.clock import month_days, split
from fourquad.points import billing as b

DAY = 1440
_PLANS = 8
_YEARS = 10
DEFAULTS = (b"\0\0\1",) * 4 + (b"\1\1\0", b"", zones.NONE) + (b"\0",) * _YEARS
_LONGEST = (30, 30, 30, 30, 30, 4, zones.SIZE) + (73,) * _YEARS
_WORDS = (sum(_LONGEST) + b.TABLES + 3) // 4
NAMES = ("daily profile",) * 4 + ("seasons", "weekend", "zone") + ("holidays",) * _YEARS


def _refuse_profile(data):
    n = len(data) // 3
    if len(data) % 3 or not 1 <= n <= 10:
        return "daily profile: 1 to 10 sections of hour, minute, tariff"
    last = -1
    for i in range(0, len(data), 3):
        if data[i] > 23 or data[i + 1] > 59:
            return "daily profile: no such time"
        if not 1 <= data[i + 2] <= 4:
            return "daily profile: no such tariff"
        start = data[i] * 60 + data[i + 1]
        if start <= last:
            return "daily profile: sections do not ascend"
        last = start
    return None


def _refuse_seasons(data):
    n = len(data) // 3
    if len(data) % 3 or not 1 <= n <= 10:
        return "seasons: 1 to 10 of month, day, plan"
    last = 0
    for i in range(0, len(data), 3):
        month, day, plan = data[i : i + 3]
        # 2000: the 29th of February may begin a season
        if not 1 <= month <= 12 or not 1 <= day <= month_days(2000, month):
            return "seasons: no such date"
        if plan >= _PLANS:
            return "seasons: no such plan"
        if 32 * month + day <= last:
            return "seasons: dates do not ascend"
        last = 32 * month + day
    return None


def _refuse_weekend(data):
    if len(data) not in (0, 2, 4):
        return "weekend: up to 2 of weekday, plan"
    for i in range(0, len(data), 2):
        if data[i] > 6:
            return "weekend: no such weekday"
        if data[i + 1] >= _PLANS:
            return "weekend: no such plan"
    if len(data) == 4 and data[0] == data[2]:
        return "weekend: one day twice"
    return None


def _refuse_holidays(data):
    if len(data) % 3 != 1 or len(data) > 73 or data[0] > 99:
        return "holidays: a year and up to 24 of month, day, plan"
    for i in range(1, len(data), 3):
        month, day, plan = data[i : i + 3]
        if not 1 <= month <= 12 or not 1 <= day <= month_days(2000 + data[0], month):
            return "holidays: no such date"
        if plan >= _PLANS:
            return "holidays: no such plan"
        for j in range(1, i, 3):
            if data[j] == month and data[j + 1] == day:
                return "holidays: one day twice"
    return None


class Tariff:
    """The tables, and what follows from them. `tables` is a list in the order of points_billing.TABLES.

    After `at`: `tariff` (1-4), and of its day `season` (1-10), `plan` and `kind` (0 season, 1 weekend, 2
    holiday).
    """

    words = _WORDS  # of `dump`

    def __init__(self, zone):
        self.zone = zone
        self.tables = list(DEFAULTS)
        self._date = [0] * 7
        self._day = -1
        self.tariff = 1
        self.season = 1
        self.plan = 0
        self.kind = 0

    def refuse(self, index, data, tables=None):
        """Why `data` cannot be the table `index`; None if it can. `tables`: all of them as they are going to
        be, where that is another way than they are.
        """
        if index < b.SEASONS:
            return _refuse_profile(data)
        if index == b.SEASONS:
            return _refuse_seasons(data)
        if index == b.WEEKEND:
            return _refuse_weekend(data)
        if index == b.ZONE:
            return zones.refuse(data)
        why = _refuse_holidays(data)
        if not why and len(data) > 1:
            tables = self.tables if tables is None else tables
            for i in range(b.HOLIDAYS, len(tables)):
                other = tables[i]
                if i != index and len(other) > 1 and other[0] == data[0]:
                    return "holidays: the year has another table"
        return why

    def set(self, index, data, tables=None):
        """Take a table whole: None, or the reason why the old one stays."""
        why = self.refuse(index, data, tables)
        if not why:
            self.tables[index] = bytes(data)
            if index == b.ZONE:
                self.zone.set(data)
            self._day = -1
        return why

    def at(self, minute):
        """The tariff at a minute of UTC."""
        day, minute = divmod(self.zone.local_minute(minute), DAY)
        if day != self._day:
            self._resolve(day)
        plan = self.plan
        if plan >= 4:
            self.tariff = plan - 3
            return self.tariff
        table = self.tables[plan]
        # the end of the table joins its beginning
        tariff = table[len(table) - 1]
        for i in range(0, len(table), 3):
            if table[i] * 60 + table[i + 1] > minute:
                break
            tariff = table[i + 2]
        self.tariff = tariff
        return tariff

    def _resolve(self, day):
        """Season and plan of a local day."""
        date = self._date
        split(max(day, 0) * 86400, date)
        weekday, year, month, day_of_month = date[:4]
        self._day = day
        table = self.tables[b.SEASONS]
        at = len(table) - 3
        for i in range(0, len(table), 3):
            if 32 * table[i] + table[i + 1] > 32 * month + day_of_month:
                break
            at = i
        self.season = at // 3 + 1
        self.plan = table[at + 2]
        self.kind = 0
        table = self.tables[b.WEEKEND]
        for i in range(0, len(table), 2):
            if table[i] == weekday:
                self.plan = table[i + 1]
                self.kind = 1
        for at in range(b.HOLIDAYS, b.TABLES):
            table = self.tables[at]
            if table[0] + 2000 == year:
                for i in range(1, len(table), 3):
                    if table[i] == month and table[i + 1] == day_of_month:
                        self.plan = table[i + 2]
                        self.kind = 2

    def dump(self):
        """All tables as 32-bit integers, `words` of them, for a file."""
        data = bytearray(4 * _WORDS)
        at = 0
        for i in range(b.TABLES):
            table = self.tables[i]
            data[at] = len(table)
            data[at + 1 : at + 1 + len(table)] = table
            at += 1 + _LONGEST[i]
        return [unpack_from("<i", data, 4 * i)[0] for i in range(_WORDS)]

    def load(self, words):
        """Take back what `dump` gave; a table that is not allowed (any more) keeps its default."""
        data = bytearray(4 * _WORDS)
        for i in range(_WORDS):
            pack_into("<i", data, 4 * i, words[i])
        at = 0
        for i in range(b.TABLES):
            self.set(i, bytes(data[at + 1 : at + 1 + data[at]]))
            at += 1 + _LONGEST[i]
