"""An A1000 of the real engines, a master and a line without hardware, for tests of IEC 62056-21.

Only what is measured is made up: readings and joules.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.billing import providers
from fourquad.billing.billing import Billing
from fourquad.calendar.clock import Clock
from fourquad.meter.settings import Commands, Settings
from fourquad.meter.state import State
from fourquad.models.a1000 import MODULES, billing, obis, settings
from fourquad.modules.io import IO
from fourquad.points import billing as b
from fourquad.points import columns as c
from fourquad.protocols.iec62056 import characters as ch
from fourquad.protocols.iec62056.access import Access
from fourquad.protocols.iec62056.server import Server
from fourquad.protocols.iec62056.slave import Slave
from fourquad.records.flash import RamFlash
from fourquad.records.periods import Periods
from fourquad.records.profile import ProfileRing
from fourquad.registers.energy import Energy
from fourquad.registers.runtime import RunTime

NOON = 823867200  # 2026-02-08 12:00:00 as seconds since 2000
_READINGS = ((p.V1, 230.04), (p.I1, 5.0), (p.P_SUM, -3456.78), (p.FREQUENCY, 50.0))
_PERIOD_SECTORS = 5
_PROFILE_SECTORS = 5


class Fake:
    """The meter, which has begun at `start`, and one slave on a line without parity.

    `done`: offsets of the commands that were executed.
    """

    def __init__(self, parity=ch.PLAIN, bare=True, start=NOON):
        self.points = points = p.Points()
        self.settings = Settings(settings.SETTINGS, self._changed)
        self.clock = Clock()
        readings = array("f", [0.0] * p.READINGS)
        for pid, value in _READINGS:
            readings[pid] = value
        energy = Energy()
        self.billing = Billing(billing, self.settings, self.clock, energy, readings)
        self.done = []
        actions = {}
        self.tables = providers.provide(self.billing, points, actions)
        actions = {
            row[c.OFFSET]: self._action(row[c.OFFSET], actions.get(row[c.OFFSET]))
            for row in settings.COMMANDS
        }
        points.provide(p.SECONDARY, p.ReadOnly(readings))
        self.settings.provide(points)
        points.provide(p.COMMAND, Commands(settings.COMMANDS, self.settings, actions))
        points.provide(p.STATE, State(self.clock, self.settings, RunTime(), IO(MODULES, self.settings)))
        flash = RamFlash(_PERIOD_SECTORS + _PROFILE_SECTORS)
        self.periods = Periods(flash, 0, _PERIOD_SECTORS, self.billing.periods.record_size)
        self.ring = ProfileRing(flash, _PERIOD_SECTORS, _PROFILE_SECTORS)
        self.periods.mount()
        self.ring.mount()
        self.billing.connect(self.periods, self.ring)
        self._serve()
        self.clock.set(start)
        self.billing.book(start, 0, 0)
        self.access = Access(points, obis.PASSWORDS)
        bare_id = p.SETTING + (p.IEC_BARE_2 if bare else p.IEC_BARE_1)
        self.slave = Slave(
            Server(obis, points, self.access, p.SETTING + p.BAUD_1, bare_id, p.COMMAND + p.RESET_BY_OPTICAL),
            parity,
        )
        self.now = 1000

    def _changed(self, offset):
        if offset in self.billing.follows:
            self.billing.configure()

    def _action(self, offset, action):
        def act():
            self.done.append(offset)
            if action:
                action()

        return act

    def _serve(self):
        while self.periods.due:
            self.periods.service()
        while self.ring.due:
            self.ring.service()

    def program(self, on=1):
        """The hand at the button."""
        self.points.write(p.BILLING + b.PROGRAM_MODE, on)

    def read(self, pid):
        return self.points.read(pid)

    def local_time(self):
        """Seconds of local time since 2000."""
        return self.read(p.BILLING + b.LOCAL_TIME)

    def table(self, index):
        """The bytes of a table."""
        return self.read(p.TABLE + index)

    def preset(self):
        """Give every energy by tariff a value of its own: its number in kWh and hundredths."""
        self.program(1)
        for quantity in range(b.BASES):
            for rate in range(1, b.RATES):
                n = 5 * quantity + rate
                assert self.points.write(b.tariff_energy(quantity, rate), 101 * n) == p.OK
        self.program(0)

    def run(self, minutes, **watts):
        """Time goes on under constant powers, by name of the quantity."""
        for _ in range(minutes):
            for name in watts:
                self.billing.quadrants.joules[getattr(b, name.upper())] += watts[name] * 60
            self.clock.set(self.clock.now + 60)
            self.billing.book(self.clock.now, 0, 0)
            self._serve()

    def record(self, count, first=NOON, gap=None, odd=None, back=None):
        """Put `count` records into the load profile, a quarter of an hour apart from `first` (UTC) on.

        An hour is missing before number `gap`, number `odd` has status 80H, the clock is set back by an hour
        before number `back`. The values of number n are 10 n to 10 n + 5, in 0.1 Wh.
        """
        for n in range(count):
            minute = first // 60 + 15 * n
            if gap is not None and n >= gap:
                minute += 60
            if back is not None and n >= back:
                minute -= 60
            self._serve()
            self.ring.append(minute, 0x80 if n == odd else 0, [10 * n + i for i in range(6)])

    def say(self, data):
        """Bytes from the master."""
        self.slave.run(data, len(data), 0)

    def wait(self, ms, step=10):
        """Let time pass; what the meter sends meanwhile, each piece taking no time."""
        out = b""
        end = ticks.add(self.now, ms)
        while ticks.diff(end, self.now) > 0:
            n = self.slave.poll(self.now)
            while n:
                out += bytes(self.slave.answer[:n])
                n = self.slave.poll(self.now)
            self.now = ticks.add(self.now, step)
        return out

    def ask(self, data, ms=2000):
        """Say something and collect the answer."""
        self.say(data)
        return self.wait(ms)

    def sign_on(self, mode=b"1", speed=b"5"):
        """Sign-on and acknowledgement; what follows them."""
        ident = self.ask(b"/?!\r\n", 300)
        assert ident == b"/FQD5A1000V01\r\n", ident
        return self.ask(b"\x060" + speed + mode + b"\r\n", 1400)

    def command(self, text, ms=500):
        """A command such as b"R1\\x021.8.0()" with its block check; the answer."""
        return self.ask(framed(text), ms)


def framed(text):
    """A message with header, end and block check."""
    body = b"\x01" + text + b"\x03"
    return body + bytes([ch.block_check(body, 1, len(body))])


def checked(answer):
    """The inside of an answer STX ... ETX with a good block check."""
    assert answer[0] == 2 and answer[-2] in (3, 4), answer
    assert ch.block_check(answer, 1, len(answer) - 1) == answer[-1], answer
    return answer[1:-2]
