"""The life of three data logs, and what must hold after a cut at any of its flash operations."""

from datalog_bench import VOLTS, Bench, value
from log_master import records, words
from records.cut_flash import SHAPES, Cut, CutFlash
from records.ring_records import refuses

from fourquad.calendar.clock import seconds

SECTORS = 5  # of each log; small ones, so that a short life goes round
PAGE, SECTOR = 64, 512
PLACES = (SECTOR - 32) // 24
LISTS = (VOLTS, VOLTS[2:] + (0x4048, 0x4049))


class NotedFlash(CutFlash):
    """Says before each operation that it comes."""

    noted = None

    def _goes(self, place, data):
        if self.noted:
            self.noted()
        return CutFlash._goes(self, place, data)


class Life:
    """A bench, and what is known of its logs: for each log and tag of its settings its registers, the minutes
    that were recorded, and the one that is being recorded.
    """

    def __init__(self, image=None):
        self.flash = NotedFlash(3 * SECTORS, PAGE, SECTOR)
        if image is not None:
            self.flash.image = bytearray(image)
        self.flash.rearm(-1, 0)
        self.known = {}
        self.registers = {}
        self.states = []
        self.bench = Bench(self.flash, SECTORS)
        self.flash.noted = self._note

    def _note(self):
        bench = self.bench
        known = {key: (len(minutes), writing) for key, (minutes, writing) in self.known.items()}
        self.states.append((dict(bench.files.data), bench.utc, bench.now, known))

    def _key(self, log):
        return log, self.bench.logs.logs[log].settings.tag

    def set_up(self, log, which, save=True):
        """Other settings of a log."""
        assert self.bench.set_up(log, LISTS[which], sectors=20, interval=1 + log) == 0
        # the lists of a tag that is never recorded matter to nobody
        key = self._key(log)
        self.registers[key] = LISTS[which]
        self.known.setdefault(key, ([], None))
        if save:
            self.bench.settle()

    def run(self, minutes, serve=True):
        """So many minutes."""
        bench = self.bench
        for _ in range(minutes):
            minute = bench.minute + 1
            keys = [self._key(n) for n in range(3) if bench.logs.logs[n].due(minute)]
            for key in keys:
                self.known[key] = (self.known[key][0], minute)
            bench.run(1, serve)
            for key in keys:
                self.known[key][0].append(minute)
                self.known[key] = (self.known[key][0], None)

    def live(self):
        """Settings, records with and without help, boots, other settings, the former ones again."""
        self.set_up(0, 0)
        self.set_up(1, 1)
        self.run(8)
        self.bench.boot()
        self.run(3, serve=False)
        self.set_up(2, 0)
        self.run(75)
        self.bench.boot()
        self.run(9)
        self.set_up(0, 1)
        self.run(30)
        self.set_up(0, 0)
        self.set_up(1, 0, save=False)
        self.run(3)
        self.bench.save()
        self.run(12, serve=False)
        self.bench.boot()
        self.run(25)

    def check(self):
        """What masters find: all that was recorded, whole, as far as there is room for it."""
        bench = self.bench
        for log in range(3):
            key = self._key(log)
            minutes, writing = self.known.get(key, ([], None))
            master = bench.masters[0]
            most, used, size, _, _ = master.status(log)
            found = []
            while len(found) < used:
                count = min(246 // size, used - len(found))
                state, data = master.window(log, count, len(found))
                assert state == 0x0B
                found += records(data, size, count)
            assert [n for n, _, _ in found] == list(range(1, used + 1))
            stamps = []
            for _, when, data in found:
                minute = seconds(2000 + when[0], *when[1:]) // 60
                stamps.append(minute)
                assert data == b"".join([words(value(a, minute)) for a in self.registers[key]])
            whole = minutes + [writing] if stamps and stamps[-1] == writing else minutes
            assert stamps == whole[len(whole) - len(stamps) :], (key, stamps, whole)
            # the oldest sector goes; cuts in a row may cost one more
            assert len(stamps) >= min(len(minutes), most - 2 * PLACES), (key, len(stamps), len(minutes))
            if key in self.known:
                self.known[key] = (whole, None)


class Lives:
    """A life that is lived once, and then cut anywhere."""

    def __init__(self):
        self.first = life = Life()
        life.live()
        life.check()
        self.operations = life.flash.done
        self.states = life.states
        assert len(self.states) == len(self.operations)
        self.image = bytearray(b"\xff" * (3 * SECTORS * SECTOR))

    def cut(self, i, shape):
        """Cut operation `i`, the next one to be done to `image`; power comes back, and life goes on."""
        flash = NotedFlash(3 * SECTORS, PAGE, SECTOR)
        flash.image = bytearray(self.image)
        flash.rearm(0, shape)
        assert refuses(Cut, flash.do, self.operations[i])
        files, utc, now, known = self.states[i]
        life = Life(flash.image)
        bench = life.bench
        bench.files.data = dict(files)
        bench.utc, bench.now = utc + 7, now
        life.registers = self.first.registers
        life.known = {
            key: (self.first.known[key][0][:count], writing) for key, (count, writing) in known.items()
        }
        bench.boot()
        life.check()
        life.run(2)
        life.check()
        bench.boot()
        life.check()

    def go_on(self, i):
        """Do operation `i` to `image`."""
        flash = NotedFlash(3 * SECTORS, PAGE, SECTOR)
        flash.image = self.image
        flash.rearm(-1, 0)
        flash.do(self.operations[i])
        self.image = flash.image


def cut_all(shapes):
    """Cut each operation of a life, in the shapes (below SHAPES) that `shapes(i)` gives; how many cuts."""
    lives = Lives()
    cuts = 0
    for i in range(len(lives.operations)):
        for shape in shapes(i):
            lives.cut(i, shape % SHAPES)
            cuts += 1
        lives.go_on(i)
    return cuts
