"""Relays: latch and pulse by masters, and alarms."""

from test_table import modules

from fourquad import points as p
from fourquad import ticks
from fourquad.points import modules as m


def test_a_pulse_has_its_width_whenever_it_begins():
    for start in (0, 12345, ticks.PERIOD - 20):
        io, settings = modules("io32")
        settings.write(m.IO32_RELAY_OUTPUT, 1)
        settings.write(m.IO32_RELAY_PULSE, 100)
        io.tick(start)
        io.write(m.RELAY1 + 7, 1)
        on = []
        for ms in range(0, 200, 5):
            io.tick(ticks.add(start, ms))
            if io.relays:
                assert io.relays == 0x80
                on.append(ms)
        assert on == list(range(0, 100, 5))


def test_a_second_command_begins_the_pulse_anew_and_off_ends_it():
    io, settings = modules()
    settings.write(m.IO11_RELAY_OUTPUT, 1)
    io.tick(0)
    io.write(m.RELAY1, 1)
    io.tick(40)
    io.write(m.RELAY1, 1)
    io.tick(85)
    assert io.relays == 1
    io.tick(90)
    assert io.relays == 0
    io.write(m.RELAY1, 1)
    io.write(m.RELAY1, 0)
    assert io.relays == 0
    # in latch mode again nothing ends it
    settings.write(m.IO11_RELAY_OUTPUT, 0)
    io.write(m.RELAY1, 1)
    io.tick(100000)
    assert io.relays == 1


def test_alarms_drive_a_relay_only_while_it_is_theirs():
    io, settings = modules("io31")
    relay = m.RELAY1 + 2
    io.alarm_output(relay, True)
    assert io.relays == 0
    settings.write(m.IO31_RELAY_WORK, 1)
    # it follows at once, and masters may not switch it
    assert io.relays == 0b0100
    assert io.check(relay, 0) == io.check(relay + 1, 1) == p.FORBIDDEN
    io.alarm_output(relay, False)
    assert io.relays == 0
    io.alarm_output(relay + 1, True)
    assert io.relays == 0b1000
    # the output mode does not matter: it stays on while an alarm stands
    settings.write(m.IO31_RELAY_OUTPUT, 1)
    io.tick(0)
    io.tick(5000)
    assert io.relays == 0b1000
    # given back to masters it is off
    settings.write(m.IO31_RELAY_WORK, 0)
    assert io.relays == 0 and io.check(relay, 1) == p.OK


def test_a_relay_that_was_switched_on_goes_off_when_alarms_get_it():
    io, settings = modules()
    io.write(m.RELAY1 + 1, 1)
    settings.write(m.IO11_RELAY_WORK, 1)
    assert io.relays == 0


def test_a_module_that_goes_takes_its_relays_along():
    io, _ = modules("io11", "io12")
    io.write(m.RELAY1, 1)
    io.write(m.RELAY1 + 4, 1)
    assert io.relays == 0b10001
    io.connect(["io11"])
    assert io.relays == 1
    io.connect(["io11", "io12"])
    assert io.relays == 1


def test_digital_outputs_of_alarms():
    io, settings = modules("io22")
    io.alarm_output(m.DO1 + 2, True)
    io.alarm_output(m.DO1, True)  # of IO21, which is not there
    assert io.outputs == 0
    settings.write(m.IO22_DO_WORK, 1)
    assert io.outputs == 0b0100 and io.read(m.DO1 + 2) == 1
    io.connect(["io21", "io22"])
    settings.write(m.IO21_DO_WORK, 1)
    assert io.outputs == 0b0101
    io.alarm_output(m.DO1 + 2, False)
    assert io.outputs == 1
