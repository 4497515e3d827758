"""A ring of records of any size: what it finds, what it keeps, what readers see, what worn flash costs."""

from ring_records import fill, holds, key, record, refuses, serve

from fourquad.records.flash import RamFlash
from fourquad.records.ring import Ring
from fourquad.records.view import View

# size, sectors of a unit: of 4 KB in pages of 256 bytes
SHORT, TRADE, ODD, PAGE, LONG, WAVES = (8, 1), (24, 1), (101, 1), (248, 1), (600, 1), (15488, 4)
ALL = (SHORT, TRADE, ODD, PAGE, (249, 1), LONG, (2000, 2), WAVES)
UNITS = 6


def flash_for(kind):
    return RamFlash(1 + UNITS * kind[1])


def ring_on(flash, kind, **options):
    size, span = kind
    ring = Ring(flash, 1, UNITS * span, size, span=span, **options)
    ring.mount()
    return ring


def places(kind):
    """Records of a unit, worked out apart: a header of 32 bytes and whole records, or pages."""
    size, span = kind
    if size + 8 < 256:
        return (4096 * span - 32) // (size + 8)
    pages = 1 if size <= 248 else (size + 247) // 248
    return (16 * span - 1) // pages


def test_a_new_flash_holds_nothing():
    for kind in ALL:
        ring = ring_on(flash_for(kind), kind)
        assert ring.count == 0 and ring.oldest == 0 and ring.newest == -1
        assert ring.find(5) == 0
        assert refuses(KeyError, ring.read, 0, bytearray(4))


