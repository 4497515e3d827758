"""The AcuRev 1312 against its manual's tables and worked frames, with seal and permission."""

from models.acurev_bench import Bench

from fourquad import points as p
from fourquad.points import access as a
from fourquad.points import billing as b

# chapter 5, tables 5.x: address, default, lowest, highest as a master sees them; written down from the manual
MANUAL = (
    (0x0200, 1, 1, 247),
    (0x0201, 19200, 1200, 38400),
    (0x0202, 3, 0, 3),
    (0x0203, 0, 0, 1),
    (0x0204, 0, 0, 3),
    (0x0205, 15, 1, 30),
    (0x0206, 1, 1, 30),
    (0x0207, 0, 0, 1),
    (0x0208, 0, 0, 1),
    (0x0209, 0, 0, 7),
    (0x0210, 0, 0, 1),
    (0x0211, 0, 0, 3),
    (0x0212, 5, 1, 5),
    (0x0213, 5, 5, 50000),
    (0x0215, 4000, 500, 4000),
    (0x0218, 5000, 1, 5000),  # 60000 with shorter pulses: the printed default just keeps up
    (0x0219, 100, 20, 100),
    (0x021A, 2, 0, 3),
)
HOLES = tuple(range(0x020C, 0x0210)) + (0x0214,)


def test_defaults_and_ranges_are_the_manuals():
    bench = Bench()
    for address, default, low, _ in MANUAL:
        assert bench.read(address) == default, hex(address)
        assert bench.write(address, low) == 0, hex(address)
        bench.write(address, default)
    for address, default, low, high in MANUAL:
        bench = Bench()
        assert bench.write(address, high) == 0, hex(address)
        assert (Bench().write(address, high + 1) if high < 0xFFFF else 3) == 3, hex(address)
        if low:
            assert Bench().write(address, low - 1) == 3, hex(address)
        assert Bench().ask(bytes((6, address >> 8, address & 255, default >> 8, default & 255)))[0] == 6
    # PT1 in two registers: 400.0 V, 50.0 to 999999.9
    assert bench.read(0x0216, 2) == [0, 4000]
    assert bench.write(0x0216, 9999999 >> 16, 9999999 & 0xFFFF) == 0
    assert bench.write(0x0216, 10000000 >> 16, 10000000 & 0xFFFF) == 3
    assert bench.write(0x0216, 0, 499) == 3
    # one half of it is none
    assert bench.write(0x0216, 0) == 2 and bench.write(0x0217, 4000) == 2


def test_other_codes_mean_the_same_inside():
    from fourquad.points import values as v

    bench = Bench()
    get = bench.meter.settings.get
    for code, method in enumerate((v.DEMAND_SLIDING, v.DEMAND_FIXED, v.DEMAND_ROLLING, v.DEMAND_THERMAL)):
        assert bench.write(0x0204, code) == 0 and get(p.DEMAND_MODE) == method
        assert bench.read(0x0204) == code
    wirings = (
        (v.WIRING_3LN, v.THREE_CT),
        (v.WIRING_2LL, v.TWO_CT),
        (v.WIRING_1LL, v.THREE_CT),
        (v.WIRING_1LN, v.THREE_CT),
    )
    for code in (1, 0, 2, 1, 3, 0):
        assert bench.write(0x0211, code) == 0 and bench.read(0x0211) == code
        assert (get(p.WIRING_U), get(p.WIRING_I)) == wirings[code]
    assert bench.read(0x0210) == 0 and get(p.BASIC_MODE) == v.PRESENT_PRIMARY
    # the sub-interval of rolling demand divides the interval
    assert bench.write(0x0204, 2) == 0 and bench.write(0x0206, 5) == 0
    assert bench.write(0x0206, 7) == 3 and bench.write(0x0205, 16) == 3 and bench.write(0x0205, 20) == 0
    # CT1 follows CT2
    assert bench.write(0x0213, 4) == 3
    assert bench.write(0x0212, 1) == 0 and bench.write(0x0213, 4) == 0
    assert bench.write(0x0212, 5) == 0 and bench.read(0x0213) == 5
    # 80, 100 and 200 mA are of another meter
    assert bench.write(0x0212, 100) == 3
    other = Bench("ma")
    assert other.read(0x0212) == 100 and other.write(0x0212, 200) == 0 and other.write(0x0212, 5) == 3
    # a pulse constant that 3.6 kW would outrun; with pulses of 20 ms it does not
    assert bench.write(0x0218, 5001) == 3
    assert (
        bench.write(0x0219, 20) == 0 and bench.write(0x0218, 25000) == 0 and bench.write(0x0218, 25001) == 3
    )


