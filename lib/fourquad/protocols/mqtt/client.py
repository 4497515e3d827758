"""The client of a broker: publishes the messages of the meter's outbox (events/outbox.py), one after the
other.

A message counts as arrived when the broker has acknowledged it (QoS 1: PUBACK; QoS 2: PUBCOMP), with QoS 0
when the network has taken all of it. One is under way at a time, so they arrive in order; it keeps its packet
id, which follows from its number, over connections and power cuts, and is marked as a duplicate wherever the
broker may have got it before.

After a connection that failed or broke comes a pause: FIRST_MS, twice as long after each failure, LONGEST_MS
at most, with up to half of it by chance; REFUSED_MS at least if the broker has refused us.
"""

from fourquad import points as p
from fourquad import ticks
from fourquad.net.access import text_of
from fourquad.net.address import host_name
from fourquad.points import network as n
from fourquad.protocols.mqtt import packets as m
from fourquad.protocols.mqtt.payload import Payload, quoted, room

FIRST_MS = 2000
LONGEST_MS = 256000
REFUSED_MS = 32000
ANSWER_MS = 20000  # in which a broker answers
NO_TLS = 255  # in place of a code of a broker: this device has no TLS, or does not trust the broker
_IDS = 65535
_PIECE = 640  # bytes of a piece; a CONNECT has 412 at most
_FULL = _PIECE - room()

COUNTERS = ("made", "sent", "acknowledged", "lost", "forgotten", "failed")
_SENT, _FAILED = 1, 5  # places in them that are ours

# Outbox.state, as masters read it: what the connection is up to.
OFF, WAITING, CONNECTING, CONNECTED = range(4)

# What is being said; IDLE: nothing.
_IDLE, _CONNECT, _MESSAGE = range(3)


