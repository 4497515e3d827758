"""A port that speaks what a setting says."""

from protocols.dnp3_fakes import frame
from protocols.modbus_fakes import FakeMeter, with_crc

from fourquad import points as p
from fourquad.protocols.station import Station


def make(spare):
    meter = FakeMeter()
    return meter, Station(meter.model.PORTS[0], (meter.points, meter.registers), spare)


def ask(station, octets):
    n = station.run(octets, len(octets), 0)
    return bytes(station.machine.answer[:n])


READ = with_crc(bytes((1, 3, 0x10, 0x0C, 0, 1)))
STATUS = frame(0xC9)


def test_one_after_the_other():
    for spare in (True, False):
        meter, station = make(spare)
        assert station.framed and ask(station, READ) and not ask(station, STATUS)
        assert not station.follow()
        meter.settings.default(p.PROTOCOL_1, 1)
        # not before the port says so, because an answer may be under way
        assert ask(station, READ)
        assert station.follow() and not station.framed
        assert ask(station, STATUS) and not ask(station, READ)
        assert station.poll(5) == 0
        meter.settings.default(p.PROTOCOL_1, 0)
        assert station.follow() and station.framed
        assert ask(station, READ) and not ask(station, STATUS)


def test_only_one_is_there_where_there_is_no_room():
    meter, station = make(False)
    assert station.machines[1] is None
    meter.settings.default(p.PROTOCOL_1, 1)
    station.follow()
    assert station.machines[0] is None and station.machines[1] is station.machine
    _, both = make(True)
    assert None not in both.machines and all(both.counters)


def test_what_is_saved_is_spoken_from_the_start():
    meter = FakeMeter()
    meter.settings.default(p.PROTOCOL_1, 1)
    station = Station(meter.model.PORTS[0], (meter.points, meter.registers))
    assert ask(station, STATUS)


def test_a_port_with_one_protocol():
    meter = FakeMeter()
    station = Station(meter.model.PORTS[1], (meter.points, meter.registers))
    meter.settings.default(p.PROTOCOL_1, 1)
    assert not station.follow() and ask(station, READ)
