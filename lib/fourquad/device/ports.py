"""A protocol on a serial port of the board."""

import gc

from fourquad import points as p
from fourquad import ticks
from fourquad.points import columns as c
from fourquad.points import values as v
from fourquad.protocols.station import Station

_READ_LENGTH = 8  # of a request that reads
_READS = 4  # function codes 1 to 4 change nothing
_SPIN_US = 1500
HOLD = -1  # what `poll` answers while a request comes in: nothing long is to begin
SOON = -2  # and once it has nearly come: nothing of more than a millisecond
_NEARLY = 5  # bytes of it
_ROOM = 512  # what the receiver holds
_PIECE = 256  # bytes that are taken before a silence
_SIGN = 16  # the same where they tell that a turn was taken, which is waited for
_NURSERY = 24 * 1024
_ASK_MS = 5  # from one question to a machine that has heard nothing to the next
_PLAIN = v.PARITY_NONE_1


class ModbusPort:
    """`uart`: chip.uart.Port that sends from `slave.answer`; `address`, `baud`, `parity`: point ids of its
    settings.

    The answer to a request that only reads is made while the silence after it runs, so that it can start
    when the silence ends. From the first byte of a request to us on, the loop is asked to begin nothing
    long.
    """

    slow = False

    def __init__(self, uart, slave, points, address, baud, parity):
        self._uart = uart
        self._slave = slave
        self._points = points
        self._address = address
        self._baud = baud
        self._parity = parity
        self._request = bytearray(len(slave.answer) + 4)
        self._sending = 0
        self._prepared = 0
        self._ready = 0
        self.quiet = uart.quiet  # quiet(now): whether `poll` would find nothing to do
        self.seen = 0  # 1 a frame came, 2 one was answered; its reader sets it back
        self.follow()

    def poll(self, now):
        """Answer a request if there is one. How many milliseconds its answer will be on the line; 0 without
        one; HOLD while a request is coming in, SOON when it has nearly come.
        """
        uart = self._uart
        if self._sending:
            if uart.sending():
                return 0
            self._sending = 0
        length = uart.frame(self._request)
        if length < 0:
            if length < -_READ_LENGTH or self._request[0] != self._points.read(self._address):
                return 0
            if length > -_READ_LENGTH:
                return HOLD if length > -_NEARLY else SOON
            if not self._prepare() or uart.remaining() > _SPIN_US:
                return SOON
            while length < 0:
                length = uart.frame(self._request)
        return self._answer(length) if length else 0

    def _prepare(self):
        request = self._request
        if not 1 <= request[1] <= _READS:
            return False
        if not self._prepared:
            self._ready = self._slave.run(request, _READ_LENGTH, 0)
            self._prepared = _READ_LENGTH
        return True

    def _answer(self, length):
        if length == self._prepared:
            n = self._ready
        else:
            if length > len(self._request):
                length = len(self._request)
            n = self._slave.run(self._request, length, self._uart.age())
        self._prepared = 0
        self.seen |= 1
        if not n:
            return 0
        self._uart.send(n)
        self._sending = n
        self.seen = 2
        return self._uart.duration(n)

    def awaited(self):
        """Whether nothing long should begin now, though it is overdue: never, a master asks again."""
        return False

    def follow(self):
        """Take over a change of speed or parity, after the answer that confirmed it."""
        baud = self._points.read(self._baud)
        parity = self._points.read(self._parity)
        if (baud != self._uart.baud or parity != self._uart.parity) and not self._sending:
            self._uart.configure(baud, parity)

    def stop(self):
        """Leave the line."""
        self._uart.stop()