class Client:
    """A client as fourquad.net wants it. `serial`: bytes; `tls`: whether the device has TLS."""

    def __init__(self, points, resolve, outbox, serial, tls=False):
        self.answer = bytearray(_PIECE)
        self.closing = True  # until a connection is ours
        self.secure = None
        self.counters = outbox.counters
        self._tls = tls
        self._points = points
        self._resolve = resolve
        self._outbox = outbox
        self._serial = serial
        self._inbox = m.Inbox()
        self._turn = None  # of the outbox, whose settings these are
        self._payload = self._packet = self._topic = self._target = None
        self._keep_ms = self._qos = 0
        self._clean = self._retained = False
        self._saying = _IDLE
        self._length = 0  # of the piece that is being made
        self._release = False  # a PUBREL is to be sent
        self._under_way = -1  # number of the message that has no acknowledgement yet
        self._repeat = False  # it may have reached the broker
        self._since = None  # when an answer was asked for; None while none is due
        self._pinged = None
        self._sent = 0  # when something was sent
        self._rested = None  # since when there is a pause of `_pause` ms
        self._pause = 0
        self._failures = 0
        self._refused = False  # by the broker, at the last connection
        self._chance = 0

    # Settings.

    def _follow(self):
        """Take over the settings, if they count anew."""
        outbox = self._outbox
        if outbox.turn == self._turn:
            return
        self._turn = outbox.turn
        get = self._get
        name = self._text(n.MQTT_CLIENT) or b"fq-" + self._serial[-20:]
        will = None
        if self._text(n.MQTT_WILL_TOPIC):
            will = (
                self._text(n.MQTT_WILL_TOPIC),
                self._text(n.MQTT_WILL),
                get(n.MQTT_WILL_QOS),
                get(n.MQTT_WILL_RETAINED),
            )
        self._keep_ms = 1000 * get(n.MQTT_KEEP_ALIVE)
        self._clean = get(n.MQTT_CLEAN) != 0
        user, password = self._text(n.MQTT_USER), self._text(n.MQTT_PASSWORD)
        self._packet = m.connect(name, get(n.MQTT_KEEP_ALIVE), self._clean, user, password, will)
        self._target = (text_of(self._points, n.MQTT_BROKER), get(n.MQTT_PORT))
        self.secure = self._target[0] if get(n.MQTT_TLS) else None
        self._topic = self._text(n.MQTT_TOPIC)
        self._qos = get(n.MQTT_QOS)
        self._retained = get(n.MQTT_RETAINED) != 0
        serial, host = quoted(self._serial), host_name(self._points)
        self._payload = Payload(outbox, f'"serial":"{serial}","model":"{outbox.model}","name":"{host}"')
        self._failures = 0
        self._rested = None
        for byte in name:
            self._chance = self._chance * 31 + byte & 0xFFFF

    def _get(self, offset):
        return self._points.read(p.SETTING + offset)

    def _text(self, offset):
        return text_of(self._points, offset).encode()

    # The connection.

    def wants(self, now):
        """Whom it calls."""
        outbox = self._outbox
        if outbox.ring is None:
            outbox.state = OFF
            return None
        self._follow()
        outbox.state = WAITING
        host, port = self._target
        if not host or self._resting(now):
            return None
        if self.secure and not self._tls:
            self.untrusted()
            return None
        address = self._resolve(host)
        if address is None:
            self.failed(now)
        if not address:
            return None
        outbox.state = CONNECTING
        return address, port

    def _resting(self, now):
        return self._rested is not None and 0 <= ticks.diff(now, self._rested) < self._pause

    def untrusted(self):
        """There is no TLS with this broker."""
        self._outbox.code = NO_TLS

    def failed(self, now):
        """There was no connection."""
        self._outbox.tally(_FAILED)
        self._rest(now)

    def _rest(self, now, least=0):
        """Pause, longer each time, and not for as long as others do."""
        pause = max(least, min(LONGEST_MS, FIRST_MS << min(self._failures, 16)))
        self._failures += 1
        self._chance = (self._chance * 25173 + 13849 + (now & 0xFF)) & 0xFFFF
        self._pause = pause + (pause >> 1) * self._chance // 0xFFFF
        self._rested = now
        self._outbox.state = WAITING

    def opened(self, peer, now):
        """The connection stands: we are the first to speak."""
        self.closing = self._release = self._refused = False
        self._inbox.clear()
        self._since = self._pinged = None
        self._under_way = -1
        self._saying = _CONNECT
        self._outbox.state = CONNECTING

    def lost(self, now):
        """It is gone."""
        if self._saying == _MESSAGE or self._under_way >= 0:
            self._repeat = True
        self._saying = _IDLE
        self._under_way = -1
        self._release = False
        self.closing = True
        if self._turn == self._outbox.turn:
            self._outbox.tally(_FAILED)
            self._rest(now, REFUSED_MS if self._refused else 0)

    # What the broker says.

    def room(self):
        """How many octets are taken."""
        return 64

    def run(self, buffer, length, now):
        """Octets came; `poll` has what is to be said to them."""
        for i in range(length):
            whole = self._inbox.take(buffer[i])
            if whole is None or whole and not self._heard(now):
                self.closing = True
                break
        return 0

    def _heard(self, now):
        """Do what a packet says; False: the broker is none, or wants us away."""
        inbox, outbox = self._inbox, self._outbox
        kind = inbox.kind
        if outbox.state == CONNECTING:
            return self._saying == _IDLE and kind == m.CONNACK and self._admitted(now)
        if kind == m.PINGRESP:
            self._pinged = None
            self._failures = 0
            return True
        if kind == m.CONNACK:
            return False
        number = self._under_way
        if number < 0 or number % _IDS + 1 != inbox.first << 8 | inbox.second:
            # of one that is not under way any more
            return True
        if self._saying == _MESSAGE and self._payload.more:
            # of one that is not there yet
            return False
        if kind == m.PUBACK:
            if self._qos != 1:
                return False
            self._arrived()
        elif self._qos != 2:
            return False
        elif kind == m.PUBREC:
            if not outbox.taken:
                outbox.take()
            self._release = True
        elif not outbox.taken:
            return False
        else:
            self._arrived()
        return True

    def _admitted(self, now):
        """Whether a CONNACK lets us in."""
        inbox, outbox = self._inbox, self._outbox
        if inbox.first & 0xFE or inbox.second > 5:
            return False
        outbox.code = inbox.second
        if inbox.second:
            self._refused = True
            return False
        outbox.state = CONNECTED
        self._since = None
        if self._clean:
            outbox.forget()
        if outbox.taken and not inbox.first:
            # the broker has forgotten that it has it
            outbox.taken = False
        return True

    def _arrived(self):
        self._outbox.arrived()
        self._under_way = -1
        self._since = None
        self._release = self._repeat = False
        self._failures = 0

    # What is said.

    @property
    def busy(self):
        """Whether there is more to be said at once."""
        return self._release or self._saying != _IDLE

    def poll(self, now):
        """The next piece."""
        outbox = self._outbox
        if self._saying == _CONNECT:
            self._saying = _IDLE
            self._since = now
            return self._say(self._packet, now)
        if self._saying == _MESSAGE:
            return self._go_on(now)
        if self._since is not None and ticks.diff(now, self._since) >= ANSWER_MS:
            self.closing = True
            return 0
        if outbox.state != CONNECTED:
            return 0
        if self._release:
            self._release = False
            self._since = now
            return self._say(self._acknowledge(m.PUBREL), now)
        if self._pinged is not None and ticks.diff(now, self._pinged) >= ANSWER_MS:
            self.closing = True
            return 0
        if self._under_way < 0 and outbox.next() >= 0:
            return self._begin(now)
        if self._keep_ms and self._pinged is None and ticks.diff(now, self._sent) >= self._keep_ms >> 1:
            self._pinged = now
            return self._say(b"\xc0\0", now)
        return 0

    def _acknowledge(self, kind):
        number = self._under_way % _IDS + 1
        return bytes((kind, 2, number >> 8, number & 0xFF))

    def _say(self, packet, now):
        self.answer[: len(packet)] = packet
        self._sent = now
        return len(packet)

    def _begin(self, now):
        """The next message, or what is left to be said of it."""
        outbox = self._outbox
        number = outbox.next()
        if outbox.taken and self._qos == 2:
            self._under_way = number
            self._release = True
        elif outbox.fetch():
            self._publish(number, now)
        return 0

    def _publish(self, number, now):
        """Begin a message."""
        size = self._payload.begin(number)
        self._under_way = number
        self._saying = _MESSAGE
        flags = self._qos << 1 | (m.RETAIN if self._retained else 0)
        head = m.string(self._topic)
        if self._qos:
            if self._repeat or number <= self._outbox.before:
                flags |= m.DUP
            number = number % _IDS + 1
            head += bytes((number >> 8, number & 0xFF))
        head = bytes((m.PUBLISH | flags,)) + m.length(len(head) + size) + head
        self._outbox.tally(_SENT)
        self._length = self._say(head, now)

    def _go_on(self, now):
        """A step of a message; the length of a piece that is full."""
        if self._payload.more:
            length = self._length = self._payload.step(self.answer, self._length)
            if self._payload.more and length <= _FULL:
                return 0
            self._length = 0
            self._sent = now
            return length
        self._saying = _IDLE
        if not self._qos:
            self._arrived()
        elif self._under_way >= 0:
            self._since = now
        return 0


def make(row, parts):
    """The service of a row of SERVICES."""
    points = parts.points
    outbox = points.provider(n.MQTT_SAYS)
    return Client(points, parts.resolve, outbox, parts.serial, parts.tls is not None)
