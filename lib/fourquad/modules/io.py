"""The I/O modules of a meter: the provider for points.MODULE, set and read by pins or a simulator.

A model's MODULES (models/rows.py) says what the modules have; MODULES_AT_ONCE of them may be connected (all,
without it), the first one is unless somebody says which. Terminals of modules that are not connected read 0
and cannot be written; their settings and counts are kept. The first input of all also ends a demand window
that is synchronized from outside.
"""

from fourquad import points as p
from fourquad.modules.absent import Absent
from fourquad.modules.inputs import TOP, Inputs
from fourquad.modules.relays import Relays
from fourquad.part import Part
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import values as v

_KEPT = 12  # bytes of the image for a digital output: modules/outputs.py
_FIRSTS = (m.DI1, m.RELAY1, m.DO1, m.AI1, m.AO1)  # index of the first terminal of each kind


class Counts(p.ReadOnly):
    """Provider of the pulse counters."""

    def __init__(self, inputs):
        super().__init__(inputs.shown)
        self._inputs = inputs

    def read(self, index):
        if index >= len(self.values):
            raise KeyError(index)
        return self.values[index]

    def online(self, first, count):
        """Whether these counters, from `first` on, are of modules that are connected."""
        mask = (1 << count) - 1 << first
        return self._inputs.connected & mask == mask


