"""The life of a ring, and what must hold after a cut at any of its flash operations.

Sectors are small (512 bytes in pages of 64), so that a life of some hundred operations goes round.
"""

from cut_flash import SHAPES, Cut, CutFlash
from ring_records import record, refuses

from fourquad.records.ring import Ring

UNITS = 5
PAGE, SECTOR = 64, 512
# size, sectors of a unit: several in a page, across pages, a page, several pages, more than a sector
KINDS = ((8, 1), (24, 1), (41, 1), (56, 1), (150, 1), (600, 2))


class Life:
    """A ring, and what is known of it: `next` record, that which `writing` would make the next; the first
    record that is not cleared, and that after the `clearing` under way.
    """

    def __init__(self, flash, kind):
        self.flash = flash
        self.size, self.span = kind
        self.next = self.writing = self.floor = self.clearing = 0
        self.states = []  # before each operation

    def boot(self):
        """Power-up."""
        self.ring = Ring(self.flash, 0, UNITS * self.span, self.size, span=self.span)
        self.ring.mount()

    @property
    def state(self):
        """All that is known."""
        return (self.next, self.writing, self.floor, self.clearing)

    def _note(self):
        self.states += [self.state] * (len(self.flash.done) - len(self.states))

    def append(self):
        """A record."""
        self._note()
        self.writing = self.next + 1
        self.ring.append(record(self.next, self.size))
        self._note()
        self.next = self.writing

    def clear(self):
        """Forget all."""
        self._note()
        self.clearing = self.next
        self.ring.clear()
        self._note()
        self.floor = self.clearing

    def serve(self):
        """All that is due."""
        while self.ring.due:
            self.ring.service()

    def run(self, rounds):
        """Boots, records with and without help, clears."""
        for r in range(rounds):
            self.boot()
            if r % 3:
                self.serve()
            for n in range(2 + 7 * r % 11):
                self.append()
                if n % 4:
                    self.serve()
            if r % 5 == 4:
                self.clear()
        self._note()

    def check(self):
        """What a boot finds: all that was committed, whole, and nothing else."""
        self.boot()
        ring = self.ring
        assert ring.newest + 1 in (self.next, self.writing), (ring.newest, self.state)
        self.next = self.writing = ring.newest + 1
        assert ring.oldest >= self.floor
        if ring.oldest >= self.clearing:
            self.floor = self.clearing
        self.clearing = self.floor
        # cuts in a row may cost a unit of the oldest
        kept = ring.capacity // (UNITS - 2) * (UNITS - 3)
        assert ring.count >= min(self.next - self.floor, kept), (ring.count, self.state)
        out = bytearray(self.size)
        for n in range(ring.oldest, self.next):
            assert ring.read(n, out) and out == record(n, self.size), n
        assert refuses(KeyError, ring.read, self.next, out)


class Lives:
    """A life that is lived once, and then cut anywhere."""

    def __init__(self, kind, rounds):
        self._kind = kind
        self.image = bytearray(b"\xff" * (SECTOR * UNITS * kind[1]))
        first = Life(self._part(self.image, -1, 0), kind)
        first.run(rounds)
        self.operations = first.flash.done
        self._states = first.states

    def _part(self, image, fuse, shape):
        flash = CutFlash(UNITS * self._kind[1], PAGE, SECTOR)
        flash.image = bytearray(image)
        flash.rearm(fuse, shape)
        return flash

    def cut(self, i, shapes, again):
        """Cut operation `i`, which is the next one to be done to `image`, in these shapes; each recovery too,
        at every operation, if `again`. How many cuts these were.
        """
        cuts = 0
        for shape in shapes:
            flash = self._part(self.image, 0, shape)
            assert refuses(Cut, flash.do, self.operations[i])
            cuts += 1
            recovery = self._recover(flash.image, self._states[i], -1, 0)
            for second in range(recovery if again else 0):
                self._recover(flash.image, self._states[i], second, (shape + second) % SHAPES)
                cuts += 1
        return cuts

    def _recover(self, image, state, fuse, shape):
        """Boot, go on until operation `fuse` is cut, and check what follows; how many operations."""
        life = Life(self._part(image, fuse, shape), self._kind)
        life.next, life.writing, life.floor, life.clearing = state
        life.check()
        try:
            for _ in range(2):
                life.append()
                life.serve()
        except Cut:
            pass
        done = len(life.flash.done)
        life.flash.rearm(-1, 0)
        life.check()
        life.append()
        life.serve()
        life.check()
        return done

    def go_on(self, i):
        """Do operation `i` to `image`."""
        flash = self._part(self.image, -1, 0)
        flash.do(self.operations[i])
        self.image = flash.image
