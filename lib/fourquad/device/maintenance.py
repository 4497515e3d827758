"""Calibration over a port of the meter itself, so that no computer has to be joined to its board.

A session opens with the meter's password, while the seal is open, and ends by itself when nothing was asked
for a quarter of an hour. What was tried and not stored ends with it. Readings and the record in force can be
read without a session: they change nothing.

Requests are a byte of COMMANDS and what follows it, numbers most significant byte first:
- OPEN, password (16 bits); CLOSE;
- LOOK: what `inspect.look` tells, as _LOOK (the meter's clock, numbers of phases and channels, delta, a bit
  for each phase without a transformer of its own, where the record is from, then floats);
- CHANNEL, number: kind ("V", "I"), phase, and the fields of the record in force, 32 bits each;
- FIELDS, number, fields: put by for TRY, which measures with them, and those in force of all other channels;
- STORE: keep what is measured with; FACTORY: go back to the factory's copy;
- FEEL, 0 or 1: whether readings go below their floors.
"""

from struct import pack_into, unpack_from

from fourquad import points as p
from fourquad.metering import calibration as cal
from fourquad.metering.inspect import look
from fourquad.points import billing as b

OPEN, CLOSE, LOOK, CHANNEL, FIELDS, TRY, STORE, FACTORY, FEEL = range(9)
# Bytes after the command: of a request, of its answer.
REQUESTS = (2, 0, 0, 1, 33, 0, 0, 0, 1)
ANSWERS = (0, 0, 93, 34, 0, 0, 0, 0, 0)

_LOOK = ">IBBBBB21f"
_SOURCES = ("none", "factory", "own")
_SESSION_S = 900
_PENALTY_S = 10  # after a wrong password


class Maintenance:
    """Of `meter`, with its CalibrationStore. `tick` is called each second."""

    def __init__(self, meter, store):
        self._meter = meter
        self._store = store
        self._used = None  # when the session was last used; None without one
        self._wrong = None  # when a password was wrong
        self._next = None  # the record that TRY takes
        self._tried = False  # what is in force is not stored

    def serve(self, registers):
        """Be had through the ports of this register map."""
        self._meter.maintenance = self
        registers.maintain = self.run

    def run(self, buffer, at, length, answer, to):
        """Do the request of `length` bytes at buffer[at:]. Bytes of the answer put to answer[to:], or less
        than 0: minus points.RANGE, UNKNOWN or FORBIDDEN.
        """
        command = buffer[at] if length else len(REQUESTS)
        if command >= len(REQUESTS):
            return -p.UNKNOWN
        if length != 1 + REQUESTS[command]:
            return -p.RANGE
        answer[to] = command
        if command == LOOK:
            self._look(answer, to + 1)
        elif command == CHANNEL:
            if buffer[at + 1] >= len(self._meter.channels):
                return -p.RANGE
            self._channel(buffer[at + 1], answer, to + 1)
        elif command == CLOSE:
            self._end()
        else:
            why = self._change(command, buffer, at + 1)
            if why:
                return -why
        return 1 + ANSWERS[command]

    def tick(self):
        """End a session that nobody uses any more."""
        if self._used is not None and not 0 <= self._meter.clock.now - self._used <= _SESSION_S:
            self._end()

    def _change(self, command, buffer, at):
        """What only a session may do; points.OK or why not."""
        meter = self._meter
        settings = meter.settings
        if settings.guarded(p.ENERGY):
            return p.FORBIDDEN
        if command == OPEN:
            return self._open(buffer[at] << 8 | buffer[at + 1])
        self.tick()
        if self._used is None:
            return p.FORBIDDEN
        self._used = meter.clock.now
        if command == FIELDS:
            return self._fields(buffer[at], unpack_from(">8i", buffer, at + 1))
        if command == TRY:
            if cal.fault(self._next, meter.calibration.kinds):
                return p.RANGE
            meter.calibrate(self._next)
            self._tried = True
        elif command == FEEL:
            meter.show_noise(buffer[at] != 0)
        elif command == STORE:
            return self._keep()
        elif command == FACTORY:
            return self._factory()
        return p.OK

    def _failed(self):
        """The flash did not take or give a record."""
        self._meter.fault(b.MEMORY_FAULT)
        return p.FORBIDDEN

    def _keep(self):
        try:
            self._store.save(self._meter.calibration.record)
        except OSError:
            return self._failed()
        self._tried = False
        return p.OK

    def _open(self, password):
        now = self._meter.clock.now
        if self._wrong is not None and 0 <= now - self._wrong < _PENALTY_S:
            return p.FORBIDDEN
        self._wrong = None
        settings = self._meter.settings
        if settings.has(p.PASSWORD) and password != settings.get(p.PASSWORD):
            self._wrong = now
            return p.RANGE
        self._end()
        self._used = now
        self._next = self._meter.calibration.record
        return p.OK

    def _end(self):
        if self._used is None:
            return
        self._used = None
        if self._meter.chain.noise_shown:
            self._meter.show_noise(False)
        if self._tried:
            try:
                record, source = self._store.load()
            except OSError:
                self._failed()
                record, source = None, "none"
            self._meter.calibrate(record or cal.blank(len(self._meter.channels)), source)
            self._tried = False

    def _fields(self, channel, values):
        if channel >= len(self._meter.channels):
            return p.RANGE
        first = cal.HEAD + cal.FIELDS * channel
        self._next = self._next[:first] + values + self._next[first + cal.FIELDS :]
        return p.OK

    def _factory(self):
        try:
            record = self._store.restore_factory()
        except OSError:
            return self._failed()
        if record is None:
            return p.RANGE
        self._meter.calibrate(record, "factory")
        self._next = self._meter.calibration.record
        self._tried = False
        return p.OK

    def _look(self, answer, at):
        seen = look(self._meter)
        derived = 0
        for k in seen["derived"]:
            derived |= 1 << k
        pack_into(
            _LOOK,
            answer,
            at,
            self._meter.clock.now,
            seen["phases"],
            len(self._meter.channels),
            1 if seen["delta"] else 0,
            derived,
            _SOURCES.index(seen["source"]),
            seen["frequency"],
            *seen["volts"],
            *seen["lines"],
            *seen["amps"],
            seen["neutral"],
            *seen["watts"],
            *seen["volt_angles"][1:],
            *seen["amp_angles"],
            *seen["ratios"],
        )

    def _channel(self, n, answer, at):
        channel = self._meter.channels[n]
        answer[at] = ord(channel.kind)
        answer[at + 1] = channel.phase
        first = cal.HEAD + cal.FIELDS * n
        pack_into(">8i", answer, at + 2, *self._meter.calibration.record[first : first + cal.FIELDS])
