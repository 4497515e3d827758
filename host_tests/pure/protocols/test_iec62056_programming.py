"""IEC 62056-21, programming mode: passwords, reading and writing, tables, the display list, commands."""

from protocols.iec62056_fakes import NOON, Fake, checked, framed

from fourquad import points as p
from fourquad.calendar.zone import pack_zone
from fourquad.models.a1000 import obis
from fourquad.points import billing as b
from fourquad.protocols.iec62056 import access
from fourquad.protocols.iec62056 import slave as s

BREAK = b"\x01B0\x03q"


def session(password=b"00000000", program=0):
    fake = Fake()
    fake.program(program)
    fake.sign_on()
    if password is not None:
        assert fake.command(b"P1\x02(" + password + b")") == b"\x06"
    return fake


def read(fake, code, kind=b"R1"):
    return checked(fake.command(kind + b"\x02" + code + b"()")).decode()


def write(fake, code, value, kind=b"W1"):
    answer = fake.command(kind + b"\x02" + code + b"(" + value + b")")
    return "OK" if answer == b"\x06" else checked(answer).decode()


def test_reading_needs_no_password():
    fake = session(None)
    fake.preset()
    assert read(fake, b"1-1:1.8.0") == "1-1:1.8.0(00010.10*kWh)"
    assert read(fake, b"2.8.4") == "2.8.4(00009.09*kWh)"
    assert checked(fake.command(b"R1\x021.8.0(1)")) == b"1.8.0(00010.10*kWh)"
    assert checked(fake.command(b"R1\x021.8.0(2)")) == b"(ER03 FORMAT)"
    assert checked(fake.command(b"R2\x021.8.0()")) == b"1.8.0(00010.10*kWh)"


def test_unknown_codes_and_commands():
    fake = session(None)
    for code in (
        b"3.3.3",
        b"1.8.5",
        b"1.8.0*100",
        b"1.8.0*117",
        b"1.8.0*",
        b"x",
        b"1.8",
        b"96.60.27",
        b"1.4.0*101",
        b"1..0",
        b".8.0",
        b"1.8.0.0",
        b"1.8.0*1000",
        b"1.8.0*10x",
        b"1.8.",
        b"1*8.0",
    ):
        assert read(fake, code) == "(ER02 CODE)"
    assert checked(fake.command(b"R1\x02()")) == b"(ER03 FORMAT)"
    assert checked(fake.command(b"R1")) == b"(ER03 FORMAT)"
    assert checked(fake.command(b"R7\x021.8.0()")) == b"(ER01 COMMAND)"
    assert checked(fake.command(b"E2\x020()")) == b"(ER01 COMMAND)"
    assert checked(fake.command(b"X")) == b"(ER01 COMMAND)"
    assert checked(fake.command(b"R1\x021.8.0(()")) == b"(ER03 FORMAT)"
    assert read(fake, b"96.80.0") == "(ER10 WRITE ONLY)"
    assert read(fake, b"96.90.1") == "(ER10 WRITE ONLY)"


def test_password_permits_clock_and_reset_only():
    fake = session()
    assert write(fake, b"0.9.1", b"101112") == "OK"
    assert write(fake, b"0.9.2", b"260304") == "OK"
    assert fake.local_time() == 825934272
    assert read(fake, b"0.9.4") == "0.9.4(260304101112)"
    assert write(fake, b"0.9.4", b"0260208120000") == "OK"
    assert fake.local_time() == NOON
    assert write(fake, b"96.80.0", b"1") == "OK"
    assert fake.done == [p.RESET_BY_OPTICAL]
    for code, value in ((b"13.0.1", b"0000,F1"), (b"1.8.0", b"1.00"), (b"0.8.0", b"30"), (b"96.80.1", b"1")):
        assert write(fake, code, value) == "(ER06 PRG)"
    assert write(fake, b"1.8.0*101", b"1.00") == "(ER04 READ ONLY)"
    assert write(fake, b"0.1.0", b"1") == "(ER04 READ ONLY)"
    assert fake.table(0) == b"\0\0\1" and read(fake, b"1.8.0") == "1.8.0(00000.00*kWh)"


