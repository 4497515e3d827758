"""Looks every ten seconds for faults of the wiring (metering/wiring_check.py), one explanation of what is
seen at a time. Provider for points.WIRING.

It needs a voltage: without any there is nothing to say but that. While the setting WIRING_CHECK is 0 it does
not look, and nothing is found.
"""

from array import array

from fourquad import points as p
from fourquad import ticks
from fourquad.metering import wiring_check as w
from fourquad.part import Part
from fourquad.points import wiring as places

EVERY_MS = 10000
_STEP_MS = 5
_SOON_MS = 1500  # after a change: a whole second with the new settings
_KINDS_OF_VOLTAGES = (w.NO_VOLTAGE, w.SAME_PHASE, w.BAD_ANGLE, w.ORDER, w.VOLTAGES_SWAPPED)


def packed(finding):
    """A finding as a value of points.WIRING."""
    kind, phase, other = finding
    return (kind + 1) << 8 | phase << 4 | other


class Wiring(Part):
    """`chain` measures."""

    name = "wiring"
    follows = (p.WIRING_CHECK, p.WIRING_U, p.WIRING_I)

    def __init__(self, settings, chain):
        self._settings = settings
        self._chain = chain
        self._steps = None  # of the check under way
        self._values = array("i", [0] * places.END)
        self._anew = True
        self.wake = 0

    def provide(self, points, commands):
        points.provide(p.WIRING, self)

    def configure(self):
        """Another wiring, or no check any more."""
        self._steps = None
        self._anew = True
        self._tell(())
        if not self._settings.get(p.WIRING_CHECK):
            self._values[places.VOLTAGE] = self._values[places.CURRENT] = -1

    def window(self, now, ticked):
        """A window ends: after a change the next look is not far."""
        if self._anew:
            self._anew = False
            self.wake = ticks.add(now, _SOON_MS)

    def tick(self, now):
        """A step of a check, or the next one begins."""
        if self._steps is None:
            self.wake = ticks.add(now, EVERY_MS)
            if not self._settings.get(p.WIRING_CHECK) or not self._chain.valid:
                return
            self._steps = self._check()
        else:
            try:
                next(self._steps)
            except StopIteration:
                self._steps = None
                self.wake = ticks.add(now, EVERY_MS)
                return
        self.wake = ticks.add(now, _STEP_MS)

    def _check(self):
        """The check, in steps."""
        read = self._chain.readings.secondary
        net = self._chain.readings.network
        phases = net.phases
        first = p.V12 if net.delta else p.V1
        volts = [read[first + k] for k in range(phases)]
        angles = [0.0] + [read[p.ANGLE_V2 + k] for k in range(phases - 1)]
        if net.delta:
            angles = w.star_of_lines(angles)
        amps = [read[p.I1 + k] for k in range(phases)]
        amp_angles = [read[p.ANGLE_I1 + k] for k in range(phases)]
        # currents without a transformer of their own say nothing of wires
        derived = [k for k in range(phases) if len(net.amps[k]) != 1 or net.copied and k]
        yield
        if phases == 2:
            found = []
            for k in range(2):
                best = None
                for one in w.steps(volts[k : k + 1], (0.0,), amps[k : k + 1], (amp_angles[k] - angles[k],)):
                    best = w.likelier(one, best)
                    yield
                found += w.of_half(_findings(best), k)
            self._tell(found + w.between_halves(volts, angles))
            return
        best = None
        for one in w.steps(volts, angles, amps, amp_angles, derived):
            best = w.likelier(one, best)
            yield
        self._tell(_findings(best))

    def _tell(self, findings):
        """Show what was found."""
        values = self._values
        for i in range(places.END):
            values[i] = 0
        at = places.FINDINGS
        for finding in findings:
            kind, phase, other = finding
            values[places.RESULT] |= 1 << kind
            for k in (phase, other):
                if k:
                    values[places.RESULT] |= 1 << 11 + k
            place = places.VOLTAGE if kind in _KINDS_OF_VOLTAGES else places.CURRENT
            if not values[place]:
                values[place] = packed(finding)
            if at < places.END:
                values[at] = packed(finding)
                at += 1

    def read(self, index):
        return self._values[index]

    def check(self, index, value):
        return p.READ_ONLY if index < places.END else p.UNKNOWN

    write = check


def _findings(explanation):
    _, findings, _ = explanation
    return findings


def make(meter):
    """The part of a meter."""
    return Wiring(meter.settings, meter.chain)
