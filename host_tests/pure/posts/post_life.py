"""A logger and a channel alone, over a flash whose power can be cut, and a server that remembers by keys."""

from posts.post_fakes import split, whole
from records.cut_flash import Cut, CutFlash
from records.files_fake import Files

from fourquad import points as p
from fourquad.calendar.clock import Clock, seconds
from fourquad.device import module_log_store
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.events.log_file import time_text
from fourquad.events.loggers import Loggers
from fourquad.meter.settings import Settings
from fourquad.models.kw320.logged import PARAMETERS
from fourquad.models.rows import by_offset
from fourquad.models.services import posts
from fourquad.points import posts as q
from fourquad.protocols.posts.channel import Channel
from fourquad.records.settings import SettingsStore
from fourquad.registers import image

START = seconds(2026, 3, 4, 10, 0, 30)
SECTORS = 6  # of each ring
PAGE, SECTOR = 64, 512
PLACES = {"posts": (0, SECTORS), "module1": (SECTORS, 12), "module2": (18, 4), "module3": (22, 4)}


class Model:
    NAME = "posts"
    PARAMETERS = PARAMETERS


class Meter:
    """What the part and its stores see of a meter."""

    model = Model

    def __init__(self):
        rows = by_offset(*posts.numbers(0, PARAMETERS), *posts.kept(0))
        self.settings = Settings(rows, texts=by_offset(*posts.texts(0)))
        self.clock = Clock()
        self.faults = 0
        self.points = p.Points()
        self.settings.provide(self.points)
        self.points.provide(p.PRIMARY, self)

    def read(self, index):
        """A reading, which every second is another one."""
        return float(self.clock.now % 100000 * 8 + index)

    def mark(self, *layout):
        return image.mark(Model.NAME, layout)

    def fault(self, bit):
        self.faults |= bit


class Server:
    """Files by their keys; `lose(n)`: whether the answer to the n-th request gets lost."""

    def __init__(self, lose):
        self.files = {}
        self.requests = 0
        self._lose = lose

    def post(self, said):
        """The answer to a request, None if it gets lost."""
        line, fields, body = split(said)
        assert line == b"POST / HTTP/1.1" and len(body) == int(fields[b"Content-Length"])
        key = fields[b"Idempotency-Key"]
        assert self.files.setdefault(key, body) == body
        self.requests += 1
        return None if self._lose(self.requests) else b"HTTP/1.1 201 Created\r\n\r\n"

    def records(self):
        """All of them, each as its line."""
        return [line for body in self.files.values() for line in body.split(b"\r\n")[1:-1]]


class Life:
    """From power cut to power cut."""

    def __init__(self, lose, sectors=SECTORS):
        self.flash = CutFlash(26, PAGE, SECTOR)
        self.flash.rearm(-1, 0)
        self.files = Files()
        self.server = Server(lose)
        self.now = 0
        self.utc = START
        self.recorded = []  # seconds of records that were committed
        self.boot()

    def boot(self):
        """Power comes."""
        self.meter = meter = Meter()
        meter.clock.set(self.utc)
        meter.clock.tick(self.now)
        self.part = part = Loggers(meter)
        part.serial = b"SN1"
        part.provide(meter.points, {})
        self._store = SettingsStore(self.files)
        load_settings(meter, self._store)
        part.configure()
        self.stores = module_log_store.connect(meter, part, self.flash, PLACES)
        self.channel = Channel(0, meter.points, part, lambda name: name, {})
        self.connected = False

    def set_up(self, details=q.INSTANT):
        settings = self.meter.settings
        for offset, value in (
            (q.LOGGER_CHANNEL, 1),
            (q.LOGGER_REAL, 1),
            (q.LOGGER_DETAILS, details),
            (q.LOGGER_INTERVAL, 5),
            (q.LOGGER_POST, 6),
            (q.LOGGER_ENABLE, 1),
            (q.POST_METHOD, q.HTTP),
        ):
            assert settings.check(offset, value) == p.OK
            settings.write(offset, value)
        texts = self.meter.points.provider(p.SETTING + q.GROUP_POSTS).texts
        texts.write(q.POST_URL - q.GROUP_POSTS, b"http://192.0.2.7")
        self.part.configure()
        self.serve()

    def serve(self):
        """What the keeper does."""
        while self.meter.settings.changed:
            save_settings(self.meter, self._store)
        for store in self.stores:
            while store.tick(self.now):
                pass
            while store.due and not store.failed:
                store.service()

    def second(self, passed=1):
        """So many seconds go by; then all is done that is due, but posts."""
        self.now += 1000 * passed
        self.utc += passed
        self.meter.clock.tick(self.now)
        for slice_ in self.part.after_reading:
            slice_()
        before = self.part.logs[0].count
        self.slices()
        if self.part.logs[0].count > before:
            self.recorded.append(self.utc // 60 * 60)
        self.serve()

    def slices(self):
        """Eight windows."""
        for _ in range(8):
            for slice_ in self.part.after_window:
                slice_()

    def post(self, attempts=3):
        """What the switchboard does, until nothing is to be posted, or several times."""
        for _ in range(attempts):
            wanted = None
            for _ in range(40):
                wanted = self.channel.wants(self.now)
                if wanted:
                    break
                self.slices()
            if not wanted:
                return
            assert wanted == ("192.0.2.7", 80)
            self._connection()

    def _connection(self):
        channel = self.channel
        channel.opened(("192.0.2.7", 80), self.now)
        said = b""
        while not channel.closing:
            n = channel.poll(self.now)
            assert 0 <= n <= 1024
            said += bytes(channel.answer[:n])
            if not n and not channel.busy:
                break
        assert whole(said) and not channel.closing
        answer = self.server.post(said)
        if answer:
            channel.run(answer, len(answer), self.now)
            assert channel.closing
        channel.lost(self.now)

    def minutes(self, count):
        """So many minutes, with a post in each."""
        for _ in range(count):
            self.second(29)
            self.second(31)
            self.post()

    def check(self):
        """Every record that was committed has arrived, once."""
        posted = [t for t in self.recorded if t < self.utc // 300 * 300 - 60]
        expected = [time_text(None, t, q.LOCAL_TIME).decode() for t in posted]
        arrived = sorted([line.split(b",")[0].decode() for line in self.server.records()])
        assert len(set(arrived)) == len(arrived), arrived
        missing = [time for time in expected if time not in arrived]
        assert not missing, (missing, arrived)


def live(life, minutes=47):
    """A life that may be cut; the last minutes, in which a file ends, are not."""
    begun = False
    for _ in range(20):
        try:
            if not begun:
                life.set_up()
                begun = True
            left = (START + 60 * minutes - life.utc) // 60
            life.minutes(max(0, left))
            break
        except Cut:
            life.flash.rearm(-1, 0)
            life.now += 7000
            life.utc += 7
            life.boot()
            begun = life.meter.settings.get(q.LOGGER_ENABLE) != 0
    life.operations = len(life.flash.done)
    life.minutes(12)
    life.check()