def test_one_request_changes_settings_to_what_goes_together():
    bench = Bench()
    get = bench.meter.settings.get
    # rolling demand of 15 minutes by 5, then of 8 by 4: neither may be alone
    assert bench.write(0x0204, 2, 15, 5) == 0
    assert bench.write(0x0205, 8) == 3 and bench.write(0x0206, 4) == 3
    assert bench.write(0x0205, 8, 4) == 0 and bench.read(0x0204, 3) == [2, 8, 4]
    assert bench.meter.billing.demand.window == 8
    # each may be alone, not together; nothing is changed
    assert bench.write(0x0205, 16, 8) == 0
    assert bench.write(0x0205, 24) == 0 and bench.write(0x0205, 16) == 0
    assert bench.write(0x0205, 24, 16) == 3 and bench.read(0x0205, 2) == [16, 8]
    # CT1 comes after CT2, and before it where the lowest CT1 goes up again
    assert bench.write(0x0212, 1, 4) == 0 and (get(p.CT2), get(p.CT1)) == (1, 4)
    assert bench.write(0x0212, 5, 60) == 0 and (get(p.CT2), get(p.CT1)) == (5, 60)
    # more impulses, with shorter ones: the constant comes first
    assert bench.write(0x0218, 25000) == 3
    assert bench.write(0x0218, 25000, 20) == 0 and bench.read(0x0218, 2) == [25000, 20]
    assert bench.write(0x0218, 25000, 100) == 3 and bench.read(0x0218, 2) == [25000, 20]
    assert bench.write(0x0218, 5000, 100) == 0


def test_the_worked_frames():
    bench = Bench()
    for rate, value in enumerate((127, 100, 27)):
        bench.points.provider(p.CONSUMPTION).counted[rate] = value
    assert bench.write(0x0200, 0x11) == 0
    assert bench.frame("11 03 09 00 00 06 C4 C4") == ("11 03 0C 00 00 00 7F 00 00 00 64 00 00 00 1B 96 8D")
    # a preset needs the permission: cold it is refused
    preset = "11 10 09 00 00 02 04 00 00 00 14 CD 30"
    assert bench.frame(preset).startswith("11 90 04")
    assert bench.points.write(p.ACCESS + a.PERMISSION, 0) == p.OK
    assert bench.frame(preset) == "11 10 09 00 00 02 40 C4"
    # 0.20 kWh; the difference is taken from tariff 1, as far as it goes; nothing else changes
    values = bench.points.provider(p.CONSUMPTION).counted
    assert list(values[:3]) == [20, 0, 27]
    assert bench.points.read(b.tariff_energy(b.ACTIVE_IMPORT)) == 0
    # the example of 5.2 shows the form only: 0000H is no register
    assert bench.points.write(p.SETTING + p.ADDRESS_1, 6) == p.OK
    assert bench.frame("06 03 00 00 00 21 84 65") == "06 83 02 71 30"


def test_the_functions_that_there_are():
    bench = Bench()
    for function in (1, 2, 4, 5, 7, 8, 15, 22, 23, 43):
        assert bench.ask(bytes((function, 2, 0, 0, 1))) == bytes((function | 0x80, 1)), function
    assert bench.ask(b"\x06\x02\x05\x00\x10") == b"\x06\x02\x05\x00\x10"


