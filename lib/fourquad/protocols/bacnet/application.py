"""The application layer (ASHRAE 135, clauses 5, 15, 16): requests to acknowledgements, errors, rejects.

It knows no data link. `services` are those of services.py and, where a meter has them, of others: tables of
(number, function(application, reader, writer)). A function reads the parameters, and writes the result; it
answers 0, an error of codes.py, or ABORTED; one that takes long is a generator of slices, and what is wrong
stands in the reader or in the writer.
"""

from fourquad import ticks
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.tags import Reader, Writer

ABORTED = -1  # the answer would need segments
SILENT = -2  # nothing is answered

# What a requester can take, by the low half of the second octet (20.1.2.5).
_SIZES = (50, 128, 206, 480, 1024, 1476)
_SEGMENTED = 0x08
_SERVER = 0x01

# Device communication control (16.1).
ENABLED = 0
DISABLED = 1
NO_INITIATION = 2
_MINUTE_MS = 60000

_REQUEST = 4  # octets before the parameters of a confirmed request
_HEAD = 3  # before those of an acknowledgement


class Application:
    """`objects`: the objects of the meter (objects.py); `confirmed` and `unconfirmed`: tables of services.

    `broadcast`: whether what `run` has put is for everybody. `restart`: set to 0 (cold) or 1 (warm) when a
    master wants the meter to begin anew; the owner does it after the answer has gone out.
    """

    # A class's until there is a request that takes long: many meters never see one.
    _work = None  # what goes on with it
    _own = None  # where its answer is put

    def __init__(self, objects, confirmed, unconfirmed):
        self.objects = objects
        self.broadcast = False
        self.restart = None
        self.control = ENABLED
        self.announce = True  # say who is there, once
        self.longest = objects.longest  # octets of what is said
        self._confirmed = confirmed
        self._unconfirmed = unconfirmed
        self.reader = Reader()
        self.writer = Writer()
        self.invoke = 0
        self.now = 0
        self._left = 0  # ms until communication is enabled again; 0 without end

    def tick(self, now):
        """Time passes: `now` in ms (fourquad.ticks)."""
        if self._left:
            self._left -= max(0, ticks.diff(now, self.now))
            if self._left <= 0:
                self._left = 0
                self.control = ENABLED
        self.now = now

    def communicate(self, control, minutes):
        """Enable or disable communication, for so many minutes; 0 is for ever."""
        self.control = control
        self._left = minutes * _MINUTE_MS

    def run(self, buffer, at, end, target, place):
        """An APDU buffer[at:end]; the place after what answers it in target[place:], `place` for nothing."""
        found = self.begin(buffer, at, end, target, place)
        while found is None:
            found = self.go_on()
        return found

    def begin(self, buffer, at, end, target, place):
        """The first slice of the same; None: `go_on` has the next one."""
        self.broadcast = False
        kind = buffer[at] & 0xF0
        if kind == c.CONFIRMED:
            return self._request(buffer, at, end, target, place)
        if kind == c.UNCONFIRMED and end - at >= 2 and self.control != DISABLED:
            function = _find(self._unconfirmed, buffer[at + 1])
            if function:
                self.reader.begin(buffer, at + 2, end)
                self.writer.begin(target, place, place + self.longest)
                self.broadcast = True
                if function(self, self.reader, self.writer) == 0 and self.reader.bad < 0:
                    return self.writer.at
        return place

    def _request(self, buffer, at, end, target, place):
        if end - at < _REQUEST:
            return place
        room = buffer[at + 1] & 0x0F
        self.invoke = buffer[at + 2]
        if buffer[at] & _SEGMENTED:
            return self._end(target, place, c.ABORT | _SERVER, c.SEGMENTATION)
        service = buffer[at + 3]
        if self.control == DISABLED and service not in (
            c.DEVICE_COMMUNICATION_CONTROL,
            c.REINITIALIZE_DEVICE,
        ):
            return place
        function = _find(self._confirmed, service)
        if not function:
            return self._end(target, place, c.REJECT, c.UNRECOGNIZED_SERVICE)
        reader, writer = self.reader, self.writer
        reader.begin(buffer, at + _REQUEST, end)
        size = min(self.longest, _SIZES[room] if room < len(_SIZES) else self.longest)
        self._service, self._place, self._end_of = service, place, place + size
        writer.begin(target, place + _HEAD, place + size)
        why = function(self, reader, writer)
        if isinstance(why, int):
            return self._answer(why)
        self._work = why
        return None

    def go_on(self):
        """The next slice of a request: as `begin`."""
        for _ in self._work:
            return None
        self._work = None
        return self._answer(0)

    def keep(self):
        """Let request and answer have places of their own until the latter is there; MemoryError."""
        reader, writer = self.reader, self.writer
        reader.buffer = bytes(memoryview(reader.buffer)[: reader.end])
        if not self._own:
            # made once: to find so much room takes long
            self._own = bytearray(len(writer.buffer))
        self._own[: writer.at] = memoryview(writer.buffer)[: writer.at]
        writer.buffer = self._own

    def _answer(self, why):
        reader, writer, place = self.reader, self.writer, self._place
        target, first = writer.buffer, place + _HEAD
        if why == SILENT:
            return place
        if reader.bad >= 0:
            return self._end(target, place, c.REJECT, reader.bad)
        if why == ABORTED or writer.full:
            return self._end(target, place, c.ABORT | _SERVER, c.SEGMENTATION)
        target[place + 1] = self.invoke
        target[place + 2] = self._service
        if why:
            target[place] = c.ERROR
            writer.begin(target, first, self._end_of)
            put_error(writer, why)
            return writer.at
        target[place] = c.COMPLEX_ACK if writer.at > first else c.SIMPLE_ACK
        return writer.at

    def _end(self, target, place, kind, reason):
        """A reject or an abort."""
        target[place] = kind
        target[place + 1] = self.invoke
        target[place + 2] = reason
        return place + 3

    def initiate(self, target, place):
        """What is to be said without having been asked: who is there, after the start."""
        if not self.announce or self.control != ENABLED:
            return place
        self.announce = False
        self.writer.begin(target, place, place + self.longest)
        self.objects.put_i_am(self.writer)
        return self.writer.at


def put_error(writer, why):
    """An error's class and code."""
    writer.enumerated(why >> 8)
    writer.enumerated(why & 0xFF)


def _find(table, service):
    for number, function in table:
        if number == service:
            return function
    return None
