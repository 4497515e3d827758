"""Tables as text: entries between semicolons, their fields between commas. Bytes as billing/tariff.py has
them.

F1-F4 is a tariff, b1-b4 a daily profile, as the A1000's display writes them.

- daily profile: `hhmm,F1;hhmm,F2`
- seasons: `MMDD,b1;MMDD,F4`
- weekend: `weekday,b2` (0 Sunday)
- holidays of a year: `YY;MMDD,b3;MMDD,F1`
- zone: `60` (minutes east of UTC), or with daylight saving `60;60;3,5,0,120;10,5,0,120` (zone.py)
- display list: `item,modes,seconds` or `item,modes,seconds,first,last`
"""

from struct import pack, unpack

from fourquad import points as p
from fourquad.protocols.iec62056.datasets import digits, pairs

_ZONE = "<hBBBBBHBBBH"
_NO_PLAN = 255


def _plan(text):
    """0-7 of b1-b4 and F1-F4, 255 of another digit, which there is not; None where it has not the form."""
    if len(text) != 2 or text[0] not in "bF" or not "0" <= text[1] <= "9":
        return None
    if text[1] not in "1234":
        return _NO_PLAN
    return int(text[1]) + (3 if text[0] == "F" else -1)


def _plan_text(plan):
    return f"F{plan - 3}" if plan > 3 else f"b{plan + 1}"


def decode(kind, text):
    """The bytes of a table, or None where the text has not its form; whether they make sense is not asked."""
    if kind == "zone":
        return _decode_zone(text)
    out = bytearray()
    entries = text.split(";") if text else []
    if kind == "holidays":
        year = digits(entries[0], 2, 2) if entries else None
        if year is None:
            return None
        out.append(year)
        entries = entries[1:]
    for entry in entries:
        when, comma, what = entry.partition(",")
        if kind == "weekend":
            day = digits(when, 1, 1)
            when = None if day is None else [day]
        else:
            when = pairs(when, 2)
        plan = _plan(what)
        if when is None or plan is None:
            return None
        if kind == "sections":
            if what[0] != "F":
                return None
            plan = int(what[1])
        for value in when:
            out.append(value)
        out.append(plan)
    return bytes(out)


def encode(kind, data):
    """The text of a table."""
    if kind == "zone":
        return _encode_zone(data)
    entries = []
    at = 0
    if kind == "holidays":
        entries.append(f"{data[0]:02d}")
        at = 1
    size = 2 if kind == "weekend" else 3
    while at + size <= len(data):
        last = data[at + size - 1]
        what = f"F{last}" if kind == "sections" else _plan_text(last)
        if kind == "weekend":
            entries.append(f"{data[at]},{what}")
        else:
            entries.append(f"{data[at]:02d}{data[at + 1]:02d},{what}")
        at += size
    return ";".join(entries)


def _number(text, low, high):
    """A decimal number with an optional minus, within bounds; else None."""
    negative = text.startswith("-")
    value = digits(text[1:] if negative else text, 1, 4)
    if value is None:
        return None
    value = -value if negative else value
    return value if low <= value <= high else None


def _decode_zone(text):
    parts = text.split(";")
    offset = _number(parts[0], -840, 840)
    if offset is None or len(parts) not in (1, 4):
        return None
    if len(parts) == 1:
        return pack(_ZONE, offset, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    fields = [_number(parts[1], 1, 120)]
    for rule in parts[2:]:
        fields += [_number(field, 0, 1439) for field in rule.split(",")]
    if len(fields) != 9 or None in fields:
        return None
    for i in (1, 2, 3, 5, 6, 7):
        if fields[i] > 255:
            return None
    return pack(_ZONE, offset, 1, *fields)


def _encode_zone(data):
    fields = unpack(_ZONE, data)
    if not fields[1]:
        return str(fields[0])
    return "{};{};{},{},{},{};{},{},{},{}".format(fields[0], *fields[2:])


# The display list: an entry is item | modes << 9 | seconds << 12 | first << 19 | last << 24.


def pack_entry(item, modes, seconds, first=0, last=0):
    """A display list's entry as a setting: `modes` bit 0 timing, 1 sequential, 2 inquiry."""
    return item | modes << 9 | seconds << 12 | first << 19 | last << 24


def unpack_entry(entry):
    """(item, first, last) of a display list's entry; zeros where there is none."""
    return entry & 511, entry >> 19 & 31, entry >> 24 & 31


def decode_list(text, count):
    """The settings of a display list, `count` numbers, or None."""
    values = []
    for entry in text.split(";") if text else []:
        fields = entry.split(",")
        if len(fields) not in (3, 5):
            return None
        limits = ((1, 511), (1, 7), (1, 99), (0, p.PERIODS), (0, p.PERIODS))
        numbers = [_number(fields[i], *limits[i]) for i in range(len(fields))]
        if None in numbers:
            return None
        values.append(pack_entry(*numbers))
    if len(values) > count:
        return None
    return values + [0] * (count - len(values))


def encode_list(values):
    """The text of a display list's settings."""
    entries = []
    for v in values:
        if v:
            text = f"{v & 511},{v >> 9 & 7},{v >> 12 & 127}"
            if v >> 19:
                text += f",{v >> 19 & 31},{v >> 24 & 31}"
            entries.append(text)
    return ";".join(entries)
