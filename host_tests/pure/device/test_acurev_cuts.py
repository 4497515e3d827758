"""An AcuRev 1312 whose power goes at every operation of its flash around a record of its logs, presets, and
the end of a month, and inside of each: what it has when power is back.
"""

from device_fakes import UTC, Plant, Rtc, load
from records.cut_flash import SHAPES, Cut, CutFlash

from fourquad import points as p
from fourquad.device import layout
from fourquad.points import access as a
from fourquad.points import billing as b
from fourquad.points import book as k

ENERGY = b.tariff_energy(b.ACTIVE_IMPORT)
# 2026-01-31 23:59:54
BEGIN = UTC + 31 * 86400 - 6
PRESET = 5000000
MONTH = 400
STEP = 5  # places of a month


class Meter(Plant):
    """One at 35 MW of the primary side, some 960 counts of 0.01 kWh a second."""

    def __init__(self, flash, ms=0):
        self._given = flash
        rtc = Rtc()
        rtc.error = BEGIN - UTC
        self._begin = ms
        Plant.__init__(self, "acurev1312", rtc=rtc)

    def power_on(self):
        self.flash = self._given
        if self._begin:
            self.ms, self._begin = self._begin, 0
        Plant.power_on(self)
        settings = self.device.meter.settings
        for offset, value in ((p.CT1, 50000), (p.WIRING_CHECK, 0)):
            settings.default(offset, value)
        self.device.meter.configure()
        self.front.buffer = load(230.0, 5.0)

    @property
    def energy(self):
        return self.points.read(ENERGY)

    def consumed(self, month):
        return self.points.read(p.CONSUMPTION + STEP * month)

    def program(self):
        """What happened and the value, of each record of the program log, the oldest first."""
        log = self.device.meter.book.logs[k.PROGRAM]
        records = [tuple(log.values[i : i + k.WORDS]) for i in range(0, k.RECORDS * k.WORDS, k.WORDS)]
        return [record for record in records[log.number :] + records[: log.number] if any(record)]


def life():
    """A life: the flash before it, its operations, and at each of them how far it was."""
    flash = CutFlash(layout.RAW_SECTORS)
    flash.rearm(-1, 0)
    one = Meter(flash)
    one.run(1500)
    one.warn()
    start = bytes(flash.image)
    flash.done = []
    states = []
    seen = {}

    def go(ms, state):
        for _ in range(ms // 50):
            one.run(50)
            states.extend([(state, one.ms, one.energy)] * (len(flash.done) - len(states)))

    go(500, "before")
    one.write(p.SETTING + p.DEMAND_WINDOW, 20)
    go(400, "written")
    one.write(p.ACCESS + a.PERMISSION, 0)
    go(300, "permitted")
    seen["energy"] = one.energy
    one.write(ENERGY, PRESET)
    go(300, "energy")
    seen["month"] = one.consumed(0), one.energy
    one.write(p.CONSUMPTION, MONTH)
    go(1000, "month")
    go(4000, "on")
    one.warn()
    states.extend([("warned", one.ms, one.energy)] * (len(flash.done) - len(states)))
    seen["program"] = one.program()
    seen["months"] = one.consumed(0), one.consumed(1)
    return start, flash.done, states, seen


ORDER = ("before", "written", "permitted", "energy", "month", "on", "warned")


def check(flash, state, seen):
    """Power is back a second after the month's end."""
    one = Meter(flash, 7500)
    read = one.points.read
    at = ORDER.index(state)
    # records: those that were there, and perhaps the one under way; each is whole
    records = one.program()
    assert records == seen["program"][: len(records)], (state, records)
    least = {"before": 0, "written": 0, "permitted": 1, "energy": 2, "month": 2, "on": 4, "warned": 4}[state]
    assert len(records) >= least, (state, records)
    # energies: a preset that the meter has saved is there for ever
    energy = one.energy
    preset = energy >= PRESET
    assert preset if at >= ORDER.index("month") else not preset or state == "energy"
    assert energy < PRESET + 10000 if preset else energy <= seen["energy"]
    # months: before its end nothing was consumed in others, and what was is the energy
    one.run(1500)
    assert one.consumed(2) == 0
    total = one.consumed(0) + one.consumed(1)
    gained = one.energy
    if preset:
        gained += seen["energy"] - PRESET
    before, then = seen["month"]
    moved = gained - (seen["energy"] + then - PRESET) + MONTH
    assert total in (gained, moved), (state, total, gained, moved)
    if at >= ORDER.index("on"):
        assert total == moved
    # the month has ended once: what comes now is the new one's
    month = one.consumed(1)
    one.run(1000)
    assert one.consumed(1) == month and one.consumed(0) > 0
    year, number = [read(p.STATE + field) for field in (p.YEAR, p.MONTH)]
    assert (year, number) == (2026, 2)


def test_power_goes_at_every_operation():
    start, operations, states, seen = life()
    assert [record[k.WHAT] for record in seen["program"]] == [k.SETTING, k.PERMITTED, k.PRESET, k.PRESET]
    assert seen["months"][0] > 0 and seen["months"][1] > MONTH
    assert {state for state, _, _ in states} >= {"written", "permitted", "energy", "month", "warned"}
    image = bytearray(start)
    cuts = 0
    for i in range(len(operations)):
        for shape in range(SHAPES):
            flash = CutFlash(layout.RAW_SECTORS)
            flash.image[:] = image
            flash.rearm(0, shape)
            try:
                flash.do(operations[i])
            except Cut:
                cuts += 1
            flash.rearm(-1, 0)
            check(flash, states[i][0], seen)
        whole = CutFlash(layout.RAW_SECTORS)
        whole.image[:] = image
        whole.rearm(-1, 0)
        whole.do(operations[i])
        image[:] = whole.image
    assert cuts == SHAPES * len(operations) >= 60
