"""The instance and the name of a BACnet device: by the serial number, until somebody writes them."""

from binascii import crc32

from device_fakes import Plant

from fourquad import points as p
from fourquad.points import system as s


def text(plant, offset):
    return plant.points.provider(p.SETTING + s.GROUP_SYSTEM).texts.read(offset - s.GROUP_SYSTEM)


def write_text(plant, offset, data):
    plant.points.provider(p.SETTING + s.GROUP_SYSTEM).texts.write(offset - s.GROUP_SYSTEM, data)


class Meter(Plant):
    """With the serial number `number`."""

    def __init__(self, number):
        self.serial = number
        super().__init__("s4100")

    def who(self):
        return self.setting(s.DEVICE_NUMBER), text(self, s.DEVICE_NAME), self.setting(s.DATABASE_REVISION)


def test_each_meter_has_its_own():
    found = set()
    for i in range(20):
        number = b"E6605481DB3A%04X" % i
        meter = Meter(number)
        instance, name, revision = meter.who()
        assert instance == 1000000 + crc32(number) % (1 << 21)
        assert 1000000 <= instance <= 3097151 and number in name and len(name) <= 64 and revision == 0
        found.add(instance)
        meter.cut()
        assert meter.who() == (instance, name, 0)
    assert len(found) == 20


def test_what_is_written_is_kept():
    meter = Meter(b"1")
    name = text(meter, s.DEVICE_NAME)
    # another setting of the same file leaves both as they are
    meter.write(p.SETTING + s.MAX_MASTER, 30)
    meter.run(1500)
    before = meter.who()
    meter.cut()
    assert meter.who() == before and before[2] == 0
    meter.write(p.SETTING + s.DEVICE_NUMBER, 77)
    meter.write(p.SETTING + s.DEVICE_NUMBER, 77)
    assert meter.who() == (77, name, 1)
    write_text(meter, s.DEVICE_NAME, b"North wing")
    assert meter.who() == (77, b"North wing", 2)
    # the location is no name
    write_text(meter, s.DEVICE_PLACE, b"Cellar")
    meter.run(1500)
    meter.cut()
    assert meter.who() == (77, b"North wing", 2) and text(meter, s.DEVICE_PLACE) == b"Cellar"


def test_a_copied_flash_makes_no_second_one():
    meter = Meter(b"1")
    meter.write(p.SETTING + s.DEVICE_NUMBER, 77)
    write_text(meter, s.DEVICE_NAME, b"North wing")
    meter.run(1500)
    meter.serial = b"2"
    meter.cut()
    other = meter.who()
    assert other[:2] == Meter(b"2").who()[:2]
    # it has its own from now on
    meter.write(p.SETTING + s.DEVICE_NUMBER, 78)
    meter.run(1500)
    meter.cut()
    assert meter.setting(s.DEVICE_NUMBER) == 78


def test_the_revision_goes_round():
    meter = Meter(b"1")
    meter.device.meter.settings.default(s.DATABASE_REVISION, 0xFFFF)
    meter.write(p.SETTING + s.DEVICE_NUMBER, 77)
    assert meter.who()[2] == 0
