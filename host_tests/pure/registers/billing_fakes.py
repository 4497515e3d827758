"""A meter's billing on its time line, without samples: joules are given, time goes on as told."""

from array import array

from fourquad import points as p
from fourquad.billing import providers
from fourquad.billing.billing import Billing
from fourquad.calendar.clock import Clock
from fourquad.points import billing as b
from fourquad.records.flash import RamFlash
from fourquad.records.periods import Periods
from fourquad.records.profile import ProfileRing
from fourquad.registers.energy import Energy

PERIOD_SECTORS = 5
PROFILE_SECTORS = 4


class Settings:
    """A model's settings by offset."""

    def __init__(self, values):
        self.values = values

    def get(self, offset):
        return self.values.get(offset, 0)

    def has(self, offset):
        return offset in self.values

    def guarded(self, pid):
        return False


class Table:
    """All engines."""

    GROUPS = 1
    COUNT_WH = 10
    MODULI = (10000000,)
    CHANNELS = tuple(range(9)) + (b.ACTIVE_NET,)
    RATES = 5
    PERIODS = PROFILE = SUPERVISION = True
    PROTECTED = False
    PULSES = ()


class Plant:
    """A billing with its own flash; `cut` takes its power, what was saved comes back."""

    period_sectors = PERIOD_SECTORS

    def __init__(self, start, table=Table, flash=None, **settings):
        self.table = table
        values = {p.DEMAND_WINDOW: 15, p.TOU_ON: 1, p.NOMINAL_VOLTAGE: 2300, p.RATED_CURRENT: 5000}
        values[p.SV_DELAY] = 3
        for name in settings:
            values[getattr(p, name)] = settings[name]
        self.settings = Settings(values)
        self.flash = flash or RamFlash(self.period_sectors + PROFILE_SECTORS)
        self.image = None
        self.file = None  # the tables
        self.utc = start
        self.boot()

    def boot(self):
        """Power comes at `utc`."""
        self.clock = Clock()
        self.energy = Energy()
        self.readings = array("f", [0.0] * p.READINGS)
        self.billing = Billing(self.table, self.settings, self.clock, self.energy, self.readings)
        self.points = p.Points()
        self.commands = {}
        self.points.provide(p.ENERGY, self.energy)
        self.tables = providers.provide(self.billing, self.points, self.commands)
        if self.file:
            self.tables.load(self.file)
        periods = Periods(self.flash, 0, self.period_sectors, self.billing.periods.record_size)
        ring = ProfileRing(self.flash, self.period_sectors, PROFILE_SECTORS)
        self.periods, self.ring = periods, ring
        periods.mount()
        ring.mount()
        self.billing.connect(periods, ring)
        self.serve()
        if self.image:
            self.billing.restore(self.image, 0)
        self.clock.set(self.utc)
        self.on = True
        self.billing.book(self.utc, 0, 0)

    def serve(self):
        """Erase what is due."""
        while self.periods.due:
            self.periods.service()
        while self.ring.due:
            self.ring.service()

    def save(self):
        self.image = bytearray(self.billing.size)
        self.billing.dump(self.image, 0)
        self.billing.save_soon = False
        self.file = self.tables.dump() if self.tables else None

    def run(self, seconds, step=60, **watts):
        """Time goes on by `seconds` in steps, under constant powers by name of the quantity."""
        end = self.utc + seconds
        while self.utc < end:
            # steps end on their own multiples
            n = min(step - self.utc % step, end - self.utc)
            self.utc += n
            for name in watts:
                self.billing.quadrants.joules[getattr(b, name.upper())] += watts[name] * n
            self.clock.now = self.utc
            self.billing.book(self.utc, 0, 0)
            if self.periods.due or self.ring.due:
                self.serve()

    def set_clock(self, utc):
        old, self.utc = self.clock.now, utc
        self.clock.set(utc)
        self.billing.clock_set(old, 0, utc, 0)
        self.billing.book(utc, 0, 0)

    def cut(self, seconds=0, saved=True):
        """Take the power for a while."""
        if saved:
            self.save()
        self.utc += seconds
        self.boot()

    def read(self, pid):
        return self.points.read(pid)

    def energy_of(self, quantity=b.ACTIVE_IMPORT, rate=0, n=0):
        return self.read(b.tariff_energy(quantity, rate) + n * p.HISTORY)

    def maximum(self, rate=0, n=0, quantity=b.ACTIVE_IMPORT):
        pids = [b.demand(kind, quantity, rate) for kind in (b.DEMAND_MAXIMUM, b.DEMAND_MAXIMUM_TIME)]
        return tuple([self.read(pid + n * p.HISTORY) for pid in pids])

    def billing_point(self, offset, n=0):
        return self.read(p.BILLING + offset + n * p.HISTORY)

    def joules(self, quantity=b.ACTIVE_IMPORT):
        """All that the registers hold, to the joule."""
        return self.billing.tariffs.joules(quantity)

    def profile(self):
        """All records: (minute of UTC, status, joules of active import)."""
        out = []
        ring = self.ring
        for n in range(ring.oldest, ring.newest + 1):
            assert ring.load(n)
            out.append((ring.minute, ring.status, ring.values[0] * 360))
        return out
