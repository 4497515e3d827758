"""Settings of the network's outstation (manual 5.1.8.12): registers, their limits, what they do, restarts."""

from struct import pack, unpack

from protocols.dnp3_fakes import MASTER, US, Station, fragments, frame, text, unframe
from protocols.modbus_fakes import FakeMeter

from fourquad import points as p
from fourquad.models.kw320 import dnp3 as kw320
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import configuration, profile
from fourquad.protocols.modbus.map import RegisterMap

AT = 0xD000
# The web page of 5.1.8.12 from its text: name, lowest, highest; the addresses are ours.
PAGE = (
    ("ENABLED", 0, 1),
    ("ADDRESS", 1, 65519),
    ("CHECK_MASTER", 0, 1),
    ("MASTER", 0, 65519),
    ("SELF_ADDRESS", 0, 1),
    ("CONFIRMED", 0, 2),
    ("ASK_TIME", 0, 1),
    ("TIME_PERIOD", 1, 86400),
    ("UNSOLICITED", 0, 1),
    ("RETRIES", -1, 10),
    ("COUNT_1", 0, 255),
    ("COUNT_2", 0, 255),
    ("COUNT_3", 0, 255),
    ("HOLD_1", 0, 86400000),
    ("HOLD_2", 0, 86400000),
    ("HOLD_3", 0, 86400000),
    ("BROADCASTS", 0, 1),
)
ALL = "3C 02 06 3C 03 06 3C 04 06"
# Places of points in the list: six inputs and 22 more, two relays, 28 counters, then the analog inputs
DI1, RELAY, COUNT, F, V1, ENERGY = 0, 28, 30, 58, 59, 97


def register(name):
    return AT + 2 * [row[0] for row in PAGE].index(name)


def point(number, field):
    return 0xD100 + 8 * number + 2 * field


def bits(value):
    return unpack("<i", pack("<f", value))[0]


