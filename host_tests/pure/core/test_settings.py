"""Settings, commands, state and inputs and outputs as providers of points."""

import fourquad.models.a1000 as a1000
import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.calendar.clock import Clock
from fourquad.meter.settings import GROUPS, Commands, Settings
from fourquad.meter.state import State
from fourquad.models import rows as rows_of
from fourquad.modules.io import IO
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.registers.runtime import RunTime


def test_defaults_and_ranges_of_every_row():
    s = Settings(kw320.SETTINGS)
    for offset, _, default, low, high, choices in kw320.SETTINGS:
        assert s.get(offset) == default
        assert s.has(offset)
        assert s.check(offset, default) == p.OK
        assert s.check(offset, low - 1) == p.RANGE
        assert s.check(offset, high + 1) == p.RANGE
        for value in (low, high):
            assert s.check(offset, value) == (p.OK if choices is None or value in choices else p.RANGE)
    # between two, after a group's last, in a group and beyond all groups that this model has
    for absent in (p.RATED_CURRENT, p.GROUP_PORTS + 63, p.IEC_LETTERS, p.GROUP_LOGS, p.SETTINGS - 1):
        assert s.get(absent) == 0
        assert not s.has(absent)
        assert s.check(absent, 0) == p.UNKNOWN


def test_groups_answer_for_their_points():
    s = Settings(kw320.SETTINGS)
    points = p.Points()
    s.provide(points)
    for row in kw320.SETTINGS:
        offset = row[c.OFFSET]
        assert points.read(p.SETTING + offset) == row[c.DEFAULT]
        provider = points.provider(p.SETTING + offset)
        # the value lies in the group's array where its point lies in the group's blocks
        assert provider.values[p.SETTING + offset - points.base(p.SETTING + offset)] == row[c.DEFAULT]
    assert points.write(p.SETTING + p.CT1, 400) == p.OK and s.get(p.CT1) == 400
    assert points.write(p.SETTING + p.CT1, 0) == p.RANGE
    for absent in (p.PULSE_WIDTH, p.GROUP_IO + 100, p.IEC_LETTERS, p.SETTINGS - 1):
        assert points.check(p.SETTING + absent, 0) == p.UNKNOWN
        try:
            points.read(p.SETTING + absent)
        except KeyError:
            continue
        raise AssertionError("a setting that is not there was read")


def test_only_the_group_of_a_setting_changes():
    s = Settings(kw320.SETTINGS)
    s.write(p.BACKLIGHT, 5)
    assert [group.first for group in s.groups if group.changed] == [p.GROUP_DISPLAY]
    s.write(p.BAUD_1, 9600)
    assert [group.first for group in s.groups if group.changed] == [p.GROUP_PORTS, p.GROUP_DISPLAY]


def test_a_thousand_settings():
    """As a model with data logs, alarms and power quality may have: every third place of each group."""
    rows = []
    for first, end in ((0, 1792), (2048, 4096)):
        rows += [rows_of.setting(i, default=i, high=1 << 20) for i in range(first, end, 3)]
    assert len(rows) > 1200
    s = Settings(rows_of.by_offset(*reversed(rows)))
    assert [group.first for group in s.groups] == [first for first, _ in GROUPS[:-1]]
    points = p.Points()
    s.provide(points)
    for offset in range(p.SETTINGS):
        there = offset % 3 == 0 if offset < 1792 else offset >= 2048 and (offset - 2048) % 3 == 0
        assert s.has(offset) == there
        assert s.get(offset) == (offset if there else 0)
        assert points.check(p.SETTING + offset, 7) == (p.OK if there else p.UNKNOWN)
        if there:
            assert points.write(p.SETTING + offset, offset + 5) == p.OK
    for offset in range(0, 1792, 3):
        assert points.read(p.SETTING + offset) == offset + 5


def test_changes_are_told_once():
    seen = []
    s = Settings(kw320.SETTINGS, seen.append)
    s.write(p.CT1, 400)
    s.write(p.CT1, 400)
    assert seen == [p.CT1]
    assert s.changed
    assert s.get(p.CT1) == 400


