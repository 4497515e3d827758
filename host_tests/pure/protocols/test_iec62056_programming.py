"""IEC 62056-21, programming mode: passwords, reading and writing, tables, the display list, commands."""

from protocols.iec62056_fakes import NOON, Fake, checked, framed

from fourquad import points as p
from fourquad import points_billing as b
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
    assert read(fake, b"1-1:1.8.0") == "1-1:1.8.0(00000.00*kWh)"
    assert read(fake, b"2.8.4") == "2.8.4(00009.09*kWh)"
    assert checked(fake.command(b"R1\x021.8.0(1)")) == b"1.8.0(00000.00*kWh)"
    assert checked(fake.command(b"R1\x021.8.0(2)")) == b"(ER03 FORMAT)"
    assert checked(fake.command(b"R2\x021.8.0()")) == b"1.8.0(00000.00*kWh)"


def test_values_and_formats():
    fake = session(None)
    # index 0 of history period 1: 1000000 + id, in counts of 10 Wh
    assert read(fake, b"1.8.0*101") == "1.8.0*101(10005.76*kWh)"
    assert read(fake, b"1.8.0*115") == "1.8.0*115(50005.76*kWh)"
    # a period that was never closed
    assert read(fake, b"1.8.0*116") == "1.8.0*116(00000.00*kWh)"
    assert read(fake, b"1.6.0*116") == "1.6.0*116(00.0000*kW)(0000000000)"
    assert read(fake, b"1.8.0&101") == "1.8.0&101(10005.76*kWh)"
    assert read(fake, b"1.4.0") == "1.4.0(08.0000*kW)"
    assert read(fake, b"1.6.0") == "1.6.0(24.0000*kW)(2602081200)"
    assert read(fake, b"2.6.4") == "2.6.4(99.9999*kW)(2602081151)(OVER)"
    assert read(fake, b"1.2.0") == "1.2.0(0040.0000*kW)"
    assert read(fake, b"14.7.0") == "14.7.0(50.00*Hz)"
    assert read(fake, b"32.7.0") == "32.7.0(230.0*V)"
    assert read(fake, b"16.7.0") == "16.7.0(-3.4568*kW)"
    assert read(fake, b"0.1.2") == "0.1.2(2602071200)"
    assert read(fake, b"0.9.4") == "0.9.4(260208120000)"
    assert read(fake, b"F.F") == "F.F(0005)"
    assert read(fake, b"96.50.8") == "96.50.8(9600)"
    assert read(fake, b"96.60.23") == "96.60.23(0)(0*s)(0000000000)(0000000000)"
    assert read(fake, b"96.60.6") == "96.60.6(0)(0*s)(0000000000)(0000000000)(00000.00*kWh)(00000.00*kWh)"


def test_energy_with_one_decimal():
    fake = session(None)
    fake.settings.write(p.ENERGY_DECIMALS, 1)
    fake.energies.values[0] = 123456789
    assert read(fake, b"1.8.0") == "1.8.0(234567.8*kWh)"


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
    assert write(fake, b"0.9.2", b"270304") == "OK"
    assert fake.billing.values[b.LOCAL_TIME] == 857470272
    assert read(fake, b"0.9.4") == "0.9.4(270304101112)"
    assert write(fake, b"0.9.4", b"0260208120000") == "OK"
    assert fake.billing.values[b.LOCAL_TIME] == NOON
    assert write(fake, b"96.80.0", b"1") == "OK"
    assert fake.commands.written == [(p.RESET_BY_OPTICAL, 1)]
    for code, value in ((b"13.0.1", b"0000,F1"), (b"1.8.0", b"1.00"), (b"0.8.0", b"30"), (b"96.80.1", b"1")):
        assert write(fake, code, value) == "(ER06 PRG)"
    assert write(fake, b"1.8.0*101", b"1.00") == "(ER04 READ ONLY)"
    assert write(fake, b"0.1.0", b"1") == "(ER04 READ ONLY)"
    assert fake.tables.written == [] and fake.energies.written == []


