"""Alarms and terminals: relays, digital outputs, the backlight, inputs."""

from alarm_bench import ABOVE, AI1, BELOW, DO1, RELAY1, settled

from fourquad import points as p
from fourquad.points import alarms as a


def test_relays_and_outputs_are_on_while_one_of_their_alarms_stands():
    bench = settled()
    bench.channel(1, 1, ABOVE, 2300, 0, 1)
    bench.channel(2, 2, ABOVE, 2300, 0, 1)
    bench.channel(3, 3, ABOVE, 2300, 0, 8)
    bench.set(a.DO1, 2)
    bench.set(a.DO1 + 3, 0x8006)
    fast = bench.chain.fast
    fast[p.V1] = fast[p.V2] = 240.0
    bench.run(500)
    assert bench.io.on == {RELAY1, DO1, DO1 + 3}
    fast[p.V1] = 220.0
    bench.run(100)
    assert bench.io.on == {RELAY1, DO1, DO1 + 3}
    fast[p.V2] = 220.0
    fast[p.V3] = 240.0
    bench.run(100)
    assert bench.io.on == {RELAY1 + 7, DO1 + 3}
    # another relay while it stands: no new alarm
    bench.set(a.FIRST + 2 * a.FIELDS + a.RELAY, 2)
    bench.run(200)
    assert bench.io.on == {RELAY1 + 1, DO1 + 3} and len(bench.records()) == 5
    bench.set(a.ON, 0)
    bench.run(200)
    assert bench.io.on == set() and bench.standing == 0


def test_the_backlight_flashes_while_an_alarm_stands():
    bench = settled()
    bench.channel(1, 1, ABOVE, 2300)
    bench.chain.fast[p.V1] = 240.0
    bench.run(300)
    assert bench.standing and not bench.read(a.FLASHES)
    bench.set(a.FLASH, 1)
    bench.run(200)
    assert bench.read(a.FLASHES) == 1
    bench.chain.fast[p.V1] = 220.0
    bench.run(100)
    assert bench.read(a.FLASHES) == 0


def test_inputs_alarm_when_they_change_with_their_state():
    bench = settled()
    bench.channel(1, 52, ABOVE, 1)  # DI1 on
    bench.channel(2, 79, BELOW, 2)  # DI28 off
    bench.channel(3, 53, ABOVE, 3)  # DI2 once it goes off
    bench.channel(4, 52, ABOVE, 0)  # never
    bench.channel(5, 52, ABOVE, 4)
    bench.run(300)
    assert bench.standing == 2 and bench.records() == [(79 << 8 | 1, 0)]
    bench.run(45)
    bench.input(1, 1)
    assert bench.standing == 3 and bench.records()[1:] == [(52 << 8 | 1, 1)]
    assert bench.record(2)[9] == bench.clock.ms
    bench.input(28, 1)
    bench.input(2, 1)
    assert bench.standing == 1 and bench.records()[2:] == [(79 << 8, 1)]
    bench.input(2, 0)
    bench.input(1, 0)
    assert bench.standing == 4
    assert bench.records()[3:] == [(53 << 8 | 1, 0), (52 << 8, 0)]
    bench.input(2, 1)
    assert bench.standing == 0 and bench.records()[5:] == [(53 << 8, 1)]


def test_a_delay_of_an_input_begins_when_it_changes():
    bench = settled()
    bench.channel(1, 52, ABOVE, 1, 2)
    bench.run(335)
    bench.input(1, 1)
    bench.run(15)
    assert bench.standing == 0
    bench.run(5)
    assert bench.standing == 1


def test_counters_and_terminals_that_are_not_there_do_not_alarm():
    bench = settled()
    bench.channel(1, 52, ABOVE, 2)
    bench.channel(2, 41, BELOW, 100)
    bench.channel(3, 44, ABOVE, 100)
    bench.io.analog[3] = 4095
    bench.run(300)
    assert bench.standing == 7 and bench.records() == [
        (52 << 8 | 1, 0),
        (41 << 8 | 1, 0),
        (44 << 8 | 1, 4095),
    ]
    assert kept(44) == AI1 + 3
    bench.io.states = 0  # DI1 counts pulses
    bench.run(100)
    assert bench.standing == 6
    bench.io.there = False
    bench.run(100)
    assert bench.standing == 0
    bench.io.there = True
    bench.run(100)
    assert bench.standing == 6


def kept(code):
    """The point that a code is of."""
    from fourquad.models.kw320 import WATCHED
    from fourquad.points import columns as c

    return WATCHED[code][c.WATCHED]