class StreamPort:
    """A protocol that takes bytes as they come and answers in its own time (protocols/station.py: `framed` is
    False). `machine` says how fast the line must be; its characters fit into eight bits without parity.
    """

    slow = False

    def __init__(self, uart, machine):
        self._uart = uart
        self._machine = machine
        self._request = bytearray(_ROOM)
        self._sending = 0
        self._asked = 0
        self._turns = hasattr(machine, "awaited")
        self._piece = _SIGN if self._turns else _PIECE
        self.seen = 0
        self.follow()

    def quiet(self, now):
        """Whether `poll` would find nothing to do; the machine is asked every 5 ms all the same."""
        return self._uart.quiet(now) and 0 <= ticks.diff(now, self._asked) < _ASK_MS

    def poll(self, now):
        """Give the machine what came in, send the next piece of an answer; the milliseconds for which nothing
        is wanted of it, at least those of the piece on the line.
        """
        self._asked = now
        uart = self._uart
        if self._sending:
            if uart.sending():
                return 0
            self._sending = 0
            if self._turns:
                self._machine.sent(uart.since_sent())
        self.follow()
        request = self._request
        length = uart.frame(request)
        if length <= -self._piece:
            # more than the receiver holds may come in one run
            length = min(-length, len(request))
            uart.consume(length)
        n = 0
        if length > 0:
            self.seen |= 1
            n = self._machine.run(request, length, uart.age())
        if not n:
            n = self._machine.poll(now)
        if not n:
            return 0
        uart.send(n)
        self._sending = n
        self.seen = 2
        ms = uart.duration(n)
        return ms + self._machine.spare if self._turns else ms

    def awaited(self):
        """Whether nothing long should begin now, though it is overdue: `poll` tells when it may."""
        machine = self._machine
        if not self._turns or not machine.awaited():
            return False
        machine.wish = True
        return True

    def follow(self):
        """Take over a change of speed, after the answer that confirmed it."""
        uart = self._uart
        baud = self._machine.baud
        if (baud != uart.baud or uart.parity != _PLAIN) and not self._sending:
            uart.configure(baud, _PLAIN)

    def stop(self):
        """Leave the line."""
        self._machine.stop()
        self._uart.stop()


class ChoicePort:
    """A port that speaks one of several protocols, as a setting says.

    `face(machine)`: a port object on `uart` for the machine that `station` has chosen.
    """

    slow = False

    def __init__(self, uart, station, face):
        self._uart = uart
        self._station = station
        self._make = face
        self._face = self._present()
        self._heard = False
        self.seen = 0
        self.follow()

    def _present(self):
        machine = self._station.machine
        face = self._make(machine)
        self._uart.answer_from(machine.answer)
        self._shown = machine
        self.quiet = face.quiet
        self.awaited = face.awaited
        return face

    def poll(self, now):
        """As the port that speaks."""
        face = self._face
        ms = face.poll(now)
        if face.seen:
            self.seen |= face.seen
            face.seen = 0
            self._heard = True
        elif self._heard and not self._uart.sending():
            # what was heard may have chosen another protocol
            self._heard = False
            self.follow()
        return ms

    def follow(self):
        """Take over a change of protocol, speed or parity, after the answer that confirmed it."""
        if self._uart.sending():
            return
        if self._station.due() or self._shown is not self._station.machine:
            self._change()
        self._face.follow()

    def _change(self):
        """Make what is to speak, above the low end of the heap, which is for what lives shortly."""
        gc.collect()
        place = _low_end()
        try:
            self._station.load()
            self._station.follow()
            self._face = self._present()
        except MemoryError:
            # the heap is in pieces: the next look may find room, the next start does
            gc.collect()
        del place

    def stop(self):
        """Leave the line."""
        self._uart.stop()


def _low_end():
    """The low end of the heap, taken; None where it is in pieces."""
    try:
        return bytearray(_NURSERY)
    except MemoryError:
        return None


def matched(rows, links):
    """The rows of a model's PORTS that find a link of their kind among `links`, each with the number of its
    link among those of its kind: [(row, number)].
    """
    found = []
    taken = []
    for row in rows:
        kind = row[c.LINK]
        if taken.count(kind) < list(links).count(kind):
            found.append((row, taken.count(kind)))
            taken.append(kind)
    return found


def make(row, parts, uart, n):
    """What speaks at a serial port, a row of the model's PORTS, for `parts` (points, register map), over what
    `uart(n, answer)` makes.
    """
    points = parts[0]
    station = Station(row, parts, False)
    line = uart(n, station.machine.answer)

    def face(machine):
        # bytes of a line in the way in which the machine wants them
        if not machine.framed:
            return StreamPort(line, machine)
        address, baud, parity = [p.SETTING + row[i] for i in (c.PORT_ADDRESS, c.BAUD, c.PARITY)]
        return ModbusPort(line, machine, points, address, baud, parity)

    return ChoicePort(line, station, face) if len(row[c.SPEAKS]) > 1 else face(station.machine)
