"""A broker made here from MQTT 3.1.1, and an outbox with its client over a flash in memory."""

from binascii import crc32

from fourquad import points as p
from fourquad.device.outbox_store import OutboxStore
from fourquad.events.outbox import Outbox
from fourquad.points import network as n
from fourquad.protocols.mqtt import client as c
from fourquad.records.flash import RamFlash

EPOCH = 820454400  # 2026-01-01, in seconds since 2000
SINCE_1970 = 946684800
TEXTS = {
    n.MQTT_BROKER: b"192.0.2.9",
    n.MQTT_CLIENT: b"",
    n.MQTT_USER: b"",
    n.MQTT_PASSWORD: b"",
    n.MQTT_TOPIC: b"plant/meter",
    n.MQTT_WILL_TOPIC: b"",
    n.MQTT_WILL: b"",
    n.HOST_NAME: b"fourquad",
}
SETTINGS = {
    n.MQTT: 1,
    n.MQTT_PORT: 1883,
    n.MQTT_KEEP_ALIVE: 60,
    n.MQTT_CLEAN: 0,
    n.MQTT_QOS: 1,
    n.MQTT_RETAINED: 0,
    n.MQTT_INTERVAL: 10,
    n.MQTT_WILL_QOS: 0,
    n.MQTT_WILL_RETAINED: 0,
    n.MQTT_TLS: 0,
    n.MQTT_REAL: 5,
    n.MQTT_ENERGY: 2,
    n.MQTT_DEMAND: 0,
    n.FAST_READ: 0,
    p.ENERGY_SIDE: 0,
}
MODEL = (
    (n.MQTT_REAL, "<f", p.PRESENTED, (("frequency", "Hz"), ("v1", "V"), ("v2", "V"))),
    (n.MQTT_ENERGY, "<i", p.ENERGY, (("ep_imp", "kWh"), ("ep_exp", "kWh"))),
    (n.MQTT_DEMAND, "<f", p.PRESENTED + p.P_DEMAND, (("p_demand", "W"),)),
)


class Clock:
    now = EPOCH


class Model:
    NAME = "kw320"
    MQTT = MODEL


class Meter:
    """What an outbox and its store want of a meter, and what a client wants of its points."""

    def __init__(self):
        self.values = dict(SETTINGS)
        self.texts_of = dict(TEXTS)
        self.readings = {}
        self.settings = self.points = self.texts = self
        self.clock = Clock()
        self.model = Model
        self.faults = []

    def get(self, offset):
        return self.values.get(offset, 0)

    def read(self, pid):
        """A point, or a text by its offset."""
        if pid in self.texts_of:
            return self.texts_of[pid]
        if pid - p.SETTING in self.values:
            return self.values[pid - p.SETTING]
        return self.readings.get(pid, 0)

    def provider(self, pid):
        return self

    def place(self, pid):
        return self, 0

    def base(self, pid):
        return p.SETTING

    def mark(self, *layout):
        return 77 + sum([bit for mask in layout[1:] for bit in mask])

    def fault(self, bit):
        self.faults.append(bit)


