"""What a request asks of the objects, and the response to it, a few bindings at a time (RFC 3416, 4.2; of v1
RFC 1157, 4.1). Nothing can be set.
"""

from fourquad.protocols.snmp import (
    END_OF_VIEW,
    GET,
    GET_BULK,
    GET_NEXT,
    INTEGER,
    NO_INSTANCE,
    NO_OBJECT,
    OID,
    RESPONSE,
    SEQUENCE,
    SET,
    TAG,
    ber,
    counters,
    tree,
)

V1 = 0
V2C = 1
V3 = 3
STEPS = 1  # bindings at a time: 2 ms

TOO_BIG = 1
NO_SUCH_NAME = 2
NO_ACCESS = 6
AUTHORIZATION = 16  # authorizationError

_COUNTED = {GET: counters.GETS, GET_NEXT: counters.GET_NEXTS, SET: counters.SETS}
_KNOWN = (GET, GET_NEXT, SET, GET_BULK)


class Request:
    """One at a time. `out`: where the response is written; `tree`: the objects."""

    def __init__(self, objects, out, counts):
        self._tree = objects
        self._out = out
        self._counts = counts
        self._arcs = [0] * ber.ARCS
        self._envelope = None
        self._version = V1
        self._tag = 0
        self._id = b""
        self._bindings = ber.In(b"", 0, 0)
        self._one = ber.In(b"", 0, 0)
        self._done = 0  # bindings that are written
        self._repeaters = None  # places of a GETBULK's, once they are known
        self._single = self._repetitions = 0
        self._begun = self._list = 0
        self._from = self._to = 0  # of the name that was read last, in the bindings
        self._wrong = None  # error status and index

    def begin(self, reader, version, envelope):
        """A PDU that `reader` has come to; True if it is one that is answered. `envelope` writes what is
        around it: `open(out)`, `close(out)`, which gives the length of the message.
        """
        self._tag = tag = reader.tag()
        if tag not in _KNOWN or tag == GET_BULK and version == V1:
            return False
        reader.enter(tag)
        self._id = reader.octets(INTEGER)
        single, repetitions = reader.number(), reader.number()
        if not 1 <= len(self._id) <= 4:
            raise ValueError
        reader.enter(SEQUENCE)
        bindings = bytes(memoryview(reader.buffer)[reader.at : reader.end])
        self._bindings.begin(bindings, 0, len(bindings))
        self._version, self._envelope = version, envelope
        self._done = 0
        self._wrong = None
        self._repeaters = [] if tag == GET_BULK else None
        self._single = max(single, 0)
        self._repetitions = max(repetitions, 0)
        if tag in _COUNTED:
            counters.add(self._counts, _COUNTED[tag])
        self._open(0, 0)
        return True

    def refuse(self, status):
        """Nothing of the PDU that has begun is to be had: `step` says so, with this status."""
        return self._fail(status, 0)

    def _open(self, status, index):
        out = self._out
        out.at = 0
        self._envelope.open(out)
        self._begun = out.open(RESPONSE)
        out.octets(self._id, INTEGER)
        out.number(status)
        out.number(index)
        self._list = out.open(SEQUENCE)

    def step(self):
        """Go on: the length of the response, or 0 while there is more to do. ValueError: the request is
        malformed, and there is no response.
        """
        at = self._out.at
        try:
            for _ in range(STEPS):
                at = self._out.at
                if self._wrong:
                    if self._bindings.at >= self._bindings.end:
                        return self._refused()
                    self._name()
                    continue
                if self._ended():
                    return self._finish()
                status = self._bind()
                if status:
                    return self._fail(status, self._done + 1)
                self._done += 1
        except ber.Full:
            if self._tag == GET_BULK:
                self._out.at = at
                return self._finish()
            return self._fail(TOO_BIG, 0)
        return 0

    def _ended(self):
        rest = self._bindings
        if rest.at < rest.end:
            return self._repeaters is not None and self._done >= self._single and not self._repetitions
        repeaters = self._repeaters
        if not repeaters:
            return True
        done = self._done - self._single
        if done // len(repeaters) >= self._repetitions:
            return True
        if done % len(repeaters):
            return False
        return max(repeaters) == tree.NONE

    def _bind(self):
        """One more binding; an error status, or 0."""
        rest = self._bindings
        if rest.at >= rest.end:
            self._repeat()
            return 0
        count = self._name()
        if self._tag == SET:
            return 0
        if self._tag == GET:
            place = self._tree.find(self._arcs, count)
        else:
            place = self._tree.after(self._arcs, count)
            if self._repeaters is not None and self._done >= self._single:
                self._repeaters.append(place)
        if place < 0 and self._version == V1:
            return NO_SUCH_NAME
        self._write(place, self._from, self._to)
        return 0

    def _name(self):
        """Have the name of the next binding; how many arcs it has."""
        rest = self._bindings
        binding = self._one.begin(rest.buffer, rest.at, rest.end)
        end = binding.head(SEQUENCE) + binding.at
        rest.at = binding.end = end
        self._from = binding.at
        count = binding.name(self._arcs)
        self._to = binding.at
        binding.skip()
        if binding.at != end:
            raise ValueError
        return count

    def _repeat(self):
        """The next of a GETBULK's repetitions."""
        repeaters = self._repeaters
        k = (self._done - self._single) % len(repeaters)
        before = repeaters[k]
        place = self._tree.following(before) if before >= 0 else before
        repeaters[k] = place
        self._write(place, -1, -1, before)

    def _write(self, place, begin, end, before=tree.NONE):
        """A binding, of a name that is encoded in the request, or of a place; `before`: what it follows."""
        out = self._out
        begun = out.begin(SEQUENCE)
        named = place if place >= 0 else before
        if begin >= 0 and (place < 0 or self._tag == GET):
            out.copy(self._bindings.buffer, begin, end)
        elif named >= 0:
            self._tree.name(named, out)
        else:
            out.octets(self._last_name(), OID)
        if place < 0:
            end = END_OF_VIEW
            if self._tag == GET:
                end = NO_INSTANCE if place == tree.NO_INSTANCE else NO_OBJECT
            out.empty(end)
        else:
            value = self._tree.value(place)
            if value is None:
                out.empty(NO_INSTANCE)
            else:
                put(out, value, self._tree.run(place)[TAG])
                counters.add(self._counts, counters.REQUESTED)
        out.end(begun)

    def _last_name(self):
        """What this one of the repeaters was called in the repetition before, in the response."""
        reader = ber.In(self._out.buffer, self._list, self._out.at)
        for _ in range(self._done - len(self._repeaters)):
            reader.skip()
        reader.head(SEQUENCE)
        return reader.octets(OID)

    def _finish(self):
        if self._tag == SET and self._done:
            return self._fail(NO_SUCH_NAME if self._version == V1 else NO_ACCESS, 1)
        return self._close()

    def _close(self):
        out = self._out
        out.close(self._list)
        out.close(self._begun)
        counters.add(self._counts, counters.RESPONSES)
        self._repeaters = None
        return self._envelope.close(out)

    def _fail(self, status, index):
        """There is an error, which is told when the rest of the request turns out to be well-formed."""
        counters.add(self._counts, counters.ERRORS.get(status, counters.GEN_ERRORS))
        self._wrong = (status, index)
        return 0 if self._bindings.at < self._bindings.end else self._refused()

    def _refused(self):
        """The response of an error, with the bindings of the request; -1 where even that is too long."""
        status, index = self._wrong
        try:
            self._open(status, index)
            if status != TOO_BIG or self._version == V1:
                self._out.raw(self._bindings.buffer)
            return self._close()
        except ber.Full:
            if status == TOO_BIG:
                counters.add(self._counts, counters.SILENT)
                return -1
            return self._fail(TOO_BIG, 0)


def put(out, value, tag):
    """Write a value as objects have it (tree.Tree)."""
    if isinstance(value, tuple):
        out.name(value)
    elif isinstance(value, bytes):
        out.octets(value, tag)
    else:
        out.number(value, tag)