class IO(Part):
    """Over the rows of `table`, of which `limit` may be connected at once. Analog outputs may follow
    `readings`, of the secondary side, as the rows of `parameters` say, a model's AO_PARAMETERS. `top`: the
    highest count of pulses.
    """

    name = "io"
    follows = range(p.PULSE_P, m.SETTINGS_END)

    def __init__(self, table, settings, limit=0, readings=None, parameters=(), top=TOP):
        self.table = table
        self._settings = settings
        self._limit = limit
        self.connected = 0  # bit i: the i-th row of the table
        self.modules = 0  # the same by the bits that masters know
        self._inputs = Inputs(_count(table, c.INPUTS), top)
        self._relays = Relays(_count(table, c.RELAYS))
        outputs = _count(table, c.OUTPUTS)
        self._outputs = Absent(outputs, _KEPT * outputs)
        self._analog_inputs = Absent(_count(table, c.ANALOG_INPUTS))
        self._analog_outputs = Absent(_count(table, c.ANALOG_OUTPUTS))
        self.counts = self._inputs.shown
        self._readings = readings
        self._parameters = parameters
        self._feeds = None
        self._now = 0
        self.synchronise = None  # called when the first input closes: the external end of a demand window
        self.watchers = ()  # of watch
        self.size = self._inputs.size + _KEPT * outputs
        if self._analog_outputs.count:
            self.after_reading = (self._follow,)
        self.connect([table[0][c.NAME]])

    def connect(self, names):
        """These modules are plugged in, and no others. ValueError: there is no such module, or there are too
        many.
        """
        self.connected = chosen(self.table, self._limit, names)
        self.modules = 0
        for i in range(len(self.table)):
            if self.connected >> i & 1:
                self.modules |= 1 << self.table[i][c.BIT]
                self._make(self.table[i])
        analogs = self._analog_inputs, self._analog_outputs
        self._kinds = (self._inputs, self._relays, self._outputs) + analogs  # in the order of _FIRSTS
        self.configure()

    def _make(self, row):
        """What a module needs that is not there yet: it is imported with the first one."""
        if row[c.OUTPUTS][c.NUMBER] and isinstance(self._outputs, Absent):
            from fourquad.modules.outputs import Outputs

            self._outputs = Outputs(self._outputs, self._feeds)
        if row[c.ANALOG_INPUTS][c.NUMBER] and isinstance(self._analog_inputs, Absent):
            from fourquad.modules.analog import Inputs as AnalogInputs

            self._analog_inputs = AnalogInputs(self._analog_inputs.count)
        if row[c.ANALOG_OUTPUTS][c.NUMBER] and isinstance(self._analog_outputs, Absent):
            from fourquad.modules.analog import Outputs as AnalogOutputs

            count = self._analog_outputs.count
            self._analog_outputs = AnalogOutputs(count, self._parameters, self._settings)

    def configure(self):
        get = self._settings.get
        for i in range(len(self.table)):
            row = self.table[i]
            there = self.connected >> i & 1 != 0
            first, count, at = row[c.INPUTS]
            if count:
                types, constant = (get(at), get(at + 1)) if at is not None else (0, 1)
                self._inputs.configure(first, count, there, types, constant)
            first, count, at = row[c.RELAYS]
            if count:
                width = get(at + 2) if get(at + 1) == v.RELAY_PULSE else 0
                self._relays.configure(first, count, there, get(at) == v.RELAY_ALARM, width)
            first, count, at = row[c.OUTPUTS]
            if count and not isinstance(self._outputs, Absent):
                self._outputs.configure(first, count, there, get(at) == v.OUTPUT_ALARM)
                for k in range(count):
                    source = get(at + 2 + k)
                    constant = get(p.PULSE_P if source <= v.PULSES_ACTIVE_EXPORT else p.PULSE_Q)
                    self._outputs.put_out(first + k, source, constant, get(at + 1))
            first, count, at = row[c.ANALOG_INPUTS]
            if count and not isinstance(self._analog_inputs, Absent):
                self._analog_inputs.configure(first, count, there, get(at))
            first, count, at = row[c.ANALOG_OUTPUTS]
            if count and not isinstance(self._analog_outputs, Absent):
                self._analog_outputs.configure(first, count, there, get(at))

    def _follow(self):
        """Analog outputs follow the readings of the second."""
        if self._analog_outputs.connected:
            self._analog_outputs.follow(self._readings)

    def lead(self, feeds):
        """`feeds`: the list of those who get the energies of each second (billing.billing)."""
        self._feeds = feeds
        if not isinstance(self._outputs, Absent):
            self._outputs.lead(feeds)

    def provide(self, points, commands):
        points.provide(p.MODULE, self)
        points.provide(p.MODULE + m.COUNT1, Counts(self._inputs))

    # Terminals.

    @property
    def inputs(self):
        """Bit n: input n + 1 is closed."""
        return self._inputs.state

    @property
    def states(self):
        """The inputs that are states and count no pulses, as bits."""
        return self._inputs.connected & ~self._inputs.counting

    @property
    def counting(self):
        """The inputs whose pulses are seen by looks at their states, as bits."""
        return self._inputs.counting & ~self._inputs.driven

    def drive(self, count):
        """The pulses of the first `count` inputs are counted by hardware, which tells by `pulse`."""
        self._inputs.driven = (1 << count) - 1

    def pulse(self, i):
        """Input `i` (from 0) was closed once more."""
        if self._inputs.counting >> i & 1:
            self._inputs.pulse(i)

    @property
    def relays(self):
        """Bit n: relay n + 1 is on."""
        return self._relays.states

    @property
    def outputs(self):
        """Bit n: digital output n + 1 is on."""
        return self._outputs.states

    @property
    def pulses(self):
        """Those that the digital outputs put out (billing.pulses.Pulses), None while there are no outputs."""
        return self._outputs.pulses

    @property
    def pulsed(self):
        """How many pulses the digital outputs have put out since power-up."""
        return 0 if isinstance(self._outputs, Absent) else sum(self._outputs.pulses.counts)

    def watch(self, watcher):
        """Let `watcher(changed, now)` be called with the bits of the inputs that have changed, at `now` (ms
        ticks).
        """
        self.watchers += (watcher,)

    def set_inputs(self, closed, now=None):
        """All inputs are as the bits of `closed` say, since `now` (ms ticks; None: the last tick)."""
        changed = self._inputs.take(closed)
        if changed:
            if self.synchronise and changed & closed & 1:
                self.synchronise()
            for watcher in self.watchers:
                watcher(changed, self._now if now is None else now)

    def begin(self, closed):
        """The inputs are found so after power-up, or with a module that was plugged in: no edges."""
        self._inputs.state = closed & self._inputs.connected

    def set_input(self, i, on, now=None):
        """Input `i` (from 0) is on or off."""
        closed = self.inputs
        self.set_inputs(closed | 1 << i if on else closed & ~(1 << i), now)

    def put_analog(self, i, value):
        """At analog input `i` (from 0) are so many mA, or V if its type says so."""
        if self._analog_inputs.connected:
            self._analog_inputs.put(i, value)

    def alarm_output(self, index, on):
        """Whether at least one alarm wants a relay (`index` m.RELAY1 ...) or a digital output (m.DO1 ...) on.
        Nothing happens while it does not belong to the alarms, and it follows as soon as it does.
        """
        if index < m.DO1:
            self._relays.alarm(index - m.RELAY1, on)
        else:
            self._outputs.alarm(index - m.DO1, on)

    def tick(self, now_ms):
        """End the relays' pulses, begin and end those of digital outputs; every 5 ms."""
        self._now = now_ms
        if self._relays.pulsing:
            self._relays.tick(now_ms)
        if self._outputs.pulses:
            self._outputs.tick(now_ms)

    # Points.

    def read(self, index):
        if index == m.CLEAR_COUNTS:
            return 0
        kind = _kind(index)
        those = self._kinds[kind]
        i = index - _FIRSTS[kind]
        if i >= those.count:
            raise KeyError(index)
        if index < m.RELAY1:
            return those.state >> i & 1
        if index < m.AI1:
            return those.states >> i & 1
        return those.code(i) if index < m.AO1 else those.value(i)

    def online(self, first, count):
        """Whether these terminals, from index `first` on, are of modules that are connected."""
        kind = _kind(first)
        mask = (1 << count) - 1 << first - _FIRSTS[kind]
        return self._kinds[kind].connected & mask == mask

    def check(self, index, value):
        if m.RELAY1 <= index < m.RELAY1 + self._relays.count:
            if value not in (0, 1):
                return p.RANGE
            return p.OK if self._relays.free(index - m.RELAY1) else p.FORBIDDEN
        if index == m.CLEAR_COUNTS:
            if not 0 <= value <= len(self.table):
                return p.RANGE
            if value and not self.connected >> value - 1 & 1:
                return p.FORBIDDEN
            return p.FORBIDDEN if value and self._settings.guarded(p.MODULE + index) else p.OK
        try:
            self.read(index)
        except KeyError:
            return p.UNKNOWN
        return p.READ_ONLY

    def write(self, index, value):
        if index == m.CLEAR_COUNTS:
            if value:
                first, count, _ = self.table[value - 1][c.INPUTS]
                self._inputs.clear(first, count)
        else:
            self._relays.switch(index - m.RELAY1, value, self._now)
        return p.OK

    def dump(self, buffer, at):
        return self._outputs.dump(buffer, self._inputs.dump(buffer, at))

    def restore(self, buffer, at):
        return self._outputs.restore(buffer, self._inputs.restore(buffer, at))


