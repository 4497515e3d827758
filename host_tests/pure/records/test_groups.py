"""Groups in flash: what was committed is there, whole, after a cut at any operation."""

from cut_flash import SHAPES, Cut, CutFlash

from fourquad.records.groups import Groups

PAGE, SECTOR = 64, 256  # four pages a sector
SIZE, HEAD = 200, 12  # 60 bytes a page: four pages and the head's, two sectors
SECTORS = 2 + 2 * 3  # room for three


def group(n):
    return bytes([n * 31 + i * 7 & 0xFF for i in range(SIZE)])


def head(n):
    return bytes([0x40 + n] * HEAD)


def made(flash, mark=7):
    g = Groups(flash, 0, SECTORS, SIZE, HEAD, 100, mark)
    g.mount()
    return g


def serve(g):
    while g.due:
        g.service()


def put(g, n, step=50):
    """Group n in steps; its number."""
    serve(g)
    if not g.ready:
        return 0
    g.begin()
    data = memoryview(group(n))
    for at in range(0, SIZE, step):
        g.write(data, at, min(step, SIZE - at))
    return g.finish(head(n))


def there(g, number):
    """Which group has this number: it is whole."""
    out, first = bytearray(SIZE), bytearray(HEAD)
    assert g.head(number, first) and g.read(number, 0, out)
    n = first[0] - 0x40
    assert bytes(first) == head(n) and bytes(out) == group(n)
    return n


def absent(g, number):
    try:
        g.read(number, 0, bytearray(1))
    except KeyError:
        return True
    return False


def test_groups_come_back_and_end_with_the_room():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    assert (g.room, g.span, g.count, g.ready) == (3, 2, 0, False)
    for n in range(3):
        assert put(g, n, (50, 200, 7)[n]) == n + 1
    assert put(g, 9) == 0 and not g.ready and not g.due
    assert absent(g, 0) and absent(g, 4)
    for again in (g, made(flash)):
        assert [there(again, k) for k in (1, 2, 3)] == [0, 1, 2]
        # any part, across pages
        out = bytearray(100)
        assert again.read(2, 55, out) and bytes(out) == group(1)[55:155]
    # another model's
    assert made(flash, 8).count == 0


def test_a_clear_begins_anew():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    for n in range(3):
        put(g, n)
    g.clear()
    assert g.count == 0 and g.clearing and absent(g, 1) and not g.ready
    serve(g)
    assert not g.clearing and g.ready
    assert put(g, 5) == 1 and there(g, 1) == 5 and absent(g, 2)
    assert made(flash).count == 1
    # nothing to clear, nothing to wait for
    g.clear()
    g.clear()
    assert g.count == 0


def test_one_that_is_given_up_leaves_no_trace():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    serve(g)
    g.begin()
    g.write(memoryview(group(1)), 0, 150)
    g.abandon()
    assert not g.ready and g.due and g.finish(head(1)) == 0
    # one that is short is none
    serve(g)
    g.begin()
    g.write(memoryview(group(1)), 0, 199)
    assert g.finish(head(1)) == 0 and g.count == 0
    assert put(g, 2) == 1 and there(g, 1) == 2


def test_groups_can_be_read_while_another_is_written():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    put(g, 0)
    serve(g)
    g.begin()
    data = memoryview(group(1))
    for at in range(0, SIZE, 10):
        g.write(data, at, 10)
        assert there(g, 1) == 0
    assert g.finish(head(1)) == 2 and there(g, 2) == 1


def test_a_damaged_page_is_noticed():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    put(g, 0)
    at = (2 * SECTOR) + 2 * PAGE + 5
    flash.image[at] ^= 4
    out = bytearray(10)
    assert g.read(1, 0, out) and not g.read(1, 70, out) and not g.read(1, 55, out)
    assert g.head(1, bytearray(HEAD))


def test_a_page_that_takes_nothing_gives_the_group_up():
    class Stuck(CutFlash):
        stuck = ()

        def program(self, address, data):
            CutFlash.program(self, address, data)
            if address in self.stuck:
                self.image[address + 1] |= 0xFF

    flash = Stuck(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    g = made(flash)
    flash.stuck = (2 * SECTOR + 3 * PAGE,)
    assert put(g, 0) == 0 and g.count == 0
    assert put(g, 0) == 0
    try:
        put(g, 0)
        raise AssertionError
    except OSError:
        pass
    flash.stuck = ()
    assert put(g, 1) == 1 and there(g, 1) == 1


def life(flash, known):
    """Two runs of the program with four groups and two clears. `known`: what is there for certain."""
    for r in range(2):
        g = made(flash)
        check(g, known)
        known["under way"] = None
        for n in (1 + 4 * r, 2 + 4 * r):
            known["under way"] = known["groups"] + [n]
            if put(g, n):
                known["groups"] = known["under way"]
        if r:
            known["under way"] = []
            g.clear()
            known["groups"] = []
            known["under way"] = [8]
            if put(g, 8):
                known["groups"] = [8]


def check(g, known):
    found = [there(g, k) for k in range(1, g.count + 1)]
    assert found in (known["groups"], known["under way"]), (found, known)
    known["groups"] = found
    known["under way"] = None


def test_a_cut_at_each_operation():
    flash = CutFlash(SECTORS, PAGE, SECTOR)
    flash.rearm(-1, 0)
    life(flash, {"groups": [], "under way": None})
    total = len(flash.done)
    assert total > 30
    for shape in range(SHAPES):
        for fuse in range(total):
            flash = CutFlash(SECTORS, PAGE, SECTOR)
            flash.rearm(fuse, shape)
            known = {"groups": [], "under way": None}
            cut = False
            try:
                life(flash, known)
            except Cut:
                cut = True
            assert cut
            flash.rearm(-1, 0)
            g = made(flash)
            check(g, known)
            # and it goes on
            count = g.count
            if count == g.room:
                g.clear()
                count = 0
            assert put(g, 11) == count + 1 and there(g, count + 1) == 11
