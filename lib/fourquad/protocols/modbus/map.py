"""The register map of a model, compiled for speed: any contiguous read is one native call.

Every mapped address gets a 16-bit code (see `pack.py`) that names a word in an array: of a provider that
keeps its values in one (attribute `values`, an array of 32-bit integers or floats, made once), or of the map
itself, for what must be asked point by point (`live`), for commands, and for registers that read 0. Values
are in the order of the points, those of settings in the order of the model's rows.

A provider whose points must change together (the clock) has `check_set(indexes, values, first, count)` and
`write_set(...)`, which answer as `check` and `write` do for indexes[first : first + count].
"""

from array import array

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.modbus.pack import (
    MAX_SOURCES,
    SOURCE_SHIFT,
    WORD_MASK,
    bind,
    gather,
    source_table,
)

# Exception codes (Modbus application protocol V1.1b3, 7).
ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_FAILURE = 4

# What an answer of points.check means to a master.
EXCEPTION = (0, ILLEGAL_VALUE, ILLEGAL_ADDRESS, DEVICE_FAILURE, ILLEGAL_ADDRESS)

# Sources of the codes; the providers' arrays come after them.
_RESERVED = 0
_HOLE = 1
_ABSENT = 2
_COMMANDS = 3
_LIVE = 4
_SIDE = 5
_SETTINGS = 6
_FIRST_PROVIDER = 7

_ASKED = 5  # words of a row of what must be asked: first place, end, place in `live`, point, scale


