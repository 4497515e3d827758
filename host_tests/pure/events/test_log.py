"""The newest records of an event log."""

from fourquad import points as p
from fourquad.events.log import EventLog

COUNT, WORDS = 5, 3


def add(log, n):
    at = log.add()
    for i in range(WORDS):
        log.values[at + i] = 100 * n + i


def shown(log):
    """First words by number."""
    return [log.read(WORDS * i) for i in range(COUNT)]


def test_numbers_go_round_and_the_newest_overwrites_the_oldest():
    log = EventLog(COUNT, WORDS)
    assert log.number == 0 and shown(log) == [0] * 5 and not log.fresh
    numbers = []
    for n in range(1, 8):
        add(log, n)
        numbers.append(log.number)
    assert numbers == [1, 2, 3, 4, 5, 1, 2]
    assert shown(log) == [600, 700, 300, 400, 500]
    assert log.fresh
    assert [log.read(i) for i in range(3, 6)] == [700, 701, 702]


def test_what_is_overwritten_before_it_is_in_flash_is_counted():
    log = EventLog(COUNT, WORDS)
    for n in range(1, 8):
        add(log, n)
        assert log.pending == min(n, COUNT)
        assert log.lost == max(0, n - COUNT)
    # the store takes them from the oldest on
    assert log.values[log.place(log.oldest_pending())] == 300
    log.pending -= 1
    assert log.values[log.place(log.oldest_pending())] == 400
    add(log, 8)
    assert log.lost == 2 and log.values[log.place(log.oldest_pending())] == 400


def test_after_a_clear_numbers_begin_anew():
    log = EventLog(COUNT, WORDS)
    for n in range(1, 4):
        add(log, n)
    log.clear()
    assert log.number == 0 and not log.fresh and not any(log.values) and log.pending == 0
    assert log.cleared
    add(log, 9)
    assert log.number == 1 and shown(log) == [900, 0, 0, 0, 0]


def test_keys_stay_small_integers_and_numbers_go_on():
    log = EventLog(COUNT, WORDS)
    last = (1 << 30) // COUNT * COUNT - 2
    log.restore(last, last)
    number = log.number
    for n in range(1, 7):
        add(log, n)
        number = number % COUNT + 1
        assert 0 <= log.key < 1 << 30 and log.number == number
        assert log.values[log.place(log.key)] == 100 * n
    assert log.key == 4


def test_masters_cannot_write():
    log = EventLog(COUNT, WORDS)
    assert log.write(0, 5) == p.READ_ONLY and log.check(15, 0) == p.UNKNOWN
    assert isinstance(log.values[0], int) and len(bytes(log.values)) == 4 * len(log.values)


def test_a_new_record_allocates_nothing():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    log = EventLog(COUNT, WORDS)
    add(log, 1)
    heap_lock()
    try:
        for n in range(20):
            add(log, n)
    finally:
        heap_unlock()
    assert log.lost == 16
