"""The network services of a device: what its model's SERVICES name, on one switchboard, as one more port of
the loop.
"""

import sys

from fourquad import points as p
from fourquad.net.access import Access
from fourquad.net.address import dotted, fixed, is_address
from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.points.audit import AUDIT, FAILED


class Parts:
    """What a service may use (fourquad.net)."""

    def __init__(
        self, points, registers, resolve=None, random=None, files=None, serial=b"", name=None, cipher=None
    ):
        self.points = points
        self.registers = registers
        self.resolve = resolve
        self.random = random
        self.files = files
        self.serial = serial
        self.name = name
        self.cipher = cipher
        self.tls = None  # begins layers of TLS, where a device has that (net/secured.py)
        self.shared = {}
        self.audit = audit_of(points)

    def serve(self, name, peer):
        """The service of this name works for `peer`; for nobody any more."""
        if self.audit:
            self.audit.serve(name, peer)

    def broke(self, name, error, count):
        """A service has failed so many times, the last time by this exception: said where a developer may
        look, and in the audit log.
        """
        print("fourquad:", name, "failed, the meter goes on", file=sys.stderr)
        if hasattr(sys, "print_exception"):
            sys.print_exception(error, sys.stderr)
        else:
            sys.excepthook(type(error), error, error.__traceback__)
        if self.audit:
            self.audit.note(FAILED, 0, 0, count, type(error).__name__.encode())


def audit_of(points):
    """The audit log of a meter (meter/audit.py), None where there is none."""
    try:
        return points.provider(AUDIT)
    except KeyError:
        return None


def make(row, parts):
    """The service of a row of SERVICES. Only what a model has is imported."""
    module = __import__("fourquad.protocols." + row[c.MACHINE], None, None, ("make",))
    return module.make(row, parts)


def port_of(row, points):
    """The port on which the service of this row is to listen now; 0 if it is switched off, None of a client
    that is on.
    """
    port = row[c.SERVICE_PORT]
    for switch, values in row[c.SWITCH]:
        # of several settings one is enough
        those = switch if isinstance(switch, tuple) else (switch,)
        if not any(points.read(p.SETTING + each) in values for each in those):
            return 0
    if not row[c.FAST] and _fast_read(points):
        return 0
    return None if port is None else points.read(p.SETTING + port)


def _fast_read(points):
    try:
        return points.read(p.SETTING + n.FAST_READ)
    except KeyError:
        return 0


def access_of(row, points):
    """What says who is let in, or None where anybody is."""
    return None if row[c.WHITELIST] is None else Access(points, row[c.WHITELIST]).admits


class Network:
    """A port of device/loop.py. `sockets`: the network (net/switchboard.py); `rows`: the model's SERVICES;
    `module`: the meter's part meter.network, whose reset makes changes take effect; `join(address)`: takes
    the device's address (net/address.py), where it has one of its own. Nothing listens that is not switched
    on.
    """

    slow = True  # one event takes milliseconds

    def __init__(self, rows, parts, sockets, module=None, join=None):
        self.seen = 0  # as of a serial port: 1 a request was seen, 2 it was answered
        self.failed = 0  # services whose port could not be had
        self._next = 0  # the row that is to begin
        self._rows = rows
        self._parts = parts
        self._desks = {}
        self._join = join
        self._names = None  # asks name servers, once somebody wants to know
        parts.resolve = self.resolve
        parts.random = sockets.random
        parts.cipher = getattr(sockets, "cipher", None)
        parts.tls = getattr(sockets, "tls", None)
        self.board = Switchboard(sockets)
        self._renew()
        if module:
            module.on_reset = self._renew
            module.desks = self._desks

    def _renew(self):
        """Begin anew with the settings of then, when the loop comes by: first an answer is finished."""
        self.quiet = self._begin

    def _begin(self, now):
        self.board.close_all(now)
        self.failed = 0
        if self._join:
            self._join(fixed(self._parts.points))
        self._next = 0
        self.quiet = self._begin_next
        return False

    def _begin_next(self, now):
        """The next service that is switched on: all of them at once would take 0.2 s."""
        points = self._parts.points
        while self._next < len(self._rows):
            row = self._rows[self._next]
            self._next += 1
            port = port_of(row, points)
            if port == 0:
                continue
            try:
                self._open(row, port, now)
            except OSError:
                self.failed += 1
            except Exception as error:
                # the others are served, and the meter goes on
                self.failed += 1
                self._parts.serve(row[c.NAME], None)
                self._parts.broke(row[c.NAME], error, 1)
                self._parts.serve(None, None)
            return False
        self.quiet = self.board.quiet
        if self._names:
            self.board.open(self._names, None, now)
        return False

    def _open(self, row, port, now):
        """Serve, from what the row says."""
        name = row[c.NAME]
        if name not in self._desks:
            service, access = make(row, self._parts), access_of(row, self._parts.points)
            if self._parts.tls:
                from fourquad.net.secured import around

                service = around(service, self._parts.tls, name == "https")
            desk = Desk(name, row[c.SERVICE], service, row[c.MOST], row[c.IDLE_S], access)
            self._desks[name] = desk
            desk.served = self._parts.serve
            desk.broke = self._parts.broke
        desk = self._desks[name]
        self.board.open(desk, port, now)
        desk.begin(now)

    def resolve(self, name):
        """The address of a host, as parts have it (fourquad.net)."""
        if is_address(name):
            return name
        if not self._names:
            from fourquad.net.dns import Resolver

            self._names = Desk("dns", "datagram", Resolver(self._servers))
            self._names.broke = self._parts.broke
            self.board.open(self._names, None, 0)
        return self._names.service.resolve(name)

    def _servers(self):
        points = self._parts.points
        return [dotted(points, first) for first in (n.DNS_1, n.DNS_2)]

    def poll(self, now):
        """One event."""
        return self.board.poll(now)

    def awaited(self):
        """Nobody on a network waits for milliseconds."""
        return False

    def follow(self):
        """Settings take effect with a reset of the module."""

    def stop(self):
        """Leave the network."""
        self.board.close_all(0)