def test_programming_mode_permits_the_rest():
    fake = session(program=1)
    assert write(fake, b"1.8.1", b"123.45*kWh") == "OK"
    assert read(fake, b"1.8.1") == "1.8.1(00123.45*kWh)"
    assert write(fake, b"15.8.0", b"1") == "(ER04 READ ONLY)"
    assert write(fake, b"0.8.0", b"30") == "OK" and fake.settings.get(p.DEMAND_WINDOW) == 30
    assert write(fake, b"0.8.0", b"31") == "(ER07 RANGE)"
    assert write(fake, b"0.8.0", b"3x") == "(ER03 FORMAT)"
    assert write(fake, b"0.0.0", b"123456789012") == "OK"
    assert read(fake, b"0.0.0") == "0.0.0(123456789012)"
    assert write(fake, b"96.50.4", b"ABC") == "OK" and read(fake, b"96.50.4") == "96.50.4(ABC)"
    assert write(fake, b"96.50.4", b"ABc") == "(ER07 RANGE)"
    assert write(fake, b"96.80.1", b"2") == "(ER07 RANGE)"
    assert write(fake, b"96.90.1", b"12345678") == "OK"
    fake.program(0)
    assert write(fake, b"0.8.0", b"15") == "(ER06 PRG)"
    fake.command(b"B0")
    assert fake.ask(b"/?123456789012!\r\n", 300) == b"/ABC5A1000V01\r\n"


def test_tables():
    fake = session(program=1)
    assert write(fake, b"13.0.2", b"0000,F1;0630,F2;2200,F1") == "OK"
    assert fake.table(1) == b"\0\0\1\6\36\2\26\0\1"
    assert read(fake, b"13.0.2", b"R5") == "13.0.2(0000,F1;0630,F2;2200,F1)"
    assert write(fake, b"13.1.0", b"0101,b1;0601,F4", b"W5") == "OK"
    assert fake.table(b.SEASONS) == b"\1\1\0\6\1\7"
    assert write(fake, b"13.2.0", b"0,b2;6,F1") == "OK"
    assert fake.table(b.WEEKEND) == b"\0\1\6\4"
    days = b"26;" + b";".join(b"%02d%02d,b4" % (m, d) for m in range(1, 13) for d in (1, 24))
    assert write(fake, b"11.0.3", days, b"W5") == "OK"
    assert read(fake, b"11.0.3", b"R6") == "11.0.3(" + days.decode() + ")"
    assert write(fake, b"13.3.0", b"60;60;3,5,0,120;10,5,0,120") == "OK"
    assert read(fake, b"13.3.0") == "13.3.0(60;60;3,5,0,120;10,5,0,120)"
    assert write(fake, b"13.3.0", b"-300") == "OK" and read(fake, b"13.3.0") == "13.3.0(-300)"
    before = [fake.table(i) for i in range(b.TABLES)]
    for bad in (b"0000;F1", b"000,F1", b"0000,b1", b"00000,F1", b"0000,F1;", b"x", b"0000,Fx", b"0000,F11"):
        assert write(fake, b"13.0.1", bad) == "(ER03 FORMAT)"
    for code, bad, why in (
        (b"13.0.1", b"0000,F5", "no such tariff"),
        (b"13.0.1", b"0000,F0", "no such tariff"),
        (b"13.0.1", b"2400,F1", "no such time"),
        (b"13.0.1", b"0100,F1;0100,F2", "sections do not ascend"),
        (b"13.0.1", b"", "1 to 10 sections of hour,"),
        (b"13.1.0", b"0101,b5", "no such plan"),
        (b"13.1.0", b"0101,F9", "no such plan"),
        (b"13.2.0", b"0,F5", "no such plan"),
        (b"13.2.0", b"7,F1", "no such weekday"),
        (b"11.0.0", b"26;0230,F1", "no such date"),
        (b"13.3.0", b"60;60;3,5,0,120;3,5,0,120", "daylight saving begins and"),
    ):
        answer = write(fake, code, bad, b"W5")
        assert answer == "(ER07 " + why + ")" and len(answer) <= 34, answer
    for bad in (
        b"900",
        b"60;60",
        b"60;60;3,5,0;10,5,0,120",
        b"60;0;3,5,0,1;1,1,1,1",
        b"60;60;300,5,0,1;1,1,1,1",
    ):
        assert write(fake, b"13.3.0", bad) == "(ER03 FORMAT)"
    assert [fake.table(i) for i in range(b.TABLES)] == before


