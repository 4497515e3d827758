"""Supervision of voltages, currents and directions (A1000 display codes 10-35, appendix B).

Once a second every condition is looked at; one that has held for the delay becomes an event, which began when
the condition did, and ends when the condition has been gone for the delay. An event is counted, its time
added up, its start and stop stamped; a voltage loss and a phase failure keep the energies of the system
meanwhile.

A phase's voltage is lost below one limit; while current flows that is a voltage loss, without current a phase
failure. Undervoltage is what lies between that limit and the lower one of normal voltage. A current is
missing where its voltage is there and another phase carries current. A reversal is active power of the other
sign.
"""

from array import array

from fourquad import points as p
from fourquad.points import billing as b
from fourquad.registers import image

_N = b.EVENTS
_KEPT = b.VOLTAGE_LOSS  # six events in a row, of which energies are kept
_KEPTS = 6
_MOST = 255
_TOP = (1 << 32) - 1  # of seconds and stamps
_SETTINGS = (p.NOMINAL_VOLTAGE, p.RATED_CURRENT, p.MAXIMUM_CURRENT, p.SV_OVER_VOLTAGE)
_SETTINGS += (p.SV_UNDER_VOLTAGE, p.SV_LOST_VOLTAGE, p.SV_OVER_CURRENT, p.SV_LOW_CURRENT, p.SV_DELAY)
# The voltages of the phases by WIRING_U; without a neutral they are those between lines.
_STAR, _LINES = (p.V1, p.V2, p.V3), (p.V12, p.V23, p.V31)
_VOLTS = (_STAR, (p.V1,), _LINES, _LINES, (p.V12,))
_WARNINGS = (
    (b.OVER_VOLTAGE, 3),
    (b.UNDER_VOLTAGE, 3),
    (b.VOLTAGE_LOSS, 3),
    (b.PHASE_FAILURE, 3),
    (b.CURRENT_REVERSAL, 3),
    (b.ENERGY_REVERSAL, 1),
    (b.MISSING_CURRENT, 3),
    (b.PHASE_SEQUENCE, 1),
)


