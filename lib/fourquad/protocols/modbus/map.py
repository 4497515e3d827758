"""The register map of a model: any contiguous read is one native call over the runs of `compile.py`.

A provider whose points must change together (the clock) has `check_set(indexes, values, first, count)` and
`write_set(...)`, which answer as `check` and `write` do for indexes[first : first + count].

A provider of a "block" of registers has `read_block(master, index, count, target, at)`, which puts them to
target[at:], and `write_block(master, index, count, data, at)`, which takes all of them or none, and answers
as `write` does; big-endian words both. `master` is who asks, the same object each time.
"""

from array import array

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.modbus import codes as m
from fourquad.protocols.modbus import kinds as k
from fourquad.protocols.modbus.pack import SOURCE_SHIFT, WORD_MASK, bind, code_at, gather, span_at
from fourquad.protocols.modbus.pdu import EXCEPTION
from fourquad.protocols.modbus.sources import Sources


class RegisterMap:
    """Registers of `model` (its tables REGIONS, SETTING_REGISTERS, COMMAND_REGISTERS, COILS, INPUTS,
    WRITABLE, LISTED, NEEDS_MODULE, as far as it has them) over `points`.

    One map serves all ports of a meter. `read` and `write` answer 0 or an exception code. `maintain`: does a
    request of the meter's maintenance, where that is to be had over its ports (`run` of
    fourquad.device.maintenance.Maintenance).
    """

    maintain = None

    def __init__(self, model, points):
        # only needed here, and forgotten by a board (firmware/app.py)
        from fourquad.protocols.modbus.compile import live_rows, places_of, rows_of, spans_of, take_blocks

        self.points = points
        self.coils = getattr(model, "COILS", ())
        self.inputs = getattr(model, "INPUTS", ())
        self.functions = getattr(model, "FUNCTIONS", None)  # function codes; None: all that there are
        self._writable = getattr(model, "WRITABLE", ())
        self._needs_module = getattr(model, "NEEDS_MODULE", ())
        self._commands = getattr(model, "COMMAND_REGISTERS", ())
        self._sources = sources = Sources(points)
        self._table = sources.table
        zero = array("i", [0])
        for _ in range(m.COMMANDS):
            sources.add(zero)
        sources.add(array("i", [row[c.IDLE][0] for row in self._commands] or [0]))
        rows = rows_of(model, points)
        self._blocks = take_blocks(rows, points)
        if hasattr(model, "SHEETS"):
            from fourquad.protocols.modbus.sheet import blocks_of

            self._blocks += blocks_of(model.SHEETS, points)
        live = live_rows(rows, points)
        places, count = places_of(live)
        self._live = array("i", [0] * max(1, count))
        sources.add(self._live)
        self._kinds = ["word", "dword"]  # those of what is asked for; these two need no translation
        tables = spans_of(model, rows, live, places, sources, self._kinds)
        self._spans, self._runs, self._asked = tables
        self._length = len(self._spans)  # words
        # readings of the side that is presented: another array after a change of a setting
        self._moving = sources.moving
        self._presented = points.provider(sources.bases[self._moving]) if self._moving >= 0 else None
        self._side = self._presented.values if self._presented else None
        # what a write is about to change: points, their places in their blocks where those change together
        self._pids = []
        self._indexes = []
        self._values = []

    def cell(self, pid):
        """Where the value of a point lies: (array, place), or (None, 0) if it must be asked."""
        return self._sources.cell(pid)

    def read(self, address, count, target, at, master=None):
        """Put registers `address` on, big-endian, to target[at:], for `master`; 0 or an exception code."""
        spans = self._spans
        row = span_at(spans, self._length, address, address + count - 1)
        if row >= 0:
            address -= spans[row]
            if spans[row + m.SPAN_MOVES] and self._presented.values is not self._side:
                self._side = self._presented.values
                bind(self._table, self._moving, self._side)
            asked, asked_end = spans[row + m.SPAN_ASKED], spans[row + m.SPAN_ASKED_END]
            if asked < asked_end:
                self._ask(asked, asked_end, address, address + count)
            gather(target, at, self._runs, spans[row + m.SPAN_RUNS], address, count, self._table)
            return 0
        end = address + count
        for first, last, provider, index in self._blocks:
            if first <= address and end <= last:
                provider.read_block(master, index + address - first, count, target, at)
                return 0
        return m.ILLEGAL_ADDRESS

    def _ask(self, row, beyond, start, end):
        """Put to the map's array what the rows from `row` up to `beyond` have of places `start` to `end`."""
        rows, live = self._asked, self._live
        # in the order of their addresses
        while row < beyond and rows[row] < end:
            i = start - rows[row] if start > rows[row] else 0
            last = min(end, rows[row + 1]) - rows[row]
            if i < last:
                words, place, pid = rows[row + 2], rows[row + 3], rows[row + 4]
                kind = self._kinds[rows[row + 5]]
                if kind in k.TEXTS:
                    text = b""
                    if kind == "text":
                        text = self.points.provider(pid).texts.read(pid - self.points.base(pid))
                    while i < last:
                        live[place + i & m.LIVE_ROOM - 1] = k.encode_text(text, i)
                        i += 1
                i //= words
                while i * words < last:
                    value = self.points.read(pid + i)
                    if rows[row + 5] > 1:
                        value = k.encode(kind, value)
                    live[place + i & m.LIVE_ROOM - 1] = value if value < 0x80000000 else value - 0x100000000
                    i += 1
            row += m.ASKED

    def write(self, address, count, data, at, master=None):
        """Store `count` (1-123) big-endian words of data[at:], all or none, for `master`; 0 or an exception
        code.
        """
        last = address + count - 1
        for first, end in self._writable:
            if first <= address and last <= end:
                break
        else:
            return m.ILLEGAL_ADDRESS
        span = span_at(self._spans, self._length, address, address)
        if span >= 0:
            if last > self._spans[span + m.SPAN_LAST]:
                return m.ILLEGAL_ADDRESS
            why = self._plan(span, address, count, data, at)
            self.points.request = self
            try:
                return why or self._each(False) or self._each(True)
            finally:
                self.points.request = None
        for first, end, provider, index in self._blocks:
            if first <= address and last < end:
                return EXCEPTION[provider.write_block(master, index + address - first, count, data, at)]
        return m.ILLEGAL_ADDRESS

    def _plan(self, span, address, count, data, at):
        """Turn words into points and values; 0 or an exception code."""
        runs, run, live = self._runs, self._spans[span + m.SPAN_RUNS], self._asked
        i = address - self._spans[span]
        self._pids.clear()
        self._indexes.clear()
        self._values.clear()
        code = code_at(runs, run, i)
        if i and code & 1 == 0 and code_at(runs, run, i - 1) == code | 1:
            return m.ILLEGAL_ADDRESS  # begins with the low half of a 32-bit value
        end = i + count
        while True:
            value = data[at] << 8 | data[at + 1]
            if not self._connected(address):
                return m.DEVICE_FAILURE
            source = code >> SOURCE_SHIFT
            place = (code & WORD_MASK) >> 1
            words = 1
            if source == m.LIVE:
                place = _row_of(live, self._spans[span + m.SPAN_ASKED], i)
                kind = self._kinds[live[place + 5]]
                pid = live[place + 4] + (i - live[place]) // live[place + 2]
                if kind in k.TEXTS:
                    words = live[place + 1] - i
                    if live[place] != i or i + words > end:
                        return m.ILLEGAL_ADDRESS  # a part of a text
                    value = k.decode_text(data, at, words)
            if code & 1:
                if i + 1 == end:
                    return m.ILLEGAL_ADDRESS  # ends with the high half of a 32-bit value
                if value >= 0x8000:
                    value -= 0x10000
                words = 2
                value = value << 16 | data[at + 2] << 8 | data[at + 3]
            if source == m.LIVE:
                if live[place + 5] > 1 and kind not in k.TEXTS:
                    value = k.decode(kind, value)
                if value is None:
                    return m.ILLEGAL_VALUE
                place = pid
            i += words
            at += 2 * words
            address += words
            why = self._plan_value(source, place, value)
            if why or i >= end:
                return why
            code = code_at(runs, run, i)

    def _plan_value(self, source, place, value):
        if source == m.RESERVED:
            return m.ILLEGAL_VALUE if value else 0
        if source == m.ABSENT:
            return m.DEVICE_FAILURE
        if source == m.COMMANDS:
            row = self._commands[place]
            if value != row[c.ACT]:
                return 0 if value in row[c.IDLE] else m.ILLEGAL_VALUE
            pid = row[c.POINT]
            value = 1
        elif source == m.LIVE:
            pid = place
        elif source >= m.FIRST_PROVIDER:
            pid = self._sources.pid(source, place)
        else:
            return m.ILLEGAL_ADDRESS
        self._pids.append(pid)
        self._indexes.append(0)
        self._values.append(value)
        return 0

    def planned(self, pid):
        """The value that the request under way gives a point; None if it is about others."""
        for i in range(len(self._pids)):
            if self._pids[i] == pid:
                return self._values[i]
        return None

    def _connected(self, address):
        for first, last, mask in self._needs_module:
            if first <= address <= last:
                return self.points.read(p.STATE + p.MODULES) & mask
        return True

    def _set(self, i, provider, base):
        """How many planned points from `i` on change together; puts their indexes by."""
        n = 0
        while i + n < len(self._pids) and self.points.provider(self._pids[i + n]) is provider:
            self._indexes[i + n] = self._pids[i + n] - base
            n += 1
        return n

    def _each(self, storing):
        """Check all planned points, or store them; 0 or an exception code."""
        points, pids, values = self.points, self._pids, self._values
        i = 0
        while i < len(pids):
            pid, value = pids[i], values[i]
            provider, base = points.place(pid)
            if hasattr(provider, "check_set"):
                n = self._set(i, provider, base)
                if storing:
                    why = provider.write_set(self._indexes, values, i, n)
                else:
                    why = provider.check_set(self._indexes, values, i, n)
            else:
                n = 1
                if isinstance(value, bytes):
                    provider = provider.texts
                # when it is stored it is not checked again: what was stored before must not refuse it
                why = provider.write(pid - base, value) if storing else provider.check(pid - base, value)
            if storing and points.heard:
                points.heard(pid, value, why)
            if why:
                return EXCEPTION[why]
            i += n
        return 0


def _row_of(live, row, i):
    """Where the row is of what is asked for at place `i` of its span, whose rows begin at live[row:]."""
    while not live[row] <= i < live[row + 1]:
        row += m.ASKED
    return row
