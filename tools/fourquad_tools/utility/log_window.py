"""Retrieval of a data log through its window (KW320 manual 6.3.8).

The meter counts records from the oldest one, which an erased sector changes at any time, and any master may
move the window. So each window is asked for with its whole header, which comes back in the same answer, and
begins with the last record that is here already: where that is not as it was, its place is looked for anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.link import MOST_READ
from fourquad_tools.utility.log_layout import HEAD, Layout, is_whole, number_of, read_status
from fourquad_tools.utility.meter import Meter

HEADER = 0x6000  # log type; records and status; offset in two registers
WINDOW = 0x6004
WINDOW_BYTES = 246
READY = 0x0B
ERASING = 0xAA
LIST_ERROR = 0xC0
PATIENCE = 40  # looks at a window that is not ready
PAUSE_S = 0.05
ANEW = 10  # looks after which it is asked for again
TRIES = 5  # of a window with a record that is not whole, or moved by another master

Wait = Callable[[float], object]


class Reader:
    """The records of a log, in turn. `wait` pauses for so many seconds."""

    def __init__(self, meter: Meter, layout: Layout, check_crc: bool, wait: Wait) -> None:
        self._link = meter.link
        self._meter = meter
        self._layout = layout
        self._check_crc = check_crc
        self._wait = wait
        self.total = 0  # records that there are, as far as is known
        self.lost = False  # the meter erased records before they were read
        self.damaged = 0  # records that the meter itself has lost
        self.per_window = WINDOW_BYTES // layout.size
        # header and window in one answer where that does not cost a record
        self._together = 2 * (MOST_READ - 4) // layout.size == self.per_window

    def records(self, last: bytes | None) -> Iterator[list[bytes]]:
        """All records after `last` (None: all), a window at a time. UtilityError: it does not go on."""
        at, last = (-1, None) if last is None else self._find(last)
        done = at + 1  # the place that is next: after `at` there may be records that the meter has lost
        self._count()
        stuck = 0
        while not self._at_end(done, at, last):
            # a window that has no room for the last record is followed by a look at it
            overlap = last is not None and done - at < self.per_window
            first = at if overlap else done
            count = min(self.per_window, self.total - first)
            window = self.window(first, count) if count > 0 else []
            if last is not None:
                there = bool(window) and (same(window[0], last) if overlap else self._is_at(last, at))
                window = window[done - first :] if there else []
            if window:
                stuck = 0
                good = [record for record in window if not is_lost(record)]
                self.damaged += len(window) - len(good)
                if good:
                    at, last = number_of(good[-1]) - 1, good[-1]
                done += len(window)
                yield good
                continue
            stuck += 1
            if stuck > TRIES:
                raise UtilityError(f"log {self._layout.log}: it gets no window ready, or changes too fast")
            if last is not None:
                at, last = self._find(last)
            done = at + 1
            self._count()

    def _at_end(self, done: int, at: int, last: bytes | None) -> bool:
        """Whether the record before `done` is the newest, after another look."""
        if done < self.total:
            return False
        return self._count() == done and (last is None or self._is_at(last, at))

    def _count(self) -> int:
        self.total = read_status(self._meter, self._layout.log).used
        return self.total

    def _is_at(self, last: bytes, at: int) -> bool:
        found = self.window(at, 1)
        return bool(found) and same(found[0], last)

    def _find(self, last: bytes) -> tuple[int, bytes | None]:
        """Where a record is now, and as it is there; (-1, None): it was erased.

        It can only have gone down. Mostly the times say where; a clock that was set back takes a search.
        """
        high = min(number_of(last), self._count())
        for at in self._likely(last, high):
            found = self.window(at, 1)
            if found and same(found[0], last):
                return at, found[0]
        while high > 0:
            low = max(0, high - self.per_window)
            for n, record in enumerate(self.window(low, high - low)):
                if same(record, last):
                    return low + n, record
            high = low
        self.lost = True
        return -1, None

    def _likely(self, last: bytes, high: int) -> Iterator[int]:
        """Its place, if nothing has changed, and the first one of the same time."""
        if high:
            yield high - 1
        low = 0
        while low < high:
            middle = (low + high) // 2
            found = self.window(middle, 1)
            if not found:
                return
            if found[0][4:HEAD] < last[4:HEAD]:
                low = middle + 1
            else:
                high = middle
        yield low

    def window(self, offset: int, count: int) -> list[bytes]:
        """`count` whole records from `offset` on; fewer at the end of the log."""
        for _ in range(TRIES):
            data = self._asked(offset, count)
            if data is None:
                continue
            if not data:
                return []
            size = self._layout.size
            records = [data[i * size : (i + 1) * size] for i in range(count)]
            wanted = range(offset + 1, offset + 1 + count)
            good = [
                number_of(record) == number and (not self._check_crc or is_whole(record) or is_lost(record))
                for record, number in zip(records, wanted, strict=True)
            ]
            if all(good):
                return records
            bad = good.index(False)
            if not any(records[bad]):
                return records[:bad]  # beyond the end there are zeros
        raise UtilityError(
            f"log {self._layout.log}: record {offset + 1} comes damaged or from elsewhere {TRIES} times"
            + (" (a meter with another checksum wants --no-crc)" if self._check_crc else "")
        )

    def _asked(self, offset: int, count: int) -> bytes | None:
        """The bytes of a window, empty if there is none; None if another master has moved it meanwhile."""
        head = [(self._layout.log - 1) << 8, count << 8, offset >> 16, offset & 0xFFFF]
        words = -(-count * self._layout.size // 2)
        self._link.write(HEADER, head)
        status = 0
        for n in range(PATIENCE):
            answer = self._link.read(HEADER, 4 + words if self._together else 4)
            status = answer[1] & 0xFF
            if answer[0] != head[0] or answer[1] & 0xFF00 != head[1] or answer[2:4] != head[2:]:
                return None
            if status == READY:
                window = answer[4:] if self._together else self._link.read(WINDOW, words)
                return b"".join(word.to_bytes(2, "big") for word in window)
            if status & 0xF0 == LIST_ERROR and status >> (self._layout.log - 1) & 1:
                raise UtilityError(f"log {self._layout.log}: the meter finds its list of registers wrong")
            self._wait(PAUSE_S)
            if n % ANEW == ANEW - 1:
                # step 2 of the manual's procedure again: what was asked for may be gone
                self._link.write(HEADER, head)
        if status == ERASING:
            raise UtilityError(f"log {self._layout.log}: it is being erased")
        return b""


def same(one: bytes, other: bytes) -> bool:
    """Whether two records are the same but for their numbers, which change as sectors are erased."""
    return one[4 : len(one) - 2] == other[4 : len(other) - 2] and len(one) > HEAD


def is_lost(record: bytes) -> bool:
    """Whether it is only the place of a record, as a meter gives one that its flash has lost."""
    return not any(record[4:-2])
