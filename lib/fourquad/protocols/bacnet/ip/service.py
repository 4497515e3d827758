"""BACnet/IP as a service of the network module."""

from fourquad import points as p
from fourquad.net import piece
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.protocols.bacnet import codes, cov, outputs, services
from fourquad.protocols.bacnet import properties as pr
from fourquad.protocols.bacnet.application import Application
from fourquad.protocols.bacnet.ip.node import COUNTERS, Node
from fourquad.protocols.bacnet.objects import Objects

__all__ = ("COUNTERS", "make")

LONGEST = 1024  # octets of an APDU
_HEADERS = 25  # octets before that of an answer, at most: of the data link and of the network layer
# Bits of Protocol_Services_Supported, of what is executed.
_SERVICES = (5, 12, 14, 15, 17, 20, 32, 33, 34)
_PROPERTY = 0
_LINE = (codes.MAX_MASTER, codes.MAX_INFO_FRAMES)  # properties of an MS/TP line


def tables_besides():
    """Tables of properties that differ from those of properties.py, or come besides."""
    return (
        (codes.ANALOG_INPUT, pr.INPUT + cov.INCREMENT),
        (codes.BINARY_OUTPUT, pr.OUTPUT),
        (codes.DEVICE, tuple([row for row in pr.DEVICE if row[_PROPERTY] not in _LINE]) + cov.ACTIVE),
    )


def make(row, parts):
    """The service of a row of SERVICES; its TABLES: the module with the objects."""
    points = parts.points
    tables = __import__(row[c.TABLES], None, None, ("OBJECTS",))
    bits = 0
    for bit in _SERVICES:
        bits |= 1 << bit
    objects = Objects(tables, points, points.provider(p.STATE), bits, tables_besides(), (cov, outputs))
    objects.longest = LONGEST
    objects.timeout = cov.TIMEOUT_MS
    objects.retries = cov.TRIES - 1
    application = Application(objects, services.CONFIRMED + cov.SERVICES, services.UNCONFIRMED)
    application.longest = LONGEST - _HEADERS

    def again():
        points.write(p.SETTING + p.MODULE_RESET, 1)

    node = Node(application, points, again, piece(parts.shared))
    at = p.SETTING + n.BACNET_INCREMENTS
    texts, place = points.provider(at).texts, at - points.base(at)
    objects.keep = lambda octets: texts.write(place, octets)

    def began(now):
        objects.increments = cov.unpacked(texts.read(place))

    node.began = began
    return node
