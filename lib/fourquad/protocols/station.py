"""What one port of a meter speaks: one of several protocols, as a setting says.

Every protocol is a machine with the same face:
- `answer`: the buffer in which it answers; `counters` of what it saw;
- `run(buffer, length, age_us)`: takes bytes, the last of which came `age_us` microseconds ago; the length of
  the answer, or 0;
- `poll(now)`: called again and again with the time (`fourquad.ticks`, ms) while nothing is being sent; the
  length of what is to be sent without having been asked, or 0;
- `due()`, where it knows: milliseconds from the last `poll` to the next one that is wanted if nothing comes;
- `restart()`, where it has a state to forget: another protocol is spoken from now on, or this one again;
- `framed`: whether `run` must be given whole runs between silences; otherwise bytes as they come;
- `baud`, where the protocol needs that: the speed of the line now, with eight bits and no parity;
- `sets_speed`, True where the protocol itself changes that speed;
- `awaited()`, where it shares its line in turns: whether it may be called on at any moment, and must answer
  within milliseconds. It then does what `wish`, set to True, asks for: it sends something after which nothing
  is wanted of it for `spare` ms. `sent(age_us)` tells it how long ago the end of what it sent was.
"""

from fourquad import points as p
from fourquad.points import columns as c

# Protocols, and the modules whose `make(tables, parts, address, speed)` gives a machine and the names of its
# counters. `address` and `speed` are point ids, the latter None where it is no serial line.
_MACHINES = (
    ("modbus", "modbus.rtu"),
    ("dnp3", "dnp3.outstation"),
    ("iec62056", "iec62056.server"),
    ("bacnet", "bacnet.mstp.port"),
)


class Station:
    """`row`: of a model's PORTS; `parts`: (points, register map or None). `machine` is what speaks now.

    `spare`: whether all machines are there at all times; otherwise one is made when it is chosen, and
    forgotten when another one is, because they take some 15 KB.
    """

    def __init__(self, row, parts, spare=True):
        self.name = row[c.NAME]
        self.address = p.SETTING + row[c.PORT_ADDRESS]
        self._row = row
        self._parts = parts
        self._spare = spare
        self.machines = [None] * len(row[c.SPEAKS])
        self.counters = [()] * len(row[c.SPEAKS])  # names of each machine's counters
        if spare:
            for i in range(len(row[c.SPEAKS])):
                self._machine(i)
        self._at = _chosen(row, parts[0])
        self.machine = self._machine(self._at)
        self.framed = self.machine.framed

    def _machine(self, i):
        if self.machines[i] is None:
            kind, tables = self._row[c.SPEAKS][i]
            self.machines[i], self.counters[i] = _make(kind, tables, self._parts, self._row)
        return self.machines[i]

    def load(self):
        """Import what is chosen, see `load` below."""
        _module(self._row[c.SPEAKS][_chosen(self._row, self._parts[0])][0])

    def due(self):
        """Whether the setting has changed since `follow`."""
        return _chosen(self._row, self._parts[0]) != self._at

    def follow(self):
        """Take over a change of the setting, after the answer that confirmed it; whether there was one."""
        at = _chosen(self._row, self._parts[0])
        if at == self._at:
            return False
        machine = self._machine(at)
        if not self._spare:
            self.machines[self._at] = None
        self._at = at
        self.machine = machine
        if hasattr(machine, "restart"):
            machine.restart()
        self.framed = machine.framed
        return True

    def run(self, buffer, length, age_us):
        return self.machine.run(buffer, length, age_us)

    def poll(self, now):
        return self.machine.poll(now)


def load(row, points):
    """Import what a port speaks at first. Who composes a meter does so before it makes the port: imports in
    imports take much of the stack, and further down there is no room for them.
    """
    _module(row[c.SPEAKS][_chosen(row, points)][0])


def _chosen(row, points):
    """The number of what a port is to speak."""
    return 0 if row[c.PROTOCOL] is None else points.read(p.SETTING + row[c.PROTOCOL])


def _module(kind):
    """Only what a port can speak is imported."""
    for known, name in _MACHINES:
        if known == kind:
            return __import__("fourquad.protocols." + name, None, None, ("make",))
    raise ValueError(kind)


def _make(kind, tables, parts, row):
    """A machine, and the names of its counters."""
    speed = None if row[c.BAUD] is None else p.SETTING + row[c.BAUD]
    return _module(kind).make(tables, parts, p.SETTING + row[c.PORT_ADDRESS], speed)