def test_programming_mode_permits_the_rest():
    fake = session(program=1)
    assert write(fake, b"1.8.0", b"123.45*kWh") == "OK"
    assert fake.energies.written == [(0, 12345)]
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
    assert fake.tables.values[1] == b"\0\0\1\6\36\2\26\0\1"
    assert read(fake, b"13.0.2", b"R5") == "13.0.2(0000,F1;0630,F2;2200,F1)"
    assert write(fake, b"13.1.0", b"0101,b1;0601,F4", b"W5") == "OK"
    assert fake.tables.values[b.SEASONS] == b"\1\1\0\6\1\7"
    assert write(fake, b"13.2.0", b"0,b2;6,F1") == "OK"
    assert fake.tables.values[b.WEEKEND] == b"\0\1\6\4"
    days = b"26;" + b";".join(b"%02d%02d,b4" % (m, d) for m in range(1, 13) for d in (1, 24))
    assert write(fake, b"11.0.3", days, b"W5") == "OK"
    assert read(fake, b"11.0.3", b"R6") == "11.0.3(" + days.decode() + ")"
    assert write(fake, b"13.3.0", b"60;60;3,5,0,120;10,5,0,120") == "OK"
    assert read(fake, b"13.3.0") == "13.3.0(60;60;3,5,0,120;10,5,0,120)"
    assert write(fake, b"13.3.0", b"-300") == "OK" and read(fake, b"13.3.0") == "13.3.0(-300)"
    before = list(fake.tables.written)
    for bad in (b"0000,F5", b"0000;F1", b"000,F1", b"0000,b1", b"00000,F1", b"0000,F1;", b"x"):
        assert write(fake, b"13.0.1", bad) == "(ER03 FORMAT)"
    assert write(fake, b"13.0.1", b"2300,F1") == "(ER07 begins at 23, which this fa)"
    assert write(fake, b"13.0.1", b"") == "(ER07 RANGE)"
    for bad in (
        b"900",
        b"60;60",
        b"60;60;3,5,0;10,5,0,120",
        b"60;0;3,5,0,1;1,1,1,1",
        b"60;60;300,5,0,1;1,1,1,1",
    ):
        assert write(fake, b"13.3.0", bad) == "(ER03 FORMAT)"
    assert fake.tables.written == before


def test_display_list():
    fake = session(program=1)
    assert write(fake, b"96.51.3", b"1,7,8;12,2,99,1,16", b"W5") == "OK"
    assert read(fake, b"96.51.3") == "96.51.3(1,7,8;12,2,99,1,16)"
    for bad in (b"0,7,8", b"1,8,8", b"1,7,0", b"1,7,100", b"1,7", b"1,7,8,1,17", b";".join([b"1,7,8"] * 39)):
        assert write(fake, b"96.51.3", bad) == "(ER03 FORMAT)"
    assert read(fake, b"96.51.3") == "96.51.3(1,7,8;12,2,99,1,16)"


def test_wrong_passwords_lock():
    fake = session(None)
    for _ in range(2):
        assert checked(fake.command(b"P1\x02(11111111)")) == b"(ER05 PASSWORD)"
    assert fake.command(b"P2\x02(x)") == BREAK
    assert fake.slave.state == s.IDLE
    fake.sign_on()
    assert checked(fake.command(b"P1\x02(00000000)")) == b"(ER08 LOCKED)"
    assert read(fake, b"1.8.1") == "1.8.1(00001.01*kWh)"
    fake.command(b"B0")
    fake.wait(access.LOCK_MS, 1000)
    fake.sign_on()
    assert fake.command(b"P2\x02(0)") == b"\x06"


def test_a_right_password_forgets_the_wrong_ones():
    fake = session(None)
    for _ in range(4):
        checked(fake.command(b"P1\x02(1)"))
        assert fake.command(b"P1\x02(0)") == b"\x06"
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
    assert fake.billing.values[b.LOCAL_TIME] == NOON
    assert write(fake, b"0.9.2", b"280229") == "OK"
    assert write(fake, b"0.9.1", b"23:59:58") == "OK" and write(fake, b"0.9.2", b"26-12-31") == "OK"
    assert read(fake, b"0.9.4") == "0.9.4(261231235958)"


def test_message_that_is_too_long():
    fake = session()
    assert fake.ask(framed(b"W1\x020.9.1(" + b"1" * 280 + b")"), 500) == b"\x15"
    assert write(fake, b"0.9.1", b"101112") == "OK"
