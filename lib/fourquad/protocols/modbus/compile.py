"""Compiles a model's register tables into spans of runs, once, when its map is made.

Every mapped address gets a 16-bit code (see `pack.py`) that names a word in an array (sources.py): of a
provider that keeps its values in one, or of the map itself, for what must be asked point by point (`live`),
for commands, and for registers that read 0. A board forgets this module when the map is made.

A table with an unknown kind, with rows that overlap, or with a gap in a range that is WRITABLE or LISTED is
refused (ValueError): a register without anything in it is a "hole", or "reserved".
"""

from array import array

from fourquad.points import columns as c
from fourquad.protocols.modbus import codes as m
from fourquad.protocols.modbus import kinds as k
from fourquad.protocols.modbus.pack import RUN, SOURCE_SHIFT, WORD_MASK, runs_of
from fourquad.protocols.modbus.sources import has_array


def rows_of(model, points):
    """All rows of a model's map whose points this meter has: (address, registers, kind, point, or place in
    COMMAND_REGISTERS).
    """
    rows = list(model.REGIONS) + list(getattr(model, "SETTING_REGISTERS", ()))
    rows.extend(
        (row[c.ADDRESS], 1, "command", i) for i, row in enumerate(getattr(model, "COMMAND_REGISTERS", ()))
    )
    rows.sort(key=_address)
    _refuse(rows, getattr(model, "WRITABLE", ()) + getattr(model, "LISTED", ()))
    return [row for row in rows if _had(row, points)]


def _address(row):
    address, _, _, _ = row
    return address


def _had(row, points):
    """Whether this meter has what a row is of."""
    _, _, kind, pid = row
    return kind in k.SILENT or kind == "command" or _provided(points, pid)


def _refuse(rows, ranges):
    """ValueError for a table that cannot be meant. `rows` are in the order of their addresses."""
    end = 0
    alone = False
    for address, count, kind, _ in rows:
        try:
            words = k.registers(kind)
        except ValueError:
            raise ValueError(f"registers at {address:04X}: unknown kind {kind!r}") from None
        if count < 1 or count % words:
            raise ValueError(f"registers at {address:04X}: {count} are no whole number of {kind!r}")
        if address < end:
            raise ValueError(f"registers overlap at {address:04X}")
        if address == end and (alone or kind == "block"):
            raise ValueError(f"registers at {address:04X}: next to a block")
        alone = kind == "block"
        end = address + count
    for first, last in ranges:
        at = _at(rows, first)
        while at < len(rows) and _address(rows[at]) <= first:
            address, count, _, _ = rows[at]
            first = max(first, address + count)
            at += 1
        if first <= last:
            raise ValueError(f"registers: nothing stands at {first:04X}, and no row says so")


def _at(rows, address):
    """Where the last row is that does not begin after `address`; the first, if all do."""
    low, high = 0, len(rows)
    while high - low > 1:
        middle = (low + high) // 2
        if _address(rows[middle]) <= address:
            low = middle
        else:
            high = middle
    return low


def _provided(points, pid):
    try:
        points.provider(pid)
    except KeyError:
        return False
    return True


def take_blocks(rows, points):
    """Take the blocks out of the list `rows`: (first, end, provider, first index there)."""
    blocks = [row for row in rows if row[c.KIND] == "block"]
    for row in blocks:
        rows.remove(row)
    return [
        (address, address + count, points.provider(pid), pid - points.base(pid))
        for address, count, _, pid in blocks
    ]


def live_rows(rows, points):
    """What must be asked for: (address, registers, those of a value, point, kind)."""
    live = []
    provider = None
    plain = False
    for address, count, kind, pid in rows:
        if kind in k.SILENT or kind == "command":
            continue
        if points.provider(pid) is not provider:
            # looked at once for each run of points, because it takes a copy to see
            provider = points.provider(pid)
            plain = has_array(provider)
        if kind in k.TEXTS and not getattr(provider, "texts", None):
            raise ValueError(f"registers at {address:04X}: no text")
        if not plain or k.asked(kind):
            live.append((address, count, k.registers(kind), pid, kind))
        elif isinstance(provider.values[0], float) != (kind == "float"):
            raise ValueError(f"registers at {address:04X}: {kind!r} of another type of points")
    return live


def places_of(live):
    """Places in the map's array of the first value of each live row, by its address, and how many there are.
    They follow each other around a ring in which every request has room.
    """
    places = {}
    at = 0
    for address, count, words, _, _ in live:
        places[address] = at & m.LIVE_ROOM - 1
        at += count // words
    return places, min(at, m.LIVE_ROOM)


def spans_of(model, rows, live, places, sources, kinds):
    """The arrays of all spans, of their runs (pack.py) and of the rows that are asked for (codes.py). The
    span of what a model lists first is polled most, and comes first. The kinds that those rows name by number
    are put to the list `kinds`.
    """
    spans = []
    at = 0
    while at < len(rows):
        first = end = _address(rows[at])
        begin = at
        while at < len(rows) and _address(rows[at]) == end:
            _, count, _, _ = rows[at]
            end += count
            at += 1
        spans.append((_rank(first, end, model.REGIONS), first, end, begin, at))
    spans.sort()
    table, runs, asked = array("H"), array("H"), array("H")
    for _, first, end, begin, at in spans:
        codes = array("H", bytes(2 * (end - first)))
        for row in rows[begin:at]:
            _encode(codes, _address(row) - first, row, places, sources)
        begin = len(asked)
        for address, count, words, pid, kind in live:
            if first <= address < end:
                if kind not in kinds:
                    kinds.append(kind)
                start = address - first
                row = (start, start + count, words, places[address], pid, kinds.index(kind))
                asked.extend(array("H", row))
        own = runs_of(codes)
        moves = any(own[i + 1] >> SOURCE_SHIFT == sources.moving for i in range(0, len(own), RUN))
        table.extend(array("H", (first, end - 1, len(runs), begin, len(asked), moves)))
        runs.extend(own)
    return table, runs, asked


def _encode(codes, at, row, live, sources):
    # `live`: place of the first value of each live row by its address
    address, count, kind, pid = row
    words = k.registers(kind)
    step = 1  # from the place of a value to that of the next
    if kind in k.SILENT:
        source, place, step = k.SILENT.index(kind), 0, 0
    elif kind == "command":
        source, place = m.COMMANDS, pid
    elif address in live:
        source, place = m.LIVE, live[address]
    else:
        source, place = sources.row(pid, count // words)
    beyond = place + step * (count // words)
    if source is None or source != m.LIVE and beyond - step << 1 > WORD_MASK:
        raise ValueError(f"registers at {address:04X}: no array of {kind!r}")
    for i in range(at, at + count, words):
        code = source << SOURCE_SHIFT | place << 1
        codes[i] = code
        if words == 2:
            codes[i] = code | 1
            codes[i + 1] = code
        place += step
        if source == m.LIVE:
            place &= m.LIVE_ROOM - 1


def _rank(first, end, rows):
    for i, row in enumerate(rows):
        if first <= _address(row) < end:
            return i
    return len(rows)