class Bench:
    """A meter of 24 sectors, and a broker; `ms`: time of the connection."""

    def __init__(self, flash=None, sectors=20, marks=4, **settings):
        self.flash = flash or RamFlash(sectors + marks)
        self.places = {"mqtt": (0, sectors), "mqttdone": (sectors, marks)}
        self.meter = Meter()
        for name in settings:
            self.meter.values[getattr(n, "MQTT_" + name.upper())] = settings[name]
        self.broker = Broker()
        self.ms = 1000
        self.linked = False
        self.boot()

    def boot(self):
        """Power-up."""
        self.linked = False
        self.outbox = Outbox(self.meter)
        self.outbox.configure()
        self.store = OutboxStore(self.outbox, self.meter, self.flash, self.places)
        self.client = c.Client(self.meter, self.resolve, self.outbox, b"0123456789ABCDEF")

    def resolve(self, name):
        return name

    def serve(self):
        """What is due in flash."""
        while self.store.due:
            self.store.service()

    def make(self, count=1):
        """So many messages."""
        for _ in range(count):
            self.meter.clock.now += self.meter.values[n.MQTT_INTERVAL]
            for part in self.outbox.after_reading:
                part()
            self.store.tick(self.ms)
            self.serve()

    def start(self):
        """The first look at the clock, which makes no message."""
        for part in self.outbox.after_reading:
            part()

    def talk(self, turns=400):
        """Let the client and the broker say what they have to say, until both are silent."""
        client = self.client
        still = 0
        for _ in range(turns):
            self.ms += 1
            if not self.linked:
                if not client.wants(self.ms):
                    return
                if not self.broker.there:
                    client.failed(self.ms)
                    return
                client.opened(("192.0.2.9", 1883), self.ms)
                self.broker.connected()
                self.linked = True
            count = client.poll(self.ms)
            assert count <= len(client.answer)
            answer = self.broker.hear(bytes(client.answer[:count]))
            if answer and not client.closing:
                assert client.room() >= len(answer)
                client.run(answer, len(answer), self.ms)
            if client.closing or self.broker.gone:
                self.hang_up()
                return
            still = 0 if count or answer or client.busy else still + 1
            if still > 2:
                return

    def hang_up(self):
        """The connection breaks."""
        if self.linked:
            self.linked = False
            self.broker.gone = False
            self.client.lost(self.ms)

    def wait(self, ms):
        """Time passes."""
        self.ms += ms


class Broker:
    """`got`: (number, DUP, QoS, retained, packet id) of each PUBLISH; `delivered`: numbers as a subscriber
    gets them; `mute`: kinds of packets that it does not send; `there`: whether it can be reached.
    """

    def __init__(self):
        self.got = []
        self.delivered = []
        self.texts = []  # of the last four
        self.sums = []  # a CRC-32 of each
        self.topics = []
        self.connects = []
        self.pings = 0
        self.code = 0
        self.mute = ()
        self.there = True
        self.gone = False  # it ends the connection
        self.held = {}  # packet ids of QoS 2 that it has, of a session
        self.keeps = True  # sessions
        self._in = b""

    def connected(self):
        self._in = b""
        self.gone = False

    def hear(self, data):
        """Its answer to what came."""
        self._in += data
        out = b""
        while True:
            packet = self._packet()
            if packet is None:
                return out
            out += self._answer(*packet)

    def _packet(self):
        data = self._in
        size = at = 0
        while True:
            if len(data) < at + 2:
                return None
            size |= (data[at + 1] & 0x7F) << 7 * at
            at += 1
            if not data[at] & 0x80:
                break
        if len(data) < 1 + at + size:
            return None
        self._in = data[1 + at + size :]
        return data[0], data[1 + at : 1 + at + size]

    def _say(self, kind, *octets):
        return b"" if kind in self.mute else bytes((kind, len(octets))) + bytes(octets)

    def _answer(self, first, body):
        kind = first & 0xF0
        if kind == 0x10:
            self.connects.append(body)
            clean = body[7] & 2
            present = 1 if len(self.connects) > 1 and not clean and self.keeps else 0
            if not present:
                self.held = {}
            if self.code:
                self.gone = True
            return self._say(0x20, present, self.code)
        if kind == 0xC0:
            self.pings += 1
            return self._say(0xD0)
        if kind == 0x60:
            assert first == 0x62
            found = self.held.pop(tuple(body), None)
            if found is not None:
                self.delivered.append(found)
            return self._say(0x70, *body)
        assert kind == 0x30, hex(first)
        return self._publish(first, body)

    def _publish(self, first, body):
        qos = first >> 1 & 3
        size = body[0] << 8 | body[1]
        self.topics.append(body[2 : 2 + size])
        rest = body[2 + size :]
        packet = None
        if qos:
            packet, rest = (rest[0], rest[1]), rest[2:]
        # what it says is for who wants to look; the rest has no room for hundreds of them
        number = int(rest[: rest.find(b',"device"')].rsplit(b":", 1)[1])
        self.sums.append(crc32(rest))
        self.texts.append(rest.decode())
        if len(self.texts) > 4:
            self.texts.pop(0)
        identity = packet and packet[0] << 8 | packet[1]
        self.got.append((number, first >> 3 & 1, qos, first & 1, identity))
        if qos == 2:
            self.held[packet] = number
            return self._say(0x50, *packet)
        self.delivered.append(number)
        return self._say(0x40, *packet) if qos else b""
