"""The worked frames of manual 6.2, with its slips corrected."""

from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.points import modules as m
from fourquad.protocols.crc import crc16


def at_17():
    meter = FakeMeter()
    meter.settings.default(p.ADDRESS_1, 17)
    return meter


def exchange(meter, query, answer):
    query = bytes.fromhex(query.replace(" ", ""))
    n = meter.slave.run(query, len(query), 0)
    assert bytes(meter.slave.answer[:n]) == bytes.fromhex(answer.replace(" ", ""))


def test_read_relays():
    meter = at_17()
    meter.io.write(m.RELAY1 + 1, 1)
    exchange(meter, "11 01 00 00 00 02 BF 5B", "11 01 01 02 D4 89")


def test_read_inputs():
    meter = at_17()
    for i in range(6):
        meter.io.set_input(i, 1)
    exchange(meter, "11 02 00 00 00 04 7B 59", "11 02 01 0F E5 4C")


def test_read_frequency_and_two_voltages():
    meter = at_17()
    for i, value in enumerate((50.0, 99.9, 100.1)):
        meter.secondary[i] = value
    exchange(meter, "11 03 40 00 00 06 D2 98", "11 03 0C 42 48 00 00 42 C7 CC CD 42 C8 33 33 CA 7F")


def test_control_relay():
    meter = at_17()
    exchange(meter, "11 05 00 00 FF 00 8E AA", "11 05 00 00 FF 00 8E AA")
    assert meter.io.relays >> 0 & 1 == 1


def test_preset_energy():
    meter = at_17()
    exchange(meter, "11 10 40 48 00 02 04 0A 9D 40 89 F1 6A", "11 10 40 48 00 02 D6 8E")
    assert meter.energy.values[p.EP_IMP] == 178077833


def test_the_example_of_the_format_is_no_register():
    meter = FakeMeter()
    meter.settings.default(p.ADDRESS_1, 6)
    exchange(meter, "06 03 00 00 00 21 84 65", "06 83 02 71 30")


def test_printed_crcs_fit():
    for frame in ("11 01 01 02 D4 89", "11 10 40 48 00 02 D6 8E"):
        data = bytes.fromhex(frame.replace(" ", ""))
        assert crc16(data, len(data)) == 0
