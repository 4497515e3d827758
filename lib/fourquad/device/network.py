"""The network services of a device: what its model's SERVICES name, on one switchboard, as one more port of
the loop.
"""

from fourquad import points as p
from fourquad.net.desk import Desk
from fourquad.net.switchboard import Switchboard
from fourquad.points import columns as c


class Parts:
    """What a service may use (fourquad.net)."""

    def __init__(self, points, registers, resolve):
        self.points = points
        self.registers = registers
        self.resolve = resolve


def make(row, parts):
    """The service of a row of SERVICES. Only what a model has is imported."""
    module = __import__("fourquad.protocols." + row[c.MACHINE], None, None, ("make",))
    return module.make(row, parts)


def port_of(row, points):
    """The port on which the service of this row is to listen now; 0 if it is switched off, None of a client
    that is on.
    """
    switch, port = row[c.SWITCH], row[c.SERVICE_PORT]
    if switch is not None and not points.read(p.SETTING + switch):
        return 0
    return None if port is None else points.read(p.SETTING + port)


class Network:
    """A port of device/loop.py. `sockets`: the network (net/switchboard.py); `rows`: the model's SERVICES.
    Nothing listens that is not switched on; changes take effect with `restart`.
    """

    def __init__(self, rows, parts, sockets):
        self.seen = 0  # as of a serial port: 1 a request was seen, 2 it was answered
        self.failed = 0  # services whose port could not be had
        self._rows = rows
        self._parts = parts
        self._services = {}
        self.board = Switchboard(sockets)
        self.quiet = self._first

    def _first(self, now):
        """The loop has begun."""
        self.quiet = self.board.quiet
        self.start(now)
        return False

    def start(self, now):
        """Open what is switched on."""
        self.failed = 0
        for row in self._rows:
            port = port_of(row, self._parts.points)
            if port == 0:
                continue
            name = row[c.NAME]
            if name not in self._services:
                self._services[name] = make(row, self._parts)
            desk = Desk(name, row[c.SERVICE], self._services[name], row[c.MOST], row[c.IDLE_S])
            try:
                self.board.open(desk, port, now)
            except OSError:
                self.failed += 1

    def restart(self, now):
        """End all connections, and begin with the settings of now."""
        self.board.close(now)
        self.start(now)

    def poll(self, now):
        """One event."""
        return self.board.poll(now)

    def follow(self):
        """Settings take effect with a restart."""

    def stop(self):
        """Leave the network."""
        self.board.close(0)
