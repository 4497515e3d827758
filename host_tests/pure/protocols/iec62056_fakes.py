"""A meter of plain values, a master and a line without hardware, for tests of IEC 62056-21."""

from fourquad import points as p
from fourquad import points_billing as b
from fourquad import ticks
from fourquad.models.a1000 import obis, settings
from fourquad.protocols.iec62056 import characters as ch
from fourquad.protocols.iec62056.access import Access
from fourquad.protocols.iec62056.server import Server
from fourquad.protocols.iec62056.slave import Slave
from fourquad.settings import Settings

NOON = 823867200  # 2026-02-08 12:00:00 as seconds since 2000


class Values:
    """A provider of values by index, 0 where there is none; `written` keeps what was written."""

    def __init__(self, values=None, writable=()):
        self.values = values or {}
        self.writable = writable
        self.written = []

    def read(self, index):
        return self.values.get(index, 0)

    def check(self, index, value):
        if index not in self.writable:
            return p.READ_ONLY
        return p.OK if 0 <= value < 1 << 31 else p.RANGE

    def write(self, index, value):
        self.values[index] = value
        self.written.append((index, value))
        return p.OK


class Energies(Values):
    """Every energy has a value of its own: its index, as kWh and hundredths."""

    def __init__(self):
        Values.__init__(self, None, range(320))

    def read(self, index):
        return self.values.get(index, 100 * index + index % 100)


class Tables(Values):
    """Tables of bytes; those that begin with 0xFF are refused."""

    def __init__(self):
        Values.__init__(self, dict.fromkeys(range(b.TABLES), b"\x00\x00\x01"), range(b.TABLES))

    def check(self, index, value):
        self.reason = "table: begins at 23, which this fake cannot have" if value[:1] == b"\x17" else None
        return p.RANGE if self.reason or not value else p.OK


class History:
    """The values of previous periods, with their number in the first digits; the last is not there yet."""

    def read(self, pid):
        n, pid = pid // p.HISTORY, pid % p.HISTORY
        if n == p.PERIODS:
            raise KeyError(pid)
        return 1000000 * n + pid

    def check(self, pid, value):
        return p.READ_ONLY

    write = check


class Profile:
    """A load profile of `count` quarters of an hour from `first` on, with a gap before number `gap`."""

    minutes = 15
    decimals = 2
    summer = False

    def __init__(self, first=NOON, count=0, gap=None, odd=None):
        self.first = first
        self.count = count
        self.gap = gap
        self.odd = odd
        self.stamp = 0
        self.status = 0
        self.values = [0] * 6

    def _stamp(self, number):
        late = self.gap is not None and number >= self.gap
        return self.first + 900 * (number + (4 if late else 0))

    def find(self, stamp):
        number = 0
        while number < self.count and self._stamp(number) < stamp:
            number += 1
        return number

    def load(self, number):
        if not 0 <= number < self.count:
            return False
        self.stamp = self._stamp(number)
        self.status = 0x80 if number == self.odd else 0
        for i in range(6):
            self.values[i] = 10 * number + i
        return True

    def read(self, index):
        return (self.count, self.count, 15)[index]


class Billing(Values):
    """Billing's state; the clock can be set."""

    def __init__(self):
        Values.__init__(
            self,
            {
                b.LOCAL_TIME: NOON,
                b.ENERGY_COUNT: 10,
                b.TARIFF: 2,
                b.ERROR_1: 5,
                b.RESETS: 3,
                b.LAST_RESET: NOON - 86400,
            },
            (b.LOCAL_TIME, b.PROGRAM_MODE, b.PROGRAMMER),
        )


class Fake:
    """Points of an A1000 and one slave on a line without parity."""

    def __init__(self, parity=ch.PLAIN, bare=True, profile=None):
        self.points = points = p.Points()
        self.settings = Settings(settings.SETTINGS)
        self.energies = Energies()
        self.demands = Values({i: 1000 * i for i in range(640)})
        self.demands.values[b.demand(b.DEMAND_MAXIMUM, 1, 4) - p.DEMAND] = 1234567
        for i in range(80):
            stamp = b.demand(b.DEMAND_MAXIMUM_TIME, 0) - p.DEMAND + i
            self.demands.values[stamp] = NOON - 60 * i
        self.billing = Billing()
        self.tables = Tables()
        self.commands = Values(None, range(64))
        points.provide(p.SECONDARY, Values({p.V1: 230.04, p.I1: 5.0, p.P_SUM: -3456.78, p.FREQUENCY: 50.0}))
        points.provide(p.SETTING, self.settings, 2)
        points.provide(p.COMMAND, self.commands)
        points.provide(p.TARIFF_ENERGY, self.energies, 5)
        points.provide(p.DEMAND, self.demands, 10)
        points.provide(p.SUPERVISION, Values({}), 4)
        points.provide(p.BILLING, self.billing)
        points.provide(p.TABLE, self.tables)
        points.provide(p.PROFILE, profile or Profile())
        points.provide_history(History())
        self.access = Access(points, obis.PASSWORDS)
        bare_id = p.SETTING + (p.IEC_BARE_2 if bare else p.IEC_BARE_1)
        self.slave = Slave(
            Server(obis, points, self.access, p.SETTING + p.BAUD_1, bare_id, p.COMMAND + p.RESET_BY_OPTICAL),
            parity,
        )
        self.now = 1000

    def program(self, on=1):
        """The hand at the button."""
        self.billing.values[b.PROGRAM_MODE] = on

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
