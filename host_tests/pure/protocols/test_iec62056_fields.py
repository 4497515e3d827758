"""IEC 62056-21: for every field of a request a pair of requests in which only that field differs."""

from protocols.iec62056_fakes import NOON, Fake, checked, framed

from fourquad import points as p
from fourquad.protocols.iec62056 import slave as s

P0 = b"\x01P0\x02()\x03`"
IDENTIFICATION = b"/FQD5A1000V01\r\n"


def session():
    fake = Fake()
    assert fake.sign_on() == P0
    return fake


def test_the_address_of_a_sign_on():
    fake = Fake(bare=False)
    fake.settings.default(p.DEVICE_NUMBERS, 345678)
    fake.settings.default(p.DEVICE_NUMBERS + 1, 12)
    fake.settings.default(p.DEVICE_NUMBERS + 4, 77)
    for address, ours in (
        (b"12345678", True),
        (b"000012345678", True),
        (b"77", True),
        (b"12345679", False),
        (b"345678", False),
        (b"2345678", False),
        (b"112345678", False),
        (b"78", False),
        (b"0", False),
        (b"", False),
    ):
        assert fake.ask(b"/?" + address + b"!\r\n", 1000) == (IDENTIFICATION if ours else b""), address
        fake.ask(framed(b"B0"), 3000)


def test_each_character_of_an_acknowledgement():
    # protocol control 0, speed as offered, mode 1: programming; in 0 the readout at the offered speed
    for ack, baud, state in (
        (b"051", 9600, s.PROGRAM),
        (b"050", 9600, s.READING),
        (b"041", 300, s.PROGRAM),
        (b"061", 300, s.PROGRAM),
        (b"040", 300, s.READING),
        (b"052", 300, s.READING),
        (b"151", 300, s.OFFERED),
    ):
        fake = Fake()
        fake.ask(b"/?!\r\n", 300)
        fake.say(b"\x06" + ack + b"\r\n")
        fake.wait(30)
        assert (fake.slave.baud, fake.slave.state) == (baud, state), ack


def test_the_level_of_a_password():
    for level in (1, 2):
        fake = session()
        fake.settings.default(p.IEC_PASSWORD_1, 11111111)
        fake.settings.default(p.IEC_PASSWORD_2, 22222222)
        good, other = (b"11111111", b"22222222") if level == 1 else (b"22222222", b"11111111")
        head = b"P" + str(level).encode() + b"\x02("
        assert checked(fake.command(head + other + b")")) == b"(ER05 PASSWORD)"
        assert fake.command(head + good + b")") == b"\x06"
    assert checked(session().command(b"P0\x02(00000000)")) == b"(ER01 COMMAND)"
    assert checked(session().command(b"P3\x02(00000000)")) == b"(ER01 COMMAND)"


def test_the_value_of_a_read():
    fake = session()
    for value, answer in (
        (b"", b"0.9.2(260208)"),
        (b"1", b"0.9.2(260208)"),
        (b"0", b"(ER03 FORMAT)"),
        (b"2", b"(ER03 FORMAT)"),
        (b"1*s", b"(ER03 FORMAT)"),
        (b"1)(1", b"(ER03 FORMAT)"),
    ):
        assert checked(fake.command(b"R1\x020.9.2(" + value + b")")) == answer, value


def test_the_prefix_and_each_group_of_a_code():
    fake = session()
    fake.preset()
    for code, value in (
        (b"1.8.1", b"00001.01*kWh"),
        (b"1-1:1.8.1", b"00001.01*kWh"),
        (b"2.8.1", b"00006.06*kWh"),
        (b"1.8.2", b"00002.02*kWh"),
        (b"1.6.1", b"00.0000*kW)(0000000000"),
        (b"1.8.1*101", b"00000.00*kWh"),
    ):
        assert checked(fake.command(b"R1\x02" + code + b"()")) == code + b"(" + value + b")"
    for code in (b"1-0:1.8.1", b"1-2:1.8.1", b"0-1:1.8.1", b"1-1:1-1:1.8.1", b"1-1.1.8.1"):
        assert checked(fake.command(b"R1\x02" + code + b"()")) == b"(ER02 CODE)", code


def test_seconds_of_a_profile_range():
    fake = session()
    fake.record(5)

    def rows(text):
        return checked(fake.command(b"R5\x02P.01(" + text + b")", 1000)).count(b"\r\n(")

    assert rows(b"2602081215;2602081245") == rows(b"260208121500;260208124500") == 3
    assert rows(b"260208121501;260208124500") == 2
    assert rows(b"260208121500;260208124459") == 2


def test_the_block_check_and_the_end():
    message = framed(b"W1\x020.9.1(101112)")
    for i in range(7):
        fake = session()
        fake.command(b"P1\x02(00000000)")
        assert fake.ask(message[:-1] + bytes([message[-1] ^ 1 << i]), 500) == b"\x15"
        assert fake.local_time() == NOON
        assert fake.ask(message, 500) == b"\x06"
        assert fake.local_time() == NOON - 6528  # 10:11:12