class Net(Station):
    """The network's outstation, and the Modbus registers of its settings."""

    def __init__(self, saved=None):
        meter = FakeMeter()
        self.settings = configuration.provide(meter.model, meter.points, meter.settings)
        for index, value in enumerate(saved or ()):
            self.settings.restore(index, value)
        meter.registers = RegisterMap(meter.model, meter.points)
        super().__init__(kw320.NETWORK, meter)
        self.poll()

    def put(self, address, value):
        """0 or the exception code; the setting has taken effect."""
        why = self.meter.registers.write(address, 2, pack(">i", value), 0)
        self.poll(100)
        return why

    def get(self, address):
        target = bytearray(4)
        assert self.meter.registers.read(address, 2, target, 0) == 0
        return unpack(">i", target)[0]

    def start(self, **options):
        """Settings by name; the first unsolicited response is behind us, all classes are enabled."""
        for name in options:
            assert self.put(register(name), options[name]) == 0
        if not self.get(register("UNSOLICITED")):
            assert self.meter.registers.write(register("UNSOLICITED"), 2, pack(">i", 1), 0) == 0
        self.error(a.DISABLE_UNSOLICITED, ALL)
        (first,) = fragments(self.poll(100) + self.poll())
        self.confirm(first[0] & 15, True)
        assert self.error(a.ENABLE_UNSOLICITED, ALL) == 0
        self.settle()

    def wait(self, ms):
        """(when, fragment) of what is sent within `ms`."""
        for i in range(ms // 10):
            octets = self.poll(10)
            if octets:
                return 10 * i + 10, fragments(octets)[0]
        return None

    def switch(self, i, on):
        self.meter.io.set_input(i, on)


def test_the_page_of_the_manual():
    s = Net()
    rows = kw320.NETWORK[3][1]
    assert len(PAGE) == len(rows)
    for i, (name, low, high) in enumerate(PAGE):
        whole = name.split("_")[0]
        option = getattr(profile, {"COUNT": "COUNTS", "HOLD": "HOLDS"}.get(whole, name))
        assert rows[i][0] == option, name
        if option in (profile.COUNTS, profile.HOLDS):
            assert rows[i][1] == int(name[-1]) - 1
        default = s.get(AT + 2 * i)
        assert low <= default <= high
        for value, why in ((low, 0), (high, 0), (low - 1, 3), (high + 1, 3)):
            assert s.put(AT + 2 * i, value) == why, (name, value)
        assert s.get(AT + 2 * i) == high
    for value in (-1, 0, 10):
        assert s.put(register("RETRIES"), value) == 0
    for value in (1, 3, 9):
        assert s.put(register("RETRIES"), value) == 3


def test_without_a_network_there_are_no_such_registers():
    meter = FakeMeter()
    for address in (AT, 0xD100, 0xD4FE):
        assert meter.registers.read(address, 2, bytearray(4), 0) == 2
        assert meter.registers.write(address, 2, bytes(4), 0) == 2
    s = Net()
    for address in (AT - 2, AT + 34, 0xD100 - 2, 0xD500):
        assert s.meter.registers.read(address, 2, bytearray(4), 0) == 2
    assert s.meter.registers.read(0xD4FE, 2, bytearray(4), 0) == 0
    assert s.meter.registers.write(AT + 1, 1, bytes(2), 0) == 2  # half of a value


def test_the_seal():
    s = Net()
    s.meter.settings.default(p.SEAL_OPTIONS, 2)
    s.meter.settings.sealed = True
    assert s.put(register("HOLD_1"), 5) == 4 and s.put(point(V1, 0), 3) == 4
    assert s.error(a.ASSIGN_CLASS, "3C 04 06 1E 00 00 01 01") == a.PARAMETER
    assert s.error(a.ASSIGN_CLASS, "3C 04 06 1E 00 06") == a.PARAMETER
    assert s.error(a.WRITE, "22 03 00 01 01 00 00 80 3F") == a.PARAMETER
    assert not s.settings.changed and s.out.session.database.klass[V1] == 2
    s.meter.settings.default(p.SEAL_OPTIONS, 0)
    assert s.put(register("HOLD_1"), 5) == 0 and s.settings.changed


def test_nothing_is_sent_unasked_by_default():
    s = Net()
    assert s.get(register("UNSOLICITED")) == 0
    assert s.wait(20000) is None
    # so nothing holds a read back after a start
    assert s.read("3C 02 06") == ""
    s.switch(0, 1)
    assert s.wait(20000) is None
    assert s.error(a.ENABLE_UNSOLICITED, ALL) == a.NO_FUNCTION
    # switched on, it begins with the null response
    assert s.meter.registers.write(register("UNSOLICITED"), 2, pack(">i", 1), 0) == 0
    (null,) = fragments(s.poll(100) + s.poll())
    assert null[1] == a.UNSOLICITED and len(null) == 4
    s = Net()
    s.start()
    s.put(register("ENABLED"), 0)
    s.switch(0, 1)
    assert s.send(frame(0xC9)) == b"" and s.wait(1000) is None
    s.put(register("ENABLED"), 1)
    assert s.send(frame(0xC9)) == frame(0x0B, b"", MASTER, US)


def test_addresses_and_broadcasts():
    s = Net()
    status = frame(0x0B, b"", MASTER, US)
    assert s.send(frame(0xC9, destination=65532)) == b""
    s.put(register("SELF_ADDRESS"), 1)
    assert s.send(frame(0xC9, destination=65532)) == status
    s.put(register("MASTER"), 9)
    assert s.send(frame(0xC9)) == status
    s.put(register("CHECK_MASTER"), 1)
    assert s.send(frame(0xC9)) == b""
    assert s.send(frame(0xC9, source=9)) == frame(0x0B, b"", 9, US)
    s.put(register("MASTER"), 0)
    assert s.send(frame(0xC9)) == status
    for on in (1, 0):
        s.put(register("BROADCASTS"), on)
        s.meter.done.clear()
        s.request(a.DIRECT_OPERATE_NO_ACK, "0C 01 17 01 64 03 01 00 00 00 00 01 00 00 00 00", 65535)
        assert s.meter.done == ([p.CLEAR_ENERGY] if on else [])


def test_unsolicited_off_and_to_whom():
    s = Net()
    s.put(register("UNSOLICITED"), 0)
    assert s.error(a.ENABLE_UNSOLICITED, ALL) == a.NO_FUNCTION
    assert s.wait(1000) is None
    s.put(register("MASTER"), 77)
    s.meter.registers.write(register("UNSOLICITED"), 2, pack(">i", 1), 0)
    octets = b""
    while not octets:
        octets = s.poll(10)
    assert unframe(octets)[0][1] == 77
    # off again while it waits for a confirmation: not repeated
    s.put(register("UNSOLICITED"), 0)
    assert s.wait(20000) is None


def test_counts_and_holds():
    for count, hold, events, expected in (
        (0, 0, 1, 10),
        (0, 700, 1, 700),
        (2, 86400000, 2, 10),
        (3, 900, 2, 900),
    ):
        s = Net()
        s.start(COUNT_1=count, HOLD_1=hold)
        for i in range(events):
            s.switch(i, 1)
        when, found = s.wait(2000)
        assert expected <= when <= expected + 20, (count, hold, when)
        assert found[4:8] == bytes((2, 2, 0x17, events))


def test_retries():
    for retries, sent in ((0, 1), (10, 11), (-1, 40)):
        s = Net()
        s.start(RETRIES=retries)
        s.switch(0, 1)
        n = 0
        # after the last one nothing for 60 s
        while n < 40 and s.wait(20000):
            n += 1
        assert n == sent, retries


def test_time():
    s = Net()
    moment = text((1785414896789).to_bytes(6, "little"))

    def needed():
        return bool(s.out.session.indications() & a.NEED_TIME)

    assert needed()
    s.put(register("ASK_TIME"), 0)
    assert not needed()
    s.put(register("ASK_TIME"), 1)
    s.put(register("TIME_PERIOD"), 5)
    assert needed() and s.error(a.WRITE, "32 01 07 01 " + moment) == 0 and not needed()
    for _ in range(7):
        s.poll(1000)
    assert needed()


def test_points_and_their_limits():
    s = Net()
    for number, group in ((DI1, 1), (RELAY, 10), (COUNT, 20), (V1, 30), (ENERGY, 30)):
        for value in (0, 3):
            assert s.put(point(number, 0), value) == (3 if group == 10 and value else 0), group
        assert s.put(point(number, 0), 4) == s.put(point(number, 0), -1) == 3
        analog = group == 30
        for field in (1, 2):
            assert s.put(point(number, field), bits(100.0)) == (0 if analog else 3), (group, field)
        assert s.put(point(number, 1), bits(0.0)) == 3
        for bad in (float("nan"), float("inf"), 2e9, -2e9):
            assert s.put(point(number, 1), bits(bad)) == s.put(point(number, 2), bits(bad)) == 3
        assert s.put(point(number, 3), bits(2.5)) == (0 if group in (20, 30) else 3)
        for bad in (float("nan"), float("inf"), -1.0):
            assert s.put(point(number, 3), bits(bad)) == 3


def test_classes_and_dead_bands_take_effect():
    s = Net()
    s.put(register("UNSOLICITED"), 0)
    s.settle(1000)
    assert s.put(point(V1, 0), 3) == 0 and s.put(point(V1, 3), bits(10.0)) == 0
    s.meter.secondary[1] += 9.0
    s.settle()
    assert s.request(a.READ, "20 00 06")[3] == ""
    s.meter.secondary[1] += 2.0
    s.settle()
    control, function, found, objects = s.request(a.READ, "3C 04 06")
    assert objects.startswith("20 07 17 01 01")
    s.confirm()
    assert s.put(point(V1, 0), 0) == 0
    s.meter.secondary[1] += 100.0
    s.settle()
    assert s.request(a.READ, ALL)[3] == ""


def test_scale_and_offset_after_a_restart():
    s = Net()
    s.put(register("UNSOLICITED"), 0)
    # the page's own example is a scale of 100 and an offset of 10
    for number in (V1, ENERGY):
        assert s.put(point(number, 1), bits(100.0)) == s.put(point(number, 2), bits(10.0)) == 0
    s.meter.secondary[1], s.meter.secondary[2] = 2.25, 3.5
    s.meter.energy.values[0], s.meter.energy.values[1] = 1234, 4321
    plain = "1E 05 00 01 02 01 00 00 10 40 01 00 00 60 40"
    assert s.read("1E 05 00 01 02") == plain
    s.request(a.COLD_RESTART)
    s.poll()
    assert s.read("1E 05 00 01 02") == "1E 05 00 01 02 01 " + text(pack("<f", 235.0)) + " 01 00 00 60 40"
    assert s.read("1E 01 00 64 65") == "1E 01 00 64 65 01 " + text(pack("<i", 123410)) + " 01 E1 10 00 00"
    # events too, and dead bands are in the units that are sent
    assert s.put(point(V1, 3), bits(49.0)) == 0
    s.settle(1000)
    s.meter.secondary[1] += 0.5
    s.settle(1000)
    assert s.request(a.READ, "20 05 06")[3] == "20 05 17 01 01 01 " + text(pack("<f", 285.0))
    s.confirm()
    assert s.put(point(V1, 1), bits(1.0)) == s.put(point(V1, 2), bits(0.0)) == 0
    s.request(a.WARM_RESTART)
    s.poll()
    assert s.read("1E 05 00 01 02").startswith("1E 05 00 01 02 01 00 00 30 40")


def test_what_a_master_assigns_is_kept():
    s = Net()
    assert s.error(a.ASSIGN_CLASS, "3C 04 06 1E 00 00 01 01 3C 01 06 01 00 06") == 0
    assert s.error(a.WRITE, "22 03 00 01 01 00 00 48 42") == 0
    assert s.settings.changed and s.get(point(V1, 0)) == 3 and s.get(point(V1, 3)) == bits(50.0)
    assert s.error(a.ASSIGN_CLASS, "3C 02 06 64 00 06") == a.UNKNOWN_OBJECT
    s.request(a.COLD_RESTART)
    s.poll()
    again = Net(list(s.settings.values))
    for station in (s, again):
        database = station.out.session.database
        assert database.klass[V1] == 3 and database.klass[DI1] == 0 and database.klass[F] == 2
        assert database.dead_band[V1] == 50.0
    s.settings.changed = False
    # the same once more changes nothing, so nothing is saved
    assert s.error(a.ASSIGN_CLASS, "3C 04 06 1E 00 00 01 01") == 0
    assert not s.settings.changed


def test_saved_values_that_cannot_be():
    good = list(Net().settings.values)
    bad = list(good)
    bad[0], bad[9], bad[64 + 4 * V1], bad[64 + 4 * V1 + 1] = 2, 3, 9, bits(0.0)
    bad[10] = 7
    s = Net(bad)
    assert s.get(AT) == 1 and s.get(register("RETRIES")) == 10 and s.get(register("COUNT_1")) == 7
    assert s.get(point(V1, 0)) == 2 and s.get(point(V1, 1)) == bits(1.0)
    assert list(Net(good[:-1]).settings.values) == good
    assert list(Net(None).settings.values) == good
