"""Pulse inputs by PIO, a state machine each: no closure is missed while code stands still, as for a settings
file, which takes longer than the shortest of them. More than eight in one go are told with the next.
"""

from machine import Pin
from micropython import const

import rp2
from chip import closure_native

_EVERY_MS = const(40)


class PulseInputs:
    """Tells `io` (fourquad.modules.io.IO) the closures of its first inputs, contacts to ground on `pins`."""

    def __init__(self, io, pins):
        self._io = io
        self._machines = []
        for i in range(len(pins)):
            pin = Pin(pins[i], Pin.IN, Pin.PULL_UP)
            program, hz = closure_native.count, closure_native.HZ
            machine = rp2.StateMachine(i, program, freq=hz, in_base=pin, jmp_pin=pin)
            machine.exec("set(y, 0)")
            machine.active(1)
            self._machines.append(machine)
        self._seen = [0] * len(pins)
        io.drive(len(pins))

    def work(self, now):
        """Count what has been; ms to the next time."""
        for i in range(len(self._machines)):
            machine = self._machines[i]
            last = self._seen[i]
            while machine.rx_fifo():
                last = machine.get()
            # what found no room is in the next number
            for _ in range((self._seen[i] - last) & 0xFFFF):
                self._io.pulse(i)
            self._seen[i] = last
        return _EVERY_MS


def jobs(io, pins):
    """What must be done again and again to count at these pins."""
    return [PulseInputs(io, pins)]
