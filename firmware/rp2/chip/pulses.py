"""Pulse outputs and LEDs by PIO, a state machine each: what is under way goes on while code stands still.

A collection of garbage, a settings file or, on an RP2350, an erase of the flash stops code for longer than
half an impulse of 80 ms, so the times are the hardware's. Its queue of eight words holds four impulses, or
eight edges of an LED: 640 ms and 160 ms at the highest constants.
"""

from machine import Pin
from micropython import const

import rp2
from chip import pulse_native

_EVERY_MS = const(40)
_QUEUE = const(8)
_STEPS = const(4)  # of the program a millisecond


def _word(level, ms):
    return level | (_STEPS * ms - pulse_native.OVERHEAD) << 1


class PulseOutputs:
    """Puts the impulses of `pulses` (fourquad.billing.pulses.Pulses) on `pins`, in their order, at most
    eight.
    """

    def __init__(self, pulses, pins):
        self._pulses = pulses
        self._machines = []
        for i in range(len(pins)):
            pin = Pin(pins[i], Pin.OUT, value=0)
            machine = rp2.StateMachine(i, pulse_native.hold, freq=pulse_native.HZ, out_base=pin)
            machine.active(1)
            self._machines.append(machine)
        pulses.ahead = self.ahead

    def ahead(self, i):
        """How many impulses (edges of an LED) output `i` was given and has not begun."""
        words = self._machines[i].tx_fifo()
        return words if self._pulses.led(i) else words // 2

    def work(self, now):
        """Fill the queues; ms to the next time."""
        pulses = self._pulses
        waiting = pulses.waiting
        for i in range(len(self._machines)):
            if not waiting[i]:
                continue
            machine = self._machines[i]
            while machine.tx_fifo() <= _QUEUE - 2 and pulses.take(i):
                if pulses.led(i):
                    machine.put(_word(pulses.states[i], pulses.spacing(i)))
                else:
                    machine.put(_word(1, pulses.widths[i]))
                    machine.put(_word(0, pulses.spacing(i) - pulses.widths[i]))
        return _EVERY_MS

    def stop(self):
        """Bring the outputs to rest, off."""
        for machine in self._machines:
            machine.active(0)
            machine.exec("set(pins, 0)")