def test_display_list():
    fake = session(program=1)
    assert write(fake, b"96.51.3", b"1,7,8;12,2,99,1,16", b"W5") == "OK"
    assert read(fake, b"96.51.3") == "96.51.3(1,7,8;12,2,99,1,16)"
    for bad in (b"0,7,8", b"1,8,8", b"1,7,0", b"1,7,100", b"1,7", b"1,7,8,1,17", b";".join([b"1,7,8"] * 39)):
        assert write(fake, b"96.51.3", bad) == "(ER03 FORMAT)"
    # items that do not exist, and periods that are not in their order
    last = obis.DISPLAY_ITEMS
    assert last == 240
    for bad in (
        b"%d,7,1" % (last + 1),
        b"241,7,1;300,7,1",
        b"511,7,1",
        b"5,7,3,2,1",
        b"5,7,3,0,1",
        b"1,7,8;300,7,1",
    ):
        assert write(fake, b"96.51.3", bad) == "(ER07 RANGE)", bad
    assert read(fake, b"96.51.3") == "96.51.3(1,7,8;12,2,99,1,16)"
    assert write(fake, b"96.51.3", b"%d,7,1;5,7,3,2,2" % last, b"W5") == "OK"


def test_wrong_passwords_lock():
    fake = session(None)
    for _ in range(2):
        assert checked(fake.command(b"P1\x02(11111111)")) == b"(ER05 PASSWORD)"
    assert fake.command(b"P2\x02(x)") == BREAK
    assert fake.slave.state == s.IDLE
    fake.sign_on()
    assert checked(fake.command(b"P1\x02(00000000)")) == b"(ER08 LOCKED)"
    assert read(fake, b"1.8.1") == "1.8.1(00000.00*kWh)"
    fake.command(b"B0")
    fake.wait(access.LOCK_MS, 1000)
    fake.sign_on()
    assert fake.command(b"P2\x02(00000000)") == b"\x06"


def test_a_right_password_forgets_the_wrong_ones():
    fake = session(None)
    for _ in range(4):
        checked(fake.command(b"P1\x02(1)"))
        assert fake.command(b"P1\x02(00000000)") == b"\x06"
    # a wrong one takes the permission away
    checked(fake.command(b"P1\x02(1)"))
    assert write(fake, b"0.9.1", b"101112") == "(ER05 PASSWORD)"


def test_password_forms():
    fake = session(None)
    for bad in (b"P1\x02()()", b"P1\x02", b"P1", b"P1\x020"):
        assert checked(fake.command(bad)) == b"(ER03 FORMAT)"
    assert checked(fake.command(b"P3\x02(0)")) == b"(ER01 COMMAND)"


def test_clock_values():
    fake = session()
    for code, bad in (
        (b"0.9.1", b"246060"),
        (b"0.9.2", b"260229"),
        (b"0.9.2", b"261301"),
        (b"0.9.1", b"240000"),
    ):
        assert write(fake, code, bad) == "(ER07 RANGE)"
    for code, bad in (
        (b"0.9.1", b""),
        (b"0.9.1", b"12000"),
        (b"0.9.2", b"26-1-1"),
        (b"0.9.4", b"26020812000"),
    ):
        assert write(fake, code, bad) == "(ER03 FORMAT)"
    assert fake.local_time() == NOON
    fake.program()
    assert write(fake, b"0.9.2", b"280229") == "OK"
    assert write(fake, b"0.9.1", b"23:59:58") == "OK"
    assert write(fake, b"0.9.2", b"26-01-31") == "OK"
    assert read(fake, b"0.9.4") == "0.9.4(260131235958)"


def test_separators_stand_in_their_places_or_nowhere():
    fake = session()
    for code, bad in (
        (b"0.9.1", b"2-3:5-1:0-0"),
        (b"0.9.1", b"10-11-12"),
        (b"0.9.1", b"1011:12"),
        (b"0.9.1", b"1:0111:2"),
        (b"0.9.1", b"10:1112:"),
        (b"0.9.1", b"::101112"),
        (b"0.9.2", b"26:02:09"),
        (b"0.9.2", b"2602-0-9"),
        (b"0.9.4", b"26-02-0912:00:00"),
    ):
        assert write(fake, code, bad) == "(ER03 FORMAT)", bad
    assert fake.local_time() == NOON