def test_saved_values():
    s = Settings(kw320.SETTINGS)
    s.write(p.CT1, 400)
    other = Settings(kw320.SETTINGS)
    other.restore(p.CT1, s.get(p.CT1))
    other.restore(p.PASSWORD, 70000)  # out of its range
    other.restore(p.BAUD_1, 19201)  # in it, but no choice
    other.restore(p.IEC_LETTERS, 5)  # no setting of this model
    # a place in a group that is none of its settings'
    for group in other.groups:
        for index in (-1, 63, 64, 65535):
            group.restore(index, 1)
    assert other.get(p.CT1) == 400
    assert other.get(p.PASSWORD) == 0 and other.get(p.BAUD_1) == 19200
    assert not other.changed


def test_seals():
    s = Settings(kw320.SETTINGS, None, (), kw320.SEALS, kw320.GUARDS)
    s.sealed = True
    assert s.check(p.PT1, 1000) == p.FORBIDDEN
    assert s.check(p.PT1, -1) == p.RANGE
    assert s.check(p.ADDRESS_1, 5) == p.OK
    s.write(p.SEAL_OPTIONS, 1)
    assert s.check(p.ADDRESS_1, 5) == p.FORBIDDEN
    assert s.check(p.BAUD_2, 9600) == p.OK
    assert s.check(p.BACKLIGHT, 5) == p.OK
    s.sealed = False
    assert s.check(p.PT1, 1000) == p.OK


def test_rules_of_the_seal_are_those_of_the_model():
    """Two settings with bits of their own, as another meter has them; what no rule names is open."""
    table = rows_of.by_offset(
        rows_of.setting(p.CT1, high=9, seal=2),
        rows_of.setting(p.CT2, high=9, seal=1),
        rows_of.setting(p.PT1, high=9),
        rows_of.setting(p.PASSWORD, high=255),
        rows_of.setting(p.DATE_FORM, high=255),
    )
    seals = ((), (p.PASSWORD, 0x81), (p.DATE_FORM, 4))
    s = Settings(table, None, (), seals, ((p.ENERGY, 2), (p.STATE + p.RUN_TIME, 1)))

    def closed():
        checks = [s.check(offset, 1) for offset in (p.CT1, p.CT2, p.PT1)]
        return tuple(checks + [s.guarded(p.ENERGY), s.guarded(p.STATE + p.RUN_TIME), s.guarded(p.STATE)])

    assert closed() == (p.OK, p.OK, p.OK, False, False, False)
    s.write(p.PASSWORD, 0x80)
    assert closed() == (p.OK, p.OK, p.OK, False, False, False)
    s.sealed = True
    assert closed() == (p.OK, p.FORBIDDEN, p.OK, False, True, False)
    s.write(p.DATE_FORM, 6)
    s.write(p.PASSWORD, 0x7E)
    assert closed() == (p.FORBIDDEN, p.OK, p.OK, True, False, False)
    # a model without rules: its seal closes nothing
    plain = Settings(a1000.SETTINGS)
    plain.sealed = True
    assert plain.check(p.PULSE_P, 3000) == p.OK and not plain.guarded(p.ENERGY)


def test_commands():
    done = []
    s = Settings(kw320.SETTINGS, None, (), kw320.SEALS, kw320.GUARDS)
    k = Commands(kw320.COMMANDS, s, {p.CLEAR_ENERGY: lambda: done.append(1)})
    assert k.read(p.CLEAR_ENERGY) == 0
    assert k.check(p.CLEAR_ENERGY, 2) == p.RANGE
    k.write(p.CLEAR_ENERGY, 0)
    assert not done
    k.write(p.CLEAR_ENERGY, 1)
    assert done
    assert k.write(p.CLEAR_ALARMS, 1) == p.OK
    s.sealed = True
    assert k.check(p.CLEAR_ENERGY, 1) == p.FORBIDDEN
    assert k.check(p.CLEAR_ENERGY, 0) == p.OK
    assert k.check(p.CLEAR_RUN_TIME, 1) == p.OK
    assert k.check(63, 1) == p.UNKNOWN