def _kind(index):
    """The place in _FIRSTS of the kind of this terminal."""
    kind = 0
    while kind < len(_FIRSTS) - 1 and index >= _FIRSTS[kind + 1]:
        kind += 1
    return kind


def chosen(table, limit, names):
    """Which rows of `table` have these names, as bits. ValueError: there is no such module, or there are more
    than `limit` (0: any number).
    """
    known = [row[c.NAME] for row in table]
    mask = 0
    for name in names:
        if name not in known:
            raise ValueError(f"module {name!r} is none of {', '.join(known) or 'this model'}")
        if mask >> known.index(name) & 1:
            raise ValueError(f"module {name!r} is named twice")
        mask |= 1 << known.index(name)
    if limit and len(names) > limit:
        raise ValueError(f"at most {limit} modules can be connected")
    return mask


def _count(table, kind):
    """How many terminals of a kind there are in all modules."""
    return max([row[kind][c.FIRST] + row[kind][c.NUMBER] for row in table])


def make(meter):
    """The part of a meter."""
    model = meter.model
    limit, parameters = getattr(model, "MODULES_AT_ONCE", 0), getattr(model, "AO_PARAMETERS", ())
    top = getattr(model, "HIGHEST_COUNT", TOP)
    return IO(model.MODULES, meter.settings, limit, meter.readings.secondary, parameters, top)
