"""IEC 62056-21: sign-on, speeds, times, readout, repetition, break."""

from protocols.iec62056_fakes import Fake, checked, framed

from fourquad.models.a1000 import obis
from fourquad.protocols.iec62056 import slave as s

P0 = b"\x01P0\x02()\x03`"


def test_sign_on_without_and_with_address():
    assert Fake().ask(b"/?!\r\n", 1000) == b"/FQD5A1000V01\r\n"
    for address in (b"1", b"000000000001", b"0000000000000000000000000000001"):
        assert Fake(bare=False).ask(b"/?" + address + b"!\r\n", 1000) == b"/FQD5A1000V01\r\n"
    for address in (b"", b"2", b"x", b"0", b"1" * 33):
        fake = Fake(bare=False)
        assert fake.ask(b"/?" + address + b"!\r\n", 1000) == b""
        assert fake.slave.state == s.IDLE


def test_answer_leaves_after_200_ms():
    fake = Fake()
    fake.say(b"/?!\r\n")
    assert fake.wait(200) == b""
    assert fake.wait(100) != b""


def test_readout_has_every_code_once_in_order():
    fake = Fake()
    fake.preset()
    body = checked(fake.sign_on(b"0")).decode()
    assert body.endswith("\r\n!\r\n")
    lines = body[:-3].split("\r\n")[:-1]
    assert [line[4 : line.index("(")] for line in lines] == list(obis.READOUT)
    assert len(lines) == 90
    for line in lines:
        assert line.startswith("1-1:") and line.endswith(")")
    assert lines[0] == "1-1:1.8.0(00010.10*kWh)"  # the sum of 1.01, 2.02, 3.03, 4.04
    assert lines[1] == "1-1:2.8.0(00030.30*kWh)"
    assert lines[12] == "1-1:1.8.1(00001.01*kWh)"


def test_speed_follows_the_acknowledgement():
    fake = Fake()
    fake.ask(b"/?!\r\n", 300)
    assert fake.slave.baud == 300
    fake.say(b"\x06051\r\n")
    fake.wait(20)
    assert fake.slave.baud == 9600
    assert fake.wait(1400) == P0
    fake.say(framed(b"B0"))
    fake.wait(50)
    assert fake.slave.baud == 300 and fake.slave.state == s.IDLE


def test_another_speed_than_offered_stays():
    for speed in (b"0", b"3", b"6", b"9"):
        fake = Fake()
        assert fake.sign_on(b"1", speed) == P0
        assert fake.slave.baud == 300


def test_without_acknowledgement_readout_at_300():
    fake = Fake()
    fake.ask(b"/?!\r\n", 300)
    assert fake.wait(1300) == b""
    checked(fake.wait(400))
    assert fake.slave.baud == 300
    fake.wait(1600)
    assert fake.slave.state == s.IDLE


def test_nak_repeats_the_readout():
    fake = Fake()
    first = fake.sign_on(b"0")
    assert fake.slave.state == s.READ
    assert fake.ask(b"\x15", 400) == first
    fake.wait(1600)
    assert fake.slave.state == s.IDLE and fake.slave.baud == 300


def test_nak_repeats_in_programming_mode():
    fake = Fake()
    assert fake.sign_on() == P0
    assert fake.ask(b"\x15", 300) == P0
    answer = fake.command(b"R1\x021.8.0()")
    assert fake.ask(b"\x15", 300) == answer


def test_bad_block_check_is_refused_and_changes_nothing():
    fake = Fake()
    fake.sign_on()
    message = framed(b"P1\x02(00000000)")
    assert fake.ask(message[:-1] + bytes([message[-1] ^ 1]), 300) == b"\x15"
    assert checked(fake.command(b"W1\x020.9.1(101010)")) == b"(ER05 PASSWORD)"


def test_inactivity_ends_a_session():
    fake = Fake()
    fake.sign_on()
    assert fake.wait(60000, 100) == b"" and fake.slave.state == s.PROGRAM
    # noise of others does not keep it open
    fake.say(b"x\x01\x01abc")
    fake.wait(58000, 100)
    assert fake.slave.state == s.IDLE and fake.slave.baud == 300
    assert fake.slave.busy is False


def test_pieces_and_garbage_before_a_sign_on():
    fake = Fake()
    for byte in b"\x00\x00/\x06\x15?!/?":
        fake.say(bytes([byte]))
        fake.wait(20)
    assert fake.ask(b"!\r\n", 300) == b"/FQD5A1000V01\r\n"


def test_half_a_message_is_forgotten():
    fake = Fake()
    fake.say(b"/?")
    fake.wait(1600)
    assert fake.ask(b"!\r\n", 1000) == b""
    assert not fake.slave.busy


def test_sign_on_during_a_session_begins_anew():
    fake = Fake()
    fake.sign_on()
    assert fake.command(b"P1\x02(00000000)") == b"\x06"
    assert fake.sign_on() == P0
    assert checked(fake.command(b"W1\x020.9.1(101010)")) == b"(ER05 PASSWORD)"


def test_break_while_sending():
    fake = Fake()
    fake.ask(b"/?!\r\n", 300)
    fake.say(b"\x06050\r\n")
    now = fake.now
    sent = 0
    while sent < 5:
        now += 10
        sent += 1 if fake.slave.poll(now) else 0
    fake.say(framed(b"B0"))
    for _ in range(3):
        now += 10
        fake.slave.poll(now)
    assert fake.slave.state == s.IDLE
    fake.now = now
    assert fake.wait(500) == b""


def test_header_of_identification():
    from fourquad import points as p

    fake = Fake()
    fake.settings.write(p.IEC_HEADER, 1)
    lines = checked(fake.sign_on(b"0")).decode().split("\r\n")
    assert lines[:6] == [
        "1-1:0.0.0(000000000001)",
        "1-1:0.9.1(120000)",
        "1-1:0.9.2(260208)",
        "1-1:0.1.0(0000)",
        "1-1:F.F(0000)",
        "1-1:1.8.0(00000.00*kWh)",
    ]
    assert len(lines) == 95 + 2


def test_overrun_is_counted_and_survived():
    fake = Fake()
    fake.say(b"\x01" * 300)
    fake.say(b"\x01" * 300)
    assert fake.slave.counters[s.OVERRUNS] == 1
    fake.wait(3000)
    assert fake.ask(b"/?!\r\n", 300)
