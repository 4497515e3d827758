"""The meter: a chain that measures, the engines that a model names, and their points, commands and image.

An engine is a part (part.py); the meter asks each of its parts for what it is and does, and knows none.
"""

from array import array
from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad import ticks
from fourquad.calendar.clock import Clock
from fourquad.meter.chain import FOLLOWS, Chain
from fourquad.meter.settings import Commands, Settings
from fourquad.meter.state import State
from fourquad.points import values as v
from fourquad.registers import image

_HEAD = 16  # bytes of the image before the parts': mark, clock, page, what a sealed clock has used up
_FORMAT = "<IIII"
_OF_CHAIN = ("channels", "calibration", "frame_period", "valid")
_TICK_MS = 5  # resolution of the relays' pulses


class Meter:
    """`channels` ... `words` as meter.chain.Chain has them.

    The front end calls `run` with whole cycles of 128 frames, `work` between other things, and reads
    `chain.frame_period` (ticks from frame to frame) after each of them that returned True. Parts are
    attributes by their names; those that the model does not name are None.
    """

    energy = runtime = io = billing = extremes = months = logs = book = identity = network = None
    tables = None  # the provider of time-of-use tables
    pulses = None  # the pulse outputs; None where hardware puts them out
    maintenance = None  # over a port of the meter, where there is one

    def __init__(self, model, channels, clock_hz, bits, vector=None, words=0):
        self.model = model
        extra = [getattr(model, name, ()) for name in ("LIMITS", "SEALS", "GUARDS", "TEXTS")]
        self.settings = Settings(model.SETTINGS, self._on_change, *extra)
        self.clock = Clock(lambda: not self.settings.guarded(p.STATE))
        kind = getattr(model, "CHAIN", None)
        kind = _module(kind).Chain if kind else Chain
        self.chain = chain = kind(model, self.settings, channels, clock_hz, bits, vector, words)
        self.readings = chain.readings
        self.presented = p.Presented(chain.readings.secondary)
        # what is called most has no method of its own here: a call takes 16 us
        self.run = chain.run
        self.work = chain.work
        chain.on_window = self._on_window
        chain.on_idle = self._on_idle
        self.page = 0  # word that the display keeps over a power cut
        self._ticked = 0
        self.commands = {}
        self.points = p.Points()
        parts = []
        for name in model.PARTS:
            part = _module(name).make(self)
            if part:
                parts.append(part)
                if part.name:
                    setattr(self, part.name, part)
        self.parts = tuple(parts)
        self._followers = tuple([part for part in self.parts if part.follows])
        self._spans = array("H", [end(q.follows) for q in self._followers for end in (min, max)])
        self._told = tuple([part for part in self.parts if part.on_setting])
        self.state = State(self.clock, self.settings, self.runtime, self.io)
        self._provide()
        self._connect()
        self.configure()

    def _provide(self):
        points, readings = self.points, self.readings
        points.provide(p.SECONDARY, p.ReadOnly(readings.secondary))
        points.provide(p.PRIMARY, p.ReadOnly(readings.primary))
        points.provide(p.PRESENTED, self.presented)
        points.provide(p.FAST, p.ReadOnly(readings.fast))
        points.provide(p.STATE, self.state)
        self.settings.provide(points)
        rows = getattr(self.model, "COMMANDS", ())
        points.provide(p.COMMAND, Commands(rows, self.settings, self.commands))
        for part in self.parts:
            part.provide(points, self.commands)

    def _connect(self):
        """Lead the energies and each second to the parts, and what some of them have for others."""
        chain, billing = self.chain, self.billing
        size, layout = _HEAD, []
        for part in self.parts:
            chain.after_window += part.after_window
            chain.after_booking += part.after_booking
            chain.after_reading += part.after_reading
            size += part.size
            if part.size:
                layout.append((part.name, part.size, part.layout))
            if part.event_bit is not None:
                self.state.logs[part.event_bit] = part.log
        self._timed = [part for part in self.parts if part.window]
        self._waking = [part for part in self.parts if part.wake is not None]
        self.dump_size = -(-size // 8) * 8
        self._dump = bytearray(self.dump_size)
        self._mark = self.mark("registers", tuple(layout))
        chain.energy = self.energy
        if billing:
            chain.quadrants = billing.quadrants
            self.tables = billing.tables
            self.pulses = billing.pulses if billing.table.PULSES else None
        if self.io:
            self.io.synchronise = self.commands.get(p.SYNCHRONISE_DEMAND)
            if billing:
                self.io.lead(billing.feeds)

    def configure(self):
        """Take over the settings, all at once."""
        self.chain.configure()
        self._present()
        for part in self.parts:
            part.configure()

    def _present(self):
        """Show the readings of the side that is set."""
        r = self.readings
        primary = self.settings.get(p.BASIC_MODE) == v.PRESENT_PRIMARY
        self.presented.values = r.primary if primary else r.secondary

    def _on_change(self, offset):
        if offset in FOLLOWS:
            self.chain.change()
        if offset == p.BASIC_MODE:
            self._present()
        spans = self._spans
        for i in range(len(self._followers)):
            # most are far away: MicroPython goes through a range, and looks long for what a part has not
            if spans[2 * i] <= offset <= spans[2 * i + 1] and offset in self._followers[i].follows:
                self._followers[i].configure()
        for part in self._told:
            part.on_setting(offset)

    # The chain's, for those who hold a meter.

    def __getattr__(self, name):
        """`channels` of the front end, in the order of a frame; `calibration` in force; `frame_period`, the
        ticks from frame to frame that the synchroniser asks for; `valid`: whether all readings can be
        trusted.
        """
        # no properties: with one in its class, MicroPython takes 20 us more for every store of an attribute
        if name in _OF_CHAIN:
            return getattr(self.chain, name)
        raise AttributeError(name)

    def calibrate(self, record, source="own", celsius=None):
        """Take over a calibration record (Chain.calibrate)."""
        self.chain.calibrate(record, source, celsius)

    def show_noise(self, on):
        """Read channels below their floors too (Chain.show_noise)."""
        self.chain.show_noise(on)

    def gap(self, ms):
        """`ms` of samples are lost: counted, and bridged in the energies by the last known power."""
        self.state.gaps += 1
        self.saturated()
        self.chain.bridge(ms)

    def saturated(self):
        """The front end has met its end: as bad as samples that are lost."""
        for part in self.parts:
            part.lost()

    def close(self):
        """Finish what is under way and book the energy of the unfinished second (power fails)."""
        self.chain.close()

    def _on_window(self, now):
        if now is None:
            now = self._ticked
        for part in self._timed:
            part.window(now, self._ticked)

    def _on_idle(self, now):
        if ticks.diff(now, self._ticked) < _TICK_MS:
            return
        self._ticked = now
        if self.io:
            self.io.tick(now)
        pulses = self.pulses
        # as ticks.diff(now, wake) >= 0, without a call: this is every 5 ms
        if pulses and not (now - pulses.wake) & 0x20000000:
            pulses.tick(now)
        for part in self._waking:
            if not (now - part.wake) & 0x20000000:
                part.tick(now)
        before = self.clock.now
        self.clock.tick(now)
        passed = self.clock.now - before
        if passed:
            if self.runtime:
                self.runtime.add(1000 * passed, self.readings.secondary[p.I_AVG] > 0)
            if self.maintenance:
                self.maintenance.tick()

    def fault(self, bit):
        """Something has failed: points.billing.MEMORY_FAULT ..."""
        for part in self.parts:
            part.fault(bit)

    def urgent(self):
        """Whether something has been done since the last dump that no power cut may undo."""
        return self.billing is not None and self.billing.save_soon

    def mark(self, *layout):
        """The number that stands before what this model keeps in `layout` (see registers.image.mark)."""
        return image.mark(self.model.NAME, layout)

    def dump_into(self, buffer):
        """Let `dump` fill this buffer of `dump_size` bytes from now on."""
        self._dump = buffer

    def dump(self):
        """What must survive a power cut: `dump_size` bytes, in one buffer that is filled anew each time."""
        out = self._dump
        pack_into(_FORMAT, out, 0, self._mark, self.clock.now, self.page, self.clock.spent)
        at = _HEAD
        for part in self.parts:
            at = part.dump(out, at)
        return out

    def restore(self, payload):
        """Take back what `dump` gave; after the settings. False: another model or another layout made it, and
        nothing of it is taken.
        """
        if len(payload) != self.dump_size or unpack_from("<I", payload)[0] != self._mark:
            return False
        _, now, self.page, spent = unpack_from(_FORMAT, payload)
        self.clock.restore_spent(spent)
        self.clock.set(now)
        self.clock.valid = False  # until a battery or somebody tells the time
        at = _HEAD
        for part in self.parts:
            at = part.restore(payload, at)
        return True


def _module(name):
    return __import__("fourquad." + name, None, None, ("make",))
