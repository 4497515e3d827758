"""A small meter with BACnet objects: points in arrays, two texts, a clock."""

from array import array

from fourquad import points as p
from fourquad.calendar.clock import Clock
from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import services
from fourquad.protocols.bacnet.application import Application
from fourquad.protocols.bacnet.network import Network
from fourquad.protocols.bacnet.objects import Objects

IDENTIFIER = p.SETTING
REVISION = p.SETTING + 1
MAX_MASTER = p.SETTING + 2
INFO_FRAMES = p.SETTING + 3
RATIO = p.SETTING + 4  # in hundredths, 0.05 to 320
CODE = p.SETTING + 5  # 0 to 2
VENDOR = p.SETTING + 6
NAME = p.SETTING + 64
PLACE = p.SETTING + 65

SERVICES = (1 << 12) | (1 << 14) | (1 << 15) | (1 << 17) | (1 << 20) | (1 << 32) | (1 << 33) | (1 << 34)


def hexed(data):
    """Octets as text."""
    return " ".join([f"{octet:02X}" for octet in data])


class Settings:
    """Numbers with ranges, and two texts of 1 to 64 printable characters."""

    RANGES = ((0, 4194302), (0, 65535), (1, 127), (1, 1), (5, 32000), (0, 2), (0, 65535))

    def __init__(self):
        self.values = [3, 1, 127, 1, 100, 0, 99]
        self.texts = self
        self.names = [b"Meter 3", b"Installed location not yet identified"]

    def read(self, index):
        return self.names[index - 64] if index >= 64 else self.values[index]

    def longest(self, index):
        return 64

    def check(self, index, value):
        if index >= 64:
            printable = all(32 <= code < 127 for code in value)
            return 0 if 1 <= len(value) <= self.longest(index) and printable else p.RANGE
        low, high = self.RANGES[index]
        return 0 if low <= value <= high else p.RANGE

    def write(self, index, value):
        if index >= 64:
            self.names[index - 64] = value
        else:
            self.values[index] = value
        return 0


class Missing:
    """What the meter has not got."""

    def read(self, index):
        raise KeyError(index)


class Tables:
    # one row an instance: name, point, scale, units, fault, about
    OBJECTS = (
        (
            c.ANALOG_INPUT,
            (
                (b"Volts", p.PRESENTED + p.V1, None, 5, None, b"Voltage of phase A"),
                (b"Energy", p.ENERGY, 10, 19, None, b"Energy that came"),
                (b"Nothing", None, None, 95, None, b"Reserved"),
                (b"Absent", p.PROFILE, 1, 95, p.STATE + 1, b"What is not there at present"),
                (b"V5", p.PRESENTED + p.V2, None, 5, None, b"Voltage of phase B"),
            ),
        ),
        (
            c.ANALOG_VALUE,
            (
                (b"Ratio", RATIO, 100, 95, None, b"Ratio of the transformers"),
                (b"Code", CODE, 1, 95, None, b"One of three"),
            ),
        ),
        (
            c.BINARY_INPUT,
            ((b"First", p.STATE + 2, 0, 0, None, b"Bit 0"), (b"Third", p.STATE + 2, 2, 0, None, b"Bit 2")),
        ),
    )
    DEVICE = (
        IDENTIFIER,
        NAME,
        PLACE,
        (VENDOR, b"Nobody"),
        b"Model",
        (b"1.0", b"2.0"),
        (MAX_MASTER, INFO_FRAMES),
        REVISION,
        25,
        None,
        None,
    )


class Plant:
    """`ask(hex)` gives the answer to an APDU, in hex."""

    def __init__(self, tables=Tables):
        self.readings = array("f", [0.0] * 64)
        self.readings[p.V1] = 230.5
        self.readings[p.V2] = 72.3
        self.energy = array("i", [123456])
        self.state = [0, 0, 5] + [0] * 61
        self.settings = Settings()
        self.clock = Clock()
        points = self.points = p.Points()
        points.provide(p.PRESENTED, p.ReadOnly(self.readings))
        points.provide(p.ENERGY, p.ReadOnly(self.energy))
        points.provide(p.STATE, p.ReadOnly(self.state))
        points.provide(p.PROFILE, Missing())
        points.provide(p.SETTING, self.settings, 2)
        self.objects = Objects(tables, points, self.clock, SERVICES)
        self.application = Application(self.objects, services.CONFIRMED, services.UNCONFIRMED)
        self.network = Network(self.application)
        self.target = bytearray(600)

    def run(self, apdu):
        end = self.application.run(apdu, 0, len(apdu), self.target, 7)
        return bytes(self.target[7:end])

    def ask(self, text):
        apdu = bytes([int(octet, 16) for octet in text.split()])
        return hexed(self.run(apdu))
