"""Inputs and relays of a board as the I/O module of a model."""

from device_fakes import Terminals

from fourquad import points as p
from fourquad.device.terminals import Module
from fourquad.meter.settings import Settings
from fourquad.models import kw320
from fourquad.modules.io import IO
from fourquad.points import modules as m


class Pins(Terminals):
    """Terminals that count how often relays were driven."""

    drives = 0

    def drive(self, relays, outputs):
        super().drive(relays, outputs)
        self.drives += 1


def module(names=("io11",)):
    io = IO(kw320.MODULES, Settings(kw320.SETTINGS))
    io.connect(names)
    pins = Pins()
    return io, pins, Module(io, pins)


def test_a_state_counts_when_it_is_seen_twice():
    io, pins, job = module()
    job.work(0)
    assert job.work(5) == 10
    pins.closed = 0b101
    job.work(10)
    assert io.inputs == 0
    job.work(20)
    assert io.inputs == 0b101
    # a spike of one look is none
    pins.closed = 0
    job.work(30)
    pins.closed = 0b101
    job.work(40)
    job.work(50)
    assert io.inputs == 0b101
    pins.closed = 0b100
    job.work(60)
    job.work(70)
    assert io.inputs == 0b100


def test_relays_are_driven_when_they_change_and_not_before():
    io, pins, job = module()
    job.work(0)
    assert pins.drives == 0
    io.write(m.RELAY1 + 1, 1)
    job.work(10)
    job.work(20)
    assert (pins.driven, pins.drives) == (2, 1)
    io.write(m.RELAY1, 1)
    io.write(m.RELAY1 + 1, 0)
    job.work(30)
    assert (pins.driven, pins.drives) == (1, 2)


def test_a_board_may_have_fewer_inputs_than_the_model():
    io, pins, job = module()
    pins.closed = 1
    for now in range(0, 50, 10):
        job.work(now)
    assert io.inputs == 1


def test_what_is_closed_at_power_up_is_no_pulse():
    io, pins, job = module()
    io._settings.write(m.IO11_DI_TYPE, 1)
    io.configure()
    pins.closed = 1
    for now in range(0, 50, 10):
        job.work(now)
    assert io.inputs == 1 and io.counts[0] == 0
    for closed in (0, 1):
        pins.closed = closed
        for now in (50, 60):
            job.work(now)
    assert io.counts[0] == 1


def test_pulses_that_hardware_counts():
    io, pins, job = module()
    io._settings.write(m.IO11_DI_TYPE, 3)
    io.configure()
    assert job.work(0) == 5
    io.drive(1)
    io.pulse(0)
    io.pulse(0)
    # a state and no counter
    io.pulse(2)
    for closed in (0b011, 0b000, 0b011):
        pins.closed = closed
        for now in (100, 105):
            job.work(now)
    # the second one is counted by looks, of which the first finds it closed
    assert list(io.counts[:3]) == [2, 1, 0] and io.inputs == 3
    io._settings.write(m.IO11_DI_TYPE, 1)
    io.configure()
    assert job.work(200) == 10


def test_pins_are_those_of_the_connected_modules_in_their_order():
    io, pins, job = module(("io32", "io21", "io31"))
    job.work(0)
    job.work(10)
    # of the pins 0-3 are DI7-DI10, 4-7 DI11-DI14, 8-11 DI25-DI28
    pins.closed = 0b1000_0100_0010
    job.work(20)
    job.work(30)
    assert io.inputs == 1 << 7 | 1 << 12 | 1 << 27
    # relays 3, 4, 7, 8
    for relay in (4, 7):
        assert io.check(m.RELAY1 + relay - 1, 1) == p.OK
        io.write(m.RELAY1 + relay - 1, 1)
    job.work(40)
    assert pins.driven == 0b0110


def test_a_change_has_the_time_of_the_look_that_saw_it_first():
    io, pins, job = module()
    heard = []
    io.watch(lambda changed, now: heard.append((changed, now)))
    for now, closed in ((0, 0), (10, 0), (20, 1), (30, 1), (40, 0), (50, 1), (60, 1), (70, 0), (80, 0)):
        pins.closed = closed
        job.work(now)
    assert heard == [(1, 20), (1, 70)]


def test_digital_outputs_have_pins_of_their_own():
    io, pins, job = module(("io22", "io31", "io21"))
    assert job.work(0) == 5
    io._settings.write(m.IO22_DO_WORK, 1)
    io.configure()
    io.alarm_output(m.DO1 + 3, True)
    io.write(m.RELAY1 + 3, 1)
    job.work(5)
    # DO1, DO2 of IO21 come first, then DO3, DO4 of IO22; relays 3 and 4
    assert (pins.driven, pins.put_out) == (0b10, 0b1000)