def test_holes_and_ends_of_the_map():
    bench = Bench()
    for address in HOLES:
        assert bench.read(address) == 0 and bench.write(address, 0) == 2, hex(address)
    # blocks go over holes, and not over the ends of a table
    for first, last in (
        (0x0200, 0x021A),
        (0x0300, 0x0306),
        (0x0310, 0x0313),
        (0x0900, 0x0949),
        (0x1208, 0x1213),
    ):
        assert len(bench.read(first, last - first + 1)) == last - first + 1
        assert bench.read(first, last - first + 2) == -2 and bench.read(last + 1) == -2
    assert len(bench.read(0x2000, 125)) == 125 and len(bench.read(0x207D, 9)) == 9
    assert bench.read(0x2086) == -2 and bench.read(0x1FFF) == -2
    for address in (0x0101, 0x0310, 0x0313, 0x1208, 0x2000, 0x2039, 0x203A, 0x2056):
        assert bench.write(address, 0) == 2, hex(address)
    # a request that spans two tables
    assert bench.write(0x0306, 6, 0) == 2 and bench.write(0x0908, 0, 0, 0) == 2


def test_the_permission_ends_and_wrong_passwords_lock():
    bench = Bench()
    assert bench.read(0x020A) == 0 and bench.read(0x020B) == 0
    assert bench.write(0x204E, 0, 5) == 4 and bench.write(0x020B, 1234) == 4
    assert bench.write(0x020A, 10000) == 3
    assert bench.write(0x020A, 0) == 0 and bench.read(0x020A) == 1
    assert bench.write(0x204E, 0, 5) == 0 and bench.read(0x204E, 2) == [0, 5]
    assert bench.write(0x020B, 1234) == 0 and bench.read(0x020B) == 0
    # half an hour by its own time, whatever the clock does
    bench.seconds(1)
    bench.seconds(900)
    assert bench.write(0x0300, 2033) == 0
    bench.seconds(898)
    assert bench.read(0x020A) == 1 and bench.write(0x0920, 0, 7) == 0
    bench.seconds(2)
    assert bench.read(0x020A) == 0 and bench.write(0x0920, 0, 8) == 4
    # three wrong ones, and none is taken for five minutes
    for _ in range(3):
        assert bench.write(0x020A, 1233) == 4
    assert bench.write(0x020A, 1234) == 4
    bench.seconds(299)
    assert bench.write(0x020A, 1234) == 4
    bench.seconds(2)
    assert bench.write(0x020A, 1234) == 0 and bench.read(0x020A) == 1
    # a wrong one between right ones does not add up
    for _ in range(5):
        assert bench.write(0x020A, 1) == 4 and bench.write(0x020A, 1234) == 0


def test_a_permission_is_low_after_a_power_cut():
    bench = Bench()
    assert bench.write(0x020A, 0) == 0 and bench.read(0x020A) == 1
    image = bytes(bench.meter.dump())
    again = Bench()
    assert again.meter.restore(image) and again.read(0x020A) == 0


def test_the_seal():
    bench = Bench()
    bench.meter.settings.sealed = True
    assert bench.read(0x0101) == 10
    for address in (0x0203, 0x0204, 0x0205, 0x0209, 0x0211, 0x0213, 0x0215, 0x0218, 0x021A):
        assert bench.write(address, bench.read(address)) == 4, hex(address)
    # communication, clock and times only by the options
    for address in (0x0200, 0x0201, 0x0202):
        assert bench.write(address, bench.read(address)) == 0, hex(address)
    assert bench.write(0x0300, 2033) == 0
    assert bench.write(0x020A, 0) == 0 and bench.write(0x204E, 0, 5) == 4
    # the permission is there, and opens no seal: neither for a new password
    assert bench.write(0x020B, 1234) == 4 and bench.write(0xD600, 0) == 0
    bench.meter.settings.sealed = False
    assert bench.write(0x0209, 3) == 0
    bench.meter.settings.sealed = True
    for address in (0x0200, 0x0201, 0x0202):
        assert bench.write(address, bench.read(address)) == 4, hex(address)
    assert bench.write(0x0300, 2034) == 4
    # time of use, its switch and its tables
    assert bench.write(0xD600, 1) == 4 and bench.write(0xD601, 3, 3, 0, 0x0200) == 4
    assert bench.write(0xD601, 5) == 0


