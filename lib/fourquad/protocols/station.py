"""What one port of a meter speaks: one of several protocols, as a setting says.

Every protocol is a machine with the same face:
- `answer`: the buffer in which it answers; `counters` of what it saw;
- `run(buffer, length, age_us)`: takes bytes, the last of which came `age_us` microseconds ago; the length of
  the answer, or 0;
- `poll(now)`: called again and again with the time (`fourquad.ticks`, ms) while nothing is being sent; the
  length of what is to be sent without having been asked, or 0;
- `restart()`, where it has a state to forget: another protocol is spoken from now on, or this one again;
- `framed`: whether `run` must be given whole runs between silences; otherwise bytes as they come;
- `baud`, where the protocol changes it: the speed that the line must have now, with eight bits and no parity.
"""

from fourquad import points as p


class Station:
    """`row`: of a model's PORTS; `parts`: (points, register map or None). `machine` is what speaks now."""

    def __init__(self, row, parts):
        self.name, choice, address = row[:3]
        self._points = parts[0]
        self._choice = None if choice is None else p.SETTING + choice
        self.machines = []
        self.counters = []  # names of each machine's counters
        for kind, tables in row[5]:
            machine, counters = _make(kind, tables, parts, p.SETTING + address, row[3])
            self.machines.append(machine)
            self.counters.append(counters)
        self.address = p.SETTING + address
        self.machine = self.machines[0]
        self.framed = True
        self.follow()

    def follow(self):
        """Take over a change of the setting, behind the answer that confirmed it; whether there was one."""
        at = 0 if self._choice is None else self._points.read(self._choice)
        machine = self.machines[at]
        changed = machine is not self.machine
        if changed:
            self.machine = machine
            if hasattr(machine, "restart"):
                machine.restart()
        self.framed = machine.framed
        return changed

    def run(self, buffer, length, age_us):
        return self.machine.run(buffer, length, age_us)

    def poll(self, now):
        return self.machine.poll(now)


def _make(kind, tables, parts, address, baud):
    """A machine, and the names of its counters. Only what a port can speak is imported."""
    points, registers = parts
    if kind == "modbus":
        from fourquad.protocols.modbus.slave import COUNTERS, Slave

        return Slave(registers, address), COUNTERS
    if kind == "dnp3":
        from fourquad.protocols.dnp3.outstation import COUNTERS, Outstation

        speed = None if baud is None else p.SETTING + baud
        return Outstation(points, tables, address, speed), COUNTERS
    if kind == "iec62056":
        from fourquad.protocols.iec62056.server import make
        from fourquad.protocols.iec62056.slave import COUNTERS

        return make(tables, points), COUNTERS
    raise ValueError(kind)