class RegisterMap:
    """Registers of `model` (its tables REGIONS, SETTINGS, COMMANDS, WRITABLE, NEEDS_MODULE) over `points`.

    One map serves all ports of a meter. `read` and `write` answer 0 or an exception code. `maintenance`: the
    meter's, where it is to be had over its ports (fourquad.device.maintenance.Maintenance); `serve(self)`:
    makes it when it is asked for the first time.
    """

    maintenance = serve = None

    def __init__(self, model, points):
        self.points = points
        self.coils = model.COILS
        self.inputs = model.INPUTS
        self._writable = model.WRITABLE
        self._needs_module = model.NEEDS_MODULE
        self._commands = model.COMMANDS
        self._settings = model.SETTINGS
        self._table = source_table(MAX_SOURCES)
        self._arrays = []  # keeps what `_table` refers to alive
        self._bases = []  # first point id of each source, or None
        self._looked_at = None
        self._arrayed = False
        zero = array("i", [0])
        for _ in range(_COMMANDS):
            self._add(zero, None)
        self._add(array("i", [row[c.IDLE][0] for row in model.COMMANDS]), None)
        rows = _rows(model, points)
        live = _live_rows(rows, points)
        self._live_points = array("i", [row[2] for row in live])
        self._live = array("i", [0] * max(1, len(live)))
        self._add(self._live, None)
        self._secondary = points.provider(p.SECONDARY).values
        self._primary = points.provider(p.PRIMARY).values
        self._add(self._secondary, None)
        settings = points.provider(p.SETTING)
        self._add(settings.values if _has_array(settings) else zero, None)
        self._modes, self._mode_at = self.cell(p.SETTING + p.BASIC_MODE)
        self._side = self._secondary
        self._spans = self._compile(rows, live)
        # what a write is about to change: points, their places in their blocks where those change together
        self._pids = []
        self._indexes = []
        self._values = []

    def served_by(self, make):
        """`make(self)` is called when somebody asks for the maintenance the first time."""
        self.serve = make

    def _add(self, values, base):
        bind(self._table, len(self._arrays), values)
        self._arrays.append(values)
        self._bases.append(base)
        return len(self._arrays) - 1

    def _source(self, pid):
        """The source of a point's array and its place there; (None, 0) if it must be asked."""
        provider, base = self.points.provider(pid), self.points.base(pid)
        if provider is not self._looked_at:
            # asked once for each run of points, for it takes a copy to see
            self._looked_at = provider
            self._arrayed = _has_array(provider)
        if not self._arrayed:
            return None, 0
        if base == p.SETTING:
            return _SETTINGS, _place(self._settings, pid - base)
        if base in self._bases:
            return self._bases.index(base), pid - base
        return self._add(provider.values, base), pid - base

    def cell(self, pid):
        """Where the value of a point lies: (array, place), or (None, 0) if it must be asked."""
        source, place = self._source(pid)
        return (None, 0) if source is None else (self._arrays[source], place)

    def _compile(self, rows, live):
        """Spans of contiguous addresses: (first, end, codes, live rows, whether one is of kind "side")."""
        spans = []
        places = {row[0]: i for i, row in enumerate(live)}
        order = sorted(rows, key=lambda row: row[0])
        at = 0
        while at < len(order):
            first = end = order[at][0]
            begin = at
            while at < len(order) and order[at][0] == end:
                end += order[at][1]
                at += 1
            if at < len(order) and order[at][0] < end:
                raise ValueError(f"registers overlap at {order[at][0]:04X}")
            codes = array("H", bytes(2 * (end - first)))
            side = False
            for row in order[begin:at]:
                side |= row[2] == "side"
                self._encode(codes, row[0] - first, row, places)
            asked = array("H")
            for row in sorted(live):
                if first <= row[0] < end:
                    i = places[row[0]]
                    asked.extend(array("H", (row[0] - first, row[0] - first + row[1], i, row[2], row[3])))
            spans.append((first, end, codes, asked, side))
        # what a model lists first is polled most
        return tuple(sorted(spans, key=lambda span: _rank(span, rows)))

    def _encode(self, codes, at, row, live):
        # `live`: place of each live row by its address
        address, count, kind, pid = row
        if kind in ("reserved", "hole", "absent"):
            source = ("reserved", "hole", "absent").index(kind)
            for i in range(count):
                codes[at + i] = source << SOURCE_SHIFT
            return
        words = 1 if kind in ("word", "tenths", "command") else 2
        for i in range(count // words):
            if kind == "command":
                source, place = _COMMANDS, pid
            elif kind == "side":
                source, place = _SIDE, pid + i
            else:
                source, place = self._source(pid + i) if kind != "tenths" else (None, 0)
                if source is None:
                    source, place = _LIVE, live[address + i * words]
            code = source << SOURCE_SHIFT | place << 1
            codes[at + i * words] = code | words - 1
            if words == 2:
                codes[at + i * words + 1] = code

    def read(self, address, count, target, at):
        """Put registers `address` on, big-endian, to target[at:]; 0 or an exception code."""
        end = address + count
        for first, last, codes, live, side in self._spans:
            if first <= address and end <= last:
                address -= first
                if side:
                    self._choose_side()
                if live:
                    self._ask(live, address, end - first)
                gather(target, at, codes, address, count, self._table)
                return 0
        return ILLEGAL_ADDRESS

    def _choose_side(self):
        modes = self._modes
        mode = modes[self._mode_at] if modes else self.points.read(p.SETTING + p.BASIC_MODE)
        side = self._primary if mode else self._secondary
        if side is not self._side:
            self._side = side
            bind(self._table, _SIDE, side)

    def _ask(self, rows, start, end):
        row = 0
        last = len(rows)
        # in the order of their addresses
        while row < last and rows[row] < end:
            if start < rows[row + 1]:
                value = self.points.read(rows[row + 3])
                scale = rows[row + 4]
                if scale != 1:
                    value = int(value * scale + 0.5) if value == value else 0  # a NaN is no angle
                self._live[rows[row + 2]] = value if value < 0x80000000 else value - 0x100000000
            row += _ASKED

    def write(self, address, count, data, at):
        """Store `count` (1-123) big-endian words of data[at:], all or none; 0 or an exception code."""
        last = address + count - 1
        for first, end in self._writable:
            if first <= address and last <= end:
                break
        else:
            return ILLEGAL_ADDRESS
        for first, end, codes, _, _ in self._spans:
            if first <= address < end:
                if last >= end:
                    return ILLEGAL_ADDRESS
                why = self._plan(codes, address, address - first, count, data, at)
                return why or self._check() or self._store()
        return ILLEGAL_ADDRESS

    def _plan(self, codes, address, i, count, data, at):
        """Turn words into points and values; 0 or an exception code."""
        for planned in (self._pids, self._indexes, self._values):
            planned.clear()
        if i and codes[i] & 1 == 0 and codes[i - 1] == codes[i] | 1:
            return ILLEGAL_ADDRESS  # begins with the low half of a 32-bit value
        end = i + count
        while i < end:
            code = codes[i]
            value = data[at] << 8 | data[at + 1]
            if not self._connected(address):
                return DEVICE_FAILURE
            if code & 1:
                if i + 1 == end:
                    return ILLEGAL_ADDRESS  # ends with the high half of a 32-bit value
                if value >= 0x8000:
                    value -= 0x10000
                i += 1
                at += 2
                address += 1
                value = value << 16 | data[at] << 8 | data[at + 1]
            i += 1
            at += 2
            address += 1
            why = self._plan_value(code >> SOURCE_SHIFT, (code & WORD_MASK) >> 1, value)
            if why:
                return why
        return 0

    def _plan_value(self, source, place, value):
        if source == _RESERVED:
            return ILLEGAL_VALUE if value else 0
        if source == _ABSENT:
            return DEVICE_FAILURE
        if source == _COMMANDS:
            row = self._commands[place]
            if value != row[c.ACT]:
                if value in row[c.IDLE]:
                    return 0
                return DEVICE_FAILURE if value in row[c.ELSEWHERE] else ILLEGAL_VALUE
            pid = p.COMMAND + row[c.OFFSET]
            value = 1
        elif source == _LIVE:
            pid = self._live_points[place]
        elif source == _SETTINGS:
            pid = p.SETTING + self._settings[place][c.OFFSET]
        elif source >= _FIRST_PROVIDER:
            pid = self._bases[source] + place
        else:
            return ILLEGAL_ADDRESS
        self._pids.append(pid)
        self._indexes.append(0)
        self._values.append(value)
        return 0

    def _connected(self, address):
        for first, last, mask in self._needs_module:
            if first <= address <= last:
                return self.points.read(p.STATE + p.MODULES) & mask
        return True

    def _set(self, i):
        """How many planned points from `i` on change together, 0 if this one alone; puts their indexes by."""
        provider = self.points.provider(self._pids[i])
        if not hasattr(provider, "check_set"):
            return 0
        base = self.points.base(self._pids[i])
        n = 0
        while i + n < len(self._pids) and self.points.provider(self._pids[i + n]) is provider:
            self._indexes[i + n] = self._pids[i + n] - base
            n += 1
        return n

    def _check(self):
        i = 0
        while i < len(self._pids):
            n = self._set(i)
            if n:
                provider = self.points.provider(self._pids[i])
                why = provider.check_set(self._indexes, self._values, i, n)
            else:
                why = self.points.check(self._pids[i], self._values[i])
            if why:
                return EXCEPTION[why]
            i += n or 1
        return 0

    def _store(self):
        i = 0
        while i < len(self._pids):
            n = self._set(i)
            pid = self._pids[i]
            provider = self.points.provider(pid)
            if n:
                why = provider.write_set(self._indexes, self._values, i, n)
            else:
                # not checked again: what was stored before must not refuse it
                why = provider.write(pid - self.points.base(pid), self._values[i])
            if why:
                return EXCEPTION[why]
            i += n or 1
        return 0


def _rows(model, points):
    """All rows of the map: (address, registers, kind, point or place in COMMANDS); of regions those whose
    points this meter has.
    """
    rows = [row for row in model.REGIONS if _provided(points, row[3])]
    kinds = (None, "word", "dword")
    for row in model.SETTINGS:
        if row[c.ADDRESS]:
            count = row[c.REGISTERS]
            rows.append((row[c.ADDRESS], count, kinds[count], p.SETTING + row[c.OFFSET]))
    rows.extend((row[c.COMMAND_ADDRESS], 1, "command", i) for i, row in enumerate(model.COMMANDS))
    return rows


def _provided(points, pid):
    try:
        points.provider(pid)
    except KeyError:
        return False
    return True


def _live_rows(rows, points):
    """Points that must be asked one by one: (address, registers, point, scale)."""
    live = []
    for address, count, kind, pid in rows:
        if kind == "tenths":
            live.extend((address + i, 1, pid + i, 10) for i in range(count))
        elif kind in ("word", "dword") and not _has_array(points.provider(pid)):
            words = 1 if kind == "word" else 2
            live.extend((address + i * words, words, pid + i, 1) for i in range(count // words))
    return live


def _has_array(provider):
    values = getattr(provider, "values", None)
    return isinstance(values, array) and len(bytes(values)) == 4 * len(values)


def _place(rows, key):
    """Where the row of the setting `key` is."""
    for i, row in enumerate(rows):
        if row[c.OFFSET] == key:
            return i
    raise ValueError(f"no array of floats for {key:04X}")


def _rank(span, rows):
    for i, row in enumerate(rows):
        if span[0] <= row[0] < span[1]:
            return i
    return len(rows)