def test_records_of_any_size_are_kept_over_boots_and_rounds():
    for kind in ALL:
        full = places(kind)
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        assert ring.capacity == 4 * full
        n = 0
        for count in (1, full, full // 2 + 1, 0, 2, 5 * full, 3):
            fill(ring, n, count)
            n += count
            ring = ring_on(flash, kind)
            holds(ring, ring.oldest, n - 1)
            assert ring.count >= min(n, 4 * full)
            serve(ring)
            holds(ring, ring.oldest, n - 1)


def test_a_part_of_a_record():
    for kind in (TRADE, PAGE, LONG, WAVES):
        size = kind[0]
        ring = ring_on(flash_for(kind), kind)
        fill(ring, 0, 2)
        for at, count in ((0, 4), (size - 1, 1), (size // 2, 9), (3, size - 3), (max(0, size - 300), 20)):
            out = bytearray(count)
            assert ring.read(1, out, at)
            assert out == record(1, size)[at : at + count]
        assert refuses(ValueError, ring.read, 1, bytearray(2), size - 1)
        assert refuses(ValueError, ring.append, bytearray(size + 1))


def test_wear_is_even():
    for kind in (LONG, (2000, 2)):
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        fill(ring, 0, 30 * places(kind))
        counts = flash.erase_counts[1:]
        assert max(counts) - min(counts) <= 2 and flash.erase_counts[0] == 0


def test_an_append_is_one_program_when_service_did_its_work():
    for kind, programs in ((TRADE, 1), (PAGE, 1), (LONG, 3), (WAVES, 63)):
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        fill(ring, 0, 1)
        worst = 0
        for n in range(1, 2 * places(kind) + 1):
            flash.clear_counts()
            ring.append(record(n, kind[0]))
            assert flash.erases == 0
            worst = max(worst, flash.programs)
            serve(ring)
        # and the header of a new unit
        assert programs <= worst <= programs + 1


def test_erases_for_itself_if_nobody_else_does():
    for kind in (TRADE, LONG, (2000, 2)):
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        n = 2 * places(kind) + 1
        for number in range(n):
            ring.append(record(number, kind[0]))
        holds(ring, 0, n - 1)
        ring = ring_on(flash, kind)
        ring.append(record(n, kind[0]))
        holds(ring, 0, n)


def test_find_by_key():
    for kind in (SHORT, TRADE, LONG):
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        n = 3 * places(kind) // 2
        fill(ring, 0, n)
        for each in (ring, ring_on(flash, kind)):
            for number in (0, 1, n // 3, n // 2, n - 1):
                assert each.find(key(number)) == number
                assert each.find(key(number) - 1) == number
            assert each.find(0) == 0 and each.find(key(n - 1) + 1) == n


def test_find_when_the_clock_was_set_back():
    flash = flash_for(TRADE)
    ring = ring_on(flash, TRADE)
    full = places(TRADE)
    keys = []
    rise = 0
    for n in range(3 * full):
        rise += -2000 if n in (full // 2, full + 3) else 10
        keys.append(5000 + rise)
    for value in keys:
        data = record(0, 24)
        data[0:4] = bytes([value & 0xFF, value >> 8, 0, 0])
        ring.append(data)
        serve(ring)
    for wanted in range(0, max(keys) + 20, 37):
        late = [n for n in range(len(keys)) if keys[n] >= wanted]
        assert ring.find(wanted) == (late[0] if late else len(keys)), wanted


def test_cleared_records_stay_away_and_numbers_go_on():
    for kind in ALL:
        flash = flash_for(kind)
        ring = ring_on(flash, kind)
        n = 2 * places(kind) + 1
        fill(ring, 0, n)
        ring.clear()
        # power may go at once
        for each in (ring, ring_on(flash, kind)):
            assert (each.count, each.oldest, each.newest, each.find(0)) == (0, n, n - 1, n)
        ring = ring_on(flash, kind)
        ring.clear()
        fill(ring, n, 2)
        holds(ring, n, n + 1)
        holds(ring_on(flash, kind), n, n + 1)
        fill(ring, n + 2, 5 * places(kind))
        ring = ring_on(flash, kind)
        assert ring.oldest > n and ring.newest == n + 1 + 5 * places(kind)
        holds(ring, ring.oldest, ring.newest)


def test_a_clear_of_nothing_costs_nothing():
    flash = flash_for(TRADE)
    ring = ring_on(flash, TRADE)
    serve(ring)
    erases = flash.erases
    for _ in range(50):
        ring.clear()
        serve(ring)
    assert flash.erases == erases


def test_records_of_something_else_are_none():
    flash = flash_for(TRADE)
    fill(ring_on(flash, TRADE, tag=b"log1"), 0, 5)
    for options in ({}, {"tag": b"log2"}, {"mark": b"FQP"}):
        assert ring_on(flash, TRADE, **options).count == 0
    holds(ring_on(flash, TRADE, tag=b"log1"), 0, 4)
    # and make room, without a trace
    ring = ring_on(flash, TRADE, tag=b"log2")
    fill(ring, 0, 6 * places(TRADE))
    ring = ring_on(flash, TRADE, tag=b"log2")
    holds(ring, ring.oldest, 6 * places(TRADE) - 1)


def test_a_reader_sees_what_there_was_when_it_latched():
    flash = flash_for(TRADE)
    ring = ring_on(flash, TRADE)
    full = places(TRADE)
    fill(ring, 0, 5 * full - 10)
    view = View(ring)
    out = bytearray(24)
    assert refuses(KeyError, view.read, 0, out)
    view.latch()
    oldest, count = ring.oldest, view.count
    assert count == ring.count and view.gone == 0
    fill(ring, 5 * full - 10, 5)
    for offset in (0, 7, count - 1):
        assert view.read(offset, out) and out == record(oldest + offset, 24)
    assert refuses(KeyError, view.read, count, out) and refuses(KeyError, view.read, -1, out)
    # the oldest make room: what is left keeps its place
    fill(ring, 5 * full - 5, full)
    assert view.gone == full and view.count == count
    assert refuses(KeyError, view.read, full - 1, out)
    assert view.read(full, out) and out == record(oldest + full, 24)
    ring.clear()
    assert view.gone == count and refuses(KeyError, view.read, count - 1, out)


def test_geometry_that_cannot_be():
    for sectors, size, span in ((3, 24, 1), (9, 24, 1), (7, 24, 2), (6, 3, 1), (6, 3721, 1), (8, 7689, 2)):
        assert refuses(ValueError, Ring, RamFlash(8), 0, sectors, size, span), (sectors, size, span)
    assert Ring(RamFlash(8), 0, 4, 3720).capacity == 2
    assert Ring(RamFlash(8), 0, 8, 7688, 2).capacity == 2


def test_starts_alone_cost_no_history():
    for kind in (TRADE, LONG):
        flash = flash_for(kind)
        n = 2 * places(kind) + 1
        fill(ring_on(flash, kind), 0, n)
        for boot in range(40):
            ring = ring_on(flash, kind)
            # some starts are cut short
            for _ in range(boot % 4):
                if ring.due:
                    ring.service()
        serve(ring)
        holds(ring, 0, n - 1)
