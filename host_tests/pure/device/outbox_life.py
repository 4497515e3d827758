"""The life of an outbox with a broker that comes and goes, and what must hold after a cut at any of its flash
operations. Sectors are small, so that a life goes round its rings.
"""

from net.mqtt_bench import Bench
from records.cut_flash import Cut, CutFlash

from fourquad import points as p
from fourquad.protocols.mqtt import client as c

PAGE, SECTOR = 64, 512
UNITS = 6


class Life:
    """A meter and its broker, cut at operation `fuse` in the way `shape` says; none with -1."""

    def __init__(self, qos, fuse=-1, shape=0):
        self.flash = CutFlash(2 * UNITS, PAGE, SECTOR)
        self.flash.rearm(fuse, shape)
        self.qos = qos
        self.arrived = []  # numbers of which the flash has it that they have arrived
        self.made = 0
        self.cut = False
        try:
            self._live()
        except Cut:
            self.cut = True
            self.operations = len(self.flash.done)
            self.flash.rearm(-1, 0)
            self._boot()
            self._go_on()
        else:
            self.operations = len(self.flash.done)
        self.check()

    def _boot(self):
        if self.made == 0 and not hasattr(self, "bench"):
            self.bench = Bench(self.flash, UNITS, UNITS, qos=self.qos, real=7, energy=3, demand=1)
        else:
            self.bench.boot()
        self._watch()
        self.bench.start()
        self.bench.serve()

    def _watch(self):
        outbox = self.bench.outbox
        arrived = outbox.arrived

        def told():
            number = outbox.next()
            arrived()
            self.arrived.append(number)

        outbox.arrived = told

    def _make(self, count=1):
        for _ in range(count):
            self.made += 1
            # each message has something that no other has
            self.bench.meter.readings[p.PRESENTED] = float(self.made)
            self.bench.make()

    def _talk(self):
        bench = self.bench
        bench.broker.there = True
        bench.wait(2 * c.LONGEST_MS)
        known = len(bench.broker.got)
        before = list(self.arrived)
        bench.talk()
        for each in bench.broker.got[known:]:
            assert each[0] not in before, "sent again"

    def _away(self):
        self.bench.hang_up()
        self.bench.broker.there = False

    def _live(self):
        self._boot()
        bench = self.bench
        self._make(3)
        self._talk()
        for n in range(5):
            self._away()
            self._make(4 + n)
            self._talk()
            self._make(1)
            # an acknowledgement that does not come
            bench.broker.mute = ((0x40, 0x50, 0x70)[n % 3],)
            self._talk()
            self._away()
            bench.broker.mute = ()
            self._make(1)
            self._boot()
            self._make(2)
            self._talk()

    def _go_on(self):
        """After the cut: all that is there is sent."""
        self.bench.broker.mute = ()
        self._make(2)
        self._talk()
        self._make(1)
        self._talk()

    def check(self):
        """In order, nothing lost, nothing twice that was acknowledged."""
        bench = self.bench
        assert bench.outbox.count() == 0
        assert bench.outbox.counters[3] == 0, "lost"
        delivered = bench.broker.delivered
        assert sorted(delivered) == delivered
        if self.qos == 2:
            assert len(set(delivered)) == len(delivered), "exactly once"
        assert sorted(set(delivered)) == list(range(delivered[-1] + 1))
        # what a cut prevented from being written was never made
        assert self.made - 1 <= delivered[-1] + 1 <= self.made
        texts = {}
        for i in range(len(bench.broker.got)):
            number, text = bench.broker.got[i][0], bench.broker.sums[i]
            assert texts.setdefault(number, text) == text, "a repetition says the same"


def cut_all(qos, chosen, shapes):
    """Cuts at the operations that `chosen(i)` takes, each in `shapes(i)`; how many."""
    operations = Life(qos).operations
    cuts = 0
    for i in range(operations):
        for shape in shapes(i) if chosen(i) else ():
            assert Life(qos, i, shape).cut
            cuts += 1
    return cuts
