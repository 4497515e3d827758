"""Drivers of a device, made up; its time is the test's. All else is as on a board: Device and Loop, with a
flash that is strict and stays over power cuts.
"""

import math
from array import array

from records.files_fake import Files

from fourquad import models, ticks
from fourquad import points as p
from fourquad.device import layout
from fourquad.device.device import Device
from fourquad.device.loop import Loop
from fourquad.metering.channels import Channel
from fourquad.points import network as n
from fourquad.records.flash import RamFlash

CYCLE_MS = 20
FRAMES = 128
VOLTS, AMPS = 400.0 / 2048, 10.0 / 2048
UTC = 1767225600  # 2026-01-01 00:00:00, in seconds since 1970
EPOCH_2000 = 946684800


def load(volts, amps):
    """One cycle of 128 frames V1 V2 V3 I1 I2 I3, currents in phase, in codes of 12 bits."""
    codes = array("H", [0] * (6 * FRAMES))
    for i in range(FRAMES):
        for phase in range(3):
            x = math.sqrt(2) * math.sin(2 * math.pi * (i / FRAMES - phase / 3))
            codes[6 * i + phase] = int(volts / VOLTS * x + 2048.5)
            codes[6 * i + phase + 3] = int(amps / AMPS * x + 2048.5)
    return codes


