"""A protocol knows the time at which octets come, however long nobody has looked at its line."""

from __future__ import annotations

from protocols.dnp3_fakes import frame

from fourquad import models
from fourquad import points as p
from fourquad_tools.plant.demo import demo
from fourquad_tools.sim.lines import SerialLine
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage

CROB = "0C 01 17 01 01 03 01 00 00 00 00 01 00 00 00 00"  # the second control: energies to 0


def ask(line: SerialLine, head: str) -> bytes:
    """The answer to select or operate of the control."""
    octets = frame(0xC4, b"\xc0" + bytes.fromhex(head + CROB), 1)
    return line.run(octets, len(octets), 0)


def test_a_selection_made_after_time_was_skipped_is_not_expired() -> None:
    simulator = Simulator(models.load("kw320"), demo(WARM_UP_S), "ideal", Storage(None), 1_767_225_600.0)
    simulator.warm_up()
    assert simulator.device is not None
    simulator.device.meter.points.write(p.SETTING + p.PROTOCOL_1, 1)
    line = simulator.lines["rs485"]
    line.poll()
    simulator.device.meter.points.write(p.ENERGY + p.EP_IMP, 1000)
    line.skip(360.0)
    assert ask(line, "C0 03")
    line.poll()
    assert ask(line, "C1 04")
    assert simulator.device.meter.points.read(p.ENERGY + p.EP_IMP) == 0
