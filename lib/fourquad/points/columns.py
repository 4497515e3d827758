"""Columns of the rows of a model's settings, commands, registers, ports and I/O modules, which models/rows.py
and models/__init__.py build.
"""

# Of a setting and of a command.
OFFSET = 0  # place in points.SETTING or points.COMMAND
SEAL = 1  # the rule of the seal for it, a place in SEALS: meter/settings.py

# Of a setting; a text has the first, too.
DEFAULT = 2
LOW = 3
HIGH = 4
CHOICES = 5  # the only values allowed; None where all from LOW to HIGH are

# Of a text.
SHORTEST = 3
LONGEST = 4
CHARACTERS = 5  # ranges of codes: (lowest, highest)
SECRET = 6  # whether it is told to nobody

# Of the row of a register, also of a command's.
ADDRESS = 0
REGISTERS = 1  # how many
KIND = 2
POINT = 3

# Of that of a command.
ACT = 4  # the value that acts
IDLE = 5  # values that do nothing; the register reads the first

# Of what an alarm may watch.
WATCHED = 0  # the point
FACTOR = 1  # by which its value becomes the whole number that set points and records have
SIDE = 2  # what a fast reading of the primary side is larger by, a place in Readings.fast_ratios
WATCH = 3  # WATCH_VALUE ...

# Of a port.
NAME = 0
LINK = 1  # the kind of what it needs: "uart", "tcp" or "udp"
PROTOCOL = 2  # offsets into points.SETTING: which of SPEAKS; None where there is one only
PORT_ADDRESS = 3
BAUD = 4  # None where it is no serial line
PARITY = 5
SPEAKS = 6  # (name of the protocol, its tables), in the order of the protocol setting's values

# Of a network service, after NAME.
SERVICE = 1  # "stream", "datagram" or "client": fourquad.net
MACHINE = 2  # the module below fourquad.protocols that makes it
SWITCH = 3  # what switches it on: (offset into points.SETTING, values) of each; () where it is always on
SERVICE_PORT = 4  # offset of its port, 0 of which is off; None of a client
MOST = 5  # connections at once
IDLE_S = 6  # seconds without a byte after which one is closed; 0: never
TABLES = 7  # what else its machine wants to know
WHITELIST = 8  # offset of what lets in only known addresses (net/access.py); None: anybody is let in
FAST = 9  # whether it is there in the fast read mode

# Of an I/O module, after NAME: its bit in points.MODULES, then what it has of each kind as (first, how many,
# offset of the first setting or None), the first counted from 0 over all modules.
BIT = 1
INPUTS = 2
RELAYS = 3
OUTPUTS = 4
ANALOG_INPUTS = 5
ANALOG_OUTPUTS = 6

# Of those three.
FIRST = 0
NUMBER = 1
SETTINGS_AT = 2

# Of what an analog output may follow: the reading and what it is multiplied by, then (lowest, highest) of
# each range of which its values may be.
READING = 0
SCALE = 1
RANGES = 2