class Sampler:
    """Cycles of 50 Hz that are always in step, as they come with the time."""

    clock_hz = 12288000000
    bits = 12
    words = 0
    frame = 0
    period = 1920000

    def __init__(self, plant):
        self._plant = plant
        self._taken = plant.now
        self.buffer = load(230.0, 5.0)

    def available(self):
        return min(1, ticks.diff(self._plant.now, self._taken) // CYCLE_MS)

    def prepare(self, n):
        return n

    def take(self, n):
        self._taken = ticks.add(self._taken, n * CYCLE_MS)

    def retune(self, period):
        """The samples stay in step."""


class Uart:
    """A serial line. What is put into `coming` is a frame; `sent` is the last answer, which is on the line
    while `busy`; `all` is everything that was sent.
    """

    baud = parity = 0

    def __init__(self, answer):
        self.answer_from(answer)
        self.coming = b""
        self.sent = self.all = b""
        self.busy = self._telling = False

    def answer_from(self, answer):
        self._answer = answer

    def configure(self, baud, parity):
        self.baud, self.parity = baud, parity

    def quiet(self, now):
        return self.busy if self._telling else not self.coming

    def frame(self, buffer):
        self._telling = False
        n = len(self.coming)
        buffer[:n] = self.coming
        self.coming = b""
        return n

    def age(self):
        return 0

    def remaining(self):
        return 0

    def sending(self):
        return self.busy

    def send(self, n):
        self.sent = bytes(self._answer[:n])
        self.all += self.sent
        self._telling = True

    def since_sent(self):
        return 0

    def lost(self):
        return 2

    def duration(self, n):
        return n


class Rtc:
    """A clock of whole seconds that runs without the supply: with the time of the test, wrong by `error`."""

    def __init__(self, known=True):
        self.plant = None
        self.error = 0 if known else None
        self.told = 0

    def seconds(self):
        if self.error is None:
            return None
        return UTC + self.error + self.plant.ms // 1000

    def set_seconds(self, utc):
        self.told += 1
        self.error = utc - UTC - self.plant.ms // 1000


class Warning:
    """The supply's warning line."""

    failing = False


class Contacts:
    """Contacts, closed by bits."""

    closed = 0

    def read(self):
        return self.closed


class Terminals(Contacts):
    """Inputs, and the last states of relays and outputs."""

    driven = put_out = 0

    def drive(self, relays, outputs):
        self.driven = relays
        self.put_out = outputs


class Lcd:
    """A display: how often each of its calls came; `frame` takes everything that is drawn."""

    def __init__(self):
        self.frame = self
        self.lit = None
        self.changes = 0
        self.drawn = 0

    def light(self, on):
        self.lit = on

    def changed(self):
        self.changes += 1

    def work(self):
        return False

    def _draw(self, *_):
        self.drawn += 1

    fill = fill_rect = rect = hline = vline = line = text = pixel = _draw


class Sensor:
    """A thermometer."""

    drifts = True

    def celsius(self):
        return 25


class Plant:
    """A meter of `model` with all its drivers, from power cut to power cut. `ms`: since the test began."""

    links = ("uart",)
    options = ()  # of the model
    defaults = ()
    serial = b"0123456789ABCDEF"
    first = 0
    sectors = layout.RAW_SECTORS
    temperature = seal = cover = modules = vector = network = None

    def __init__(self, model="kw320", start=0, rtc=None):
        self.model = models.load(model, options=self.options)
        self.channels = None
        self._start = start
        self.ms = 0
        self.files = Files()
        self.flash = RamFlash(self.sectors)
        self.rtc = rtc or Rtc()
        self.rtc.plant = self
        self.contacts = Contacts()
        self.terminals = Terminals()
        self.display = None
        self.tidied = 0
        self.power_on()

    @property
    def now(self):
        return ticks.add(self._start, self.ms)

    def uart(self, n, answer):
        self.lines.append(Uart(answer))
        return self.lines[n]

    def lcd(self):
        return self.display

    def tidy(self):
        self.tidied += 1

    def feed(self):
        """As a watchdog."""

    def restart(self):
        """Who tests it does it."""

    def power_on(self):
        """Boot."""
        self.channels = [Channel("V", i, VOLTS) for i in (1, 2, 3)] + [
            Channel("I", i, AMPS) for i in (1, 2, 3)
        ]
        self.front = Sampler(self)
        self.lines = []
        self.warning = Warning()
        self.device = device = Device(self.model, self)
        self.points = device.points
        self.loop = Loop(
            self.front,
            device.meter,
            device.ports,
            device.jobs,
            device.pauses,
            device.keeper,
            self,
            None,
            None,
        )
        self.loop.begin(self.now)

    def run(self, ms):
        """So much time, a visit of the loop after the other."""
        for _ in range(ms):
            self.ms += 1
            for _ in range(100):
                if not self.loop.visit(self.now):
                    break

    def skip(self, ms):
        """So much time in which nothing runs, and of which no samples are missing."""
        self.ms += ms
        self.front.take(ms // CYCLE_MS)

    def minutes(self, count):
        """So many minutes, of which little is run."""
        for _ in range(count):
            self.skip(58000)
            self.run(2000)

    def warn(self):
        """The supply warns, and holds for one visit."""
        self.warning.failing = True
        self.loop.visit(self.now)

    def cut(self, ms=100):
        """No power for so long."""
        self.device = self.loop = self.points = None
        self.ms += ms
        self.power_on()

    def write(self, pid, value):
        """Change a point, as a master does that gets an answer."""
        assert self.points.write(pid, value) == p.OK

    def setting(self, offset):
        return self.points.read(p.SETTING + offset)


class Link:
    """What looks after an interface to the network."""

    def __init__(self):
        self.joined = []

    def join(self, address):
        self.joined.append(address)

    def address(self):
        return self.joined[-1] or ("10.0.2.15", "255.255.255.0", "10.0.2.2", "10.0.2.3")

    def work(self, now):
        return 500


class Networked(Plant):
    """A meter with its network module over a network in memory, `sockets`, which is there anew with each
    power-on; `named`: as what it joined it. A service that fails is a fault, but where a test is `failing`.
    """

    failing = False

    options = ("network",)
    sectors = layout.STORAGE_SECTORS - layout.FILES_SECTORS

    def power_on(self):
        # a meter without a network imports none of it
        from net.virtual_sockets import Sockets

        self.sockets = Sockets()
        self.link = Link()
        Plant.power_on(self)

    def network(self, name):
        self.named = name
        return self.sockets, self.link

    def run(self, ms):
        Plant.run(self, ms)
        board = self.device.switchboard
        assert self.failing or not board or not any(desk.faults for desk in board.desks)

    def client(self, port=502, host="192.168.1.20"):
        pipe = self.sockets.client(port, (host, 40000))
        self.run(5)
        return pipe

    def ask(self, pipe, *frame):
        """The answer to a request by hex."""
        pipe.to_us = bytes.fromhex("".join(frame))
        self.run(20)
        return pipe.take().hex()

    def set(self, offset, value):
        return self.points.write(p.SETTING + offset, value)

    def get(self, offset):
        return self.points.read(p.SETTING + offset)

    def reset_module(self, how=1):
        assert self.set(p.MODULE_RESET, how) == p.OK
        self.run(5)


def started(model="kw320"):
    plant = Networked(model)
    plant.run(1500)
    return plant


def allow(plant, *patterns):
    texts = plant.points.provider(p.SETTING + n.ALLOWED).texts
    for i, pattern in enumerate(patterns):
        at = n.ALLOWED + i - p.GROUP_NETWORK
        assert texts.check(at, pattern) == p.OK
        texts.write(at, pattern)
