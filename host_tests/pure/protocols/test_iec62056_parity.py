"""IEC 62056-21: parity in software, and data sets."""

from protocols.iec62056_fakes import Fake, framed

from fourquad.protocols.iec62056 import characters as ch
from fourquad.protocols.iec62056 import datasets as d


def seven_even(data):
    out = []
    for c in data:
        ones = 0
        for i in range(7):
            ones += c >> i & 1
        out.append(c | (ones & 1) << 7)
    return bytes(out)


def test_table():
    assert seven_even(bytes(range(128))) == ch.WITH_PARITY


def test_a_line_of_eight_bits():
    for parity in (ch.EVEN, ch.FOLLOW):
        fake = Fake(parity)
        assert fake.ask(seven_even(b"/?!\r\n"), 300) == seven_even(b"/FQD5A1000V01\r\n")


def test_following_a_master_without_parity():
    fake = Fake(ch.FOLLOW)
    assert fake.ask(b"/?!\r\n", 300) == b"/FQD5A1000V01\r\n"
    assert Fake(ch.EVEN).ask(b"/?!\r\n", 300) == b""


def test_following_behind_noise():
    fake = Fake(ch.FOLLOW)
    assert fake.ask(b"/" + seven_even(b"/?!\r\n"), 300) == seven_even(b"/FQD5A1000V01\r\n")
    fake.ask(seven_even(b"\x01B0\x03q"))
    assert fake.ask(seven_even(b"/") + b"/?!\r\n", 300) == b"/FQD5A1000V01\r\n"


def test_noise_does_not_change_the_parity_of_an_answer_under_way():
    for master, other in ((bytes, seven_even), (seven_even, bytes)):
        fake = Fake(ch.FOLLOW)
        fake.ask(master(b"/?!\r\n"), 300)
        fake.say(master(b"\x06050\r\n"))
        answer = b""
        while not answer:
            fake.now += 10
            answer = bytes(fake.slave.answer[: fake.slave.poll(fake.now)])
        fake.say(other(b"/"))
        answer += fake.wait(2000)
        plain = bytes([c & 0x7F for c in answer])
        assert answer == master(plain) and len(plain) > 1000 and plain[-6:-1] == b"\n!\r\n\x03"
        # the next sign-on may come with the other one
        fake.ask(master(b"\x01B0\x03q"))
        assert fake.ask(other(b"/?!\r\n"), 300) == other(b"/FQD5A1000V01\r\n")


def test_noise_does_not_change_the_parity_of_a_session():
    for master, other in ((bytes, seven_even), (seven_even, bytes)):
        fake = Fake(ch.FOLLOW)
        # before the answer to the sign-on, and between two messages
        fake.say(master(b"/?!\r\n"))
        fake.wait(50)
        fake.say(other(b"/"))
        assert fake.wait(1000) == master(b"/FQD5A1000V01\r\n")
        fake = Fake(ch.FOLLOW)
        fake.ask(master(b"/?!\r\n"), 300)
        assert fake.ask(master(b"\x06051\r\n"), 1400) == master(b"\x01P0\x02()\x03`")
        fake.say(other(b"/"))
        fake.wait(2000)
        assert fake.ask(master(framed(b"R1\x020.9.1()")), 500)[:3] == master(b"\x020.")


def test_wrong_parity_spoils_a_message():
    fake = Fake(ch.EVEN)
    data = bytearray(seven_even(b"/?!\r\n"))
    data[2] ^= 0x80
    assert fake.ask(bytes(data), 1000) == b""
    fake.ask(seven_even(b"/?!\r\n"), 300)
    fake.ask(seven_even(b"\x06051\r\n"), 1400)
    message = bytearray(seven_even(b"\x01R1\x021.8.0()\x03"))
    check = ch.block_check(message, 1, len(message))
    message += seven_even(bytes([check]))
    assert fake.ask(bytes(message), 300)[0] == 0x82
    message[5] ^= 0x80
    assert fake.ask(bytes(message), 300) == seven_even(b"\x15")


def test_numbers():
    assert d.fixed(12345, 5, 2) == "00123.45"
    assert d.fixed(0, 5, 2) == "00000.00"
    assert d.fixed(99999999, 5, 2) == "99999.99"
    assert d.fixed(-5, 2, 4) == "-00.0005"
    assert d.fixed(7, 3, 0) == "007"
    assert d.reading(230.04, 1) == "230.0"
    assert d.reading(-0.0004, 3) == "0.000"
    assert d.reading(-0.866, 3) == "-0.866"
    assert d.reading(float("nan"), 3) == "-"
    assert d.reading(float("inf"), 3) == "-"
    assert d.decimal("1.5", 5, 2) == 150
    assert d.decimal("12345", 5, 2) == 1234500
    for bad in ("", ".", "1.", ".5", "1.234", "123456", "-1", "1,5", "1.5.5", " 1"):
        assert d.decimal(bad, 5, 2) is None, bad
    assert d.digits("0012", 1, 4) == 12
    assert d.digits("\u0663", 1, 4) is None
    assert d.pairs("0830", 2) == [8, 30]
    assert d.split("1.8.0(12)(3)") == ("1.8.0", ["12", "3"])
    for bad in ("1.8.0", "1.8.0(1", "a(b)c(d)", "a((b))"):
        assert d.split(bad) is None, bad