def test_the_season_digit_tells_which_of_two_hours_a_clock_is_set_to():
    fake = session()
    fake.clock.set(846198000)  # 2026-10-24 23:00 UTC
    fake.billing.zone.set(pack_zone(60, 60, (3, 5, 0, 120), (10, 5, 0, 120)))
    for text, utc in (
        (b"1261025021500", 846202500),
        (b"0261025021500", 846206100),
        (b"261025021500", 846202500),
        (b"1261025031500", 846209700),
        (b"0261025031500", 846209700),
    ):
        assert write(fake, b"0.9.4", text) == "OK"
        assert fake.clock.now == utc, text
    for digit in b"23456789":
        assert write(fake, b"0.9.4", bytes([digit]) + b"261025021500") == "(ER03 FORMAT)"
    assert fake.clock.now == 846209700


def test_the_unit_must_be_the_registers_where_one_is_given():
    fake = session(program=1)
    for code, value, unit in (
        (b"1.8.1", b"7.00", b"kWh"),
        (b"9.8.2", b"7.00", b"kVAh"),
        (b"5.8.3", b"7.00", b"kvarh"),
        (b"0.8.0", b"30", b"min"),
        (b"0.3.0", b"1000", b"imp/kWh"),
        (b"96.52.0", b"110", b"%"),
        (b"96.50.0", b"2", b""),
        (b"0.9.1", b"101112", b""),
        (b"13.0.1", b"0000,F2", b""),
        (b"96.50.4", b"ABC", b""),
        (b"0.0.0", b"1", b""),
    ):
        before = read(fake, code)
        for wrong in (b"Wh", b"kW", b"kwh", b"kWh", b"kvarh", b"kVAh", b"min", b"s", b"imp/kWh", b"%"):
            if wrong != unit:
                assert write(fake, code, value + b"*" + wrong) == "(ER07 RANGE)", (code, wrong)
        assert write(fake, code, value + b"*") == "(ER03 FORMAT)"
        assert read(fake, code) == before
        if unit:
            assert write(fake, code, value + b"*" + unit) == "OK"
        assert write(fake, code, value) == "OK"


def test_only_a_password_of_eight_digits_is_one():
    fake = session(None)
    for short in (b"0", b"0000000", b"000000000", b""):
        answer = fake.command(b"P1\x02(" + short + b")")
        assert answer != b"\x06", short
        fake.command(b"P1\x02(00000000)")
    fake.program()
    assert fake.command(b"P1\x02(00000000)") == b"\x06"
    for short in (b"1", b"1234567"):
        assert write(fake, b"96.90.1", short) == "(ER03 FORMAT)"


def test_message_that_is_too_long():
    fake = session()
    assert fake.ask(framed(b"W1\x020.9.1(" + b"1" * 280 + b")"), 500) == b"\x15"
    assert write(fake, b"0.9.1", b"101112") == "OK"


def test_a_message_longer_than_the_inbox_gets_a_nak():
    for length in (300, 320, 321, 411, 700, 2000):
        for piece in (length, 256, 100, 1):
            fake = session()
            message = framed(b"W1\x020.9.1(" + b"1" * (length - 13) + b")")
            assert len(message) == length
            for at in range(0, length, piece):
                fake.say(message[at : at + piece])
            assert fake.wait(1000) == b"\x15", (length, piece)
            assert write(fake, b"0.9.1", b"101112") == "OK"
            assert read(fake, b"0.9.1") == "0.9.1(101112)"


def test_what_was_lost_in_the_middle_is_never_executed():
    fake = session()
    good = framed(b"W1\x020.9.1(101112)")
    for lost in range(1, len(good) - 1):
        fake.say(b"\x01W1\x020.9.1(" + b"x" * 600 + good[lost:])
        assert fake.wait(3000) in (b"", b"\x15")
        assert fake.local_time() == NOON
    # a message that is whole after the gap is
    fake.say(b"x" * 900 + good)
    assert fake.wait(1000) == b"\x06"
