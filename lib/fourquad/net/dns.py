"""Addresses of hosts by name (RFC 1035), asked for by datagrams: what a board's own look-up does blocks until
there is an answer.
"""

from fourquad import ticks
from fourquad.net.address import is_address

PORT = 53
RETRY_MS = 2000
TRIES = 2  # of each server
MOST = 4  # names at a time

_HEAD = 12
_RESPONSE = 0x80  # in the first octet of the flags
_RECURSION = 0x01  # wanted
_CODE = 0x0F  # in the second: what is wrong
_ADDRESS = 1  # type A
_INTERNET = 1  # class
_POINTER = 0xC0  # to a name before
_LABEL = 63
_NAME = 253  # octets of a name at most


class Resolver:
    """A datagram machine (fourquad.net). `servers()`: the addresses of name servers, as text."""

    busy = False

    def __init__(self, servers):
        self.answer = bytearray(_HEAD + _NAME + 6)
        self.to = None
        self._servers = servers
        self._found = {}  # address by name, "" while it is asked for, None where there is none
        self._asked = None  # the name that is asked for now
        self._id = 0
        self._tries = 0
        self._since = 0
        self._length = 0

    def resolve(self, name):
        """The address of a host, "" while it is asked for, None if there is none. An answer that was given is
        forgotten: the next question is asked anew.
        """
        if is_address(name):
            return name
        if name not in self._found:
            if not labels_of(name):
                return None
            if len(self._found) >= MOST:
                return ""
            self._found[name] = ""
        found = self._found[name]
        if found != "":
            del self._found[name]
        return found

    def poll(self, now):
        """The question that is due."""
        if self._asked is None:
            for name, found in self._found.items():
                if found == "":
                    self._begin(name, now)
                    break
            else:
                return 0
        elif ticks.diff(now, self._since) < RETRY_MS:
            return 0
        servers = self._servers()
        if self._tries >= TRIES * len(servers):
            self._end(None)
            return 0
        self.to = (servers[self._tries % len(servers)], PORT)
        self._tries += 1
        self._since = now
        return self._length

    def _begin(self, name, now):
        self._asked = name
        self._tries = 0
        # not the next number: who guesses it could answer in the server's place
        self._id = (self._id * 25173 + now * 13849 + 1) & 0xFFFF
        out = self.answer
        for i in range(_HEAD):
            out[i] = 0
        out[0], out[1] = self._id >> 8, self._id & 255
        out[2] = _RECURSION
        out[5] = 1  # question
        at = _HEAD
        for label in labels_of(name):
            out[at] = len(label)
            out[at + 1 : at + 1 + len(label)] = label
            at += 1 + len(label)
        out[at : at + 5] = bytes((0, 0, _ADDRESS, 0, _INTERNET))
        self._length = at + 5

    def _end(self, found):
        self._found[self._asked] = found
        self._asked = None

    def datagram(self, buffer, length, peer, now):
        """An answer, if it is one to the question, from who was asked."""
        if self._asked is not None and peer[0] in self._servers() and peer[1] == PORT:
            found = self._read(memoryview(buffer)[:length])
            if found != "":
                self._end(found)
        return 0

    def _read(self, data):
        """The address in an answer, None if there is none, "" if this is no answer to the question."""
        end = self._length
        if len(data) < end or data[0] << 8 | data[1] != self._id or not data[2] & _RESPONSE:
            return ""
        if bytes(data[_HEAD:end]).lower() != bytes(self.answer[_HEAD:end]).lower():
            return ""
        if data[3] & _CODE:
            return None
        at = end
        for _ in range(data[6] << 8 | data[7]):
            at = _after_name(data, at)
            if at + 10 > len(data):
                return None
            size = data[at + 8] << 8 | data[at + 9]
            kind, family = data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3]
            at += 10
            if kind == _ADDRESS and family == _INTERNET and size == 4 and at + 4 <= len(data):
                return ".".join([str(octet) for octet in data[at : at + 4]])
            at += size
        return None


def _after_name(data, at):
    """The place after the name at data[at:]."""
    while at < len(data) and data[at]:
        if data[at] & _POINTER == _POINTER:
            return at + 2
        at += 1 + data[at]
    return at + 1


def labels_of(name):
    """The labels of a name as bytes; () if it is none."""
    labels = [label.encode() for label in name.rstrip(".").split(".")]
    if len(name) > _NAME or not all(1 <= len(label) <= _LABEL for label in labels):
        return ()
    return labels
