"""BACnet over MS/TP on a port of a meter, as protocols/station.py wants it."""

from fourquad import points as p
from fourquad.points import system as s
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import services, trend
from fourquad.protocols.bacnet.application import Application
from fourquad.protocols.bacnet.mstp.node import COUNTERS, Node
from fourquad.protocols.bacnet.network import Network
from fourquad.protocols.bacnet.objects import Objects

# Bits of Protocol_Services_Supported, of what is executed.
_SERVICES = (12, 14, 15, 17, 20, 32, 33, 34)
_READ_RANGE = 35


class Master(Node):
    """A node whose application knows the time. `again()` begins the meter anew."""

    def __init__(self, application, get, again):
        self.application = application
        self._begin_anew = again
        super().__init__(Network(application), get)

    def poll(self, now):
        application = self.application
        application.tick(now)
        n = super().poll(now)
        if application.restart is not None and not n and not self.waiting():
            # the answer has gone out
            application.restart = None
            self._begin_anew()
        return n


def make(tables, parts, address, speed):
    """A master node with the objects of a model's `tables`, and the names of its counters."""
    points = parts[0]
    bits = 0
    for bit in _SERVICES:
        bits |= 1 << bit
    confirmed, more, whose = services.CONFIRMED, (), ()
    if any(kind == c.TREND_LOG for kind, _ in tables.OBJECTS):
        bits |= 1 << _READ_RANGE
        confirmed += trend.SERVICES
        more, whose = trend.TABLES, (trend,)
    objects = Objects(tables, points, points.provider(p.STATE), bits, more, whose)
    application = Application(objects, confirmed, services.UNCONFIRMED)
    # in the order of node.ADDRESS ...
    settings = (address, p.SETTING + s.MAX_MASTER, p.SETTING + s.INFO_FRAMES, speed)

    def again():
        points.write(p.COMMAND + s.RESTART, 1)

    return Master(application, lambda what: points.read(settings[what]), again), COUNTERS
