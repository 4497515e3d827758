"""Inputs and relays of a board as the I/O module of a model."""

from device_fakes import Terminals

from fourquad import points as p
from fourquad.device.terminals import Module
from fourquad.meter.io import IO
from fourquad.meter.settings import Settings
from fourquad.models import kw320


class Pins(Terminals):
    """Terminals that count how often relays were driven."""

    drives = 0

    def drive(self, states):
        super().drive(states)
        self.drives += 1


def module():
    io = IO(Settings(kw320.SETTINGS))
    pins = Pins()
    return io, pins, Module(io, pins)


def test_a_state_counts_when_it_is_seen_twice():
    io, pins, job = module()
    assert job.work(0) == 10
    pins.closed = 0b101
    job.work(10)
    assert list(io.inputs) == [0] * len(io.inputs)
    job.work(20)
    assert list(io.inputs)[:4] == [1, 0, 1, 0]
    # a spike of one look is none
    pins.closed = 0
    job.work(30)
    pins.closed = 0b101
    job.work(40)
    job.work(50)
    assert list(io.inputs)[:4] == [1, 0, 1, 0]
    pins.closed = 0b100
    job.work(60)
    job.work(70)
    assert list(io.inputs)[:4] == [0, 0, 1, 0]


def test_relays_are_driven_when_they_change_and_not_before():
    io, pins, job = module()
    job.work(0)
    assert pins.drives == 0
    io.relays[1] = 1
    job.work(10)
    job.work(20)
    assert (pins.driven, pins.drives) == (2, 1)
    io.relays[0] = 1
    io.relays[1] = 0
    job.work(30)
    assert (pins.driven, pins.drives) == (1, 2)


def test_a_board_may_have_fewer_inputs_than_the_model():
    io, pins, job = module()
    pins.closed = 1
    for now in range(0, 50, 10):
        job.work(now)
    assert list(io.inputs) == [1] + [0] * (len(io.inputs) - 1)
    assert len(io.inputs) == 6 and p.IO > 0