def test_each_option_of_the_seal_has_its_own():
    # what bits 0-2 of 0209H seal besides: (address, word); the last one needs the permission
    own = ((0x0300, 2033), (0x0200, 1), (0xD702, 1))
    for options in range(8):
        bench = Bench()
        assert bench.write(0x0209, options) == 0
        assert bench.write(0xD702, 1) == 4 and bench.write(0x020A, 0) == 0
        bench.meter.settings.sealed = True
        for bit in range(3):
            address, word = own[bit]
            assert bench.write(address, word) == (4 if options >> bit & 1 else 0), (options, bit)
        for address in (0xD700, 0xD701, 0xD703, 0xD706, 0x0205, 0xD710):
            assert bench.write(address, 1) == 4, hex(address)


def test_energies_are_where_the_manual_has_them():
    bench = Bench()
    bench.write(0x020A, 0)
    rows = ((0x204E, b.ACTIVE_IMPORT), (0x205E, b.APPARENT), (0x2066, b.REACTIVE_Q1))
    rows += ((0x206E, b.REACTIVE_Q2), (0x2076, b.REACTIVE_Q3), (0x207E, b.REACTIVE_Q4))
    value = 1000
    for first, quantity in rows:
        for group in range(4):
            value += 1
            assert bench.write(first + 2 * group, value >> 16, value & 0xFFFF) == 0
            assert bench.points.read(b.tariff_energy(quantity, 0, group)) == value
    assert bench.write(0x204E, 999999999 >> 16, 999999999 & 0xFFFF) == 0
    assert bench.write(0x204E, 1000000000 >> 16, 1000000000 & 0xFFFF) == 3
    assert bench.read(0x204E, 2) == [999999999 >> 16, 999999999 & 0xFFFF]


def test_temperature_neutral_current_and_list():
    from struct import pack, unpack

    bench = Bench()

    def number(address):
        high, low = bench.read(address, 2)
        return unpack(">f", pack(">HH", high, low))[0]

    # no thermometer: no number, and not a low one
    assert number(0xD722) != number(0xD722)
    bench.meter.state.temperature = -12.5
    assert number(0xD722) == -12.5
    bench.meter.readings.primary[p.I_N] = 3.25
    assert number(0xD720) == 3.25
    for address in (0xD720, 0xD722):
        assert bench.write(address, 0, 0) == 2
    # the list of the panel: 18 values, consumed active energy as it comes
    assert bench.read(0xD724, 2) == [0, 1]
    assert bench.write(0xD724, 3, 0xFFFF) == 0 and bench.read(0xD724, 2) == [3, 0xFFFF]
    assert bench.write(0xD724, 4, 0) == 3 and bench.write(0xD724, 1) == 2
    bench.meter.settings.sealed = True
    assert bench.write(0xD724, 0, 1) == 4


def test_the_clock_needs_no_permission():
    bench = Bench()
    assert bench.write(0x0300, 2026, 1, 31, 23, 59, 59) == 0
    bench.meter.clock.tick(1000)
    assert bench.meter.clock.valid
    # years forward, and back
    for year in (2031, 2026, 2099, 2000):
        assert bench.write(0x0300, year) == 0 and bench.read(0x0300) == year
    # no 31st of February, nor an hour 24; and nothing of such a request is taken
    assert bench.write(0x0301, 2) == 3 and bench.write(0x0300, 2026, 1, 31, 24) == 3
    assert bench.read(0x0300, 3) == [2000, 1, 31]
    # it does when the seal's option says so
    bench.meter.settings.sealed = True
    assert bench.write(0x0300, 2027) == 0
    bench.meter.settings.sealed = False
    assert bench.write(0x0209, 1) == 0
    bench.meter.settings.sealed = True
    assert bench.write(0x0300, 2033) == 4