def test_state():
    s = Settings(kw320.SETTINGS, None, (), kw320.SEALS, kw320.GUARDS)
    clock, runtime, io = Clock(), RunTime(), IO(kw320.MODULES, s)
    state = State(clock, s, runtime, io)
    clock.set(0)
    assert [state.read(i) for i in range(7)] == [6, 2000, 1, 1, 0, 0, 0]
    assert state.check(p.HOUR, 24) == p.RANGE
    assert state.write(p.HOUR, 23) == p.OK
    assert state.read(p.HOUR) == 23
    assert state.read(p.SEAL_STATE) == 0
    s.sealed = True
    assert state.read(p.SEAL_STATE) == 10
    assert state.read(p.MODULES) == 1
    assert state.check(p.MODULES, 0) == p.READ_ONLY
    # sealed by bit 2 of the seal options, as the command that clears it
    assert state.check(p.RUN_TIME, 5) == p.OK
    s.sealed = False
    assert s.write(p.SEAL_OPTIONS, 4) == p.OK
    s.sealed = True
    assert state.check(p.RUN_TIME, 5) == p.FORBIDDEN
    s.sealed = False
    for value, answer in ((-1, p.RANGE), (1000000000, p.RANGE), (999999999, p.OK), (12, p.OK)):
        assert state.check(p.RUN_TIME, value) == answer
    runtime.add(35999, True)
    assert state.write(p.RUN_TIME, 12) == p.OK
    runtime.add(35999)
    assert state.read(p.RUN_TIME) == 12
    runtime.add(1)
    assert state.read(p.RUN_TIME) == 13
    assert state.check(40, 0) == p.UNKNOWN


def modules(settings):
    """The I/O modules over these settings."""
    io = IO(kw320.MODULES, settings)
    settings.on_change = lambda offset: io.configure()
    return io


def test_inputs_count_pulses():
    s = Settings(kw320.SETTINGS)
    io = modules(s)
    s.write(m.IO11_DI_TYPE, 0b100)
    s.write(m.IO11_DI_CONSTANT, 3)
    for _ in range(7):
        for i in (1, 2):
            io.set_input(i, True)
            io.set_input(i, True)
            io.set_input(i, False)
    assert list(io.counts[:6]) == [0, 0, 2, 0, 0, 0]
    io.set_input(5, 1)
    assert io.read(m.DI1 + 5) == 1
    assert io.read(m.DI1 + 20) == 0
    assert io.check(m.DI1, 1) == p.READ_ONLY
    raw = bytearray(io.size)
    assert io.dump(raw, 0) == io.size
    assert io.write(m.CLEAR_COUNTS, 1) == p.OK
    assert io.counts[2] == 0
    io.restore(raw, 0)
    assert io.counts[2] == 2
    # the seventh pulse was kept, too
    for _ in range(2):
        io.set_input(2, True)
        io.set_input(2, False)
    assert io.counts[2] == 3


def test_relays_latch_or_pulse():
    s = Settings(kw320.SETTINGS)
    io = modules(s)
    io.tick(100)
    assert io.check(m.RELAY1, 2) == p.RANGE
    assert io.check(m.RELAY1 + 2, 1) == p.FORBIDDEN
    io.write(m.RELAY1, 1)
    io.tick(100000)
    assert io.relays == 1
    s.write(m.IO11_RELAY_OUTPUT, 1)
    io.write(m.RELAY1 + 1, 1)
    io.tick(100049)
    assert io.relays == 3
    io.tick(100051)
    assert io.relays == 1
    s.write(m.IO11_RELAY_WORK, 1)
    assert io.check(m.RELAY1, 0) == p.FORBIDDEN
    io.connect([])
    s.write(m.IO11_RELAY_WORK, 0)
    assert io.check(m.RELAY1, 0) == p.FORBIDDEN


def test_a_range_that_depends_on_another_setting():
    s = Settings(kw320.SETTINGS, None, kw320.LIMITS)
    for value in (0, 248, 65519):
        assert s.check(p.ADDRESS_1, value) == p.RANGE
    s.write(p.PROTOCOL_1, 1)
    for value in (0, 1, 248, 65519):
        assert s.check(p.ADDRESS_1, value) == p.OK
    assert s.check(p.ADDRESS_1, 65520) == p.RANGE and s.check(p.ADDRESS_1, -1) == p.RANGE
    other = Settings(kw320.SETTINGS, None, kw320.LIMITS)
    for value, back in ((300, 1), (0, 1), (247, 247), (1, 1)):
        s.write(p.PROTOCOL_1, 1)
        s.write(p.ADDRESS_1, value)
        for _ in range(2):
            for offset in (p.ADDRESS_1, p.PROTOCOL_1):
                other.restore(offset, s.get(offset))
        other.settle()
        assert other.get(p.ADDRESS_1) == value and other.get(p.PROTOCOL_1) == 1
        s.write(p.PROTOCOL_1, 0)
        assert s.get(p.ADDRESS_1) == back