class Supervision:
    """`zone` makes local time of the stamps, which are kept in UTC; the provider for points.SUPERVISION."""

    def __init__(self, zone):
        self._zone = zone
        self.counts = array("I", [0] * _N)
        self.seconds = array("I", [0] * _N)
        self.starts = array("I", [0] * _N)
        self.stops = array("I", [0] * _N)
        self._joules = array("q", [0] * (2 * _KEPTS))
        self.active = bytearray(_N)
        self._now = bytearray(_N)
        self._held = bytearray(_N)
        self.size = 16 * _N + 16 * _KEPTS + 32
        self.any = False
        self.configure(2300, 5000, 60000, 115, 85, 60, 120, 5, 10, (p.V1, p.V2, p.V3))

    def configure(self, nominal, rated, maximum, over, under, lost, over_current, low_current, delay, volts):
        """Volts in 0.1 V, currents in mA (secondary), limits in percent (`low_current` in tenths) of the
        nominal voltage, of the maximum and the rated current; `delay` in seconds. `volts`: the readings of
        the phases, as many as there are.
        """
        self._over = nominal * over / 1000
        self._under = nominal * under / 1000
        self._lost = nominal * lost / 1000
        self._over_current = maximum * over_current / 100000
        self._low_current = rated * low_current / 1000000
        self._reverse = -self._low_current * self._lost
        self._delay = min(delay, _MOST)
        self._volts = volts
        for i in range(_N):
            self._held[i] = 0

    def follow(self, get):
        """Take over the settings that `get(offset)` gives (points.NOMINAL_VOLTAGE, SV_OVER_VOLTAGE ...)."""
        values = [get(offset) for offset in _SETTINGS]
        self.configure(*(values + [_VOLTS[get(p.WIRING_U)]]))

    def look(self, r, utc):
        """A second has passed; `r` are the secondary readings, `utc` its second. Whether an event began or
        ended.
        """
        now, low = self._now, self._low_current
        phases = len(self._volts)
        carrying = lost = failed = 0
        for k in range(phases):
            if r[p.I1 + k] > low:
                carrying += 1
        for k in range(phases):
            v, i = r[self._volts[k]], r[p.I1 + k]
            gone = v < self._lost
            flows = i > low
            now[b.OVER_VOLTAGE + k] = v > self._over
            now[b.UNDER_VOLTAGE + k] = not gone and v < self._under
            now[b.VOLTAGE_LOSS + k] = gone and flows
            now[b.PHASE_FAILURE + k] = gone and not flows
            now[b.OVER_CURRENT + k] = i > self._over_current
            now[b.CURRENT_REVERSAL + k] = r[p.P1 + k] < self._reverse
            now[b.MISSING_CURRENT + k] = not gone and not flows and carrying > 0
            lost += gone
            failed += now[b.PHASE_FAILURE + k]
        now[b.ENERGY_REVERSAL] = r[p.P_SUM] < self._reverse
        now[b.PHASE_SEQUENCE] = phases == 3 and not lost and r[p.ANGLE_V2] > 180.0
        now[b.ALL_VOLTAGE_LOSS] = lost == phases
        now[b.ONE_PHASE_FAILURE] = failed == 1 and phases > 1
        now[b.TWO_PHASE_FAILURE] = failed == 2
        changed = False
        active, held = self.active, self._held
        for i in range(_N):
            if active[i]:
                self._lasted(i, 1)
            if i == b.POWER_DOWN or now[i] == active[i]:
                held[i] = 0
                continue
            held[i] += 1
            if held[i] >= self._delay:
                changed = True
                # at the calendar's beginning it may have begun before that
                self._turn(i, max(1, utc - held[i] + 1))
                held[i] = 0
        if changed:
            self.any = any(active)
        return changed

    def _turn(self, i, utc):
        if self.active[i]:
            self.active[i] = 0
            self.stops[i] = utc
            # the time until it was known that it is over does not count
            self.seconds[i] -= min(self.seconds[i], self._held[i])
        else:
            self.active[i] = 1
            self.counts[i] += 1
            self.starts[i] = utc
            self._lasted(i, self._held[i])

    def _lasted(self, i, seconds):
        """An event has lasted for so many seconds more; the register holds at its end."""
        self.seconds[i] = min(self.seconds[i] + seconds, _TOP)

    def add(self, joules):
        """Energies of the system while events last."""
        for i in range(_KEPTS):
            if self.active[_KEPT + i]:
                self._joules[2 * i] += joules[b.ACTIVE_IMPORT]
                self._joules[2 * i + 1] += joules[b.ACTIVE_EXPORT]

    def power_was_down(self, since, until):
        """There was no power between two seconds of UTC, in whatever order a clock gives them: every event
        that lasted then ended with it.
        """
        for i in range(_N):
            self._held[i] = 0
            if self.active[i]:
                self.active[i] = 0
                self.stops[i] = since
        self.any = False
        i = b.POWER_DOWN
        self.counts[i] += 1
        self.starts[i] = since
        self.stops[i] = until
        if until > since:
            self._lasted(i, until - since)

    @property
    def warnings(self):
        """ERR 1: the warnings that last, a bit each."""
        if not self.any:
            return 0
        word = 0
        for bit in range(8):
            first, count = _WARNINGS[bit]
            for i in range(first, first + count):
                word |= self.active[i] << bit
        return word

    def clear(self):
        """Forget what happened; what lasts begins anew."""
        for values in (self.counts, self.seconds, self.starts, self.stops, self.active, self._held):
            for i in range(_N):
                values[i] = 0
        for i in range(2 * _KEPTS):
            self._joules[i] = 0
        self.any = False

    # The provider.

    def read(self, index):
        event, field = index >> 3, index & 7
        if event >= _N:
            raise KeyError(index)
        if field == b.EVENT_COUNT:
            return self.counts[event]
        if field == b.EVENT_SECONDS:
            return self.seconds[event]
        if field in (b.EVENT_START, b.EVENT_STOP):
            utc = self.starts[event] if field == b.EVENT_START else self.stops[event]
            return self._zone.local(utc) if utc else 0
        if field == b.EVENT_ACTIVE:
            return self.active[event]
        at = 2 * (event - _KEPT) + field - b.EVENT_IMPORT
        if field > b.EVENT_ACTIVE or not _KEPT <= event < _KEPT + _KEPTS:
            raise KeyError(index)
        return self._joules[at] // 3600

    def check(self, index, value):
        return p.READ_ONLY if index >> 3 < _N else p.UNKNOWN

    write = check

    def dump(self, buffer, at):
        """`size` bytes to buffer[at:]; the place after them."""
        for values in (self.counts, self.seconds, self.starts, self.stops):
            at = image.put(buffer, at, values, 4 * _N)
        at = image.put(buffer, at, self._joules, 16 * _KEPTS)
        for i in range(_N):
            buffer[at + i] = self.active[i]
        return at + 32

    def restore(self, buffer, at):
        """Take back what `dump` wrote; the place after it."""
        for values in (self.counts, self.seconds, self.starts, self.stops):
            at = image.take(buffer, at, values, "I")
        at = image.take(buffer, at, self._joules, "q")
        for i in range(_N):
            self.active[i] = buffer[at + i]
        self.any = any(self.active)
        return at + 32
